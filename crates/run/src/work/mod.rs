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
use spinemed_core::pack::EvidencePack;
use spinemed_core::seam::{Journal, Model, StepId, Store, StoreError};
use spinemed_deidentify::{Deidentified, admit};
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
        serde_json::from_slice(&self.values[position]).map_err(|e| WorkError::Value {
            role: role.to_owned(),
            cause: e.to_string(),
        })
    }
}

/// A unit's pack, through the gate of I5. Projects with patients' sources are refused before
/// any work, so a refusal here is a fault of the plan.
pub(crate) fn admitted(loaded: &Loaded) -> Result<Deidentified<EvidencePack>, WorkError> {
    let pack: EvidencePack = loaded.value("pack")?;
    let subjects = pack.subjects;
    admit(pack, subjects).map_err(|e| WorkError::Value {
        role: "pack".into(),
        cause: e.to_string(),
    })
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
    pub calls: &'a CallCounters<'a>,
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
