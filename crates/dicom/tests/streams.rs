//! Streams of other encoders (`streams/make.py`), decoded and held against the numbers they
//! were made of.
// A test reads the files beside it.
#![allow(clippy::disallowed_methods)]

use dicom_core::value::{PixelFragmentSequence, PrimitiveValue};
use dicom_core::{DataElement, VR};
use dicom_object::{DefaultDicomObject, FileMetaTableBuilder, InMemDicomObject, Tag};
use spinemed_dicom::{DicomError, decode_frame, decode_native};

const ROWS: usize = 23;
const COLUMNS: usize = 37;

/// The picture of `make.py`.
fn made(bits: u32, samples: usize, smooth: bool) -> Vec<i64> {
    let top = (1i64 << bits) - 1;
    let mut out = Vec::new();
    for y in 0..ROWS as i64 {
        for x in 0..COLUMNS as i64 {
            for c in 0..samples as i64 {
                let ramp = top * (20 * x + 12 * y + 60 * c) / 1400;
                let value = match smooth {
                    true => ramp,
                    false if (x / 9 + y / 6) % 4 == 3 => top / 3,
                    false => ramp + (x * x * 5 + y * 7 + x * y * 3) % 17,
                };
                out.push(value.min(top));
            }
        }
    }
    out
}

fn stream(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/streams");
    std::fs::read(format!("{folder}/{name}")).expect("a stream")
}

/// An object of the streams' size around fragments.
fn object(syntax: &str, bits: u32, samples: usize, fragments: Vec<Vec<u8>>) -> DefaultDicomObject {
    let mut object = InMemDicomObject::new_empty();
    let number = |element: u16, value: usize| {
        let value = PrimitiveValue::from(value as u16);
        DataElement::new(Tag(0x0028, element), VR::US, value)
    };
    let photometric = if samples == 3 { "RGB" } else { "MONOCHROME2" };
    object.put(DataElement::new(Tag(0x0028, 0x0004), VR::CS, photometric));
    object.put(DataElement::new(
        Tag(0x0028, 0x0008),
        VR::IS,
        fragments.len().to_string(),
    ));
    for (element, value) in [
        (0x0002, samples),
        (0x0010, ROWS),
        (0x0011, COLUMNS),
        (0x0100, if bits > 8 { 16 } else { 8 }),
        (0x0101, bits as usize),
        (0x0102, bits as usize - 1),
        (0x0103, 0),
    ] {
        object.put(number(element, value));
    }
    let pixels = PixelFragmentSequence::new(Vec::new(), fragments);
    object.put(DataElement::new(Tag(0x7FE0, 0x0010), VR::OB, pixels));
    let meta = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid("1.2.840.10008.5.1.4.1.1.7")
        .media_storage_sop_instance_uid("1.2.3")
        .transfer_syntax(format!("1.2.840.10008.1.2.4.{syntax}"))
        .build()
        .expect("a file header");
    object.with_exact_meta(meta)
}

fn decoded(syntax: &str, bits: u32, samples: usize, stream: Vec<u8>) -> Vec<i64> {
    let native = decode_native(&object(syntax, bits, samples, vec![stream])).expect("samples");
    assert_eq!((native.frames, native.planar), (1, 0));
    if native.bits_allocated == 8 {
        return native.data.iter().map(|byte| i64::from(*byte)).collect();
    }
    let (words, _) = native.data.as_chunks::<2>();
    words
        .iter()
        .map(|word| i64::from(u16::from_le_bytes(*word)))
        .collect()
}

/// Decodes a stream and compares: no sample may be farther from the original than `most`.
fn check(name: &str, syntax: &str, bits: u32, samples: usize, smooth: bool, most: i64) {
    let found = decoded(syntax, bits, samples, stream(name));
    let expect = made(bits, samples, smooth);
    assert_eq!(found.len(), expect.len(), "{name}");
    let pairs = found.iter().zip(&expect);
    let farthest = pairs.map(|(a, b)| (a - b).abs()).max().unwrap_or(0);
    assert!(farthest <= most, "{name}: {farthest}");
}

#[test]
fn lossless_jpeg() {
    for predictor in 1..=7 {
        check(
            &format!("ljpeg-16-1-p{predictor}.jpg"),
            "57",
            16,
            1,
            false,
            0,
        );
    }
    for (bits, samples) in [(8, 1), (8, 3), (12, 1), (16, 3)] {
        check(
            &format!("ljpeg-{bits}-{samples}-p1.jpg"),
            "70",
            bits,
            samples,
            false,
            0,
        );
    }
}

