//! What headers forbid, one rule at a time.
#![allow(clippy::unwrap_used, reason = "tests stop where they are")]

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_object::InMemDicomObject;
use spinemed_deidentify::pixels::{Suspicion, header};

fn plain() -> InMemDicomObject {
    let mut object = InMemDicomObject::new_empty();
    put(
        &mut object,
        (0x0008, 0x0008),
        VR::CS,
        "ORIGINAL\\PRIMARY\\AXIAL",
    );
    put(
        &mut object,
        (0x0008, 0x0016),
        VR::UI,
        "1.2.840.10008.5.1.4.1.1.4",
    );
    put(&mut object, (0x0028, 0x0004), VR::CS, "MONOCHROME2");
    for (element, value) in [(0x0002, 1_u16), (0x0100, 16), (0x0101, 12), (0x0102, 11)] {
        let value = PrimitiveValue::from(value);
        object.put(DataElement::new(Tag(0x0028, element), VR::US, value));
    }
    object
}

fn put(object: &mut InMemDicomObject, (group, element): (u16, u16), vr: VR, value: &str) {
    let values: Vec<String> = value.split('\\').map(str::to_owned).collect();
    object.put(DataElement::new(
        Tag(group, element),
        vr,
        PrimitiveValue::Strs(values.into()),
    ));
}

fn check(tag: (u16, u16), vr: VR, value: &str, expect: Result<(), Suspicion>) {
    let mut object = plain();
    put(&mut object, tag, vr, value);
    assert_eq!(header(&object), expect, "{tag:?} {value}");
}

#[test]
fn plain_slices_pass() {
    assert_eq!(header(&plain()), Ok(()));
    check((0x0008, 0x0008), VR::CS, "DERIVED\\PRIMARY\\MPR", Ok(()));
    check((0x0028, 0x0301), VR::CS, "NO", Ok(()));
    check((0x0028, 0x0004), VR::CS, "MONOCHROME1 ", Ok(()));
}

#[test]
fn each_rule_refuses() {
    let class = Err(Suspicion::SopClass);
    check((0x0008, 0x0016), VR::UI, "1.2.840.10008.5.1.4.1.1.7", class);
    check(
        (0x0008, 0x0016),
        VR::UI,
        "1.2.840.10008.5.1.4.1.1.7.2",
        class,
    );
    check(
        (0x0008, 0x0016),
        VR::UI,
        "1.2.840.10008.5.1.4.1.1.6.1",
        class,
    );
    check(
        (0x0008, 0x0016),
        VR::UI,
        "1.2.840.10008.5.1.4.1.1.77.1.4.1",
        class,
    );
    check(
        (0x0008, 0x0016),
        VR::UI,
        "1.2.840.10008.5.1.4.1.1.104.1",
        class,
    );
    check((0x0028, 0x0301), VR::CS, "YES", Err(Suspicion::BurnedIn));
    check((0x0028, 0x0301), VR::CS, "maybe", Err(Suspicion::BurnedIn));
    check(
        (0x0008, 0x0008),
        VR::CS,
        "derived\\SECONDARY\\REFORMATTED",
        Err(Suspicion::Derived),
    );
    check(
        (0x0008, 0x0008),
        VR::CS,
        "ORIGINAL\\SECONDARY",
        Err(Suspicion::Derived),
    );
    for value in ["DERIVED", "DERIVED\\OTHER", "MIXED\\PRIMARY"] {
        check((0x0008, 0x0008), VR::CS, value, Err(Suspicion::Derived));
    }
    check((0x0008, 0x0064), VR::CS, "WSD", Err(Suspicion::Converted));
    check((0x0028, 0x0004), VR::CS, "RGB", Err(Suspicion::Photometric));
    check(
        (0x0028, 0x0004),
        VR::CS,
        "PALETTE COLOR",
        Err(Suspicion::Photometric),
    );
    check(
        (0x6002, 0x3000),
        VR::OW,
        "x",
        Err(Suspicion::Overlay { group: 0x6002 }),
    );
    check(
        (0x6000, 0x0102),
        VR::US,
        "x",
        Err(Suspicion::Overlay { group: 0x6000 }),
    );
}

#[test]
fn numbers_and_absences_refuse() {
    let mut object = plain();
    object.put(DataElement::new(
        Tag(0x0028, 0x0002),
        VR::US,
        PrimitiveValue::from(3_u16),
    ));
    assert_eq!(header(&object), Err(Suspicion::Samples));
    let mut object = plain();
    object.put(DataElement::new(
        Tag(0x0028, 0x0102),
        VR::US,
        PrimitiveValue::from(15_u16),
    ));
    assert_eq!(header(&object), Err(Suspicion::Bits));
    assert_eq!(
        header(&InMemDicomObject::new_empty()),
        Err(Suspicion::SopClass)
    );
}

#[test]
fn a_secondary_frame_refuses() {
    let mut kind = InMemDicomObject::new_empty();
    put(&mut kind, (0x0008, 0x9007), VR::CS, "DERIVED\\SECONDARY");
    let mut group = InMemDicomObject::new_empty();
    let nest = |tag, item| DataElement::new(tag, VR::SQ, DataSetSequence::from(vec![item]));
    group.put(nest(Tag(0x0018, 0x9226), kind));
    let mut object = plain();
    object.put(nest(Tag(0x5200, 0x9230), group));
    assert_eq!(header(&object), Err(Suspicion::Derived));
}
