//! The pixel data: copied, never encoded anew.

use dicom_core::value::{PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};

use super::ObjectRefusal;

/// Pixel Data.
pub(super) const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
const ROWS: Tag = Tag(0x0028, 0x0010);
const COLUMNS: Tag = Tag(0x0028, 0x0011);
const BITS_ALLOCATED: Tag = Tag(0x0028, 0x0100);
const SAMPLES: Tag = Tag(0x0028, 0x0002);
const PHOTOMETRIC: Tag = Tag(0x0028, 0x0004);
const FRAMES: Tag = Tag(0x0028, 0x0008);

/// The element that holds the pixels, with its bytes as they are. Uncompressed pixels end
/// where rows, columns and frames say; bytes behind them are no picture, and go. Returns
/// whether there were any.
pub(super) fn copy(
    element: &InMemElement,
    clean: &InMemDicomObject,
    syntax: &str,
) -> Result<(InMemElement, bool), ObjectRefusal> {
    let refusal = ObjectRefusal::Undecodable { tag: PIXEL_DATA };
    let syntax = TransferSyntaxRegistry
        .get(syntax)
        .ok_or(ObjectRefusal::TransferSyntax)?;
    let native = native_bytes(clean)?;
    match element.value() {
        Value::PixelSequence(fragments) if syntax.is_encapsulated_pixel_data() => {
            let copy = DataElement::new(PIXEL_DATA, VR::OB, fragments.clone());
            Ok((copy, false))
        }
        Value::Primitive(value) if !syntax.is_encapsulated_pixel_data() => {
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
            let mut value = value.clone();
            let surplus = value.multiplicity() as usize > units;
            value.truncate(units);
            Ok((DataElement::new(PIXEL_DATA, vr, value), surplus))
        }
        _ => Err(refusal),
    }
}

/// Whether an overlay stands in bits of the pixels (PS3.3, C.9.2, retired): a group of
/// overlay attributes without data of its own.
pub(super) fn embedded_overlay(raw: &InMemDicomObject) -> bool {
    raw.tags()
        .filter(|tag| tag.group() >> 8 == 0x60 && tag.element() == 0x0100)
        .any(|tag| raw.get(Tag(tag.group(), 0x3000)).is_none())
}

/// How many bytes the frames have, uncompressed (PS3.5, 8.1.1, and PS3.3, C.7.6.3.1.2).
fn native_bytes(clean: &InMemDicomObject) -> Result<usize, ObjectRefusal> {
    let number = |tag: Tag| {
        clean
            .get(tag)
            .and_then(|e| e.to_int::<u32>().ok())
            .filter(|n| *n > 0)
            .map(|n| n as usize)
    };
    let needed = |tag: Tag| number(tag).ok_or(ObjectRefusal::Attribute { tag });
    let photometric = clean
        .get(PHOTOMETRIC)
        .and_then(|e| e.to_str().ok())
        .filter(|p| !p.is_empty())
        .ok_or(ObjectRefusal::Attribute { tag: PHOTOMETRIC })?;
    let samples = match (&*photometric, number(SAMPLES).unwrap_or(1)) {
        // Two samples of colour for every two of brightness.
        ("YBR_FULL_422" | "YBR_PARTIAL_422", 3) => 2,
        (_, samples) => samples,
    };
    [
        needed(COLUMNS)?,
        samples,
        number(FRAMES).unwrap_or(1),
        needed(BITS_ALLOCATED)?,
    ]
    .into_iter()
    .try_fold(needed(ROWS)?, usize::checked_mul)
    .map(|bits| bits.div_ceil(8))
    .ok_or(ObjectRefusal::Attribute { tag: ROWS })
}
