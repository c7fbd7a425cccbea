//! Colour pictures.

use dicom_object::{DefaultDicomObject, Tag};
use dicom_pixeldata::DecodedPixelData;

use crate::DicomError;
use crate::pixels::{Layout, PIXEL_DATA};

const PLANAR: Tag = Tag(0x0028, 0x0006);
const RLE: &str = "1.2.840.10008.1.2.5";

/// The red, green and blue samples of a frame, pixel by pixel.
pub fn rgb(
    object: &DefaultDicomObject,
    decoded: &DecodedPixelData<'_>,
    layout: &Layout,
) -> Result<Vec<u8>, DicomError> {
    if layout.allocated != 8 {
        return Err(DicomError::Pixels {
            what: "colours of more than 8 bits",
        });
    }
    let encapsulated = object
        .get(PIXEL_DATA)
        .is_some_and(|e| e.fragments().is_some());
    // The library converts what a JPEG decoder gives; RLE knows nothing of colours.
    let raw = !encapsulated || object.meta().transfer_syntax() == RLE;
    let photometric = if raw {
        layout.photometric.as_str()
    } else {
        "RGB"
    };
    if !matches!(photometric, "RGB" | "YBR_FULL") {
        return Err(DicomError::Pixels {
            what: "colours of this photometric interpretation",
        });
    }
    let data = decoded
        .data()
        .get(..layout.pixels() * 3)
        .ok_or(DicomError::Decoder)?;
    let planar = object.get(PLANAR).and_then(|e| e.to_int::<u16>().ok()) == Some(1);
    let mut samples = if planar && !encapsulated {
        interleave(data)
    } else {
        data.to_vec()
    };
    if photometric == "YBR_FULL" {
        samples.chunks_exact_mut(3).for_each(ybr_to_rgb);
    }
    Ok(samples)
}

/// The luma of red, green and blue: ITU-R BT.601, as `YBR_FULL` has it.
pub fn luma(samples: &[u8]) -> Vec<u8> {
    let grey = |pixel: &[u8]| {
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(f64::from);
        (0.299 * r + 0.587 * g + 0.114 * b).round() as u8
    };
    samples.chunks_exact(3).map(grey).collect()
}

fn interleave(planes: &[u8]) -> Vec<u8> {
    let pixels = planes.len() / 3;
    (0..pixels)
        .flat_map(|i| [planes[i], planes[pixels + i], planes[2 * pixels + i]])
        .collect()
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
        assert_eq!(interleave(&[1, 2, 3, 4, 5, 6]), [1, 3, 5, 2, 4, 6]);
    }
}
