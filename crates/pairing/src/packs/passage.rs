//! Packs of running text: consecutive paragraphs of one section.
//!
//! Where a passage ends depends on word counts in steps, never on characters, and starts anew
//! with each section. So changing a word leaves every other pack and every key as it is, and
//! a paragraph more or less moves at most the passages after it in the same section.

use spinemed_core::document::{Block, BlockKind, Document};
use spinemed_core::pack::{EvidencePack, SpanRole};

use super::evidence;
use super::key::{Keys, slug};
use crate::mention::is_reference_list;

/// Word counts are rounded up to steps of this many words.
const STEP: u32 = 16;

/// The passages of a document, section by section.
pub(super) fn packs(document: &Document, budget: u32, blank: &EvidencePack) -> Vec<EvidencePack> {
    let body: Vec<&Block> = document.blocks[front_matter(document)..]
        .iter()
        .filter(|b| matches!(b.kind, BlockKind::Paragraph | BlockKind::List))
        .filter(|b| !b.section.iter().any(|title| is_reference_list(title)))
        .filter(|b| !b.text.trim().is_empty())
        .collect();
    let mut keys = Keys::new(&document.id);
    let mut packs = Vec::new();
    for section in body.chunk_by(|a, b| a.section == b.section) {
        let path: Vec<String> = section[0].section.iter().map(|title| slug(title)).collect();
        let path = if path.is_empty() {
            "body".to_owned()
        } else {
            path.join(".")
        };
        let name = keys.name(&format!("sec-{path}"));
        for (at, passage) in passages(section, budget).into_iter().enumerate() {
            let mut pack = blank.clone();
            pack.key = keys.key(&format!("{name}-p{}", at + 1));
            pack.title = section[0]
                .section
                .last()
                .cloned()
                .or_else(|| document.title.clone());
            pack.section = section[0].section.clone();
            for block in passage {
                evidence::add(&mut pack, document, block, SpanRole::Text);
            }
            if pack.spans.is_empty() {
                continue;
            }
            evidence::read(&mut pack);
            packs.push(pack);
        }
    }
    packs
}

/// Consecutive blocks, as many as the budget holds, at least one. A list stays with the
/// paragraph that it follows.
fn passages<'a>(section: &[&'a Block], budget: u32) -> Vec<Vec<&'a Block>> {
    let mut passages: Vec<Vec<&Block>> = Vec::new();
    let mut used = 0u32;
    for block in section {
        let weight = weight(&block.text);
        let fits = used.saturating_add(weight) <= budget || block.kind == BlockKind::List;
        match passages.last_mut() {
            Some(open) if fits => {
                open.push(block);
                used = used.saturating_add(weight);
            }
            _ => {
                passages.push(vec![block]);
                used = weight;
            }
        }
    }
    passages
}

/// The words of a text, rounded up to a step. A Chinese character counts as one word.
fn weight(text: &str) -> u32 {
    let han = text
        .chars()
        .filter(|c| ('\u{3400}'..='\u{9fff}').contains(c))
        .count();
    let words = text
        .split_whitespace()
        .filter(|w| w.chars().any(|c| c.is_ascii_alphanumeric()))
        .count();
    u32::try_from(han + words)
        .unwrap_or(u32::MAX)
        .div_ceil(STEP)
        .saturating_mul(STEP)
}

/// Where a paged document's text begins: at the first heading that opens an article or
/// chapter, if one stands on its first pages. What stands before are titles, authors and
/// addresses. Markup says so itself, and needs no guess.
fn front_matter(document: &Document) -> usize {
    const OPENINGS: &[&str] = &[
        "abstract",
        "summary",
        "introduction",
        "background",
        "objective",
        "摘要",
        "引言",
        "前言",
    ];
    if document.pages == 0 {
        return 0;
    }
    let opens = |block: &Block| {
        let bare = block
            .text
            .trim_start_matches(|c: char| c.is_ascii_digit() || ". ".contains(c));
        let bare = bare.to_lowercase();
        let opening = OPENINGS.iter().any(|word| bare.starts_with(word));
        opening && (block.kind == BlockKind::Heading || block.kind == BlockKind::Paragraph)
    };
    document
        .blocks
        .iter()
        .take_while(|block| block.page.unwrap_or(1) <= 2)
        .position(opens)
        .unwrap_or(0)
}
