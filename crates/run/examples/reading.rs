//! How fast PDF files are understood, and whether memory stays flat over many of them:
//!
//! ```text
//! cargo run --release -p spinemed-run --example reading -- --speed 5 FOLDER
//! cargo run --release -p spinemed-run --example reading -- --memory 216 FOLDER
//! ```
//!
//! `--speed` prints a row of a table: layout, figures and pairing on one core, the best of some
//! passes over all files, no picture decoded and no page drawn. `--memory` reads so many
//! documents one after the other as a build does, pictures included, and tells the resident
//! memory of this process.
#![allow(
    clippy::disallowed_methods,
    reason = "an example for people reads files and the clock"
)]
#![allow(clippy::print_stdout, reason = "printing is its purpose")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use spinemed_core::document::Document;
use spinemed_core::locator::FileRef;
use spinemed_core::seam::{Reading, Record};
use spinemed_core::source::Manifest;
use spinemed_core::{Digest, DocumentId};
use spinemed_release::MemoryFolder;
use spinemed_run::Here;

const MANIFEST: &str = "id = \"articles\"\ntitle = \"a\"\nformat = \"pdf\"\nlanguage = \"en\"\n\
    licence = \"CC-BY-4.0\"\nredistribution = \"full\"\negress = \"any\"\nsubjects = \"none\"\n\
    citation = \"c\"\n";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, count, folder] = &arguments[..] else {
        bail!("usage: reading --speed|--memory N FOLDER");
    };
    let count: usize = count.parse().context("N is a number")?;
    let files = files(Path::new(folder))?;
    match what.as_str() {
        "--speed" => speed(&files, count),
        "--memory" => memory(&files, count),
        _ => bail!("`{what}` is neither `--speed` nor `--memory`"),
    }
}

/// The folder's PDF files in order of their names.
fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).context("cannot list the folder")? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "pdf") {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            files.push((name.into_owned(), std::fs::read(&path)?));
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("there is no PDF in the folder");
    }
    Ok(files)
}

fn speed(files: &[(String, Vec<u8>)], passes: usize) -> Result<()> {
    let mut best: Option<(f64, u32)> = None;
    for _ in 0..passes.max(1) {
        let began = Instant::now();
        let mut pages = 0;
        for (name, bytes) in files {
            pages += understood(name, bytes)?.pages;
        }
        let took = began.elapsed().as_secs_f64();
        if best.is_none_or(|(least, _)| took < least) {
            best = Some((took, pages));
        }
    }
    let (took, pages) = best.context("nothing was measured")?;
    println!(
        "| spinemed | layout, figures, captions, mentions | {pages} | {took:.3} | {:.0} |",
        f64::from(pages) / took
    );
    Ok(())
}

fn understood(name: &str, bytes: &[u8]) -> Result<Document> {
    let file = FileRef {
        path: name.to_owned(),
        sha256: Digest::of(bytes),
    };
    let id = DocumentId::new(format!("articles/{name}"));
    let mut document = spinemed_pdf::read_layout(bytes, &id, file)?;
    spinemed_pairing::pair(&mut document);
    Ok(document)
}

fn memory(files: &[(String, Vec<u8>)], count: usize) -> Result<()> {
    let manifest: Manifest = spinemed_run::settings::parse(MANIFEST)?;
    let reading = Here::default();
    let mut resident = Vec::new();
    for (name, bytes) in files.iter().cycle().take(count) {
        let tree = MemoryFolder::of(BTreeMap::from([(name.clone(), bytes.clone())]));
        let mut read = reading.ingest(&manifest, &tree);
        for record in &mut read.records {
            if let Record::Document(document) = record {
                spinemed_pairing::pair(document);
            }
        }
        drop(read);
        resident.push(figure("VmRSS:").context("the system does not tell")?);
    }
    let quarters = [1, 2, 3, 4].map(|part| count * part / 4);
    let told: Vec<String> = quarters
        .iter()
        .filter_map(|n| {
            Some(format!(
                "{} MiB after {n}",
                resident.get(n.checked_sub(1)?)?
            ))
        })
        .collect();
    println!(
        "{count} documents in one process, their {} files held in memory: {}; highest {} MiB, \
         peak {} MiB.",
        files.len(),
        told.join(", "),
        resident.iter().max().unwrap_or(&0),
        figure("VmHWM:").unwrap_or(0)
    );
    Ok(())
}

/// A figure of this process's status in MiB (proc(5)).
fn figure(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib >> 10)
}
