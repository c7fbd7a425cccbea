//! What the score of a caption's link is worth: right and wrong links over real articles whose
//! pages are damaged on purpose, where `SPINEMED_REAL_DATA` points at them.
#![allow(clippy::disallowed_methods)] // The test reads real articles where a person has them.
#![allow(clippy::print_stdout)] // It prints what it measured and what it skipped.

mod common;

use std::collections::BTreeMap;

use common::{letters, strip};
use spinemed_core::document::{Block, Document, Figure};
use spinemed_core::locator::PageBox;
use spinemed_core::source::Format;
use spinemed_pairing::{label, pair};
use spinemed_testkit::articles::{articles, read};

/// A picture by its place: page and box in whole points.
type Place = (u32, [i64; 4]);

fn place(figure: &Figure) -> Option<Place> {
    #[allow(clippy::cast_possible_truncation)]
    let whole = |bbox: PageBox| bbox.map(|v| v.round() as i64);
    Some((figure.page?, whole(figure.bbox?)))
}

fn caption<'a>(document: &'a Document, figure: &Figure) -> Option<&'a Block> {
    document.block(figure.caption.as_deref()?)
}

/// Which caption each picture has in the whole document, where the markup has a caption of the
/// same words and label.
fn truth(marked: &Document, whole: &Document) -> BTreeMap<Place, String> {
    let start = |text: &str| -> String {
        let end = label::leading(text).map_or(0, |l| l.end);
        letters(&text.chars().skip(end).collect::<String>())
            .chars()
            .take(40)
            .collect()
    };
    let known: Vec<String> = marked
        .figures
        .iter()
        .filter_map(|f| caption(marked, f))
        .map(|b| start(&b.text))
        .collect();
    let mut found = BTreeMap::new();
    for figure in whole.figures.iter().filter(|f| !f.media.is_empty()) {
        if let (Some(place), Some(block)) = (place(figure), caption(whole, figure))
            && known.contains(&start(&block.text))
        {
            found.insert(place, block.id.clone());
        }
    }
    found
}

const MOVED: &str = "captions moved one picture on";

/// Damages a document; the blocks named are its captions.
type Damage = fn(&mut Document, &[String]);

/// Ways to damage a document whose captions are stripped to words and boxes.
const DAMAGES: &[(&str, Damage)] = &[
    ("as read", |_, _| ()),
    (MOVED, |document, captions| {
        let places: Vec<(Option<u32>, Option<PageBox>)> = blocks(document, captions)
            .map(|b| (b.page, b.bbox))
            .collect();
        let moved = places.iter().cycle().skip(1).take(places.len());
        set(document, captions, &moved.copied().collect::<Vec<_>>());
    }),
    ("captions in reverse order", |document, captions| {
        let mut places: Vec<(Option<u32>, Option<PageBox>)> = blocks(document, captions)
            .map(|b| (b.page, b.bbox))
            .collect();
        places.reverse();
        set(document, captions, &places);
    }),
    (
        "every other caption without its number",
        |document, captions| {
            for id in captions.iter().step_by(2) {
                if let Some(block) = document.blocks.iter_mut().find(|b| b.id == *id) {
                    let end = label::leading(&block.text).map_or(0, |l| l.end);
                    block.text = block.text.chars().skip(end).collect();
                }
            }
        },
    ),
    ("every other picture gone", |document, _| {
        let mut at = 0;
        document.figures.retain(|_| {
            at += 1;
            at % 2 == 0
        });
    }),
    ("captions 150 pt lower", |document, captions| {
        for block in document
            .blocks
            .iter_mut()
            .filter(|b| captions.contains(&b.id))
        {
            if let Some(bbox) = &mut block.bbox {
                bbox[1] += 150.0;
                bbox[3] += 150.0;
            }
        }
    }),
    (
        "each caption between its picture and another",
        |document, captions| {
            let mut twins: Vec<Figure> = Vec::new();
            for figure in &document.figures {
                let Some(bbox) = figure.bbox else { continue };
                let below = blocks(document, captions)
                    .filter(|b| b.page == figure.page)
                    .filter_map(|b| b.bbox)
                    .find(|b| (0.0..30.0).contains(&(b[1] - bbox[3])));
                if let Some(caption) = below {
                    let by = caption[3] + (caption[1] - bbox[3]) - bbox[1];
                    twins.push(Figure {
                        id: format!("{}9", figure.id),
                        bbox: Some([bbox[0], bbox[1] + by, bbox[2], bbox[3] + by]),
                        ..figure.clone()
                    });
                }
            }
            document.figures.extend(twins);
        },
    ),
];

