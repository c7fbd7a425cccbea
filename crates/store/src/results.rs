//! Results of shards: one immutable file each, and a marker that only one attempt can make.
//!
//! A worker (a thread, a process, a cluster task) puts the result under its content's digest
//! and then creates the marker, which names it. Readers look at marked results alone, so
//! half-written, doubled and zombie attempts are invisible.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::model::Response;
use spinemed_core::seam::StoreError;

use crate::blobs::{make_durable_folder, sync_folder, write_durably};
use crate::io_error;
use crate::records::ActionRecord;

/// All that a shard did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShardResult {
    /// The format's version.
    pub v: u32,
    /// The shard: digest of its step and action keys.
    pub shard: Digest,
    /// The actions done, in the shard's order.
    pub actions: Vec<ActionRecord>,
    /// Small values that the outputs name, as text (canonical JSON).
    pub values: Vec<String>,
    /// Responses paid for on the way.
    pub responses: Vec<Response>,
}

/// A folder of results and markers.
#[derive(Debug, Clone)]
pub struct Results {
    root: PathBuf,
}

impl Results {
    /// Uses a folder.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn marker(&self, shard: &Digest) -> PathBuf {
        self.root.join("commit").join(shard.to_string())
    }

    fn data(&self, digest: &Digest) -> PathBuf {
        self.root.join("data").join(digest.to_string())
    }

    /// A shard's journal of responses while it runs.
    #[must_use]
    pub fn journal(&self, shard: &Digest) -> PathBuf {
        self.root.join("journal").join(format!("{shard}.jsonl"))
    }

    /// Journals left behind by shards that never committed.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be read.
    pub fn journals(&self) -> Result<Vec<PathBuf>, StoreError> {
        list(&self.root.join("journal"))
    }

    /// Removes a journal whose responses have been entered.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be removed.
    pub fn forget_journal(&self, journal: &Path) -> Result<(), StoreError> {
        remove(journal)
    }

    /// Whether an attempt at this shard has committed.
    #[must_use]
    pub fn committed(&self, shard: &Digest) -> bool {
        self.marker(shard).exists()
    }

    /// Commits a result: data first, then the marker, both durable. When another attempt was
    /// first, its result stands and this one is left for collection.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be made durable.
    pub fn commit(&self, result: &ShardResult) -> Result<(), StoreError> {
        let json = serde_json::to_vec(result).expect("results serialise to JSON");
        let bytes = zstd::bulk::compress(&json, 1).expect("compressing memory into memory");
        let digest = Digest::of(&bytes);
        write_durably(&self.data(&digest), &bytes)?;
        self.mark(&result.shard, &digest)
    }

    fn mark(&self, shard: &Digest, data: &Digest) -> Result<(), StoreError> {
        let marker = self.marker(shard);
        let folder = marker.parent().expect("markers have a folder");
        make_durable_folder(folder)?;
        let mut file =
            tempfile::NamedTempFile::new_in(folder).map_err(io_error("write", &marker))?;
        file.write_all(data.to_string().as_bytes())
            .map_err(io_error("write", &marker))?;
        file.as_file()
            .sync_all()
            .map_err(io_error("write", &marker))?;
        match file.persist_noclobber(&marker) {
            Ok(_) => sync_folder(folder),
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(io_error("write", &marker)(error.error)),
        }
    }

    /// Removes what killed attempts left: data without a marker, files half written. To be
    /// called once everything committed has been entered, on a folder that nobody else writes.
    ///
    /// # Errors
    /// [`StoreError`] when something cannot be removed.
    pub fn sweep(&self) -> Result<(), StoreError> {
        for folder in ["commit", "data", "journal"] {
            for path in list(&self.root.join(folder))? {
                remove(&path)?;
            }
        }
        Ok(())
    }

    /// Committed shards, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be read.
    pub fn pending(&self) -> Result<Vec<Digest>, StoreError> {
        let names = list(&self.root.join("commit"))?;
        Ok(names
            .iter()
            .filter_map(|p| p.file_name()?.to_str()?.parse().ok())
            .collect())
    }

    /// A committed result, verified.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read or is damaged.
    pub fn read(&self, shard: &Digest) -> Result<ShardResult, StoreError> {
        let marker = self.marker(shard);
        let name = fs::read_to_string(&marker).map_err(io_error("read", &marker))?;
        let damaged = |bytes: &[u8], path: &Path| StoreError::Damaged {
            place: path.display().to_string(),
            found: Digest::of(bytes),
        };
        let digest: Digest = name
            .parse()
            .map_err(|_| damaged(name.as_bytes(), &marker))?;
        let path = self.data(&digest);
        let bytes = fs::read(&path).map_err(io_error("read", &path))?;
        if Digest::of(&bytes) != digest {
            return Err(damaged(&bytes, &path));
        }
        let json = zstd::stream::decode_all(&bytes[..]).map_err(io_error("read", &path))?;
        serde_json::from_slice(&json).map_err(|_| damaged(&bytes, &path))
    }

    /// Removes a result that the ledger has entered.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be removed.
    pub fn clear(&self, shard: &Digest) -> Result<(), StoreError> {
        let marker = self.marker(shard);
        let name = fs::read_to_string(&marker).unwrap_or_default();
        remove(&marker)?;
        if let Ok(digest) = name.parse() {
            remove(&self.data(&digest))?;
        }
        remove(&self.journal(shard))
    }
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(io_error("remove", path)(error))
        }
        _ => Ok(()),
    }
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(io_error("list", folder)(error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(io_error("list", folder))?.path());
    }
    paths.sort();
    Ok(paths)
}
