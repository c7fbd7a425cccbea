//! Pictures as stored and parts of pages as drawn.

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use hayro_interpret::kurbo::Affine;
use hayro_interpret::{ImageData, InterpreterSettings, RasterImage};
use hayro_syntax::Filter;
use hayro_syntax::object::dict::keys::{
    COLOR_TRANSFORM, COLORSPACE, DECODE, DECODE_PARMS, HEIGHT, MASK, SMASK, SMASK_IN_DATA, WIDTH,
};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::Page;
use spinemed_core::locator::PageBox;

use super::initial_transform;
use crate::geometry::{height, width};
use crate::picture::{self, Picture};
use crate::scan::{Frame, Grey};

/// The most pixels of a picture that is decoded: 64 million, a 60 × 90 cm poster at 300 dpi.
const MAX_PIXELS: u64 = 64_000_000;
/// The largest side of a rendered part.
const MAX_SIDE: f64 = 6_000.0;

/// A picture's own bytes where they are a JPEG file that shows the same thing outside of the
/// PDF; decoded to PNG otherwise.
pub(super) fn stored(image: &RasterImage<'_>) -> Result<Picture, String> {
    let stream = image.stream();
    let (w, h) = (u64::from(image.width()), u64::from(image.height()));
    if w * h > MAX_PIXELS {
        return Err(format!("a picture of {w} × {h} pixels is too large"));
    }
    if let Some(jpeg) = standalone_jpeg(stream) {
        return Ok(jpeg);
    }
    if let Some((w, h)) = picture::jpeg2000_size(&stream.raw_data())
        && w.saturating_mul(h) > MAX_PIXELS
    {
        return Err(format!("a picture of {w} × {h} pixels is too large"));
    }
    let mut decoded = None;
    image.with_rgba(|color, alpha| decoded = Some((color, alpha)), None);
    let (color, alpha) = decoded.ok_or("a picture could not be decoded")?;
    let size = (color.width(), color.height());
    let alpha = alpha.map(|a| picture::resized(a.data, (a.width, a.height), size));
    match color {
        ImageData::Rgb(rgb) => picture::png(rgb.data, 3, size, alpha.as_deref(), "decoded to PNG"),
        ImageData::Luma(luma) => {
            picture::png(luma.data, 1, size, alpha.as_deref(), "decoded to PNG")
        }
    }
}

/// A DCT stream (ISO 32000-1, 7.4.8) stands alone if no other filter wraps it, no mask or
/// `Decode` array changes it, and its colours are the grey or RGB that JPEG readers assume.
fn standalone_jpeg(stream: &Stream<'_>) -> Option<Picture> {
    let dict = stream.dict();
    let changed = [SMASK, MASK, SMASK_IN_DATA, DECODE]
        .iter()
        .any(|key| dict.contains_key(key));
    let transformed = dict
        .get::<Dict<'_>>(DECODE_PARMS)
        .is_some_and(|params| params.contains_key(COLOR_TRANSFORM));
    if changed || transformed || !matches!(stream.filters().as_slice(), [Filter::DctDecode]) {
        return None;
    }
    let colour = match dict.get::<Object<'_>>(COLORSPACE)? {
        Object::Name(name) => name.as_ref().to_vec(),
        Object::Array(array) => first_name(&array)?,
        _ => return None,
    };
    if !matches!(
        colour.as_slice(),
        b"DeviceRGB" | b"DeviceGray" | b"CalRGB" | b"CalGray" | b"ICCBased"
    ) {
        return None;
    }
    let bytes = stream.raw_data();
    let header = picture::jpeg_header(&bytes)?;
    let stated = (dict.get::<u32>(WIDTH)?, dict.get::<u32>(HEIGHT)?);
    (matches!(header.components, 1 | 3) && header.size == stated).then(|| Picture {
        bytes: bytes.into_owned(),
        media_type: "image/jpeg",
        size: stated,
        transform: "original".to_owned(),
    })
}

fn first_name(array: &Array<'_>) -> Option<Vec<u8>> {
    array
        .iter::<Name<'_>>()
        .next()
        .map(|name| name.as_ref().to_vec())
}

/// Draws a part of a page on white, as it lies in a frame.
pub(super) fn part<'a>(
    page: &'a Page<'a>,
    settings: &InterpreterSettings,
    frame: &Frame,
    part: PageBox,
    dpi: f64,
) -> Result<Picture, String> {
    let pixmap = drawn(page, settings, frame, part, dpi, &RenderSettings::default())?;
    let rgb = pixmap
        .data_as_u8_slice()
        .chunks_exact(4)
        .flat_map(|p| [p[0], p[1], p[2]])
        .collect();
    let size = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    picture::png(rgb, 3, size, None, &format!("rendered at {dpi} dpi"))
}

/// Draws a whole page in shades of grey, as it lies in a frame. Pictures are smoothed: letters
/// of turned scans would have steps else.
pub(super) fn grey<'a>(
    page: &'a Page<'a>,
    settings: &InterpreterSettings,
    frame: &Frame,
    dpi: f64,
) -> Result<Grey, String> {
    let (width, height) = frame.size();
    let smooth = RenderSettings {
        force_image_interpolation: true,
        ..RenderSettings::default()
    };
    let whole = [0.0, 0.0, width, height];
    let pixmap = drawn(page, settings, frame, whole, dpi, &smooth)?;
    // Luma of ITU-R BT.601, in 256ths.
    let luma =
        |p: &[u8]| (77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2])) >> 8;
    let pixels = pixmap.data_as_u8_slice().chunks_exact(4);
    Ok(Grey {
        width: usize::from(pixmap.width()),
        height: usize::from(pixmap.height()),
        pixels: pixels.map(|p| luma(p) as u8).collect(),
    })
}

fn drawn<'a>(
    page: &'a Page<'a>,
    settings: &InterpreterSettings,
    frame: &Frame,
    part: PageBox,
    dpi: f64,
    how: &RenderSettings,
) -> Result<Pixmap, String> {
    let scale = dpi / 72.0;
    let (w, h) = ((width(part) * scale).ceil(), (height(part) * scale).ceil());
    if !(1.0..=MAX_SIDE).contains(&w) || !(1.0..=MAX_SIDE).contains(&h) {
        return Err(format!("a region of {w} × {h} pixels cannot be drawn"));
    }
    let mut context = RenderContext::new(w as u16, h as u16);
    let transform = Affine::scale(scale)
        * Affine::translate((-part[0], -part[1]))
        * Affine::new(frame.matrix())
        * initial_transform(page);
    let cache = RenderCache::new();
    render_into(page, &cache, settings, how, &mut context, transform);
    context.flush();
    let mut pixmap = Pixmap::new(w as u16, h as u16);
    let white = RasterizerSettings {
        target_init: TargetInit::Clear(WHITE),
        ..Default::default()
    };
    context.render_with(&mut pixmap, &mut Resources::default(), white);
    Ok(pixmap)
}
