//! Objects made in memory, with text drawn into their samples and a record of where.

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_object::{FileDicomObject, FileMetaTableBuilder, InMemDicomObject};

use crate::drawing::{Canvas, Pen, Scene, scene};

/// Width and height of the frames.
pub const SIZE: (usize, usize) = (240, 180);
/// What MR is.
pub const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
/// What ultrasound is.
pub const ULTRASOUND: &str = "1.2.840.10008.5.1.4.1.1.6.1";

/// How samples are stored.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    pub photometric: &'static str,
    pub allocated: u16,
    pub stored: u16,
    pub signed: bool,
    pub planar: bool,
}

/// A frame before and after writing, in 8 bits, and which pixels the pen touched.
pub struct Frame {
    pub bare: Vec<u8>,
    pub written: Vec<u8>,
    pub ink: Vec<bool>,
}

/// A frame of soft ground with lines of text, each at a place.
pub fn frame(seed: u32, lines: &[(&str, (f32, f32), Pen)]) -> Frame {
    let mut canvas = scene(Scene::Hills, SIZE.0, 1.0, seed);
    canvas.values.truncate(SIZE.0 * SIZE.1);
    canvas.height = SIZE.1;
    let bare = canvas.values.clone();
    for (text, place, pen) in lines {
        assert!(canvas.write(text, *place, *pen), "{text} does not fit");
    }
    let ink = bare
        .iter()
        .zip(&canvas.values)
        .map(|(a, b)| a != b)
        .collect();
    let written = canvas.pixels();
    let bare = Canvas {
        values: bare,
        ..canvas
    };
    Frame {
        bare: bare.pixels(),
        written,
        ink,
    }
}

/// The stored samples of a grey frame in this form, pixel by pixel, with all channels.
pub fn samples(grey: &[u8], form: Form) -> Vec<Vec<i32>> {
    let scale = 1_i32 << (form.stored - 8);
    let low = if form.signed {
        -(1 << (form.stored - 1))
    } else {
        0
    };
    let value = |grey: u8| i32::from(grey) * scale + low;
    let middle = 1 << (form.stored - 1);
    grey.iter()
        .map(|grey| match form.photometric {
            "MONOCHROME1" => vec![value(255 - grey)],
            "RGB" => vec![value(*grey), value(*grey / 2), value(*grey / 4)],
            name if name.starts_with("YBR") => vec![value(*grey), middle, middle - 3],
            // The palette is turned round: index 255 is black.
            "PALETTE COLOR" => vec![i32::from(255 - grey)],
            _ => vec![value(*grey)],
        })
        .collect()
}

/// The bytes of frames as PS3.5 orders them.
pub fn bytes(frames: &[Vec<Vec<i32>>], form: Form) -> Vec<u8> {
    let mask = u32::MAX >> (32 - u32::from(form.stored));
    let mut out = Vec::new();
    let mut put = |value: i32| {
        let raw = if form.signed {
            value as u32
        } else {
            value as u32 & mask
        };
        out.extend(&raw.to_le_bytes()[..usize::from(form.allocated / 8)]);
    };
    for frame in frames {
        if form.photometric.ends_with("422") {
            for pair in frame.chunks(2) {
                for value in [pair[0][0], pair[1][0], pair[0][1], pair[0][2]] {
                    put(value);
                }
            }
        } else if form.planar {
            for channel in 0..frame[0].len() {
                frame.iter().for_each(|pixel| put(pixel[channel]));
            }
        } else {
            frame.iter().flatten().for_each(|value| put(*value));
        }
    }
    out
}

