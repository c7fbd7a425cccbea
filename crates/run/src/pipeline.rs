//! The pipeline: one typed function from declared sources to a release root.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use spinemed_core::digest::KeyHasher;
use spinemed_core::review::{Retraction, RetractionScope};
use spinemed_core::seam::{Generator, StoreError};
use spinemed_core::vocabulary::Split;
use spinemed_core::{Digest, DropReason};
use spinemed_store::{BuildRow, DirTree, InstanceRow, UnitOutcome, Workspace};

use crate::account::Account;
use crate::curation;
use crate::engine::{Done, Engine, Models, Planned, StaleUnit, recover};
use crate::freeze::{self, FreezeError};
use crate::opened::Opened;
use crate::progress::Progress;
use crate::project::Project;
use crate::report::{Actions, BuildReport, Composition, ModelCalls};
use crate::scan::{Scanned, scan_all};
use crate::unit::{Input, Unit};
use crate::work::check::CheckWork;
use crate::work::draft::DraftWork;
use crate::work::ingest::IngestWork;
use crate::work::pair::PairWork;
use crate::work::revise::ReviseWork;
use crate::work::{CallCounters, Price, Work, WorkError, decimal};

/// Stages in order, as accounts name them.
pub const STAGES: &[&str] = &[
    "ingest",
    "pair",
    "curate",
    "draft",
    "revise",
    "check",
    "curate-instances",
    "release",
];

/// How a build is to behave; none of it changes what a complete build comes to.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// At most so many packs are generated from, chosen by digest.
    pub sample: Option<usize>,
    /// Only stages up to this one, or only units of this source, are run.
    pub only: Option<Only>,
    /// Files are hashed anew, whatever their size and time.
    pub rehash: bool,
    /// Nothing is done; what would be is reported.
    pub dry_run: bool,
    /// Threads that work; at least one.
    pub threads: usize,
}

/// What a build is confined to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Only {
    /// Stages up to and including this position in [`STAGES`].
    Stage(usize),
    /// Units of this source.
    Source(String),
}

impl Options {
    /// The name under which a build's state is kept: a sampled build is a corpus of its own.
    #[must_use]
    pub fn label(&self, pipeline: &str) -> String {
        match self.sample {
            Some(n) => format!("{pipeline}@sample-{n}"),
            None => pipeline.to_owned(),
        }
    }

    fn allows(&self, stage: usize, source: &str) -> bool {
        match &self.only {
            Some(Only::Stage(last)) => stage <= *last,
            Some(Only::Source(id)) => id == source,
            None => true,
        }
    }
}

/// The program around a build.
pub struct World<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Model clients by endpoint.
    pub models: &'a Models,
    /// Who makes items.
    pub generator: &'a dyn Generator,
    /// Who is told.
    pub progress: &'a dyn Progress,
    /// Set when the build is to stop.
    pub stop: &'a AtomicBool,
    /// What responses cost.
    pub price: &'a Price<'a>,
    /// The digest of the running program: part of the build's key, not of any action's.
    pub binary: Digest,
    /// The program's version, for releases.
    pub version: &'a str,
}

/// Why a build could not come to an end. What was entered before stays entered.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A shard or store failed as a whole.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The account does not balance: a fault of the program. No release is made of it.
    #[error("the account does not balance: {0}")]
    Unbalanced(String),
    /// The release could not be written.
    #[error(transparent)]
    Freeze(#[from] FreezeError),
}

/// A build's report and why units were done.
#[derive(Debug)]
pub struct Built {
    /// The report.
    pub report: BuildReport,
    /// Examples, per step, of units that had to be done.
    pub stale: BTreeMap<String, Vec<StaleUnit>>,
}

/// Builds a pipeline.
///
/// # Errors
/// [`BuildError`]; faults of inputs are no errors but entries of the report.
pub fn build(
    project: &Project,
    options: &Options,
    opened: &mut Opened,
    world: &World<'_>,
) -> Result<Built, BuildError> {
    run(project, options, opened, world, None)
}

/// Collects the shards of the first stage that has work to do, and does none of it.
///
/// # Errors
/// As [`build`].
pub(crate) fn collect(
    project: &Project,
    options: &Options,
    opened: &mut Opened,
    world: &World<'_>,
) -> Result<Vec<Planned>, BuildError> {
    let mut planned = Vec::new();
    let options = Options {
        dry_run: true,
        ..options.clone()
    };
    run(project, &options, opened, world, Some(&mut planned))?;
    Ok(planned)
}

