//! From DICOM objects to pictures: reading, series, choice of frames, rendering.
//!
//! [`read`] takes bytes, tolerantly and within limits. [`series::assemble`] tells planes,
//! contrasts and the order of slices from geometry and codes, never from descriptions, which
//! de-identification removes. [`series::choose`] picks key and representative frames.
//! [`picture`] renders one as 8-bit grey PNG and records how; [`locate`] takes a pixel of it
//! back to the patient. [`frame_png`] does reading and rendering in one, for datasets whose
//! objects stand alone.
//!
//! Nothing of the header leaves but what describes the picture: modality, plane, contrast,
//! size, place and the window that was applied. No name, number, date or free text of a file
//! stands in any value or error of this crate, so that errors may be logged (I5). Unique
//! identifiers stand in the values of [`series`] alone, as the objects given have them.
//!
//! [`decode_native`] and [`decode_frame`] give the samples themselves, free of whatever coded
//! them. Transfer syntaxes: implicit, explicit, big-endian, deflated, encapsulated
//! uncompressed, deflated frames, RLE, JPEG (baseline, extended of 8 and 12 bits, lossless with
//! every predictor), JPEG-LS, JPEG 2000 and its high-throughput variant. JPEG XL, multi-component
//! JPEG 2000 and references to servers (JPIP) are refused by name, and video as such.
//!
//! Grey values follow the display pipeline of DICOM PS3.3, C.11: modality rescale or table,
//! then the first window of the file (C.11.2.1.2) where it is plausible for the pixels, in
//! radiographs the first VOI lookup table before it; else soft tissue in CT, elsewhere the
//! range between the 0.5th and 99.5th percentile, padding left out; `MONOCHROME1` and the
//! presentation shape `INVERSE` are inverted. Palettes are applied; overlays are not.
//!
//! ```
//! use spinemed_dicom::{DicomError, frame_png};
//!
//! assert!(matches!(frame_png(b"not DICOM at all", 1), Err(DicomError::NotDicom)));
//! ```

mod attribute;
mod codec;
mod colour;
mod display;
mod error;
mod geometry;
mod grey;
mod grid;
mod layout;
mod lut;
#[cfg(test)]
mod made;
mod native;
mod open;
mod picture;
mod pixels;
pub mod series;
mod unknown;
mod view;
mod weighting;

use std::panic::{AssertUnwindSafe, catch_unwind};

use dicom_object::DefaultDicomObject;
use spinemed_core::media::Media;
use spinemed_core::vocabulary::Modality;

use display::Shown;
use pixels::Samples;

pub use error::DicomError;
pub use geometry::{Plane, modality};
pub use grey::{Setting, Window};
pub use grid::{Grid, locate};
pub use native::{Native, decode_frame, decode_native};
pub use open::read;
pub use picture::{Grey, Picture, picture};
pub use pixels::without_pixels;
pub use view::View;
pub use weighting::Weighting;

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
    /// The window applied, in rescaled units; none for colour pictures and lookup tables.
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
    let object = read(bytes)?;
    catch_unwind(AssertUnwindSafe(|| render(&object, frame))).unwrap_or(Err(DicomError::Decoder))
}

fn render(object: &DefaultDicomObject, frame: u32) -> Result<Frame, DicomError> {
    let decoded = pixels::decode(object, frame, Setting::Usual)?;
    let shown = match decoded.samples {
        Samples::Grey(_, shown) => Some(shown),
        Samples::Rgb(_) => None,
    };
    let transform = match shown {
        Some(shown) => format!("frame {frame}, {shown}"),
        None => format!("frame {frame}, colour"),
    };
    let size = (decoded.columns, decoded.rows);
    Ok(Frame {
        media: Media::new(decoded.png()?, "image/png", size, &transform),
        modality: modality(object),
        plane: geometry::plane(object, frame),
        rows: decoded.rows,
        columns: decoded.columns,
        frames: decoded.frames,
        window: shown.and_then(Shown::window),
    })
}

#[cfg(test)]
mod tests;
