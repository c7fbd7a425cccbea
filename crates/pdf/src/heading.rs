//! Headings told by the whole document: by its outline, and by the styles of headings that
//! are known.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::document::BlockKind;

use crate::article::Article;
use crate::flow::Para;
use crate::geometry::x_overlap;
use crate::kind::{self, Body};
use crate::page::Style;
use crate::unit::Unit;

/// Size in half points, weight, slant, font.
pub(crate) type Key = (u32, bool, bool, u16);
/// Styles of headings.
pub(crate) type Styles = BTreeSet<Key>;

/// The style of a paragraph.
pub(crate) fn key(para: &Para) -> Key {
    key_of(para.size, para.style)
}

pub(crate) fn key_of(size: f64, style: Style) -> Key {
    (
        (size * 2.0).round() as u32,
        style.bold,
        style.italic,
        style.font,
    )
}

/// The titles of the file's outline with their depths, in document order.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    entries: Vec<(String, u8)>,
    /// Places in `entries` by title.
    places: BTreeMap<String, Vec<usize>>,
    /// The length of the longest title, in bytes.
    longest: usize,
}

/// How much longer a heading is as printed, with its number, spaces and marks, in bytes.
const SPACES: usize = 100;

impl Outline {
    /// From depths with titles.
    pub(crate) fn new(titles: Vec<(u8, String)>) -> Self {
        let mut out = Self::default();
        for (depth, title) in titles {
            let title = bare(&title);
            if !title.is_empty() {
                out.longest = out.longest.max(title.len());
                let places = out.places.entry(title.clone()).or_default();
                places.push(out.entries.len());
                out.entries.push((title, depth));
            }
        }
        out
    }

    /// Whether the outline has a heading.
    pub(crate) fn has(&self, heading: &str) -> bool {
        heading.len() <= self.longest + SPACES && self.places.contains_key(&bare(heading))
    }

    /// The depth, from 1, of a heading that the outline has, and the place behind its entry.
    /// Headings such as `Results` come twice; the next one from `place` on is meant.
    pub(crate) fn depth(&self, heading: &str, place: usize) -> Option<(u8, usize)> {
        let places = self
            .has(heading)
            .then(|| self.places.get(&bare(heading)))??;
        let next = places.iter().copied().find(|p| *p >= place);
        let found = next.or_else(|| places.last().copied())?;
        Some((self.entries[found].1, (found + 1).max(place)))
    }
}

