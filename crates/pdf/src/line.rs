//! Words and lines from glyphs.

use spinemed_core::locator::PageBox;

use crate::geometry::Turn;
use crate::page::{RawPage, Style};
use crate::piece::{Piece, belongs};

/// A part of a line between wide gaps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
}

/// A line of text in the turned frame of its page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// NFC, one space between words.
    pub text: String,
    /// Around its letters: three quarters of the size above the baseline, a quarter below.
    pub bbox: PageBox,
    pub baseline: f64,
    /// The font size of most of its letters.
    pub size: f64,
    /// Bold or italic where nine letters in ten are; the font where four in five share it.
    pub style: Style,
    /// The style of its first letter.
    pub lead: Style,
    /// Letters.
    pub chars: usize,
    /// Its place in the content stream.
    pub order: usize,
    /// Parts between wide gaps, left to right.
    pub cells: Vec<Cell>,
    /// Stretches of one style and size, left to right; at least one.
    pub spans: Vec<Span>,
}

/// Where a style begins in a line. Exponents and indices begin none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    /// Letters before it.
    pub at: usize,
    /// The left edge of its first letter.
    pub x: f64,
    pub style: Style,
    /// The font size.
    pub size: f64,
}

impl Line {
    /// The style and size that it begins in.
    pub(crate) fn head(&self) -> (Style, f64) {
        self.spans
            .first()
            .map_or((self.lead, self.size), |s| (s.style, s.size))
    }

    /// The style and size that it ends in; a full stop of another font is no end.
    pub(crate) fn tail(&self) -> (Style, f64) {
        self.spans
            .iter()
            .rev()
            .find(|s| s.at + 2 <= self.chars)
            .map_or((self.lead, self.size), |s| (s.style, s.size))
    }
}

/// The direction that most of a page's text runs in.
pub(crate) fn main_turn(page: &RawPage) -> Turn {
    let count = |turn| page.glyphs.iter().filter(|g| g.turn == turn).count();
    let counts = Turn::ALL.map(|turn| (count(turn), turn));
    counts
        .into_iter()
        .rev()
        .max_by_key(|(n, _)| *n)
        .map_or(Turn::None, |(_, turn)| turn)
}

/// The lines of a page that run in one direction, in stream order, in that direction's frame.
pub(crate) fn lines(page: &RawPage, turn: Turn) -> Vec<Line> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (order, glyph) in page
        .glyphs
        .iter()
        .enumerate()
        .filter(|(_, g)| g.turn == turn)
    {
        let at = turn.enter(glyph.origin, page.size);
        match pieces.last_mut() {
            Some(piece) if piece.takes(glyph, at) => piece.push(glyph, at),
            _ => pieces.push(Piece::new(glyph, at, order)),
        }
    }
    pieces.retain(|p| p.chars > 0);
    let mut lines: Vec<Line> = merge(pieces)
        .into_iter()
        .filter_map(Piece::finish)
        .collect();
    lines.sort_by_key(|line| line.order);
    lines
}

/// Puts pieces of one line together that the stream draws apart: words in another font drawn
/// later, exponents drawn first. Columns stay apart, for gutters are wider than a cell gap.
fn merge(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.sort_by(|a, b| {
        a.baseline
            .total_cmp(&b.baseline)
            .then(a.bbox[0].total_cmp(&b.bbox[0]))
    });
    let mut out: Vec<Piece> = Vec::new();
    let mut row: Vec<Piece> = Vec::new();
    for piece in pieces {
        let same = row
            .last()
            .is_none_or(|last| piece.baseline - last.baseline <= 0.12 * piece.size.min(last.size));
        if !same {
            out.append(&mut merge_row(std::mem::take(&mut row)));
        }
        row.push(piece);
    }
    out.append(&mut merge_row(row));
    out
}

fn merge_row(mut row: Vec<Piece>) -> Vec<Piece> {
    row.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
    let mut out: Vec<Piece> = Vec::new();
    for piece in row {
        match out.last_mut() {
            Some(left) if belongs(left, &piece) => left.absorb(piece),
            _ => out.push(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Glyph, GlyphText};

    /// Glyphs of 10 pt, half as wide as high, from `(text, x, y)`.
    fn page(runs: &[(&str, f64, f64)]) -> RawPage {
        let mut page = RawPage {
            size: (600.0, 800.0),
            ..RawPage::default()
        };
        for (text, x, y) in runs {
            for (i, c) in text.chars().enumerate() {
                page.glyphs.push(Glyph {
                    text: GlyphText::Char(c),
                    origin: (x + 5.0 * i as f64, *y),
                    advance: 5.0,
                    size: 10.0,
                    turn: Turn::None,
                    style: Style::default(),
                });
            }
        }
        page
    }

    fn check(runs: &[(&str, f64, f64)], expect: &[&str]) {
        let lines = lines(&page(runs), Turn::None);
        let texts: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, expect);
    }

    #[test]
    fn gaps_make_words_cells_and_columns() {
        check(
            &[("two", 50.0, 100.0), ("words", 67.5, 100.0)],
            &["two words"],
        );
        check(&[("one", 50.0, 100.0), ("word", 65.5, 100.0)], &["oneword"]);
        check(
            &[("left", 50.0, 100.0), ("right", 90.0, 100.0)],
            &["left", "right"],
        );
        check(&[("a", 50.0, 100.0), ("b", 64.0, 100.0)], &["a b"]);
    }

    #[test]
    fn words_drawn_later_return_to_their_line() {
        check(
            &[
                ("The", 50.0, 100.0),
                ("sign", 97.5, 100.0),
                ("below", 50.0, 112.0),
                ("Lasègue", 60.0, 300.0),
                ("straight", 67.5, 100.0),
            ],
            &["The straight", "sign", "below", "Lasègue"],
        );
        check(
            &[("b", 57.5, 100.0), ("x", 50.0, 200.0), ("a", 50.0, 100.0)],
            &["a b", "x"],
        );
    }

    #[test]
    fn exponents_stay_on_their_line() {
        let mut raised = page(&[("kg/m", 50.0, 100.0)]);
        let mut two = page(&[("2", 70.0, 96.0)]).glyphs.remove(0);
        two.size = 6.0;
        raised.glyphs.push(two);
        assert_eq!(lines(&raised, Turn::None)[0].text, "kg/m2");
    }

    #[test]
    fn turned_text_reads_to_the_right_in_its_frame() {
        let mut up = page(&[]);
        for (i, c) in "axis".chars().enumerate() {
            up.glyphs.push(Glyph {
                text: GlyphText::Char(c),
                origin: (30.0, 400.0 - 5.0 * i as f64),
                advance: 5.0,
                size: 10.0,
                turn: Turn::Up,
                style: Style::default(),
            });
        }
        assert_eq!(main_turn(&up), Turn::Up);
        assert_eq!(lines(&up, Turn::Up)[0].text, "axis");
    }
}
