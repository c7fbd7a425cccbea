//! The gate of invariant I5: private until proven clean.
//!
//! Later steps accept records as [`Deidentified`] alone. Its field is private and it cannot be
//! deserialised, so that no code outside this crate can make one: a record either enters
//! through [`admit`], or comes back through [`reload`] with the [`Clearance`] that the ledger
//! committed when it first entered.
//!
//! ```
//! use spinemed_core::vocabulary::Subjects;
//! use spinemed_deidentify::{admit, clear, reload};
//!
//! let record = admit("a textbook's chapter".to_owned(), Subjects::None).unwrap();
//! let (bytes, clearance) = clear(&record);
//! // The bytes go to the store, the clearance to the ledger; later builds read both back.
//! let again = reload::<String>(&bytes, &clearance).unwrap();
//! assert_eq!(*again, *record);
//! assert!(admit("a hospital's record", Subjects::Patients).is_err());
//! ```

mod clearance;
mod deidentified;
mod key;
mod subject;

pub use clearance::{Clearance, clear, reload};
pub use deidentified::{Deidentified, admit};
pub use key::{BadKey, Key};
pub use subject::Subject;

use spinemed_core::Digest;
use spinemed_core::outcome::DropReason;

/// Why a record may not be used.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The record speaks of patients, and no rules for such records have cleaned it.
    #[error("records of patients need a committed de-identification, and this one has none")]
    NoDeidentification,
    /// The record's patient has no identifier of their own.
    #[error("the patient identifier is missing or stands for nobody, so nothing can be mapped")]
    NoPatientId,
    /// The bytes are not those that were cleared.
    #[error("the clearance is for {cleared}, but the bytes are {found}")]
    OtherBytes {
        /// The digest that the clearance names.
        cleared: Digest,
        /// The digest of the bytes at hand.
        found: Digest,
    },
    /// The bytes were cleared, but they are no record of the wanted kind.
    #[error("the cleared bytes are no such record")]
    Unreadable {
        /// What the JSON reader says.
        #[source]
        cause: serde_json::Error,
    },
}

impl From<&Refusal> for DropReason {
    fn from(refusal: &Refusal) -> Self {
        Self::Privacy {
            detail: refusal.to_string(),
        }
    }
}
