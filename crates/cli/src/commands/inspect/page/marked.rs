//! Text with marks: what it names, where its panels are, which words cite a figure.

use super::escape;
use crate::commands::inspect::view::entities;

/// A stretch of a text with a class of the style sheet.
pub(super) struct Mark {
    /// Bytes of the text.
    pub(super) range: [usize; 2],
    /// The class.
    pub(super) class: String,
    /// What it says when pointed at.
    pub(super) title: String,
}

/// Marks of the levels, modalities and conditions that a text names.
pub(super) fn named(text: &str) -> Vec<Mark> {
    entities(text)
        .into_iter()
        .map(|entity| {
            let kind = serde_json::to_string(&entity.kind).unwrap_or_default();
            Mark {
                range: entity.range,
                class: kind.trim_matches('"').to_owned(),
                title: entity.id,
            }
        })
        .collect()
}

/// The text as HTML; where marks overlap, each part has the classes of all.
pub(super) fn html(text: &str, marks: &[Mark]) -> String {
    let mut cuts: Vec<usize> = marks
        .iter()
        .flat_map(|mark| mark.range)
        .chain([0, text.len()])
        .filter(|&at| text.is_char_boundary(at))
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut html = String::new();
    for part in cuts.windows(2) {
        let [start, end] = [part[0], part[1]];
        let over: Vec<&Mark> = marks
            .iter()
            .filter(|mark| mark.range[0] <= start && end <= mark.range[1])
            .collect();
        let words = escape(&text[start..end]);
        if over.is_empty() {
            html += &words;
            continue;
        }
        let classes: Vec<&str> = over.iter().map(|mark| mark.class.as_str()).collect();
        let titles: Vec<&str> = over.iter().map(|mark| mark.title.as_str()).collect();
        html += &format!(
            "<span class=\"{}\" title=\"{}\">{words}</span>",
            escape(&classes.join(" ")),
            escape(&titles.join("; "))
        );
    }
    html
}
