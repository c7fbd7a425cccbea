//! From bytes to a data set, with limits.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dicom_core::VR;
use dicom_object::{DefaultDicomObject, FileMetaTableBuilder, InMemDicomObject, Tag};
use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};
use walk::{Encoding, Shape};

use crate::layout::PIXEL_DATA;
use crate::{DicomError, attribute, codec, unknown};

mod charset;
mod meta;
mod repertoire;
mod spell;
mod walk;

/// Bytes of a file, and of a deflated one's content.
const MAX_BYTES: usize = 512 << 20;

/// Bytes that may stand before a data set without a header, and places that are tried there.
const SKIPPED: usize = 1024;
const TRIES: usize = 8;

const IMPLICIT_LITTLE: &str = "1.2.840.10008.1.2";
const EXPLICIT_LITTLE: &str = "1.2.840.10008.1.2.1";
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
/// Explicit VR Big Endian (PS3.5, A.3), retired.
pub const EXPLICIT_BIG: &str = "1.2.840.10008.1.2.2";

const SOP_CLASS: Tag = Tag(0x0008, 0x0016);
const SOP_INSTANCE: Tag = Tag(0x0008, 0x0018);

/// Reads a file (DICOM PS3.10), or a data set that lost its file header, into memory.
///
/// What is stated of the encoding is held against the bytes: files without preamble, without
/// or with half a header, and files encoded otherwise than they say are read in the encoding
/// in which their elements make sense. Files that end early are refused, since what is
/// missing is not known.
///
/// The object's own file header is not kept: the new one names transfer syntax, class and
/// instance alone, the last two as the data set has them, and empty where it has none. A
/// deflated file becomes Explicit VR Little Endian. Standard elements of unknown value
/// representation get their own back where they hold numbers, codes, dates or identifiers. Texts
/// are decoded by their character sets, code extensions included (PS3.5, 6.1.2); where that took
/// more than the library does the object then states UTF-8.
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
    match known.filter(|uid| is_video(uid)) {
        Some(uid) => DicomError::Video {
            uid: uid.to_owned(),
        },
        None => DicomError::TransferSyntax {
            uid: known.unwrap_or("without a registered name").to_owned(),
        },
    }
}

/// MPEG-2, MPEG-4 AVC and HEVC (PS3.5, A.4.5 to A.4.9).
fn is_video(uid: &str) -> bool {
    let kind = uid.strip_prefix("1.2.840.10008.1.2.4.10");
    kind.and_then(|rest| rest.chars().next())
        .is_some_and(|kind| ('0'..='8').contains(&kind))
}

/// [`read`] without a net for panics.
pub fn parse(bytes: &[u8]) -> Result<DefaultDicomObject, DicomError> {
    if bytes.len() > MAX_BYTES {
        return Err(DicomError::TooLarge {
            bytes: bytes.len(),
            limit: MAX_BYTES,
        });
    }
    let (stated, rest) = meta::split(bytes)?;
    let Some(stated) = stated else {
        return guessed(rest, rest.len() < bytes.len());
    };
    if stated == DEFLATED {
        return as_stated(&inflate(rest)?, EXPLICIT_LITTLE);
    }
    as_stated(rest, &stated)
}

/// A data set whose header states a transfer syntax.
fn as_stated(bytes: &[u8], uid: &str) -> Result<DefaultDicomObject, DicomError> {
    let stated = encoding(uid).ok_or_else(|| unsupported(uid))?;
    let fault = match walk::walk(bytes, stated) {
        Ok(shape) => return data_set(bytes, &shape, stated, uid),
        Err(fault) => fault,
    };
    let others = [Encoding::Implicit, Encoding::Explicit, Encoding::Big];
    for other in others.into_iter().filter(|other| *other != stated) {
        match walk::walk(bytes, other) {
            Ok(shape) if shape.is_plausible() => {
                let plain = matches!(uid, IMPLICIT_LITTLE | EXPLICIT_LITTLE | EXPLICIT_BIG);
                let uid = if plain { name(other) } else { uid };
                return data_set(bytes, &shape, other, uid);
            }
            _ => {}
        }
    }
    Err(fault)
}

/// A data set of which nothing is stated. `header` says that there was a file header, so that
/// it is a DICOM file, if a damaged one.
fn guessed(bytes: &[u8], header: bool) -> Result<DefaultDicomObject, DicomError> {
    let mut reason = if header {
        DicomError::Damaged {
            part: "file meta information",
        }
    } else {
        DicomError::NotDicom
    };
    for encoding in [Encoding::Explicit, Encoding::Implicit, Encoding::Big] {
        match walk::walk(bytes, encoding) {
            Ok(shape) if shape.is_plausible() => {
                let object = data_set(bytes, &shape, encoding, name(encoding))?;
                return recoded(object);
            }
            // It began like one.
            Err(fault) if looks_like(bytes, encoding) => reason = fault,
            _ => {}
        }
    }
    for start in starts(bytes) {
        let bytes = &bytes[start..];
        match walk::walk(bytes, Encoding::Explicit) {
            Ok(shape) if shape.is_plausible() => {
                return recoded(data_set(
                    bytes,
                    &shape,
                    Encoding::Explicit,
                    EXPLICIT_LITTLE,
                )?);
            }
            _ => {}
        }
    }
    Err(reason)
}

