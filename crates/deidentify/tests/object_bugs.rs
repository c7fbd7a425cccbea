//! What users of other tools have reported to leak or to break, class by class. Each test plants
//! something and looks for it in all bytes of the clean file.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

#[path = "object/made.rs"]
#[allow(dead_code, reason = "shared with other tests of objects")]
mod made;

use dicom_core::value::{PixelFragmentSequence, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::mem::InMemElement;
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use made::{
    MR, PIXELS, clean_any, coded, file, holds, image, inner, item, items, number, objects,
    of_class, sequence, subject, text, value,
};
use spinemed_core::date::Date;
use spinemed_core::vocabulary::{ProfileOption, TimesOfDay};
use spinemed_deidentify::{CleanObject, Known, ObjectRefusal, Subject, object};

const REPORT: &str = "1.2.840.10008.5.1.4.1.1.88.33";
const PRESENTATION: &str = "1.2.840.10008.5.1.4.1.1.11.1";
const SEGMENTATION: &str = "1.2.840.10008.5.1.4.1.1.66.4";
const STRUCTURES: &str = "1.2.840.10008.5.1.4.1.1.481.3";

/// Identifiers of all kinds, in several scripts; the bytes of one in GB18030 and Latin-1.
const PLANTED: [(VR, &str, Option<&[u8]>); 7] = [
    (VR::PN, "Quenby^Ulfsson", None),
    (VR::LO, "QX88213077", None),
    (VR::UI, "2.999.4711.882", None),
    (VR::DA, "19310704", None),
    (VR::DT, "20240310113000.25", None),
    (
        VR::PN,
        "欧阳秘书",
        Some(&[0xC5, 0xB7, 0xD1, 0xF4, 0xC3, 0xD8, 0xCA, 0xE9]),
    ),
    (VR::LT, "Jörgen Kåsvik", Some(b"J\xf6rgen K\xe5svik")),
];

fn gone(clean: &CleanObject, planted: &[&str]) {
    let bytes = clean.bytes().unwrap();
    for text in planted {
        assert!(!holds(&bytes, text, None), "{text}");
    }
    assert!(dicom_object::from_reader(bytes.as_slice()).is_ok());
}

/// Elements that hold what is planted, in places that are kept, altered, removed and unknown.
fn everywhere(vr: VR, planted: &str) -> Vec<InMemElement> {
    [
        (0x0008, 0x0104),
        (0x0008, 0x1155),
        (0x0008, 0x2111),
        (0x0009, 0x1010),
        (0x0010, 0x0010),
        (0x0018, 0x1030),
        (0x0018, 0x9074),
        (0x0020, 0x0020),
        (0x0020, 0x9057),
        (0x0040, 0xA160),
        (0x0070, 0x0006),
        (0x0072, 0x0065),
    ]
    .map(|(group, element)| text(group, element, vr, planted))
    .into()
}

#[test]
fn nested_sequences_are_walked_at_any_depth() {
    let paths: [&[(u16, u16)]; 5] = [
        &[(0x5200, 0x9230), (0x0020, 0x9111), (0x0008, 0x1140)],
        &[(0x5200, 0x9229), (0x0008, 0x9124), (0x0008, 0x2112)],
        &[(0x0009, 0x1001), (0x0008, 0x1140)],
        &[(0x0040, 0x0275), (0x0032, 0x1064)],
        &[(0x0008, 0x1140), (0x0040, 0xA730)],
    ];
    for depth in [1, 2, 3, 4, 5, 6, 12, 31] {
        for path in paths {
            for (vr, planted, bytes) in PLANTED {
                let mut inner = item(everywhere(vr, planted));
                for at in (0..depth).rev() {
                    let (group, element) = path[at % path.len()];
                    inner = item([sequence(group, element, vec![inner])]);
                }
                let clean = clean_any(image(inner)).unwrap();
                let written = clean.bytes().unwrap();
                assert!(
                    !holds(&written, planted, bytes),
                    "{planted} at {depth} in {path:04X?}"
                );
            }
        }
    }
}

#[test]
fn sequences_of_unknown_representation_are_walked() {
    let element = |tag: [u8; 4], value: &[u8]| {
        let length = (value.len() as u32).to_le_bytes();
        [&tag[..], &length, value].concat()
    };
    let inside = [
        element([0x08, 0x00, 0x50, 0x11], b"1.2.840.10008.5.1.4.1.1.4\0"),
        element([0x08, 0x00, 0x55, 0x11], b"1.2.3.4.18"),
        element([0x10, 0x00, 0x10, 0x00], b"Quenby"),
        element([0x09, 0x00, 0x10, 0x10], b"Quenby"),
    ]
    .concat();
    let length = (inside.len() as u32).to_le_bytes();
    let bytes = [&[0xFE, 0xFF, 0x00, 0xE0][..], &length, &inside].concat();
    let unknown = |group, number| {
        let value = PrimitiveValue::from(bytes.as_slice());
        DataElement::new(Tag(group, number), VR::UN, value)
    };
    let mut known = Known::default();
    let raw = file(image([unknown(0x0008, 0x1140), unknown(0x0009, 0x1001)]));
    let clean = object(&raw, &subject(), &mut known, &objects()).unwrap();
    let reference = &items(clean.object(), 0x0008, 0x1140)[0];
    assert_eq!(inner(reference, 0x0008, 0x1150).as_deref(), Some(MR));
    assert_eq!(
        inner(reference, 0x0008, 0x1155),
        value(&clean, 0x0008, 0x0018)
    );
    gone(&clean, &["Quenby", "1.2.3.4"]);
    // The names inside were collected: the object's own three people, and Quenby twice more.
    let mut plain = Known::default();
    object(&file(image([])), &subject(), &mut plain, &objects()).unwrap();
    assert_ne!(format!("{known:?}"), format!("{plain:?}"));
}

fn reference(uid: &str) -> InMemDicomObject {
    item([
        text(0x0008, 0x1150, VR::UI, MR),
        text(0x0008, 0x1155, VR::UI, uid),
    ])
}

#[test]
fn references_of_other_objects_resolve_to_the_images() {
    let image = clean_any(image([])).unwrap();
    let expect = value(&image, 0x0008, 0x0018);
    let series = item([
        text(0x0020, 0x000E, VR::UI, "1.2.3.4.14"),
        sequence(0x0008, 0x1140, vec![reference("1.2.3.4.18")]),
    ]);
    let presented = clean_any(of_class(
        PRESENTATION,
        [sequence(0x0008, 0x1115, vec![series])],
    ))
    .unwrap();
    let series = &items(presented.object(), 0x0008, 0x1115)[0];
    assert_eq!(
        inner(&items(series, 0x0008, 0x1140)[0], 0x0008, 0x1155),
        expect
    );
    assert_eq!(inner(series, 0x0020, 0x000E), value(&image, 0x0020, 0x000E));

    let derived = item([sequence(0x0008, 0x2112, vec![reference("1.2.3.4.18")])]);
    let frame = item([
        sequence(0x0008, 0x9124, vec![derived]),
        sequence(0x0062, 0x000A, vec![item([number(0x0062, 0x000B, 1)])]),
    ]);
    let segmented = clean_any(segmentation([sequence(0x5200, 0x9230, vec![frame])])).unwrap();
    let frame = &items(segmented.object(), 0x5200, 0x9230)[0];
    let derived = &items(frame, 0x0008, 0x9124)[0];
    assert_eq!(
        inner(&items(derived, 0x0008, 0x2112)[0], 0x0008, 0x1155),
        expect
    );
    assert_eq!(items(frame, 0x0062, 0x000A).len(), 1);

    let contour = item([
        sequence(0x3006, 0x0016, vec![reference("1.2.3.4.18")]),
        text(0x3006, 0x0042, VR::CS, "CLOSED_PLANAR"),
        text(0x3006, 0x0046, VR::IS, "2"),
        text(0x3006, 0x0050, VR::DS, "1\\2\\3\\4\\5\\6.5"),
    ]);
    let contours = item([
        text(0x3006, 0x0084, VR::IS, "1"),
        sequence(0x3006, 0x0040, vec![contour]),
    ]);
    let structures = clean_any(of_class(
        STRUCTURES,
        [sequence(0x3006, 0x0039, vec![contours])],
    ));
    let structures = structures.unwrap();
    let contour = &items(
        &items(structures.object(), 0x3006, 0x0039)[0],
        0x3006,
        0x0040,
    )[0];
    assert_eq!(
        inner(&items(contour, 0x3006, 0x0016)[0], 0x0008, 0x1155),
        expect
    );
    let data = inner(contour, 0x3006, 0x0050);
    assert_eq!(data.as_deref(), Some("1\\2\\3\\4\\5\\6.5"));
    for clean in [presented, segmented, structures] {
        gone(&clean, &["1.2.3.4", "Quenby", "Ulfsson", "Rita"]);
    }
}

/// A segmentation of two frames of two by two single bits.
fn segmentation(more: impl IntoIterator<Item = InMemElement>) -> InMemDicomObject {
    let segment = item([
        number(0x0062, 0x0004, 1),
        text(0x0062, 0x0005, VR::LO, "Vertebra of Quenby Ulfsson"),
        text(0x0062, 0x0006, VR::ST, "drawn by Quenby Ulfsson"),
        text(0x0062, 0x0008, VR::CS, "MANUAL"),
        coded(0x0062, 0x000F, "SCT", "51282000", "Quenby"),
    ]);
    let mut object = image([
        text(0x0008, 0x0016, VR::UI, SEGMENTATION),
        text(0x0008, 0x0060, VR::CS, "SEG"),
        text(0x0028, 0x0008, VR::IS, "2"),
        number(0x0028, 0x0100, 1),
        number(0x0028, 0x0101, 1),
        number(0x0028, 0x0102, 0),
        text(0x0062, 0x0001, VR::CS, "BINARY"),
        sequence(0x0062, 0x0002, vec![segment]),
        DataElement::new(
            Tag(0x7FE0, 0x0010),
            VR::OB,
            PrimitiveValue::from([0xA5_u8, 0].as_slice()),
        ),
    ]);
    for element in more {
        object.put(element);
    }
    object
}

#[test]
fn segments_keep_numbers_and_codes_and_lose_names() {
    let clean = clean_any(segmentation([])).unwrap();
    let segment = &items(clean.object(), 0x0062, 0x0002)[0];
    assert_eq!(inner(segment, 0x0062, 0x0004).as_deref(), Some("1"));
    assert_eq!(inner(segment, 0x0062, 0x0008).as_deref(), Some("MANUAL"));
    assert!(segment.get(Tag(0x0062, 0x0005)).is_some());
    let bits = clean.object().get(Tag(0x7FE0, 0x0010)).unwrap();
    assert_eq!(&*bits.to_bytes().unwrap(), &[0xA5, 0]);
    gone(&clean, &["Quenby", "Ulfsson"]);
    let short = segmentation([text(0x0028, 0x0008, VR::IS, "200")]);
    let refused = clean_any(short).unwrap_err();
    let tag = Tag(0x7FE0, 0x0010);
    assert_eq!(refused, ObjectRefusal::Undecodable { tag });
}

#[test]
fn the_file_header_and_the_preamble_are_made_anew() {
    let clean = clean_any(image([])).unwrap();
    let bytes = clean.bytes().unwrap();
    assert!(bytes[..128].iter().all(|b| *b == 0));
    let again = dicom_object::from_reader(bytes.as_slice()).unwrap();
    let stated = again.meta().media_storage_sop_instance_uid();
    assert_eq!(Some(stated.to_owned()), value(&clean, 0x0008, 0x0018));
    gone(&clean, &["ULFSSON_PACS", "QUENBY_AE", "Quenby", "1.2.3.4"]);
}

#[test]
fn frames_of_reference_stay_equal_within_a_study_and_differ_between_patients() {
    let of = |subject: &Subject| {
        let mut raw = image([]);
        raw.put(text(0x0010, 0x0020, VR::LO, made::MRN));
        let clean = object(&file(raw), subject, &mut Known::default(), &objects()).unwrap();
        value(&clean, 0x0020, 0x0052)
    };
    assert_eq!(of(&subject()), of(&subject()));
    let other = spinemed_deidentify::Key::parse(&spinemed_deidentify::Key::file([7; 32]));
    let mut random = [7; 32];
    random[0] = 1;
    let other = other.unwrap_or_else(|_| {
        spinemed_deidentify::Key::parse(&spinemed_deidentify::Key::file(random)).unwrap()
    });
    assert_ne!(
        of(&subject()),
        of(&Subject::new(&other, made::MRN).unwrap())
    );
}

#[test]
fn uids_are_of_the_right_form_and_are_told_to_whoever_holds_the_key() {
    let long = format!("1.2.{}", "9".repeat(60));
    for uid in ["1.2.3", "1.02.003", "1.2.3.", "Quenby", long.as_str(), "0"] {
        let clean = clean_any(image([text(0x0020, 0x0052, VR::UI, uid)])).unwrap();
        let made = value(&clean, 0x0020, 0x0052).unwrap();
        assert!(made.len() <= 64, "{uid}");
        for part in made.split('.') {
            assert!(
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()),
                "{uid}"
            );
            assert!(part == "0" || !part.starts_with('0'), "{uid}");
        }
        assert_eq!(clean.identities().uids[uid], made);
        assert!(!format!("{clean:?}").contains(&made));
    }
}

