//! What users of other tools have reported to leak or to break, class by class. Each test plants
//! something and looks for it in all bytes of the clean file.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

#[path = "object/made.rs"]
#[allow(dead_code, reason = "shared with other tests of objects")]
mod made;

#[path = "object_bugs/graphics.rs"]
mod graphics;
#[path = "object_bugs/reports.rs"]
mod reports;
#[path = "object_bugs/values.rs"]
mod values;

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
