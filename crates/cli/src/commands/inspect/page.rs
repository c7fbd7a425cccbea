//! A page to look at: each page's picture with what was understood of it, beside its text;
//! then the figures with their words. One file, no network, no script needed to read it.

mod card;
mod marked;
mod sheet;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use spinemed_core::Problem;
use spinemed_core::document::{Block, BlockKind, Document, Figure};
use spinemed_core::seam::{Ingested, Record};
use spinemed_pdf::PageView;
use spinemed_store::write_durably;

use super::LOW;
use crate::failure::Failure;
use crate::output::say;

const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");

/// Writes a self-contained HTML page.
pub fn write(
    path: &Path,
    read: &Ingested,
    problems: &[Problem],
    pages: &[PageView],
) -> Result<(), Failure> {
    let mut body = String::new();
    let mut title = "inspect".to_owned();
    for record in &read.records {
        if let Record::Document(document) = record {
            title = named(document).to_owned();
            body += &of_document(document, read, pages);
        }
    }
    let text = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\
         <style>{STYLE}</style></head><body>{}{body}<script>{SCRIPT}</script></body></html>\n",
        escape(&title),
        troubles(problems),
    );
    let whole = std::env::current_dir().map_err(Failure::from)?.join(path);
    write_durably(&whole, text.as_bytes())?;
    say!("wrote {}", path.display());
    Ok(())
}

fn named(document: &Document) -> &str {
    document.title.as_deref().unwrap_or(&document.file.path)
}

/// What is wrong with the file, before all else.
fn troubles(problems: &[Problem]) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let rows: String = problems
        .iter()
        .map(|p| format!("<li><b>{}</b> {}</li>", escape(&p.place), escape(&p.reason)))
        .collect();
    format!("<section class=\"troubles\"><h2>Problems</h2><ul>{rows}</ul></section>")
}

fn of_document(document: &Document, read: &Ingested, pages: &[PageView]) -> String {
    let mut by_page: BTreeMap<u32, Vec<&Block>> =
        pages.iter().map(|view| (view.page, Vec::new())).collect();
    let mut rest = Vec::new();
    for block in &document.blocks {
        match block.page {
            Some(page) => by_page.entry(page).or_default().push(block),
            None => rest.push(block),
        }
    }
    let mut html = head(document);
    html += &doubts(document);
    for (page, blocks) in &by_page {
        let view = pages.iter().find(|view| view.page == *page);
        html += &sheet::sheet(document, *page, blocks, view);
    }
    if !rest.is_empty() {
        let _ = write!(
            html,
            "<section class=\"page\"><div class=\"text\">{}</div></section>",
            sheet::text(document, &rest)
        );
    }
    if !document.figures.is_empty() {
        html += "<h2 id=\"figures\">Figures</h2>";
    }
    for figure in &document.figures {
        html += &card::card(document, figure, read);
    }
    html
}

/// Title, counts, switches and what the colours mean.
fn head(document: &Document) -> String {
    let kinds = [
        BlockKind::Heading,
        BlockKind::Paragraph,
        BlockKind::Caption,
        BlockKind::List,
        BlockKind::Table,
        BlockKind::Equation,
        BlockKind::Footnote,
        BlockKind::Header,
        BlockKind::Footer,
        BlockKind::Reference,
    ];
    let mut legend = String::new();
    for kind in kinds {
        let count = document.blocks.iter().filter(|b| b.kind == kind).count();
        if count > 0 {
            let name = kind_name(kind);
            let _ = write!(legend, "<li class=\"{name}\">{name} <b>{count}</b></li>");
        }
    }
    let switches: String = [
        ("boxes", "boxes", true),
        ("order", "reading order", true),
        ("arrows", "arrows", false),
        ("links", "figure links", true),
    ]
    .iter()
    .map(|(id, name, on)| {
        let checked = if *on { " checked" } else { "" };
        format!("<label><input type=\"checkbox\" id=\"{id}\"{checked}> {name}</label>")
    })
    .collect();
    format!(
        "<header><h1>{}</h1><p>{}{} blocks, {} figures{}</p>\
         <p class=\"switches\">{switches}<span class=\"keys\">keys: n next page, p previous page, \
         a arrows</span></p>\
         <ul class=\"legend\">{legend}<li class=\"figure\">figure <b>{}</b></li>\
         <li><span class=\"level\">level</span> <span class=\"modality\">modality</span> \
         <span class=\"condition\">condition</span></li></ul></header>",
        escape(named(document)),
        if document.pages > 0 {
            format!("{} pages, ", document.pages)
        } else {
            String::new()
        },
        document.blocks.len(),
        document.figures.len(),
        document
            .identifier
            .as_ref()
            .map_or(String::new(), |id| format!(", {}", escape(id))),
        document.figures.len(),
    )
}

/// Figures with low scores, the lowest first.
fn doubts(document: &Document) -> String {
    let mut low: Vec<(&Figure, &str)> = document
        .figures
        .iter()
        .filter_map(|figure| Some((figure, doubt(figure, document.pages > 0)?)))
        .collect();
    if low.is_empty() {
        return String::new();
    }
    low.sort_by(|a, b| a.0.score.total_cmp(&b.0.score));
    let rows: String = low
        .iter()
        .map(|(figure, why)| {
            format!(
                "<li><a href=\"#{}\">{}</a> score {:.2}: {why}{}</li>",
                escape(&figure.id),
                label(figure),
                figure.score,
                figure
                    .reasons
                    .iter()
                    .map(|reason| format!("; {}", escape(reason)))
                    .collect::<String>(),
            )
        })
        .collect();
    format!("<section class=\"troubles\"><h2>Worth a look</h2><ul>{rows}</ul></section>")
}

/// Why a figure is worth a look. Markup keeps its pictures in files beside it, which this
/// command does not see.
fn doubt(figure: &Figure, paged: bool) -> Option<&'static str> {
    match (&figure.caption, figure.media.is_empty()) {
        (None, _) => Some("no caption"),
        (Some(_), true) if paged => Some("no picture"),
        (Some(_), false) if figure.score < LOW => Some("unsure"),
        _ => None,
    }
}

fn label(figure: &Figure) -> String {
    escape(figure.label.as_deref().unwrap_or(&figure.id))
}

fn kind_name(kind: BlockKind) -> String {
    serde_json::to_string(&kind)
        .unwrap_or_default()
        .trim_matches('"')
        .to_owned()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn data(media_type: &str, bytes: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    format!("data:{};base64,{text}", escape(media_type))
}

#[cfg(test)]
mod tests;
