//! A clause made ready for binding: its levels, concepts and parting words.

use super::clause::Header;
use super::lexeme::{Kind, Lexeme};
use super::modifier;
use super::phrase::{Phrase, phrases};
use super::word;
use crate::level::{Level, Mention};

/// A clause made ready for binding.
pub(super) struct Scene<'a> {
    /// The clause's lexemes.
    pub lexemes: &'a [Lexeme],
    /// Level mentions as lexemes `[first, end)`.
    pub places: Vec<Place>,
    /// The header's levels.
    pub header: Vec<Level>,
    /// The concepts named.
    pub phrases: Vec<Phrase>,
    /// For each lexeme, whether it parts statements.
    pub parts: Vec<bool>,
}

/// A level at lexemes `[first, end)` of the clause.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub first: usize,
    pub end: usize,
    pub level: Level,
}

impl<'a> Scene<'a> {
    /// Reads a clause.
    pub fn new(lexemes: &'a [Lexeme], mentions: &[Mention], header: Option<&Header>) -> Self {
        let places: Vec<Place> = mentions
            .iter()
            .filter_map(|mention| place(lexemes, mention))
            .collect();
        let mut is_level = vec![false; lexemes.len()];
        for place in &places {
            is_level[place.first..place.end].fill(true);
        }
        let passes = |at: usize| {
            is_level[at]
                || word::is_inner_han(&lexemes[at])
                || modifier::side(&lexemes[at..]).is_some() && lexemes[at].kind == Kind::Word
        };
        let phrases = phrases(lexemes, passes);
        let header = header.map_or(Vec::new(), |header| {
            header
                .mentions
                .iter()
                .map(|mention| mention.level)
                .collect()
        });
        let mut scene = Self {
            lexemes,
            places,
            header,
            phrases,
            parts: Vec::new(),
        };
        scene.parts = (0..lexemes.len())
            .map(|at| scene.parts_at(at, &is_level))
            .collect();
        scene
    }

    /// Whether a lexeme parts statements: a joining word or sign that does not stand between
    /// two levels or two modifiers of one finding.
    fn parts_at(&self, at: usize, is_level: &[bool]) -> bool {
        let lexeme = &self.lexemes[at];
        let joins = [",", "、", "，"].iter().any(|sign| lexeme.is(sign))
            || word::first_of(&self.lexemes[at..], word::PARTS).is_some();
        if !joins
            || is_level[at]
            || self
                .phrases
                .iter()
                .any(|phrase| phrase.first <= at && at < phrase.end)
        {
            return false;
        }
        let before = at.checked_sub(1);
        let after = (at + 1..self.lexemes.len())
            .find(|next| !self.lexemes[*next].is("and") && !self.lexemes[*next].is("at"));
        let levels = before.is_some_and(|index| is_level[index])
            && after.is_some_and(|index| is_level[index]);
        let side = |index: usize| modifier::side(&self.lexemes[index..]).is_some();
        let sides = before.is_some_and(side) && after.is_some_and(side);
        !(levels || sides)
    }

    /// Whether all lexemes of a stretch are modifiers, levels or small words.
    pub fn is_modifiers(&self, first: usize, end: usize) -> bool {
        (first..end).all(|at| {
            modifier::side(&self.lexemes[at..]).is_some()
                || modifier::severity(&self.lexemes[at..]).is_some()
                || word::is_small(&self.lexemes[at])
                || word::is_inner_han(&self.lexemes[at])
                || self
                    .places
                    .iter()
                    .any(|place| place.first <= at && at < place.end)
        })
    }
}

/// The lexemes of a mention.
fn place(lexemes: &[Lexeme], mention: &Mention) -> Option<Place> {
    let first = lexemes.partition_point(|lexeme| lexeme.end <= mention.range[0]);
    let end = lexemes.partition_point(|lexeme| lexeme.start < mention.range[1]);
    (first < end).then_some(Place {
        first,
        end,
        level: mention.level,
    })
}
