//! The beginnings of paragraphs that are set in a style of their own.

use crate::line::{Line, Span};
use crate::page::Style;
use crate::text::{self, Lexicon};

/// The most lines that a heading fills.
const MAX_LINES: usize = 5;
/// Letters behind a heading that are looked at for the text's own style.
const LOOK: usize = 24;

/// The beginning of a paragraph that may be a heading.
pub(crate) struct Lead {
    pub heading: String,
    pub rest: String,
    /// Lines that the heading reaches into.
    pub lines: usize,
    /// Whether it ends within the last of these.
    pub within: bool,
    /// Its right edge there.
    pub x1: f64,
    pub style: Style,
    pub size: f64,
    /// The text's style behind it.
    pub after: Style,
    /// Whether a full stop or colon ends it.
    pub marked: bool,
}

/// Finds the end of the style that a paragraph begins in.
pub(crate) fn cut(lines: &[&Line], lexicon: &Lexicon) -> Option<Lead> {
    let spans: Vec<(usize, Span, usize)> = lines
        .iter()
        .take(MAX_LINES + 1)
        .enumerate()
        .flat_map(|(number, line)| {
            let ends = line.spans.iter().skip(1).map(|s| s.at).chain([line.chars]);
            line.spans
                .iter()
                .zip(ends)
                .map(move |(span, end)| (number, *span, end.saturating_sub(span.at)))
        })
        .collect();
    let style = style_of_words(lines, &spans)?;
    let mut inside = 0;
    let mut outside = 0;
    for (place, (_, span, letters)) in spans.iter().enumerate() {
        if alike(span.style, style) {
            inside += letters;
            let (after_line, after, _) = spans.get(place + 1)?;
            if !alike(after.style, style)
                && own_style_ends(&spans[place + 1..], style)
                && let Some(lead) = lead_at(lines, (*after_line, *after), span, style, lexicon)
            {
                return Some(lead);
            }
        } else {
            outside += letters;
            // A word in another style may stand in a heading, but not half of it.
            if outside > 6 + inside / 2 {
                return None;
            }
        }
    }
    None
}

/// The style of the first words; a number before them may have another.
fn style_of_words(lines: &[&Line], spans: &[(usize, Span, usize)]) -> Option<Style> {
    let first = lines.first()?;
    let number = first
        .text
        .chars()
        .filter(|c| !c.is_whitespace())
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .count();
    let words = spans.iter().find(|(_, s, n)| s.at + n > number);
    words.map(|(_, s, _)| s.style)
}

/// Whether two styles are one to the eye: weight and slant, or, where neither is set, font.
pub(crate) fn alike(a: Style, b: Style) -> bool {
    let plain = !a.bold && !a.italic;
    a.bold == b.bold && a.italic == b.italic && (!plain || a.font == b.font)
}

/// Whether the letters that come next are the text's: three quarters of them in other styles.
fn own_style_ends(next: &[(usize, Span, usize)], style: Style) -> bool {
    let (mut seen, mut other) = (0, 0);
    for (_, span, letters) in next {
        let take = (*letters).min(LOOK - seen);
        seen += take;
        other += if alike(span.style, style) { 0 } else { take };
        if seen == LOOK {
            break;
        }
    }
    other * 4 >= seen * 3 && seen > 0
}

/// The heading that ends before a span, where it ends as one.
fn lead_at(
    lines: &[&Line],
    (number, after): (usize, Span),
    last: &Span,
    style: Style,
    lexicon: &Lexicon,
) -> Option<Lead> {
    let (heading, mark, rest, spaced) = parted(lines, number, after.at, lexicon);
    let marked = mark || heading.ends_with(is_mark);
    let begins = rest.starts_with(|c: char| {
        !c.is_lowercase() && (c.is_alphanumeric() || matches!(c, '(' | '\u{201c}' | '"'))
    });
    let within = after.at > 0;
    let at_line_end = !within && begins && !heading.ends_with([',', '-', ';']);
    let bold = style.bold && !after.style.bold && begins;
    ((marked || at_line_end || bold) && (spaced || bold)).then_some(Lead {
        heading,
        rest,
        lines: if within { number + 1 } else { number },
        within,
        x1: after.x,
        style,
        size: last.size,
        after: after.style,
        marked: marked || at_line_end,
    })
}

