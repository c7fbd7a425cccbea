//! De-identification of one object: each class of fault that users of other tools have
//! reported, as a test.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

#[path = "object/made.rs"]
#[allow(dead_code, reason = "shared with other tests of objects")]
mod made;

use dicom_core::value::{PixelFragmentSequence, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::FileMetaTableBuilder;
use made::{
    MRN, PIXELS, clean, file, holds, image, item, number, policy, sequence, subject, text, value,
};
use spinemed_deidentify::{Key, Known, ObjectRefusal, Subject, object};

#[test]
fn the_patient_becomes_a_pseudonym() {
    let clean = clean(image([])).unwrap();
    let pseudonym = subject().pseudonym().to_owned();
    for (group, element, expect) in [
        (0x0010, 0x0010, Some(pseudonym.as_str())),
        (0x0010, 0x0020, Some(pseudonym.as_str())),
        (0x0010, 0x0030, Some("")),
        (0x0010, 0x0040, Some("F")),
        (0x0010, 0x1010, Some("090Y")),
        (0x0008, 0x0050, Some("")),
        (0x0008, 0x0070, Some("")),
        (0x0008, 0x0080, None),
        (0x0008, 0x0090, Some("")),
        (0x0018, 0x0015, Some("LSPINE")),
        (0x0018, 0x0050, Some("4.0")),
        (0x0008, 0x0008, Some("ORIGINAL\\PRIMARY\\M_SE\\NONE")),
        (0x0020, 0x0013, Some("7")),
    ] {
        let found = value(&clean, group, element);
        assert_eq!(found.as_deref(), expect, "({group:04X},{element:04X})");
    }
    let bytes = clean.bytes().unwrap();
    for planted in [
        "Quenby",
        "Ulfsson",
        "Rita",
        MRN,
        "ACC-551190",
        "19310704",
        "113000",
        "1.2.3.4",
    ] {
        assert!(!holds(&bytes, planted, None), "{planted}");
    }
}

#[test]
fn claims_are_written() {
    let clean = clean(image([text(0x0012, 0x0063, VR::LO, "by Quenby")])).unwrap();
    assert_eq!(value(&clean, 0x0012, 0x0062).as_deref(), Some("YES"));
    assert!(
        value(&clean, 0x0012, 0x0063)
            .unwrap()
            .starts_with("DICOM PS3.15")
    );
    assert_eq!(value(&clean, 0x0028, 0x0303).as_deref(), Some("MODIFIED"));
    let codes = clean
        .object()
        .get(Tag(0x0012, 0x0064))
        .unwrap()
        .items()
        .unwrap();
    let codes: Vec<_> = codes
        .iter()
        .map(|code| code.get(Tag(0x0008, 0x0100)).unwrap().to_str().unwrap())
        .collect();
    let expect = ["113100", "113103", "113104", "113105", "113107", "113108"];
    assert_eq!(codes, expect);
    assert!(!holds(&clean.bytes().unwrap(), "Quenby", None));
}

#[test]
fn the_file_header_is_made_anew() {
    let clean = clean(image([])).unwrap();
    let bytes = clean.bytes().unwrap();
    assert!(bytes[..128].iter().all(|b| *b == 0));
    assert_eq!(&bytes[128..132], b"DICM");
    let again = dicom_object::from_reader(bytes.as_slice()).unwrap();
    let stated = again.meta().media_storage_sop_instance_uid();
    assert_eq!(Some(stated.to_owned()), value(&clean, 0x0008, 0x0018));
    assert_eq!(again.meta().private_information_creator_uid(), None);
    assert_eq!(again.meta().source_application_entity_title(), None);
    for planted in ["ULFSSON_PACS", "QUENBY_AE", "Quenby"] {
        assert!(!holds(&bytes, planted, None), "{planted}");
    }
}

#[test]
fn uids_are_mapped_wherever_they_stand_and_references_resolve() {
    let reference = item([
        text(0x0008, 0x1150, VR::UI, made::MR),
        text(0x0008, 0x1155, VR::UI, "1.2.3.4.18"),
        text(0x0020, 0x0052, VR::UI, "1.2.3.4.52"),
        text(0x0008, 0x1160, VR::IS, "1"),
    ]);
    let clean = clean(image([sequence(0x0008, 0x1140, vec![reference])])).unwrap();
    let items = clean
        .object()
        .get(Tag(0x0008, 0x1140))
        .unwrap()
        .items()
        .unwrap();
    let inner = |group, element| {
        let element = items[0].get(Tag(group, element)).unwrap();
        Some(element.to_str().unwrap().into_owned())
    };
    assert_eq!(inner(0x0008, 0x1150).as_deref(), Some(made::MR));
    assert_eq!(inner(0x0008, 0x1155), value(&clean, 0x0008, 0x0018));
    assert_eq!(inner(0x0020, 0x0052), value(&clean, 0x0020, 0x0052));
    assert_eq!(inner(0x0008, 0x1160).as_deref(), Some("1"));
    assert_eq!(
        value(&clean, 0x0020, 0x000D),
        Some(subject().uid("1.2.3.4.13"))
    );
    assert!(!holds(&clean.bytes().unwrap(), "1.2.3.4", None));
}

#[test]
fn uids_that_only_look_registered_are_mapped() {
    let uid = "1.2.840.10008.13800138000";
    let clean = clean(image([text(0x0020, 0x0052, VR::UI, uid)])).unwrap();
    assert_eq!(value(&clean, 0x0020, 0x0052), Some(subject().uid(uid)));
}

#[test]
fn dates_move_by_one_number_of_days_and_times_go() {
    let clean = clean(image([
        text(0x0008, 0x002A, VR::DT, "20240310113000.25+0800"),
        text(0x0008, 0x0023, VR::DA, "yesterday"),
        text(0x0008, 0x0021, VR::DA, "20240230"),
        text(0x0018, 0x1200, VR::DA, "20240230"),
        text(0x0008, 0x0033, VR::TM, "113000"),
    ]))
    .unwrap();
    let moved = |group, element| -> spinemed_core::date::Date {
        let text = value(&clean, group, element).unwrap();
        format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])
            .parse()
            .unwrap()
    };
    let (study, acquired) = (moved(0x0008, 0x0020), moved(0x0008, 0x0022));
    assert_eq!(study.days_until(acquired), 10);
    assert_eq!(moved(0x0008, 0x002A), acquired);
    let original: spinemed_core::date::Date = "2024-02-29".parse().unwrap();
    assert_eq!(original.days_until(study), subject().days());
    assert_eq!(value(&clean, 0x0008, 0x0023).as_deref(), Some(""));
    assert_eq!(value(&clean, 0x0008, 0x0021), None);
    assert_eq!(value(&clean, 0x0018, 0x1200), None);
    assert!(!holds(&clean.bytes().unwrap(), "113000", None));
    assert_eq!(value(&clean, 0x0008, 0x0030).as_deref(), Some(""));
}

