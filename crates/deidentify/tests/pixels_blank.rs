//! Text that was drawn here is blanked in every kind of samples, and nothing else is touched.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "the tests stop where they are and print what they measured"
)]

#[path = "pixels/drawing.rs"]
#[allow(dead_code, reason = "another test uses the rest")]
mod drawing;
#[path = "pixels/object.rs"]
mod object;

#[path = "pixels_blank/asked.rs"]
mod asked;
#[path = "pixels_blank/refused.rs"]
mod refused;

use dicom_core::value::{DataSetSequence, PixelFragmentSequence};
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_object::{FileDicomObject, InMemDicomObject};
use drawing::{Pen, Random};
use object::{Form, Frame, MR, SIZE, ULTRASOUND, frame, number, object, parsed, pixel_bytes, text};
use proptest::prelude::*;
use spinemed_deidentify::pixels::{
    Blanked, FrameBox, Grey, ReaderFault, Suspicion, TextReader, Wanted, Word, blank, find,
};

const PEN: Pen = Pen {
    height: 14.0,
    stroke: 2.0,
    slant: 0.0,
    turns: 0,
    soft: true,
    contrast: 80.0,
    dark: false,
};
const LINE: (&str, (f32, f32), Pen) = ("HANDS 72", (20.0, 14.0), PEN);
const GREY: Form = Form {
    photometric: "MONOCHROME2",
    allocated: 8,
    stored: 8,
    signed: false,
    planar: false,
};
const WIDE: Form = Form {
    allocated: 16,
    stored: 12,
    ..GREY
};

fn forms() -> Vec<Form> {
    let grey = |photometric, allocated, stored, signed| Form {
        photometric,
        allocated,
        stored,
        signed,
        planar: false,
    };
    let colour = |photometric, allocated, planar| Form {
        photometric,
        allocated,
        stored: allocated,
        signed: false,
        planar,
    };
    let mut forms = Vec::new();
    for photometric in ["MONOCHROME1", "MONOCHROME2"] {
        for (allocated, stored) in [(8, 8), (16, 10), (16, 12), (16, 16)] {
            forms.extend([false, true].map(|signed| grey(photometric, allocated, stored, signed)));
        }
    }
    forms.extend([8, 16].map(|allocated| colour("RGB", allocated, false)));
    forms.extend([8, 16].map(|allocated| colour("RGB", allocated, true)));
    forms.extend([false, true].map(|planar| colour("YBR_FULL", 8, planar)));
    forms.push(colour("YBR_FULL_422", 8, false));
    forms.push(colour("PALETTE COLOR", 8, false));
    forms
}

fn made(form: Form, frames: &[Frame]) -> FileDicomObject<InMemDicomObject> {
    let samples: Vec<_> = frames
        .iter()
        .map(|frame| object::samples(&frame.written, form))
        .collect();
    let data = object::bytes(&samples, form);
    object(MR, form, frames.len(), data)
}

fn nothing() -> Wanted {
    Wanted::default()
}

/// A reader that always says the same.
struct Fixed(Result<Vec<Word>, ReaderFault>);

impl TextReader for Fixed {
    fn words(&self, _: &Grey<'_>) -> Result<Vec<Word>, ReaderFault> {
        self.0.clone()
    }
}

fn inside(regions: &[[u32; 4]], pixel: usize) -> bool {
    let (x, y) = ((pixel % SIZE.0) as u32, (pixel / SIZE.0) as u32);
    let holds = |region: &[u32; 4]| {
        (region[0]..region[2]).contains(&x) && (region[1]..region[3]).contains(&y)
    };
    regions.iter().any(holds)
}

