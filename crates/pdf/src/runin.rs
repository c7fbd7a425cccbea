//! Headings that run into their paragraph: "**Study selection.** Two reviewers …".

use std::collections::BTreeMap;

use spinemed_core::document::BlockKind;

use crate::article::{Article, Unit};
use crate::geometry::union;
use crate::heading::{self, Key, Outline};
use crate::kind::{self, Body};
use crate::line::{Line, Span};
use crate::page::Style;
use crate::sheet::Sheet;
use crate::text::{self, Lexicon};

/// The longest run-in heading, in characters.
const LONGEST: usize = 220;
/// The most lines that it fills.
const MAX_LINES: usize = 5;
/// How much text must follow it, in characters.
const TEXT_BEHIND: usize = 20;
/// Letters behind a heading that are looked at for the text's own style.
const LOOK: usize = 24;

/// The beginning of a paragraph that may be a heading.
struct Lead {
    heading: String,
    rest: String,
    /// Lines that the heading reaches into.
    lines: usize,
    /// Whether it ends within the last of these.
    within: bool,
    /// Its right edge there.
    x1: f64,
    style: Style,
    size: f64,
    /// The text's style behind it.
    after: Style,
    /// Whether a full stop or colon ends it.
    marked: bool,
}

/// Parts run-in headings from their paragraphs, on all pages. Entries of a reference list
/// begin in a style of their own as well and are left alone.
pub(crate) fn split(
    articles: &mut [Article],
    sheets: &[Sheet],
    title: Option<usize>,
    outline: &Outline,
    body: &Body,
    lexicon: &Lexicon,
) {
    let mut finder = Finder {
        lexicon,
        body: body.style,
        outline,
        styles: heading::styles(articles, title, outline),
        counts: BTreeMap::new(),
    };
    let found = finder.find(articles, sheets, title);
    for ((page, number), lead) in found.into_iter().rev() {
        if finder.believes(&lead) {
            part(&mut articles[page], number, lead, &sheets[page]);
        }
    }
}

struct Finder<'a> {
    lexicon: &'a Lexicon,
    /// The style of running text.
    body: Style,
    outline: &'a Outline,
    /// Styles of headings that stand alone.
    styles: heading::Styles,
    /// How often each style leads a paragraph.
    counts: BTreeMap<(bool, bool, u16), usize>,
}

impl Finder<'_> {
    /// Beginnings of paragraphs outside the reference list that look like headings.
    fn find(
        &mut self,
        articles: &[Article],
        sheets: &[Sheet],
        title: Option<usize>,
    ) -> Vec<((usize, usize), Lead)> {
        let mut out = Vec::new();
        let mut references: Option<Key> = None;
        // Names of roles stand in bold before the names of authors.
        let mut roles = false;
        let one_page = articles.len() < 2;
        for (page, (article, sheet)) in articles.iter().zip(sheets).enumerate() {
            let front = page == 0 && !one_page;
            for (number, unit) in article.units.iter().enumerate() {
                if unit.kind == BlockKind::Heading && !(page == 0 && title == Some(number)) {
                    let key = heading::key(&unit.para);
                    roles = heading::lists_authors(&unit.para.text);
                    if kind::opens_references(&unit.para.text) {
                        references = Some(key);
                    } else if references.is_some_and(|opened| key == opened) {
                        references = None;
                    }
                }
                let asked = references.is_none() && !roles && may_lead(unit);
                if let Some(lead) = asked.then(|| self.lead(unit, sheet)).flatten()
                    && !(front && heading::is_front_label(&lead.heading))
                {
                    *self.counts.entry(count_key(lead.style)).or_default() += 1;
                    out.push(((page, number), lead));
                }
            }
        }
        out
    }

    fn lead(&self, unit: &Unit, sheet: &Sheet) -> Option<Lead> {
        let lines: Vec<&Line> = unit
            .para
            .members
            .iter()
            .filter_map(|&n| sheet.lines.get(n))
            .collect();
        let lead = cut(&lines, self.lexicon)?;
        let fits = reads_as_heading(&lead.heading)
            && !alike(lead.style, self.body)
            && lead.rest.chars().count() >= TEXT_BEHIND
            && !heading::is_label(&lead.heading);
        fits.then_some(lead)
    }

    /// Bold beginnings speak for themselves; a slant or a font of its own must come again, or
    /// be known as a heading's.
    fn believes(&self, lead: &Lead) -> bool {
        let key = heading::key_of(lead.size, lead.style);
        let known = kind::is_known(&lead.heading)
            || self.outline.has(&lead.heading)
            || self.styles.contains(&key);
        let again = self
            .counts
            .get(&count_key(lead.style))
            .is_some_and(|&n| n >= 2);
        let bold = lead.style.bold && !lead.after.bold;
        let italic = lead.style.italic && !lead.after.italic;
        let numbered = kind::numbered_depth(&lead.heading).is_some();
        known || (lead.marked && (bold || (italic && (again || numbered))))
    }
}

