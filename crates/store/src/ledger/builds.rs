//! Builds, fates, instances, pins and the file cache.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};
use spinemed_core::Digest;
use spinemed_core::seam::StoreError;
use spinemed_core::vocabulary::Split;

use super::{Ledger, chain};
use crate::event::EventKind;
use crate::records::Status;

/// A build of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildRow {
    /// Its number in this workspace.
    pub id: i64,
    /// The digest of all its inputs.
    pub key: Digest,
    /// Whether every unit came to an end: nothing failed, nothing pending.
    pub complete: bool,
    /// The release root.
    pub root: Option<Digest>,
    /// The report, as JSON.
    pub report: String,
    /// The sources it used, as JSON: id to source digest.
    pub sources: String,
}

/// What became of a unit that did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FateRow {
    /// The stage.
    pub stage: String,
    /// The unit.
    pub unit: String,
    /// Rejected, failed or pending.
    pub status: Status,
    /// The reason's code.
    pub code: String,
    /// The reason as JSON, or words for failures.
    pub reason: String,
}

/// An instance of a pipeline's last build, or one that has gone since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceRow {
    /// Record key.
    pub key: String,
    /// Content digest.
    pub digest: Digest,
    /// The value that holds it, a list.
    pub bundle: Digest,
    /// Pack.
    pub pack: String,
    /// Document.
    pub document: String,
    /// Source.
    pub source: String,
    /// Group.
    pub group: String,
    /// Split.
    pub split: Split,
    /// The build that first had it.
    pub first_build: i64,
    /// The build that no longer had it.
    pub gone_build: Option<i64>,
}

impl Ledger {
    /// Opens a build and gives its number.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be made durable.
    pub fn start_build(
        &mut self,
        pipeline: &str,
        key: &Digest,
        sources: &str,
    ) -> Result<i64, StoreError> {
        let fault = self.fault();
        let (operator, binary) = (self.operator.clone(), self.binary);
        let tx = self.db.transaction().map_err(&fault)?;
        tx.execute(
            "INSERT INTO build(pipeline, key, complete, report, sources) VALUES (?1, ?2, 0, '', ?3)",
            params![pipeline, key.as_bytes(), sources],
        )
        .map_err(&fault)?;
        let id = tx.last_insert_rowid();
        let body = serde_json::json!({"build": id, "pipeline": pipeline, "key": key});
        chain::append(&tx, EventKind::BuildStarted, &body, &operator, binary).map_err(&fault)?;
        tx.commit().map_err(&fault)?;
        Ok(id)
    }

