//! From a data set to a picture.

use std::io::Cursor;
use std::ops::RangeInclusive;

use dicom_core::header::Header;
use dicom_core::value::PixelFragmentSequence;
use dicom_core::{DataElement, VR};
use dicom_object::{DefaultDicomObject, InMemDicomObject, Tag};
use dicom_pixeldata::{DecodedPixelData, PixelDecoder};
use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};

use crate::attribute::OfFrame;
use crate::geometry::modality;
use crate::grey::{self, Curve, Setting, Window};
use crate::{DicomError, colour, open};

/// Pixels of a frame.
const MAX_PIXELS: usize = 64 << 20;
/// Frames of an object: a damaged number must not keep a machine busy.
const MAX_FRAMES: u32 = 20_000;

const SAMPLES: Tag = Tag(0x0028, 0x0002);
const PHOTOMETRIC: Tag = Tag(0x0028, 0x0004);
const FRAMES: Tag = Tag(0x0028, 0x0008);
const ROWS: Tag = Tag(0x0028, 0x0010);
const COLUMNS: Tag = Tag(0x0028, 0x0011);
const ALLOCATED: Tag = Tag(0x0028, 0x0100);
const STORED: Tag = Tag(0x0028, 0x0101);
const HIGH_BIT: Tag = Tag(0x0028, 0x0102);
const SIGNED: Tag = Tag(0x0028, 0x0103);
const PADDING: Tag = Tag(0x0028, 0x0120);
const PADDING_LIMIT: Tag = Tag(0x0028, 0x0121);
const TRANSFORMATION: Tag = Tag(0x0028, 0x9145);
const INTERCEPT: Tag = Tag(0x0028, 0x1052);
const SLOPE: Tag = Tag(0x0028, 0x1053);
const VOI: Tag = Tag(0x0028, 0x9132);
const CENTER: Tag = Tag(0x0028, 0x1050);
const WIDTH: Tag = Tag(0x0028, 0x1051);
const FUNCTION: Tag = Tag(0x0028, 0x1056);
/// Pixel Data (7FE0,0010).
pub const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

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
    /// One per pixel, and the window that was applied.
    Grey(Vec<u8>, Window),
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

/// How samples are stored, PS3.3 C.7.6.3.
pub struct Layout {
    rows: u32,
    columns: u32,
    frames: u32,
    samples: u16,
    /// Bits Allocated, 8 or 16.
    pub allocated: u16,
    stored: u16,
    shift: u16,
    signed: bool,
    /// Photometric Interpretation, trimmed.
    pub photometric: String,
}

impl Layout {
    /// Pixels of a frame.
    pub fn pixels(&self) -> usize {
        self.rows as usize * self.columns as usize
    }
}

