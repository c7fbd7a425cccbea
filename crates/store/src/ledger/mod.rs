//! The ledger: actions, values, events, builds and fates in one SQLite database.
//!
//! One writer (the build that holds the workspace's lock), many readers. Whatever any thread
//! or machine did enters through [`Ledger::absorb`], in one transaction per shard.

mod builds;
mod chain;
mod collect;
mod inputs;
mod schema;

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use spinemed_core::Digest;
use spinemed_core::seam::StoreError;

use crate::event::EventKind;
use crate::records::{ActionRecord, Part, UnitOutcome};
use crate::responses::database;
use crate::results::ShardResult;

pub use builds::{BuildRow, FateRow, InstanceRow};
pub use collect::Collected;

/// Values above this many bytes are compressed.
const COMPRESS_FROM: usize = 256;

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    db: Connection,
    place: String,
    operator: String,
    binary: Digest,
}

impl Ledger {
    /// Opens or makes the ledger. `binary` is the digest of the running program and
    /// `operator` who runs it; both go into every event.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be used or is of a newer version.
    pub fn open(path: &Path, operator: &str, binary: Digest) -> Result<Self, StoreError> {
        let place = path.display().to_string();
        let db = Connection::open(path).map_err(database(&place))?;
        schema::prepare(&db).map_err(|cause| StoreError::Database {
            place: place.clone(),
            cause,
        })?;
        Ok(Self {
            db,
            place,
            operator: operator.to_owned(),
            binary,
        })
    }

    fn fault(&self) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
        database(&self.place)
    }

    /// What an action came to, by its key.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn action(&self, key: &Digest) -> Result<Option<UnitOutcome>, StoreError> {
        let text: Option<Vec<u8>> = self
            .db
            .prepare_cached("SELECT outcome FROM action WHERE key=?1")
            .and_then(|mut s| s.query_row([key.as_bytes()], |r| r.get(0)).optional())
            .map_err(self.fault())?;
        text.map(|bytes| self.decode(&bytes, "action")).transpose()
    }

    /// The actions of a unit at a step, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn history(&self, step: &str, unit: &str) -> Result<Vec<ActionRecord>, StoreError> {
        self.find_actions("step=?1 AND unit=?2", params![step, unit])
    }

    fn find_actions(
        &self,
        which: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<ActionRecord>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached(&format!(
                "SELECT step, unit, key, parts, outcome FROM action WHERE {which} ORDER BY id DESC"
            ))
            .map_err(self.fault())?;
        let rows = statement
            .query_map(values, |r| {
                Ok((
                    r.get(0)?,
                    r.get(1)?,
                    r.get(2)?,
                    r.get::<_, String>(3)?,
                    r.get::<_, Vec<u8>>(4)?,
                ))
            })
            .map_err(self.fault())?;
        let mut actions = Vec::new();
        for row in rows {
            let (step, unit, key, parts, outcome) = row.map_err(self.fault())?;
            actions.push(ActionRecord {
                step,
                unit,
                key: Digest::from_bytes(key),
                parts: self.decode_json(parts.as_bytes(), "action parts")?,
                outcome: self.decode(&outcome, "action")?,
            });
        }
        Ok(actions)
    }

    /// The action over a unit that made a bundle of outputs.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn maker(&self, bundle: &Digest, unit: &str) -> Result<Option<ActionRecord>, StoreError> {
        self.find_actions("bundle=?1 AND unit=?2", params![bundle.as_bytes(), unit])
            .map(|found| found.into_iter().next())
    }

    /// A value by digest, verified.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read or is damaged.
    pub fn value(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let stored: Option<Vec<u8>> = self
            .db
            .prepare_cached("SELECT bytes FROM value WHERE digest=?1")
            .and_then(|mut s| s.query_row([digest.as_bytes()], |r| r.get(0)).optional())
            .map_err(self.fault())?;
        let Some(stored) = stored else {
            return Ok(None);
        };
        let bytes = unpack(&stored).ok_or_else(|| self.damaged("value", digest))?;
        let found = Digest::of(&bytes);
        if found != *digest {
            return Err(StoreError::Damaged {
                place: format!("{} value {digest}", self.place),
                found,
            });
        }
        Ok(Some(bytes))
    }

    /// Enters a shard's result: values, actions and one event, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be made durable; nothing of it is then entered.
    pub fn absorb(&mut self, build: i64, result: &ShardResult) -> Result<(), StoreError> {
        let fault = self.fault();
        let body = serde_json::json!({
            "shard": result.shard,
            "step": result.actions.first().map(|a| a.step.clone()),
            "actions": result.actions.len(),
            "responses": result.responses.len(),
            "content": Digest::of_json(result),
        });
        let (operator, binary) = (self.operator.clone(), self.binary);
        let tx = self.db.transaction().map_err(&fault)?;
        let event =
            chain::append(&tx, EventKind::Absorbed, &body, &operator, binary).map_err(&fault)?;
        {
            let mut put = tx
                .prepare_cached("INSERT OR IGNORE INTO value(digest, bytes) VALUES (?1, ?2)")
                .map_err(&fault)?;
            for value in &result.values {
                put.execute(params![
                    Digest::of(value.as_bytes()).as_bytes(),
                    pack(value.as_bytes())
                ])
                .map_err(&fault)?;
            }
            let mut enter = tx
                .prepare_cached(
                    "INSERT OR REPLACE INTO action(step, unit, key, parts, outcome, event, build, bundle)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )
                .map_err(&fault)?;
            for action in &result.actions {
                let outcome = serde_json::to_vec(&action.outcome).expect("outcomes serialise");
                let parts = serde_json::to_string(&action.parts).expect("parts serialise");
                enter
                    .execute(params![
                        action.step,
                        action.unit,
                        action.key.as_bytes(),
                        parts,
                        pack(&outcome),
                        event,
                        build,
                        action.outcome.bundle.as_ref().map(Digest::as_bytes)
                    ])
                    .map_err(&fault)?;
            }
        }
        tx.commit().map_err(&fault)
    }

    /// Why an action is new: the parts of its key that differ from the unit's last one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn changed_parts(
        &self,
        step: &str,
        unit: &str,
        parts: &[Part],
    ) -> Result<Option<Vec<String>>, StoreError> {
        let Some(last) = self.history(step, unit)?.into_iter().next() else {
            return Ok(None);
        };
        let mut changed: Vec<String> = parts
            .iter()
            .filter(|part| !last.parts.contains(part))
            .map(|part| part.name.clone())
            .collect();
        changed.extend(
            last.parts
                .iter()
                .filter(|old| !parts.iter().any(|new| new.name == old.name))
                .map(|old| format!("{} (gone)", old.name)),
        );
        Ok(Some(changed))
    }

    fn decode<T: serde::de::DeserializeOwned>(
        &self,
        stored: &[u8],
        what: &str,
    ) -> Result<T, StoreError> {
        let bytes = unpack(stored).ok_or_else(|| self.damaged(what, &Digest::of(stored)))?;
        self.decode_json(&bytes, what)
    }

    fn decode_json<T: serde::de::DeserializeOwned>(
        &self,
        bytes: &[u8],
        what: &str,
    ) -> Result<T, StoreError> {
        serde_json::from_slice(bytes).map_err(|_| self.damaged(what, &Digest::of(bytes)))
    }

    fn damaged(&self, what: &str, found: &Digest) -> StoreError {
        StoreError::Damaged {
            place: format!("{} {what}", self.place),
            found: *found,
        }
    }
}

