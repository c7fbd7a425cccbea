//! Whether a chain of parts is a line of text.
//!
//! Two stages. The demands below let every chain pass that could be text, and many that are not.
//! They were fitted on some two thousand drawn lines (outline fonts, Latin and Chinese, both
//! polarities, over slices, radiographs and textures) against some four hundred clean pictures,
//! and then loosened a little by hand. What passes is weighed by [`votes`](super::votes).

use super::lines::{Edge, View, hull};
use super::measures::measure;
use super::parts::Part;
use super::surroundings::{contrast_around, ink, lit_shares, range};
use super::votes::{ENOUGH, for_text};

/// What a chain must show. The more glyphs it has, the less regular each has to be.
struct Demand {
    /// Weakest contrast, in grey values.
    contrast: f32,
    /// Weakest contrast in units of the noise here, and of the least noise around.
    noise: (f32, f32),
    /// Highest level at which the chain holds together, in units of the strongest contrast.
    level: f32,
    /// Largest spread of tones, in units of the strongest contrast.
    tones: f32,
    /// Mean crossings of a row plus those of a column; a plain bar has 2.
    runs: f32,
    /// Widest stroke, in units of the height.
    stroke: f32,
    /// Largest spread of stroke widths, in units of their mean.
    strokes: f32,
    /// Least and greatest share of a glyph's box that is lit.
    fill: f32,
    /// Largest spread of heights, in units of their mean.
    heights: f32,
    /// Least share of glyphs whose other edge lies on a line too.
    aligned: f32,
    /// Widest gap, in units of the height.
    gap: f32,
    /// Lowest height in pixels.
    height: f32,
    /// Least share of glyphs that are no plain bars.
    shaped: f32,
    /// Greatest share of pixels above and below that are lit, in units of the share inside.
    lonely: f32,
    /// Least share of lit pixels of one grey value (give or take one).
    tone: f32,
    /// Least share of lit pixels within an eighth of the contrast of one grey value.
    core: f32,
    /// Least step from lit pixels to their unlit neighbours, in units of the contrast.
    sharp: f32,
    /// Greatest contrast of four fifths of the pixels around the chain, and of nineteen
    /// twentieths, in units of the chain's weakest contrast.
    around: (f32, f32),
}

/// Nothing demanded.
const ANY: Demand = Demand {
    contrast: 0.0,
    noise: (0.0, 0.0),
    level: 9.0,
    tones: 9.0,
    runs: 0.0,
    stroke: 9.0,
    strokes: 9.0,
    fill: 0.0,
    heights: 9.0,
    aligned: 0.0,
    gap: 9.0,
    height: 0.0,
    shaped: 0.0,
    lonely: 0.6,
    tone: 0.0,
    core: 0.0,
    sharp: 0.0,
    around: (9.0, 9.0),
};

/// Two letters, as two parts or one.
const PAIR: Demand = Demand {
    contrast: 9.0,
    noise: (3.0, 5.0),
    level: 0.7,
    tones: 0.25,
    runs: 2.5,
    stroke: 0.25,
    fill: 0.38,
    heights: 0.22,
    gap: 0.3,
    height: 10.0,
    shaped: 1.0,
    lonely: 0.34,
    tone: 0.33,
    core: 0.40,
    sharp: 0.30,
    ..ANY
};
/// One part of three letters or more that touch.
const WORD: Demand = Demand {
    contrast: 16.0,
    fill: 0.36,
    core: 0.32,
    sharp: 0.26,
    around: (0.07, 0.16),
    ..ANY
};
/// Two parts, of which one is several letters that touch.
const PARTLY: Demand = Demand {
    contrast: 13.0,
    noise: (5.7, 7.5),
    tones: 0.12,
    runs: 2.6,
    fill: 0.24,
    heights: 0.21,
    gap: 1.4,
    height: 5.5,
    lonely: 0.55,
    core: 0.27,
    sharp: 0.38,
    around: (9.0, 1.0),
    ..ANY
};
/// Three or four parts.
const SHORT: Demand = Demand {
    noise: (5.0, 5.5),
    level: 0.75,
    tones: 0.32,
    strokes: 0.22,
    heights: 0.20,
    aligned: 0.6,
    lonely: 0.44,
    tone: 0.09,
    sharp: 0.35,
    around: (0.45, 1.05),
    ..ANY
};
/// Five parts and more.
const LONG: Demand = Demand {
    noise: (3.2, 0.0),
    heights: 0.18,
    aligned: 0.5,
    lonely: 0.2,
    core: 0.27,
    sharp: 0.38,
    around: (0.58, 9.0),
    ..ANY
};

