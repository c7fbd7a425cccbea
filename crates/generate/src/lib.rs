//! From evidence packs to items.
//!
//! - [`rules::Rules`], the built-in offline generator, and [`prompts::Prompted`], prompts over
//!   a model, both behind [`spinemed_core::seam::Generator`];
//! - [`check::run`], the deterministic checks that every revision must pass;
//! - [`messages`], the chat form that training frameworks read.
//!
//! The gate of invariant I5 stands at this crate's door: [`draft`], [`revise`] and their
//! readers take [`Deidentified`] packs alone, so that no record enters generation that has
//! not passed `spinemed-deidentify`.
//!
//! ```compile_fail
//! # use spinemed_core::{instance::Task, pack::EvidencePack};
//! fn generate(raw: &EvidencePack, task: &Task) {
//!     let _ = spinemed_generate::draft(&spinemed_generate::rules::Rules, raw, task);
//! }
//! ```
//!
//! ```
//! # use spinemed_core::{instance::Task, pack::EvidencePack};
//! # use spinemed_generate::Deidentified;
//! fn generate(clean: &Deidentified<EvidencePack>, task: &Task) {
//!     let _ = spinemed_generate::draft(&spinemed_generate::rules::Rules, clean, task);
//! }
//! ```

pub mod check;
pub mod general;
pub mod prompts;
pub mod rules;

mod agree;
mod choice;
mod entry;
mod kin;
mod messages;
mod phrase;
mod quantity;
mod text;

pub use entry::{check_revision, draft, read_draft, read_revision, revise, tasks};
pub use messages::{messages, system_prompt};
pub use spinemed_deidentify::Deidentified;
