//! Which images likely carry text, and where an ultrasound machine writes none.

use dicom_core::Tag;
use dicom_core::value::Value;
use dicom_object::InMemDicomObject;

use super::boxes::{Region, clipped};
use super::header::{PLAIN_CLASSES, number, texts};

const IMAGE_TYPE: Tag = Tag(0x0008, 0x0008);
const SOP_CLASS: Tag = Tag(0x0008, 0x0016);
const CONVERSION_TYPE: Tag = Tag(0x0008, 0x0064);
const BURNED_IN: Tag = Tag(0x0028, 0x0301);
const US_REGIONS: Tag = Tag(0x0018, 0x6011);
/// First column and row, and last ones, of a region.
const US_CORNERS: [Tag; 4] = [
    Tag(0x0018, 0x6018),
    Tag(0x0018, 0x601A),
    Tag(0x0018, 0x601C),
    Tag(0x0018, 0x601E),
];

/// More classes whose pictures come from a detector or a computation, not from a screen
/// (PS3.4, table B.5-1). These are not let into cases, but are no likelier to carry text.
const OTHER_PLAIN_CLASSES: [&str; 19] = [
    "1.2.840.10008.5.1.4.1.1.1.2", // digital mammography, for presentation
    "1.2.840.10008.5.1.4.1.1.1.2.1", // digital mammography, for processing
    "1.2.840.10008.5.1.4.1.1.1.3", // digital intra-oral X-ray, for presentation
    "1.2.840.10008.5.1.4.1.1.1.3.1", // digital intra-oral X-ray, for processing
    "1.2.840.10008.5.1.4.1.1.4.3", // enhanced MR, colour
    "1.2.840.10008.5.1.4.1.1.12.1.1", // enhanced X-ray angiography
    "1.2.840.10008.5.1.4.1.1.12.2.1", // enhanced X-ray radiofluoroscopy
    "1.2.840.10008.5.1.4.1.1.13.1.1", // X-ray 3D angiography
    "1.2.840.10008.5.1.4.1.1.13.1.2", // X-ray 3D craniofacial
    "1.2.840.10008.5.1.4.1.1.13.1.3", // breast tomosynthesis
    "1.2.840.10008.5.1.4.1.1.20",  // nuclear medicine
    "1.2.840.10008.5.1.4.1.1.30",  // parametric map
    "1.2.840.10008.5.1.4.1.1.66.4", // segmentation
    "1.2.840.10008.5.1.4.1.1.66.7", // label map segmentation
    "1.2.840.10008.5.1.4.1.1.128", // positron emission tomography
    "1.2.840.10008.5.1.4.1.1.128.1", // legacy converted enhanced PET
    "1.2.840.10008.5.1.4.1.1.130", // enhanced PET
    "1.2.840.10008.5.1.4.1.1.481.1", // radiotherapy image
    "1.2.840.10008.5.1.4.1.1.481.2", // radiotherapy dose
];

/// Whether text is likely in a picture: ultrasound, secondary captures, visible light and
/// every class that is not known to come from a detector; objects that say that text is burned
/// in, or that they were converted, or captured from a screen.
pub(super) fn text_is_likely(object: &InMemDicomObject) -> bool {
    let classes = texts(object, SOP_CLASS);
    let plain = matches!(classes.as_slice(), [class]
        if PLAIN_CLASSES.contains(&class.as_str()) || OTHER_PLAIN_CLASSES.contains(&class.as_str()));
    let said = texts(object, BURNED_IN)
        .iter()
        .any(|value| !value.is_empty() && value != "NO");
    let screen = texts(object, IMAGE_TYPE)
        .iter()
        .any(|value| value.contains("SCREEN") || value.contains("CAPTURE"));
    !plain || said || screen || object.get(CONVERSION_TYPE).is_some()
}

/// The regions of an ultrasound image, cut to a frame of `size` pixels (PS3.3, C.8.5.5.1). The
/// corners of the standard belong to the region.
pub(super) fn ultrasound_regions(object: &InMemDicomObject, size: (u32, u32)) -> Vec<Region> {
    let Some(Value::Sequence(sequence)) = object.get(US_REGIONS).map(|element| element.value())
    else {
        return Vec::new();
    };
    let region = |item: &InMemDicomObject| {
        let [x0, y0, x1, y1] = US_CORNERS.map(|tag| number(item, tag));
        clipped([x0?, y0?, x1?.checked_add(1)?, y1?.checked_add(1)?], size)
    };
    sequence.items().iter().filter_map(region).collect()
}
