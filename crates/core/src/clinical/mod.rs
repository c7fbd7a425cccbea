//! Clinical words: a lexicon of the spine, and facts bound in one clause.

mod bind;
mod clause;
mod concept;
mod entity;
mod fact;
mod lexeme;
mod lexicon;
mod modifier;
mod negation;
mod phrase;
mod scene;
mod survey;
mod window;
mod word;

pub use concept::{Applies, Concept, ConceptKind};
pub use entity::{Entity, EntityKind, entities};
pub use fact::{clauses, facts};
pub use survey::{Relevance, condition, modality, relevance};

/// Every concept, in order of identifiers.
#[must_use]
pub fn concepts() -> &'static [Concept] {
    &lexicon::CONCEPTS
}

/// The concept of an identifier such as `spinal-canal-stenosis`.
#[must_use]
pub fn concept(id: &str) -> Option<&'static Concept> {
    let at = lexicon::CONCEPTS
        .binary_search_by_key(&id, |concept| concept.id)
        .ok()?;
    Some(&lexicon::CONCEPTS[at])
}
