//! One pack per figure: caption, mentioning paragraphs, pictures.

use spinemed_core::Digest;
use spinemed_core::clinical;
use spinemed_core::document::{Block, Document, Figure, Panel};
use spinemed_core::locator::Locator;
use spinemed_core::media::MediaRef;
use spinemed_core::pack::{EvidencePack, PackImage, PackLink, PackPanel, SpanRole};
use spinemed_core::vocabulary::Modality;

use super::context::{self, Mention};
use super::evidence;
use super::key::Keys;
use crate::PairingSettings;
use crate::document::{label_of, positions};

/// The packs of a document's figures. A picture without any words makes none: nothing says
/// what it shows.
pub(super) fn packs(
    document: &Document,
    settings: &PairingSettings,
    blank: &EvidencePack,
) -> Vec<EvidencePack> {
    let position = positions(&document.blocks);
    let mut keys = Keys::new(&document.id);
    let mut packs = Vec::new();
    for figure in &document.figures {
        let mut pack = blank.clone();
        let caption = figure
            .caption
            .as_deref()
            .and_then(|id| position.get(id).copied());
        let mentions: Vec<Mention> = figure
            .mentions
            .iter()
            .filter_map(|id| mention(document, figure, *position.get(id.as_str())?))
            .collect();
        let Some(near) = caption.or_else(|| mentions.first().map(|m| m.at)) else {
            continue;
        };
        pack.section = document.blocks[near].section.clone();
        if let Some(at) = caption {
            evidence::add(&mut pack, document, &document.blocks[at], SpanRole::Caption);
        }
        context::add(&mut pack, document, mentions, near, settings);
        if pack.spans.is_empty() {
            continue;
        }
        let caption = caption.map(|at| &document.blocks[at]);
        let name = keys.name(&name(figure, caption.map(|b| b.text.as_str())));
        pack.key = keys.key(&name);
        pack.title = label_of(figure)
            .map(|label| label.to_string())
            .or_else(|| figure.label.clone());
        show(&mut pack, document, figure, caption);
        pack.link = link(figure);
        evidence::read(&mut pack);
        packs.push(pack);
    }
    packs
}

/// A mentioning block, with the place of the surest link in it, in characters.
fn mention<'a>(document: &'a Document, figure: &Figure, at: usize) -> Option<Mention<'a>> {
    let block = document.blocks.get(at)?;
    let whole = [0, block.text.len()];
    let link = figure
        .links
        .iter()
        .filter(|link| link.block == block.id && link.range != whole)
        .max_by(|a, b| a.score.total_cmp(&b.score));
    let range = link.and_then(|link| characters(&block.text, link.range));
    Some(Mention { at, block, range })
}

/// A range of bytes as one of characters.
fn characters(text: &str, [start, end]: [usize; 2]) -> Option<[usize; 2]> {
    let before = text.get(..start)?.chars().count();
    Some([before, before + text.get(start..end)?.chars().count()])
}

/// How sure the caption is, where there are a picture and a caption to be linked.
fn link(figure: &Figure) -> Option<PackLink> {
    let linked = figure.caption.is_some() && !figure.media.is_empty();
    linked.then(|| PackLink {
        score: figure.score,
        reasons: figure.reasons.clone(),
    })
}

/// The label's slug; without a label, the digest of the first picture or of the caption.
fn name(figure: &Figure, caption: Option<&str>) -> String {
    if let Some(label) = label_of(figure) {
        return label.slug();
    }
    let digest = figure.media.first().map_or_else(
        || Digest::of(caption.unwrap_or_default().as_bytes()),
        |media| media.sha256,
    );
    format!("fig-x{}", digest.short())
}

/// The figure's element in XML: the one that holds its caption.
fn element(document: &Document, figure: &Figure) -> Option<String> {
    let caption = document
        .block(figure.caption.as_deref()?)?
        .path
        .as_deref()?;
    let (element, _) = caption.split_once("/caption[")?;
    Some(element.to_owned())
}

fn show(pack: &mut EvidencePack, document: &Document, figure: &Figure, caption: Option<&Block>) {
    if figure.media.is_empty() {
        return;
    }
    let whole = clinical::modality(&pack.spans[0].text).unwrap_or(Modality::Other);
    let place = Locator {
        block: Some(figure.id.clone()),
        page: figure.page,
        bbox: figure.bbox,
        path: element(document, figure),
        ..Locator::of_file(document.file.clone())
    };
    // The caption is the first span, where there is one; mentions follow. A caption that names
    // panels of several pictures speaks of each of them only where it is known which is which.
    let mut spans: Vec<String> = pack.spans.iter().map(|span| span.id.clone()).collect();
    let shown = |at: usize| figure.panels.iter().find(|panel| panel.medium == Some(at));
    let unknown = figure.media.len() > 1
        && !figure.panels.is_empty()
        && (0..figure.media.len()).any(|at| shown(at).is_none());
    if unknown && caption.is_some() {
        spans.remove(0);
    }
    let image = |(at, media): (usize, &MediaRef)| {
        let panel = shown(at).zip(caption).filter(|_| !unknown);
        let own = panel.and_then(|(panel, caption)| clinical::modality(&words(panel, caption)));
        PackImage {
            media: media.clone(),
            place: Locator {
                bbox: panel.and_then(|(panel, _)| panel.bbox).or(place.bbox),
                ..place.clone()
            },
            modality: own.unwrap_or(whole),
            title: titled(pack.title.as_deref(), panel.map(|(panel, _)| panel)),
            spans: spans.clone(),
            panel: panel.map(|(panel, caption)| PackPanel {
                label: panel.label.clone(),
                ranges: panel
                    .ranges
                    .iter()
                    .filter_map(|range| characters(&caption.text, *range))
                    .collect(),
            }),
        }
    };
    let images = figure.media.iter().enumerate().map(image).collect();
    pack.images = images;
    pack.modality = whole;
}

/// The caption's words about a panel.
fn words(panel: &Panel, caption: &Block) -> String {
    let parts = panel.ranges.iter();
    let parts: Vec<&str> = parts
        .filter_map(|[start, end]| caption.text.get(*start..*end))
        .collect();
    parts.join(" ")
}

/// `Figure 2 (A)`.
fn titled(title: Option<&str>, panel: Option<&Panel>) -> Option<String> {
    match panel {
        Some(panel) => Some(format!("{} ({})", title.unwrap_or("Figure"), panel.label)),
        None => title.map(str::to_owned),
    }
}
