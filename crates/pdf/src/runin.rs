//! Headings that run into their paragraph: "**Study selection.** Two reviewers …".

use std::collections::BTreeMap;

use spinemed_core::document::BlockKind;

use crate::article::Article;
use crate::geometry::union;
use crate::heading::{self, Key, Outline};
use crate::kind::{self, Body};
use crate::lead::{Lead, alike, cut};
use crate::line::Line;
use crate::page::Style;
use crate::sheet::Sheet;
use crate::text::{self, Lexicon};
use crate::unit::Unit;

/// The longest run-in heading, in characters.
const LONGEST: usize = 220;
/// How much text must follow it, in characters.
const TEXT_BEHIND: usize = 20;

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