fn day(text: &str) -> Date {
    format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8])
        .parse()
        .unwrap()
}

#[test]
fn dates_move_alike_in_elements_items_and_text() {
    let content = item([text(0x0018, 0x9074, VR::DT, "20240310113000.5+0800")]);
    let frame = item([sequence(0x0020, 0x9111, vec![content])]);
    let said = item([
        text(0x0040, 0xA010, VR::CS, "CONTAINS"),
        text(0x0040, 0xA040, VR::CS, "TEXT"),
        coded(0x0040, 0xA043, "DCM", "121071", "Finding"),
        text(0x0040, 0xA160, VR::UT, "Unchanged since 2024-03-10."),
    ]);
    let clean = clean_any(image([
        sequence(0x5200, 0x9230, vec![frame]),
        sequence(0x0040, 0xA730, vec![said]),
    ]))
    .unwrap();
    let acquired = value(&clean, 0x0008, 0x0022).unwrap();
    let study = value(&clean, 0x0008, 0x0020).unwrap();
    assert_eq!(day(&study).days_until(day(&acquired)), 10);
    let frame = &items(clean.object(), 0x5200, 0x9230)[0];
    let inside = inner(&items(frame, 0x0020, 0x9111)[0], 0x0018, 0x9074).unwrap();
    assert_eq!(day(&inside), day(&acquired));
    let said = inner(&items(clean.object(), 0x0040, 0xA730)[0], 0x0040, 0xA160).unwrap();
    assert!(
        said.contains(&day(&acquired).to_string()),
        "the date of a text did not move"
    );
    assert_eq!(value(&clean, 0x0010, 0x1010).as_deref(), Some("090Y"));
    gone(&clean, &["20240310", "2024-03-10", "113000", "092Y"]);
}

