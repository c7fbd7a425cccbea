//! The words of SpineMed.
//!
//! Stages meet here and never in each other: a reader emits [`document::Document`],
//! [`study::Study`] or [`question::Question`]; pairing turns them into an
//! [`pack::EvidencePack`]; generation turns a pack into an [`instance::Instance`].
//! The crate touches no file, network, clock or environment (clippy holds it to that),
//! so everything in it is a pure function of its arguments.

pub mod abbreviation;
pub mod case;
pub mod clinical;
pub mod date;
pub mod digest;
pub mod document;
pub mod finding;
pub mod ids;
pub mod instance;
pub mod level;
pub mod licence;
pub mod locator;
pub mod media;
pub mod model;
pub mod outcome;
pub mod pack;
pub mod profile;
pub mod question;
pub mod review;
pub mod seam;
pub mod source;
pub mod study;
pub mod vocabulary;

pub use digest::{Digest, KeyHasher};
pub use ids::{DocumentId, GroupKey, PackKey, RecordKey, SourceId};
pub use level::Level;
pub use outcome::{DropReason, Problem};
