//! Colour pictures.

use dicom_object::{DefaultDicomObject, Tag};

use crate::DicomError;
use crate::display;
use crate::lut::Lut;
use crate::native::Native;

/// The tables of red, green and blue: descriptor, data, and data in segments.
const PALETTES: [[u16; 3]; 3] = [
    [0x1101, 0x1201, 0x1221],
    [0x1102, 0x1202, 0x1222],
    [0x1103, 0x1203, 0x1223],
];

/// The red, green and blue samples of a frame, pixel by pixel, with 8 bits each.
pub fn rgb(object: &DefaultDicomObject, native: Native) -> Result<Vec<u8>, DicomError> {
    match (native.samples, native.photometric.as_str()) {
        (1, "PALETTE COLOR") => palette(object, &native),
        (3, "RGB") => Ok(bytes(native)),
        (3, "YBR_FULL") => {
            let mut samples = bytes(native);
            samples.chunks_exact_mut(3).for_each(ybr_to_rgb);
            Ok(samples)
        }
        _ => Err(DicomError::Pixels {
            what: "colours of this photometric interpretation",
        }),
    }
}

/// The upper 8 of the stored bits.
fn bytes(native: Native) -> Vec<u8> {
    if native.bits_allocated == 8 {
        return native.data;
    }
    let surplus = native.bits_stored.saturating_sub(8);
    let values = display::values(&native);
    values
        .into_iter()
        .map(|value| (value >> surplus) as u8)
        .collect()
}

/// Colours by number, PS3.3 C.7.6.3.1.5.
fn palette(object: &DefaultDicomObject, native: &Native) -> Result<Vec<u8>, DicomError> {
    let table = |elements: [u16; 3]| {
        let [descriptor, data, segmented] = elements.map(|element| Tag(0x0028, element));
        Lut::at(object, descriptor, data, Some(segmented), native.signed)
    };
    let tables: Option<Vec<Lut>> = PALETTES.into_iter().map(table).collect();
    let tables = tables.ok_or(DicomError::Pixels {
        what: "palettes of this kind",
    })?;
    let values = display::values(native);
    let (least, most) = values.iter().fold((0, 0), |(least, most), value| {
        (value.min(&least).to_owned(), value.max(&most).to_owned())
    });
    if most - least > 1 << 16 {
        return Err(DicomError::Pixels {
            what: "palettes of this kind",
        });
    }
    let colour = |value: i64| [0, 1, 2].map(|at| tables[at].colour(value as f64));
    let colours: Vec<[u8; 3]> = (least..=most).map(colour).collect();
    Ok(values
        .iter()
        .flat_map(|value| colours[(value - least) as usize])
        .collect())
}

/// The luma of red, green and blue: ITU-R BT.601, as `YBR_FULL` has it.
pub fn luma(samples: &[u8]) -> Vec<u8> {
    let grey = |pixel: &[u8]| {
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(f64::from);
        (0.299 * r + 0.587 * g + 0.114 * b).round() as u8
    };
    samples.chunks_exact(3).map(grey).collect()
}

/// `YBR_FULL` to RGB, PS3.3 C.7.6.3.1.2.
fn ybr_to_rgb(pixel: &mut [u8]) {
    let [y, cb, cr] = [pixel[0], pixel[1], pixel[2]].map(f64::from);
    let (cb, cr) = (cb - 128.0, cr - 128.0);
    pixel[0] = (y + 1.402 * cr).round() as u8;
    pixel[1] = (y - 0.344_136 * cb - 0.714_136 * cr).round() as u8;
    pixel[2] = (y + 1.772 * cb).round() as u8;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_converted() {
        let mut grey = [77, 128, 128];
        ybr_to_rgb(&mut grey);
        assert_eq!(grey, [77, 77, 77]);
        let mut red = [76, 85, 255];
        ybr_to_rgb(&mut red);
        assert_eq!(red, [254, 0, 0]);
        assert_eq!(luma(&[255, 255, 255, 255, 0, 0]), [255, 76]);
    }
}
