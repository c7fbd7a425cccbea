//! Drawings: figures made of paths and small text, found by their captions.

use spinemed_core::locator::PageBox;

use crate::geometry::{
    NOTHING, gap, grow, height, holds_centre, intersect, union, width, x_overlap,
};
use crate::line::Line;
use crate::region::{MIN_SIDE, Region};
use crate::sheet::Sheet;

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

    #[test]
    fn a_drawing_fills_the_space_above_its_caption() {
        let mut page = Sheet {
            size: (600.0, 800.0),
            ..Sheet::default()
        };
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
