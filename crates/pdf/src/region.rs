//! Where pictures and drawings are.
//!
//! Rules, in this order. The same object on three pages or more is a logo. A picture over
//! four fifths of a page that also carries text is its background, and so is one with running
//! text on it. Pictures that touch are
//! strips or tiles of one. What is then smaller than 20 points on a side, or than 1,500
//! square points, is decoration (rules, icons, badges) and no figure. Pictures close together
//! with no running text between them are panels of one figure.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::locator::PageBox;

use crate::geometry::{area, gap, height, holds_centre, intersect, union, width};
use crate::sheet::Sheet;

/// Pictures nearer than this touch.
const TOUCH: f64 = 1.5;
/// Panels of one figure are nearer than this, in points.
const PANEL_GAP: f64 = 26.0;
/// The least side and area of a figure.
pub(crate) const MIN_SIDE: f64 = 20.0;
const MIN_AREA: f64 = 1_500.0;

/// A part of a figure: one picture, or touching ones.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub bbox: PageBox,
    /// Numbers in [`Sheet::placements`].
    pub members: Vec<usize>,
}

/// A figure's place on a page. Without parts it is a drawing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Region {
    pub bbox: PageBox,
    /// From the top left.
    pub parts: Vec<Part>,
}

/// Objects drawn on three pages or more.
pub(crate) fn logos(sheets: &[Sheet]) -> BTreeSet<u128> {
    let mut pages: BTreeMap<u128, BTreeSet<usize>> = BTreeMap::new();
    for sheet in sheets {
        for placement in &sheet.placements {
            pages
                .entry(placement.object)
                .or_default()
                .insert(sheet.index);
        }
    }
    pages
        .into_iter()
        .filter(|(_, on)| on.len() >= 3)
        .map(|(object, _)| object)
        .collect()
}

/// The picture regions of a sheet. `walls` are running text and captions, which stand in no
/// figure.
pub(crate) fn pictures(sheet: &Sheet, logos: &BTreeSet<u128>, walls: &[PageBox]) -> Vec<Region> {
    let page_area = sheet.size.0 * sheet.size.1;
    let under_text = |b: PageBox| {
        walls
            .iter()
            .any(|w| holds_centre(b, *w) && area(*w) > 0.1 * area(b))
    };
    let background =
        |b: PageBox| (area(b) > 0.8 * page_area && sheet.glyphs.0 > 200) || under_text(b);
    let parts: Vec<Part> = sheet
        .placements
        .iter()
        .enumerate()
        .filter(|(_, p)| !logos.contains(&p.object) && !background(p.bbox))
        .map(|(number, p)| Part {
            bbox: p.bbox,
            members: vec![number],
        })
        .collect();
    let mut parts = merge_touching(parts);
    parts.retain(|p| {
        width(p.bbox) >= MIN_SIDE && height(p.bbox) >= MIN_SIDE && area(p.bbox) >= MIN_AREA
    });
    cluster(parts, walls)
}

fn merge_touching(mut parts: Vec<Part>) -> Vec<Part> {
    // A page of thousands of image fragments is a drawing made of pixels; the quadratic merge
    // would take seconds, and the fragments are too small to be figures.
    if parts.len() > 600 {
        parts.retain(|p| area(p.bbox) >= MIN_AREA);
        parts.truncate(600);
    }
    let mut out: Vec<Part> = Vec::new();
    while let Some(mut part) = parts.pop() {
        loop {
            let before = part.members.len();
            parts.retain(|other| {
                let touch = tiles(part.bbox, other.bbox);
                if touch {
                    part.bbox = union(part.bbox, other.bbox);
                    part.members.extend(&other.members);
                }
                !touch
            });
            if part.members.len() == before {
                break;
            }
        }
        part.members.sort_unstable();
        out.push(part);
    }
    out.sort_by_key(|p| p.members[0]);
    out
}

