//! `spinemed retract`: takes something out of every later build.

use spinemed_core::review::{Retraction, RetractionScope};

use crate::args::Scope;
use crate::context::Context;
use crate::exit;
use crate::failure::Failure;
use crate::output::say;

/// Enters a withdrawal.
pub fn run(context: &Context, scope: Scope, id: String, reason: String) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    let (_lock, mut opened) = context.open_to_write(&workspace)?;
    let what = match scope {
        Scope::Source => RetractionScope::Source(id.clone()),
        Scope::Document => RetractionScope::Document(id.clone()),
        Scope::Instance => RetractionScope::Instance(id.clone()),
    };
    opened.ledger.retract(&Retraction { what, reason })?;
    say!("`{id}` is withdrawn; the next `spinemed build` leaves it and what came of it out");
    Ok(exit::DONE)
}
