//! The crate as a whole, on files built in memory.

use proptest::prelude::*;
use spinemed_core::vocabulary::Modality;

use super::*;

const EXPLICIT: &str = "1.2.840.10008.1.2.1";

/// An element in Explicit VR Little Endian (PS3.5, 7.1.2).
fn element(tag: (u16, u16), vr: &str, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(tag.0.to_le_bytes());
    out.extend(tag.1.to_le_bytes());
    out.extend(vr.as_bytes());
    let mut value = value.to_vec();
    if value.len() % 2 == 1 {
        value.push(if vr == "UI" || vr == "OB" { 0 } else { b' ' });
    }
    if matches!(vr, "OB" | "OW" | "SQ" | "UN") {
        out.extend([0, 0]);
        out.extend((value.len() as u32).to_le_bytes());
    } else {
        out.extend((value.len() as u16).to_le_bytes());
    }
    out.extend(value);
    out
}

fn number(tag: (u16, u16), value: u16) -> Vec<u8> {
    element(tag, "US", &value.to_le_bytes())
}

/// What a test changes of a file.
struct Made<'a> {
    syntax: &'a str,
    photometric: &'a str,
    window: Option<(&'a str, &'a str)>,
    signed: u16,
    stored: u16,
    pixels: Vec<u16>,
    frames: &'a str,
}

impl Default for Made<'_> {
    fn default() -> Self {
        Self {
            syntax: EXPLICIT,
            photometric: "MONOCHROME2",
            window: None,
            signed: 0,
            stored: 12,
            pixels: vec![0, 100, 200, 300, 400, 500],
            frames: "1",
        }
    }
}

impl Made<'_> {
    /// The data set: 2 rows of 3 pixels, of one Doe, John.
    fn data_set(&self) -> Vec<u8> {
        let mut out = element((0x0008, 0x0060), "CS", b"MR");
        out.extend(element((0x0010, 0x0010), "PN", b"Doe^John"));
        out.extend(element((0x0020, 0x0037), "DS", b"0\\1\\0\\0\\0\\-1"));
        out.extend(number((0x0028, 0x0002), 1));
        out.extend(element((0x0028, 0x0004), "CS", self.photometric.as_bytes()));
        out.extend(element((0x0028, 0x0008), "IS", self.frames.as_bytes()));
        out.extend(number((0x0028, 0x0010), 2));
        out.extend(number((0x0028, 0x0011), 3));
        out.extend(number((0x0028, 0x0100), 16));
        out.extend(number((0x0028, 0x0101), self.stored));
        out.extend(number((0x0028, 0x0102), self.stored - 1));
        out.extend(number((0x0028, 0x0103), self.signed));
        if let Some((center, width)) = self.window {
            out.extend(element((0x0028, 0x1050), "DS", center.as_bytes()));
            out.extend(element((0x0028, 0x1051), "DS", width.as_bytes()));
        }
        out.extend(element((0x0028, 0x1052), "DS", b"-100"));
        out.extend(element((0x0028, 0x1053), "DS", b"2"));
        let raw: Vec<u8> = self.pixels.iter().flat_map(|v| v.to_le_bytes()).collect();
        out.extend(element((0x7FE0, 0x0010), "OW", &raw));
        out
    }

    fn meta(&self) -> Vec<u8> {
        let mut rest = element((0x0002, 0x0001), "OB", &[0, 1]);
        rest.extend(element(
            (0x0002, 0x0002),
            "UI",
            b"1.2.840.10008.5.1.4.1.1.4",
        ));
        rest.extend(element((0x0002, 0x0003), "UI", b"1.2.3"));
        rest.extend(element((0x0002, 0x0010), "UI", self.syntax.as_bytes()));
        rest.extend(element((0x0002, 0x0012), "UI", b"1.2.3.4"));
        let mut out = element((0x0002, 0x0000), "UL", &(rest.len() as u32).to_le_bytes());
        out.extend(rest);
        out
    }

    fn file(&self) -> Vec<u8> {
        [vec![0; 128], b"DICM".to_vec(), self.meta(), self.data_set()].concat()
    }
}

