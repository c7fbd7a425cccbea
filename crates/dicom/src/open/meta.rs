//! The file header (PS3.10, 7.1).

use crate::DicomError;

/// The transfer syntax that the file meta information states, where it states one, and what
/// follows it. A file without any is all data set; none where it states that it is no file
/// of this kind.
pub fn split(bytes: &[u8]) -> Result<(Option<String>, &[u8]), DicomError> {
    let preamble = bytes.get(128..132) == Some(b"DICM".as_slice());
    let rest = if preamble {
        &bytes[132..]
    } else {
        bytes.strip_prefix(b"DICM").unwrap_or(bytes)
    };
    group(rest)
}

/// Walks the elements of group 2: Explicit VR Little Endian, though writers have been met
/// that leave the representations out. The library's own reader gives memory to any length
/// stated there, and needs a group length.
fn group(mut bytes: &[u8]) -> Result<(Option<String>, &[u8]), DicomError> {
    let damaged = DicomError::Damaged {
        part: "file meta information",
    };
    let mut uid = None;
    while let [0x02, 0x00, low, high, rest @ ..] = bytes {
        let (length, value) = header(rest).ok_or(damaged.clone())?;
        let (value, rest) = value.split_at_checked(length).ok_or(damaged.clone())?;
        if [*low, *high] == [0x10, 0x00] {
            let text = std::str::from_utf8(value).map_err(|_| damaged.clone())?;
            let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
            uid = (!text.is_empty()).then(|| text.to_owned());
        }
        bytes = rest;
    }
    Ok((uid, bytes))
}

/// The length of an element, and what follows it.
fn header(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [b'O', b'B' | b'W', _, _, a, b, c, d, value @ ..]
        | [b'U', b'N' | b'T', _, _, a, b, c, d, value @ ..]
        | [b'S', b'Q', _, _, a, b, c, d, value @ ..] => {
            Some((u32::from_le_bytes([*a, *b, *c, *d]) as usize, value))
        }
        [b'A'..=b'Z', b'A'..=b'Z', a, b, value @ ..] => {
            Some((usize::from(u16::from_le_bytes([*a, *b])), value))
        }
        [a, b, c, d, value @ ..] => Some((u32::from_le_bytes([*a, *b, *c, *d]) as usize, value)),
        _ => None,
    }
}