#[test]
fn private_groups_go_with_their_creators() {
    let clean = clean(image([
        text(0x0009, 0x0010, VR::LO, "QUENBY PRIVATE"),
        sequence(
            0x0009,
            0x1001,
            vec![item([text(0x0018, 0x0050, VR::DS, "4.0")])],
        ),
        text(0x0029, 0x1010, VR::UN, "Quenby"),
    ]))
    .unwrap();
    assert!(clean.object().tags().all(|tag| tag.group() % 2 == 0));
    assert_eq!(clean.actions["private"], 3);
}

#[test]
fn overlays_curves_icons_signatures_and_padding_go() {
    let clean = clean(image([
        number(0x6000, 0x0100, 1),
        text(0x6000, 0x3000, VR::OW, "Quenby"),
        text(0x5002, 0x3000, VR::OW, "Quenby"),
        sequence(0x0088, 0x0200, vec![image([])]),
        sequence(0x0400, 0x0561, vec![image([])]),
        sequence(0xFFFA, 0xFFFA, vec![image([])]),
        text(0xFFFC, 0xFFFC, VR::OB, "Quenby"),
        text(0x0008, 0x1030, VR::LO, "L-SPINE for Dr Quenby"),
    ]))
    .unwrap();
    let kept = |tag: &Tag| matches!(tag.group(), 0x0008..=0x0028 | 0x7FE0);
    assert!(clean.object().tags().all(|tag| kept(&tag)));
    assert_eq!(value(&clean, 0x0008, 0x1030).as_deref(), Some("L-SPINE"));
}

