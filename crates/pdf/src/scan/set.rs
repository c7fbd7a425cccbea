//! Lines and type sizes of scanned pages, and glyphs for the layers above.
//!
//! An engine tells boxes around ink; type size, baseline and weight are worked out from them.
//! A letter's share of its font's height is about the same in all text faces: capitals and
//! ascenders 0.70, small letters 0.47, descenders 0.21 below the baseline (means of Times,
//! Helvetica and Garamond), Chinese characters 0.90.

use std::collections::BTreeMap;

use crate::geometry::{Turn, width};
use crate::page::{Glyph, GlyphText, Placement, RawPage, Style};
use crate::sheet::{Sheet, Words};
use crate::text::is_cjk;

use super::Scan;
use super::word::Word;

const ASCENDER: f64 = 0.70;
const SMALL: f64 = 0.47;
const DESCENDER: f64 = 0.21;
const HAN: f64 = 0.90;
/// Sizes are told apart in steps of this factor: what ink says of a size errs by some percent,
/// and headings are at least a sixth larger.
const STEP: f64 = 1.17;
/// Strokes wider than this, against the page's usual ones, are bold. Measured on the demo
/// textbook: bold letters have 1.7 to 2.2, plain ones of 8 points, which are drawn heavier than
/// those of 10, up to 1.45.
const BOLD: f64 = 1.5;
/// Gaps up to this many font sizes are spaces between words; wider ones part cells.
const SPACE: f64 = 0.75;
/// Less room than this between a Chinese character and a Latin letter is no space.
const MIXED: f64 = 0.28;

/// A line as the engine told it.
struct Row<'a> {
    /// Left to right.
    words: Vec<&'a Word>,
    size: f64,
    baseline: f64,
    letters: usize,
}

/// The sheets of scanned pages, with their indices. Type sizes are told by all pages together.
pub(crate) fn sheets(scans: Vec<(usize, Scan)>) -> Vec<Sheet> {
    let rows: Vec<Vec<Row<'_>>> = scans.iter().map(|(_, scan)| rows(&scan.words)).collect();
    let body = median(rows.iter().flatten().map(|row| (row.size, row.letters)));
    let pages: Vec<RawPage> = scans
        .iter()
        .zip(&rows)
        .map(|((index, scan), rows)| page(*index, scan, rows, body.unwrap_or(10.0)))
        .collect();
    drop(rows);
    scans
        .into_iter()
        .zip(pages)
        .map(|((index, scan), page)| Sheet {
            turn: scan.frame.turn,
            skew: scan.frame.skew,
            page_size: scan.frame.page,
            words: Words::Scanned(scan.words),
            ..Sheet::new(index, page)
        })
        .collect()
}

fn rows(words: &[Word]) -> Vec<Row<'_>> {
    let mut by_line: BTreeMap<[u32; 3], Vec<&Word>> = BTreeMap::new();
    let mut order = Vec::new();
    for word in words {
        let line = by_line.entry(word.line).or_default();
        if line.is_empty() {
            order.push(word.line);
        }
        line.push(word);
    }
    let lines = order.iter().filter_map(|line| by_line.remove(line));
    lines.map(row).collect()
}

fn row(mut words: Vec<&Word>) -> Row<'_> {
    words.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
    let told = words
        .iter()
        .filter_map(|w| Some((height_size(w)?, w.letters())));
    // A line of marks alone: dots and dashes tell no size.
    let size = median(told).unwrap_or(8.0).clamp(2.0, 200.0);
    let grounded = words.iter().map(|w| (ground(w, size), w.letters().max(1)));
    Row {
        baseline: median(grounded).unwrap_or(0.0),
        letters: words.iter().map(|w| w.letters()).sum(),
        words,
        size,
    }
}

/// The font size that a word's height speaks for; nothing where it has no letters.
fn height_size(word: &Word) -> Option<f64> {
    if word.letters() == 0 {
        return None;
    }
    let high = word.bbox[3] - word.bbox[1];
    let shares = if word.text.chars().any(is_han) {
        HAN
    } else {
        let up = if word.text.chars().any(ascends) {
            ASCENDER
        } else {
            SMALL
        };
        up + if word.text.chars().any(descends) {
            DESCENDER
        } else {
            0.0
        }
    };
    Some(high / shares)
}

/// Where a word's ink stands on its baseline.
fn ground(word: &Word, size: f64) -> f64 {
    let below = if word.text.chars().any(is_han) {
        0.1
    } else if word.text.chars().any(descends) {
        DESCENDER
    } else {
        0.0
    };
    word.bbox[3] - below * size
}

fn ascends(c: char) -> bool {
    c.is_uppercase()
        || c.is_ascii_digit()
        || matches!(
            c,
            'b' | 'd' | 'f' | 'h' | 'k' | 'l' | 't' | 'i' | 'j' | '(' | ')' | '[' | ']' | '/'
        )
}

