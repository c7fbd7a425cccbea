//! Accounts (I2): what became of each unit of work, with a typed reason.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something wrong at a place in an input; the rest goes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The source.
    pub source: String,
    /// The file inside the source.
    pub file: String,
    /// The place in the file: `page 3`, `row 17, column l4_l5`, `line 9`.
    pub place: String,
    /// What is wrong, in words; never source text of patients.
    pub reason: String,
}

/// Why a unit was left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "reason", rename_all = "kebab-case", deny_unknown_fields)]
pub enum DropReason {
    /// The reader could not use this record; the problem says where and why.
    BadInput {
        /// File, place, cause.
        problem: Problem,
    },
    /// The licence forbids what a release needs.
    Licence {
        /// Which and why.
        detail: String,
    },
    /// Patients' records without a committed de-identification.
    Privacy {
        /// What is missing.
        detail: String,
    },
    /// Consent or ethics approval does not cover it (any more).
    Consent {
        /// What is missing or has ended.
        detail: String,
    },
    /// Fewer patients than the pipeline demands share its traits.
    SmallCell {
        /// Which traits, and how many patients.
        detail: String,
    },
    /// Nothing in it can carry an item.
    NoEvidence {
        /// What was looked for.
        detail: String,
    },
    /// It does not speak of the spine or its neighbourhood.
    OffTopic {
        /// The measured score and the threshold.
        detail: String,
    },
    /// Below the least quality.
    LowQuality {
        /// The rule and the measured value.
        detail: String,
    },
    /// Too unsure to be used before a person has looked at it.
    Review {
        /// What is unsure, how sure it is, and the least that is needed.
        detail: String,
    },
    /// The same as another.
    Duplicate {
        /// The key of the one kept.
        winner: String,
        /// The rule that says so.
        rule: String,
    },
    /// The generator cannot make this kind of item from this pack.
    NotApplicable {
        /// Why.
        detail: String,
    },
    /// The reviser came to another answer.
    Disagreement {
        /// The two answers' difference, in words.
        detail: String,
    },
    /// One or more checks failed.
    CheckFailed {
        /// Names and details of the checks.
        checks: Vec<String>,
    },
    /// Withdrawn.
    Retracted {
        /// By whose order.
        detail: String,
    },
}

impl DropReason {
    /// The reason's code, as stored.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadInput { .. } => "bad-input",
            Self::Licence { .. } => "licence",
            Self::Privacy { .. } => "privacy",
            Self::Consent { .. } => "consent",
            Self::SmallCell { .. } => "small-cell",
            Self::NoEvidence { .. } => "no-evidence",
            Self::OffTopic { .. } => "off-topic",
            Self::LowQuality { .. } => "low-quality",
            Self::Review { .. } => "review",
            Self::Duplicate { .. } => "duplicate",
            Self::NotApplicable { .. } => "not-applicable",
            Self::Disagreement { .. } => "disagreement",
            Self::CheckFailed { .. } => "check-failed",
            Self::Retracted { .. } => "retracted",
        }
    }

    /// One line for people.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::BadInput { problem } => {
                format!("{}, {}: {}", problem.file, problem.place, problem.reason)
            }
            Self::Duplicate { winner, rule } => format!("same as `{winner}` by {rule}"),
            Self::CheckFailed { checks } => checks.join("; "),
            Self::Licence { detail }
            | Self::Privacy { detail }
            | Self::Consent { detail }
            | Self::SmallCell { detail }
            | Self::NoEvidence { detail }
            | Self::OffTopic { detail }
            | Self::LowQuality { detail }
            | Self::Review { detail }
            | Self::NotApplicable { detail }
            | Self::Disagreement { detail }
            | Self::Retracted { detail } => detail.clone(),
        }
    }
}

/// What a stage makes of one input.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<T> {
    /// It passed; these come of it.
    Kept(Vec<T>),
    /// It was left out, for this reason.
    Dropped(DropReason),
    /// It could not be done now (an endpoint failed); a later build tries again.
    Failed(String),
}
