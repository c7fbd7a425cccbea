//! Paragraphs from lines.

use spinemed_core::locator::PageBox;

use crate::caption;
use crate::geometry::{union, width, x_overlap};
use crate::kind;
use crate::line::Line;
use crate::list::is_bullet;
use crate::page::Style;
use crate::text::{self, Lexicon};

/// Lines that belong together, in the turned frame of their page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Para {
    /// The text, words broken over lines joined.
    pub text: String,
    pub bbox: PageBox,
    /// The font size of most of its letters.
    pub size: f64,
    /// Bold or italic where every line is.
    pub style: Style,
    /// The style of its first letter.
    pub lead: Style,
    /// Its lines' places in the content stream; the first decides its own.
    pub order: usize,
    /// How many lines.
    pub lines: usize,
    /// Letters.
    pub chars: usize,
    /// Whether its last line reaches its right edge, as before a break in running text.
    pub full: bool,
    /// Its lines, by number.
    pub members: Vec<usize>,
}

/// Groups lines, given in reading order, into paragraphs. `number` lets members point back.
pub(crate) fn paragraphs(lines: &[(usize, &Line)], lexicon: &Lexicon) -> Vec<Para> {
    let leading = usual_leading(lines);
    let columns = column_edges(lines);
    let mut out = Vec::new();
    let mut open: Vec<(usize, &Line)> = Vec::new();
    for (place, &(number, line)) in lines.iter().enumerate() {
        let edge = || columns[place - 1].max(columns[place]);
        if !open.is_empty() && (heads(&open, line, edge()) || !continues(&open, line, leading)) {
            out.push(close(&open, lexicon));
            open.clear();
        }
        open.push((number, line));
    }
    if !open.is_empty() {
        out.push(close(&open, lexicon));
    }
    out
}

/// The usual distance of baselines in font sizes: 1.2 in print, 2 in double-spaced manuscripts.
fn usual_leading(lines: &[(usize, &Line)]) -> f64 {
    let mut steps: Vec<f64> = lines
        .windows(2)
        .filter(|pair| x_overlap(pair[0].1.bbox, pair[1].1.bbox) > 0.5)
        .map(|pair| (pair[1].1.baseline - pair[0].1.baseline) / pair[1].1.size)
        .filter(|step| (0.8..2.6).contains(step))
        .collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(1.2)
}

/// The right edge of each line's column: the farthest among its neighbours that begin where
/// it does.
fn column_edges(lines: &[(usize, &Line)]) -> Vec<f64> {
    const NEIGHBOURS: usize = 12;
    let edge = |place: usize| {
        let own = lines[place].1;
        let near = &lines[place.saturating_sub(NEIGHBOURS)..lines.len().min(place + NEIGHBOURS)];
        near.iter()
            .filter(|(_, l)| (l.bbox[0] - own.bbox[0]).abs() < 2.5 * own.size)
            .map(|(_, l)| l.bbox[2])
            .fold(own.bbox[2], f64::max)
    };
    (0..lines.len()).map(edge).collect()
}

/// Whether the lines that are open are a heading over the next: set otherwise in all their
/// letters, and ended before their column's edge, so that the next word would have fitted.
fn heads(open: &[(usize, &Line)], line: &Line, edge: f64) -> bool {
    let (_, last) = open[open.len() - 1];
    let (before, after) = (last.style, line.head().0);
    let whole = open.len() <= 3
        && open
            .iter()
            .flat_map(|(_, l)| &l.spans)
            .all(|s| s.style == last.spans[0].style);
    let other = before.bold != after.bold
        || before.italic != after.italic
        || (before.font != after.font && before.font != 0 && after.font != 0);
    // A bold heading over a paragraph that begins with one of its own.
    let nested = before.bold && after.bold && !line.style.bold;
    let capital = |text: &str| {
        text.chars()
            .find(|c| c.is_alphabetic())
            .is_some_and(|c| !c.is_lowercase())
    };
    whole
        && (other || nested)
        && caption::parse(&open[0].1.text).is_none()
        && capital(&open[0].1.text)
        && line.text.starts_with(|c: char| !c.is_lowercase())
        && !last.text.ends_with([',', '-', ';'])
        && fits_behind(last, line, edge)
}

