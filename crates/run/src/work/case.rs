//! Cases: a folder of a patient's files to one clean record, in one action. What is read here
//! has names in it; nothing of it is kept but what leaves the de-identification.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::date::Date;
use spinemed_core::seam::{StepId, Tree};
use spinemed_core::source::Manifest;
use spinemed_deidentify::Key;
use spinemed_store::{Output, UnitOutcome};

use super::folder::Folder;
use super::ingest::{Part, manifest_digest};
use super::{Loaded, ShardCx, Work, WorkError};
use crate::custody;
use crate::report::InOut;
use crate::settings::DeidentifySection;

/// What the account must know of a cleaned case.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CaseMeta {
    /// The last day of consent and approval.
    pub until: Option<Date>,
    /// DICOM objects.
    pub objects: InOut,
    /// Their pictures.
    pub pictures: InOut,
    /// How often each rule acted.
    pub actions: BTreeMap<String, u64>,
}

impl CaseMeta {
    /// Reads it back.
    ///
    /// # Errors
    /// [`WorkError::Value`] when it is none.
    pub fn of(output: &Output) -> Result<Self, WorkError> {
        serde_json::from_value(output.meta.clone()).map_err(|e| WorkError::Value {
            role: "case summary".into(),
            cause: e.to_string(),
        })
    }
}

/// Reading and cleaning the cases of one source.
pub struct CaseWork<'a> {
    manifest: &'a Manifest,
    tree: &'a (dyn Tree + Sync),
    key: &'a Key,
    section: &'a DeidentifySection,
}

impl<'a> CaseWork<'a> {
    /// Reads a source's cases through a tree whose names are veiled.
    #[must_use]
    pub fn new(
        manifest: &'a Manifest,
        tree: &'a (dyn Tree + Sync),
        key: &'a Key,
        section: &'a DeidentifySection,
    ) -> Self {
        Self {
            manifest,
            tree,
            key,
            section,
        }
    }
}

impl Work for CaseWork<'_> {
    fn step(&self) -> StepId {
        StepId {
            name: "deidentify",
            version: 1,
        }
    }

    fn settings(&self) -> Digest {
        Digest::of_json(&serde_json::json!({
            "manifest": manifest_digest(self.manifest), "custody": custody::identity(self.key),
            "pictures": self.section.pictures,
        }))
    }

    fn shard_size(&self) -> usize {
        1
    }

    fn run(&self, shard: &[Loaded], cx: &mut ShardCx<'_>) -> Result<Vec<UnitOutcome>, WorkError> {
        shard
            .iter()
            .map(|loaded| {
                let tree = Part::new(self.tree, loaded);
                let folder = Folder {
                    name: &loaded.unit.name,
                    manifest: self.manifest,
                    tree: &tree,
                    key: self.key,
                    pictures: self
                        .section
                        .pictures
                        .map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
                };
                folder.clean(cx)
            })
            .collect()
    }
}
