//! Mentions of levels in texts.

use super::{Level, parse_label};

/// What the words around a mention say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A vertebra or a part of one.
    Bone,
    /// A disc.
    Disc,
    /// A nerve root.
    Root,
}

/// A level named in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// Characters (Unicode scalar values) of the text, `[start, end)`.
    pub range: [usize; 2],
    /// The level.
    pub level: Level,
    /// What the words around it say that it is, where they do.
    pub unit: Option<Unit>,
    /// Whether the spelling or its surroundings leave doubt (`L45`, `L5-1`, a level alone).
    pub low_confidence: bool,
}

/// The levels that a text names, in order of the text.
#[must_use]
pub fn mentions(text: &str) -> Vec<Mention> {
    // First cut: whole words that are a label of a disc or lumbar vertebra.
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive([' ', ',', '.', ';', ':', '\n']) {
        let core = word.trim_end_matches([' ', ',', '.', ';', ':', '\n']);
        if let Some(level) = parse_label(core) {
            found.push(Mention {
                range: [at, at + core.chars().count()],
                level,
                unit: None,
                low_confidence: true,
            });
        }
        at += word.chars().count();
    }
    found
}