fn greys(frame: &Frame) -> Vec<u8> {
    image::load_from_memory(&frame.media.bytes)
        .expect("a PNG")
        .into_luma8()
        .into_raw()
}

#[test]
fn a_frame_is_rescaled_and_windowed() {
    // Rescaled values: -100, 100, 300, 500, 700, 900.
    let made = Made {
        window: Some(("400", "800")),
        ..Made::default()
    };
    let frame = frame_png(&made.file(), 1).expect("a frame");
    assert_eq!((frame.rows, frame.columns, frame.frames), (2, 3, 1));
    assert_eq!(
        (frame.modality, frame.plane),
        (Modality::Mr, Some(Plane::Sagittal))
    );
    assert_eq!(frame.media.reference.transform, "frame 1, window 400/800");
    assert!(frame.window.expect("a window").is_stated());
    assert_eq!(greys(&frame), [0, 32, 96, 160, 223, 255]);
}

#[test]
fn monochrome1_is_inverted() {
    let made = Made {
        window: Some(("400", "800")),
        photometric: "MONOCHROME1",
        ..Made::default()
    };
    assert_eq!(
        greys(&frame_png(&made.file(), 1).expect("a frame")),
        [255, 223, 159, 95, 32, 0]
    );
}

#[test]
fn a_file_without_a_window_shows_its_percentiles() {
    let frame = frame_png(&Made::default().file(), 1).expect("a frame");
    let transform = &frame.media.reference.transform;
    assert_eq!(
        transform,
        "frame 1, window 400/1000 from percentiles 0.5 and 99.5"
    );
    assert_eq!(greys(&frame), [0, 51, 102, 153, 204, 255]);
}

#[test]
fn signed_values_and_unused_bits() {
    // -1 in twelve bits, with rubbish in the four above.
    let pixels = vec![0xAFFF, 0x0000, 0x0001, 0xF7FF, 0x0800, 0x0002];
    let made = Made {
        signed: 1,
        pixels,
        window: Some(("-100", "4")),
        ..Made::default()
    };
    assert_eq!(
        greys(&frame_png(&made.file(), 1).expect("a frame")),
        [0, 170, 255, 255, 0, 255]
    );
}

#[test]
fn files_without_preamble_or_header_are_read() {
    let made = Made::default();
    let whole = frame_png(&made.file(), 1).expect("a frame");
    let same = |bytes: Vec<u8>| assert_eq!(frame_png(&bytes, 1).as_ref(), Ok(&whole));
    same([b"DICM".to_vec(), made.meta(), made.data_set()].concat());
    same([made.meta(), made.data_set()].concat());
    same(made.data_set());
}

#[test]
fn deflated_files_are_read() {
    use std::io::Write;
    let made = Made {
        syntax: "1.2.840.10008.1.2.1.99",
        ..Made::default()
    };
    let mut deflater = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    deflater.write_all(&made.data_set()).expect("memory");
    let data = deflater.finish().expect("memory");
    let bytes = [vec![0; 128], b"DICM".to_vec(), made.meta(), data].concat();
    assert_eq!(greys(&frame_png(&bytes, 1).expect("a frame"))[5], 255);
}

