//! How a build is asked for, the program around it, and what it gives back.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use spinemed_core::Digest;
use spinemed_core::date::Date;
use spinemed_core::seam::{Generator, Reading, StoreError};
use spinemed_store::Workspace;

use crate::engine::{Models, StaleUnit};
use crate::freeze::FreezeError;
use crate::progress::Progress;
use crate::report::BuildReport;
use crate::work::{Price, WorkError};

/// Stages in order, as accounts name them.
pub const STAGES: &[&str] = &[
    "ingest",
    "deidentify",
    "pair",
    "curate",
    "draft",
    "revise",
    "check",
    "curate-instances",
    "release",
];

/// How a build is to behave; none of it changes what a complete build comes to.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// At most so many packs are generated from, chosen by digest.
    pub sample: Option<usize>,
    /// Only stages up to this one, or only units of this source, are run.
    pub only: Option<Only>,
    /// Files are hashed anew, whatever their size and time.
    pub rehash: bool,
    /// Nothing is done; what would be is reported.
    pub dry_run: bool,
    /// Threads that work; at least one.
    pub threads: usize,
}

/// What a build is confined to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Only {
    /// Stages up to and including this position in [`STAGES`].
    Stage(usize),
    /// Units of this source.
    Source(String),
}

impl Options {
    /// The name under which a build's state is kept: a sampled build is a corpus of its own.
    #[must_use]
    pub fn label(&self, pipeline: &str) -> String {
        match self.sample {
            Some(n) => format!("{pipeline}@sample-{n}"),
            None => pipeline.to_owned(),
        }
    }

    pub(crate) fn allows(&self, stage: usize, source: &str) -> bool {
        match &self.only {
            Some(Only::Stage(last)) => stage <= *last,
            Some(Only::Source(id)) => id == source,
            None => true,
        }
    }
}

/// The program around a build.
pub struct World<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// How files are read.
    pub reading: &'a dyn Reading,
    /// Model clients by endpoint.
    pub models: &'a Models,
    /// Who makes items.
    pub generator: &'a dyn Generator,
    /// Who is told.
    pub progress: &'a dyn Progress,
    /// Set when the build is to stop.
    pub stop: &'a AtomicBool,
    /// The day on which consents and approvals must hold.
    pub today: Date,
    /// What responses cost.
    pub price: &'a Price<'a>,
    /// The digest of the running program: part of the build's key, not of any action's.
    pub binary: Digest,
    /// The program's version, for releases.
    pub version: &'a str,
}

/// Why a build could not come to an end. What was entered before stays entered.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A shard or store failed as a whole.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The account does not balance: a fault of the program. No release is made of it.
    #[error("the account does not balance: {0}")]
    Unbalanced(String),
    /// The release could not be written.
    #[error(transparent)]
    Freeze(#[from] FreezeError),
}

/// A build's report and why units were done.
#[derive(Debug)]
pub struct Built {
    /// The report.
    pub report: BuildReport,
    /// Examples, per step, of units that had to be done.
    pub stale: BTreeMap<String, Vec<StaleUnit>>,
}