#[test]
fn private_groups_go_whatever_their_creator() {
    let clean = clean_any(image([
        text(0x0009, 0x0010, VR::LO, "QUENBY PRIVATE"),
        text(0x0009, 0x1010, VR::UN, "Quenby"),
        // Without a creator, and a creator without elements.
        text(0x0011, 0x1010, VR::LO, "Quenby"),
        text(0x0013, 0x0010, VR::LO, "QUENBY ORPHAN"),
        sequence(0x0015, 0x1001, vec![image([])]),
    ]))
    .unwrap();
    assert!(clean.object().tags().all(|tag| tag.group() % 2 == 0));
    gone(&clean, &["Quenby", "QUENBY"]);
}

#[test]
fn media_directories_and_documents_do_not_pass() {
    let refused =
        |class: &str, more: Vec<InMemElement>| clean_any(of_class(class, more)).unwrap_err();
    assert_eq!(
        refused("1.2.840.10008.1.3.10", vec![]),
        ObjectRefusal::Directory
    );
    let record = sequence(0x0004, 0x1220, vec![]);
    assert_eq!(refused(MR, vec![record]), ObjectRefusal::Directory);
    let pdf = "1.2.840.10008.5.1.4.1.1.104.1";
    assert_eq!(refused(pdf, vec![]), ObjectRefusal::Document);
    let raw = "1.2.840.10008.5.1.4.1.1.66";
    assert_eq!(
        refused(raw, vec![]),
        ObjectRefusal::Class { what: "raw data" }
    );
}

