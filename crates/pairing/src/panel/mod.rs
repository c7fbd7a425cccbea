//! Panels: the parts of a figure that its caption names.
//!
//! Captions name panels before the words about them (`(A) Sagittal view. (B) Axial view.`,
//! `A：术前；B：术后`, `Left: … Right: …`) or after them (`Sagittal (A) and axial (B) views`).
//! A letter counts only in a row that starts with the first one, so that `vitamin A`,
//! `grade B` and the `(A)` of an abbreviation are none. Words before the first panel, and
//! sentences after the last one that speak of all, are left to all panels.

mod group;
mod mark;
mod name;
mod place;
mod row;
mod words;

use spinemed_core::document::{Document, Panel};

use crate::document::positions;
use crate::label;

pub(crate) use place::Parts;

/// The panels that a caption names, in order; none where it names fewer than two. Ranges are
/// bytes of the caption; nothing says yet which picture shows which panel.
///
/// ```
/// let found = spinemed_pairing::panels("Fig. 2. (A) Sagittal view. (B) Axial view.");
/// let labels: Vec<&str> = found.iter().map(|panel| panel.label.as_str()).collect();
/// assert_eq!(labels, ["A", "B"]);
/// ```
#[must_use]
pub fn panels(caption: &str) -> Vec<Panel> {
    let chars: Vec<char> = caption.chars().collect();
    let (start, continued) = label::leading(caption).map_or((0, false), |leading| {
        // `Fig. 2A–C.` names its panels in the label, and says nothing of each.
        let joined = chars
            .get(leading.number_end)
            .is_some_and(char::is_ascii_alphabetic);
        let start = if joined {
            leading.end
        } else {
            leading.number_end
        };
        (start, leading.continued)
    });
    let marks = mark::marks(&chars, start);
    let Some(row) = row::find(&chars, start, marks, continued) else {
        return Vec::new();
    };
    let Some(named) = words::of(&chars, start, &row) else {
        return Vec::new();
    };
    let bytes = bytes(caption);
    named
        .into_iter()
        .map(|(label, range)| Panel {
            label,
            ranges: vec![[bytes[range[0]], bytes[range[1]]]],
            medium: None,
            bbox: None,
        })
        .collect()
}

/// Fills the panels of figures that have none yet, and says which picture shows which where a
/// figure has as many pictures as panels: pictures stand in the order of rows, then columns,
/// or in that of the markup.
pub(crate) fn fill(document: &mut Document, parts: &Parts) {
    let position = positions(&document.blocks);
    for figure in &mut document.figures {
        let caption = figure.caption.as_deref().and_then(|id| position.get(id));
        if let (Some(&at), true) = (caption, figure.panels.is_empty()) {
            figure.panels = panels(&document.blocks[at].text);
            place::fill(figure, parts);
        }
    }
}

/// Where each character starts, and where the text ends.
pub(crate) fn bytes(text: &str) -> Vec<usize> {
    text.char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect()
}

#[cfg(test)]
mod tests;
