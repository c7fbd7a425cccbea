//! What the engine read, in points of the upright page.

use spinemed_core::locator::PageBox;
use spinemed_core::seam::PageWord;

use super::grey::Grey;
use crate::geometry::{area, holds_centre, intersect};
use crate::text;

/// Words that the engine is less sure of are marked, and no evidence. Measured on worn copies
/// of known pages (docs/benchmarks.md).
const SURE: f64 = 0.85;

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
    /// Whether it is no evidence: the engine is unsure of it, or it looks like a level that
    /// was misread.
    pub unsure: bool,
}

impl Word {
    /// Letters, digits and Chinese characters.
    pub(crate) fn letters(&self) -> usize {
        self.text.chars().filter(|c| c.is_alphanumeric()).count()
    }
}

/// The engine's words, without those that are specks: marks in no word that it does not
/// believe in itself.
pub(crate) fn words(read: Vec<PageWord>, picture: &Grey, dpi: f64) -> Vec<Word> {
    let ink = picture.ink();
    let limits = [picture.width as u32, picture.height as u32];
    let mut words: Vec<Word> = read
        .into_iter()
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
                unsure: confidence < SURE,
            })
        })
        .collect();
    for next in 0..words.len() {
        let (before, from) = words.split_at_mut(next);
        if let Some(last) = before.last_mut().filter(|last| last.line == from[0].line) {
            part(last, &mut from[0]);
        }
        let percent = before.last().is_some_and(|last| last.text.ends_with('%'));
        from[0].unsure |= looks_misread(&from[0].text) && !percent;
    }
    words
}

/// Moves the edges of words that overlap to the middle between them: boxes of Chinese words
/// often reach into their neighbours.
fn part(left: &mut Word, right: &mut Word) {
    let (from, to) = (left.bbox[0] + 0.1, right.bbox[2] - 0.1);
    if right.bbox[0] < left.bbox[2] && from < to {
        let edge = ((left.bbox[2] + right.bbox[0]) / 2.0).clamp(from, to);
        left.bbox[2] = edge;
        right.bbox[0] = edge;
    }
}

/// Whether a word is what engines make of the name of a level, with high confidence: `LS` and
/// `LI` for L5 and L1, `Sl` for S1, `Tl2` for T12; beside another level also `LA/L5`. A confidence
/// interval is none: `95% CI`.
fn looks_misread(text: &str) -> bool {
    let parts = || text.split(|c: char| !c.is_alphanumeric() && c != '|');
    let beside = parts().any(|part| level(part) == Some(Level::Named));
    parts().any(|part| match level(part) {
        Some(Level::Misread) => true,
        Some(Level::Odd) => beside,
        Some(Level::Named) | None => false,
    })
}

/// How a word of two or three letters looks that begins as levels do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// `L5`, `T12`.
    Named,
    /// A digit became the letter that it looks like.
    Misread,
    /// Anything else.
    Odd,
}

fn level(part: &str) -> Option<Level> {
    let rest = part.strip_prefix(['C', 'T', 'L', 'S'])?;
    let like = |c: char| matches!(c, 'S' | 's' | 'I' | 'l' | '|');
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    let alike = rest.chars().filter(|c| like(*c)).count();
    let round = rest
        .chars()
        .filter(|c| matches!(c, 'O' | 'o' | 'Z'))
        .count();
    let count = rest.chars().count();
    match count {
        1 | 2 if digits == count => Some(Level::Named),
        1 if alike == 1 => Some(Level::Misread),
        2 if alike == 1 && digits + round == 1 => Some(Level::Misread),
        1 | 2 => Some(Level::Odd),
        _ => None,
    }
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
            word("de\u{fb01}nite", [0, 0, 250, 50], 0.9),
            word("|", [260, 20, 265, 50], 0.2),
            word(".", [270, 40, 280, 50], 0.9),
            word("gone", [400, 0, 500, 50], 0.9),
            word(" ", [0, 0, 10, 10], 0.9),
        ];
        let found = words(read, &page, 300.0);
        let texts: Vec<&str> = found.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(texts, ["definite", "."]);
        assert_eq!(found[0].bbox, [0.0, 0.0, 60.0, 12.0]);
    }

    #[test]
    fn levels_misread_are_told() {
        for text in [
            "LS", "L4/LS", "LA/L5", "C5/CG", "(LI", "Sl.", "Tl2", "T1l", "C|", "CI",
        ] {
            assert!(looks_misread(text), "{text}");
        }
        for text in [
            "L5", "L4/L5", "T12", "LSS", "Is", "SPECT", "ISO", "CT", "S1", "Li",
        ] {
            assert!(!looks_misread(text), "{text}");
        }
    }

    #[test]
    fn overlapping_words_are_parted() {
        let page = Grey {
            width: 300,
            height: 300,
            pixels: vec![255; 90_000],
        };
        let read = vec![
            word("\u{690e}\u{95f4}", [0, 0, 150, 50], 0.9),
            word("\u{76d8}", [100, 0, 200, 50], 0.9),
        ];
        let found = words(read, &page, 300.0);
        assert_eq!((found[0].bbox[2], found[1].bbox[0]), (30.0, 30.0));
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
            assert!((width - thick as f64).abs() < 0.8, "{width} for {thick}");
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
                proptest::prop_assert!(found.bbox[2] > found.bbox[0] && found.bbox[2] <= 90.0 * 0.24 + 1e-9);
                proptest::prop_assert!(!found.text.contains(' ') && !found.text.is_empty());
            }
        }
    }
}