#[test]
fn names_in_descriptions_go() {
    let clean = clean_any(image([
        text(0x0008, 0x1030, VR::LO, "L-SPINE for Dr Quenby Ulfsson"),
        text(0x0008, 0x103E, VR::LO, "T2 TSE sag Ulfsson"),
        text(0x0018, 0x1030, VR::LO, "Lumbar Quenby 2024"),
        text(0x0020, 0x4000, VR::LT, "seen with Rita Referrer"),
        coded(0x0008, 0x1032, "99LOCAL", "QUENBY1", "MRI of Quenby"),
    ]))
    .unwrap();
    gone(&clean, &["Quenby", "QUENBY", "Ulfsson", "Rita"]);
}

#[test]
fn overlays_go_from_groups_and_from_bits_of_the_pixels() {
    let planted: Vec<u8> = [0x1001_u16, 0x0F02, 0x8003, 0xF004]
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    let clean = clean_any(image([
        number(0x6000, 0x0100, 16),
        number(0x6000, 0x0102, 12),
        number(0x6002, 0x0100, 1),
        text(0x6002, 0x3000, VR::OW, "Quenby"),
        text(0x6002, 0x0022, VR::LO, "Quenby"),
        text(0x5000, 0x3000, VR::OW, "Quenby"),
        sequence(0x0088, 0x0200, vec![image([])]),
        sequence(0x0400, 0x0561, vec![image([])]),
        DataElement::new(
            Tag(0x7FE0, 0x0010),
            VR::OW,
            PrimitiveValue::from(planted.as_slice()),
        ),
    ]))
    .unwrap();
    let pixels = clean.object().get(Tag(0x7FE0, 0x0010)).unwrap();
    assert_eq!(&*pixels.to_bytes().unwrap(), &[1, 0, 2, 0x0F, 3, 0, 4, 0]);
    assert_eq!(clean.actions["overlay-bits"], 1);
    assert!(
        clean
            .object()
            .tags()
            .all(|tag| !matches!(tag.group() >> 8, 0x50 | 0x60))
    );
    gone(&clean, &["Quenby"]);
    let plain = clean_any(image([])).unwrap();
    let pixels = plain.object().get(Tag(0x7FE0, 0x0010)).unwrap();
    assert_eq!(&*pixels.to_bytes().unwrap(), &PIXELS);
    assert!(!plain.actions.contains_key("overlay-bits"));
}

