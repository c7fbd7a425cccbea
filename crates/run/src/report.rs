//! What a build came to: the account of every stage (I2), and what others rely on in JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::{Digest, Problem};
use spinemed_curate::SmallCell;

use crate::work::case::CaseMeta;

/// The account of one stage, in its input units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageCount {
    /// The stage.
    pub name: String,
    /// Units that came in.
    #[serde(rename = "in")]
    pub entered: u64,
    /// Units that went on.
    pub passed: u64,
    /// Units left out, each with a reason in the ledger.
    pub rejected: u64,
    /// Units that could not be done now.
    pub failed: u64,
    /// Units that were not reached.
    pub pending: u64,
    /// What it emitted, in units of the next stage.
    pub emitted: u64,
}

impl StageCount {
    /// Whether in = passed + rejected + failed + pending.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.entered == self.passed + self.rejected + self.failed + self.pending
    }
}

/// Actions of a build.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Actions {
    /// Done now.
    pub run: u64,
    /// Found in the ledger.
    pub reused: u64,
}

/// Model calls of a build.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelCalls {
    /// Sent to an endpoint.
    pub made: u64,
    /// Answered from kept responses.
    pub reused: u64,
}

/// A row of the composition: how many instances are alike in kind, language, modality, split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Composition {
    /// Kind.
    pub kind: String,
    /// Language.
    pub language: String,
    /// Modality.
    pub modality: String,
    /// Split.
    pub split: String,
    /// How many.
    pub count: u64,
}

/// The report of a build; its fields are a contract with other programs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BuildReport {
    /// The pipeline.
    pub pipeline: String,
    /// The Merkle root over the instances; none of a dry run.
    pub release_root: Option<Digest>,
    /// The account.
    pub stages: Vec<StageCount>,
    /// Actions.
    pub actions: Actions,
    /// Model calls.
    pub model_calls: ModelCalls,
    /// Money spent, in the prices' currency, as a decimal number.
    pub cost: String,
    /// What is wrong with the inputs.
    pub problems: Vec<Problem>,
    /// Whether every unit came to an end.
    pub complete: bool,
    /// Whether the build was interrupted.
    pub interrupted: bool,
    /// Sources of which nothing was usable.
    pub unusable_sources: Vec<String>,
    /// Why units were left out: stage, code, count.
    pub drops: Vec<DropCount>,
    /// Instances.
    pub instances: u64,
    /// Their composition.
    pub composition: Vec<Composition>,
    /// The release's folder, where one was written or found.
    pub release: Option<String>,
    /// Reasons of failures, with counts.
    pub failures: BTreeMap<String, u64>,
    /// The first record key, to try `audit trace` on.
    pub example: Option<String>,
    /// What de-identification came to; none where no source speaks of patients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deidentification: Option<DeidCount>,
}

/// In, out and rejected of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InOut {
    /// What came in.
    #[serde(rename = "in")]
    pub entered: u64,
    /// What left.
    pub out: u64,
    /// What was withheld.
    pub rejected: u64,
}

impl InOut {
    /// Adds another count.
    pub fn add(&mut self, other: Self) {
        self.entered += other.entered;
        self.out += other.out;
        self.rejected += other.rejected;
    }
}

/// What de-identification came to, over the cases that left it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeidCount {
    /// DICOM objects.
    pub objects: InOut,
    /// Pictures of those objects.
    pub pictures: InOut,
    /// How often each rule acted, on elements and in text.
    pub actions_by_rule: BTreeMap<String, u64>,
    /// Why objects and pictures were withheld, with counts.
    pub withheld: BTreeMap<String, u64>,
    /// Cells of traits that fewer patients share than the pipeline demands.
    pub small_cells: Vec<SmallCell>,
    /// Packs that were generalised because of them.
    pub generalised: u64,
}

impl DeidCount {
    /// Adds a case's counts.
    pub(crate) fn add(&mut self, meta: &CaseMeta) {
        self.objects.add(meta.objects);
        self.pictures.add(meta.pictures);
        for (rule, times) in &meta.actions {
            *self.actions_by_rule.entry(rule.clone()).or_default() += times;
        }
    }
}

/// How many units a stage left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DropCount {
    /// The stage.
    pub stage: String,
    /// The reason's code.
    pub code: String,
    /// How many.
    pub count: u64,
}

impl BuildReport {
    /// Stages whose account does not balance, or whose output is not the next one's input.
    #[must_use]
    pub fn imbalances(&self) -> Vec<String> {
        let mut wrong: Vec<String> = self
            .stages
            .iter()
            .filter(|s| !s.balances())
            .map(|s| format!("stage `{}` does not balance", s.name))
            .collect();
        for pair in self.stages.windows(2) {
            if pair[0].emitted != pair[1].entered {
                wrong.push(format!(
                    "stage `{}` emitted {}, but `{}` took in {}",
                    pair[0].name, pair[0].emitted, pair[1].name, pair[1].entered
                ));
            }
        }
        wrong
    }

    /// The sum of a column over all stages.
    #[must_use]
    pub fn total(&self, column: impl Fn(&StageCount) -> u64) -> u64 {
        self.stages.iter().map(column).sum()
    }
}
