//! What the pixels of a chain's box are like, and those around it.

use super::lines::View;
use super::parts::Part;

/// The least and the greatest value of the parts.
pub(super) fn range(chain: &[Part], of: impl Fn(&Part) -> u8) -> (f32, f32) {
    let values = || chain.iter().map(&of);
    let (low, high) = (values().min(), values().max());
    (f32::from(low.unwrap_or(0)), f32::from(high.unwrap_or(0)))
}

/// The share of lit pixels in the chain's box, and in strips just above and below.
pub(super) fn lit_shares([x0, y0, x1, y1]: [u32; 4], height: f32, view: View<'_>) -> (f32, f32) {
    let (gap, strip) = ((0.1 * height).ceil() as u32, (0.3 * height).ceil() as u32);
    let count = |from: u32, to: u32| {
        let rows = from..to.min(view.size().1).max(from);
        let all = rows.len() as u32 * (x1 - x0);
        let lit = rows.flat_map(|y| (x0..x1).map(move |x| (x, y)));
        (
            lit.filter(|(x, y)| view.lit(*x, *y)).count() as f32,
            all as f32,
        )
    };
    let above = count(y0.saturating_sub(gap + strip), y0.saturating_sub(gap));
    let below = count(y1 + gap, y1 + gap + strip);
    let inside = count(y0, y1);
    (
        inside.0 / inside.1.max(1.0),
        (above.0 + below.0) / (above.1 + below.1).max(1.0),
    )
}

/// The contrast that four fifths, and nineteen twentieths, of the pixels around a box do not
/// exceed. Noise is as strong around a chance chain as inside; around text there is ground.
pub(super) fn contrast_around(
    [x0, y0, x1, y1]: [u32; 4],
    height: f32,
    view: View<'_>,
) -> (f32, f32) {
    let (width, rows) = view.size();
    let margin = (0.6 * height).ceil() as u32 + 1;
    let mut counts = [0_u32; 256];
    for y in y0.saturating_sub(margin)..(y1 + margin).min(rows) {
        for x in x0.saturating_sub(margin)..(x1 + margin).min(width) {
            // One pixel around the box belongs to the soft edges of the glyphs.
            let inside = (x0..x1 + 2).contains(&(x + 1)) && (y0..y1 + 2).contains(&(y + 1));
            if !inside {
                counts[view.contrast(x, y) as usize] += 1;
            }
        }
    }
    let all = counts.iter().sum::<u32>() as f32;
    let quantile = |share: f32| {
        let mut seen = 0;
        let place = counts.iter().position(|count| {
            seen += *count;
            seen as f32 >= share * all
        });
        place.unwrap_or(0) as f32
    };
    (quantile(0.8), quantile(0.95))
}

/// What the lit pixels of a box are like.
pub(super) struct Ink {
    /// The share of one grey value (give or take one).
    pub tone: f32,
    /// The share within an eighth of the contrast of one grey value.
    pub core: f32,
    /// The mean step down to neighbours that are not lit, in grey values.
    pub step: f32,
}

/// Measures the lit pixels of a box.
pub(super) fn ink([x0, y0, x1, y1]: [u32; 4], contrast: f32, view: View<'_>) -> Ink {
    let (width, height) = view.size();
    let mut counts = [0_u32; 256];
    let (mut steps, mut edges) = (0_u32, 0_u32);
    for y in y0..y1 {
        for x in (x0..x1).filter(|x| view.lit(*x, y)) {
            let grey = view.grey(x, y);
            counts[grey as usize] += 1;
            let sides = [
                (x.wrapping_sub(1), y),
                (x + 1, y),
                (x, y.wrapping_sub(1)),
                (x, y + 1),
            ];
            for (x, y) in sides {
                if x < width && y < height && !view.lit(x, y) {
                    steps += u32::from(grey.saturating_sub(view.grey(x, y)));
                    edges += 1;
                }
            }
        }
    }
    let share =
        |around: usize| fullest(&counts, around) as f32 / counts.iter().sum::<u32>().max(1) as f32;
    Ink {
        tone: share(1),
        core: share((0.12 * contrast).max(1.5) as usize),
        step: steps as f32 / edges.max(1) as f32,
    }
}

