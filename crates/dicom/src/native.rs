//! Samples of frames, free of whatever coded them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dicom_object::DefaultDicomObject;

use crate::DicomError;
use crate::codec::{self, Decoded, Expect, Fault};
use crate::layout::{Coding, Layout, PIXEL_DATA};

mod fragments;
mod plain;

/// Bytes of all frames together.
const MAX_BYTES: usize = 1 << 30;
/// Samples of a frame that a stream of a few bytes may hold: it may be black.
const FREE_SAMPLES: usize = 16 << 20;
/// Larger frames than that need a byte for so many samples.
const MAX_RATIO: usize = 4096;

/// Decoded samples: pixel by pixel (Planar Configuration 0), row by row from the top, frame
/// by frame, in little-endian order.
///
/// Values are those of the object, before any rescaling: colours as they were stored (luma
/// and colour differences stay what they are), signed values in two's complement of the whole
/// sample where they were compressed. Bits beyond [`Native::high_bit`] of uncompressed
/// samples are what the file has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Native {
    /// Frames in `data`.
    pub frames: u32,
    /// Height of a frame in pixels.
    pub rows: u32,
    /// Width of a frame in pixels.
    pub columns: u32,
    /// Samples per pixel.
    pub samples: u16,
    /// Bits of a sample in `data`: 8, 16 or 32. Single bits take a byte each.
    pub bits_allocated: u16,
    /// Bits Stored of `data`: the object's, or the stream's where JPEG 2000 says more.
    pub bits_stored: u16,
    /// High Bit of `data`.
    pub high_bit: u16,
    /// Whether samples are in two's complement.
    pub signed: bool,
    /// The Photometric Interpretation of `data`: `RGB` where the object says `YBR_RCT` or
    /// `YBR_ICT`, `YBR_FULL` where it says `YBR_FULL_422`; elsewhere the object's, unless a
    /// JPEG stream itself tells that it is another.
    pub photometric: String,
    /// Planar Configuration of `data`: always 0.
    pub planar: u16,
    /// The samples.
    pub data: Vec<u8>,
}

/// Decodes all frames of an object.
///
/// # Errors
/// [`DicomError`] where there are no pixels, where no decoder reads the transfer syntax, where
/// header and data do not fit together, and where all frames would take more than a gigabyte;
/// [`decode_frame`] takes less. Never panics.
pub fn decode_native(object: &DefaultDicomObject) -> Result<Native, DicomError> {
    guarded(|| {
        let layout = Layout::of(object)?;
        let whole = (layout.len() * layout.bytes()).saturating_mul(layout.frames as usize);
        if whole > MAX_BYTES {
            return Err(DicomError::TooLarge {
                bytes: whole,
                limit: MAX_BYTES,
            });
        }
        let mut all = one(object, &layout, 0)?;
        for index in 1..layout.frames {
            let frame = one(object, &layout, index)?;
            if (&frame.photometric, frame.bits_stored) != (&all.photometric, all.bits_stored) {
                return Err(DicomError::Decoder);
            }
            all.data.extend(frame.data);
        }
        all.frames = layout.frames;
        Ok(all)
    })
}

/// Decodes one frame, counted from 1.
///
/// # Errors
/// As [`decode_native`], and [`DicomError::NoSuchFrame`].
pub fn decode_frame(object: &DefaultDicomObject, frame: u32) -> Result<Native, DicomError> {
    guarded(|| {
        let layout = Layout::of(object)?;
        frame_of(object, &layout, frame)
    })
}

/// [`decode_frame`] of a known layout, without a net for panics.
pub fn frame_of(
    object: &DefaultDicomObject,
    layout: &Layout,
    frame: u32,
) -> Result<Native, DicomError> {
    match frame.checked_sub(1).filter(|index| *index < layout.frames) {
        Some(index) => one(object, layout, index),
        None => Err(DicomError::NoSuchFrame {
            frame,
            frames: layout.frames,
        }),
    }
}

/// Frames of the object for which there are bytes.
pub fn present(object: &DefaultDicomObject, layout: &Layout) -> u32 {
    let Some(element) = object.get(PIXEL_DATA) else {
        return 0;
    };
    let frames = match element.fragments() {
        Some(fragments) => fragments.len(),
        None => plain::present(element, layout),
    };
    u32::try_from(frames).unwrap_or(u32::MAX)
}

