//! Pictures of frames for people to look at.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, ImageReader};
use spinemed_dicom::frame_png;

/// The longest side of a picture in the report, in pixels.
const SIDE: u32 = 320;

/// A frame as a picture, and the size of the frame that boxes are told in.
pub(super) struct Shown {
    /// A PNG as a `data:` address.
    pub(super) address: String,
    /// Columns of the frame.
    pub(super) columns: u32,
    /// Rows of the frame.
    pub(super) rows: u32,
}

/// A frame of an object's file, counted from 1, made small. None where it cannot be shown.
pub(super) fn small(file: &[u8], frame: u32) -> Option<Shown> {
    let whole = frame_png(file, frame).ok()?;
    let picture = ImageReader::with_format(Cursor::new(&whole.media.bytes), ImageFormat::Png);
    let picture = picture.decode().ok()?;
    let small = if whole.columns.max(whole.rows) > SIDE {
        picture.thumbnail(SIDE, SIDE)
    } else {
        picture
    };
    let mut png = Vec::new();
    small
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .ok()?;
    Some(Shown {
        address: format!("data:image/png;base64,{}", STANDARD.encode(png)),
        columns: whole.columns,
        rows: whole.rows,
    })
}

/// A picture with outlined boxes, as SVG in HTML. `alt` says what it is.
pub(super) fn outlined(shown: &Shown, regions: &[[u32; 4]], alt: &str) -> String {
    let (w, h) = (shown.columns, shown.rows);
    let mut svg = format!(
        "<svg role=\"img\" aria-label=\"{alt}\" viewBox=\"0 0 {w} {h}\">\
         <image href=\"{}\" width=\"{w}\" height=\"{h}\" preserveAspectRatio=\"none\"/>",
        shown.address
    );
    for [x0, y0, x1, y1] in regions {
        svg += &format!(
            "<rect x=\"{x0}\" y=\"{y0}\" width=\"{}\" height=\"{}\"/>",
            x1.saturating_sub(*x0),
            y1.saturating_sub(*y0)
        );
    }
    svg + "</svg>"
}
