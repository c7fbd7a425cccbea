//! Samples that no image coding touched.

use std::io::Read;
use std::ops::Range;

use dicom_core::value::PrimitiveValue;
use dicom_object::mem::InMemElement;

use crate::DicomError;
use crate::layout::Layout;

/// Frames that fit into the bytes there are.
pub fn present(element: &InMemElement, layout: &Layout) -> usize {
    let bytes = element
        .value()
        .primitive()
        .map_or(0, |p| p.calculate_byte_len());
    if layout.allocated == 1 {
        return bytes * 8 / layout.len();
    }
    bytes / stride(layout, bytes)
}

/// A frame, counted from 0, of pixel data without fragments. `big` says that the data set
/// was big-endian.
pub fn frame(
    element: &InMemElement,
    layout: &Layout,
    index: usize,
    big: bool,
) -> Result<Vec<u8>, DicomError> {
    let value = element.value().primitive().ok_or(DicomError::Decoder)?;
    if layout.allocated == 1 {
        let first = index.checked_mul(layout.len()).ok_or(DicomError::Decoder)?;
        let last = first.checked_add(layout.len()).ok_or(DicomError::Decoder)?;
        let packed = bytes(value, first / 8..last.div_ceil(8)).ok_or(DicomError::Decoder)?;
        return Ok(bits(&packed, first % 8, layout.len()));
    }
    let size = stride(layout, value.calculate_byte_len());
    let first = index.checked_mul(size).ok_or(DicomError::Decoder)?;
    let last = first.checked_add(size).ok_or(DicomError::Decoder)?;
    let mut raw = bytes(value, first..last).ok_or(DicomError::Decoder)?;
    if big {
        reorder(
            &mut raw,
            layout.allocated,
            matches!(value, PrimitiveValue::U8(_)),
        );
    }
    samples(raw, layout)
}

/// Samples of a frame that is stored as it is: by pixel, and with colours of their own.
pub fn samples(raw: Vec<u8>, layout: &Layout) -> Result<Vec<u8>, DicomError> {
    let whole = layout.len() * layout.bytes();
    if layout.allocated == 1 {
        let enough = raw.len() >= layout.len().div_ceil(8);
        return if enough {
            Ok(bits(&raw, 0, layout.len()))
        } else {
            Err(DicomError::Decoder)
        };
    }
    if layout.is_422() && raw.len() < whole {
        return full(&raw, layout);
    }
    let mut raw = raw;
    if raw.len() < whole {
        return Err(DicomError::Decoder);
    }
    raw.truncate(whole);
    if layout.planar && layout.samples > 1 {
        return Ok(interleave(&raw, layout));
    }
    Ok(raw)
}

/// Inflates a frame, no further than a frame can be.
pub fn inflate(stream: &[u8], layout: &Layout) -> Result<Vec<u8>, DicomError> {
    let mut raw = Vec::new();
    let most = layout.len() * layout.bytes() + 2;
    flate2::read::DeflateDecoder::new(stream)
        .take(most as u64)
        .read_to_end(&mut raw)
        .map_err(|_| DicomError::Decoder)?;
    Ok(raw)
}

/// Bytes from one frame to the next. Two pixels of `YBR_FULL_422` take four bytes; writers
/// have been met that state it and leave all samples in.
fn stride(layout: &Layout, bytes: usize) -> usize {
    let whole = layout.len() * layout.bytes();
    let every = whole.saturating_mul(layout.frames as usize) <= bytes;
    if layout.is_422() && !every {
        layout.pixels() * 2 * layout.bytes()
    } else {
        whole
    }
}

/// A part of a value's bytes, words in little-endian order.
fn bytes(value: &PrimitiveValue, range: Range<usize>) -> Option<Vec<u8>> {
    match value {
        PrimitiveValue::U8(bytes) => bytes.get(range).map(<[u8]>::to_vec),
        PrimitiveValue::U16(words) => part(words, range, |word| word.to_le_bytes()),
        PrimitiveValue::I16(words) => part(words, range, |word| word.to_le_bytes()),
        PrimitiveValue::U32(words) => part(words, range, |word| word.to_le_bytes()),
        PrimitiveValue::I32(words) => part(words, range, |word| word.to_le_bytes()),
        _ => None,
    }
}

