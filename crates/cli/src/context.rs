//! What commands share: the workspace, the environment, the program's own digest, clients of
//! model endpoints. The environment and the network are touched here and nowhere below.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use spinemed_core::Digest;
use spinemed_core::date::Date;
use spinemed_core::seam::{Generator, PageReader};
use spinemed_generate::prompts::Prompted;
use spinemed_generate::rules::Rules;
use spinemed_host::ScanReader;
use spinemed_model::endpoint::Endpoint;
use spinemed_model::http::{ApiKey, HttpModel};
use spinemed_run::opened::{Opened, open};
use spinemed_run::project::{Project, load};
use spinemed_run::settings::{GeneratorChoice, nearest};
use spinemed_run::{Here, Models};
use spinemed_store::{Lock, Workspace, names_in};

use crate::args::{Format, Ocr};
use crate::failure::{Failure, held};

/// What commands share.
pub struct Context {
    /// The workspace that the user named, if any.
    pub named: Option<PathBuf>,
    /// How results are printed.
    pub format: Format,
    /// No progress.
    pub quiet: bool,
    /// Whether an installed engine reads scanned pages.
    pub ocr: Ocr,
}

impl Context {
    /// The workspace: the named one, or the first found upwards from the current folder.
    ///
    /// # Errors
    /// A usage failure when there is none.
    pub fn workspace(&self) -> Result<Workspace, Failure> {
        if let Some(dir) = &self.named {
            if !dir.join("pipelines").is_dir() {
                return Err(Failure::usage(format!(
                    "`{}` is no workspace: it has no `pipelines/`",
                    dir.display()
                ))
                .hint("make one with `spinemed init DIR`"));
            }
            let whole = dir.canonicalize().unwrap_or_else(|_| dir.clone());
            return Ok(Workspace::at(whole));
        }
        let here = std::env::current_dir().map_err(Failure::from)?;
        Workspace::find(&here).ok_or_else(|| {
            Failure::usage(
                "no workspace here or above: no folder has both `pipelines/` and `sources/`",
            )
            .hint("make one with `spinemed init`, or name one with `--workspace DIR`")
        })
    }

    /// How sources' files are read: in this process, scanned pages with the engine that is
    /// installed unless the user wants none. It asks the engine who it is, so once a command.
    #[must_use]
    pub fn reading(&self) -> Here {
        let engine = match self.ocr {
            Ocr::Off => None,
            Ocr::Auto => ScanReader::installed(),
        };
        Here {
            pages: engine.map(|engine| Arc::new(engine) as Arc<dyn PageReader>),
            ..Here::default()
        }
    }

    /// Opens the stores without the lock, to read.
    ///
    /// # Errors
    /// A failure when a store cannot be used.
    pub fn open(&self, workspace: &Workspace) -> Result<Opened, Failure> {
        Ok(open(workspace, &operator(), own_digest())?)
    }

    /// Takes the lock and opens the stores, to write.
    ///
    /// # Errors
    /// A failure when another process holds the workspace or a store cannot be used.
    pub fn open_to_write(&self, workspace: &Workspace) -> Result<(Lock, Opened), Failure> {
        workspace.prepare()?;
        let lock = Lock::take(&workspace.kept().join("lock"))?.map_err(|who| held(&who))?;
        Ok((lock, self.open(workspace)?))
    }

    /// The pipeline that the user means: the named one, the only one, or the last built.
    ///
    /// # Errors
    /// A usage failure when that is not clear.
    pub fn pipeline(&self, workspace: &Workspace, named: Option<&str>) -> Result<String, Failure> {
        if let Some(name) = named {
            let stem = name.strip_suffix(".toml").unwrap_or(name);
            return Ok(stem.rsplit('/').next().unwrap_or(stem).to_owned());
        }
        let names = pipelines(workspace);
        if let [only] = &names[..] {
            return Ok(only.clone());
        }
        if workspace.kept().join("ledger.db").exists()
            && let Some(last) = self
                .open(workspace)?
                .ledger
                .pipelines()?
                .into_iter()
                .find(|p| !p.contains('@'))
        {
            return Ok(last);
        }
        Err(Failure::usage("which pipeline?").hint(format!("there are: {}", names.join(", "))))
    }
}

fn pipelines(workspace: &Workspace) -> Vec<String> {
    names_in(&workspace.root().join("pipelines"))
        .iter()
        .filter_map(|n| n.strip_suffix(".toml").map(str::to_owned))
        .collect()
}

