//! The work of each step over a shard of units. Pure but for the blob store and, for prompts,
//! the model; a thread here and a worker elsewhere run the same code.

pub mod case;
pub mod check;
pub mod draft;
mod faces;
mod folder;
pub mod ingest;
pub mod pair;
pub mod revise;
mod settle;

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use serde::de::DeserializeOwned;
use spinemed_core::Digest;
use spinemed_core::digest::canonical_json;
use spinemed_core::model::Response;
use spinemed_core::pack::EvidencePack;
use spinemed_core::seam::{Journal, Model, StepId, Store, StoreError};
use spinemed_core::vocabulary::Subjects;
use spinemed_deidentify::{Deidentified, Key, admit, clear, reload};
use spinemed_store::{UnitOutcome, Usage};

use crate::unit::Unit;

/// A unit with the values of its loaded inputs, in the order of its inputs.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The unit.
    pub unit: Unit,
    /// Its values.
    pub values: Vec<Vec<u8>>,
}

impl Loaded {
    /// The value of an input by role.
    ///
    /// # Errors
    /// [`WorkError::Value`] when there is none or it is no record of this type.
    pub fn value<T: DeserializeOwned>(&self, role: &str) -> Result<T, WorkError> {
        serde_json::from_slice(self.bytes(role)?).map_err(|e| WorkError::Value {
            role: role.to_owned(),
            cause: e.to_string(),
        })
    }

    /// The bytes of an input by role.
    ///
    /// # Errors
    /// [`WorkError::Value`] when there is no such input.
    pub fn bytes(&self, role: &str) -> Result<&[u8], WorkError> {
        let position = self
            .unit
            .inputs
            .iter()
            .filter(|i| i.load)
            .position(|i| i.role == role)
            .ok_or_else(|| WorkError::Value {
                role: role.to_owned(),
                cause: "it has no such input".into(),
            })?;
        Ok(&self.values[position])
    }
}

/// A unit's record, through the gate of I5: by its source's declaration, or, where that says
/// patients, with the clearance that the ledger committed and the key that sealed it.
pub(crate) fn cleared<T: DeserializeOwned>(
    loaded: &Loaded,
    role: &str,
    subjects: impl Fn(&T) -> Subjects,
    key: Option<&Key>,
) -> Result<Deidentified<T>, WorkError> {
    let refused = |cause: String| WorkError::Value {
        role: role.to_owned(),
        cause,
    };
    if loaded.unit.clearance.is_null() {
        let value: T = loaded.value(role)?;
        let subjects = subjects(&value);
        return admit(value, subjects).map_err(|e| refused(e.to_string()));
    }
    let clearance = serde_json::from_value(loaded.unit.clearance.clone())
        .map_err(|_| refused("its clearance is none".to_owned()))?;
    let record = reload::<T>(loaded.bytes(role)?, &clearance, key);
    let record = record.map_err(|e| refused(e.to_string()))?;
    if record.subjects() != subjects(record.get()) {
        return Err(refused("its clearance speaks of others".to_owned()));
    }
    Ok(record)
}

/// A unit's pack, through the gate, generalised where its patient is rare.
pub(crate) fn admitted(
    loaded: &Loaded,
    key: Option<&Key>,
) -> Result<Deidentified<EvidencePack>, WorkError> {
    let pack = cleared(loaded, "pack", |pack: &EvidencePack| pack.subjects, key)?;
    if loaded.unit.params["generalise"] == true {
        return Ok(pack.map(spinemed_curate::generalise));
    }
    Ok(pack)
}

/// Why a shard could not be worked at all. Faults of single units are outcomes, not errors.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// A value is not what the plan says.
    #[error("input `{role}` cannot be read as its record: {cause}")]
    Value {
        /// The input's role.
        role: String,
        /// Why not.
        cause: String,
    },
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing can be read at present.
    #[error("{0}")]
    Reading(String),
}

/// What a shard may use and what it leaves behind.
pub struct ShardCx<'a> {
    /// Pictures.
    pub blobs: &'a dyn Store,
    /// Small values made, as canonical JSON.
    pub values: Vec<String>,
    /// Models by endpoint name, for prompts.
    pub models: &'a dyn Fn(&str) -> Option<&'a dyn Model>,
    /// Kept responses.
    pub known: &'a (dyn Fn(&Digest) -> Result<Option<Response>, StoreError> + Sync),
    /// Where responses go before anyone uses them.
    pub journal: &'a dyn Journal,
    /// Responses paid for by this shard.
    pub responses: Vec<Response>,
    /// Counters of model calls.
    pub calls: &'a CallCounters<'a>,
    /// The key of patients' records.
    pub key: Option<&'a Key>,
}

