//! What the ledger keeps of one action.

use serde::{Deserialize, Serialize};
use spinemed_core::{Digest, DropReason, Problem};

/// What became of one unit of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It went on.
    Passed,
    /// It was left out for a reason.
    Rejected,
    /// It could not be done; a later build tries again.
    Failed,
    /// It was not reached.
    Pending,
}

impl Status {
    /// The spelling in the ledger.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Pending => "pending",
        }
    }
}

/// Something that an action made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Its stable name: a document, pack or record key.
    pub name: String,
    /// Its content digest.
    pub digest: Digest,
    /// What whole-set steps need to know of it, so that they read no values.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub meta: serde_json::Value,
    /// The proof with which a record of patients is read back; opaque to the store.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub clearance: serde_json::Value,
}

impl Output {
    /// An output that whole-set steps need to know nothing of.
    #[must_use]
    pub fn new(name: impl Into<String>, digest: Digest) -> Self {
        Self {
            name: name.into(),
            digest,
            meta: serde_json::Value::Null,
            clearance: serde_json::Value::Null,
        }
    }
}

/// What model calls an action rests on, whenever they were paid for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Responses used.
    pub calls: u64,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// Millionths of the prices' currency.
    pub cost: u64,
}

impl Usage {
    /// Adds another usage.
    pub fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.cost += other.cost;
    }

    /// Whether no model was asked.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.calls == 0
    }
}

/// What an action came to. Counts are in the step's input units (I2).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct UnitOutcome {
    /// Input units that passed.
    pub passed: u64,
    /// What it made.
    pub outputs: Vec<Output>,
    /// The value that holds all outputs as one list, where the step bundles them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<Digest>,
    /// Pictures in the blob store that the outputs name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Digest>,
    /// Input units left out, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<(String, DropReason)>,
    /// Input units that failed, by name. An action with failures is no cache hit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<(String, String)>,
    /// Damage inside units that passed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// Things that were tried and do not apply; they are no input units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<(String, DropReason)>,
    /// The model calls it rests on.
    #[serde(default, skip_serializing_if = "Usage::is_none")]
    pub usage: Usage,
    /// The keys of the responses that it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<Digest>,
}

/// One component of an action key, by name, so that `why` can say which one changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// `input:pack`, `settings`, `step-version` …
    pub name: String,
    /// Its digest.
    pub digest: Digest,
}

/// An action as the ledger has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionRecord {
    /// The step.
    pub step: String,
    /// The unit of work.
    pub unit: String,
    /// The action key.
    pub key: Digest,
    /// The key's components.
    pub parts: Vec<Part>,
    /// What it came to.
    pub outcome: UnitOutcome,
}