/// The largest sum of counts within `around` of one value.
fn fullest(counts: &[u32; 256], around: usize) -> u32 {
    let sum = |middle: usize| {
        counts[middle.saturating_sub(around)..=(middle + around).min(255)]
            .iter()
            .sum()
    };
    (0..256).map(sum).max().unwrap_or(0)
}

/// The share of the spread of a box's grey values that its division into lit and unlit pixels
/// explains (Otsu, 1979). Drawn text has two tones; noise has all between.
pub(super) fn two_tones([x0, y0, x1, y1]: [u32; 4], view: View<'_>) -> f32 {
    // For lit and unlit pixels: their number, the sum of their values, and of the squares.
    let mut sums = [[0.0_f64; 3]; 2];
    for y in y0..y1 {
        for x in x0..x1 {
            let grey = f64::from(view.grey(x, y));
            let sum = &mut sums[usize::from(view.lit(x, y))];
            sum[0] += 1.0;
            sum[1] += grey;
            sum[2] += grey * grey;
        }
    }
    if sums[0][0] == 0.0 || sums[1][0] == 0.0 {
        return 0.0;
    }
    let spread = |[count, sum, squares]: [f64; 3]| (squares - sum * sum / count).max(0.0);
    let all = std::array::from_fn(|index| sums[0][index] + sums[1][index]);
    let within = spread(sums[0]) + spread(sums[1]);
    ((spread(all) - within) / spread(all).max(1.0)) as f32
}

/// The share of lit pixels far around a box, in a ring of three heights.
pub(super) fn lit_around(region: [u32; 4], height: f32, view: View<'_>) -> f32 {
    let (mut lit, mut all) = (0_u32, 0_u32);
    for (x, y) in ring(region, height, 1, view.size()) {
        all += 1;
        lit += u32::from(view.lit(x, y));
    }
    lit as f32 / all.max(1) as f32
}

/// The step between neighbours that one pixel in twenty exceeds in a ring of three heights, in
/// grey values. The edges of anatomy are as soft as the picture; those of drawn text are harder.
pub(super) fn steepest_around(region: [u32; 4], height: f32, view: View<'_>) -> f32 {
    let (width, rows) = view.size();
    let size = (width.saturating_sub(1), rows.saturating_sub(1));
    let mut counts = [0_u32; 256];
    for (x, y) in ring(region, height, 2, size) {
        let grey = view.grey(x, y);
        let right = grey.abs_diff(view.grey(x + 1, y));
        counts[right.max(grey.abs_diff(view.grey(x, y + 1))) as usize] += 1;
    }
    let all = counts.iter().sum::<u32>() as f32;
    let mut seen = 0;
    let place = counts.iter().position(|count| {
        seen += *count;
        seen as f32 >= 0.95 * all
    });
    place.unwrap_or(0) as f32
}

/// Every second pixel of every second row around a box, up to three heights away but not within
/// `border` pixels of it.
fn ring(
    [x0, y0, x1, y1]: [u32; 4],
    height: f32,
    border: u32,
    (width, rows): (u32, u32),
) -> impl Iterator<Item = (u32, u32)> {
    let margin = (3.0 * height).ceil() as u32 + 2;
    let columns = x0.saturating_sub(margin)..(x1 + margin).min(width);
    (y0.saturating_sub(margin)..(y1 + margin).min(rows))
        .step_by(2)
        .flat_map(move |y| columns.clone().step_by(2).map(move |x| (x, y)))
        .filter(move |(x, y)| {
            let across = (x0..x1 + 2 * border).contains(&(x + border));
            let down = (y0..y1 + 2 * border).contains(&(y + border));
            !(across && down)
        })
}
