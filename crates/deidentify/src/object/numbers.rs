//! Numbers, as text and as bytes: what counts as one, and is not a number of somebody.

use dicom_core::value::{C, PrimitiveValue, Value};
use dicom_core::{Tag, VR};
use dicom_object::mem::InMemElement;

/// A count. More than seven digits are a number of something else.
pub(super) fn integer(text: &str) -> Option<String> {
    let number: i64 = text.parse().ok()?;
    (number.abs() < 10_000_000).then(|| number.to_string())
}

/// More digits are a number of something else, but for what is counted in becquerels, or in
/// hertz by mistake.
pub(super) fn largest(tag: Tag) -> f64 {
    match tag {
        Tag(0x0018, 0x1074 | 0x1077) => 1e12,
        Tag(0x0018, 0x0084) => 1e9,
        _ => 1e7,
    }
}

/// A measured value, at most 16 characters long (PS3.5, 6.2: DS).
pub(super) fn decimal(text: &str, largest: f64) -> Option<String> {
    let digits = text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let number: f64 = text
        .parse()
        .ok()
        .filter(|n: &f64| digits && n.is_finite())?;
    if number.abs() >= largest {
        return None;
    }
    if text.len() <= 16 {
        return Some(text.to_owned());
    }
    let short = format!("{number:.7}");
    let short = short.trim_end_matches('0').trim_end_matches('.');
    (short.len() <= 16).then(|| short.to_owned())
}

/// Binary numbers of the expected representation, or bytes of unknown representation, which
/// are little endian (PS3.5, 6.2.2).
pub(super) fn binary(expected: VR, element: &InMemElement) -> Option<(VR, PrimitiveValue)> {
    let Value::Primitive(value) = element.value() else {
        return None;
    };
    let sane = |n: f64| n.is_finite() && n.abs() < 1e12;
    let vr = match (expected, value) {
        (_, PrimitiveValue::Empty) => expected,
        // The dictionary leaves the sign of some attributes to Pixel Representation.
        (VR::US | VR::SS, PrimitiveValue::U16(_)) => VR::US,
        (VR::US | VR::SS, PrimitiveValue::I16(_)) => VR::SS,
        (VR::UL, PrimitiveValue::U32(_)) | (VR::SL, PrimitiveValue::I32(_)) => expected,
        (VR::FL, PrimitiveValue::F32(n)) if n.iter().all(|n| sane(f64::from(*n))) => expected,
        (VR::FD, PrimitiveValue::F64(n)) if n.iter().all(|n| sane(*n)) => expected,
        (VR::AT, PrimitiveValue::Tags(_)) => expected,
        (_, PrimitiveValue::U8(bytes)) if element.vr() == VR::UN => {
            let value = from_bytes(expected, bytes)?;
            let numbers = value.to_multi_float64().unwrap_or_default();
            // Any bytes are numbers to who wants some, and so those that read as text are text.
            let text = bytes.len() >= 4 && bytes.iter().all(|b| (b' '..=b'~').contains(b));
            return (!text && numbers.into_iter().all(sane)).then_some((expected, value));
        }
        _ => return None,
    };
    Some((vr, value.clone()))
}

fn from_bytes(vr: VR, bytes: &[u8]) -> Option<PrimitiveValue> {
    fn all<const N: usize, T>(bytes: &[u8], read: impl Fn([u8; N]) -> T) -> Option<C<T>> {
        let (chunks, rest) = bytes.as_chunks::<N>();
        rest.is_empty()
            .then(|| chunks.iter().map(|chunk| read(*chunk)).collect())
    }
    Some(match vr {
        VR::AT => PrimitiveValue::Tags(all(bytes, |[a, b, c, d]| {
            Tag(u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]))
        })?),
        VR::US => PrimitiveValue::U16(all(bytes, u16::from_le_bytes)?),
        VR::SS => PrimitiveValue::I16(all(bytes, i16::from_le_bytes)?),
        VR::UL => PrimitiveValue::U32(all(bytes, u32::from_le_bytes)?),
        VR::SL => PrimitiveValue::I32(all(bytes, i32::from_le_bytes)?),
        VR::FL => PrimitiveValue::F32(all(bytes, f32::from_le_bytes)?),
        VR::FD => PrimitiveValue::F64(all(bytes, f64::from_le_bytes)?),
        _ => return None,
    })
}