#[test]
fn comments_in_compressed_pictures_go() {
    let stream =
        b"\xff\xd8\xff\xfe\0\x0dUlfsson was\xff\xe1\0\x08Quenby\xff\xda\0\x03\x01\x07\xff\xd9";
    let mut padded = stream.to_vec();
    padded.resize(padded.len() + padded.len() % 2, 0);
    let raw = image([DataElement::new(
        Tag(0x7FE0, 0x0010),
        VR::OB,
        PixelFragmentSequence::new(vec![0_u32], vec![padded]),
    )]);
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax("1.2.840.10008.1.2.4.70")
        .build()
        .unwrap();
    let raw = raw.with_exact_meta(meta);
    let clean = object(&raw, &subject(), &mut Known::default(), &objects()).unwrap();
    assert_eq!(clean.actions["comments"], 1);
    let fragments = clean.object().get(Tag(0x7FE0, 0x0010)).unwrap();
    let fragments = fragments.fragments().unwrap();
    assert_eq!(
        fragments,
        [b"\xff\xd8\xff\xda\0\x03\x01\x07\xff\xd9".to_vec()]
    );
    gone(&clean, &["Ulfsson", "Quenby"]);
}

fn content(kind: &str, name: (&str, &str), more: Vec<InMemElement>) -> InMemDicomObject {
    let mut made = item([
        text(0x0040, 0xA010, VR::CS, "CONTAINS"),
        text(0x0040, 0xA040, VR::CS, kind),
        coded(0x0040, 0xA043, name.0, name.1, "as Quenby says"),
    ]);
    more.into_iter().for_each(|element| {
        made.put(element);
    });
    made
}

/// A report with all kinds of items, one of which refers to another by its position.
fn report() -> InMemDicomObject {
    let number = item([
        text(0x0040, 0xA30A, VR::DS, "12.5"),
        coded(0x0040, 0x08EA, "UCUM", "mm", "of Quenby"),
    ]);
    let link = item([
        text(0x0040, 0xA010, VR::CS, "INFERRED FROM"),
        DataElement::new(
            Tag(0x0040, 0xDB73),
            VR::UL,
            PrimitiveValue::U32([1, 5].as_slice().into()),
        ),
    ]);
    let lost = item([
        text(0x0040, 0xA010, VR::CS, "INFERRED FROM"),
        DataElement::new(
            Tag(0x0040, 0xDB73),
            VR::UL,
            PrimitiveValue::U32([1, 1].as_slice().into()),
        ),
    ]);
    let finding = "Seen by Dr Quenby Ulfsson on 2024-03-10: disc at L4/5 is narrow.";
    let items = vec![
        content(
            "TEXT",
            ("99LOCAL", "Q1"),
            vec![text(0x0040, 0xA160, VR::UT, "Quenby")],
        ),
        content(
            "PNAME",
            ("DCM", "121008"),
            vec![text(0x0040, 0xA123, VR::PN, "Rita^R")],
        ),
        content(
            "TEXT",
            ("DCM", "121009"),
            vec![text(0x0040, 0xA160, VR::UT, "Quenbys")],
        ),
        content(
            "TEXT",
            ("DCM", "121071"),
            vec![text(0x0040, 0xA160, VR::UT, finding)],
        ),
        content(
            "NUM",
            ("SCT", "410668003"),
            vec![sequence(0x0040, 0xA300, vec![number])],
        ),
        content(
            "IMAGE",
            ("DCM", "121080"),
            vec![sequence(0x0008, 0x1199, vec![reference("1.2.3.4.18")])],
        ),
        content(
            "CODE",
            ("DCM", "121071"),
            vec![coded(0x0040, 0xA168, "99LOCAL", "Q2", "Quenby")],
        ),
        content(
            "UIDREF",
            ("DCM", "121018"),
            vec![text(0x0040, 0xA124, VR::UI, "1.2.3.4.13")],
        ),
        content(
            "DATE",
            ("DCM", "121031"),
            vec![text(0x0040, 0xA121, VR::DA, "19310704")],
        ),
        content(
            "CONTAINER",
            ("DCM", "121070"),
            vec![
                text(0x0040, 0xA050, VR::CS, "SEPARATE"),
                sequence(0x0040, 0xA730, vec![link, lost]),
            ],
        ),
    ];
    of_class(
        REPORT,
        [
            text(0x0008, 0x0060, VR::CS, "SR"),
            text(0x0040, 0xA040, VR::CS, "CONTAINER"),
            text(0x0040, 0xA050, VR::CS, "SEPARATE"),
            text(0x0040, 0xA491, VR::CS, "COMPLETE"),
            text(0x0040, 0xA493, VR::CS, "UNVERIFIED"),
            coded(0x0040, 0xA043, "DCM", "126000", "Report of Quenby"),
            sequence(0x0040, 0xA730, items),
        ],
    )
}

