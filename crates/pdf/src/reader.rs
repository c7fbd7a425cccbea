//! The [`Ingest`] implementation, and the function below it.

use spinemed_core::document::{Document, Figure};
use spinemed_core::locator::FileRef;
use spinemed_core::media::{Media, MediaRef};
use spinemed_core::seam::{Ingest, Ingested, Record, StepId, Tree};
use spinemed_core::source::Manifest;
use spinemed_core::{DocumentId, Problem};

use crate::article::{self, Article, Found, Whole};
use crate::assemble::{self, Assembled};
use crate::backend::{self, Pdf, Session};
use crate::error::{Fault, PdfError};
use crate::furniture;
use crate::geometry::{area, rounded};
use crate::kind;
use crate::region::{self, Part, Region};
use crate::sheet::Sheet;
use crate::text::{self, Lexicon};

/// A page with fewer characters carries no text layer.
const MIN_GLYPHS: usize = 20;
/// Drawings and assembled pictures are rendered at this resolution.
const DPI: f64 = 200.0;
/// A figure of more parts is rendered as a whole.
const MAX_PARTS: usize = 24;

/// Reads born-digital PDF; one document per `.pdf` file.
#[derive(Debug, Clone, Copy, Default)]
pub struct PdfReader;

/// What a file gives: the document, its pictures, and what was wrong on the way.
pub type Reading = (Document, Vec<Media>, Vec<Fault>);

impl Ingest for PdfReader {
    fn step(&self) -> StepId {
        StepId { name: "pdf", version: 1 }
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
                let file = FileRef { path: name.clone(), sha256: tree.digest(&name)? };
                read(&bytes, &document_id(manifest, &name), file).map_err(|e| e.to_string())
            });
            match read {
                Ok((document, media, faults)) => {
                    out.records.push(Record::Document(document));
                    out.media.extend(media);
                    out.problems.extend(faults.into_iter().map(|f| problem(f.place(), f.reason)));
                }
                Err(reason) => out.rejected.push(problem("file".to_owned(), reason)),
            }
        }
        out
    }
}

fn is_pdf(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("pdf"))
}

/// `<source>/<name without extension>`.
fn document_id(manifest: &Manifest, name: &str) -> DocumentId {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    DocumentId::new(format!("{}/{stem}", manifest.id))
}

/// Reads one file.
///
/// # Errors
/// [`PdfError`] where the file gives no document. A page that cannot be read is a [`Fault`]
/// of the document instead.
pub fn read(bytes: &[u8], id: &DocumentId, file: FileRef) -> Result<Reading, PdfError> {
    let pdf = Pdf::open(bytes)?;
    let mut session = Session::new(&pdf);
    let mut faults = Vec::new();
    let sheets = sheets(&mut session, pdf.pages(), &mut faults)?;
    if backend::is_truncated(bytes) {
        let reason = "the end-of-file mark is missing: the file may be cut off".to_owned();
        faults.push(Fault { page: None, reason });
    }
    let marks = furniture::mark(&sheets);
    let lexicon = lexicon(&sheets);
    let logos = region::logos(&sheets);
    let body = kind::body(sheets.iter().zip(&marks).flat_map(|(sheet, marks)| {
        sheet.lines.iter().zip(&marks.lines).filter(|(_, m)| m.is_none()).map(|(l, _)| l)
    }));
    let whole = Whole { body, lexicon: &lexicon, logos: &logos };
    let mut articles: Vec<Article> =
        sheets.iter().zip(&marks).map(|(s, m)| article::read(s, m, &whole)).collect();
    let labels = labels(&pdf, &sheets, &marks);
    let assembled = assemble::blocks(&sheets, &mut articles, &labels, &body, &lexicon);
    reunite(&mut articles);
    let mut media = Vec::new();
    let figures = figures(&mut session, &sheets, &articles, &assembled, &mut media, &mut faults);
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
    };
    Ok((document, media, faults))
}

/// Interprets every page; pages without text or with damage become faults.
fn sheets(session: &mut Session<'_>, pages: usize, faults: &mut Vec<Fault>) -> Result<Vec<Sheet>, PdfError> {
    let mut sheets = Vec::new();
    let (mut scans, mut broken) = (0, Vec::new());
    for index in 0..pages {
        let mut fault = |reason: String| faults.push(Fault { page: Some(index as u32 + 1), reason });
        let sheet = match session.page(index) {
            Ok(page) => Sheet::new(index, page),
            Err(reason) => {
                broken.push(reason.clone());
                fault(reason);
                continue;
            }
        };
        let (glyphs, unmapped) = sheet.glyphs;
        if glyphs < MIN_GLYPHS && is_scan(&sheet) {
            scans += 1;
            fault("the page has no text layer; recognition of scans is a later step".to_owned());
            continue;
        }
        if unmapped * 50 > glyphs {
            fault(format!("{unmapped} of {glyphs} characters have no known Unicode value"));
        }
        sheets.push(sheet);
    }
    let text = sheets.iter().any(|s| s.glyphs.0 > s.glyphs.1);
    match broken.into_iter().next() {
        _ if text => Ok(sheets),
        Some(cause) if scans == 0 => Err(PdfError::NoPage { pages, cause }),
        _ => Err(PdfError::NoText { pages }),
    }
}

