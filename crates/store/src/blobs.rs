//! Values by digest: a folder of files named by SHA-256, and the same in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use spinemed_core::Digest;
use spinemed_core::seam::{Store, StoreError};

use crate::io_error;

/// Files named by the SHA-256 of their bytes, `ab/cdef…`, written whole or not at all.
#[derive(Debug, Clone)]
pub struct DirStore {
    root: PathBuf,
}

impl DirStore {
    /// Uses a folder, made when the first value comes.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.root.join(&name[..2]).join(&name[2..])
    }
}

impl DirStore {
    /// Removes every value that is not in `keep`, and files half written by killed attempts;
    /// nobody else may be writing. Gives the number of values and their bytes.
    ///
    /// # Errors
    /// [`StoreError`] when a folder cannot be listed or a file not removed.
    pub fn retain(&self, keep: &BTreeSet<Digest>) -> Result<(u64, u64), StoreError> {
        let (mut removed, mut freed) = (0, 0);
        let folders = match fs::read_dir(&self.root) {
            Ok(folders) => folders,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((0, 0)),
            Err(error) => return Err(io_error("list", &self.root)(error)),
        };
        for folder in folders {
            let folder = folder.map_err(io_error("list", &self.root))?.path();
            let prefix = folder.file_name().unwrap_or_default().to_owned();
            for file in fs::read_dir(&folder).map_err(io_error("list", &folder))? {
                let file = file.map_err(io_error("list", &folder))?;
                let mut name = prefix.clone();
                name.push(file.file_name());
                let digest = name.to_str().and_then(|n| n.parse::<Digest>().ok());
                if digest.is_some_and(|digest| keep.contains(&digest)) {
                    continue;
                }
                let path = file.path();
                freed += file.metadata().map_or(0, |meta| meta.len());
                removed += u64::from(digest.is_some());
                fs::remove_file(&path).map_err(io_error("remove", &path))?;
            }
            sync_folder(&folder)?;
        }
        Ok((removed, freed))
    }
}

impl Store for DirStore {
    fn put(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let digest = Digest::of(bytes);
        let path = self.path(&digest);
        if !path.exists() {
            write_durably(&path, bytes)?;
        }
        Ok(digest)
    }

    fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(digest);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error("read", &path)(error)),
        };
        let found = Digest::of(&bytes);
        if found != *digest {
            return Err(StoreError::Damaged {
                place: path.display().to_string(),
                found,
            });
        }
        Ok(Some(bytes))
    }

    fn has(&self, digest: &Digest) -> Result<bool, StoreError> {
        Ok(self.path(digest).exists())
    }
}

/// Writes a file so that after a power cut it is there whole or not at all: a temporary file
/// in the same folder, fsync, rename, fsync of the folder.
///
/// # Errors
/// [`StoreError`] when it could not be made durable.
///
/// # Panics
/// When `path` is the root of the file system.
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().expect("a stored file has a folder");
    make_durable_folder(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io_error("write", path))?;
    file.write_all(bytes).map_err(io_error("write", path))?;
    file.as_file().sync_all().map_err(io_error("write", path))?;
    file.persist(path)
        .map_err(|e| io_error("write", path)(e.error))?;
    sync_folder(folder)
}

pub(crate) fn make_durable_folder(folder: &Path) -> Result<(), StoreError> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(io_error("create", folder))?;
    folder.parent().map_or(Ok(()), sync_folder)
}

pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder)
        .and_then(|f| f.sync_all())
        .map_err(io_error("sync", folder))
}

/// Values in memory, for tests and dry runs.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<BTreeMap<Digest, Vec<u8>>>);

impl Store for MemoryStore {
    fn put(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let digest = Digest::of(bytes);
        self.0
            .lock()
            .expect("no holder of this lock panics")
            .insert(digest, bytes.to_vec());
        Ok(digest)
    }

    fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .0
            .lock()
            .expect("no holder of this lock panics")
            .get(digest)
            .cloned())
    }

    fn has(&self, digest: &Digest) -> Result<bool, StoreError> {
        Ok(self
            .0
            .lock()
            .expect("no holder of this lock panics")
            .contains_key(digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suite(store: &dyn Store) {
        let digest = store.put(b"value").expect("kept");
        assert_eq!(digest, Digest::of(b"value"));
        assert_eq!(store.put(b"value").expect("kept twice"), digest);
        assert_eq!(store.get(&digest).expect("read"), Some(b"value".to_vec()));
        assert!(store.has(&digest).expect("asked"));
        assert_eq!(store.get(&Digest::of(b"other")).expect("read"), None);
    }

    #[test]
    fn every_store_keeps_values() {
        let folder = tempfile::tempdir().expect("a folder");
        suite(&DirStore::new(folder.path().join("blobs")));
        suite(&MemoryStore::default());
    }

    #[test]
    fn damage_is_seen_on_reading() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = DirStore::new(folder.path().to_owned());
        let digest = store.put(b"value").expect("kept");
        fs::write(store.path(&digest), b"valuf").expect("damaged on purpose");
        assert!(matches!(
            store.get(&digest),
            Err(StoreError::Damaged { .. })
        ));
    }
}
