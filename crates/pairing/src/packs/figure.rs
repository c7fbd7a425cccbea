//! One pack per figure: caption, mentioning paragraphs, pictures.

use spinemed_core::Digest;
use spinemed_core::clinical;
use spinemed_core::document::{Document, Figure};
use spinemed_core::locator::Locator;
use spinemed_core::pack::{EvidencePack, PackImage, SpanRole};
use spinemed_core::vocabulary::Modality;

use super::evidence;
use super::key::Keys;
use crate::document::{label_of, positions};

/// The packs of a document's figures. A picture without any words makes none: nothing says
/// what it shows.
pub(super) fn packs(
    document: &Document,
    most_mentions: usize,
    blank: &EvidencePack,
) -> Vec<EvidencePack> {
    let position = positions(&document.blocks);
    let block = |id: &String| position.get(id.as_str()).map(|&at| &document.blocks[at]);
    let mut keys = Keys::new(&document.id);
    let mut packs = Vec::new();
    for figure in &document.figures {
        let mut pack = blank.clone();
        let caption = figure.caption.as_ref().and_then(block);
        if let Some(caption) = caption {
            evidence::add(&mut pack, document, caption, SpanRole::Caption);
        }
        for mention in figure.mentions.iter().filter_map(block).take(most_mentions) {
            evidence::add(&mut pack, document, mention, SpanRole::Mention);
        }
        if pack.spans.is_empty() {
            continue;
        }
        let name = keys.name(&name(figure, caption.map(|b| b.text.as_str())));
        pack.key = keys.key(&name);
        pack.title = label_of(figure)
            .map(|label| label.to_string())
            .or_else(|| figure.label.clone());
        let near = caption.or_else(|| figure.mentions.first().and_then(block));
        pack.section = near.map(|b| b.section.clone()).unwrap_or_default();
        let words = pack.spans[0].text.clone();
        show(&mut pack, document, figure, &words);
        evidence::read(&mut pack);
        packs.push(pack);
    }
    packs
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

fn show(pack: &mut EvidencePack, document: &Document, figure: &Figure, words: &str) {
    if figure.media.is_empty() {
        return;
    }
    let modality = clinical::modality(words).unwrap_or(Modality::Other);
    let place = Locator {
        block: Some(figure.id.clone()),
        page: figure.page,
        bbox: figure.bbox,
        path: element(document, figure),
        ..Locator::of_file(document.file.clone())
    };
    // The caption is the first span, where there is one; mentions follow.
    let spans: Vec<String> = pack.spans.iter().map(|span| span.id.clone()).collect();
    pack.images = figure
        .media
        .iter()
        .map(|media| PackImage {
            media: media.clone(),
            place: place.clone(),
            modality,
            title: pack.title.clone(),
            spans: spans.clone(),
        })
        .collect();
    pack.modality = modality;
}