/// Touching or overlapping along a whole side: strips, tiles, or a picture over another.
fn tiles(a: PageBox, b: PageBox) -> bool {
    if gap(a, b) > TOUCH {
        return false;
    }
    let both = intersect(a, b);
    let (w, h) = (width(both), height(both));
    let strip_x = w > 0.95 * width(a).max(width(b));
    let strip_y = h > 0.95 * height(a).max(height(b));
    let over = area(both) > 0.5 * area(a).min(area(b));
    strip_x || strip_y || over
}

/// Joins parts into figures: near each other, nothing between.
fn cluster(mut parts: Vec<Part>, walls: &[PageBox]) -> Vec<Region> {
    let mut out = Vec::new();
    parts.reverse();
    while let Some(first) = parts.pop() {
        let mut region = Region {
            bbox: first.bbox,
            parts: vec![first],
        };
        loop {
            let before = region.parts.len();
            parts.retain(|part| {
                let hull = union(region.bbox, part.bbox);
                let near = region
                    .parts
                    .iter()
                    .any(|p| gap(p.bbox, part.bbox) < PANEL_GAP);
                let open = !walls.iter().any(|w| holds_centre(hull, *w));
                if near && open {
                    region.bbox = hull;
                    region.parts.push(part.clone());
                }
                !(near && open)
            });
            if region.parts.len() == before {
                break;
            }
        }
        sort_parts(&mut region.parts);
        out.push(region);
    }
    out
}

/// Row by row, as panels are lettered.
pub(crate) fn sort_parts(parts: &mut [Part]) {
    parts.sort_by(|a, b| a.bbox[1].total_cmp(&b.bbox[1]));
    let mut row_start = 0;
    for i in 1..=parts.len() {
        let new_row = i == parts.len() || {
            let (head, this) = (parts[row_start].bbox, parts[i].bbox);
            this[1] > (head[1] + head[3]) / 2.0
        };
        if new_row {
            parts[row_start..i].sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
            row_start = i;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Placement;

    fn sheet(boxes: &[PageBox]) -> Sheet {
        let place = |(index, &bbox): (usize, &PageBox)| Placement {
            index,
            bbox,
            pixels: (100, 100),
            object: index as u128,
            as_stored: true,
        };
        Sheet {
            size: (600.0, 800.0),
            placements: boxes.iter().enumerate().map(place).collect(),
            ..Sheet::default()
        }
    }

    fn check(boxes: &[PageBox], walls: &[PageBox], expect: &[&[&[usize]]]) {
        let found = pictures(&sheet(boxes), &BTreeSet::new(), walls);
        let members: Vec<Vec<Vec<usize>>> = found
            .into_iter()
            .map(|r| r.parts.into_iter().map(|p| p.members).collect())
            .collect();
        assert_eq!(members, expect);
    }

    #[test]
    fn strips_are_one_picture() {
        check(
            &[[50.0, 50.0, 250.0, 60.0], [50.0, 60.0, 250.0, 90.0]],
            &[],
            &[&[&[0, 1]]],
        );
    }

    #[test]
    fn panels_are_one_figure_unless_text_parts_them() {
        let panels = [[50.0, 50.0, 250.0, 150.0], [50.0, 170.0, 250.0, 300.0]];
        check(&panels, &[], &[&[&[0], &[1]]]);
        check(&panels, &[[50.0, 152.0, 250.0, 168.0]], &[&[&[0]], &[&[1]]]);
    }

    #[test]
    fn decoration_is_no_figure() {
        check(
            &[[50.0, 50.0, 60.0, 60.0], [50.0, 200.0, 500.0, 204.0]],
            &[],
            &[],
        );
    }

    #[test]
    fn logos_are_told_by_their_pages() {
        let pages: Vec<Sheet> = (0..3)
            .map(|index| Sheet {
                index,
                ..sheet(&[[0.0, 0.0, 80.0, 40.0]])
            })
            .collect();
        assert_eq!(logos(&pages).len(), 1);
        assert!(logos(&pages[..2]).is_empty());
    }
}
