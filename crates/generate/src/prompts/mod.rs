//! Prompts over a language model: templates, response schemas, and the generator.
//!
//! Templates are the files of `prompts/` in this crate, rendered by minijinja with strict
//! undefined values; a pipeline may override any of them by name. Evidence is fenced as data:
//! the fence carries a digest of the evidence itself, so that no text can close it, and equal
//! evidence gives equal requests (I4).

mod generator;
mod lint;
mod parse;
mod render;
mod schema;
mod templates;

pub use generator::Prompted;
pub use lint::{Fault, lint};
pub use render::{PromptError, render, render_revision};
pub use schema::{draft_schema, revision_schema};
pub use templates::templates;
