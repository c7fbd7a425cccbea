//! Reading a document in a process of its own.

use std::ffi::OsString;
use std::io::BufReader;
use std::path::PathBuf;
use std::time::Duration;

use spinemed_core::Problem;
use spinemed_core::seam::{Ingested, Reading, Tree};
use spinemed_core::source::{Format, Manifest};

use crate::frames::{self, Broken};
use crate::talk::{Bounds, End, talk};

/// Where a problem stands that came of a limit.
pub const LIMITS: &str = "limits";
/// Wall-clock time for each second of processor time: on a busy machine or with an engine for
/// scans, whose time is not the reader's, a document may take so much longer.
const WALL: u64 = 20;
/// The share of the memory that an answer may have.
const ANSWER: u64 = 4;
/// How often a document is tried whose reader somebody ended from outside.
const TRIES: usize = 2;
/// Endings of files that only illustrate the one that is read.
const PICTURES: [&str; 6] = [".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif"];

/// What reading one document may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentLimits {
    /// Processor time in seconds. Twenty times as much may pass by the clock.
    pub seconds: u64,
    /// Address space in MiB; a quarter of it may come back as records and pictures.
    pub memory: u64,
}

/// Reads each document in a child process: one that hangs, eats memory or breaks down costs
/// one rejected document. Question banks, datasets and cases, whose readers are our own and
/// take time in proportion to their input, are read here.
pub struct Isolated<R> {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: DocumentLimits,
    inside: R,
}

/// Why a document has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    NotStarted,
    Processor,
    Late,
    Memory,
    Answer,
    Stack,
    Killed,
    Failed,
}

impl<R: Reading> Isolated<R> {
    /// Reads with `program`, which must answer on its pipes as [`crate::serve`] does with a
    /// reading of the same identity as `inside`.
    pub fn new(
        program: PathBuf,
        arguments: Vec<OsString>,
        limits: DocumentLimits,
        inside: R,
    ) -> Self {
        Self {
            program,
            arguments,
            limits,
            inside,
        }
    }

    fn once(&self, manifest: &Manifest, tree: &dyn Tree) -> Result<Ingested, Stop> {
        let memory = self.limits.memory.saturating_mul(1 << 20);
        let bounds = Bounds {
            seconds: self.limits.seconds,
            wall: Duration::from_secs(self.limits.seconds.saturating_mul(WALL)),
            memory,
        };
        let (answer, end) = talk(&self.program, &self.arguments, bounds, |to, from| {
            frames::ask(manifest, tree, to, BufReader::new(from), memory / ANSWER)
        });
        match (answer, end) {
            (Some(Ok(read)), End::Done) => Ok(read),
            (Some(Err(Broken::Long)), _) => Err(Stop::Answer),
            (_, End::NotStarted) => Err(Stop::NotStarted),
            (_, End::Processor) => Err(Stop::Processor),
            (_, End::Late) => Err(Stop::Late),
            (_, End::Memory) => Err(Stop::Memory),
            (_, End::Stack) => Err(Stop::Stack),
            (_, End::Killed) => Err(Stop::Killed),
            (_, End::Done | End::Failed) => Err(Stop::Failed),
        }
    }

    fn rejected(&self, manifest: &Manifest, tree: &dyn Tree, stop: Stop) -> Ingested {
        let names = tree.names();
        let illustrates = |name: &&String| {
            let name = name.to_ascii_lowercase();
            PICTURES.iter().any(|ending| name.ends_with(ending))
        };
        let main = names.iter().find(|name| !illustrates(name));
        let problem = Problem {
            source: manifest.id.to_string(),
            file: main.or(names.first()).cloned().unwrap_or_default(),
            place: LIMITS.to_owned(),
            reason: format!("{} {}", stop.words(), self.limits),
        };
        Ingested {
            rejected: vec![problem],
            ..Ingested::default()
        }
    }
}

impl<R: Reading> Reading for Isolated<R> {
    fn identity(&self) -> String {
        self.inside.identity()
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested {
        self.attempt(manifest, tree)
            .unwrap_or_else(|_| self.rejected(manifest, tree, Stop::NotStarted))
    }

    fn attempt(&self, manifest: &Manifest, tree: &dyn Tree) -> Result<Ingested, String> {
        if !is_isolated(manifest.format) {
            return Ok(self.inside.ingest(manifest, tree));
        }
        let mut tries = 1;
        loop {
            match self.once(manifest, tree) {
                Ok(read) => return Ok(read),
                Err(Stop::NotStarted) => return Err(Stop::NotStarted.words().to_owned()),
                Err(Stop::Killed) if tries < TRIES => tries += 1,
                Err(stop) => return Ok(self.rejected(manifest, tree, stop)),
            }
        }
    }

    /// A document that came to nothing by other limits than today's is tried again.
    fn stands(&self, problem: &Problem) -> bool {
        problem.place != LIMITS
            || !problem.reason.contains(&format!(" {OPENING}"))
            || problem.reason.ends_with(&self.limits.to_string())
    }
}

/// What the limits' own words begin with.
const OPENING: &str = "(limits: ";

impl std::fmt::Display for DocumentLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{OPENING}{} s, {} MiB)", self.seconds, self.memory)
    }
}

impl Stop {
    fn words(self) -> &'static str {
        match self {
            Self::NotStarted => "the process for the reader could not be started",
            Self::Processor => {
                "reading it takes too much processor time; `seconds` in `[limits]`, or \
                 `--seconds`, allows more"
            }
            Self::Late => {
                "reading it takes twenty times the processor time that is allowed by the clock; \
                 `seconds` in `[limits]`, or `--seconds`, allows more"
            }
            Self::Memory => {
                "reading it takes too much memory; `memory` in `[limits]`, or `--memory`, \
                 allows more"
            }
            Self::Answer => {
                "what was read of it is more than a quarter of the memory; `memory` in \
                 `[limits]`, or `--memory`, allows more"
            }
            Self::Stack => "its parts nest deeper than the reader can follow",
            Self::Killed => {
                "its reader was ended from outside, twice; when the machine is short of memory, \
                 fewer `--threads` or a lower `memory` in `[limits]` help"
            }
            Self::Failed => "its reader broke down: a fault of this program",
        }
    }
}

/// Whether a format's files are read apart: documents of text and pictures are.
fn is_isolated(format: Format) -> bool {
    !matches!(
        format,
        Format::QuestionBank | Format::Rsna2024Lumbar | Format::Case
    )
}

#[cfg(all(test, unix))]
mod tests;
