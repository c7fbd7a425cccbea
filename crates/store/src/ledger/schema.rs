//! The ledger's tables and their version.

use rusqlite::Connection;

/// The version written today. Every released version stays readable.
const VERSION: i64 = 1;

/// Makes the tables in a new database, or checks the version of an old one.
pub(super) fn prepare(db: &Connection) -> Result<(), String> {
    let text = |error: rusqlite::Error| error.to_string();
    db.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;
         PRAGMA cache_size=-65536; PRAGMA busy_timeout=5000;",
    )
    .map_err(text)?;
    let version: i64 = db
        .query_row("PRAGMA user_version", [], |r| r.get(0))
        .map_err(text)?;
    match version {
        0 => db
            .execute_batch(&format!(
                "BEGIN; {TABLES} PRAGMA user_version={VERSION}; COMMIT;"
            ))
            .map_err(text),
        VERSION => Ok(()),
        newer => Err(format!(
            "it is of version {newer}; this program reads up to {VERSION}"
        )),
    }
}

const TABLES: &str = "
CREATE TABLE value(digest BLOB PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE action(
  id INTEGER PRIMARY KEY, step TEXT NOT NULL, unit TEXT NOT NULL, key BLOB NOT NULL UNIQUE,
  parts TEXT NOT NULL, outcome BLOB NOT NULL, event INTEGER NOT NULL, build INTEGER NOT NULL,
  bundle BLOB);
CREATE INDEX action_unit ON action(step, unit);
CREATE INDEX action_bundle ON action(bundle) WHERE bundle IS NOT NULL;
CREATE TABLE event(
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL, at TEXT NOT NULL,
  binary BLOB NOT NULL, operator TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE build(
  id INTEGER PRIMARY KEY, pipeline TEXT NOT NULL, key BLOB NOT NULL, complete INTEGER NOT NULL,
  root BLOB, report TEXT NOT NULL, sources TEXT NOT NULL, ended TEXT);
CREATE TABLE fate(
  pipeline TEXT NOT NULL, stage TEXT NOT NULL, unit TEXT NOT NULL, status TEXT NOT NULL,
  code TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(pipeline, unit, stage)) WITHOUT ROWID;
CREATE TABLE instance(
  pipeline TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, bundle BLOB NOT NULL,
  pack TEXT NOT NULL, document TEXT NOT NULL, source TEXT NOT NULL, grp TEXT NOT NULL,
  split TEXT NOT NULL, first_build INTEGER NOT NULL, gone_build INTEGER,
  PRIMARY KEY(pipeline, key)) WITHOUT ROWID;
CREATE TABLE pin(pipeline TEXT NOT NULL, grp TEXT NOT NULL, split TEXT NOT NULL,
  PRIMARY KEY(pipeline, grp)) WITHOUT ROWID;
CREATE TABLE file(
  path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, digest BLOB NOT NULL)
  WITHOUT ROWID;
CREATE TABLE retraction(scope TEXT NOT NULL, id TEXT NOT NULL, reason TEXT NOT NULL, event INTEGER NOT NULL,
  PRIMARY KEY(scope, id)) WITHOUT ROWID;
";
