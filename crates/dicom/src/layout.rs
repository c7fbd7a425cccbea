//! How an object's samples are stored (PS3.3 C.7.6.3), and how its transfer syntax codes them.

use dicom_object::{DefaultDicomObject, Tag};

use crate::{DicomError, open};

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
/// Pixel Data (7FE0,0010).
pub const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

/// How frames are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// As they are, in the byte order of the data set.
    Plain,
    /// As they are, each deflated (PS3.5, A.4.11).
    Deflated,
    /// RLE Lossless.
    Rle,
    /// JPEG, JPEG-LS or JPEG 2000.
    Jpeg,
}

/// The coding that a transfer syntax names (PS3.5, annex A).
pub fn coding(uid: &str) -> Result<Coding, DicomError> {
    let (root, rest) = uid.split_at_checked(17).unwrap_or((uid, ""));
    match (root, rest) {
        ("1.2.840.10008.1.2", "" | ".1" | ".2" | ".1.98" | ".1.99") => Ok(Coding::Plain),
        ("1.2.840.10008.1.2", ".8.1") => Ok(Coding::Deflated),
        ("1.2.840.10008.1.2", ".5") => Ok(Coding::Rle),
        ("1.2.840.10008.1.2", ".4.50" | ".4.51" | ".4.57" | ".4.70") => Ok(Coding::Jpeg),
        ("1.2.840.10008.1.2", ".4.80" | ".4.81" | ".4.90" | ".4.91") => Ok(Coding::Jpeg),
        ("1.2.840.10008.1.2", ".4.201" | ".4.202" | ".4.203") => Ok(Coding::Jpeg),
        _ => Err(open::unsupported(uid)),
    }
}

/// How samples are stored.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Height of a frame.
    pub rows: u32,
    /// Width of a frame.
    pub columns: u32,
    /// Frames, as stated; 1 where nothing is.
    pub frames: u32,
    /// Samples per pixel.
    pub samples: u16,
    /// Bits Allocated: 1, 8, 16 or 32.
    pub allocated: u16,
    /// Bits Stored.
    pub stored: u16,
    /// High Bit.
    pub high_bit: u16,
    /// Whether Pixel Representation says two's complement.
    pub signed: bool,
    /// Whether Planar Configuration says colour by plane.
    pub planar: bool,
    /// Photometric Interpretation, trimmed.
    pub photometric: String,
    /// The coding of the transfer syntax.
    pub coding: Coding,
}

impl Layout {
    /// The layout of an object with pixel data.
    pub fn of(object: &DefaultDicomObject) -> Result<Self, DicomError> {
        if object.get(PIXEL_DATA).is_none() {
            return Err(DicomError::NoPixels);
        }
        let layout = Self::stated(object)?;
        layout.check()?;
        Ok(layout)
    }

    fn stated(object: &DefaultDicomObject) -> Result<Self, DicomError> {
        let number = |tag: Tag| object.get(tag).and_then(|e| e.to_int::<u16>().ok());
        let needed = |tag: Tag, attribute| number(tag).ok_or(DicomError::Attribute { attribute });
        let allocated = needed(ALLOCATED, "BitsAllocated")?;
        let stored = number(STORED).unwrap_or(allocated);
        let photometric = object.get(PHOTOMETRIC).and_then(|e| e.to_str().ok());
        let photometric = photometric.as_deref().unwrap_or_default();
        let frames = object.get(FRAMES).and_then(|e| e.to_int::<u32>().ok());
        Ok(Self {
            rows: needed(ROWS, "Rows")?.into(),
            columns: needed(COLUMNS, "Columns")?.into(),
            frames: frames.unwrap_or(1).max(1),
            samples: number(SAMPLES).unwrap_or(1),
            allocated,
            stored,
            high_bit: number(HIGH_BIT).unwrap_or(stored.saturating_sub(1)),
            signed: number(SIGNED) == Some(1),
            planar: number(PLANAR) == Some(1),
            photometric: photometric.trim_matches(['\0', ' ']).to_owned(),
            coding: coding(object.meta().transfer_syntax())?,
        })
    }

    fn check(&self) -> Result<(), DicomError> {
        let bad = |attribute| Err(DicomError::Attribute { attribute });
        if !matches!(self.allocated, 1 | 8 | 16 | 32) {
            return Err(DicomError::Pixels {
                what: "samples of this many bits",
            });
        }
        if !matches!(self.samples, 1 | 3 | 4) {
            return bad("SamplesPerPixel");
        }
        let top = self.high_bit.saturating_add(1);
        if self.stored == 0 || self.stored > top || top > self.allocated {
            return bad("BitsStored");
        }
        if self.pixels() == 0 || self.pixels() > MAX_PIXELS {
            return bad("Rows");
        }
        Ok(())
    }

    /// Pixels of a frame.
    pub fn pixels(&self) -> usize {
        self.rows as usize * self.columns as usize
    }

    /// Samples of a frame.
    pub fn len(&self) -> usize {
        self.pixels() * usize::from(self.samples)
    }

    /// Bytes of a decoded sample.
    pub fn bytes(&self) -> usize {
        usize::from(self.allocated.div_ceil(8))
    }

    /// Whether two pixels share their colour (PS3.3 C.7.6.3.1.2).
    pub fn is_422(&self) -> bool {
        self.photometric == "YBR_FULL_422" && self.samples == 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_of_transfer_syntaxes() {
        let check = |rest: &str, expect| {
            assert_eq!(
                coding(&format!("1.2.840.10008.1.2{rest}")).ok(),
                expect,
                "{rest}"
            );
        };
        check("", Some(Coding::Plain));
        check(".1.98", Some(Coding::Plain));
        check(".8.1", Some(Coding::Deflated));
        check(".5", Some(Coding::Rle));
        check(".4.50", Some(Coding::Jpeg));
        check(".4.203", Some(Coding::Jpeg));
        check(".4.92", None);
        check(".4.102", None);
        assert_eq!(coding("1.2").ok(), None);
        assert_eq!(coding("").ok(), None);
    }
}
