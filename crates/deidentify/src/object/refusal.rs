//! Why an object does not pass.

use dicom_core::Tag;
use spinemed_core::outcome::DropReason;

/// Why an object does not pass. Tags, classes and limits alone are told, never a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ObjectRefusal {
    /// Without Patient ID (0010,0020) nobody knows whose object it is.
    #[error("the object states no patient identifier")]
    NoPatientId,
    /// The object is filed under another patient than its case.
    #[error("the object belongs to another patient than its case")]
    OtherPatient,
    /// A DICOMDIR lists names and numbers of a whole medium.
    #[error("a media directory is not passed on")]
    Directory,
    /// An encapsulated document, which only a person can judge.
    #[error("an encapsulated document is not passed on before a person has looked at it")]
    Document,
    /// The object's content goes under this profile, and without it nothing is left.
    #[error("nothing is left of {what} without the option that cleans it")]
    Nothing {
        /// The kind of object, in words.
        what: &'static str,
    },
    /// The SOP class is no image, or is not known.
    #[error("{what} is not passed on")]
    Class {
        /// The kind of object, in words.
        what: &'static str,
    },
    /// An attribute that no image can do without is missing or impossible.
    #[error("the attribute `{tag}` is missing or impossible")]
    Attribute {
        /// Its tag.
        tag: Tag,
    },
    /// An element cannot be decoded, though the object cannot do without it.
    #[error("the element `{tag}` cannot be decoded")]
    Undecodable {
        /// Its tag.
        tag: Tag,
    },
    /// Sequences nest deeper than any real object's.
    #[error("sequences nest deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// An overlay stands in unused bits of the pixels, where no rule for elements reaches it.
    #[error("an overlay stands in the bits of the pixel data")]
    EmbeddedOverlay,
    /// A compressed stream whose comments cannot be found: it is damaged, or of a codec that no
    /// rule exists for.
    #[error("the compressed pixel data cannot be searched for comments")]
    Compressed,
    /// The transfer syntax is not known, so the pixel data cannot be told apart from text.
    #[error("the transfer syntax is not known")]
    TransferSyntax,
    /// The clean object cannot be written.
    #[error("the clean object cannot be written")]
    Unwritable,
}

impl From<&ObjectRefusal> for DropReason {
    fn from(refusal: &ObjectRefusal) -> Self {
        Self::Privacy {
            detail: refusal.to_string(),
        }
    }
}
