//! A line being built from glyphs.

use spinemed_core::locator::PageBox;

use crate::geometry::{NOTHING, union};
use crate::line::{Cell, Line, Span};
use crate::page::{Glyph, GlyphText, Style};
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

/// A line being built.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    cells: Vec<Cell>,
    pub(crate) bbox: PageBox,
    pub(crate) baseline: f64,
    /// The largest size so far, which the baseline belongs to.
    pub(crate) size: f64,
    /// The end of the last advance, spaces included.
    pen: f64,
    /// Letters by size in quarter points.
    sizes: Vec<(u32, usize)>,
    /// Letters by font.
    fonts: Vec<(u16, usize)>,
    lead: Style,
    spans: Vec<Span>,
    bold: usize,
    italic: usize,
    pub(crate) chars: usize,
    order: usize,
}

impl Piece {
    pub(crate) fn new(glyph: &Glyph, at: (f64, f64), order: usize) -> Self {
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
            spans: Vec::new(),
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
    pub(crate) fn takes(&self, glyph: &Glyph, at: (f64, f64)) -> bool {
        let size = self.size.max(glyph.size);
        let (rise, gap) = ((at.1 - self.baseline).abs(), at.0 - self.pen);
        let level = rise <= 0.12 * size && (-0.5 * size..=STREAM_GAP * size).contains(&gap);
        // Letters of formulas are set a little higher or lower than the words around them.
        let close = rise <= 0.25 * size && (-0.3 * size..=0.6 * size).contains(&gap);
        let script = glyph.size.min(self.size) < 0.85 * size
            && rise <= 0.6 * size
            && (-0.3 * size..=0.5 * size).contains(&gap);
        level || close || script
    }

    pub(crate) fn push(&mut self, glyph: &Glyph, at: (f64, f64)) {
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
        self.mark(glyph, at.0);
        self.count(glyph, text.chars().filter(|c| !c.is_whitespace()).count());
    }

    /// Begins a stretch where the style or the size changes.
    fn mark(&mut self, glyph: &Glyph, x: f64) {
        let new = self.spans.last().is_none_or(|last| {
            let script = glyph.size < 0.85 * self.size;
            let other = last.style != glyph.style || (last.size - glyph.size).abs() > 0.3;
            other && !script
        });
        if new {
            self.spans.push(Span {
                at: self.chars,
                x,
                style: glyph.style,
                size: glyph.size,
            });
        }
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

    fn count(&mut self, glyph: &Glyph, letters: usize) {
        self.chars += letters;
        self.bold += letters * usize::from(glyph.style.bold);
        self.italic += letters * usize::from(glyph.style.italic);
        tally(&mut self.sizes, (glyph.size * 4.0).round() as u32, letters);
        tally(&mut self.fonts, glyph.style.font, letters);
    }

    /// Whether this is the number or bullet of a list's item and nothing else.
    pub(crate) fn is_marker(&self) -> bool {
        let text = self.cells[0].text.trim();
        let number = text.trim_matches(['[', ']', '(', ')', '.']);
        self.cells.len() == 1
            && (matches!(text, "•" | "▪" | "●" | "–" | "■")
                || (number.len() < text.len()
                    && (1..=3).contains(&number.len())
                    && number.bytes().all(|b| b.is_ascii_digit())))
    }

    /// Takes in the piece to the right on the same line.
    pub(crate) fn absorb(&mut self, mut right: Self) {
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
        let before = self.chars;
        let marks = right.spans.into_iter().map(|s| Span {
            at: s.at + before,
            ..s
        });
        self.spans.extend(marks);
        self.bold += right.bold;
        self.italic += right.italic;
        self.chars += right.chars;
        self.order = self.order.min(right.order);
    }

    pub(crate) fn finish(self) -> Option<Line> {
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
            spans: self.spans,
        })
    }
}

/// Whether a piece stands on the same line as the one to its left, and in its column.
pub(crate) fn belongs(left: &Piece, right: &Piece) -> bool {
    let size = left.size.max(right.size);
    let gap = right.bbox[0] - left.bbox[2];
    let reach = if left.is_marker() {
        MARKER_GAP
    } else {
        CELL_GAP
    };
    (-0.3 * size..=reach * size).contains(&gap) && left.size.min(right.size) > 0.5 * size
}

fn tally<K: PartialEq>(counts: &mut Vec<(K, usize)>, key: K, more: usize) {
    match counts.iter_mut().find(|(k, _)| *k == key) {
        Some((_, n)) => *n += more,
        None => counts.push((key, more)),
    }
}
