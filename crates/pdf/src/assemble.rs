//! Pages to a document: blocks with ids, depths, sections; paragraphs that run over columns.

use std::collections::BTreeMap;

use spinemed_core::document::{Block, BlockKind};

use crate::article::Article;
use crate::depth::Depths;
use crate::flow::Para;
use crate::geometry::{rounded, union, width};
use crate::heading::{self, Outline};
use crate::kind::{self, Body};
use crate::reference::{entry_number, entry_starts};
use crate::runin;
use crate::sheet::Sheet;
use crate::text::{self, Lexicon};
use crate::title::{quiet_front_matter, title_unit};
use crate::unit::Unit;

/// The blocks of all pages, and for each page's unit the id of the block it went into.
#[derive(Debug, Default)]
pub(crate) struct Assembled {
    pub blocks: Vec<Block>,
    pub title: Option<String>,
    /// By page and unit.
    pub ids: BTreeMap<(usize, usize), String>,
}

/// Builds the blocks. `articles` belong to `sheets` one to one.
pub(crate) fn blocks(
    sheets: &[Sheet],
    articles: &mut [Article],
    labels: &[Option<String>],
    outline: &Outline,
    body: &Body,
    lexicon: &Lexicon,
) -> Assembled {
    let title = match (sheets.first(), articles.first_mut()) {
        (Some(sheet), Some(article)) if sheet.index == 0 => title_unit(article, sheet, body),
        _ => None,
    };
    heading::settle(articles, title, outline, body);
    if let (Some(_), Some(article)) = (title, articles.first_mut()) {
        quiet_front_matter(article, title);
    }
    runin::split(articles, sheets, title, outline, body, lexicon);
    let depths = Depths::new(articles, title, outline);
    let mut build = Build {
        out: Assembled::default(),
        section: Vec::new(),
        references: None,
        numbered: false,
        open: None,
        lexicon,
        labels,
        depths,
    };
    for (page, (sheet, article)) in sheets.iter().zip(articles.iter()).enumerate() {
        for (number, unit) in article.units.iter().enumerate() {
            let is_title = page == 0 && title == Some(number);
            build.add((page, number), unit, sheet, is_title);
        }
    }
    build.out.title = title.map(|t| articles[0].units[t].para.text.clone());
    build.out
}

/// A paragraph that the next column may go on with.
struct Open {
    block: usize,
    size: f64,
    full: bool,
    long: bool,
    kind: BlockKind,
}

struct Build<'a> {
    out: Assembled,
    section: Vec<(u8, String)>,
    /// The depth of the heading that opened the reference list.
    references: Option<u8>,
    /// Whether its entries have numbers.
    numbered: bool,
    open: Option<Open>,
    lexicon: &'a Lexicon,
    labels: &'a [Option<String>],
    depths: Depths<'a>,
}

