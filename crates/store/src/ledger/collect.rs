//! Removes what nothing needs any more, so that its bytes are gone from the disk.

use std::collections::BTreeSet;

use rusqlite::params;
use spinemed_core::Digest;
use spinemed_core::seam::StoreError;

use super::{Ledger, chain};
use crate::event::EventKind;
use crate::records::UnitOutcome;

/// What was removed, and what must stay beside the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected {
    /// Actions removed.
    pub actions: u64,
    /// Values removed.
    pub values: u64,
    /// Pictures that the remaining actions name.
    pub media: BTreeSet<Digest>,
    /// Responses that removed actions rest on and no remaining one does.
    pub responses: BTreeSet<Digest>,
}

impl Ledger {
    /// Removes the actions that are not in `keep`, then the values that no remaining action
    /// names. Events, fates and the list of instances stay: they say what there was, by name
    /// and digest. The freed pages are overwritten.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be made durable; nothing is then removed.
    pub fn collect(&mut self, keep: &BTreeSet<Digest>) -> Result<Collected, StoreError> {
        let fault = self.fault();
        let (operator, binary) = (self.operator.clone(), self.binary);
        let mut collected = Collected::default();
        let mut live = BTreeSet::new();
        let mut used = BTreeSet::new();
        for (key, outcome) in self.outcomes()? {
            if keep.contains(&key) {
                live.extend(outcome.outputs.iter().map(|o| o.digest));
                live.extend(outcome.bundle);
                collected.media.extend(outcome.media);
                used.extend(outcome.responses);
            } else {
                collected.actions += 1;
                collected.responses.extend(outcome.responses);
            }
        }
        collected.responses.retain(|key| !used.contains(key));
        self.db
            .execute_batch("PRAGMA secure_delete=ON;")
            .map_err(&fault)?;
        let tx = self.db.transaction().map_err(&fault)?;
        tx.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS keep(digest BLOB PRIMARY KEY) WITHOUT ROWID;",
        )
        .map_err(&fault)?;
        for (set, delete, count) in [
            (
                keep,
                "DELETE FROM action WHERE key NOT IN (SELECT digest FROM keep)",
                None,
            ),
            (
                &live,
                "DELETE FROM value WHERE digest NOT IN (SELECT digest FROM keep)",
                Some(&mut collected.values),
            ),
        ] {
            tx.execute("DELETE FROM keep", []).map_err(&fault)?;
            {
                let mut insert = tx
                    .prepare("INSERT OR IGNORE INTO keep VALUES (?1)")
                    .map_err(&fault)?;
                for digest in set {
                    insert.execute(params![digest.as_bytes()]).map_err(&fault)?;
                }
            }
            let removed = tx.execute(delete, []).map_err(&fault)?;
            if let Some(count) = count {
                *count = removed as u64;
            }
        }
        let body = serde_json::json!({
            "actions": collected.actions, "values": collected.values,
            "responses": collected.responses.len(),
        });
        chain::append(&tx, EventKind::Collected, &body, &operator, binary).map_err(&fault)?;
        tx.commit().map_err(&fault)?;
        self.db
            .execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
            .map_err(&fault)?;
        Ok(collected)
    }

    /// Every action's key and outcome.
    fn outcomes(&self) -> Result<Vec<(Digest, UnitOutcome)>, StoreError> {
        let fault = self.fault();
        let mut statement = self
            .db
            .prepare("SELECT key, outcome FROM action")
            .map_err(&fault)?;
        let rows = statement
            .query_map([], |row| {
                Ok((Digest::from_bytes(row.get(0)?), row.get::<_, Vec<u8>>(1)?))
            })
            .map_err(&fault)?;
        let mut all = Vec::new();
        for row in rows {
            let (key, stored) = row.map_err(&fault)?;
            all.push((key, self.decode(&stored, "action")?));
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{ActionRecord, Output, Part};
    use crate::results::ShardResult;

    fn action(name: &str, response: &str) -> ActionRecord {
        ActionRecord {
            step: "draft".into(),
            unit: name.into(),
            key: Digest::of(name.as_bytes()),
            parts: vec![Part {
                name: "input".into(),
                digest: Digest::of(b"in"),
            }],
            outcome: UnitOutcome {
                passed: 1,
                outputs: vec![Output::new(name, Digest::of(name.as_bytes()))],
                media: vec![Digest::of(format!("picture of {name}").as_bytes())],
                responses: vec![Digest::of(response.as_bytes()), Digest::of(b"shared")],
                ..UnitOutcome::default()
            },
        }
    }

    #[test]
    fn what_no_action_needs_is_gone_from_the_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.db");
        let mut ledger = Ledger::open(&path, "tester", Digest::of(b"binary")).expect("opened");
        let result = ShardResult {
            v: 1,
            shard: Digest::of(b"shard"),
            actions: vec![
                action("a value that stays", "1"),
                action("a value that goes", "2"),
            ],
            values: vec!["a value that stays".into(), "a value that goes".into()],
            responses: vec![],
        };
        ledger.absorb(1, &result).expect("absorbed");
        let keep = BTreeSet::from([result.actions[0].key]);
        let collected = ledger.collect(&keep).expect("collected");
        assert_eq!((collected.actions, collected.values), (1, 1));
        assert_eq!(
            collected.media,
            result.actions[0].outcome.media.iter().copied().collect()
        );
        assert_eq!(collected.responses, BTreeSet::from([Digest::of(b"2")]));
        let there = |text: &str| {
            ledger
                .value(&Digest::of(text.as_bytes()))
                .expect("read")
                .is_some()
        };
        assert!(there("a value that stays") && !there("a value that goes"));
        for file in std::fs::read_dir(folder.path()).expect("listed") {
            let bytes = std::fs::read(file.expect("a file").path()).expect("read");
            let found = |text: &str| {
                bytes
                    .windows(text.len())
                    .any(|window| window == text.as_bytes())
            };
            assert!(!found("a value that goes"));
        }
        assert!(ledger.verify_chain().expect("read").is_ok());
        assert_eq!(ledger.collect(&keep).expect("again").actions, 0);
    }
}
