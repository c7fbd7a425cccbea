//! The pixel data: copied, never encoded anew.

use dicom_core::value::{PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};

use super::overlay::{self, Cell};
use super::{ObjectRefusal, streams};
use crate::Scope;

/// Pixel Data.
pub(super) const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
/// Float Pixel Data and Double Float Pixel Data, and the bytes of one number.
const FLOATS: [(Tag, VR, usize); 2] = [
    (Tag(0x7FE0, 0x0008), VR::OF, 4),
    (Tag(0x7FE0, 0x0009), VR::OD, 8),
];
/// Tables of offsets, which are wrong as soon as a compressed frame changes.
const OFFSETS: [Tag; 2] = [Tag(0x7FE0, 0x0001), Tag(0x7FE0, 0x0002)];
/// Explicit VR Big Endian, whose words are not turned into bytes before they are written.
const EXPLICIT_BIG: &str = "1.2.840.10008.1.2.2";
const ROWS: Tag = Tag(0x0028, 0x0010);
const COLUMNS: Tag = Tag(0x0028, 0x0011);
const BITS_ALLOCATED: Tag = Tag(0x0028, 0x0100);
const SAMPLES: Tag = Tag(0x0028, 0x0002);
const PHOTOMETRIC: Tag = Tag(0x0028, 0x0004);
const FRAMES: Tag = Tag(0x0028, 0x0008);

/// Copies what holds the pixels into the clean object, whose description of them counts.
/// Uncompressed pixels end where rows, columns and frames say; bytes behind them are no
/// picture, and go. Returns the rules that were used.
pub(super) fn copy(
    raw: &InMemDicomObject,
    clean: &mut InMemDicomObject,
    syntax: &str,
    scope: Scope,
) -> Result<Vec<&'static str>, ObjectRefusal> {
    let mut used = Vec::new();
    if let Some(element) = raw.get(PIXEL_DATA) {
        let known = TransferSyntaxRegistry
            .get(syntax)
            .ok_or(ObjectRefusal::TransferSyntax)?;
        if known.is_encapsulated_pixel_data() {
            if overlay::embedded(raw) {
                return Err(ObjectRefusal::EmbeddedOverlay);
            }
            compressed(element, clean, syntax, &mut used)?;
        } else {
            native(element, clean, (syntax, scope), &mut used)?;
        }
    }
    for (tag, vr, width) in FLOATS {
        if let Some(element) = raw.get(tag) {
            clean.put(numbers(element, clean, vr, width)?);
        }
    }
    Ok(used)
}

/// Compressed frames, without the comments in their streams.
fn compressed(
    element: &InMemElement,
    clean: &mut InMemDicomObject,
    syntax: &str,
    used: &mut Vec<&'static str>,
) -> Result<(), ObjectRefusal> {
    let Value::PixelSequence(fragments) = element.value() else {
        return Err(ObjectRefusal::Undecodable { tag: PIXEL_DATA });
    };
    native_bytes(clean)?;
    let frames = frames(clean);
    let made = streams::strip(fragments, syntax, frames).map_err(|_| ObjectRefusal::Compressed)?;
    if made.surplus {
        used.push("surplus");
    }
    if made.changed > 0 {
        used.extend((0..made.changed).map(|_| "comments"));
        for tag in OFFSETS {
            clean.remove_element(tag);
        }
    }
    clean.put(DataElement::new(PIXEL_DATA, VR::OB, made.fragments));
    Ok(())
}

