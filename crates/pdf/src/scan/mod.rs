//! Scanned pages: told apart from born-digital ones, put upright, read by an engine.
//!
//! | module | makes |
//! |---|---|
//! | `origin` | what a page's words are: the file's own, a picture's, or undecipherable |
//! | `frame` | points of the upright page from points of the page as shown, and back |
//! | `grey` | the page's picture, its light made even, specks removed |
//! | `upright` | the quarter turn and the skew of the lines |
//! | `word` | what the engine read, in points of the upright page |
//! | `cutout` | photographs, drawings and rules in the picture |
//! | `set` | lines and type sizes, and glyphs for the layers above |
//! | `trace` | words of blocks, back to their places |
//!
//! A scan's words become glyphs, so that lines, paragraphs, headings, captions, tables and
//! furniture are found by the same code as on born-digital pages.

mod cutout;
mod frame;
mod grey;
mod origin;
mod set;
mod trace;
mod upright;
mod word;

use spinemed_core::locator::PageBox;
use spinemed_core::seam::{PagePicture, PageReader, PageWord};

pub(crate) use self::frame::Frame;
pub(crate) use self::grey::Grey;
pub(crate) use self::origin::{Origin, origin};
pub(crate) use self::set::sheets;
pub(crate) use self::trace::{Tally, trace};
pub(crate) use self::word::Word;
use crate::backend::Session;

/// What engines are trained on.
const DPI: f64 = 300.0;
/// The most pixels given to an engine; A3 at 300 dpi has 17 million.
const MAX_PIXELS: f64 = 20_000_000.0;
/// A turn is right where the mean confidence of its letters is at least this. Upright pages
/// have 0.85 and more, those on their heads 0.5 and less.
const RIGHT: f64 = 0.75;
/// Fewer letters tell nothing about a turn.
const MIN_LETTERS: f64 = 20.0;

/// What a page's picture says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scan {
    /// The upright page.
    pub frame: Frame,
    /// In the engine's order, in points of the frame.
    pub words: Vec<Word>,
    /// Photographs and drawings, in the frame.
    pub pictures: Vec<PageBox>,
    /// Horizontal rules and boxes with words in them, in the frame.
    pub rules: Vec<PageBox>,
}

/// Reads the picture of a page (from 0).
///
/// # Errors
/// Why it cannot be drawn, or what the engine says.
pub(crate) fn read(
    session: &mut Session<'_>,
    index: usize,
    size: (f64, f64),
    engine: &dyn PageReader,
) -> Result<Scan, String> {
    let dpi = resolution(size);
    let small = session.grey(index, &Frame::of_page(size), dpi / 3.0)?;
    let mut best: Option<Try> = None;
    for frame in upright::frames(&small, size) {
        let picture = session.grey(index, &frame, dpi)?.cleaned(dpi);
        let read = engine.words(&PagePicture {
            width: picture.width as u32,
            height: picture.height as u32,
            pixels: &picture.pixels,
            dpi: dpi.round() as u32,
        })?;
        let tried = Try::new(frame, picture, read);
        let right = tried.letters >= MIN_LETTERS && tried.mean >= RIGHT;
        if best.as_ref().is_none_or(|b| tried.weight() > b.weight()) {
            best = Some(tried);
        }
        if right {
            break;
        }
    }
    let best = best.ok_or("the page has no size")?;
    let words = word::words(best.read, &best.picture, dpi);
    let found = cutout::find(&best.picture, dpi, &words);
    Ok(Scan {
        frame: best.frame,
        words: word::outside(words, &found.pictures),
        pictures: found.pictures,
        rules: [found.rules, found.frames].concat(),
    })
}

/// 300 dpi, less for pages so large that they would have too many pixels: the pages of some
/// scanners are a point a pixel.
fn resolution((width, height): (f64, f64)) -> f64 {
    let inches = (width / 72.0 * (height / 72.0)).max(1e-6);
    DPI.min((MAX_PIXELS / inches).sqrt())
}

/// The page read in one frame.
struct Try {
    frame: Frame,
    picture: Grey,
    read: Vec<PageWord>,
    letters: f64,
    /// The mean confidence of letters.
    mean: f64,
}

impl Try {
    fn new(frame: Frame, picture: Grey, read: Vec<PageWord>) -> Self {
        let count = |word: &PageWord| word.text.chars().filter(|c| c.is_alphanumeric()).count();
        let letters: f64 = read.iter().map(|word| count(word) as f64).sum();
        let sure: f64 = read
            .iter()
            .map(|word| count(word) as f64 * word.confidence.clamp(0.0, 1.0))
            .sum();
        Self {
            frame,
            picture,
            read,
            letters,
            mean: sure / letters.max(1.0),
        }
    }

    /// Many sure letters: what is upside down gives as many letters, but unsure ones.
    fn weight(&self) -> f64 {
        self.letters * self.mean * self.mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_bounded() {
        let check = |size: (f64, f64), expect: f64| {
            let dpi = resolution(size);
            assert!((dpi - expect).abs() < 1.0, "{size:?}: {dpi}");
        };
        check((595.0, 842.0), 300.0);
        check((2480.0, 3508.0), 109.0);
        check((0.0, 800.0), 300.0);
    }
}
