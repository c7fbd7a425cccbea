//! Tables with their captions and mentioning blocks.

use std::collections::BTreeSet;

use spinemed_core::document::{Block, BlockKind, Document};

use crate::caption::{Candidate, candidates};
use crate::label::{self, Label, Series};
use crate::mention::{Target, cited};

/// A table and its words, by block ids.
#[derive(Debug, Clone, PartialEq)]
pub struct TableWords {
    /// The table's block.
    pub block: String,
    /// The label, as printed.
    pub label: Option<String>,
    /// The caption's block.
    pub caption: Option<String>,
    /// Blocks that speak of it.
    pub mentions: Vec<String>,
}

/// The tables of a document, in order, each with the caption next to it and the blocks that
/// cite its label.
#[must_use]
pub fn tables(document: &Document) -> Vec<TableWords> {
    let blocks = &document.blocks;
    let captions: Vec<Candidate> = candidates(blocks)
        .into_iter()
        .filter(|candidate| candidate.leading.label.series == Series::Table)
        .collect();
    let mut taken = BTreeSet::new();
    let found: Vec<(usize, Option<&Candidate>)> = blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| block.kind == BlockKind::Table)
        .map(|(at, _)| (at, caption_of(blocks, at, &captions, &mut taken)))
        .collect();
    let targets: Vec<Target> = found
        .iter()
        .map(|&(at, caption)| Target {
            label: caption
                .map(|c| c.leading.label.clone())
                .or_else(|| own_label(&blocks[at])),
            own: caption.map(|c| c.block).into_iter().chain([at]).collect(),
            place: at,
        })
        .collect();
    let cited = cited(blocks, &targets);
    found
        .iter()
        .zip(&cited)
        .map(|(&(at, caption), mentions)| TableWords {
            block: blocks[at].id.clone(),
            label: caption
                .map(|c| c.leading.printed.clone())
                .or_else(|| label::leading(&blocks[at].text).map(|l| l.printed)),
            caption: caption.map(|c| blocks[c.block].id.clone()),
            mentions: mentions.iter().map(|&at| blocks[at].id.clone()).collect(),
        })
        .collect()
}

fn own_label(table: &Block) -> Option<Label> {
    label::leading(&table.text)
        .map(|l| l.label)
        .filter(|l| l.series == Series::Table)
}

/// The caption just before the table, else just after: tables have theirs above.
fn caption_of<'a>(
    blocks: &[Block],
    at: usize,
    captions: &'a [Candidate],
    taken: &mut BTreeSet<usize>,
) -> Option<&'a Candidate> {
    let between = |low: usize, high: usize| {
        blocks[low + 1..high].iter().all(|b| {
            matches!(
                b.kind,
                BlockKind::Header | BlockKind::Footer | BlockKind::Footnote
            )
        })
    };
    let near = |caption: &&Candidate| {
        let (low, high) = (caption.block.min(at), caption.block.max(at));
        high - low <= 4 && between(low, high)
    };
    let free: Vec<&Candidate> = captions
        .iter()
        .filter(|c| !taken.contains(&c.block))
        .collect();
    let before = free.iter().rev().find(|c| c.block < at).filter(|c| near(c));
    let after = free.iter().find(|c| c.block > at).filter(|c| near(c));
    let found = before.or(after).copied()?;
    taken.insert(found.block);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::{block, document};
    use spinemed_core::document::BlockKind::{Caption, Paragraph, Table};

    #[test]
    fn tables_meet_the_caption_next_to_them() {
        let document = document(
            vec![
                block(
                    Paragraph,
                    "Patients are in Table 1, outcomes in Tables 1 and 2.",
                ),
                block(Caption, "Table 1. Patients"),
                block(Table, "Age | Sex"),
                block(Caption, "Table 2. Outcomes"),
                block(Table, "ODI | JOA"),
                block(Paragraph, "Table 2 lists the outcomes."),
                block(Table, "nothing | near"),
            ],
            vec![],
        );
        let found = tables(&document);
        let words = |at: usize| (found[at].caption.as_deref(), found[at].mentions.join(" "));
        assert_eq!(words(0), (Some("b2"), "b1".to_owned()));
        assert_eq!(words(1), (Some("b4"), "b1 b6".to_owned()));
        assert_eq!(words(2), (None, String::new()));
    }
}
