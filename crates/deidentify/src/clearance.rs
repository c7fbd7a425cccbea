//! The committed proof with which a record is read back.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::digest::canonical_json;
use spinemed_core::vocabulary::Subjects;

use crate::{Deidentified, Refusal};

/// The proof that a record passed the gate: whom it speaks of, and the digest of its bytes.
///
/// [`clear`] alone makes one for a record that is [`Deidentified`] already; the ledger commits
/// it, and a later build deserialises it from that committed event and from nowhere else. So a
/// clearance is as trustworthy as the hash-chained ledger that it is read from, and it names
/// the bytes: it cannot be moved to another record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clearance {
    /// The version of the rules that cleared it; 1 clears by declaration.
    rules: u32,
    /// Whom the record speaks of.
    subjects: Subjects,
    /// The digest of the record's canonical JSON.
    record: Digest,
}

impl Clearance {
    /// The version of the rules that clear by declaration.
    pub const BY_DECLARATION: u32 = 1;

    /// The digest of the cleared bytes.
    #[must_use]
    pub fn record(&self) -> &Digest {
        &self.record
    }

    /// Whom the record speaks of.
    #[must_use]
    pub fn subjects(&self) -> Subjects {
        self.subjects
    }
}

/// The bytes of a record for the store, and its clearance for the ledger.
#[must_use]
pub fn clear<T: Serialize>(record: &Deidentified<T>) -> (Vec<u8>, Clearance) {
    let bytes = canonical_json(record.get());
    let clearance = Clearance {
        rules: Clearance::BY_DECLARATION,
        subjects: record.subjects(),
        record: Digest::of(&bytes),
    };
    (bytes, clearance)
}

/// Reads a record back with its committed clearance.
///
/// # Errors
/// [`Refusal`] when the bytes are not the cleared ones, when the clearance speaks of patients
/// but was given by declaration, or when the bytes are no such record.
pub fn reload<T: DeserializeOwned>(
    bytes: &[u8],
    clearance: &Clearance,
) -> Result<Deidentified<T>, Refusal> {
    if clearance.subjects == Subjects::Patients && clearance.rules == Clearance::BY_DECLARATION {
        return Err(Refusal::NoDeidentification);
    }
    let found = Digest::of(bytes);
    if found != clearance.record {
        return Err(Refusal::OtherBytes {
            cleared: clearance.record,
            found,
        });
    }
    let value = serde_json::from_slice(bytes).map_err(|cause| Refusal::Unreadable { cause })?;
    Ok(Deidentified::new(value, clearance.subjects))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admit;

    fn cleared() -> (Vec<u8>, Clearance) {
        clear(&admit(vec![1, 2], Subjects::Published).unwrap())
    }

    #[test]
    fn a_committed_record_comes_back() {
        let (bytes, clearance) = cleared();
        let committed = serde_json::to_vec(&clearance).unwrap();
        let clearance = serde_json::from_slice(&committed).unwrap();
        let record: Deidentified<Vec<u8>> = reload(&bytes, &clearance).unwrap();
        assert_eq!(*record, [1, 2]);
        assert_eq!(record.subjects(), Subjects::Published);
    }

    #[test]
    fn other_bytes_are_refused() {
        let (_, clearance) = cleared();
        let refused = reload::<Vec<u8>>(b"[1,3]", &clearance);
        assert!(matches!(refused, Err(Refusal::OtherBytes { .. })));
    }

    #[test]
    fn cleared_bytes_of_another_kind_are_refused() {
        let (bytes, clearance) = cleared();
        let refused = reload::<String>(&bytes, &clearance);
        assert!(matches!(refused, Err(Refusal::Unreadable { .. })));
    }

    #[test]
    fn a_declaration_never_clears_patients() {
        let (bytes, clearance) = cleared();
        let mut forged = serde_json::to_value(&clearance).unwrap();
        forged["subjects"] = "patients".into();
        let clearance: Clearance = serde_json::from_value(forged).unwrap();
        let refused = reload::<Vec<u8>>(&bytes, &clearance);
        assert!(matches!(refused, Err(Refusal::NoDeidentification)));
    }
}
