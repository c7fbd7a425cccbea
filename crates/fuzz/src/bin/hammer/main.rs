//! Hammers a target with damaged seeds on the stable toolchain, without a sanitizer.
//!
//! ```text
//! cargo run -p spinemed-fuzz --bin hammer -- TARGET SECONDS [--cpu] [--from N] [--scratch FOLDER]
//! cargo run -p spinemed-fuzz --bin hammer -- TARGET --show N > input
//! ```
//!
//! With `--cpu` the seconds are of processor time, so that a busy machine tries no fewer inputs.
//! With `--release` it is faster, but arithmetic that overflows goes unseen.
//!
//! Input number N is the same on every machine: it depends on the target's name, N and the
//! committed seeds. There is no coverage to learn from; what this finds is what many cheap
//! changes find. The work is done in a child process, so that an abort (a stack overflow, an
//! allocation beyond what the system gives) is found too: the parent goes through the last
//! inputs again, one at a time, keeps the one that ended the child, and goes on after it.
//!
//! Findings are panics (one per place in the code), inputs that take longer than a second of
//! processor time, inputs that make the process grow by more than 256 MiB, and aborts. Their
//! inputs are written to the scratch folder. The exit status is 1 if there were any.

// A program for developers: it reads seeds, writes findings, tells the time and prints.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use spinemed_fuzz::{TARGETS, Target};

mod child;
mod mutate;
mod parent;

/// What to do.
pub(crate) struct Job {
    /// The target's name.
    pub name: &'static str,
    /// The target.
    pub target: Target,
    /// Its seeds, by name of file.
    pub seeds: Vec<Vec<u8>>,
    /// Where findings go.
    pub scratch: PathBuf,
    /// The number of the first input.
    pub from: u64,
    /// Whether seconds are of processor time and not by the clock.
    pub by_processor: bool,
    /// How long to go on.
    pub time: Duration,
    /// When it began.
    pub began: Instant,
    /// Note every input before it is tried, not one in many.
    pub careful: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((job, mode)) = read(&arguments) else {
        eprintln!(
            "usage: hammer TARGET SECONDS [--cpu] [--from N] [--scratch FOLDER] | TARGET --show N"
        );
        return ExitCode::from(2);
    };
    match mode {
        Mode::Show(number) => {
            let input = mutate::input(job.name, &job.seeds, number);
            match std::io::stdout().write_all(&input) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            }
        }
        Mode::Child => child::run(&job),
        Mode::Parent => parent::run(&job),
    }
}

enum Mode {
    Show(u64),
    Child,
    Parent,
}

fn read(arguments: &[String]) -> Option<(Job, Mode)> {
    let after = |flag: &str| {
        let at = arguments.iter().position(|word| word == flag)?;
        arguments.get(at + 1)
    };
    let has = |flag: &str| arguments.iter().any(|word| word == flag);
    let (name, target) = *TARGETS
        .iter()
        .find(|(name, _)| Some(*name) == arguments.first().map(String::as_str))?;
    let mode = match after("--show") {
        Some(number) => Mode::Show(number.parse().ok()?),
        None if has("--child") => Mode::Child,
        None => Mode::Parent,
    };
    let seconds = match mode {
        Mode::Show(_) => 0,
        _ => arguments.get(1)?.parse().ok()?,
    };
    let job = Job {
        name,
        target,
        seeds: seeds(name)?,
        scratch: after("--scratch")
            .map_or_else(|| std::env::temp_dir().join("hammer"), PathBuf::from),
        from: after("--from").map_or(Some(0), |number| number.parse().ok())?,
        by_processor: has("--cpu"),
        time: Duration::from_secs(seconds),
        began: Instant::now(),
        careful: has("--careful"),
    };
    Some((job, mode))
}

fn seeds(name: &str) -> Option<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).ok()).collect()
}
