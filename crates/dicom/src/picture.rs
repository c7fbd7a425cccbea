//! A frame as the 8-bit grey picture that leaves.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dicom_object::DefaultDicomObject;
use image::ExtendedColorType;
use spinemed_core::media::Media;

use crate::display::Shown;
use crate::pixels::{self, Samples};
use crate::{DicomError, Grid, Setting, Window, colour};

/// Grey values of 8 bits, row by row from the top, each from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grey {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// One byte per pixel; 0 is black.
    pub pixels: Vec<u8>,
}

/// A frame as a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// An 8-bit grey PNG. Its `transform` says frame, window, size, and where the pixels lie
    /// in the patient, for [`crate::locate`] to read.
    pub media: Media,
    /// The very grey values in the PNG, to be searched for burned-in text.
    pub grey: Grey,
    /// The window applied, in rescaled units; none where a colour picture was made grey and
    /// where a lookup table was applied.
    pub window: Option<Window>,
    /// Where the pixels lie in the patient.
    pub grid: Option<Grid>,
}

/// Renders a frame, counted from 1, as an 8-bit grey PNG of the frame's own size: pixel
/// (column, row) of the picture is pixel (column, row) of the frame.
///
/// Grey values follow PS3.3 C.11: rescale, window ([`Setting`]), `MONOCHROME1` inverted.
/// Colours become their luma.
///
/// # Errors
/// [`DicomError`] for whatever keeps the frame from being shown. Never panics, as
/// [`crate::frame_png`].
pub fn picture(
    object: &DefaultDicomObject,
    frame: u32,
    setting: Setting,
) -> Result<Picture, DicomError> {
    catch_unwind(AssertUnwindSafe(|| render(object, frame, setting)))
        .unwrap_or(Err(DicomError::Decoder))
}

fn render(
    object: &DefaultDicomObject,
    frame: u32,
    setting: Setting,
) -> Result<Picture, DicomError> {
    let decoded = pixels::decode(object, frame, setting)?;
    let (width, height) = (decoded.columns, decoded.rows);
    let (pixels, how) = match decoded.samples {
        Samples::Grey(samples, how) => (samples, Some(how)),
        Samples::Rgb(samples) => (colour::luma(&samples), None),
    };
    let grid = Grid::of(object, frame);
    let shown = how.map_or("colour as luma".to_owned(), |how| how.to_string());
    let place = grid.map_or("no patient coordinates".to_owned(), |grid| grid.to_string());
    let transform = format!("frame {frame}, {shown}, size {width}x{height}, {place}");
    let png = pixels::png(&pixels, width, height, ExtendedColorType::L8)?;
    Ok(Picture {
        media: Media::new(png, "image/png", (width, height), &transform),
        grey: Grey {
            width,
            height,
            pixels,
        },
        window: how.and_then(Shown::window),
        grid,
    })
}

#[cfg(test)]
mod tests {
    use dicom_core::value::{DataSetSequence, PrimitiveValue};
    use dicom_core::{DataElement, VR};
    use dicom_object::{InMemDicomObject, Tag};
    use spinemed_core::vocabulary::Modality;

    use super::*;
    use crate::made::{Slice, cosines, enhanced, set};
    use crate::{View, locate};

    fn png(picture: &Picture) -> Vec<u8> {
        let decoded = image::load_from_memory(&picture.media.bytes).expect("a PNG");
        decoded.into_luma8().into_raw()
    }

    #[test]
    fn the_transform_says_how_it_was_made() {
        let object = Slice {
            orientation: "0\\1\\0\\0\\0\\-1".into(),
            position: "-8\\-120\\90.5".into(),
            spacing: "0.5\\0.25",
            ..Slice::default()
        }
        .object();
        let picture = picture(&object, 1, Setting::Usual).expect("a picture");
        assert_eq!(
            picture.media.reference.transform,
            "frame 1, window 3/6 from percentiles 0.5 and 99.5, size 3x2, pixel to patient LPS \
             mm origin [-8 -120 90.5] column [0 0.25 0] row [0 0 -0.5]"
        );
        assert_eq!(png(&picture), picture.grey.pixels);
        assert_eq!((picture.grey.width, picture.grey.height), (3, 2));
        let transform = &picture.media.reference.transform;
        assert_eq!(locate(transform, 2.0, 1.0), Some([-8.0, -119.5, 90.0]));
    }

    #[test]
    fn pixels_of_oblique_slices_are_located() {
        // Rows run along x, columns down a plane tilted by 30°.
        let object = Slice {
            orientation: cosines(30.0),
            position: "1\\2\\3".into(),
            spacing: "2\\1",
            ..Slice::default()
        }
        .object();
        let picture = picture(&object, 1, Setting::Usual).expect("a picture");
        let [x, y, z] = locate(&picture.media.reference.transform, 5.0, 10.0).expect("a place");
        let expect = [6.0, 2.0 + 20.0 * 0.75f64.sqrt(), 3.0 - 20.0 * 0.5];
        let near = [x - expect[0], y - expect[1], z - expect[2]];
        assert!(near.iter().all(|d| d.abs() < 1e-4), "{near:?}");
    }

