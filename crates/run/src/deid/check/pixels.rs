//! The two checks of pixels.

use dicom_core::value::Value;
use dicom_object::{FileDicomObject, InMemDicomObject, Tag};
use md5::{Digest as _, Md5};
use serde_json::Value as Json;
use spinemed_core::Digest;
use spinemed_deidentify::pixels::prove;
use spinemed_dicom::{Grey, Setting, picture};

type Object = FileDicomObject<InMemDicomObject>;

const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
/// By how many of 255 grey values a pixel must stand out of its surroundings to count as drawn.
const STANDS_OUT: u8 = 48;
/// Half the side of the surroundings, in pixels: broader than strokes of letters.
const AROUND: usize = 8;

/// Whether the pixel data is byte for byte what the key says: an MD5 digest, as the challenge
/// writes it, or a SHA-256 one, in hexadecimal digits.
pub(super) fn retained(object: &Object, digest: &str) -> bool {
    let Some(bytes) = bytes(object) else {
        return false;
    };
    let digest = digest.trim().to_lowercase();
    if digest.len() == 64 {
        return Digest::of(&bytes).to_string() == digest;
    }
    let md5: String = Md5::digest(&bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    md5 == digest
}

/// The value of Pixel Data as it stands in a file; of encapsulated pixels the items with their
/// heads, without the delimiter (PS3.5, A.4).
fn bytes(object: &Object) -> Option<Vec<u8>> {
    match object.get(PIXEL_DATA)?.value() {
        Value::Primitive(value) => Some(value.to_bytes().into_owned()),
        Value::Sequence(_) => None,
        Value::PixelSequence(fragments) => {
            let mut all = Vec::new();
            let offsets = fragments.offset_table().iter();
            let offsets: Vec<u8> = offsets.flat_map(|o| o.to_le_bytes()).collect();
            let parts = fragments.fragments().iter().map(AsRef::as_ref);
            for part in std::iter::once(offsets.as_slice()).chain(parts) {
                all.extend_from_slice(&[0xFE, 0xFF, 0x00, 0xE0]);
                all.extend_from_slice(&u32::try_from(part.len()).ok()?.to_le_bytes());
                all.extend_from_slice(part);
            }
            Some(all)
        }
    }
}

/// Whether the text of a box is gone: the box is of one value, or every pixel that stood out
/// in the original has changed and nothing like a line of text is left.
pub(super) fn hidden(object: &Object, original: Option<&Object>, described: &str) -> bool {
    let Some((frame, region)) = place(described) else {
        return false;
    };
    let Some(after) = crop(object, frame, region) else {
        return false;
    };
    let first = after.pixels.first().copied();
    if after.pixels.iter().all(|pixel| Some(*pixel) == first) {
        return true;
    }
    let Some(before) = original.and_then(|original| crop(original, frame, region)) else {
        return false;
    };
    let drawn = drawn(&before);
    let mut pairs = before.pixels.iter().zip(&after.pixels).zip(drawn);
    let changed = pairs.all(|((old, new), drawn)| !drawn || old.abs_diff(*new) >= STANDS_OUT / 2);
    let left = prove(&spinemed_deidentify::Grey {
        width: after.width,
        height: after.height,
        pixels: &after.pixels,
    });
    changed && left.is_ok()
}

/// The frame, counted from 1, and the box, from a key's description: `top_left` and
/// `bottom_right` in columns and rows, and where there is one `frame`.
fn place(described: &str) -> Option<(u32, [u32; 4])> {
    let described: Json = serde_json::from_str(described).ok()?;
    let corner = |name: &str| {
        let pair = described[name].as_array()?;
        let number = |at: usize| {
            let value = pair.get(at)?;
            let text = value.as_str().and_then(|text| text.parse::<f64>().ok());
            let number = value.as_f64().or(text)?;
            (0.0..=65535.0).contains(&number).then_some(number as u32)
        };
        Some((number(0)?, number(1)?))
    };
    let (x0, y0) = corner("top_left")?;
    let (x1, y1) = corner("bottom_right")?;
    let frame = described["frame"].as_u64().unwrap_or(1);
    Some((u32::try_from(frame).ok()?, [x0, y0, x1, y1]))
}

/// A box of a frame in grey, with the window that the object states.
fn crop(object: &Object, frame: u32, [x0, y0, x1, y1]: [u32; 4]) -> Option<Grey> {
    let whole = picture(object, frame, Setting::Usual).ok()?.grey;
    let (x1, y1) = (x1.min(whole.width), y1.min(whole.height));
    if x0 >= x1 || y0 >= y1 {
        return None;
    }
    let rows = (y0..y1).flat_map(|y| {
        let start = (y * whole.width + x0) as usize;
        whole.pixels[start..start + (x1 - x0) as usize]
            .iter()
            .copied()
    });
    Some(Grey {
        width: x1 - x0,
        height: y1 - y0,
        pixels: rows.collect(),
    })
}

/// Pixels that stand out of the median around them.
fn drawn(grey: &Grey) -> Vec<bool> {
    let (width, height) = (grey.width as usize, grey.height as usize);
    let mut drawn = Vec::with_capacity(grey.pixels.len());
    let mut around = Vec::new();
    for y in 0..height {
        for x in 0..width {
            around.clear();
            for row in y.saturating_sub(AROUND)..(y + AROUND + 1).min(height) {
                let columns = x.saturating_sub(AROUND)..(x + AROUND + 1).min(width);
                around.extend_from_slice(&grey.pixels[row * width..][columns]);
            }
            let middle = around.len() / 2;
            let (_, median, _) = around.select_nth_unstable(middle);
            drawn.push(grey.pixels[y * width + x].abs_diff(*median) >= STANDS_OUT);
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_read_as_numbers_or_texts() {
        let text = r#"{"top_left": [1, "2"], "bottom_right": [3.0, 4], "text": "x"}"#;
        assert_eq!(place(text), Some((1, [1, 2, 3, 4])));
        assert_eq!(place(r#"{"top_left": [1]}"#), None);
        assert_eq!(place("x"), None);
    }

    #[test]
    fn strokes_stand_out() {
        let mut pixels = vec![20; 20 * 20];
        pixels[10 * 20 + 10] = 220;
        let grey = Grey {
            width: 20,
            height: 20,
            pixels,
        };
        let drawn = drawn(&grey);
        assert_eq!(drawn.iter().filter(|d| **d).count(), 1);
        assert!(drawn[10 * 20 + 10]);
    }
}
