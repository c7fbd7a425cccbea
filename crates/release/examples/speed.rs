//! Measures writing and verifying: `speed [INSTANCES] [CORRUPTIONS]`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example measures time"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::time::Instant;

use spinemed_release::{MemoryFolder, verify};
use support::{Corpus, Size, corpus, plan, release};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let number = |n: usize, default: usize| -> Result<usize, std::num::ParseIntError> {
        std::env::args()
            .nth(n)
            .map_or(Ok(default), |text| text.parse())
    };
    let (instances, corruptions) = (number(1, 100_000)?, number(2, 100)?);
    // Three sources, of which two may be released; five packs of four kinds per document.
    let mut corpus = corpus(&Size {
        documents: instances.div_ceil(40),
        packs: 5,
        pixels: 8,
    });
    println!(
        "corpus: {} instances; resident {}",
        corpus.instances.len(),
        resident()
    );
    let (start, cpu_before) = (Instant::now(), cpu());
    let (folder, summary) = release(&plan(), &corpus);
    let seconds = start.elapsed().as_secs_f64();
    let count = summary.counts.instances as f64;
    let bytes = |prefix: &str| -> u64 {
        summary
            .files
            .iter()
            .filter(|f| f.name.starts_with(prefix))
            .map(|f| f.bytes)
            .sum()
    };
    println!(
        "write: {count} released in {seconds:.2} s, {:.0}/s; cpu {:.2} s",
        count / seconds,
        cpu() - cpu_before
    );
    for prefix in ["data/", "jsonl/", "images/", "trace/", ""] {
        println!("  {prefix:8} {:>12} bytes", bytes(prefix));
    }
    retract(&mut corpus, &folder);
    drop(corpus);
    let (start, cpu_before) = (Instant::now(), cpu());
    let verification = verify(&folder, Some(&summary.root));
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "verify: ok {} in {seconds:.2} s, {:.0}/s; cpu {:.2} s; resident {}",
        verification.ok,
        count / seconds,
        cpu() - cpu_before,
        resident()
    );
    corrupt(folder, corruptions);
    Ok(())
}

/// Changes one letter in each of some lines, evenly spread, and counts what is found.
fn corrupt(folder: MemoryFolder, corruptions: usize) {
    let mut files = folder.files();
    let names: Vec<String> = files
        .keys()
        .filter(|n| n.starts_with("jsonl/"))
        .cloned()
        .collect();
    for turn in 0..corruptions {
        let bytes = files.get_mut(&names[turn % names.len()]).expect("a file");
        let nth = turn / names.len() + 1;
        let at = bytes.len() * nth / (corruptions / names.len() + 2);
        let end = at + bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(0);
        let inside = bytes[end + 1..]
            .windows(8)
            .position(|w| w == b"moderate")
            .unwrap_or(0);
        bytes[end + 1 + inside] = b'n';
    }
    let start = Instant::now();
    let verification = verify(&MemoryFolder::of(files), None);
    let lines: BTreeSet<&str> = verification
        .damage
        .iter()
        .filter(|damage| damage.place.contains(" line "))
        .map(|damage| damage.place.as_str())
        .collect();
    println!(
        "{corruptions} corruptions: {} lines named, {} entries, {:.2} s",
        lines.len(),
        verification.damage.len(),
        start.elapsed().as_secs_f64()
    );
}

/// Takes one document out, and says how much of the Parquet files is not as it was: bytes of
/// the new files in no 64-byte window that the old ones have.
fn retract(corpus: &mut Corpus, before: &MemoryFolder) {
    let gone = "articles/doc7";
    corpus
        .instances
        .retain(|instance| instance.document.as_str() != gone);
    let (before, after) = (before.files(), release(&plan(), corpus).0.files());
    let (mut new, mut all) = (0, 0);
    for (name, bytes) in after.iter().filter(|(name, _)| name.starts_with("data/")) {
        all += bytes.len();
        if before.get(name) != Some(bytes) {
            let old: BTreeSet<&[u8]> = before[name].windows(64).collect();
            new += bytes
                .windows(64)
                .filter(|window| !old.contains(window))
                .count();
        }
    }
    println!("retract one document: {new} of {all} Parquet bytes are new");
}

/// Processor time of this process, all threads, in seconds.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat
        .split_whitespace()
        .map(|f| f.parse().unwrap_or(0.0))
        .collect();
    // Fields 14 and 15 of proc(5), in ticks of 1/100 s.
    fields
        .get(13..15)
        .map_or(0.0, |ticks| ticks.iter().sum::<f64>() / 100.0)
}

fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |key: &str| {
        status
            .lines()
            .find(|line| line.starts_with(key))
            .unwrap_or("")
            .to_owned()
    };
    format!("{} {}", line("VmRSS"), line("VmHWM"))
}