/// The frames that bytes hold, as [`bytes`] ordered them.
pub fn parsed(bytes: &[u8], form: Form) -> Vec<Vec<Vec<i32>>> {
    let width = usize::from(form.allocated / 8);
    let unused = 32 - u32::from(form.stored);
    let values: Vec<i32> = bytes
        .chunks_exact(width)
        .map(|raw| {
            let mut wide = [0; 4];
            wide[..width].copy_from_slice(raw);
            let top = u32::from_le_bytes(wide) << unused;
            if form.signed {
                top as i32 >> unused
            } else {
                (top >> unused) as i32
            }
        })
        .collect();
    let pixels = SIZE.0 * SIZE.1;
    if form.photometric.ends_with("422") {
        let frame = |values: &[i32]| {
            let pair = |four: &[i32]| {
                [
                    vec![four[0], four[2], four[3]],
                    vec![four[1], four[2], four[3]],
                ]
            };
            values.chunks_exact(4).flat_map(pair).collect()
        };
        return values.chunks_exact(2 * pixels).map(frame).collect();
    }
    let channels = match form.photometric {
        "RGB" | "YBR_FULL" => 3,
        _ => 1,
    };
    let frame = |values: &[i32]| {
        let at = |pixel: usize, channel: usize| {
            if form.planar {
                values[channel * pixels + pixel]
            } else {
                values[pixel * channels + channel]
            }
        };
        (0..pixels)
            .map(|pixel| (0..channels).map(|channel| at(pixel, channel)).collect())
            .collect()
    };
    values.chunks_exact(channels * pixels).map(frame).collect()
}

/// An object with these frames.
pub fn object(
    class: &str,
    form: Form,
    frames: usize,
    data: Vec<u8>,
) -> FileDicomObject<InMemDicomObject> {
    let mut object = InMemDicomObject::new_empty();
    text(&mut object, (0x0008, 0x0016), VR::UI, class);
    text(&mut object, (0x0028, 0x0004), VR::CS, form.photometric);
    text(&mut object, (0x0028, 0x0008), VR::IS, &frames.to_string());
    let colour = !form.photometric.starts_with("MONO") && form.photometric != "PALETTE COLOR";
    let numbers = [
        (0x0002, if colour { 3 } else { 1 }),
        (0x0006, form.planar.into()),
        (0x0010, SIZE.1 as u16),
        (0x0011, SIZE.0 as u16),
        (0x0100, form.allocated),
        (0x0101, form.stored),
        (0x0102, form.stored - 1),
        (0x0103, form.signed.into()),
    ];
    for (element, value) in numbers {
        number(&mut object, (0x0028, element), value);
    }
    if form.photometric == "PALETTE COLOR" {
        let table: Vec<u16> = (0..=255_u16).map(|index| (255 - index) << 8).collect();
        for channel in 0..3 {
            let descriptor = PrimitiveValue::U16([256, 0, 16].into_iter().collect());
            object.put(DataElement::new(
                Tag(0x0028, 0x1101 + channel),
                VR::US,
                descriptor,
            ));
            let table = PrimitiveValue::U16(table.iter().copied().collect());
            object.put(DataElement::new(
                Tag(0x0028, 0x1201 + channel),
                VR::OW,
                table,
            ));
        }
    }
    let (vr, value) = if form.allocated == 16 {
        let words = data
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        (VR::OW, PrimitiveValue::U16(words.collect()))
    } else {
        (VR::OB, PrimitiveValue::U8(data.into()))
    };
    object.put(DataElement::new(Tag(0x7FE0, 0x0010), vr, value));
    let meta = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid(class)
        .media_storage_sop_instance_uid("1.2.3")
        .transfer_syntax("1.2.840.10008.1.2.1");
    object.with_exact_meta(meta.build().expect("a file header"))
}

/// Sets a text.
pub fn text(object: &mut InMemDicomObject, (group, element): (u16, u16), vr: VR, value: &str) {
    let values = value.split('\\').map(str::to_owned).collect();
    object.put(DataElement::new(
        Tag(group, element),
        vr,
        PrimitiveValue::Strs(values),
    ));
}

/// Sets a number of 16 bits.
pub fn number(object: &mut InMemDicomObject, (group, element): (u16, u16), value: u16) {
    let value = PrimitiveValue::from(value);
    object.put(DataElement::new(Tag(group, element), VR::US, value));
}

/// The bytes of native pixels.
pub fn pixel_bytes(object: &InMemDicomObject) -> Vec<u8> {
    let element = object.get(Tag(0x7FE0, 0x0010)).expect("pixels");
    element.to_bytes().expect("native pixels").into_owned()
}
