//! Starts children, and finds out which input ended one.

use std::fs;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use crate::child::ticks;
use crate::{Job, mutate};

/// Children that may be lost before the parent gives up.
const LOST: u32 = 50;

/// Hammers until the time is over. Prints findings and, at the end, one line of figures.
pub(crate) fn run(job: &Job) -> ExitCode {
    if let Err(error) = fs::create_dir_all(&job.scratch) {
        eprintln!("no scratch folder: {error}");
        return ExitCode::from(2);
    }
    let mut sum = Sum::default();
    let (mut from, mut lost) = (job.from, 0);
    while !left(job).is_zero() && lost < LOST {
        let ended = child(job, from, false);
        sum.add(&ended);
        sum.findings += report(&ended.said);
        if ended.whole {
            break;
        }
        // The child died among the inputs since its last note.
        lost += 1;
        let noted = ended.at.unwrap_or(from);
        let again = child(job, noted, true);
        let killer = again.at.unwrap_or(noted);
        sum.tried += killer.saturating_sub(from) + 1;
        sum.findings += 1;
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
    println!("{}", sum.line(job));
    if sum.findings > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// What all children came to.
#[derive(Default)]
struct Sum {
    tried: u64,
    findings: u64,
    /// Milliseconds, and the input's number.
    slowest: (u64, u64),
    /// Resident memory in KiB.
    peak: u64,
}

impl Sum {
    fn add(&mut self, ended: &Ended) {
        self.tried += ended.figures("tried ").0;
        self.slowest = self.slowest.max(ended.figures("slowest "));
        self.peak = self.peak.max(ended.figures("peak ").0);
    }

    fn line(&self, job: &Job) -> String {
        format!(
            "{}: {} inputs in {} s of processor time ({} s by the clock), slowest {} ms (input \
             {}), peak {} MiB, {} findings",
            job.name,
            self.tried,
            used().as_secs(),
            job.began.elapsed().as_secs(),
            self.slowest.0,
            self.slowest.1,
            self.peak >> 10,
            self.findings
        )
    }
}

/// Processor time of the children that have ended.
fn used() -> Duration {
    ticks(13)
}

fn left(job: &Job) -> Duration {
    let gone = if job.by_processor {
        used()
    } else {
        job.began.elapsed()
    };
    job.time.saturating_sub(gone)
}

/// How a child ended.
struct Ended {
    said: String,
    whole: bool,
    at: Option<u64>,
}

impl Ended {
    /// The one or two numbers of a line that begins with a word.
    fn figures(&self, word: &str) -> (u64, u64) {
        let line = self.said.lines().find_map(|line| line.strip_prefix(word));
        let mut numbers = line
            .unwrap_or("")
            .split(' ')
            .map(|n| n.parse().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }
}

fn child(job: &Job, from: u64, careful: bool) -> Ended {
    // A careful child looks for one input among few; it gets a minute, however late it is.
    let seconds = if careful { 60 } else { left(job).as_secs() };
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
        .args(job.by_processor.then_some("--cpu"))
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    let (said, whole) = match command.output() {
        Ok(output) => (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            output.status.success(),
        ),
        Err(error) => (format!("no child: {error}\n"), true),
    };
    let at = fs::read_to_string(&note)
        .ok()
        .and_then(|text| text.parse().ok());
    Ended { said, whole, at }
}

fn report(said: &str) -> u64 {
    let figures = ["tried ", "slowest ", "peak "];
    let findings: Vec<&str> = said
        .lines()
        .filter(|line| !figures.iter().any(|word| line.starts_with(word)))
        .collect();
    for line in &findings {
        println!("{line}");
    }
    findings.len() as u64
}
