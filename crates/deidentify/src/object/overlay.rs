//! Bits of pixels that belong to no picture.
//!
//! Between Bits Stored and Bits Allocated there is room for overlays (PS3.3, C.9.2, retired),
//! which no rule for elements reaches, and for anything else. In uncompressed pixels these
//! bits are cleared; of signed numbers they repeat the sign, as their writers have them.

use dicom_core::Tag;
use dicom_core::value::PrimitiveValue;
use dicom_object::InMemDicomObject;

/// Which bits of a sample hold the picture (PS3.5, 8.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    allocated: u32,
    stored: u32,
    high: u32,
    signed: bool,
}

impl Cell {
    /// The cell that an object describes. None where the description is impossible.
    pub(super) fn of(clean: &InMemDicomObject) -> Option<Self> {
        let number = |element| clean.get(Tag(0x0028, element))?.to_int::<u32>().ok();
        let allocated = number(0x0100)?;
        let stored = number(0x0101).unwrap_or(allocated);
        let high = number(0x0102).unwrap_or(stored.checked_sub(1)?);
        let possible = matches!(allocated, 1 | 8 | 16 | 32 | 64)
            && (1..=allocated).contains(&stored)
            && (stored - 1..allocated).contains(&high);
        possible.then_some(Self {
            allocated,
            stored,
            high,
            signed: number(0x0103) == Some(1),
        })
    }

    /// Whether a sample is a single bit.
    pub(super) fn is_bit(self) -> bool {
        self.allocated == 1
    }

    /// The bits of the picture, as a mask.
    fn mask(self) -> u64 {
        let ones = u64::MAX >> (64 - self.stored);
        ones << (self.high + 1 - self.stored)
    }

    /// A sample without other bits. The sign is repeated above it where `extend` says so.
    fn cleared(self, sample: u64, extend: bool) -> u64 {
        let all = u64::MAX >> (64 - self.allocated);
        let kept = sample & self.mask();
        if extend && (sample >> self.high) & 1 == 1 {
            return (kept | (u64::MAX << self.high)) & all;
        }
        kept
    }
}

/// Whether an overlay stands in bits of the pixels: a group of overlay attributes without data
/// of its own.
pub(super) fn embedded(raw: &InMemDicomObject) -> bool {
    raw.tags()
        .filter(|tag| tag.group() >> 8 == 0x60 && tag.element() == 0x0100)
        .any(|tag| raw.get(Tag(tag.group(), 0x3000)).is_none())
}

/// Clears the other bits of all samples. Returns whether there was any to clear; a value that
/// holds none is left as it is.
pub(super) fn clear(value: &mut PrimitiveValue, cell: Cell) -> bool {
    if cell.stored == cell.allocated {
        return false;
    }
    match (value, cell.allocated) {
        // By far the most frequent: it is worth a loop that processors do many at a time.
        (PrimitiveValue::U8(bytes), 16) if cell.high + 1 == cell.stored => words(bytes, cell),
        (PrimitiveValue::U8(bytes), allocated @ (8 | 16 | 32 | 64)) => {
            let width = allocated as usize / 8;
            let read = |bytes: &[u8]| {
                let whole = bytes.iter().rev();
                whole.fold(0, |sample, byte| (sample << 8) | u64::from(*byte))
            };
            let write = |bytes: &mut [u8], sample: u64| {
                bytes.copy_from_slice(&sample.to_le_bytes()[..bytes.len()]);
            };
            samples(bytes, width, cell, read, write)
        }
        (PrimitiveValue::U16(words), allocated @ (16 | 32 | 64)) => {
            let width = allocated as usize / 16;
            let read = |words: &[u16]| {
                let whole = words.iter().rev();
                whole.fold(0, |sample, word| (sample << 16) | u64::from(*word))
            };
            let write = |words: &mut [u16], sample: u64| {
                for (at, word) in words.iter_mut().enumerate() {
                    *word = ((sample >> (16 * at)) & 0xFFFF) as u16;
                }
            };
            samples(words, width, cell, read, write)
        }
        (PrimitiveValue::U16(words), 8) => {
            // Two samples in a word, the first in its lower half (PS3.5, 8.1.2).
            let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            let read = |bytes: &[u8]| u64::from(bytes[0]);
            let write = |bytes: &mut [u8], sample: u64| bytes[0] = (sample & 0xFF) as u8;
            let changed = samples(&mut bytes, 1, cell, read, write);
            let (pairs, _) = bytes.as_chunks::<2>();
            for (word, pair) in words.iter_mut().zip(pairs) {
                *word = u16::from_le_bytes(*pair);
            }
            changed
        }
        _ => false,
    }
}

