//! Photographs, drawings and rules in the picture of a page: what is inked and not read.

use std::collections::VecDeque;

use spinemed_core::locator::PageBox;

use super::grey::Grey;
use super::word::Word;
use crate::geometry::{NOTHING, area, gap, grow, height, holds_centre, union, width};

/// Ink is looked at in cells of this side, in points.
const CELL: f64 = 2.0;
/// A cell darker than this on the mean is inked; paper is 255.
const INKED: u32 = 205;
/// Cells nearer than this, in cells, belong together.
const REACH: usize = 3;
/// The least side of a photograph or drawing, in points.
const MIN_SIDE: f64 = 36.0;
/// The least share of its box that is inked.
const MIN_INK: f64 = 0.05;
/// What is thinner at the page's edge is the shadow of the scanner's lid, in points.
const RIM: f64 = 30.0;
/// Words surer than this are text and no part of a picture.
const READ: f64 = 0.6;
/// The most pictures of a page; more are stains.
const MAX_PICTURES: usize = 60;
/// Rules are longer and thinner than this, in points.
const RULE: (f64, f64) = (40.0, 3.0);
/// The most rules of a page.
const MAX_RULES: usize = 400;

/// What was found, in points of the picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Found {
    /// From the top left.
    pub pictures: Vec<PageBox>,
    /// From the top.
    pub rules: Vec<PageBox>,
    /// Drawn things with words in them: boxes of charts and grids. They are figures where a
    /// caption says so.
    pub frames: Vec<PageBox>,
}

/// Finds what is inked beside the words.
pub(crate) fn find(page: &Grey, dpi: f64, words: &[Word]) -> Found {
    let mut cells = Cells::new(page, dpi);
    for word in words
        .iter()
        .filter(|w| w.confidence >= READ && w.letters() > 0)
    {
        cells.clear(grow(word.bbox, 1.0));
    }
    let size = (
        page.width as f64 * 72.0 / dpi,
        page.height as f64 * 72.0 / dpi,
    );
    let patches = cells.patches();
    let inked = patches.iter().filter(|(b, ink)| *ink >= MIN_INK * area(*b));
    let mut pictures = merged(inked.map(|(b, _)| *b).collect());
    pictures.retain(|b| is_picture(*b, size, words));
    pictures.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
    pictures.truncate(MAX_PICTURES);
    let mut rules = rules(page, dpi);
    rules.retain(|rule| !pictures.iter().any(|picture| holds_centre(*picture, *rule)));
    let outside = |b: &PageBox| !pictures.iter().any(|picture| holds_centre(*picture, *b));
    let frames = patches
        .into_iter()
        .filter(|(b, ink)| outside(b) && is_frame(*b, *ink, words));
    Found {
        frames: frames.map(|(b, _)| b).take(MAX_RULES).collect(),
        pictures,
        rules,
    }
}

/// Whether a patch is large enough, no shadow at the rim, and not full of words: frames and
/// grids around text are no pictures.
fn is_picture(b: PageBox, size: (f64, f64), words: &[Word]) -> bool {
    let rim = b[0] < 4.0 || b[1] < 4.0 || b[2] > size.0 - 4.0 || b[3] > size.1 - 4.0;
    let thin = width(b).min(height(b)) < if rim { RIM.max(MIN_SIDE) } else { MIN_SIDE };
    let inside = || {
        words
            .iter()
            .filter(|w| w.confidence > 0.8 && w.letters() > 1 && holds_centre(b, w.bbox))
    };
    let told: f64 = inside().map(|w| area(w.bbox)).sum();
    let text = inside().count() >= 12 && told > 0.12 * area(b);
    !thin && !text
}

/// Whether a patch is an outline around words; text that nobody could read is inked evenly.
fn is_frame(b: PageBox, ink: f64, words: &[Word]) -> bool {
    let told = |w: &Word| w.confidence > 0.8 && w.letters() > 1 && holds_centre(b, w.bbox);
    ink < 0.35 * area(b) && words.iter().any(told)
}

