//! How samples are stored (DICOM PS3.3, C.7.6.3, and PS3.5, 8).

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_object::{FileDicomObject, InMemDicomObject};

use super::Suspicion;
use super::boxes::Region;
use super::header::{number, texts};

const SAMPLES: Tag = Tag(0x0028, 0x0002);
const PHOTOMETRIC: Tag = Tag(0x0028, 0x0004);
const PLANAR: Tag = Tag(0x0028, 0x0006);
/// Number of Frames.
pub(super) const FRAMES: Tag = Tag(0x0028, 0x0008);
const ROWS: Tag = Tag(0x0028, 0x0010);
const COLUMNS: Tag = Tag(0x0028, 0x0011);
const ALLOCATED: Tag = Tag(0x0028, 0x0100);
const STORED: Tag = Tag(0x0028, 0x0101);
const HIGH_BIT: Tag = Tag(0x0028, 0x0102);
const SIGNED: Tag = Tag(0x0028, 0x0103);
/// Where compressed frames begin and how long they are; meaningless for native ones.
const OFFSETS: [Tag; 3] = [
    Tag(0x7FE0, 0x0001),
    Tag(0x7FE0, 0x0002),
    Tag(0x7FE0, 0x0003),
];
const EXPLICIT_LITTLE: &str = "1.2.840.10008.1.2.1";

/// Frames of an object: a damaged number must not keep a machine busy.
const MAX_FRAMES: u32 = 20_000;
/// The longest side, in pixels.
const MAX_SIDE: u32 = 16_384;

/// What the samples of a pixel mean (PS3.3, C.7.6.3.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colours {
    /// Grey, the least value white.
    Monochrome1,
    /// Grey, the least value black.
    Monochrome2,
    /// An index of a table.
    Palette,
    /// Red, green and blue.
    Rgb,
    /// Luma and two chromas, of the full or of a partial range.
    Ybr {
        /// Whether luma begins at a sixteenth of the range.
        partial: bool,
        /// Whether two neighbours share their chromas, stored as luma, luma, chroma, chroma.
        halved: bool,
    },
}

impl Colours {
    /// What a photometric interpretation says; decoders undo the transforms of JPEG 2000.
    pub fn of(photometric: &str, samples: u32, decoded: bool) -> Result<Self, Suspicion> {
        let halved = !decoded;
        let ybr = |partial, halved| Self::Ybr { partial, halved };
        let (colours, expected) = match photometric.trim_matches([' ', '\0']) {
            "MONOCHROME1" => (Self::Monochrome1, 1),
            "MONOCHROME2" => (Self::Monochrome2, 1),
            "PALETTE COLOR" => (Self::Palette, 1),
            "RGB" | "YBR_ICT" | "YBR_RCT" => (Self::Rgb, 3),
            "YBR_FULL" => (ybr(false, false), 3),
            "YBR_FULL_422" => (ybr(false, halved), 3),
            "YBR_PARTIAL_422" | "YBR_PARTIAL_420" => (ybr(true, halved), 3),
            _ => return Err(Suspicion::Photometric),
        };
        if samples == expected {
            Ok(colours)
        } else {
            Err(Suspicion::Samples)
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Monochrome1 => "MONOCHROME1",
            Self::Monochrome2 => "MONOCHROME2",
            Self::Palette => "PALETTE COLOR",
            Self::Rgb => "RGB",
            Self::Ybr { partial: false, .. } => "YBR_FULL",
            Self::Ybr { partial: true, .. } => "YBR_PARTIAL_422",
        }
    }
}

/// How samples are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Height of a frame.
    pub rows: u32,
    /// Width of a frame.
    pub columns: u32,
    /// Frames.
    pub frames: u32,
    /// Channels of a pixel.
    pub samples: u32,
    /// Bits that a sample takes: 1, 8, 16 or 32.
    pub allocated: u32,
    /// Bits of them that hold the value.
    pub stored: u32,
    /// Bits below the value.
    pub shift: u32,
    /// Whether the value has a sign.
    pub signed: bool,
    /// Whether each channel lies together, frame by frame.
    pub planar: bool,
    /// What the samples mean.
    pub colours: Colours,
}

impl Layout {
    /// The layout of native pixels that take `bytes` bytes.
    pub fn of(object: &InMemDicomObject, bytes: usize) -> Result<Self, Suspicion> {
        let side = |tag| number(object, tag).ok_or(Suspicion::Size);
        let bits = |tag| number(object, tag).ok_or(Suspicion::Bits);
        let samples = number(object, SAMPLES).unwrap_or(1);
        let photometric = texts(object, PHOTOMETRIC);
        let [photometric] = photometric.as_slice() else {
            return Err(Suspicion::Photometric);
        };
        let allocated = bits(ALLOCATED)?;
        let stored = number(object, STORED).unwrap_or(allocated);
        let high = number(object, HIGH_BIT).unwrap_or(stored.wrapping_sub(1));
        if high >= allocated {
            return Err(Suspicion::Bits);
        }
        let mut layout = Self {
            rows: side(ROWS)?,
            columns: side(COLUMNS)?,
            frames: number(object, FRAMES).unwrap_or(1).max(1),
            samples,
            allocated,
            stored,
            shift: (high + 1).checked_sub(stored).ok_or(Suspicion::Bits)?,
            signed: number(object, SIGNED) == Some(1),
            planar: samples > 1 && number(object, PLANAR) == Some(1),
            colours: Colours::of(photometric, samples, false)?,
        };
        if let Colours::Ybr {
            partial,
            halved: true,
        } = layout.colours
        {
            // Writers have been met that decompress without halving, yet keep the name.
            layout.colours = Colours::Ybr {
                partial,
                halved: false,
            };
            if layout.bytes().is_none_or(|full| full > bytes) {
                layout.colours = Colours::Ybr {
                    partial,
                    halved: true,
                };
                layout.planar = false;
            }
        }
        layout.checked()
    }

