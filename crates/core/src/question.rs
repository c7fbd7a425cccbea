//! A question of a question bank, as its authors wrote it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::DocumentId;
use crate::locator::Locator;
use crate::vocabulary::Language;

/// One question with its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// `source/id`.
    pub id: DocumentId,
    /// Questions that belong together (translations, variants) share one; a split never parts them.
    pub group: Option<String>,
    /// The language it is written in.
    pub language: Language,
    /// The stem.
    pub stem: String,
    /// The options in order; empty for an open question.
    pub options: Vec<String>,
    /// The right option, from 0.
    pub correct: Option<usize>,
    /// The answer in words; for a multiple choice the right option's text.
    pub answer: String,
    /// The authors' explanation.
    pub explanation: Option<String>,
    /// The bank's own topic.
    pub topic: Option<String>,
    /// Where it stands.
    pub place: Locator,
}
