//! Elements of unknown value representation whose tag the standard knows.
//!
//! Archives that did not know an attribute have passed it on as `UN`; its value is then
//! encoded as in Implicit VR Little Endian (PS3.5, 6.2.2). Geometry and codes are read again
//! here. Text in other repertoires, sequences and private elements stay as they are: they
//! describe no picture, and whoever de-identifies takes them for unknown.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, VR};
use dicom_object::{InMemDicomObject, StandardDataDictionary, Tag};

/// Gives such elements their own value representation, at every depth. Sequences nest as
/// deep as the reader's limit at most.
pub fn resolve(object: &mut InMemDicomObject) {
    let tags: Vec<Tag> = object.tags().collect();
    for tag in tags {
        let Some(element) = object.get(tag) else {
            continue;
        };
        if element.items().is_some() {
            object.update_value(tag, |value| {
                let items = value.items_mut().into_iter().flatten();
                items.for_each(resolve);
            });
        } else if element.vr() == VR::UN
            && let Some(PrimitiveValue::U8(bytes)) = element.value().primitive()
            && let Some((vr, value)) = read(tag, bytes)
        {
            object.put(DataElement::new(tag, vr, value));
        }
    }
}

fn read(tag: Tag, bytes: &[u8]) -> Option<(VR, PrimitiveValue)> {
    let vr = StandardDataDictionary.by_tag(tag)?.vr().exact()?;
    let value = match vr {
        VR::AE | VR::AS | VR::CS | VR::DA | VR::DS | VR::DT | VR::IS | VR::TM | VR::UI => {
            let text = std::str::from_utf8(bytes)
                .ok()
                .filter(|text| text.is_ascii())?;
            let text = text.trim_end_matches(['\0', ' ']);
            PrimitiveValue::Strs(text.split('\\').map(str::to_owned).collect())
        }
        VR::US => PrimitiveValue::U16(numbers(bytes, u16::from_le_bytes)?.into()),
        VR::SS => PrimitiveValue::I16(numbers(bytes, i16::from_le_bytes)?.into()),
        VR::UL => PrimitiveValue::U32(numbers(bytes, u32::from_le_bytes)?.into()),
        VR::SL => PrimitiveValue::I32(numbers(bytes, i32::from_le_bytes)?.into()),
        VR::FL => PrimitiveValue::F32(numbers(bytes, f32::from_le_bytes)?.into()),
        VR::FD => PrimitiveValue::F64(numbers(bytes, f64::from_le_bytes)?.into()),
        _ => return None,
    };
    Some((vr, value))
}

/// Numbers of `N` bytes; none where bytes are left over.
fn numbers<const N: usize, T>(bytes: &[u8], number: fn([u8; N]) -> T) -> Option<Vec<T>> {
    let (chunks, rest) = bytes.as_chunks::<N>();
    rest.is_empty()
        .then(|| chunks.iter().map(|chunk| number(*chunk)).collect())
}

#[cfg(test)]
mod tests {
    use dicom_core::value::DataSetSequence;

    use super::*;

    const ORIENTATION: Tag = Tag(0x0020, 0x0037);

    fn unknown(object: &mut InMemDicomObject, tag: Tag, bytes: &[u8]) {
        let value = PrimitiveValue::U8(bytes.iter().copied().collect());
        object.put(DataElement::new(tag, VR::UN, value));
    }

    #[test]
    fn standard_elements_get_their_representation_back() {
        let mut object = InMemDicomObject::new_empty();
        unknown(&mut object, ORIENTATION, b"1\\0\\0\\0\\1\\0 ");
        unknown(&mut object, Tag(0x0028, 0x0010), &[0x02, 0x01]);
        unknown(&mut object, Tag(0x0018, 0x9082), &100f64.to_le_bytes());
        resolve(&mut object);
        let numbers = |tag| object.get(tag).and_then(|e| e.to_multi_float64().ok());
        assert_eq!(
            numbers(ORIENTATION),
            Some(vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0])
        );
        assert_eq!(numbers(Tag(0x0028, 0x0010)), Some(vec![258.0]));
        assert_eq!(numbers(Tag(0x0018, 0x9082)), Some(vec![100.0]));
    }

    #[test]
    fn nested_ones_do_too() {
        let mut item = InMemDicomObject::new_empty();
        unknown(&mut item, ORIENTATION, b"0\\1\\0\\0\\0\\-1");
        let mut object = InMemDicomObject::new_empty();
        let items = DataSetSequence::from(vec![item]);
        object.put(DataElement::new(Tag(0x0020, 0x9116), VR::SQ, items));
        resolve(&mut object);
        let items = object.get(Tag(0x0020, 0x9116)).and_then(|e| e.items());
        let nested = items.and_then(|items| items[0].get(ORIENTATION));
        assert_eq!(nested.map(|e| e.vr()), Some(VR::DS));
    }

    #[test]
    fn others_stay_unknown() {
        let check = |tag, bytes: &[u8]| {
            let mut object = InMemDicomObject::new_empty();
            unknown(&mut object, tag, bytes);
            let before = object.clone();
            resolve(&mut object);
            assert_eq!(object, before);
        };
        check(Tag(0x0010, 0x0010), b"Doe^John");
        check(Tag(0x0009, 0x1001), b"1\\2");
        check(Tag(0x0028, 0x0010), &[1, 2, 3]);
        check(Tag(0x0020, 0x0037), "1\\é".as_bytes());
        check(Tag(0x0008, 0x1110), &[0xFE, 0xFF, 0x00, 0xE0]);
    }
}
