//! Which fragments make a frame (PS3.5, A.4).

use std::borrow::Cow;

use dicom_object::mem::InMemElement;
use dicom_object::{DefaultDicomObject, Tag};

use crate::DicomError;

const EXTENDED_OFFSETS: Tag = Tag(0x7FE0, 0x0001);

/// The stream of a frame, counted from 0.
pub fn of_frame<'a>(
    object: &DefaultDicomObject,
    element: &'a InMemElement,
    frames: u32,
    index: u32,
) -> Result<Cow<'a, [u8]>, DicomError> {
    let fragments = element.fragments().unwrap_or_default();
    let (frames, index) = (frames as usize, index as usize);
    if fragments.len() == frames {
        let fragment = fragments.get(index).ok_or(DicomError::Decoder)?;
        return Ok(Cow::Borrowed(fragment));
    }
    if frames == 1 {
        return Ok(Cow::Owned(fragments.concat()));
    }
    if fragments.len() < frames {
        return Err(DicomError::Decoder);
    }
    let starts = starts(object, element, fragments, frames).ok_or(DicomError::Decoder)?;
    let from = *starts.get(index).ok_or(DicomError::Decoder)?;
    let until = starts.get(index + 1).copied().unwrap_or(fragments.len());
    let of_frame = fragments.get(from..until).ok_or(DicomError::Decoder)?;
    Ok(Cow::Owned(of_frame.concat()))
}

/// The first fragment of each frame: by the extended offset table, else by the basic one,
/// else by the bytes with which streams begin.
fn starts(
    object: &DefaultDicomObject,
    element: &InMemElement,
    fragments: &[Vec<u8>],
    frames: usize,
) -> Option<Vec<usize>> {
    let extended = object.get(EXTENDED_OFFSETS);
    let extended = extended.and_then(|e| e.to_bytes().ok()).unwrap_or_default();
    let (extended, _) = extended.as_chunks::<8>();
    let extended: Vec<u64> = extended
        .iter()
        .map(|offset| u64::from_le_bytes(*offset))
        .collect();
    let basic = element.value().offset_table().unwrap_or_default();
    let basic: Vec<u64> = basic.iter().map(|offset| u64::from(*offset)).collect();
    let by_table = [extended, basic]
        .into_iter()
        .filter(|table| table.len() == frames)
        .find_map(|table| at_offsets(fragments, &table));
    by_table.or_else(|| at_markers(fragments, frames))
}

/// Offsets are counted from the first fragment's item, with eight bytes before each value.
fn at_offsets(fragments: &[Vec<u8>], offsets: &[u64]) -> Option<Vec<usize>> {
    let mut places = std::collections::BTreeMap::new();
    let mut at = 0u64;
    for (number, fragment) in fragments.iter().enumerate() {
        places.insert(at, number);
        at += fragment.len() as u64 + 8;
    }
    let starts: Option<Vec<usize>> = offsets.iter().map(|at| places.get(at).copied()).collect();
    starts.filter(|starts| starts.is_sorted_by(|one, other| one < other))
}

fn at_markers(fragments: &[Vec<u8>], frames: usize) -> Option<Vec<usize>> {
    let begins =
        |f: &[u8]| f.starts_with(&[0xFF, 0xD8, 0xFF]) || f.starts_with(&[0xFF, 0x4F, 0xFF]);
    let numbered = fragments.iter().enumerate();
    let starts: Vec<usize> = numbered
        .filter(|(_, f)| begins(f))
        .map(|(at, _)| at)
        .collect();
    (starts.len() == frames).then_some(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_begin_where_tables_or_markers_say() {
        let fragments = [
            vec![0xFF, 0xD8, 0xFF, 0xE0],
            vec![1; 6],
            vec![0xFF, 0xD8, 0xFF, 0xE0],
        ];
        assert_eq!(at_offsets(&fragments, &[0, 26]), Some(vec![0, 2]));
        assert_eq!(at_offsets(&fragments, &[0, 25]), None);
        assert_eq!(at_offsets(&fragments, &[26, 0]), None);
        assert_eq!(at_markers(&fragments, 2), Some(vec![0, 2]));
        assert_eq!(at_markers(&fragments, 3), None);
    }
}
