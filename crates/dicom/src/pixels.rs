//! From a data set to a picture.

use std::io::Cursor;

use dicom_object::{DefaultDicomObject, Tag};
use dicom_pixeldata::{DecodedPixelData, PixelDecoder, VoiLutFunction};
use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};

use crate::DicomError;
use crate::grey::{Curve, Window};

/// Pixels of a frame.
const MAX_PIXELS: usize = 64 << 20;

const SAMPLES: Tag = Tag(0x0028, 0x0002);
const PHOTOMETRIC: Tag = Tag(0x0028, 0x0004);
const PLANAR: Tag = Tag(0x0028, 0x0006);
const FRAMES: Tag = Tag(0x0028, 0x0008);
const ROWS: Tag = Tag(0x0028, 0x0010);
const COLUMNS: Tag = Tag(0x0028, 0x0011);
const ALLOCATED: Tag = Tag(0x0028, 0x0100);
const STORED: Tag = Tag(0x0028, 0x0101);
const HIGH_BIT: Tag = Tag(0x0028, 0x0102);
const SIGNED: Tag = Tag(0x0028, 0x0103);
const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
const RLE: &str = "1.2.840.10008.1.2.5";

/// A frame ready to be written: 8 bits per sample.
pub struct Picture {
    /// Height.
    pub rows: u32,
    /// Width.
    pub columns: u32,
    /// Frames in the file.
    pub frames: u32,
    /// The window; none for colour.
    pub window: Option<Window>,
    samples: Vec<u8>,
}

impl Picture {
    /// The picture as PNG.
    pub fn png(&self) -> Result<Vec<u8>, DicomError> {
        let colour = if self.window.is_some() {
            ExtendedColorType::L8
        } else {
            ExtendedColorType::Rgb8
        };
        let mut out = Cursor::new(Vec::new());
        PngEncoder::new(&mut out)
            .write_image(&self.samples, self.columns, self.rows, colour)
            .map_err(|_| DicomError::Decoder)?;
        Ok(out.into_inner())
    }
}

/// How samples are stored, PS3.3 C.7.6.3.
struct Layout {
    rows: u32,
    columns: u32,
    frames: u32,
    samples: u16,
    allocated: u16,
    stored: u16,
    shift: u16,
    signed: bool,
    photometric: String,
}

impl Layout {
    fn pixels(&self) -> usize {
        self.rows as usize * self.columns as usize
    }
}

