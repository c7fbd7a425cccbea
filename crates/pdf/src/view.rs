//! Whole pages as pictures, for people to look at.

use crate::backend::{Pdf, Session};
use crate::error::PdfError;
use crate::scan::Frame;

/// A page as a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct PageView {
    /// The page, from 1.
    pub page: u32,
    /// Width and height of the crop box as shown, in points.
    pub size: (f64, f64),
    /// A PNG file, or why the page could not be drawn.
    pub png: Result<Vec<u8>, String>,
}

/// Draws the first pages of a file, at most `most`, at so many pixels in an inch. A page that
/// cannot be drawn costs no other.
///
/// # Errors
/// [`PdfError`] when the file cannot be opened.
pub fn render_pages(bytes: &[u8], dpi: f64, most: usize) -> Result<Vec<PageView>, PdfError> {
    let pdf = Pdf::open(bytes)?;
    let mut session = Session::new(&pdf);
    let view = |index: usize| {
        let size = session.size(index).unwrap_or((0.0, 0.0));
        let whole = [0.0, 0.0, size.0, size.1];
        PageView {
            page: u32::try_from(index + 1).unwrap_or(u32::MAX),
            size,
            png: session
                .render(index, &Frame::of_page(size), whole, dpi)
                .map(|picture| picture.bytes),
        }
    };
    Ok((0..pdf.pages().min(most)).map(view).collect())
}