/// Clears samples of 16 bits whose lowest bits are the picture, as [`samples`] does.
fn words(bytes: &mut [u8], cell: Cell) -> bool {
    let (samples, _) = bytes.as_chunks_mut::<2>();
    let free = 16 - cell.stored;
    let other = !(u16::MAX >> free);
    let all = samples
        .iter()
        .fold(0, |all, pair| all | u16::from_le_bytes(*pair));
    if all & other == 0 {
        return false;
    }
    let mut changed = 0;
    for pair in samples {
        let sample = u16::from_le_bytes(*pair);
        let clean = if cell.signed {
            // An arithmetic shift repeats the sign.
            (((sample << free).cast_signed()) >> free).cast_unsigned()
        } else {
            sample & !other
        };
        changed |= sample ^ clean;
        *pair = clean.to_le_bytes();
    }
    changed != 0
}

/// Clears cells of `width` units. Signed samples repeat their sign, unless all of them have
/// zeros above it: a mixture could hold a picture.
fn samples<T>(
    units: &mut [T],
    width: usize,
    cell: Cell,
    read: impl Fn(&[T]) -> u64,
    write: impl Fn(&mut [T], u64),
) -> bool {
    let other = !cell.mask();
    let any = units
        .chunks_exact(width)
        .any(|unit| read(unit) & other != 0);
    if !any {
        return false;
    }
    let mut changed = false;
    for unit in units.chunks_exact_mut(width) {
        let sample = read(unit);
        let clean = cell.cleared(sample, cell.signed);
        if clean != sample {
            write(unit, clean);
            changed = true;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(allocated: u32, stored: u32, high: u32, signed: bool) -> Cell {
        Cell {
            allocated,
            stored,
            high,
            signed,
        }
    }

    fn check(cell: Cell, before: PrimitiveValue, after: PrimitiveValue) {
        let mut value = before.clone();
        assert_eq!(clear(&mut value, cell), before != after);
        assert_eq!(value, after);
        assert!(!clear(&mut value, cell), "once is enough");
    }

    fn words(words: &[u16]) -> PrimitiveValue {
        PrimitiveValue::U16(words.into())
    }

    /// The same samples as words and as bytes.
    fn check_both(cell: Cell, before: &[u16], after: &[u16]) {
        let split = |words: &[u16]| {
            let all: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            bytes(&all)
        };
        check(cell, words(before), words(after));
        check(cell, split(before), split(after));
    }

    fn bytes(bytes: &[u8]) -> PrimitiveValue {
        PrimitiveValue::U8(bytes.into())
    }

    #[test]
    fn bits_above_and_below_the_picture_are_cleared() {
        let twelve = cell(16, 12, 11, false);
        check_both(twelve, &[0x0FFF, 0], &[0x0FFF, 0]);
        check_both(twelve, &[0x1FFF, 0x8001], &[0x0FFF, 1]);
        check(twelve, bytes(&[0xFF, 0x1F]), bytes(&[0xFF, 0x0F]));
        check(cell(16, 12, 15, false), words(&[0xFFFF]), words(&[0xFFF0]));
        check(cell(8, 7, 6, false), bytes(&[0xFF, 1]), bytes(&[0x7F, 1]));
        check(cell(8, 7, 6, false), words(&[0xFF81]), words(&[0x7F01]));
        check(cell(32, 24, 23, false), words(&[1, 0x0102]), words(&[1, 2]));
        check(cell(8, 8, 7, false), bytes(&[0xFF]), bytes(&[0xFF]));
        check(cell(1, 1, 0, false), bytes(&[0xFF]), bytes(&[0xFF]));
    }

    #[test]
    fn signs_are_repeated_or_left_out_throughout() {
        let twelve = cell(16, 12, 11, true);
        check_both(twelve, &[0xF800, 0x07FF], &[0xF800, 0x07FF]);
        check_both(twelve, &[0x0800, 0x07FF], &[0x0800, 0x07FF]);
        check_both(twelve, &[0x0800, 0xF800], &[0xF800, 0xF800]);
        check_both(twelve, &[0x1001, 0xF801], &[1, 0xF801]);
    }
}
