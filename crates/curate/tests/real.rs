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
        id: SourceId::new("pmc").expect("an id"),
        title: "Open-access articles".to_owned(),
        format,
        language: Language::En,
        licence: Licence::new("CC-BY-4.0").expect("a licence"),
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
        privacy_basis: None,
        deidentify: spinemed_core::profile::Profile::default(),
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

/// Articles on the spine, by file name.
const SPINE: &[&str] = &["PMC6148779", "PMC6344170"];

/// Articles that speak of no patient: oils, bacteria, batteries.
const ELSEWHERE: &[&str] = &[
    "PMC5203915",
    "PMC5324201",
    "PMC5364420",
    "PMC5426739",
    "PMC5454990",
    "PMC5486035",
    "PMC7052325",
    "PMC7058583",
];

#[test]
fn rules_on_real_articles() {
    let settings = CurateSettings::default();
    let mut rules: BTreeMap<String, usize> = BTreeMap::new();
    let (mut elsewhere, mut strayed) = (0, 0);
    for article in articles() {
        let name = article
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let packs = packs(&article);
        let mut kept = 0;
        for pack in &packs {
            let rule = match judge(pack, &settings) {
                None => "kept".to_owned(),
                Some(reason) if reason.code() == "off-topic" => "off-topic".to_owned(),
                Some(reason) => reason
                    .detail()
                    .split(':')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            };
            kept += usize::from(rule == "kept");
            *rules.entry(rule).or_default() += 1;
        }
        let of = |kind| packs.iter().filter(|p| p.kind == kind).count();
        let [figures, tables, texts] = [PackKind::Figure, PackKind::Table, PackKind::Text].map(of);
        println!("{name}: {figures} figures, {tables} tables, {texts} passages; {kept} kept");
        if SPINE.contains(&name.as_str()) {
            assert!(kept * 3 >= packs.len(), "{name}: {kept} of {}", packs.len());
        }
        if ELSEWHERE.contains(&name.as_str()) {
            elsewhere += packs.len();
            strayed += kept;
        }
    }
    println!("{rules:?}; {strayed} of {elsewhere} packs of other topics kept");
    assert!(strayed * 50 <= elsewhere, "{strayed} of {elsewhere}");
}
