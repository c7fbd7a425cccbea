//! Files that hold a key: outside every workspace, readable by their owner alone.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use crate::blobs::make_durable_folder;

/// The most bytes that a key's file may have.
const MOST: u64 = 4096;

/// Why a key's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It cannot be read or written.
    #[error("`{place}` cannot be {action}")]
    Io {
        /// The file.
        place: String,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Others may read it.
    #[error("`{place}` can be read by others (mode {mode:o})")]
    Open {
        /// The file.
        place: String,
        /// Its permissions.
        mode: u32,
    },
    /// It is no short text.
    #[error("`{place}` is no key: it is not a short text")]
    NoText {
        /// The file.
        place: String,
    },
}

impl SecretError {
    fn io(action: &'static str, path: &Path) -> impl Fn(std::io::Error) -> Self + use<> {
        let place = path.display().to_string();
        move |cause| Self::Io {
            place: place.clone(),
            action,
            cause,
        }
    }

    /// Whether there is no such file.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { cause, .. } if cause.kind() == std::io::ErrorKind::NotFound)
    }
}

/// Reads a key's file. One that others may read is refused, unless `public` says that
/// everybody may.
///
/// # Errors
/// [`SecretError`]; it never repeats what the file holds.
pub fn read_secret(path: &Path, public: bool) -> Result<String, SecretError> {
    let place = || path.display().to_string();
    let file = fs::File::open(path).map_err(SecretError::io("read", path))?;
    if !public {
        let meta = file.metadata().map_err(SecretError::io("read", path))?;
        if let Some(mode) = open_to_others(&meta) {
            return Err(SecretError::Open {
                place: place(),
                mode,
            });
        }
    }
    let mut text = String::new();
    match file.take(MOST + 1).read_to_string(&mut text) {
        Ok(read) if read as u64 <= MOST => Ok(text),
        Err(cause) if cause.kind() != std::io::ErrorKind::InvalidData => {
            Err(SecretError::io("read", path)(cause))
        }
        _ => Err(SecretError::NoText { place: place() }),
    }
}

/// Writes a new key's file, readable by its owner alone. Never over one that is there.
///
/// # Errors
/// [`SecretError`] when it is there already or cannot be written.
pub fn make_secret(path: &Path, text: &str) -> Result<(), SecretError> {
    let wrong = SecretError::io("written", path);
    if let Some(folder) = path.parent() {
        make_durable_folder(folder).map_err(|error| {
            wrong(match error {
                spinemed_core::seam::StoreError::Io { cause, .. } => cause,
                other => std::io::Error::other(other.to_string()),
            })
        })?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    only_owner(&mut options);
    let mut file = options.open(path).map_err(&wrong)?;
    file.write_all(text.as_bytes()).map_err(&wrong)?;
    file.sync_all().map_err(&wrong)
}

#[cfg(unix)]
fn open_to_others(meta: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = meta.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_to_others(_: &fs::Metadata) -> Option<u32> {
    None
}

#[cfg(unix)]
fn only_owner(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn only_owner(_: &mut OpenOptions) {}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_new_key_is_its_owners_alone_and_never_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys/a.key");
        make_secret(&path, "one\n").expect("written");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(make_secret(&path, "two\n").is_err());
        assert_eq!(read_secret(&path, false).expect("read"), "one\n");
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.key");
        make_secret(&path, "one\n").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
        let refused = read_secret(&path, false).expect_err("refused");
        assert!(matches!(refused, SecretError::Open { mode: 0o644, .. }));
        assert!(read_secret(&path, true).is_ok());
    }

    #[test]
    fn what_is_no_text_is_no_key() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in [("big", vec![b'a'; 5000]), ("binary", vec![0xff, 0xfe])] {
            let path = folder.path().join(name);
            fs::write(&path, bytes).expect("written");
            let refused = read_secret(&path, true).expect_err("refused");
            assert!(matches!(refused, SecretError::NoText { .. }), "{name}");
        }
        let missing = read_secret(&folder.path().join("none"), true).expect_err("refused");
        assert!(missing.is_missing());
    }
}
