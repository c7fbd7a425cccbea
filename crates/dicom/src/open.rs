//! From bytes to a data set, with limits.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dicom_core::Length;
use dicom_object::{DefaultDicomObject, FileMetaTableBuilder, InMemDicomObject, Tag};
use dicom_parser::DataSetReader;
use dicom_parser::dataset::DataToken;
use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};

use crate::{DicomError, attribute, unknown};

/// Bytes of a file, and of a deflated one's content.
const MAX_BYTES: usize = 512 << 20;
/// The library builds sequences recursively; real files nest fewer than ten deep.
const MAX_DEPTH: usize = 32;

const IMPLICIT_LITTLE: &str = "1.2.840.10008.1.2";
const EXPLICIT_LITTLE: &str = "1.2.840.10008.1.2.1";
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
const EXPLICIT_BIG: &str = "1.2.840.10008.1.2.2";

const SOP_CLASS: Tag = Tag(0x0008, 0x0016);
const SOP_INSTANCE: Tag = Tag(0x0008, 0x0018);

/// Reads a file (DICOM PS3.10), or a data set that lost its file header, into memory.
///
/// The object's own file header is not kept: the new one names transfer syntax, class and
/// instance alone, the last two as the data set has them, and empty where it has none. A
/// deflated file becomes Explicit VR Little Endian. Standard elements of unknown value
/// representation get their own back where they hold numbers, codes, dates or identifiers.
///
/// # Errors
/// [`DicomError`] where the bytes are no DICOM object, are damaged, or exceed the limits of
/// this reader. Never panics: the library below is fed with hostile bytes, so its panics are
/// caught; it holds no state between calls that a panic could spoil.
pub fn read(bytes: &[u8]) -> Result<DefaultDicomObject, DicomError> {
    let damaged = DicomError::Damaged { part: "data set" };
    catch_unwind(AssertUnwindSafe(|| parse(bytes))).unwrap_or(Err(damaged))
}

/// The error of a transfer syntax that is not read. It is named only where it is a registered
/// one: anything else in that place may be an identifier.
pub fn unsupported(uid: &str) -> DicomError {
    let known = TransferSyntaxRegistry.get(uid).map(|syntax| syntax.uid());
    DicomError::TransferSyntax {
        uid: known.unwrap_or("without a registered name").to_owned(),
    }
}

/// [`read`] without a net for panics.
pub fn parse(bytes: &[u8]) -> Result<DefaultDicomObject, DicomError> {
    if bytes.len() > MAX_BYTES {
        return Err(DicomError::TooLarge {
            bytes: bytes.len(),
            limit: MAX_BYTES,
        });
    }
    let (uid, rest) = header(bytes)?;
    if uid == DEFLATED {
        return data_set(&inflate(rest)?, EXPLICIT_LITTLE);
    }
    data_set(rest, &uid)
}

fn data_set(bytes: &[u8], uid: &str) -> Result<DefaultDicomObject, DicomError> {
    let syntax = TransferSyntaxRegistry.get(uid);
    let syntax = syntax.ok_or_else(|| unsupported(uid))?;
    check_structure(bytes, syntax)?;
    let damaged = DicomError::Damaged { part: "data set" };
    let mut object =
        InMemDicomObject::read_dataset_with_ts(bytes, syntax).map_err(|_| damaged.clone())?;
    unknown::resolve(&mut object);
    let stated = |tag| attribute::uid(&object, tag).unwrap_or_default();
    let meta = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid(stated(SOP_CLASS))
        .media_storage_sop_instance_uid(stated(SOP_INSTANCE))
        .transfer_syntax(uid)
        .build()
        .map_err(|_| damaged)?;
    Ok(object.with_exact_meta(meta))
}

/// The transfer syntax that the file meta information states, and what follows it.
fn header(bytes: &[u8]) -> Result<(String, &[u8]), DicomError> {
    let preamble = bytes.get(128..132) == Some(b"DICM".as_slice());
    let rest = if preamble {
        &bytes[132..]
    } else {
        bytes.strip_prefix(b"DICM").unwrap_or(bytes)
    };
    if rest.starts_with(&[0x02, 0x00]) {
        return meta(rest);
    }
    // Writers have been met that put a data set straight behind the preamble.
    let uid = guess(rest).ok_or(DicomError::NotDicom)?;
    Ok((uid.to_owned(), rest))
}

