//! No planted text survives, wherever it stands, in any encoding.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

#[path = "object/made.rs"]
#[allow(dead_code, reason = "shared with the tests of single faults")]
mod made;

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_object::InMemDicomObject;
use made::{clean, holds, image, item, sequence};
use proptest::prelude::*;

/// A text and its bytes in GB18030, where they are no ASCII.
const PLANTED: [(&str, Option<&[u8]>); 4] = [
    ("Quenby^Ulfsson", None),
    (
        "欧阳秘书",
        Some(&[0xC5, 0xB7, 0xD1, 0xF4, 0xC3, 0xD8, 0xCA, 0xE9]),
    ),
    ("QX88213077", None),
    ("2.999.4711.882", None),
];

const TEXTS: [VR; 18] = [
    VR::AE,
    VR::AS,
    VR::CS,
    VR::DA,
    VR::DS,
    VR::DT,
    VR::IS,
    VR::LO,
    VR::LT,
    VR::PN,
    VR::SH,
    VR::ST,
    VR::TM,
    VR::UC,
    VR::UI,
    VR::UR,
    VR::UT,
    VR::UN,
];

/// Sequences that are kept, removed, private, coded, and those of functional groups.
const AROUND: [(u16, u16); 10] = [
    (0x5200, 0x9230),
    (0x5200, 0x9229),
    (0x0008, 0x1140),
    (0x0008, 0x2112),
    (0x0009, 0x1001),
    (0x0020, 0x9111),
    (0x0020, 0x9113),
    (0x0008, 0x2218),
    (0x0040, 0x0275),
    (0x0028, 0x3010),
];

/// Tags that are kept, altered, emptied, removed, private, unlisted, and of code items.
const TAGS: [(u16, u16); 33] = [
    (0x0008, 0x0008),
    (0x0008, 0x0023),
    (0x0008, 0x0033),
    (0x0008, 0x0060),
    (0x0008, 0x0070),
    (0x0008, 0x0100),
    (0x0008, 0x0102),
    (0x0008, 0x0104),
    (0x0008, 0x1030),
    (0x0008, 0x103E),
    (0x0008, 0x1155),
    (0x0010, 0x0010),
    (0x0010, 0x0040),
    (0x0010, 0x1010),
    (0x0010, 0x2160),
    (0x0010, 0x4000),
    (0x0011, 0x1010),
    (0x0018, 0x0015),
    (0x0018, 0x0050),
    (0x0018, 0x1030),
    (0x0018, 0x1210),
    (0x0018, 0x5100),
    (0x0018, 0x9074),
    (0x0020, 0x0013),
    (0x0020, 0x0020),
    (0x0020, 0x0032),
    (0x0020, 0x4000),
    (0x0020, 0x9056),
    (0x0028, 0x0106),
    (0x0028, 0x1052),
    (0x0028, 0x3006),
    (0x0040, 0xA160),
    (0x0072, 0x0065),
];

fn planted(text: &str, vr: VR, gb: Option<&[u8]>) -> PrimitiveValue {
    match (vr, gb) {
        // Bytes that nobody decodes, as a writer of Chinese would leave them.
        (VR::UN, Some(bytes)) => PrimitiveValue::from(bytes),
        (VR::UN, None) => PrimitiveValue::from(text.as_bytes()),
        _ => PrimitiveValue::from(text),
    }
}

fn wrapped(mut inner: InMemDicomObject, path: &[(u16, u16)]) -> InMemDicomObject {
    for (group, element) in path {
        inner = item([sequence(*group, *element, vec![inner])]);
    }
    inner
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_planted_text_survives(
        what in 0..PLANTED.len(),
        vr in prop::sample::select(TEXTS.as_slice()),
        tag in prop::sample::select(TAGS.as_slice()),
        path in prop::collection::vec(prop::sample::select(AROUND.as_slice()), 0..=6),
    ) {
        let (text, gb) = PLANTED[what];
        let element = DataElement::new(Tag(tag.0, tag.1), vr, planted(text, vr, gb));
        let more = wrapped(item([element]), &path);
        let clean = clean(image(more)).unwrap();
        let bytes = clean.bytes().unwrap();
        prop_assert!(!holds(&bytes, text, gb), "{tag:04X?} {vr:?} {path:04X?}");
        prop_assert!(dicom_object::from_reader(bytes.as_slice()).is_ok());
    }

    #[test]
    fn any_element_of_any_group_is_survived(
        group in any::<u16>().prop_filter("groups of data sets", |g| *g >= 8 && *g != 0x7FE0),
        element in any::<u16>(),
        vr in prop::sample::select(TEXTS.as_slice()),
        text in "[ -~]{0,40}",
    ) {
        let more = [DataElement::new(Tag(group, element), vr, PrimitiveValue::from(text.as_str()))];
        if let Ok(clean) = clean(image(more)) {
            prop_assert!(clean.bytes().is_ok());
        }
    }
}
