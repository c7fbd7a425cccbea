//! A pipeline with its sources, read and checked before any work: settings as written become
//! a project that can be built.

use std::collections::BTreeMap;
use std::path::PathBuf;

use spinemed_core::source::Manifest;
use spinemed_core::vocabulary::{Egress, Subjects};
use spinemed_deidentify::Key;
use spinemed_store::{Workspace, expand_root, read_text};

use crate::custody;
use crate::privacy;
use crate::settings::{self, GeneratorChoice, Pipeline, nearest};

/// A checked pipeline.
#[derive(Debug, Clone)]
pub struct Project {
    /// The pipeline's name: its file's name without `.toml`.
    pub name: String,
    /// What it says.
    pub pipeline: Pipeline,
    /// Its sources, in byte order of their names.
    pub sources: Vec<Source>,
    /// Prompt templates that replace the built-in ones, by name.
    pub prompts: BTreeMap<String, String>,
    /// The key of patients' records, where a source has any.
    pub key: Option<Key>,
}

/// A source with the folder of its files.
#[derive(Debug, Clone)]
pub struct Source {
    /// What its `source.toml` says.
    pub manifest: Manifest,
    /// Where its files are; the cause when that is not known.
    pub root: Result<PathBuf, String>,
}

/// Why a pipeline cannot be built. The exit code tells usage (2) from policy (4).
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// A file is missing or wrong.
    #[error("`{file}`: {cause}")]
    Settings {
        /// The file.
        file: String,
        /// What is wrong.
        cause: String,
        /// What to do.
        hint: Option<String>,
    },
    /// Policy forbids it.
    #[error("refused by policy: {cause}")]
    Policy {
        /// What and why, naming source and endpoint.
        cause: String,
        /// What to do.
        hint: Option<String>,
    },
}

impl ProjectError {
    fn settings(file: &str, cause: impl Into<String>, hint: Option<String>) -> Self {
        Self::Settings {
            file: file.to_owned(),
            cause: cause.into(),
            hint,
        }
    }
}