    /// Closes a build: its report, the fates of units that did not pass, its instances and the
    /// test membership it pinned, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be made durable.
    #[allow(
        clippy::too_many_arguments,
        reason = "one transaction over everything a build ends with"
    )]
    pub fn end_build(
        &mut self,
        pipeline: &str,
        build: i64,
        complete: bool,
        root: &Digest,
        report: &str,
        fates: &[FateRow],
        instances: &[InstanceRow],
        pins: &BTreeMap<String, Split>,
    ) -> Result<(), StoreError> {
        let fault = self.fault();
        let known = self.instance_digests(pipeline)?;
        let (operator, binary) = (self.operator.clone(), self.binary);
        let tx = self.db.transaction().map_err(&fault)?;
        tx.execute("DELETE FROM fate WHERE pipeline=?1", [pipeline])
            .map_err(&fault)?;
        {
            let mut fate = tx
                .prepare_cached("INSERT OR REPLACE INTO fate VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                .map_err(&fault)?;
            for row in fates {
                fate.execute(params![
                    pipeline,
                    row.stage,
                    row.unit,
                    row.status.as_str(),
                    row.code,
                    row.reason
                ])
                .map_err(&fault)?;
            }
            let mut upsert = tx
                .prepare_cached(
                    "INSERT INTO instance VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,NULL)
                     ON CONFLICT(pipeline, key) DO UPDATE SET digest=excluded.digest,
                       bundle=excluded.bundle, pack=excluded.pack, document=excluded.document,
                       source=excluded.source, grp=excluded.grp, split=excluded.split, gone_build=NULL",
                )
                .map_err(&fault)?;
            for row in instances {
                if known.get(&row.key) == Some(&(row.digest, row.bundle)) {
                    continue;
                }
                upsert
                    .execute(params![
                        pipeline,
                        row.key,
                        row.digest.as_bytes(),
                        row.bundle.as_bytes(),
                        row.pack,
                        row.document,
                        row.source,
                        row.group,
                        row.split.as_str(),
                        build
                    ])
                    .map_err(&fault)?;
            }
            let here: std::collections::BTreeSet<&str> =
                instances.iter().map(|i| i.key.as_str()).collect();
            let mut gone = tx
                .prepare_cached("UPDATE instance SET gone_build=?1 WHERE pipeline=?2 AND key=?3")
                .map_err(&fault)?;
            for key in known.keys().filter(|key| !here.contains(key.as_str())) {
                gone.execute(params![build, pipeline, key])
                    .map_err(&fault)?;
            }
            let mut pin = tx
                .prepare_cached("INSERT OR IGNORE INTO pin VALUES (?1, ?2, ?3)")
                .map_err(&fault)?;
            for (group, split) in pins {
                pin.execute(params![pipeline, group, split.as_str()])
                    .map_err(&fault)?;
            }
        }
        let now = jiff::Timestamp::now().to_string();
        tx.execute(
            "UPDATE build SET complete=?1, root=?2, report=?3, ended=?4 WHERE id=?5",
            params![complete, root.as_bytes(), report, now, build],
        )
        .map_err(&fault)?;
        let body = serde_json::json!({"build": build, "pipeline": pipeline, "root": root, "complete": complete});
        chain::append(&tx, EventKind::BuildEnded, &body, &operator, binary).map_err(&fault)?;
        tx.commit().map_err(&fault)
    }

    /// Sets the digest of a build's inputs as they are now that it has ended.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be made durable.
    pub fn set_build_key(&mut self, build: i64, key: &Digest) -> Result<(), StoreError> {
        self.db
            .execute(
                "UPDATE build SET key=?1 WHERE id=?2",
                params![key.as_bytes(), build],
            )
            .map(|_| ())
            .map_err(self.fault())
    }

    /// The last build of a pipeline that came to its end.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn last_build(&self, pipeline: &str) -> Result<Option<BuildRow>, StoreError> {
        self.db
            .query_row(
                "SELECT id, key, complete, root, report, sources FROM build
                 WHERE pipeline=?1 AND ended IS NOT NULL ORDER BY id DESC LIMIT 1",
                [pipeline],
                |r| {
                    Ok(BuildRow {
                        id: r.get(0)?,
                        key: Digest::from_bytes(r.get(1)?),
                        complete: r.get(2)?,
                        root: r.get::<_, Option<[u8; 32]>>(3)?.map(Digest::from_bytes),
                        report: r.get(4)?,
                        sources: r.get(5)?,
                    })
                },
            )
            .optional()
            .map_err(self.fault())
    }

    /// Pipelines that have been built here.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn pipelines(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached("SELECT pipeline, max(id) AS newest FROM build GROUP BY pipeline ORDER BY newest DESC")
            .map_err(self.fault())?;
        let rows = statement
            .query_map([], |r| r.get(0))
            .map_err(self.fault())?;
        rows.collect::<rusqlite::Result<_>>().map_err(self.fault())
    }

    /// The fates of units that did not pass in the last build.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn fates(&self, pipeline: &str) -> Result<Vec<FateRow>, StoreError> {
        self.find_fates("pipeline=?1", params![pipeline])
    }

    /// The fates of one unit in the last build.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn fates_of(&self, pipeline: &str, unit: &str) -> Result<Vec<FateRow>, StoreError> {
        self.find_fates("pipeline=?1 AND unit=?2", params![pipeline, unit])
    }

    /// The fates of what belongs to a unit (`unit/…`, `unit#…`): stage, code, how many, and
    /// one of the reasons.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn fates_below(
        &self,
        pipeline: &str,
        unit: &str,
    ) -> Result<Vec<(FateRow, u64)>, StoreError> {
        let mut counted: BTreeMap<(String, String), (FateRow, u64)> = BTreeMap::new();
        for mark in ['/', '#'] {
            let (from, to) = (
                format!("{unit}{mark}"),
                format!("{unit}{}", char::from(mark as u8 + 1)),
            );
            let found = self.find_fates(
                "pipeline=?1 AND unit>=?2 AND unit<?3",
                params![pipeline, from, to],
            )?;
            for fate in found {
                let place = (fate.stage.clone(), fate.code.clone());
                counted.entry(place).or_insert((fate, 0)).1 += 1;
            }
        }
        Ok(counted.into_values().collect())
    }

    fn find_fates(
        &self,
        which: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<FateRow>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached(&format!(
                "SELECT stage, unit, status, code, reason FROM fate WHERE {which} ORDER BY stage, unit"
            ))
            .map_err(self.fault())?;
        let rows = statement
            .query_map(values, |r| {
                let status: String = r.get(2)?;
                Ok(FateRow {
                    stage: r.get(0)?,
                    unit: r.get(1)?,
                    status: match status.as_str() {
                        "rejected" => Status::Rejected,
                        "failed" => Status::Failed,
                        "pending" => Status::Pending,
                        _ => Status::Passed,
                    },
                    code: r.get(3)?,
                    reason: r.get(4)?,
                })
            })
            .map_err(self.fault())?;
        rows.collect::<rusqlite::Result<_>>().map_err(self.fault())
    }

    /// Whether any build of a pipeline has used a source.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn knows_source(&self, pipeline: &str, source: &str) -> Result<bool, StoreError> {
        self.db
            .query_row(
                "SELECT EXISTS(SELECT 1 FROM build WHERE pipeline=?1 AND instr(sources, ?2) > 0)",
                [pipeline, &format!("\"{source}\":")],
                |r| r.get(0),
            )
            .map_err(self.fault())
    }

    /// One instance, here or gone.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn instance(&self, pipeline: &str, key: &str) -> Result<Option<InstanceRow>, StoreError> {
        self.db
            .query_row(
                &format!("SELECT {INSTANCE} FROM instance WHERE pipeline=?1 AND key=?2"),
                [pipeline, key],
                instance_row,
            )
            .optional()
            .map_err(self.fault())
    }

    /// The instances of the last build, ordered by record key.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn instances(&self, pipeline: &str) -> Result<Vec<InstanceRow>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached(&format!(
                "SELECT {INSTANCE} FROM instance WHERE pipeline=?1 AND gone_build IS NULL ORDER BY key"
            ))
            .map_err(self.fault())?;
        let rows = statement
            .query_map([pipeline], instance_row)
            .map_err(self.fault())?;
        rows.collect::<rusqlite::Result<_>>().map_err(self.fault())
    }

    fn instance_digests(
        &self,
        pipeline: &str,
    ) -> Result<BTreeMap<String, (Digest, Digest)>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached(
                "SELECT key, digest, bundle FROM instance WHERE pipeline=?1 AND gone_build IS NULL",
            )
            .map_err(self.fault())?;
        let rows = statement
            .query_map([pipeline], |r| {
                Ok((
                    r.get(0)?,
                    (Digest::from_bytes(r.get(1)?), Digest::from_bytes(r.get(2)?)),
                ))
            })
            .map_err(self.fault())?;
        rows.collect::<rusqlite::Result<_>>().map_err(self.fault())
    }
}

const INSTANCE: &str =
    "key, digest, bundle, pack, document, source, grp, split, first_build, gone_build";

fn instance_row(r: &Row<'_>) -> rusqlite::Result<InstanceRow> {
    let split: String = r.get(7)?;
    Ok(InstanceRow {
        key: r.get(0)?,
        digest: Digest::from_bytes(r.get(1)?),
        bundle: Digest::from_bytes(r.get(2)?),
        pack: r.get(3)?,
        document: r.get(4)?,
        source: r.get(5)?,
        group: r.get(6)?,
        split: split.parse().unwrap_or(Split::Test),
        first_build: r.get(8)?,
        gone_build: r.get(9)?,
    })
}