#[test]
fn an_overlay_in_the_pixels_is_refused() {
    let refused = clean(image([
        number(0x6000, 0x0100, 16),
        number(0x6000, 0x0102, 12),
    ]));
    assert_eq!(refused.unwrap_err(), ObjectRefusal::EmbeddedOverlay);
}

#[test]
fn functional_groups_keep_geometry_and_lose_text() {
    let position = item([
        text(0x0020, 0x0032, VR::DS, "1\\2\\3"),
        text(0x0020, 0x4000, VR::LT, "Quenby"),
    ]);
    let content = item([
        text(0x0020, 0x9056, VR::SH, "Quenby"),
        text(0x0018, 0x9074, VR::DT, "20240310113000"),
        DataElement::new(Tag(0x0020, 0x9157), VR::UL, PrimitiveValue::from(7_u32)),
    ]);
    let frame = item([
        sequence(0x0020, 0x9113, vec![position]),
        sequence(0x0020, 0x9111, vec![content]),
        sequence(
            0x0021,
            0x1001,
            vec![item([text(0x0010, 0x0010, VR::PN, "Quenby")])],
        ),
    ]);
    let clean = clean(image([sequence(0x5200, 0x9230, vec![frame])])).unwrap();
    let frames = clean
        .object()
        .get(Tag(0x5200, 0x9230))
        .unwrap()
        .items()
        .unwrap();
    let position = &frames[0].get(Tag(0x0020, 0x9113)).unwrap().items().unwrap()[0];
    let place = position.get(Tag(0x0020, 0x0032)).unwrap();
    assert_eq!(place.to_str().unwrap(), "1\\2\\3");
    let content = &frames[0].get(Tag(0x0020, 0x9111)).unwrap().items().unwrap()[0];
    assert!(content.get(Tag(0x0020, 0x9157)).is_some());
    let day = content.get(Tag(0x0018, 0x9074)).unwrap().to_str().unwrap();
    assert_eq!(Some(day.into_owned()), value(&clean, 0x0008, 0x0022));
    assert!(!holds(&clean.bytes().unwrap(), "Quenby", None));
}

#[test]
fn codes_stay_with_meanings_of_the_list() {
    let code = |code: &str, meaning: &str| {
        item([
            text(0x0008, 0x0100, VR::SH, code),
            text(0x0008, 0x0102, VR::SH, "SCT"),
            text(0x0008, 0x0104, VR::LO, meaning),
        ])
    };
    let codes = vec![code("122496007", "of Quenby"), code("99", "Quenby")];
    let clean = clean(image([sequence(0x0008, 0x2218, codes)])).unwrap();
    let codes = clean
        .object()
        .get(Tag(0x0008, 0x2218))
        .unwrap()
        .items()
        .unwrap();
    assert_eq!(codes.len(), 1);
    let meaning = codes[0].get(Tag(0x0008, 0x0104)).unwrap();
    assert_eq!(meaning.to_str().unwrap(), "Lumbar spine");
}

