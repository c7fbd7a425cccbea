//! Comments inside compressed pictures.
//!
//! JPEG, JPEG-LS and JPEG 2000 streams carry comments and application data of their own, where
//! writers leave names of patients, of programs and whole headers. They are taken out segment
//! by segment; the coded picture is copied as it stands, so its pixels stay the same. A stream
//! whose segments cannot be told apart is refused, and so are codecs without a parser here.

mod jpeg;
mod jpeg2000;

use dicom_core::value::{C, PixelFragmentSequence};

/// What a frame starts with, and how its comments are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    /// ISO/IEC 10918-1.
    Jpeg,
    /// ISO/IEC 14495-1.
    JpegLs,
    /// ISO/IEC 15444-1 and 15444-15.
    Jpeg2000,
    /// PS3.5, annex G: there is no room for comments.
    Rle,
}

/// The segments of a stream cannot be told apart, or its codec is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unparsed;

/// Compressed frames without comments.
pub(super) struct Stripped {
    pub(super) fragments: PixelFragmentSequence<Vec<u8>>,
    /// How many frames had something taken out. Tables of offsets elsewhere are then wrong.
    pub(super) changed: u64,
    /// Whether fragments behind the last frame were left out.
    pub(super) surplus: bool,
}

/// Copies the fragments of `frames` frames without their comments. The table of offsets is
/// made anew where there was one (PS3.5, A.4).
pub(super) fn strip(
    raw: &PixelFragmentSequence<Vec<u8>>,
    syntax: &str,
    frames: usize,
) -> Result<Stripped, Unparsed> {
    let codec = codec(syntax).ok_or(Unparsed)?;
    let groups = groups(raw.fragments(), codec, frames);
    let surplus = groups.len() > frames;
    let (mut fragments, mut starts, mut changed) = (C::new(), Vec::new(), 0);
    for group in groups.iter().take(frames) {
        starts.push(fragments.len());
        match cleaned(group, codec)? {
            Some(frame) => {
                fragments.push(frame);
                changed += 1;
            }
            None => fragments.extend(group.iter().cloned()),
        }
    }
    let offsets = if raw.offset_table().is_empty() {
        Vec::new()
    } else {
        offsets(&fragments, &starts).unwrap_or_default()
    };
    Ok(Stripped {
        fragments: PixelFragmentSequence::new(offsets, fragments),
        changed,
        surplus,
    })
}

fn codec(syntax: &str) -> Option<Codec> {
    if syntax == "1.2.840.10008.1.2.5" {
        return Some(Codec::Rle);
    }
    match syntax.strip_prefix("1.2.840.10008.1.2.4.")? {
        "50" | "51" | "52" | "53" | "54" | "55" | "56" | "57" | "58" | "59" | "60" | "61"
        | "62" | "63" | "64" | "65" | "66" | "70" => Some(Codec::Jpeg),
        "80" | "81" => Some(Codec::JpegLs),
        "90" | "91" | "92" | "93" | "201" | "202" | "203" => Some(Codec::Jpeg2000),
        _ => None,
    }
}

/// The fragments of each frame: a frame starts where a stream does. Of RLE each fragment is a
/// frame, and a single frame owns all fragments of the other codecs.
fn groups(fragments: &[Vec<u8>], codec: Codec, frames: usize) -> Vec<&[Vec<u8>]> {
    if codec == Codec::Rle {
        return fragments.chunks(1).collect();
    }
    if fragments.is_empty() {
        return Vec::new();
    }
    let mut groups = Vec::new();
    let mut start = 0;
    for (at, fragment) in fragments.iter().enumerate().skip(1) {
        if starts(fragment, codec) {
            groups.push(&fragments[start..at]);
            start = at;
        }
    }
    groups.push(&fragments[start..]);
    if frames == 1 && groups.len() > 1 && groups.iter().skip(1).all(|g| g[0].is_empty()) {
        return vec![fragments];
    }
    groups
}

fn starts(fragment: &[u8], codec: Codec) -> bool {
    match codec {
        Codec::Jpeg | Codec::JpegLs => fragment.starts_with(&[0xFF, 0xD8, 0xFF]),
        Codec::Jpeg2000 => {
            fragment.starts_with(&[0xFF, 0x4F, 0xFF, 0x51]) || fragment.starts_with(jpeg2000::BOXED)
        }
        Codec::Rle => true,
    }
}

