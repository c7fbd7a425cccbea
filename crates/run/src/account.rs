//! Keeps the account of a build (I2): counts per stage and the fate of every unit that did
//! not pass.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::{DropReason, Problem};
use spinemed_store::{FateRow, Status, UnitOutcome, Usage};

use crate::report::{DeidCount, DropCount, StageCount};

/// The account while a build runs.
#[derive(Debug, Default)]
pub struct Account {
    /// Stages so far.
    pub stages: Vec<StageCount>,
    /// Units that did not pass.
    pub fates: Vec<FateRow>,
    /// What is wrong with the inputs.
    pub problems: Vec<Problem>,
    /// Sources of which at least one record was read.
    pub ingested: BTreeSet<String>,
    /// The model calls that everything rests on, whenever they were paid for.
    pub usage: Usage,
    drops: BTreeMap<(usize, &'static str), u64>,
    /// What de-identification came to.
    pub deid: DeidCount,
    /// Reasons of failures, with counts.
    pub failures: BTreeMap<String, u64>,
}

impl Account {
    /// Opens a stage.
    pub fn open(&mut self, name: &str) {
        self.stages.push(StageCount {
            name: name.to_owned(),
            ..StageCount::default()
        });
    }

    fn stage(&mut self) -> &mut StageCount {
        self.stages.last_mut().expect("a stage is open")
    }

    /// Enters what an action came to.
    pub fn outcome(&mut self, outcome: &UnitOutcome) {
        let stage = self.stage();
        stage.entered += outcome.passed;
        stage.passed += outcome.passed;
        stage.emitted += outcome.outputs.len() as u64;
        for (unit, reason) in &outcome.rejected {
            self.reject(unit, reason);
        }
        for (unit, cause) in &outcome.failed {
            self.fail(unit, cause);
        }
        self.problems.extend(outcome.problems.iter().cloned());
        self.usage.add(outcome.usage);
    }

    /// Enters units that passed and what came of them.
    pub fn pass(&mut self, units: u64, emitted: u64) {
        let stage = self.stage();
        stage.entered += units;
        stage.passed += units;
        stage.emitted += emitted;
    }

    /// Enters a unit left out.
    pub fn reject(&mut self, unit: &str, reason: &DropReason) {
        if let DropReason::BadInput { problem } = reason {
            self.problems.push(problem.clone());
        }
        let place = self.stages.len() - 1;
        *self.drops.entry((place, reason.code())).or_default() += 1;
        let stage = self.stage();
        stage.entered += 1;
        stage.rejected += 1;
        let text = serde_json::to_string(reason).expect("reasons serialise");
        self.fate(unit, Status::Rejected, reason.code(), text);
    }

    /// Enters a part of a unit (an object, a picture) that was withheld while the unit passed.
    pub fn withhold(&mut self, part: &str, reason: &DropReason) {
        let text = serde_json::to_string(reason).expect("reasons serialise");
        // A place in a picture is told with the part; reasons are counted without it.
        let detail = reason.detail();
        let cause = detail.split(" [").next().unwrap_or_default().to_owned();
        *self.deid.withheld.entry(cause).or_default() += 1;
        self.fate(part, Status::Rejected, reason.code(), text);
    }

    /// Enters a unit that failed.
    pub fn fail(&mut self, unit: &str, cause: &str) {
        let stage = self.stage();
        stage.entered += 1;
        stage.failed += 1;
        *self.failures.entry(cause.to_owned()).or_default() += 1;
        self.fate(unit, Status::Failed, "failed", cause.to_owned());
    }

    /// Enters a unit that was not reached; `weight` is how many input units of the stage it is.
    pub fn pend(&mut self, unit: &str, weight: u64, cause: &str) {
        let stage = self.stage();
        stage.entered += weight;
        stage.pending += weight;
        self.fate(unit, Status::Pending, "pending", cause.to_owned());
    }

    fn fate(&mut self, unit: &str, status: Status, code: &str, reason: String) {
        let stage = self.stage().name.clone();
        let (unit, code) = (unit.to_owned(), code.to_owned());
        self.fates.push(FateRow {
            stage,
            unit,
            status,
            code,
            reason,
        });
    }

    /// How many units each stage left out for each reason.
    #[must_use]
    pub fn drop_counts(&self) -> Vec<DropCount> {
        self.drops
            .iter()
            .map(|(&(place, code), &count)| DropCount {
                stage: self.stages[place].name.clone(),
                code: code.to_owned(),
                count,
            })
            .collect()
    }

    /// Whether every unit came to an end.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.stages.iter().all(|s| s.failed == 0 && s.pending == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_out_balances() {
        let mut account = Account::default();
        account.open("draft");
        account.pass(3, 7);
        account.reject(
            "a",
            &DropReason::NoEvidence {
                detail: "none".into(),
            },
        );
        account.fail("b", "503");
        account.pend("c", 2, "stopped");
        let stage = &account.stages[0];
        assert!(stage.balances());
        assert_eq!((stage.entered, stage.emitted), (7, 7));
        assert_eq!(account.fates.len(), 3);
        assert!(!account.complete());
        assert_eq!(account.drop_counts()[0].code, "no-evidence");
    }
}
