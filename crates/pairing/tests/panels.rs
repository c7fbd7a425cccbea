//! Panels against captions whose panels are marked by hand: `tests/captions`.
#![allow(clippy::print_stdout)] // It prints what it measured.

use std::collections::BTreeSet;

use spinemed_pairing::panels;

/// A caption with its true panels: label and words.
struct Marked {
    caption: String,
    truth: BTreeSet<(String, String)>,
}

/// Reads `{A,B|words}`.
fn read(line: &str) -> Marked {
    let (mut caption, mut truth) = (String::new(), BTreeSet::new());
    let mut rest = line;
    while let Some((before, marked)) = rest.split_once('{') {
        let (inside, after) = marked.split_once('}').expect("a closing brace");
        let (labels, words) = inside.split_once('|').expect("a label");
        caption += before;
        caption += words;
        truth.extend(
            labels
                .split(',')
                .map(|label| (label.to_owned(), letters(words))),
        );
        rest = after;
    }
    caption += rest;
    Marked { caption, truth }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// True ones, found ones, found with the right label, found with the right words too.
#[derive(Default, Clone, Copy)]
struct Count {
    captions: usize,
    whole: usize,
    truths: usize,
    found: usize,
    labels: usize,
    words: usize,
}

impl Count {
    fn add(&mut self, marked: &Marked) {
        let found: BTreeSet<(String, String)> = panels(&marked.caption)
            .into_iter()
            .map(|panel| {
                let words: String = panel
                    .ranges
                    .iter()
                    .map(|range| letters(&marked.caption[range[0]..range[1]]))
                    .collect();
                (panel.label, words)
            })
            .collect();
        let labels = |set: &BTreeSet<(String, String)>| -> BTreeSet<String> {
            set.iter().map(|(label, _)| label.clone()).collect()
        };
        self.captions += 1;
        self.whole += usize::from(found == marked.truth);
        self.truths += marked.truth.len();
        self.found += found.len();
        self.labels += labels(&found).intersection(&labels(&marked.truth)).count();
        self.words += found.intersection(&marked.truth).count();
        if found != marked.truth {
            println!(
                "{}\n  found {found:?}\n  truth {:?}",
                marked.caption, marked.truth
            );
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn say(&self, name: &str) -> f64 {
        let part = |n: usize, of: usize| n as f64 / of.max(1) as f64;
        println!(
            "{name}: {} captions, {} wholly right; labels: precision {:.3}, recall {:.3}; \
             with words: precision {:.3}, recall {:.3}",
            self.captions,
            self.whole,
            part(self.labels, self.found),
            part(self.labels, self.truths),
            part(self.words, self.found),
            part(self.words, self.truths),
        );
        part(self.words, self.found).min(part(self.words, self.truths))
    }
}

#[test]
fn panels_of_captions_marked_by_hand() {
    let (mut seen, mut held) = (Count::default(), Count::default());
    for text in [
        include_str!("captions/english.txt"),
        include_str!("captions/chinese.txt"),
    ] {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for (at, line) in lines.enumerate() {
            let count = if at % 3 == 2 { &mut held } else { &mut seen };
            count.add(&read(line));
        }
    }
    assert!(seen.captions + held.captions >= 120);
    let (seen, held) = (seen.say("seen"), held.say("held out"));
    assert!(seen >= 0.95 && held >= 0.9, "{seen} {held}");
}
