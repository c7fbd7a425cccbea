//! Reads the ledger back: where an instance comes from, why a unit was worked, why something
//! is not in the corpus, whether all is intact.

pub(crate) mod chain;
mod trace;
mod verify;
mod why;

pub use trace::{Trace, TracedAction, TracedEvidence, find, trace};
pub use verify::{Damage, Verified, verify};
pub use why::{Absence, Reason, Worked, why, why_not};

use spinemed_core::seam::StoreError;

/// Why a question to the ledger has no answer.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The ledger does not know it.
    #[error("pipeline `{pipeline}` has no instance `{id}`")]
    Unknown {
        /// What was asked for.
        id: String,
        /// Where.
        pipeline: String,
    },
    /// A record that the ledger names is missing or damaged.
    #[error("the ledger's record of {what} is missing or damaged")]
    Broken {
        /// Which.
        what: String,
    },
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The evidence pack of a pipeline's last build, by its key.
///
/// # Errors
/// [`AuditError`] when there is none or it cannot be read.
pub fn pack(
    ledger: &spinemed_store::Ledger,
    pipeline: &str,
    key: &str,
) -> Result<spinemed_core::pack::EvidencePack, AuditError> {
    let unknown = || AuditError::Unknown {
        id: key.to_owned(),
        pipeline: pipeline.to_owned(),
    };
    let action = ledger
        .history("draft", key)?
        .into_iter()
        .next()
        .ok_or_else(unknown)?;
    let digest = chain::part(&action, "input:pack")?;
    let broken = || AuditError::Broken {
        what: format!("pack `{key}`"),
    };
    let bytes = ledger.value(&digest)?.ok_or_else(broken)?;
    serde_json::from_slice(&bytes).map_err(|_| broken())
}
