//! `spinemed deid`: a folder of DICOM in, a folder of clean DICOM out, nothing in between.
//!
//! Two passes. The first reads every object and collects what it says of people, patient by
//! patient, so that a text of one object is searched for names that only another one states.
//! The second cleans ([`spinemed_deidentify::object`]), blanks pixels where the profile says
//! so, and writes. Objects of one patient meet in one worker in small groups, so memory is
//! bounded by the number of workers and the largest object.
//!
//! Everything that leaves is a function of the inputs, the key and the settings: neither the
//! number of workers nor a kill changes a byte. What was done stands in a journal beside the
//! results, under keyed commitments; a second run does only what is missing or has changed.
//!
//! Nothing is lost and nothing is passed unseen: each object is written or rejected with a
//! reason. Problems name a file by a keyed alias; `mapping` writes what is behind it, on
//! request, to a private place.

mod check;
mod clean;
mod error;
mod journal;
mod mapping;
mod page;
mod picture;
mod pixels;
mod places;
mod regions;
mod report;
mod review;
mod survey;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use spinemed_core::profile::Profile;
use spinemed_deidentify::Key;
use spinemed_deidentify::pixels::TextReader;

use crate::progress::Progress;

pub use check::{ActionScore, Failed, Score, check};
pub use error::DeidError;
pub use regions::{ObjectRegions, RegionBox, RegionsFile};
pub use report::{DeidReport, PixelAccount, ProfileAccount, RunAccount};

use clean::Cleaning;
use journal::Journal;
use places::Places;
use survey::Survey;

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folders or files that are read.
    pub inputs: Vec<PathBuf>,
    /// The folder that is filled.
    pub out: PathBuf,
    /// Where the report goes; `report` in `out` where none is named.
    pub report: Option<PathBuf>,
    /// Where old identifiers are told beside the new ones; nowhere by default.
    pub mapping: Option<PathBuf>,
    /// Where pictures before and after blanking go, for a person to look at.
    pub review: Option<PathBuf>,
    /// A file of what a person said about regions of pixels.
    pub regions: Option<PathBuf>,
    /// A file of names to look for in texts, one on a line.
    pub names: Option<PathBuf>,
    /// The Basic Profile's options.
    pub profile: Profile,
    /// How many workers; at least one.
    pub jobs: usize,
    /// Look, tell, and write nothing.
    pub dry_run: bool,
}

/// What a run needs from around it.
pub struct World<'a> {
    /// The key.
    pub key: &'a Key,
    /// Folders that neither mapping nor review may lie in, beside the output.
    pub workspaces: Vec<PathBuf>,
    /// Listens.
    pub progress: &'a dyn Progress,
    /// Set by an interruption: what is in flight comes to its end.
    pub stop: &'a AtomicBool,
    /// Readers of characters that help to find burned-in text, each with a name that changes
    /// with what it would find.
    pub readers: Vec<(String, Box<dyn TextReader>)>,
    /// The program's version.
    pub version: &'a str,
}

/// Cleans a folder.
///
/// # Errors
/// [`DeidError`], where nothing could be begun, or the disk said no. Objects that cannot be
/// cleaned are no error: the report tells them.
pub fn run(options: &Options, world: &World<'_>) -> Result<DeidReport, DeidError> {
    options.profile.check().map_err(DeidError::profile)?;
    let places = Places::of(options, world)?;
    let regions = regions::read(options.regions.as_deref())?;
    let names = survey::names(options.names.as_deref())?;
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(options.jobs.max(1))
        .build()
        .map_err(|_| DeidError::Threads)?;
    let journal = if options.dry_run {
        None
    } else {
        Some(Journal::open(&places.out, options, world, &names)?)
    };
    let survey = threads.install(|| Survey::take(options, world, &names))?;
    if survey.items.len() == survey.others() {
        return Err(DeidError::Nothing {
            others: survey.others(),
        });
    }
    let Some(journal) = journal else {
        return Ok(report::foreseen(&survey, options, world));
    };
    let cleaning = Cleaning {
        options,
        world,
        survey: &survey,
        regions: &regions,
        journal: &journal,
    };
    let cleaned = threads.install(|| cleaning.all())?;
    let report = report::of(&survey, &cleaned, options, world);
    if !cleaned.interrupted {
        journal.finish(&survey, &cleaned)?;
        page::write(&places.report, &report, &cleaned, &journal)?;
        if let Some(folder) = &places.mapping {
            mapping::write(folder, &survey, &cleaned)?;
        }
        if let Some(folder) = &places.review {
            review::write(folder, &survey, &cleaned, &journal)?;
        }
    }
    Ok(report)
}