/// Boxes that overlap or touch become one.
fn merged(mut boxes: Vec<PageBox>) -> Vec<PageBox> {
    boxes.sort_by(|a, b| area(*b).total_cmp(&area(*a)));
    boxes.truncate(4 * MAX_PICTURES);
    let mut out: Vec<PageBox> = Vec::new();
    while let Some(mut one) = boxes.pop() {
        let before = boxes.len();
        boxes.retain(|other| {
            let apart = gap(one, *other) > CELL;
            if !apart {
                one = union(one, *other);
            }
            apart
        });
        if boxes.len() == before {
            out.push(one);
        } else {
            boxes.push(one);
        }
    }
    out
}

/// A page as a grid of inked and blank cells.
struct Cells {
    columns: usize,
    rows: usize,
    /// A cell's side in points.
    side: f64,
    inked: Vec<bool>,
}

impl Cells {
    fn new(page: &Grey, dpi: f64) -> Self {
        let pixels = (dpi * CELL / 72.0).round().max(1.0) as usize;
        let (columns, rows) = (page.width / pixels, page.height / pixels);
        let mut inked = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            let mut sums = vec![0_u32; columns];
            for y in row * pixels..(row + 1) * pixels {
                for (sum, part) in sums.iter_mut().zip(page.row(y).chunks_exact(pixels)) {
                    *sum += part.iter().map(|p| u32::from(*p)).sum::<u32>();
                }
            }
            inked.extend(
                sums.iter()
                    .map(|sum| *sum < INKED * (pixels * pixels) as u32),
            );
        }
        Self {
            columns,
            rows,
            side: pixels as f64 * 72.0 / dpi,
            inked,
        }
    }

    fn clear(&mut self, b: PageBox) {
        let cell = |at: f64, most: usize| ((at / self.side).max(0.0) as usize).min(most);
        let (left, right) = (
            cell(b[0], self.columns),
            cell(b[2] + self.side, self.columns),
        );
        for row in cell(b[1], self.rows)..cell(b[3] + self.side, self.rows) {
            self.inked[row * self.columns + left..row * self.columns + right].fill(false);
        }
    }

    /// Boxes around cells that are near each other, with their ink in square points.
    fn patches(&self) -> Vec<(PageBox, f64)> {
        let mut seen = vec![false; self.inked.len()];
        let mut out = Vec::new();
        for start in 0..self.inked.len() {
            if self.inked[start] && !seen[start] {
                let (bbox, cells) = self.patch(start, &mut seen);
                let ink = cells as f64 * self.side * self.side;
                let sides = width(bbox) >= MIN_SIDE / 3.0 && height(bbox) >= MIN_SIDE / 3.0;
                if sides {
                    out.push((bbox, ink));
                }
            }
        }
        out
    }

    fn patch(&self, start: usize, seen: &mut [bool]) -> (PageBox, usize) {
        let (mut bbox, mut cells) = (NOTHING, 0);
        let mut open = VecDeque::from([start]);
        seen[start] = true;
        while let Some(cell) = open.pop_front() {
            let (x, y) = (cell % self.columns, cell / self.columns);
            let corner = [x, y, x + 1, y + 1].map(|edge| edge as f64 * self.side);
            bbox = union(bbox, corner);
            cells += 1;
            for row in y.saturating_sub(REACH)..(y + REACH + 1).min(self.rows) {
                for column in x.saturating_sub(REACH)..(x + REACH + 1).min(self.columns) {
                    let near = row * self.columns + column;
                    if self.inked[near] && !seen[near] {
                        seen[near] = true;
                        open.push_back(near);
                    }
                }
            }
        }
        (bbox, cells)
    }
}

/// Horizontal rules: long runs of dark pixels, a few rows high.
fn rules(page: &Grey, dpi: f64) -> Vec<PageBox> {
    let ink = page.ink();
    let (long, high) = ((RULE.0 * dpi / 72.0) as usize, RULE.1 * dpi / 72.0);
    // Parts of a rule that is not quite level follow each other; columns are further apart.
    let apart = (dpi / 30.0) as usize;
    let mut open: Vec<[usize; 4]> = Vec::new();
    let mut done: Vec<[usize; 4]> = Vec::new();
    for y in 0..page.height {
        for (from, to) in runs(page.row(y), ink, long.max(2)) {
            let near =
                |r: &&mut [usize; 4]| y - r[3] <= 3 && from <= r[2] + apart && to + apart >= r[0];
            match open.iter_mut().find(near) {
                Some(rule) => *rule = [rule[0].min(from), rule[1], rule[2].max(to), y],
                None => open.push([from, y, to, y]),
            }
        }
        let (still, ended) = open.into_iter().partition(|r| y - r[3] <= 3);
        (open, done) = (still, [done, ended].concat());
        if done.len() > MAX_RULES {
            break;
        }
    }
    done.extend(open);
    done.retain(|r| (r[3] - r[1]) as f64 <= high);
    let points = |edge: usize| edge as f64 * 72.0 / dpi;
    done.into_iter()
        .map(|r| [r[0], r[1], r[2], r[3] + 1].map(points))
        .collect()
}