fn is_scan(sheet: &Sheet) -> bool {
    let page = sheet.size.0 * sheet.size.1;
    sheet.placements.iter().map(|p| area(p.bbox)).sum::<f64>() > 0.5 * page
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
    let placeholder = ["untitled", "microsoft word", ".doc", ".indd", ".tex", ".dvi", ".qxd", ".pdf"]
        .iter()
        .any(|p| lower.contains(p));
    (title.chars().count() >= 6 && title.contains(|c: char| c.is_alphabetic()) && !placeholder)
        .then_some(title)
}

/// A DOI on the first page.
fn identifier(sheets: &[Sheet]) -> Option<String> {
    let first = sheets.first().filter(|s| s.index == 0)?;
    first.lines.iter().chain(&first.side).find_map(|line| text::doi(&line.text))
}

/// A caption alone on its page and a picture alone on the page before or after are a pair.
fn reunite(articles: &mut [Article]) {
    for page in 0..articles.len() {
        for number in 0..articles[page].figures.len() {
            let figure = &articles[page].figures[number];
            if figure.region.is_some() || figure.caption.is_none() {
                continue;
            }
            let neighbours = [page.checked_sub(1), Some(page + 1)];
            let found = neighbours.into_iter().flatten().find(|&n| {
                articles.get(n).is_some_and(|a| matches!(a.figures.as_slice(), [only] if only.caption.is_none()))
            });
            if let Some(there) = found {
                // The picture's page keeps the figure; the caption is found by its page.
                articles[there].figures[0].reasons = vec![format!("caption alone on page {}", page + 1)];
                articles[there].figures[0].score = 0.4;
                articles[there].adopted = Some((page, number));
                articles[page].figures[number].moved = true;
            }
        }
    }
}

fn figures(
    session: &mut Session<'_>,
    sheets: &[Sheet],
    articles: &[Article],
    assembled: &Assembled,
    media: &mut Vec<Media>,
    faults: &mut Vec<Fault>,
) -> Vec<Figure> {
    let mut out = Vec::new();
    for (page, (sheet, article)) in sheets.iter().zip(articles).enumerate() {
        let mut here: Vec<(usize, &Found)> =
            article.figures.iter().enumerate().filter(|(_, f)| !f.moved).collect();
        here.sort_by(|a, b| top(a.1, article).total_cmp(&top(b.1, article)));
        for (_, found) in here {
            let caption = found.caption.map(|unit| (page, unit)).or_else(|| {
                let (there, number) = article.adopted?;
                Some((there, articles[there].figures[number].caption?))
            });
            let label = caption.and_then(|(p, u)| articles[p].units[u].label.as_ref());
            let bbox = found.region.as_ref().map(|r| r.bbox).or_else(|| {
                caption.map(|(p, u)| articles[p].units[u].para.bbox)
            });
            out.push(Figure {
                id: format!("f{}", out.len() + 1),
                label: label.map(|l| l.printed.clone()),
                page: Some(sheet.index as u32 + 1),
                bbox: bbox.map(|b| rounded(sheet.on_page(b))),
                media: found.region.as_ref().map_or_else(Vec::new, |region| {
                    pictures(session, sheet, region, media, faults)
                }),
                caption: caption.and_then(|key| assembled.ids.get(&key).cloned()),
                mentions: Vec::new(),
                score: (found.score * 100.0).round() / 100.0,
                reasons: found.reasons.clone(),
            });
        }
    }
    out
}

fn top(found: &Found, article: &Article) -> f64 {
    let caption = found.caption.map(|u| article.units[u].para.bbox);
    found.region.as_ref().map(|r| r.bbox).or(caption).map_or(0.0, |b| b[1])
}

/// The pictures of a region: each part's own bytes where they are as shown, rendered else.
fn pictures(
    session: &mut Session<'_>,
    sheet: &Sheet,
    region: &Region,
    media: &mut Vec<Media>,
    faults: &mut Vec<Fault>,
) -> Vec<MediaRef> {
    let as_stored = |part: &&Part| match part.members.as_slice() {
        [only] => sheet.placements[*only].as_stored && sheet.turn == crate::geometry::Turn::None,
        _ => false,
    };
    let number = |part: &Part| sheet.placements[part.members[0]].index;
    let wanted: Vec<usize> = region.parts.iter().filter(as_stored).map(number).collect();
    let whole = region.parts.is_empty() || region.parts.len() > MAX_PARTS;
    let mut stored = match whole || wanted.is_empty() {
        true => Vec::new(),
        false => session.pictures(sheet.index, &wanted).unwrap_or_default(),
    };
    let boxes = if whole { vec![(region.bbox, None)] } else {
        region.parts.iter().map(|p| (p.bbox, as_stored(&p).then(|| number(p)))).collect()
    };
    let mut out = Vec::new();
    for (bbox, index) in boxes {
        let own = stored.iter().position(|(i, _)| Some(*i) == index).map(|at| stored.swap_remove(at).1);
        let picture = match own {
            Some(Ok(picture)) => Ok(picture),
            _ => session.render(sheet.index, sheet.on_page(bbox), DPI),
        };
        match picture {
            Ok(picture) => out.push(keep(picture.into(), media)),
            Err(reason) => faults.push(Fault { page: Some(sheet.index as u32 + 1), reason }),
        }
    }
    out.dedup();
    out
}

/// The same bytes are kept once.
fn keep(picture: Media, media: &mut Vec<Media>) -> MediaRef {
    let reference = picture.reference.clone();
    if !media.iter().any(|m| m.reference.sha256 == reference.sha256) {
        media.push(picture);
    }
    reference
}
