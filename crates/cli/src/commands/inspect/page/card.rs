//! A figure with its pictures, caption, panels, mentions and scores.

use std::fmt::Write as _;

use spinemed_core::document::{Document, Figure};
use spinemed_core::seam::Ingested;

use super::marked::{self, Mark};
use super::{LOW, data, escape, label};

/// Larger pictures are left out; a page's own picture shows them too.
const LARGEST: usize = 2_000_000;
/// Colours of panels in the style sheet.
const COLOURS: usize = 6;

/// A figure's card.
pub(super) fn card(document: &Document, figure: &Figure, read: &Ingested) -> String {
    let page = figure.page.map_or(String::new(), |page| {
        format!(" <a href=\"#p{page}\">page {page}</a>")
    });
    let reasons: String = figure
        .reasons
        .iter()
        .map(|reason| format!("<li>{}</li>", escape(reason)))
        .collect();
    let low = if figure.score < LOW { " low" } else { "" };
    format!(
        "<figure id=\"{}\"><h3>{}{page}</h3>\
         <p class=\"score{low}\"><meter min=\"0\" max=\"1\" low=\"{LOW}\" optimum=\"1\" value=\"{score:.2}\">\
         </meter> {score:.2}</p><ul class=\"reasons\">{reasons}</ul>\
         <div class=\"pictures\">{}</div><figcaption>{}</figcaption>{}</figure>",
        escape(&figure.id),
        label(figure),
        pictures(figure, read),
        caption(document, figure),
        mentions(document, figure),
        score = figure.score,
    )
}

fn pictures(figure: &Figure, read: &Ingested) -> String {
    let mut html = String::new();
    for (at, media) in figure.media.iter().enumerate() {
        let panel = figure.panels.iter().find(|panel| panel.medium == Some(at));
        let name = panel.map_or(String::new(), |panel| {
            format!("<b>{}</b>", escape(&panel.label))
        });
        let found = read
            .media
            .iter()
            .find(|m| m.reference.sha256 == media.sha256);
        let picture = match found {
            Some(found) if found.bytes.len() <= LARGEST => format!(
                "<img alt=\"\" src=\"{}\">",
                data(&media.media_type, &found.bytes)
            ),
            Some(found) => format!("a picture of {} kB", found.bytes.len() / 1000),
            None => "a picture that is not here".to_owned(),
        };
        let _ = write!(
            html,
            "<span class=\"picture\">{picture}{name}<small>{} × {}, {}</small></span>",
            media.width,
            media.height,
            escape(&media.transform)
        );
    }
    html
}

fn caption(document: &Document, figure: &Figure) -> String {
    let Some(block) = figure.caption.as_ref().and_then(|id| document.block(id)) else {
        return "<em>no caption</em>".to_owned();
    };
    let mut marks = marked::named(&block.text);
    for (at, panel) in figure.panels.iter().enumerate() {
        marks.extend(panel.ranges.iter().map(|&range| Mark {
            range,
            class: format!("of{}", at % COLOURS),
            title: format!("panel {}", panel.label),
        }));
    }
    let panels: String = figure
        .panels
        .iter()
        .enumerate()
        .map(|(at, panel)| {
            format!(
                "<li class=\"of{}\">{}</li>",
                at % COLOURS,
                escape(&panel.label)
            )
        })
        .collect();
    let panels = match panels.as_str() {
        "" => panels,
        panels => format!("<ul class=\"panels\">{panels}</ul>"),
    };
    format!(
        "{panels}<p>{} <a href=\"#{id}\">{id}</a></p>",
        marked::html(&block.text, &marks),
        id = escape(&block.id)
    )
}

fn mentions(document: &Document, figure: &Figure) -> String {
    let mut html = String::new();
    for link in &figure.links {
        let Some(block) = document.block(&link.block) else {
            continue;
        };
        let quote = around(&block.text, link.range);
        let _ = write!(
            html,
            "<li><a href=\"#{id}\">{id}</a> {:.2} {}<br><q>{quote}</q></li>",
            link.score,
            escape(&link.reason),
            id = escape(&link.block)
        );
    }
    match html.as_str() {
        "" => "<p class=\"mentions\">no mention</p>".to_owned(),
        rows => format!("<ul class=\"mentions\">{rows}</ul>"),
    }
}

/// The words around a place, the place itself marked.
fn around(text: &str, [start, end]: [usize; 2]) -> String {
    const REACH: usize = 60;
    let (Some(before), Some(words), Some(after)) =
        (text.get(..start), text.get(start..end), text.get(end..))
    else {
        return String::new();
    };
    let from = before
        .char_indices()
        .rev()
        .nth(REACH - 1)
        .map_or(0, |(at, _)| at);
    let to = after
        .char_indices()
        .nth(REACH)
        .map_or(after.len(), |(at, _)| at);
    let words: String = words.chars().take(3 * REACH).collect();
    let cut = |cut: bool| if cut { "…" } else { "" };
    format!(
        "{}{}<b>{}</b>{}{}",
        cut(from > 0),
        escape(&before[from..]),
        escape(&words),
        escape(&after[..to]),
        cut(to < after.len())
    )
}
