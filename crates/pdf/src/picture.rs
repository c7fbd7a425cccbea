//! Pictures on their way out of a PDF: headers read, pixels written as PNG.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use spinemed_core::media::Media;

/// A picture's bytes with what is known of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// A JPEG or PNG file.
    pub bytes: Vec<u8>,
    /// `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// How the bytes came from the file's.
    pub transform: String,
}

impl From<Picture> for Media {
    fn from(p: Picture) -> Self {
        Self::new(p.bytes, p.media_type, p.size, &p.transform)
    }
}

/// Writes pixels (`channels` 1 or 3) as PNG. Alpha is laid over white, as on paper.
pub(crate) fn png(
    mut pixels: Vec<u8>,
    channels: usize,
    size: (u32, u32),
    alpha: Option<&[u8]>,
    transform: &str,
) -> Result<Picture, String> {
    let expected = size.0 as usize * size.1 as usize * channels;
    if pixels.len() != expected || expected == 0 {
        return Err("a picture's pixels do not fill its size".to_owned());
    }
    let filled = |a: &&[u8]| a.len() * channels == expected && a.iter().any(|&v| v != 255);
    if let Some(alpha) = alpha.filter(filled) {
        for (pixel, &a) in pixels.chunks_exact_mut(channels).zip(alpha) {
            for value in pixel {
                *value = over_white(*value, a);
            }
        }
    }
    let (pixels, channels) = grey_if_grey(pixels, channels);
    let colour = if channels == 1 {
        ExtendedColorType::L8
    } else {
        ExtendedColorType::Rgb8
    };
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
        .write_image(&pixels, size.0, size.1, colour)
        .map_err(|error| format!("a picture could not be written: {error}"))?;
    Ok(Picture {
        bytes,
        media_type: "image/png",
        size,
        transform: transform.to_owned(),
    })
}

/// A mask at a picture's size: each pixel takes the mask's pixel at its place. Masks are often
/// stored at another resolution than their pictures.
pub(crate) fn resized(mask: Vec<u8>, from: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    if from == to || mask.len() != from.0 as usize * from.1 as usize || mask.is_empty() {
        return mask;
    }
    let place =
        |at: u32, to: u32, from: u32| (u64::from(at) * u64::from(from) / u64::from(to)) as usize;
    let row = |y| (0..to.0).map(move |x| (place(x, to.0, from.0), place(y, to.1, from.1)));
    let pixels = (0..to.1).flat_map(row);
    pixels.map(|(x, y)| mask[y * from.0 as usize + x]).collect()
}

fn over_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// Radiographs are often stored as RGB with three equal channels.
fn grey_if_grey(pixels: Vec<u8>, channels: usize) -> (Vec<u8>, usize) {
    if channels == 3 && pixels.chunks_exact(3).all(|p| p[0] == p[1] && p[1] == p[2]) {
        (pixels.chunks_exact(3).map(|p| p[0]).collect(), 1)
    } else {
        (pixels, channels)
    }
}

/// What a JPEG's frame header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JpegHeader {
    /// Width and height.
    pub size: (u32, u32),
    /// 1 grey, 3 colour, 4 CMYK.
    pub components: u8,
}

/// Reads the first frame header (ITU-T T.81, B.2.2) of a file that starts and ends as one.
pub(crate) fn jpeg_header(bytes: &[u8]) -> Option<JpegHeader> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    if !bytes[bytes.len().saturating_sub(32)..]
        .windows(2)
        .any(|w| w == [0xff, 0xd9])
    {
        return None;
    }
    loop {
        let &[0xff, marker, ..] = rest else {
            return None;
        };
        if marker == 0xff {
            rest = &rest[1..];
            continue;
        }
        let segment = rest.get(2..)?;
        let length = usize::from(u16::from_be_bytes([*segment.first()?, *segment.get(1)?]));
        let body = segment.get(2..length)?;
        if matches!(marker, 0xc0..=0xc2) {
            let side = |at: usize| {
                Some(u32::from(u16::from_be_bytes([
                    *body.get(at)?,
                    *body.get(at + 1)?,
                ])))
            };
            let header = JpegHeader {
                size: (side(3)?, side(1)?),
                components: *body.get(5)?,
            };
            return (*body.first()? == 8).then_some(header);
        }
        if matches!(marker, 0xd8..=0xda | 0xc3..=0xcf) && marker != 0xc4 {
            return None;
        }
        rest = segment.get(length..)?;
    }
}

/// The size in a JPEG 2000 image header box (ISO/IEC 15444-1, I.5.3.1), which may differ from
/// what the PDF says.
pub(crate) fn jpeg2000_size(bytes: &[u8]) -> Option<(u64, u64)> {
    let head = &bytes[..bytes.len().min(512)];
    let at = head.windows(4).position(|w| w == b"ihdr")? + 4;
    let side = |at: usize| {
        Some(u64::from(u32::from_be_bytes(
            head.get(at..at + 4)?.try_into().ok()?,
        )))
    };
    Some((side(at + 4)?, side(at)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(size: (u32, u32)) -> Vec<u8> {
        let mut bytes = Vec::new();
        let pixels = vec![90; (size.0 * size.1 * 3) as usize];
        image::codecs::jpeg::JpegEncoder::new(&mut bytes)
            .write_image(&pixels, size.0, size.1, ExtendedColorType::Rgb8)
            .expect("pixels fit");
        bytes
    }

    #[test]
    fn jpeg_headers_are_read() {
        let header = JpegHeader {
            size: (7, 5),
            components: 3,
        };
        assert_eq!(jpeg_header(&jpeg((7, 5))), Some(header));
        assert_eq!(jpeg_header(b"\xff\xd8\xff\xd9"), None);
    }

    #[test]
    fn a_cut_jpeg_does_not_stand_alone() {
        let whole = jpeg((7, 5));
        assert_eq!(jpeg_header(&whole[..whole.len() - 40]), None);
    }

    #[test]
    fn grey_pictures_are_written_grey_over_white() {
        let made = png(vec![10; 12], 3, (2, 2), Some(&[255, 0, 255, 255]), "t").expect("fits");
        let read = image::load_from_memory(&made.bytes)
            .expect("PNG")
            .to_luma8();
        assert_eq!(read.into_raw(), [10, 255, 10, 10]);
        assert!(png(vec![0; 3], 3, (2, 2), None, "t").is_err());
    }

    proptest::proptest! {
        #[test]
        fn headers_never_panic(mut bytes: Vec<u8>) {
            jpeg_header(&bytes);
            jpeg2000_size(&bytes);
            bytes.splice(0..0, [0xff, 0xd8, 0xff, 0xc0]);
            bytes.extend([0xff, 0xd9]);
            jpeg_header(&bytes);
        }
    }
}
