//! What all readers of one document per file share: the way from a tree of files to records.

use std::collections::BTreeMap;

use spinemed_core::Problem;
use spinemed_core::document::Document;
use spinemed_core::locator::FileRef;
use spinemed_core::media::Media;
use spinemed_core::seam::{Ingested, Record, Tree};
use spinemed_core::source::Manifest;

use crate::picture;

/// Why a file gives no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where in the file.
    pub place: String,
    /// The cause.
    pub reason: String,
}

impl Refusal {
    /// A refusal at a place.
    pub fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
        }
    }
}

/// A document, with what its record has no place for.
#[derive(Debug)]
pub struct Read {
    /// The document; its figures still lack pictures.
    pub document: Document,
    /// Per figure, what the markup calls its pictures; empty where they are there already.
    pub hrefs: Vec<Vec<String>>,
    /// Pictures that came with the file itself.
    pub media: Vec<Media>,
    /// Places and reasons of what was not understood.
    pub problems: Vec<(String, String)>,
}

/// A file that is to be read.
#[derive(Debug)]
pub struct File<'a> {
    /// What the source says of itself.
    pub manifest: &'a Manifest,
    /// Its content.
    pub bytes: &'a [u8],
    /// Name and digest.
    pub reference: FileRef,
    /// The last part of the document's id.
    pub stem: String,
}

/// Which files are documents, and how one is read.
pub struct Documents {
    /// Endings of documents' names, with their dots, in lower case.
    pub endings: &'static [&'static str],
    /// What is said where no file has such an ending.
    pub none: &'static str,
    /// Reads one file.
    pub read: fn(&File<'_>) -> Result<Read, Refusal>,
}

impl Documents {
    /// Reads every document of a tree, and takes its pictures from the tree's other files.
    #[must_use]
    pub fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested {
        let names = tree.names();
        let mut out = Ingested::default();
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        for name in names.iter().filter(|name| self.is_document(name)) {
            let stem = stem(name);
            if let Some(first) = taken.get(&stem) {
                let reason = format!("another file, `{first}`, already gives document `{stem}`");
                out.rejected.push(problem(manifest, name, "file", reason));
                continue;
            }
            taken.insert(stem, name);
            if let Err(refusal) = self.one(manifest, tree, &names, name, &mut out) {
                let told = problem(manifest, name, &refusal.place, refusal.reason);
                out.rejected.push(told);
            }
        }
        if let (true, Some(name)) = (taken.is_empty(), names.first()) {
            out.rejected
                .push(problem(manifest, name, "file", self.none.to_owned()));
        }
        out
    }

    fn is_document(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.endings.iter().any(|ending| name.ends_with(ending))
    }

    fn one(
        &self,
        manifest: &Manifest,
        tree: &dyn Tree,
        names: &[String],
        name: &str,
        out: &mut Ingested,
    ) -> Result<(), Refusal> {
        let unread = |cause| Refusal::new("file", cause);
        let bytes = tree.read(name).map_err(unread)?;
        let sha256 = tree.digest(name).map_err(unread)?;
        let file = File {
            manifest,
            bytes: &bytes,
            reference: FileRef {
                path: name.to_owned(),
                sha256,
            },
            stem: stem(name),
        };
        let mut read = (self.read)(&file)?;
        let folder = name.rfind('/').map_or("", |at| &name[..=at]);
        let others = picture::Among { tree, names };
        out.media.append(&mut read.media);
        out.media
            .extend(picture::attach(&mut read, &others, folder));
        let told = |(place, reason): (String, String)| problem(manifest, name, &place, reason);
        out.problems.extend(read.problems.into_iter().map(told));
        out.records.push(Record::Document(read.document));
        Ok(())
    }
}

/// A problem of a file.
fn problem(manifest: &Manifest, file: &str, place: &str, reason: String) -> Problem {
    Problem {
        source: manifest.id.to_string(),
        file: file.to_owned(),
        place: place.to_owned(),
        reason,
    }
}

/// A file's name without folders and ending; its folder's where the name alone says nothing,
/// as in `modules/m46352/index.cnxml`.
#[must_use]
pub fn stem(name: &str) -> String {
    let mut parts = name.rsplit('/');
    let base = parts.next().unwrap_or(name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    match parts.next() {
        Some(folder) if stem == "index" && !folder.is_empty() => folder.to_owned(),
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn documents_are_named_after_their_files() {
        let check = |name: &str, expect: &str| assert_eq!(super::stem(name), expect);
        check("a/b.xml", "b");
        check("modules/m46352/index.cnxml", "m46352");
        check("index.html", "index");
        check("a/README", "README");
    }
}
