//! Units of work and their action keys.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use spinemed_core::Digest;
use spinemed_core::digest::{KeyHasher, canonical_json};
use spinemed_core::seam::StepId;
use spinemed_store::Part;

/// One unit of a step: a name, digests of what goes in, and small settings of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its stable name: a file, document or pack. No part of the key.
    pub name: String,
    /// The source it belongs to.
    pub source: String,
    /// What goes in.
    pub inputs: Vec<Input>,
    /// Small settings of this unit (its split, say); part of the key.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub params: Value,
    /// The proof with which the record of patients among its inputs is read back; no part of
    /// the key, as it says nothing that the record's digest does not say.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub clearance: Value,
}

impl Unit {
    /// The digest of an input by role; the digest of nothing where there is no such input.
    #[must_use]
    pub fn input(&self, role: &str) -> Digest {
        self.inputs
            .iter()
            .find(|input| input.role == role)
            .map_or_else(|| Digest::of(&[]), |input| input.digest)
    }
}

/// One input of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its role: `pack`, `drafts`, or a file's name inside its source.
    pub role: String,
    /// Its content digest.
    pub digest: Digest,
    /// Whether the ledger holds it as a value that the work needs to see.
    pub load: bool,
}

impl Input {
    /// A value of the ledger.
    #[must_use]
    pub fn value(role: &str, digest: Digest) -> Self {
        Self {
            role: role.to_owned(),
            digest,
            load: true,
        }
    }

    /// Something known by digest alone.
    #[must_use]
    pub fn named(role: &str, digest: Digest) -> Self {
        Self {
            role: role.to_owned(),
            digest,
            load: false,
        }
    }
}

/// The action key of a unit and its parts:
/// `H(step name, step version, settings, inputs by role, params)`.
#[must_use]
pub fn action_key(step: StepId, settings: &Digest, unit: &Unit) -> (Digest, Vec<Part>) {
    let mut parts = vec![
        Part {
            name: "step-version".into(),
            digest: Digest::of(&step.version.to_be_bytes()),
        },
        Part {
            name: "settings".into(),
            digest: *settings,
        },
    ];
    for input in &unit.inputs {
        parts.push(Part {
            name: format!("input:{}", input.role),
            digest: input.digest,
        });
    }
    if !unit.params.is_null() {
        parts.push(Part {
            name: "params".into(),
            digest: Digest::of(&canonical_json(&unit.params)),
        });
    }
    let mut key = KeyHasher::new("spinemed/action/1").field("step", step.name);
    for part in &parts {
        key = key.digest(&part.name, &part.digest);
    }
    (key.finish(), parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_could_change_the_output_changes_the_key_and_the_name_does_not() {
        let step = StepId {
            name: "pair",
            version: 1,
        };
        let unit = Unit {
            name: "a".into(),
            source: "s".into(),
            inputs: vec![Input::value("record", Digest::of(b"1"))],
            params: Value::Null,
            clearance: Value::Null,
        };
        let settings = Digest::of(b"s");
        let key = |step, settings: &Digest, unit: &Unit| action_key(step, settings, unit).0;
        let base = key(step, &settings, &unit);
        assert_eq!(
            base,
            key(
                step,
                &settings,
                &Unit {
                    name: "b".into(),
                    ..unit.clone()
                }
            )
        );
        assert_ne!(base, key(StepId { version: 2, ..step }, &settings, &unit));
        assert_ne!(
            base,
            key(
                StepId {
                    name: "draft",
                    ..step
                },
                &settings,
                &unit
            )
        );
        assert_ne!(base, key(step, &Digest::of(b"t"), &unit));
        assert_ne!(
            base,
            key(
                step,
                &settings,
                &Unit {
                    params: serde_json::json!(1),
                    ..unit.clone()
                }
            )
        );
        let inputs = vec![Input::value("record", Digest::of(b"2"))];
        assert_ne!(base, key(step, &settings, &Unit { inputs, ..unit }));
    }
}