/// Runs of dark pixels of a row, with gaps of up to three.
fn runs(row: &[u8], ink: u8, long: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut run: Option<(usize, usize)> = None;
    for (x, _) in row.iter().enumerate().filter(|(_, p)| **p <= ink) {
        run = match run {
            Some((from, to)) if x - to <= 4 => Some((from, x)),
            before => {
                out.extend(before);
                Some((x, x))
            }
        };
    }
    out.extend(run);
    out.retain(|(from, to)| to - from >= long);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of 144 dpi with dark boxes, in points.
    fn page(dark: &[PageBox]) -> Grey {
        let (width, height) = (1_000, 1_200);
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let inside = |(x, y): (usize, usize)| {
            let (x, y) = (x as f64 / 2.0, y as f64 / 2.0);
            dark.iter()
                .any(|b| b[0] <= x && x < b[2] && b[1] <= y && y < b[3])
        };
        Grey {
            width,
            height,
            pixels: places.map(|p| if inside(p) { 60 } else { 255 }).collect(),
        }
    }

    fn word(text: &str, bbox: PageBox) -> Word {
        Word {
            text: text.to_owned(),
            bbox,
            confidence: 0.95,
            line: [1; 3],
            stroke: 1.0,
            unsure: false,
        }
    }

    #[test]
    fn photographs_are_cut_out_and_words_are_not() {
        let (photo, text) = ([100.0, 100.0, 300.0, 250.0], [100.0, 300.0, 300.0, 350.0]);
        let found = find(&page(&[photo, text]), 144.0, &[word("stenosis", text)]);
        assert_eq!(found.pictures, [photo]);
    }

    #[test]
    fn shadows_at_the_rim_and_stains_are_no_pictures() {
        let found = find(
            &page(&[[0.0, 0.0, 20.0, 600.0], [200.0, 200.0, 220.0, 220.0]]),
            144.0,
            &[],
        );
        assert_eq!(found.pictures, [[0.0; 4]; 0]);
    }

    #[test]
    fn rules_are_lines() {
        let rules = [[50.0, 100.0, 450.0, 101.0], [50.0, 200.0, 450.0, 201.0]];
        let found = find(&page(&rules), 144.0, &[]);
        assert_eq!((found.rules.len(), found.pictures.len()), (2, 0));
        assert!((found.rules[0][1] - 100.0).abs() < 1.0 && (found.rules[1][2] - 450.0).abs() < 1.0);
    }

    #[test]
    fn frames_around_text_are_no_pictures() {
        let frame = [
            [50.0, 50.0, 54.0, 300.0],
            [50.0, 50.0, 400.0, 54.0],
            [396.0, 50.0, 400.0, 300.0],
        ];
        let rows = (0..16).map(|n| {
            word(
                "words",
                [
                    60.0,
                    60.0 + 14.0 * f64::from(n),
                    390.0,
                    70.0 + 14.0 * f64::from(n),
                ],
            )
        });
        let found = find(&page(&frame), 144.0, &rows.collect::<Vec<_>>());
        assert_eq!((found.pictures.len(), found.frames.len()), (0, 1));
    }

    proptest::proptest! {
        #[test]
        fn no_page_panics(width in 0..80_usize, height in 0..80_usize, seed: u8, dpi in 20.0..400.0_f64) {
            let pixels = (0..width * height).map(|i| (i * 37) as u8 ^ seed).collect();
            let found = find(&Grey { width, height, pixels }, dpi, &[]);
            proptest::prop_assert!(found.pictures.len() <= MAX_PICTURES);
        }
    }
}
