//! The options of the profile, each over one object: what they keep, and what they never do.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

#[path = "object/made.rs"]
#[allow(dead_code, reason = "shared with the tests of made objects")]
mod made;

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};
use dicom_object::InMemDicomObject;
use made::{file, holds, image, subject, text, value};
use proptest::prelude::*;
use spinemed_core::profile::Profile;
use spinemed_core::vocabulary::{ProfileOption as O, TimesOfDay};
use spinemed_deidentify::{CleanObject, Known, Policy, object};

fn clean(options: &[O], times: TimesOfDay, raw: InMemDicomObject) -> CleanObject {
    let profile = Profile {
        options: options.iter().copied().collect(),
        times,
    };
    let mut known = Known::default();
    object(
        &file(raw),
        &subject(),
        &mut known,
        &Policy::pictures(profile),
    )
    .unwrap()
}

/// What an attribute becomes without any option and with some.
fn check(options: &[O], raw: &InMemDicomObject, tag: (u16, u16), without: &str, with: &str) {
    let found = |options: &[O]| {
        let clean = clean(options, TimesOfDay::Keep, raw.clone());
        value(&clean, tag.0, tag.1).unwrap_or_else(|| "-".to_owned())
    };
    assert_eq!(
        (found(&[]).as_str(), found(options).as_str()),
        (without, with),
        "{tag:04X?}"
    );
}

fn rich() -> InMemDicomObject {
    image([
        text(0x0008, 0x0031, VR::TM, "113500.25"),
        text(0x0008, 0x0201, VR::SH, "+0100"),
        text(0x0008, 0x1010, VR::SH, "MR SOUTH 2"),
        text(0x0008, 0x1030, VR::LO, "L-SPINE for Dr Xyzzyford"),
        text(0x0010, 0x1030, VR::DS, "81.5"),
        text(0x0018, 0x1000, VR::LO, "SN-90210"),
        text(0x0018, 0x1002, VR::UI, "1.2.3.4.1002"),
        text(0x0019, 0x0010, VR::LO, "SIEMENS MR HEADER"),
        text(0x0019, 0x100C, VR::IS, "800"),
        text(0x0019, 0x1008, VR::CS, "IMAGE NUM 4"),
        text(0x0029, 0x0010, VR::LO, "SIEMENS CSA HEADER"),
    ])
}

#[test]
fn each_option_keeps_what_its_column_says() {
    let raw = rich();
    let check = |options: &[O], group, element, without: &str, with: &str| {
        check(options, &raw, (group, element), without, with);
    };
    check(&[O::RetainPatientCharacteristics], 0x0010, 0x0040, "", "F");
    check(
        &[O::RetainPatientCharacteristics],
        0x0010,
        0x1010,
        "-",
        "090Y",
    );
    check(
        &[O::RetainPatientCharacteristics],
        0x0010,
        0x1030,
        "-",
        "81.5",
    );
    check(&[O::RetainFullDates], 0x0008, 0x0020, "", "20240229");
    check(&[O::RetainFullDates], 0x0008, 0x0031, "-", "113500.25");
    check(&[O::RetainFullDates], 0x0008, 0x0201, "-", "+0100");
    check(&[O::RetainModifiedDates], 0x0008, 0x0031, "-", "113500.25");
    check(&[O::RetainDeviceIdentity], 0x0018, 0x1000, "-", "SN-90210");
    check(
        &[O::RetainDeviceIdentity],
        0x0008,
        0x1010,
        "-",
        "MR SOUTH 2",
    );
    check(&[O::CleanDescriptors], 0x0008, 0x1030, "-", "L-SPINE");
    check(&[O::RetainSafePrivate], 0x0019, 0x100C, "-", "800");
    check(
        &[O::RetainSafePrivate],
        0x0019,
        0x0010,
        "-",
        "SIEMENS MR HEADER",
    );
    check(&[O::RetainSafePrivate], 0x0019, 0x1008, "-", "-");
    check(&[O::RetainSafePrivate], 0x0029, 0x0010, "-", "-");
    // The hospital bears the patient's name, and so its name stays nobody's.
    check(&[O::RetainInstitutionIdentity], 0x0008, 0x0080, "-", "-");
}

#[test]
fn an_institution_stays_where_it_bears_no_name_of_people() {
    let raw = image([text(0x0008, 0x0080, VR::LO, "Rotunda Hospital")]);
    check(
        &[O::RetainInstitutionIdentity],
        &raw,
        (0x0008, 0x0080),
        "-",
        "Rotunda Hospital",
    );
}

#[test]
fn uids_stay_with_the_file_header_true() {
    let kept = clean(&[O::RetainUids], TimesOfDay::Remove, image([]));
    assert_eq!(value(&kept, 0x0008, 0x0018).as_deref(), Some("1.2.3.4.18"));
    assert_eq!(
        kept.object().meta().media_storage_sop_instance_uid(),
        "1.2.3.4.18"
    );
    let mapped = clean(&[], TimesOfDay::Remove, image([]));
    assert_ne!(
        value(&mapped, 0x0008, 0x0018).as_deref(),
        Some("1.2.3.4.18")
    );
}

#[test]
fn no_date_and_no_time_is_left_where_none_may_be() {
    let clean = clean(&[], TimesOfDay::Keep, rich());
    let bytes = clean.bytes().unwrap();
    for planted in ["20240229", "20240310", "113500", "113000", "19310704"] {
        assert!(!holds(&bytes, planted, None), "{planted}");
    }
    assert_eq!(value(&clean, 0x0028, 0x0303).as_deref(), Some("REMOVED"));
}

#[test]
fn whatever_is_chosen_people_stay_unnamed() {
    for option in O::ALL {
        let clean = clean(&[*option], TimesOfDay::Keep, rich());
        let bytes = clean.bytes().unwrap();
        for planted in [
            "Quenby",
            "Ulfsson",
            "Rita",
            "ACC-551190",
            "19310704",
            "Xyzzyford",
        ] {
            // The day of birth is a date as others, and stays where all dates do.
            let dates = planted == "19310704" && *option == O::RetainFullDates;
            assert!(
                dates || !holds(&bytes, planted, None),
                "{option}: {planted}"
            );
        }
    }
}

proptest! {
    #[test]
    fn no_text_of_whatever_tag_passes_by_default(
        group in 0x0008_u16..0x7FE0,
        element in 0_u16..,
        vr in 0_usize..9,
        word in "[a-z]{6}",
    ) {
        let vr = [VR::LO, VR::SH, VR::ST, VR::LT, VR::UT, VR::UC, VR::PN, VR::CS, VR::UN][vr];
        // Group 0028 describes the pixels, and an object without that is refused.
        let tag = Tag(group, element);
        prop_assume!(![0x0028, 0x0010].contains(&group) && tag != Tag(0x0008, 0x0016));
        let planted = format!("Qzx{word}");
        let value = PrimitiveValue::from(planted.as_str());
        let raw = image([DataElement::new(tag, vr, value)]);
        let policy = Policy::pictures(Profile::default());
        let cleaned = object(&file(raw), &subject(), &mut Known::default(), &policy);
        if let Ok(cleaned) = cleaned {
            prop_assert!(!holds(&cleaned.bytes().unwrap(), &planted, None), "{}", tag);
        }
    }
}
