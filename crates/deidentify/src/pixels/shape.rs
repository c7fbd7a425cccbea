//! The shape of one glyph, from its lit pixels.

use super::lines::View;
use super::parts::Part;

/// Columns and rows of the raster on which glyphs are compared.
const RASTER: (u32, u32) = (5, 6);
/// Cells of the raster.
const CELLS: usize = (RASTER.0 * RASTER.1) as usize;

/// What the outline and the strokes of a glyph are like.
pub(super) struct Shape {
    /// Area against the square of the outline's length: about 1 for a disc, little for strokes.
    pub compact: f32,
    /// Corners for each pixel of the outline: many for letters and for noise, few for blobs.
    pub corners: f32,
    /// How much of each cell of the raster is lit.
    raster: [f32; CELLS],
}

impl Shape {
    /// The shape of a part.
    pub fn of(part: &Part, view: View<'_>) -> Self {
        let (width, height) = (part.x1 - part.x0, part.y1 - part.y0);
        // Rows and columns count from one before the part, so that its rim has two sides.
        let lit = |x: u32, y: u32| {
            (1..=width).contains(&x)
                && (1..=height).contains(&y)
                && view.lit(part.x0 + x - 1, part.y0 + y - 1)
        };
        let (mut area, mut corners, mut outline) = (0.0_f32, 0.0_f32, 0.0_f32);
        let (mut raster, mut pixels) = ([0.0_f32; CELLS], [0.0_f32; CELLS]);
        for y in 0..=height {
            for x in 0..=width {
                let square = [lit(x, y), lit(x + 1, y), lit(x, y + 1), lit(x + 1, y + 1)];
                let (turns, length) = crossing(square);
                corners += turns;
                outline += length;
                if x > 0 && y > 0 {
                    let column = (x - 1) * RASTER.0 / width;
                    let cell = ((y - 1) * RASTER.1 / height * RASTER.0 + column) as usize;
                    let value = f32::from(u8::from(square[0]));
                    pixels[cell] += 1.0;
                    raster[cell] += value;
                    area += value;
                }
            }
        }
        for (share, pixels) in raster.iter_mut().zip(pixels) {
            *share /= pixels.max(1.0);
        }
        Self {
            compact: 4.0 * std::f32::consts::PI * area / (outline * outline).max(1.0),
            corners: corners / outline.max(1.0),
            raster,
        }
    }

    /// How differently the strokes of two glyphs lie: 0 for equal ones, at most 1.
    pub fn difference(&self, other: &Self) -> f32 {
        let pairs = self.raster.iter().zip(&other.raster);
        pairs.map(|(a, b)| (a - b).abs()).sum::<f32>() / CELLS as f32
    }
}

/// The corners of an outline in a square of four pixels, and the outline's length there (Gray,
/// IEEE Trans. Comput. 1971).
fn crossing(square: [bool; 4]) -> (f32, f32) {
    match square.iter().filter(|lit| **lit).count() {
        1 | 3 => (1.0, 0.7),
        2 if square[0] == square[3] => (2.0, 1.4),
        2 => (0.0, 1.0),
        _ => (0.0, 0.0),
    }
}