    #[test]
    fn frames_of_enhanced_objects_have_their_own_place_and_scale() {
        let object = enhanced(&[[0.0, 0.0, 10.0], [0.0, 0.0, 15.0]]);
        let of = |frame| picture(&object, frame, Setting::Usual).expect("a picture");
        let (one, two) = (of(1), of(2));
        assert_eq!(one.grid.expect("a grid").locate(1.0, 1.0), [0.5, 0.5, 10.0]);
        assert_eq!(two.grid.expect("a grid").locate(0.0, 0.0), [0.0, 0.0, 15.0]);
        assert_eq!(View::of(&object, 2).plane(), Some(crate::Plane::Axial));
        // The second frame's slope is 2: stored 6 to 11 become 12 to 22.
        let window = two.window.expect("a window");
        assert_eq!((window.center, window.width), (17.0, 10.0));
        assert_eq!(
            picture(&object, 3, Setting::Usual),
            Err(DicomError::NoSuchFrame {
                frame: 3,
                frames: 2
            })
        );
    }

    #[test]
    fn padding_does_not_count() {
        let mut object = Slice {
            pixels: vec![0, 100, 200, 300, 400, 63_536],
            ..Slice::default()
        }
        .object();
        let window = |object: &_| {
            let picture = picture(object, 1, Setting::Usual).expect("a picture");
            picture.window.expect("a window").to_string()
        };
        let told = "window 200/400 from percentiles 0.5 and 99.5";
        assert_ne!(window(&object), told);
        set(&mut object, Tag(0x0028, 0x0120), "SS", "-2000");
        assert_eq!(window(&object), told);
        // The same in 16 signed bits, and as a range.
        set(&mut object, Tag(0x0028, 0x0103), "US", "1");
        assert_eq!(window(&object), told);
        set(&mut object, Tag(0x0028, 0x0120), "SS", "-2100");
        assert_ne!(window(&object), told);
        set(&mut object, Tag(0x0028, 0x0121), "SS", "-1900");
        assert_eq!(window(&object), told);
    }

    #[test]
    fn windows_of_ct() {
        let object = Slice {
            modality: "CT",
            pixels: vec![0, 240, 440, 1000, 1440, 3000],
            ..Slice::default()
        };
        let mut object = object.object();
        set(&mut object, Tag(0x0028, 0x1052), "DS", "-1000");
        let grey = |setting| picture(&object, 1, setting).expect("a picture").grey.pixels;
        // -1000, -760, -560, 0, 440, 2000 HU.
        assert_eq!(grey(Setting::Usual), [0, 0, 0, 102, 255, 255]);
        assert_eq!(grey(Setting::Bone), [0, 0, 0, 77, 151, 255]);
        assert_eq!(crate::modality(&object), Modality::Ct);
    }

    #[test]
    fn colours_become_luma() {
        let mut object = Slice {
            modality: "US",
            orientation: String::new(),
            ..Slice::default()
        }
        .object();
        set(&mut object, Tag(0x0028, 0x0002), "US", "3");
        set(&mut object, Tag(0x0028, 0x0004), "CS", "RGB");
        for (element, bits) in [(0x0100, "8"), (0x0101, "8"), (0x0102, "7")] {
            set(&mut object, Tag(0x0028, element), "US", bits);
        }
        crate::made::put_pixels(&mut object, &[255, 0, 0].repeat(6));
        let picture = picture(&object, 1, Setting::Usual).expect("a picture");
        assert_eq!(picture.grey.pixels, [76; 6]);
        let transform = picture.media.reference.transform;
        let expect = "frame 1, colour as luma, size 3x2, no patient coordinates";
        assert_eq!(transform, expect);
    }

    /// Puts a table of four entries, from 1 on, into a sequence.
    fn put_table(object: &mut InMemDicomObject, sequence: Tag, bits: u16, entries: [u16; 4]) {
        let words = |words: &[u16]| PrimitiveValue::U16(words.iter().copied().collect());
        let mut item = InMemDicomObject::new_empty();
        let descriptor = words(&[4, 1, bits]);
        item.put(DataElement::new(Tag(0x0028, 0x3002), VR::US, descriptor));
        item.put(DataElement::new(
            Tag(0x0028, 0x3006),
            VR::OW,
            words(&entries),
        ));
        object.put(DataElement::new(
            sequence,
            VR::SQ,
            DataSetSequence::from(vec![item]),
        ));
    }

