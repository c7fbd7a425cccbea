//! Starts children, and finds out which input ended one.

use std::fs;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use crate::{Job, mutate};

/// Children that may be lost before the parent gives up.
const LOST: u32 = 50;

/// Hammers until the time is over. Prints findings and, at the end, one line of figures.
pub(crate) fn run(job: &Job) -> ExitCode {
    if let Err(error) = fs::create_dir_all(&job.scratch) {
        eprintln!("no scratch folder: {error}");
        return ExitCode::from(2);
    }
    let began = Instant::now();
    let (mut from, mut tried, mut findings, mut lost) = (job.from, 0, 0, 0);
    while Instant::now() < job.until && lost < LOST {
        let ended = child(job, from, false);
        tried += ended.tried;
        findings += report(&ended.said);
        if ended.whole {
            break;
        }
        // The child died among the inputs since its last note.
        lost += 1;
        let noted = ended.at.unwrap_or(from);
        let again = child(job, noted, true);
        let killer = again.at.unwrap_or(noted);
        tried += killer.saturating_sub(from) + 1;
        findings += 1;
        let file = job.scratch.join(format!("{}-{killer}-abort", job.name));
        let input = mutate::input(job.name, &job.seeds, killer);
        let kept = fs::write(&file, input).is_ok();
        println!(
            "found abort (again: {}), input {killer}: {} (kept: {kept})",
            !again.whole,
            file.display()
        );
        from = killer + 1;
    }
    let seconds = began.elapsed().as_secs();
    println!(
        "{}: {tried} inputs in {seconds} s, {findings} findings",
        job.name
    );
    if findings > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// How a child ended.
struct Ended {
    said: String,
    tried: u64,
    whole: bool,
    at: Option<u64>,
}

fn child(job: &Job, from: u64, careful: bool) -> Ended {
    let left = job
        .until
        .saturating_duration_since(Instant::now())
        .as_secs();
    // A careful child looks for one input among few; it gets a minute, however late it is.
    let seconds = if careful { 60 } else { left };
    let note = job.scratch.join(format!("{}.at", job.name));
    let _ = fs::remove_file(&note);
    let mut command = match std::env::current_exe() {
        Ok(program) => Command::new(program),
        Err(_) => Command::new("hammer"),
    };
    command
        .args([
            job.name,
            &seconds.to_string(),
            "--child",
            "--from",
            &from.to_string(),
        ])
        .arg("--scratch")
        .arg(&job.scratch)
        .args(careful.then_some("--careful"))
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    let (said, whole) = match command.output() {
        Ok(output) => (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            output.status.success(),
        ),
        Err(error) => (format!("no child: {error}\n"), true),
    };
    let tried = said
        .lines()
        .find_map(|line| line.strip_prefix("tried ")?.parse().ok())
        .unwrap_or(0);
    let at = fs::read_to_string(&note)
        .ok()
        .and_then(|text| text.parse().ok());
    Ended {
        said,
        tried,
        whole,
        at,
    }
}

fn report(said: &str) -> u64 {
    let findings: Vec<&str> = said
        .lines()
        .filter(|line| !line.starts_with("tried "))
        .collect();
    for line in &findings {
        println!("{line}");
    }
    findings.len() as u64
}
