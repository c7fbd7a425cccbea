//! The ZIP archive around an EPUB (OCF 3.3), read within limits and never written out.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::picture::Shelf;
use crate::reader::Refusal;
use crate::text::shortened;

/// Files of one archive.
const MAX_ENTRIES: usize = 20_000;
/// Bytes of one file.
const MAX_ENTRY: u64 = 64 << 20;
/// Bytes of all files that are read, together.
const MAX_TOTAL: u64 = 1 << 30;

/// An open archive.
pub struct Archive<'a> {
    zip: RefCell<ZipArchive<Cursor<&'a [u8]>>>,
    names: Vec<String>,
    left: Cell<u64>,
}

impl<'a> Archive<'a> {
    /// Opens an archive and refuses one whose names lead out of it.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if !bytes.starts_with(b"PK") {
            return Err(Refusal::new("file", "not EPUB: the file is no ZIP archive"));
        }
        let broken = |error: zip::result::ZipError| {
            let cause = shortened(&error.to_string());
            Refusal::new("file", format!("the ZIP archive is damaged: {cause}"))
        };
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        if zip.len() > MAX_ENTRIES {
            let reason = format!("{} files, more than the limit of {MAX_ENTRIES}", zip.len());
            return Err(Refusal::new("file", reason));
        }
        let mut names = Vec::with_capacity(zip.len());
        for name in zip.file_names() {
            let name = name.map_err(broken)?.into_owned();
            let outside = name.starts_with('/')
                || name.contains(['\\', '\0'])
                || name.split('/').any(|part| part == "..");
            if outside {
                let reason = format!("entry `{}` leads out of the archive", shortened(&name));
                return Err(Refusal::new("file", reason));
            }
            names.push(name);
        }
        names.sort();
        Ok(Self {
            zip: RefCell::new(zip),
            names,
            left: Cell::new(MAX_TOTAL),
        })
    }

    /// Whether a file is there.
    pub fn has(&self, name: &str) -> bool {
        self.names
            .binary_search_by(|n| n.as_str().cmp(name))
            .is_ok()
    }

    /// A file's bytes.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, String> {
        let mut zip = self.zip.borrow_mut();
        let entry = zip
            .by_name(name)
            .map_err(|error| shortened(&error.to_string()))?;
        let limit = MAX_ENTRY.min(self.left.get());
        let mut bytes = Vec::new();
        // What the archive says of its sizes is not believed.
        entry
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("it does not unpack: {}", shortened(&error.to_string())))?;
        let read = bytes.len() as u64;
        self.left.set(self.left.get().saturating_sub(read));
        if read > limit {
            return Err(format!(
                "it unpacks to more than the limits: {MAX_ENTRY} bytes for one file, {MAX_TOTAL} \
                 for all"
            ));
        }
        Ok(bytes)
    }

    /// A file that must be there.
    pub fn required(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        if !self.has(name) {
            return Err(Refusal::new(name, "the file is not in the archive"));
        }
        self.bytes(name).map_err(|cause| Refusal::new(name, cause))
    }
}

impl Shelf for Archive<'_> {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        self.bytes(name).map(Cow::Owned)
    }
}
