//! Pairing measured on real articles, where `SPINEMED_REAL_DATA` points at them: what the
//! grammar and the page's geometry find, against what the JATS markup says.
#![allow(clippy::disallowed_methods)] // The test reads real articles where a person has them.
#![allow(clippy::print_stdout)] // It prints what it measured and what it skipped.

mod common;

use std::collections::BTreeSet;

use common::{letters, strip};
use spinemed_core::document::{Document, Figure};
use spinemed_core::source::Format;
use spinemed_pairing::{label, pair};
use spinemed_testkit::articles::{articles, read};

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