/// Asserts that no ink survives and that everything outside of the boxes is as it was.
fn check_frames(form: Form, frames: &[Frame], blanked: &Blanked, data: &[u8]) {
    let found = parsed(data, form);
    let before: Vec<_> = frames
        .iter()
        .map(|frame| object::samples(&frame.written, form))
        .collect();
    let background = background(form, &before);
    for (index, frame) in frames.iter().enumerate() {
        let regions: Vec<[u32; 4]> = blanked
            .frames
            .iter()
            .filter(|one| one.frame as usize == index + 1)
            .flat_map(|one| one.regions.clone())
            .collect();
        // Neighbours of halved chroma share it, so that boxes begin and end at pairs.
        let even = form.photometric.ends_with("422");
        let wide: Vec<[u32; 4]> = regions
            .iter()
            .map(|[x0, y0, x1, y1]| {
                if even {
                    [x0 & !1, *y0, (x1 + 1) & !1, *y1]
                } else {
                    [*x0, *y0, *x1, *y1]
                }
            })
            .collect();
        for (pixel, ink) in frame.ink.iter().enumerate() {
            let value = &found[index][pixel];
            if *ink {
                assert_eq!(value, &background, "ink at {pixel} of {index} in {form:?}");
            }
            if inside(&wide, pixel) {
                assert_eq!(value, &background, "box at {pixel} of {index} in {form:?}");
            } else {
                assert_eq!(
                    value, &before[index][pixel],
                    "{pixel} of {index} in {form:?}"
                );
            }
        }
    }
}

fn background(form: Form, frames: &[Vec<Vec<i32>>]) -> Vec<i32> {
    let all = || frames.iter().flatten().map(|pixel| pixel[0]);
    match form.photometric {
        "MONOCHROME1" => vec![all().max().unwrap()],
        "MONOCHROME2" => vec![all().min().unwrap()],
        "PALETTE COLOR" => vec![255],
        "RGB" => vec![0; 3],
        _ => vec![0, 1 << (form.stored - 1), 1 << (form.stored - 1)],
    }
}

#[test]
fn no_ink_survives_in_any_form() {
    let dark = Pen {
        dark: true,
        contrast: 55.0,
        ..PEN
    };
    for form in forms() {
        for pen in [PEN, dark] {
            let frames = [
                frame(1, &[("HANDS 72", (20.0, 14.0), pen)]),
                frame(
                    2,
                    &[
                        ("HANDS 72", (20.0, 14.0), pen),
                        ("1973-04", (60.0, 80.0), pen),
                    ],
                ),
            ];
            let mut object = made(form, &frames);
            let blanked = blank(&mut object, &nothing(), &[]);
            let blanked = blanked.unwrap_or_else(|refused| panic!("{refused} {form:?} {pen:?}"));
            assert!(blanked.changed && !blanked.decoded, "{form:?}");
            let data = pixel_bytes(&object);
            check_frames(form, &frames, &blanked, &data);
            let again = blank(&mut object, &nothing(), &[]).unwrap();
            assert!(
                !again.changed && again.frames.is_empty(),
                "{form:?} {again:?}"
            );
            assert_eq!(pixel_bytes(&object), data);
        }
    }
}

#[test]
fn clean_pictures_keep_their_bytes() {
    for form in forms() {
        let mut object = made(form, &[frame(1, &[]), frame(2, &[])]);
        let before = object.clone();
        let blanked = blank(&mut object, &nothing(), &[]).unwrap();
        assert!(
            !blanked.changed && blanked.frames.is_empty(),
            "{form:?} {blanked:?}"
        );
        assert_eq!(object, before);
    }
}

#[test]
fn text_on_one_frame_of_a_cine() {
    let frames: Vec<Frame> = (0..6)
        .map(|index| {
            if index == 3 {
                frame(7, &[LINE])
            } else {
                frame(7 + index, &[])
            }
        })
        .collect();
    let mut object = made(GREY, &frames);
    let blanked = blank(&mut object, &nothing(), &[]).unwrap();
    let told: Vec<u32> = blanked.frames.iter().map(|one| one.frame).collect();
    assert_eq!(told, [4]);
    check_frames(GREY, &frames, &blanked, &pixel_bytes(&object));
}

#[test]
fn text_that_stands_still_goes_from_all_frames() {
    let frames: Vec<Frame> = (0..8).map(|index| frame(30 + index, &[LINE])).collect();
    let mut object = made(GREY, &frames);
    let blanked = blank(&mut object, &nothing(), &[]).unwrap();
    assert_eq!(blanked.frames.len(), 8);
    check_frames(GREY, &frames, &blanked, &pixel_bytes(&object));
}

#[test]
fn equal_frames_are_searched_once() {
    let frames: Vec<Frame> = (0..9).map(|_| frame(3, &[])).collect();
    let blanked = blank(&mut made(GREY, &frames), &nothing(), &[]).unwrap();
    assert_eq!(blanked.searched, 1);
}

