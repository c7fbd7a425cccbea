//! Plans: a stage's shards in a folder that workers on other machines see, and the results
//! that they commit there. The engine of a cluster sees an address and two integers, never a
//! record.
//!
//! ```text
//! plan.json                    pipeline, sources, stages
//! stage-N/shard-I.json         units, keys, small values
//! blobs/ab/cdef…               source files and pictures by digest
//! results/commit, results/data what workers committed
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::model::Response;
use spinemed_core::seam::{Generator, Reading, Store, StoreError, Tree};
use spinemed_core::source::Manifest;
use spinemed_core::vocabulary::Subjects;
use spinemed_deidentify::Key;
use spinemed_store::{DirStore, Results, ShardJournal, read_text, write_durably};

use crate::engine::{Models, Planned, recover};
use crate::opened::Opened;
use crate::pipeline::{BuildError, Options, World, collect};
use crate::project::Project;
use crate::scan::scan_all;
use crate::settings::Pipeline;
use crate::shard::{Shard, work};
use crate::work::check::CheckWork;
use crate::work::draft::DraftWork;
use crate::work::ingest::IngestWork;
use crate::work::pair::PairWork;
use crate::work::revise::ReviseWork;
use crate::work::{CallCounters, ShardCx, Work, WorkError};

/// `plan.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The format's version.
    pub v: u32,
    /// The pipeline's name.
    pub name: String,
    /// The pipeline.
    pub pipeline: Pipeline,
    /// Its sources' declarations.
    pub manifests: Vec<Manifest>,
    /// Prompts that replace the built-in ones.
    pub prompts: BTreeMap<String, String>,
    /// What is to be done; stages of one plan may run in any order.
    pub stages: Vec<PlanStage>,
}

/// One stage of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanStage {
    /// The step.
    pub step: String,
    /// The source, for steps that work one source at a time.
    pub source: String,
    /// How many shards.
    pub shards: usize,
}

/// Why a plan or shard cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The plan or shard is not there or not readable as one: never worth a retry.
    #[error("`{place}` is no usable part of a plan: {cause}")]
    Bad {
        /// The file.
        place: String,
        /// Why.
        cause: String,
    },
    /// The work or a store failed: worth another try.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The build could not be planned.
    #[error(transparent)]
    Build(#[from] BuildError),
}

impl From<StoreError> for PlanError {
    fn from(error: StoreError) -> Self {
        Self::Work(WorkError::Store(error))
    }
}

/// Writes the shards of the first stage that has work to do.
///
/// # Errors
/// [`PlanError`] when the pipeline cannot be planned or the folder not written.
pub fn write(
    project: &Project,
    options: &Options,
    opened: &mut Opened,
    world: &World<'_>,
    folder: &Path,
) -> Result<Plan, PlanError> {
    let planned = collect(project, options, opened, world)?;
    let blobs = DirStore::new(folder.join("blobs"));
    let mut stages = Vec::new();
    for (n, stage) in planned.iter().enumerate() {
        for (i, shard) in stage.shards.iter().enumerate() {
            let text = serde_json::to_vec(shard).expect("shards serialise");
            write_durably(&shard_path(folder, n, i), &text)?;
        }
        stages.push(PlanStage {
            step: stage.step.to_owned(),
            source: stage.source.clone(),
            shards: stage.shards.len(),
        });
    }
    copy_blobs(project, &planned, opened, &blobs)?;
    let plan = Plan {
        v: 1,
        name: project.name.clone(),
        pipeline: project.pipeline.clone(),
        manifests: project.sources.iter().map(|s| s.manifest.clone()).collect(),
        prompts: project.prompts.clone(),
        stages,
    };
    write_durably(
        &folder.join("plan.json"),
        &serde_json::to_vec_pretty(&plan).expect("plans serialise"),
    )?;
    Ok(plan)
}

/// Source files for ingest, pictures for prompts.
fn copy_blobs(
    project: &Project,
    planned: &[Planned],
    opened: &Opened,
    to: &DirStore,
) -> Result<(), PlanError> {
    let ingests = planned.iter().any(|p| p.step == "ingest");
    if ingests {
        for scanned in scan_all(project, None, true)? {
            if scanned.source.manifest.subjects == Subjects::Patients {
                continue;
            }
            for file in &scanned.files {
                let tree = spinemed_store::DirTree::new(vec![file.clone()], None);
                if let Ok(bytes) = tree.read(&file.name) {
                    to.put(&bytes)?;
                }
            }
        }
    }
    let texts = planned
        .iter()
        .filter(|p| p.step == "draft" || p.step == "revise")
        .flat_map(|p| &p.shards);
    for value in texts.flat_map(|s| &s.tasks).flat_map(|t| t.values.first()) {
        let Ok(pack) = serde_json::from_str::<spinemed_core::pack::EvidencePack>(value) else {
            continue;
        };
        for image in &pack.images {
            if let Some(bytes) = opened.blobs.get(&image.media.sha256)? {
                to.put(&bytes)?;
            }
        }
    }
    Ok(())
}

