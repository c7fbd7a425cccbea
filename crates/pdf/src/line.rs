//! Words and lines from glyphs.

use spinemed_core::locator::PageBox;

use crate::geometry::{NOTHING, Turn, union};
use crate::page::{Glyph, GlyphText, RawPage, Style};
use crate::text;

/// A gap wider than this share of the font size is a space between words. Spaces are a quarter
/// as a rule, and tight justified lines shrink them to an eighth; letters of one word stand
/// less than a twentieth apart (gaps of 18 articles, counted: the valley is at 0.06 to 0.10).
const WORD_GAP: f64 = 0.1;
/// The same between two Chinese characters, which touch.
const CJK_GAP: f64 = 0.6;
/// A gap from which the text to the right is another cell of a table.
const CELL_GAP: f64 = 0.8;
/// The widest gap inside a line when the stream draws its parts one after the other.
const STREAM_GAP: f64 = 1.6;

/// The widest gap behind a list item's number or bullet.
const MARKER_GAP: f64 = 2.4;

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

/// A line being built.
#[derive(Debug, Clone)]
struct Piece {
    cells: Vec<Cell>,
    bbox: PageBox,
    baseline: f64,
    /// The largest size so far, which the baseline belongs to.
    size: f64,
    /// The end of the last advance, spaces included.
    pen: f64,
    /// Letters by size in quarter points.
    sizes: Vec<(u32, usize)>,
    /// Letters by font.
    fonts: Vec<(u16, usize)>,
    lead: Style,
    bold: usize,
    italic: usize,
    chars: usize,
    order: usize,
}

impl Piece {
    fn new(glyph: &Glyph, at: (f64, f64), order: usize) -> Self {
        let mut piece = Self {
            cells: vec![Cell {
                text: String::new(),
                x0: at.0,
                x1: at.0,
            }],
            bbox: NOTHING,
            baseline: at.1,
            size: glyph.size,
            pen: at.0,
            sizes: Vec::new(),
            fonts: Vec::new(),
            lead: glyph.style,
            bold: 0,
            italic: 0,
            chars: 0,
            order,
        };
        piece.push(glyph, at);
        piece
    }

    /// Whether a glyph drawn next goes on with this line: on its baseline after a small gap,
    /// or as an index or exponent right behind it.
    fn takes(&self, glyph: &Glyph, at: (f64, f64)) -> bool {
        let size = self.size.max(glyph.size);
        let (rise, gap) = ((at.1 - self.baseline).abs(), at.0 - self.pen);
        let level = rise <= 0.12 * size && (-0.5 * size..=STREAM_GAP * size).contains(&gap);
        let script = glyph.size.min(self.size) < 0.85 * size
            && rise <= 0.6 * size
            && (-0.3 * size..=0.5 * size).contains(&gap);
        level || script
    }

    fn push(&mut self, glyph: &Glyph, at: (f64, f64)) {
        let mut single = [0u8; 4];
        let text: &str = match &glyph.text {
            GlyphText::Char(c) => c.encode_utf8(&mut single),
            GlyphText::Str(s) => s,
        };
        self.separate(text, at.0, glyph.size);
        if glyph.size > 1.1 * self.size {
            (self.size, self.baseline) = (glyph.size, at.1);
        }
        let end = at.0 + glyph.advance;
        self.pen = end;
        let cell = self.cells.last_mut().expect("a piece starts with a cell");
        if text.trim().is_empty() {
            if !cell.text.is_empty() && !cell.text.ends_with(' ') {
                cell.text.push(' ');
            }
            return;
        }
        cell.text.push_str(text);
        cell.x1 = cell.x1.max(end);
        if self.chars == 0 {
            (self.lead, cell.x0) = (glyph.style, at.0);
        }
        let letters = [
            at.0,
            at.1 - 0.75 * glyph.size,
            end.max(at.0),
            at.1 + 0.25 * glyph.size,
        ];
        self.bbox = union(self.bbox, letters);
        self.count(glyph);
    }

