//! Which blocks speak of which figure.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::document::{Block, BlockKind, Document, Figure, MentionLink};

use crate::document::{label_of, positions};
use crate::label::{self, Citation, Label, Series, citations};

mod relative;

/// Something that blocks may cite: a figure or table.
pub(crate) struct Target {
    /// Its label.
    pub(crate) label: Option<Label>,
    /// Blocks that are the thing itself (caption, table): they do not mention it.
    pub(crate) own: Vec<usize>,
    /// Where it stands among the blocks.
    pub(crate) place: usize,
}

/// A place that speaks of a target.
#[derive(Debug, Clone, PartialEq)]
struct Link {
    /// Position among the blocks.
    block: usize,
    /// Characters of the block's text.
    range: [usize; 2],
    score: f64,
    reason: String,
}

/// Fills each figure's mentions and links: what is there, what the markup links to, what cites
/// its label, and what points at it by its place (`the figure above`).
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
    let mut found = by_label(&document.blocks, &targets);
    relative::add(&document.blocks, &targets, &mut found);
    let links: Vec<Vec<MentionLink>> = document
        .figures
        .iter()
        .zip(&targets)
        .zip(found)
        .map(|((figure, target), found)| {
            let mut links = told(document, figure, &position);
            links.extend(found.into_iter().map(|link| written(document, link)));
            links.retain(|link| {
                let at = position.get(link.block.as_str());
                at.is_some_and(|at| !target.own.contains(at))
            });
            in_order(links, &position)
        })
        .collect();
    for (figure, links) in document.figures.iter_mut().zip(links) {
        figure.mentions = links.iter().map(|link| link.block.clone()).collect();
        figure.mentions.dedup();
        figure.links = links;
    }
}

/// Links that the markup gives, or that the figure brings along.
fn told(
    document: &Document,
    figure: &Figure,
    position: &BTreeMap<&str, usize>,
) -> Vec<MentionLink> {
    let whole = |block: &Block, reason: &str| MentionLink {
        block: block.id.clone(),
        range: [0, block.text.len()],
        score: 1.0,
        reason: reason.to_owned(),
    };
    let linking = document
        .blocks
        .iter()
        .filter(|block| block.links.contains(&figure.id))
        .map(|block| whole(block, MARKUP));
    let brought = figure
        .mentions
        .iter()
        .filter(|id| figure.links.iter().all(|link| link.block != **id))
        .filter_map(|id| position.get(id.as_str()))
        .map(|&at| whole(&document.blocks[at], "the reader's own"));
    linking
        .chain(brought)
        .chain(figure.links.iter().cloned())
        .collect()
}

const MARKUP: &str = "the source's own link";

fn written(document: &Document, link: Link) -> MentionLink {
    let block = &document.blocks[link.block];
    let bytes = crate::panel::bytes(&block.text);
    MentionLink {
        block: block.id.clone(),
        range: link.range.map(|at| bytes[at.min(bytes.len() - 1)]),
        score: link.score,
        reason: link.reason,
    }
}

/// Links by block, then place; one for each place, the surest.
fn in_order(mut links: Vec<MentionLink>, position: &BTreeMap<&str, usize>) -> Vec<MentionLink> {
    links.sort_by(|a, b| {
        let place = |link: &MentionLink| (position.get(link.block.as_str()).copied(), link.range);
        place(a).cmp(&place(b)).then(b.score.total_cmp(&a.score))
    });
    links.dedup_by(|later, kept| later.block == kept.block && later.range == kept.range);
    links
}

/// For each target, the places that cite its label. A label that several targets have (a book
/// that numbers anew in each chapter) goes to the nearest of them, of the same outermost
/// section first.
fn by_label(blocks: &[Block], targets: &[Target]) -> Vec<Vec<Link>> {
    let mut by_label: BTreeMap<&Label, Vec<usize>> = BTreeMap::new();
    for (at, target) in targets.iter().enumerate() {
        if let Some(label) = &target.label {
            by_label.entry(label).or_default().push(at);
        }
    }
    let compound = numbers_by_chapter(blocks);
    let mut found = vec![Vec::new(); targets.len()];
    for (at, block) in citing(blocks) {
        for citation in own_citations(block, compound) {
            for label in &citation.labels {
                let bearers = by_label.get(label).map_or(&[][..], Vec::as_slice);
                if let Some(nearest) = nearest(blocks, targets, bearers, at)
                    && !targets[nearest].own.contains(&at)
                {
                    found[nearest].push(citing_link(block, at, &citation, bearers.len()));
                }
            }
        }
    }
    found
}

/// The citations of a block that mean this document. A caption starts with its own label; it
/// does not cite the figure.
fn own_citations(block: &Block, compound: bool) -> impl Iterator<Item = Citation> {
    let caption = block.kind == BlockKind::Caption;
    citations(&block.text, compound)
        .into_iter()
        .filter(move |c| !(c.foreign || caption && c.range[0] == 0))
}

fn citing_link(block: &Block, at: usize, citation: &Citation, bearers: usize) -> Link {
    let [start, end] = citation.range;
    let printed: String = block.text.chars().skip(start).take(end - start).collect();
    let (score, reason) = match (bearers, citation.labels.len()) {
        (2.., _) => (
            0.75,
            format!("`{printed}`, the nearest figure of that label"),
        ),
        (_, 1) => (0.97, format!("`{printed}`")),
        _ => (0.95, format!("one of several in `{printed}`")),
    };
    Link {
        block: at,
        range: citation.range,
        score,
        reason,
    }
}

/// For each target, the blocks that cite its label.
pub(crate) fn cited(blocks: &[Block], targets: &[Target]) -> Vec<BTreeSet<usize>> {
    let links = by_label(blocks, targets);
    let blocks = |links: Vec<Link>| links.into_iter().map(|link| link.block).collect();
    links.into_iter().map(blocks).collect()
}

fn citing(blocks: &[Block]) -> impl Iterator<Item = (usize, &Block)> {
    blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| may_cite(block))
}

fn first_on_page(blocks: &[Block], page: Option<u32>) -> usize {
    page.and_then(|page| blocks.iter().position(|b| b.page == Some(page)))
        .unwrap_or(0)
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
mod tests;
