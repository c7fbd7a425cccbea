//! What belongs to a line of text besides the glyphs of its chain.

use super::boxes::around;
use super::lines::{hull, mean_height};
use super::parts::Part;
use super::surroundings::range;

/// How far behind a line more of its ink may follow, in units of its height.
const REACH: f32 = 1.3;

/// The box of a line with everything of its ink that stands in it or follows within a height
/// or so: marks, dots, small letters, and glyphs too unlike their neighbours for the chain.
/// On grained ground the ink must be nearer to that of the chain, for grains look alike.
pub(super) fn swept(chain: &[Part], parts: &[Part], grained: bool) -> [u32; 4] {
    let first = hull(chain);
    let height = mean_height(chain);
    let (dark, bright) = range(chain, |part| part.tone);
    let (weakest, peak) = range(chain, |part| part.peak);
    let (slack, least) = if grained {
        (0.25 * peak, 0.75 * weakest)
    } else {
        (0.5 * peak, 0.5 * weakest)
    };
    let band = (
        first[1].saturating_sub((0.4 * height) as u32),
        first[3] + (0.4 * height).ceil() as u32,
    );
    let reach = (REACH * height).ceil() as u32;
    let mut near: Vec<&Part> = parts
        .iter()
        .filter(|part| {
            let tone = f32::from(part.tone);
            part.y0 >= band.0
                && part.y1 <= band.1
                && f32::from(part.peak) >= least
                && tone >= dark - slack
                && tone <= bright + slack
        })
        .collect();
    let mut region = first;
    loop {
        let before = near.len();
        near.retain(|part| {
            let joins = part.x0 <= region[2] + reach && part.x1 + reach >= region[0];
            if joins {
                region = around(region, [part.x0, part.y0, part.x1, part.y1]);
            }
            !joins
        });
        if near.len() == before {
            return region;
        }
    }
}
