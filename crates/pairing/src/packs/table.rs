//! One pack per table: cells, caption, mentioning paragraphs.

use spinemed_core::Digest;
use spinemed_core::document::{Block, Document};
use spinemed_core::pack::{EvidencePack, Span, SpanRole};

use super::context::{self, Mention};
use super::key::Keys;
use super::{evidence, scanned};
use crate::PairingSettings;
use crate::document::positions;
use crate::label::{self, Series};
use crate::tables;

/// The packs of a document's tables.
pub(super) fn packs(
    document: &Document,
    settings: &PairingSettings,
    blank: &EvidencePack,
) -> Vec<EvidencePack> {
    let position = positions(&document.blocks);
    let block = |id: &String| position.get(id.as_str()).map(|&at| &document.blocks[at]);
    let mut keys = Keys::new(&document.id);
    let mut packs = Vec::new();
    for table in tables(document) {
        let Some(cells) = block(&table.block) else {
            continue;
        };
        let text = text(cells);
        if text.trim().is_empty() {
            continue;
        }
        let mut pack = blank.clone();
        if let Some(caption) = table.caption.as_ref().and_then(block) {
            evidence::add(&mut pack, document, caption, SpanRole::Caption);
        }
        let id = format!("s{}", pack.spans.len() + 1);
        let place = evidence::place(document, cells, &text);
        pack.spans.push(Span {
            id,
            role: SpanRole::Table,
            text,
            place,
        });
        pack.section = cells.section.clone();
        let mentions = table.mentions.iter().filter_map(|id| {
            let at = *position.get(id.as_str())?;
            let block = &document.blocks[at];
            Some(Mention {
                at,
                block,
                range: None,
            })
        });
        let near = position.get(table.block.as_str()).copied().unwrap_or(0);
        context::add(&mut pack, document, mentions.collect(), near, settings);
        let label = table
            .label
            .as_deref()
            .and_then(|text| label::parse(text, Series::Table));
        let name = match &label {
            Some(label) => label.slug(),
            None => format!(
                "table-x{}",
                Digest::of(pack.spans[0].text.as_bytes()).short()
            ),
        };
        let name = keys.name(&name);
        pack.key = keys.key(&name);
        pack.title = label.map(|label| label.to_string()).or(table.label);
        evidence::read(&mut pack);
        packs.push(pack);
    }
    packs
}

/// Cells joined by ` | `, rows by line feeds; the block's own text where its cells were not
/// understood.
fn text(table: &Block) -> String {
    if table.cells.is_empty() {
        let parts: Vec<String> = scanned::sure(table)
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        return parts.join("\n");
    }
    let rows = table.cells.iter().map(|row| row.join(" | "));
    let sure: Vec<String> = rows
        .filter(|row| !scanned::is_doubtful_row(table, row))
        .collect();
    sure.join("\n")
}