fn part<T: Copy, const N: usize>(
    words: &[T],
    range: Range<usize>,
    encode: fn(T) -> [u8; N],
) -> Option<Vec<u8>> {
    let from = range.start / N;
    let words = words.get(from..range.end.div_ceil(N))?;
    let mut bytes: Vec<u8> = words.iter().flat_map(|word| encode(*word)).collect();
    bytes.drain(..range.start - from * N);
    bytes.truncate(range.len());
    Some(bytes)
}

/// Reading turned the words of `OW` to little-endian order and left `OB` alone.
fn reorder(raw: &mut [u8], allocated: u16, single: bool) {
    match (allocated, single) {
        (16, true) => raw
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .for_each(|w| w.reverse()),
        (32, true) => raw
            .as_chunks_mut::<4>()
            .0
            .iter_mut()
            .for_each(|w| w.reverse()),
        (32, false) => raw
            .as_chunks_mut::<4>()
            .0
            .iter_mut()
            .for_each(|w| w.rotate_left(2)),
        _ => {}
    }
}

/// Single bits, the least significant of a byte first (PS3.5, 8.1.1), to a byte each.
fn bits(packed: &[u8], skip: usize, all: usize) -> Vec<u8> {
    let bit = |at: usize| packed.get(at / 8).map_or(0, |byte| byte >> (at % 8) & 1);
    (skip..skip + all).map(bit).collect()
}

/// Planes to pixels.
fn interleave(planes: &[u8], layout: &Layout) -> Vec<u8> {
    let (size, samples) = (layout.bytes(), usize::from(layout.samples));
    let plane = layout.pixels() * size;
    let mut out = Vec::with_capacity(planes.len());
    for pixel in 0..layout.pixels() {
        for sample in 0..samples {
            let at = sample * plane + pixel * size;
            out.extend_from_slice(&planes[at..at + size]);
        }
    }
    out
}

/// Two lumas and the two colour differences that they share, to six samples.
fn full(raw: &[u8], layout: &Layout) -> Result<Vec<u8>, DicomError> {
    let odd = !layout.columns.is_multiple_of(2) || layout.allocated != 8;
    let raw = raw.get(..layout.pixels() * 2).filter(|_| !odd);
    let raw = raw.ok_or(DicomError::Decoder)?;
    let (pairs, _) = raw.as_chunks::<4>();
    let six = |[one, two, cb, cr]: &[u8; 4]| [*one, *cb, *cr, *two, *cb, *cr];
    Ok(pairs.iter().flat_map(six).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_words() {
        let words = PrimitiveValue::U16(vec![0x0201, 0x0403, 0x0605].into());
        let check = |range: Range<usize>, expect: Option<&[u8]>| {
            assert_eq!(bytes(&words, range).as_deref(), expect);
        };
        check(0..6, Some(&[1, 2, 3, 4, 5, 6]));
        check(1..4, Some(&[2, 3, 4]));
        check(3..3, Some(&[]));
        check(2..7, None);
    }

    #[test]
    fn bytes_of_big_endian_samples() {
        let check = |allocated, single, expect: [u8; 4]| {
            let mut raw = [1, 2, 3, 4];
            reorder(&mut raw, allocated, single);
            assert_eq!(raw, expect);
        };
        check(8, true, [1, 2, 3, 4]);
        check(16, false, [1, 2, 3, 4]);
        check(16, true, [2, 1, 4, 3]);
        check(32, true, [4, 3, 2, 1]);
        check(32, false, [3, 4, 1, 2]);
    }

    #[test]
    fn single_bits() {
        assert_eq!(bits(&[0b1010_0101, 1], 0, 9), [1, 0, 1, 0, 0, 1, 0, 1, 1]);
        assert_eq!(bits(&[0b1010_0101], 5, 3), [1, 0, 1]);
    }
}
