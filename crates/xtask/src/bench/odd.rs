//! `cargo xtask bench odd`: the program against odd and broken PDF files.
//!
//! Files of `--odd` are read as they are; of files of `--good` damaged copies are made
//! ([`super::damage`]). Each is read by `spinemed inspect`, which reads it in a child with
//! limits. Looked at are the exit status, the reasons, the time, and the memory of the program
//! and its children. It fails when a part of the program failed or a limit did not hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use serde_json::Value;

use super::damage;
use super::measure::{self, Seen};
use crate::repository;

/// What is read.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder of odd files, read as they are.
    #[arg(long, value_name = "DIR")]
    odd: Vec<PathBuf>,
    /// A folder of sound files, of which damaged copies are read.
    #[arg(long, value_name = "DIR")]
    good: Vec<PathBuf>,
    /// Damaged copies of each sound file.
    #[arg(long, value_name = "N", default_value_t = 30)]
    copies: usize,
    /// The limit of processor time for each, in seconds.
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u64,
    /// The limit of memory for each, in MiB.
    #[arg(long, value_name = "N", default_value_t = 2_048)]
    memory: u64,
    /// How many are read at once.
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,
    /// A program to measure instead of the one built here.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Keep damaged copies that met a fault here.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// A folder in memory.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "/dev/shm/spinemed-bench-odd"
    )]
    scratch: PathBuf,
}

/// One file to read.
struct Input {
    group: String,
    path: PathBuf,
    damage: Option<usize>,
}

/// What became of a file.
struct Row {
    group: String,
    name: String,
    end: End,
    seen: Seen,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Sound,
    Problems,
    Rejected(String),
    Fault(String),
}

/// Reads all files and prints tables.
pub fn run(args: &Args) -> Result<bool> {
    let program = match &args.program {
        Some(program) => program.canonicalize().context("no such program")?,
        None => repository::program(&repository::root())?,
    };
    fs::create_dir_all(&args.scratch).context("cannot make the scratch folder")?;
    let inputs = inputs(args)?;
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..args.jobs.max(1) {
            scope.spawn(|| {
                while let Some(input) = inputs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let row = one(&program, args, input);
                    rows.lock().expect("no reader of files panics").push(row);
                }
            });
        }
    });
    fs::remove_dir_all(&args.scratch).context("cannot clear the scratch folder")?;
    let rows = rows.into_inner().expect("no reader of files panics");
    let rows = rows.into_iter().collect::<Result<Vec<Row>>>()?;
    print!("{}", table(&rows));
    let over = (args.memory + args.memory / 4) << 20;
    let faults: Vec<&Row> = rows
        .iter()
        .filter(|r| matches!(r.end, End::Fault(_)) || r.seen.peak > over)
        .collect();
    for row in &faults {
        println!(
            "- fault: `{}`, {:?}, {}",
            row.name,
            row.end,
            row.seen.line()
        );
    }
    Ok(faults.is_empty())
}

fn inputs(args: &Args) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for (folders, copies) in [(&args.odd, None), (&args.good, Some(args.copies))] {
        for folder in folders {
            let mut files = Vec::new();
            below(folder, &mut files)?;
            files.sort();
            let group = folder.file_name().unwrap_or_default().to_string_lossy();
            for path in files {
                let numbers: Vec<Option<usize>> =
                    copies.map_or(vec![None], |n| (0..n).map(Some).collect());
                inputs.extend(numbers.into_iter().map(|damage| Input {
                    group: damage.map_or(group.to_string(), |n| {
                        format!("{group}, {}", damage::KINDS[n % damage::KINDS.len()])
                    }),
                    path: path.clone(),
                    damage,
                }));
            }
        }
    }
    Ok(inputs)
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("no folder `{}`", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            below(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("pdf"))
        {
            files.push(path);
        }
    }
    Ok(())
}