fn count_key(style: Style) -> (bool, bool, u16) {
    (style.bold, style.italic, style.font)
}

fn may_lead(unit: &Unit) -> bool {
    matches!(
        unit.kind,
        BlockKind::Paragraph | BlockKind::Heading | BlockKind::Footnote
    ) && !unit.para.members.is_empty()
}

fn reads_as_heading(lead: &str) -> bool {
    let letters = lead.chars().filter(|c| c.is_alphabetic()).count();
    let bare = kind::strip_number(lead);
    let long_enough = letters >= 4 || bare.chars().any(text::is_cjk) && letters >= 2;
    long_enough
        && lead.chars().count() <= LONGEST
        && bare.starts_with(|c: char| c.is_uppercase() || text::is_cjk(c))
        && !lead.contains(['@', '=', '≥'])
}

/// Finds the end of the style that a paragraph begins in.
fn cut(lines: &[&Line], lexicon: &Lexicon) -> Option<Lead> {
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
            let Some((after_line, after, _)) = spans.get(place + 1) else {
                return None;
            };
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
fn alike(a: Style, b: Style) -> bool {
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
    let line = lines[number];
    let (head, tail) = at_letter(&line.text, after.at);
    let mut heading = joined(&lines[..number], lexicon);
    if !head.is_empty() {
        text::join(&mut heading, head.trim_end(), lexicon);
    }
    // A full stop or colon in the text's own style belongs to the heading.
    let mark = tail
        .chars()
        .next()
        .filter(|c| is_mark(*c) && !heading.ends_with(is_mark));
    let rest_of_line = mark.map_or(tail, |c| &tail[c.len_utf8()..]);
    let mut rest = rest_of_line.trim_start().to_owned();
    for next in &lines[number + 1..] {
        text::join(&mut rest, &next.text, lexicon);
    }
    let marked = mark.is_some() || heading.ends_with(is_mark);
    let begins = rest.starts_with(|c: char| {
        !c.is_lowercase() && (c.is_alphanumeric() || matches!(c, '(' | '“' | '"'))
    });
    let at_line_end = after.at == 0 && begins && !heading.ends_with([',', '-', ';']);
    let bold = style.bold && !after.style.bold && begins;
    let spaced = rest_of_line.len() != rest_of_line.trim_start().len()
        || head.ends_with(' ')
        || rest_of_line.is_empty()
        || after.at == 0
        || rest.starts_with(text::is_cjk);
    ((marked || at_line_end || bold) && (spaced || bold)).then(|| Lead {
        heading,
        rest,
        lines: if after.at == 0 { number } else { number + 1 },
        within: after.at > 0,
        x1: after.x,
        style,
        size: last.size,
        after: after.style,
        marked: marked || at_line_end,
    })
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

/// Puts a heading and the rest of its paragraph in the paragraph's place.
fn part(article: &mut Article, number: usize, lead: Lead, sheet: &Sheet) {
    let unit = &article.units[number];
    let (mut heading, mut rest) = (unit.clone(), unit.clone());
    heading.kind = BlockKind::Heading;
    rest.kind = BlockKind::Paragraph;
    let para = &mut heading.para;
    para.members.truncate(lead.lines);
    para.bbox = boxed(&para.members, sheet).unwrap_or(para.bbox);
    if lead.lines == 1 && lead.within {
        para.bbox[2] = lead.x1.clamp(para.bbox[0], para.bbox[2]);
    }
    para.chars = letters(&lead.heading);
    para.lines = lead.lines;
    (para.text, para.style, para.lead, para.size) =
        (lead.heading, lead.style, lead.style, lead.size);
    let para = &mut rest.para;
    para.members.drain(..lead.lines - usize::from(lead.within));
    para.bbox = boxed(&para.members, sheet).unwrap_or(para.bbox);
    para.chars = letters(&lead.rest);
    para.lines = para.members.len().max(1);
    (para.text, para.style, para.lead) = (lead.rest, Style::default(), lead.after);
    article.units[number] = rest;
    article.units.insert(number, heading);
    for figure in &mut article.figures {
        figure.caption = figure.caption.map(|c| c + usize::from(c >= number));
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

fn boxed(members: &[usize], sheet: &Sheet) -> Option<spinemed_core::locator::PageBox> {
    let boxes = members.iter().filter_map(|&n| sheet.lines.get(n));
    boxes.map(|line| line.bbox).reduce(union)
}
