//! The forms of sentences in which two treatments are compared by one outcome.

use super::parse::{Direction, arm, is_abbreviation};
use crate::text::small;

/// Two treatments, the outcome, and how the first compares.
pub(super) type Parts = (String, String, String, Direction);

/// A statement without brackets in one of the forms in which analyses compare.
pub(super) fn parts_of(bare: &str) -> Option<Parts> {
    compared(bare)
        .or_else(|| graded(bare))
        .or_else(|| no_difference(bare))
}

fn parts(first: &str, second: &str, outcome: &str, direction: Direction) -> Option<Parts> {
    Some((
        first.to_owned(),
        second.to_owned(),
        outcome.to_owned(),
        direction,
    ))
}

const VERBS: &[&str] = &[
    " was associated with ",
    " is associated with ",
    " provided ",
    " yielded ",
    " resulted in ",
    " achieved ",
    " led to ",
    " had ",
    " showed ",
];

/// `Compared with B, A was associated with less X`; `A provided a greater X than B`.
fn compared(bare: &str) -> Option<Parts> {
    let (at, verb) = VERBS
        .iter()
        .filter_map(|verb| Some((bare.find(verb)?, *verb)))
        .min()?;
    let (head, tail) = (&bare[..at], &bare[at + verb.len()..]);
    let named = head
        .strip_prefix("Compared with ")
        .or_else(|| head.strip_prefix("compared with "))
        .or_else(|| head.strip_prefix("Compared to "));
    let (first, second, tail) = match named {
        Some(head) => {
            let (second, first) = head.split_once(", ")?;
            (first, second, tail)
        }
        None => {
            let (tail, second) = [" than ", " compared with ", " compared to "]
                .iter()
                .find_map(|word| tail.rsplit_once(word))?;
            (head, second, tail.trim_end_matches(','))
        }
    };
    let (direction, outcome) = directed(tail)?;
    // `an increase of the operation time by 120.78 min`
    let outcome = match outcome.split_once(" by ") {
        Some((before, size)) if size.starts_with(|c: char| c.is_ascii_digit()) => before,
        _ => outcome,
    };
    parts(first, second, outcome, direction)
}

const DOWN: &[&str] = &["lower ", "less ", "fewer ", "shorter ", "smaller "];
const UP: &[&str] = &["higher ", "more ", "greater ", "longer ", "larger "];

/// The direction that a text begins with, and what follows.
fn directed(text: &str) -> Option<(Direction, &str)> {
    let mut rest = text;
    while let Some(next) = [
        "significantly ",
        "statistically ",
        "significant ",
        "a ",
        "an ",
    ]
    .iter()
    .find_map(|word| rest.strip_prefix(word))
    {
        rest = next;
    }
    let nouns = |words: &[&str]| {
        words.iter().find_map(|word| {
            let rest = rest.strip_prefix(word)?;
            rest.strip_prefix(" of ")
                .or_else(|| rest.strip_prefix(" in "))
        })
    };
    let starts = |words: &[&str]| words.iter().find_map(|word| rest.strip_prefix(word));
    let lower = nouns(&["reduction", "decrease"]).or_else(|| starts(DOWN));
    let higher = nouns(&["increase"]).or_else(|| starts(UP));
    match (lower, higher) {
        (Some(rest), None) => Some((Direction::Lower, rest)),
        (None, Some(rest)) => Some((Direction::Higher, rest)),
        _ => None,
    }
}

/// `X was significantly lower in A than in B`.
fn graded(bare: &str) -> Option<Parts> {
    let (outcome, tail) = [" was ", " were "]
        .iter()
        .find_map(|verb| bare.split_once(verb))?;
    let (direction, tail) = directed(tail)?;
    let (first, second) = [" than ", " compared with "]
        .iter()
        .find_map(|word| tail.split_once(word))?;
    parts(
        placed(first)?,
        placed(second).unwrap_or(second),
        outcome,
        direction,
    )
}

/// What follows a preposition of place.
fn placed(text: &str) -> Option<&str> {
    ["in ", "with ", "after "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
}

/// `There was no significant difference between A and B in terms of X`, and its other forms.
fn no_difference(bare: &str) -> Option<Parts> {
    let lower = small(bare);
    let rest = [
        "there was no significant difference ",
        "there was no significant differences ",
        "there were no significant differences ",
        "there was no statistically significant difference ",
        "there were no statistically significant differences ",
        "no significant difference was found ",
        "no significant differences were found ",
    ]
    .iter()
    .find_map(|start| lower.strip_prefix(start))?;
    let (arms, outcome) = match rest.strip_prefix("between ") {
        Some(rest) => after_arms(rest).or_else(|| before_arms(rest, true))?,
        None => {
            let rest = ["in ", "for ", "in terms of ", "regarding "]
                .iter()
                .find_map(|word| rest.strip_prefix(word))?;
            before_arms(rest, false)?
        }
    };
    let (first, second) = arms.split_once(" and ")?;
    // An outcome beside an arm (`the length of stay and ODI`) is no treatment.
    let named = |text: &str| text.split(' ').any(is_abbreviation);
    (named(first) && named(second)).then_some(())?;
    // `the DR and SB repairs`: the last word belongs to both.
    let first = match arm(second).rsplit_once(' ') {
        Some((short, noun)) if is_abbreviation(short) && !arm(first).contains(' ') => {
            format!("{first} {noun}")
        }
        _ => first.to_owned(),
    };
    let first = first.as_str();
    parts(first, second, outcome, Direction::Same)
}

/// `A and B in terms of X`.
fn after_arms(rest: &str) -> Option<(&str, &str)> {
    [
        " in terms of ",
        " with respect to ",
        " with regard to ",
        " regarding ",
        " for ",
        " in ",
    ]
    .iter()
    .find_map(|word| rest.split_once(word))
    .filter(|(arms, _)| arms.contains(" and "))
}

/// `X between A and B`; `the X after A and B`, where the sentence has said `between`.
fn before_arms(rest: &str, said: bool) -> Option<(&str, &str)> {
    let words: &[&str] = if said {
        &[" between ", " after "]
    } else {
        &[" between ", " after ", " in "]
    };
    words
        .iter()
        .find_map(|word| rest.rsplit_once(word))
        .map(|(outcome, arms)| (arms, outcome))
}