#[test]
fn reports_keep_their_tree_and_lose_identifiers() {
    let clean = clean_any(report()).unwrap();
    let tree = items(clean.object(), 0x0040, 0xA730);
    let kinds: Vec<String> = tree
        .iter()
        .map(|i| inner(i, 0x0040, 0xA040).unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["PNAME", "TEXT", "NUM", "IMAGE", "UIDREF", "CONTAINER"]
    );
    assert_eq!(inner(&tree[0], 0x0040, 0xA123).as_deref(), Some("REMOVED"));
    let said = inner(&tree[1], 0x0040, 0xA160).unwrap();
    assert!(said.contains("L4/5") && !said.contains("2024-03-10"));
    let measured = &items(&tree[2], 0x0040, 0xA300)[0];
    assert_eq!(inner(measured, 0x0040, 0xA30A).as_deref(), Some("12.5"));
    let unit = &items(measured, 0x0040, 0x08EA)[0];
    assert_eq!(inner(unit, 0x0008, 0x0104).as_deref(), Some("millimeter"));
    let image = clean_any(image([])).unwrap();
    let seen = &items(&tree[3], 0x0008, 0x1199)[0];
    assert_eq!(inner(seen, 0x0008, 0x1155), value(&image, 0x0008, 0x0018));
    assert_eq!(
        inner(&tree[4], 0x0040, 0xA124),
        value(&image, 0x0020, 0x000D)
    );
    let below = items(&tree[5], 0x0040, 0xA730);
    assert_eq!(below.len(), 1, "the reference to what is gone goes");
    let target = below[0].get(Tag(0x0040, 0xDB73)).unwrap();
    assert_eq!(target.to_multi_int::<u32>().unwrap(), [1, 3]);
    assert_eq!(value(&clean, 0x0040, 0xA491).as_deref(), Some("COMPLETE"));
    assert!(clean.actions["content-removed"] >= 5);
    gone(
        &clean,
        &[
            "Quenby",
            "Ulfsson",
            "Rita",
            "19310704",
            "1.2.3.4",
            "2024-03-10",
        ],
    );
}

#[test]
fn ages_in_reports_end_at_ninety() {
    let aged = |number: &str, unit: &str| {
        let measured = item([
            text(0x0040, 0xA30A, VR::DS, number),
            coded(0x0040, 0x08EA, "UCUM", unit, "unit"),
        ]);
        let item = content(
            "NUM",
            ("DCM", "121033"),
            vec![sequence(0x0040, 0xA300, vec![measured])],
        );
        let clean = clean_any(of_class(REPORT, [sequence(0x0040, 0xA730, vec![item])])).unwrap();
        clean.object().get(Tag(0x0040, 0xA730))?;
        let item = items(clean.object(), 0x0040, 0xA730).first().cloned()?;
        inner(&items(&item, 0x0040, 0xA300)[0], 0x0040, 0xA30A)
    };
    assert_eq!(aged("45", "a").as_deref(), Some("45"));
    assert_eq!(aged("93", "a").as_deref(), Some("90"));
    assert_eq!(aged("1116", "mo"), None);
    assert_eq!(aged("93", "mm"), None);
}

#[test]
fn objects_stay_valid_where_codes_and_contents_go() {
    let unlisted = content("TEXT", ("99QUENBY", "Quenby"), Vec::new());
    let clean = clean_any(of_class(
        REPORT,
        [
            coded(0x0040, 0xA043, "99QUENBY", "Quenby", "Report of Quenby"),
            sequence(0x0040, 0xA730, vec![unlisted]),
        ],
    ))
    .unwrap();
    let title = &items(clean.object(), 0x0040, 0xA043)[0];
    assert_eq!(inner(title, 0x0008, 0x0100).as_deref(), Some("121144"));
    assert!(clean.object().get(Tag(0x0040, 0xA730)).is_none());
    gone(&clean, &["Quenby", "QUENBY"]);

    let tracer = |scheme: &str, code: &str| {
        let isotope = item([coded(0x0054, 0x0300, scheme, code, "of Quenby")]);
        let pet = [sequence(0x0054, 0x0016, vec![isotope])];
        let clean = clean_any(of_class("1.2.840.10008.5.1.4.1.1.128", pet)).unwrap();
        let isotope = items(clean.object(), 0x0054, 0x0016)[0].clone();
        gone(&clean, &["Quenby"]);
        let code = items(&isotope, 0x0054, 0x0300).first().cloned();
        code.and_then(|code| inner(&code, 0x0008, 0x0104))
    };
    let fluorine = tracer("SRT", "C-111A1");
    assert_eq!(fluorine.as_deref(), Some("^18^Fluorine"));
    assert_eq!(tracer("99QUENBY", "Quenby"), None, "empty, not removed");
}

