//! `spinemed inspect`: what ingest understands of a file.

use std::io::Read as _;
use std::path::Path;

use spinemed_core::licence::Licence;
use spinemed_core::seam::{Reading, Record, Tree as _};
use spinemed_core::source::{Format as Reader, Manifest};
use spinemed_core::vocabulary::{Egress, Language, Redistribution, Subjects};
use spinemed_core::{Problem, SourceId};
use spinemed_pdf::{PageView, render_pages};
use spinemed_run::settings::LimitsSection;
use spinemed_store::PlainTree;

use crate::args::{Format, LimitArgs};
use crate::context::Context;
use crate::exit;
use crate::failure::Failure;
use crate::output::{excerpt, json, say};
use crate::reading::isolated;

mod page;
mod view;

use view::Understood;

/// Pixels in an inch of a page's picture: small print can be read.
const DPI: f64 = 110.0;
/// Pages with pictures; a page of a book of a thousand would not load.
const MOST_PAGES: usize = 200;
/// A figure whose score is lower is worth a look.
const LOW: f64 = 0.7;

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
        // Drawn here and not in a child with limits, so only what the child could read.
        let pages = match read.records.is_empty() {
            true => Vec::new(),
            false => pages(format, &tree),
        };
        page::write(path, &read, &problems, &pages)?;
    }
    let understood = view::of(&read, &problems);
    if context.format == Format::Json {
        json(&understood);
    } else if html.is_none() {
        show(&understood, file);
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

/// Pages as pictures, where the format has pages. What cannot be drawn is told elsewhere: the
/// reader had to open the file as well.
fn pages(format: Reader, tree: &PlainTree) -> Vec<PageView> {
    if format != Reader::Pdf {
        return Vec::new();
    }
    let bytes = tree
        .names()
        .first()
        .and_then(|name| tree.read(name).ok().map(|bytes| bytes.into_owned()));
    bytes
        .and_then(|bytes| render_pages(&bytes, DPI, MOST_PAGES).ok())
        .unwrap_or_default()
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

fn show(understood: &Understood<'_>, file: &Path) {
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
        let panels: Vec<&str> = figure.panels.iter().map(|p| p.label.as_str()).collect();
        say!(
            "{:>5} {:<12} caption {} mentions {} score {:.2}{}{}",
            figure.id,
            figure.label.unwrap_or("-"),
            figure.caption.unwrap_or("-"),
            figure.mentions.join(","),
            figure.score,
            if panels.is_empty() {
                String::new()
            } else {
                format!(" panels {}", panels.join(","))
            },
            if figure.score < LOW {
                format!("  low: {}", figure.reasons.join("; "))
            } else {
                String::new()
            },
        );
    }
    for problem in understood.problems {
        eprintln!(
            "problem: {}, {}: {}",
            problem.file, problem.place, problem.reason
        );
    }
    if !understood.blocks.is_empty() {
        eprintln!(
            "hint: `spinemed inspect {} --html page.html` draws the pages with what was understood",
            file.display()
        );
    }
}
