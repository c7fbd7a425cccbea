//! Mentions of levels in English and Chinese texts.
//!
//! One scanner without backtracking over long stretches: texts are folded, split into
//! tokens, and each token is looked at as the possible start of a group of levels. What the
//! words around a group say then decides whether it is one (`judge`), since `T2`, `C3` and
//! `S1` are more often something else.

mod atom;
pub(crate) mod cue;
pub(crate) mod fold;
mod group;
mod judge;
mod name;
mod resolve;
pub(crate) mod token;

use super::Level;
use cue::Cues;
use group::Group;
use token::{Kind, Token};

/// What the words around a mention say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A vertebra or a part of one.
    Bone,
    /// A disc.
    Disc,
    /// A nerve root.
    Root,
}

/// A level named in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// Characters (Unicode scalar values) of the text, `[start, end)`.
    pub range: [usize; 2],
    /// The level.
    pub level: Level,
    /// What the words around it say that it is, where they do.
    pub unit: Option<Unit>,
    /// Whether the spelling or its surroundings leave doubt (`L45`, `L5-1`).
    pub low_confidence: bool,
}

/// The levels that a text names, in order of the text.
///
/// Ranges count characters of the text as it was given. Where one spelling names several
/// levels (`C3/4/5`, `C5–C7 roots`), they share its range. Dermatomes and neurological
/// levels are no levels of the spine's bones and give none. Time is linear in the text.
#[must_use]
pub fn mentions(text: &str) -> Vec<Mention> {
    if !text.chars().any(may_name) {
        return Vec::new();
    }
    let folded = fold::fold(text);
    let mut tokens = token::tokens(&folded);
    let groups = groups(&mut tokens);
    let label = is_label(&tokens, &groups);
    let mut found: Vec<Found> = Vec::new();
    for group in &groups {
        let setting = judge::setting(&tokens, group, label);
        found.extend(resolve::group(&tokens, group, &setting));
    }
    found.extend(name::names(&tokens));
    found.sort_by_key(|found| (found.first, found.end, found.level));
    let at = |token: usize, end: bool| {
        let token = &tokens[token];
        if end {
            folded.origin[token.end - 1] + 1
        } else {
            folded.origin[token.start]
        }
    };
    found
        .into_iter()
        .map(|found| Mention {
            range: [at(found.first, false), at(found.end - 1, true)],
            level: found.level,
            unit: found.unit,
            low_confidence: found.low_confidence,
        })
        .collect()
}

/// A mention in tokens `[first, end)`.
#[derive(Debug, Clone, Copy)]
struct Found {
    first: usize,
    end: usize,
    level: Level,
    unit: Option<Unit>,
    low_confidence: bool,
}

/// Whether a character can be part of a mention that is not all letters; texts without any
/// digit, bone's name or Chinese character are passed over.
fn may_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || !char.is_ascii()
}

/// All groups, in order. Sure ones mark their tokens as words of the spine, so that
/// `L4/5 … S1` lends its context to its neighbours.
fn groups(tokens: &mut [Token]) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let found = may_start(tokens, at)
            .then(|| group::group(tokens, at))
            .flatten();
        let Some(group) = found else {
            at += 1;
            continue;
        };
        at = group.end;
        if !may_end(tokens, &group) {
            continue;
        }
        groups.push(group);
    }
    for group in &groups {
        if resolve::is_sure(group) {
            tokens[group.first].cues |= cue::SPINE;
        }
    }
    groups
}

/// Whether what stands before a token lets a level start there.
fn may_start(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let opens = token.role != cue::Role::Plain || matches!(token.kind, Kind::Number | Kind::Han(_));
    if !opens {
        return false;
    }
    let Some(last) = at
        .checked_sub(1)
        .map(|before| &tokens[before])
        .filter(|_| token.glued)
    else {
        return true;
    };
    let word_before = |at: usize| {
        at > 0 && tokens[at].glued && matches!(tokens[at - 1].kind, Kind::Word | Kind::Number)
    };
    match last.kind {
        Kind::Word | Kind::Number => matches!(token.kind, Kind::Han(_)),
        Kind::Sign('_' | '\\' | '@' | '#' | '$' | '^' | '+' | '\'' | '*' | '=' | '%' | '°') => {
            false
        }
        Kind::Sign('-') => {
            !word_before(at - 1)
                || tokens[at - 2].has(cue::PREFIX | cue::SPINE | cue::ADJECTIVE | cue::LEVEL)
        }
        Kind::Sign('.' | '/') => !word_before(at - 1),
        _ => true,
    }
}

/// Whether what stands after a group lets it end there.
fn may_end(tokens: &[Token], group: &Group) -> bool {
    let Some(next) = tokens.get(group.end).filter(|next| next.glued) else {
        return true;
    };
    let after = tokens.get(group.end + 1).filter(|after| after.glued);
    const GOES_ON: Cues =
        cue::SPINE | cue::BONE | cue::DISC | cue::ROOT | cue::LEVEL | cue::ADJECTIVE | cue::TO;
    match next.kind {
        Kind::Word => tokens[group.end - 1].kind == Kind::Han('椎'),
        Kind::Number => matches!(tokens[group.end - 1].kind, Kind::Han(_)),
        Kind::Sign('*' | '_' | '^' | '=' | '%' | '+' | '@' | '′' | '°') => false,
        Kind::Sign('.') => {
            after.is_none_or(|after| !matches!(after.kind, Kind::Number | Kind::Word))
        }
        Kind::Sign('-' | '/') => after.is_none_or(|after| match after.kind {
            Kind::Word => after.has(GOES_ON),
            Kind::Number => false,
            _ => true,
        }),
        _ => true,
    }
}

/// Whether the text consists of levels and signs alone, as a table's cell does.
fn is_label(tokens: &[Token], groups: &[Group]) -> bool {
    let outside = |at: usize| {
        groups
            .iter()
            .all(|group| at < group.first || at >= group.end)
    };
    tokens.len() <= 40
        && !groups.is_empty()
        && tokens
            .iter()
            .enumerate()
            .all(|(at, token)| matches!(token.kind, Kind::Sign(_)) || !outside(at))
}
