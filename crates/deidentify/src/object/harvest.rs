//! What an object says of people, collected before it goes, so that texts can be searched
//! for it.

use std::collections::BTreeSet;

use dicom_core::{Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::{MAX_DEPTH, ObjectRefusal, concepts, content, rules, unknown, value};
use crate::Known;

/// Elements whose values name somebody or some place, beside all person names.
const CLASSES: &[(u16, u16, &str)] = &[
    (0x0008, 0x0050, "id"),      // Accession Number
    (0x0008, 0x0055, "other"),   // Station AE Title
    (0x0008, 0x0080, "place"),   // Institution Name
    (0x0008, 0x0081, "address"), // Institution Address
    (0x0008, 0x0092, "address"), // Referring Physician's Address
    (0x0008, 0x0094, "phone"),   // Referring Physician's Telephone Numbers
    (0x0008, 0x1010, "place"),   // Station Name
    (0x0008, 0x1040, "place"),   // Institutional Department Name
    (0x0008, 0x1041, "place"),   // Institutional Department Type
    (0x0010, 0x0020, "id"),      // Patient ID
    (0x0010, 0x0021, "place"),   // Issuer of Patient ID
    (0x0010, 0x0030, "date"),    // Patient's Birth Date
    (0x0010, 0x0050, "id"),      // Patient's Insurance Plan
    (0x0010, 0x1000, "id"),      // Other Patient IDs
    (0x0010, 0x1040, "address"), // Patient's Address
    (0x0010, 0x1090, "id"),      // Medical Record Locator
    (0x0010, 0x2150, "place"),   // Country of Residence
    (0x0010, 0x2152, "place"),   // Region of Residence
    (0x0010, 0x2154, "phone"),   // Patient's Telephone Numbers
    (0x0010, 0x2155, "phone"),   // Patient's Telecom Information
    (0x0018, 0x1000, "id"),      // Device Serial Number
    (0x0020, 0x0010, "id"),      // Study ID
    (0x0032, 0x1033, "place"),   // Requesting Service
    (0x0038, 0x0010, "id"),      // Admission ID
    (0x0038, 0x0060, "id"),      // Service Episode ID
    (0x0038, 0x0300, "place"),   // Current Patient Location
    (0x0038, 0x0400, "place"),   // Patient's Institution Residence
    (0x0040, 0x0009, "id"),      // Scheduled Procedure Step ID
    (0x0040, 0x0010, "place"),   // Scheduled Station Name
    (0x0040, 0x0011, "place"),   // Scheduled Procedure Step Location
    (0x0040, 0x0242, "place"),   // Performed Station Name
    (0x0040, 0x0243, "place"),   // Performed Location
    (0x0040, 0x0253, "id"),      // Performed Procedure Step ID
    (0x0040, 0x1001, "id"),      // Requested Procedure ID
    (0x0040, 0x1005, "place"),   // Requested Procedure Location
    (0x0040, 0x1102, "address"), // Person's Address
    (0x0040, 0x1103, "phone"),   // Person's Telephone Numbers
    (0x0040, 0x2008, "name"),    // Order Entered By
    (0x0040, 0x2009, "place"),   // Order Enterer's Location
    (0x0040, 0x2010, "phone"),   // Order Callback Phone Number
    (0x0040, 0x2016, "id"),      // Placer Order Number
    (0x0040, 0x2017, "id"),      // Filler Order Number
];

/// Shorter values may be counts as well.
const LONG: usize = 6;

/// Collects identifiers at every depth, private groups and sequences of unknown representation
/// included. Returns those of some length, which no kept value may equal.
///
/// # Errors
/// [`ObjectRefusal::TooDeep`]; what lies above the limit has been collected.
pub(super) fn harvest(
    raw: &InMemDicomObject,
    known: &mut Known,
) -> Result<BTreeSet<String>, ObjectRefusal> {
    let mut long = BTreeSet::new();
    if visit(raw, 0, known, &mut long) {
        return Ok(long);
    }
    Err(ObjectRefusal::TooDeep { limit: MAX_DEPTH })
}

/// Collects from an object or item and what is below it. False where that is too deep.
fn visit(
    object: &InMemDicomObject,
    depth: usize,
    known: &mut Known,
    long: &mut BTreeSet<String>,
) -> bool {
    let mut whole = true;
    asked(object, known);
    for element in object.iter() {
        collect(element, known, long);
        let unknown = unknown::items(element);
        let items = element.items().or(unknown.as_deref()).unwrap_or_default();
        if depth >= MAX_DEPTH {
            whole &= items.is_empty();
            continue;
        }
        for item in items {
            whole &= visit(item, depth + 1, known, long);
        }
    }
    whole
}

/// Collects what an item of a content tree says, where its concept asks for an identifier.
fn asked(item: &InMemDicomObject, known: &mut Known) {
    let name = item.get(content::CONCEPT_NAME);
    let name = name.and_then(|name| name.items()?.first());
    let Some(class) = name.and_then(concepts::identifying) else {
        return;
    };
    for tag in [content::TEXT, content::DATE] {
        let values = item.get(tag).and_then(value::texts).unwrap_or_default();
        for value in values.iter().filter(|value| !value.is_empty()) {
            known.add(class, value);
        }
    }
}

fn collect(element: &InMemElement, known: &mut Known, long: &mut BTreeSet<String>) {
    let Some(class) = class(element) else {
        return;
    };
    for value in value::texts(element).unwrap_or_default() {
        if !value.is_empty() {
            known.add(class, &value);
        }
        if value.len() >= LONG {
            long.insert(value);
        }
    }
}

fn class(element: &InMemElement) -> Option<&'static str> {
    let tag = element.header().tag;
    let listed = CLASSES
        .iter()
        .find(|(group, number, _)| Tag(*group, *number) == tag);
    if let Some((_, _, class)) = listed {
        return Some(class);
    }
    (element.vr() == VR::PN || rules::names_a_person(tag)).then_some("name")
}
