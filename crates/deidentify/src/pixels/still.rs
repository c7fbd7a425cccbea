//! On which frames of a cine a line stands.

use std::collections::BTreeMap;

use super::boxes::{Region, same_place};
use super::raster::Raster;
use super::search::Line;

/// Frames show the same in a box if their values differ by at most this share of the box's
/// range, in the mean: compression with loss changes them a little.
const SAME: f64 = 0.03;
/// A line that so many frames show (a share of all) is taken to stand on all of them.
const SHARE: f64 = 0.25;

/// Where a line stands.
pub(super) enum Stands {
    /// On all frames.
    Everywhere,
    /// On some of them, counted from 0.
    On(Vec<u32>),
}

/// The frames on which a line that was found on `frame` is blanked: all of them if it was found
/// on a quarter of the frames (and on two), or if a quarter show the same there; else the frame
/// itself, those that show the same, and those between finds at the same place.
pub(super) fn frames(
    raster: &Raster,
    lines: &BTreeMap<u32, Vec<Line>>,
    frame: u32,
    line: &Line,
) -> Stands {
    let all = raster.layout.frames;
    if all == 1 {
        return Stands::Everywhere;
    }
    let found: Vec<u32> = lines
        .iter()
        .filter(|(_, own)| {
            own.iter()
                .any(|other| same_place(other.region, line.region))
        })
        .map(|(frame, _)| *frame)
        .collect();
    let enough = (SHARE * f64::from(all)).max(2.0);
    if found.len() as f64 >= enough {
        return Stands::Everywhere;
    }
    let shown = shown(raster, frame, line.region);
    let mut stands: Vec<u32> = (0..all)
        .filter(|other| *other == frame || shown.is_on(raster, *other))
        .collect();
    if stands.len() as f64 >= enough {
        return Stands::Everywhere;
    }
    if let (Some(first), Some(last)) = (found.first(), found.last()) {
        stands.extend(*first..=*last);
    }
    stands.sort_unstable();
    stands.dedup();
    Stands::On(stands)
}

/// What a frame shows in a box.
struct Shown {
    region: Region,
    channels: Vec<Vec<i32>>,
    /// The greatest sum of differences.
    slack: f64,
}

fn shown(raster: &Raster, frame: u32, region: Region) -> Shown {
    let of = |channel| raster.values(frame, channel, region);
    let channels: Vec<Vec<i32>> = (0..raster.layout.samples).map(of).collect();
    let range = |values: &Vec<i32>| {
        let (low, high) = (values.iter().min(), values.iter().max());
        f64::from(*high.unwrap_or(&0)) - f64::from(*low.unwrap_or(&0))
    };
    let slack = channels
        .iter()
        .map(|values| SAME * range(values) * values.len() as f64);
    Shown {
        region,
        slack: slack.sum(),
        channels,
    }
}

impl Shown {
    fn is_on(&self, raster: &Raster, frame: u32) -> bool {
        let mut sum = 0.0;
        for (channel, own) in (0..).zip(&self.channels) {
            let other = raster.values(frame, channel, self.region);
            let pairs = own.iter().zip(&other);
            sum += pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>();
            if sum > self.slack {
                return false;
            }
        }
        true
    }
}
