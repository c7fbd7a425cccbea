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

use crate::geometry::{
    NOTHING, area, gap, grow, height, holds_centre, intersect, union, width, x_overlap,
};
use crate::line::Line;
use crate::sheet::Sheet;

/// Pictures nearer than this touch.
const TOUCH: f64 = 1.5;
/// Panels of one figure are nearer than this, in points.
const PANEL_GAP: f64 = 26.0;
/// The least side and area of a figure.
const MIN_SIDE: f64 = 20.0;
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

/// The drawing that belongs to a caption: paths and small text in the free space above it, or
/// below where there is none above.
pub(crate) fn drawing(
    sheet: &Sheet,
    caption: PageBox,
    walls: &[PageBox],
    free: &[&Line],
) -> Option<Region> {
    let limits = [above(sheet, caption, walls), below(sheet, caption, walls)];
    limits.into_iter().find_map(|band| drawn(sheet, band, free))
}

/// The free space above a caption, between walls.
fn above(sheet: &Sheet, caption: PageBox, walls: &[PageBox]) -> PageBox {
    let top = walls
        .iter()
        .filter(|w| w[3] <= caption[1] + 2.0 && x_overlap(**w, caption) > 0.1)
        .map(|w| w[3])
        .fold(0.0, f64::max);
    widen(sheet, [caption[0], top, caption[2], caption[1]], walls)
}

fn below(sheet: &Sheet, caption: PageBox, walls: &[PageBox]) -> PageBox {
    let bottom = walls
        .iter()
        .filter(|w| w[1] >= caption[3] - 2.0 && x_overlap(**w, caption) > 0.1)
        .map(|w| w[1])
        .fold(sheet.size.1, f64::min);
    widen(sheet, [caption[0], caption[3], caption[2], bottom], walls)
}

/// Widens a band to the walls at its sides: a caption is often narrower than its figure.
pub(crate) fn widen(sheet: &Sheet, band: PageBox, walls: &[PageBox]) -> PageBox {
    let beside = |w: &&PageBox| w[1] < band[3] - 2.0 && w[3] > band[1] + 2.0;
    let left = walls
        .iter()
        .filter(beside)
        .filter(|w| w[2] <= band[0] + 2.0)
        .map(|w| w[2])
        .fold(0.0, f64::max);
    let right = walls
        .iter()
        .filter(beside)
        .filter(|w| w[0] >= band[2] - 2.0)
        .map(|w| w[0])
        .fold(sheet.size.0, f64::min);
    within_column(sheet, band, [left, band[1], right, band[3]], walls)
}

/// Keeps a band inside the column of its caption, unless something drawn reaches over the
/// gutter: then the figure is as wide as the page.
fn within_column(sheet: &Sheet, caption: PageBox, wide: PageBox, walls: &[PageBox]) -> PageBox {
    let narrow = |w: &&PageBox| width(**w) < 0.55 * sheet.size.0;
    let right = walls
        .iter()
        .filter(narrow)
        .filter(|w| w[0] >= caption[2] - 2.0)
        .map(|w| w[0])
        .fold(wide[2], f64::min);
    let left = walls
        .iter()
        .filter(narrow)
        .filter(|w| w[2] <= caption[0] + 2.0)
        .map(|w| w[2])
        .fold(wide[0], f64::max);
    let near = [wide[0], wide[1] - 220.0, wide[2], wide[3] + 220.0];
    let drawn = || {
        let pictures = sheet.placements.iter().map(|p| p.bbox);
        pictures
            .chain(sheet.paths.iter().copied())
            .filter(|b| holds_centre(near, *b))
    };
    let over = |x: f64| drawn().any(|b| b[0] < x - 8.0 && b[2] > x + 8.0);
    [
        if left > wide[0] && over(left) {
            wide[0]
        } else {
            left
        },
        wide[1],
        if right < wide[2] && over(right) {
            wide[2]
        } else {
            right
        },
        wide[3],
    ]
}

/// The hull of the paths in a band, with the small text among them; `None` where too little
/// is drawn: a rule or a frame is no drawing.
fn drawn(sheet: &Sheet, band: PageBox, free: &[&Line]) -> Option<Region> {
    if width(band) < MIN_SIDE || height(band) < MIN_SIDE {
        return None;
    }
    let inside: Vec<PageBox> = sheet
        .paths
        .iter()
        .copied()
        .filter(|p| holds_centre(band, *p) && height(*p) < 1.1 * height(band))
        .collect();
    // A rule at the very edge of the band separates; it does not draw.
    let marks = inside
        .iter()
        .filter(|p| height(**p) > 2.5 || width(**p) < 0.7 * width(band))
        .count();
    let mut hull = inside
        .iter()
        .fold(NOTHING, |b, p| union(b, intersect(*p, band)));
    if marks < 4 || width(hull) < 40.0 || height(hull) < 40.0 {
        return None;
    }
    let mut left: Vec<&&Line> = free.iter().filter(|l| holds_centre(band, l.bbox)).collect();
    loop {
        let before = left.len();
        left.retain(|l| {
            let near = gap(grow(hull, 0.0), l.bbox) < 16.0;
            if near {
                hull = union(hull, l.bbox);
            }
            !near
        });
        if left.len() == before {
            break;
        }
    }
    let page = [0.0, 0.0, sheet.size.0, sheet.size.1];
    let hull = intersect(grow(hull, 2.0), page);
    Some(Region {
        bbox: hull,
        parts: Vec::new(),
    })
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

    #[test]
    fn a_drawing_fills_the_space_above_its_caption() {
        let mut page = sheet(&[]);
        page.paths = (0..20)
            .map(|i| {
                [
                    100.0 + 5.0 * f64::from(i),
                    200.0,
                    104.0 + 5.0 * f64::from(i),
                    300.0,
                ]
            })
            .collect();
        let walls = [[50.0, 50.0, 290.0, 150.0], [50.0, 360.0, 290.0, 700.0]];
        let found = drawing(&page, [50.0, 320.0, 290.0, 350.0], &walls, &[]).expect("a drawing");
        assert_eq!(found.bbox, [98.0, 198.0, 201.0, 302.0]);
        assert_eq!(
            drawing(
                &page,
                [310.0, 320.0, 500.0, 350.0],
                &[[50.0, 0.0, 300.0, 800.0]],
                &[]
            ),
            None
        );
    }
}
