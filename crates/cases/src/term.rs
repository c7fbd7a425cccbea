//! Concepts by identifier, and the nearest word where there is none.

use spinemed_core::clinical::{self, Concept, ConceptKind};

use crate::fault::Reason;

/// What a coded entry may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kinds {
    kinds: &'static [ConceptKind],
    expected: &'static str,
}

impl Kinds {
    /// What a patient has, feels or shows: the lexicon does not tell them apart.
    pub(crate) const STATE: Self = Self {
        kinds: &[ConceptKind::Finding, ConceptKind::Condition],
        expected: "a finding or condition",
    };
    /// What is done.
    pub(crate) const ACT: Self = Self {
        kinds: &[ConceptKind::Procedure],
        expected: "a procedure",
    };

    /// Whether a concept is of this kind.
    pub(crate) fn hold(self, concept: &Concept) -> bool {
        self.kinds.contains(&concept.kind)
    }
}

/// The concept of an identifier, if it is of the right kind.
pub(crate) fn concept(id: &str, kinds: Kinds) -> Result<&'static Concept, Reason> {
    match clinical::concept(id) {
        Some(concept) if kinds.hold(concept) => Ok(concept),
        Some(_) => Err(Reason::WrongConcept {
            expected: kinds.expected,
            nearest: suggestion(id, kinds),
        }),
        None => Err(Reason::NoSuchConcept {
            nearest: suggestion(id, kinds),
        }),
    }
}

/// The concept that was probably meant: by one of its names, or by its spelling.
fn suggestion(id: &str, kinds: Kinds) -> Option<&'static str> {
    let folded = id.trim().to_lowercase().replace(['_', ' '], "-");
    let fitting = || clinical::concepts().iter().filter(|c| kinds.hold(c));
    let named = fitting().find(|concept| {
        let mut names = concept.en.iter().chain(&concept.zh);
        names.any(|name| name.replace(' ', "-") == folded)
    });
    named
        .map(|concept| concept.id)
        .or_else(|| nearest(&folded, fitting().map(|concept| concept.id)))
}

/// The known word that a word resembles most, if any does. Of equally near ones the first.
pub(crate) fn nearest(
    word: &str,
    known: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    const LONGEST: usize = 64;
    const LEAST: f64 = 0.6;
    if word.chars().count() > LONGEST {
        return None;
    }
    let mut best: Option<(f64, &'static str)> = None;
    for candidate in known {
        let likeness = strsim::normalized_damerau_levenshtein(word, candidate);
        if likeness >= LEAST && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, kinds: Kinds, expect: Result<&str, Reason>) {
        assert_eq!(concept(id, kinds).map(|c| c.id), expect, "{id}");
    }

    #[test]
    fn concepts_have_the_right_kind() {
        let none = |nearest| Err(Reason::NoSuchConcept { nearest });
        check("disc-herniation", Kinds::STATE, Ok("disc-herniation"));
        check("low-back-pain", Kinds::STATE, Ok("low-back-pain"));
        check("tlif", Kinds::ACT, Ok("tlif"));
        let kind = |expected, nearest| Err(Reason::WrongConcept { expected, nearest });
        check(
            "spinal-canal",
            Kinds::STATE,
            kind("a finding or condition", None),
        );
        check("disc-herniation", Kinds::ACT, kind("a procedure", None));
        check(
            "disc-hernation",
            Kinds::STATE,
            none(Some("disc-herniation")),
        );
        check("Slipped disc", Kinds::STATE, none(Some("disc-herniation")));
        check("椎间盘突出症", Kinds::STATE, none(Some("disc-herniation")));
        check("Zhang Wei", Kinds::STATE, none(None));
        check(&"x".repeat(1000), Kinds::STATE, none(None));
    }
}
