//! Reads journal articles in JATS XML (ANSI/NISO Z39.96-2019).
//!
//! One `.xml` or `.nxml` file gives one document: blocks in reading order, figures with
//! their captions, and for each block the figures that the markup's cross references link
//! it to. External entities and DTDs are never fetched, and documents that expand or nest
//! beyond measure are refused before anything is built of them.
//!
//! Two choices matter downstream. A superscript of digits becomes Unicode superscript
//! digits (`10⁵`, `stenosis¹²`): run together with the text before it, it would change a
//! number or a vertebral level. A figure's label stands in [`Figure::label`] and not in its
//! caption's text; a table's label, which has no field of its own, opens its caption.
//!
//! [`Figure::label`]: spinemed_core::document::Figure::label

mod article;
mod body;
mod figure;
mod guard;
mod head;
mod inline;
mod licence;
mod path;
mod supplement;
mod table;

use spinemed_core::seam::{Ingest, Ingested, StepId, Tree};
use spinemed_core::source::Manifest;
use spinemed_markup::reader::{Documents, File, Read, Refusal};
use spinemed_markup::xml;

/// The reader of JATS XML. Every file ending in `.xml` or `.nxml` is one document;
/// pictures are looked for among the tree's other files.
#[derive(Debug, Clone, Copy, Default)]
pub struct JatsReader;

const DOCUMENTS: Documents = Documents {
    endings: &[".xml", ".nxml"],
    none: "no JATS file: expected `.xml` or `.nxml`",
    read,
};

impl Ingest for JatsReader {
    fn step(&self) -> StepId {
        StepId {
            name: "jats",
            version: 2,
        }
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested {
        DOCUMENTS.ingest(manifest, tree)
    }
}

fn read(file: &File<'_>) -> Result<Read, Refusal> {
    let text = xml::text(file.bytes)?;
    let xml = xml::parse(text)?;
    let article = guard::article(&xml)?;
    let reference = file.reference.clone();
    article::read(article, file.manifest, reference, &file.stem)
}

#[cfg(test)]
mod tests;
