//! What a reader in a process of its own and its parent say to each other.
//!
//! A frame is a tag of one byte, the payload's length in eight bytes (little-endian), and the
//! payload. The parent begins; the child asks for files until it has the answer:
//!
//! | tag | from | payload |
//! |---|---|---|
//! | `H` | parent | the manifest and the files' names, JSON |
//! | `W`, `D` | child | a file's name: its bytes, or its digest, are wanted |
//! | `B`, `E` | parent | bytes, or why there are none |
//! | `R`, `P`, `J` | child | a record, a problem, a rejected record, JSON |
//! | `M` | child | a picture's description, JSON, then a frame `B` with its bytes |
//! | `Z` | child | how many of each came, JSON: the answer is whole |
//!
//! Nothing that comes from a child is believed: a frame that is too long, unknown, out of
//! order or not what its digest says makes the whole answer worthless.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::media::{Media, MediaRef};
use spinemed_core::seam::{Ingested, Reading, Tree};
use spinemed_core::source::Manifest;

/// Why an answer cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    /// The pipe ended or failed before the answer was whole.
    #[error("the answer broke off")]
    Off,
    /// More bytes than are taken.
    #[error("the answer is longer than is taken")]
    Long,
    /// Something else than the protocol says.
    #[error("the answer is not what the protocol says")]
    Wrong,
}

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Self {
        Self::Off
    }
}

#[derive(Serialize, Deserialize)]
struct Hello {
    manifest: Manifest,
    names: Vec<String>,
}

/// Asks for a tree to be read, hands out the files that are wanted, and takes the answer of at
/// most `most` bytes. Of the files one at a time is held.
///
/// # Errors
/// [`Broken`]: nothing of the answer may be used.
pub(crate) fn ask(
    manifest: &Manifest,
    tree: &dyn Tree,
    mut to: impl Write,
    mut from: impl Read,
    most: u64,
) -> Result<Ingested, Broken> {
    let hello = Hello {
        manifest: manifest.clone(),
        names: tree.names(),
    };
    // A child that ends before it read everything is judged by its answer and its end.
    drop(put(&mut to, b'H', &json(&hello)));
    let mut out = Ingested::default();
    let mut left = most;
    loop {
        let (tag, payload) = get(&mut from, &mut left)?;
        match tag {
            b'W' => reply(&mut to, tree.read(&text(payload)?))?,
            b'D' => {
                let digest = tree.digest(&text(payload)?);
                reply(&mut to, digest.map(|d| d.to_string().into_bytes().into()))?;
            }
            b'R' => out.records.push(parsed(&payload)?),
            b'P' => out.problems.push(parsed(&payload)?),
            b'J' => out.rejected.push(parsed(&payload)?),
            b'M' => {
                let (tag, bytes) = get(&mut from, &mut left)?;
                let reference: MediaRef = parsed(&payload)?;
                if tag != b'B' || Digest::of(&bytes) != reference.sha256 {
                    return Err(Broken::Wrong);
                }
                out.media.push(Media { reference, bytes });
            }
            b'Z' if parsed::<[usize; 4]>(&payload)? == counts(&out) => return Ok(out),
            _ => return Err(Broken::Wrong),
        }
    }
}

/// Answers one question: reads the tree at the pipe's other end.
///
/// # Errors
/// When a pipe fails or the question is none: nobody can use an answer any more.
pub fn serve(reading: &dyn Reading, mut from: impl Read, to: impl Write) -> io::Result<()> {
    let (tag, payload) = get(&mut from, &mut u64::MAX.clone()).map_err(io::Error::other)?;
    if tag != b'H' {
        return Err(io::Error::other(Broken::Wrong));
    }
    let hello: Hello = parsed(&payload).map_err(io::Error::other)?;
    let tree = Far {
        names: hello.names,
        pipes: RefCell::new((from, to)),
    };
    let read = reading.ingest(&hello.manifest, &tree);
    let (_, mut to) = tree.pipes.into_inner();
    answer(&read, &mut to)
}

fn answer(read: &Ingested, to: &mut impl Write) -> io::Result<()> {
    for record in &read.records {
        put(to, b'R', &json(record))?;
    }
    for media in &read.media {
        put(to, b'M', &json(&media.reference))?;
        put(to, b'B', &media.bytes)?;
    }
    for problem in &read.problems {
        put(to, b'P', &json(problem))?;
    }
    for problem in &read.rejected {
        put(to, b'J', &json(problem))?;
    }
    put(to, b'Z', &json(&counts(read)))
}

fn counts(read: &Ingested) -> [usize; 4] {
    [
        read.records.len(),
        read.media.len(),
        read.problems.len(),
        read.rejected.len(),
    ]
}

/// The tree at the other end of two pipes.
struct Far<R, W> {
    names: Vec<String>,
    pipes: RefCell<(R, W)>,
}

impl<R: Read, W: Write> Far<R, W> {
    fn want(&self, tag: u8, name: &str) -> Result<Vec<u8>, String> {
        let (from, to) = &mut *self.pipes.borrow_mut();
        put(to, tag, name.as_bytes()).map_err(|e| e.to_string())?;
        match get(from, &mut u64::MAX.clone()) {
            Ok((b'B', bytes)) => Ok(bytes),
            Ok((b'E', cause)) => Err(String::from_utf8_lossy(&cause).into_owned()),
            Ok(_) => Err(Broken::Wrong.to_string()),
            Err(broken) => Err(broken.to_string()),
        }
    }
}

impl<R: Read, W: Write> Tree for Far<R, W> {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        self.want(b'W', name).map(Cow::Owned)
    }

    fn digest(&self, name: &str) -> Result<Digest, String> {
        let bytes = self.want(b'D', name)?;
        let text = String::from_utf8(bytes).map_err(|e| e.to_string())?;
        text.parse().map_err(|_| Broken::Wrong.to_string())
    }
}

fn reply(to: &mut impl Write, found: Result<Cow<'_, [u8]>, String>) -> io::Result<()> {
    match found {
        Ok(bytes) => put(to, b'B', &bytes),
        Err(cause) => put(to, b'E', cause.as_bytes()),
    }
}

fn put(to: &mut impl Write, tag: u8, payload: &[u8]) -> io::Result<()> {
    let mut head = [tag; 9];
    head[1..].copy_from_slice(&(payload.len() as u64).to_le_bytes());
    to.write_all(&head)?;
    to.write_all(payload)?;
    to.flush()
}

/// The next frame. Its length is a promise: memory is taken as bytes come.
fn get(from: &mut impl Read, left: &mut u64) -> Result<(u8, Vec<u8>), Broken> {
    let mut head = [0; 9];
    from.read_exact(&mut head)?;
    let [tag, length @ ..] = head;
    let length = u64::from_le_bytes(length);
    *left = left.checked_sub(9).ok_or(Broken::Long)?;
    *left = left.checked_sub(length).ok_or(Broken::Long)?;
    let mut payload = Vec::new();
    from.by_ref().take(length).read_to_end(&mut payload)?;
    if payload.len() as u64 == length {
        Ok((tag, payload))
    } else {
        Err(Broken::Off)
    }
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("what readers make serialises")
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Broken> {
    serde_json::from_slice(bytes).map_err(|_| Broken::Wrong)
}

fn text(bytes: Vec<u8>) -> Result<String, Broken> {
    String::from_utf8(bytes).map_err(|_| Broken::Wrong)
}

#[cfg(test)]
mod tests;
