//! The figures of one page: captions matched with pictures and drawings.

use std::collections::BTreeSet;

use spinemed_core::locator::PageBox;

use crate::assign::{self, Caption, Pair};
use crate::drawing;
use crate::flow::Para;
use crate::geometry::{area, height, holds_centre, union, width};
use crate::line::Line;
use crate::region::{self, Region};
use crate::sheet::Sheet;

/// A figure with its caption's place among the captions of the page.
pub(crate) struct Matched {
    pub region: Option<Region>,
    pub caption: Option<usize>,
    pub score: f64,
    pub reasons: Vec<String>,
}

/// The figures of a page: captions with their pictures or drawings, and pictures alone.
pub(crate) fn find(
    sheet: &Sheet,
    captions: &[&Para],
    walls: &[PageBox],
    lines: &[(usize, &Line)],
    logos: &BTreeSet<u128>,
) -> Vec<Matched> {
    let boxes: Vec<PageBox> = captions.iter().map(|c| c.bbox).collect();
    let mut regions = region::pictures(sheet, logos, walls);
    let places: Vec<Caption> = boxes
        .iter()
        .map(|&bbox| Caption {
            bbox,
            wide: drawing::widen(sheet, bbox, walls),
        })
        .collect();
    let mut pairs = assign::pair(&places, &regions, walls);
    let adopted = assign::adopt(&mut pairs, &mut regions, walls);
    let mut out: Vec<Matched> = Vec::new();
    let mut occupied: Vec<PageBox> = walls.to_vec();
    occupied.extend(pairs.iter().map(|p| regions[p.region].bbox));
    let free: Vec<&Line> = lines
        .iter()
        .map(|(_, l)| *l)
        .filter(|l| !walls.iter().any(|w| holds_centre(*w, l.bbox)))
        .collect();
    for (number, bbox) in boxes.iter().enumerate() {
        out.push(match pairs.iter().find(|p| p.caption == number) {
            Some(pair) => {
                let region = &regions[pair.region];
                let whole = whole_drawing(sheet, *bbox, region, &occupied, &free);
                from_pair(pair, whole.as_ref().unwrap_or(region), whole.is_some())
            }
            None => drawn(sheet, number, *bbox, &mut occupied, &free),
        });
    }
    for (number, region) in regions.into_iter().enumerate() {
        let used = pairs.iter().any(|p| p.region == number) || adopted.contains(&number);
        if !used && stands_alone(&region, sheet) {
            let reasons = vec!["no caption near the picture".to_owned()];
            out.push(Matched {
                region: Some(region),
                caption: None,
                score: 0.0,
                reasons,
            });
        }
    }
    out
}

fn from_pair(pair: &Pair, region: &Region, drawn: bool) -> Matched {
    let mut reasons = pair.reasons.clone();
    if drawn {
        reasons.push("the figure is drawn, and holds pictures".to_owned());
    }
    Matched {
        region: Some(region.clone()),
        caption: Some(pair.caption),
        score: pair.score,
        reasons,
    }
}

/// The drawing around a picture, where the picture is a lesser part of it: a chart with a
/// photograph as its second panel.
fn whole_drawing(
    sheet: &Sheet,
    caption: PageBox,
    region: &Region,
    occupied: &[PageBox],
    free: &[&Line],
) -> Option<Region> {
    let outside =
        |p: &&PageBox| !holds_centre(region.bbox, **p) && width(**p).max(height(**p)) > 3.0;
    if sheet.paths.iter().filter(outside).count() < 20 {
        return None;
    }
    let others: Vec<PageBox> = occupied
        .iter()
        .copied()
        .filter(|o| *o != region.bbox)
        .collect();
    let drawing = drawing::drawing(sheet, caption, &others, free)?;
    let bbox = union(drawing.bbox, region.bbox);
    let marks = sheet
        .paths
        .iter()
        .filter(outside)
        .filter(|p| holds_centre(bbox, **p))
        .count();
    (marks >= 20
        && area(bbox) > 1.6 * area(region.bbox)
        && !others.iter().any(|o| holds_centre(bbox, *o)))
    .then(|| Region {
        bbox,
        parts: Vec::new(),
    })
}

/// A caption without a picture: perhaps a drawing stands by it.
fn drawn(
    sheet: &Sheet,
    number: usize,
    caption: PageBox,
    occupied: &mut Vec<PageBox>,
    free: &[&Line],
) -> Matched {
    let region = drawing::drawing(sheet, caption, occupied, free);
    let (score, reason) = match &region {
        Some(_) => (0.8, "drawing next to the caption"),
        None => (0.0, "no picture found near the caption"),
    };
    occupied.extend(region.as_ref().map(|r| r.bbox));
    Matched {
        region,
        caption: Some(number),
        score,
        reasons: vec![reason.to_owned()],
    }
}

/// Without a caption, a picture is a figure only where it is too large for a badge and not
/// in the masthead.
fn stands_alone(region: &Region, sheet: &Sheet) -> bool {
    let masthead = sheet.index == 0 && region.bbox[1] < 0.2 * sheet.size.1;
    width(region.bbox) >= 72.0 && height(region.bbox) >= 72.0 && !masthead
}