fn blocks<'a>(document: &'a Document, ids: &'a [String]) -> impl Iterator<Item = &'a Block> {
    document.blocks.iter().filter(|b| ids.contains(&b.id))
}

fn set(document: &mut Document, ids: &[String], places: &[(Option<u32>, Option<PageBox>)]) {
    let blocks = document.blocks.iter_mut().filter(|b| ids.contains(&b.id));
    for (block, (page, bbox)) in blocks.zip(places) {
        (block.page, block.bbox) = (*page, *bbox);
    }
}

#[test]
fn scores_tell_right_links_from_wrong_ones() {
    let articles = articles();
    if articles.is_empty() {
        return;
    }
    // Score in hundredths and whether the link is right, by damage.
    let mut links: BTreeMap<&str, Vec<(f64, bool)>> = BTreeMap::new();
    let mut pictures = 0;
    for article in &articles {
        let marked = read(
            &spinemed_jats::JatsReader,
            Format::Jats,
            &article.with_extension("xml"),
        );
        let pages = read(
            &spinemed_pdf::PdfReader::default(),
            Format::Pdf,
            &article.with_extension("pdf"),
        );
        let mut whole = pages.clone();
        pair(&mut whole);
        let truth = truth(&marked, &whole);
        pictures += truth.len();
        let captions: Vec<String> = truth.values().cloned().collect();
        let read = links.entry("the PDF reader's own").or_default();
        read.extend(judge(&whole, &truth));
        for (name, damage) in DAMAGES {
            let mut document = pages.clone();
            strip(&mut document);
            damage(&mut document, &captions);
            pair(&mut document);
            links
                .entry(name)
                .or_default()
                .extend(judge(&document, &truth));
        }
    }
    println!("{pictures} pictures with known captions");
    for (name, links) in &links {
        let right = links.iter().filter(|(_, right)| *right).count();
        println!(
            "{name}: {} links, {right} right, {}",
            links.len(),
            spread(links)
        );
    }
    // Captions all moved by one keep their order and their places: nothing on the page says
    // that they are wrong. They are printed above and left out here.
    let all: Vec<(f64, bool)> = links
        .iter()
        .filter(|(name, _)| **name != MOVED)
        .flat_map(|(_, links)| links.iter().copied())
        .collect();
    for threshold in [0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9] {
        let (precision, recall, refused) = at(&all, threshold);
        println!(
            "{threshold:.2}: precision {precision:.3}, recall {recall:.3}, wrong ones refused {refused:.3}"
        );
    }
    let (precision, recall, _) = at(
        &all,
        spinemed_pairing::PairingSettings::default().least_score,
    );
    assert!(precision >= 0.6 && recall >= 0.9, "{precision} {recall}");
}

/// Links of pictures whose caption is known, or that have none of their own.
fn judge(document: &Document, truth: &BTreeMap<Place, String>) -> Vec<(f64, bool)> {
    let linked = document.figures.iter().filter(|f| !f.media.is_empty());
    linked
        .filter_map(|figure| {
            let caption = figure.caption.as_ref()?;
            let right = truth.get(&place(figure)?) == Some(caption);
            let known = truth.values().any(|known| known == caption);
            known.then_some((figure.score, right))
        })
        .collect()
}

/// Precision and recall of the links that a threshold lets pass, and the share of wrong ones
/// that it does not.
#[allow(clippy::cast_precision_loss)]
fn at(links: &[(f64, bool)], threshold: f64) -> (f64, f64, f64) {
    let count =
        |keep: &dyn Fn(&(f64, bool)) -> bool| links.iter().filter(|l| keep(l)).count() as f64;
    let kept = count(&|l| l.0 >= threshold);
    let right = count(&|l| l.1);
    let both = count(&|l| l.1 && l.0 >= threshold);
    let refused = count(&|l| !l.1 && l.0 < threshold);
    (
        both / kept.max(1.0),
        both / right.max(1.0),
        refused / count(&|l| !l.1).max(1.0),
    )
}

/// Quartiles of right and wrong scores.
fn spread(links: &[(f64, bool)]) -> String {
    let of = |right: bool| {
        let mut scores: Vec<f64> = links.iter().filter(|l| l.1 == right).map(|l| l.0).collect();
        scores.sort_by(f64::total_cmp);
        let part =
            |n: usize| scores.get((scores.len() * n / 4).min(scores.len().saturating_sub(1)));
        match (part(1), part(2), part(3)) {
            (Some(a), Some(b), Some(c)) => format!("{a:.2} {b:.2} {c:.2}"),
            _ => "none".to_owned(),
        }
    };
    format!("quartiles right {}, wrong {}", of(true), of(false))
}
