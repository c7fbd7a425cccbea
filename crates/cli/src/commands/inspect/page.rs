//! A page to look at: each page of the document as boxes in place, then its figures.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use spinemed_core::document::{Block, Document};
use spinemed_core::seam::{Ingested, Record};
use spinemed_store::write_durably;

use crate::failure::Failure;
use crate::output::say;

/// Writes a self-contained HTML page.
pub fn write(path: &Path, read: &Ingested) -> Result<(), Failure> {
    let mut body = String::new();
    for record in &read.records {
        if let Record::Document(document) = record {
            body += &of_document(document, read);
        }
    }
    let text = format!(
        "<!doctype html><meta charset=\"utf-8\"><title>inspect</title><style>{STYLE}</style>{body}"
    );
    let whole = std::env::current_dir().map_err(Failure::from)?.join(path);
    write_durably(&whole, text.as_bytes())?;
    say!("wrote {}", path.display());
    Ok(())
}

const STYLE: &str = "body{font:13px sans-serif;margin:1rem;background:#eee}\
.page{position:relative;background:#fff;margin:1rem 0;box-shadow:0 0 4px #999}\
.b{position:absolute;overflow:hidden;font-size:7px;line-height:1.05;border:1px solid #69c;color:#223}\
.b:hover{overflow:visible;background:#ffd;z-index:2;font-size:11px}\
.heading{border-color:#c33;font-weight:bold}.caption{border-color:#393;background:#efe}\
.header,.footer,.footnote{border-color:#bbb;color:#999}.reference{border-color:#bbb}.table{border-color:#93c}\
.figure{border:2px solid #e80;background:rgba(238,136,0,.08)}\
.list{max-width:60rem}figure{background:#fff;padding:.6rem;max-width:60rem}";

fn of_document(document: &Document, read: &Ingested) -> String {
    let mut html = format!(
        "<h1>{}</h1>",
        escape(document.title.as_deref().unwrap_or("untitled"))
    );
    let mut pages: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut size: BTreeMap<u32, [f64; 2]> = BTreeMap::new();
    for block in &document.blocks {
        if let (Some(page), Some(_)) = (block.page, block.bbox) {
            pages.entry(page).or_default().push(block_box(block));
            grow(&mut size, page, block.bbox);
        }
    }
    for figure in &document.figures {
        if let (Some(page), Some(b)) = (figure.page, figure.bbox) {
            let label = escape(figure.label.as_deref().unwrap_or(&figure.id));
            pages
                .entry(page)
                .or_default()
                .push(boxed("figure", b, &label, &label));
            grow(&mut size, page, figure.bbox);
        }
    }
    for (page, boxes) in pages {
        let [width, height] = size[&page].map(|v| v + 24.0);
        let _ = write!(
            html,
            "<h2>page {page}</h2><div class=page style=\"width:{width}pt;height:{height}pt\">{}</div>",
            boxes.concat()
        );
    }
    if size.is_empty() {
        html += &flowing(document);
    }
    html + &figures(document, read)
}

fn grow(size: &mut BTreeMap<u32, [f64; 2]>, page: u32, bbox: Option<[f64; 4]>) {
    let Some(b) = bbox else { return };
    let far = size.entry(page).or_insert([0.0, 0.0]);
    *far = [far[0].max(b[2]), far[1].max(b[3])];
}

fn kind(block: &Block) -> String {
    serde_json::to_string(&block.kind)
        .unwrap_or_default()
        .trim_matches('"')
        .to_owned()
}

fn block_box(block: &Block) -> String {
    let title = format!("{} {}", block.id, kind(block));
    boxed(
        &kind(block),
        block.bbox.unwrap_or_default(),
        &title,
        &escape(&block.text),
    )
}

fn boxed(class: &str, b: [f64; 4], title: &str, text: &str) -> String {
    format!(
        "<div class=\"b {class}\" title=\"{title}\" style=\"left:{:.1}pt;top:{:.1}pt;width:{:.1}pt;height:{:.1}pt\">{text}</div>",
        b[0],
        b[1],
        b[2] - b[0],
        b[3] - b[1]
    )
}

fn flowing(document: &Document) -> String {
    let mut html = String::from("<div class=list>");
    for block in &document.blocks {
        let _ = write!(
            html,
            "<p class=\"{}\"><small>{} {}</small><br>{}</p>",
            kind(block),
            block.id,
            kind(block),
            escape(&block.text)
        );
    }
    html + "</div>"
}

fn figures(document: &Document, read: &Ingested) -> String {
    let mut html = String::from("<h2>figures</h2>");
    for figure in &document.figures {
        let caption = figure
            .caption
            .as_ref()
            .and_then(|id| document.block(id))
            .map_or("no caption", |b| &b.text);
        let _ = write!(
            html,
            "<figure><b>{}</b> score {:.2}, mentioned in {}<br>",
            escape(figure.label.as_deref().unwrap_or(&figure.id)),
            figure.score,
            escape(&figure.mentions.join(", "))
        );
        for media in &figure.media {
            if let Some(found) = read
                .media
                .iter()
                .find(|m| m.reference.sha256 == media.sha256)
            {
                let _ = write!(
                    html,
                    "<img style=\"max-width:24rem\" src=\"data:{};base64,{}\">",
                    media.media_type,
                    base64(&found.bytes)
                );
            }
        }
        let _ = write!(
            html,
            "<figcaption>{}</figcaption></figure>",
            escape(caption)
        );
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
