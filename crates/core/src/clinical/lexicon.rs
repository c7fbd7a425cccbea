//! The concepts.

use super::concept::Concept;

/// In order of identifiers.
pub(super) const CONCEPTS: &[Concept] = &[];
