//! Which blocks speak of which figure.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::document::{Block, BlockKind, Document};

use crate::document::{label_of, positions};
use crate::label::{self, Label, Series, citations};

/// Something that blocks may cite: a figure or table.
pub(crate) struct Target {
    /// Its label.
    pub(crate) label: Option<Label>,
    /// Blocks that are the thing itself (caption, table): they do not mention it.
    pub(crate) own: Vec<usize>,
    /// Where it stands among the blocks.
    pub(crate) place: usize,
}

/// Fills each figure's mentions: what is there, what the markup links to, what cites its label.
pub(crate) fn fill(document: &mut Document) {
    let position = positions(&document.blocks);
    let targets: Vec<Target> = document
        .figures
        .iter()
        .map(|figure| {
            let caption = figure
                .caption
                .as_deref()
                .and_then(|id| position.get(id).copied());
            Target {
                label: label_of(figure),
                own: caption.into_iter().collect(),
                place: caption.unwrap_or_else(|| first_on_page(&document.blocks, figure.page)),
            }
        })
        .collect();
    let mut cited = cited(&document.blocks, &targets);
    for ((figure, target), blocks) in document.figures.iter().zip(&targets).zip(&mut cited) {
        let linking = document
            .blocks
            .iter()
            .enumerate()
            .filter(|(_, b)| b.links.contains(&figure.id));
        blocks.extend(linking.map(|(at, _)| at));
        blocks.extend(
            figure
                .mentions
                .iter()
                .filter_map(|id| position.get(id.as_str())),
        );
        blocks.retain(|at| !target.own.contains(at));
    }
    for (figure, blocks) in document.figures.iter_mut().zip(&cited) {
        figure.mentions = blocks
            .iter()
            .map(|&at| document.blocks[at].id.clone())
            .collect();
    }
}

fn first_on_page(blocks: &[Block], page: Option<u32>) -> usize {
    page.and_then(|page| blocks.iter().position(|b| b.page == Some(page)))
        .unwrap_or(0)
}

/// For each target, the blocks that cite its label. A label that several targets have (a book
/// that numbers anew in each chapter) goes to the nearest of them, of the same outermost
/// section first.
pub(crate) fn cited(blocks: &[Block], targets: &[Target]) -> Vec<BTreeSet<usize>> {
    let mut by_label: BTreeMap<&Label, Vec<usize>> = BTreeMap::new();
    for (at, target) in targets.iter().enumerate() {
        if let Some(label) = &target.label {
            by_label.entry(label).or_default().push(at);
        }
    }
    let compound = numbers_by_chapter(blocks);
    let mut found = vec![BTreeSet::new(); targets.len()];
    for (at, block) in blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| may_cite(block))
    {
        for citation in citations(&block.text, compound)
            .iter()
            .filter(|c| !c.foreign)
        {
            for label in &citation.labels {
                let Some(bearers) = by_label.get(label) else {
                    continue;
                };
                // A caption starts with its own label; it does not cite the figure.
                if block.kind == BlockKind::Caption && citation.range[0] == 0 {
                    continue;
                }
                if let Some(nearest) = nearest(blocks, targets, bearers, at)
                    && !targets[nearest].own.contains(&at)
                {
                    found[nearest].insert(at);
                }
            }
        }
    }
    found
}

fn nearest(blocks: &[Block], targets: &[Target], bearers: &[usize], at: usize) -> Option<usize> {
    let outermost = |at: usize| blocks.get(at).and_then(|b| b.section.first());
    bearers.iter().copied().min_by_key(|&bearer| {
        let place = targets[bearer].place;
        (outermost(place) != outermost(at), place.abs_diff(at), place)
    })
}

fn may_cite(block: &Block) -> bool {
    match block.kind {
        BlockKind::Paragraph | BlockKind::List | BlockKind::Caption | BlockKind::Footnote => !block
            .section
            .last()
            .is_some_and(|title| is_reference_list(title)),
        _ => false,
    }
}

/// Whether a section is the list of references.
pub(crate) fn is_reference_list(title: &str) -> bool {
    let bare = title.trim_start_matches(|c: char| c.is_ascii_digit() || ". ".contains(c));
    let bare = bare.trim_end_matches(['.', ':']).to_lowercase();
    matches!(
        bare.as_str(),
        "references"
            | "reference"
            | "bibliography"
            | "literature"
            | "literature cited"
            | "参考文献"
    )
}

/// Whether captions number as `3-2`: then a hyphen in citations joins, else it spans.
fn numbers_by_chapter(blocks: &[Block]) -> bool {
    blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Caption)
        .filter_map(|block| label::leading(&block.text))
        .any(|l| {
            l.label.series != Series::Plate && l.printed.contains(['-', '‑', '\u{2010}']) && {
                l.label.number.to_string().contains('.')
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::{block, document, figure};
    use crate::pair;
    use spinemed_core::document::BlockKind::{Caption, Paragraph, Reference};

    /// Mentions of the first figure, whose caption is the first block.
    fn check(caption: &str, others: &[(BlockKind, &str)], expect: &[&str]) {
        let mut blocks = vec![block(Caption, caption)];
        blocks.extend(others.iter().map(|(kind, text)| block(*kind, text)));
        let mut shown = figure(None, None);
        shown.caption = Some("b1".to_owned());
        let mut document = document(blocks, vec![shown]);
        pair(&mut document);
        assert_eq!(document.figures[0].mentions, expect);
    }

    #[test]
    fn citing_blocks_are_mentions() {
        check(
            "Figure 2. Sagittal image. See also Figure 2 for the level.",
            &[
                (Paragraph, "The disc is narrow (Figs. 1–3)."),
                (Paragraph, "The disc is wide (Fig. 4)."),
                (Caption, "Figure 3. The same patient as in Figure 2."),
                (Paragraph, "As in Figure 2 of [12]."),
                (Reference, "Smith J. Figure 2 and its meaning. 2019."),
                (Paragraph, "Supplementary Figure 2 has more."),
            ],
            &["b2", "b4"],
        );
        check(
            "Fig. 3-2 Axial image.",
            &[(Paragraph, "see Fig. 3-2"), (Paragraph, "Fig. 3")],
            &["b2"],
        );
        check(
            "图2 腰椎侧位片",
            &[(Paragraph, "如图2所示，椎间隙变窄。"), (Paragraph, "图3")],
            &["b2"],
        );
    }

    #[test]
    fn links_of_the_markup_count() {
        let mut linking = block(Paragraph, "as shown before");
        linking.links = vec!["f1".to_owned()];
        let mut document = document(vec![linking], vec![figure(None, None)]);
        pair(&mut document);
        assert_eq!(document.figures[0].mentions, ["b1"]);
    }

    #[test]
    fn chapters_that_number_anew_keep_their_figures() {
        let inside = |chapter: &str, kind: BlockKind, text: &str| Block {
            section: vec![chapter.to_owned()],
            ..block(kind, text)
        };
        let blocks = vec![
            inside("One", Caption, "Figure 1. Atlas."),
            inside("One", Paragraph, "See Figure 1."),
            inside("Two", Paragraph, "See Figure 1 again."),
            inside("Two", Paragraph, "Words."),
            inside("Two", Paragraph, "Words."),
            inside("Two", Caption, "Figure 1. Axis."),
        ];
        let mut document = document(blocks, vec![]);
        pair(&mut document);
        let mentions: Vec<&[String]> = document
            .figures
            .iter()
            .map(|f| f.mentions.as_slice())
            .collect();
        assert_eq!(mentions, [["b2"], ["b3"]]);
    }
}
