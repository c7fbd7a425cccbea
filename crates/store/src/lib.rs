//! What is kept: values by digest, the ledger of everything that happened, paid responses,
//! results of shards, and the lock that lets one build at a time into a workspace.
//!
//! "Durable" means fsynced: a function that says so returns only when a power cut could no
//! longer undo it. SQLite is the one truth (I9); files beside it are named by SHA-256 and
//! verified on every read.
#![allow(
    clippy::disallowed_methods,
    reason = "this crate is where files and the clock are touched"
)]

mod answers;
mod blobs;
mod event;
mod filled;
mod journal;
mod ledger;
mod lock;
mod records;
mod responses;
mod results;
mod secret;
mod sources;
mod staged;
mod workspace;

pub use answers::{AnswerRow, read_answers};
pub use blobs::{DirStore, MemoryStore, write_durably};
pub use event::{Event, EventKind};
pub use filled::{Filled, FoundFile, NotFilled, files_below, read_file, write_private};
pub use journal::ShardJournal;
pub use ledger::{BuildRow, Collected, FateRow, InstanceRow, Ledger};
pub use lock::{Held, Lock};
pub use records::{ActionRecord, Output, Part, Status, UnitOutcome, Usage};
pub use responses::Responses;
pub use results::{Results, ShardResult};
pub use secret::{SecretError, make_secret, read_secret};
pub use sources::{DirTree, ScannedFile, Veil, expand_root, names_in, read_text, scan};
pub use staged::{PlainTree, StagedFolder};
pub use workspace::Workspace;

use std::path::Path;

use spinemed_core::seam::StoreError;

/// Names what was tried on which file when the system says no.
pub(crate) fn io_error(
    action: &'static str,
    place: &Path,
) -> impl FnOnce(std::io::Error) -> StoreError {
    let place = place.display().to_string();
    move |cause| StoreError::Io {
        action,
        place,
        cause,
    }
}
