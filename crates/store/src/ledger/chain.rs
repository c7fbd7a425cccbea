//! The hash chain of events.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use spinemed_core::Digest;
use spinemed_core::digest::canonical_json;
use spinemed_core::seam::StoreError;

use super::Ledger;
use crate::event::{Event, EventKind};

/// Appends an event inside the caller's transaction and gives its number.
pub(super) fn append(
    db: &Connection,
    kind: EventKind,
    body: &Value,
    operator: &str,
    binary: Digest,
) -> rusqlite::Result<i64> {
    let last: Option<(i64, [u8; 32])> = db
        .prepare_cached("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let (seq, prev) = last.map_or((1, Digest::from_bytes([0; 32])), |(seq, hash)| {
        (seq + 1, Digest::from_bytes(hash))
    });
    let mut event = Event {
        seq,
        kind: kind.as_str().to_owned(),
        body: String::from_utf8(canonical_json(body)).expect("JSON is UTF-8"),
        at: jiff::Timestamp::now().to_string(),
        binary,
        operator: operator.to_owned(),
        prev,
        hash: prev,
    };
    event.hash = event.link();
    db.prepare_cached(
        "INSERT INTO event(seq, kind, body, at, binary, operator, prev, hash) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)",
    )?
    .execute(params![
        event.seq,
        event.kind,
        event.body,
        event.at,
        event.binary.as_bytes(),
        event.operator,
        event.prev.as_bytes(),
        event.hash.as_bytes()
    ])?;
    Ok(seq)
}

impl Ledger {
    /// Appends an event on its own.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be made durable.
    pub fn record(&mut self, kind: EventKind, body: &Value) -> Result<i64, StoreError> {
        let fault = self.fault();
        let tx = self.db.transaction().map_err(&fault)?;
        let seq = append(&tx, kind, body, &self.operator, self.binary).map_err(&fault)?;
        tx.commit().map_err(&fault)?;
        Ok(seq)
    }

    /// Walks the chain: the number of events, or the first event whose link does not hold.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn verify_chain(&self) -> Result<Result<i64, i64>, StoreError> {
        let mut prev = Digest::from_bytes([0; 32]);
        let mut count = 0;
        for event in self.events()? {
            if event.prev != prev || event.link() != event.hash || event.seq != count + 1 {
                return Ok(Err(event.seq));
            }
            prev = event.hash;
            count = event.seq;
        }
        Ok(Ok(count))
    }

    /// All events in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn events(&self) -> Result<Vec<Event>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached(
                "SELECT seq, kind, body, at, binary, operator, prev, hash FROM event ORDER BY seq",
            )
            .map_err(self.fault())?;
        let rows = statement
            .query_map([], |r| {
                Ok(Event {
                    seq: r.get(0)?,
                    kind: r.get(1)?,
                    body: r.get(2)?,
                    at: r.get(3)?,
                    binary: Digest::from_bytes(r.get(4)?),
                    operator: r.get(5)?,
                    prev: Digest::from_bytes(r.get(6)?),
                    hash: Digest::from_bytes(r.get(7)?),
                })
            })
            .map_err(self.fault())?;
        rows.collect::<rusqlite::Result<_>>().map_err(self.fault())
    }
}
