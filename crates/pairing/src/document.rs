//! Fills a document's figures with labels, captions and mentions.

use std::collections::BTreeMap;

use spinemed_core::document::{Block, BlockKind, Document, Figure};

use crate::caption::{Candidate, candidates};
use crate::geometry;
use crate::label::{self, Label, Series};
use crate::mention;
use crate::order;
use crate::panel::{self, Parts};

/// Pairs each figure with its caption and the blocks that speak of it, in place.
///
/// What a reader or its markup already says stays. Then a figure and a caption with the same
/// label meet; then the geometry of the page decides. Pictures next to a captioned one that
/// have no caption themselves join it as panels. A caption that no picture was found for
/// becomes a figure of words alone. A block that turns out to be a caption has its kind
/// changed to [`BlockKind::Caption`]. Pairing a paired document changes nothing.
pub fn pair(document: &mut Document) {
    let candidates: Vec<Candidate> = candidates(&document.blocks)
        .into_iter()
        .filter(|candidate| candidate.leading.label.series != Series::Table)
        .collect();
    trust_markup(document);
    let mut open = open(document, &candidates);
    by_label(document, &mut open);
    by_geometry(document, &mut open);
    let mut parts = Parts::new();
    while join_panels(document, &mut parts) {}
    words_alone(document, &open);
    order::judge(document);
    mention::fill(document);
    panel::fill(document, &parts);
}

/// A figure's label as the grammar reads it.
pub(crate) fn label_of(figure: &Figure) -> Option<Label> {
    label::parse(figure.label.as_deref()?, Series::Figure)
}

fn trust_markup(document: &mut Document) {
    let blocks = &document.blocks;
    for figure in &mut document.figures {
        let Some(caption) = figure.caption.as_deref() else {
            continue;
        };
        if figure.label.is_none() {
            let block = blocks.iter().find(|block| block.id == caption);
            figure.label = block
                .and_then(|b| label::leading(&b.text))
                .map(|l| l.printed);
        }
        if figure.score == 0.0 {
            figure.score = 1.0;
        }
        if figure.score == 1.0 && figure.reasons.is_empty() {
            figure.reasons.push("the source's own markup".to_owned());
        }
    }
}

/// Captions that belong to no figure yet: not taken, and with a label that no captioned
/// figure has. The likeliest of those with one label, the first of equals.
fn open<'a>(document: &Document, candidates: &'a [Candidate]) -> Vec<&'a Candidate> {
    let taken = |candidate: &Candidate| {
        let id = &document.blocks[candidate.block].id;
        document.figures.iter().any(|figure| {
            figure.caption.as_ref() == Some(id)
                || (figure.caption.is_some()
                    && label_of(figure).as_ref() == Some(&candidate.leading.label)
                    && !candidate.leading.continued)
        })
    };
    let mut best: BTreeMap<(&Label, bool, u32), &Candidate> = BTreeMap::new();
    for candidate in candidates.iter().filter(|c| !taken(c)) {
        // Marked captions may repeat a label (another chapter); paragraphs may not.
        let marked = document.blocks[candidate.block].kind == BlockKind::Caption;
        let place = if marked {
            u32::try_from(candidate.block).unwrap_or(u32::MAX)
        } else {
            0
        };
        let name = (&candidate.leading.label, candidate.leading.continued, place);
        let held = best.entry(name).or_insert(candidate);
        if candidate.score > held.score {
            *held = candidate;
        }
    }
    let mut open: Vec<&Candidate> = best.into_values().collect();
    open.sort_by_key(|candidate| candidate.block);
    open
}

fn by_label(document: &mut Document, open: &mut Vec<&Candidate>) {
    for at in 0..document.figures.len() {
        let figure = &document.figures[at];
        if figure.caption.is_some() {
            continue;
        }
        let Some(label) = label_of(figure) else {
            continue;
        };
        let page = figure.page.unwrap_or(0);
        let nearest = open
            .iter()
            .enumerate()
            .filter(|(_, c)| c.leading.label == label)
            .min_by_key(|(at, c)| {
                (
                    document.blocks[c.block].page.unwrap_or(0).abs_diff(page),
                    *at,
                )
            });
        if let Some((taken, _)) = nearest {
            let candidate = open.remove(taken);
            give(
                document,
                at,
                candidate,
                0.95,
                vec!["the same label".to_owned()],
            );
        }
    }
}

fn by_geometry(document: &mut Document, open: &mut Vec<&Candidate>) {
    let waiting: Vec<usize> = (0..document.figures.len())
        .filter(|&at| document.figures[at].caption.is_none())
        .collect();
    let found = geometry::matches(&document.figures, &waiting, &document.blocks, open);
    let mut taken: Vec<usize> = found.iter().map(|m| m.candidate).collect();
    for m in found {
        let candidate = open[m.candidate];
        let score = geometry::rounded(m.score * candidate.score.max(0.5));
        give(document, m.figure, candidate, score, m.reasons);
    }
    taken.sort_unstable();
    for at in taken.into_iter().rev() {
        open.remove(at);
    }
}

