//! The outside: programs of the machine, run as child processes with limits.
//!
//! This is the only crate that starts processes. [`run`] gives a program its input and takes
//! its output through pipes, ends it when it is late, and bounds what it may write; on Unix its
//! memory is bounded too. Tesseract is asked this way, for two things that are kept apart:
//! [`Tesseract`] finds text in patients' pictures, [`ScanReader`] reads documents' scanned pages.
//! [`Isolated`] reads documents in a child that is this program again, which answers with
//! [`serve`].
//!
//! No picture is written to a file, no output of a program is logged, and what was recognised
//! in a patient's picture is dropped here: only boxes leave (I5).
//!
//! The fence of `clippy.toml` is open here for processes, for the clock (an hour-glass for
//! children, no input of any result), for the environment (where programs lie) and for files
//! (the trained data of languages, for its digest).
#![allow(
    clippy::disallowed_methods,
    reason = "this crate starts child processes and bounds their time"
)]

mod child;
mod engine;
mod frames;
mod isolated;
#[cfg(test)]
mod made;
mod scaled;
mod scan;
mod talk;
mod tesseract;
mod tsv;

pub use child::{ChildFault, Limits, program, run};
pub use frames::serve;
pub use isolated::{DocumentLimits, Isolated, LIMITS};
pub use scan::ScanReader;
pub use tesseract::Tesseract;
