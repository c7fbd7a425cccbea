//! `release.json`: what a release says of itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spinemed_core::Digest;

use crate::counts::Counts;
use crate::error::ReleaseError;
use crate::plan::{Balance, ReleasePlan, SourceTerms};

/// The layout of release folders that this version writes, and the newest it verifies.
pub const FORMAT: u32 = 1;

/// The version of the card's and licence file's wording. A verifier of the same version
/// writes both again and compares.
pub const CARD: u32 = 1;

/// `release.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The layout's version ([`FORMAT`]).
    pub format: u32,
    /// The card's version ([`CARD`]).
    pub card: u32,
    /// The format version of the instances.
    pub instance_format: u32,
    /// The release's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// A paragraph about it.
    pub description: String,
    /// The program that wrote it.
    pub tool: String,
    /// The Merkle roots.
    pub roots: Roots,
    /// The licence of the whole: the conjunction of its instances' licences.
    pub licence: String,
    /// What it holds.
    pub counts: Counts,
    /// Terms and citations of its sources.
    pub sources: Vec<SourceTerms>,
    /// Instances that may not be released, by source.
    pub withheld: BTreeMap<String, u64>,
    /// Additional files.
    pub extra: BTreeMap<String, Digest>,
}

/// Merkle roots, all by RFC 6962, section 2.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roots {
    /// Over the instances ([`crate::merkle::record_leaf`]): the release root.
    pub instances: Digest,
    /// Over the canonical JSON of the rows of `trace/part-0.parquet`.
    pub trace: Digest,
    /// Over the canonical JSON of the rows of `trace/absent.parquet`.
    pub absent: Digest,
}

/// JSON for people: sorted keys, two spaces, a line feed at the end.
pub(crate) fn pretty<T: Serialize>(value: &T) -> Vec<u8> {
    let tree = serde_json::to_value(value).expect("records serialise to JSON");
    let mut bytes = serde_json::to_vec_pretty(&sorted(tree)).expect("writing to memory");
    bytes.push(b'\n');
    bytes
}

/// Sorts keys also where a dependency makes `serde_json` keep the order of insertion.
fn sorted(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(map) => {
            let map: BTreeMap<_, _> = map.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            serde_json::Value::Object(map.into_iter().collect())
        }
        serde_json::Value::Array(items) => items.into_iter().map(sorted).collect(),
        scalar => scalar,
    }
}

/// Why accounts do not add up (I2), if they do not.
pub(crate) fn imbalance(balance: &Balance) -> Option<(String, String)> {
    let mut emitted: Option<(&str, u64)> = None;
    for stage in &balance.stages {
        let parts = [stage.passed, stage.rejected, stage.failed, stage.pending];
        let sum = parts
            .iter()
            .try_fold(0u64, |sum, part| sum.checked_add(*part));
        if sum != Some(stage.input) {
            let detail = format!(
                "{} in, but {} passed, {} rejected, {} failed and {} pending",
                stage.input, stage.passed, stage.rejected, stage.failed, stage.pending
            );
            return Some((stage.name.clone(), detail));
        }
        if let Some((before, count)) = emitted.filter(|(_, count)| *count != stage.input) {
            let detail = format!("{} in, but `{before}` emitted {count}", stage.input);
            return Some((stage.name.clone(), detail));
        }
        let reasons: u64 = stage
            .reasons
            .values()
            .fold(0, |sum, n| sum.saturating_add(*n));
        if !stage.reasons.is_empty() && reasons != stage.rejected {
            let detail = format!("{} rejected, but reasons for {reasons}", stage.rejected);
            return Some((stage.name.clone(), detail));
        }
        emitted = Some((&stage.name, stage.emitted));
    }
    None
}

/// Refuses what may not be released at all.
pub(crate) fn check_plan(plan: &ReleasePlan) -> Result<(), ReleaseError> {
    if let Some((stage, detail)) = imbalance(&plan.balance) {
        return Err(ReleaseError::Unbalanced { stage, detail });
    }
    for name in plan.extra.keys() {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let good = name
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && part.chars().all(plain));
        let own = ["data/", "jsonl/", "images/", "trace/"]
            .iter()
            .any(|own| name.starts_with(own));
        if !good || own || FILES.contains(&name.as_str()) {
            return Err(ReleaseError::BadName(name.clone()));
        }
    }
    Ok(())
}

/// Files at the top of a release.
pub(crate) const FILES: [&str; 5] = [
    CARD_FILE,
    LICENCE_FILE,
    MANIFEST_FILE,
    BALANCE_FILE,
    SUMS_FILE,
];
pub(crate) const CARD_FILE: &str = "README.md";
pub(crate) const LICENCE_FILE: &str = "LICENSE";
pub(crate) const MANIFEST_FILE: &str = "release.json";
pub(crate) const BALANCE_FILE: &str = "balance.json";
pub(crate) const SUMS_FILE: &str = "SHA256SUMS";
pub(crate) const TRACE_FILE: &str = "trace/part-0.parquet";
pub(crate) const ABSENT_FILE: &str = "trace/absent.parquet";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::StageBalance;

    fn check(stages: &[[u64; 6]], expect: Option<&str>) {
        let stages = stages
            .iter()
            .enumerate()
            .map(
                |(i, [input, passed, rejected, failed, pending, emitted])| StageBalance {
                    name: format!("stage{i}"),
                    input: *input,
                    passed: *passed,
                    rejected: *rejected,
                    failed: *failed,
                    pending: *pending,
                    emitted: *emitted,
                    reasons: BTreeMap::new(),
                },
            )
            .collect();
        let found = imbalance(&Balance {
            stages,
            ..Balance::default()
        });
        assert_eq!(found.as_ref().map(|(stage, _)| stage.as_str()), expect);
    }

    #[test]
    fn accounts_add_up_within_and_between_stages() {
        check(&[], None);
        check(&[[10, 8, 1, 1, 0, 20], [20, 20, 0, 0, 0, 20]], None);
        check(&[[10, 8, 1, 0, 0, 20]], Some("stage0"));
        check(
            &[[10, 8, 1, 1, 0, 20], [19, 19, 0, 0, 0, 19]],
            Some("stage1"),
        );
        check(&[[1, u64::MAX, 2, 0, 0, 0]], Some("stage0"));
    }

    #[test]
    fn a_stage_with_reasons_has_one_for_each_rejection() {
        let mut stage = StageBalance {
            name: "curate".into(),
            input: 2,
            ..Default::default()
        };
        (stage.rejected, stage.reasons) = (2, [("duplicate".into(), 1)].into());
        let found = imbalance(&Balance {
            stages: vec![stage],
            ..Balance::default()
        });
        assert_eq!(
            found.expect("unbalanced").1,
            "2 rejected, but reasons for 1"
        );
    }
}
