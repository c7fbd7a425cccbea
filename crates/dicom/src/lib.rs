//! Turns one frame of a DICOM image into an 8-bit PNG.
//!
//! Nothing of the header leaves but what describes the picture: modality, plane, size and
//! the window that was applied. No name, number, date or free text of a file stands in any
//! value or error of this crate, so that errors may be logged (I5).
//!
//! Grey values follow the display pipeline of DICOM PS3.3, C.11: modality rescale, then the
//! first window of the file (C.11.2.1.2), or the range between the 0.5th and 99.5th
//! percentile where it states none; `MONOCHROME1` is inverted. VOI lookup tables, overlays
//! and palettes are not applied. Transfer syntaxes: uncompressed, deflated, RLE, JPEG
//! baseline and lossless; JPEG 2000 and JPEG-LS are refused by name.
//!
//! ```
//! use spinemed_dicom::{DicomError, frame_png};
//!
//! assert!(matches!(frame_png(b"not DICOM at all", 1), Err(DicomError::NotDicom)));
//! ```

mod error;
mod geometry;
mod grey;
mod open;
mod pixels;

use std::panic::{AssertUnwindSafe, catch_unwind};

use spinemed_core::media::Media;
use spinemed_core::vocabulary::Modality;

pub use error::DicomError;
pub use geometry::Plane;
pub use grey::Window;

/// A frame as a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// An 8-bit PNG, grey or RGB; its `transform` says which frame and window.
    pub media: Media,
    /// How the picture was made; `Other` where the file does not say or it is another.
    pub modality: Modality,
    /// The plane nearest to the slice, where the file states its orientation.
    pub plane: Option<Plane>,
    /// Height in pixels.
    pub rows: u32,
    /// Width in pixels.
    pub columns: u32,
    /// Frames in the file.
    pub frames: u32,
    /// The window applied, in rescaled units; none for colour pictures.
    pub window: Option<Window>,
}

/// Decodes a frame, counted from 1, and renders it as an 8-bit PNG.
///
/// Files without preamble or file meta information are read too; their transfer syntax is
/// told from their first element.
///
/// # Errors
/// [`DicomError`] for whatever keeps the frame from being shown. Never panics: the decoder
/// below is third-party code fed with hostile bytes, so its panics are caught and become
/// [`DicomError::Decoder`]. It holds no state between calls that a panic could spoil.
pub fn frame_png(bytes: &[u8], frame: u32) -> Result<Frame, DicomError> {
    catch_unwind(AssertUnwindSafe(|| render(bytes, frame))).unwrap_or(Err(DicomError::Decoder))
}

fn render(bytes: &[u8], frame: u32) -> Result<Frame, DicomError> {
    let object = open::read(bytes)?;
    let picture = pixels::decode(&object, frame)?;
    let (rows, columns) = (picture.rows, picture.columns);
    let bytes = picture.png()?;
    let transform = match &picture.window {
        Some(window) => format!("frame {frame}, {window}"),
        None => format!("frame {frame}, colour"),
    };
    Ok(Frame {
        media: Media::new(bytes, "image/png", (columns, rows), &transform),
        modality: geometry::modality(&object),
        plane: geometry::plane(&object, frame),
        rows,
        columns,
        frames: picture.frames,
        window: picture.window,
    })
}

#[cfg(test)]
mod tests;
