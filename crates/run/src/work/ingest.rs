//! Ingest: files to documents, studies and questions.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use spinemed_core::seam::{Ingest, Ingested, PageReader, Reading, Record, StepId, Tree};
use spinemed_core::source::{Format, Manifest};
use spinemed_core::{Digest, DropReason, Problem};
use spinemed_store::{Output, UnitOutcome};

use super::{Loaded, ShardCx, Work, WorkError};

/// The reader of a format: the one line that a new family of formats adds.
fn reader(format: Format) -> &'static dyn Ingest {
    match format {
        Format::Jats => &spinemed_jats::JatsReader,
        Format::Pdf => &spinemed_pdf::PdfReader { pages: None },
        Format::Cnxml => &spinemed_markup::CnxmlReader,
        Format::Html => &spinemed_markup::HtmlReader,
        Format::Epub => &spinemed_markup::EpubReader,
        Format::Markdown => &spinemed_markup::MarkdownReader,
        Format::QuestionBank => &spinemed_tables::BankReader,
        Format::Rsna2024Lumbar => &spinemed_tables::Rsna2024Reader,
        Format::Case => &NoCases,
    }
}

/// Cases have no way around the de-identification: to this seam they are unreadable.
struct NoCases;

impl Ingest for NoCases {
    fn step(&self) -> StepId {
        StepId {
            name: "case",
            version: 1,
        }
    }

    fn ingest(&self, manifest: &Manifest, _: &dyn Tree) -> Ingested {
        Ingested {
            rejected: vec![Problem {
                source: manifest.id.to_string(),
                file: "a case".to_owned(),
                place: "source.toml".to_owned(),
                reason: "cases are read by the de-identification alone".to_owned(),
            }],
            ..Ingested::default()
        }
    }
}

/// Reading in this process.
#[derive(Clone, Default)]
pub struct Here {
    /// The engine for scanned pages, where one is wanted and installed.
    pub pages: Option<Arc<dyn PageReader>>,
    /// The most pages of one document.
    pub most: MostPages,
}

/// The most pages of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MostPages(pub usize);

impl Default for MostPages {
    /// The longest textbooks have about so many.
    fn default() -> Self {
        Self(5_000)
    }
}

impl Reading for Here {
    fn identity(&self) -> String {
        let engine = self.pages.as_ref().map(|pages| pages.identity());
        let other = self.most != MostPages::default();
        let most = other.then(|| format!("at most {} pages", self.most.0));
        let parts: Vec<String> = engine.into_iter().chain(most).collect();
        parts.join("; ")
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested {
        if let Some(problem) = too_long(self.most, manifest, tree) {
            return rejected(problem);
        }
        let read = || match manifest.format {
            Format::Pdf => {
                let pages = self.pages.as_deref();
                spinemed_pdf::PdfReader { pages }.ingest(manifest, tree)
            }
            format => reader(format).ingest(manifest, tree),
        };
        // A reader that panics is at fault, and one document is lost by it, not the build.
        catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
            let reason = "a part of the reader failed: a fault of this program".to_owned();
            rejected(problem(manifest, tree, "file", reason))
        })
    }
}

/// What is wrong with the first PDF of a tree that has too many pages, before any is read.
fn too_long(most: MostPages, manifest: &Manifest, tree: &dyn Tree) -> Option<Problem> {
    if manifest.format != Format::Pdf {
        return None;
    }
    let name = tree.names().into_iter().next()?;
    let pages = spinemed_pdf::pages(&tree.read(&name).ok()?)?;
    (pages > most.0).then(|| {
        let reason = format!(
            "it has {pages} pages, more than the {} that `pages` in `[limits]`, or `--pages`, allows",
            most.0
        );
        problem(manifest, tree, "limits", reason)
    })
}

fn problem(manifest: &Manifest, tree: &dyn Tree, place: &str, reason: String) -> Problem {
    Problem {
        source: manifest.id.to_string(),
        file: tree.names().into_iter().next().unwrap_or_default(),
        place: place.to_owned(),
        reason,
    }
}

fn rejected(problem: Problem) -> Ingested {
    Ingested {
        rejected: vec![problem],
        ..Ingested::default()
    }
}

/// Ingest of one source.
pub struct IngestWork<'a> {
    manifest: &'a Manifest,
    tree: &'a (dyn Tree + Sync),
    reading: &'a dyn Reading,
}