/// Whether a line goes on with the paragraph that is open.
fn continues(open: &[(usize, &Line)], line: &Line, leading: f64) -> bool {
    let (_, last) = open[open.len() - 1];
    let size = last.size.max(line.size);
    let step = line.baseline - last.baseline;
    let near = step > 0.3 * size && step <= size * (1.3 * leading).max(1.45);
    // A caption's label or title may fill a first line that is bold and larger.
    let caption = caption::parse(&open[0].1.text).is_some();
    let same_size = line.size.min(last.size) > size * if caption { 0.82 } else { 0.93 };
    // Headings run into their text in the middle of a line: what counts is where lines meet.
    let ((before, end), (after, start)) = (last.tail(), line.head());
    let same_size = same_size || end.min(start) > 0.93 * end.max(start);
    let same_weight = line.style.bold == last.style.bold || before.bold == after.bold;
    let alike = same_size && (caption || same_weight);
    if leads_again(open, line)
        || text::is_object_address(&line.text) != text::is_object_address(&last.text)
    {
        return false;
    }
    if !near || !alike || kind::is_article_type(&last.text) || x_overlap(last.bbox, line.bbox) < 0.4
    {
        return false;
    }
    // A larger step than the paragraph's own: space between paragraphs.
    if open.len() > 1 {
        let own = open[1].1.baseline - open[0].1.baseline;
        if step > own * 1.3 && step - own > 1.5 {
            return false;
        }
    }
    let loose = leaves_room(open, line);
    let (a, b) = (line.style, last.style);
    let other = a.italic != b.italic || (a.font != b.font && a.font != 0 && b.font != 0);
    // A heading in capitals with a heading of the next rank right under it.
    let lowered = is_capitals(&last.text) && last.text.len() >= 8 && !is_capitals(&line.text);
    if (loose && other) || lowered {
        return false;
    }
    !(starts_new(last, line, loose) || indents(open, line, loose))
}

/// Whether a line begins with a heading of its own, in the style of the one that the paragraph
/// began with, after a sentence in the text's style: parts of an abstract.
fn leads_again(open: &[(usize, &Line)], line: &Line) -> bool {
    let (first, (_, last)) = (open[0].1, open[open.len() - 1]);
    let [lead, text, ..] = line.spans.as_slice() else {
        return false;
    };
    let led = first.spans.len() > 1 && first.spans[0].style == lead.style;
    let end = line.text.char_indices().filter(|(_, c)| !c.is_whitespace());
    let mark = end.map(|(_, c)| c).nth(text.at.saturating_sub(1));
    led && text.style != lead.style
        && last.tail().0 == text.style
        && matches!(mark, Some(':' | '.' | '：'))
        && text::ends_sentence(&last.text)
}

/// Whether the first word of the next line would have fitted behind the last: a typesetter
/// leaves such room at the end of a paragraph alone.
fn leaves_room(open: &[(usize, &Line)], line: &Line) -> bool {
    let (_, last) = open[open.len() - 1];
    let right = open
        .iter()
        .map(|(_, l)| l.bbox[2])
        .fold(line.bbox[2], f64::max);
    fits_behind(last, line, right)
}

/// Whether the first word of a line would have fitted between the one before and an edge.
fn fits_behind(last: &Line, line: &Line, right: f64) -> bool {
    let per_char = width(last.bbox) / last.text.chars().count().max(1) as f64;
    let word = line
        .text
        .split(' ')
        .next()
        .unwrap_or_default()
        .chars()
        .take(24)
        .count();
    last.bbox[2] + per_char * (word as f64 + 1.0) + 0.5 * last.size < right
}

/// Whether all letters are capitals, and there are at least four.
pub(crate) fn is_capitals(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    letters().count() >= 4 && letters().all(char::is_uppercase)
}

fn starts_new(last: &Line, line: &Line, loose: bool) -> bool {
    let ended = text::ends_sentence(&last.text);
    if is_bullet(&line.text)
        && (ended || loose || is_bullet(&last.text) || last.text.ends_with([';', ',']))
    {
        return true;
    }
    if caption::parse(&line.text).is_some() && (line.lead.bold != last.lead.bold || ended) {
        return line.lead.bold || loose;
    }
    loose && ended
}