    /// Puts a space, or starts a new cell, where the gap before a glyph is wide enough.
    fn separate(&mut self, next: &str, x: f64, size: f64) {
        let cell = self.cells.last_mut().expect("a piece starts with a cell");
        let Some(last) = cell.text.chars().next_back() else {
            return;
        };
        let size = self.size.max(size);
        // Against the last letter, not the pen: a cell may end in many spaces.
        if x - cell.x1 > CELL_GAP * size && x - self.pen > 0.3 * size {
            self.cells.push(Cell {
                text: String::new(),
                x0: x,
                x1: x,
            });
            return;
        }
        let cjk = text::is_cjk(last) && next.chars().next().is_some_and(text::is_cjk);
        if x - self.pen > size * if cjk { CJK_GAP } else { WORD_GAP } && last != ' ' {
            cell.text.push(' ');
        }
    }

    fn count(&mut self, glyph: &Glyph) {
        self.chars += 1;
        self.bold += usize::from(glyph.style.bold);
        self.italic += usize::from(glyph.style.italic);
        tally(&mut self.sizes, (glyph.size * 4.0).round() as u32, 1);
        tally(&mut self.fonts, glyph.style.font, 1);
    }

    /// Whether this is the number or bullet of a list's item and nothing else.
    fn is_marker(&self) -> bool {
        let text = self.cells[0].text.trim();
        let number = text.trim_matches(['[', ']', '(', ')', '.']);
        self.cells.len() == 1
            && (matches!(text, "•" | "▪" | "●" | "–" | "■")
                || (number.len() < text.len()
                    && (1..=3).contains(&number.len())
                    && number.bytes().all(|b| b.is_ascii_digit())))
    }

    /// Takes in the piece to the right on the same line.
    fn absorb(&mut self, mut right: Self) {
        let size = self.size.max(right.size);
        let gap = right.bbox[0] - self.bbox[2];
        if gap > CELL_GAP * size && !self.is_marker() {
            self.cells.append(&mut right.cells);
        } else {
            let mut cells = right.cells.into_iter();
            let first = cells.next().expect("a piece starts with a cell");
            let cell = self.cells.last_mut().expect("a piece starts with a cell");
            if right.bbox[0] - self.pen > WORD_GAP * size || gap > WORD_GAP * size {
                cell.text.push(' ');
            }
            cell.text.push_str(&first.text);
            cell.x1 = cell.x1.max(first.x1);
            self.cells.extend(cells);
        }
        if right.size > 1.1 * self.size {
            (self.size, self.baseline) = (right.size, right.baseline);
        }
        self.bbox = union(self.bbox, right.bbox);
        self.pen = right.pen;
        right
            .sizes
            .into_iter()
            .for_each(|(size, n)| tally(&mut self.sizes, size, n));
        right
            .fonts
            .into_iter()
            .for_each(|(font, n)| tally(&mut self.fonts, font, n));
        self.bold += right.bold;
        self.italic += right.italic;
        self.chars += right.chars;
        self.order = self.order.min(right.order);
    }

    fn finish(self) -> Option<Line> {
        let cells: Vec<Cell> = self
            .cells
            .into_iter()
            .map(|c| Cell {
                text: text::tidy(&c.text),
                ..c
            })
            .filter(|c| !c.text.is_empty())
            .collect();
        let texts: Vec<&str> = cells.iter().map(|c| c.text.as_str()).collect();
        let text = texts.join(" ");
        let (size, _) = self.sizes.iter().max_by_key(|(size, n)| (*n, *size))?;
        let font = self
            .fonts
            .iter()
            .find(|(_, n)| n * 5 >= self.chars * 4)
            .map_or(0, |(f, _)| *f);
        (!text.is_empty()).then_some(Line {
            text,
            bbox: self.bbox,
            baseline: self.baseline,
            size: f64::from(*size) / 4.0,
            style: Style {
                bold: self.bold * 10 >= self.chars * 9,
                italic: self.italic * 10 >= self.chars * 9,
                font,
            },
            lead: self.lead,
            chars: self.chars,
            order: self.order,
            cells,
        })
    }
}

fn tally<K: PartialEq>(counts: &mut Vec<(K, usize)>, key: K, more: usize) {
    match counts.iter_mut().find(|(k, _)| *k == key) {
        Some((_, n)) => *n += more,
        None => counts.push((key, more)),
    }
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

fn belongs(left: &Piece, right: &Piece) -> bool {
    let size = left.size.max(right.size);
    let gap = right.bbox[0] - left.bbox[2];
    let reach = if left.is_marker() {
        MARKER_GAP
    } else {
        CELL_GAP
    };
    (-0.3 * size..=reach * size).contains(&gap) && left.size.min(right.size) > 0.5 * size
}

#[cfg(test)]
mod tests {
    use super::*;

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