impl<'a> IngestWork<'a> {
    /// Reads a source's files through a tree.
    #[must_use]
    pub fn new(
        manifest: &'a Manifest,
        tree: &'a (dyn Tree + Sync),
        reading: &'a dyn Reading,
    ) -> Self {
        Self {
            manifest,
            tree,
            reading,
        }
    }

    /// The engine for scanned pages, where this format may have such pages.
    fn engine(&self) -> Option<String> {
        (self.manifest.format == Format::Pdf)
            .then(|| self.reading.identity())
            .filter(|engine| !engine.is_empty())
    }
}

/// What of a manifest can change what is made of its files. Titles and citations cannot.
#[must_use]
pub fn manifest_digest(manifest: &Manifest) -> Digest {
    Digest::of_json(&serde_json::json!({
        "id": manifest.id, "format": manifest.format, "language": manifest.language,
        "licence": manifest.licence, "redistribution": manifest.redistribution,
        "egress": manifest.egress, "subjects": manifest.subjects, "labels": manifest.labels,
    }))
}

impl Work for IngestWork<'_> {
    fn step(&self) -> StepId {
        // A reader's own version is part of the settings, so that one reader's change
        // re-reads its own format alone.
        StepId {
            name: "ingest",
            version: 1,
        }
    }

    fn settings(&self) -> Digest {
        let step = reader(self.manifest.format).step();
        let mut settings = serde_json::json!({
            "manifest": manifest_digest(self.manifest), "reader": step.name, "version": step.version,
        });
        if let Some(engine) = self.engine() {
            settings["engine"] = engine.into();
        }
        Digest::of_json(&settings)
    }

    fn shard_size(&self) -> usize {
        4
    }

    fn run(&self, shard: &[Loaded], cx: &mut ShardCx<'_>) -> Result<Vec<UnitOutcome>, WorkError> {
        shard
            .iter()
            .map(|loaded| {
                let tree = Part::new(self.tree, loaded);
                let read = self.reading.attempt(self.manifest, &tree);
                let read = read.map_err(WorkError::Reading)?;
                keep(self.manifest, &loaded.unit.name, read, cx)
            })
            .collect()
    }

    fn stands(&self, outcome: &UnitOutcome) -> bool {
        outcome.rejected.iter().all(|(_, reason)| match reason {
            DropReason::BadInput { problem } => self.reading.stands(problem),
            _ => true,
        })
    }
}

fn keep(
    manifest: &Manifest,
    unit: &str,
    read: Ingested,
    cx: &mut ShardCx<'_>,
) -> Result<UnitOutcome, WorkError> {
    let mut outcome = UnitOutcome {
        problems: read.problems,
        ..UnitOutcome::default()
    };
    for media in &read.media {
        cx.blobs.put(&media.bytes)?;
        outcome.media.push(media.reference.sha256);
    }
    for record in read.records {
        let name = match &record {
            Record::Document(d) => d.id.to_string(),
            Record::Study(s) => s.id.to_string(),
            Record::Question(q) => q.id.to_string(),
            Record::Case(c) => c.id.to_string(),
        };
        let digest = cx.keep(&record);
        outcome.outputs.push(Output::new(name, digest));
    }
    outcome.passed = outcome.outputs.len() as u64;
    for problem in read.rejected {
        let name = format!("{}/{} ({})", manifest.id, problem.file, problem.place);
        outcome
            .rejected
            .push((name, DropReason::BadInput { problem }));
    }
    if outcome.passed == 0 && outcome.rejected.is_empty() {
        let detail = "the reader found no record in it".to_owned();
        outcome
            .rejected
            .push((unit.to_owned(), DropReason::NoEvidence { detail }));
    }
    Ok(outcome)
}

/// The files of one unit, as the reader sees them.
pub(super) struct Part<'a> {
    tree: &'a (dyn Tree + Sync),
    names: BTreeMap<&'a str, Digest>,
}

impl<'a> Part<'a> {
    pub fn new(tree: &'a (dyn Tree + Sync), loaded: &'a Loaded) -> Self {
        let names = loaded
            .unit
            .inputs
            .iter()
            .map(|i| (i.role.as_str(), i.digest))
            .collect();
        Self { tree, names }
    }
}

impl Tree for Part<'_> {
    fn names(&self) -> Vec<String> {
        self.names.keys().map(|&n| n.to_owned()).collect()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        if !self.names.contains_key(name) {
            return Err("no such file in this source".into());
        }
        self.tree.read(name)
    }

    fn digest(&self, name: &str) -> Result<Digest, String> {
        self.names
            .get(name)
            .copied()
            .ok_or_else(|| "no such file in this source".into())
    }
}