/// The first byte says how the rest is kept: 0 as it is, 1 compressed with zstd.
fn pack(bytes: &[u8]) -> Vec<u8> {
    if bytes.len() >= COMPRESS_FROM {
        let mut packed = vec![1];
        packed.extend(zstd::bulk::compress(bytes, 1).expect("compressing memory into memory"));
        return packed;
    }
    let mut packed = vec![0];
    packed.extend_from_slice(bytes);
    packed
}

fn unpack(stored: &[u8]) -> Option<Vec<u8>> {
    match stored.split_first()? {
        (0, rest) => Some(rest.to_vec()),
        (1, rest) => zstd::stream::decode_all(rest).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Output;

    fn ledger(folder: &Path) -> Ledger {
        Ledger::open(&folder.join("ledger.db"), "tester", Digest::of(b"binary")).expect("opened")
    }

    fn result(value: &str) -> ShardResult {
        let outcome = UnitOutcome {
            passed: 1,
            outputs: vec![Output::new("a", Digest::of(value.as_bytes()))],
            ..UnitOutcome::default()
        };
        ShardResult {
            v: 1,
            shard: Digest::of(b"shard"),
            actions: vec![ActionRecord {
                step: "pair".into(),
                unit: "a".into(),
                key: Digest::of(b"key"),
                parts: vec![Part {
                    name: "input".into(),
                    digest: Digest::of(b"in"),
                }],
                outcome,
            }],
            values: vec![value.into()],
            responses: vec![],
        }
    }

    #[test]
    fn what_is_absorbed_is_found_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = ledger(folder.path());
        let value = "x".repeat(1000);
        let result = result(&value);
        ledger.absorb(1, &result).expect("absorbed");
        ledger
            .absorb(1, &result)
            .expect("absorbed twice without harm");
        assert_eq!(
            ledger.value(&Digest::of(value.as_bytes())).expect("read"),
            Some(value.into_bytes())
        );
        assert_eq!(
            ledger.action(&Digest::of(b"key")).expect("read"),
            Some(result.actions[0].outcome.clone())
        );
        assert_eq!(ledger.history("pair", "a").expect("read"), result.actions);
        assert_eq!(ledger.verify_chain().expect("read"), Ok(2));
    }

    #[test]
    fn a_changed_part_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = ledger(folder.path());
        ledger.absorb(1, &result("v")).expect("absorbed");
        let parts = [Part {
            name: "input".into(),
            digest: Digest::of(b"other"),
        }];
        assert_eq!(
            ledger.changed_parts("pair", "a", &parts).expect("read"),
            Some(vec!["input".into()])
        );
        assert_eq!(
            ledger.changed_parts("pair", "b", &parts).expect("read"),
            None
        );
    }

    #[test]
    fn a_forged_event_breaks_the_chain() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = ledger(folder.path());
        for value in ["a", "b", "c"] {
            ledger.absorb(1, &result(value)).expect("absorbed");
        }
        assert_eq!(ledger.verify_chain().expect("read"), Ok(3));
        ledger
            .db
            .execute("UPDATE event SET body='{}' WHERE seq=2", [])
            .expect("forged");
        assert_eq!(ledger.verify_chain().expect("read"), Err(2));
    }

    #[test]
    fn a_damaged_value_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = ledger(folder.path());
        ledger.absorb(1, &result("v")).expect("absorbed");
        ledger
            .db
            .execute("UPDATE value SET bytes=x'0077'", [])
            .expect("damaged");
        assert!(matches!(
            ledger.value(&Digest::of(b"v")),
            Err(StoreError::Damaged { .. })
        ));
    }
}
