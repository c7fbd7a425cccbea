//! The stages in order, each over the units that the one before emitted.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use spinemed_core::review::{Retraction, RetractionScope};
use spinemed_core::vocabulary::{Split, Subjects};
use spinemed_core::{Digest, DropReason};
use spinemed_store::{DirTree, InstanceRow, UnitOutcome, Veil};

use crate::account::Account;
use crate::cases::ReadCase;
use crate::curation;
use crate::engine::{Done, Engine};
use crate::options::{BuildError, Options, STAGES, World};
use crate::project::Project;
use crate::report::Composition;
use crate::scan::Scanned;
use crate::unit::{Input, Unit};
use crate::work::check::CheckWork;
use crate::work::draft::DraftWork;
use crate::work::ingest::IngestWork;
use crate::work::pair::PairWork;
use crate::work::revise::ReviseWork;
use crate::work::{Work, WorkError};

/// What the last stages came to.
pub(crate) struct Selected {
    pub rows: Vec<InstanceRow>,
    pub pins: BTreeMap<String, Split>,
    pub composition: Vec<Composition>,
}

/// What ingest came to: records by their source's position, and cases.
type Read = (Vec<(usize, Unit)>, Vec<ReadCase>);

/// A build on its way through the stages.
pub(crate) struct Run<'a, 'e> {
    pub project: &'a Project,
    pub options: &'a Options,
    pub world: &'a World<'a>,
    pub retractions: &'a [Retraction],
    pub engine: Engine<'e>,
    pub account: Account,
    pub label: String,
}

impl Run<'_, '_> {
    /// From files to the instances of the corpus.
    pub fn stages(&mut self, scanned: &[Scanned<'_>]) -> Result<Selected, BuildError> {
        let (records, cases) = self.ingest(scanned)?;
        let records = self.deidentify(records, cases)?;
        let packs = self.pair(scanned, records)?;
        let curated = self.curate(packs)?;
        let sampled = self.sample(curated.packs);
        let drafted = self.draft(sampled)?;
        let revised = self.revise(drafted)?;
        let checked = self.check(revised, &curated.split_of)?;
        self.account.open("curate-instances");
        let (rows, composition) = curation::instances(
            checked,
            &curated.places,
            self.retractions,
            &mut self.account,
        )?;
        Ok(Selected {
            rows,
            composition,
            pins: curated.pins,
        })
    }

    pub(crate) fn step(
        &mut self,
        stage: &str,
        work: &dyn Work,
        units: Vec<Unit>,
    ) -> Result<Vec<Done>, WorkError> {
        let position = STAGES
            .iter()
            .position(|s| *s == stage)
            .expect("a stage of the list");
        let options = self.options;
        self.engine
            .run(work, units, &|unit| options.allows(position, &unit.source))
    }

    pub(crate) fn pending_cause(&self) -> &'static str {
        if self.world.stop.load(Ordering::Relaxed) {
            "interrupted"
        } else if self.options.dry_run {
            "dry run"
        } else {
            "left out by --only"
        }
    }

