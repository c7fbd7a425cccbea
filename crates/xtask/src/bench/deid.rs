//! `cargo xtask bench deid`: `spinemed deid` beside other de-identifiers on the same files.
//!
//! Input and outputs lie in memory, so that disks do not count. Each tool runs with one and two
//! workers. Ours is measured from outside, process start included; the others by
//! `deid_peers.py` from the first file to the last, without Python's start. With `--answers` the
//! outputs are searched for what was planted, and for what ought to be there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::repository;

const PEERS: &str = "crates/xtask/src/bench/deid_peers.py";
/// A key that everybody knows: what is measured leaves nothing behind.
const KEY: &str =
    "spinemed-public-key-1 5f1d0c7a9be24836a1f07d3c58e6b294071c3e5a7d9f8b6042c1e0a3d5f79b86\n";

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder of DICOM files.
    #[arg(long, value_name = "DIR")]
    files: PathBuf,
    /// How many workers.
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [1, 2])]
    jobs: Vec<usize>,
    /// How often; the fastest counts.
    #[arg(long, value_name = "N", default_value_t = 3)]
    repeat: usize,
    /// Measure the other tools as well.
    #[arg(long)]
    peers: bool,
    /// A Python with `deid_peers.txt` installed.
    #[arg(long, value_name = "FILE", default_value = "python3")]
    python: PathBuf,
    /// The key of planted objects (`answers.json`), to search the outputs with.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// A program to measure instead of the one built here.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// A folder in memory.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "/dev/shm/spinemed-bench-deid"
    )]
    memory: PathBuf,
}

/// One tool with a number of workers.
struct Row {
    tool: String,
    jobs: usize,
    files: u64,
    failed: u64,
    bytes: u64,
    seconds: f64,
}

impl Row {
    fn rate(&self) -> f64 {
        self.files as f64 / self.seconds.max(1e-9)
    }
}

/// Measures and prints tables.
pub fn run(args: &Args) -> Result<bool> {
    let root = repository::root();
    let program = match &args.program {
        Some(program) => program.canonicalize().context("no such program")?,
        None => repository::program(&root)?,
    };
    if args.memory.exists() {
        fs::remove_dir_all(&args.memory).context("cannot clear the last benchmark")?;
    }
    let input = args.memory.join("in");
    copy(&args.files, &input)?;
    fs::write(args.memory.join("public.key"), KEY).context("cannot write the key")?;
    let mut rows = Vec::new();
    for (name, pixels) in [
        ("spinemed, tags", false),
        ("spinemed, tags and pixels without Tesseract", true),
    ] {
        for &jobs in &args.jobs {
            eprintln!("bench: {name}, {jobs} workers");
            rows.push(fastest(&program, args, name, pixels, jobs)?);
        }
    }
    if args.peers {
        rows.extend(peers(&root, args, &input)?);
    }
    println!("{}", table(&rows));
    if let Some(answers) = &args.answers {
        println!("{}", scores(&root, args, answers)?);
    }
    fs::remove_dir_all(&args.memory).context("cannot clear the benchmark")?;
    Ok(true)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).context("cannot make a folder in memory")?;
    for entry in fs::read_dir(from).with_context(|| format!("no folder `{}`", from.display()))? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place).context("cannot copy into memory")?;
        }
    }
    Ok(())
}

/// The fastest of some runs, each from nothing. The output of the last one stays.
fn fastest(program: &Path, args: &Args, name: &str, pixels: bool, jobs: usize) -> Result<Row> {
    let mut best: Option<Row> = None;
    for _ in 0..args.repeat.max(1) {
        let row = once(program, args, name, pixels, jobs)?;
        if best.as_ref().is_none_or(|best| row.seconds < best.seconds) {
            best = Some(row);
        }
    }
    best.context("nothing was measured")
}