fn give(
    document: &mut Document,
    figure: usize,
    candidate: &Candidate,
    score: f64,
    reasons: Vec<String>,
) {
    let block = &mut document.blocks[candidate.block];
    block.kind = BlockKind::Caption;
    let figure = &mut document.figures[figure];
    figure.caption = Some(block.id.clone());
    if figure.label.is_none() {
        figure.label = Some(candidate.leading.printed.clone());
    }
    figure.score = score;
    figure.reasons = reasons;
}

/// Joins each uncaptioned picture to the captioned one next to it; whether any was joined.
/// `parts` keeps where each joined picture stood.
fn join_panels(document: &mut Document, parts: &mut Parts) -> bool {
    let position = positions(&document.blocks);
    let captioned: Vec<(usize, usize)> = document
        .figures
        .iter()
        .enumerate()
        .filter_map(|(at, figure)| Some((at, *position.get(figure.caption.as_deref()?)?)))
        .collect();
    let panels: Vec<(usize, usize)> = (0..document.figures.len())
        .filter(|&at| {
            document.figures[at].caption.is_none() && document.figures[at].label.is_none()
        })
        .filter_map(|at| {
            let owner = geometry::panel_of(&document.figures, at, &document.blocks, &captioned)?;
            Some((at, owner))
        })
        .collect();
    for &(panel, owner) in &panels {
        let name = document.figures[owner].id.clone();
        remember(parts, &name, &document.figures[owner]);
        remember(parts, &name, &document.figures[panel]);
        let media = std::mem::take(&mut document.figures[panel].media);
        let bbox = document.figures[panel].bbox;
        let owner = &mut document.figures[owner];
        owner.media.extend(media);
        if let (Some(all), Some(more)) = (&mut owner.bbox, bbox) {
            *all = [
                all[0].min(more[0]),
                all[1].min(more[1]),
                all[2].max(more[2]),
                all[3].max(more[3]),
            ];
        }
        owner
            .reasons
            .push("a picture next to it without a caption was joined".to_owned());
    }
    let mut at = 0;
    document.figures.retain(|_| {
        at += 1;
        !panels.iter().any(|(panel, _)| *panel == at - 1)
    });
    !panels.is_empty()
}

/// Keeps where a figure's pictures stand as parts of their owner, once each; only a figure
/// with one picture says where that is.
fn remember(parts: &mut Parts, owner: &str, figure: &Figure) {
    let held = parts.entry(owner.to_owned()).or_default();
    let again = figure.id == owner && !held.is_empty();
    if let (Some(bbox), [only], false) = (figure.bbox, figure.media.as_slice(), again) {
        held.push((bbox, only.clone()));
    }
}

fn words_alone(document: &mut Document, open: &[&Candidate]) {
    let next = document
        .figures
        .iter()
        .filter_map(|figure| figure.id.strip_prefix('f')?.parse::<u32>().ok())
        .max()
        .unwrap_or(0);
    let mut number = next;
    for candidate in open.iter().filter(|c| !c.leading.continued) {
        number = number.saturating_add(1);
        let block = &document.blocks[candidate.block];
        document.figures.push(Figure {
            id: format!("f{number}"),
            label: None,
            page: block.page,
            bbox: None,
            media: Vec::new(),
            caption: None,
            mentions: Vec::new(),
            score: 0.0,
            reasons: Vec::new(),
            panels: Vec::new(),
            links: Vec::new(),
        });
        let at = document.figures.len() - 1;
        let reasons = vec!["a caption without a picture".to_owned()];
        give(
            document,
            at,
            candidate,
            geometry::rounded(candidate.score * 0.8),
            reasons,
        );
    }
}

