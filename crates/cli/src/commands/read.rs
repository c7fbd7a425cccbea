//! `spinemed read`: the child that reads one document. What it says is for its parent alone
//! (`spinemed_host::serve`).

use std::io::{BufReader, stdin, stdout};

use crate::context::Context;
use crate::exit;
use crate::failure::Failure;
use crate::reading::here;

/// Answers one question on standard input.
pub fn run(context: &Context, pages: usize) -> Result<u8, Failure> {
    let from = BufReader::new(stdin().lock());
    spinemed_host::serve(&here(pages, context.ocr), from, stdout().lock())?;
    Ok(exit::DONE)
}