/// Decodes a frame, counted from 1.
pub fn decode(object: &DefaultDicomObject, frame: u32) -> Result<Picture, DicomError> {
    if object.get(PIXEL_DATA).is_none() {
        return Err(DicomError::NoPixels);
    }
    let uid = object.meta().transfer_syntax();
    if !TransferSyntaxRegistry
        .get(uid)
        .is_some_and(|syntax| syntax.can_decode_all())
    {
        return Err(DicomError::TransferSyntax {
            uid: uid.to_owned(),
        });
    }
    let layout = layout(object)?;
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
    match (layout.samples, layout.photometric.as_str()) {
        (1, "MONOCHROME1" | "MONOCHROME2") => grey(&decoded, &layout),
        (1, "PALETTE COLOR") => Err(DicomError::Pixels {
            what: "palette colours",
        }),
        (3, _) => colour(object, &decoded, &layout),
        _ => Err(DicomError::Pixels {
            what: "samples of this photometric interpretation",
        }),
    }
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

fn grey(decoded: &DecodedPixelData<'_>, layout: &Layout) -> Result<Picture, DicomError> {
    let bytes = usize::from(layout.allocated / 8);
    let data = decoded
        .data()
        .get(..layout.pixels() * bytes)
        .ok_or(DicomError::Decoder)?;
    let rescale = decoded.rescale().ok().and_then(|all| all.first().copied());
    let (slope, intercept) = rescale.map_or((1.0, 0.0), |r| (r.slope, r.intercept));
    let values: Vec<f64> = data
        .chunks_exact(bytes)
        .map(|raw| stored_value(raw, layout) * slope + intercept)
        .collect();
    let window = stated_window(decoded).unwrap_or_else(|| Window::of_values(&values));
    let inverted = layout.photometric == "MONOCHROME1";
    let shown = |value: &f64| {
        if inverted {
            255 - window.grey(*value)
        } else {
            window.grey(*value)
        }
    };
    Ok(Picture {
        rows: layout.rows,
        columns: layout.columns,
        frames: layout.frames,
        window: Some(window),
        samples: values.iter().map(shown).collect(),
    })
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

fn stated_window(decoded: &DecodedPixelData<'_>) -> Option<Window> {
    let window = decoded.window().ok()??.first().copied()?;
    let curve = match decoded
        .voi_lut_function()
        .ok()
        .flatten()
        .and_then(|all| all.first())
    {
        Some(VoiLutFunction::LinearExact) => Curve::LinearExact,
        Some(VoiLutFunction::Sigmoid) => Curve::Sigmoid,
        _ => Curve::Linear,
    };
    Window::of_file(window.center, window.width, curve)
}

fn colour(
    object: &DefaultDicomObject,
    decoded: &DecodedPixelData<'_>,
    layout: &Layout,
) -> Result<Picture, DicomError> {
    if layout.allocated != 8 {
        return Err(DicomError::Pixels {
            what: "colours of more than 8 bits",
        });
    }
    let encapsulated = object
        .get(PIXEL_DATA)
        .is_some_and(|e| e.fragments().is_some());
    // The library converts what a JPEG decoder gives; RLE knows nothing of colours.
    let raw = !encapsulated || object.meta().transfer_syntax() == RLE;
    let photometric = if raw {
        layout.photometric.as_str()
    } else {
        "RGB"
    };
    if !matches!(photometric, "RGB" | "YBR_FULL") {
        return Err(DicomError::Pixels {
            what: "colours of this photometric interpretation",
        });
    }
    let data = decoded
        .data()
        .get(..layout.pixels() * 3)
        .ok_or(DicomError::Decoder)?;
    let planar = object.get(PLANAR).and_then(|e| e.to_int::<u16>().ok()) == Some(1);
    let mut samples = if planar && !encapsulated {
        interleave(data)
    } else {
        data.to_vec()
    };
    if photometric == "YBR_FULL" {
        samples.chunks_exact_mut(3).for_each(ybr_to_rgb);
    }
    let (rows, columns, frames) = (layout.rows, layout.columns, layout.frames);
    Ok(Picture {
        rows,
        columns,
        frames,
        window: None,
        samples,
    })
}

fn interleave(planes: &[u8]) -> Vec<u8> {
    let pixels = planes.len() / 3;
    (0..pixels)
        .flat_map(|i| [planes[i], planes[pixels + i], planes[2 * pixels + i]])
        .collect()
}

/// `YBR_FULL` to RGB, PS3.3 C.7.6.3.1.2.
fn ybr_to_rgb(pixel: &mut [u8]) {
    let [y, cb, cr] = [pixel[0], pixel[1], pixel[2]].map(f64::from);
    let (cb, cr) = (cb - 128.0, cr - 128.0);
    pixel[0] = (y + 1.402 * cr).round() as u8;
    pixel[1] = (y - 0.344_136 * cb - 0.714_136 * cr).round() as u8;
    pixel[2] = (y + 1.772 * cb).round() as u8;
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

    #[test]
    fn colours_are_converted() {
        let mut grey = [77, 128, 128];
        ybr_to_rgb(&mut grey);
        assert_eq!(grey, [77, 77, 77]);
        let mut red = [76, 85, 255];
        ybr_to_rgb(&mut red);
        assert_eq!(red, [254, 0, 0]);
        assert_eq!(interleave(&[1, 2, 3, 4, 5, 6]), [1, 3, 5, 2, 4, 6]);
    }
}
