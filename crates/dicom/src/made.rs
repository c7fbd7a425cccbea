//! Objects built in memory, for tests.

use dicom_core::value::{DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, VR};
use dicom_object::{DefaultDicomObject, FileMetaTableBuilder, InMemDicomObject, Tag};

/// One classic slice: 2 rows of 3 pixels. Empty text leaves the attribute out.
pub struct Slice<'a> {
    pub modality: &'a str,
    pub orientation: String,
    pub position: String,
    pub spacing: &'a str,
    pub series: &'a str,
    pub instance: String,
    pub pixels: Vec<u16>,
}

impl Default for Slice<'_> {
    fn default() -> Self {
        Self {
            modality: "MR",
            orientation: "1\\0\\0\\0\\1\\0".into(),
            position: "0\\0\\0".into(),
            spacing: "1\\1",
            series: "1.2.1",
            instance: "1.2.1.1".into(),
            pixels: vec![0, 1, 2, 3, 4, 6],
        }
    }
}

impl Slice<'_> {
    pub fn object(&self) -> DefaultDicomObject {
        let mut object = blank(self.modality);
        set(&mut object, Tag(0x0008, 0x0018), "UI", &self.instance);
        set(&mut object, Tag(0x0020, 0x000E), "UI", self.series);
        set(&mut object, Tag(0x0020, 0x0032), "DS", &self.position);
        set(&mut object, Tag(0x0020, 0x0037), "DS", &self.orientation);
        set(&mut object, Tag(0x0028, 0x0030), "DS", self.spacing);
        put_words(&mut object, &self.pixels);
        object
    }
}

/// The orientation of slices whose rows run to the left and whose columns run to the back,
/// tilted to the feet by some degrees.
pub fn cosines(degrees: f64) -> String {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    format!("1\\0\\0\\0\\{cosine:.6}\\{:.6}", -sine)
}

/// An enhanced object of axial frames at these positions, pixels of 0.5 mm. Stored values
/// count on from frame to frame; the rescale slope of a frame is its number.
pub fn enhanced(positions: &[[f64; 3]]) -> DefaultDicomObject {
    let mut object = blank("MR");
    set(&mut object, Tag(0x0008, 0x0018), "UI", "1.2.9.1");
    set(&mut object, Tag(0x0020, 0x000E), "UI", "1.2.9");
    let frames = positions.len().to_string();
    set(&mut object, Tag(0x0028, 0x0008), "IS", &frames);
    let orientation = item(Tag(0x0020, 0x0037), "DS", "1\\0\\0\\0\\1\\0");
    let measures = item(Tag(0x0028, 0x0030), "DS", "0.5\\0.5");
    let shared = vec![sequences(vec![
        (Tag(0x0020, 0x9116), orientation),
        (Tag(0x0028, 0x9110), measures),
    ])];
    put_sequence(&mut object, Tag(0x5200, 0x9229), shared);
    let frame = |(at, [x, y, z]): (usize, &[f64; 3])| {
        let position = item(Tag(0x0020, 0x0032), "DS", &format!("{x}\\{y}\\{z}"));
        let mut slope = item(Tag(0x0028, 0x1053), "DS", &(at + 1).to_string());
        set(&mut slope, Tag(0x0028, 0x1052), "DS", "0");
        sequences(vec![
            (Tag(0x0020, 0x9113), position),
            (Tag(0x0028, 0x9145), slope),
        ])
    };
    let groups = positions.iter().enumerate().map(frame).collect();
    put_sequence(&mut object, Tag(0x5200, 0x9230), groups);
    let pixels: Vec<u16> = (0..positions.len() as u16 * 6).collect();
    put_words(&mut object, &pixels);
    object
}

/// Sets an attribute from text; empty text takes it out.
pub fn set(object: &mut InMemDicomObject, tag: Tag, vr: &str, text: &str) {
    let vr: VR = vr.parse().expect("a value representation");
    object.remove_element(tag);
    if text.is_empty() {
        return;
    }
    let value = match vr {
        VR::US => PrimitiveValue::from(text.parse::<u16>().expect("a number")),
        VR::SS => PrimitiveValue::from(text.parse::<i16>().expect("a number")),
        _ => PrimitiveValue::Strs(text.split('\\').map(str::to_owned).collect()),
    };
    object.put(DataElement::new(tag, vr, value));
}

/// Sets pixel data of 8 bits.
pub fn put_pixels(object: &mut InMemDicomObject, pixels: &[u8]) {
    let value = PrimitiveValue::U8(pixels.iter().copied().collect());
    object.put(DataElement::new(Tag(0x7FE0, 0x0010), VR::OB, value));
}

fn put_words(object: &mut InMemDicomObject, pixels: &[u16]) {
    let value = PrimitiveValue::U16(pixels.iter().copied().collect());
    object.put(DataElement::new(Tag(0x7FE0, 0x0010), VR::OW, value));
}

fn blank(modality: &str) -> DefaultDicomObject {
    let mut object = InMemDicomObject::new_empty();
    set(&mut object, Tag(0x0008, 0x0060), "CS", modality);
    set(&mut object, Tag(0x0020, 0x000D), "UI", "1.2");
    set(&mut object, Tag(0x0028, 0x0004), "CS", "MONOCHROME2");
    for (element, number) in [
        (0x0002, "1"),
        (0x0010, "2"),
        (0x0011, "3"),
        (0x0100, "16"),
        (0x0101, "16"),
        (0x0102, "15"),
        (0x0103, "0"),
    ] {
        set(&mut object, Tag(0x0028, element), "US", number);
    }
    let meta = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid("1.2.840.10008.5.1.4.1.1.4")
        .media_storage_sop_instance_uid("1.2.3")
        .transfer_syntax("1.2.840.10008.1.2.1")
        .build()
        .expect("a file header");
    object.with_exact_meta(meta)
}

fn item(tag: Tag, vr: &str, text: &str) -> InMemDicomObject {
    let mut item = InMemDicomObject::new_empty();
    set(&mut item, tag, vr, text);
    item
}

fn sequences(all: Vec<(Tag, InMemDicomObject)>) -> InMemDicomObject {
    let mut group = InMemDicomObject::new_empty();
    for (tag, item) in all {
        put_sequence(&mut group, tag, vec![item]);
    }
    group
}

fn put_sequence(object: &mut InMemDicomObject, tag: Tag, items: Vec<InMemDicomObject>) {
    object.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)));
}
