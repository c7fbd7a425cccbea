//! A first look at an object, before any is cleaned: whose it is, and what it says of people.

use dicom_core::Tag;
use dicom_object::InMemDicomObject;

use super::{ObjectRefusal, PATIENT_ID, harvest, value};
use crate::Known;

/// The patient identifier (0010,0020), as it was typed: what [`crate::Subject::new`] takes.
///
/// # Errors
/// [`ObjectRefusal::Directory`] for a media directory, [`ObjectRefusal::NoPatientId`] where
/// there is none, [`ObjectRefusal::Undecodable`] where it cannot be read.
pub fn patient_id(raw: &InMemDicomObject) -> Result<String, ObjectRefusal> {
    if raw.tags().any(|tag: Tag| tag.group() == 0x0004) {
        return Err(ObjectRefusal::Directory);
    }
    let id = raw.get(PATIENT_ID).ok_or(ObjectRefusal::NoPatientId)?;
    let ids = value::texts(id).ok_or(ObjectRefusal::Undecodable { tag: PATIENT_ID })?;
    if ids.iter().all(String::is_empty) {
        return Err(ObjectRefusal::NoPatientId);
    }
    // An identifier may hold a backslash by mistake; the parts together are what was typed.
    Ok(ids.join("\\"))
}

/// Adds what an object says of people to `known`, so that texts of other objects of the same
/// patient can be searched for it. Pixels are not needed.
///
/// # Errors
/// [`ObjectRefusal::TooDeep`]; what lies above the limit has been collected.
pub fn survey(raw: &InMemDicomObject, known: &mut Known) -> Result<(), ObjectRefusal> {
    harvest::harvest(raw, known).map(|_| ())
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, VR};

    use super::*;

    fn of(tag: Tag, text: &str) -> InMemDicomObject {
        InMemDicomObject::from_element_iter([DataElement::new(tag, VR::LO, text)])
    }

    #[test]
    fn an_object_says_whose_it_is() {
        let id = |text| patient_id(&of(PATIENT_ID, text));
        assert_eq!(id("MRN 12 "), Ok("MRN 12".to_owned()));
        assert_eq!(id("A\\B"), Ok("A\\B".to_owned()));
        assert_eq!(id("  "), Err(ObjectRefusal::NoPatientId));
        let none = patient_id(&InMemDicomObject::new_empty());
        assert_eq!(none, Err(ObjectRefusal::NoPatientId));
        let directory = patient_id(&of(Tag(0x0004, 0x1130), "X"));
        assert_eq!(directory, Err(ObjectRefusal::Directory));
    }
}
