//! The parser of level mentions against texts labelled by hand, and its properties.

#![allow(clippy::print_stdout)] // The measured figures are meant to be read.

use std::collections::BTreeMap;

use proptest::prelude::*;
use spinemed_core::level::{self, Level, Region, Vertebra};

/// A text and the mentions expected of it: range and level.
struct Labelled {
    part: String,
    text: String,
    expect: Vec<([usize; 2], Level)>,
}

fn labelled(file: &str) -> Vec<Labelled> {
    let mut part = String::new();
    let mut texts = Vec::new();
    for line in file.lines().filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix("## ") {
            part = name.to_owned();
        } else if !line.starts_with("# ") {
            let (text, labels) = line.split_once('\t').unwrap_or((line, ""));
            let text = text.replace("\\n", "\n");
            let expect = expected(&text, labels);
            texts.push(Labelled {
                part: part.clone(),
                text,
                expect,
            });
        }
    }
    texts
}

/// Finds each label's words in the text, in order; a repeated spelling names the same place.
fn expected(text: &str, labels: &str) -> Vec<([usize; 2], Level)> {
    let mut expect: Vec<([usize; 2], Level)> = Vec::new();
    let mut last = (0, 0, "");
    for label in labels.split(" | ").filter(|label| !label.is_empty()) {
        let (words, name) = label.split_once(" = ").expect("a label is `words = level`");
        let again = words == last.2 && !text[last.1..].contains(words);
        let at = if again {
            last.0
        } else {
            last.1
                + text[last.1..]
                    .find(words)
                    .unwrap_or_else(|| panic!("`{words}` in {text}"))
        };
        last = (at, at + words.len(), words);
        let start = text[..at].chars().count();
        expect.push((
            [start, start + words.chars().count()],
            name.parse().expect("a level"),
        ));
    }
    expect
}

#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Score {
    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }

    fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE)
    }
}

/// Compares by range and level; prints what differs.
fn score(texts: &[Labelled]) -> (Score, BTreeMap<String, Score>) {
    let mut all = Score::default();
    let mut parts: BTreeMap<String, Score> = BTreeMap::new();
    for labelled in texts {
        let mut missed = labelled.expect.clone();
        let mut wrong = Vec::new();
        let mut right = 0;
        for mention in level::mentions(&labelled.text) {
            let found = (mention.range, mention.level);
            match missed.iter().position(|expect| *expect == found) {
                Some(at) => {
                    missed.remove(at);
                    right += 1;
                }
                None => wrong.push(found),
            }
        }
        if !missed.is_empty() || !wrong.is_empty() {
            println!("{}\n  missed {missed:?}\n  wrong {wrong:?}", labelled.text);
        }
        for score in [&mut all, parts.entry(labelled.part.clone()).or_default()] {
            score.right += right;
            score.wrong += wrong.len();
            score.missed += missed.len();
        }
    }
    (all, parts)
}

#[test]
fn labelled_mentions_are_found() {
    let texts = labelled(include_str!("data/levels.tsv"));
    let count: usize = texts.iter().map(|text| text.expect.len()).sum();
    assert!(count >= 400, "{count} mentions");
    let (all, parts) = score(&texts);
    for (part, score) in &parts {
        println!(
            "{part}: precision {:.4}, recall {:.4}",
            score.precision(),
            score.recall()
        );
    }
    println!(
        "{count} mentions: precision {:.4}, recall {:.4}, F1 {:.4}",
        all.precision(),
        all.recall(),
        all.f1()
    );
    // The first run on the first 421 mentions gave F1 0.971 and no false hit in 257 texts; the
    // held-out part, written after that, gave 0.958 and 5 false hits in 34 texts at first sight.
    assert!(all.precision() >= 0.995 && all.recall() >= 0.995);
}

#[test]
fn false_friends_are_left_alone() {
    let texts = labelled(include_str!("data/levels-false.tsv"));
    assert!(texts.len() >= 200, "{} texts", texts.len());
    let (all, _) = score(&texts);
    println!("{} texts, {} false hits", texts.len(), all.wrong);
    assert_eq!(all.wrong, 0);
}

#[test]
fn every_level_is_read_as_it_is_written() {
    let check = |text: String, expect: Level| {
        let found: Vec<Level> = level::mentions(&text)
            .iter()
            .map(|mention| mention.level)
            .collect();
        assert_eq!(found, [expect], "{text}");
    };
    for upper in Vertebra::all().filter(|v| v.region() != Region::Coccygeal) {
        check(
            format!("Fracture of the {upper} vertebral body."),
            upper.into(),
        );
        check(format!("{upper}椎体压缩性骨折。"), upper.into());
        for lower in Vertebra::all().filter(|v| v.region() != Region::Coccygeal) {
            let Ok(level) = Level::between(upper, lower) else {
                continue;
            };
            let skips = upper.below() != Some(lower) && !upper.is_variant() && !lower.is_variant();
            if !skips {
                check(format!("Disc bulge at {upper}/{lower}."), level);
                check(format!("Disc bulge at {upper}-{lower}."), level);
                check(format!("{upper}/{lower}椎间盘膨出。"), level);
            }
        }
    }
}

/// Pieces of which texts that look like levels are made.
const PIECES: &[&str] = &[
    "L",
    "l",
    "C",
    "T",
    "S",
    "Th",
    "D",
    "1",
    "2",
    "4",
    "5",
    "12",
    "13",
    "0",
    "45",
    "/",
    "-",
    "–",
    "～",
    "to",
    "and",
    ",",
    "、",
    " ",
    "\n",
    ".",
    "第",
    "腰",
    "颈",
    "胸",
    "骶",
    "椎",
    "四",
    "十",
    "神经根",
    "至",
    "fourth",
    "lumbar",
    "vertebra",
    "root",
    "fusion",
    "of",
    "between",
    "atlas",
    "dens",
    "(",
    ")",
    ":",
    "T2WI",
    "Fig",
    "４",
    "ﬁ",
    "\u{ad}",
    "寰枢",
    "+",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_ordered_ranges_within_it(text in any::<String>()) {
        ordered(&text)?;
    }

    #[test]
    fn any_pieces_give_ordered_ranges(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        ordered(&pieces.concat())?;
        ordered(&pieces.join(" "))?;
    }

    #[test]
    fn display_and_parse_round_trip(first in 0_usize..32, last in 0_usize..32) {
        let all: Vec<Vertebra> = Vertebra::all().collect();
        let (first, last) = (all[first], all[last]);
        for level in [Ok(first.into()), Level::between(first, last), Level::range(first, last)].into_iter().flatten() {
            let text = level.to_string();
            prop_assert_eq!(text.parse::<Level>(), Ok(level));
        }
    }

    #[test]
    fn any_text_is_parsed_or_refused(text in any::<String>()) {
        if let Ok(level) = text.parse::<Level>() {
            prop_assert_eq!(level.to_string(), text);
        } else {
            let _ = level::parse_label(&text);
        }
    }
}

fn ordered(text: &str) -> Result<(), TestCaseError> {
    let length = text.chars().count();
    let mut last = 0;
    for mention in level::mentions(text) {
        let [start, end] = mention.range;
        prop_assert!(start < end && end <= length);
        prop_assert!(start >= last);
        last = start;
    }
    Ok(())
}
