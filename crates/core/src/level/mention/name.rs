//! Bones with names of their own: atlas, axis, dens, coccyx; 寰椎, 枢椎, 齿状突, 尾骨.

use super::Found;
use super::cue::{self, Name, Role};
use super::token::{Kind, Token};
use crate::level::{Joint, Level, Region, Vertebra};

/// The named bones of a text.
pub(super) fn names(tokens: &[Token]) -> Vec<Found> {
    (0..tokens.len())
        .filter_map(|at| english(tokens, at).or_else(|| chinese(tokens, at)))
        .collect()
}

fn found(first: usize, end: usize, level: Level) -> Found {
    Found {
        first,
        end,
        level,
        unit: None,
        low_confidence: false,
    }
}

fn cervical(number: u8) -> Option<Level> {
    Level::vertebra(Region::Cervical, number).ok()
}

fn english(tokens: &[Token], at: usize) -> Option<Found> {
    let Role::Name(name) = tokens[at].role else {
        return split_joint(tokens, at);
    };
    match name {
        Name::Coccyx => Some(found(at, at + 1, Level::Vertebra(Vertebra::COCCYX))),
        Name::AtlantoAxial => Some(found(at, at + 1, Level::Joint(Joint::AtlantoAxial))),
        Name::AtlantoOccipital => Some(found(at, at + 1, Level::Joint(Joint::AtlantoOccipital))),
        Name::Odontoid => Some(found(at, at + 1, cervical(2)?)),
        Name::Dens if is_bone(tokens, at, cue::SPINE | cue::BONE) => {
            Some(found(at, at + 1, cervical(2)?))
        }
        Name::Axis if is_bone(tokens, at, cue::BONE) => Some(found(at, at + 1, cervical(2)?)),
        Name::Atlas if is_bone(tokens, at, cue::BONE) => Some(found(at, at + 1, cervical(1)?)),
        _ => None,
    }
}

/// `atlanto-axial`, `atlanto-occipital`.
fn split_joint(tokens: &[Token], at: usize) -> Option<Found> {
    if !tokens[at].has(cue::ATLANTO) || !tokens.get(at + 1)?.is('-') {
        return None;
    }
    let second = tokens.get(at + 2)?;
    let joint = if second.has(cue::MR) {
        Joint::AtlantoAxial
    } else {
        Joint::AtlantoOccipital
    };
    let fits = second.has(cue::MR) || second.has(cue::OCCIPITAL);
    fits.then(|| found(at, at + 3, Level::Joint(joint)))
}

/// Whether the sentence speaks of the neck's bones, and no neighbour makes the word another.
fn is_bone(tokens: &[Token], at: usize, cues: cue::Cues) -> bool {
    let next = tokens.get(at + 1);
    let joined = at >= 2 && tokens[at].glued && tokens[at - 1].is('-');
    let before = at
        .checked_sub(1 + usize::from(joined))
        .map(|before| &tokens[before]);
    let spoiled = [before, next]
        .into_iter()
        .flatten()
        .any(|token| token.has(cue::NOT_NAME));
    let followed = next.is_some_and(|next| next.is('-') || next.has(cue::OF | cue::FOR));
    let capitals = tokens[at].end - tokens[at].start > 1 && joined;
    let named = |token: &Token| matches!(token.role, Role::Name(_));
    let around = |token: &Token| token.has(cues) || named(token);
    let from = at.saturating_sub(16);
    let to = tokens.len().min(at + 17);
    let near = (from..to)
        .filter(|index| *index != at && tokens[*index].sentence == tokens[at].sentence)
        .any(|index| around(&tokens[index]) || is_upper_neck(tokens, index));
    near && !spoiled && !followed && !capitals
}

/// `C1`, `C2`.
fn is_upper_neck(tokens: &[Token], at: usize) -> bool {
    let letter = matches!(tokens[at].role, Role::Letter(Region::Cervical, _));
    letter
        && tokens
            .get(at + 1)
            .is_some_and(|next| next.glued && matches!(next.number, Some(1 | 2)))
}

fn chinese(tokens: &[Token], at: usize) -> Option<Found> {
    let is = |word: &str| {
        word.chars().enumerate().all(|(offset, char)| {
            tokens
                .get(at + offset)
                .is_some_and(|token| token.is_han(char))
        })
    };
    if !matches!(tokens[at].kind, Kind::Han('寰' | '枢' | '齿' | '尾')) {
        return None;
    }
    let after_atlas = at > 0 && tokens[at - 1].is_han('寰');
    if is("寰枢") {
        Some(found(at, at + 2, Level::Joint(Joint::AtlantoAxial)))
    } else if is("寰枕") {
        Some(found(at, at + 2, Level::Joint(Joint::AtlantoOccipital)))
    } else if is("寰椎") {
        Some(found(at, at + 2, cervical(1)?))
    } else if is("枢椎") && !after_atlas {
        Some(found(at, at + 2, cervical(2)?))
    } else if is("齿状突") || is("齿突") {
        Some(found(at, at + if is("齿突") { 2 } else { 3 }, cervical(2)?))
    } else if is("尾骨") || is("尾椎") {
        Some(found(at, at + 2, Level::Vertebra(Vertebra::COCCYX)))
    } else {
        None
    }
}
