//! Why a frame cannot be shown.

/// Why a frame cannot be shown. Messages carry no header text; what the parsing library
/// says is left out, because it may quote values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DicomError {
    /// The file is larger than this reader takes.
    #[error("{bytes} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Neither a DICOM file nor a bare data set.
    #[error("not a DICOM file")]
    NotDicom,
    /// The file meta information or data set is damaged.
    #[error("the {part} is damaged or truncated")]
    Damaged {
        /// Which part.
        part: &'static str,
    },
    /// A value or sequence goes on beyond the end of the file.
    #[error("the file ends before the data set does")]
    Truncated,
    /// More elements than any real file has.
    #[error("more than {limit} elements")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// Sequences nest deeper than any real file's.
    #[error("sequences nest deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// No decoder for this encoding.
    #[error("transfer syntax {uid} is not supported")]
    TransferSyntax {
        /// The unique identifier (DICOM PS3.6, annex A).
        uid: String,
    },
    /// Moving pictures: a stream of frames that build on each other.
    #[error("transfer syntax {uid} is video, which is not decoded")]
    Video {
        /// The unique identifier (DICOM PS3.6, annex A).
        uid: String,
    },
    /// A document, structure set or plan: there is nothing to show.
    #[error("there are no pixels")]
    NoPixels,
    /// The frame does not exist.
    #[error("frame {frame} is not among the {frames} of the file")]
    NoSuchFrame {
        /// Asked for, from 1.
        frame: u32,
        /// Frames there are.
        frames: u32,
    },
    /// An attribute that describes pixels is missing or impossible.
    #[error("{attribute} is missing or impossible")]
    Attribute {
        /// The attribute's keyword (DICOM PS3.6).
        attribute: &'static str,
    },
    /// Pixels of a kind that is not rendered.
    #[error("{what} are not rendered")]
    Pixels {
        /// What kind.
        what: &'static str,
    },
    /// The compressed picture has another size or number of colours than the object states.
    #[error("the compressed picture has another size than the object states")]
    StreamSize,
    /// The compressed picture uses a process of its standard for which there is no decoder.
    #[error("the compressed picture uses a process that is not decoded")]
    Process,
    /// The decoder failed on these bytes.
    #[error("the pixel data does not decode")]
    Decoder,
}
