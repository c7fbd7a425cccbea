//! Which finds are blanked: on grained ground more is asked of them.
//!
//! Speckle makes chance chains, and thousands of chains are weighed in every frame. Their ground
//! has the same grain as they have. So a find whose ground is grained must be surer. In a cine,
//! text stands still and speckle does not: what is found on one frame alone must be surer still. What overlaps with a sure line belongs to it.

use std::collections::BTreeMap;

use super::boxes::{area, common, same_place};
use super::layout::Layout;
use super::search::Line;

/// Ground is grained where four fifths of it reach this share of the contrast of the find.
pub(super) const GRAINED: f32 = 0.12;
/// Glyphs of more pixels than this are too large for chains of grains.
const LARGE: u32 = 28;
/// Votes asked for on grained ground: chance chains on speckle seldom get more. The rim of a
/// sector stands still too, so that what stands still is asked for no less.
const SURE: f32 = 2.0;
/// Votes asked for on grained ground of a cine, of what stands on one frame alone.
const SURER: f32 = 3.2;

/// Whether the evidence is enough on any ground.
pub(super) fn is_sure(line: &Line) -> bool {
    stands_alone(line) || line.votes >= SURER
}

/// Whether nothing near a line looks like it.
fn stands_alone(line: &Line) -> bool {
    line.grain < GRAINED || line.height > LARGE
}

/// The finds of one picture that have evidence enough.
pub(super) fn settled(lines: Vec<Line>, size: (u32, u32)) -> Vec<Line> {
    kept(lines, size, |_| SURE)
}

/// The finds of the frames of an object, counted from 0, that have evidence enough.
pub(super) fn settled_frames(
    layout: &Layout,
    found: BTreeMap<u32, Vec<Line>>,
) -> BTreeMap<u32, Vec<Line>> {
    let size = layout.size();
    let single = layout.frames == 1;
    let frames = found.iter().map(|(frame, lines)| {
        let asked = |line: &Line| {
            if single || repeats(&found, *frame, line) {
                SURE
            } else {
                SURER
            }
        };
        (*frame, kept(lines.clone(), size, asked))
    });
    frames.filter(|(_, lines)| !lines.is_empty()).collect()
}

fn kept(lines: Vec<Line>, size: (u32, u32), asked: impl Fn(&Line) -> f32) -> Vec<Line> {
    let (sure, weak): (Vec<Line>, Vec<Line>) = lines
        .into_iter()
        .partition(|line| stands_alone(line) || line.votes >= asked(line));
    let belongs = |line: &Line| {
        let own = line.padded(size);
        sure.iter()
            .any(|other| area(common(own, other.padded(size))) > 0)
    };
    let more: Vec<Line> = weak.into_iter().filter(belongs).collect();
    sure.into_iter().chain(more).collect()
}

/// Whether a line is found again on another frame, at the same place.
fn repeats(found: &BTreeMap<u32, Vec<Line>>, frame: u32, line: &Line) -> bool {
    let mut others = found.iter().filter(|(other, _)| **other != frame);
    others.any(|(_, lines)| lines.iter().any(|one| same_place(one.region, line.region)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEAK: Line = Line {
        region: [20, 20, 60, 30],
        height: 10,
        votes: 0.0,
        grain: 0.3,
        halvings: 0,
    };

    #[test]
    fn grained_ground_asks_for_more() {
        let check = |lines: &[Line], expect: usize| {
            assert_eq!(settled(lines.to_vec(), (100, 100)).len(), expect);
        };
        let sure = Line { votes: 4.0, ..WEAK };
        let even = Line { grain: 0.0, ..WEAK };
        check(&[WEAK], 0);
        check(&[sure], 1);
        check(&[even], 1);
        // What touches a sure line belongs to it; what lies apart does not.
        let beside = Line {
            region: [62, 20, 80, 30],
            ..sure
        };
        let apart = Line {
            region: [20, 60, 60, 70],
            ..sure
        };
        check(&[WEAK, beside], 2);
        check(&[WEAK, apart], 1);
    }
}