#[test]
fn values_of_unexpected_kind_go() {
    let clean = clean(image([
        text(0x0018, 0x0050, VR::LO, "Quenby"),
        text(0x0018, 0x0081, VR::UT, "Quenby\\1"),
        text(0x0018, 0x0080, VR::DS, MRN),
        text(0x0028, 0x0106, VR::LO, "Quenby"),
        text(0x0018, 0x5100, VR::CS, "QUENBY"),
        sequence(
            0x0028,
            0x0030,
            vec![item([text(0x0010, 0x0010, VR::PN, "Quenby")])],
        ),
        DataElement::new(Tag(0x0028, 0x1050), VR::OV, PrimitiveValue::from(7_u64)),
        DataElement::new(
            Tag(0x0028, 0x1051),
            VR::UN,
            PrimitiveValue::from([1_u8, 255].as_slice()),
        ),
        DataElement::new(
            Tag(0x0020, 0x9111),
            VR::UN,
            PrimitiveValue::from(b"Quenby".as_slice()),
        ),
    ]))
    .unwrap();
    assert_eq!(clean.actions["unknown-value"], 10);
    assert!(!holds(&clean.bytes().unwrap(), "Quenby", None));
}

#[test]
fn an_identifier_is_no_count() {
    let clean = clean(image([
        text(0x0008, 0x0050, VR::SH, "551190"),
        text(0x0020, 0x0013, VR::IS, "551190"),
    ]))
    .unwrap();
    assert_eq!(value(&clean, 0x0020, 0x0013).as_deref(), Some(""));
}

#[test]
fn pixels_are_copied_and_end_where_the_picture_ends() {
    let pixels = |clean: &spinemed_deidentify::CleanObject| {
        let element = clean.object().get(Tag(0x7FE0, 0x0010)).unwrap();
        element.to_bytes().unwrap().into_owned()
    };
    let plain = clean(image([])).unwrap();
    assert_eq!(pixels(&plain), PIXELS);
    assert!(!plain.actions.contains_key("surplus"));
    let long = [PIXELS.as_slice(), b"Quenby"].concat();
    let long = DataElement::new(Tag(0x7FE0, 0x0010), VR::OW, PrimitiveValue::from(long));
    let cut = clean(image([long])).unwrap();
    assert_eq!(pixels(&cut), PIXELS);
    assert_eq!(cut.actions["surplus"], 1);
}

#[test]
fn compressed_pixels_keep_their_bytes_and_syntax() {
    let baseline = "1.2.840.10008.1.2.4.50";
    let fragments = PixelFragmentSequence::new_fragments(vec![vec![0xFF, 0xD8, 0xFF, 0xD9]]);
    let data = image([DataElement::new(
        Tag(0x7FE0, 0x0010),
        VR::OB,
        fragments.clone(),
    )]);
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(baseline)
        .build();
    let raw = data.clone().with_exact_meta(meta.unwrap());
    let clean = object(&raw, &subject(), &mut Known::default(), &policy()).unwrap();
    let again = dicom_object::from_reader(clean.bytes().unwrap().as_slice()).unwrap();
    assert_eq!(again.meta().transfer_syntax(), baseline);
    let kept = again.get(Tag(0x7FE0, 0x0010)).unwrap().fragments().unwrap();
    assert_eq!(kept, fragments.fragments());
    // The same pixels under a syntax that they are not of.
    let refused = made::clean(data).unwrap_err();
    assert_eq!(
        refused,
        ObjectRefusal::Undecodable {
            tag: Tag(0x7FE0, 0x0010)
        }
    );
}

#[test]
fn what_no_rule_can_handle_is_refused_without_a_value() {
    let check = |more: Vec<_>, expect: ObjectRefusal| {
        let refused = clean(image(more)).unwrap_err();
        assert_eq!(refused, expect);
        assert!(!refused.to_string().contains("Quenby"), "{refused}");
    };
    check(
        vec![text(0x0010, 0x0020, VR::LO, "")],
        ObjectRefusal::NoPatientId,
    );
    check(
        vec![text(0x0010, 0x0020, VR::LO, "Quenby")],
        ObjectRefusal::OtherPatient,
    );
    check(
        vec![sequence(0x0010, 0x0020, vec![])],
        ObjectRefusal::Undecodable {
            tag: Tag(0x0010, 0x0020),
        },
    );
    check(
        vec![sequence(0x0004, 0x1220, vec![])],
        ObjectRefusal::Directory,
    );
    check(
        vec![text(
            0x0008,
            0x0016,
            VR::UI,
            "1.2.840.10008.5.1.4.1.1.104.1",
        )],
        ObjectRefusal::Class {
            what: "an encapsulated document",
        },
    );
    for (group, element) in [
        (0x0008, 0x0016),
        (0x0008, 0x0018),
        (0x0028, 0x0004),
        (0x0028, 0x0010),
    ] {
        let tag = Tag(group, element);
        check(
            vec![DataElement::empty(tag, VR::UN)],
            ObjectRefusal::Attribute { tag },
        );
    }
    let mut deep = item([text(0x0010, 0x0010, VR::PN, "Quenby")]);
    for _ in 0..40 {
        deep = item([sequence(0x0009, 0x1001, vec![deep])]);
    }
    check(
        vec![sequence(0x0009, 0x1001, vec![deep])],
        ObjectRefusal::TooDeep { limit: 32 },
    );
    let mut without = image([]);
    without.remove_element(Tag(0x0010, 0x0020));
    assert_eq!(clean(without).unwrap_err(), ObjectRefusal::NoPatientId);
}

