//! `spinemed build`: the main job.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use spinemed_core::model::Response;
use spinemed_run::pipeline::{BuildError, Built, Options, World, build};
use spinemed_run::project::Project;
use spinemed_run::report::BuildReport;

use crate::args::{BuildArgs, Format};
use crate::context::{Context, Makers, makers, only, own_digest, project, today};
use crate::failure::Failure;
use crate::output::{excerpt, json, say, table};
use crate::reading::isolated;
use crate::{exit, progress};

/// Builds, plans or absorbs.
pub fn run(context: &Context, args: &BuildArgs) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    let name = context.pipeline(&workspace, args.pipeline.as_deref())?;
    let project = project(&workspace, &name)?;
    let options = options(args, &project)?;
    let makers = makers(&project, !args.dry_run)?;
    let (_lock, mut opened) = context.open_to_write(&workspace)?;
    if let Some(folder) = &args.absorb {
        let entered = spinemed_run::plan::absorb(&mut opened, folder)?;
        eprintln!("{entered} actions of the plan were entered");
    }
    let progress = progress::choose(context.quiet);
    let stop = stop_on_signal();
    let reading = isolated(&context.reading(), &project.pipeline.limits)?;
    let world = World {
        workspace: &workspace,
        reading: &reading,
        models: &makers.models,
        generator: &*makers.generator,
        progress: &*progress,
        stop: &stop,
        today: args.as_of.unwrap_or_else(today),
        price: &|endpoint, response| price(&makers, endpoint, response),
        binary: own_digest(),
        version: env!("CARGO_PKG_VERSION"),
    };
    if let Some(folder) = &args.plan_to {
        let plan = spinemed_run::plan::write(&project, &options, &mut opened, &world, folder)?;
        return Ok(tell_plan(context, &plan, folder));
    }
    let built = build(&project, &options, &mut opened, &world).map_err(explain)?;
    tell(context, &built, args.dry_run);
    Ok(code(&built.report, args.dry_run))
}

fn options(args: &BuildArgs, project: &Project) -> Result<Options, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(Options {
        sample: args.sample,
        only: args
            .only
            .as_deref()
            .map(|word| only(word, project))
            .transpose()?,
        rehash: args.rehash,
        dry_run: args.dry_run,
        threads: args.threads.unwrap_or(cores).max(1),
    })
}

/// A first Ctrl-C lets what is in flight come to its end; a second one ends the program.
pub fn stop_on_signal() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(exit::INTERRUPTED));
        }
        eprintln!(
            "stopping: what is in flight comes to its end; press Ctrl-C again to stop at once"
        );
    });
    stop
}

fn price(makers: &Makers, endpoint: &str, response: &Response) -> u64 {
    makers
        .endpoints
        .get(endpoint)
        .and_then(|e| e.cost(response))
        .unwrap_or(0)
}

fn explain(error: BuildError) -> Failure {
    let failure = Failure::from(error);
    if failure.hint.is_some() {
        return failure;
    }
    failure.hint("build again: everything entered so far is kept")
}

fn code(report: &BuildReport, dry: bool) -> u8 {
    if report.interrupted {
        return exit::INTERRUPTED;
    }
    let mut codes = vec![exit::DONE];
    if !report.failures.is_empty() {
        codes.push(exit::ENDPOINT);
    }
    if !report.unusable_sources.is_empty() {
        codes.push(exit::UNUSABLE);
    }
    let bad_input = report.drops.iter().any(|d| d.code == "bad-input");
    let open = report.total(|s| s.failed + s.pending) > 0 && !dry;
    if bad_input || open {
        codes.push(exit::PARTIAL);
    }
    exit::strongest(&codes)
}

fn tell_plan(context: &Context, plan: &spinemed_run::plan::Plan, folder: &std::path::Path) -> u8 {
    if context.format == Format::Json {
        let stages: Vec<_> = plan
            .stages
            .iter()
            .map(|s| serde_json::json!({"step": s.step, "source": s.source, "shards": s.shards}))
            .collect();
        json(&serde_json::json!({"plan": folder, "stages": stages}));
        return exit::DONE;
    }
    if plan.stages.is_empty() {
        say!(
            "nothing to hand out: every stage is up to date; run `spinemed build {}`",
            plan.name
        );
        return exit::DONE;
    }
    say!("plan written to `{}`", folder.display());
    for (n, stage) in plan.stages.iter().enumerate() {
        say!(
            "  stage {n}: {} ({}), {} shards",
            stage.step,
            stage.source,
            stage.shards
        );
    }
    say!(
        "run `spinemed worker --plan {} --stage N --index I` for each shard,",
        folder.display()
    );
    say!(
        "then `spinemed build {} --absorb {}` (with `--plan-to` again for the next stage)",
        plan.name,
        folder.display()
    );
    exit::DONE
}

