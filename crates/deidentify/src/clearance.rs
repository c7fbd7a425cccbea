//! The committed proof with which a record is read back.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::digest::canonical_json;
use spinemed_core::vocabulary::Subjects;

use crate::{Deidentified, Key, Refusal};

/// The proof that a record passed the gate: whom it speaks of, and the digest of its bytes.
///
/// [`clear`] alone makes one, for a record that is [`Deidentified`] already. It names the
/// bytes, so it cannot be moved to another record. For patients it is sealed with the key, so
/// that nobody without the key can make one, and nobody without it can use one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clearance {
    /// The version of the rules that cleared it.
    rules: u32,
    /// Whom the record speaks of.
    subjects: Subjects,
    /// The digest of the record's canonical JSON.
    record: Digest,
    /// The seal, for patients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seal: Option<Seal>,
}

/// The key's word for a clearance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    /// The key's public name.
    key: String,
    /// HMAC-SHA-256 over everything else.
    mac: Digest,
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

    fn mac(&self, key: &Key) -> Digest {
        Digest::from_bytes(key.mac(
            "clearance",
            &[
                &self.rules.to_be_bytes(),
                self.subjects.as_str().as_bytes(),
                self.record.as_bytes(),
            ],
        ))
    }
}

/// The bytes of a record for the store, and its clearance for the ledger.
///
/// # Errors
/// [`Refusal::NoKey`] for a record of patients without the key.
pub fn clear<T: Serialize>(
    record: &Deidentified<T>,
    key: Option<&Key>,
) -> Result<(Vec<u8>, Clearance), Refusal> {
    let bytes = canonical_json(record.get());
    let mut clearance = Clearance {
        rules: Clearance::BY_DECLARATION,
        subjects: record.subjects(),
        record: Digest::of(&bytes),
        seal: None,
    };
    if record.subjects() == Subjects::Patients {
        let key = key.ok_or(Refusal::NoKey)?;
        clearance.rules = crate::RULES;
        clearance.seal = Some(Seal {
            key: key.name(),
            mac: clearance.mac(key),
        });
    }
    Ok((bytes, clearance))
}

/// Reads a record back with its committed clearance.
///
/// # Errors
/// [`Refusal`] when the bytes are not the cleared ones, when the clearance speaks of patients
/// but this key has not sealed it, or when the bytes are no such record.
pub fn reload<T: DeserializeOwned>(
    bytes: &[u8],
    clearance: &Clearance,
    key: Option<&Key>,
) -> Result<Deidentified<T>, Refusal> {
    if clearance.subjects == Subjects::Patients {
        let key = key.ok_or(Refusal::NoKey)?;
        let seal = clearance.seal.as_ref();
        let seal = seal.ok_or(Refusal::NoDeidentification)?;
        // Equality of digests is not constant in time. A forger who could measure that could
        // read the key's file just as well: all of this runs inside one process.
        if seal.key != key.name() || seal.mac != clearance.mac(key) {
            return Err(Refusal::BadSeal);
        }
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

    fn key(byte: u8) -> Key {
        let mut random = [byte; 32];
        random[0] ^= 1;
        Key::parse(&Key::file(random)).unwrap()
    }

    fn cleared() -> (Vec<u8>, Clearance) {
        clear(&admit(vec![1, 2], Subjects::Published).unwrap(), None).unwrap()
    }

    #[test]
    fn a_committed_record_comes_back() {
        let (bytes, clearance) = cleared();
        let committed = serde_json::to_vec(&clearance).unwrap();
        let clearance = serde_json::from_slice(&committed).unwrap();
        let record: Deidentified<Vec<u8>> = reload(&bytes, &clearance, None).unwrap();
        assert_eq!(*record, [1, 2]);
        assert_eq!(record.subjects(), Subjects::Published);
    }

    #[test]
    fn other_bytes_are_refused() {
        let (_, clearance) = cleared();
        let refused = reload::<Vec<u8>>(b"[1,3]", &clearance, None);
        assert!(matches!(refused, Err(Refusal::OtherBytes { .. })));
    }

    #[test]
    fn cleared_bytes_of_another_kind_are_refused() {
        let (bytes, clearance) = cleared();
        let refused = reload::<String>(&bytes, &clearance, None);
        assert!(matches!(refused, Err(Refusal::Unreadable { .. })));
    }

    #[test]
    fn a_declaration_never_clears_patients() {
        let (bytes, clearance) = cleared();
        let mut forged = serde_json::to_value(&clearance).unwrap();
        forged["subjects"] = "patients".into();
        forged["rules"] = crate::RULES.into();
        let clearance: Clearance = serde_json::from_value(forged).unwrap();
        let refused = reload::<Vec<u8>>(&bytes, &clearance, Some(&key(1)));
        assert!(matches!(refused, Err(Refusal::NoDeidentification)));
    }

    #[test]
    fn the_key_seals_and_another_key_or_none_does_not_open() {
        let record = Deidentified::new(vec![1, 2], Subjects::Patients);
        assert!(matches!(clear(&record, None), Err(Refusal::NoKey)));
        let (bytes, clearance) = clear(&record, Some(&key(1))).unwrap();
        let open = |key: Option<&Key>| reload::<Vec<u8>>(&bytes, &clearance, key);
        assert_eq!(*open(Some(&key(1))).unwrap(), [1, 2]);
        assert!(matches!(open(Some(&key(2))), Err(Refusal::BadSeal)));
        assert!(matches!(open(None), Err(Refusal::NoKey)));
    }

    #[test]
    fn a_seal_cannot_be_moved() {
        let sealed = |value: Vec<u8>| {
            clear(&Deidentified::new(value, Subjects::Patients), Some(&key(1))).unwrap()
        };
        let ((_, first), (bytes, second)) = (sealed(vec![1]), sealed(vec![2]));
        let mut forged = serde_json::to_value(&first).unwrap();
        forged["record"] = serde_json::to_value(second.record()).unwrap();
        let clearance: Clearance = serde_json::from_value(forged).unwrap();
        let refused = reload::<Vec<u8>>(&bytes, &clearance, Some(&key(1)));
        assert!(matches!(refused, Err(Refusal::BadSeal)));
    }
}
