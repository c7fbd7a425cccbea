//! Objects that are made here.

use dicom_core::value::{DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, Length, Tag, VR};
use dicom_object::mem::InMemElement;
use dicom_object::{FileDicomObject, FileMetaTableBuilder, InMemDicomObject};
use spinemed_core::profile::Profile;
use spinemed_deidentify::{CleanObject, Key, Known, ObjectRefusal, Policy, Subject, object};

pub const MRN: &str = "MRN-7734419";
pub const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
pub const PIXELS: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

pub fn subject() -> Subject {
    let key = Key::parse(&Key::file(std::array::from_fn(|at| at as u8 ^ 0x5a))).unwrap();
    Subject::new(&key, MRN).unwrap()
}

pub fn policy() -> Policy {
    Policy::pictures(Profile::default())
}

pub fn text(group: u16, element: u16, vr: VR, value: &str) -> InMemElement {
    DataElement::new(Tag(group, element), vr, PrimitiveValue::from(value))
}

pub fn number(group: u16, element: u16, value: u16) -> InMemElement {
    DataElement::new(Tag(group, element), VR::US, PrimitiveValue::from(value))
}

pub fn item(elements: impl IntoIterator<Item = InMemElement>) -> InMemDicomObject {
    InMemDicomObject::from_element_iter(elements)
}

pub fn sequence(group: u16, element: u16, items: Vec<InMemDicomObject>) -> InMemElement {
    DataElement::new(
        Tag(group, element),
        VR::SQ,
        DataSetSequence::new(items, Length::UNDEFINED),
    )
}

/// A small MR image of one patient.
pub fn image(more: impl IntoIterator<Item = InMemElement>) -> InMemDicomObject {
    let mut image = item([
        text(0x0008, 0x0008, VR::CS, "ORIGINAL\\PRIMARY\\M_SE\\Quenby"),
        text(0x0008, 0x0016, VR::UI, MR),
        text(0x0008, 0x0018, VR::UI, "1.2.3.4.18"),
        text(0x0008, 0x0020, VR::DA, "20240229"),
        text(0x0008, 0x0022, VR::DA, "20240310"),
        text(0x0008, 0x0030, VR::TM, "113000"),
        text(0x0008, 0x0050, VR::SH, "ACC-551190"),
        text(0x0008, 0x0060, VR::CS, "MR"),
        text(0x0008, 0x0070, VR::LO, "Maker of Quenby"),
        text(0x0008, 0x0080, VR::LO, "Ulfsson Hospital"),
        text(0x0008, 0x0090, VR::PN, "Referrer^Rita"),
        text(0x0010, 0x0010, VR::PN, "Ulfsson^Quenby"),
        text(0x0010, 0x0020, VR::LO, MRN),
        text(0x0010, 0x0030, VR::DA, "19310704"),
        text(0x0010, 0x0040, VR::CS, "F"),
        text(0x0010, 0x1010, VR::AS, "092Y"),
        text(0x0018, 0x0015, VR::CS, "LSPINE"),
        text(0x0018, 0x0050, VR::DS, "4.0"),
        text(0x0020, 0x000D, VR::UI, "1.2.3.4.13"),
        text(0x0020, 0x000E, VR::UI, "1.2.3.4.14"),
        text(0x0020, 0x0013, VR::IS, "7"),
        text(0x0020, 0x0052, VR::UI, "1.2.3.4.52"),
        text(0x0028, 0x0004, VR::CS, "MONOCHROME2"),
        number(0x0028, 0x0002, 1),
        number(0x0028, 0x0010, 2),
        number(0x0028, 0x0011, 2),
        number(0x0028, 0x0100, 16),
        number(0x0028, 0x0101, 12),
        number(0x0028, 0x0102, 11),
        number(0x0028, 0x0103, 0),
        DataElement::new(
            Tag(0x7FE0, 0x0010),
            VR::OW,
            PrimitiveValue::from(PIXELS.as_slice()),
        ),
    ]);
    for element in more {
        image.put(element);
    }
    image
}

pub fn file(data: InMemDicomObject) -> FileDicomObject<InMemDicomObject> {
    let meta = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid(MR)
        .media_storage_sop_instance_uid("1.2.3.4.99")
        .transfer_syntax("1.2.840.10008.1.2.1")
        .implementation_version_name("ULFSSON_PACS")
        .source_application_entity_title("QUENBY_AE")
        .private_information_creator_uid("1.2.3.4.102")
        .private_information(b"Quenby".to_vec())
        .build()
        .unwrap();
    data.with_exact_meta(meta)
}

pub fn clean(data: InMemDicomObject) -> Result<CleanObject, ObjectRefusal> {
    object(&file(data), &subject(), &mut Known::default(), &policy())
}

/// The value of an element of the clean object, as text.
pub fn value(clean: &CleanObject, group: u16, element: u16) -> Option<String> {
    let element = clean.object().get(Tag(group, element))?;
    Some(element.to_str().unwrap().into_owned())
}

/// Whether bytes hold a text in an encoding that can be read without decoding anything else.
pub fn holds(bytes: &[u8], text: &str, gb18030: Option<&[u8]>) -> bool {
    let units = || text.encode_utf16();
    let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
    [Some(text.as_bytes()), Some(&little), Some(&big), gb18030]
        .into_iter()
        .flatten()
        .any(|needle| bytes.windows(needle.len()).any(|window| window == needle))
}

/// The rules for whole folders of objects.
pub fn objects() -> Policy {
    Policy::objects(Profile::default())
}

/// Cleans an object of any class.
pub fn clean_any(data: InMemDicomObject) -> Result<CleanObject, ObjectRefusal> {
    object(&file(data), &subject(), &mut Known::default(), &objects())
}

/// An object of another class that has a patient, a study and UIDs, but no pixels.
pub fn of_class(class: &str, more: impl IntoIterator<Item = InMemElement>) -> InMemDicomObject {
    let mut object = image([text(0x0008, 0x0016, VR::UI, class)]);
    let pixels: Vec<Tag> = object
        .tags()
        .filter(|tag| matches!(tag.group(), 0x0028 | 0x7FE0))
        .collect();
    for tag in pixels {
        object.remove_element(tag);
    }
    for element in more {
        object.put(element);
    }
    object
}

/// A code sequence of one code.
pub fn coded(group: u16, element: u16, scheme: &str, code: &str, meaning: &str) -> InMemElement {
    let code = item([
        text(0x0008, 0x0100, VR::SH, code),
        text(0x0008, 0x0102, VR::SH, scheme),
        text(0x0008, 0x0104, VR::LO, meaning),
    ]);
    sequence(group, element, vec![code])
}

/// The items of a sequence.
pub fn items(object: &InMemDicomObject, group: u16, element: u16) -> &[InMemDicomObject] {
    let element = object.get(Tag(group, element));
    element
        .and_then(|element| element.items())
        .unwrap_or_default()
}

/// The value of an element of an item, as text.
pub fn inner(object: &InMemDicomObject, group: u16, element: u16) -> Option<String> {
    let element = object.get(Tag(group, element))?;
    Some(element.to_str().unwrap().into_owned())
}