fn once(program: &Path, args: &Args, name: &str, pixels: bool, jobs: usize) -> Result<Row> {
    let kind = if pixels { "pixels" } else { "tags" };
    let out = args.memory.join(format!("ours-{kind}"));
    let mapping = args.memory.join(format!("mapping-{kind}"));
    for folder in [&out, &mapping] {
        if folder.exists() {
            fs::remove_dir_all(folder).context("cannot clear the last run")?;
        }
    }
    let mut command = Command::new(program);
    command
        .args([
            "deid",
            "--quiet",
            "--format",
            "json",
            "--made-data",
            "--jobs",
        ])
        .arg(jobs.to_string())
        .arg("--public-key")
        .arg(args.memory.join("public.key"));
    if pixels {
        // Tesseract would be what is measured, not this program.
        command.args(["--option", "clean-pixel-data", "--ocr", "off"]);
    }
    if args.answers.is_some() {
        command.arg("--mapping").arg(&mapping);
    }
    command.arg(args.memory.join("in")).arg(&out);
    // Reading would take a backtrace at the end of each object.
    command.env_remove("RUST_BACKTRACE");
    command.current_dir(&args.memory);
    let started = Instant::now();
    let output = command.output().context("cannot run the program")?;
    let seconds = started.elapsed().as_secs_f64();
    if !matches!(output.status.code(), Some(0 | 7)) {
        bail!(
            "the program failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let report: Value = serde_json::from_str(text.lines().last().unwrap_or_default())
        .context("the report is not as documented")?;
    let count = |name: &str| report["objects"][name].as_u64().unwrap_or(0);
    Ok(Row {
        tool: name.to_owned(),
        jobs,
        files: count("in"),
        failed: count("rejected"),
        bytes: size(&args.memory.join("in"))?,
        seconds,
    })
}

fn size(folder: &Path) -> Result<u64> {
    let mut total = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        total += if meta.is_dir() {
            size(&entry.path())?
        } else {
            meta.len()
        };
    }
    Ok(total)
}

fn peers(root: &Path, args: &Args, input: &Path) -> Result<Vec<Row>> {
    let jobs: Vec<String> = args.jobs.iter().map(ToString::to_string).collect();
    let output = Command::new(&args.python)
        .arg(root.join(PEERS))
        .arg("run")
        .arg(input)
        .arg(args.memory.join("peers"))
        .args(["--processes", &jobs.join(",")])
        .args(["--repeat", &args.repeat.max(1).to_string()])
        .output()
        .context("cannot run Python")?;
    if !output.status.success() {
        bail!(
            "the other tools failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let mut best: BTreeMap<(String, usize), Row> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let row = peer(line).context("`deid_peers.py` is not as documented")?;
        let key = (row.tool.clone(), row.jobs);
        if best.get(&key).is_none_or(|best| row.seconds < best.seconds) {
            best.insert(key, row);
        }
    }
    Ok(best.into_values().collect())
}

fn peer(line: &str) -> Option<Row> {
    let row: Value = serde_json::from_str(line).ok()?;
    Some(Row {
        tool: format!("{} {}", row["tool"].as_str()?, row["version"].as_str()?),
        jobs: usize::try_from(row["processes"].as_u64()?).ok()?,
        files: row["files"].as_u64()?,
        failed: row["failed"].as_u64()?,
        bytes: row["bytes"].as_u64()?,
        seconds: row["seconds"].as_f64()?,
    })
}

/// Rates, and how many times the fastest other tool ours is with as many workers.
fn table(rows: &[Row]) -> String {
    let mut text = "| tool | workers | files | failed or rejected | s | files/s | MB/s | times the fastest other |\n\
                    |---|--:|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for row in rows {
        let others = rows
            .iter()
            .filter(|other| other.jobs == row.jobs && !other.tool.starts_with("spinemed"));
        let fastest = others.map(Row::rate).fold(0.0, f64::max);
        let times = if row.tool.starts_with("spinemed") && fastest > 0.0 {
            format!("{:.1}", row.rate() / fastest)
        } else {
            String::new()
        };
        text += &format!(
            "| {} | {} | {} | {} | {:.2} | {:.0} | {:.1} | {times} |\n",
            row.tool,
            row.jobs,
            row.files,
            row.failed,
            row.seconds,
            row.rate(),
            row.bytes as f64 / 1e6 / row.seconds.max(1e-9),
        );
    }
    text
}

/// What each tool left and kept, by the key of planted strings.
fn scores(root: &Path, args: &Args, answers: &Path) -> Result<String> {
    let mut folders = Vec::new();
    for kind in ["tags", "pixels"] {
        let folder = args.memory.join(format!("spinemed-{kind}"));
        as_input(args, kind, &folder)?;
        folders.push(folder);
    }
    if args.peers {
        let mut others: Vec<PathBuf> = fs::read_dir(args.memory.join("peers"))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        others.sort();
        folders.extend(others);
    }
    let mut text = "| output | written | objects that leak | strings left | dates left | UIDs left | tags kept | useful kept |\n\
                    |---|--:|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for folder in folders {
        let output = Command::new(&args.python)
            .arg(root.join(PEERS))
            .arg("score")
            .arg(&folder)
            .arg(answers)
            .output()
            .context("cannot run Python")?;
        if !output.status.success() {
            bail!(
                "the search failed: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let row: Value = serde_json::from_slice(&output.stdout)
            .context("`deid_peers.py` is not as documented")?;
        text += &score(&row);
    }
    Ok(text)
}

fn score(row: &Value) -> String {
    let count = |name: &str| row[name].as_u64().unwrap_or(0);
    let of = |left: &str, all: &str| format!("{} of {}", count(left), count(all));
    let (mut kept, mut useful) = (0, 0);
    for (name, value) in row.as_object().into_iter().flatten() {
        if name.starts_with("useful ") {
            let value = value.as_u64().unwrap_or(0);
            if name.ends_with(" kept") {
                kept += value;
            } else {
                useful += value;
            }
        }
    }
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {kept} of {useful} |\n",
        row["folder"].as_str().unwrap_or_default(),
        of("written", "objects"),
        count("objects_that_leak"),
        of("strings_left", "strings"),
        of("dates_left", "dates"),
        of("uids_left", "uids"),
        of("tags_kept", "tags"),
    )
}

/// Lays our output out under the names of the input, as the other tools write theirs: the
/// mapping tells which alias a file had, and the journal what became of it.
fn as_input(args: &Args, kind: &str, folder: &Path) -> Result<()> {
    let mapping = fs::read_to_string(args.memory.join(format!("mapping-{kind}/aliases.csv")))
        .context("there is no mapping")?;
    let out = args.memory.join(format!("ours-{kind}"));
    let journal =
        fs::read_to_string(out.join(".spinemed-deid/journal")).context("there is no journal")?;
    let mut written = BTreeMap::new();
    for line in journal.lines().skip(1) {
        let line: Value = serde_json::from_str(line).context("the journal is damaged")?;
        if let (Some(file), Some(name)) =
            (line["file"].as_str(), line["done"]["out"]["name"].as_str())
        {
            written.insert(file.to_owned(), name.to_owned());
        }
    }
    let input = args.memory.join("in").canonicalize()?;
    for line in mapping.lines().skip(1) {
        let Some((alias, path)) = line.split_once(',') else {
            continue;
        };
        let path = Path::new(path.trim_matches('"'));
        let inner = path
            .strip_prefix(&input)
            .or_else(|_| path.strip_prefix(args.memory.join("in")));
        if let (Some(name), Ok(inner)) = (written.get(alias), inner) {
            let place = folder.join(inner);
            fs::create_dir_all(place.parent().unwrap_or(folder))?;
            fs::copy(out.join(name), place).context("cannot lay the output out")?;
        }
    }
    fs::create_dir_all(folder)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(tool: &str, jobs: usize, seconds: f64) -> Row {
        Row {
            tool: tool.into(),
            jobs,
            files: 100,
            failed: 1,
            bytes: 1_000_000,
            seconds,
        }
    }

    #[test]
    fn ours_is_told_beside_the_fastest_with_as_many_workers() {
        let rows = [
            row("spinemed, tags", 1, 1.0),
            row("deid 0.4", 1, 50.0),
            row("dicom-anonymizer 2", 1, 20.0),
            row("dicom-anonymizer 2", 2, 1.0),
        ];
        let text = table(&rows);
        let ours = text.lines().nth(2).unwrap();
        assert_eq!(
            ours,
            "| spinemed, tags | 1 | 100 | 1 | 1.00 | 100 | 1.0 | 20.0 |"
        );
    }

    #[test]
    fn a_peer_s_line_is_read() {
        let line = r#"{"tool": "deid", "version": "0.4.13", "processes": 2, "files": 7, "failed": 0, "bytes": 9, "seconds": 0.5}"#;
        let row = peer(line).unwrap();
        assert_eq!(
            (row.tool.as_str(), row.jobs, row.files),
            ("deid 0.4.13", 2, 7)
        );
        assert!(peer("{}").is_none());
    }

    #[test]
    fn useful_content_is_summed() {
        let row = serde_json::json!({"folder": "x", "written": 1, "objects": 2, "useful words": 3,
            "useful words kept": 2, "useful geometry": 1, "useful geometry kept": 1});
        assert!(score(&row).contains("| 3 of 4 |"), "{}", score(&row));
    }
}
