//! Releases: an immutable, verifiable selection of instances.
//!
//! [`write()`] turns instances into a folder: Parquet per kind and split with pictures inside,
//! the same as JSON Lines with picture files, trace tables, a dataset card, accounts and
//! `SHA256SUMS`. [`verify`] takes such a folder alone, offline, and says whether it is intact
//! and agrees with itself. The release's name for itself is the Merkle root over its
//! instances ([`merkle`]), which no file layout can change.
//!
//! The crate touches no file: the caller implements [`Folder`] to write and
//! [`spinemed_core::seam::Tree`] to read; [`MemoryFolder`] is both, in memory.
//!
//! ```
//! use spinemed_release::{Inputs, MemoryFolder, ReleasePlan, verify, write};
//!
//! let plan = ReleasePlan {
//!     name: "nothing".into(),
//!     version: "1.0.0".into(),
//!     title: "An empty release".into(),
//!     description: String::new(),
//!     tool: "example".into(),
//!     sources: Vec::new(),
//!     balance: Default::default(),
//!     extra: Default::default(),
//! };
//! let inputs = Inputs {
//!     count: 0,
//!     instance: &|position| Err(format!("no instance {position}")),
//!     steps: &|_| Ok(Vec::new()),
//!     media: &|digest| Err(format!("no picture {digest}")),
//!     absent: Vec::new(),
//! };
//! let mut folder = MemoryFolder::default();
//! let summary = write(&plan, inputs, &mut folder).unwrap();
//! assert!(verify(&folder, Some(&summary.root)).ok);
//! ```

mod card;
mod columns;
mod counts;
mod error;
mod folder;
mod jsonl;
mod layout;
mod licences;
mod manifest;
pub mod merkle;
mod plan;
mod trace;
mod verify;
mod write;

pub use counts::{Cell, Counts, SourceCount};
pub use error::ReleaseError;
pub use folder::{FileSum, Folder, MemoryFolder};
pub use manifest::{CARD, FORMAT, Manifest, Roots};
pub use plan::{
    Absent, Balance, Cost, GiveInstance, GiveMedia, GiveSteps, Inputs, ReleasePlan, ReleaseSummary,
    SourceTerms, StageBalance, TraceStep,
};
pub use verify::{Damage, DamageKind, Seen, Verification, verify};
pub use write::write;
