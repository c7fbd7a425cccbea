//! Every element of an object by its path, as answer keys write it: `<(0008,1140)>[<0000>]
//! <(0008,1155)>`, private elements as `(0009,"CREATOR",1A)`. Paths are upper case.

use std::collections::BTreeMap;

use dicom_core::value::{PrimitiveValue, Value};
use dicom_core::{Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

/// Deeper than any real object nests.
const MAX_DEPTH: usize = 64;

/// The values of all elements as text, parts joined by `\`.
pub(super) fn all(object: &InMemDicomObject) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    walk(object, "", 0, &mut found);
    found
}

fn walk(
    object: &InMemDicomObject,
    above: &str,
    depth: usize,
    found: &mut BTreeMap<String, String>,
) {
    for element in object.iter() {
        let path = format!("{above}<{}>", label(object, element.header().tag));
        found.insert(path.clone(), value(element));
        if depth < MAX_DEPTH {
            for (at, item) in element.items().unwrap_or_default().iter().enumerate() {
                walk(item, &format!("{path}[<{at:04}>]"), depth + 1, found);
            }
        }
    }
}

fn label(object: &InMemDicomObject, tag: Tag) -> String {
    let (group, number) = (tag.group(), tag.element());
    let creator = (group % 2 == 1 && number > 0x00FF)
        .then(|| object.get(Tag(group, number >> 8)))
        .flatten()
        .and_then(|creator| creator.to_str().ok())
        .map(|creator| creator.trim().to_uppercase());
    match creator.filter(|creator| !creator.is_empty()) {
        Some(creator) => format!("({group:04X},\"{creator}\",{:02X})", number & 0xFF),
        None => format!("({group:04X},{number:04X})"),
    }
}

fn value(element: &InMemElement) -> String {
    let tag = element.header().tag;
    let overlay = tag.group() & 0xFF00 == 0x6000 && tag.element() == 0x3000;
    if overlay || tag == PIXEL_DATA {
        return "REMOVED".to_owned();
    }
    match element.value() {
        Value::Sequence(items) => format!("Sequence, length {}", items.items().len()),
        Value::PixelSequence(_) => "REMOVED".to_owned(),
        Value::Primitive(value) => primitive(value, element.vr()),
    }
}

fn primitive(value: &PrimitiveValue, vr: VR) -> String {
    let bytes = matches!(
        vr,
        VR::OB | VR::OW | VR::UN | VR::OD | VR::OF | VR::OL | VR::OV
    );
    if bytes {
        return String::from_utf8_lossy(&value.to_bytes()).trim().to_owned();
    }
    let parts = value.to_multi_str();
    let parts: Vec<&str> = parts
        .iter()
        .map(|part| part.trim_matches(['\0', ' ']))
        .collect();
    parts.join("\\").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use dicom_core::DataElement;
    use dicom_core::value::DataSetSequence;

    use super::*;

    #[test]
    fn paths_are_those_of_keys() {
        let inner = InMemDicomObject::from_element_iter([
            DataElement::new(Tag(0x0009, 0x0010), VR::LO, "Quenby 1"),
            DataElement::new(Tag(0x0009, 0x101A), VR::LO, "x"),
        ]);
        let object = InMemDicomObject::from_element_iter([
            DataElement::new(Tag(0x0008, 0x0008), VR::CS, "A\\B"),
            DataElement::new(
                Tag(0x0008, 0x1140),
                VR::SQ,
                DataSetSequence::from(vec![inner]),
            ),
        ]);
        let found = all(&object);
        assert_eq!(found["<(0008,0008)>"], "A\\B");
        assert_eq!(found["<(0008,1140)>"], "Sequence, length 1");
        assert_eq!(found["<(0008,1140)>[<0000>]<(0009,\"QUENBY 1\",1A)>"], "x");
        assert_eq!(found["<(0008,1140)>[<0000>]<(0009,0010)>"], "Quenby 1");
    }
}