/// The position of each block by its id.
pub(crate) fn positions(blocks: &[Block]) -> BTreeMap<&str, usize> {
    blocks
        .iter()
        .enumerate()
        .map(|(at, block)| (block.id.as_str(), at))
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;
    use spinemed_core::Digest;
    use spinemed_core::ids::DocumentId;
    use spinemed_core::locator::{FileRef, PageBox};
    use spinemed_core::vocabulary::Language;

    pub(crate) fn block(kind: BlockKind, text: &str) -> Block {
        Block {
            id: String::new(),
            kind,
            text: text.to_owned(),
            page: None,
            page_label: None,
            bbox: None,
            depth: None,
            path: None,
            section: Vec::new(),
            cells: Vec::new(),
            links: Vec::new(),
            scanned: Vec::new(),
        }
    }

    pub(crate) fn figure(page: Option<u32>, bbox: Option<PageBox>) -> Figure {
        Figure {
            id: "f1".to_owned(),
            label: None,
            page,
            bbox,
            media: Vec::new(),
            caption: None,
            mentions: Vec::new(),
            score: 0.0,
            reasons: Vec::new(),
            panels: Vec::new(),
            links: Vec::new(),
        }
    }

    /// A document of blocks, numbered in order.
    pub(crate) fn document(blocks: Vec<Block>, figures: Vec<Figure>) -> Document {
        let number = |(at, block): (usize, Block)| Block {
            id: format!("b{}", at + 1),
            ..block
        };
        let name = |(at, figure): (usize, Figure)| Figure {
            id: format!("f{}", at + 1),
            ..figure
        };
        Document {
            id: DocumentId::new("src/doc"),
            file: FileRef {
                path: "doc.xml".to_owned(),
                sha256: Digest::of(b"doc"),
            },
            title: None,
            identifier: None,
            kind: None,
            licence: None,
            language: Language::En,
            pages: 0,
            blocks: blocks.into_iter().enumerate().map(number).collect(),
            figures: figures.into_iter().enumerate().map(name).collect(),
            supplements: Vec::new(),
        }
    }

    #[test]
    fn markup_is_trusted() {
        let caption = block(BlockKind::Caption, "Figure 2. Sagittal image.");
        let text = block(BlockKind::Paragraph, "The disc is narrow (Fig. 2).");
        let mut shown = figure(None, None);
        shown.caption = Some("b1".to_owned());
        let mut document = document(vec![caption, text], vec![shown]);
        pair(&mut document);
        let figure = &document.figures[0];
        assert_eq!(figure.label.as_deref(), Some("Figure 2"));
        assert_eq!(figure.mentions, ["b2"]);
        assert_eq!(figure.score, 1.0);
    }

    #[test]
    fn a_labelled_figure_meets_its_caption_without_geometry() {
        let mut shown = figure(None, None);
        shown.label = Some("Fig. 2".to_owned());
        let blocks = vec![
            block(BlockKind::Paragraph, "Figure 2 shows the disc."),
            block(
                BlockKind::Paragraph,
                "Figure 2. Sagittal image of the disc.",
            ),
        ];
        let mut document = document(blocks, vec![shown]);
        pair(&mut document);
        assert_eq!(document.figures[0].caption.as_deref(), Some("b2"));
        assert_eq!(document.figures[0].mentions, ["b1"]);
        assert_eq!(document.blocks[1].kind, BlockKind::Caption);
    }

    #[test]
    fn a_caption_without_a_picture_is_a_figure_of_words() {
        let blocks = vec![block(BlockKind::Caption, "Figure 7: Axial image of L4/L5.")];
        let mut document = document(blocks, vec![]);
        pair(&mut document);
        assert_eq!(document.figures.len(), 1);
        assert_eq!(document.figures[0].label.as_deref(), Some("Figure 7"));
        assert_eq!(document.figures[0].score, 0.76);
    }

    #[test]
    fn pictures_side_by_side_share_a_caption() {
        let mut caption = block(
            BlockKind::Paragraph,
            "Fig. 1 Sagittal (A) and axial (B) image.",
        );
        (caption.page, caption.bbox) = (Some(1), Some([50.0, 305.0, 400.0, 330.0]));
        let left = figure(Some(1), Some([50.0, 100.0, 220.0, 300.0]));
        let right = figure(Some(1), Some([230.0, 100.0, 400.0, 300.0]));
        let mut document = document(vec![caption], vec![left, right]);
        pair(&mut document);
        assert_eq!(document.figures.len(), 1);
        assert_eq!(document.figures[0].bbox, Some([50.0, 100.0, 400.0, 300.0]));
    }

    proptest! {
        #[test]
        fn pairing_again_changes_nothing(
            texts in proptest::collection::vec(
                "(Figure|Fig\\.|Table|图) ?[1-3](\\.|:| shows| and 2)? ?[a-z ]{0,12}", 0..6),
            captions in proptest::collection::vec(any::<bool>(), 6),
            boxes in proptest::collection::vec((1u32..3, 0u32..6, 0u32..8), 0..4),
        ) {
            let blocks = texts.iter().zip(&captions).enumerate().map(|(at, (text, caption))| {
                let kind = if *caption { BlockKind::Caption } else { BlockKind::Paragraph };
                let y = 60.0 * f64::from(u32::try_from(at).unwrap());
                Block { page: Some(1), bbox: Some([50.0, y, 300.0, y + 20.0]), ..block(kind, text) }
            });
            let figures = boxes.iter().map(|(page, x, y)| {
                let (x, y) = (50.0 * f64::from(*x), 60.0 * f64::from(*y));
                figure(Some(*page), Some([x, y, x + 60.0, y + 40.0]))
            });
            let mut once = document(blocks.collect(), figures.collect());
            pair(&mut once);
            let mut twice = once.clone();
            pair(&mut twice);
            prop_assert_eq!(once, twice);
        }
    }
}
