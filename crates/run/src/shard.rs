//! Shards: lists of units that one thread, process or cluster task works in one go.

use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::digest::KeyHasher;
use spinemed_core::seam::StoreError;
use spinemed_store::{ActionRecord, Part, Results, ShardResult};

use crate::unit::Unit;
use crate::work::{Loaded, ShardCx, Work, WorkError};

/// A unit that must be done, with its action key and the values it needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// The unit.
    pub unit: Unit,
    /// Its action key.
    pub key: Digest,
    /// The key's parts.
    pub parts: Vec<Part>,
    /// Values of its loaded inputs, as text.
    pub values: Vec<String>,
}

/// A shard.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shard {
    /// Its tasks, in order.
    pub tasks: Vec<Task>,
}

impl Shard {
    /// The shard's name: a digest of its action keys. Equal work has an equal name, so an
    /// attempt that comes second finds the first one's marker.
    #[must_use]
    pub fn id(&self) -> Digest {
        self.tasks
            .iter()
            .fold(KeyHasher::new("spinemed/shard/1"), |h, task| {
                h.digest("action", &task.key)
            })
            .finish()
    }
}

/// Works a shard and commits its result: the one way in which any work is done. Nothing is
/// done where a result is committed already.
///
/// # Errors
/// [`WorkError`] when the shard as a whole cannot be worked or committed.
pub fn work(
    shard: &Shard,
    work: &dyn Work,
    results: &Results,
    cx: &mut ShardCx<'_>,
) -> Result<Digest, WorkError> {
    let id = shard.id();
    if results.committed(&id) {
        return Ok(id);
    }
    let loaded: Vec<Loaded> = shard
        .tasks
        .iter()
        .map(|task| Loaded {
            unit: task.unit.clone(),
            values: task.values.iter().map(|v| v.clone().into_bytes()).collect(),
        })
        .collect();
    let outcomes = work.run(&loaded, cx)?;
    let actions = shard
        .tasks
        .iter()
        .zip(outcomes)
        .map(|(task, outcome)| ActionRecord {
            step: work.step().name.to_owned(),
            unit: task.unit.name.clone(),
            key: task.key,
            parts: task.parts.clone(),
            outcome,
        })
        .collect();
    let result = ShardResult {
        v: 1,
        shard: id,
        actions,
        values: std::mem::take(&mut cx.values),
        responses: std::mem::take(&mut cx.responses),
    };
    results.commit(&result)?;
    Ok(id)
}

/// The text of a stored value: values are canonical JSON.
pub(crate) fn text_of(bytes: Vec<u8>, digest: &Digest) -> Result<String, StoreError> {
    String::from_utf8(bytes).map_err(|_| StoreError::Damaged {
        place: format!("value {digest}"),
        found: *digest,
    })
}
