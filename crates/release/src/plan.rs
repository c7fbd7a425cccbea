//! What a release is made from, as the caller gives it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spinemed_core::vocabulary::{Egress, PrivacyBasis, Redistribution, Subjects};
use spinemed_core::{Digest, DropReason, RecordKey, SourceId};
use spinemed_core::{instance::Instance, licence::Licence, source::Manifest as SourceManifest};

use crate::counts::Counts;
use crate::folder::FileSum;

/// What a release is called and what is said about it. None of it depends on the time or
/// the machine, so a release is the same bytes wherever it is made (I8).
#[derive(Debug, Clone, PartialEq)]
pub struct ReleasePlan {
    /// The release's name, `spinemed-demo`.
    pub name: String,
    /// Its version, `1.0.0`.
    pub version: String,
    /// A title for people.
    pub title: String,
    /// One paragraph for people; may be empty.
    pub description: String,
    /// The program and its version, `spinemed 0.1.0`.
    pub tool: String,
    /// Every source that an instance may name.
    pub sources: Vec<SourceTerms>,
    /// The accounts of the build, in order of the stages (I2).
    pub balance: Balance,
    /// Additional files (a retraction list, the pipeline's settings), by name.
    pub extra: BTreeMap<String, Vec<u8>>,
}

/// What a release says of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceTerms {
    /// Its name.
    pub id: SourceId,
    /// Its title.
    pub title: String,
    /// Its licence.
    pub licence: Licence,
    /// What a release may carry of it.
    pub redistribution: Redistribution,
    /// Which endpoints might see it.
    pub egress: Egress,
    /// Whom it speaks of.
    pub subjects: Subjects,
    /// On what ground patients' records are used; none for other sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privacy_basis: Option<PrivacyBasis>,
    /// How to cite it.
    pub citation: String,
    /// Its DOI.
    pub doi: Option<String>,
    /// Where it is obtained.
    pub homepage: Option<String>,
}

impl From<&SourceManifest> for SourceTerms {
    fn from(manifest: &SourceManifest) -> Self {
        Self {
            id: manifest.id.clone(),
            title: manifest.title.clone(),
            licence: manifest.licence.clone(),
            redistribution: manifest.redistribution,
            egress: manifest.egress,
            subjects: manifest.subjects,
            privacy_basis: manifest.privacy_basis,
            citation: manifest.citation.clone(),
            doi: manifest.doi.clone(),
            homepage: manifest.homepage.clone(),
        }
    }
}

/// The accounts of a build: `balance.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// Each stage, in order.
    pub stages: Vec<StageBalance>,
    /// What the responses cost that the release rests on, whenever they were paid for.
    pub cost: Cost,
}

/// One stage's account. `in = passed + rejected + failed + pending`; what it emits is the
/// next stage's `in`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageBalance {
    /// The stage.
    pub name: String,
    /// Units that went in.
    #[serde(rename = "in")]
    pub input: u64,
    /// Units that passed.
    pub passed: u64,
    /// Units left out on purpose.
    pub rejected: u64,
    /// Units that could not be done.
    pub failed: u64,
    /// Units not done yet.
    pub pending: u64,
    /// Units handed on.
    pub emitted: u64,
    /// How many were rejected for which reason ([`DropReason::code`]).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, u64>,
}

/// What was paid, as decimal text so that sums are exact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Model calls whose responses were used.
    pub calls: u64,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// The sum, such as `12.40`; empty where no price was declared.
    pub amount: String,
    /// ISO 4217, such as `USD`; empty where no price was declared.
    pub currency: String,
}

/// One action in an instance's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceStep {
    /// The step with its version, `draft/3`.
    pub step: String,
    /// The action key.
    pub key: Digest,
    /// The digest of what it made.
    pub output: Option<Digest>,
    /// The model, for steps that call one.
    pub model: Option<String>,
    /// The prompt's digest, for steps that render one.
    pub prompt: Option<Digest>,
}

/// A unit that is not in the release, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absent {
    /// The unit: a file, a pack, a task or a record key.
    pub unit: String,
    /// The stage that left it out.
    pub stage: String,
    /// The reason's code ([`DropReason::code`]).
    pub reason: String,
    /// One line for people.
    pub detail: String,
    /// The duplicate that was kept.
    pub winner: Option<String>,
}

impl Absent {
    /// A unit left out by a stage for a typed reason.
    #[must_use]
    pub fn new(unit: &str, stage: &str, reason: &DropReason) -> Self {
        let winner = match reason {
            DropReason::Duplicate { winner, .. } => Some(winner.clone()),
            _ => None,
        };
        Self {
            unit: unit.to_owned(),
            stage: stage.to_owned(),
            reason: reason.code().to_owned(),
            detail: reason.detail(),
            winner,
        }
    }
}

/// Gives an instance by its position.
pub type GiveInstance<'a> = dyn Fn(usize) -> Result<Instance, String> + 'a;
/// Gives an instance's chain of actions, first to last.
pub type GiveSteps<'a> = dyn Fn(&Instance) -> Result<Vec<TraceStep>, String> + 'a;
/// Gives a picture's bytes.
pub type GiveMedia<'a> = dyn Fn(&Digest) -> Result<Vec<u8>, String> + 'a;

/// Where the contents come from. Instances are asked for twice: once in order, to count, to
/// compute the root and to lay out the row groups, and once in the order they are written in.
/// So memory holds 24 bytes per instance, one row group and the absent units, whatever the size.
pub struct Inputs<'a> {
    /// How many instances there are.
    pub count: usize,
    /// Instances by position, in byte order of their record keys.
    pub instance: &'a GiveInstance<'a>,
    /// The actions behind an instance.
    pub steps: &'a GiveSteps<'a>,
    /// Pictures by digest.
    pub media: &'a GiveMedia<'a>,
    /// Units left out before the release, in any order.
    pub absent: Vec<Absent>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseSummary {
    /// The Merkle root over the instances.
    pub root: Digest,
    /// What the release holds.
    pub counts: Counts,
    /// Instances that may not be released: the caller accounts for them. They also stand in
    /// `trace/absent.parquet`, with the stage `release`.
    pub withheld: Vec<(RecordKey, DropReason)>,
    /// All files, `SHA256SUMS` included, in order of their names.
    pub files: Vec<FileSum>,
}
