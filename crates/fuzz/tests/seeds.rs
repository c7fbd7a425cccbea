//! Runs every seed, and every short cut and one-bit change of it, through its target, on any
//! toolchain.

// Seeds are files of this crate.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use spinemed_fuzz::TARGETS;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries
        .map(|entry| {
            entry
                .expect("a readable folder")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

#[test]
fn every_target_has_a_program_and_seeds() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let programs = names(&here().join("fuzz_targets"));
    let programs: BTreeSet<String> = programs
        .iter()
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .collect();
    assert_eq!(programs, targets);
    assert_eq!(names(&here().join("seeds")), targets);
}

#[test]
fn seeds_pass() {
    for (name, target) in TARGETS {
        let folder = here().join("seeds").join(name);
        for seed in names(&folder) {
            let bytes = fs::read(folder.join(&seed)).expect("a readable seed");
            target(&bytes);
            for changed in changes(&bytes) {
                target(&changed);
            }
        }
    }
}

/// A few damaged copies, the same on every run.
fn changes(bytes: &[u8]) -> Vec<Vec<u8>> {
    const EACH: usize = 12;
    let mut all = Vec::new();
    for step in 0..EACH {
        let at = bytes.len() * step / EACH;
        all.push(bytes[..at].to_vec());
        let mut flipped = bytes.to_vec();
        if let Some(byte) = flipped.get_mut(at) {
            *byte ^= 1 << (step % 8);
        }
        all.push(flipped);
    }
    all
}