impl Build<'_> {
    fn add(&mut self, key: (usize, usize), unit: &Unit, sheet: &Sheet, is_title: bool) {
        match unit.kind {
            // An entry that looks like a heading, for its lines are set in fonts of their own.
            BlockKind::Heading if self.counts_on(&unit.para.text) => {
                self.add_references(key, unit, sheet);
            }
            BlockKind::Heading => {
                let depth = if is_title {
                    1
                } else {
                    self.depths.of(&unit.para)
                };
                self.enter_section(&unit.para.text, depth, is_title);
                self.push(key, unit, &unit.para.text, sheet, Some(depth));
                self.open = None;
            }
            BlockKind::Paragraph | BlockKind::List | BlockKind::Footnote
                if self.references.is_some() =>
            {
                self.add_references(key, unit, sheet);
            }
            BlockKind::Paragraph | BlockKind::List => self.add_paragraph(key, unit, sheet),
            _ => self.push(key, unit, &unit.para.text, sheet, None),
        }
    }

    /// Whether a text begins with the number after the last entry's.
    fn counts_on(&self, text: &str) -> bool {
        let last = self.out.blocks.iter().rev();
        let last = last.take(12).find(|b| b.kind == BlockKind::Reference);
        let number = last.and_then(|b| entry_number(&b.text));
        self.references.is_some()
            && number.is_some_and(|n| entry_number(text) == Some(n.saturating_add(1)))
    }

    fn enter_section(&mut self, heading: &str, depth: u8, is_title: bool) {
        if kind::opens_references(heading) {
            self.references = Some(depth);
        } else if self.references.is_some_and(|opened| depth <= opened) {
            self.references = None;
        }
        self.section.retain(|(outer, _)| *outer < depth);
        if !is_title {
            self.section.push((depth, heading.to_owned()));
        }
    }

    fn add_paragraph(&mut self, key: (usize, usize), unit: &Unit, sheet: &Sheet) {
        let para = &unit.para;
        let goes_on = self.open.as_ref().filter(|open| {
            unit.kind == BlockKind::Paragraph
                && runs_on(&self.out.blocks[open.block].text, open, para)
        });
        let block = if let Some(block) = goes_on.map(|open| open.block) {
            self.extend(block, key, para, sheet);
            block
        } else {
            self.push(key, unit, &para.text, sheet, None);
            self.out.blocks.len() - 1
        };
        // A word or two between paragraphs (a stray label) does not end the one before it.
        if para.chars >= 25 || para.lines > 1 {
            self.open = Some(Open {
                block,
                size: para.size,
                full: para.full,
                long: para.chars >= 150,
                kind: unit.kind,
            });
        }
    }

    /// Goes on with a paragraph in the next column or on the next page; its box stays that of
    /// its part on the first.
    fn extend(&mut self, block: usize, key: (usize, usize), para: &Para, sheet: &Sheet) {
        let there = &mut self.out.blocks[block];
        text::join(&mut there.text, &para.text, self.lexicon);
        if there.page == Some(sheet.index as u32 + 1) {
            let part = rounded(sheet.on_page(para.bbox));
            there.bbox = Some(there.bbox.map_or(part, |b| union(b, part)));
        }
        self.out.ids.insert(key, there.id.clone());
    }

    /// Splits a paragraph of the reference list into its entries.
    fn add_references(&mut self, key: (usize, usize), unit: &Unit, sheet: &Sheet) {
        let para = &unit.para;
        let numbered = entry_number(&para.text).is_some();
        if para.members.is_empty()
            || (unit.kind == BlockKind::Footnote && self.numbered && !numbered)
        {
            self.push(key, unit, &para.text, sheet, None);
            return;
        }
        if self.numbered && !numbered && self.goes_on(para, sheet) {
            let block = self.out.blocks.len() - 1;
            self.extend(block, key, para, sheet);
            return;
        }
        self.numbered |= numbered;
        let mut entry = Unit {
            kind: BlockKind::Reference,
            ..unit.clone()
        };
        let starts = entry_starts(para, sheet);
        for (place, &from) in starts.iter().enumerate() {
            let to = starts.get(place + 1).copied().unwrap_or(para.members.len());
            let members = &para.members[from..to];
            let mut joined = String::new();
            let mut bbox = crate::geometry::NOTHING;
            for &number in members {
                let line = &sheet.lines[number];
                text::join(&mut joined, &line.text, self.lexicon);
                bbox = union(bbox, line.bbox);
            }
            entry.para.bbox = bbox;
            self.push(key, &entry, &joined, sheet, None);
        }
        self.open = None;
    }

    /// Whether a paragraph without a number belongs to the entry before it, on the same page.
    fn goes_on(&self, para: &Para, sheet: &Sheet) -> bool {
        self.out.blocks.last().is_some_and(|last| {
            last.kind == BlockKind::Reference
                && last.page == Some(sheet.index as u32 + 1)
                && entry_number(&last.text).is_some()
                && para.lines <= 4
                && !kind::is_known(&para.text)
        })
    }

    fn push(
        &mut self,
        key: (usize, usize),
        unit: &Unit,
        text: &str,
        sheet: &Sheet,
        depth: Option<u8>,
    ) {
        let id = format!("b{}", self.out.blocks.len() + 1);
        self.out.ids.entry(key).or_insert_with(|| id.clone());
        let own = matches!(unit.kind, BlockKind::Header | BlockKind::Footer);
        let mut section: Vec<String> = self
            .section
            .iter()
            .map(|(_, title)| title.clone())
            .collect();
        if unit.kind == BlockKind::Heading {
            section.pop();
        }
        self.out.blocks.push(Block {
            id,
            kind: unit.kind,
            text: text.to_owned(),
            page: Some(sheet.index as u32 + 1),
            page_label: self.labels.get(sheet.index).cloned().flatten(),
            bbox: Some(rounded(sheet.on_page(unit.para.bbox))),
            depth,
            path: None,
            section: if own { Vec::new() } else { section },
            cells: unit.cells.clone(),
            links: Vec::new(),
            scanned: Vec::new(),
        });
    }
}

/// Whether a paragraph goes on with the one before it, over a column's end or around a
/// figure: the first does not end a sentence and fills its last line, the second does not
/// begin one.
fn runs_on(before: &str, open: &Open, para: &Para) -> bool {
    let Some(first) = para.text.chars().next() else {
        return false;
    };
    let alike = (open.size - para.size).abs() < 0.06 * open.size;
    let broken = before.ends_with(['-', '\u{ad}', '\u{2010}']);
    let unended = !text::ends_sentence(before);
    let goes_on = first.is_lowercase()
        || broken
        || (open.long
            && open.full
            && para.chars >= 60
            && (first.is_alphanumeric() || matches!(first, '(' | '[')));
    alike && unended && goes_on && open.kind == BlockKind::Paragraph && width(para.bbox) > 0.0
}