#[test]
fn each_fault_has_its_error() {
    let check = |bytes: Vec<u8>, frame, expect: &str| {
        let error = frame_png(&bytes, frame).expect_err(expect).to_string();
        assert!(error.contains(expect), "{error}");
        assert!(!error.contains("Doe"));
    };
    let made = Made::default();
    let file = made.file();
    check(vec![], 1, "not a DICOM file");
    check(file.clone(), 0, "frame 0 is not among the 1");
    check(file.clone(), 2, "frame 2 is not among the 1");
    check(file[..file.len() - 4].to_vec(), 1, "the file ends before");
    check(file[..200].to_vec(), 1, "damaged or truncated");
    check(
        Made {
            syntax: "1.2.840.10008.1.2.4.92",
            ..Made::default()
        }
        .file(),
        1,
        "1.2.840.10008.1.2.4.92 is not supported",
    );
    check(
        Made {
            syntax: "1.2.3",
            ..Made::default()
        }
        .file(),
        1,
        "transfer syntax without a registered name",
    );
    check(
        Made {
            photometric: "PALETTE COLOR",
            ..Made::default()
        }
        .file(),
        1,
        "palette",
    );
    check(
        Made {
            stored: 17,
            ..Made::default()
        }
        .file(),
        1,
        "BitsStored",
    );
    check(
        Made {
            pixels: vec![1],
            ..Made::default()
        }
        .file(),
        1,
        "does not decode",
    );
    check(
        Made {
            frames: "2",
            ..Made::default()
        }
        .file(),
        2,
        "does not decode",
    );
    let set = made.data_set();
    let pixels = set
        .windows(4)
        .position(|w| w == [0xE0, 0x7F, 0x10, 0x00])
        .expect("pixel data");
    check(set[..pixels].to_vec(), 1, "no pixels");
}

#[test]
fn video_is_refused_as_such() {
    for kind in ["100", "102", "107", "100.1"] {
        let syntax = format!("1.2.840.10008.1.2.4.{kind}");
        let made = Made {
            syntax: &syntax,
            ..Made::default()
        };
        let expect = Err(DicomError::Video {
            uid: syntax.clone(),
        });
        assert_eq!(frame_png(&made.file(), 1), expect);
    }
}

/// The data set of [`Made`] without value representations.
fn implicit(set: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = set;
    while let [a, b, c, d, v, r, tail @ ..] = rest {
        let long = matches!(&[*v, *r], b"OB" | b"OW" | b"UN" | b"SQ");
        let (length, value) = if long {
            (
                u32::from_le_bytes([tail[2], tail[3], tail[4], tail[5]]),
                &tail[6..],
            )
        } else {
            (
                u32::from(u16::from_le_bytes([tail[0], tail[1]])),
                &tail[2..],
            )
        };
        out.extend([*a, *b, *c, *d]);
        out.extend(length.to_le_bytes());
        out.extend(&value[..length as usize]);
        rest = &value[length as usize..];
    }
    out
}

#[test]
fn files_encoded_otherwise_than_they_say_are_read() {
    let made = Made::default();
    let whole = frame_png(&made.file(), 1).expect("a frame");
    let head = |made: &Made<'_>| [vec![0; 128], b"DICM".to_vec(), made.meta()].concat();
    let same = |bytes: Vec<u8>, syntax: &str| {
        let object = read(&bytes).expect("an object");
        assert_eq!(object.meta().transfer_syntax(), syntax);
        assert_eq!(frame_png(&bytes, 1).as_ref(), Ok(&whole));
    };
    let bare = implicit(&made.data_set());
    same([head(&made), bare.clone()].concat(), "1.2.840.10008.1.2");
    same(bare.clone(), "1.2.840.10008.1.2");
    // A header that ends before it names a transfer syntax, and none behind the preamble.
    let short = element((0x0002, 0x0001), "OB", &[0, 1]);
    let preamble = [vec![0; 128], b"DICM".to_vec()].concat();
    same(
        [preamble.clone(), short, bare.clone()].concat(),
        "1.2.840.10008.1.2",
    );
    same([preamble, made.data_set()].concat(), EXPLICIT);
    let stated = Made {
        syntax: "1.2.840.10008.1.2",
        ..Made::default()
    };
    same([head(&stated), made.data_set()].concat(), EXPLICIT);
    // Zeros that fill up a sector.
    same([made.file(), vec![0; 300]].concat(), EXPLICIT);
}

