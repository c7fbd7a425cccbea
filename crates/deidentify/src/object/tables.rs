//! Lookup tables: a table that is longer or shorter than its descriptor says is none, and the
//! bytes too many may be anything.

use dicom_core::Tag;
use dicom_core::value::{PrimitiveValue, Value};
use dicom_object::InMemDicomObject;

/// Descriptor, table, and whether the table is in segments.
const TABLES: [(Tag, Tag, bool); 7] = [
    (Tag(0x0028, 0x3002), Tag(0x0028, 0x3006), false),
    (Tag(0x0028, 0x1101), Tag(0x0028, 0x1201), false),
    (Tag(0x0028, 0x1102), Tag(0x0028, 0x1202), false),
    (Tag(0x0028, 0x1103), Tag(0x0028, 0x1203), false),
    (Tag(0x0028, 0x1101), Tag(0x0028, 0x1221), true),
    (Tag(0x0028, 0x1102), Tag(0x0028, 0x1222), true),
    (Tag(0x0028, 0x1103), Tag(0x0028, 0x1223), true),
];

/// Removes tables that do not match their descriptors. Returns how many.
pub(super) fn check(clean: &mut InMemDicomObject) -> u64 {
    let mut removed = 0;
    for (descriptor, table, segmented) in TABLES {
        if clean.get(table).is_some() && !matches(clean, descriptor, table, segmented) {
            removed += u64::from(clean.remove_element(table));
        }
    }
    removed
}

fn matches(clean: &InMemDicomObject, descriptor: Tag, table: Tag, segmented: bool) -> bool {
    let described = clean
        .get(descriptor)
        .and_then(|element| element.to_multi_int::<i32>().ok());
    let Some([entries, _, bits]) = described.as_deref() else {
        return false;
    };
    // 2^16 entries are written as zero (PS3.3, C.11.1.1), and some writers sign the number.
    let entries = match entries & 0xFFFF {
        0 => 1 << 16,
        entries => usize::try_from(entries).expect("a number of 16 bits"),
    };
    let Some(Value::Primitive(value)) = clean.get(table).map(|element| element.value()) else {
        return false;
    };
    match value {
        PrimitiveValue::U16(words) if segmented => expanded(words) == Some(entries),
        PrimitiveValue::U8(bytes) if segmented => {
            let (words, rest) = bytes.as_chunks::<2>();
            let words: Vec<u16> = words.iter().map(|word| u16::from_le_bytes(*word)).collect();
            rest.is_empty() && expanded(&words) == Some(entries)
        }
        PrimitiveValue::U16(words) => {
            // Entries of 8 bits may stand two in a word.
            words.len() == entries || (*bits <= 8 && words.len() == entries.div_ceil(2))
        }
        PrimitiveValue::U8(bytes) => {
            bytes.len() == 2 * entries || (*bits <= 8 && bytes.len() == entries + entries % 2)
        }
        _ => false,
    }
}

/// How many entries segments stand for (PS3.3, C.7.9.2). Indirect segments, which repeat
/// others, are not followed, so that a table with them counts as unknown.
fn expanded(mut words: &[u16]) -> Option<usize> {
    let mut entries = 0_usize;
    while let [kind, length, rest @ ..] = words {
        let length = usize::from(*length);
        let values = match kind {
            0 => length,
            1 => 1,
            _ => return None,
        };
        words = rest.get(values..)?;
        entries = entries.checked_add(length)?;
    }
    words.is_empty().then_some(entries)
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, VR};

    use super::*;

    fn check_table(bits: u16, entries: u16, segmented: bool, value: PrimitiveValue, stays: bool) {
        let table = if segmented { 0x1221 } else { 0x1201 };
        let described = PrimitiveValue::U16([entries, 0, bits].as_slice().into());
        let mut object = InMemDicomObject::from_element_iter([
            DataElement::new(Tag(0x0028, 0x1101), VR::US, described),
            DataElement::new(Tag(0x0028, table), VR::OW, value),
        ]);
        assert_eq!(check(&mut object), u64::from(!stays));
        assert_eq!(object.get(Tag(0x0028, table)).is_some(), stays);
    }

    #[test]
    fn tables_have_as_many_entries_as_described() {
        let words = |n: usize| PrimitiveValue::U16(vec![7_u16; n].into());
        let bytes = |n: usize| PrimitiveValue::U8(vec![7_u8; n].into());
        check_table(16, 4, false, words(4), true);
        check_table(16, 4, false, words(5), false);
        check_table(16, 4, false, bytes(8), true);
        check_table(16, 4, false, bytes(4), false);
        check_table(8, 3, false, bytes(4), true);
        check_table(8, 4, false, words(2), true);
        check_table(8, 4, false, bytes(3), false);
        check_table(16, 0, false, words(1 << 16), true);
        let segments = |words: &[u16]| PrimitiveValue::U16(words.into());
        check_table(16, 5, true, segments(&[0, 2, 9, 9, 1, 3, 8]), true);
        check_table(16, 5, true, segments(&[0, 2, 9, 9, 1, 3, 8, 4]), false);
        check_table(16, 5, true, segments(&[0, 9, 9]), false);
        check_table(16, 5, true, segments(&[2, 2, 0, 0]), false);
    }
}
