//! What builds take as inputs from the ledger itself: pinned membership, withdrawals, and the
//! hint that spares re-hashing of files.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};
use spinemed_core::Digest;
use spinemed_core::review::{Retraction, RetractionScope};
use spinemed_core::seam::StoreError;
use spinemed_core::vocabulary::Split;

use super::Ledger;
use crate::event::EventKind;

impl Ledger {
    /// Pinned membership: group to split. An input of every build (I3).
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn pins(&self, pipeline: &str) -> Result<BTreeMap<String, Split>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached("SELECT grp, split FROM pin WHERE pipeline=?1")
            .map_err(self.fault())?;
        let rows = statement
            .query_map([pipeline], |r| {
                let split: String = r.get(1)?;
                Ok((r.get(0)?, split.parse().unwrap_or(Split::Test)))
            })
            .map_err(self.fault())?;
        rows.collect::<rusqlite::Result<_>>().map_err(self.fault())
    }

    /// Enters pins from elsewhere, as a clean rebuild of an old corpus needs them.
    ///
    /// # Errors
    /// [`StoreError`] when they could not be made durable.
    pub fn set_pins(
        &mut self,
        pipeline: &str,
        pins: &BTreeMap<String, Split>,
    ) -> Result<(), StoreError> {
        let fault = self.fault();
        let tx = self.db.transaction().map_err(&fault)?;
        for (group, split) in pins {
            tx.execute(
                "INSERT OR IGNORE INTO pin VALUES (?1, ?2, ?3)",
                params![pipeline, group, split.as_str()],
            )
            .map_err(&fault)?;
        }
        tx.commit().map_err(&fault)
    }

    /// A file's digest, where size and time are as when it was last hashed. A hint alone.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn file_hint(
        &self,
        path: &str,
        size: u64,
        mtime: i64,
    ) -> Result<Option<Digest>, StoreError> {
        self.db
            .prepare_cached("SELECT digest FROM file WHERE path=?1 AND size=?2 AND mtime=?3")
            .and_then(|mut s| {
                s.query_row(params![path, size.cast_signed(), mtime], |r| {
                    r.get::<_, [u8; 32]>(0)
                })
                .optional()
            })
            .map(|found| found.map(Digest::from_bytes))
            .map_err(self.fault())
    }

    /// Remembers files' digests with their sizes and times.
    ///
    /// # Errors
    /// [`StoreError`] when they could not be kept.
    pub fn remember_files(
        &mut self,
        files: &[(String, u64, i64, Digest)],
    ) -> Result<(), StoreError> {
        let fault = self.fault();
        let tx = self.db.transaction().map_err(&fault)?;
        for (path, size, mtime, digest) in files {
            tx.execute(
                "INSERT OR REPLACE INTO file VALUES (?1, ?2, ?3, ?4)",
                params![path, size.cast_signed(), mtime, digest.as_bytes()],
            )
            .map_err(&fault)?;
        }
        tx.commit().map_err(&fault)
    }

    /// Enters a withdrawal (I7).
    ///
    /// # Errors
    /// [`StoreError`] when it could not be made durable.
    pub fn retract(&mut self, retraction: &Retraction) -> Result<(), StoreError> {
        let body = serde_json::to_value(retraction).expect("retractions serialise");
        let event = self.record(EventKind::Retracted, &body)?;
        let (scope, id) = scope_parts(&retraction.what);
        self.db
            .execute(
                "INSERT OR REPLACE INTO retraction VALUES (?1, ?2, ?3, ?4)",
                params![scope, id, retraction.reason, event],
            )
            .map_err(self.fault())?;
        Ok(())
    }

    /// All withdrawals.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn retractions(&self) -> Result<Vec<Retraction>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached("SELECT scope, id, reason FROM retraction ORDER BY scope, id")
            .map_err(self.fault())?;
        let rows = statement
            .query_map([], |r| {
                let (scope, id): (String, String) = (r.get(0)?, r.get(1)?);
                let what = match scope.as_str() {
                    "source" => RetractionScope::Source(id),
                    "document" => RetractionScope::Document(id),
                    _ => RetractionScope::Instance(id),
                };
                Ok(Retraction {
                    what,
                    reason: r.get(2)?,
                })
            })
            .map_err(self.fault())?;
        rows.collect::<rusqlite::Result<_>>().map_err(self.fault())
    }
}

fn scope_parts(what: &RetractionScope) -> (&'static str, &str) {
    match what {
        RetractionScope::Source(id) => ("source", id),
        RetractionScope::Document(id) => ("document", id),
        RetractionScope::Instance(id) => ("instance", id),
    }
}