#[test]
fn text_that_one_window_shows_alone() {
    // Ground and text lie within 60 of 4,096 values; a few pixels are as bright as can be, so
    // that all values together show neither.
    let drawn = frame(5, &[LINE]);
    let mut samples: Vec<Vec<i32>> = drawn
        .written
        .iter()
        .map(|grey| vec![1_000 + i32::from(*grey) / 4])
        .collect();
    let bright = SIZE.0 * SIZE.1 / 10;
    let last = samples.len();
    samples[last - bright..].fill(vec![4_095]);
    let data = object::bytes(&[samples], WIDE);
    let mut object = object(MR, WIDE, 1, data);
    text(&mut object, (0x0028, 0x1050), VR::DS, "1032");
    text(&mut object, (0x0028, 0x1051), VR::DS, "64");
    blank(&mut object, &nothing(), &[]).unwrap();
    let found = parsed(&pixel_bytes(&object), WIDE);
    let least = 1_000 + i32::from(*drawn.written.iter().min().unwrap()) / 4;
    for (pixel, ink) in drawn.ink.iter().enumerate().filter(|(_, ink)| **ink) {
        assert!(*ink && found[0][pixel][0] <= least, "ink at {pixel}");
    }
}

#[test]
fn text_in_one_channel_alone() {
    let (bare, drawn) = (frame(5, &[]), frame(5, &[LINE]));
    let form = Form {
        photometric: "RGB",
        ..GREY
    };
    // Blue counts little in luma, and red and green make up for what it adds.
    let pixel = |place: usize| {
        let (old, new) = (
            i32::from(bare.written[place]),
            i32::from(drawn.written[place]),
        );
        let less = (new - old) / 8;
        vec![old - less, old - less, new]
    };
    let frames = vec![(0..bare.written.len()).map(pixel).collect::<Vec<_>>()];
    let mut object = object(MR, form, 1, object::bytes(&frames, form));
    blank(&mut object, &nothing(), &[]).unwrap();
    let found = parsed(&pixel_bytes(&object), form);
    for (place, _) in drawn.ink.iter().enumerate().filter(|(_, ink)| **ink) {
        assert_eq!(found[0][place], [0, 0, 0]);
    }
}

#[test]
fn text_in_bits_that_are_not_stored() {
    let drawn = frame(5, &[LINE]);
    let mut data: Vec<u8> = Vec::new();
    for (grey, ink) in drawn.bare.iter().zip(&drawn.ink) {
        let word = u16::from(*grey) << 4 | u16::from(*ink) << 14;
        data.extend(word.to_le_bytes());
    }
    let mut object = object(MR, WIDE, 1, data);
    assert!(blank(&mut object, &nothing(), &[]).unwrap().changed);
    let words = pixel_bytes(&object);
    assert!(words.chunks_exact(2).all(|word| word[1] & 0xF0 == 0));
}

/// A frame of YBR_FULL as RLE Lossless has it (PS3.5, G): three segments, of literal runs.
fn run_lengths(pixels: &[Vec<i32>]) -> Vec<u8> {
    let segments: Vec<Vec<u8>> = (0..3)
        .map(|channel| {
            let samples: Vec<u8> = pixels.iter().map(|pixel| pixel[channel] as u8).collect();
            let runs = samples.chunks(128);
            runs.flat_map(|run| [&[run.len() as u8 - 1], run].concat())
                .collect()
        })
        .collect();
    let mut header = [0_u32; 16];
    header[0] = 3;
    header[1] = 64;
    header[2] = 64 + segments[0].len() as u32;
    header[3] = header[2] + segments[1].len() as u32;
    let mut out: Vec<u8> = header.iter().flat_map(|word| word.to_le_bytes()).collect();
    out.extend(segments.concat());
    if out.len() % 2 == 1 {
        out.push(0);
    }
    out
}

