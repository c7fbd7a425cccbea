//! The document outline (ISO 32000-1, 12.3.3): what viewers show as bookmarks.

use hayro_syntax::object::{Dict, String as TextString};
use hayro_syntax::xref::XRef;

use super::labels::text_string;
use crate::text;

/// Outlines nest; deeper than this is a loop.
const MAX_DEPTH: u8 = 12;
/// The longest textbooks have a few thousand entries; a loop of siblings ends here too.
const MAX_ENTRIES: usize = 20_000;

/// Titles with their depths, from 1, in document order.
pub(super) fn read(xref: &XRef) -> Vec<(u8, String)> {
    let mut out = Vec::new();
    let first = xref
        .get::<Dict<'_>>(xref.root_id())
        .and_then(|catalog| catalog.get::<Dict<'_>>(b"Outlines"))
        .and_then(|outlines| outlines.get::<Dict<'_>>(b"First"));
    let mut budget = MAX_ENTRIES;
    siblings(first, 1, &mut budget, &mut out);
    out
}

fn siblings(first: Option<Dict<'_>>, depth: u8, budget: &mut usize, out: &mut Vec<(u8, String)>) {
    let mut next = first;
    while let Some(entry) = next {
        if depth > MAX_DEPTH || *budget == 0 {
            return;
        }
        *budget -= 1;
        if let Some(title) = entry.get::<TextString<'_>>(b"Title") {
            let title = text::tidy(&text_string(title.as_bytes()));
            if !title.is_empty() {
                out.push((depth, title));
            }
        }
        siblings(entry.get::<Dict<'_>>(b"First"), depth + 1, budget, out);
        next = entry.get::<Dict<'_>>(b"Next");
    }
}