fn descends(c: char) -> bool {
    matches!(
        c,
        'g' | 'j' | 'p' | 'q' | 'y' | 'Q' | '(' | ')' | '[' | ']' | '/'
    )
}

/// Han characters alone: their punctuation is lower than they are.
fn is_han(c: char) -> bool {
    is_cjk(c) && c.is_alphanumeric()
}

/// The middle of values by their weights.
fn median(values: impl Iterator<Item = (f64, usize)>) -> Option<f64> {
    let mut values: Vec<(f64, usize)> = values.filter(|(_, n)| *n > 0).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half: usize = values.iter().map(|(_, n)| n).sum::<usize>() / 2;
    let mut sum = 0;
    values.into_iter().find_map(|(value, n)| {
        sum += n;
        (sum > half).then_some(value)
    })
}

/// The size on the ladder of steps around the body's.
fn settled(size: f64, body: f64) -> f64 {
    let rung = ((size / body).ln() / STEP.ln()).round().clamp(-6.0, 16.0);
    body * STEP.powf(rung)
}

fn page(index: usize, scan: &Scan, rows: &[Row<'_>], body: f64) -> RawPage {
    let relative = |word: &Word, row: &Row<'_>| word.stroke / row.size;
    let usual = [false, true].map(|han| {
        let alike = rows
            .iter()
            .flat_map(|row| row.words.iter().map(move |w| (*w, row)));
        let alike = alike.filter(|(w, _)| w.text.chars().any(is_han) == han);
        median(alike.map(|(w, row)| (relative(w, row), w.letters()))).unwrap_or(f64::INFINITY)
    });
    let mut page = RawPage {
        size: scan.frame.size(),
        paths: scan.rules.clone(),
        ..RawPage::default()
    };
    for row in rows {
        let heavy = |word: &&Word| {
            let han = usize::from(word.text.chars().any(is_han));
            relative(word, row) > BOLD * usual[han]
        };
        let bold = bold(row, heavy);
        write(row, settled(row.size, body), &bold, &mut page.glyphs);
    }
    page.placements = scan
        .pictures
        .iter()
        .enumerate()
        .map(|(number, bbox)| Placement {
            index: number,
            bbox: *bbox,
            pixels: (0, 0),
            // No picture of one scan is that of another.
            object: u128::MAX - ((index as u128) << 32) - number as u128,
            as_stored: false,
        })
        .collect();
    page
}

/// Which words of a line are bold: all where most letters are, else the first ones, as labels
/// of captions and headings that run in. Single words inside a line are seldom bold, and
/// strokes of single words are measured badly.
fn bold(row: &Row<'_>, heavy: impl Fn(&&Word) -> bool) -> Vec<bool> {
    let count = |words: &[&Word]| words.iter().map(|w| w.letters()).sum::<usize>();
    let dark: usize = row
        .words
        .iter()
        .filter(|w| heavy(w))
        .map(|w| w.letters())
        .sum();
    if row.letters > 0 && dark * 10 >= row.letters * 7 {
        return vec![true; row.words.len()];
    }
    let first = row.words.iter().take_while(|w| heavy(w)).count();
    let label = count(&row.words[..first]) >= 4;
    (0..row.words.len())
        .map(|place| label && place < first)
        .collect()
}

/// Writes a line's words as glyphs.
fn write(row: &Row<'_>, size: f64, bold: &[bool], out: &mut Vec<Glyph>) {
    let glyph = |text: GlyphText, x: f64, advance: f64, bold: bool| Glyph {
        text,
        origin: (x, row.baseline),
        advance,
        size,
        turn: Turn::None,
        style: Style {
            bold,
            ..Style::default()
        },
    };
    for (place, word) in row.words.iter().enumerate() {
        let share = |c: char| if is_cjk(c) { 2.0 } else { 1.0 };
        let shares: f64 = word.text.chars().map(share).sum();
        let unit = width(word.bbox) / shares;
        let mut x = word.bbox[0];
        for c in word.text.chars() {
            out.push(glyph(GlyphText::Char(c), x, unit * share(c), bold[place]));
            x += unit * share(c);
        }
        let Some(next) = row.words.get(place + 1) else {
            continue;
        };
        let gap = next.bbox[0] - word.bbox[2];
        match joint(word, next, gap / size) {
            Joint::Space => out.push(glyph(GlyphText::Char(' '), x, gap.max(0.0), false)),
            Joint::None => {
                if let Some(last) = out.last_mut() {
                    last.advance += gap.max(0.0);
                }
            }
            Joint::Cell => {}
        }
    }
}

/// What stands between two words of a line.
#[derive(Debug, PartialEq, Eq)]
enum Joint {
    Space,
    None,
    Cell,
}

/// Engines put a space between Chinese characters where there is none. `gap` is in font sizes.
fn joint(left: &Word, right: &Word, gap: f64) -> Joint {
    let a = left.text.chars().next_back().is_some_and(is_cjk);
    let b = right.text.chars().next().is_some_and(is_cjk);
    let touching = match (a, b) {
        (true, true) => gap <= SPACE,
        (true, false) | (false, true) => gap <= MIXED,
        (false, false) => false,
    };
    if touching {
        Joint::None
    } else if gap <= SPACE {
        Joint::Space
    } else {
        Joint::Cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Frame;

    /// A word of 10-point type on a baseline, letters 5 points wide, Chinese ones 10.
    fn word(text: &str, x: f64, baseline: f64, line: u32) -> Word {
        let wide: f64 = text
            .chars()
            .map(|c| if is_cjk(c) { 10.0 } else { 5.0 })
            .sum();
        let han = text.chars().any(is_han);
        let up = if han {
            8.0
        } else if text.chars().any(ascends) {
            7.0
        } else {
            4.7
        };
        let down = if han {
            1.0
        } else if text.chars().any(descends) {
            2.1
        } else {
            0.0
        };
        Word {
            text: text.to_owned(),
            bbox: [x, baseline - up, x + wide, baseline + down],
            confidence: 0.9,
            line: [1, 1, line],
            stroke: 0.8,
            unsure: false,
        }
    }

    fn sheet(words: Vec<Word>) -> Sheet {
        let scan = Scan {
            frame: Frame::of_page((600.0, 800.0)),
            words,
            ..Scan::default()
        };
        sheets(vec![(0, scan)]).remove(0)
    }

    fn check(words: &[(&str, f64)], expect: &[&str]) {
        let sheet = sheet(
            words
                .iter()
                .map(|(text, x)| word(text, *x, 100.0, 1))
                .collect(),
        );
        let texts: Vec<&str> = sheet.lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, expect);
    }

    #[test]
    fn words_are_joined_as_their_script_wants() {
        check(&[("lumbar", 50.0), ("spine", 82.5)], &["lumbar spine"]);
        check(
            &[
                ("\u{8170}", 50.0),
                ("\u{690e}\u{95f4}", 62.0),
                ("\u{76d8}", 83.0),
            ],
            &["\u{8170}\u{690e}\u{95f4}\u{76d8}"],
        );
        check(&[("L4/5", 50.0), ("\u{690e}", 71.5)], &["L4/5\u{690e}"]);
        check(
            &[("\u{884c}", 50.0), ("MRI", 63.5), ("\u{68c0}", 79.0)],
            &["\u{884c} MRI\u{68c0}"],
        );
        check(&[("left", 50.0), ("right", 200.0)], &["left", "right"]);
    }

    #[test]
    fn sizes_settle_and_headings_stand_out() {
        let mut words: Vec<Word> = (0..8)
            .map(|n| word("ordinary", 50.0, 100.0 + 12.0 * f64::from(n), n))
            .collect();
        words[3].bbox[1] -= 0.3;
        let mut heading = word("Heading", 50.0, 300.0, 20);
        heading.bbox[1] -= 3.5;
        words.push(heading);
        let sheet = sheet(words);
        let sizes: Vec<f64> = sheet.lines.iter().map(|l| l.size).collect();
        assert!(sizes[..8].iter().all(|s| *s == sizes[0]), "{sizes:?}");
        assert!(sizes[8] > 1.1 * sizes[0], "{sizes:?}");
    }

    #[test]
    fn heavy_strokes_are_bold() {
        let mut words: Vec<Word> = (0..8)
            .map(|n| word("ordinary", 50.0, 100.0 + 12.0 * f64::from(n), n))
            .collect();
        words[5].stroke = 1.5;
        let sheet = sheet(words);
        let bold: Vec<usize> = (0..8).filter(|n| sheet.lines[*n].style.bold).collect();
        assert_eq!(bold, [5]);
    }

    proptest::proptest! {
        #[test]
        fn no_letter_is_lost(texts in proptest::collection::vec("[a-z\u{4e00}-\u{4e20}]{1,6}", 1..20)) {
            let mut x = 40.0;
            let words: Vec<Word> = texts.iter().enumerate().map(|(n, text)| {
                let word = word(text, x, 100.0 + 14.0 * (n / 5) as f64, (n / 5) as u32);
                x = if n % 5 == 4 { 40.0 } else { word.bbox[2] + 3.0 };
                word
            }).collect();
            let read: String = sheet(words).lines.iter().flat_map(|l| l.text.chars()).filter(|c| *c != ' ').collect();
            proptest::prop_assert_eq!(read, texts.concat());
        }

        #[test]
        fn odd_words_never_panic(
            boxes in proptest::collection::vec(proptest::array::uniform4(-1e4..1e4_f64), 0..12), text in "\\PC{1,5}",
        ) {
            let words = boxes.into_iter().map(|bbox| Word { bbox, ..word(&text, 0.0, 0.0, 1) });
            sheet(words.collect());
        }
    }
}
