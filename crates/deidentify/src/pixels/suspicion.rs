//! Why a picture cannot be proven free of burned-in text.

use super::ReaderFault;

/// The first reason found. None says what a header or a picture contains: positions and rules
/// alone, so that it may be logged (I5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Suspicion {
    /// The pixels look like a line of text.
    #[error(
        "something like text lies in the picture [{}, {}, {}, {} in pixels]",
        region[0],
        region[1],
        region[2],
        region[3]
    )]
    Text {
        /// Where: first column, first row, column after the last, row after the last, in
        /// pixels of the picture, from its top left.
        region: [u32; 4],
    },
    /// Fewer or more pixels than width and height say, or a side above the limit.
    #[error("the picture's size does not fit its pixels")]
    Size,
    /// The SOP class (0008,0016) is missing, or not one of slices and radiographs. Secondary
    /// captures, ultrasound, video and encapsulated documents commonly have text burned in.
    #[error("the SOP class in (0008,0016) is not one of plain slices or radiographs")]
    SopClass,
    /// Burned In Annotation (0028,0301) says that there is text, or something other than NO.
    #[error("the header says in (0028,0301) that text may be burned in")]
    BurnedIn,
    /// The image type (0008,0008), or a frame's type (0008,9007), is secondary or mixed, or
    /// derived without being primary.
    #[error("the image is secondary, or derived and not primary, by (0008,0008) or (0008,9007)")]
    Derived,
    /// A conversion type (0008,0064) is given: the image was digitised or captured.
    #[error("the image was converted from another medium, says (0008,0064)")]
    Converted,
    /// The photometric interpretation (0028,0004) is missing or not grey.
    #[error("the photometric interpretation in (0028,0004) is not grey")]
    Photometric,
    /// Samples per pixel (0028,0002) are missing or not one.
    #[error("the samples per pixel in (0028,0002) are not one")]
    Samples,
    /// An overlay plane (60xx,xxxx) is present, drawn beside or inside the pixels.
    #[error("there is an overlay plane in group `{group:04X}`")]
    Overlay {
        /// The group of the overlay.
        group: u16,
    },
    /// The value does not begin at the lowest bit, or (0028,0101) or (0028,0102) is missing, so
    /// that an overlay may lie in bits which readers take for the picture.
    #[error("the pixel's bits in (0028,0101) and (0028,0102) do not fit each other")]
    Bits,
    /// The compressed pixels do not decode, or not to as many frames as the header says.
    #[error("the compressed pixels do not decode")]
    Undecodable,
    /// Text is likely by the header, none was found, and nobody has read the picture.
    #[error("text is likely by the header, none was found, and no reader or person confirms it")]
    Unread,
    /// What looks like text covers so much of a frame that blanking leaves no use in it.
    #[error("what looks like text covers most of frame {frame}")]
    Covered {
        /// The frame, counted from 1.
        frame: u32,
    },
    /// A reader gave no answer.
    #[error("the picture could not be read")]
    Reader(#[source] ReaderFault),
}
