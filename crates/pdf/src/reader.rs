//! The [`Ingest`] implementation, and the function below it.

use spinemed_core::document::Document;
use spinemed_core::locator::FileRef;
use spinemed_core::media::Media;
use spinemed_core::seam::{Ingest, Ingested, PageReader, Record, StepId, Tree};
use spinemed_core::source::Manifest;
use spinemed_core::{DocumentId, Problem};

use crate::article::{self, Article, Whole};
use crate::assemble;
use crate::backend::{self, Pdf, Session};
use crate::error::{Fault, PdfError};
use crate::furniture;
use crate::heading::Outline;
use crate::illustrate;
use crate::interpret;
use crate::kind;
use crate::region;
use crate::scan;
use crate::sheet::Sheet;
use crate::text::{self, Lexicon};

/// Reads PDF; one document per `.pdf` file.
#[derive(Clone, Copy, Default)]
pub struct PdfReader<'a> {
    /// The engine for scanned pages; without one they become problems.
    pub pages: Option<&'a dyn PageReader>,
}

/// What a file gives: the document, its pictures, and what was wrong on the way.
pub type Reading = (Document, Vec<Media>, Vec<Fault>);

impl Ingest for PdfReader<'_> {
    fn step(&self) -> StepId {
        StepId {
            name: "pdf",
            version: 2,
        }
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested {
        let mut out = Ingested::default();
        for name in tree.names().into_iter().filter(|n| is_pdf(n)) {
            let problem = |place: String, reason: String| Problem {
                source: manifest.id.to_string(),
                file: name.clone(),
                place,
                reason,
            };
            let read = tree.read(&name).and_then(|bytes| {
                let file = FileRef {
                    path: name.clone(),
                    sha256: tree.digest(&name)?,
                };
                let id = document_id(manifest, &name);
                read_with(&bytes, &id, file, self.pages).map_err(|e| e.to_string())
            });
            match read {
                Ok((document, media, faults)) => {
                    out.records.push(Record::Document(document));
                    out.media.extend(media);
                    out.problems
                        .extend(faults.into_iter().map(|f| problem(f.place(), f.reason)));
                }
                Err(reason) => out.rejected.push(problem("file".to_owned(), reason)),
            }
        }
        out
    }
}

fn is_pdf(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("pdf"))
}

/// `<source>/<name without extension>`.
fn document_id(manifest: &Manifest, name: &str) -> DocumentId {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    DocumentId::new(format!("{}/{stem}", manifest.id))
}

/// How many pages a file has, before any is interpreted; nothing where it cannot be opened.
#[must_use]
pub fn pages(bytes: &[u8]) -> Option<usize> {
    Pdf::open(bytes).ok().map(|pdf| pdf.length())
}

/// Reads one file; scanned pages are left out, as faults.
///
/// # Errors
/// As [`read_with`].
pub fn read(bytes: &[u8], id: &DocumentId, file: FileRef) -> Result<Reading, PdfError> {
    read_with(bytes, id, file, None)
}

/// Reads one file, its scanned pages with an engine where there is one.
///
/// # Errors
/// [`PdfError`] where the file gives no document. A page that cannot be read is a [`Fault`]
/// of the document instead.
pub fn read_with(
    bytes: &[u8],
    id: &DocumentId,
    file: FileRef,
    pages: Option<&dyn PageReader>,
) -> Result<Reading, PdfError> {
    understand(bytes, id, file, pages, true)
}

/// Reads one file and leaves its pictures where they are: layout, figures and captions alone.
///
/// # Errors
/// As [`read_with`].
pub fn read_layout(bytes: &[u8], id: &DocumentId, file: FileRef) -> Result<Document, PdfError> {
    understand(bytes, id, file, None, false).map(|(document, _, _)| document)
}