/// A paragraph parted at a letter of one of its lines: what stands before, whether a mark was
/// dropped there, what stands behind, and whether a space parted the two.
fn parted(
    lines: &[&Line],
    number: usize,
    letter: usize,
    lexicon: &Lexicon,
) -> (String, bool, String, bool) {
    let (head, tail) = at_letter(&lines[number].text, letter);
    let mut heading = joined(&lines[..number], lexicon);
    if !head.is_empty() {
        text::join(&mut heading, head.trim_end(), lexicon);
    }
    // A full stop or colon in the text's own style belongs to the heading.
    let first = tail.chars().next();
    let mark = first.filter(|c| is_mark(*c) && !heading.ends_with(is_mark));
    let behind = mark.map_or(tail, |c| &tail[c.len_utf8()..]);
    let mut rest = behind.trim_start().to_owned();
    for next in &lines[number + 1..] {
        text::join(&mut rest, &next.text, lexicon);
    }
    let spaced = behind.len() != behind.trim_start().len()
        || head.ends_with(' ')
        || behind.is_empty()
        || letter == 0
        || rest.starts_with(text::is_cjk);
    (heading, mark.is_some(), rest, spaced)
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '.' | ':' | '?' | '\u{3002}' | '\u{ff1a}' | '\u{2014}' | '\u{2013}'
    )
}

/// A text before and behind so many letters; spaces do not count.
fn at_letter(text: &str, letters: usize) -> (&str, &str) {
    let place = text
        .char_indices()
        .filter(|(_, c)| !c.is_whitespace())
        .nth(letters)
        .map_or(text.len(), |(at, _)| at);
    text.split_at(place)
}

fn joined(lines: &[&Line], lexicon: &Lexicon) -> String {
    let mut out = String::new();
    for line in lines {
        text::join(&mut out, &line.text, lexicon);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::tests::line;

    const BOLD: Style = Style {
        bold: true,
        italic: false,
        font: 2,
    };

    /// Lines whose letters are bold up to a letter of the last.
    fn check(texts: &[&str], letters: usize, expect: Option<(&str, &str)>) {
        let mut lines: Vec<Line> = texts.iter().map(|t| line(t, 50.0, 100.0)).collect();
        let last = lines.len() - 1;
        for (number, line) in lines.iter_mut().enumerate() {
            line.chars = line.text.chars().filter(|c| !c.is_whitespace()).count();
            line.spans[0].style = BOLD;
            if number == last {
                let plain = Span {
                    at: letters,
                    style: Style::default(),
                    ..line.spans[0]
                };
                if letters == 0 {
                    line.spans.clear();
                }
                line.spans.push(plain);
            }
        }
        let lines: Vec<&Line> = lines.iter().collect();
        let found = cut(&lines, &Lexicon::default());
        let found = found
            .as_ref()
            .map(|l| (l.heading.as_str(), l.rest.as_str()));
        assert_eq!(found, expect);
    }

    #[test]
    fn a_style_of_its_own_ends_with_the_heading() {
        let text = "Two reviewers read every abstract";
        check(
            &[&format!("Study selection. {text}")],
            15,
            Some(("Study selection.", text)),
        );
        // The full stop is set like the text.
        check(
            &[&format!("Study selection. {text}")],
            14,
            Some(("Study selection", text)),
        );
        check(
            &["Study selection", text],
            0,
            Some(("Study selection", text)),
        );
        check(
            &["Study", &format!("selection. {text}")],
            10,
            Some(("Study selection.", text)),
        );
        // A bold word in a sentence.
        check(&["Pain was the most frequent symptom of all"], 4, None);
    }
}
