//! What a paragraph is, by its type and its words.

use std::collections::BTreeMap;

use crate::caption::{self, Label};
use crate::flow::{Para, is_capitals};
use crate::line::Line;
use crate::list::is_bullet;
use crate::page::Style;
use crate::text;

/// The type that most of a document is set in.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Body {
    pub size: f64,
    pub style: Style,
}

/// A paragraph's kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Caption(Label),
    Heading,
    List,
    Footnote,
    /// The address of a figure or table.
    Address,
    Paragraph,
}

/// The size and style of most letters.
pub(crate) fn body<'a>(lines: impl Iterator<Item = &'a Line>) -> Body {
    let mut votes: BTreeMap<(u32, Style), usize> = BTreeMap::new();
    for line in lines {
        *votes
            .entry(((line.size * 4.0).round() as u32, line.style))
            .or_default() += line.chars;
    }
    let best = votes.into_iter().max_by_key(|(_, n)| *n);
    best.map_or_else(Body::default, |((size, style), _)| Body {
        size: f64::from(size) / 4.0,
        style,
    })
}

/// What a paragraph is. `place` is its height on the page, 0 at the top and 1 at the bottom.
pub(crate) fn classify(para: &Para, body: &Body, place: f64) -> Kind {
    if text::is_object_address(&para.text) {
        Kind::Address
    } else if let Some(label) = caption_label(para, body) {
        Kind::Caption(label)
    } else if is_heading(para, body) {
        Kind::Heading
    } else if is_bullet(&para.text) {
        Kind::List
    } else if para.size < 0.9 * body.size && place > 0.7 && para.chars > 20 {
        Kind::Footnote
    } else {
        Kind::Paragraph
    }
}

/// Where the grammar is not sure, the type must speak for a caption: a bold label, smaller
/// letters, or a paragraph too short for running text.
fn caption_label(para: &Para, body: &Body) -> Option<Label> {
    let label = caption::parse(&para.text)?;
    let set_apart = (para.lead.bold && !body.style.bold) || para.size < 0.96 * body.size;
    (label.sure || set_apart || para.chars < 120).then_some(label)
}

fn is_heading(para: &Para, body: &Body) -> bool {
    let count = para.text.chars().count();
    if para.lines > 4 || !(3..=220).contains(&count) || !reads_as_heading(&para.text) {
        return false;
    }
    let larger = para.size >= 1.08 * body.size;
    let heavier = para.style.bold && !body.style.bold && para.size >= 0.9 * body.size;
    // Light signs: a slant, or a font of its own. They count for short lines alone.
    let light = (para.style.italic && !body.style.italic)
        || (para.style.font != 0 && para.style.font != body.style.font);
    let light = light
        && para.lines <= 2
        && count <= 110
        && para.size >= 0.92 * body.size
        && !para.text.ends_with(['.', ':', '-']);
    let capitals = is_capitals(&para.text) && para.lines <= 2 && para.size >= 0.85 * body.size;
    let known = is_known(&para.text) && para.size >= 0.7 * body.size;
    known || ((larger || heavier || light || capitals) && !ends_as_text(&para.text, count))
}

/// Headings start with a capital, a Chinese character or a number before one, and are words.
pub(crate) fn reads_as_heading(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let first = text.chars().find(|c| c.is_alphabetic());
    letters >= 3
        && letters * 2 >= text.chars().filter(|c| !c.is_whitespace()).count()
        && first.is_some_and(|c| !c.is_lowercase() || ('α'..='ω').contains(&c))
        && !is_bullet(text)
        && !(text.starts_with('(') && text.ends_with(')'))
        && !text.contains('@')
}

fn ends_as_text(text: &str, count: usize) -> bool {
    (text.ends_with(['.', ',', ';', '\u{3002}', '\u{ff0c}']) && count > 60)
        || text.ends_with([',', ';'])
}

/// Headings that every journal has, also where they are set like text.
pub(crate) fn is_known(text: &str) -> bool {
    const KNOWN: [&str; 32] = [
        "abstract",
        "introduction",
        "background",
        "methods",
        "materials and methods",
        "patients and methods",
        "results",
        "discussion",
        "conclusion",
        "conclusions",
        "references",
        "bibliography",
        "acknowledgements",
        "acknowledgments",
        "funding",
        "abbreviations",
        "case report",
        "case presentation",
        "limitations",
        "appendix",
        "conflict of interest",
        "competing interests",
        "摘要",
        "引言",
        "前言",
        "方法",
        "资料与方法",
        "结果",
        "讨论",
        "结论",
        "参考文献",
        "病例报告",
    ];
    let bare = strip_number(text)
        .trim_end_matches([':', '.', '：'])
        .to_lowercase();
    KNOWN.contains(&bare.as_str())
}

