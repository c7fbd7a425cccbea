//! What measurements on real articles share.
#![allow(dead_code)] // Not every measurement needs all of it.

use spinemed_core::document::{BlockKind, Document};

/// Letters and digits in lower case: PDF and XML differ in spaces and dashes.
pub fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Takes away what the reader of pages found out about captions: only words and boxes stay.
pub fn strip(pages: &mut Document) {
    for figure in &mut pages.figures {
        (figure.label, figure.caption, figure.score) = (None, None, 0.0);
        figure.reasons.clear();
    }
    for block in &mut pages.blocks {
        if block.kind == BlockKind::Caption {
            block.kind = BlockKind::Paragraph;
        }
    }
}