#[test]
fn reports_are_refused_without_the_option_that_cleans_them() {
    let mut policy = objects();
    policy
        .profile
        .options
        .remove(&ProfileOption::CleanStructuredContent);
    let refused = object(&file(report()), &subject(), &mut Known::default(), &policy);
    assert!(matches!(
        refused.unwrap_err(),
        ObjectRefusal::Nothing { .. }
    ));
}

#[test]
fn annotations_keep_shapes_and_lose_names() {
    let shape = item([
        text(0x0070, 0x0005, VR::CS, "PIXEL"),
        number(0x0070, 0x0020, 2),
        number(0x0070, 0x0021, 1),
        DataElement::new(
            Tag(0x0070, 0x0022),
            VR::FL,
            PrimitiveValue::F32([1.5, 2.5].as_slice().into()),
        ),
        text(0x0070, 0x0023, VR::CS, "POINT"),
    ]);
    let note = item([
        text(0x0070, 0x0006, VR::ST, "L5 of Quenby Ulfsson"),
        text(0x0070, 0x0003, VR::CS, "PIXEL"),
    ]);
    let annotation = item([
        sequence(0x0008, 0x1140, vec![reference("1.2.3.4.18")]),
        text(0x0070, 0x0002, VR::CS, "QUENBY"),
        sequence(0x0070, 0x0008, vec![note]),
        sequence(0x0070, 0x0009, vec![shape]),
    ]);
    let layer = item([
        text(0x0070, 0x0002, VR::CS, "QUENBY"),
        text(0x0070, 0x0062, VR::IS, "1"),
    ]);
    let raw = of_class(
        PRESENTATION,
        [
            sequence(0x0070, 0x0001, vec![annotation]),
            sequence(0x0070, 0x0060, vec![layer]),
            text(0x0070, 0x0080, VR::CS, "QUENBY"),
        ],
    );
    let clean = clean_any(raw.clone()).unwrap();
    let annotation = &items(clean.object(), 0x0070, 0x0001)[0];
    let layer = &items(clean.object(), 0x0070, 0x0060)[0];
    assert_eq!(
        inner(annotation, 0x0070, 0x0002),
        inner(layer, 0x0070, 0x0002)
    );
    let note = inner(&items(annotation, 0x0070, 0x0008)[0], 0x0070, 0x0006).unwrap();
    assert!(note.starts_with("L5"), "what is no name stays");
    let shape = &items(annotation, 0x0070, 0x0009)[0];
    let data = shape.get(Tag(0x0070, 0x0022)).unwrap();
    assert_eq!(data.to_multi_float32().unwrap(), [1.5, 2.5]);
    gone(&clean, &["Quenby", "QUENBY", "Ulfsson", "1.2.3.4"]);

    let mut policy = objects();
    policy.profile.options.remove(&ProfileOption::CleanGraphics);
    let clean = object(&file(raw), &subject(), &mut Known::default(), &policy).unwrap();
    assert!(items(clean.object(), 0x0070, 0x0001).is_empty());
    gone(&clean, &["Quenby", "QUENBY", "Ulfsson"]);
}

#[test]
fn lookup_tables_are_as_long_as_they_say() {
    let described = |entries: u16| {
        DataElement::new(
            Tag(0x0028, 0x3002),
            VR::US,
            PrimitiveValue::U16([entries, 0, 16].as_slice().into()),
        )
    };
    let table = DataElement::new(
        Tag(0x0028, 0x3006),
        VR::OW,
        PrimitiveValue::from(b"QuenbyUlfsson!".as_slice()),
    );
    let right = item([described(7), table.clone()]);
    let clean = clean_any(image([sequence(0x0028, 0x3010, vec![right])])).unwrap();
    let kept = &items(clean.object(), 0x0028, 0x3010)[0];
    assert!(kept.get(Tag(0x0028, 0x3006)).is_some());
    let wrong = item([described(4), table]);
    let clean = clean_any(image([sequence(0x0028, 0x3010, vec![wrong])])).unwrap();
    gone(&clean, &["Quenby"]);
}