/// Reads and checks a pipeline and its sources. `variable` gives environment variables for
/// `${NAME}` in a source's root.
///
/// # Errors
/// [`ProjectError`], naming file, place and cause.
pub fn load(
    workspace: &Workspace,
    name: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Project, ProjectError> {
    let file = format!("pipelines/{name}.toml");
    let pipeline: Pipeline = read(&file, workspace, &workspace.pipeline(name))?;
    let mut used = pipeline.sources.used.clone();
    used.sort();
    used.dedup();
    let sources = used
        .iter()
        .map(|id| load_source(workspace, id.as_str(), variable))
        .collect::<Result<Vec<_>, _>>()?;
    let prompts = load_prompts(workspace, &pipeline, &file)?;
    let mut project = Project {
        name: name.to_owned(),
        pipeline,
        sources,
        prompts,
        key: None,
    };
    check(&project, &file)?;
    if project.has_patients() {
        let key = custody::key(&project.pipeline.deidentify, workspace, variable);
        let key = key.map_err(|no_key| ProjectError::Policy {
            cause: no_key.cause,
            hint: Some(no_key.hint),
        })?;
        privacy::check_key(&project.sources, &key)?;
        project.key = Some(key);
    }
    Ok(project)
}

impl Project {
    /// Whether any source speaks of patients.
    #[must_use]
    pub fn has_patients(&self) -> bool {
        self.sources
            .iter()
            .any(|s| s.manifest.subjects == Subjects::Patients)
    }
}

/// Reads and checks one source.
///
/// # Errors
/// [`ProjectError`], naming file, place and cause.
pub fn load_source(
    workspace: &Workspace,
    id: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Source, ProjectError> {
    let file = format!("sources/{id}/source.toml");
    let folder = workspace.source(id);
    let manifest: Manifest = read(&file, workspace, &folder.join("source.toml"))?;
    if manifest.id.as_str() != id {
        let cause = format!("`id` is `{}`, but the folder is `{id}`", manifest.id);
        return Err(ProjectError::settings(
            &file,
            cause,
            Some("rename one of them".into()),
        ));
    }
    let root = expand_root(&folder, &manifest.root, variable).map_err(|name| {
        format!("`root` needs the environment variable `{name}`, which is not set")
    });
    Ok(Source { manifest, root })
}

fn read<T: serde::de::DeserializeOwned>(
    file: &str,
    workspace: &Workspace,
    path: &std::path::Path,
) -> Result<T, ProjectError> {
    let text = read_text(path).map_err(|_| {
        let folder = path.parent().and_then(|p| {
            if file.starts_with("sources") {
                p.parent()
            } else {
                Some(p)
            }
        });
        let hint = folder.and_then(|f| near_name(path, f, file.starts_with("sources")));
        let cause = format!(
            "cannot be read in workspace `{}`",
            workspace.root().display()
        );
        ProjectError::settings(file, cause, hint)
    })?;
    settings::parse(&text).map_err(|error| {
        let hint = error.hint.clone();
        ProjectError::settings(file, error.to_string(), hint)
    })
}

fn near_name(path: &std::path::Path, folder: &std::path::Path, is_source: bool) -> Option<String> {
    let met = if is_source {
        path.parent()?.file_name()?
    } else {
        path.file_stem()?
    };
    let names = spinemed_store::names_in(folder);
    let names: Vec<&str> = names
        .iter()
        .map(|n| n.strip_suffix(".toml").unwrap_or(n))
        .collect();
    nearest(met.to_str()?, names.iter().copied()).map_or_else(
        || (!names.is_empty()).then(|| format!("there are: {}", names.join(", "))),
        |best| Some(format!("did you mean `{best}`?")),
    )
}

fn load_prompts(
    workspace: &Workspace,
    pipeline: &Pipeline,
    file: &str,
) -> Result<BTreeMap<String, String>, ProjectError> {
    let Some(folder) = &pipeline.generate.prompts else {
        return Ok(BTreeMap::new());
    };
    let folder = workspace.root().join(folder);
    let mut prompts = BTreeMap::new();
    for name in spinemed_store::names_in(&folder) {
        let Some(stem) = name.strip_suffix(".j2") else {
            continue;
        };
        let text = read_text(&folder.join(&name))
            .map_err(|e| ProjectError::settings(file, format!("prompt `{name}`: {e}"), None))?;
        prompts.insert(stem.to_owned(), text);
    }
    Ok(prompts)
}

fn check(project: &Project, file: &str) -> Result<(), ProjectError> {
    let pipeline = &project.pipeline;
    let wrong =
        |cause: String, hint: &str| Err(ProjectError::settings(file, cause, Some(hint.to_owned())));
    if project.sources.is_empty() {
        return wrong(
            "`sources.use` is empty".into(),
            "name at least one folder of `sources/`",
        );
    }
    if pipeline.tasks.wanted().is_empty() {
        return wrong(
            "`tasks` asks for nothing".into(),
            "give kinds, languages and variants = 1 or more",
        );
    }
    let split = &pipeline.split;
    if split.validation_permille + split.test_permille >= 1000 {
        return wrong(
            "`split` leaves nothing for training".into(),
            "validation_permille + test_permille must be below 1000",
        );
    }
    for source in &project.sources {
        privacy::check_source(&source.manifest)?;
        refuse_no_derivatives(&source.manifest)?;
    }
    if pipeline.generate.generator == GeneratorChoice::Model {
        check_models(project, file)?;
    }
    Ok(())
}

fn refuse_no_derivatives(manifest: &Manifest) -> Result<(), ProjectError> {
    if !manifest.licence.forbids_derivatives() {
        return Ok(());
    }
    Err(ProjectError::Policy {
        cause: format!(
            "source `{}` is under `{}`, which forbids derived works",
            manifest.id, manifest.licence
        ),
        hint: Some("remove it from `sources.use`".into()),
    })
}

fn check_models(project: &Project, file: &str) -> Result<(), ProjectError> {
    let pipeline = &project.pipeline;
    let named = [&pipeline.generate.draft, &pipeline.generate.revise];
    if pipeline.generate.draft.is_none() {
        return Err(ProjectError::settings(
            file,
            "`generate.generator` is `model`, but `generate.draft` names no endpoint",
            Some("set `generate.draft` to a name under `[models]`".into()),
        ));
    }
    for endpoint in &pipeline.models {
        endpoint
            .check()
            .map_err(|e| ProjectError::settings(file, e.to_string(), None))?;
    }
    for name in named.into_iter().flatten() {
        let Some(endpoint) = pipeline.models.iter().find(|e| e.name == *name) else {
            let hint = nearest(name, pipeline.models.iter().map(|e| e.name.as_str()))
                .map(|best| format!("did you mean `{best}`?"));
            return Err(ProjectError::settings(
                file,
                format!("`[models]` has no `{name}`"),
                hint,
            ));
        };
        let closed = project
            .sources
            .iter()
            .find(|s| s.manifest.egress == Egress::LocalOnly);
        if let (Some(source), false) = (closed, endpoint.local) {
            return Err(ProjectError::Policy {
                cause: format!(
                    "source `{}` is `local-only`, but endpoint `{}` is not declared local",
                    source.manifest.id,
                    endpoint.identity().endpoint
                ),
                hint: Some(
                    "use an endpoint with `local = true` that runs in your own walls".into(),
                ),
            });
        }
    }
    Ok(())
}
