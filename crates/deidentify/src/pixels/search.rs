//! The search of one picture: in both polarities, at three scales.

use super::boxes::{Region, holds, padded};
use super::hat::{self, Plane};
use super::lines::{self, Finds};
use super::{Grey, Suspicion, noise, parts};

/// How often the picture is halved: glyphs of 80 pixels become 20 pixels high.
const HALVINGS: u32 = 2;
/// The longest side that is looked at, in pixels; larger pictures are refused.
const MAX_SIDE: u32 = 16_384;

/// A line of glyphs, in pixels of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// The smallest box around what was found of its glyphs.
    pub region: Region,
    /// The height of its glyphs, across the direction of reading.
    pub height: u32,
}

impl Line {
    /// The box with a margin for what a threshold leaves out: soft edges, shadows, descenders,
    /// dots and marks. A third of the glyphs' height on each side, and two pixels.
    pub fn padded(&self, size: (u32, u32)) -> Region {
        padded(self.region, self.height.div_ceil(3) + 2, size)
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
        let known = |other: &Line| other.height >= line.height && holds(other.region, line.region);
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
