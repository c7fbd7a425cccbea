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
mod links;
mod math;
mod path;
mod picture;
mod table;
mod text;

use std::collections::BTreeMap;

use spinemed_core::Problem;
use spinemed_core::locator::FileRef;
use spinemed_core::seam::{Ingest, Ingested, Record, StepId, Tree};
use spinemed_core::source::Manifest;

/// The reader of JATS XML. Every file ending in `.xml` or `.nxml` is one document;
/// pictures are looked for among the tree's other files.
#[derive(Debug, Clone, Copy, Default)]
pub struct JatsReader;

impl Ingest for JatsReader {
    fn step(&self) -> StepId {
        StepId {
            name: "jats",
            version: 1,
        }
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested {
        let names = tree.names();
        let mut out = Ingested::default();
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        for name in names.iter().filter(|name| is_xml(name)) {
            let stem = stem(name);
            if let Some(first) = taken.get(&stem) {
                let reason = format!("another file, `{first}`, already gives document `{stem}`");
                out.rejected.push(problem(manifest, name, "file", reason));
                continue;
            }
            taken.insert(stem, name);
            if let Err(refusal) = read(manifest, tree, &names, name, &mut out) {
                out.rejected
                    .push(problem(manifest, name, &refusal.place, refusal.reason));
            }
        }
        if let (true, Some(name)) = (taken.is_empty(), names.first()) {
            let reason = "no JATS file: expected `.xml` or `.nxml`".to_owned();
            out.rejected.push(problem(manifest, name, "file", reason));
        }
        out
    }
}

/// Why a file gives no document.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    place: String,
    reason: String,
}

impl Refusal {
    fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
        }
    }
}

fn read(
    manifest: &Manifest,
    tree: &dyn Tree,
    names: &[String],
    name: &str,
    out: &mut Ingested,
) -> Result<(), Refusal> {
    let bytes = tree
        .read(name)
        .map_err(|cause| Refusal::new("file", cause))?;
    let sha256 = tree
        .digest(name)
        .map_err(|cause| Refusal::new("file", cause))?;
    let text = guard::text(&bytes)?;
    let xml = guard::parse(text)?;
    let article = guard::article(&xml)?;
    let file = FileRef {
        path: name.to_owned(),
        sha256,
    };
    let mut read = article::read(article, manifest, file, &stem(name))?;
    let media = picture::attach(&mut read, tree, names);
    out.media.extend(media);
    let told = |(place, reason): (String, String)| problem(manifest, name, &place, reason);
    out.problems.extend(read.problems.into_iter().map(told));
    out.records.push(Record::Document(read.document));
    Ok(())
}

fn problem(manifest: &Manifest, file: &str, place: &str, reason: String) -> Problem {
    Problem {
        source: manifest.id.to_string(),
        file: file.to_owned(),
        place: place.to_owned(),
        reason,
    }
}

fn is_xml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".xml") || name.ends_with(".nxml")
}

/// A file's name without folders and ending.
fn stem(name: &str) -> String {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.rsplit_once('.')
        .map_or(base, |(stem, _)| stem)
        .to_owned()
}

#[cfg(test)]
mod tests;
