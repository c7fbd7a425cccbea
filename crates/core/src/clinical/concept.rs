//! What an entry of the lexicon says.

use crate::vocabulary::Language;

/// What kind of thing a concept is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConceptKind {
    /// What a picture or examination shows.
    Finding,
    /// What a patient has.
    Condition,
    /// A part of the body.
    Anatomy,
    /// What is done.
    Procedure,
}

/// The kind of level that a concept is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applies {
    /// A vertebra (or a range of them).
    Vertebra,
    /// A disc.
    Disc,
    /// A motion segment, written as the disc.
    Segment,
    /// A nerve root.
    Root,
    /// A region of the spine, or a range.
    Region,
    /// No level.
    Nothing,
}

/// A clinical concept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concept {
    /// The identifier, such as `spinal-canal-stenosis`.
    pub id: &'static str,
    /// The kind.
    pub kind: ConceptKind,
    /// The kind of level that it is said of.
    pub applies: Applies,
    /// Whether it can have a side.
    pub sided: bool,
    /// English names in lower case, the preferred one first. A leading `~` marks a short form
    /// that means the concept only in a clause that names a level (`L4/5 bulge`).
    pub en: Vec<&'static str>,
    /// Chinese names, the preferred one first; `~` as in `en`.
    pub zh: Vec<&'static str>,
    /// One plain sentence for patients, in English and Chinese.
    pub gloss: [&'static str; 2],
    /// The SNOMED CT code, where it is sure.
    pub snomed: Option<&'static str>,
    /// The ICD-10 code (WHO), where it is sure.
    pub icd10: Option<&'static str>,
}

impl Concept {
    /// The preferred name in a language.
    #[must_use]
    pub fn name(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en[0],
            Language::Zh => self.zh[0],
        }
    }

    /// The plain sentence for patients in a language.
    #[must_use]
    pub fn gloss(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.gloss[0],
            Language::Zh => self.gloss[1],
        }
    }
}