#[test]
fn compressed_colours_become_rgb() {
    let form = Form {
        photometric: "YBR_FULL",
        planar: true,
        ..GREY
    };
    let frames = [frame(4, &[LINE]), frame(5, &[])];
    let samples = frames
        .each_ref()
        .map(|one| object::samples(&one.written, form));
    let mut object = object(ULTRASOUND, form, 2, Vec::new());
    let fragments = samples
        .iter()
        .map(|frame| run_lengths(frame))
        .collect::<Vec<_>>();
    let sequence = PixelFragmentSequence::new(vec![], fragments);
    object.put(DataElement::new(Tag(0x7FE0, 0x0010), VR::OB, sequence));
    text(&mut object, (0x0028, 0x2110), VR::CS, "01");
    object.update_meta(|meta| "1.2.840.10008.1.2.5".clone_into(&mut meta.transfer_syntax));
    let blanked = blank(&mut object, &nothing(), &[]).unwrap();
    assert!(blanked.changed && blanked.decoded);
    let said = |element| {
        let element = object.element(Tag(0x0028, element)).unwrap();
        element.to_str().unwrap().trim().to_owned()
    };
    assert_eq!(said(0x0004), "RGB");
    assert_eq!((said(0x0006), said(0x2110)), ("0".into(), "01".into()));
    let rgb = Form {
        photometric: "RGB",
        planar: false,
        ..GREY
    };
    let found = parsed(&pixel_bytes(&object), rgb);
    for (index, frame) in frames.iter().enumerate() {
        for (pixel, ink) in frame.ink.iter().enumerate() {
            let new = &found[index][pixel];
            assert!(!ink || new == &[0, 0, 0], "ink at {pixel}");
            // Cb is the middle, Cr three below.
            let y = samples[index][pixel][0];
            let whole = [y - 4, y + 2, y].map(|value| value.clamp(0, 255));
            assert!(new == &[0, 0, 0] || new == &whole, "{new:?} of {y}");
        }
    }
    let other = found[1].iter().filter(|pixel| **pixel != [0, 0, 0]);
    assert_eq!(other.count(), SIZE.0 * SIZE.1);
}

#[test]
fn boxes_hold_all_glyphs() {
    let lines = [
        ("HANDS 72", (20.0, 14.0), PEN),
        ("1973-04", (60.0, 80.0), PEN),
    ];
    let drawn = frame(9, &lines);
    let boxes = find(&Grey {
        width: SIZE.0 as u32,
        height: SIZE.1 as u32,
        pixels: &drawn.written,
    });
    let left = drawn
        .ink
        .iter()
        .enumerate()
        .filter(|(place, ink)| **ink && !inside(&boxes, *place));
    assert_eq!(left.count(), 0, "{boxes:?}");
    assert!(boxes.len() <= 3, "{boxes:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn never_panics(
        rows in 0_u16..40, columns in 0_u16..40, frames in 0_u32..5, bytes in 0_usize..6_000,
        samples in 0_u16..5, allocated in prop::sample::select(vec![0_u16, 1, 8, 9, 16, 32, 64]),
        stored in 0_u16..40, high in 0_u16..40, signed in 0_u16..3, planar in 0_u16..3,
        photometric in prop::sample::select(vec![
            "MONOCHROME1", "MONOCHROME2", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422",
            "YBR_RCT", "PALETTE COLOR", "HSV", ""]),
        huge in 0_usize..40, seed in any::<u64>(),
    ) {
        let mut random = Random(seed | 1);
        let data: Vec<u8> = (0..bytes).map(|_| (random.unit() * 255.0) as u8).collect();
        let mut object = object(ULTRASOUND, GREY, 1, data);
        let numbers = [
            (0x0002, samples), (0x0006, planar), (0x0010, rows), (0x0011, columns),
            (0x0100, allocated), (0x0101, stored), (0x0102, high), (0x0103, signed),
        ];
        for (place, (element, value)) in numbers.into_iter().enumerate() {
            let value = if place == huge { u16::MAX } else { value };
            number(&mut object, (0x0028, element), value);
        }
        text(&mut object, (0x0028, 0x0004), VR::CS, photometric);
        let frames = if huge == 9 { "4294967295".to_owned() } else { frames.to_string() };
        text(&mut object, (0x0028, 0x0008), VR::IS, &frames);
        let before = object.clone();
        match blank(&mut object, &nothing(), &[]) {
            Ok(blanked) if blanked.changed => prop_assert_ne!(object, before),
            _ => prop_assert_eq!(object, before),
        }
    }
}
