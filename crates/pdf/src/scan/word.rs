//! What the engine read, in points of the upright page.

use spinemed_core::locator::PageBox;
use spinemed_core::seam::PageWord;

use super::grey::Grey;
use crate::geometry::{area, holds_centre, intersect};
use crate::text;

/// Words that the engine is less sure of are marked, and no evidence. Measured on worn copies
/// of known pages (docs/benchmarks.md).
pub(crate) const SURE: f64 = 0.80;

/// A word of a scanned page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// As the engine read it: folded, NFC.
    pub text: String,
    /// Around its ink, in points of the upright page.
    pub bbox: PageBox,
    /// From 0 to 1.
    pub confidence: f64,
    /// The engine's block, paragraph and line.
    pub line: [u32; 3],
    /// The width of its strokes, in points.
    pub stroke: f64,
}

impl Word {
    /// Letters, digits and Chinese characters.
    pub(crate) fn letters(&self) -> usize {
        self.text.chars().filter(|c| c.is_alphanumeric()).count()
    }

    /// Whether the engine is sure enough.
    pub(crate) fn is_sure(&self) -> bool {
        self.confidence >= SURE
    }
}

/// The engine's words, without those that are specks: marks in no word that it does not
/// believe in itself.
pub(crate) fn words(read: Vec<PageWord>, picture: &Grey, dpi: f64) -> Vec<Word> {
    let ink = picture.ink();
    let limits = [picture.width as u32, picture.height as u32];
    read.into_iter()
        .filter_map(|word| {
            let [x0, y0, x1, y1] = word.region;
            let region = [x0, y0, x1.min(limits[0]), y1.min(limits[1])];
            let text = folded(&word.text);
            let confidence = word.confidence.clamp(0.0, 1.0);
            let speck = !text.chars().any(char::is_alphanumeric) && confidence < 0.5;
            let empty = text.is_empty() || region[0] >= region[2] || region[1] >= region[3];
            (!speck && !empty).then(|| Word {
                text,
                bbox: region.map(|edge| f64::from(edge) * 72.0 / dpi),
                confidence,
                line: word.line,
                stroke: stroke(picture, region, ink) * 72.0 / dpi,
            })
        })
        .collect()
}

/// The words outside of pictures: letters on a photograph are labels, or no letters.
pub(crate) fn outside(words: Vec<Word>, pictures: &[PageBox]) -> Vec<Word> {
    let inside = |word: &Word| {
        pictures.iter().any(|picture| {
            holds_centre(*picture, word.bbox)
                || area(intersect(*picture, word.bbox)) > 0.5 * area(word.bbox)
        })
    };
    words.into_iter().filter(|word| !inside(word)).collect()
}

/// The text folded as that of born-digital pages is.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        text::push_folded(c, &mut out);
    }
    text::tidy(&out).replace(' ', "")
}

/// The mean width of strokes in a region, in pixels: twice their area by their outline.
fn stroke(picture: &Grey, region: [u32; 4], ink: u8) -> f64 {
    let [x0, y0, x1, y1] = region.map(|edge| edge as usize);
    let (mut dark, mut edges) = (0_usize, 0_usize);
    let mut above: Option<&[u8]> = None;
    for y in y0..y1 {
        let row = &picture.row(y)[x0..x1];
        dark += row.iter().filter(|p| **p <= ink).count();
        edges += row
            .windows(2)
            .filter(|p| (p[0] <= ink) != (p[1] <= ink))
            .count();
        if let Some(above) = above {
            let pairs = above.iter().zip(row);
            edges += pairs.filter(|(a, b)| (**a <= ink) != (**b <= ink)).count();
        }
        above = Some(row);
    }
    2.0 * dark as f64 / edges.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, region: [u32; 4], confidence: f64) -> PageWord {
        PageWord {
            text: text.to_owned(),
            region,
            confidence,
            line: [1; 3],
        }
    }

    #[test]
    fn words_are_folded_and_specks_left_out() {
        let page = Grey {
            width: 300,
            height: 300,
            pixels: vec![255; 90_000],
        };
        let read = vec![
            word("de\u{fb01}nite", [0, 0, 300, 50], 0.9),
            word("|", [0, 60, 10, 90], 0.2),
            word(".", [0, 60, 10, 90], 0.9),
            word("gone", [400, 0, 500, 50], 0.9),
            word(" ", [0, 0, 10, 10], 0.9),
        ];
        let found = words(read, &page, 300.0);
        let texts: Vec<&str> = found.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(texts, ["definite", "."]);
        assert_eq!(found[0].bbox, [0.0, 0.0, 72.0, 12.0]);
    }

    #[test]
    fn strokes_have_their_width() {
        let check = |thick: usize| {
            let pixels = (0..100 * 100).map(|i| if i % 100 % 20 < thick { 0 } else { 255 });
            let page = Grey {
                width: 100,
                height: 100,
                pixels: pixels.collect(),
            };
            let width = stroke(&page, [0, 0, 100, 100], 127);
            assert!((width - thick as f64).abs() < 0.6, "{width} for {thick}");
        };
        check(3);
        check(6);
    }

    proptest::proptest! {
        #[test]
        fn odd_answers_never_panic(
            text in ".{0,8}", region in proptest::array::uniform4(0..200_u32), confidence: f64,
        ) {
            let page = Grey { width: 90, height: 70, pixels: vec![7; 6_300] };
            for found in words(vec![word(&text, region, confidence)], &page, 300.0) {
                proptest::prop_assert!(found.bbox[2] > found.bbox[0] && found.bbox[2] <= 90.0 * 0.24);
                proptest::prop_assert!(!found.text.contains(' ') && !found.text.is_empty());
            }
        }
    }
}
