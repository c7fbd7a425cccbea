//! The files of a pipeline's sources as units of ingest.

use std::collections::BTreeMap;

use spinemed_core::seam::StoreError;
use spinemed_core::source::{Format, Manifest};
use spinemed_core::vocabulary::Subjects;
use spinemed_core::{Digest, Problem};
use spinemed_store::{Ledger, ScannedFile, Veil};

use crate::custody::CaseVeil;
use crate::project::{Project, Source};
use crate::unit::{Input, Unit};

/// A source with its files as they are now.
#[derive(Debug, Clone)]
pub struct Scanned<'a> {
    /// The source.
    pub source: &'a Source,
    /// Usable files.
    pub files: Vec<ScannedFile>,
    /// Files that are missing, unreadable or not what their digest says.
    pub problems: Vec<Problem>,
}

/// Scans every source of a project.
///
/// # Errors
/// [`StoreError`] when the ledger's cache of digests cannot be used.
pub fn scan_all<'a>(
    project: &'a Project,
    mut ledger: Option<&mut Ledger>,
    rehash: bool,
) -> Result<Vec<Scanned<'a>>, StoreError> {
    let mut scanned = Vec::new();
    for source in &project.sources {
        let (files, problems) = match &source.root {
            // Without a veil, names of patients' files would be told as they are.
            _ if source.manifest.subjects == Subjects::Patients && project.key.is_none() => (
                vec![],
                vec![root_problem(
                    source,
                    "its files need the key of patients' records",
                )],
            ),
            Ok(root) => {
                let veil = project.veil(&source.manifest);
                let veil = veil.as_ref().map(|v| v as &dyn Veil);
                spinemed_store::scan(&source.manifest, root, ledger.as_deref_mut(), veil, rehash)?
            }
            Err(reason) => (vec![], vec![root_problem(source, reason)]),
        };
        scanned.push(Scanned {
            source,
            files,
            problems,
        });
    }
    Ok(scanned)
}

fn root_problem(source: &Source, reason: &str) -> Problem {
    Problem {
        source: source.manifest.id.to_string(),
        file: source.manifest.root.clone(),
        place: "source.toml".to_owned(),
        reason: reason.to_owned(),
    }
}

impl Project {
    /// What stands before the names and digests of a source's files, where it speaks of
    /// patients.
    #[must_use]
    pub fn veil(&self, manifest: &Manifest) -> Option<CaseVeil<'_>> {
        let key = self.key.as_ref()?;
        (manifest.subjects == Subjects::Patients).then(|| CaseVeil::new(key, manifest.id.as_str()))
    }
}

impl Scanned<'_> {
    /// The digest of all files by name.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let files: BTreeMap<&str, Digest> = self
            .files
            .iter()
            .map(|f| (f.name.as_str(), f.digest))
            .collect();
        Digest::of_json(&(files, &self.problems))
    }

    /// Units of ingest: the whole source for tables that refer to each other, else one file
    /// each, with the pictures in its folder for formats that link to them.
    #[must_use]
    pub fn units(&self) -> Vec<Unit> {
        let id = self.source.manifest.id.as_str();
        let format = self.source.manifest.format;
        if self.files.is_empty() {
            return vec![];
        }
        if format.reads_whole_tree() {
            let inputs = self
                .files
                .iter()
                .map(|f| Input::named(&f.name, f.digest))
                .collect();
            return vec![unit(id.to_owned(), id, inputs)];
        }
        if format == Format::Case {
            return self.cases();
        }
        self.files
            .iter()
            .filter(|f| is_primary(format, &f.name))
            .map(|f| {
                let mut inputs = vec![Input::named(&f.name, f.digest)];
                if let Some(folders) = folders_up(format) {
                    inputs.extend(self.pictures_near(&f.name, folders));
                }
                unit(format!("{id}/{}", f.name), id, inputs)
            })
            .collect()
    }

    /// One unit per case folder.
    fn cases(&self) -> Vec<Unit> {
        let id = self.source.manifest.id.as_str();
        let mut folders: BTreeMap<&str, Vec<Input>> = BTreeMap::new();
        for file in &self.files {
            let folder = file.name.split('/').next().unwrap_or_default();
            let input = Input::named(&file.name, file.digest);
            folders.entry(folder).or_default().push(input);
        }
        folders
            .into_iter()
            .map(|(folder, inputs)| unit(format!("{id}/{folder}"), id, inputs))
            .collect()
    }

    /// Pictures in a file's folder, or in the one so many above it, and below that.
    fn pictures_near(&self, name: &str, above: usize) -> Vec<Input> {
        let folders: Vec<usize> = name.match_indices('/').map(|(at, _)| at).collect();
        let kept = folders.len().saturating_sub(above);
        let folder = kept.checked_sub(1).map_or("", |at| &name[..=folders[at]]);
        self.files
            .iter()
            .filter(|f| f.name.starts_with(folder) && is_picture(&f.name))
            .map(|f| Input::named(&f.name, f.digest))
            .collect()
    }
}

fn unit(name: String, source: &str, inputs: Vec<Input>) -> Unit {
    Unit {
        name,
        source: source.to_owned(),
        inputs,
        params: serde_json::Value::Null,
        clearance: serde_json::Value::Null,
    }
}

/// For formats that link to pictures, how far above their own folder those may lie:
/// `modules/m46352/index.cnxml` has them in `media/`, a web page in `../images/`.
fn folders_up(format: Format) -> Option<usize> {
    match format {
        Format::Jats => Some(0),
        Format::Html | Format::Markdown => Some(1),
        Format::Cnxml => Some(2),
        Format::Pdf
        | Format::Epub
        | Format::QuestionBank
        | Format::Rsna2024Lumbar
        | Format::Case => None,
    }
}

fn is_picture(name: &str) -> bool {
    has_extension(
        name,
        &["png", "jpg", "jpeg", "gif", "tif", "tiff", "webp", "svg"],
    )
}

fn is_primary(format: Format, name: &str) -> bool {
    match format {
        Format::Jats | Format::Cnxml | Format::Html | Format::Markdown => !is_picture(name),
        Format::Epub
        | Format::Pdf
        | Format::QuestionBank
        | Format::Rsna2024Lumbar
        | Format::Case => true,
    }
}

fn has_extension(name: &str, wanted: &[&str]) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, e)| wanted.iter().any(|w| e.eq_ignore_ascii_case(w)))
}