/// Reads and checks a pipeline with the environment's variables.
///
/// # Errors
/// A failure of settings or policy.
pub fn project(workspace: &Workspace, name: &str) -> Result<Project, Failure> {
    Ok(load(workspace, name, &|variable| {
        std::env::var(variable).ok()
    })?)
}

/// The generator and the model clients that a project asks for.
pub struct Makers {
    /// Who makes items.
    pub generator: Box<dyn Generator>,
    /// Clients by endpoint.
    pub models: Models,
    /// Endpoints by their identity, for prices.
    pub endpoints: BTreeMap<String, Endpoint>,
}

/// Builds the generator and clients of a project. Without clients no key is needed: a dry run.
///
/// # Errors
/// A failure when a key is missing or a client cannot start.
pub fn makers(project: &Project, with_clients: bool) -> Result<Makers, Failure> {
    let generate = &project.pipeline.generate;
    if generate.generator == GeneratorChoice::Rules {
        return Ok(Makers {
            generator: Box::new(Rules),
            models: Models::new(),
            endpoints: BTreeMap::new(),
        });
    }
    let find = |name: &str| {
        project
            .pipeline
            .models
            .iter()
            .find(|e| e.name == name)
            .ok_or_else(|| Failure::usage(format!("`[[models]]` has no `{name}`")))
    };
    let draft = find(generate.draft.as_deref().unwrap_or_default())?;
    let revise = generate.revise.as_deref().map_or(Ok(draft), find)?;
    let mut models = Models::new();
    let mut endpoints = BTreeMap::new();
    for endpoint in [draft, revise] {
        let id = endpoint.identity().endpoint;
        if with_clients && !models.contains_key(&id) {
            let client = HttpModel::new(endpoint, api_key(endpoint)?.as_ref())?;
            models.insert(id.clone(), Box::new(client));
        }
        endpoints.insert(id, endpoint.clone());
    }
    let generator = Prompted::new(draft.identity(), revise.identity(), &project.prompts)
        .map_err(|e| Failure::usage(format!("prompts: {e}")))?;
    Ok(Makers {
        generator: Box::new(generator),
        models,
        endpoints,
    })
}

fn api_key(endpoint: &Endpoint) -> Result<Option<ApiKey>, Failure> {
    let Some(name) = &endpoint.api_key_env else {
        return Ok(None);
    };
    match std::env::var(name) {
        Ok(key) if !key.is_empty() => Ok(Some(ApiKey::new(&key))),
        _ => Err(Failure::usage(format!(
            "endpoint `{}` needs the environment variable `{name}`, which is not set",
            endpoint.name
        ))
        .hint(format!("export {name}=… and build again"))),
    }
}

/// Today, UTC.
#[must_use]
pub fn today() -> Date {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    Date::new(now.year(), now.month(), now.day()).expect("today is a day of the calendar")
}

/// Who runs the program, for the ledger.
#[must_use]
pub fn operator() -> String {
    ["SPINEMED_OPERATOR", "USER", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()))
        .unwrap_or_else(|| "unknown".to_owned())
}

/// The digest of the running program's file.
#[must_use]
pub fn own_digest() -> Digest {
    static OWN: std::sync::OnceLock<Digest> = std::sync::OnceLock::new();
    *OWN.get_or_init(|| {
        std::env::current_exe()
            .and_then(std::fs::read)
            .map_or_else(|_| Digest::of(b"unknown"), |bytes| Digest::of(&bytes))
    })
}

/// A stage's position, or a source, by the word that the user gave to `--only`.
///
/// # Errors
/// A usage failure with the nearest name.
pub fn only(word: &str, project: &Project) -> Result<spinemed_run::pipeline::Only, Failure> {
    use spinemed_run::pipeline::{Only, STAGES};
    if let Some(position) = STAGES.iter().position(|s| *s == word) {
        return Ok(Only::Stage(position));
    }
    let sources: Vec<&str> = project
        .sources
        .iter()
        .map(|s| s.manifest.id.as_str())
        .collect();
    if sources.contains(&word) {
        return Ok(Only::Source(word.to_owned()));
    }
    let names = STAGES.iter().copied().chain(sources.iter().copied());
    let failure = Failure::usage(format!(
        "`{word}` is neither a stage nor a source of this pipeline"
    ));
    Err(match nearest(word, names) {
        Some(best) => failure.hint(format!("did you mean `{best}`?")),
        None => failure.hint(format!(
            "stages: {}; sources: {}",
            STAGES.join(", "),
            sources.join(", ")
        )),
    })
}
