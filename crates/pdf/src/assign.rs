//! Captions to regions, one to one, with a score and its reasons.

use spinemed_core::locator::PageBox;

use crate::geometry::{gap, holds_centre, intersect, union, width, x_overlap};
use crate::region::{Region, sort_parts};

/// The farthest region from its caption, in points.
const REACH: f64 = 220.0;
/// Panels left over are taken in from this distance.
const PANEL_REACH: f64 = 60.0;

/// A pair found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    pub caption: usize,
    pub region: usize,
    /// 0 to 1.
    pub score: f64,
    pub reasons: Vec<String>,
}

/// Where a region stands seen from its caption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Above,
    Below,
    Beside,
}

/// A caption's place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Caption {
    /// Around its words.
    pub bbox: PageBox,
    /// The same, with the free space at its sides: a short caption stands at the left under a
    /// picture that is centred.
    pub wide: PageBox,
}

/// Pairs captions with regions, the cheapest pair first. `walls` are running text and the
/// other captions, across which no pair reaches.
pub(crate) fn pair(captions: &[Caption], regions: &[Region], walls: &[PageBox]) -> Vec<Pair> {
    let mut costs = Vec::new();
    for (c, caption) in captions.iter().enumerate() {
        for (r, region) in regions.iter().enumerate() {
            let near = cost(caption.bbox, region.bbox, walls);
            let wide = || cost(caption.wide, region.bbox, walls).map(|(c, s, f)| (c + 0.3, s, f));
            if let Some((cost, side, far)) = near.or_else(wide) {
                costs.push((cost, c, r, side, far));
            }
        }
    }
    costs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut pairs: Vec<Pair> = Vec::new();
    for (cost, caption, region, side, far) in costs {
        if pairs
            .iter()
            .any(|p| p.caption == caption || p.region == region)
        {
            continue;
        }
        let place = match side {
            Side::Above => "picture above the caption",
            Side::Below => "picture below the caption",
            Side::Beside => "picture beside the caption",
        };
        let reasons = vec![format!("{place}, {far:.0} pt away")];
        pairs.push(Pair {
            caption,
            region,
            score: (1.0 - cost / 4.0).clamp(0.3, 0.98),
            reasons,
        });
    }
    pairs.sort_by_key(|p| p.caption);
    pairs
}

fn cost(caption: PageBox, region: PageBox, walls: &[PageBox]) -> Option<(f64, Side, f64)> {
    let both = intersect(caption, region);
    let overlap = x_overlap(caption, region);
    let (side, far) = if overlap > 0.25 {
        if region[1] + region[3] < caption[1] + caption[3] {
            (Side::Above, (caption[1] - region[3]).max(0.0))
        } else {
            (Side::Below, (region[1] - caption[3]).max(0.0))
        }
    } else if both[3] - both[1] > 0.0 {
        (Side::Beside, (-width(both)).max(0.0))
    } else {
        return None;
    };
    if far > REACH || blocked(caption, region, walls) {
        return None;
    }
    let bias = match side {
        Side::Above => 0.0,
        Side::Below => 0.35,
        Side::Beside => 0.3,
    };
    Some((
        far / 100.0 + bias + 0.3 * (1.0 - overlap.min(1.0)),
        side,
        far,
    ))
}

/// Whether running text stands between the two.
fn blocked(caption: PageBox, region: PageBox, walls: &[PageBox]) -> bool {
    let between = if x_overlap(caption, region) > 0.25 {
        let (top, bottom) = (caption[3].min(region[3]), caption[1].max(region[1]));
        [
            caption[0].max(region[0]),
            top,
            caption[2].min(region[2]),
            bottom,
        ]
    } else {
        let (left, right) = (caption[2].min(region[2]), caption[0].max(region[0]));
        [
            left,
            caption[1].max(region[1]),
            right,
            caption[3].min(region[3]),
        ]
    };
    walls.iter().any(|wall| {
        let shared = intersect(between, *wall);
        !holds_centre(caption, *wall) && shared[2] - shared[0] > 2.0 && shared[3] - shared[1] > 2.0
    })
}