fn run(
    project: &Project,
    options: &Options,
    opened: &mut Opened,
    world: &World<'_>,
    plan: Option<&mut Vec<Planned>>,
) -> Result<Built, BuildError> {
    let label = options.label(&project.name);
    let scanned = scan_all(
        project,
        (!options.dry_run).then_some(&mut opened.ledger),
        options.rehash,
    )?;
    let retractions = opened.ledger.retractions()?;
    let last = opened.ledger.last_build(&label)?;
    let pins = opened.ledger.pins(&label)?;
    let key = build_key(project, &scanned, &retractions, &pins, world);
    if let Some(report) = unchanged(last.as_ref(), &key, options, world) {
        return Ok(Built {
            report,
            stale: BTreeMap::new(),
        });
    }
    let mut build = 0;
    if !options.dry_run {
        build = opened
            .ledger
            .start_build(&label, &key, &sources_json(&scanned))?;
        let entered = recover(
            &mut opened.ledger,
            &opened.responses,
            &opened.results,
            build,
        )?;
        opened.results.sweep()?;
        if entered > 0 {
            world.progress.note(&format!(
                "{entered} actions of an interrupted build were entered"
            ));
        }
    }
    let calls = CallCounters::new(world.price);
    let engine = Engine {
        ledger: &mut opened.ledger,
        responses: &opened.responses,
        results: &opened.results,
        blobs: &opened.blobs,
        models: world.models,
        threads: options.threads.max(1),
        progress: world.progress,
        stop: world.stop,
        dry: options.dry_run && plan.is_none(),
        build,
        actions: Actions::default(),
        calls: &calls,
        stale: BTreeMap::new(),
        plan,
    };
    let mut run = Run {
        project,
        options,
        world,
        retractions: &retractions,
        engine,
        account: Account::default(),
        label: label.clone(),
    };
    let selected = run.stages(&scanned)?;
    let (stale, actions, account) = (run.engine.stale, run.engine.actions, run.account);
    let mut report = BuildReport {
        pipeline: project.name.clone(),
        actions,
        unusable_sources: unusable(&scanned, &account),
        interrupted: world.stop.load(Ordering::Relaxed),
        ..BuildReport::default()
    };
    let (made, reused, spent) = calls.totals();
    report.model_calls = ModelCalls { made, reused };
    report.cost = decimal(spent);
    let closing = Closing {
        label: &label,
        build,
        project,
        options,
        world,
    };
    close(&closing, account, &selected, opened, &mut report)?;
    if !options.dry_run {
        // Pins made by this build are inputs of the next one, which must find nothing changed.
        let key = build_key(project, &scanned, &retractions, &selected.pins, world);
        opened.ledger.set_build_key(build, &key)?;
    }
    Ok(Built { report, stale })
}

/// What closing a build needs to know.
struct Closing<'a> {
    label: &'a str,
    build: i64,
    project: &'a Project,
    options: &'a Options,
    world: &'a World<'a>,
}

/// Computes the root, writes the release of a complete build, and enters the build's end.
fn close(
    closing: &Closing<'_>,
    mut account: Account,
    selected: &Selected,
    opened: &mut Opened,
    report: &mut BuildReport,
) -> Result<(), BuildError> {
    report.composition.clone_from(&selected.composition);
    report.instances = selected.rows.len() as u64;
    report.example = selected.rows.first().map(|r| r.key.clone());
    report.complete = account.complete() && !report.interrupted;
    let root = freeze::root(&selected.rows);
    let dry = closing.options.dry_run;
    report.release_root = (!dry).then_some(root);
    let whole = report.complete
        && !dry
        && closing.options.sample.is_none()
        && closing.options.only.is_none();
    let release = closing
        .project
        .pipeline
        .release
        .as_ref()
        .filter(|_| whole && report.instances > 0);
    if let Some(section) = release {
        account.open("release");
        account.pass(report.instances, report.instances);
        fill(report, &account);
        let unbalanced = report.imbalances();
        if !unbalanced.is_empty() {
            return Err(BuildError::Unbalanced(unbalanced.join("; ")));
        }
        let folder = freeze::freeze(
            closing.project,
            section,
            &root,
            &selected.rows,
            report,
            &account,
            opened,
            closing.world,
        )?;
        report.release = Some(folder);
    } else {
        fill(report, &account);
        let unbalanced = report.imbalances();
        if !unbalanced.is_empty() {
            return Err(BuildError::Unbalanced(unbalanced.join("; ")));
        }
    }
    if dry {
        return Ok(());
    }
    let text = serde_json::to_string(report).expect("reports serialise");
    opened.ledger.end_build(
        closing.label,
        closing.build,
        report.complete,
        &root,
        &text,
        &account.fates,
        &selected.rows,
        &selected.pins,
    )?;
    Ok(())
}

