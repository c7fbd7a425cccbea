//! Which words of a clause modify a finding.

use super::lexeme::Kind;
use super::modifier::{self, Ambiguous};
use super::scene::Scene;
use crate::finding::Grade;
use crate::vocabulary::Side;

/// A grade and a side said together.
pub(super) type Variant = (Option<Grade>, Option<Side>);

/// The lexemes whose modifiers belong to a phrase.
pub(super) struct Window {
    /// Stretches before the phrase, the nearest last; more than one when modifiers are
    /// coordinated (`moderate right and mild left`).
    bundles: Vec<(usize, usize)>,
    /// The phrase's inner lexemes and those after it.
    others: Vec<usize>,
    /// Lexemes of the stretch after the phrase.
    after: (usize, usize),
}

impl Window {
    /// The window of a phrase.
    pub fn of(scene: &Scene, index: usize) -> Self {
        let phrase = &scene.phrases[index];
        let floor = index
            .checked_sub(1)
            .map_or(0, |before| scene.phrases[before].end);
        let ceiling = scene
            .phrases
            .get(index + 1)
            .map_or(scene.lexemes.len(), |next| next.first);
        let bundles = bundles(scene, floor, phrase.first);
        let after = (phrase.end, end_after(scene, phrase.end, ceiling));
        let others = phrase
            .inside
            .iter()
            .copied()
            .chain(after.0..after.1)
            .collect();
        Self {
            bundles,
            others,
            after,
        }
    }

    /// The first lexeme of the stretches before the phrase.
    pub fn before_start(&self) -> usize {
        self.bundles.first().map_or(0, |bundle| bundle.0)
    }

    /// Whether a lexeme lies beside the phrase.
    pub fn contains(&self, at: usize) -> bool {
        self.bundles
            .iter()
            .any(|(first, end)| *first <= at && at < *end)
            || (self.after.0 <= at && at < self.after.1)
    }

    /// Grades and sides: one pair, or one for each of several coordinated modifiers.
    pub fn variants(&self, scene: &Scene) -> Result<Vec<Variant>, Ambiguous> {
        let lexemes = scene.lexemes;
        let read = |at: &[usize]| -> Result<Variant, Ambiguous> {
            Ok((
                modifier::one_severity(lexemes, at)?,
                modifier::one_side(lexemes, at)?,
            ))
        };
        let bundles: Vec<Vec<usize>> = self
            .bundles
            .iter()
            .map(|(first, end)| (*first..*end).collect())
            .collect();
        if bundles.len() > 1 {
            let each: Result<Vec<_>, _> = bundles.iter().map(|bundle| read(bundle)).collect();
            let each = each?;
            if each
                .iter()
                .all(|(grade, side)| grade.is_some() && side.is_some())
            {
                return Ok(each);
            }
        }
        let all: Vec<usize> = bundles
            .into_iter()
            .flatten()
            .chain(self.others.iter().copied())
            .collect();
        Ok(vec![read(&all)?])
    }
}

/// Stretches of modifiers before a phrase, the nearest last.
fn bundles(scene: &Scene, floor: usize, phrase: usize) -> Vec<(usize, usize)> {
    let start_of = |end: usize| {
        (floor..end)
            .rev()
            .find(|at| scene.parts[*at])
            .map_or(floor, |at| at + 1)
    };
    let mut start = start_of(phrase);
    let mut bundles = vec![(start, phrase)];
    while start > floor && scene.is_modifiers(start, phrase) {
        let end = start - 1;
        let first = start_of(end);
        let joins = scene.lexemes[end].is("and") || scene.lexemes[end].is(",");
        let own_phrase = floor > 0 && first == floor;
        if !joins || own_phrase || first == end || !scene.is_modifiers(first, end) {
            break;
        }
        bundles.insert(0, (first, end));
        start = first;
    }
    bundles
}

/// The end of what is said after a phrase: up to the next parting word, and over it when
/// only modifiers follow up to the next (`stenosis, moderate`).
fn end_after(scene: &Scene, from: usize, ceiling: usize) -> usize {
    let next = |from: usize| {
        (from..ceiling)
            .find(|at| scene.parts[*at])
            .unwrap_or(ceiling)
    };
    let mut end = next(from);
    while end < ceiling && (scene.lexemes[end].is(",") || scene.lexemes[end].is("，")) {
        let further = next(end + 1);
        let closes = further < ceiling || ceiling == scene.lexemes.len();
        let stop =
            if further == scene.lexemes.len() && scene.lexemes[further - 1].kind == Kind::Sign {
                further - 1
            } else {
                further
            };
        if !closes || stop == end + 1 || !scene.is_modifiers(end + 1, stop) {
            break;
        }
        end = further;
    }
    end
}
