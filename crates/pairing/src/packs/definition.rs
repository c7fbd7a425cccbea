//! What the abbreviations of a pack stand for, as the document says it somewhere.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::abbreviation::{definitions, uses};
use spinemed_core::document::{Block, BlockKind, Document};
use spinemed_core::locator::Locator;
use spinemed_core::pack::{EvidencePack, Span, SpanRole};

use super::{evidence, scanned};
use crate::mention::is_reference_list;
use crate::sentence::is_end;

/// The most definitions that a pack gets.
const MOST: usize = 6;

/// A sentence that defines abbreviations.
struct Sentence<'a> {
    block: &'a Block,
    /// Characters of the block's text.
    range: [usize; 2],
    text: String,
    /// The short forms that the sentence is the first of the document to define.
    shorts: Vec<String>,
}

/// Adds to each pack the sentences that define the abbreviations of its words, in the order
/// of the document. What a pack defines itself needs no other sentence.
pub(super) fn add(packs: &mut [EvidencePack], document: &Document) {
    let (sentences, blocks) = read(document);
    for pack in packs.iter_mut().filter(|_| !sentences.is_empty()) {
        let own: BTreeSet<String> = pack
            .spans
            .iter()
            .flat_map(|span| own(span, &blocks))
            .collect();
        let wanted = |short: &String| {
            !own.contains(short) && pack.spans.iter().any(|s| uses(&s.text, short))
        };
        let next = pack.spans.len() + 1;
        let spans: Vec<Span> = sentences
            .iter()
            .filter(|sentence| sentence.shorts.iter().any(wanted))
            .take(MOST)
            .enumerate()
            .map(|(at, sentence)| span(document, sentence, next + at))
            .collect();
        pack.spans.extend(spans);
    }
}

/// What a span defines itself: what its block does, as far as the span quotes it.
fn own(span: &Span, blocks: &BTreeMap<&str, Vec<String>>) -> Vec<String> {
    let block = span.place.block.as_deref().and_then(|id| blocks.get(id));
    let mut shorts = block.cloned().unwrap_or_default();
    shorts.retain(|short| span.text.contains(short.as_str()));
    if span.role == SpanRole::Mention && !shorts.is_empty() {
        let told = definitions(&span.text);
        shorts.retain(|short| told.iter().any(|one| one.short == *short));
    }
    shorts
}

fn span(document: &Document, sentence: &Sentence, number: usize) -> Span {
    Span {
        id: format!("s{number}"),
        role: SpanRole::Definition,
        text: sentence.text.clone(),
        place: Locator {
            range: Some(sentence.range),
            ..evidence::place(document, sentence.block, &sentence.block.text)
        },
    }
}

/// The defining sentences of a document, and what each block defines, by its id.
fn read(document: &Document) -> (Vec<Sentence<'_>>, BTreeMap<&str, Vec<String>>) {
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut blocks: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for block in document.blocks.iter().filter(|block| is_prose(block)) {
        for one in definitions(&block.text) {
            blocks
                .entry(block.id.as_str())
                .or_default()
                .push(one.short.clone());
            let (range, text) = sentence(&block.text, one.range);
            if scanned::is_doubtful(block, range) || !known.insert(one.short.clone()) {
                continue;
            }
            match sentences.last_mut() {
                Some(last) if last.block.id == block.id && last.range == range => {
                    last.shorts.push(one.short);
                }
                _ => sentences.push(Sentence {
                    block,
                    range,
                    text,
                    shorts: vec![one.short],
                }),
            }
        }
    }
    (sentences, blocks)
}

fn is_prose(block: &Block) -> bool {
    matches!(
        block.kind,
        BlockKind::Paragraph | BlockKind::List | BlockKind::Caption | BlockKind::Footnote
    ) && !block.section.iter().any(|title| is_reference_list(title))
}

/// The sentence around a range of characters, trimmed, with its own range.
pub(super) fn sentence(text: &str, [start, end]: [usize; 2]) -> ([usize; 2], String) {
    let chars: Vec<char> = text.chars().collect();
    let mut from = (1..=start)
        .rev()
        .find(|at| is_end(&chars, *at))
        .unwrap_or(0);
    let mut to = (end..chars.len())
        .find(|at| is_end(&chars, *at))
        .unwrap_or(chars.len());
    while from < start && chars[from].is_whitespace() {
        from += 1;
    }
    while to > end && chars[to - 1].is_whitespace() {
        to -= 1;
    }
    ([from, to], chars[from..to].iter().collect())
}
