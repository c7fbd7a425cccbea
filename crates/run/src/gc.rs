//! Removes what no pipeline needs any more: after a withdrawal and the build that followed it,
//! nothing of what was withdrawn is left but names and digests in the ledger's events.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::Digest;

use crate::opened::Opened;
use crate::options::{BuildError, World};
use crate::pipeline::needed;
use crate::project::Project;

/// What was, or would be, removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gone {
    /// Actions.
    pub actions: u64,
    /// Values of the ledger.
    pub values: u64,
    /// Pictures.
    pub pictures: u64,
    /// Bytes of pictures.
    pub picture_bytes: u64,
    /// Model responses that only removed actions rest on.
    pub responses: u64,
}

/// Why nothing was removed.
#[derive(Debug, thiserror::Error)]
pub enum GcError {
    /// A pipeline has work to do; what it needs next is not known.
    #[error("pipeline `{pipeline}` is not up to date: {pending} units are pending")]
    Stale {
        /// The pipeline.
        pipeline: String,
        /// How many units.
        pending: u64,
    },
    /// A pipeline could not be walked, or a store failed.
    #[error(transparent)]
    Build(#[from] BuildError),
}

impl From<spinemed_core::seam::StoreError> for GcError {
    fn from(error: spinemed_core::seam::StoreError) -> Self {
        Self::Build(error.into())
    }
}

/// What one pipeline needs, for the union over all of them.
///
/// # Errors
/// [`GcError::Stale`] when it has work to do.
pub fn keep(
    project: &Project,
    opened: &mut Opened,
    world: &World<'_>,
) -> Result<BTreeSet<Digest>, GcError> {
    let (found, report) = needed(project, opened, world)?;
    let pending = report.total(|stage| stage.pending);
    if pending > 0 {
        return Err(GcError::Stale {
            pipeline: project.name.clone(),
            pending,
        });
    }
    Ok(found)
}

/// Removes everything that is not kept.
///
/// # Errors
/// [`GcError`] when a store fails.
pub fn collect(opened: &mut Opened, keep: &BTreeSet<Digest>) -> Result<Gone, GcError> {
    opened.results.sweep()?;
    let collected = opened.ledger.collect(keep)?;
    let (pictures, picture_bytes) = opened.blobs.retain(&collected.media)?;
    let responses = opened
        .responses
        .lock()
        .expect("no holder of this lock panics")
        .remove(collected.responses.iter())?;
    Ok(Gone {
        actions: collected.actions,
        values: collected.values,
        pictures,
        picture_bytes,
        responses,
    })
}
