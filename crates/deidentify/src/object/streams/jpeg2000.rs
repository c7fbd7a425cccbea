//! JPEG 2000 (ISO/IEC 15444-1, annexes A and I) and its high-throughput coding.

const SOC: [u8; 2] = [0xFF, 0x4F];
const SOT: u8 = 0x90;
const SOD: u8 = 0x93;
const EOC: [u8; 2] = [0xFF, 0xD9];
/// Tile-part lengths; wrong as soon as a tile-part changes, and a stream may be without.
const TLM: u8 = 0x55;
const COM: u8 = 0x64;

/// What a stream in boxes starts with (I.5.1).
pub(super) const BOXED: &[u8] = b"\0\0\0\x0cjP  \r\n\x87\n";

/// A code stream without comments, and without the boxes that some writers put around it
/// (PS3.5, 8.2.4 allows none). What follows its end goes. None where it is no such stream.
pub(super) fn strip(stream: &[u8]) -> Option<Vec<u8>> {
    let stream = if stream.starts_with(BOXED) {
        unboxed(stream)?
    } else {
        stream
    };
    let mut at = 2;
    if !stream.starts_with(&SOC) {
        return None;
    }
    let mut head = SOC.to_vec();
    let lengths = header(stream, &mut at, SOT, &mut head)?;
    let (mut tiles, mut changed) = (Vec::with_capacity(stream.len()), false);
    while stream.get(at) == Some(&0xFF) && stream.get(at + 1) == Some(&SOT) {
        changed |= tile(stream, &mut at, &mut tiles)?;
    }
    // Truncated streams without an end are met.
    if stream.get(at..at + 2) == Some(EOC.as_slice()) {
        tiles.extend(EOC);
    } else if at < stream.len() && stream[at..].iter().any(|byte| *byte != 0) {
        return None;
    }
    if changed {
        for range in lengths.into_iter().rev() {
            head.drain(range);
        }
    }
    head.append(&mut tiles);
    Some(head)
}

/// Copies marker segments but comments, up to a marker. Returns where the copy has lengths of
/// tile-parts.
fn header(
    stream: &[u8],
    at: &mut usize,
    end: u8,
    out: &mut Vec<u8>,
) -> Option<Vec<std::ops::Range<usize>>> {
    let mut lengths = Vec::new();
    loop {
        let [0xFF, marker] = *stream.get(*at..*at + 2)? else {
            return None;
        };
        if marker == end {
            return Some(lengths);
        }
        // Only the segments of main and tile-part headers have such codes (A.2).
        if !matches!(marker, 0x50..=0x7F) {
            return None;
        }
        let length = stream.get(*at + 2..*at + 4)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let segment = stream.get(*at..*at + 2 + length).filter(|_| length >= 2)?;
        *at += segment.len();
        if marker == COM {
            continue;
        }
        if marker == TLM {
            lengths.push(out.len()..out.len() + segment.len());
        }
        out.extend(segment);
    }
}

/// Copies one tile-part (A.4.2). Returns whether it changed.
fn tile(stream: &[u8], at: &mut usize, out: &mut Vec<u8>) -> Option<bool> {
    let start = *at;
    let sot = stream.get(start..start + 12)?;
    if sot[2..4] != [0, 10] {
        return None;
    }
    let stated = u32::from_be_bytes([sot[6], sot[7], sot[8], sot[9]]);
    let written = out.len();
    out.extend(sot);
    *at += 12;
    header(stream, at, SOD, out)?;
    let removed = (*at - start) - (out.len() - written);
    let end = match stated as usize {
        // The last tile-part may leave its length to the end of the stream.
        0 => {
            let data = &stream[*at..];
            let end = data.windows(2).position(|pair| pair == EOC);
            end.map_or(stream.len(), |end| *at + end)
        }
        length => start.checked_add(length)?.min(stream.len()),
    };
    out.extend(stream.get(*at..end)?);
    *at = end;
    if stated != 0 && removed != 0 {
        let length = stated.checked_sub(u32::try_from(removed).ok()?)?;
        out[written + 6..written + 10].copy_from_slice(&length.to_be_bytes());
    }
    Some(removed != 0)
}

