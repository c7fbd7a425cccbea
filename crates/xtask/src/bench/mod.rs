//! `cargo xtask bench`: synthetic packs through the `rules` generator, from nothing and again.
//!
//! For each number of packs and threads a workspace is written below the target folder, built
//! from scratch, and built once more with nothing changed. What is measured is the program as
//! users run it, process start included. All corpora of one size must end in the same root.

mod damage;
mod deid;
mod documents;
mod measure;
mod odd;
mod synthetic;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::repository;
use measure::Run;

/// What is benchmarked.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    packs: PackArgs,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// De-identify a folder of DICOM, beside other tools.
    Deid(deid::Args),
    /// Read publishers' PDF files, and compare with the articles' own markup and other readers.
    Documents(documents::Args),
    /// Read odd and broken PDF files.
    Odd(odd::Args),
}

#[derive(Debug, clap::Args)]
struct PackArgs {
    /// How many study packs; a tenth as many questions come on top.
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [10_000])]
    packs: Vec<u64>,
    /// How many threads.
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [1, 2])]
    threads: Vec<usize>,
    /// Write a release as well.
    #[arg(long)]
    release: bool,
    /// A program to measure instead of the one built here.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Leave the workspaces where they are.
    #[arg(long)]
    keep: bool,
}

/// One line of the result.
struct Row {
    packs: u64,
    threads: usize,
    first: Run,
    again: Run,
    ledger: u64,
    kept: u64,
}

/// Measures, and prints Markdown tables.
pub fn run(args: &Args) -> Result<bool> {
    match &args.what {
        Some(What::Deid(args)) => deid::run(args),
        Some(What::Documents(args)) => documents::run(args),
        Some(What::Odd(args)) => odd::run(args),
        None => packs(&args.packs),
    }
}

fn packs(args: &PackArgs) -> Result<bool> {
    let root = repository::root();
    let program = match &args.program {
        Some(program) => program.canonicalize().context("no such program")?,
        None => repository::program(&root)?,
    };
    let folder = beside(&program).join("bench");
    let mut rows = Vec::new();
    for &packs in &args.packs {
        for &threads in &args.threads {
            eprintln!("bench: {packs} packs on {threads} threads");
            rows.push(one(&program, &folder, packs, threads, args)?);
        }
    }
    println!("{}", table(&rows));
    let same = same_roots(&rows);
    if !same {
        println!("roots differ between numbers of threads: invariant I8 is broken");
    }
    Ok(same)
}

/// The target folder: the program lies in one of its profiles' folders.
fn beside(program: &Path) -> PathBuf {
    let profile = program.parent().unwrap_or(Path::new("."));
    profile.parent().unwrap_or(profile).to_owned()
}

fn one(program: &Path, folder: &Path, packs: u64, threads: usize, args: &PackArgs) -> Result<Row> {
    let workspace = folder.join(format!("{packs}-{threads}"));
    if workspace.exists() {
        fs::remove_dir_all(&workspace).context("cannot clear the last benchmark")?;
    }
    synthetic::write(&workspace, packs, args.release)?;
    let first = measure::build(program, &workspace, threads)?;
    let again = measure::build(program, &workspace, threads)?;
    if again.actions != 0 {
        bail!("the second build ran {} actions, not 0", again.actions);
    }
    if again.root != first.root {
        bail!("the second build ends in another root");
    }
    let kept = workspace.join(".spinemed");
    let ledger = size(&kept, &|name| name.starts_with("ledger"))?;
    let kept = size(&kept, &|_| true)?;
    if !args.keep {
        fs::remove_dir_all(&workspace).context("cannot clear the benchmark")?;
    }
    Ok(Row {
        packs,
        threads,
        first,
        again,
        ledger,
        kept,
    })
}

/// Bytes of the files below a folder whose names match.
fn size(folder: &Path, counts: &dyn Fn(&str) -> bool) -> Result<u64> {
    let mut total = 0;
    for entry in fs::read_dir(folder).context("cannot list what the build kept")? {
        let entry = entry?;
        let found = entry.metadata()?;
        if found.is_dir() {
            total += size(&entry.path(), counts)?;
        } else if counts(&entry.file_name().to_string_lossy()) {
            total += found.len();
        }
    }
    Ok(total)
}

fn same_roots(rows: &[Row]) -> bool {
    rows.windows(2)
        .all(|two| two[0].packs != two[1].packs || two[0].first.root == two[1].first.root)
}

fn table(rows: &[Row]) -> String {
    const MIB: f64 = 1024.0 * 1024.0;
    let mut text = "| packs | threads | instances | build s | instances/s | peak MiB | ledger MiB | all kept MiB | again s | again peak MiB | root |\n".to_owned();
    text += "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n";
    for row in rows {
        let seconds = row.first.wall.as_secs_f64();
        text += &format!(
            "| {} | {} | {} | {:.1} | {:.0} | {:.0} | {:.1} | {:.1} | {:.2} | {:.0} | `{}` |\n",
            row.packs,
            row.threads,
            row.first.instances,
            seconds,
            row.first.instances as f64 / seconds.max(1e-9),
            row.first.peak as f64 / MIB,
            row.ledger as f64 / MIB,
            row.kept as f64 / MIB,
            row.again.wall.as_secs_f64(),
            row.again.peak as f64 / MIB,
            row.first.root.get(..12).unwrap_or(&row.first.root),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn run_of(root: &str, seconds: u64) -> Run {
        Run {
            wall: Duration::from_secs(seconds),
            peak: 3 * 1024 * 1024,
            instances: 500,
            actions: 0,
            root: root.to_owned(),
        }
    }

    fn row(packs: u64, threads: usize, root: &str) -> Row {
        let (first, again) = (run_of(root, 10), run_of(root, 1));
        Row {
            packs,
            threads,
            first,
            again,
            ledger: 1024 * 1024,
            kept: 2 * 1024 * 1024,
        }
    }

    #[test]
    fn a_row_has_rates() {
        let text = table(&[row(100, 2, "abcdefabcdefabcdef")]);
        let last = text.lines().last().unwrap();
        assert_eq!(
            last,
            "| 100 | 2 | 500 | 10.0 | 50 | 3 | 1.0 | 2.0 | 1.00 | 3 | `abcdefabcdef` |"
        );
    }

    #[test]
    fn roots_are_compared_within_a_size() {
        assert!(same_roots(&[
            row(1, 1, "a"),
            row(1, 2, "a"),
            row(2, 1, "b")
        ]));
        assert!(!same_roots(&[row(1, 1, "a"), row(1, 2, "b")]));
    }
}