    /// The layout, if the limits of this module allow it.
    pub fn checked(self) -> Result<Self, Suspicion> {
        if !matches!(self.allocated, 1 | 8 | 16 | 32)
            || self.stored == 0
            || self.stored + self.shift > self.allocated
        {
            return Err(Suspicion::Bits);
        }
        let sides = 1..=MAX_SIDE;
        let odd = self.halves_chroma() && self.columns % 2 == 1;
        if !sides.contains(&self.rows)
            || !sides.contains(&self.columns)
            || self.frames > MAX_FRAMES
            || odd
        {
            return Err(Suspicion::Size);
        }
        Ok(self)
    }

    /// Width and height of a frame.
    pub fn size(&self) -> (u32, u32) {
        (self.columns, self.rows)
    }

    /// Pixels of a frame.
    pub fn pixels(&self) -> usize {
        self.rows as usize * self.columns as usize
    }

    fn halves_chroma(&self) -> bool {
        matches!(self.colours, Colours::Ybr { halved: true, .. })
    }

    /// Samples of a frame.
    fn samples_of_frame(&self) -> usize {
        let channels = if self.halves_chroma() {
            2
        } else {
            self.samples
        };
        self.pixels().saturating_mul(channels as usize)
    }

    /// Bits of a frame.
    pub fn frame_bits(&self) -> Option<usize> {
        self.samples_of_frame().checked_mul(self.allocated as usize)
    }

    /// Bytes of all frames; nothing where they are more than a machine can address.
    pub fn bytes(&self) -> Option<usize> {
        let bits = self.frame_bits()?.checked_mul(self.frames as usize)?;
        Some(bits.div_ceil(8))
    }

    /// Which sample, counted from the first of all frames, holds a channel of a pixel.
    pub fn place(&self, frame: u32, channel: u32, x: u32, y: u32) -> usize {
        let (x, channel) = (x as usize, channel as usize);
        let before = y as usize * self.columns as usize;
        let within = if self.halves_chroma() {
            let pair = 2 * (before + x - x % 2);
            pair + if channel == 0 { x % 2 } else { 1 + channel }
        } else if self.planar {
            channel * self.pixels() + before + x
        } else {
            (before + x) * self.samples as usize + channel
        };
        frame as usize * self.samples_of_frame() + within
    }

    /// The box made larger where neighbours share samples.
    pub fn whole_samples(&self, [x0, y0, x1, y1]: Region) -> Region {
        if self.halves_chroma() {
            [x0 - x0 % 2, y0, (x1 + x1 % 2).min(self.columns), y1]
        } else {
            [x0, y0, x1, y1]
        }
    }

    fn mask(&self) -> u32 {
        u32::MAX >> (32 - self.stored.clamp(1, 32))
    }

    /// The value that the allocated bits hold. Unsigned values of 32 bits are halved, so that
    /// one type holds them all.
    pub fn value(&self, raw: u32) -> i32 {
        let value = raw.checked_shr(self.shift).unwrap_or(0) & self.mask();
        let unused = 32 - self.stored.clamp(1, 32);
        if self.signed {
            (value << unused) as i32 >> unused
        } else if unused == 0 {
            (value >> 1) as i32
        } else {
            value as i32
        }
    }

    /// The allocated bits that hold a value. Bits above it repeat its sign, those below are zero.
    pub fn encode(&self, value: i32) -> u32 {
        let doubled = !self.signed && self.stored >= 32;
        let value = if doubled {
            (value as u32) << 1
        } else {
            value as u32
        };
        let value = if self.signed {
            value
        } else {
            value & self.mask()
        };
        let all = u32::MAX >> (32 - self.allocated.clamp(1, 32));
        value.checked_shl(self.shift).unwrap_or(0) & all
    }

    /// The allocated bits that hold no value, unless they merely repeat its sign.
    pub fn spare(&self, raw: u32) -> u32 {
        let value = self.value(raw);
        let plain = (value as u32).checked_shl(self.shift).unwrap_or(0);
        let all = u32::MAX >> (32 - self.allocated.clamp(1, 32));
        let own = self.mask().checked_shl(self.shift).unwrap_or(0);
        if self.signed && raw == plain & all {
            0
        } else {
            raw & all & !own
        }
    }

    /// Says in an object's header that its pixels are native and laid out like this.
    pub fn state(&self, object: &mut FileDicomObject<InMemDicomObject>) {
        let mut put = |tag, number: u32| {
            let value = PrimitiveValue::from(number as u16);
            object.put(DataElement::new(tag, VR::US, value));
        };
        put(SAMPLES, self.samples);
        put(ALLOCATED, self.allocated);
        put(STORED, self.stored);
        put(HIGH_BIT, self.shift + self.stored - 1);
        put(SIGNED, self.signed.into());
        if self.samples > 1 {
            put(PLANAR, self.planar.into());
        }
        let photometric = PrimitiveValue::from(self.colours.name());
        object.put(DataElement::new(PHOTOMETRIC, VR::CS, photometric));
        for tag in OFFSETS {
            object.remove_element(tag);
        }
        object.update_meta(|meta| EXPLICIT_LITTLE.clone_into(&mut meta.transfer_syntax));
    }
}