fn one(program: &Path, args: &Args, input: &Input) -> Result<Row> {
    let mut path = input.path.clone();
    let mut name = path.display().to_string();
    if let Some(number) = input.damage {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let whole = fs::read(&path).context("cannot read a sound file")?;
        path = args.scratch.join(format!("{stem}-{number}.pdf"));
        name = format!("{stem}-{number}.pdf");
        fs::write(&path, damage::damaged(&stem, &whole, number).0)
            .context("cannot write a copy")?;
    }
    let (seconds, memory) = (args.seconds.to_string(), args.memory.to_string());
    let arguments = [
        "inspect",
        "--format",
        "json",
        "--seconds",
        &seconds,
        "--memory",
        &memory,
    ];
    let seen = measure::watch_all(program, &arguments, &path, &args.scratch)?;
    let end = end(seen.code, &seen.output);
    if input.damage.is_some() {
        if let (Some(keep), End::Fault(_)) = (&args.keep, &end) {
            fs::create_dir_all(keep).context("cannot keep a copy")?;
            fs::copy(&path, keep.join(&name)).context("cannot keep a copy")?;
        }
        fs::remove_file(&path).context("cannot remove a copy")?;
    }
    Ok(Row {
        group: input.group.clone(),
        name,
        end,
        seen,
    })
}

/// What an exit status and a report (`docs/errors.md`) mean.
fn end(code: Option<i32>, output: &str) -> End {
    let report = output.trim_end().lines().next_back();
    let report: Option<Value> = report.and_then(|line| serde_json::from_str(line).ok());
    let Some(report) = report else {
        return End::Fault(format!("exit code {code:?} without a report"));
    };
    let problems = report["problems"].as_array().map_or(&[][..], Vec::as_slice);
    let reasons: Vec<&str> = problems
        .iter()
        .filter_map(|p| p["reason"].as_str())
        .collect();
    if let Some(reason) = reasons.iter().find(|r| r.contains("fault of this program")) {
        return End::Fault((*reason).to_owned());
    }
    match (code, reasons.first()) {
        (Some(0), None) => End::Sound,
        (Some(7), Some(_)) => End::Problems,
        (Some(3), Some(reason)) => End::Rejected(plain(reason)),
        _ => End::Fault(format!(
            "exit code {code:?} with {} problems",
            reasons.len()
        )),
    }
}

/// A reason without its numbers, so that like ones are counted together.
fn plain(reason: &str) -> String {
    let mut text = String::new();
    for c in reason.chars() {
        if !c.is_ascii_digit() {
            text.push(c);
        } else if !text.ends_with('N') {
            text.push('N');
        }
    }
    text
}

fn table(rows: &[Row]) -> String {
    let mut groups: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let place = match &row.end {
            End::Sound => 0,
            End::Problems => 1,
            End::Rejected(reason) => {
                *reasons.entry(reason).or_default() += 1;
                2
            }
            End::Fault(_) => 3,
        };
        groups.entry(&row.group).or_default()[place] += 1;
        groups.entry("~ all").or_default()[place] += 1;
    }
    let mut text =
        "| files | opened | opened with problems | rejected | faults |\n|---|--:|--:|--:|--:|\n"
            .to_owned();
    for (group, [sound, problems, rejected, faults]) in groups {
        let group = group.trim_start_matches("~ ");
        text += &format!("| {group} | {sound} | {problems} | {rejected} | {faults} |\n");
    }
    text += "\n| rejected because | files |\n|---|--:|\n";
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    for (reason, count) in reasons {
        text += &format!("| {} | {count} |\n", reason.replace('|', "/"));
    }
    text += "\nSlowest and largest:\n\n";
    for key in [|s: &Seen| s.wall.as_secs_f64(), |s: &Seen| s.peak as f64] {
        let mut order: Vec<&Row> = rows.iter().collect();
        order.sort_by(|a, b| key(&b.seen).total_cmp(&key(&a.seen)));
        for row in order.iter().take(3) {
            let name = row.name.rsplit('/').next().unwrap_or_default();
            text += &format!("- `{name}`: {}\n", row.seen.line());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: i32, output: &str, expect: End) {
        assert_eq!(end(Some(code), output), expect, "{code} {output}");
    }

    #[test]
    fn ends_are_read_from_code_and_report() {
        check(0, "{\"problems\": []}\n", End::Sound);
        let problem = |reason: &str| format!("{{\"problems\": [{{\"reason\": \"{reason}\"}}]}}");
        check(7, &problem("page 3"), End::Problems);
        check(
            3,
            &problem("none of 12 pages"),
            End::Rejected("none of N pages".into()),
        );
        let fault = "broke down: a fault of this program";
        check(3, &problem(fault), End::Fault(fault.into()));
        check(
            101,
            "",
            End::Fault("exit code Some(101) without a report".into()),
        );
        check(
            0,
            &problem("x"),
            End::Fault("exit code Some(0) with 1 problems".into()),
        );
    }
}
