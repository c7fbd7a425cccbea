//! Sequences of unknown value representation.
//!
//! Archives that did not know an attribute pass it on as `UN`; items inside are then encoded
//! as in Implicit VR Little Endian (PS3.5, 6.2.2). They are taken apart here so that names
//! inside are collected, and so that what the rules keep of a sequence is kept.

use dicom_core::value::{PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::{MAX_DEPTH, walk};

/// Elements take much more room in memory than in a file.
const MAX_BYTES: usize = 8 << 20;
const UNDEFINED: u32 = u32::MAX;
const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// The items that an element of unknown representation holds. None where it holds none that
/// can be read.
pub(super) fn items(element: &InMemElement) -> Option<Vec<InMemDicomObject>> {
    let Value::Primitive(PrimitiveValue::U8(bytes)) = element.value() else {
        return None;
    };
    let started = bytes.starts_with(&[0xFE, 0xFF, 0x00, 0xE0]);
    if element.vr() != VR::UN || !started || bytes.len() > MAX_BYTES {
        return None;
    }
    let mut rest = Bytes(bytes);
    let items = rest.items(UNDEFINED, 0)?;
    rest.0.is_empty().then_some(items)
}

/// What is still to be read.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn header(&mut self) -> Option<(Tag, u32)> {
        let [a, b, c, d, e, f, g, h] = *self.take(8)? else {
            return None;
        };
        let tag = Tag(u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]));
        Some((tag, u32::from_le_bytes([e, f, g, h])))
    }

    /// Items up to the end of a sequence of some length.
    fn items(&mut self, length: u32, depth: usize) -> Option<Vec<InMemDicomObject>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut inner = match length {
            UNDEFINED => Bytes(self.0),
            length => Bytes(self.take(length as usize)?),
        };
        let mut items = Vec::new();
        while !inner.0.is_empty() {
            match inner.header()? {
                (SEQUENCE_END, _) => break,
                (ITEM, UNDEFINED) => items.push(inner.elements(depth)?),
                (ITEM, length) => {
                    let mut item = Bytes(inner.take(length as usize)?);
                    items.push(item.elements(depth)?);
                }
                _ => return None,
            }
        }
        if length == UNDEFINED {
            self.0 = inner.0;
        }
        Some(items)
    }

    /// Elements up to the end of an item. Their representation stays unknown: rules know it.
    fn elements(&mut self, depth: usize) -> Option<InMemDicomObject> {
        let mut object = InMemDicomObject::new_empty();
        while !self.0.is_empty() {
            let (tag, length) = self.header()?;
            if tag == ITEM_END {
                break;
            }
            if tag.group() == 0xFFFE {
                return None;
            }
            object.put(match length {
                UNDEFINED => walk::sequence(tag, self.items(UNDEFINED, depth + 1)?),
                0 => DataElement::empty(tag, VR::UN),
                length => {
                    let value = self.take(length as usize)?;
                    DataElement::new(tag, VR::UN, PrimitiveValue::from(value))
                }
            });
        }
        Some(object)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unknown(bytes: &[u8]) -> InMemElement {
        DataElement::new(Tag(0x0008, 0x1140), VR::UN, PrimitiveValue::from(bytes))
    }

    /// How many items there are, and how many elements in each.
    fn check(bytes: &[u8], expect: Option<&[usize]>) {
        let found = items(&unknown(bytes));
        let counts: Option<Vec<usize>> =
            found.map(|items| items.iter().map(|item| item.iter().count()).collect());
        assert_eq!(counts.as_deref(), expect);
    }

    const START: &[u8] = &[0xFE, 0xFF, 0x00, 0xE0];
    const ELEMENT: &[u8] = &[8, 0, 0x55, 0x11, 2, 0, 0, 0, b'1', 0];

    #[test]
    fn items_of_both_kinds_of_length() {
        let open = [
            START,
            &[255; 4],
            ELEMENT,
            &[0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0],
        ]
        .concat();
        let closed = [START, &[10, 0, 0, 0], ELEMENT].concat();
        check(&open, Some(&[1]));
        check(&closed, Some(&[1]));
        check(&[&closed[..], &open].concat(), Some(&[1, 1]));
        check(&[START, &[0; 4]].concat(), Some(&[0]));
        let inner = [&[8, 0, 0x40, 0x11, 255, 255, 255, 255][..], &closed].concat();
        let ended = [&inner[..], &[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]].concat();
        check(&[START, &[255; 4], &ended].concat(), Some(&[1]));
        check(b"Quenby", None);
        check(&closed[..12], None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = items(&unknown(&[START, &bytes].concat()));
            let _ = items(&unknown(&[START, &[255; 4], &bytes].concat()));
        }
    }
}