fn understand(
    bytes: &[u8],
    id: &DocumentId,
    file: FileRef,
    pages: Option<&dyn PageReader>,
    draws: bool,
) -> Result<Reading, PdfError> {
    let pdf = Pdf::open(bytes)?;
    let mut session = Session::new(&pdf);
    session.draws = draws;
    let mut faults = Vec::new();
    let sheets = interpret::sheets(&mut session, pdf.pages(), pages, &mut faults)?;
    if backend::is_truncated(bytes) {
        let reason = "the end-of-file mark is missing: the file may be cut off".to_owned();
        faults.push(Fault { page: None, reason });
    }
    let marks = furniture::mark(&sheets);
    let lexicon = lexicon(&sheets);
    let logos = region::logos(&sheets);
    let body = kind::body(sheets.iter().zip(&marks).flat_map(|(sheet, marks)| {
        sheet
            .lines
            .iter()
            .zip(&marks.lines)
            .filter(|(_, m)| m.is_none())
            .map(|(l, _)| l)
    }));
    let whole = Whole {
        body,
        lexicon: &lexicon,
        logos: &logos,
    };
    let mut articles: Vec<Article> = sheets
        .iter()
        .zip(&marks)
        .map(|(s, m)| article::read(s, m, &whole))
        .collect();
    let labels = labels(&pdf, &sheets, &marks);
    let mut assembled = assemble::blocks(
        &sheets,
        &mut articles,
        &labels,
        &Outline::new(pdf.outline()),
        &body,
        &lexicon,
    );
    faults.extend(doubts(scan::trace(&sheets, &articles, &mut assembled)));
    illustrate::reunite(&sheets, &mut articles);
    let mut media = Vec::new();
    let figures = illustrate::figures(
        &mut session,
        &sheets,
        &articles,
        &assembled,
        &mut media,
        &mut faults,
    );
    faults.sort();
    let document = Document {
        id: id.clone(),
        file,
        title: assembled.title.or_else(|| usable_title(pdf.title())),
        identifier: identifier(&sheets),
        kind: None,
        licence: None,
        language: text::language(assembled.blocks.iter().map(|b| b.text.as_str())),
        pages: pdf.pages() as u32,
        blocks: assembled.blocks,
        figures,
        supplements: Vec::new(),
    };
    Ok((document, media, faults))
}

/// What is said of words that were read from pictures.
fn doubts(tally: scan::Tally) -> Option<Fault> {
    let scan::Tally { words, unsure } = tally;
    (unsure > 0).then(|| Fault {
        page: None,
        reason: format!(
            "{unsure} of {words} words of scanned pages were not read surely, and are no evidence"
        ),
    })
}

fn lexicon(sheets: &[Sheet]) -> Lexicon {
    let mut lexicon = Lexicon::default();
    for line in sheets.iter().flat_map(|s| &s.lines) {
        lexicon.learn(&line.text);
    }
    lexicon
}

/// The file's own page labels, else the printed numbers.
fn labels(pdf: &Pdf, sheets: &[Sheet], marks: &[furniture::Furniture]) -> Vec<Option<String>> {
    let labels = pdf.labels();
    if labels.iter().any(Option::is_some) {
        labels
    } else {
        furniture::printed_numbers(sheets, marks, pdf.pages())
    }
}

/// A title from the metadata, unless it is a file name or a producer's placeholder.
fn usable_title(title: Option<String>) -> Option<String> {
    let title = text::tidy(&title?);
    let lower = title.to_lowercase();
    let placeholder = [
        "untitled",
        "microsoft word",
        ".doc",
        ".indd",
        ".tex",
        ".dvi",
        ".qxd",
        ".pdf",
    ]
    .iter()
    .any(|p| lower.contains(p));
    (title.chars().count() >= 6 && title.contains(|c: char| c.is_alphabetic()) && !placeholder)
        .then_some(title)
}

/// A DOI on the first page.
fn identifier(sheets: &[Sheet]) -> Option<String> {
    let first = sheets.first().filter(|s| s.index == 0)?;
    first
        .lines
        .iter()
        .chain(&first.side)
        .find_map(|line| text::doi(&line.text))
}
