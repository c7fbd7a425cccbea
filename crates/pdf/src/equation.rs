//! Displayed equations: lines of signs that stand apart from running text.

use spinemed_core::locator::PageBox;

use crate::geometry::{gap, union, x_overlap};
use crate::line::Line;

/// An equation found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Equation {
    pub bbox: PageBox,
    /// As the stream draws it; fractions and indices are not put back.
    pub text: String,
    /// Its lines, by number.
    pub members: Vec<usize>,
}

/// Signs of which a displayed equation has one.
const RELATIONS: &str = "=≈≅≃≤≥∝∑∏∫√≡≠⟶→⇌↔";
/// A page of more lines is no text; each equation looks at all of them.
const MAX_LINES: usize = 3_000;
/// How far running text is looked for, in points.
const NEIGHBOURHOOD: f64 = 90.0;
/// The share of letters in words above which a line is running text.
const MOST_WORDS: f64 = 0.6;

/// The equations among lines. Fractions and limits drawn as lines of their own are taken in.
pub(crate) fn find(lines: &[(usize, &Line)]) -> Vec<Equation> {
    let mut out: Vec<Equation> = Vec::new();
    let related = |l: &Line| l.text.contains(|c| RELATIONS.contains(c));
    if lines.len() > MAX_LINES || !lines.iter().any(|(_, l)| related(l)) {
        return out;
    }
    let prose: Vec<&Line> = lines
        .iter()
        .map(|(_, l)| *l)
        .filter(|l| l.text.len() >= 35 && share_of_words(&l.text) > MOST_WORDS)
        .collect();
    for &(number, line) in lines {
        let known = || out.iter().any(|e| e.members.contains(&number));
        if !related(line) || known() || !is_core(line, lines, &prose) {
            continue;
        }
        let (mut members, bbox) = whole((number, line), lines, &prose);
        members.sort_unstable();
        let texts = lines.iter().filter(|(n, _)| members.contains(n));
        let texts: Vec<&str> = texts.map(|(_, l)| l.text.as_str()).collect();
        out.push(Equation {
            bbox,
            text: texts.join(" "),
            members,
        });
    }
    out
}

/// An equation's lines, from the one that shows it, and the box around them.
fn whole(
    (number, core): (usize, &Line),
    lines: &[(usize, &Line)],
    prose: &[&Line],
) -> (Vec<usize>, PageBox) {
    let (mut members, mut bbox) = (vec![number], core.bbox);
    loop {
        let before = members.len();
        for &(other, part) in lines {
            if !members.contains(&other) && belongs(part, bbox, core, prose) {
                members.push(other);
                bbox = union(bbox, part.bbox);
            }
        }
        if members.len() == before {
            return (members, bbox);
        }
    }
}

/// Whether a line alone shows that it is an equation: few words, and a place
/// apart, indented or with an equation's number behind it. The line has a relation.
fn is_core(line: &Line, lines: &[(usize, &Line)], prose: &[&Line]) -> bool {
    let words = share_of_words(&line.text);
    // Names of quantities are words too, but no sentence is made of them.
    let sentence = words > MOST_WORDS && (words > 0.9 || longest_run(&line.text) > 2);
    if sentence || line.chars < 3 {
        return false;
    }
    let Some((left, right)) = column(line, prose) else {
        return numbered(line);
    };
    let indent = line.bbox[0] - left;
    let short = line.bbox[2] < right - line.size;
    let deep = if words > 0.3 { 1.5 } else { 1.2 } * line.size;
    (numbered(line) && indent > -line.size)
        || (indent > deep && short && !ends_as_text(&line.text) && !in_paragraph(line, lines))
}

/// Whether another line of text begins at the same edge right above or below.
fn in_paragraph(line: &Line, lines: &[(usize, &Line)]) -> bool {
    lines.iter().any(|(_, l)| {
        let far = (l.baseline - line.baseline).abs();
        l.text.len() >= 30
            && far > 0.5 * line.size
            && far < 1.7 * line.size
            && (l.bbox[0] - line.bbox[0]).abs() < 0.6 * line.size
    })
}

