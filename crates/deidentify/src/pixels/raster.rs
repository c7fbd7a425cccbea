//! The stored samples of an object, to be looked at and changed in place.

use dicom_core::value::{PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::{FileDicomObject, InMemDicomObject};

use super::Suspicion;
use super::boxes::Region;
use super::layout::{Colours, Layout};
use super::recolour;

/// Pixel Data (7FE0,0010).
pub(super) const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

/// The samples of all frames.
pub(super) struct Raster {
    /// How they are stored.
    pub layout: Layout,
    /// Whether they were compressed in the object.
    pub decoded: bool,
    /// The bytes of all frames, of the lowest bits first where a sample has several.
    data: Vec<u8>,
}

impl Raster {
    /// The samples of an object; nothing where it has no pixels of whole numbers.
    ///
    /// # Errors
    /// [`Suspicion::Size`] where there are fewer bytes than the header says, or a side is not
    /// stated; [`Suspicion::Bits`], [`Suspicion::Photometric`] and [`Suspicion::Samples`] for
    /// layouts that are not known; [`Suspicion::Undecodable`].
    pub fn open(object: &FileDicomObject<InMemDicomObject>) -> Result<Option<Self>, Suspicion> {
        let Some(element) = object.get(PIXEL_DATA) else {
            return Ok(None);
        };
        let (layout, data, decoded) = match element.value() {
            Value::PixelSequence(_) => {
                let (layout, data) = decode(object)?;
                (layout, data, true)
            }
            Value::Primitive(PrimitiveValue::U8(bytes)) => {
                let layout = Layout::of(object, bytes.len())?;
                (layout, bytes.to_vec(), false)
            }
            Value::Primitive(PrimitiveValue::U16(words)) => {
                let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
                (Layout::of(object, bytes.len())?, bytes, false)
            }
            _ => return Err(Suspicion::Size),
        };
        let needed = layout.bytes().ok_or(Suspicion::Size)?;
        if data.len() < needed {
            return Err(Suspicion::Size);
        }
        Ok(Some(Self {
            layout,
            decoded,
            data,
        }))
    }

    /// The stored values of a channel of a frame, row by row. Halved chroma is doubled.
    pub fn channel(&self, frame: u32, channel: u32) -> Vec<i32> {
        let (width, height) = self.layout.size();
        let mut values = Vec::with_capacity(self.layout.pixels());
        for y in 0..height {
            for x in 0..width {
                values.push(self.layout.value(self.raw(frame, channel, x, y)));
            }
        }
        values
    }

    /// The stored values of a channel inside a box.
    pub fn values(&self, frame: u32, channel: u32, [x0, y0, x1, y1]: Region) -> Vec<i32> {
        let row = |y| (x0..x1).map(move |x| self.layout.value(self.raw(frame, channel, x, y)));
        (y0..y1).flat_map(row).collect()
    }

    /// The bits of a channel that are allocated but not stored.
    pub fn spare(&self, frame: u32, channel: u32) -> Vec<u32> {
        let (width, height) = self.layout.size();
        let row = |y| (0..width).map(move |x| self.raw(frame, channel, x, y));
        (0..height)
            .flat_map(row)
            .map(|raw| self.layout.spare(raw))
            .collect()
    }

    /// Which pixels of a frame have these stored values, one for each channel.
    pub fn equals(&self, frame: u32, values: &[i32]) -> Vec<bool> {
        let (width, height) = self.layout.size();
        let is = |x, y| {
            let mut pairs = (0..).zip(values);
            pairs
                .all(|(channel, value)| self.layout.value(self.raw(frame, channel, x, y)) == *value)
        };
        let row = |y| (0..width).map(move |x| (x, y));
        (0..height).flat_map(row).map(|(x, y)| is(x, y)).collect()
    }

    /// How many pixels of a box have other stored values than these, one for each channel.
    pub fn others(&self, frame: u32, [x0, y0, x1, y1]: Region, values: &[i32]) -> u64 {
        let differs = |x, y| {
            let mut pairs = (0..).zip(values);
            pairs
                .any(|(channel, value)| self.layout.value(self.raw(frame, channel, x, y)) != *value)
        };
        let row = |y| (x0..x1).filter(move |x| differs(*x, y)).count() as u64;
        (y0..y1).map(row).sum()
    }

    /// The bytes of a frame, where each frame begins with a byte of its own.
    pub fn frame(&self, frame: u32) -> Option<&[u8]> {
        let bits = self.layout.frame_bits()?;
        let (from, to) = (
            bits.checked_mul(frame as usize)?,
            bits.checked_mul(frame as usize + 1)?,
        );
        (from % 8 == 0 && to % 8 == 0).then(|| self.data.get(from / 8..to / 8))?
    }

    /// Sets all samples of a box to stored values, one for each channel. Says whether any
    /// changed. All allocated bits are written.
    pub fn fill(&mut self, frame: u32, region: Region, values: &[i32]) -> bool {
        let [x0, y0, x1, y1] = self.layout.whole_samples(region);
        let mut changed = false;
        for (channel, value) in (0..).zip(values) {
            let raw = self.layout.encode(*value);
            for y in y0..y1 {
                for x in x0..x1 {
                    if self.raw(frame, channel, x, y) != raw {
                        self.set(frame, channel, (x, y), raw);
                        changed = true;
                    }
                }
            }
        }
        changed
    }

    /// All allocated bits of a sample; zero outside of the picture, which no caller asks for.
    fn raw(&self, frame: u32, channel: u32, x: u32, y: u32) -> u32 {
        let at = self.layout.place(frame, channel, x, y);
        let bytes = |count: usize| self.data.get(at * count..(at + 1) * count);
        match self.layout.allocated {
            1 => self
                .data
                .get(at / 8)
                .map(|byte| u32::from(byte >> (at % 8) & 1)),
            8 => self.data.get(at).map(|byte| u32::from(*byte)),
            16 => bytes(2).map(|pair| u32::from(u16::from_le_bytes([pair[0], pair[1]]))),
            _ => bytes(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])),
        }
        .unwrap_or(0)
    }

    fn set(&mut self, frame: u32, channel: u32, (x, y): (u32, u32), raw: u32) {
        let at = self.layout.place(frame, channel, x, y);
        if self.layout.allocated == 1 {
            if let Some(byte) = self.data.get_mut(at / 8) {
                *byte = *byte & !(1 << (at % 8)) | ((raw as u8 & 1) << (at % 8));
            }
            return;
        }
        let width = (self.layout.allocated / 8) as usize;
        if let Some(sample) = self.data.get_mut(at * width..(at + 1) * width) {
            sample.copy_from_slice(&raw.to_le_bytes()[..width]);
        }
    }

    /// Writes the samples back. What was native stays in its element's form; what was
    /// compressed becomes Explicit VR Little Endian, with a header that says so, and colours
    /// become RGB, for many classes allow nothing else without compression. Whether the
    /// picture once was compressed with loss (0028,2110) is left as it is told.
    pub fn store(self, object: &mut FileDicomObject<InMemDicomObject>) {
        let old = object.get(PIXEL_DATA);
        let words = match old.map(|element| element.value()) {
            Some(Value::Primitive(PrimitiveValue::U8(_))) => false,
            Some(Value::Primitive(_)) => true,
            _ => self.layout.allocated > 8,
        };
        let vr = match old.map(DataElement::vr) {
            Some(vr) if !self.decoded => vr,
            _ if words => VR::OW,
            _ => VR::OB,
        };
        let mut data = self.data;
        if data.len() % 2 == 1 && self.decoded {
            // Values have an even number of bytes (PS3.5, 7.1.1).
            data.push(0);
        }
        let value = if words {
            let word = |pair: &[u8]| u16::from_le_bytes([pair[0], pair[1]]);
            PrimitiveValue::U16(data.chunks_exact(2).map(word).collect())
        } else {
            PrimitiveValue::U8(data.into())
        };
        object.put(DataElement::new(PIXEL_DATA, vr, value));
        if self.decoded {
            self.layout.state(object);
        }
    }
}

/// Decodes compressed pixels; colours become red, green and blue, pixel by pixel.
fn decode(object: &FileDicomObject<InMemDicomObject>) -> Result<(Layout, Vec<u8>), Suspicion> {
    let native = spinemed_dicom::decode_native(object).map_err(|_| Suspicion::Undecodable)?;
    let (samples, stored) = (u32::from(native.samples), u32::from(native.bits_stored));
    let layout = Layout {
        rows: native.rows,
        columns: native.columns,
        frames: native.frames,
        samples,
        allocated: native.bits_allocated.into(),
        stored,
        shift: (u32::from(native.high_bit) + 1)
            .checked_sub(stored)
            .ok_or(Suspicion::Bits)?,
        signed: native.signed,
        planar: native.planar == 1,
        colours: Colours::of(&native.photometric, samples, true)?,
    };
    let layout = layout.checked()?;
    Ok(recolour::to_rgb(layout, native.data))
}
