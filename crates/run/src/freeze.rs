//! Freezes a built root into an immutable release folder.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use spinemed_core::instance::Instance;
use spinemed_core::seam::{Store, StoreError};
use spinemed_core::{Digest, DropReason, RecordKey};
use spinemed_release::merkle::record_root;
use spinemed_release::{
    Absent, Balance, Cost, Folder, Inputs, ReleaseError, ReleasePlan, SourceTerms, StageBalance,
    TraceStep,
};
use spinemed_store::{EventKind, FateRow, InstanceRow, Ledger, StagedFolder, Status, Workspace};

use crate::account::Account;
use crate::audit::chain::Chains;
use crate::opened::Opened;
use crate::pipeline::World;
use crate::project::Project;
use crate::report::BuildReport;
use crate::settings::ReleaseSection;
use crate::work::decimal;

/// Why a release could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FreezeError {
    /// The release's own rules refuse it, or its folder does.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was written has another root than what was built: a fault of the program.
    #[error("the release's root is {written}, but the build's is {built}")]
    Root {
        /// The root over what was written.
        written: Digest,
        /// The root over what was built.
        built: Digest,
    },
}

/// The Merkle root (RFC 6962) over instances ordered by record key.
#[must_use]
pub fn root(rows: &[InstanceRow]) -> Digest {
    let keys: Vec<RecordKey> = rows.iter().map(|r| RecordKey::new(r.key.clone())).collect();
    record_root(keys.iter().zip(rows.iter().map(|r| &r.digest)))
}

/// Whether a release's folder, relative to the workspace, is there.
#[must_use]
pub fn exists(workspace: &Workspace, folder: &str) -> bool {
    workspace.root().join(folder).join("SHA256SUMS").is_file()
}

/// The folder of a release, relative to the workspace: its name says what is in it.
#[must_use]
pub fn folder_name(section: &ReleaseSection, root: &Digest) -> String {
    format!(
        "releases/{}-{}-{}",
        section.name,
        section.version,
        root.short()
    )
}

/// Writes the release of a build, unless its folder is there already; gives the folder.
///
/// # Errors
/// [`FreezeError`]; the folder then does not appear.
#[allow(
    clippy::too_many_arguments,
    reason = "everything that a release says is said once, here"
)]
pub fn freeze(
    project: &Project,
    section: &ReleaseSection,
    root: &Digest,
    rows: &[InstanceRow],
    report: &BuildReport,
    account: &Account,
    opened: &mut Opened,
    world: &World<'_>,
) -> Result<String, FreezeError> {
    let name = folder_name(section, root);
    if exists(world.workspace, &name) {
        return Ok(name);
    }
    let staged = StagedFolder::begin(&world.workspace.root().join(&name))?;
    world.progress.note(&format!("writing {name}"));
    let plan = plan(project, section, report, account, world);
    let written = write(&plan, rows, &account.fates, opened, &staged);
    match written {
        Ok(written) if written == *root => {
            staged.publish()?;
        }
        Ok(written) => {
            staged.abandon();
            return Err(FreezeError::Root {
                written,
                built: *root,
            });
        }
        Err(error) => {
            staged.abandon();
            return Err(error);
        }
    }
    let body = serde_json::json!({"release": name, "root": root, "instances": rows.len()});
    opened.ledger.record(EventKind::Released, &body)?;
    Ok(name)
}

fn write(
    plan: &ReleasePlan,
    rows: &[InstanceRow],
    fates: &[FateRow],
    opened: &Opened,
    staged: &StagedFolder,
) -> Result<Digest, FreezeError> {
    let reader = Reader {
        ledger: &opened.ledger,
        rows,
        last: RefCell::new(None),
    };
    let chains = RefCell::new(Chains::new(&opened.ledger));
    let by_key: BTreeMap<&str, &InstanceRow> = rows.iter().map(|r| (r.key.as_str(), r)).collect();
    let inputs = Inputs {
        count: rows.len(),
        instance: &|position| reader.get(position),
        steps: &|instance| {
            let row = by_key
                .get(instance.key.as_str())
                .ok_or("it has no row in the ledger")?;
            steps(&mut chains.borrow_mut(), instance, row)
        },
        media: &|digest| match opened.blobs.get(digest) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err("the store has no such picture".to_owned()),
            Err(error) => Err(error.to_string()),
        },
        absent: absent(fates),
    };
    let mut folder = Sink(staged);
    Ok(spinemed_release::write(plan, inputs, &mut folder)?.root)
}