/// Gives regions that no caption took to the pair next to them: further panels. Returns the
/// numbers of the regions taken.
pub(crate) fn adopt(pairs: &mut [Pair], regions: &mut [Region], walls: &[PageBox]) -> Vec<usize> {
    let mut adopted = Vec::new();
    for orphan in 0..regions.len() {
        if pairs.iter().any(|p| p.region == orphan) {
            continue;
        }
        let there = regions[orphan].bbox;
        let nearest = pairs
            .iter_mut()
            .map(|p| (gap(regions[p.region].bbox, there), p))
            .filter(|(far, p)| *far < PANEL_REACH && open(regions[p.region].bbox, there, walls))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, pair)) = nearest {
            let parts = regions[orphan].parts.clone();
            let home = &mut regions[pair.region];
            home.bbox = union(home.bbox, there);
            home.parts.extend(parts);
            sort_parts(&mut home.parts);
            pair.reasons
                .push("a further panel stands next to it".to_owned());
            adopted.push(orphan);
        }
    }
    adopted
}

fn open(a: PageBox, b: PageBox, walls: &[PageBox]) -> bool {
    !blocked(a, b, walls)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions(boxes: &[PageBox]) -> Vec<Region> {
        boxes
            .iter()
            .map(|&bbox| Region {
                bbox,
                parts: Vec::new(),
            })
            .collect()
    }

    fn exact(boxes: &[PageBox]) -> Vec<Caption> {
        boxes
            .iter()
            .map(|&bbox| Caption { bbox, wide: bbox })
            .collect()
    }

    #[test]
    fn a_short_caption_reaches_its_centred_picture() {
        let caption = Caption {
            bbox: [50.0, 205.0, 120.0, 215.0],
            wide: [50.0, 205.0, 550.0, 215.0],
        };
        let found = pair(
            &[caption],
            &regions(&[[150.0, 50.0, 450.0, 200.0]]),
            &[caption.bbox],
        );
        assert_eq!(found.len(), 1);
    }

    fn check(
        captions: &[PageBox],
        boxes: &[PageBox],
        walls: &[PageBox],
        expect: &[(usize, usize)],
    ) {
        let found = pair(&exact(captions), &regions(boxes), walls);
        let pairs: Vec<(usize, usize)> = found.iter().map(|p| (p.caption, p.region)).collect();
        assert_eq!(pairs, expect);
    }

    #[test]
    fn each_caption_takes_the_picture_above_it() {
        let pictures = [[50.0, 50.0, 290.0, 200.0], [50.0, 250.0, 290.0, 400.0]];
        let captions = [[50.0, 205.0, 290.0, 230.0], [50.0, 405.0, 290.0, 430.0]];
        check(&captions, &pictures, &captions, &[(0, 0), (1, 1)]);
    }

    #[test]
    fn captions_above_their_pictures_work_too() {
        let captions = [[50.0, 50.0, 290.0, 70.0], [50.0, 250.0, 290.0, 270.0]];
        let pictures = [[50.0, 75.0, 290.0, 200.0], [50.0, 275.0, 290.0, 400.0]];
        check(&captions, &pictures, &captions, &[(0, 0), (1, 1)]);
    }

    #[test]
    fn text_between_keeps_apart() {
        let text = [[50.0, 210.0, 290.0, 300.0]];
        check(
            &[[50.0, 310.0, 290.0, 330.0]],
            &[[50.0, 50.0, 290.0, 200.0]],
            &text,
            &[],
        );
    }

    #[test]
    fn a_caption_may_stand_beside() {
        check(
            &[[300.0, 60.0, 500.0, 90.0]],
            &[[50.0, 50.0, 290.0, 200.0]],
            &[],
            &[(0, 0)],
        );
    }

    #[test]
    fn orphans_become_panels() {
        let mut found = regions(&[[50.0, 50.0, 160.0, 200.0], [195.0, 50.0, 290.0, 200.0]]);
        let mut pairs = pair(&exact(&[[50.0, 205.0, 160.0, 230.0]]), &found, &[]);
        assert_eq!(adopt(&mut pairs, &mut found, &[]), [1]);
        assert_eq!(found[0].bbox, [50.0, 50.0, 290.0, 200.0]);
    }
}