/// Whether a line is the label that journals print above a title.
pub(crate) fn is_article_type(text: &str) -> bool {
    const TYPES: [&str; 13] = [
        "research article",
        "research paper",
        "review article",
        "original article",
        "original research",
        "article",
        "review",
        "case report",
        "case reports",
        "systematic review",
        "clinical study",
        "open access",
        "short communication",
    ];
    TYPES.contains(&text.to_lowercase().as_str())
}

/// Whether a heading opens the reference list.
pub(crate) fn opens_references(text: &str) -> bool {
    const NAMES: [&str; 7] = [
        "references",
        "reference",
        "bibliography",
        "literature cited",
        "works cited",
        "references and notes",
        "参考文献",
    ];
    let bare = strip_number(text)
        .trim_end_matches([':', '.', '：'])
        .to_lowercase();
    NAMES.contains(&bare.as_str())
}

/// A heading without `2.1.`, `IV.` or `三、` before it.
pub(crate) fn strip_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = if rest.len() == text.len() {
        text.split_once(['、', '．']).map_or(text, |(head, rest)| {
            if head.chars().all(|c| "一二三四五六七八九十".contains(c)) {
                rest
            } else {
                text
            }
        })
    } else {
        rest
    };
    rest.trim_start()
}

/// The depth that a heading's own number states: `2.1. Search` is 2.
pub(crate) fn numbered_depth(text: &str) -> Option<u8> {
    let number: &str = text.split(' ').next()?;
    let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
    let good = parts.len() <= 5
        && parts
            .iter()
            .all(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
        && number.len() < text.len();
    good.then_some(parts.len() as u8)
}

/// How headings are ranked: larger, heavier, capitals before lower case, upright before italic.
pub(crate) fn rank_key(para: &Para) -> (u32, bool, bool, bool, u16) {
    let halves = (para.size * 2.0).round() as u32;
    (
        u32::MAX - halves,
        !para.style.bold,
        !is_capitals(&para.text),
        para.style.italic,
        para.style.font,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{paragraphs, tests::line};
    use crate::text::Lexicon;

    fn kind_of(text: &str, size: f64, bold: bool) -> Kind {
        let style = Style {
            bold,
            ..Style::default()
        };
        let line = Line {
            size,
            style,
            lead: style,
            ..line(text, 50.0, 100.0)
        };
        let para = paragraphs(&[(0, &line)], &Lexicon::default()).remove(0);
        classify(
            &para,
            &Body {
                size: 10.0,
                style: Style::default(),
            },
            0.3,
        )
    }

    #[test]
    fn type_and_words_make_headings() {
        let check = |text: &str, size: f64, bold: bool, expect: Kind| {
            assert_eq!(kind_of(text, size, bold), expect, "{text}");
        };
        check("Lumbar stenosis", 14.0, false, Kind::Heading);
        check("Lumbar stenosis", 10.0, true, Kind::Heading);
        check("Lumbar stenosis", 10.0, false, Kind::Paragraph);
        check("2. Methods", 10.0, false, Kind::Heading);
        check("SURGICAL TECHNIQUE", 10.0, false, Kind::Heading);
        check("p = 0.05, n = 12", 10.0, true, Kind::Paragraph);
        check("and then the pain rose", 10.0, true, Kind::Paragraph);
        check("• pain at night", 10.0, false, Kind::List);
        assert!(matches!(
            kind_of("Fig. 1 Flow of patients", 8.0, false),
            Kind::Caption(_)
        ));
    }

    #[test]
    fn numbers_state_depth() {
        assert_eq!(numbered_depth("2.1. Search"), Some(2));
        assert_eq!(numbered_depth("3 Results"), Some(1));
        assert_eq!(numbered_depth("2019 was a year"), None);
        assert_eq!(strip_number("三、讨论"), "讨论");
        assert!(opens_references("5. References"));
    }
}
