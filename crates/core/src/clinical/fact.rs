//! Facts bound in one clause.
//!
//! A finding, its level, side, grade and negation are taken from one clause alone, a level
//! header above it included. What allows two readings gives no fact.

use super::bind;
use super::clause;
use super::lexeme::lexemes;
use super::scene::Scene;
use crate::finding::Finding;
use crate::level;

/// The clauses of a text, as ranges of characters `[start, end)`, headers not included.
#[must_use]
pub fn clauses(text: &str) -> Vec<[usize; 2]> {
    let lexemes = lexemes(text);
    let mentions = level::mentions(text);
    clause::split(&lexemes, &mentions)
        .into_iter()
        .map(|clause| [lexemes[clause.first].start, lexemes[clause.end - 1].end])
        .collect()
}

/// Nothing is bound in a longer clause, in words: a list without full stops has no reading
/// that could be trusted, and the work stays linear in the text.
const LONGEST_CLAUSE: usize = 300;

/// The facts that a text (the span named `span`) states, each from one clause.
///
/// Historic, hypothetical, generic and operative clauses state no present fact. Levels are
/// `stated`, numbered by the reporter; a fact without a level has certainty `unknown`. Each
/// range runs from the header that scopes the clause, if any, to the clause's end.
#[must_use]
pub fn facts(text: &str, span: &str) -> Vec<Finding> {
    let lexemes = lexemes(text);
    let mentions = level::mentions(text);
    let mut found = Vec::new();
    let mut rest = &mentions[..];
    for clause in clause::split(&lexemes, &mentions) {
        let (start, end) = (lexemes[clause.first].start, lexemes[clause.end - 1].end);
        let before = rest
            .iter()
            .take_while(|mention| mention.range[0] < start)
            .count();
        rest = &rest[before..];
        let own = rest
            .iter()
            .take_while(|mention| mention.range[0] < end)
            .count();
        if clause.end - clause.first > LONGEST_CLAUSE {
            continue;
        }
        let scene = Scene::new(
            &lexemes[clause.first..clause.end],
            &rest[..own],
            clause.header.as_ref(),
        );
        let header = clause
            .header
            .as_ref()
            .map(|header| lexemes[header.first].start);
        found.extend(
            bind::findings(&scene, span)
                .into_iter()
                .map(|(finding, by_header)| {
                    let from = header.filter(|_| by_header).unwrap_or(start);
                    Finding {
                        range: Some([from, end]),
                        ..finding
                    }
                }),
        );
    }
    found
}
