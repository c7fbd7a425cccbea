//! What is measured of a chain before the vote.

use super::lines::{View, hull};
use super::parts::Part;
use super::shape::Shape;
use super::surroundings::{contrast_around, ink, lit_around, range, steepest_around, two_tones};

/// The names of the measures, in their order. Lengths are in units of the mean height of the
/// glyphs, grey values in units of the contrast, unless said otherwise; `-spread` is the mean
/// distance from the mean.
pub(super) const NAMES: [&str; 28] = [
    "least-contrast",  // weakest part, in grey values
    "contrast",        // mean of the parts, in grey values
    "tones",           // spread of the strongest pixels' grey values
    "height",          // in pixels
    "stroke",          // width of strokes
    "level",           // at which the chain holds together
    "noise-here",      // weakest contrast in units of the noise here
    "noise-around",    // the same, of the least noise around
    "around-80",       // contrast that four fifths of the near pixels do not exceed
    "around-95",       // the same, nineteen twentieths
    "one-tone",        // share of lit pixels of one grey value
    "near-tone",       // share of lit pixels near one grey value
    "step",            // mean step at the edge of strokes
    "runs",            // crossings of a row plus those of a column
    "runs-spread",     // of the same
    "fill",            // share of a glyph's box that is lit
    "height-spread",   // of the parts
    "gap",             // mean gap
    "gap-most",        // widest gap
    "width",           // mean of the parts
    "width-spread",    // of the parts
    "compact-most",    // of the roundest glyph
    "compact-least",   // of the glyph with the longest outline
    "difference",      // mean of glyphs and their next three
    "two-tones",       // share of the spread that lit and unlit explain
    "lit-around",      // share of lit pixels far around
    "steepest-around", // strong steps far around, in units of the step at the strokes
    "corners",         // of the outline, for each of its pixels
];

/// Measures a chain, in the order of [`NAMES`].
pub(super) fn measure(chain: &[Part], view: View<'_>) -> [f32; NAMES.len()] {
    let region = hull(chain);
    let (low, high) = range(chain, |part| part.peak);
    let (dark, bright) = range(chain, |part| part.tone);
    let (here, least) = view.noise((region[0] + region[2]) / 2, (region[1] + region[3]) / 2);
    let height = mean(chain, Part::height);
    let contrast = mean(chain, |part| f32::from(part.peak));
    let around = contrast_around(region, height, view);
    let ink = ink(region, low, view);
    let runs = |part: &Part| part.across as f32 / part.height() + part.down as f32 / part.width();
    let gap = gaps(chain, height);
    let shapes: Vec<Shape> = chain.iter().map(|part| Shape::of(part, view)).collect();
    let compact = || shapes.iter().map(|shape| shape.compact);
    [
        low,
        contrast,
        (bright - dark) / (high + 8.0),
        height,
        mean(chain, Part::stroke) / height,
        f32::from(view.level) / high,
        low / (f32::from(here) + 1.0),
        low / (f32::from(least) + 1.0),
        around.0 / low,
        around.1 / low,
        ink.tone,
        ink.core,
        ink.step / contrast,
        mean(chain, runs),
        spread(chain, runs),
        mean(chain, |part| {
            part.area as f32 / (part.width() * part.height())
        }),
        spread(chain, Part::height) / height,
        gap.0,
        gap.1,
        mean(chain, Part::width) / height,
        spread(chain, Part::width) / height,
        compact().fold(0.0, f32::max),
        compact().fold(9.0, f32::min),
        difference(&shapes),
        two_tones(region, view),
        lit_around(region, height, view),
        steepest_around(region, height, view) / (ink.step + 0.5),
        shapes.iter().map(|shape| shape.corners).sum::<f32>() / shapes.len() as f32,
    ]
}

fn mean(chain: &[Part], of: impl Fn(&Part) -> f32) -> f32 {
    chain.iter().map(of).sum::<f32>() / chain.len() as f32
}

fn spread(chain: &[Part], of: impl Fn(&Part) -> f32) -> f32 {
    let middle = mean(chain, &of);
    mean(chain, |part| (of(part) - middle).abs())
}

/// The mean and the widest gap between neighbours, in units of the height.
fn gaps(chain: &[Part], height: f32) -> (f32, f32) {
    let gaps = || {
        let pairs = chain.windows(2);
        pairs.map(|pair| (pair[1].x0 as f32 - pair[0].x1 as f32) / height)
    };
    let count = chain.len().saturating_sub(1).max(1) as f32;
    (gaps().sum::<f32>() / count, gaps().fold(-1.0, f32::max))
}

/// How far glyphs differ from the next three, on average. A line has different glyphs; vertebrae
/// and noise repeat themselves. One glyph alone counts as a middling line.
fn difference(shapes: &[Shape]) -> f32 {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (place, shape) in shapes.iter().enumerate() {
        for other in shapes.iter().skip(place + 1).take(3) {
            sum += shape.difference(other);
            pairs += 1.0;
        }
    }
    if pairs > 0.0 { sum / pairs } else { 0.3 }
}
