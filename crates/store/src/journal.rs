//! Responses of a running shard: one line each, on disk before anyone uses them (I4).

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use spinemed_core::model::Response;
use spinemed_core::seam::{Journal, StoreError};

use crate::blobs::make_durable_folder;
use crate::io_error;

/// An append-only file of responses. A torn last line, left by a kill, is dropped on reading:
/// it was never acknowledged.
#[derive(Debug)]
pub struct ShardJournal {
    path: PathBuf,
    file: Mutex<File>,
}

impl ShardJournal {
    /// Opens (or makes) a journal and gives the responses it already holds.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be used.
    pub fn open(path: &Path) -> Result<(Self, Vec<Response>), StoreError> {
        make_durable_folder(path.parent().expect("a journal has a folder"))?;
        let held = Self::read(path)?;
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map_err(io_error("open", path))?;
        let whole: u64 = held.1;
        file.set_len(whole).map_err(io_error("repair", path))?;
        Ok((
            Self {
                path: path.to_owned(),
                file: Mutex::new(file),
            },
            held.0,
        ))
    }

    /// The responses of a journal file and the length of its whole lines in bytes.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be read.
    pub fn read(path: &Path) -> Result<(Vec<Response>, u64), StoreError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((vec![], 0)),
            Err(error) => return Err(io_error("read", path)(error)),
        };
        let mut responses = Vec::new();
        let mut whole = 0;
        for line in bytes.split_inclusive(|&b| b == b'\n') {
            let Ok(response) = serde_json::from_slice(line) else {
                break;
            };
            if !line.ends_with(b"\n") {
                break;
            }
            responses.push(response);
            whole += line.len() as u64;
        }
        Ok((responses, whole))
    }
}

impl Journal for ShardJournal {
    fn record(&self, response: &Response) -> Result<(), StoreError> {
        self.record_all(std::slice::from_ref(response))
    }

    /// One write and one fsync for all of them.
    fn record_all(&self, responses: &[Response]) -> Result<(), StoreError> {
        let mut lines = Vec::new();
        for response in responses {
            serde_json::to_writer(&mut lines, response).expect("responses serialise to JSON");
            lines.push(b'\n');
        }
        let mut file = self.file.lock().expect("no holder of this lock panics");
        file.write_all(&lines)
            .map_err(io_error("write", &self.path))?;
        file.sync_data().map_err(io_error("write", &self.path))
    }
}

#[cfg(test)]
mod tests {
    use spinemed_core::Digest;

    use super::*;

    fn response(text: &str) -> Response {
        Response {
            key: Digest::of(text.as_bytes()),
            text: text.to_owned(),
            raw: String::new(),
            served_by: None,
            finish_reason: None,
            input_tokens: None,
            output_tokens: None,
        }
    }

    #[test]
    fn a_torn_line_is_dropped_and_the_rest_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("j.jsonl");
        let (journal, held) = ShardJournal::open(&path).expect("opened");
        assert!(held.is_empty());
        journal.record(&response("one")).expect("kept");
        drop(journal);
        let mut bytes = std::fs::read(&path).expect("read");
        bytes.extend_from_slice(b"{\"key\":\"tor");
        std::fs::write(&path, bytes).expect("torn on purpose");
        let (journal, held) = ShardJournal::open(&path).expect("opened");
        assert_eq!(held, vec![response("one")]);
        journal.record(&response("two")).expect("kept");
        assert_eq!(ShardJournal::read(&path).expect("read").0.len(), 2);
    }
}