#[test]
fn sequences_of_unknown_representation_are_read() {
    // An item with one element, without representations, in a sequence of unknown ones.
    let mut set = element((0x0008, 0x0060), "CS", b"MR");
    set.extend([
        0x08, 0x00, 0x40, 0x11, b'U', b'N', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF,
    ]);
    set.extend([0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
    set.extend([0x08, 0x00, 0x50, 0x11, 6, 0, 0, 0]);
    set.extend(b"1.2.3\0");
    set.extend([
        0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0,
    ]);
    set.extend(&Made::default().data_set()[10..]);
    let head = [vec![0; 128], b"DICM".to_vec(), Made::default().meta()].concat();
    let object = read(&[head, set].concat()).expect("an object");
    let items = object
        .get(dicom_core::Tag(0x0008, 0x1140))
        .and_then(|e| e.items());
    let inner = items.and_then(|items| items[0].get(dicom_core::Tag(0x0008, 0x1150)));
    let uid = inner.and_then(|e| e.to_str().ok());
    assert_eq!(
        uid.as_deref().map(|uid| uid.trim_end_matches('\0')),
        Some("1.2.3")
    );
}

#[test]
fn numbers_fill_their_values() {
    // Two bytes more than six numbers: whoever reads numbers goes on in the middle of them.
    let mut set = element((0x0008, 0x0001), "UL", &[1; 26]);
    set.extend(Made::default().data_set());
    let head = [vec![0; 128], b"DICM".to_vec(), Made::default().meta()].concat();
    let found = read(&[head, set].concat()).map(|_| ());
    assert_eq!(found, Err(DicomError::Damaged { part: "data set" }));
}

#[test]
fn bombs_are_refused() {
    use std::io::Write;
    let made = Made {
        syntax: "1.2.840.10008.1.2.1.99",
        ..Made::default()
    };
    // A value that says it goes on beyond the end takes no memory.
    let mut set = made.data_set();
    let end = set.len();
    set.truncate(end - 12);
    set.extend(0xFFFF_FFF0u32.to_le_bytes());
    let head = [vec![0; 128], b"DICM".to_vec(), made.meta()].concat();
    let mut deflater = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    deflater.write_all(&set[..set.len() - 4]).expect("memory");
    let data = deflater.finish().expect("memory");
    let found = read(&[head, data].concat());
    assert!(matches!(
        found,
        Err(DicomError::Truncated | DicomError::Damaged { .. })
    ));
    // More frames than memory holds.
    let many = Made {
        frames: "2000000000",
        ..Made::default()
    };
    let object = read(&many.file()).expect("an object");
    let expect = DicomError::TooLarge {
        bytes: 24_000_000_000,
        limit: 1 << 30,
    };
    assert_eq!(decode_native(&object), Err(expect));
}

#[test]
fn sequences_without_end_are_refused() {
    let mut set = element((0x0008, 0x0060), "CS", b"MR");
    for _ in 0..200_000 {
        set.extend([
            0x08, 0x00, 0x40, 0x11, b'S', b'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF,
        ]);
        set.extend([0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
    }
    assert_eq!(frame_png(&set, 1), Err(DicomError::TooDeep { limit: 32 }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let set = [vec![8, 0, 0x60, 0, b'C', b'S'], bytes.clone()].concat();
        let shown = |bytes: &[u8]| open::parse(bytes).and_then(|object| render(&object, 1));
        let _ = (shown(&bytes), shown(&set));
    }

    #[test]
    fn mutated_files_never_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut file = Made { window: Some(("400", "800")), ..Made::default() }.file();
        for (at, byte) in changes {
            let at = 132 + at.index(file.len() - 132);
            file[at] = byte;
        }
        prop_assert_eq!(frame_png(&file, 1), frame_png(&file, 1));
        let _ = frame_png(&file[..cut.index(file.len())], 1);
    }
}
