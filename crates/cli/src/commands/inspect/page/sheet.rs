//! One page: its picture with boxes over it, and its text beside.

use std::fmt::Write as _;

use spinemed_core::document::{Block, Document, Figure};
use spinemed_core::locator::PageBox;
use spinemed_pdf::PageView;

use super::marked::{self, Mark};
use super::{data, escape, kind_name, label};

/// A page with what is on it.
pub(super) fn sheet(
    document: &Document,
    page: u32,
    blocks: &[&Block],
    view: Option<&PageView>,
) -> String {
    let printed = blocks
        .iter()
        .find_map(|block| block.page_label.as_deref())
        .filter(|label| *label != page.to_string())
        .map_or(String::new(), |label| {
            format!(" (printed {})", escape(label))
        });
    format!(
        "<section class=\"page\" id=\"p{page}\"><h2>Page {page}{printed}</h2>\
         <div class=\"sheet\">{}</div><div class=\"text\">{}</div></section>",
        drawing(document, page, blocks, view),
        text(document, blocks)
    )
}

fn drawing(document: &Document, page: u32, blocks: &[&Block], view: Option<&PageView>) -> String {
    let figures: Vec<&Figure> = document
        .figures
        .iter()
        .filter(|figure| figure.page == Some(page))
        .collect();
    let (width, height) = size(blocks, &figures, view);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\" aria-label=\"page {page}\">\
         <defs><marker id=\"tip{page}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" \
         markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path d=\"M0 0L8 4L0 8z\"/></marker></defs>"
    );
    if let Some(Ok(png)) = view.map(|view| &view.png) {
        let _ = write!(
            svg,
            "<image width=\"{width:.1}\" height=\"{height:.1}\" href=\"{}\"/>",
            data("image/png", png)
        );
    }
    for block in blocks {
        svg += &boxed(block);
    }
    for figure in &figures {
        svg += &outlined(document, figure, page);
    }
    svg += &arrows(blocks, page);
    svg + "</svg>"
}

/// The page's own size; what its boxes span where it could not be drawn.
fn size(blocks: &[&Block], figures: &[&Figure], view: Option<&PageView>) -> (f64, f64) {
    let known = view.map(|view| view.size);
    known
        .filter(|(w, h)| *w > 0.0 && *h > 0.0)
        .unwrap_or_else(|| {
            let boxes = blocks.iter().filter_map(|b| b.bbox);
            let boxes = boxes.chain(figures.iter().filter_map(|f| f.bbox));
            boxes.fold((100.0, 100.0), |(w, h), b| {
                (b[2].max(w) + 10.0, b[3].max(h) + 10.0)
            })
        })
}

fn rect(class: &str, b: PageBox) -> String {
    format!(
        "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
        b[0],
        b[1],
        (b[2] - b[0]).max(0.5),
        (b[3] - b[1]).max(0.5)
    )
}

fn boxed(block: &Block) -> String {
    let Some(b) = block.bbox else {
        return String::new();
    };
    let kind = kind_name(block.kind);
    let number = block.id.trim_start_matches('b');
    let digits = u32::try_from(number.len()).unwrap_or(u32::MAX);
    // In the margin left of the box, so that no letter is covered.
    let wide = 3.0 + 4.4 * f64::from(digits);
    let left = (b[0] - wide).max(0.0);
    format!(
        "<a href=\"#{id}\"><g class=\"block {kind}\"><title>{id} {kind}</title>{}\
         <g class=\"number\"><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"9\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\">{}</text></g></g></a>",
        rect("box", b),
        left,
        b[1],
        wide,
        left + 1.5,
        b[1] + 7.0,
        escape(number),
        id = escape(&block.id),
    )
}

/// A figure with lines to its caption and to what speaks of it on the same page.
fn outlined(document: &Document, figure: &Figure, page: u32) -> String {
    let Some(b) = figure.bbox else {
        return String::new();
    };
    let here = |id: &String| {
        let block = document.block(id)?;
        (block.page == Some(page)).then_some(block.bbox)?
    };
    let mut lines = String::new();
    if let Some(caption) = figure.caption.as_ref().and_then(here) {
        lines += &line("link caption", b, caption);
    }
    for mention in figure.mentions.iter().filter_map(here) {
        lines += &line("link mention", b, mention);
    }
    let panels: String = figure
        .panels
        .iter()
        .filter_map(|panel| {
            let bbox = panel.bbox?;
            let name = format!(
                "<text class=\"panel\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                bbox[0] + 4.0,
                bbox[1] + 12.0,
                escape(&panel.label)
            );
            Some(rect("panel", bbox) + &name)
        })
        .collect();
    format!(
        "<a href=\"#{id}\"><g class=\"figure\"><title>{} score {:.2}</title>{}{panels}{lines}\
         <text class=\"name\" x=\"{:.1}\" y=\"{:.1}\">{}</text></g></a>",
        label(figure),
        figure.score,
        rect("outline", b),
        b[0] + 4.0,
        b[1] + 11.0,
        label(figure),
        id = escape(&figure.id),
    )
}

fn middle(b: PageBox) -> (f64, f64) {
    ((b[0] + b[2]) / 2.0, (b[1] + b[3]) / 2.0)
}

fn line(class: &str, from: PageBox, to: PageBox) -> String {
    let ((x1, y1), (x2, y2)) = (middle(from), middle(to));
    format!("<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>")
}

/// The reading order as one line through the middles of the boxes.
fn arrows(blocks: &[&Block], page: u32) -> String {
    let boxes: Vec<PageBox> = blocks.iter().filter_map(|block| block.bbox).collect();
    let steps: String = boxes
        .windows(2)
        .map(|pair| {
            let ((x1, y1), (x2, y2)) = (middle(pair[0]), middle(pair[1]));
            format!(
                "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" \
                 marker-end=\"url(#tip{page})\"/>"
            )
        })
        .collect();
    format!("<g class=\"arrows\">{steps}</g>")
}

/// The blocks' text in reading order.
pub(super) fn text(document: &Document, blocks: &[&Block]) -> String {
    let mut html = String::new();
    for block in blocks {
        let kind = kind_name(block.kind);
        let mut marks = marked::named(&block.text);
        marks.extend(cited(document, block));
        let depth = block
            .depth
            .map_or(String::new(), |depth| format!(" {depth}"));
        let _ = write!(
            html,
            "<div class=\"words {kind}\" id=\"{id}\"><small>{id} {kind}{depth}</small>{}</div>",
            if block.cells.is_empty() {
                format!("<p>{}</p>", marked::html(&block.text, &marks))
            } else {
                cells(block)
            },
            id = escape(&block.id),
        );
    }
    html
}

fn cells(block: &Block) -> String {
    let rows: String = block
        .cells
        .iter()
        .map(|row| {
            let cells: String = row
                .iter()
                .map(|cell| format!("<td>{}</td>", marked::html(cell, &marked::named(cell))))
                .collect();
            format!("<tr>{cells}</tr>")
        })
        .collect();
    format!("<table>{rows}</table>")
}

/// The words of a block that cite figures.
fn cited(document: &Document, block: &Block) -> Vec<Mark> {
    let mut marks = Vec::new();
    for figure in &document.figures {
        for link in figure.links.iter().filter(|link| link.block == block.id) {
            if link.range != [0, block.text.len()] {
                marks.push(Mark {
                    range: link.range,
                    class: "cites".to_owned(),
                    title: format!(
                        "{} ({:.2}): {}",
                        figure.label.as_deref().unwrap_or(&figure.id),
                        link.score,
                        link.reason
                    ),
                });
            }
        }
    }
    marks
}
