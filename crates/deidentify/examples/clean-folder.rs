//! Cleans the headers of a folder of DICOM files, to look at the result with other tools:
//!
//! `clean-folder IN OUT [--objects | --blanked]`
//!
//! Each file is taken for one of its own patient, under a key that everybody knows, and is
//! written under a number. With `--objects` every class passes that a rule exists for, else plain
//! images alone, and files keep their names. With `--blanked` text in the pixels is blanked as well,
//! without a reader of text. It is a tool for trying out the rules, and protects nobody.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example reads and writes the folders that it is given"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dicom_core::Tag;
use spinemed_core::profile::Profile;
use spinemed_deidentify::pixels::{self, Wanted};
use spinemed_deidentify::{BurnedIn, Features, Key, Known, Policy, Scope, Subject, object};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let profile = Profile::default();
    let (from, to, policy, blanked) = match arguments.as_slice() {
        [from, to] => (from, to, Policy::pictures(profile), false),
        [from, to, flag] if flag == "--objects" => (from, to, Policy::objects(profile), false),
        [from, to, flag] if flag == "--blanked" => (from, to, Policy::objects(profile), true),
        _ => return Err("usage: clean-folder IN OUT [--objects | --blanked]".into()),
    };
    std::fs::create_dir_all(to)?;
    let mut paths = Vec::new();
    below(Path::new(from), &mut paths)?;
    paths.sort();
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (at, path) in paths.iter().enumerate() {
        let outcome = match clean(&std::fs::read(path)?, &policy, blanked) {
            Ok(bytes) => {
                std::fs::write(Path::new(to).join(name(path, at, &policy)), bytes)?;
                "cleaned".to_owned()
            }
            Err(reason) => reason,
        };
        *counts.entry(outcome).or_default() += 1;
    }
    for (outcome, count) in counts {
        println!("{count:6} {outcome}");
    }
    Ok(())
}

/// What a cleaned file is called: names of files may be those of patients.
fn name(path: &Path, at: usize, policy: &Policy) -> PathBuf {
    let own = path.file_name().filter(|_| policy.scope == Scope::Objects);
    own.map_or_else(|| format!("{at:05}.dcm").into(), PathBuf::from)
}

/// Every file below a folder.
fn below(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            below(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn clean(bytes: &[u8], policy: &Policy, blanked: bool) -> Result<Vec<u8>, String> {
    let mut raw = spinemed_dicom::read(bytes).map_err(|error| error.to_string())?;
    let id = raw.get(Tag(0x0010, 0x0020)).and_then(|id| id.to_str().ok());
    let key = format!("spinemed-public-key-1 {}", "0123456789abcdef".repeat(4));
    let key = Key::parse(&key).map_err(|error| error.to_string())?;
    let subject = Subject::new(&key, id.as_deref().unwrap_or_default());
    let subject = subject.map_err(|error| error.to_string())?;
    if blanked {
        pixels::blank(&mut raw, &Wanted::default(), &[]).map_err(|found| found.to_string())?;
    }
    let clean = object(&raw, &subject, &mut Known::default(), policy);
    let mut clean = clean.map_err(|e| e.to_string())?;
    if blanked {
        clean.claim_pixels(BurnedIn::Cleaned, Features::Unknown);
    }
    clean.bytes().map_err(|error| error.to_string())
}