fn tell(context: &Context, built: &Built, dry: bool) {
    let report = &built.report;
    if context.format == Format::Json {
        json(report);
        return;
    }
    say!("{}", balance(report));
    drops(report);
    deidentification(report);
    problems(report);
    composition(report);
    if dry {
        tell_dry(built);
    } else {
        tell_end(report);
    }
}

/// The account of every stage, as a table.
pub fn balance(report: &BuildReport) -> String {
    let rows: Vec<Vec<String>> = report
        .stages
        .iter()
        .map(|s| {
            let numbers = [
                s.entered, s.passed, s.rejected, s.failed, s.pending, s.emitted,
            ];
            std::iter::once(s.name.clone())
                .chain(numbers.iter().map(u64::to_string))
                .collect()
        })
        .collect();
    table(
        &[
            "stage", "in", "passed", "rejected", "failed", "pending", "emitted",
        ],
        &rows,
    )
}

/// What de-identification came to: objects, pictures, what was withheld, rare patients.
fn deidentification(report: &BuildReport) {
    let Some(deid) = &report.deidentification else {
        return;
    };
    let changes: u64 = deid
        .actions_by_rule
        .iter()
        .filter(|(rule, _)| rule.starts_with("text: "))
        .map(|(_, times)| times)
        .sum();
    say!(
        "de-identified: {} of {} DICOM objects, {} of {} pictures, {changes} places in text",
        deid.objects.out,
        deid.objects.entered,
        deid.pictures.out,
        deid.pictures.entered
    );
    for (cause, times) in &deid.withheld {
        say!("{times:>8}  withheld: {cause}");
    }
    if !deid.small_cells.is_empty() {
        say!(
            "{:>8}  small cells of patients, {} packs generalised (docs/privacy.md)",
            deid.small_cells.len(),
            deid.generalised
        );
    }
    say!("");
}

fn drops(report: &BuildReport) {
    if report.drops.is_empty() {
        return;
    }
    say!("left out:");
    for drop in &report.drops {
        say!("  {:>6}  {} at {}", drop.count, drop.code, drop.stage);
    }
    say!("");
}

fn problems(report: &BuildReport) {
    const SHOWN: usize = 12;
    for problem in report.problems.iter().take(SHOWN) {
        eprintln!(
            "problem: {}/{}, {}: {}",
            problem.source, problem.file, problem.place, problem.reason
        );
    }
    if report.problems.len() > SHOWN {
        eprintln!(
            "… and {} more; see `--format json`",
            report.problems.len() - SHOWN
        );
    }
    for (cause, count) in report.failures.iter().take(SHOWN) {
        eprintln!("failed: {count} × {cause}");
    }
    for source in &report.unusable_sources {
        eprintln!("nothing of source `{source}` is usable");
    }
}

fn composition(report: &BuildReport) {
    if report.composition.is_empty() {
        return;
    }
    let rows: Vec<Vec<String>> = report
        .composition
        .iter()
        .map(|c| {
            vec![
                c.kind.clone(),
                c.language.clone(),
                c.modality.clone(),
                c.split.clone(),
                c.count.to_string(),
            ]
        })
        .collect();
    say!(
        "{}",
        table(&["kind", "language", "modality", "split", "count"], &rows)
    );
}

fn tell_dry(built: &Built) {
    say!("dry run: nothing was done");
    for (step, units) in &built.stale {
        say!("  {step}: {} units to do", units.len());
        for unit in units.iter().take(5) {
            let why = unit
                .changed
                .as_ref()
                .map_or("new".to_owned(), |c| format!("changed: {}", c.join(", ")));
            say!("    {} ({})", excerpt(&unit.unit, 80), why);
        }
    }
    say!("later stages depend on what these come to");
}

fn tell_end(report: &BuildReport) {
    say!(
        "{} instances, {} actions run, {} reused, {} model calls made, {} reused, cost {}",
        report.instances,
        report.actions.run,
        report.actions.reused,
        report.model_calls.made,
        report.model_calls.reused,
        report.cost
    );
    if let Some(root) = &report.release_root {
        say!("release root {root}");
    }
    if let Some(folder) = &report.release {
        say!("release {folder}");
    }
    if report.interrupted {
        say!(
            "interrupted; `spinemed build {}` goes on where it stopped",
            report.pipeline
        );
    } else if let Some(example) = &report.example {
        say!("trace one: spinemed audit trace '{example}'");
    }
}