/// Letters and digits, lower case, without the number before them.
fn bare(title: &str) -> String {
    kind::strip_number(title)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Labels of front matter and of files, which are set like headings and head no section.
pub(crate) fn is_label(text: &str) -> bool {
    const LABELS: [&str; 34] = [
        "keyword",
        "key word",
        "index term",
        "citation",
        "correspond",
        "academic editor",
        "editor:",
        "edited by",
        "reviewed by",
        "received",
        "accepted",
        "published",
        "copyright",
        "doi",
        "https:",
        "http:",
        "how to cite",
        "cite this",
        "specialty section",
        "article info",
        "e-mail",
        "email",
        "tel",
        "fax",
        "additional file ",
        "note:",
        "notes:",
        "medical subject heading",
        "*correspond",
        "publication history",
        "available online",
        "关键词",
        "收稿日期",
        "作者简介",
    ];
    let lower = text.to_lowercase();
    LABELS.iter().any(|label| lower.starts_with(label)) || is_supplement(&lower)
}

/// `S1 Table. PRISMA checklist`: the caption of a file.
fn is_supplement(lower: &str) -> bool {
    let Some(rest) = lower.strip_prefix('s') else {
        return false;
    };
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < rest.len()
        && [
            "fig",
            "table",
            "file",
            "text",
            "appendix",
            "data",
            "movie",
            "video",
            "checklist",
        ]
        .iter()
        .any(|word| digits.trim_start().starts_with(word))
}

/// Statements that some journals print beside the abstract, as labels.
pub(crate) fn is_front_label(text: &str) -> bool {
    const LABELS: [&str; 8] = [
        "funding",
        "competing interest",
        "conflict",
        "data availab",
        "open access",
        "abbreviation",
        "declaration",
        "license",
    ];
    let lower = text.to_lowercase();
    LABELS.iter().any(|label| lower.starts_with(label))
}

/// Whether a section tells which author did what.
pub(crate) fn lists_authors(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    lower.starts_with("author") && lower.contains("contribution")
}

/// Styles of the headings that are known by name, number or outline.
pub(crate) fn styles(articles: &[Article], title: Option<usize>, outline: &Outline) -> Styles {
    let mut out = Styles::new();
    for (page, article) in articles.iter().enumerate() {
        for (number, unit) in article.units.iter().enumerate() {
            let text = &unit.para.text;
            let sure =
                kind::is_known(text) || kind::numbered_depth(text).is_some() || outline.has(text);
            let is_title = page == 0 && title == Some(number);
            if unit.kind == BlockKind::Heading && sure && !is_title && unit.para.style.font != 0 {
                out.insert(key(&unit.para));
            }
        }
    }
    out
}

/// Makes headings of paragraphs that the outline has or that are set like known headings,
/// and paragraphs of headings that head nothing.
pub(crate) fn settle(
    articles: &mut [Article],
    title: Option<usize>,
    outline: &Outline,
    body: &Body,
) {
    let styles: Styles = styles(articles, title, outline)
        .into_iter()
        .filter(|k| *k != key_of(body.size, body.style))
        .collect();
    let last = articles.len().saturating_sub(1);
    for (page, article) in articles.iter_mut().enumerate() {
        let title = title.filter(|_| page == 0);
        for number in 0..article.units.len() {
            let unit = &article.units[number];
            if Some(number) == title {
                continue;
            }
            let next = article.units[number + 1..].iter().find(|u| is_content(u));
            let like =
                styles.contains(&key(&unit.para)) && next.is_some_and(|n| stands_over(unit, n));
            let large = unit.para.size >= 0.85 * body.size;
            let outlined = large && outline.has(&unit.para.text);
            if may_head(unit) && (outlined || like) {
                article.units[number].kind = BlockKind::Heading;
            } else if unit.kind == BlockKind::Heading && is_label(&unit.para.text) {
                article.units[number].kind = BlockKind::Paragraph;
            }
        }
        quiet_lone(article, title, outline, page == last);
    }
}

fn may_head(unit: &Unit) -> bool {
    let text = &unit.para.text;
    matches!(
        unit.kind,
        BlockKind::Paragraph | BlockKind::Footnote | BlockKind::Heading
    ) && unit.para.lines <= 3
        && kind::reads_as_heading(text)
        && !text.ends_with(['.', ',', ';', ':'])
        && !is_label(text)
        && !kind::is_article_type(text)
}

fn is_content(unit: &Unit) -> bool {
    !matches!(unit.kind, BlockKind::Header | BlockKind::Footer)
}

/// Whether one unit stands right over text in another style.
fn stands_over(unit: &Unit, next: &Unit) -> bool {
    let gap = next.para.bbox[1] - unit.para.bbox[3];
    key(&unit.para) != key(&next.para)
        && x_overlap(unit.para.bbox, next.para.bbox) > 0.5
        && (-0.3 * unit.para.size..2.5 * unit.para.size).contains(&gap)
}

/// A heading with nothing behind it, high on its page or on the last one, heads nothing: a
/// date, a badge.
fn quiet_lone(article: &mut Article, title: Option<usize>, outline: &Outline, last: bool) {
    let bottom = article
        .units
        .iter()
        .map(|u| u.para.bbox[3])
        .fold(0.0, f64::max);
    let mut heads_something = false;
    for (number, unit) in article.units.iter_mut().enumerate().rev() {
        if !is_content(unit) || Some(number) == title {
            continue;
        }
        let text = &unit.para.text;
        let sure = kind::is_known(text)
            || outline.has(text)
            || (!last && unit.para.bbox[1] > 0.7 * bottom);
        if unit.kind == BlockKind::Heading && !sure && !heads_something {
            unit.kind = BlockKind::Paragraph;
        } else {
            heads_something = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_no_headings() {
        let check = |text: &str, expect| assert_eq!(is_label(text), expect, "{text}");
        check("Keywords: spine, canal", true);
        check("Received: 24 October 2017", true);
        check("S1 Table. PRISMA checklist", true);
        check("Additional file 3", true);
        check("Additional files", false);
        check("S1 nerve root", false);
        check("Spinal canal", false);
    }

    #[test]
    fn an_outline_is_walked_in_order() {
        let titles = [
            (1, "Abstract"),
            (2, "Results"),
            (1, "2. Results"),
            (2, "Pain\u{a0}scores"),
        ];
        let outline = Outline::new(titles.map(|(d, t)| (d, t.to_owned())).to_vec());
        assert!(outline.has("2.1 Pain scores") && !outline.has("Pain"));
        let (first, place) = outline.depth("Results:", 0).expect("an entry");
        let (second, place) = outline.depth("3. Results", place).expect("an entry");
        assert_eq!((first, second), (2, 1));
        assert_eq!(outline.depth("Abstract", place), Some((1, place)));
    }
}