    /// Files to records. A withdrawn source's files are rejected unread. Cases are read and
    /// cleaned in one action, because nothing that was read may be kept; what the cleaning
    /// came to is the next stage's account.
    fn ingest(&mut self, scanned: &[Scanned<'_>]) -> Result<Read, BuildError> {
        self.account.open("ingest");
        let mut records = Vec::new();
        let mut cases = Vec::new();
        for (index, source) in scanned.iter().enumerate() {
            let manifest = &source.source.manifest;
            let id = manifest.id.as_str();
            for problem in &source.problems {
                let reason = DropReason::BadInput {
                    problem: problem.clone(),
                };
                self.account
                    .reject(&format!("{id}/{}", problem.file), &reason);
            }
            let units = source.units();
            if let Some(reason) =
                withdrawn(self.retractions, &RetractionScope::Source(id.to_owned()))
            {
                units
                    .iter()
                    .for_each(|u| self.account.reject(&u.name, &reason));
                continue;
            }
            let veil = self.project.veil(manifest);
            let tree = DirTree::new(source.files.clone(), veil.as_ref().map(|v| v as &dyn Veil));
            if manifest.subjects == Subjects::Patients {
                cases.extend(self.read_cases(index, manifest, &tree, units)?);
                continue;
            }
            for (unit, outcome) in self.step(
                "ingest",
                &IngestWork::new(manifest, &tree, self.world.reading),
                units,
            )? {
                match outcome {
                    Some(outcome) => {
                        if outcome.passed > 0 {
                            self.account.ingested.insert(id.to_owned());
                        }
                        self.account.outcome(&outcome);
                        records.extend(outcome.outputs.iter().map(|o| (index, record_unit(id, o))));
                    }
                    None => self.account.pend(&unit.name, 1, self.pending_cause()),
                }
            }
        }
        Ok((records, cases))
    }

    /// Records to packs. A withdrawn document is rejected here, by name.
    fn pair(
        &mut self,
        scanned: &[Scanned<'_>],
        records: Vec<(usize, Unit)>,
    ) -> Result<Vec<curation::Candidate>, BuildError> {
        self.account.open("pair");
        let mut packs = Vec::new();
        let mut by_source: BTreeMap<usize, Vec<Unit>> = BTreeMap::new();
        let mut seen = std::collections::BTreeSet::new();
        for (index, unit) in records {
            if !seen.insert(unit.name.clone()) {
                let rule = "document-name".to_owned();
                let reason = DropReason::Duplicate {
                    winner: unit.name.clone(),
                    rule,
                };
                self.account
                    .reject(&format!("{} (again)", unit.name), &reason);
            } else if let Some(reason) = withdrawn(
                self.retractions,
                &RetractionScope::Document(unit.name.clone()),
            ) {
                self.account.reject(&unit.name, &reason);
            } else {
                by_source.entry(index).or_default().push(unit);
            }
        }
        for (index, units) in by_source {
            let manifest = &scanned[index].source.manifest;
            for (unit, outcome) in self.step(
                "pair",
                &PairWork::new(
                    manifest,
                    &self.project.pipeline.curate,
                    &self.project.pipeline.pairing,
                ),
                units,
            )? {
                let Some(outcome) = outcome else {
                    self.account.pend(&unit.name, 1, self.pending_cause());
                    continue;
                };
                self.account.outcome(&outcome);
                for output in outcome.outputs {
                    packs.push(curation::Candidate::new(&unit, output)?);
                }
            }
        }
        Ok(packs)
    }

    fn curate(&mut self, packs: Vec<curation::Candidate>) -> Result<curation::Curated, BuildError> {
        self.account.open("curate");
        let pins = self.engine.ledger.pins(&self.label)?;
        Ok(curation::packs(
            packs,
            &self.project.pipeline,
            &pins,
            &mut self.account,
        ))
    }

    /// Of a sampled build, the packs with the smallest digests; the rest stays pending.
    fn sample(&mut self, mut packs: Vec<curation::PackUnit>) -> Vec<curation::PackUnit> {
        self.account.open("draft");
        let Some(n) = self.options.sample else {
            return packs;
        };
        packs.sort_by_key(|p| Digest::of(p.key.as_bytes()));
        for pack in packs.split_off(n.min(packs.len())) {
            self.account.pend(&pack.key, 1, "not in the sample");
        }
        packs.sort_by(|a, b| a.key.cmp(&b.key));
        packs
    }

    fn draft(
        &mut self,
        packs: Vec<curation::PackUnit>,
    ) -> Result<Vec<(Unit, UnitOutcome)>, BuildError> {
        let pipeline = &self.project.pipeline;
        let work = DraftWork {
            generator: self.world.generator,
            wanted: pipeline.tasks.wanted(),
            max_repairs: pipeline.generate.max_repairs,
        };
        let units = packs
            .into_iter()
            .map(|p| Unit {
                name: p.key,
                source: p.source,
                inputs: vec![Input::value("pack", p.digest)],
                params: p.params,
                clearance: p.clearance,
            })
            .collect();
        let done = self.step("draft", &work, units)?;
        Ok(self.enter(done, |_| 1))
    }

    fn revise(
        &mut self,
        drafted: Vec<(Unit, UnitOutcome)>,
    ) -> Result<Vec<(Unit, UnitOutcome)>, BuildError> {
        self.account.open("revise");
        let work = ReviseWork {
            generator: self.world.generator,
            max_repairs: self.project.pipeline.generate.max_repairs,
        };
        let (units, weights) = next_units(drafted, "drafts");
        let done = self.step("revise", &work, units)?;
        Ok(self.enter(done, |unit| weights[&unit.name]))
    }

    fn check(
        &mut self,
        revised: Vec<(Unit, UnitOutcome)>,
        split_of: &BTreeMap<String, Split>,
    ) -> Result<Vec<(Unit, UnitOutcome)>, BuildError> {
        self.account.open("check");
        let work = CheckWork {
            generator: self.world.generator.name(),
        };
        let (mut units, weights) = next_units(revised, "revisions");
        for unit in &mut units {
            let split = serde_json::json!({ "split": split_of[&unit.name] });
            match (&mut unit.params, split) {
                (serde_json::Value::Object(params), serde_json::Value::Object(split)) => {
                    params.extend(split);
                }
                (params, split) => *params = split,
            }
        }
        let done = self.step("check", &work, units)?;
        Ok(self.enter(done, |unit| weights[&unit.name]))
    }

    /// Enters what a step came to; gives the units that were done.
    fn enter(
        &mut self,
        done: Vec<Done>,
        weight: impl Fn(&Unit) -> u64,
    ) -> Vec<(Unit, UnitOutcome)> {
        let mut ready = Vec::new();
        for (unit, outcome) in done {
            match outcome {
                Some(outcome) => {
                    self.account.outcome(&outcome);
                    ready.push((unit, outcome));
                }
                None => {
                    let weight = weight(&unit);
                    self.account.pend(&unit.name, weight, self.pending_cause());
                }
            }
        }
        ready
    }
}

/// Units of the next step over the same packs: the same inputs and the bundle just made.
/// Packs with nothing in the bundle have nothing to do next.
fn next_units(done: Vec<(Unit, UnitOutcome)>, role: &str) -> (Vec<Unit>, BTreeMap<String, u64>) {
    let mut units = Vec::new();
    let mut weights = BTreeMap::new();
    for (mut unit, outcome) in done {
        let Some(bundle) = outcome.bundle.filter(|_| !outcome.outputs.is_empty()) else {
            continue;
        };
        unit.inputs.push(Input::value(role, bundle));
        weights.insert(unit.name.clone(), outcome.outputs.len() as u64);
        units.push(unit);
    }
    (units, weights)
}

pub(crate) fn record_unit(source: &str, output: &spinemed_store::Output) -> Unit {
    Unit {
        name: output.name.clone(),
        source: source.to_owned(),
        inputs: vec![Input::value("record", output.digest)],
        params: serde_json::Value::Null,
        clearance: output.clearance.clone(),
    }
}

/// The reason to leave something out, when it was withdrawn.
pub(crate) fn withdrawn(retractions: &[Retraction], what: &RetractionScope) -> Option<DropReason> {
    retractions
        .iter()
        .find(|r| r.what == *what)
        .map(|r| DropReason::Retracted {
            detail: r.reason.clone(),
        })
}
