//! `spinemed inspect`: what ingest understands of a file.

use std::io::Read as _;
use std::path::Path;

use serde::Serialize;
use spinemed_core::document::{BlockKind, Document, ScannedWord};
use spinemed_core::level::mentions;
use spinemed_core::licence::Licence;
use spinemed_core::locator::PageBox;
use spinemed_core::seam::{Ingested, Reading, Record};
use spinemed_core::source::{Format as Reader, Manifest};
use spinemed_core::vocabulary::{Egress, Language, Redistribution, Subjects};
use spinemed_core::{Problem, SourceId};
use spinemed_run::settings::LimitsSection;
use spinemed_store::PlainTree;

use crate::args::{Format, LimitArgs};
use crate::context::Context;
use crate::exit;
use crate::failure::Failure;
use crate::output::{excerpt, json, say};
use crate::reading::isolated;

mod page;

/// What was understood, as others rely on it.
#[derive(Debug, Serialize)]
struct Understood<'a> {
    pages: u32,
    blocks: Vec<BlockView<'a>>,
    figures: Vec<FigureView<'a>>,
    problems: &'a [Problem],
    /// Questions and studies, for formats that hold those.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    records: Vec<&'a Record>,
}

#[derive(Debug, Serialize)]
struct BlockView<'a> {
    id: &'a str,
    kind: BlockKind,
    page: Option<u32>,
    page_label: Option<&'a str>,
    #[serde(rename = "box")]
    bbox: Option<PageBox>,
    text: &'a str,
    depth: Option<u8>,
    levels: Vec<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    scanned: &'a [ScannedWord],
}

#[derive(Debug, Serialize)]
struct FigureView<'a> {
    id: &'a str,
    label: Option<&'a str>,
    page: Option<u32>,
    #[serde(rename = "box")]
    bbox: Option<PageBox>,
    caption: Option<&'a str>,
    mentions: &'a [String],
    score: f64,
}

/// Reads one file and shows what was understood.
pub fn run(
    context: &Context,
    file: &Path,
    html: Option<&Path>,
    limits: &LimitArgs,
) -> Result<u8, Failure> {
    let format = reader(file)?;
    let tree = PlainTree::of_file(file)
        .filter(|_| file.is_file())
        .ok_or_else(|| Failure::usage(format!("`{}` is no readable file", file.display())))?;
    let limits = LimitsSection {
        pages: limits.pages,
        seconds: limits.seconds,
        memory: limits.memory,
    };
    let reading = isolated(&context.reading(), &limits)?;
    let mut read = reading
        .attempt(&manifest(format), &tree)
        .map_err(|cause| Failure::new(exit::FAULT, anyhow::anyhow!(cause)))?;
    for record in &mut read.records {
        if let Record::Document(document) = record {
            spinemed_pairing::pair(document);
        }
    }
    let problems: Vec<Problem> = read
        .rejected
        .iter()
        .chain(&read.problems)
        .cloned()
        .collect();
    if let Some(path) = html {
        page::write(path, &read)?;
    }
    let understood = view(&read, &problems);
    if context.format == Format::Json {
        json(&understood);
    } else {
        show(&understood);
    }
    if read.records.is_empty() {
        return Ok(exit::UNUSABLE);
    }
    Ok(if problems.is_empty() {
        exit::DONE
    } else {
        exit::PARTIAL
    })
}

fn reader(file: &Path) -> Result<Reader, Failure> {
    let extension = file
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    match extension.as_str() {
        "pdf" => Ok(Reader::Pdf),
        "xml" | "nxml" if is_cnxml(file) => Ok(Reader::Cnxml),
        "xml" | "nxml" => Ok(Reader::Jats),
        "cnxml" => Ok(Reader::Cnxml),
        "html" | "htm" | "xhtml" => Ok(Reader::Html),
        "epub" => Ok(Reader::Epub),
        "md" | "markdown" => Ok(Reader::Markdown),
        "jsonl" | "csv" => Ok(Reader::QuestionBank),
        _ => Err(Failure::usage(format!(
            "`{}`: no reader for this extension",
            file.display()
        ))
        .hint("readers know .pdf, .xml, .nxml, .cnxml, .html, .epub, .md, .jsonl and .csv")),
    }
}

