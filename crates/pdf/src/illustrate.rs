//! Figures on their way out: pictures taken from the file or drawn, captions linked.

use spinemed_core::document::Figure;
use spinemed_core::media::{Media, MediaRef};

use crate::article::{Article, Found};
use crate::assemble::Assembled;
use crate::backend::Session;
use crate::error::Fault;
use crate::geometry::{Turn, rounded};
use crate::region::{Part, Region};
use crate::sheet::Sheet;

/// Drawings and assembled pictures are rendered at this resolution.
const DPI: f64 = 200.0;
/// A figure of more parts is rendered as a whole.
const MAX_PARTS: usize = 24;

/// A caption alone on its page and a picture alone on the page before or after are a pair.
pub(crate) fn reunite(sheets: &[Sheet], articles: &mut [Article]) {
    for page in 0..articles.len() {
        for number in 0..articles[page].figures.len() {
            let figure = &articles[page].figures[number];
            if figure.region.is_some() || figure.caption.is_none() {
                continue;
            }
            let neighbours = [page.checked_sub(1), Some(sheets[page].index + 1)];
            let found = neighbours.into_iter().flatten().find(|&n| {
                articles.get(n).is_some_and(
                    |a| matches!(a.figures.as_slice(), [only] if only.caption.is_none()),
                )
            });
            if let Some(there) = found {
                // The picture's page keeps the figure; the caption is found by its page.
                articles[there].figures[0].reasons =
                    vec![format!("caption alone on page {}", sheets[page].index + 1)];
                articles[there].figures[0].score = 0.4;
                articles[there].adopted = Some((page, number));
                articles[page].figures[number].moved = true;
            }
        }
    }
}

/// The document's figures, with the bytes of their pictures put into `media`.
pub(crate) fn figures(
    session: &mut Session<'_>,
    sheets: &[Sheet],
    articles: &[Article],
    assembled: &Assembled,
    media: &mut Vec<Media>,
    faults: &mut Vec<Fault>,
) -> Vec<Figure> {
    let mut out = Vec::new();
    for (page, (sheet, article)) in sheets.iter().zip(articles).enumerate() {
        let mut here: Vec<(usize, &Found)> = article
            .figures
            .iter()
            .enumerate()
            .filter(|(_, f)| !f.moved)
            .collect();
        here.sort_by(|a, b| top(a.1, article).total_cmp(&top(b.1, article)));
        for (_, found) in here {
            let caption = found.caption.map(|unit| (page, unit)).or_else(|| {
                let (there, number) = article.adopted?;
                Some((there, articles[there].figures[number].caption?))
            });
            let label = caption.and_then(|(p, u)| articles[p].units[u].label.as_ref());
            let bbox = found
                .region
                .as_ref()
                .map(|r| r.bbox)
                .or_else(|| caption.map(|(p, u)| articles[p].units[u].para.bbox));
            out.push(Figure {
                id: format!("f{}", out.len() + 1),
                label: label.map(|l| l.printed.clone()),
                page: Some(sheet.index as u32 + 1),
                bbox: bbox.map(|b| rounded(sheet.on_page(b))),
                media: found
                    .region
                    .as_ref()
                    .filter(|_| session.draws)
                    .map_or_else(Vec::new, |region| {
                        pictures(session, sheet, region, media, faults)
                    }),
                caption: caption.and_then(|key| assembled.ids.get(&key).cloned()),
                mentions: Vec::new(),
                score: (found.score * 100.0).round() / 100.0,
                reasons: found.reasons.clone(),
                panels: Vec::new(),
                links: Vec::new(),
            });
        }
    }
    out
}

fn top(found: &Found, article: &Article) -> f64 {
    let caption = found.caption.map(|u| article.units[u].para.bbox);
    found
        .region
        .as_ref()
        .map(|r| r.bbox)
        .or(caption)
        .map_or(0.0, |b| b[1])
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
        [only] => sheet.placements[*only].as_stored && sheet.turn == Turn::None,
        _ => false,
    };
    let number = |part: &Part| sheet.placements[part.members[0]].index;
    let wanted: Vec<usize> = region.parts.iter().filter(as_stored).map(number).collect();
    let whole = region.parts.is_empty() || region.parts.len() > MAX_PARTS;
    let mut stored = match whole || wanted.is_empty() {
        true => Vec::new(),
        false => session.pictures(sheet.index, &wanted).unwrap_or_default(),
    };
    let boxes = if whole {
        vec![(region.bbox, None)]
    } else {
        region
            .parts
            .iter()
            .map(|p| (p.bbox, as_stored(&p).then(|| number(p))))
            .collect()
    };
    let mut out = Vec::new();
    for (bbox, index) in boxes {
        let own = stored
            .iter()
            .position(|(i, _)| Some(*i) == index)
            .map(|at| stored.swap_remove(at).1);
        let picture = match own {
            Some(Ok(picture)) => Ok(picture),
            _ => session.render(sheet.index, &sheet.frame(), bbox, DPI),
        };
        match picture {
            Ok(picture) => out.push(keep(picture.into(), media)),
            Err(reason) => faults.push(Fault {
                page: Some(sheet.index as u32 + 1),
                reason,
            }),
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