fn shard_path(folder: &Path, stage: usize, index: usize) -> PathBuf {
    folder
        .join(format!("stage-{stage}"))
        .join(format!("shard-{index}.json"))
}

/// Reads `plan.json`.
///
/// # Errors
/// [`PlanError::Bad`] when there is none or it is none.
pub fn read(folder: &Path) -> Result<Plan, PlanError> {
    parse(&folder.join("plan.json"))
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, PlanError> {
    let bad = |cause: String| PlanError::Bad {
        place: path.display().to_string(),
        cause,
    };
    let text = read_text(path).map_err(|e| bad(e.to_string()))?;
    serde_json::from_str(&text).map_err(|e| bad(e.to_string()))
}

/// Works one shard of a plan and commits its result there. A shard that is committed already
/// is left as it is.
///
/// # Errors
/// [`PlanError::Bad`] for a shard that can never be worked, else what failed.
pub fn work_shard(
    folder: &Path,
    stage: usize,
    index: usize,
    reading: &dyn Reading,
    generator: &dyn Generator,
    models: &Models,
    key: Option<&Key>,
) -> Result<Digest, PlanError> {
    let plan = read(folder)?;
    let bad = |cause: &str| PlanError::Bad {
        place: shard_path(folder, stage, index).display().to_string(),
        cause: cause.to_owned(),
    };
    let planned = plan
        .stages
        .get(stage)
        .ok_or_else(|| bad("the plan has no such stage"))?;
    let shard: Shard = parse(&shard_path(folder, stage, index))?;
    let results = Results::new(folder.join("results"));
    let blobs = DirStore::new(folder.join("blobs"));
    let (journal, kept) = ShardJournal::open(&results.journal(&shard.id()))?;
    let kept: BTreeMap<Digest, Response> = kept.into_iter().map(|r| (r.key, r)).collect();
    let calls = CallCounters::new(&|_, _| 0);
    let mut cx = ShardCx {
        blobs: &blobs,
        values: vec![],
        models: &|endpoint| models.get(endpoint).map(|m| &**m),
        known: &|key| Ok(kept.get(key).cloned()),
        journal: &journal,
        responses: kept.values().cloned().collect(),
        calls: &calls,
        key,
    };
    let manifest = plan
        .manifests
        .iter()
        .find(|m| m.id.as_str() == planned.source);
    let of_source = || manifest.ok_or_else(|| bad("the plan does not declare its source"));
    let repairs = plan.pipeline.generate.max_repairs;
    let tree;
    let step: Box<dyn Work + '_>;
    match planned.step.as_str() {
        "ingest" => {
            tree = BlobTree::new(&shard, &blobs);
            step = Box::new(IngestWork::new(of_source()?, &tree, reading));
        }
        "pair" => {
            step = Box::new(PairWork::new(
                of_source()?,
                &plan.pipeline.curate,
                &plan.pipeline.pairing,
            ));
        }
        "draft" => {
            let wanted = plan.pipeline.tasks.wanted();
            step = Box::new(DraftWork {
                generator,
                wanted,
                max_repairs: repairs,
            });
        }
        "revise" => {
            step = Box::new(ReviseWork {
                generator,
                max_repairs: repairs,
            })
        }
        "check" => {
            step = Box::new(CheckWork {
                generator: generator.name(),
            })
        }
        _ => return Err(bad("the plan names a step that this program does not have")),
    }
    Ok(work(&shard, &*step, &results, &mut cx)?)
}

/// Enters what workers committed to a plan's folder. Gives the number of actions entered.
///
/// # Errors
/// [`PlanError`] when a result is damaged or cannot be entered.
pub fn absorb(opened: &mut Opened, folder: &Path) -> Result<u64, PlanError> {
    let results = Results::new(folder.join("results"));
    let blobs = DirStore::new(folder.join("blobs"));
    for id in results.pending()? {
        for action in results.read(&id)?.actions {
            for picture in &action.outcome.media {
                if let Some(bytes) = blobs.get(picture)? {
                    opened.blobs.put(&bytes)?;
                }
            }
        }
    }
    Ok(recover(&mut opened.ledger, &opened.responses, &results, 0)?)
}

/// Source files by name, their bytes by digest.
struct BlobTree<'a> {
    names: BTreeMap<String, Digest>,
    blobs: &'a DirStore,
}

impl<'a> BlobTree<'a> {
    fn new(shard: &Shard, blobs: &'a DirStore) -> Self {
        let inputs = shard.tasks.iter().flat_map(|t| &t.unit.inputs);
        let names = inputs.map(|i| (i.role.clone(), i.digest)).collect();
        Self { names, blobs }
    }
}

impl Tree for BlobTree<'_> {
    fn names(&self) -> Vec<String> {
        self.names.keys().cloned().collect()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        let digest = self.names.get(name).ok_or("no such file in this shard")?;
        match self.blobs.get(digest) {
            Ok(Some(bytes)) => Ok(Cow::Owned(bytes)),
            Ok(None) => Err("its bytes are not in the plan".into()),
            Err(error) => Err(error.to_string()),
        }
    }
}