/// Decoders below are fed with hostile bytes: their panics are errors. They hold no state
/// between calls that a panic could spoil.
fn guarded<T>(decode: impl FnOnce() -> Result<T, DicomError>) -> Result<T, DicomError> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or(Err(DicomError::Decoder))
}

fn one(object: &DefaultDicomObject, layout: &Layout, index: u32) -> Result<Native, DicomError> {
    let blank = Native {
        frames: 1,
        rows: layout.rows,
        columns: layout.columns,
        samples: layout.samples,
        bits_allocated: layout.allocated.max(8),
        bits_stored: layout.stored,
        high_bit: layout.high_bit,
        signed: layout.signed,
        photometric: photometric(layout),
        planar: 0,
        data: Vec::new(),
    };
    let element = object.get(PIXEL_DATA).ok_or(DicomError::NoPixels)?;
    if element.fragments().is_none() {
        if layout.coding != Coding::Plain {
            return Err(DicomError::Decoder);
        }
        let big = object.meta().transfer_syntax() == crate::open::EXPLICIT_BIG;
        let data = plain::frame(element, layout, index as usize, big)?;
        return Ok(Native { data, ..blank });
    }
    let stream = fragments::of_frame(object, element, layout.frames, index)?;
    if layout.len() > FREE_SAMPLES.max(stream.len().saturating_mul(MAX_RATIO)) {
        return Err(DicomError::Decoder);
    }
    let expect = Expect {
        rows: layout.rows as usize,
        columns: layout.columns as usize,
        samples: layout.samples.into(),
        allocated: layout.allocated,
    };
    match layout.coding {
        Coding::Plain => {
            let data = plain::samples(stream.into_owned(), layout)?;
            Ok(Native { data, ..blank })
        }
        Coding::Deflated => {
            let raw = plain::inflate(&stream, layout)?;
            let data = plain::samples(raw, layout)?;
            Ok(Native { data, ..blank })
        }
        Coding::Rle if matches!(layout.allocated, 8 | 16 | 32) => {
            let data = codec::rle(&stream, expect)?;
            Ok(Native { data, ..blank })
        }
        Coding::Jpeg if matches!(layout.allocated, 8 | 16) => {
            let decoded = codec::jpeg_family(&stream, expect)?;
            filled(blank, layout, decoded)
        }
        _ => Err(DicomError::Pixels {
            what: "compressed samples of this many bits",
        }),
    }
}

/// The photometric interpretation after decoding.
fn photometric(layout: &Layout) -> String {
    match (layout.coding, layout.photometric.as_str()) {
        (Coding::Jpeg, "YBR_RCT" | "YBR_ICT") => "RGB",
        (_, "YBR_FULL_422") => "YBR_FULL",
        (_, other) => other,
    }
    .to_owned()
}

/// Decoded samples in the width that the object allocates.
fn filled(blank: Native, layout: &Layout, decoded: Decoded) -> Result<Native, DicomError> {
    let precision = u16::from(decoded.precision);
    if precision > layout.allocated {
        return Err(DicomError::Attribute {
            attribute: "BitsAllocated",
        });
    }
    let unused = 16 - precision;
    // A signed value in an unsigned stream is cut to the stream's bits: its sign is spread.
    let spread = layout.signed && !decoded.signed;
    let sample = |sample: u16| {
        if spread {
            ((sample << unused) as i16 >> unused) as u16
        } else {
            sample
        }
    };
    let samples = decoded.samples.into_iter().map(sample);
    let data = if layout.allocated == 8 {
        samples.map(|sample| sample as u8).collect()
    } else {
        samples.flat_map(u16::to_le_bytes).collect()
    };
    let stored = if decoded.exact {
        layout.stored.max(precision)
    } else {
        layout.stored
    };
    let photometric = match decoded.ycc {
        Some(true) => "YBR_FULL".to_owned(),
        Some(false) => "RGB".to_owned(),
        None => blank.photometric,
    };
    Ok(Native {
        bits_stored: stored,
        high_bit: stored - 1,
        photometric,
        data,
        ..blank
    })
}

impl From<Fault> for DicomError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged => Self::Decoder,
            Fault::Size => Self::StreamSize,
            Fault::Unsupported => Self::Process,
        }
    }
}