struct Sink<'a>(&'a StagedFolder);

impl Folder for Sink<'_> {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn io::Write + Send>> {
        self.0.create(name)
    }
}

/// Reads instances by position; neighbours share a bundle.
struct Reader<'a> {
    ledger: &'a Ledger,
    rows: &'a [InstanceRow],
    last: RefCell<Option<(Digest, Vec<Instance>)>>,
}

impl Reader<'_> {
    fn get(&self, position: usize) -> Result<Instance, String> {
        let row = self.rows.get(position).ok_or("there is no such instance")?;
        let mut last = self.last.borrow_mut();
        if last
            .as_ref()
            .is_none_or(|(digest, _)| *digest != row.bundle)
        {
            let bytes = self
                .ledger
                .value(&row.bundle)
                .map_err(|e| e.to_string())?
                .ok_or("the ledger has no such value")?;
            let all = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
            *last = Some((row.bundle, all));
        }
        let (_, all) = last.as_ref().expect("set above");
        all.iter()
            .find(|i| i.key.as_str() == row.key)
            .cloned()
            .ok_or_else(|| "its bundle does not hold it".to_owned())
    }
}

fn steps(
    chains: &mut Chains<'_>,
    instance: &Instance,
    row: &InstanceRow,
) -> Result<Vec<TraceStep>, String> {
    let links = chains.of(instance, row).map_err(|e| e.to_string())?;
    Ok(links
        .into_iter()
        .map(|link| TraceStep {
            step: link.step,
            key: link.key,
            output: Some(link.output),
            model: link.model,
            prompt: link.prompt,
        })
        .collect())
}

fn absent(fates: &[FateRow]) -> Vec<Absent> {
    fates
        .iter()
        .filter(|fate| fate.status == Status::Rejected)
        .filter_map(|fate| {
            let reason: DropReason = serde_json::from_str(&fate.reason).ok()?;
            Some(Absent::new(&fate.unit, &fate.stage, &reason))
        })
        .collect()
}

fn plan(
    project: &Project,
    section: &ReleaseSection,
    report: &BuildReport,
    account: &Account,
    world: &World<'_>,
) -> ReleasePlan {
    let stages = report
        .stages
        .iter()
        .map(|s| StageBalance {
            name: s.name.clone(),
            input: s.entered,
            passed: s.passed,
            rejected: s.rejected,
            failed: s.failed,
            pending: s.pending,
            emitted: s.emitted,
            reasons: report
                .drops
                .iter()
                .filter(|d| d.stage == s.name)
                .map(|d| (d.code.clone(), d.count))
                .collect(),
        })
        .collect();
    ReleasePlan {
        name: section.name.clone(),
        version: section.version.clone(),
        title: project.pipeline.title.clone(),
        description: String::new(),
        tool: format!("spinemed {}", world.version),
        sources: project
            .sources
            .iter()
            .map(|s| SourceTerms::from(&s.manifest))
            .collect(),
        balance: Balance {
            stages,
            cost: cost(project, account),
        },
        extra: BTreeMap::new(),
    }
}

fn cost(project: &Project, account: &Account) -> Cost {
    let usage = account.usage;
    let currency = project
        .pipeline
        .models
        .iter()
        .find_map(|e| e.prices.as_ref())
        .map(|p| p.currency.clone());
    Cost {
        calls: usage.calls,
        input_tokens: usage.input_tokens,
        output_tokens: usage.output_tokens,
        amount: currency
            .as_ref()
            .map_or_else(String::new, |_| decimal(usage.cost)),
        currency: currency.unwrap_or_default(),
    }
}
