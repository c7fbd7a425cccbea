//! Whether the JATS and the PDF of one article give the same evidence, where
//! `SPINEMED_REAL_DATA` points at articles: figures, packs, and items made by rules.
#![allow(clippy::disallowed_methods)] // The test reads real articles where a person has them.
#![allow(clippy::print_stdout)] // It prints what it measured and what it skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use spinemed_core::document::{Document, Figure};
use spinemed_core::instance::{Draft, Task};
use spinemed_core::outcome::Outcome;
use spinemed_core::pack::{EvidencePack, PackKind};
use spinemed_core::seam::{Ask, Reading, Record, Stage};
use spinemed_core::source::Format;
use spinemed_core::vocabulary::{Kind, Language, Subjects};
use spinemed_deidentify::admit;
use spinemed_generate::rules::Rules;
use spinemed_pairing::{Job, Pairing, label, pair};
use spinemed_testkit::articles::{One, articles, manifest};

/// What one reader's way gives of an article.
struct Way {
    document: Document,
    packs: Vec<EvidencePack>,
    items: Vec<(usize, Draft)>,
}

fn way(format: Format, path: &Path) -> Way {
    let name = path.file_name().expect("a name").to_string_lossy();
    let tree = One {
        name: name.into_owned(),
        bytes: std::fs::read(path).expect("the article"),
    };
    let manifest = manifest(format);
    let read = spinemed_run::Here::default().ingest(&manifest, &tree);
    let Some(Record::Document(mut document)) = read.records.into_iter().next() else {
        panic!("{}: no document", path.display());
    };
    // The licences that the files state are not compared here.
    document.licence = None;
    pair(&mut document);
    let record = Record::Document(document.clone());
    let packs = match Pairing::default().run(&Job { record, manifest }) {
        Outcome::Kept(packs) => packs,
        other => panic!("{}: {other:?}", path.display()),
    };
    let items = items(&packs);
    Way {
        document,
        packs,
        items,
    }
}

fn items(packs: &[EvidencePack]) -> Vec<(usize, Draft)> {
    let mut wanted = Vec::new();
    for &kind in Kind::ALL {
        wanted.extend((0..2).map(|variant| Task {
            kind,
            language: Language::En,
            variant,
        }));
    }
    let mut items = Vec::new();
    for (at, pack) in packs.iter().enumerate() {
        let clean = admit(pack.clone(), Subjects::Published).expect("published words");
        for task in spinemed_generate::tasks(&Rules, &clean, &wanted) {
            if let Ask::Answer(Outcome::Kept(drafts)) =
                spinemed_generate::draft(&Rules, &clean, &task)
            {
                items.extend(drafts.into_iter().map(|draft| (at, draft)));
            }
        }
    }
    items
}

fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    for word in words {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    counts
}

/// F1 over words with their counts.
#[allow(clippy::cast_precision_loss)]
fn f1(one: &str, other: &str) -> f64 {
    let (one, other) = (words(one), words(other));
    let shared: usize = one
        .iter()
        .map(|(word, n)| other.get(word).map_or(0, |m| *n.min(m)))
        .sum();
    let all = one.values().sum::<usize>() + other.values().sum::<usize>();
    if all == 0 {
        1.0
    } else {
        2.0 * shared as f64 / all as f64
    }
}

/// Things that agree out of all.
#[derive(Default)]
struct Share {
    right: usize,
    all: usize,
}

impl Share {
    fn add(&mut self, right: bool) -> bool {
        self.right += usize::from(right);
        self.all += 1;
        right
    }

    #[allow(clippy::cast_precision_loss)]
    fn of(&self) -> f64 {
        self.right as f64 / self.all.max(1) as f64
    }
}

#[derive(Default)]
struct Shares {
    labels: Share,
    captions: Share,
    mentions: Share,
    figures: Share,
    packs: Share,
    levels: Share,
    items: Share,
}

fn name(figure: &Figure) -> Option<label::Label> {
    label::parse(figure.label.as_deref()?, label::Series::Figure)
}

/// A caption without its label, which the markup holds apart.
fn caption(document: &Document, figure: &Figure) -> String {
    let block = figure.caption.as_deref().and_then(|id| document.block(id));
    let text = block.map_or("", |block| block.text.as_str());
    let end = label::leading(text).map_or(0, |leading| leading.end);
    text.chars().skip(end).collect()
}

/// Whether both figures are spoken of in the same paragraphs. A PDF may break a paragraph in
/// two, so each paragraph of one side must hold, or be held by, one of the other.
fn same_mentions(jats: (&Document, &Figure), pdf: (&Document, &Figure)) -> bool {
    let texts = |(document, figure): (&Document, &Figure)| -> Vec<String> {
        figure
            .mentions
            .iter()
            .filter_map(|id| document.block(id))
            .map(|block| block.text.clone())
            .collect()
    };
    let (jats, pdf) = (texts(jats), texts(pdf));
    let covered = |of: &[String], by: &[String]| {
        of.iter()
            .all(|one| by.iter().any(|other| held(one, other) >= 0.9))
    };
    covered(&jats, &pdf) && covered(&pdf, &jats)
}

