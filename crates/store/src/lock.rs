//! One build at a time in a workspace.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::Path;

use spinemed_core::seam::StoreError;

use crate::io_error;

/// The held lock; dropping it, or the process's death, frees the workspace.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code, reason = "held for its lock alone")] File);

/// Who holds the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The holder's process id, as it wrote it.
    pub pid: String,
}

impl Lock {
    /// Takes the lock, or says who holds it. The kernel frees it when the holder dies, so a
    /// killed build leaves no stale lock.
    ///
    /// # Errors
    /// [`StoreError`] when the lock file cannot be used.
    pub fn take(path: &Path) -> Result<Result<Self, Held>, StoreError> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(io_error("open", path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let _ = file.read_to_string(&mut pid);
                return Ok(Err(Held {
                    pid: pid.trim().to_owned(),
                }));
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(io_error("lock", path)(error)),
        }
        file.set_len(0).map_err(io_error("write", path))?;
        file.rewind().map_err(io_error("write", path))?;
        write!(file, "{}", std::process::id()).map_err(io_error("write", path))?;
        Ok(Ok(Self(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_holds_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        let first = Lock::take(&path).expect("usable").expect("free");
        let held = Lock::take(&path).expect("usable").expect_err("held");
        assert_eq!(held.pid, std::process::id().to_string());
        drop(first);
        assert!(Lock::take(&path).expect("usable").is_ok());
    }
}