/// The most words of two letters and more in a row.
fn longest_run(text: &str) -> usize {
    let is_word = |w: &str| w.chars().count() >= 2 && w.chars().all(char::is_alphabetic);
    let runs = text.split(' ').scan(0, |run, word| {
        *run = if is_word(word) { *run + 1 } else { 0 };
        Some(*run)
    });
    runs.max().unwrap_or(0)
}

/// A line that ends a sentence in words is the end of a paragraph.
fn ends_as_text(text: &str) -> bool {
    let last = text.rsplit(' ').next().unwrap_or_default();
    text.ends_with(['.', ';', ',']) && last.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// A part of the equation above or below its first line: near, short of words, not at the
/// column's left edge.
fn belongs(part: &Line, bbox: PageBox, core: &Line, prose: &[&Line]) -> bool {
    let beside = part.bbox[3].min(bbox[3]) - part.bbox[1].max(bbox[1]) > 0.2 * core.size;
    gap(bbox, part.bbox) < 0.6 * core.size
        && (beside || x_overlap(bbox, part.bbox) > 0.3)
        && part.text.chars().count() <= 60
        && share_of_words(&part.text) <= 0.4
        && column(part, prose).is_none_or(|(left, _)| part.bbox[0] > left + core.size)
}

/// The edges of the running text around a line.
fn column(line: &Line, prose: &[&Line]) -> Option<(f64, f64)> {
    let near = prose.iter().filter(|l| {
        (l.baseline - line.baseline).abs() < NEIGHBOURHOOD && x_overlap(l.bbox, line.bbox) > 0.5
    });
    let edges = near.map(|l| (l.bbox[0], l.bbox[2]));
    edges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The share of signs that stand in words of two letters and more.
fn share_of_words(text: &str) -> f64 {
    let all = text.chars().filter(|c| !c.is_whitespace()).count();
    let in_words: usize = text
        .split(|c: char| !c.is_alphabetic())
        .map(|word| word.chars().count())
        .filter(|n| *n >= 2)
        .sum();
    in_words as f64 / all.max(1) as f64
}

/// Whether a line ends in an equation's number, apart from the rest: `(3)`.
fn numbered(line: &Line) -> bool {
    let [first, .., last] = line.cells.as_slice() else {
        return false;
    };
    let inner = last
        .text
        .trim()
        .strip_prefix('(')
        .and_then(|t| t.strip_suffix(')'));
    let number = |t: &str| {
        (1..=5).contains(&t.len())
            && t.starts_with(|c: char| c.is_ascii_digit())
            && t.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    inner.is_some_and(number) && last.x0 - first.x1 > 1.5 * line.size
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::tests::line;

    fn check(rows: &[(&str, f64, f64)], expect: &[&str]) {
        let lines: Vec<Line> = rows.iter().map(|(t, x, y)| line(t, *x, *y)).collect();
        let numbered: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        let found: Vec<String> = find(&numbered).into_iter().map(|e| e.text).collect();
        assert_eq!(found, expect);
    }

    const ABOVE: (&str, f64, f64) = (
        "The share of inhibition is worked out as follows:",
        50.0,
        100.0,
    );

    #[test]
    fn lines_apart_with_a_relation_are_equations() {
        check(
            &[ABOVE, ("I = (A0 − A1) / A0 × 100", 100.0, 118.0)],
            &["I = (A0 − A1) / A0 × 100"],
        );
        check(
            &[ABOVE, ("Inhibition (%) = (A0 − A1) / A0", 90.0, 118.0)],
            &["Inhibition (%) = (A0 − A1) / A0"],
        );
        let fraction = [
            ABOVE,
            ("A0 − A1", 118.0, 116.0),
            ("I =", 100.0, 123.0),
            ("A0", 130.0, 130.0),
        ];
        check(&fraction, &["A0 − A1 I = A0"]);
    }

    #[test]
    fn running_text_is_none() {
        check(
            &[ABOVE, ("In this case p = 0.05 was taken.", 62.0, 118.0)],
            &[],
        );
        check(&[ABOVE, ("p = 0.05).", 50.0, 112.0)], &[]);
        check(&[ABOVE, ("L4/L5 12 (7)", 100.0, 118.0)], &[]);
    }
}
