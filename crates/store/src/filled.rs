//! A folder that a long run fills file by file, and can go on filling after it was killed.
//!
//! Files are written beside their place and renamed, so that a file is whole or not there.
//! What was done stands in a journal, a line each. Nothing is synced file by file: whoever
//! goes on asks [`Filled::holds`], which compares digests, and does again what is not whole.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use spinemed_core::Digest;
use spinemed_core::seam::StoreError;

use crate::blobs::{make_durable_folder, sync_folder, write_durably};
use crate::io_error;
use crate::lock::{Held, Lock};

/// Lines of the journal that may be lost when the machine stops; a kill loses at most these.
const BATCH: usize = 256;

/// A folder on its way to being full.
#[derive(Debug)]
pub struct Filled {
    root: PathBuf,
    kept: PathBuf,
    journal: Mutex<Journal>,
    made: Mutex<BTreeSet<PathBuf>>,
    next: AtomicU64,
    _lock: Lock,
}

#[derive(Debug)]
struct Journal {
    file: BufWriter<File>,
    open: usize,
}

/// Why a folder is not filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFilled {
    /// There are files in it, and no journal says that they were put there.
    Foreign,
    /// Another process fills it.
    Held(Held),
}

impl Filled {
    /// Takes a folder that is missing, empty, or was begun before. `kept` names the folder in
    /// it that holds lock, journal and half-written files. Returns the journal's lines as
    /// well; a last line that was torn by a kill is left out.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be used.
    pub fn open(
        root: &Path,
        kept: &str,
    ) -> Result<Result<(Self, Vec<String>), NotFilled>, StoreError> {
        let inner = root.join(kept);
        if !inner.is_dir() && has_files(root)? {
            return Ok(Err(NotFilled::Foreign));
        }
        make_durable_folder(&inner)?;
        let lock = match Lock::take(&inner.join("lock"))? {
            Ok(lock) => lock,
            Err(held) => return Ok(Err(NotFilled::Held(held))),
        };
        let half = inner.join("half");
        if half.exists() {
            fs::remove_dir_all(&half).map_err(io_error("remove", &half))?;
        }
        fs::create_dir_all(&half).map_err(io_error("create", &half))?;
        let path = inner.join("journal");
        let (lines, whole) = whole_lines(&path)?;
        let journal = Journal::append(&path)?;
        let file = journal.file.get_ref();
        file.set_len(whole).map_err(io_error("repair", &path))?;
        let filled = Self {
            root: root.to_owned(),
            journal: Mutex::new(journal),
            kept: inner,
            made: Mutex::default(),
            next: AtomicU64::new(0),
            _lock: lock,
        };
        Ok(Ok((filled, lines)))
    }

    /// Writes the journal anew with these lines alone.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn rewrite(&self, lines: &[String]) -> Result<(), StoreError> {
        let path = self.kept.join("journal");
        let mut journal = self.journal.lock().expect("no holder of this lock panics");
        let mut text = lines.join("\n");
        text.push('\n');
        write_durably(&path, text.as_bytes())?;
        *journal = Journal::append(&path)?;
        Ok(())
    }

    /// Enters a line. It is on disk some lines later, or when the journal is written anew.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn enter(&self, line: &str) -> Result<(), StoreError> {
        let path = self.kept.join("journal");
        let mut journal = self.journal.lock().expect("no holder of this lock panics");
        writeln!(journal.file, "{line}").map_err(io_error("write", &path))?;
        // A kill of the process alone loses nothing that was handed to the system.
        journal.file.flush().map_err(io_error("write", &path))?;
        journal.open += 1;
        if journal.open >= BATCH {
            journal.open = 0;
            let file = journal.file.get_ref();
            file.sync_data().map_err(io_error("write", &path))?;
        }
        Ok(())
    }

    /// Puts a file at a name below the folder, over what is there.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let place = self.root.join(name);
        if let Some(folder) = place.parent() {
            self.make(folder)?;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let half = self.kept.join("half").join(number.to_string());
        fs::write(&half, bytes).map_err(io_error("write", &place))?;
        fs::rename(&half, &place).map_err(io_error("write", &place))
    }

    /// Whether a file below the folder has these bytes.
    #[must_use]
    pub fn holds(&self, name: &str, digest: &Digest) -> bool {
        fs::read(self.root.join(name)).is_ok_and(|bytes| Digest::of(&bytes) == *digest)
    }

    /// The bytes of a file below the folder.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        let place = self.root.join(name);
        fs::read(&place).map_err(io_error("read", &place))
    }

    /// Removes a file below the folder, and folders that it leaves empty.
    ///
    /// # Errors
    /// [`StoreError`] when it is there and cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), StoreError> {
        let place = self.root.join(name);
        match fs::remove_file(&place) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io_error("remove", &place)(error));
            }
            _ => {}
        }
        let mut made = self.made.lock().expect("no holder of this lock panics");
        for folder in place.ancestors().skip(1) {
            if folder == self.root || fs::remove_dir(folder).is_err() {
                break;
            }
            made.remove(folder);
        }
        Ok(())
    }

    /// Folders are made once; a run of many files asks for few.
    fn make(&self, folder: &Path) -> Result<(), StoreError> {
        let mut made = self.made.lock().expect("no holder of this lock panics");
        if !made.contains(folder) {
            fs::create_dir_all(folder).map_err(io_error("create", folder))?;
            made.insert(folder.to_owned());
        }
        Ok(())
    }
}

