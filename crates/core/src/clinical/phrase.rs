//! Where a text names concepts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::concept::Concept;
use super::lexeme::{Kind, Lexeme, lexemes};
use super::lexicon::CONCEPTS;

/// A concept named in lexemes `[first, end)`.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    /// The concept.
    pub concept: &'static Concept,
    /// The first lexeme.
    pub first: usize,
    /// One past the last.
    pub end: usize,
    /// Lexemes inside that are no part of the name (`椎管重度狭窄`).
    pub inside: Vec<usize>,
    /// Whether the name is a short form.
    pub short: bool,
}

struct Name {
    words: Vec<String>,
    concept: usize,
    short: bool,
}

/// Names by their first word, longer ones first.
static NAMES: LazyLock<BTreeMap<String, Vec<Name>>> = LazyLock::new(|| {
    let mut names: BTreeMap<String, Vec<Name>> = BTreeMap::new();
    for (index, concept) in CONCEPTS.iter().enumerate() {
        for name in concept.en.iter().chain(&concept.zh) {
            let short = name.starts_with('~');
            let words: Vec<String> = lexemes(name.trim_start_matches('~'))
                .into_iter()
                .filter(|lexeme| lexeme.kind != Kind::Sign)
                .map(|lexeme| lexeme.text)
                .collect();
            if let Some(first) = words.first() {
                names.entry(first.clone()).or_default().push(Name {
                    words,
                    concept: index,
                    short,
                });
            }
        }
    }
    for list in names.values_mut() {
        list.sort_by_key(|name| std::cmp::Reverse(name.words.len()));
    }
    names
});

/// How many lexemes may stand inside a name.
const LONGEST_GAP: usize = 7;

/// The concepts named, in order and without overlap; the longest name wins. `passes` tells
/// of a lexeme whether it may stand inside a name.
pub(super) fn phrases(lexemes: &[Lexeme], passes: impl Fn(usize) -> bool) -> Vec<Phrase> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lexemes.len() {
        match longest(lexemes, at, &passes) {
            Some(phrase) => {
                at = phrase.end;
                found.push(phrase);
            }
            None => at += 1,
        }
    }
    found
}

fn longest(lexemes: &[Lexeme], at: usize, passes: &impl Fn(usize) -> bool) -> Option<Phrase> {
    let names = NAMES.get(&lexemes[at].text)?;
    names.iter().find_map(|name| {
        let (end, inside) = fit(lexemes, at, &name.words, passes)?;
        Some(Phrase {
            concept: &CONCEPTS[name.concept],
            first: at,
            end,
            inside,
            short: name.short,
        })
    })
}

/// The end of a name that starts at a lexeme, and the lexemes passed over.
fn fit(
    lexemes: &[Lexeme],
    at: usize,
    words: &[String],
    passes: &impl Fn(usize) -> bool,
) -> Option<(usize, Vec<usize>)> {
    let mut next = at;
    let mut inside = Vec::new();
    for word in words {
        while lexemes.get(next)?.text != *word {
            let hyphen = lexemes[next].is("-") || lexemes[next].is("'");
            if next == at || inside.len() >= LONGEST_GAP || !(hyphen || passes(next)) {
                return None;
            }
            inside.push(next);
            next += 1;
        }
        next += 1;
    }
    Some((next, inside))
}
