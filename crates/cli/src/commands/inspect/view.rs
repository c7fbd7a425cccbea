//! What was understood, as others rely on it: the JSON of `spinemed inspect`.

use serde::Serialize;
use spinemed_core::Problem;
use spinemed_core::clinical::{self, EntityKind};
use spinemed_core::document::{BlockKind, Document, MentionLink, Panel, ScannedWord};
use spinemed_core::level::mentions;
use spinemed_core::locator::PageBox;
use spinemed_core::media::MediaRef;
use spinemed_core::seam::{Ingested, Record};

/// Everything understood of a file.
#[derive(Debug, Serialize)]
pub struct Understood<'a> {
    pub pages: u32,
    pub blocks: Vec<BlockView<'a>>,
    pub figures: Vec<FigureView<'a>>,
    pub problems: &'a [Problem],
    /// Questions and studies, for formats that hold those.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<&'a Record>,
}

/// A block.
#[derive(Debug, Serialize)]
pub struct BlockView<'a> {
    pub id: &'a str,
    pub kind: BlockKind,
    pub page: Option<u32>,
    pub page_label: Option<&'a str>,
    #[serde(rename = "box")]
    pub bbox: Option<PageBox>,
    pub text: &'a str,
    pub depth: Option<u8>,
    pub levels: Vec<String>,
    pub entities: Vec<EntityView>,
    /// Words that were read from a picture of the page.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub scanned: &'a [ScannedWord],
}

/// A word of a block that names something.
#[derive(Debug, Clone, Serialize)]
pub struct EntityView {
    pub kind: EntityKind,
    pub id: String,
    pub text: String,
    /// Bytes of the block's text, `[start, end)`.
    pub range: [usize; 2],
}

/// A figure.
#[derive(Debug, Serialize)]
pub struct FigureView<'a> {
    pub id: &'a str,
    pub label: Option<&'a str>,
    pub page: Option<u32>,
    #[serde(rename = "box")]
    pub bbox: Option<PageBox>,
    pub caption: Option<&'a str>,
    pub mentions: &'a [String],
    pub links: &'a [MentionLink],
    pub score: f64,
    pub reasons: &'a [String],
    pub panels: &'a [Panel],
    pub media: &'a [MediaRef],
}

/// Views of all that was read.
pub fn of<'a>(read: &'a Ingested, problems: &'a [Problem]) -> Understood<'a> {
    let mut understood = Understood {
        pages: 0,
        blocks: vec![],
        figures: vec![],
        problems,
        records: vec![],
    };
    for record in &read.records {
        match record {
            Record::Document(document) => {
                understood.pages += document.pages;
                understood.blocks.extend(blocks(document));
                understood.figures.extend(figures(document));
            }
            other => understood.records.push(other),
        }
    }
    understood
}

fn blocks(document: &Document) -> impl Iterator<Item = BlockView<'_>> {
    document.blocks.iter().map(|b| BlockView {
        id: &b.id,
        kind: b.kind,
        page: b.page,
        page_label: b.page_label.as_deref(),
        bbox: b.bbox,
        text: &b.text,
        depth: b.depth,
        levels: mentions(&b.text)
            .into_iter()
            .map(|m| m.level.to_string())
            .collect(),
        entities: entities(&b.text),
        scanned: &b.scanned,
    })
}

/// What a text names, with places in bytes.
pub fn entities(text: &str) -> Vec<EntityView> {
    let starts: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    clinical::entities(text)
        .into_iter()
        .map(|entity| {
            let range = entity.range.map(|at| starts[at.min(starts.len() - 1)]);
            EntityView {
                kind: entity.kind,
                id: entity.id,
                text: text[range[0]..range[1]].to_owned(),
                range,
            }
        })
        .collect()
}

fn figures(document: &Document) -> impl Iterator<Item = FigureView<'_>> {
    document.figures.iter().map(|f| FigureView {
        id: &f.id,
        label: f.label.as_deref(),
        page: f.page,
        bbox: f.bbox,
        caption: f.caption.as_deref(),
        mentions: &f.mentions,
        links: &f.links,
        score: f.score,
        reasons: &f.reasons,
        panels: &f.panels,
        media: &f.media,
    })
}
