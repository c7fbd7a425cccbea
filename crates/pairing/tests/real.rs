//! Pairing measured on real articles, where `SPINEMED_REAL_DATA` points at them: what the
//! grammar and the page's geometry find, against what the JATS markup says.
#![allow(clippy::disallowed_methods)] // The test reads real articles where a person has them.
#![allow(clippy::print_stdout)] // It prints what it measured and what it skipped.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use spinemed_core::document::{BlockKind, Document, Figure};
use spinemed_core::ids::SourceId;
use spinemed_core::licence::Licence;
use spinemed_core::seam::{Ingest, Record, Tree};
use spinemed_core::source::{Format, Manifest};
use spinemed_core::vocabulary::{Egress, Language, Redistribution, Subjects};
use spinemed_pairing::{label, pair};

/// One file as a tree.
struct One {
    name: String,
    bytes: Vec<u8>,
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

fn manifest(format: Format) -> Manifest {
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
fn articles() -> Vec<PathBuf> {
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

fn read(reader: &dyn Ingest, format: Format, path: &Path) -> Document {
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

/// Counts of a comparison.
#[derive(Default)]
struct Score {
    right: usize,
    found: usize,
    true_ones: usize,
}

impl Score {
    fn add(&mut self, found: &BTreeSet<&str>, truth: &BTreeSet<&str>) {
        self.right += found.intersection(truth).count();
        self.found += found.len();
        self.true_ones += truth.len();
    }

    #[allow(clippy::cast_precision_loss)]
    fn precision(&self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    #[allow(clippy::cast_precision_loss)]
    fn recall(&self) -> f64 {
        self.right as f64 / self.true_ones.max(1) as f64
    }
}

#[test]
fn mentions_by_label_against_the_links_of_the_markup() {
    let articles = articles();
    if articles.is_empty() {
        return;
    }
    let mut mentions = Score::default();
    for article in &articles {
        let marked = read(
            &spinemed_jats::JatsReader,
            Format::Jats,
            &article.with_extension("xml"),
        );
        let mut stripped = marked.clone();
        stripped
            .blocks
            .iter_mut()
            .for_each(|block| block.links.clear());
        for figure in &mut stripped.figures {
            figure.mentions.clear();
        }
        pair(&mut stripped);
        for figure in &marked.figures {
            let truth: BTreeSet<&str> = marked
                .blocks
                .iter()
                .filter(|b| b.links.contains(&figure.id) && figure.caption.as_ref() != Some(&b.id))
                .map(|b| b.id.as_str())
                .collect();
            let paired = stripped
                .figures
                .iter()
                .find(|f| f.id == figure.id)
                .expect("the figure stays");
            let found: BTreeSet<&str> = paired.mentions.iter().map(String::as_str).collect();
            mentions.add(&found, &truth);
            for id in found.symmetric_difference(&truth) {
                let what = if truth.contains(id) {
                    "missed"
                } else {
                    "beyond the links"
                };
                let text: String = marked
                    .block(id)
                    .map(|b| b.text.chars().take(90).collect())
                    .unwrap_or_default();
                println!(
                    "{} {:?} {what}: {id} {text}",
                    article.display(),
                    figure.label
                );
            }
        }
    }
    println!(
        "mentions: {} links, precision {:.3}, recall {:.3}",
        mentions.true_ones,
        mentions.precision(),
        mentions.recall()
    );
    assert!(mentions.true_ones > 100);
    assert!(mentions.recall() >= 0.97, "{}", mentions.recall());
    assert!(mentions.precision() >= 0.90, "{}", mentions.precision());
}

/// Letters and digits in lower case: PDF and XML differ in spaces and dashes.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a page's captions came to.
#[derive(Debug, Default)]
struct Captions {
    truths: usize,
    right: usize,
    wrong: usize,
    placed: usize,
}

impl Captions {
    /// Counts the figures of the markup whose caption the pages' figure of that label has.
    fn count(&mut self, marked: &Document, pages: &Document) {
        for figure in &marked.figures {
            let name =
                |text: &Option<String>| label::parse(text.as_deref()?, label::Series::Figure);
            let (Some(truth), Some(label)) = (start(marked, figure), name(&figure.label)) else {
                continue;
            };
            self.truths += 1;
            let same = |f: &&Figure| name(&f.label).as_ref() == Some(&label);
            let found = pages.figures.iter().find(same);
            match found.and_then(|f| start(pages, f)) {
                Some(words) if words == truth => {
                    self.right += 1;
                    self.placed += usize::from(found.is_some_and(|f| f.bbox.is_some()));
                }
                Some(words) => {
                    self.wrong += 1;
                    println!("{} {label}: `{words}` is not `{truth}`", marked.file.path);
                }
                None => println!("{} {label}: no caption found", marked.file.path),
            }
        }
    }
}

/// The first letters of a figure's caption, label aside.
fn start(document: &Document, figure: &Figure) -> Option<String> {
    let text = &document.block(figure.caption.as_deref()?)?.text;
    let end = label::leading(text).map_or(0, |l| l.end);
    Some(
        letters(&text.chars().skip(end).collect::<String>())
            .chars()
            .take(40)
            .collect(),
    )
}

/// Takes away what the reader of pages found out about captions: only words and boxes stay.
fn strip(pages: &mut Document) {
    for figure in &mut pages.figures {
        (figure.label, figure.caption, figure.score) = (None, None, 0.0);
        figure.reasons.clear();
    }
    for block in &mut pages.blocks {
        if block.kind == BlockKind::Caption {
            block.kind = BlockKind::Paragraph;
        }
    }
}

#[test]
fn captions_of_pages_against_the_markup() {
    let articles = articles();
    if articles.is_empty() {
        return;
    }
    let (mut given, mut open, mut misplaced) = (Captions::default(), Captions::default(), 0);
    for article in &articles {
        let marked = read(
            &spinemed_jats::JatsReader,
            Format::Jats,
            &article.with_extension("xml"),
        );
        let mut pages = read(
            &spinemed_pdf::PdfReader::default(),
            Format::Pdf,
            &article.with_extension("pdf"),
        );
        let mut stripped = pages.clone();
        strip(&mut stripped);
        pair(&mut pages);
        pair(&mut stripped);
        given.count(&marked, &pages);
        open.count(&marked, &stripped);
        for figure in &pages.figures {
            let same = |f: &&Figure| f.caption == figure.caption && f.caption.is_some();
            let other = stripped.figures.iter().find(same);
            if other.is_some_and(|other| other.page != figure.page || other.bbox != figure.bbox) {
                misplaced += 1;
                println!(
                    "{} {:?}: {other:?} is not {figure:?}",
                    pages.file.path, figure.label
                );
            }
        }
    }
    println!("as read: {given:?}; from words and boxes alone: {open:?}, {misplaced} misplaced");
    assert!(given.truths > 100);
    assert!(given.right * 100 >= given.truths * 97, "{given:?}");
    assert!(
        open.right * 100 >= open.truths * 90 && open.wrong * 100 <= open.truths * 2,
        "{open:?}"
    );
    assert!(misplaced * 100 <= open.truths * 5, "{misplaced}");
}
