//! What a header alone forbids (DICOM PS3.3).

use dicom_core::Tag;
use dicom_core::value::Value;
use dicom_object::InMemDicomObject;

use super::Suspicion;

const SOP_CLASS: Tag = Tag(0x0008, 0x0016);
const IMAGE_TYPE: Tag = Tag(0x0008, 0x0008);
const FRAME_TYPE: Tag = Tag(0x0008, 0x9007);
const CONVERSION_TYPE: Tag = Tag(0x0008, 0x0064);
const SAMPLES: Tag = Tag(0x0028, 0x0002);
const PHOTOMETRIC: Tag = Tag(0x0028, 0x0004);
const BITS_STORED: Tag = Tag(0x0028, 0x0101);
const HIGH_BIT: Tag = Tag(0x0028, 0x0102);
const BURNED_IN: Tag = Tag(0x0028, 0x0301);

/// The classes whose pictures come from the detector itself (PS3.4, table B.5-1). What is not
/// here is refused: secondary captures of all kinds, ultrasound, video, encapsulated
/// documents, and every class that a later edition adds.
pub(super) const PLAIN_CLASSES: [&str; 11] = [
    "1.2.840.10008.5.1.4.1.1.1",     // computed radiography
    "1.2.840.10008.5.1.4.1.1.1.1",   // digital X-ray, for presentation
    "1.2.840.10008.5.1.4.1.1.1.1.1", // digital X-ray, for processing
    "1.2.840.10008.5.1.4.1.1.2",     // CT
    "1.2.840.10008.5.1.4.1.1.2.1",   // enhanced CT
    "1.2.840.10008.5.1.4.1.1.2.2",   // legacy converted enhanced CT
    "1.2.840.10008.5.1.4.1.1.4",     // MR
    "1.2.840.10008.5.1.4.1.1.4.1",   // enhanced MR
    "1.2.840.10008.5.1.4.1.1.4.4",   // legacy converted enhanced MR
    "1.2.840.10008.5.1.4.1.1.12.1",  // X-ray angiography
    "1.2.840.10008.5.1.4.1.1.12.2",  // X-ray radiofluoroscopy
];

/// Nested data sets deeper than this are refused rather than walked.
const MAX_DEPTH: usize = 16;

/// Refuses an object whose header makes burned-in text likely.
///
/// Passing proves nothing: `NO` in Burned In Annotation (0028,0301) is not believed, and its
/// absence is no evidence either. The pixels must still pass [`prove`](super::prove).
///
/// # Errors
/// The first [`Suspicion`], in the order of its variants.
pub fn header(object: &InMemDicomObject) -> Result<(), Suspicion> {
    refuse(!sop_class_is_plain(object), Suspicion::SopClass)?;
    let burned_in = texts(object, BURNED_IN);
    let denied = burned_in
        .iter()
        .all(|value| value.is_empty() || value == "NO");
    refuse(!denied, Suspicion::BurnedIn)?;
    refuse(is_derived(object, 0), Suspicion::Derived)?;
    refuse(object.get(CONVERSION_TYPE).is_some(), Suspicion::Converted)?;
    let grey = matches!(texts(object, PHOTOMETRIC).as_slice(),
        [one] if one == "MONOCHROME1" || one == "MONOCHROME2");
    refuse(!grey, Suspicion::Photometric)?;
    refuse(number(object, SAMPLES) != Some(1), Suspicion::Samples)?;
    if let Some(group) = overlay(object) {
        return Err(Suspicion::Overlay { group });
    }
    refuse(!bits_fit(object), Suspicion::Bits)
}

fn refuse(wrong: bool, suspicion: Suspicion) -> Result<(), Suspicion> {
    if wrong { Err(suspicion) } else { Ok(()) }
}

fn sop_class_is_plain(object: &InMemDicomObject) -> bool {
    matches!(texts(object, SOP_CLASS).as_slice(), [uid] if PLAIN_CLASSES.contains(&uid.as_str()))
}

/// Whether the image or any frame says that it was captured, or made of others in a way that
/// may have drawn on it. A type that is missing says nothing. `DERIVED\PRIMARY` is what
/// reformatted slices are, made of pixels of the same examination (PS3.3, C.7.6.1.1.2), and is
/// let in; `MIXED` says that frames differ, and each frame's own type cannot be trusted then.
fn is_derived(object: &InMemDicomObject, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return true;
    }
    let secondary = [IMAGE_TYPE, FRAME_TYPE].into_iter().any(|tag| {
        let values = texts(object, tag);
        let value = |place: usize| values.get(place).map_or("", String::as_str);
        match (value(0), value(1)) {
            ("MIXED", _) | (_, "SECONDARY") => true,
            ("DERIVED", second) => second != "PRIMARY",
            _ => false,
        }
    });
    // A referenced or source image's own type is not this image's, yet sequences that carry a
    // type are functional groups in all objects that are let in, so every item counts.
    secondary
        || object.iter().any(|element| match element.value() {
            Value::Sequence(sequence) => sequence
                .items()
                .iter()
                .any(|item| is_derived(item, depth + 1)),
            _ => false,
        })
}

/// The first overlay group (PS3.3, C.9.2). Any element of it counts: overlay data may lie in
/// (60xx,3000) or, retired, in unused bits of the pixels, which (60xx,0100) and (60xx,0102) say.
fn overlay(object: &InMemDicomObject) -> Option<u16> {
    object
        .iter()
        .map(|element| element.header().tag.group())
        .find(|group| (0x6000..=0x60FF).contains(group))
}

/// Whether the value fills the stored bits from the lowest on, as PS3.5, 8.1.1 demands.
fn bits_fit(object: &InMemDicomObject) -> bool {
    match (number(object, BITS_STORED), number(object, HIGH_BIT)) {
        (Some(stored), Some(high)) => stored.checked_sub(1) == Some(high),
        _ => false,
    }
}

/// A number in the header, if it is one.
pub(super) fn number(object: &InMemDicomObject, tag: Tag) -> Option<u32> {
    object.get(tag)?.to_int().ok()
}

/// The values of an element as upper-case text; empty where it is missing. A value that is no
/// text becomes one that matches nothing.
pub(super) fn texts(object: &InMemDicomObject, tag: Tag) -> Vec<String> {
    let Some(element) = object.get(tag) else {
        return Vec::new();
    };
    match element.to_multi_str() {
        Ok(values) => values
            .iter()
            .map(|value| value.trim_matches([' ', '\0']).to_uppercase())
            .collect(),
        Err(_) => vec!["?".to_owned()],
    }
}