/// Three letters and more of exactly one grey value with hard edges: no body and no detector
/// makes these, so their shape matters less.
const DRAWN: Demand = Demand {
    contrast: 3.0,
    noise: (2.5, 2.5),
    strokes: 0.3,
    heights: 0.3,
    aligned: 0.3,
    shaped: 0.5,
    lonely: 0.4,
    tone: 0.8,
    sharp: 0.7,
    around: (0.3, 9.0),
    ..ANY
};
/// Three letters and more on ground that is perfectly still.
const STILL: Demand = Demand {
    contrast: 3.0,
    strokes: 0.3,
    heights: 0.25,
    aligned: 0.3,
    shaped: 0.6,
    lonely: 0.4,
    core: 0.25,
    sharp: 0.32,
    around: (0.05, 0.15),
    ..ANY
};

/// How sure the vote is that the chain is text; nothing where it is not.
pub(super) fn text_votes(chain: &[Part], edge: Edge, view: View<'_>) -> Option<f32> {
    let letters: usize = chain.iter().map(letters).sum();
    let demands: &[Demand] = match (letters, chain.len()) {
        (0 | 1, _) => &[],
        (2, _) => &[PAIR],
        (_, 1) => &[WORD, DRAWN, STILL],
        (_, 2) => &[PARTLY, DRAWN, STILL],
        (_, 3 | 4) => &[SHORT, DRAWN, STILL],
        _ => &[LONG, DRAWN, STILL],
    };
    let fits = |demand: &Demand| {
        shape_fits(chain, edge, view.level, demand) && ground_fits(chain, view, demand)
    };
    if !demands.iter().any(fits) {
        return None;
    }
    let votes = for_text(&measure(chain, view));
    (votes >= ENOUGH).then_some(votes)
}

/// How many glyphs a part may be.
fn letters(part: &Part) -> usize {
    ((part.width() / part.height() / 0.85).round() as usize).max(1)
}

/// Compares what the parts alone tell.
fn shape_fits(chain: &[Part], edge: Edge, level: u8, demand: &Demand) -> bool {
    let mean = |of: &dyn Fn(&Part) -> f32| chain.iter().map(of).sum::<f32>() / chain.len() as f32;
    let (low, high) = range(chain, |part| part.peak);
    let (dark, bright) = range(chain, |part| part.tone);
    let height = mean(&Part::height);
    let stroke = mean(&Part::stroke);
    let shaped = mean(&|part| f32::from(u8::from(!is_bar(part))));
    let gap = |pair: &[Part]| (pair[1].x0 as f32 - pair[0].x1 as f32) / height;
    low >= demand.contrast
        && f32::from(level) <= demand.level * high
        && height >= demand.height
        && shaped > 0.0
        && shaped >= demand.shaped
        && bright - dark <= demand.tones * (high + 8.0)
        && stroke <= demand.stroke * height
        && mean(&|part| part.across as f32 / part.height() + part.down as f32 / part.width())
            >= demand.runs
        && mean(&|part| part.area as f32 / (part.width() * part.height())) >= demand.fill
        && mean(&|part| (part.height() - height).abs()) <= demand.heights * height
        && mean(&|part| (part.stroke() - stroke).abs()) <= demand.strokes * stroke
        && chain.windows(2).all(|pair| gap(pair) <= demand.gap)
        && aligned(chain, edge, height) >= demand.aligned
}

/// Whether a part is a plain bar, as discs and ribs are, and the letter I.
fn is_bar(part: &Part) -> bool {
    let (width, height) = (part.width(), part.height());
    width.max(height) >= 2.6 * width.min(height) && part.area as f32 >= 0.7 * width * height
}

/// The share of parts whose other edge lies on a line.
fn aligned(chain: &[Part], edge: Edge, height: f32) -> f32 {
    let mut edges: Vec<u32> = chain.iter().map(|part| edge.opposite(part)).collect();
    edges.sort_unstable();
    let middle = edges[edges.len() / 2];
    let near = |edge: &&u32| edge.abs_diff(middle) as f32 <= 0.1 * height + 0.5;
    edges.iter().filter(near).count() as f32 / edges.len() as f32
}

/// Compares what the ground under and around the chain tells.
fn ground_fits(chain: &[Part], view: View<'_>, demand: &Demand) -> bool {
    let region = hull(chain);
    let (low, _) = range(chain, |part| part.peak);
    let middle = ((region[0] + region[2]) / 2, (region[1] + region[3]) / 2);
    let (here, least) = view.noise(middle.0, middle.1);
    if low < demand.noise.0 * (f32::from(here) + 1.0)
        || low < demand.noise.1 * (f32::from(least) + 1.0)
    {
        return false;
    }
    let height = chain.iter().map(Part::height).sum::<f32>() / chain.len() as f32;
    let (inside, outside) = lit_shares(region, height, view);
    if outside > demand.lonely * inside {
        return false;
    }
    let around = contrast_around(region, height, view);
    if around.0 > demand.around.0 * low || around.1 > demand.around.1 * low {
        return false;
    }
    let contrast = chain.iter().map(|part| f32::from(part.peak)).sum::<f32>() / chain.len() as f32;
    let ink = ink(region, low, view);
    ink.tone >= demand.tone && ink.core >= demand.core && ink.step >= demand.sharp * contrast
}
