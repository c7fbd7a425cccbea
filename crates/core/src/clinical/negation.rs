//! Whether a clause states or denies a finding.

use super::lexeme::{Kind, Lexeme};
use super::modifier;
use super::scene::Scene;
use super::word;

/// What a clause says of a finding's presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Polarity {
    /// It is there.
    Stated,
    /// It is not there.
    Denied,
    /// Two readings are possible, or something other than presence is denied.
    Unclear,
}

/// What the clause says of its phrase, whose own stretch starts at `start`.
pub(super) fn polarity(scene: &Scene, index: usize, start: usize) -> Polarity {
    let phrase = &scene.phrases[index];
    let lexemes = scene.lexemes;
    let ceiling = scene
        .phrases
        .get(index + 1)
        .map_or(lexemes.len(), |next| next.first);
    if phrase
        .inside
        .iter()
        .any(|at| ["无", "未"].iter().any(|word| lexemes[*at].is(word)))
    {
        return Polarity::Denied;
    }
    match after(lexemes, phrase.end, ceiling) {
        Polarity::Stated => before(scene, index, start),
        decided => decided,
    }
}

/// What is said after the phrase: `is not seen`, `was ruled out`.
fn after(lexemes: &[Lexeme], from: usize, ceiling: usize) -> Polarity {
    for at in from..ceiling {
        let rest = &lexemes[at..ceiling];
        if word::first_of(rest, word::NEGATES_BEFORE).is_some() {
            return Polarity::Denied;
        }
        if rest[0].is("not") {
            return Polarity::Unclear;
        }
    }
    Polarity::Stated
}

/// Whether `ruled out` starts at a lexeme, which denies and does not withdraw.
pub(super) fn is_ruled_out(lexemes: &[Lexeme], at: usize) -> bool {
    word::starts(&lexemes[at..], "ruled out")
}

fn before(scene: &Scene, index: usize, start: usize) -> Polarity {
    let lexemes = scene.lexemes;
    let phrase = scene.phrases[index].first;
    let Some(negator) = (0..phrase).rev().find(|at| negates(scene, *at)) else {
        return Polarity::Stated;
    };
    let between = &lexemes[negator + 1..phrase];
    if between
        .iter()
        .take(3)
        .any(|lexeme| word::NEGATES_CHANGE.contains(&lexeme.text.as_str()))
    {
        return Polarity::Unclear;
    }
    if lexemes[negator].is("not") {
        return Polarity::Unclear;
    }
    let graded =
        |from: usize, to: usize| (from..to).any(|at| modifier::severity(&lexemes[at..]).is_some());
    if negator >= start {
        return if graded(negator, phrase) {
            Polarity::Unclear
        } else {
            Polarity::Denied
        };
    }
    let own_start = graded(start, phrase) || presents(&lexemes[start..phrase]);
    if own_start || breaks(lexemes, negator + 1, phrase) {
        return Polarity::Stated;
    }
    if is_list(scene, negator, index) {
        Polarity::Denied
    } else {
        Polarity::Unclear
    }
}

fn negates(scene: &Scene, at: usize) -> bool {
    let in_name = scene
        .phrases
        .iter()
        .any(|phrase| phrase.first <= at && at < phrase.end && !phrase.inside.contains(&at));
    let word = word::first_of(&scene.lexemes[at..], word::NEGATES).is_some()
        || scene.lexemes[at].is("not");
    word && !in_name
}

fn presents(lexemes: &[Lexeme]) -> bool {
    (0..lexemes.len()).any(|at| {
        word::first_of(&lexemes[at..], word::PRESENTS).is_some()
            && !(at > 0 && (lexemes[at - 1].is("未") || lexemes[at - 1].is("not")))
    })
}

/// Whether a word between negation and finding ends the negation.
fn breaks(lexemes: &[Lexeme], from: usize, to: usize) -> bool {
    const ENDS: &[&str] = &[
        "with", "causing", "but", "however", "whereas", "while", "although", "伴", "并", "合并",
        "但", "而",
    ];
    (from..to).any(|at| word::first_of(&lexemes[at..to], ENDS).is_some())
}

/// Whether all that stands between the negation and the finding is one list under it:
/// `no A, B or C`, `未见A、B及C`.
fn is_list(scene: &Scene, negator: usize, index: usize) -> bool {
    let lexemes = scene.lexemes;
    let phrase = scene.phrases[index].first;
    let ends_with_or = |from: usize| {
        lexemes[from..]
            .iter()
            .any(|lexeme| lexeme.is("or") || lexeme.is("nor"))
    };
    (negator + 1..phrase)
        .filter(|at| scene.parts[*at])
        .all(|at| {
            let sign = &lexemes[at];
            let chinese = lexemes[negator].kind == Kind::Han;
            if sign.is(",") {
                return !chinese && ends_with_or(at);
            }
            word::first_of(&lexemes[at..], word::LISTS).is_some()
        })
}
