//! `spinemed gc`: removes what no pipeline needs any more.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use spinemed_run::Models;
use spinemed_run::gc::{GcError, collect, keep};
use spinemed_run::pipeline::World;
use spinemed_run::progress::Silent;

use crate::args::Format;
use crate::context::{Context, makers, own_digest, project, today};
use crate::exit;
use crate::failure::Failure;
use crate::output::{json, say};
use crate::reading::isolated;

/// Walks every pipeline that was built here, and removes the rest.
pub fn run(context: &Context, forget: &[String]) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    let (_lock, mut opened) = context.open_to_write(&workspace)?;
    let mut needed = BTreeSet::new();
    let here = context.reading();
    for name in opened.ledger.pipelines()? {
        // A sampled build's actions are those of its pipeline.
        let name = name.split('@').next().unwrap_or(&name).to_owned();
        if forget.contains(&name) {
            continue;
        }
        let project = project(&workspace, &name).map_err(|failure| {
            failure.hint(format!(
                "bring `pipelines/{name}.toml` back, or give up what it built with `--forget {name}`"
            ))
        })?;
        let makers = makers(&project, false)?;
        let reading = isolated(&here, &project.pipeline.limits)?;
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
        needed.extend(keep(&project, &mut opened, &world).map_err(explain)?);
    }
    let gone = collect(&mut opened, &needed).map_err(explain)?;
    if context.format == Format::Json {
        json(&gone);
    } else {
        say!(
            "removed {} actions, {} values, {} pictures ({} bytes), {} responses",
            gone.actions,
            gone.values,
            gone.pictures,
            gone.picture_bytes,
            gone.responses
        );
    }
    Ok(exit::DONE)
}

fn explain(error: GcError) -> Failure {
    match error {
        GcError::Stale { ref pipeline, .. } => {
            let hint = format!("run `spinemed build {pipeline}` first");
            Failure::new(exit::PARTIAL, error).hint(hint)
        }
        GcError::Build(error) => Failure::from(error),
    }
}
