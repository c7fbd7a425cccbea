//! What a page's words are.

use spinemed_core::locator::PageBox;

use crate::geometry::{area, intersect};
use crate::page::RawPage;

/// Fewer characters are no text.
const MIN_GLYPHS: usize = 20;
/// A picture over this share of the page is the page.
const COVERED: f64 = 0.5;
/// A picture with a stamp on it covers more: a figure with its legend beside it does not.
const STAMPED: f64 = 0.85;
/// Stamps, page numbers and marks of libraries are shorter than this.
const MAX_STAMP: usize = 400;
/// They stand in the outer part of the page: this share of its height and width.
const MARGIN: f64 = 0.12;

/// Where a page's words come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The file has them.
    Own,
    /// They are in a picture. `layer`: somebody's recognition of them lies unseen over or
    /// under it.
    Picture {
        /// Whether there is such a layer.
        layer: bool,
    },
    /// They are drawn, but hardly a character of them is known.
    Unknown,
}

/// Tells where a page's words come from.
pub(crate) fn origin(page: &RawPage) -> Origin {
    let glyphs = page.glyphs.len();
    let seen = glyphs - page.hidden.len().min(glyphs);
    let covered = covered(page);
    let layer = page.hidden.len() >= MIN_GLYPHS;
    let few = seen < MIN_GLYPHS;
    if covered > COVERED && (few || (seen <= MAX_STAMP && covered > STAMPED && stamped(page))) {
        Origin::Picture { layer }
    } else if glyphs >= MIN_GLYPHS && page.unmapped * 5 > glyphs * 4 {
        Origin::Unknown
    } else {
        Origin::Own
    }
}

/// The share of the page under pictures, at most 1; strips and tiles add up.
fn covered(page: &RawPage) -> f64 {
    let whole: PageBox = [0.0, 0.0, page.size.0, page.size.1];
    let under = page.placements.iter();
    let sum: f64 = under.map(|p| area(intersect(p.bbox, whole))).sum();
    (sum / area(whole).max(1.0)).min(1.0)
}

/// Whether all that is seen stands in the margins.
fn stamped(page: &RawPage) -> bool {
    let (width, height) = page.size;
    let outer = |at: f64, length: f64| at < MARGIN * length || at > (1.0 - MARGIN) * length;
    let mut hidden = page.hidden.iter().copied().peekable();
    page.glyphs.iter().enumerate().all(|(number, glyph)| {
        hidden.next_if_eq(&number).is_some()
            || outer(glyph.origin.1, height)
            || outer(glyph.origin.0, width)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Turn;
    use crate::page::{Glyph, GlyphText, Placement, Style};

    /// Glyphs at heights, so many of them hidden, over a picture of a height.
    fn page(heights: &[f64], hidden: usize, picture: f64) -> RawPage {
        let glyph = |y: &f64| Glyph {
            text: GlyphText::Char('a'),
            origin: (300.0, *y),
            advance: 5.0,
            size: 10.0,
            turn: Turn::None,
            style: Style::default(),
        };
        RawPage {
            size: (600.0, 800.0),
            glyphs: heights.iter().map(glyph).collect(),
            hidden: (0..hidden).collect(),
            placements: vec![Placement {
                index: 0,
                bbox: [0.0, 0.0, 600.0, picture],
                pixels: (100, 100),
                object: 1,
                as_stored: true,
            }],
            ..RawPage::default()
        }
    }

    #[test]
    fn scans_are_told_from_pages_with_pictures() {
        let check = |heights: &[f64], hidden, picture, expect| {
            assert_eq!(origin(&page(heights, hidden, picture)), expect);
        };
        let scan = |layer| Origin::Picture { layer };
        check(&[], 0, 800.0, scan(false));
        check(&[], 0, 100.0, Origin::Own);
        check(&[400.0; 500], 500, 800.0, scan(true));
        check(&[400.0; 500], 0, 800.0, Origin::Own);
        // A stamp in the head; a title in the middle of a cover; a legend under a large figure.
        check(&[20.0; 90], 0, 800.0, scan(false));
        check(&[400.0; 90], 0, 800.0, Origin::Own);
        check(&[780.0; 90], 0, 600.0, Origin::Own);
        let mut mixed = vec![400.0; 500];
        mixed.extend([20.0; 60]);
        check(&mixed, 500, 800.0, scan(true));
    }

    #[test]
    fn undecipherable_pages_are_told() {
        let mut page = page(&[400.0; 100], 0, 0.0);
        page.unmapped = 81;
        assert_eq!(origin(&page), Origin::Unknown);
        page.unmapped = 60;
        assert_eq!(origin(&page), Origin::Own);
    }

    proptest::proptest! {
        #[test]
        fn hidden_text_never_hides_a_scan(seen in 0..19_usize, hidden in 0..2000_usize) {
            let heights = vec![400.0; seen + hidden];
            let found = origin(&page(&heights, hidden, 800.0));
            proptest::prop_assert_eq!(found, Origin::Picture { layer: hidden >= MIN_GLYPHS });
        }
    }
}
