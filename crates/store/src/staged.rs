//! A folder that appears whole or not at all: written beside its place, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use spinemed_core::seam::StoreError;

use crate::blobs::{make_durable_folder, sync_folder};
use crate::io_error;

/// A folder on its way to its place.
#[derive(Debug)]
pub struct StagedFolder {
    staging: PathBuf,
    place: PathBuf,
}

impl StagedFolder {
    /// Begins a folder that will stand at `place`. What an earlier, killed attempt left is
    /// removed.
    ///
    /// # Errors
    /// [`StoreError`] when the staging folder cannot be made.
    pub fn begin(place: &Path) -> Result<Self, StoreError> {
        let name = place
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or("folder");
        let staging = place.with_file_name(format!(".{name}.tmp"));
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(io_error("remove", &staging))?;
        }
        make_durable_folder(&staging)?;
        Ok(Self {
            staging,
            place: place.to_owned(),
        })
    }

    /// Starts a file; it is durable once flushed.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(&self, name: &str) -> io::Result<Box<dyn Write + Send>> {
        let path = self.staging.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        Ok(Box::new(Durable(BufWriter::new(file))))
    }

    /// Puts the folder in its place. A folder that is there already stays: its name says what
    /// is in it.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be made durable.
    pub fn publish(self) -> Result<PathBuf, StoreError> {
        sync_tree(&self.staging)?;
        if self.place.exists() {
            fs::remove_dir_all(&self.staging).map_err(io_error("remove", &self.staging))?;
            return Ok(self.place);
        }
        fs::rename(&self.staging, &self.place).map_err(io_error("rename", &self.place))?;
        sync_folder(
            self.place
                .parent()
                .expect("a release has a folder around it"),
        )?;
        Ok(self.place)
    }
}

impl StagedFolder {
    /// Gives up: removes what was written so far. Best effort; the next attempt removes it too.
    pub fn abandon(self) {
        let _ = fs::remove_dir_all(&self.staging);
    }
}

fn sync_tree(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder).map_err(io_error("list", folder))? {
        let path = entry.map_err(io_error("list", folder))?.path();
        if path.is_dir() {
            sync_tree(&path)?;
        }
    }
    sync_folder(folder)
}

/// A file whose flush reaches the disk.
struct Durable(BufWriter<File>);

impl Write for Durable {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()?;
        self.0.get_ref().sync_data()
    }
}

/// All files below a folder as a [`spinemed_core::seam::Tree`], read when asked for.
#[derive(Debug, Clone)]
pub struct PlainTree {
    root: PathBuf,
    names: Vec<String>,
}

impl PlainTree {
    /// The tree of a folder.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be listed.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        let mut names = Vec::new();
        crate::sources::walk(root, "", &mut names)
            .map_err(|(file, cause)| io_error("list", &root.join(file))(cause))?;
        names.sort();
        Ok(Self {
            root: root.to_owned(),
            names,
        })
    }

    /// A single file as a tree of one name.
    #[must_use]
    pub fn of_file(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_owned();
        let root = path
            .parent()
            .map_or_else(|| PathBuf::from("."), Path::to_owned);
        Some(Self {
            root,
            names: vec![name],
        })
    }
}

impl spinemed_core::seam::Tree for PlainTree {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn read(&self, name: &str) -> Result<std::borrow::Cow<'_, [u8]>, String> {
        if self
            .names
            .binary_search_by(|n| n.as_str().cmp(name))
            .is_err()
        {
            return Err("no such file".into());
        }
        fs::read(self.root.join(name))
            .map(Into::into)
            .map_err(|e| format!("cannot be read: {e}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_whole() {
        let root = tempfile::tempdir().expect("a folder");
        let place = root.path().join("releases").join("r-1");
        let staged = StagedFolder::begin(&place).expect("begun");
        let mut file = staged.create("data/a.txt").expect("made");
        file.write_all(b"a")
            .and_then(|()| file.flush())
            .expect("written");
        drop(file);
        assert!(!place.exists());
        staged.publish().expect("published");
        assert_eq!(fs::read(place.join("data/a.txt")).expect("read"), b"a");
    }
}