/// Height and width in pixels, and how many frames can be shown: those that are both stated
/// and there.
pub fn frames(object: &DefaultDicomObject) -> Result<(u32, u32, u32), DicomError> {
    let layout = shown(object)?;
    let there = present(object, &layout);
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
    let Some(index) = frame.checked_sub(1).filter(|index| *index < layout.frames) else {
        return Err(DicomError::NoSuchFrame {
            frame,
            frames: layout.frames,
        });
    };
    check_stream(object, &layout)?;
    let decoded = object
        .decode_pixel_data_frame(index)
        .map_err(|_| DicomError::Decoder)?;
    let samples = if layout.samples == 1 {
        grey(object, frame, &decoded, &layout, setting)?
    } else {
        Samples::Rgb(colour::rgb(object, &decoded, &layout)?)
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
    if object.get(PIXEL_DATA).is_none() {
        return Err(DicomError::NoPixels);
    }
    let uid = object.meta().transfer_syntax();
    if !TransferSyntaxRegistry
        .get(uid)
        .is_some_and(|syntax| syntax.can_decode_all())
    {
        return Err(open::unsupported(uid));
    }
    let layout = layout(object)?;
    match (layout.samples, layout.photometric.as_str()) {
        (1, "MONOCHROME1" | "MONOCHROME2") | (3, _) => Ok(layout),
        (1, "PALETTE COLOR") => Err(DicomError::Pixels {
            what: "palette colours",
        }),
        _ => Err(DicomError::Pixels {
            what: "samples of this photometric interpretation",
        }),
    }
}

/// The object with as many empty fragments as it has frames, in place of its pixels: all that
/// [`crate::series::assemble`] needs of it, so that long series fit in memory.
#[must_use]
pub fn without_pixels(object: &DefaultDicomObject) -> DefaultDicomObject {
    let frames = layout(object).map_or(0, |layout| present(object, &layout));
    let elements = object.iter().filter(|e| e.tag() != PIXEL_DATA).cloned();
    let mut slim = InMemDicomObject::from_element_iter(elements);
    if frames > 0 {
        let empty = vec![Vec::new(); usize::try_from(frames).unwrap_or(0)];
        let pixels = PixelFragmentSequence::new(Vec::new(), empty);
        slim.put(DataElement::new(PIXEL_DATA, VR::OB, pixels));
    }
    slim.with_exact_meta(object.meta().clone())
}

/// Frames for which there are bytes: a frame has at least one fragment (PS3.5, A.4).
fn present(object: &DefaultDicomObject, layout: &Layout) -> u32 {
    let Some(element) = object.get(PIXEL_DATA) else {
        return 0;
    };
    let frames = if let Some(fragments) = element.fragments() {
        fragments.len()
    } else {
        let bytes = element
            .value()
            .primitive()
            .map_or(0, |p| p.calculate_byte_len());
        let sample = usize::from(layout.allocated / 8);
        bytes / (layout.pixels() * usize::from(layout.samples) * sample).max(1)
    };
    u32::try_from(frames).unwrap_or(u32::MAX)
}

fn layout(object: &DefaultDicomObject) -> Result<Layout, DicomError> {
    let number = |tag: Tag| {
        object
            .get(tag)
            .and_then(|element| element.to_int::<u16>().ok())
    };
    let needed = |tag: Tag, attribute| number(tag).ok_or(DicomError::Attribute { attribute });
    let (rows, columns) = (needed(ROWS, "Rows")?, needed(COLUMNS, "Columns")?);
    let allocated = needed(ALLOCATED, "BitsAllocated")?;
    let stored = number(STORED).unwrap_or(allocated);
    let high_bit = number(HIGH_BIT).unwrap_or(stored.saturating_sub(1));
    let photometric = object
        .get(PHOTOMETRIC)
        .and_then(|element| element.to_str().ok());
    let frames = object
        .get(FRAMES)
        .and_then(|element| element.to_int::<u32>().ok());
    let layout = Layout {
        rows: rows.into(),
        columns: columns.into(),
        frames: frames.unwrap_or(1).max(1),
        samples: number(SAMPLES).unwrap_or(1),
        allocated,
        stored,
        shift: (high_bit + 1).saturating_sub(stored),
        signed: number(SIGNED) == Some(1),
        photometric: photometric
            .map(|text| text.trim().to_owned())
            .unwrap_or_default(),
    };
    if !matches!(allocated, 8 | 16) {
        return Err(DicomError::Pixels {
            what: "samples of this many bits",
        });
    }
    if stored == 0 || stored > allocated || high_bit >= allocated || high_bit + 1 < stored {
        return Err(DicomError::Attribute {
            attribute: "BitsStored",
        });
    }
    if layout.pixels() == 0 || layout.pixels() > MAX_PIXELS {
        return Err(DicomError::Attribute { attribute: "Rows" });
    }
    Ok(layout)
}

/// JPEG streams carry a size of their own, which the decoder believes: a stream larger than
/// the file says is refused before memory is given to it.
fn check_stream(object: &DefaultDicomObject, layout: &Layout) -> Result<(), DicomError> {
    let fragments = object
        .get(PIXEL_DATA)
        .and_then(|element| element.fragments());
    for fragment in fragments.unwrap_or_default() {
        if let Some((height, width)) = jpeg_size(fragment)
            && (height > layout.rows || width > layout.columns)
        {
            return Err(DicomError::Attribute { attribute: "Rows" });
        }
    }
    Ok(())
}

/// Height and width in a JPEG stream's frame header (ITU-T T.81, B.2.2).
fn jpeg_size(stream: &[u8]) -> Option<(u32, u32)> {
    if !stream.starts_with(&[0xFF, 0xD8]) {
        return None;
    }
    let mut at = 2;
    loop {
        let &[0xFF, marker, high, low] = stream.get(at..at + 4)? else {
            at += 1;
            continue;
        };
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let size = stream.get(at + 5..at + 9)?;
            let side = |i: usize| u32::from(u16::from_be_bytes([size[i], size[i + 1]]));
            return Some((side(0), side(2)));
        }
        if matches!(marker, 0xFF | 0x00 | 0x01 | 0xD0..=0xD8) {
            at += 1;
            continue;
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2);
    }
}

