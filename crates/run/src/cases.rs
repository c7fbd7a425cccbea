//! The account of hospital cases: what was read, what could be cleaned, what was withheld.

use spinemed_core::DropReason;
use spinemed_core::seam::Tree;
use spinemed_core::source::Manifest;
use spinemed_store::UnitOutcome;

use crate::options::BuildError;
use crate::stages::{Run, record_unit};
use crate::unit::Unit;
use crate::work::WorkError;
use crate::work::case::{CaseMeta, CaseWork};

/// A case that was read: its source's position, its unit, and what cleaning came to.
pub(crate) struct ReadCase {
    source: usize,
    unit: Unit,
    outcome: UnitOutcome,
}

impl Run<'_, '_> {
    /// Reads and cleans case folders. What could not be read is this stage's account.
    pub(crate) fn read_cases(
        &mut self,
        source: usize,
        manifest: &Manifest,
        tree: &(dyn Tree + Sync),
        units: Vec<Unit>,
    ) -> Result<Vec<ReadCase>, BuildError> {
        let Some(key) = &self.project.key else {
            return Err(WorkError::Value {
                role: "key".into(),
                cause: "patients' records need a key".into(),
            }
            .into());
        };
        let work = CaseWork::new(manifest, tree, key, &self.project.pipeline.deidentify);
        let mut cases = Vec::new();
        for (unit, outcome) in self.step("deidentify", &work, units)? {
            let Some(outcome) = outcome else {
                self.account.pend(&unit.name, 1, self.pending_cause());
                continue;
            };
            if outcome.passed == 0 && outcome.rejected.iter().all(|(_, r)| is_unread(r)) {
                self.account.outcome(&outcome);
                continue;
            }
            self.account.pass(1, 1);
            self.account.ingested.insert(manifest.id.to_string());
            cases.push(ReadCase {
                source,
                unit,
                outcome,
            });
        }
        Ok(cases)
    }

    /// Records that passed the gate: by declaration, or cleaned. Opened only where a source
    /// speaks of patients; elsewhere there is nothing to tell.
    pub(crate) fn deidentify(
        &mut self,
        mut records: Vec<(usize, Unit)>,
        cases: Vec<ReadCase>,
    ) -> Result<Vec<(usize, Unit)>, BuildError> {
        if !self.project.has_patients() {
            return Ok(records);
        }
        self.account.open("deidentify");
        let declared = records.len() as u64;
        self.account.pass(declared, declared);
        for case in cases {
            self.account.problems.extend(case.outcome.problems.clone());
            for (name, reason) in &case.outcome.skipped {
                self.account.withhold(name, reason);
            }
            for (name, reason) in &case.outcome.rejected {
                self.account.reject(name, reason);
            }
            for output in &case.outcome.outputs {
                let meta = CaseMeta::of(output)?;
                self.account.deid.add(&meta);
                if let Some(reason) = self.ended(&meta) {
                    self.account.reject(&output.name, &reason);
                    continue;
                }
                self.account.pass(1, 1);
                records.push((case.source, record_unit(&case.unit.source, output)));
            }
        }
        Ok(records)
    }

    /// Consents and approvals hold up to a day.
    fn ended(&self, meta: &CaseMeta) -> Option<DropReason> {
        let until = meta.until.filter(|until| *until < self.world.today)?;
        Some(DropReason::Consent {
            detail: format!("consent or approval ended on {until}"),
        })
    }
}

/// Whether a case was not even read.
fn is_unread(reason: &DropReason) -> bool {
    !matches!(
        reason,
        DropReason::Privacy { .. } | DropReason::Consent { .. }
    )
}
