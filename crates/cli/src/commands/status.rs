//! `spinemed status`: what is stale and why, and what is pending.

use std::sync::atomic::AtomicBool;

use spinemed_run::Models;
use spinemed_run::pipeline::{Options, World, build};
use spinemed_run::progress::Silent;

use crate::args::Format;
use crate::context::{Context, makers, own_digest, project, today};
use crate::exit;
use crate::failure::Failure;
use crate::output::{excerpt, json, say};
use crate::reading::isolated;

/// Looks everything up and does nothing.
pub fn run(context: &Context, pipeline: Option<&str>) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    let name = context.pipeline(&workspace, pipeline)?;
    let project = project(&workspace, &name)?;
    let makers = makers(&project, false)?;
    let mut opened = context.open(&workspace)?;
    let options = Options {
        dry_run: true,
        threads: 1,
        ..Options::default()
    };
    let reading = isolated(&context.reading(), &project.pipeline.limits)?;
    let world = World {
        workspace: &workspace,
        reading: &reading,
        models: &Models::new(),
        generator: &*makers.generator,
        progress: &Silent,
        stop: &AtomicBool::new(false),
        today: today(),
        price: &|_, _| 0,
        binary: own_digest(),
        version: env!("CARGO_PKG_VERSION"),
    };
    let built = build(&project, &options, &mut opened, &world)?;
    let stale: u64 = built.stale.values().map(|units| units.len() as u64).sum();
    let last = opened.ledger.last_build(&name)?;
    if context.format == Format::Json {
        let units: Vec<_> = built
            .stale
            .iter()
            .flat_map(|(step, units)| {
                units.iter().map(move |u| serde_json::json!({"step": step, "unit": u.unit, "changed": u.changed}))
            })
            .collect();
        json(&serde_json::json!({
            "pipeline": name, "stale": units, "stages": built.report.stages, "drops": built.report.drops,
            "last_root": last.and_then(|l| l.root), "problems": built.report.problems,
        }));
        return Ok(exit::DONE);
    }
    match last {
        Some(build) if build.complete => say!(
            "last build complete, root {}",
            build.root.map_or("none".into(), |r| r.to_string())
        ),
        Some(_) => say!("last build not complete"),
        None => say!("pipeline `{name}` has not been built here"),
    }
    if stale == 0 {
        say!("nothing is stale");
    }
    let drops = &built.report.drops;
    let unsure: u64 = drops
        .iter()
        .filter(|d| d.code == "review")
        .map(|d| d.count)
        .sum();
    if unsure > 0 {
        say!(
            "{unsure} figures are left out for review: their pictures and captions belong \
             together with too low a score (`spinemed audit why-not KEY` says why)"
        );
    }
    for (step, units) in &built.stale {
        say!("{step}: {} stale", units.len());
        for unit in units.iter().take(20) {
            let why = unit
                .changed
                .as_ref()
                .map_or("new".to_owned(), |c| format!("changed: {}", c.join(", ")));
            say!("  {} ({why})", excerpt(&unit.unit, 90));
        }
    }
    Ok(exit::DONE)
}
