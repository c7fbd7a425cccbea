//! Paid responses, in a database of their own with `secure_delete`, so that an erasure leaves
//! no trace of them on the disk's pages.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use spinemed_core::Digest;
use spinemed_core::model::Response;
use spinemed_core::seam::StoreError;

/// The kept responses.
#[derive(Debug)]
pub struct Responses {
    db: Connection,
    place: String,
}

impl Responses {
    /// Opens or makes the database.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be used.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let place = path.display().to_string();
        let db = Connection::open(path).map_err(database(&place))?;
        db.execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;
             CREATE TABLE IF NOT EXISTS response(key BLOB PRIMARY KEY, body BLOB NOT NULL);",
        )
        .map_err(database(&place))?;
        Ok(Self { db, place })
    }

    /// The response to a request, where one was kept.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn get(&self, key: &Digest) -> Result<Option<Response>, StoreError> {
        let body: Option<Vec<u8>> = self
            .db
            .prepare_cached("SELECT body FROM response WHERE key=?1")
            .and_then(|mut s| s.query_row([key.as_bytes()], |row| row.get(0)).optional())
            .map_err(database(&self.place))?;
        body.map(|bytes| {
            serde_json::from_slice(&bytes).map_err(|_| StoreError::Damaged {
                place: format!("{} response {key}", self.place),
                found: Digest::of(&bytes),
            })
        })
        .transpose()
    }

    /// Removes responses; their bytes are overwritten.
    ///
    /// # Errors
    /// [`StoreError`] when they could not be removed durably.
    pub fn remove<'k>(
        &mut self,
        keys: impl Iterator<Item = &'k Digest>,
    ) -> Result<u64, StoreError> {
        let place = self.place.clone();
        let tx = self.db.transaction().map_err(database(&place))?;
        let mut removed = 0;
        {
            let mut delete = tx
                .prepare_cached("DELETE FROM response WHERE key=?1")
                .map_err(database(&place))?;
            for key in keys {
                removed += delete
                    .execute(params![key.as_bytes()])
                    .map_err(database(&place))? as u64;
            }
        }
        tx.commit().map_err(database(&place))?;
        self.db
            .execute_batch("PRAGMA wal_checkpoint(TRUNCATE);")
            .map_err(database(&place))?;
        Ok(removed)
    }

    /// Enters responses in one transaction. The first one kept under a key stays.
    ///
    /// # Errors
    /// [`StoreError`] when they could not be made durable.
    pub fn absorb(&mut self, responses: &[Response]) -> Result<(), StoreError> {
        if responses.is_empty() {
            return Ok(());
        }
        let place = self.place.clone();
        let tx = self.db.transaction().map_err(database(&place))?;
        {
            let mut insert = tx
                .prepare_cached("INSERT OR IGNORE INTO response(key, body) VALUES (?1, ?2)")
                .map_err(database(&place))?;
            for response in responses {
                let body = serde_json::to_vec(response).expect("responses serialise to JSON");
                insert
                    .execute(params![response.key.as_bytes(), body])
                    .map_err(database(&place))?;
            }
        }
        tx.commit().map_err(database(&place))
    }
}

pub(crate) fn database(place: &str) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
    let place = place.to_owned();
    move |cause| StoreError::Database {
        place: place.clone(),
        cause: cause.to_string(),
    }
}
