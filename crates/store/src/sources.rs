//! The files of a declared source: found by pattern, hashed, and read through a [`Tree`].

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use spinemed_core::seam::{StoreError, Tree};
use spinemed_core::source::Manifest;
use spinemed_core::{Digest, Problem};

use crate::io_error;
use crate::ledger::Ledger;

/// A file of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannedFile {
    /// Its name inside the source, with `/`.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// The digest of its bytes.
    pub digest: Digest,
}

/// The folder that a manifest's `root` names: relative to the source's folder, `${NAME}`
/// replaced by `variables`.
///
/// # Errors
/// The name of a variable that is not set.
pub fn expand_root(
    folder: &Path,
    root: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<PathBuf, String> {
    let mut text = String::new();
    let mut rest = root;
    while let Some(start) = rest.find("${") {
        let end = rest[start..]
            .find('}')
            .ok_or_else(|| rest[start..].to_owned())?
            + start;
        let name = &rest[start + 2..end];
        text.push_str(&rest[..start]);
        text.push_str(
            &variable(name)
                .filter(|v| !v.is_empty())
                .ok_or_else(|| name.to_owned())?,
        );
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    Ok(folder.join(text))
}

/// How the names and digests of patients' files are told (I5). Names of files and folders
/// identify people, and so does a digest to whoever has the file; a veil stands before both,
/// from the first listing on. Its implementation holds the key.
pub trait Veil: Sync {
    /// What stands for each of a source's file names. A file that has no place in the source
    /// (it belongs to no case) has a name of its own as well, and [`Veil::orphan`] says so.
    fn names(&self, names: &BTreeSet<String>) -> BTreeMap<String, String>;

    /// Why a file, by the name that stands for it, can be used by nothing.
    fn orphan(&self, name: &str) -> Option<String>;

    /// What stands for a file's digest.
    fn digest(&self, digest: &Digest) -> Digest;
}

/// Names and digests as they are, for everything that speaks of no patient.
struct Plain;

impl Veil for Plain {
    fn names(&self, names: &BTreeSet<String>) -> BTreeMap<String, String> {
        names.iter().map(|n| (n.clone(), n.clone())).collect()
    }

    fn orphan(&self, _: &str) -> Option<String> {
        None
    }

    fn digest(&self, digest: &Digest) -> Digest {
        *digest
    }
}

/// Finds and hashes a source's files. What cannot be read or is not what its declared digest
/// says becomes a problem; the rest goes on. Files are in byte order of their names.
///
/// With a veil, names and digests are those that stand for the true ones, in the files, the
/// problems and the ledger's cache alike.
///
/// # Errors
/// [`StoreError`] when the ledger's cache cannot be used.
pub fn scan(
    manifest: &Manifest,
    root: &Path,
    ledger: Option<&mut Ledger>,
    veil: Option<&dyn Veil>,
    rehash: bool,
) -> Result<(Vec<ScannedFile>, Vec<Problem>), StoreError> {
    let veiled = veil.is_some();
    let veil = veil.unwrap_or(&Plain);
    let mut problems = Vec::new();
    let problem = |file: &str, reason: String| Problem {
        source: manifest.id.to_string(),
        file: file.to_owned(),
        place: "file".to_owned(),
        reason,
    };
    let names = match wanted(manifest, root) {
        Ok(names) => names,
        Err((_, reason)) if veiled => return Ok((vec![], vec![problem("a folder", reason)])),
        Err((file, reason)) => return Ok((vec![], vec![problem(&file, reason)])),
    };
    let mut ledger = ledger;
    let mut files = Vec::new();
    let mut fresh = Vec::new();
    for (true_name, name) in veil.names(&names) {
        let path = root.join(&true_name);
        if let Some(reason) = veil.orphan(&name) {
            problems.push(problem(&name, reason));
            continue;
        }
        let place = if veiled {
            format!("{}/{name}", manifest.id)
        } else {
            path.display().to_string()
        };
        match digest_of(&path, &place, ledger.as_deref(), veil, rehash) {
            Ok((digest, news)) => {
                fresh.extend(news);
                match manifest.files.get(&true_name) {
                    Some(declared) if *declared != digest => problems.push(problem(
                        &name,
                        format!("its digest is {digest}, but the manifest declares {declared}"),
                    )),
                    _ => files.push(ScannedFile { name, path, digest }),
                }
            }
            Err(reason) => problems.push(problem(&name, reason)),
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(ledger) = ledger.as_mut()
        && !fresh.is_empty()
    {
        ledger.remember_files(&fresh)?;
    }
    if files.is_empty() && problems.is_empty() {
        problems.push(problem(
            &manifest.root,
            "no file matches the manifest's patterns".to_owned(),
        ));
    }
    Ok((files, problems))
}

type Fresh = Option<(String, u64, i64, Digest)>;

fn digest_of(
    path: &Path,
    place: &str,
    ledger: Option<&Ledger>,
    veil: &dyn Veil,
    rehash: bool,
) -> Result<(Digest, Fresh), String> {
    let meta = fs::metadata(path).map_err(|e| format!("cannot be read: {e}"))?;
    let mtime = meta
        .modified()
        .ok()
        .and_then(|t| t.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |d| i64::try_from(d.as_nanos()).unwrap_or(0));
    if !rehash
        && mtime != 0
        && let Some(ledger) = ledger
        && let Ok(Some(digest)) = ledger.file_hint(place, meta.len(), mtime)
    {
        return Ok((digest, None));
    }
    let bytes = fs::read(path).map_err(|e| format!("cannot be read: {e}"))?;
    let digest = veil.digest(&Digest::of(&bytes));
    Ok((digest, Some((place.to_owned(), meta.len(), mtime, digest))))
}

fn wanted(manifest: &Manifest, root: &Path) -> Result<BTreeSet<String>, (String, String)> {
    let mut names: BTreeSet<String> = manifest.files.keys().cloned().collect();
    if manifest.include.is_empty() {
        return Ok(names);
    }
    if !root.is_dir() {
        let shown = manifest.root.clone();
        return Err((shown, "the folder does not exist".to_owned()));
    }
    let include = patterns(&manifest.include)?;
    let exclude = patterns(&manifest.exclude)?;
    let mut found = Vec::new();
    walk(root, "", &mut found).map_err(|(file, e)| (file, format!("cannot be listed: {e}")))?;
    names.extend(
        found
            .into_iter()
            .filter(|n| include.is_match(n) && !exclude.is_match(n)),
    );
    Ok(names)
}

fn patterns(globs: &[String]) -> Result<GlobSet, (String, String)> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let wrong = |e: globset::Error| {
            (
                "source.toml".to_owned(),
                format!("`{glob}` is no pattern: {e}"),
            )
        };
        set.add(
            GlobBuilder::new(glob)
                .literal_separator(true)
                .build()
                .map_err(wrong)?,
        );
    }
    set.build()
        .map_err(|e| ("source.toml".to_owned(), e.to_string()))
}

pub(crate) fn walk(
    root: &Path,
    below: &str,
    found: &mut Vec<String>,
) -> Result<(), (String, std::io::Error)> {
    let folder = root.join(below);
    let entries = fs::read_dir(&folder).map_err(|e| (below.to_owned(), e))?;
    for entry in entries {
        let entry = entry.map_err(|e| (below.to_owned(), e))?;
        // A name that is not UTF-8 cannot be a pattern's match or a ledger's key.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let full = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        // Symbolic links are followed for files, not for folders: no cycles.
        let kind = entry.file_type().map_err(|e| (full.clone(), e))?;
        if kind.is_dir() {
            walk(root, &full, found)?;
        } else if kind.is_file() || entry.path().is_file() {
            found.push(full);
        }
    }
    Ok(())
}

/// A source's scanned files as a reader sees them; other files do not exist for it. Bytes are
/// checked against the scanned digest, so that a file changed in between is no silent input.
pub struct DirTree<'a> {
    files: BTreeMap<String, ScannedFile>,
    veil: &'a dyn Veil,
}

impl<'a> DirTree<'a> {
    /// The tree of these files, found with this veil.
    #[must_use]
    pub fn new(files: Vec<ScannedFile>, veil: Option<&'a dyn Veil>) -> Self {
        Self {
            files: files.into_iter().map(|f| (f.name.clone(), f)).collect(),
            veil: veil.unwrap_or(&Plain),
        }
    }
}

impl Tree for DirTree<'_> {
    fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        let file = self.files.get(name).ok_or("no such file in this source")?;
        let bytes = fs::read(&file.path).map_err(|e| format!("cannot be read: {e}"))?;
        if self.veil.digest(&Digest::of(&bytes)) != file.digest {
            return Err("it changed while it was being read; build again".to_owned());
        }
        Ok(Cow::Owned(bytes))
    }

    fn digest(&self, name: &str) -> Result<Digest, String> {
        self.files
            .get(name)
            .map(|f| f.digest)
            .ok_or_else(|| "no such file in this source".to_owned())
    }
}

/// Reads a configuration file for the callers that may not touch files.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn read_text(path: &Path) -> Result<String, StoreError> {
    fs::read_to_string(path).map_err(io_error("read", path))
}

/// The names in a folder, in byte order; none where there is no such folder.
#[must_use]
pub fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return vec![];
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|e| e.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}