fn fill(report: &mut BuildReport, account: &Account) {
    report.stages.clone_from(&account.stages);
    report.problems.clone_from(&account.problems);
    report.problems.sort();
    report.problems.dedup();
    report.drops = account.drop_counts();
    report.failures.clone_from(&account.failures);
}

/// The digest of everything a build depends on. When it is that of the last complete build,
/// nothing has changed. Pins are counted as they are after a build.
fn build_key(
    project: &Project,
    scanned: &[Scanned<'_>],
    retractions: &[Retraction],
    pins: &BTreeMap<String, Split>,
    world: &World<'_>,
) -> Digest {
    let mut key = KeyHasher::new("spinemed/build/1")
        .digest("binary", &world.binary)
        .digest("pipeline", &Digest::of_json(&project.pipeline))
        .digest("prompts", &Digest::of_json(&project.prompts))
        .digest("retractions", &Digest::of_json(retractions))
        .digest("pins", &Digest::of_json(pins));
    for source in scanned {
        key = key
            .digest("source", &Digest::of_json(&source.source.manifest))
            .digest("files", &source.digest());
    }
    key.finish()
}

/// The last build's report, when it was complete and nothing has changed since.
fn unchanged(
    last: Option<&BuildRow>,
    key: &Digest,
    options: &Options,
    world: &World<'_>,
) -> Option<BuildReport> {
    let last = last.filter(|l| l.complete && l.key == *key && options.only.is_none())?;
    let mut report: BuildReport = serde_json::from_str(&last.report).ok()?;
    if let Some(folder) = &report.release
        && !freeze::exists(world.workspace, folder)
    {
        return None;
    }
    report.actions = Actions {
        run: 0,
        reused: report.actions.run + report.actions.reused,
    };
    report.model_calls = ModelCalls::default();
    report.cost = "0".into();
    Some(report)
}

fn sources_json(scanned: &[Scanned<'_>]) -> String {
    let sources: BTreeMap<&str, Digest> = scanned
        .iter()
        .map(|s| (s.source.manifest.id.as_str(), s.digest()))
        .collect();
    serde_json::to_string(&sources).expect("digests serialise")
}

/// Sources with problems of which no record came through ingest.
fn unusable(scanned: &[Scanned<'_>], account: &Account) -> Vec<String> {
    scanned
        .iter()
        .map(|s| s.source.manifest.id.to_string())
        .filter(|id| {
            account.problems.iter().any(|p| p.source == *id) && !account.ingested.contains(id)
        })
        .collect()
}

/// What the last stages came to.
struct Selected {
    rows: Vec<InstanceRow>,
    pins: BTreeMap<String, Split>,
    composition: Vec<Composition>,
}

struct Run<'a, 'e> {
    project: &'a Project,
    options: &'a Options,
    world: &'a World<'a>,
    retractions: &'a [Retraction],
    engine: Engine<'e>,
    account: Account,
    label: String,
}

impl Run<'_, '_> {
    fn stages(&mut self, scanned: &[Scanned<'_>]) -> Result<Selected, BuildError> {
        let records = self.ingest(scanned)?;
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

    fn step(
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

    fn pending_cause(&self) -> &'static str {
        if self.world.stop.load(Ordering::Relaxed) {
            "interrupted"
        } else if self.options.dry_run {
            "dry run"
        } else {
            "left out by --only"
        }
    }

    /// Files to records. A withdrawn source's files are rejected unread.
    fn ingest(&mut self, scanned: &[Scanned<'_>]) -> Result<Vec<(usize, Unit)>, BuildError> {
        self.account.open("ingest");
        let mut records = Vec::new();
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
            let tree = DirTree::new(source.files.clone());
            for (unit, outcome) in self.step("ingest", &IngestWork::new(manifest, &tree), units)? {
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
        Ok(records)
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
                &PairWork::new(manifest, &self.project.pipeline.curate),
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
                params: serde_json::Value::Null,
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
            unit.params = serde_json::json!({ "split": split_of[&unit.name] });
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

fn record_unit(source: &str, output: &spinemed_store::Output) -> Unit {
    Unit {
        name: output.name.clone(),
        source: source.to_owned(),
        inputs: vec![Input::value("record", output.digest)],
        params: serde_json::Value::Null,
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