/// Walks the elements of group 2, always Explicit VR Little Endian (PS3.10, 7.1). The
/// library's own reader gives memory to any length stated there, and needs a group length.
fn meta(mut bytes: &[u8]) -> Result<(String, &[u8]), DicomError> {
    let damaged = DicomError::Damaged {
        part: "file meta information",
    };
    let mut uid = None;
    while let [0x02, 0x00, low, high, vr_a, vr_b, rest @ ..] = bytes {
        let long = matches!(&[*vr_a, *vr_b], b"OB" | b"OW" | b"UN" | b"SQ" | b"UT");
        let (length, value) = match rest {
            [_, _, a, b, c, d, value @ ..] if long => {
                (u32::from_le_bytes([*a, *b, *c, *d]) as usize, value)
            }
            [a, b, value @ ..] if !long => (usize::from(u16::from_le_bytes([*a, *b])), value),
            _ => return Err(damaged),
        };
        let Some((value, rest)) = value.split_at_checked(length) else {
            return Err(damaged);
        };
        if [*low, *high] == [0x10, 0x00] {
            uid = std::str::from_utf8(value).ok();
        }
        bytes = rest;
    }
    let uid = uid
        .ok_or(damaged)?
        .trim_matches(|c: char| c == '\0' || c.is_whitespace());
    Ok((uid.to_owned(), bytes))
}

/// The transfer syntax of a bare data set: it starts with an element of group 8, whose value
/// representation, where it is explicit, is two capital letters.
fn guess(bytes: &[u8]) -> Option<&'static str> {
    let explicit = bytes.get(4..6)?.iter().all(u8::is_ascii_uppercase);
    match (bytes.get(..2)?, explicit) {
        ([8, 0], true) => Some(EXPLICIT_LITTLE),
        ([8, 0], false) => Some(IMPLICIT_LITTLE),
        ([0, 8], true) => Some(EXPLICIT_BIG),
        _ => None,
    }
}

/// Inflates a deflated data set (DICOM PS3.5, A.5).
fn inflate(bytes: &[u8]) -> Result<Vec<u8>, DicomError> {
    let mut out = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    flate2::read::DeflateDecoder::new(bytes)
        .take(limit)
        .read_to_end(&mut out)
        .map_err(|_| DicomError::Damaged {
            part: "deflated data set",
        })?;
    if out.len() > MAX_BYTES {
        return Err(DicomError::TooLarge {
            bytes: out.len(),
            limit: MAX_BYTES,
        });
    }
    Ok(out)
}

/// Walks the elements without recursion, and refuses lengths beyond the file's end before
/// the library gives memory to them. What does not parse otherwise is left to the reading
/// proper, which meets the same bytes.
fn check_structure(
    bytes: &[u8],
    syntax: &dicom_transfer_syntax_registry::TransferSyntax,
) -> Result<(), DicomError> {
    let Ok(reader) = DataSetReader::new_with_ts(bytes, syntax) else {
        return Ok(());
    };
    let mut depth = 0usize;
    for token in reader {
        match token {
            Ok(DataToken::SequenceStart { .. }) => depth += 1,
            Ok(DataToken::SequenceEnd) => depth = depth.saturating_sub(1),
            Ok(DataToken::ElementHeader(header)) => check_length(header.len, bytes)?,
            Ok(DataToken::ItemStart { len }) => check_length(len, bytes)?,
            Ok(_) => {}
            Err(_) => break,
        }
        if depth > MAX_DEPTH {
            return Err(DicomError::TooDeep { limit: MAX_DEPTH });
        }
    }
    Ok(())
}

fn check_length(length: Length, bytes: &[u8]) -> Result<(), DicomError> {
    match length.get() {
        Some(length) if length as usize > bytes.len() => {
            Err(DicomError::Damaged { part: "data set" })
        }
        _ => Ok(()),
    }
}
