//! Who else looks for text: readers of characters, which live outside this crate.

use super::Grey;

/// Where a reader sees a word. What the word is does not leave the reader (I5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// First column, first row, column after the last, row after the last, in pixels of the
    /// picture, from its top left.
    pub region: [u32; 4],
    /// How sure the reader is, from 0 to 100.
    pub confidence: u8,
}

/// Why a reader gave no answer. None says what the picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReaderFault {
    /// The reader could not be started.
    #[error("the text reader could not be started")]
    Start,
    /// The reader ended with an error, or with more output than is taken.
    #[error("the text reader failed")]
    Failed,
    /// The reader did not end in time.
    #[error("the text reader did not end in time")]
    Late,
    /// The answer is not in the form that was asked for.
    #[error("the answer of the text reader cannot be understood")]
    Answer,
}

/// A reader of characters (OCR). It complements the search of [`find`](super::find), which
/// knows strokes and lines, but no letters.
pub trait TextReader: Send + Sync {
    /// The words that it is sure enough of, in any order.
    ///
    /// # Errors
    /// [`ReaderFault`]; a picture that was not read is not known to be clean.
    fn words(&self, picture: &Grey<'_>) -> Result<Vec<Word>, ReaderFault>;
}