#[test]
fn two_keys_give_objects_that_cannot_be_linked_and_one_key_the_same_bytes() {
    let bytes = |byte: u8| {
        let key = Key::parse(&Key::file(std::array::from_fn(|at| at as u8 ^ byte))).unwrap();
        let subject = Subject::new(&key, MRN).unwrap();
        let clean = object(&file(image([])), &subject, &mut Known::default(), &policy()).unwrap();
        (clean.bytes().unwrap(), value(&clean, 0x0020, 0x000D))
    };
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1).1, bytes(2).1);
}

#[test]
fn chinese_names_in_gb18030_do_not_survive_the_way_through_a_file() {
    let names = [("欧阳秘书", [0xC5, 0xB7, 0xD1, 0xF4, 0xC3, 0xD8, 0xCA, 0xE9])];
    let (name, gb) = names[0];
    let inner = item([
        text(0x0008, 0x1155, VR::UI, "1.2.3.4.18"),
        text(0x0010, 0x0010, VR::PN, name),
        text(0x0008, 0x0104, VR::LO, name),
    ]);
    let raw = image([
        text(0x0008, 0x0005, VR::CS, "GB18030"),
        text(0x0010, 0x0010, VR::PN, name),
        text(0x0008, 0x1030, VR::LO, name),
        sequence(0x0008, 0x1140, vec![inner.clone()]),
        sequence(0x0009, 0x1001, vec![inner]),
    ]);
    let mut bytes = Vec::new();
    file(raw).write_all(&mut bytes).unwrap();
    assert!(holds(&bytes, name, Some(&gb)));
    let raw = spinemed_dicom::read(&bytes).unwrap();
    let clean = object(&raw, &subject(), &mut Known::default(), &policy()).unwrap();
    let bytes = clean.bytes().unwrap();
    assert!(!holds(&bytes, name, Some(&gb)));
    assert!(!holds(&bytes, "1.2.3.4", None));
    assert_eq!(value(&clean, 0x0008, 0x0005).as_deref(), Some("ISO_IR 192"));
}

#[test]
fn names_are_collected_before_they_go_even_from_what_is_refused() {
    let collected = |more: Vec<_>| {
        let mut known = Known::default();
        let _ = object(&file(image(more)), &subject(), &mut known, &policy());
        let shown = format!("{known:?}");
        assert!(
            !shown.contains("Quenby") && !shown.contains("Deepwell"),
            "{shown}"
        );
        shown
    };
    let deep = item([text(0x0010, 0x0010, VR::PN, "Deepwell^Dora")]);
    let deep = item([sequence(0x0011, 0x1001, vec![deep])]);
    let deep = sequence(0x0009, 0x1001, vec![deep]);
    let report = text(0x0008, 0x0016, VR::UI, "1.2.840.10008.5.1.4.1.1.88.11");
    let plain = collected(vec![]);
    assert_ne!(plain, format!("{:?}", Known::default()));
    assert_ne!(plain, collected(vec![deep.clone()]));
    assert_eq!(collected(vec![deep.clone()]), collected(vec![deep, report]));
}