/// Whether an XML file begins as CNXML does.
pub(super) fn is_cnxml(file: &Path) -> bool {
    const START: usize = 4 << 10;
    let mut start = Vec::new();
    let read =
        std::fs::File::open(file).and_then(|file| file.take(START as u64).read_to_end(&mut start));
    read.is_ok() && String::from_utf8_lossy(&start).contains(spinemed_markup::CNXML_NAMESPACE)
}

/// A file on its own has no declaration; nothing of this one leaves the command.
fn manifest(format: Reader) -> Manifest {
    Manifest {
        id: SourceId::new("inspect").expect("a valid name"),
        title: "inspect".into(),
        format,
        language: Language::En,
        licence: Licence::new("LicenseRef-unstated").expect("a valid expression"),
        redistribution: Redistribution::None,
        egress: Egress::LocalOnly,
        subjects: Subjects::None,
        citation: String::new(),
        doi: None,
        homepage: None,
        root: ".".into(),
        include: vec![],
        exclude: vec![],
        files: std::collections::BTreeMap::new(),
        labels: None,
        privacy_basis: None,
        deidentify: spinemed_core::profile::Profile::default(),
    }
}

fn view<'a>(read: &'a Ingested, problems: &'a [Problem]) -> Understood<'a> {
    let mut understood = Understood {
        pages: 0,
        blocks: vec![],
        figures: vec![],
        problems,
        records: vec![],
    };
    for record in &read.records {
        match record {
            Record::Document(document) => {
                understood.pages += document.pages;
                understood.blocks.extend(blocks(document));
                understood.figures.extend(figures(document));
            }
            other => understood.records.push(other),
        }
    }
    understood
}

fn blocks(document: &Document) -> impl Iterator<Item = BlockView<'_>> {
    document.blocks.iter().map(|b| BlockView {
        id: &b.id,
        kind: b.kind,
        page: b.page,
        page_label: b.page_label.as_deref(),
        bbox: b.bbox,
        text: &b.text,
        depth: b.depth,
        levels: mentions(&b.text)
            .into_iter()
            .map(|m| m.level.to_string())
            .collect(),
        scanned: &b.scanned,
    })
}

fn figures(document: &Document) -> impl Iterator<Item = FigureView<'_>> {
    document.figures.iter().map(|f| FigureView {
        id: &f.id,
        label: f.label.as_deref(),
        page: f.page,
        bbox: f.bbox,
        caption: f.caption.as_deref(),
        mentions: &f.mentions,
        score: f.score,
    })
}

fn show(understood: &Understood<'_>) {
    say!(
        "{} pages, {} blocks, {} figures, {} records, {} problems",
        understood.pages,
        understood.blocks.len(),
        understood.figures.len(),
        understood.records.len(),
        understood.problems.len()
    );
    for block in &understood.blocks {
        let page = block.page.map_or(String::new(), |p| format!("p{p}"));
        let kind = serde_json::to_string(&block.kind).unwrap_or_default();
        say!(
            "{:>5} {page:>4} {:<10} {}",
            block.id,
            kind.trim_matches('"'),
            excerpt(block.text, 100)
        );
    }
    for figure in &understood.figures {
        say!(
            "{:>5} {:<12} caption {} mentions {} score {:.2}",
            figure.id,
            figure.label.unwrap_or("-"),
            figure.caption.unwrap_or("-"),
            figure.mentions.join(","),
            figure.score
        );
    }
    for problem in understood.problems {
        eprintln!(
            "problem: {}, {}: {}",
            problem.file, problem.place, problem.reason
        );
    }
}