/// What a response of an endpoint costs, in millionths of the prices' currency.
pub type Price<'a> = dyn Fn(&str, &Response) -> u64 + Sync + 'a;

/// Model calls over all shards.
pub struct CallCounters<'a> {
    made: AtomicU64,
    reused: AtomicU64,
    spent: AtomicU64,
    price: &'a Price<'a>,
}

impl<'a> CallCounters<'a> {
    /// Counts from zero.
    #[must_use]
    pub fn new(price: &'a Price<'a>) -> Self {
        Self {
            made: AtomicU64::new(0),
            reused: AtomicU64::new(0),
            spent: AtomicU64::new(0),
            price,
        }
    }

    pub(crate) fn add_made(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_reused(&self) {
        self.reused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_spent(&self, endpoint: &str, response: &Response) {
        self.spent
            .fetch_add((self.price)(endpoint, response), Ordering::Relaxed);
    }

    /// What using a response amounts to, whenever it was paid for.
    pub(crate) fn usage(&self, endpoint: &str, response: &Response) -> Usage {
        Usage {
            calls: 1,
            input_tokens: response.input_tokens.unwrap_or(0),
            output_tokens: response.output_tokens.unwrap_or(0),
            cost: (self.price)(endpoint, response),
        }
    }

    /// Calls made, calls answered from kept responses, and millionths spent.
    #[must_use]
    pub fn totals(&self) -> (u64, u64, u64) {
        let read = |n: &AtomicU64| n.load(Ordering::Relaxed);
        (read(&self.made), read(&self.reused), read(&self.spent))
    }
}

/// Millionths as a decimal number: `1250000` is `1.25`.
#[must_use]
pub fn decimal(millionths: u64) -> String {
    let (whole, rest) = (millionths / 1_000_000, millionths % 1_000_000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:06}")
        .trim_end_matches('0')
        .to_owned()
}

impl ShardCx<'_> {
    /// Keeps a record as a value and gives its digest.
    pub fn keep<T: Serialize>(&mut self, record: &T) -> Digest {
        let text = String::from_utf8(canonical_json(record)).expect("JSON is UTF-8");
        let digest = Digest::of(text.as_bytes());
        self.values.push(text);
        digest
    }

    /// Keeps a record that passed the gate; gives its digest and, for patients, the clearance
    /// with which it is read back.
    ///
    /// # Errors
    /// [`WorkError::Value`] for a record of patients without the key.
    pub fn keep_cleared<T: Serialize>(
        &mut self,
        record: &Deidentified<T>,
    ) -> Result<(Digest, serde_json::Value), WorkError> {
        if record.subjects() != Subjects::Patients {
            return Ok((self.keep(record.get()), serde_json::Value::Null));
        }
        let (bytes, clearance) = clear(record, self.key).map_err(|e| WorkError::Value {
            role: "record".into(),
            cause: e.to_string(),
        })?;
        self.values
            .push(String::from_utf8(bytes).expect("JSON is UTF-8"));
        let proof = serde_json::to_value(&clearance).expect("clearances serialise");
        Ok((*clearance.record(), proof))
    }
}

/// A step's work.
pub trait Work: Sync {
    /// Name and version.
    fn step(&self) -> StepId;

    /// The digest of the settings that could change an outcome.
    fn settings(&self) -> Digest;

    /// How many units make a shard at most.
    fn shard_size(&self) -> usize {
        64
    }

    /// Whether a kept outcome may be used again; one that came of a limit that the action key
    /// does not hold may not, once the limit is another.
    fn stands(&self, outcome: &UnitOutcome) -> bool {
        let _ = outcome;
        true
    }

    /// Works a shard: one outcome per unit, in order.
    ///
    /// # Errors
    /// [`WorkError`] when the shard as a whole cannot be worked.
    fn run(&self, shard: &[Loaded], cx: &mut ShardCx<'_>) -> Result<Vec<UnitOutcome>, WorkError>;
}