impl Journal {
    fn append(path: &Path) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        let file = options.create(true).append(true).open(path);
        Ok(Self {
            file: BufWriter::new(file.map_err(io_error("open", path))?),
            open: 0,
        })
    }
}

fn has_files(folder: &Path) -> Result<bool, StoreError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(io_error("list", folder)(error)),
    }
}

/// The journal's whole lines, and how many bytes they are.
fn whole_lines(path: &Path) -> Result<(Vec<String>, u64), StoreError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(io_error("read", path)(error)),
    };
    let whole = bytes
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |at| at + 1);
    let text = String::from_utf8_lossy(&bytes[..whole]);
    let lines = text.lines().map(str::to_owned).collect();
    Ok((lines, whole as u64))
}

/// A file found below a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundFile {
    /// Its name relative to the folder, parts joined by `/`. Bytes that are no text are
    /// replaced here alone.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// All files below a folder, or the one file that is named, in order of their names; and names
/// of what could not be listed. Links are followed to files, not to folders: no cycles.
#[must_use]
pub fn files_below(root: &Path) -> (Vec<FoundFile>, Vec<String>) {
    let (mut files, mut closed) = (Vec::new(), Vec::new());
    if root.is_file() {
        let name = root.file_name().unwrap_or_default().to_string_lossy();
        files.push(FoundFile {
            name: name.into_owned(),
            path: root.to_owned(),
        });
        return (files, closed);
    }
    let mut open = vec![(String::new(), root.to_owned())];
    while let Some((below, folder)) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            closed.push(below);
            continue;
        };
        for entry in entries {
            let Ok(entry) = entry else {
                closed.push(below.clone());
                continue;
            };
            let own = entry.file_name().to_string_lossy().into_owned();
            let name = if below.is_empty() {
                own
            } else {
                format!("{below}/{own}")
            };
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push((name, path)),
                Ok(kind) if kind.is_file() || path.is_file() => {
                    files.push(FoundFile { name, path });
                }
                _ => closed.push(name),
            }
        }
    }
    files.sort();
    closed.sort();
    (files, closed)
}

/// The bytes of a file.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn read_file(path: &Path) -> Result<Vec<u8>, StoreError> {
    fs::read(path).map_err(io_error("read", path))
}

/// Writes a file that its owner alone may read, durably, over what is there. Its folder is made
/// for the owner alone where it is missing.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(io_error("create", folder))?;
        folder.parent().map_or(Ok(()), sync_folder)?;
    }
    // Temporary files are made with mode 0600, and renaming keeps it.
    write_durably(path, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(root: &Path) -> (Filled, Vec<String>) {
        Filled::open(root, ".kept").expect("usable").expect("free")
    }

    #[test]
    fn it_goes_on_where_it_was_killed() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("out");
        let (filled, lines) = opened(&root);
        assert!(lines.is_empty());
        filled.put("a/b.txt", b"one").expect("put");
        filled.enter("did a/b.txt").expect("entered");
        let second = Filled::open(&root, ".kept").expect("usable");
        assert!(matches!(second, Err(NotFilled::Held(_))));
        fs::write(root.join(".kept/half/7"), b"ha").expect("half");
        drop(filled);
        let mut journal = fs::read(root.join(".kept/journal")).expect("a journal");
        journal.extend_from_slice(b"to");
        fs::write(root.join(".kept/journal"), journal).expect("torn on purpose");
        let (filled, lines) = opened(&root);
        assert_eq!(lines, ["did a/b.txt"]);
        assert!(filled.holds("a/b.txt", &Digest::of(b"one")));
        assert!(!filled.holds("a/b.txt", &Digest::of(b"two")));
        assert!(!root.join(".kept/half/7").exists());
        filled.remove("a/b.txt").expect("removed");
        assert!(!root.join("a").exists());
        filled.rewrite(&lines).expect("rewritten");
        filled.enter("more").expect("entered");
        drop(filled);
        assert_eq!(opened(&root).1, ["did a/b.txt", "more"]);
    }

    #[test]
    fn other_peoples_files_are_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("x"), b"x").expect("written");
        let refused = Filled::open(folder.path(), ".kept").expect("usable");
        assert_eq!(refused.err(), Some(NotFilled::Foreign));
        assert!(!folder.path().join(".kept").exists());
    }

    #[test]
    fn all_files_are_found() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("a/b")).expect("made");
        for name in ["z", "a/.hidden", "a/b/c"] {
            fs::write(folder.path().join(name), b"x").expect("written");
        }
        let (files, closed) = files_below(folder.path());
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a/.hidden", "a/b/c", "z"]);
        assert!(closed.is_empty());
        let (one, _) = files_below(&folder.path().join("z"));
        assert_eq!(one[0].name, "z");
        assert_eq!(files_below(&folder.path().join("none")).1, [""]);
    }

    #[cfg(unix)]
    #[test]
    fn private_files_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("m/uids.csv");
        write_private(&path, b"x").expect("written");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&folder.path().join("m")), 0o700);
    }
}
