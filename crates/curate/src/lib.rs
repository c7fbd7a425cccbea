//! Curation: what is left out, what is the same, and which split the rest belongs to.
//!
//! It comes twice: over evidence packs, before money is spent ([`packs`]), and over
//! instances, after review ([`instances`]). Each time a record is first reduced to a small
//! summary, in parallel and on its own ([`summarise`], [`summarise_instance`]); the step over
//! the whole set then sees summaries alone. Both steps are plain functions of a *set*: the
//! order in which summaries arrive changes nothing (I8).
//!
//! Splits are drawn over groups (a document, a patient), never over packs. Groups that share
//! an exact text or picture are joined first, so that no evidence stands on both sides.

mod boilerplate;
mod components;
mod duplicates;
mod instances;
mod normal;
mod packs;
mod quality;
mod settings;
mod small_cells;
mod splits;
mod summary;

pub use instances::{InstanceSummary, instances, summarise_instance};
pub use normal::normalised;
pub use packs::{Decisions, packs};
pub use quality::judge;
pub use settings::{CurateSettings, SplitSettings};
pub use small_cells::{Fate, SmallCell, SmallCells, Traits, generalise, small_cells};
pub use splits::{PartProof, PinConflict, Pins, SplitProof};
pub use summary::{PackSummary, SameRule, summarise};