#[test]
fn claims_are_written_and_times_follow_the_policy() {
    let clean = clean_any(image([])).unwrap();
    assert_eq!(value(&clean, 0x0012, 0x0062).as_deref(), Some("YES"));
    assert!(value(&clean, 0x0012, 0x0063).is_some());
    assert_eq!(value(&clean, 0x0028, 0x0303).as_deref(), Some("MODIFIED"));
    let codes = items(clean.object(), 0x0012, 0x0064);
    assert!(
        codes
            .iter()
            .any(|c| inner(c, 0x0008, 0x0100).as_deref() == Some("113100"))
    );
    let mut policy = objects();
    policy.profile.times = TimesOfDay::Keep;
    let kept = object(&file(image([])), &subject(), &mut Known::default(), &policy).unwrap();
    assert_eq!(value(&kept, 0x0008, 0x0030).as_deref(), Some("113000"));
}

/// A value of a representation whose bytes are what is planted, as near as it can hold them.
fn odd(vr: VR, planted: &str) -> PrimitiveValue {
    let bytes = planted.as_bytes();
    match vr {
        VR::OB | VR::UN => PrimitiveValue::from(bytes),
        VR::OW | VR::US => {
            let words = bytes.chunks_exact(2);
            PrimitiveValue::U16(words.map(|w| u16::from_le_bytes([w[0], w[1]])).collect())
        }
        VR::OL | VR::UL => PrimitiveValue::from(u32::from_le_bytes(*b"Quen")),
        VR::SL => PrimitiveValue::from(i32::from_le_bytes(*b"Quen")),
        VR::SS => PrimitiveValue::from(-7_i16),
        VR::OV | VR::UV => PrimitiveValue::from(u64::from_le_bytes(*b"QuenbyUl")),
        VR::SV => PrimitiveValue::from(i64::from_le_bytes(*b"QuenbyUl")),
        VR::FL | VR::OF => PrimitiveValue::from(f32::from_le_bytes(*b"Quen")),
        VR::FD | VR::OD => PrimitiveValue::from(f64::from_le_bytes(*b"QuenbyUl")),
        VR::AT => PrimitiveValue::Tags([Tag(0x7551, 0x6E65)].as_slice().into()),
        _ => PrimitiveValue::from(planted),
    }
}

#[test]
fn values_of_any_representation_are_survived_and_leak_nothing() {
    let all = [
        VR::AE,
        VR::AS,
        VR::AT,
        VR::CS,
        VR::DA,
        VR::DS,
        VR::DT,
        VR::FL,
        VR::FD,
        VR::IS,
        VR::LO,
        VR::LT,
        VR::OB,
        VR::OD,
        VR::OF,
        VR::OL,
        VR::OV,
        VR::OW,
        VR::PN,
        VR::SH,
        VR::SL,
        VR::SS,
        VR::ST,
        VR::SV,
        VR::TM,
        VR::UC,
        VR::UI,
        VR::UL,
        VR::UN,
        VR::UR,
        VR::US,
        VR::UT,
        VR::UV,
    ];
    let tags = [
        (0x0008, 0x0023),
        (0x0008, 0x0060),
        (0x0008, 0x1030),
        (0x0008, 0x1140),
        (0x0008, 0x1155),
        (0x0009, 0x1010),
        (0x0010, 0x0040),
        (0x0010, 0x1010),
        (0x0018, 0x0050),
        (0x0018, 0x1310),
        (0x0020, 0x0013),
        (0x0020, 0x9157),
        (0x0028, 0x0106),
        (0x0028, 0x1201),
        (0x0040, 0xA730),
        (0x0040, 0xA30A),
        (0x0062, 0x0005),
        (0x0064, 0x0009),
        (0x0070, 0x0001),
        (0x0070, 0x0022),
        (0x0072, 0x0065),
        (0x3006, 0x0050),
        (0x7FE0, 0x0001),
        (0x7FE0, 0x0008),
        (0x6000, 0x3000),
    ];
    for vr in all {
        for (group, element) in tags {
            let planted = odd(vr, "QuenbyUl");
            let raw = image([DataElement::new(Tag(group, element), vr, planted)]);
            // Numbers may stand where numbers stand; text may not.
            let number = matches!(
                vr,
                VR::AT
                    | VR::FL
                    | VR::FD
                    | VR::OF
                    | VR::OD
                    | VR::OV
                    | VR::OW
                    | VR::SL
                    | VR::SS
                    | VR::SV
                    | VR::UL
                    | VR::US
                    | VR::UV
            );
            if let Ok(clean) = clean_any(raw) {
                let bytes = clean.bytes().unwrap();
                assert!(dicom_object::from_reader(bytes.as_slice()).is_ok());
                let leaks = holds(&bytes, "QuenbyUl", None) && !number;
                assert!(!leaks, "({group:04X},{element:04X}) {vr:?}");
            }
        }
    }
}