#[test]
fn jpeg_ls() {
    for (bits, samples) in [(8, 1), (8, 3), (12, 1), (16, 1)] {
        check(
            &format!("jls-{bits}-{samples}.jls"),
            "80",
            bits,
            samples,
            false,
            0,
        );
    }
    check("jlsnear-8-1.jls", "81", 8, 1, false, 3);
    check("jlsnear-16-1.jls", "81", 16, 1, false, 5);
}

#[test]
fn jpeg_2000() {
    for (bits, samples) in [(8, 1), (8, 3), (12, 1), (16, 1)] {
        check(
            &format!("j2k-{bits}-{samples}.j2k"),
            "90",
            bits,
            samples,
            false,
            0,
        );
        check(
            &format!("htj2k-{bits}-{samples}.j2c"),
            "201",
            bits,
            samples,
            false,
            0,
        );
    }
    check("j2klossy-12-1.j2k", "91", 12, 1, true, 16);
    check("htj2klossy-16-1.j2c", "203", 16, 1, true, 130);
}

/// The file format of JPEG 2000 around a codestream (T.800, annex I).
#[test]
fn boxes_around_a_codestream_are_passed_over() {
    let mut boxed = b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 ".to_vec();
    boxed.extend(b"\0\0\0\0jp2c");
    boxed.extend(stream("j2k-8-1.j2k"));
    assert_eq!(decoded("90", 8, 1, boxed), made(8, 1, false));
}

#[test]
fn lossy_jpeg() {
    check("jpeg-8-1.jpg", "50", 8, 1, true, 2);
    check("jpeg-12-1.jpg", "51", 12, 1, true, 12);
}

#[test]
fn luma_and_colour_differences_are_told() {
    // The object says RGB; the stream has a JFIF marker, so that it is not.
    let native = decode_native(&object("50", 8, 3, vec![stream("jpeg-8-3.jpg")])).expect("samples");
    assert_eq!(
        (native.photometric.as_str(), native.planar),
        ("YBR_FULL", 0)
    );
    let expect = made(8, 3, true);
    for (found, expect) in native.data.chunks(3).zip(expect.chunks(3)) {
        let [y, cb, cr] = [0, 1, 2].map(|at| f64::from(found[at]));
        let (cb, cr) = (cb - 128.0, cr - 128.0);
        let rgb = [y + 1.402 * cr, y - 0.344 * cb - 0.714 * cr, y + 1.772 * cb];
        for (found, expect) in rgb.iter().zip(expect) {
            assert!((found - *expect as f64).abs() < 16.0, "{rgb:?} {expect}");
        }
    }
}

#[test]
fn frames_are_decoded_one_by_one() {
    let frames = vec![
        stream("jls-8-1.jls"),
        stream("jlsnear-8-1.jls"),
        stream("jls-8-1.jls"),
    ];
    let object = object("81", 8, 1, frames);
    let all = decode_native(&object).expect("frames");
    assert_eq!((all.frames, all.data.len()), (3, 3 * ROWS * COLUMNS));
    let joined: Vec<u8> = (1..=3)
        .flat_map(|frame| decode_frame(&object, frame).expect("a frame").data)
        .collect();
    assert!(all.data == joined);
    assert_eq!(
        decode_frame(&object, 4),
        Err(DicomError::NoSuchFrame {
            frame: 4,
            frames: 3
        })
    );
}

#[test]
fn streams_of_another_size_are_refused() {
    for name in [
        "jls-8-1.jls",
        "j2k-8-1.j2k",
        "htj2k-8-1.j2c",
        "ljpeg-8-1-p1.jpg",
        "jpeg-8-1.jpg",
    ] {
        let found = decode_native(&object("57", 8, 3, vec![stream(name)]));
        assert_eq!(found, Err(DicomError::StreamSize), "{name}");
    }
}

#[test]
fn damaged_streams_never_panic() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/streams");
    let mut seed = 7u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 8
    };
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let name = entry
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("a name");
        let Some((kind, _)) = name.split_once('.').filter(|(kind, _)| kind.contains('-')) else {
            continue;
        };
        let parts: Vec<&str> = kind.split('-').collect();
        let bits: u32 = parts[1].parse().expect("bits");
        let samples: usize = parts[2].parse().expect("samples");
        let whole = stream(&name);
        for _ in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..1 + next() % 4 {
                let at = next() as usize % bytes.len();
                bytes[at] = next() as u8;
            }
            if next() % 3 == 0 {
                bytes.truncate(next() as usize % bytes.len());
            }
            let object = object("57", bits, samples, vec![bytes]);
            assert_eq!(decode_native(&object), decode_native(&object), "{name}");
        }
    }
}
