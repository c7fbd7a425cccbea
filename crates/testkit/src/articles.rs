//! Real articles for measurements, where `SPINEMED_REAL_DATA` points at them.
#![allow(clippy::print_stdout)] // It is said where nobody has them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use spinemed_core::document::Document;
use spinemed_core::ids::SourceId;
use spinemed_core::licence::Licence;
use spinemed_core::seam::{Ingest, Record, Tree};
use spinemed_core::source::{Format, Manifest};
use spinemed_core::vocabulary::{Egress, Language, Redistribution, Subjects};

/// One file as a tree.
#[derive(Debug)]
pub struct One {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl Tree for One {
    fn names(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        if name == self.name {
            Ok(Cow::Borrowed(&self.bytes))
        } else {
            Err("no such file".to_owned())
        }
    }
}

/// How the articles are declared.
///
/// # Panics
/// Never: what it is made of is valid.
#[must_use]
pub fn manifest(format: Format) -> Manifest {
    Manifest {
        id: SourceId::new("pmc").expect("an id"),
        title: "Open-access articles".to_owned(),
        format,
        language: Language::En,
        licence: Licence::new("CC-BY-4.0").expect("a licence"),
        redistribution: Redistribution::Full,
        egress: Egress::Any,
        subjects: Subjects::Published,
        privacy_basis: None,
        deidentify: spinemed_core::profile::Profile::default(),
        citation: "Various".to_owned(),
        doi: None,
        homepage: None,
        root: ".".to_owned(),
        include: Vec::new(),
        exclude: Vec::new(),
        files: BTreeMap::new(),
        labels: None,
    }
}

/// The articles' files without their endings, in order; none where there is no real data.
///
/// # Panics
/// When `SPINEMED_REAL_DATA` points at no articles.
#[must_use]
pub fn articles() -> Vec<PathBuf> {
    let Ok(root) = std::env::var("SPINEMED_REAL_DATA") else {
        println!("skipped: SPINEMED_REAL_DATA is not set");
        return Vec::new();
    };
    let folder = std::fs::read_dir(Path::new(&root).join("pmc")).expect("the folder pmc");
    let mut found: Vec<PathBuf> = folder
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "xml"))
        .map(|path| path.with_extension(""))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no articles");
    found
}

/// What a reader makes of an article.
///
/// # Panics
/// When it makes no document of it.
pub fn read(reader: &dyn Ingest, format: Format, path: &Path) -> Document {
    let name = path
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let bytes = std::fs::read(path).expect("the article");
    let ingested = reader.ingest(&manifest(format), &One { name, bytes });
    match ingested.records.into_iter().next() {
        Some(Record::Document(document)) => document,
        other => panic!(
            "{}: a document, not {other:?}; {:?}",
            path.display(),
            ingested.rejected
        ),
    }
}
