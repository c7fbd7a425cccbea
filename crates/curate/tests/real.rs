//! Rules measured on real articles, where `SPINEMED_REAL_DATA` points at them.
#![allow(clippy::disallowed_methods)] // The test reads real articles where a person has them.
#![allow(clippy::print_stdout)] // It prints what it measured and what it skipped.

use std::collections::BTreeMap;
use std::path::Path;

use spinemed_core::outcome::Outcome;
use spinemed_core::pack::{EvidencePack, PackKind};
use spinemed_core::seam::{Record, Stage};
use spinemed_core::source::Format;
use spinemed_curate::{CurateSettings, judge};
use spinemed_pairing::{Job, Pairing};
use spinemed_testkit::articles::{articles, manifest, read};

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
