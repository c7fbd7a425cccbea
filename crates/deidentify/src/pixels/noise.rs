//! What is only noise: contrast that the surroundings have everywhere.

use std::ops::Range;

/// The side of the squares for which the noise is measured, in pixels.
const TILE: usize = 16;
/// Contrast below this many times the tile's usual contrast is noise.
const FACTOR: f32 = 2.0;
/// The share of a tile's pixels that lie below its usual contrast. Strokes cover less than
/// half of the ground even in dense text, so this is a measure of the ground.
const SHARE: f32 = 0.4;

/// The usual contrast of the ground, tile by tile.
pub(super) struct Noise {
    columns: usize,
    rows: usize,
    usual: Vec<u8>,
}

impl Noise {
    /// The usual contrast in the tile of a pixel, and the least one of the tiles around it.
    /// Dense text raises the contrast of its own tile, seldom that of all its neighbours.
    pub fn around(&self, x: u32, y: u32) -> (u8, u8) {
        if self.usual.is_empty() {
            return (0, 0);
        }
        let column = (x as usize / TILE).min(self.columns - 1);
        let row = (y as usize / TILE).min(self.rows - 1);
        let columns = column.saturating_sub(1)..=(column + 1).min(self.columns - 1);
        let least = (row.saturating_sub(1)..=(row + 1).min(self.rows - 1))
            .flat_map(|row| &self.usual[row * self.columns..][columns.clone()])
            .min();
        let here = self.usual[row * self.columns + column];
        (here, least.copied().unwrap_or(here))
    }
}

/// Sets contrast to zero where it does not stand out of the noise around it, and says what the
/// noise is.
pub(super) fn gate(contrast: &mut [u8], width: usize) -> Noise {
    let height = contrast.len().checked_div(width).unwrap_or(0);
    let mut usual = Vec::new();
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            let columns = left..(left + TILE).min(width);
            let rows = top..(top + TILE).min(height);
            let here = usual_contrast(contrast, width, &columns, &rows);
            usual.push(here);
            let floor = (FACTOR * f32::from(here)) as u8;
            for row in rows {
                for value in &mut contrast[row * width..][columns.clone()] {
                    *value = if *value < floor { 0 } else { *value };
                }
            }
        }
    }
    Noise {
        columns: width.div_ceil(TILE),
        rows: height.div_ceil(TILE),
        usual,
    }
}

/// The contrast below which a share of a tile's pixels lies.
fn usual_contrast(
    contrast: &[u8],
    width: usize,
    columns: &Range<usize>,
    rows: &Range<usize>,
) -> u8 {
    let mut counts = [0_u32; 256];
    for row in rows.clone() {
        for value in &contrast[row * width..][columns.clone()] {
            counts[*value as usize] += 1;
        }
    }
    let wanted = SHARE * (columns.len() * rows.len()) as f32;
    let mut seen = 0.0;
    let place = counts.iter().position(|count| {
        seen += *count as f32;
        seen > wanted
    });
    place.unwrap_or(0) as u8
}
