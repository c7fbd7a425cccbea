//! What is said of the cleaning in the object itself.

use dicom_core::{DataElement, VR, dicom_value};
use dicom_object::InMemDicomObject;

use super::rules::Rules;
use super::{
    CHARACTER_SET, IDENTITY_REMOVED, METHOD, METHOD_CODES, TEMPORAL, codes, value, walk,
};

/// Writes what was done (PS3.15, E.1.1, and PS3.16, CID 7050).
pub(super) fn write(clean: &mut InMemDicomObject, _rules: &Rules) {
    let method = dicom_value!(
        Strs,
        [
            "DICOM PS3.15 Basic Profile, 2024b and additions of 2026c",
            "dates moved by whole days, times of day removed",
            "sex and age kept, ages from 90 years on as 090Y",
            "elements that no rule knows removed",
        ]
    );
    let codes = [
        ("113100", "Basic Application Confidentiality Profile"),
        (
            "113107",
            "Retain Longitudinal Temporal Information Modified Dates Option",
        ),
    ];
    let items = codes.map(|(code, meaning)| {
        let mut item = InMemDicomObject::new_empty();
        codes::put(&mut item, "DCM", code, meaning);
        item
    });
    clean.put(value::text(CHARACTER_SET, VR::CS, "ISO_IR 192"));
    clean.put(value::text(IDENTITY_REMOVED, VR::CS, "YES"));
    clean.put(DataElement::new(METHOD, VR::LO, method));
    clean.put(walk::sequence(METHOD_CODES, items.to_vec()));
    clean.put(value::text(TEMPORAL, VR::CS, "MODIFIED"));
}
