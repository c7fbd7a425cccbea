//! The work of each step over a shard of units. Pure but for the blob store and, for prompts,
//! the model; a thread here and a worker elsewhere run the same code.

pub mod check;
pub mod draft;
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
use spinemed_core::seam::{Journal, Model, StepId, Store, StoreError};
use spinemed_store::UnitOutcome;

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
        let position = self
            .unit
            .inputs
            .iter()
            .filter(|i| i.load)
            .position(|i| i.role == role)
            .ok_or_else(|| WorkError::Value { role: role.to_owned(), cause: "it has no such input".into() })?;
        serde_json::from_slice(&self.values[position])
            .map_err(|e| WorkError::Value { role: role.to_owned(), cause: e.to_string() })
    }
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
    pub calls: &'a CallCounters,
}

/// Model calls over all shards.
#[derive(Debug, Default)]
pub struct CallCounters {
    made: AtomicU64,
    reused: AtomicU64,
}

impl CallCounters {
    pub(crate) fn add_made(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_reused(&self) {
        self.reused.fetch_add(1, Ordering::Relaxed);
    }

    /// Calls made and calls answered from kept responses.
    #[must_use]
    pub fn totals(&self) -> (u64, u64) {
        (self.made.load(Ordering::Relaxed), self.reused.load(Ordering::Relaxed))
    }
}

impl ShardCx<'_> {
    /// Keeps a record as a value and gives its digest.
    pub fn keep<T: Serialize>(&mut self, record: &T) -> Digest {
        let text = String::from_utf8(canonical_json(record)).expect("JSON is UTF-8");
        let digest = Digest::of(text.as_bytes());
        self.values.push(text);
        digest
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

    /// Works a shard: one outcome per unit, in order.
    ///
    /// # Errors
    /// [`WorkError`] when the shard as a whole cannot be worked.
    fn run(&self, shard: &[Loaded], cx: &mut ShardCx<'_>) -> Result<Vec<UnitOutcome>, WorkError>;
}
