//! Verdicts of reviewers and withdrawals: inputs of a build like any other (I3, I7).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::ids::RecordKey;

/// A reviewer's verdict on an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// The instance.
    pub instance: RecordKey,
    /// The content digest that was looked at; a verdict holds while it is the same.
    pub digest: Digest,
    /// The reviewer's pseudonym.
    pub reviewer: String,
    /// Accept, edit or reject.
    pub decision: Decision,
    /// Reasons from the list of the review criteria.
    pub reasons: Vec<String>,
}

/// What a reviewer decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// As it is.
    Accept,
    /// With changes.
    Edit,
    /// Not at all.
    Reject,
}

/// What is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "scope",
    content = "id",
    rename_all = "lowercase",
    deny_unknown_fields
)]
pub enum RetractionScope {
    /// A whole source.
    Source(String),
    /// A document, case, study or question.
    Document(String),
    /// One instance, by record key.
    Instance(String),
}

/// A withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retraction {
    /// What.
    pub what: RetractionScope,
    /// Why, in words without personal data.
    pub reason: String,
}
