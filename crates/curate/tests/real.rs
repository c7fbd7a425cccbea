//! Rules measured on real articles, where `SPINEMED_REAL_DATA` points at them.
#![allow(clippy::disallowed_methods)] // The test reads real articles where a person has them.
#![allow(clippy::print_stdout)] // It prints what it measured and what it skipped.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use spinemed_core::document::Document;
use spinemed_core::ids::SourceId;
use spinemed_core::licence::Licence;
use spinemed_core::outcome::Outcome;
use spinemed_core::pack::{EvidencePack, PackKind};
use spinemed_core::seam::{Ingest, Record, Stage, Tree};
use spinemed_core::source::{Format, Manifest};
use spinemed_core::vocabulary::{Egress, Language, Redistribution, Subjects};
use spinemed_curate::{CurateSettings, judge};
use spinemed_pairing::{Job, Pairing};

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
        id: SourceId::new("pmc").unwrap(),
        title: "Open-access articles".to_owned(),
        format,
        language: Language::En,
        licence: Licence::new("CC-BY-4.0").unwrap(),
        redistribution: Redistribution::Full,
        egress: Egress::Any,
        subjects: Subjects::Published,
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

fn packs(article: &Path) -> Vec<EvidencePack> {
    let document = read(
        &spinemed_jats::JatsReader,
        Format::Jats,
        &article.with_extension("xml"),
    );
    let job = Job {
        record: Record::Document(document),
        manifest: manifest(Format::Jats),
    };
    match Pairing::default().run(&job) {
        Outcome::Kept(packs) => packs,
        other => panic!("{}: {other:?}", article.display()),
    }
}

#[test]
fn rules_on_real_articles() {
    let settings = CurateSettings::default();
    let mut rules: BTreeMap<String, usize> = BTreeMap::new();
    for article in articles() {
        let packs = packs(&article);
        let mut kept = 0;
        for pack in &packs {
            let reason = judge(pack, &settings);
            let rule = match &reason {
                None => "kept".to_owned(),
                Some(r) if r.code() == "off-topic" => "off-topic".to_owned(),
                Some(r) => r.detail().split(':').next().unwrap_or_default().to_owned(),
            };
            let words: usize = pack
                .spans
                .iter()
                .map(|s| s.text.split_whitespace().count())
                .sum();
            let head: String = pack.spans[0].text.chars().take(70).collect();
            println!(
                "  {} [{words} w, {} facts] {rule} | {} | {head}",
                pack.key,
                pack.facts.len(),
                reason.as_ref().map(|r| r.detail()).unwrap_or_default()
            );
            kept += usize::from(reason.is_none());
            *rules.entry(rule).or_default() += 1;
        }
        let of = |kind| packs.iter().filter(|p| p.kind == kind).count();
        println!(
            "{}: {} figures, {} tables, {} passages; {kept} kept",
            article.display(),
            of(PackKind::Figure),
            of(PackKind::Table),
            of(PackKind::Text)
        );
    }
    println!("{rules:?}");
}