    #[test]
    fn radiographs_are_shown_through_their_table() {
        let radiograph = |modality| {
            let slice = Slice {
                modality,
                orientation: String::new(),
                ..Slice::default()
            };
            let mut object = slice.object();
            put_table(&mut object, Tag(0x0028, 0x3010), 10, [0, 341, 682, 1023]);
            set(&mut object, Tag(0x0028, 0x1050), "DS", "3");
            set(&mut object, Tag(0x0028, 0x1051), "DS", "6");
            object
        };
        let mut object = radiograph("DX");
        // Stored values are 0, 1, 2, 3, 4 and 6.
        let shown = picture(&object, 1, Setting::Usual).expect("a picture");
        assert_eq!(shown.grey.pixels, [0, 0, 85, 170, 255, 255]);
        assert_eq!(shown.window, None);
        let transform = "frame 1, VOI lookup table, size 3x2, no patient coordinates";
        assert_eq!(shown.media.reference.transform, transform);
        // What is low is bright, said in one way, in the other, and in both.
        let inverted = [255, 255, 170, 85, 0, 0];
        set(&mut object, Tag(0x2050, 0x0020), "CS", "INVERSE");
        let grey = |object: &_| {
            picture(object, 1, Setting::Usual)
                .expect("a picture")
                .grey
                .pixels
        };
        assert_eq!(grey(&object), inverted);
        set(&mut object, Tag(0x0028, 0x0004), "CS", "MONOCHROME1");
        assert_eq!(grey(&object), inverted);
        set(&mut object, Tag(0x2050, 0x0020), "CS", "");
        assert_eq!(grey(&object), inverted);
        // Elsewhere a stated window comes first.
        let object = radiograph("MR");
        let shown = picture(&object, 1, Setting::Usual).expect("a picture");
        assert!(shown.window.is_some_and(|window| window.is_stated()));
    }

    #[test]
    fn values_of_a_modality_table_are_windowed() {
        let mut object = Slice::default().object();
        put_table(
            &mut object,
            Tag(0x0028, 0x3000),
            16,
            [1000, 2000, 3000, 4000],
        );
        let shown = picture(&object, 1, Setting::Usual).expect("a picture");
        assert_eq!(shown.grey.pixels, [0, 0, 85, 170, 255, 255]);
        let window = shown.window.expect("a window");
        assert_eq!((window.center, window.width), (2500.0, 3000.0));
    }

    #[test]
    fn frames_of_enhanced_objects_have_their_own_window() {
        let mut object = enhanced(&[[0.0; 3], [0.0, 0.0, 5.0]]);
        let groups = Tag(0x5200, 0x9230);
        object.update_value(groups, |value| {
            for (at, group) in value.items_mut().into_iter().flatten().enumerate() {
                let mut window = InMemDicomObject::new_empty();
                set(
                    &mut window,
                    Tag(0x0028, 0x1050),
                    "DS",
                    &(10 * (at + 1)).to_string(),
                );
                set(&mut window, Tag(0x0028, 0x1051), "DS", "8");
                let items = DataSetSequence::from(vec![window]);
                group.put(DataElement::new(Tag(0x0028, 0x9132), VR::SQ, items));
            }
        });
        let center = |frame| {
            let picture = picture(&object, frame, Setting::Usual).expect("a picture");
            picture.window.expect("a window").center
        };
        // Stored 0 to 5; 6 to 11 with a slope of 2. The first window lies beside the values.
        assert_eq!((center(1), center(2)), (2.5, 20.0));
    }

    #[test]
    fn palettes_give_colours() {
        let mut object = Slice {
            modality: "US",
            orientation: String::new(),
            ..Slice::default()
        }
        .object();
        set(&mut object, Tag(0x0028, 0x0004), "CS", "PALETTE COLOR");
        let words = |words: &[u16]| PrimitiveValue::U16(words.iter().copied().collect());
        for (colour, level) in [(0x01, 0xFF00), (0x02, 0x8000), (0x03, 0x0000)] {
            let (descriptor, data) = (Tag(0x0028, 0x1100 + colour), Tag(0x0028, 0x1200 + colour));
            object.put(DataElement::new(descriptor, VR::US, words(&[3, 1, 16])));
            object.put(DataElement::new(data, VR::OW, words(&[0, level, 0xFFFF])));
        }
        let frame = pixels::decode(&object, 1, Setting::Usual).expect("a frame");
        let Samples::Rgb(samples) = frame.samples else {
            panic!("no colours");
        };
        // 0 and 1 have the first entry, 2 the second, the others the last.
        assert_eq!(samples[..9], [0, 0, 0, 0, 0, 0, 255, 128, 0]);
        assert_eq!(samples[9..], [255; 9]);
    }
}
