//! Lookup tables (PS3.3, C.11.1.1, C.11.2.1.1 and C.7.6.3.1.5).

use dicom_core::value::PrimitiveValue;
use dicom_object::{InMemDicomObject, Tag};

mod segments;

const DESCRIPTOR: Tag = Tag(0x0028, 0x3002);
const DATA: Tag = Tag(0x0028, 0x3006);

/// A table.
pub struct Lut {
    first: i32,
    bits: u32,
    entries: Vec<u16>,
    /// Whether entries use more than 8 bits.
    wide: bool,
}

impl Lut {
    /// The table of a sequence's item; none where descriptor and data do not fit. `signed`
    /// says that the values it takes may be negative.
    pub fn of(item: &InMemDicomObject, signed: bool) -> Option<Self> {
        Self::at(item, DESCRIPTOR, DATA, None, signed)
    }

    /// The table of a descriptor and its data, or its data in segments.
    pub fn at(
        object: &InMemDicomObject,
        descriptor: Tag,
        data: Tag,
        segmented: Option<Tag>,
        signed: bool,
    ) -> Option<Self> {
        let numbers = object.get(descriptor)?.to_multi_int::<i32>().ok()?;
        let [count, first, bits] = <[i32; 3]>::try_from(numbers).ok()?;
        // 65536 does not fit into 16 bits and is written as 0.
        let count = match count as u16 {
            0 => 1 << 16,
            count => usize::from(count),
        };
        let first = first as u16;
        let first = if signed {
            i32::from(first as i16)
        } else {
            i32::from(first)
        };
        let bits = u32::try_from(bits)
            .ok()
            .filter(|bits| (8..=16).contains(bits))?;
        let value = |tag| object.get(tag).and_then(|e| e.value().primitive());
        let entries = match (value(data), segmented.and_then(value)) {
            (Some(plain), _) => entries(plain, count)?,
            (None, Some(segments)) => {
                let expanded = segments::expand(&words(segments)?, count)?;
                (expanded.len() == count).then_some(expanded)?
            }
            (None, None) => return None,
        };
        let wide = bits > 8 && entries.iter().any(|entry| *entry > 255);
        Some(Self {
            first,
            bits,
            entries,
            wide,
        })
    }

    /// The entry of a value; values beyond an end have that end's.
    pub fn entry(&self, value: f64) -> u16 {
        let at = (value.round() - f64::from(self.first)).max(0.0) as usize;
        self.entries[at.min(self.entries.len() - 1)]
    }

    /// The entry of a value as 0 to 255.
    pub fn grey(&self, value: f64) -> u8 {
        let most = f64::from((1u32 << self.bits) - 1);
        (f64::from(self.entry(value)) * 255.0 / most).round() as u8
    }

    /// The entry of a value in 8 bits, for colours: their upper byte. Writers have been met
    /// that fill 8 bits of 16 only.
    pub fn colour(&self, value: f64) -> u8 {
        let entry = self.entry(value);
        if self.wide {
            (entry >> (self.bits - 8)) as u8
        } else {
            entry as u8
        }
    }
}

/// Entries are words; tables of 8 bits have been met that have two in each.
fn entries(value: &PrimitiveValue, count: usize) -> Option<Vec<u16>> {
    if let PrimitiveValue::U8(bytes) = value
        && bytes.len() < 2 * count
    {
        let bytes = bytes.get(..count)?;
        return Some(bytes.iter().map(|byte| u16::from(*byte)).collect());
    }
    let words = words(value)?;
    if let Some(whole) = words.get(..count) {
        return Some(whole.to_vec());
    }
    let bytes = words.iter().flat_map(|word| word.to_le_bytes());
    let bytes: Vec<u16> = bytes.take(count).map(u16::from).collect();
    (bytes.len() == count).then_some(bytes)
}

fn words(value: &PrimitiveValue) -> Option<Vec<u16>> {
    match value {
        PrimitiveValue::U8(bytes) => {
            let (words, _) = bytes.as_chunks::<2>();
            Some(words.iter().map(|word| u16::from_le_bytes(*word)).collect())
        }
        PrimitiveValue::U16(words) => Some(words.to_vec()),
        PrimitiveValue::I16(words) => Some(words.iter().map(|word| *word as u16).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, VR};

    use super::*;

    fn table(descriptor: [u16; 3], data: &[u16], signed: bool) -> Option<Lut> {
        let mut item = InMemDicomObject::new_empty();
        let words = |words: &[u16]| PrimitiveValue::U16(words.iter().copied().collect());
        item.put(DataElement::new(DESCRIPTOR, VR::US, words(&descriptor)));
        item.put(DataElement::new(DATA, VR::OW, words(data)));
        Lut::of(&item, signed)
    }

    #[test]
    fn entries_of_values() {
        let lut = table([3, 10, 12], &[0, 2048, 4095], false).expect("a table");
        assert_eq!(
            [0.0, 10.0, 11.0, 12.0, 99.0].map(|v| lut.grey(v)),
            [0, 0, 128, 255, 255]
        );
        let lut = table([2, 0xFFFF, 16], &[0, 0xFFFF], true).expect("a table");
        assert_eq!([-5.0, -1.0, 0.0].map(|v| lut.grey(v)), [0, 0, 255]);
        let lut = table([4, 0, 8], &[0x0100, 0x0302], false).expect("a table");
        assert_eq!([0.0, 1.0, 2.0, 3.0].map(|v| lut.entry(v)), [0, 1, 2, 3]);
    }

    #[test]
    fn tables_that_do_not_fit_are_none() {
        assert!(table([9, 0, 16], &[1, 2], false).is_none());
        assert!(table([2, 0, 7], &[1, 2], false).is_none());
        assert!(table([0, 0, 16], &[1, 2], false).is_none());
    }
}
