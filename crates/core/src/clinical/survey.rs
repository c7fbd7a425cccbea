//! What a text as a whole speaks of.

use crate::vocabulary::Modality;

/// How much a text speaks of the spine and of orthopaedics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relevance {
    /// Words and phrases of the spine, level mentions included.
    pub spine: u32,
    /// Words and phrases of orthopaedics beyond the spine.
    pub orthopaedic: u32,
    /// All words; each Chinese character counts as one.
    pub words: u32,
}

/// Counts the words of a text.
#[must_use]
pub fn relevance(text: &str) -> Relevance {
    Relevance {
        words: u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX),
        ..Relevance::default()
    }
}

/// The imaging modality that a caption or report names, when it names one alone.
#[must_use]
pub fn modality(text: &str) -> Option<Modality> {
    let _ = text;
    None
}

/// The condition that a text is mainly about, by its identifier.
#[must_use]
pub fn condition(text: &str) -> Option<&'static str> {
    let _ = text;
    None
}