/// Places near the beginning where a data set may begin behind something else, such as the
/// rest of a header: an element of group 8 with its value representation.
fn starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let head = &bytes[..bytes.len().min(SKIPPED)];
    let begins = |window: &[u8]| {
        let vr = VR::from_binary([window[4], window[5]]);
        window.starts_with(&[8, 0]) && window[3] == 0 && vr.is_some()
    };
    let windows = head.windows(6).enumerate().skip(1);
    windows
        .filter(move |(_, window)| begins(window))
        .map(|(at, _)| at)
        .take(TRIES)
}

/// Whether bytes begin with an element of group 8 in an encoding.
fn looks_like(bytes: &[u8], encoding: Encoding) -> bool {
    let explicit = bytes
        .get(4..6)
        .is_some_and(|vr| vr.iter().all(u8::is_ascii_uppercase));
    match encoding {
        Encoding::Explicit => bytes.starts_with(&[8, 0]) && explicit,
        Encoding::Implicit => bytes.starts_with(&[8, 0]) && !explicit && bytes.len() > 8,
        Encoding::Big => bytes.starts_with(&[0, 8]) && explicit,
    }
}

/// The encoding of a registered transfer syntax (PS3.5, annex A).
fn encoding(uid: &str) -> Option<Encoding> {
    TransferSyntaxRegistry.get(uid)?;
    Some(match uid {
        IMPLICIT_LITTLE => Encoding::Implicit,
        EXPLICIT_BIG => Encoding::Big,
        _ => Encoding::Explicit,
    })
}

fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Implicit => IMPLICIT_LITTLE,
        Encoding::Explicit => EXPLICIT_LITTLE,
        Encoding::Big => EXPLICIT_BIG,
    }
}

fn data_set(
    bytes: &[u8],
    shape: &Shape,
    encoding: Encoding,
    uid: &str,
) -> Result<DefaultDicomObject, DicomError> {
    let damaged = DicomError::Damaged { part: "data set" };
    let bytes = &bytes[..shape.bytes];
    let hidden = charset::hidden(bytes, &shape.charsets);
    let bytes = hidden.as_deref().unwrap_or(bytes);
    let spelled = (shape.mixed && encoding == Encoding::Explicit)
        .then(|| spell::explicit(bytes).ok_or(damaged.clone()))
        .transpose()?;
    let bytes = spelled.as_deref().unwrap_or(bytes);
    let syntax = TransferSyntaxRegistry.get(name(encoding));
    let syntax = syntax.ok_or_else(|| unsupported(uid))?;
    let mut object =
        InMemDicomObject::read_dataset_with_ts(bytes, syntax).map_err(|_| damaged.clone())?;
    unknown::resolve(&mut object);
    if hidden.is_some() {
        charset::decode(&mut object);
    }
    with_header(object, uid).ok_or(damaged)
}

fn with_header(object: InMemDicomObject, uid: &str) -> Option<DefaultDicomObject> {
    let stated = |tag| attribute::uid(&object, tag).unwrap_or_default();
    let meta = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid(stated(SOP_CLASS))
        .media_storage_sop_instance_uid(stated(SOP_INSTANCE))
        .transfer_syntax(uid)
        .build()
        .ok()?;
    Some(object.with_exact_meta(meta))
}

/// The transfer syntax of an object that lost its header and has compressed pixels is told by
/// the first stream.
fn recoded(object: DefaultDicomObject) -> Result<DefaultDicomObject, DicomError> {
    let pixels = object.get(PIXEL_DATA);
    let Some(fragments) = pixels.and_then(|element| element.fragments()) else {
        return Ok(object);
    };
    let stream = fragments.first().map(Vec::as_slice).unwrap_or_default();
    let uid = codec::transfer_syntax(stream).ok_or(DicomError::Decoder)?;
    let damaged = DicomError::Damaged { part: "data set" };
    with_header(object.into_inner(), uid).ok_or(damaged)
}

/// Inflates a deflated data set (DICOM PS3.5, A.5). Writers have been met that put the header
/// and checksum of zlib around it.
fn inflate(bytes: &[u8]) -> Result<Vec<u8>, DicomError> {
    let mut out = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    let bare = flate2::read::DeflateDecoder::new(bytes)
        .take(limit)
        .read_to_end(&mut out);
    if bare.is_err() {
        out.clear();
        flate2::read::ZlibDecoder::new(bytes)
            .take(limit)
            .read_to_end(&mut out)
            .map_err(|_| DicomError::Damaged {
                part: "deflated data set",
            })?;
    }
    if out.len() > MAX_BYTES {
        return Err(DicomError::TooLarge {
            bytes: out.len(),
            limit: MAX_BYTES,
        });
    }
    Ok(out)
}
