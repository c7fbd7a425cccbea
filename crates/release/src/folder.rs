//! Where a release is written to: named streams, each hashed on its way out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use spinemed_core::Digest;
use spinemed_core::seam::Tree;

use crate::error::ReleaseError;

/// A folder that files can be made in. The outside implements it; [`MemoryFolder`] is the
/// one for tests and for small releases.
pub trait Folder {
    /// Starts a file. `name` uses `/` between folders and is created once. The file is
    /// complete when the stream has been flushed and dropped; an error of either is an error
    /// of `flush`.
    ///
    /// # Errors
    /// What the system says.
    fn create(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>>;
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSum {
    /// The name, with `/` between folders.
    pub name: String,
    /// The digest of its bytes.
    pub sha256: Digest,
    /// The number of its bytes.
    pub bytes: u64,
}

/// A folder in memory; also a [`Tree`], so that what was written can be verified.
#[derive(Debug, Clone, Default)]
pub struct MemoryFolder {
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl MemoryFolder {
    /// A copy of all files, by name.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.files
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A folder with these files.
    #[must_use]
    pub fn of(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self {
            files: Arc::new(Mutex::new(files)),
        }
    }
}

impl Folder for MemoryFolder {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>> {
        let files = Arc::clone(&self.files);
        Ok(Box::new(MemoryFile {
            files,
            name: name.to_owned(),
            bytes: Vec::new(),
        }))
    }
}

impl Tree for MemoryFolder {
    fn names(&self) -> Vec<String> {
        self.files
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .keys()
            .cloned()
            .collect()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files
            .get(name)
            .cloned()
            .map(Cow::Owned)
            .ok_or_else(|| "no such file".to_owned())
    }
}

struct MemoryFile {
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    name: String,
    bytes: Vec<u8>,
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for MemoryFile {
    fn drop(&mut self) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(
            std::mem::take(&mut self.name),
            std::mem::take(&mut self.bytes),
        );
    }
}

/// Makes the files of a release and keeps their digests.
pub(crate) struct Packer<'a> {
    folder: &'a mut dyn Folder,
    sums: BTreeMap<String, FileSum>,
}

impl<'a> Packer<'a> {
    pub fn new(folder: &'a mut dyn Folder) -> Self {
        Self {
            folder,
            sums: BTreeMap::new(),
        }
    }

    /// Starts a file.
    pub fn create(&mut self, name: &str) -> Result<Sink, ReleaseError> {
        let inner = self
            .folder
            .create(name)
            .map_err(|cause| failed(name, cause))?;
        Ok(Sink {
            name: name.to_owned(),
            inner,
            hasher: Sha256::new(),
            bytes: 0,
        })
    }

    /// Ends a file.
    pub fn done(&mut self, mut sink: Sink) -> Result<(), ReleaseError> {
        sink.inner
            .flush()
            .map_err(|cause| failed(&sink.name, cause))?;
        let sha256 = Digest::from_bytes(sink.hasher.finalize().into());
        let sum = FileSum {
            name: sink.name.clone(),
            sha256,
            bytes: sink.bytes,
        };
        self.sums.insert(sink.name, sum);
        Ok(())
    }

    /// Writes a whole file.
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), ReleaseError> {
        let mut sink = self.create(name)?;
        sink.write_all(bytes).map_err(|cause| failed(name, cause))?;
        self.done(sink)
    }

    /// Whether a file of this name was made.
    pub fn has(&self, name: &str) -> bool {
        self.sums.contains_key(name)
    }

    /// All files so far, in order of their names.
    pub fn into_sums(self) -> Vec<FileSum> {
        self.sums.into_values().collect()
    }

    /// The text of `SHA256SUMS` over all files so far, as `sha256sum -c` reads it.
    pub fn sums_text(&self) -> String {
        self.sums
            .values()
            .map(|sum| format!("{}  {}\n", sum.sha256, sum.name))
            .collect()
    }
}

/// A file in the making.
pub(crate) struct Sink {
    name: String,
    inner: Box<dyn Write + Send>,
    hasher: Sha256,
    bytes: u64,
}

impl Sink {
    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

pub(crate) fn failed(name: &str, cause: io::Error) -> ReleaseError {
    ReleaseError::Write {
        name: name.to_owned(),
        cause,
    }
}
