//! The pipeline: one typed function from declared sources to a release root.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use spinemed_core::Digest;
use spinemed_core::digest::KeyHasher;
use spinemed_core::review::Retraction;
use spinemed_core::source::Format;
use spinemed_core::vocabulary::Split;
use spinemed_store::BuildRow;

use crate::account::Account;
use crate::custody;
use crate::engine::{Engine, Planned, recover};
use crate::freeze;
use crate::opened::Opened;
pub use crate::options::{BuildError, Built, Only, Options, STAGES, World};
use crate::project::Project;
use crate::report::{Actions, BuildReport, ModelCalls};
use crate::scan::{Scanned, scan_all};
use crate::stages::{Run, Selected};
use crate::work::{CallCounters, decimal};

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
    run(project, options, opened, world, Purpose::Build)
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
    run(
        project,
        &options,
        opened,
        world,
        Purpose::Plan(&mut planned),
    )?;
    Ok(planned)
}

/// The keys of all actions that a pipeline as it is now rests on, and its report as if nothing
/// were done: it is up to date when nothing is pending.
///
/// # Errors
/// As [`build`].
pub(crate) fn needed(
    project: &Project,
    opened: &mut Opened,
    world: &World<'_>,
) -> Result<(BTreeSet<Digest>, BuildReport), BuildError> {
    let mut found = BTreeSet::new();
    let options = Options {
        dry_run: true,
        threads: 1,
        ..Options::default()
    };
    let built = run(project, &options, opened, world, Purpose::Find(&mut found))?;
    Ok((found, built.report))
}

/// What a walk through the stages is for.
enum Purpose<'p> {
    /// To bring everything up to date.
    Build,
    /// To collect shards that others work.
    Plan(&'p mut Vec<Planned>),
    /// To learn which actions are needed.
    Find(&'p mut BTreeSet<Digest>),
}

fn run(
    project: &Project,
    options: &Options,
    opened: &mut Opened,
    world: &World<'_>,
    purpose: Purpose<'_>,
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
    if !matches!(purpose, Purpose::Find(_))
        && let Some(report) = unchanged(last.as_ref(), &key, options, world)
    {
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
    let (plan, found) = match purpose {
        Purpose::Build => (None, None),
        Purpose::Plan(planned) => (Some(planned), None),
        Purpose::Find(found) => (None, Some(found)),
    };
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
        key: project.key.as_ref(),
        found,
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
    let any = account.stages.iter().any(|s| s.name == "deidentify");
    report.deidentification = any.then(|| account.deid.clone());
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
    if let Some(secret) = &project.key {
        // Consents and approvals end on a day.
        key = key
            .digest("custody", &custody::identity(secret))
            .field("today", world.today.to_string());
    }
    if scanned
        .iter()
        .any(|s| s.source.manifest.format == Format::Pdf)
    {
        // Scanned pages are read by it.
        key = key.field("engine", world.reading.identity());
    }
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
