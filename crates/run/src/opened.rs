//! A workspace with its stores open.

use std::sync::Mutex;

use spinemed_core::Digest;
use spinemed_core::seam::StoreError;
use spinemed_store::{DirStore, Ledger, Responses, Results, Workspace};

/// The stores of a workspace.
pub struct Opened {
    /// The ledger.
    pub ledger: Ledger,
    /// Paid responses.
    pub responses: Mutex<Responses>,
    /// Results of shards.
    pub results: Results,
    /// Pictures.
    pub blobs: DirStore,
}

/// Opens (or makes) the stores of a workspace. `operator` and the digest of the running
/// program go into every event.
///
/// # Errors
/// [`StoreError`] when one of them cannot be used.
pub fn open(workspace: &Workspace, operator: &str, binary: Digest) -> Result<Opened, StoreError> {
    workspace.prepare()?;
    let kept = workspace.kept();
    Ok(Opened {
        ledger: Ledger::open(&kept.join("ledger.db"), operator, binary)?,
        responses: Mutex::new(Responses::open(&kept.join("responses.db"))?),
        results: Results::new(kept.join("results")),
        blobs: DirStore::new(kept.join("blobs")),
    })
}