/// The code stream inside boxes (I.4).
fn unboxed(mut stream: &[u8]) -> Option<&[u8]> {
    loop {
        let header = stream.get(..8)?;
        let length = u32::from_be_bytes([header[0], header[1], header[2], header[3]]);
        let (head, length) = match length {
            0 => (8, stream.len()),
            1 => {
                let long = stream.get(8..16)?.try_into().ok()?;
                (16, usize::try_from(u64::from_be_bytes(long)).ok()?)
            }
            length => (8, length as usize),
        };
        let length = length.min(stream.len());
        if &header[4..] == b"jp2c" {
            return stream.get(head..length);
        }
        if length < head {
            return None;
        }
        stream = &stream[length..];
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZ: &[u8] = &[0xFF, 0x51, 0, 4, 1, 2];
    const COMMENT: &[u8] = &[0xFF, 0x64, 0, 7, 0, 1, b'Q', b'u', b'y'];

    /// A tile-part with headers and data; its length is stated or left open.
    fn part(headers: &[u8], data: &[u8], stated: bool) -> Vec<u8> {
        let length = if stated {
            14 + headers.len() + data.len()
        } else {
            0
        };
        let mut part = vec![0xFF, SOT, 0, 10, 0, 0];
        part.extend((length as u32).to_be_bytes());
        part.extend([0, 1]);
        part.extend(headers);
        part.extend([0xFF, SOD]);
        part.extend(data);
        part
    }

    fn stream(parts: &[&[u8]]) -> Vec<u8> {
        [&SOC[..], SIZ, &parts.concat(), &EOC].concat()
    }

    fn check(raw: &[u8], expect: Option<&[u8]>) {
        let made = strip(raw);
        assert_eq!(made.as_deref(), expect);
        if let Some(made) = made {
            assert_eq!(strip(&made).as_deref(), Some(made.as_slice()));
        }
    }

    #[test]
    fn comments_go_from_all_headers() {
        let data = [1, 0xFF, 0x64, 2];
        for stated in [true, false] {
            let clean = stream(&[&part(&[], &data, stated)]);
            check(&clean, Some(&clean));
            check(&stream(&[COMMENT, &part(&[], &data, stated)]), Some(&clean));
            check(
                &stream(&[COMMENT, &part(COMMENT, &data, stated)]),
                Some(&clean),
            );
            check(&[&clean[..], b"Quenby"].concat(), Some(&clean));
        }
    }

    #[test]
    fn lengths_of_tile_parts_go_where_they_became_wrong() {
        let lengths: &[u8] = &[0xFF, TLM, 0, 4, 9, 9];
        let clean = part(&[], &[1], true);
        check(
            &stream(&[lengths, &part(COMMENT, &[1], true)]),
            Some(&stream(&[&clean])),
        );
        let right = stream(&[lengths, &clean]);
        check(&right, Some(&right));
    }

    #[test]
    fn boxes_around_the_stream_go() {
        let clean = stream(&[&part(&[], &[1, 2], true)]);
        let mut boxed = BOXED.to_vec();
        boxed.extend(b"\0\0\0\x0euuidQuenby");
        boxed.extend((clean.len() as u32 + 8).to_be_bytes());
        boxed.extend(b"jp2c");
        boxed.extend(&clean);
        boxed.extend(b"\0\0\0\x0exml Quenby");
        check(&boxed, Some(&clean));
        check(b"Quenby", None);
        check(&[&SOC[..], b"Quenby"].concat(), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            for start in [&[][..], &SOC, BOXED, &stream(&[])[..8]] {
                let raw = [start, &bytes].concat();
                if let Some(made) = strip(&raw) {
                    prop_assert_eq!(strip(&made), Some(made));
                }
            }
        }
    }
}
