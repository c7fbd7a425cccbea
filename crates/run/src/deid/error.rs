//! Why a run cannot begin or go on.

use spinemed_core::profile::BadProfile;
use spinemed_core::seam::StoreError;
use spinemed_store::NotFilled;

/// Why a run cannot begin or go on. It tells paths that the user named, rules and settings;
/// never a name of a file in the input.
#[derive(Debug, thiserror::Error)]
pub enum DeidError {
    /// Wrong use.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// Something private would lie where it must not.
    #[error("{message}")]
    Policy {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// Another process fills the folder.
    #[error("another process is filling this folder")]
    Held {
        /// Its process id, where it is known.
        pid: String,
    },
    /// There is no DICOM object in the input.
    #[error("there is no DICOM object in the input; {others} other files")]
    Nothing {
        /// How many files of other kinds there are.
        others: usize,
    },
    /// No worker could be started.
    #[error("the workers cannot be started")]
    Threads,
    /// The disk said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DeidError {
    pub(super) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            hint: hint.into(),
        }
    }

    pub(super) fn policy(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Policy {
            message: message.into(),
            hint: hint.into(),
        }
    }

    pub(super) fn profile(bad: BadProfile) -> Self {
        Self::usage(
            bad.to_string(),
            "take one of them out with `--without OPTION`",
        )
    }

    pub(super) fn not_filled(why: NotFilled) -> Self {
        match why {
            NotFilled::Foreign => Self::usage(
                "the output folder has files in it that no run of this command put there",
                "name a folder that is empty or missing",
            ),
            NotFilled::Held(held) => Self::Held { pid: held.pid },
        }
    }
}
