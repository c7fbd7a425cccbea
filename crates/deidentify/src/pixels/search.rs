//! The search of one picture: in both polarities, at three scales.

use super::boxes::{Region, holds, padded};
use super::evidence::is_sure;
use super::hat::{self, Plane};
use super::lines::{self, Finds};
use super::{Grey, Suspicion, noise, parts};

/// How often the picture is halved: glyphs of 80 pixels become 20 pixels high.
const HALVINGS: u32 = 2;
/// The longest side that is looked at, in pixels; larger pictures are refused.
const MAX_SIDE: u32 = 16_384;

/// A line of glyphs, in pixels of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    /// The smallest box around what was found of its glyphs.
    pub region: Region,
    /// The height of its glyphs, across the direction of reading.
    pub height: u32,
    /// How sure the vote is; endless for what a reader of characters saw.
    pub votes: f32,
    /// The contrast of the ground near it, in units of its own: none on even ground.
    pub grain: f32,
    /// How often the picture was halved when it was found, so that its box is that coarse.
    pub halvings: u32,
}

impl Line {
    /// The box with a margin for what a threshold leaves out: soft edges and shadows. It is 15 %
    /// of the glyphs' height or two pixels on each side, and the coarseness of the box.
    /// Descenders, dots and marks are in the box already.
    pub fn padded(&self, size: (u32, u32)) -> Region {
        let edge = (3 * self.height).div_ceil(20).max(2);
        padded(self.region, edge + (1 << self.halvings) - 1, size)
    }
}

/// All lines of a picture, or the first one alone.
///
/// # Errors
/// [`Suspicion::Size`].
pub(super) fn lines(picture: &Grey<'_>, all: bool) -> Result<Vec<Line>, Suspicion> {
    let size = u64::from(picture.width) * u64::from(picture.height);
    if size != picture.pixels.len() as u64 || picture.width.max(picture.height) > MAX_SIDE {
        return Err(Suspicion::Size);
    }
    let mut plane = Plane {
        width: picture.width as usize,
        height: picture.height as usize,
        pixels: picture.pixels.to_vec(),
    };
    let mut found: Vec<Line> = Vec::new();
    for halving in 0..=HALVINGS {
        let finds = |plane: &Plane| {
            let scaled = at_scale(plane, all).into_iter();
            scaled.map(|line| enlarged(line, halving, (picture.width, picture.height)))
        };
        found.extend(finds(&plane));
        if all || found.is_empty() {
            found.extend(finds(&plane.inverted()));
        }
        if !all && !found.is_empty() {
            found.truncate(1);
            return Ok(found);
        }
        plane = plane.halved();
    }
    Ok(largest(found))
}

/// A line of a halved picture in pixels of the whole one.
fn enlarged(line: Line, halving: u32, (width, height): (u32, u32)) -> Line {
    let scale = |edge: u32, end: u32| ((edge << halving) + (1 << halving) - 1).min(end);
    let [x0, y0, x1, y1] = line.region;
    Line {
        region: [
            x0 << halving,
            y0 << halving,
            scale(x1, width),
            scale(y1, height),
        ],
        height: line.height << halving,
        halvings: halving,
        ..line
    }
}

/// The lines that lie in no other line of glyphs as large.
fn largest(mut found: Vec<Line>) -> Vec<Line> {
    found.sort_unstable_by_key(|line| {
        (
            std::cmp::Reverse(super::boxes::area(line.region)),
            line.region,
            line.height,
        )
    });
    let mut kept: Vec<Line> = Vec::new();
    for line in found {
        let known = |other: &Line| {
            let as_sure = other.votes >= line.votes || is_sure(other);
            other.height >= line.height && as_sure && holds(other.region, line.region)
        };
        if !kept.iter().any(known) {
            kept.push(line);
        }
    }
    kept
}

/// The bright lines at this scale.
fn at_scale(plane: &Plane, all: bool) -> Vec<Line> {
    let raw = hat::hat(plane);
    let mut contrast = raw.clone();
    let noise = noise::gate(&mut contrast, plane.width);
    let ground = lines::Ground {
        plane,
        contrast: &contrast,
        raw: &raw,
        noise: &noise,
    };
    let mut finds = Finds::new(all);
    parts::grow(&contrast, plane, |level, parts| {
        lines::find(parts, level, &ground, &mut finds).then_some(())
    });
    finds.into_lines()
}
