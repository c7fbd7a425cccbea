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
//! let (bytes, clearance) = clear(&record, None).unwrap();
//! // The bytes go to the store, the clearance to the ledger; later builds read both back.
//! let again = reload::<String>(&bytes, &clearance, None).unwrap();
//! assert_eq!(*again, *record);
//! assert!(admit("a hospital's record", Subjects::Patients).is_err());
//! ```

mod clearance;
mod deidentified;
mod key;
mod known;
mod object;
pub mod pixels;
mod policy;
mod proven;
mod record;
mod subject;
mod text;

pub use clearance::{Clearance, clear, reload};
pub use deidentified::{Deidentified, admit};
pub use key::{BadKey, Key};
pub use known::{BadDictionary, Cues, Dictionary, Found, Known, Recogniser, RecogniserFault};
pub use object::{
    BurnedIn, CleanObject, Features, Identities, ObjectRefusal, claim_pixels, object, patient_id,
    survey,
};
pub use pixels::{Grey, Suspicion};
pub use policy::{Policy, Scope};
pub use proven::{Proven, picture};
pub use record::{Surroundings, case, harvest, redactions};
pub use subject::Subject;
pub use text::{Redacted, comment, descriptor, descriptor_redactions, redact};

use spinemed_core::Digest;
use spinemed_core::outcome::DropReason;

/// The version of the rules that clean patients' records. It is part of every action key and
/// every seal, so that a change of the rules cleans everything anew.
pub const RULES: u32 = 4;

/// Why a record may not be used.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The record speaks of patients, and no rules for such records have cleaned it.
    #[error("records of patients need a committed de-identification, and this one has none")]
    NoDeidentification,
    /// The key is not at hand.
    #[error("records of patients need the key that they were or are to be de-identified with")]
    NoKey,
    /// The clearance was not sealed with this key, or was changed.
    #[error("the clearance was not sealed with this key")]
    BadSeal,
    /// Consent or approval does not cover the record.
    #[error("{detail}")]
    Consent {
        /// What is missing or has ended.
        detail: String,
    },
    /// A date could not be moved.
    #[error("a date lies where the calendar ends, so it cannot be moved")]
    Calendar,
    /// The record's patient has no identifier of their own.
    #[error("the patient identifier is missing or stands for nobody, so nothing can be mapped")]
    NoPatientId,
    /// A text could not be searched, so it may not leave.
    #[error(transparent)]
    Recogniser(#[from] RecogniserFault),
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
        if let Refusal::Consent { detail } = refusal {
            return Self::Consent {
                detail: detail.clone(),
            };
        }
        Self::Privacy {
            detail: refusal.to_string(),
        }
    }
}
