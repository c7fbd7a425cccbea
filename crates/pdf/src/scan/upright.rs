//! The quarter turn and the skew of a page's lines.
//!
//! Lines of text and the white between them make a profile of hard steps across the lines'
//! direction, and of none along it (Postl, ICPR 1986). The profile tells lines from columns
//! of letters, and their angle; it does not tell a page from one on its head, which the engine
//! does by its confidence.

use super::frame::Frame;
use super::grey::Grey;
use crate::geometry::Turn;

/// Scanners and hands tilt pages by less.
const MAX_SKEW: f64 = 6.0;
/// Degrees of the first look, and of the last.
const COARSE: f64 = 0.5;
const FINE: f64 = 0.05;
/// The most dark pixels looked at.
const MAX_INK: usize = 60_000;

/// Frames in which the page may be upright, the likeliest first.
pub(crate) fn frames(page: &Grey, size: (f64, f64)) -> Vec<Frame> {
    let ink = ink(page);
    let across: Vec<(f64, f64)> = ink.iter().map(|&(x, y)| (y, -x)).collect();
    let (level, level_steps) = skew(&ink);
    let (upright, upright_steps) = skew(&across);
    let frame = |turn, degrees: f64| Frame {
        turn,
        skew: degrees.to_radians(),
        page: size,
    };
    let level = [Turn::None, Turn::Over].map(|turn| frame(turn, level));
    let turned = [Turn::Down, Turn::Up].map(|turn| frame(turn, upright));
    if level_steps >= upright_steps {
        [level, turned].concat()
    } else {
        [turned, level].concat()
    }
}

/// Dark pixels with a bright one above or below, or beside: the insides of photographs and
/// the rims of the scanner's lid tell nothing.
fn ink(page: &Grey) -> Vec<(f64, f64)> {
    let limit = page.ink();
    let mut edges = Vec::new();
    for y in 1..page.height.saturating_sub(1) {
        let (above, here, below) = (page.row(y - 1), page.row(y), page.row(y + 1));
        for x in 1..page.width.saturating_sub(1) {
            let open =
                above[x] > limit || below[x] > limit || here[x - 1] > limit || here[x + 1] > limit;
            if here[x] <= limit && open {
                edges.push((x as f64, y as f64));
            }
        }
    }
    let step = edges.len().div_ceil(MAX_INK).max(1);
    edges.into_iter().step_by(step).collect()
}

/// The angle at which lines fall to the right, in degrees, and how hard the steps are there.
fn skew(ink: &[(f64, f64)]) -> (f64, f64) {
    let best = |from: f64, to: f64, step: f64| {
        let count = ((to - from) / step).round() as u32;
        (0..=count)
            .map(|n| from + f64::from(n) * step)
            .map(|angle| (angle, steps(ink, angle)))
            // Where angles tie, as on blank pages, the least one is right.
            .fold((0.0, steps(ink, 0.0)), |a, b| if b.1 > a.1 { b } else { a })
    };
    let (coarse, _) = best(-MAX_SKEW, MAX_SKEW, COARSE);
    best(coarse - COARSE, coarse + COARSE, FINE)
}

/// The sum of squared steps of the profile of lines that fall by an angle.
fn steps(ink: &[(f64, f64)], degrees: f64) -> f64 {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let rows: Vec<i64> = ink
        .iter()
        .map(|(x, y)| (y * cos - x * sin).round() as i64)
        .collect();
    let (Some(&low), Some(&high)) = (rows.iter().min(), rows.iter().max()) else {
        return 0.0;
    };
    let mut profile = vec![0.0_f64; (high - low + 2) as usize];
    for row in rows {
        profile[(row - low) as usize] += 1.0;
    }
    profile
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).powi(2))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of lines of made letters, falling by an angle in degrees.
    fn page(degrees: f64) -> Grey {
        let (width, height) = (600, 800);
        let slope = degrees.to_radians().tan();
        let dark = |x: usize, y: usize| {
            let level = y as f64 - slope * x as f64;
            let inside = (60..540).contains(&x) && (60.0..740.0).contains(&level);
            inside && level.rem_euclid(16.0) < 7.0 && (x * x / 7 + (level / 16.0) as usize) % 5 < 3
        };
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Grey {
            width,
            height,
            pixels: places
                .map(|(x, y)| if dark(x, y) { 20 } else { 250 })
                .collect(),
        }
    }

    fn check(page: &Grey, turns: [Turn; 2], degrees: f64) {
        let size = (page.width as f64, page.height as f64);
        let found = frames(page, size);
        assert_eq!([found[0].turn, found[1].turn], turns);
        let skew = found[0].skew.to_degrees();
        assert!((skew - degrees).abs() < 0.16, "{skew} for {degrees}");
    }

    #[test]
    fn lines_are_found_at_their_angle() {
        for degrees in [-3.0, -0.6, 0.0, 1.3, 5.0] {
            check(&page(degrees), [Turn::None, Turn::Over], degrees);
        }
    }

    #[test]
    fn lines_that_run_down_are_turned() {
        let upright = page(1.0);
        let (width, height) = (upright.height, upright.width);
        let mut pixels = vec![0; width * height];
        for y in 0..upright.height {
            for x in 0..upright.width {
                pixels[x * width + (width - 1 - y)] = upright.row(y)[x];
            }
        }
        let turned = Grey {
            width,
            height,
            pixels,
        };
        check(&turned, [Turn::Down, Turn::Up], 1.0);
    }

    #[test]
    fn blank_pages_are_level() {
        let blank = Grey {
            width: 50,
            height: 70,
            pixels: vec![255; 3_500],
        };
        check(&blank, [Turn::None, Turn::Over], 0.0);
        assert_eq!(frames(&Grey::default(), (0.0, 0.0)).len(), 4);
    }
}