/// The part of the shorter text's words that the longer one has.
#[allow(clippy::cast_precision_loss)]
fn held(one: &str, other: &str) -> f64 {
    let (one, other) = (words(one), words(other));
    let shared: usize = one
        .iter()
        .map(|(word, n)| other.get(word).map_or(0, |m| *n.min(m)))
        .sum();
    let shorter = one
        .values()
        .sum::<usize>()
        .min(other.values().sum::<usize>());
    shared as f64 / shorter.max(1) as f64
}

type Fact = (String, String, String, String, bool);

/// What facts say, wherever they stand.
fn facts(pack: &EvidencePack, only: impl Fn(usize) -> bool) -> BTreeSet<Fact> {
    let said = pack.facts.iter().enumerate().filter(|(at, _)| only(*at));
    said.map(|(_, fact)| {
        let text = |value: Option<String>| value.unwrap_or_default();
        (
            fact.concept.clone(),
            text(fact.level.map(|level| level.to_string())),
            text(fact.side.map(|side| side.to_string())),
            text(fact.grade.as_ref().map(|grade| grade.value.clone())),
            fact.negated,
        )
    })
    .collect()
}

fn levels(pack: &EvidencePack) -> BTreeSet<String> {
    pack.levels.iter().map(|l| l.level.to_string()).collect()
}

/// What an item rests on: facts, and the words of its spans.
fn evidence(pack: &EvidencePack, draft: &Draft) -> (BTreeSet<Fact>, String) {
    let used: BTreeSet<usize> = draft.claims.iter().flat_map(|c| c.facts.clone()).collect();
    let spans: BTreeSet<&String> = draft.claims.iter().flat_map(|c| &c.spans).collect();
    let words: Vec<&str> = spans
        .iter()
        .filter_map(|id| pack.span(id))
        .map(|span| span.text.as_str())
        .collect();
    (facts(pack, |at| used.contains(&at)), words.join("\n"))
}

impl Shares {
    fn add(&mut self, jats: &Way, pdf: &Way) {
        for figure in &jats.document.figures {
            self.figure(figure, jats, pdf);
        }
        for pack in jats.packs.iter().filter(|p| p.kind != PackKind::Text) {
            let other = pdf.packs.iter().find(|other| other.key == pack.key);
            let same = other.is_some_and(|o| facts(pack, |_| true) == facts(o, |_| true));
            let both = self
                .levels
                .add(other.is_some_and(|o| levels(pack) == levels(o)))
                && same;
            if !self.packs.add(both) {
                println!("{}: levels or facts differ", pack.key);
            }
        }
        for (at, draft) in &jats.items {
            let (facts, words) = evidence(&jats.packs[*at], draft);
            let same = pdf.items.iter().any(|(at, other)| {
                let (theirs, said) = evidence(&pdf.packs[*at], other);
                other.task.kind == draft.task.kind && theirs == facts && f1(&words, &said) >= 0.95
            });
            if !self.items.add(same) {
                println!(
                    "{}#{:?}: no item with the same evidence",
                    jats.packs[*at].key, draft.task.kind
                );
            }
        }
    }

    fn figure(&mut self, figure: &Figure, jats: &Way, pdf: &Way) {
        let Some(label) = name(figure) else { return };
        let other = pdf
            .document
            .figures
            .iter()
            .find(|f| name(f).as_ref() == Some(&label));
        let found = self.labels.add(other.is_some());
        let words = caption(&jats.document, figure);
        let captions = self
            .captions
            .add(other.is_some_and(|other| f1(&words, &caption(&pdf.document, other)) >= 0.95));
        let mentions =
            self.mentions.add(other.is_some_and(|other| {
                same_mentions((&jats.document, figure), (&pdf.document, other))
            }));
        if !self.figures.add(found && captions && mentions) {
            println!(
                "{} {label}: found {found}, caption {captions}, mentions {mentions}",
                jats.document.id
            );
        }
    }
}

#[test]
fn both_forms_of_an_article_give_the_same_evidence() {
    let articles = articles();
    if articles.is_empty() {
        return;
    }
    let mut shares = Shares::default();
    for article in &articles {
        let jats = way(Format::Jats, &article.with_extension("xml"));
        let pdf = way(Format::Pdf, &article.with_extension("pdf"));
        shares.add(&jats, &pdf);
    }
    let rows = [
        ("figures: label found", &shares.labels),
        ("figures: caption, word F1 ≥ 0.95", &shares.captions),
        ("figures: same mentioning paragraphs", &shares.mentions),
        ("figures: all three", &shares.figures),
        ("figure and table packs: same levels", &shares.levels),
        (
            "figure and table packs: same levels and facts",
            &shares.packs,
        ),
        ("items by rules: same evidence", &shares.items),
    ];
    for (name, share) in rows {
        println!(
            "{name}: {} of {} ({:.3})",
            share.right,
            share.all,
            share.of()
        );
    }
    assert!(shares.figures.all > 100);
    assert!(shares.labels.of() >= 0.97 && shares.captions.of() >= 0.85);
}
