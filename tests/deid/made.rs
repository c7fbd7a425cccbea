//! Made DICOM objects: two invented patients, a neighbour's file or two that must not pass.

use std::fs;
use std::path::Path;

use dicom_core::value::{DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

/// CT Image Storage (PS3.4, B.5).
pub const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const EXPLICIT: &str = "1.2.840.10008.1.2.1";

/// What may stand nowhere in the output.
pub const PLANTED: [&str; 12] = [
    "Quenbridge",
    "Thorvalda",
    "MRN-880-1",
    "MRN-880-2",
    "Ostermoor",
    "Vandreth",
    "19580314",
    "1.2.3.880",
    "St Elmsworth",
    "ACC-55310",
    "Quenbridge_T",
    "secret-folder",
];

/// One image.
pub struct Image<'a> {
    /// Patient's Name and Patient ID.
    pub patient: (&'a str, &'a str),
    /// Numbers of study, series and instance.
    pub place: (u32, u32, u32),
    /// Study Description.
    pub description: &'a str,
}

impl Image<'_> {
    /// The first patient's.
    pub fn numbered(instance: u32) -> Self {
        Self {
            patient: ("Quenbridge^Thorvalda", "MRN-880-1"),
            place: (1, 1, instance),
            description: "CT LUMBAR SPINE for Dr Vandreth, Thorvalda Q.",
        }
    }

    /// The object.
    pub fn object(&self) -> InMemDicomObject {
        let (study, series, instance) = self.place;
        let uid = |parts: &str| format!("1.2.3.880.{parts}");
        let text = |group, element, vr, value: &str| {
            DataElement::new(Tag(group, element), vr, PrimitiveValue::from(value))
        };
        let number = |group, element, value: u16| {
            DataElement::new(Tag(group, element), VR::US, PrimitiveValue::from(value))
        };
        let reference = InMemDicomObject::from_element_iter([
            text(0x0008, 0x1150, VR::UI, CT),
            text(0x0008, 0x1155, VR::UI, &uid(&format!("{study}.{series}.1"))),
            text(0x0010, 0x0010, VR::PN, self.patient.0),
        ]);
        let mut pixels = vec![0_u8; 16 * 16 * 2];
        pixels[0] = u8::try_from(instance % 251).unwrap();
        InMemDicomObject::from_element_iter([
            text(0x0008, 0x0008, VR::CS, "ORIGINAL\\PRIMARY\\AXIAL"),
            text(0x0008, 0x0016, VR::UI, CT),
            text(
                0x0008,
                0x0018,
                VR::UI,
                &uid(&format!("{study}.{series}.{instance}")),
            ),
            text(0x0008, 0x0020, VR::DA, "20240229"),
            text(0x0008, 0x0050, VR::SH, "ACC-55310"),
            text(0x0008, 0x0060, VR::CS, "CT"),
            text(0x0008, 0x0080, VR::LO, "St Elmsworth Hospital"),
            text(0x0008, 0x0090, VR::PN, "Vandreth^Ostermoor"),
            text(0x0008, 0x1030, VR::LO, self.description),
            DataElement::new(
                Tag(0x0008, 0x1140),
                VR::SQ,
                DataSetSequence::from(vec![reference]),
            ),
            text(0x0009, 0x0010, VR::LO, "Quenbridge PRIVATE"),
            text(0x0009, 0x1001, VR::LO, "Thorvalda"),
            text(0x0010, 0x0010, VR::PN, self.patient.0),
            text(0x0010, 0x0020, VR::LO, self.patient.1),
            text(0x0010, 0x0030, VR::DA, "19580314"),
            text(0x0010, 0x0040, VR::CS, "F"),
            text(0x0020, 0x000D, VR::UI, &uid(&study.to_string())),
            text(0x0020, 0x000E, VR::UI, &uid(&format!("{study}.{series}"))),
            text(0x0020, 0x0013, VR::IS, &instance.to_string()),
            text(
                0x0020,
                0x4000,
                VR::LT,
                "seen by Ostermoor Vandreth with Mrs Quenbridge",
            ),
            number(0x0028, 0x0002, 1),
            text(0x0028, 0x0004, VR::CS, "MONOCHROME2"),
            number(0x0028, 0x0010, 16),
            number(0x0028, 0x0011, 16),
            number(0x0028, 0x0100, 16),
            number(0x0028, 0x0101, 16),
            number(0x0028, 0x0102, 15),
            number(0x0028, 0x0103, 0),
            DataElement::new(Tag(0x7FE0, 0x0010), VR::OW, PrimitiveValue::from(pixels)),
        ])
    }

    /// Writes the object.
    pub fn write(&self, path: &Path) {
        write(self.object(), path);
    }
}

/// Writes an object as a file.
pub fn write(object: InMemDicomObject, path: &Path) {
    let instance = object
        .get(Tag(0x0008, 0x0018))
        .unwrap()
        .to_str()
        .unwrap()
        .into_owned();
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(EXPLICIT)
        .media_storage_sop_class_uid(CT)
        .media_storage_sop_instance_uid(instance)
        .build()
        .unwrap();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    object.with_exact_meta(meta).write_to_file(path).unwrap();
}

/// Two patients, a study with two series and another study; an object without identifier, one
/// twice, one that clashes, a damaged one, and a text.
pub fn folder(root: &Path) {
    for instance in 1..=5 {
        let path = root.join(format!("secret-folder/Quenbridge_T/{instance}.dcm"));
        Image::numbered(instance).write(&path);
    }
    let other = Image {
        patient: ("Ostermoor^Ida", "MRN-880-2"),
        place: (2, 1, 1),
        description: "MRI CERVICAL",
    };
    other.write(&root.join("secret-folder/b/1"));
    Image::numbered(5).write(&root.join("secret-folder/z-again.dcm"));
    let clash = Image {
        description: "CT of something else",
        ..Image::numbered(4)
    };
    clash.write(&root.join("secret-folder/z-clash.dcm"));
    let mut nobody = Image::numbered(9).object();
    nobody.remove_element(Tag(0x0010, 0x0020));
    write(nobody, &root.join("secret-folder/nobody.dcm"));
    fs::write(
        root.join("secret-folder/Thorvalda.txt"),
        "Thorvalda Quenbridge",
    )
    .unwrap();
    let whole = fs::read(root.join("secret-folder/b/1")).unwrap();
    fs::write(root.join("secret-folder/cut.dcm"), &whole[..400]).unwrap();
}
