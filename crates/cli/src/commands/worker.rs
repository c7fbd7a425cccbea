//! `spinemed worker`: one shard of a plan. Its exit codes are for cluster engines.

use std::path::PathBuf;

use spinemed_core::vocabulary::Subjects;
use spinemed_run::custody;
use spinemed_run::plan::{PlanError, read, work_shard};
use spinemed_run::project::Project;
use spinemed_store::Workspace;

use crate::context::{Context, makers};
use crate::exit;
use crate::failure::Failure;
use crate::reading::isolated;

/// Works a shard and commits its result in the plan's folder.
pub fn run(context: &Context, plan: &str, stage: usize, index: usize) -> Result<u8, Failure> {
    if let Some((scheme, _)) = plan.split_once("://").filter(|(s, _)| *s != "file") {
        return Err(Failure::usage(format!(
            "plans at `{scheme}://` addresses cannot be reached by this program"
        ))
        .hint("use a folder that all machines see, or a `file://` address"));
    }
    let folder = PathBuf::from(plan.strip_prefix("file://").unwrap_or(plan));
    let plan = read(&folder).map_err(grade)?;
    let project = Project {
        name: plan.name,
        pipeline: plan.pipeline,
        sources: vec![],
        prompts: plan.prompts,
        key: None,
    };
    let patients = plan
        .manifests
        .iter()
        .any(|m| m.subjects == Subjects::Patients);
    let key = patients
        .then(|| {
            let here = Workspace::at(folder.clone());
            custody::key(&project.pipeline.deidentify, &here, &|name| {
                std::env::var(name).ok()
            })
        })
        .transpose()
        .map_err(|no_key| {
            Failure::new(exit::TRY_AGAIN, anyhow::anyhow!(no_key.cause)).hint(no_key.hint)
        })?;
    let makers = makers(&project, true).map_err(|f| Failure {
        code: exit::TRY_AGAIN,
        ..f
    })?;
    let (generator, models) = (&*makers.generator, &makers.models);
    let reading = isolated(&context.reading(), &project.pipeline.limits)?;
    let id = work_shard(
        &folder,
        stage,
        index,
        &reading,
        generator,
        models,
        key.as_ref(),
    )
    .map_err(grade)?;
    eprintln!("committed {id}");
    Ok(exit::DONE)
}

fn grade(error: PlanError) -> Failure {
    let code = match error {
        PlanError::Bad { .. } => exit::BAD_SHARD,
        PlanError::Work(_) | PlanError::Build(_) => exit::TRY_AGAIN,
    };
    Failure::new(code, error)
}