/// First-line indents, and the outdent of a hanging list's next entry.
fn indents(open: &[(usize, &Line)], line: &Line, loose: bool) -> bool {
    let (_, last) = open[open.len() - 1];
    let em = line.size;
    let left = open
        .iter()
        .skip(1)
        .map(|(_, l)| l.bbox[0])
        .fold(f64::INFINITY, f64::min);
    if open.len() == 1 {
        let step = line.bbox[0] - last.bbox[0];
        return step > 0.7 * em && (loose || text::ends_sentence(&last.text)) && step < 6.0 * em;
    }
    let step = line.bbox[0] - left;
    let centred = (line.bbox[0] + line.bbox[2] - last.bbox[0] - last.bbox[2]).abs() < em;
    if step > 0.7 * em && !centred {
        return text::ends_sentence(&last.text) || loose;
    }
    step < -0.7 * em && text::ends_sentence(&last.text) && !centred
}

fn usual_size(open: &[(usize, &Line)]) -> f64 {
    let of = |size: f64| -> usize {
        open.iter()
            .filter(|(_, l)| (l.size - size).abs() < 0.3)
            .map(|(_, l)| l.chars)
            .sum()
    };
    let mut best = (0, 0.0);
    for (_, line) in open {
        let letters = of(line.size);
        if letters > best.0 {
            best = (letters, line.size);
        }
    }
    best.1
}

fn close(open: &[(usize, &Line)], lexicon: &Lexicon) -> Para {
    let (_, first) = open[0];
    let (_, last) = open[open.len() - 1];
    let bbox = open
        .iter()
        .skip(1)
        .fold(first.bbox, |b, (_, l)| union(b, l.bbox));
    let mut joined = String::new();
    for (_, line) in open {
        text::join(&mut joined, &line.text, lexicon);
    }
    Para {
        text: joined,
        bbox,
        size: usual_size(open),
        style: Style {
            font: if open.iter().all(|(_, l)| l.style.font == first.style.font) {
                first.style.font
            } else {
                0
            },
            bold: open.iter().all(|(_, l)| l.style.bold),
            italic: open.iter().all(|(_, l)| l.style.italic),
        },
        lead: first.lead,
        order: open.iter().map(|(_, l)| l.order).min().unwrap_or(0),
        lines: open.len(),
        chars: open.iter().map(|(_, l)| l.chars).sum(),
        full: bbox[2] - last.bbox[2] < 3.0 * last.size,
        members: open.iter().map(|(number, _)| *number).collect(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::line::{Cell, Span};

    /// A line of 10 pt text whose letters are 5 pt wide.
    pub(crate) fn line(text: &str, x: f64, y: f64) -> Line {
        let end = x + 5.0 * text.chars().count() as f64;
        Line {
            text: text.to_owned(),
            bbox: [x, y - 7.5, end, y + 2.5],
            baseline: y,
            size: 10.0,
            style: Style::default(),
            lead: Style::default(),
            chars: text.len(),
            order: (y * 10.0) as usize,
            cells: vec![Cell {
                text: text.to_owned(),
                x0: x,
                x1: end,
            }],
            spans: vec![Span {
                at: 0,
                x,
                style: Style::default(),
                size: 10.0,
            }],
        }
    }

    fn check(lines: &[(&str, f64, f64)], expect: &[&str]) {
        let lines: Vec<Line> = lines.iter().map(|(t, x, y)| line(t, *x, *y)).collect();
        let numbered: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        let found = paragraphs(&numbered, &Lexicon::default());
        assert_eq!(
            found.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(),
            expect
        );
    }

    #[test]
    fn an_indent_starts_a_paragraph() {
        check(
            &[
                ("The disc lost height and the canal", 60.0, 100.0),
                ("became narrow over many years now.", 50.0, 112.0),
                ("Pain followed in the left leg and", 60.0, 124.0),
                ("rose when the patient was walking.", 50.0, 136.0),
            ],
            &[
                "The disc lost height and the canal became narrow over many years now.",
                "Pain followed in the left leg and rose when the patient was walking.",
            ],
        );
    }

    #[test]
    fn a_short_last_line_ends_a_paragraph() {
        check(
            &[
                ("Stenosis was seen at two levels of the", 50.0, 100.0),
                ("spine.", 50.0, 112.0),
                ("Surgery was done a week later, and the", 50.0, 124.0),
            ],
            &[
                "Stenosis was seen at two levels of the spine.",
                "Surgery was done a week later, and the",
            ],
        );
    }

    #[test]
    fn space_parts_paragraphs() {
        check(
            &[("one", 50.0, 100.0), ("two", 50.0, 130.0)],
            &["one", "two"],
        );
        check(
            &[("left col", 50.0, 300.0), ("right col", 320.0, 100.0)],
            &["left col", "right col"],
        );
    }
}