/// A frame without comments, or none where it had none.
fn cleaned(group: &[Vec<u8>], codec: Codec) -> Result<Option<Vec<u8>>, Unparsed> {
    let joined;
    let stream: &[u8] = match group {
        [one] => one,
        many => {
            joined = many.concat();
            &joined
        }
    };
    let made = match codec {
        Codec::Rle => return Ok(None),
        Codec::Jpeg => jpeg::strip(stream, false),
        Codec::JpegLs => jpeg::strip(stream, true),
        Codec::Jpeg2000 => jpeg2000::strip(stream),
    };
    let mut made = made.ok_or(Unparsed)?;
    // Fragments have an even number of bytes (PS3.5, A.4).
    if made.len() % 2 == 1 {
        made.push(0);
    }
    Ok((made != stream).then_some(made))
}

/// Where frames start, counted from the first item behind the table (PS3.5, A.4). None where
/// that takes more than 32 bits.
fn offsets(fragments: &[Vec<u8>], starts: &[usize]) -> Option<Vec<u32>> {
    let (mut at, mut offsets) = (0_u64, Vec::with_capacity(starts.len()));
    let mut next = starts.iter().peekable();
    for (number, fragment) in fragments.iter().enumerate() {
        if next.next_if(|start| **start == number).is_some() {
            offsets.push(u32::try_from(at).ok()?);
        }
        at += 8 + fragment.len() as u64 + fragment.len() as u64 % 2;
    }
    Some(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &str = "1.2.840.10008.1.2.4.70";

    /// A stream of one scan with a comment.
    fn frame(comment: &[u8]) -> Vec<u8> {
        let mut frame = vec![0xFF, 0xD8];
        if !comment.is_empty() {
            frame.extend([0xFF, 0xFE, 0, comment.len() as u8 + 2]);
            frame.extend(comment);
        }
        frame.extend([0xFF, 0xDA, 0, 3, 1, 7, 7, 0xFF, 0xD9]);
        frame.resize(frame.len() + frame.len() % 2, 0);
        frame
    }

    fn check(fragments: Vec<Vec<u8>>, frames: usize, expect: (&[Vec<u8>], &[u32], u64, bool)) {
        let raw = PixelFragmentSequence::new(vec![0_u32], fragments);
        let made = strip(&raw, JPEG, frames).unwrap();
        let found = (made.fragments.fragments(), made.fragments.offset_table());
        assert_eq!(found, (expect.0, expect.1));
        assert_eq!((made.changed, made.surplus), (expect.2, expect.3));
    }

    #[test]
    fn offsets_are_those_of_the_frames_that_stay() {
        let (plain, with) = (frame(b""), frame(b"Quenby"));
        check(
            vec![plain.clone()],
            1,
            (std::slice::from_ref(&plain), &[0], 0, false),
        );
        let two = [plain.clone(), plain.clone()];
        let second = 8 + plain.len() as u32;
        check(
            vec![with.clone(), plain.clone()],
            2,
            (&two, &[0, second], 1, false),
        );
        check(vec![plain.clone(), with], 1, (&two[..1], &[0], 0, true));
    }

    #[test]
    fn a_frame_in_many_fragments_becomes_one_where_it_changes() {
        let (plain, with) = (frame(b""), frame(b"Quenby"));
        let (a, b) = with.split_at(8);
        check(
            vec![a.to_vec(), b.to_vec()],
            1,
            (std::slice::from_ref(&plain), &[0], 1, false),
        );
        let (a, b) = plain.split_at(6);
        let halves = [a.to_vec(), b.to_vec()];
        check(halves.to_vec(), 1, (&halves, &[0], 0, false));
    }

    #[test]
    fn codecs_without_a_parser_are_refused() {
        let raw = PixelFragmentSequence::new(C::<u32>::new(), vec![vec![0_u8; 4]]);
        for syntax in ["1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.110", JPEG] {
            assert!(strip(&raw, syntax, 1).is_err(), "{syntax}");
        }
        assert!(strip(&raw, "1.2.840.10008.1.2.5", 1).is_ok());
    }
}
