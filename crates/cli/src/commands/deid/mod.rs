//! `spinemed deid`: the de-identifier alone, for folders of DICOM.

mod key;
mod readers;
mod tell;

use std::path::PathBuf;
use std::time::Instant;

use spinemed_core::profile::Profile;
use spinemed_core::vocabulary::ProfileOption;
use spinemed_run::deid::{self, DeidError, DeidReport, Options, World};
use spinemed_store::Workspace;

use crate::args::{DeidArgs, Format};
use crate::commands::build::stop_on_signal;
use crate::context::Context;
use crate::failure::Failure;
use crate::{exit, progress};

/// Cleans a folder, and compares it with an answer key where one is named.
pub fn run(context: &Context, args: &DeidArgs) -> Result<u8, Failure> {
    let options = options(args)?;
    let key = key::find(args)?;
    let progress = progress::choose(context.quiet);
    let stop = stop_on_signal();
    // A reader that would not be asked is not started, and changes no setting of the output.
    let readers = if options.profile.has(ProfileOption::CleanPixelData) {
        readers::installed(context.ocr)
    } else {
        Vec::new()
    };
    let world = World {
        key: &key,
        workspaces: workspaces(context, args),
        progress: &*progress,
        stop: &stop,
        readers,
        version: env!("CARGO_PKG_VERSION"),
    };
    let started = Instant::now();
    let report = deid::run(&options, &world).map_err(explain)?;
    if !context.quiet {
        pace(&report, started);
    }
    let mut codes = vec![code(&report)];
    let score = match &args.self_test {
        Some(answers) if codes[0] != exit::INTERRUPTED => Some(
            deid::check(
                answers,
                &options.inputs,
                &options.out,
                options.mapping.as_deref().unwrap_or(&options.out),
            )
            .map_err(explain)?,
        ),
        _ => None,
    };
    if score
        .as_ref()
        .is_some_and(|score| score.passed < score.total)
    {
        codes.push(exit::PARTIAL);
    }
    if context.format == Format::Json {
        tell::machine(&report, score.as_ref());
    } else {
        tell::people(&options, &report, score.as_ref());
    }
    if codes.contains(&exit::INTERRUPTED) {
        return Ok(exit::INTERRUPTED);
    }
    Ok(exit::strongest(&codes))
}

fn options(args: &DeidArgs) -> Result<Options, Failure> {
    let mut options = Profile::default().options;
    options.extend(&args.option);
    for option in &args.without {
        if !options.remove(option) {
            return Err(Failure::usage(format!(
                "`--without {option}`: it is not chosen"
            )));
        }
    }
    let profile = Profile {
        options,
        times: args.times,
    };
    let pixels = profile.has(ProfileOption::CleanPixelData);
    for (flag, given) in [("review", &args.review), ("regions", &args.regions)] {
        if given.is_some() && !pixels {
            return Err(Failure::usage(format!(
                "`--{flag}` is about pixels, and none are cleaned"
            ))
            .hint("add `--option clean-pixel-data`"));
        }
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(Options {
        inputs: args.inputs.clone(),
        out: args.out.clone(),
        report: args.report.clone(),
        mapping: args.mapping.clone(),
        review: args.review.clone(),
        regions: args.regions.clone(),
        names: args.names.clone(),
        profile,
        jobs: args.jobs.unwrap_or(cores).max(1),
        dry_run: args.dry_run,
    })
}

/// The workspaces around what is named, and around here.
fn workspaces(context: &Context, args: &DeidArgs) -> Vec<PathBuf> {
    let here = std::env::current_dir().ok();
    let named = [&args.mapping, &args.review].into_iter().flatten().cloned();
    let starts = named
        .filter_map(|path| std::path::absolute(path).ok())
        .chain(here);
    let found = starts.filter_map(|start| Workspace::find(&start));
    let mut roots: Vec<PathBuf> = found.map(|w| w.root().to_owned()).collect();
    roots.extend(context.named.clone());
    roots
}

fn pace(report: &DeidReport, started: Instant) {
    let seconds = started.elapsed().as_secs_f64().max(1e-3);
    if let Some(run) = report.run.filter(|run| run.worked > 0) {
        eprintln!(
            "{} objects in {seconds:.1} s, {:.0} a second",
            run.worked,
            run.worked as f64 / seconds
        );
    }
}

fn code(report: &DeidReport) -> u8 {
    let run = report.run;
    if run.is_some_and(|run| run.pending > 0 && !run.dry_run) {
        exit::INTERRUPTED
    } else if report.objects.rejected > 0 {
        exit::PARTIAL
    } else {
        exit::DONE
    }
}

fn explain(error: DeidError) -> Failure {
    match error {
        DeidError::Usage { ref hint, .. } => {
            let hint = hint.clone();
            Failure::new(exit::USAGE, error).hint(hint)
        }
        DeidError::Policy { ref hint, .. } => {
            let hint = hint.clone();
            Failure::new(exit::POLICY, error).hint(hint)
        }
        DeidError::Held { ref pid } => {
            let hint = format!("wait for process {pid}, or name another output");
            Failure::new(exit::HELD, error).hint(hint)
        }
        DeidError::Nothing { .. } => Failure::new(exit::UNUSABLE, error)
            .hint("name a folder with DICOM objects; archives are not opened"),
        error => Failure::from(error),
    }
}
