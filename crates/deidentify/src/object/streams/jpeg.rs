//! JPEG (ISO/IEC 10918-1, annex B) and JPEG-LS (ISO/IEC 14495-1, annex C).

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const COM: u8 = 0xFE;

/// A stream without comments and application data, but for what decoders need: the bare
/// headers of JFIF and Adobe, and the colour transform of HP's JPEG-LS. What follows the end
/// of the picture goes. None where it is no such stream.
pub(super) fn strip(stream: &[u8], lossless: bool) -> Option<Vec<u8>> {
    if !stream.starts_with(&[0xFF, SOI]) {
        return None;
    }
    let mut out = Vec::with_capacity(stream.len());
    out.extend([0xFF, SOI]);
    let mut at = 2;
    while at < stream.len() {
        let marker = marker(stream, &mut at)?;
        match marker {
            EOI => {
                out.extend([0xFF, EOI]);
                return Some(out);
            }
            SOI => return None,
            // Markers without parameters: restarts, and a private one of arithmetic coding.
            0x01 | 0xD0..=0xD7 => out.extend([0xFF, marker]),
            0x02..=0xBF => return None,
            _ => {
                let segment = segment(stream, &mut at)?;
                write(&mut out, marker, segment);
                if marker == SOS {
                    let end = scan(stream, at, lossless)?;
                    out.extend(&stream[at..end]);
                    at = end;
                }
            }
        }
    }
    // Real streams without an end are met; what their last scan holds is the picture.
    Some(out)
}

/// The marker at a position; any number of 0xFF may precede it (B.1.1.2).
fn marker(stream: &[u8], at: &mut usize) -> Option<u8> {
    if stream.get(*at) != Some(&0xFF) {
        return None;
    }
    while stream.get(*at) == Some(&0xFF) {
        *at += 1;
    }
    let marker = *stream.get(*at)?;
    *at += 1;
    (marker != 0).then_some(marker)
}

/// The parameters of a segment, without their length.
fn segment<'s>(stream: &'s [u8], at: &mut usize) -> Option<&'s [u8]> {
    let length = stream.get(*at..*at + 2)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    let segment = stream.get(*at + 2..*at + length.max(2))?;
    *at += length.max(2);
    (length >= 2).then_some(segment)
}

fn write(out: &mut Vec<u8>, marker: u8, segment: &[u8]) {
    let kept = match (marker, segment) {
        (COM, _) => return,
        // JFIF, without its thumbnail, which is a picture of its own.
        (0xE0, [b'J', b'F', b'I', b'F', 0, ..]) if segment.len() >= 14 => {
            [&segment[..12], &[0, 0]].concat()
        }
        (0xEE, [b'A', b'd', b'o', b'b', b'e', ..]) if segment.len() >= 12 => segment[..12].to_vec(),
        (0xE8, [b'm', b'r', b'f', b'x', _]) => segment.to_vec(),
        (0xE0..=0xEF, _) => return,
        _ => segment.to_vec(),
    };
    let length = u16::try_from(kept.len() + 2).expect("a segment is read with 16 bits");
    out.extend([0xFF, marker]);
    out.extend(length.to_be_bytes());
    out.extend(kept);
}

/// Where the coded data of a scan end. In it 0xFF is followed by zero or by a restart in JPEG
/// (B.1.1.5), and by a byte below 0x80 or a restart in JPEG-LS (A.1).
fn scan(stream: &[u8], from: usize, lossless: bool) -> Option<usize> {
    let mut at = from;
    loop {
        match stream[at..].iter().position(|byte| *byte == 0xFF) {
            None => return Some(stream.len()),
            Some(found) => at += found,
        }
        match stream.get(at + 1) {
            None => return Some(stream.len()),
            Some(0 | 0xD0..=0xD7) => at += 2,
            Some(0x01..0x80) if lossless => at += 2,
            Some(0x01..0xC0) => return None,
            Some(0xFF) => at += 1,
            Some(_) => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(segments: &[(u8, &[u8])], end: &[u8]) -> Vec<u8> {
        let mut stream = vec![0xFF, SOI];
        for (marker, segment) in segments {
            stream.extend([0xFF, *marker]);
            stream.extend((segment.len() as u16 + 2).to_be_bytes());
            stream.extend(*segment);
        }
        stream.extend(end);
        stream
    }

    fn check(stream: &[u8], lossless: bool, expect: Option<Vec<u8>>) {
        let made = strip(stream, lossless);
        assert_eq!(made, expect);
        if let Some(made) = made {
            assert_eq!(strip(&made, lossless).as_deref(), Some(made.as_slice()));
        }
    }

    #[test]
    fn comments_and_application_data_go() {
        let end = [0xFF, 0x00, 5, 0xFF, 0xD0, 6, 0xFF, 0xD9, b'Q', b'u'];
        let jfif: &[u8] = b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01abc";
        let raw = [
            (0xE0, jfif),
            (0xE1, b"Exif\0\0Quenby"),
            (0xEE, b"Adobe\0\x64\0\0\0\0\x01Quenby"),
            (0xFE, b"Quenby"),
            (0xDB, b"\0table"),
            (SOS, b"\x01\x01\0\0\x3f\0"),
        ];
        let clean: [(u8, &[u8]); 4] = [
            (0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"),
            (0xEE, b"Adobe\0\x64\0\0\0\0\x01"),
            (0xDB, b"\0table"),
            (SOS, b"\x01\x01\0\0\x3f\0"),
        ];
        check(&of(&raw, &end), false, Some(of(&clean, &end[..8])));
    }

    #[test]
    fn coded_data_are_left_alone() {
        let plain = |end: &[u8]| of(&[(SOS, b"\x01")], end);
        for (end, lossless, passes) in [
            (&[1, 0xFF, 0, 2, 0xFF, 0xD9][..], false, true),
            (&[1, 0xFF, 0x7F, 2, 0xFF, 0xD9][..], true, true),
            (&[1, 0xFF, 0x7F, 2, 0xFF, 0xD9][..], false, false),
            (&[1, 2, 3][..], false, true),
            (&[1, 0xFF, 0xFE, 0, 9, 1][..], false, false),
        ] {
            let stream = plain(end);
            check(&stream, lossless, passes.then(|| stream.clone()));
        }
        check(b"\xff\xd8Quenby", false, None);
        check(b"Quenby", false, None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..80), lossless: bool) {
            let stream = [&[0xFF, SOI, 0xFF][..], &bytes].concat();
            if let Some(made) = strip(&stream, lossless) {
                prop_assert_eq!(strip(&made, lossless), Some(made));
            }
        }
    }
}