fn native(
    element: &InMemElement,
    clean: &mut InMemDicomObject,
    (syntax, scope): (&str, Scope),
    used: &mut Vec<&'static str>,
) -> Result<(), ObjectRefusal> {
    let refusal = ObjectRefusal::Undecodable { tag: PIXEL_DATA };
    let native = native_bytes(clean)?;
    let Value::Primitive(value) = element.value() else {
        return Err(refusal);
    };
    let width = match value {
        PrimitiveValue::U8(_) => 1,
        PrimitiveValue::U16(_) => 2,
        _ => return Err(refusal),
    };
    let vr = match element.vr() {
        vr @ (VR::OB | VR::OW) => vr,
        _ => return Err(refusal),
    };
    // Values have an even number of bytes (PS3.5, 7.1.1).
    let units = (native + native % 2).div_ceil(width);
    if value.multiplicity() as usize > units {
        used.push("surplus");
    }
    let mut value = copied(value, units, syntax);
    if scope == Scope::Objects {
        let cell = Cell::of(clean).ok_or(ObjectRefusal::Attribute {
            tag: BITS_ALLOCATED,
        })?;
        // Packed bits say nothing of where a frame begins, so that all of them are needed.
        if cell.is_bit() && bytes_of(&value) < native {
            return Err(refusal);
        }
        if overlay::clear(&mut value, cell) {
            used.push("overlay-bits");
        }
    }
    clean.put(DataElement::new(PIXEL_DATA, vr, value));
    Ok(())
}

/// The first units of a value. Little endian words become bytes: those are written at once,
/// words one by one.
fn copied(value: &PrimitiveValue, units: usize, syntax: &str) -> PrimitiveValue {
    match value {
        PrimitiveValue::U16(words) if syntax != EXPLICIT_BIG => {
            let words = words.iter().take(units);
            let bytes: Vec<u8> = words.flat_map(|word| word.to_le_bytes()).collect();
            PrimitiveValue::U8(bytes.into())
        }
        value => {
            let mut value = value.clone();
            value.truncate(units);
            value
        }
    }
}

fn bytes_of(value: &PrimitiveValue) -> usize {
    match value {
        PrimitiveValue::U16(words) => words.len() * 2,
        value => value.multiplicity() as usize,
    }
}

/// Pixels that are floating point numbers, as many as the frames need.
fn numbers(
    element: &InMemElement,
    clean: &InMemDicomObject,
    vr: VR,
    width: usize,
) -> Result<InMemElement, ObjectRefusal> {
    let tag = element.header().tag;
    let refusal = ObjectRefusal::Undecodable { tag };
    let bytes = native_bytes(clean)?;
    let Value::Primitive(value) = element.value() else {
        return Err(refusal);
    };
    let kind = matches!(
        (vr, value),
        (VR::OF, PrimitiveValue::F32(_)) | (VR::OD, PrimitiveValue::F64(_))
    );
    if !kind || value.multiplicity() as usize * width != bytes {
        return Err(refusal);
    }
    Ok(DataElement::new(tag, vr, value.clone()))
}

fn number(clean: &InMemDicomObject, tag: Tag) -> Option<usize> {
    let number = clean.get(tag)?.to_int::<u32>().ok()?;
    (number > 0).then_some(number as usize)
}

fn frames(clean: &InMemDicomObject) -> usize {
    number(clean, FRAMES).unwrap_or(1)
}

/// How many bytes the frames have, uncompressed (PS3.5, 8.1.1, and PS3.3, C.7.6.3.1.2).
fn native_bytes(clean: &InMemDicomObject) -> Result<usize, ObjectRefusal> {
    let needed = |tag: Tag| number(clean, tag).ok_or(ObjectRefusal::Attribute { tag });
    let photometric = clean
        .get(PHOTOMETRIC)
        .and_then(|e| e.to_str().ok())
        .filter(|p| !p.is_empty())
        .ok_or(ObjectRefusal::Attribute { tag: PHOTOMETRIC })?;
    let samples = match (&*photometric, number(clean, SAMPLES).unwrap_or(1)) {
        // Two samples of colour for every two of brightness.
        ("YBR_FULL_422" | "YBR_PARTIAL_422", 3) => 2,
        (_, samples) => samples,
    };
    [
        needed(COLUMNS)?,
        samples,
        frames(clean),
        needed(BITS_ALLOCATED)?,
    ]
    .into_iter()
    .try_fold(needed(ROWS)?, usize::checked_mul)
    .map(|bits| bits.div_ceil(8))
    .ok_or(ObjectRefusal::Attribute { tag: ROWS })
}