fn grey(
    object: &DefaultDicomObject,
    frame: u32,
    decoded: &DecodedPixelData<'_>,
    layout: &Layout,
    setting: Setting,
) -> Result<Samples, DicomError> {
    let bytes = usize::from(layout.allocated / 8);
    let data = decoded
        .data()
        .get(..layout.pixels() * bytes)
        .ok_or(DicomError::Decoder)?;
    let of_frame = OfFrame::new(object, frame);
    let slope = of_frame.number(TRANSFORMATION, SLOPE);
    let slope = slope.filter(|slope| *slope != 0.0).unwrap_or(1.0);
    let intercept = of_frame.number(TRANSFORMATION, INTERCEPT).unwrap_or(0.0);
    let stored = || {
        data.chunks_exact(bytes)
            .map(|raw| stored_value(raw, layout))
    };
    let values: Vec<f64> = stored().map(|value| value * slope + intercept).collect();
    let window = grey::window(setting, modality(object), stated_window(&of_frame), || {
        let padding = padding(object, layout);
        let kept = stored().filter(|value| !padding.contains(value));
        kept.map(|value| value * slope + intercept).collect()
    });
    let inverted = layout.photometric == "MONOCHROME1";
    let shown = |value: &f64| {
        if inverted {
            255 - window.grey(*value)
        } else {
            window.grey(*value)
        }
    };
    Ok(Samples::Grey(values.iter().map(shown).collect(), window))
}

/// Stored values that stand for no measurement (PS3.3 C.7.5.1.1.2): Pixel Padding Value, and
/// all up to Pixel Padding Range Limit.
fn padding(object: &DefaultDicomObject, layout: &Layout) -> RangeInclusive<f64> {
    let value = |tag: Tag| {
        let wide = object.get(tag)?.to_int::<i32>().ok()?;
        // Writers have been met that give a signed value as an unsigned one.
        let bits = wide as u16;
        Some(if layout.signed {
            f64::from(bits as i16)
        } else {
            f64::from(bits)
        })
    };
    match (value(PADDING), value(PADDING_LIMIT)) {
        (Some(one), Some(other)) => one.min(other)..=one.max(other),
        (Some(one), None) => one..=one,
        // An empty range.
        (None, _) => 1.0..=0.0,
    }
}

/// A stored value from its bytes, which the decoder gives in the machine's order.
fn stored_value(raw: &[u8], layout: &Layout) -> f64 {
    let wide = match *raw {
        [a] => u32::from(a),
        [a, b] => u32::from(u16::from_ne_bytes([a, b])),
        _ => 0,
    };
    let unused = 32 - u32::from(layout.stored);
    let top = wide.checked_shr(layout.shift.into()).unwrap_or(0) << unused;
    if layout.signed {
        f64::from(top as i32 >> unused)
    } else {
        f64::from(top >> unused)
    }
}

/// The first window that the frame states; PS3.3 C.11.2, in functional groups C.7.6.16.2.10.
fn stated_window(frame: &OfFrame<'_>) -> Option<Window> {
    let (center, width) = (frame.number(VOI, CENTER)?, frame.number(VOI, WIDTH)?);
    let function = frame.codes(VOI, FUNCTION);
    let curve = match function.first().map(String::as_str) {
        Some("LINEAR_EXACT") => Curve::LinearExact,
        Some("SIGMOID") => Curve::Sigmoid,
        _ => Curve::Linear,
    };
    Window::of_file(center, width, curve)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_in_jpeg_streams() {
        let stream = [
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0x01, 0x00, 0x02, 0x00, 1,
        ];
        assert_eq!(jpeg_size(&stream), Some((256, 512)));
        assert_eq!(jpeg_size(&stream[..10]), None);
        assert_eq!(jpeg_size(b"RLE"), None);
    }
}
