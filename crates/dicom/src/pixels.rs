//! From samples to a picture of 8 bits.

use std::io::Cursor;

use dicom_core::header::Header;
use dicom_core::value::PixelFragmentSequence;
use dicom_core::{DataElement, VR};
use dicom_object::{DefaultDicomObject, InMemDicomObject};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};

use crate::display::{self, Shown};
use crate::grey::Setting;
use crate::layout::{Layout, PIXEL_DATA};
use crate::{DicomError, colour, native};

/// Frames of an object: a damaged number must not keep a machine busy.
const MAX_FRAMES: u32 = 20_000;

/// A frame with 8 bits per sample.
pub struct Decoded {
    /// Height.
    pub rows: u32,
    /// Width.
    pub columns: u32,
    /// Frames in the file.
    pub frames: u32,
    /// The samples.
    pub samples: Samples,
}

/// The samples of a frame.
pub enum Samples {
    /// One per pixel, and how they were made.
    Grey(Vec<u8>, Shown),
    /// Red, green and blue.
    Rgb(Vec<u8>),
}

impl Decoded {
    /// The picture as PNG.
    pub fn png(&self) -> Result<Vec<u8>, DicomError> {
        let (samples, colour) = match &self.samples {
            Samples::Grey(samples, _) => (samples, ExtendedColorType::L8),
            Samples::Rgb(samples) => (samples, ExtendedColorType::Rgb8),
        };
        png(samples, self.columns, self.rows, colour)
    }
}

/// Writes samples as PNG.
pub fn png(
    samples: &[u8],
    columns: u32,
    rows: u32,
    colour: ExtendedColorType,
) -> Result<Vec<u8>, DicomError> {
    let mut out = Cursor::new(Vec::new());
    PngEncoder::new(&mut out)
        .write_image(samples, columns, rows, colour)
        .map_err(|_| DicomError::Decoder)?;
    Ok(out.into_inner())
}

/// Height and width in pixels, and how many frames can be shown: those that are both stated
/// and there.
pub fn frames(object: &DefaultDicomObject) -> Result<(u32, u32, u32), DicomError> {
    let layout = shown(object)?;
    let there = native::present(object, &layout);
    if layout.frames > MAX_FRAMES {
        return Err(DicomError::Attribute {
            attribute: "NumberOfFrames",
        });
    }
    match layout.frames.min(there) {
        0 => Err(DicomError::Decoder),
        frames => Ok((layout.rows, layout.columns, frames)),
    }
}

/// Decodes a frame, counted from 1.
pub fn decode(
    object: &DefaultDicomObject,
    frame: u32,
    setting: Setting,
) -> Result<Decoded, DicomError> {
    let layout = shown(object)?;
    let native = native::frame_of(object, &layout, frame)?;
    let samples = if native.photometric.starts_with("MONOCHROME") {
        let (samples, shown) = display::grey(object, frame, &native, setting)?;
        Samples::Grey(samples, shown)
    } else {
        Samples::Rgb(colour::rgb(object, native)?)
    };
    Ok(Decoded {
        rows: layout.rows,
        columns: layout.columns,
        frames: layout.frames,
        samples,
    })
}

/// The layout of an object whose pixels this crate renders.
fn shown(object: &DefaultDicomObject) -> Result<Layout, DicomError> {
    let layout = Layout::of(object)?;
    match (layout.samples, layout.photometric.as_str()) {
        (1, "MONOCHROME1" | "MONOCHROME2" | "PALETTE COLOR") => Ok(layout),
        (3, photometric) if !photometric.starts_with("MONOCHROME") => Ok(layout),
        _ => Err(DicomError::Pixels {
            what: "samples of this photometric interpretation",
        }),
    }
}

/// The object with as many empty fragments as it has frames, in place of its pixels: all that
/// [`crate::series::assemble`] needs of it, so that long series fit in memory.
#[must_use]
pub fn without_pixels(object: &DefaultDicomObject) -> DefaultDicomObject {
    let layout = Layout::of(object);
    let frames = layout.map_or(0, |layout| native::present(object, &layout));
    let elements = object.iter().filter(|e| e.tag() != PIXEL_DATA).cloned();
    let mut slim = InMemDicomObject::from_element_iter(elements);
    if frames > 0 {
        let empty = vec![Vec::new(); frames.min(MAX_FRAMES + 1) as usize];
        let pixels = PixelFragmentSequence::new(Vec::new(), empty);
        slim.put(DataElement::new(PIXEL_DATA, VR::OB, pixels));
    }
    slim.with_exact_meta(object.meta().clone())
}
