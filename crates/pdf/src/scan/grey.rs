//! A picture in shades of grey, made easier to read.

/// Light is measured in squares of this part of an inch.
const SQUARES: f64 = 9.0;
/// The ground of a square is the brightest of the squares this far around it.
const AROUND: usize = 2;
/// Darker ground than this is a picture, which is not made brighter.
const DARK: f64 = 40.0;
/// A pixel this far from its neighbours' median is a speck.
const SPECK: u8 = 90;
/// Pages with more specks than this share of their pixels are cleaned of them.
const SPECKLED: f64 = 0.004;

/// Row by row from the top, 0 black, 255 white.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Grey {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

impl Grey {
    /// The pixels of a row.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// The picture with even light, and without specks where there are many.
    pub(crate) fn cleaned(self, dpi: f64) -> Self {
        let clean = if self.specks() > SPECKLED {
            self.median()
        } else {
            self
        };
        clean.even((dpi / SQUARES).round().max(1.0) as usize)
    }

    /// The share of specks, from every fifth pixel of every fifth row.
    fn specks(&self) -> f64 {
        let (mut specks, mut looked) = (0_u32, 1_u32);
        for y in (1..self.height.saturating_sub(1)).step_by(5) {
            for x in (1..self.width.saturating_sub(1)).step_by(5) {
                looked += 1;
                specks += u32::from(self.nine(x, y).abs_diff(self.row(y)[x]) > SPECK);
            }
        }
        f64::from(specks) / f64::from(looked)
    }

    /// Every pixel but those of the rim as the median of nine.
    fn median(&self) -> Self {
        let mut out = self.clone();
        for y in 1..self.height.saturating_sub(1) {
            for x in 1..self.width.saturating_sub(1) {
                out.pixels[y * self.width + x] = self.nine(x, y);
            }
        }
        out
    }

    /// The median of a pixel and its eight neighbours.
    fn nine(&self, x: usize, y: usize) -> u8 {
        let mut nine = [0; 9];
        for (three, row) in nine.chunks_exact_mut(3).zip(y - 1..) {
            three.copy_from_slice(&self.row(row)[x - 1..x + 2]);
        }
        *nine.select_nth_unstable(4).1
    }

    /// The picture divided by its ground: paper is white everywhere, in shadows and folds too.
    fn even(mut self, square: usize) -> Self {
        let (columns, rows) = (self.width.div_ceil(square), self.height.div_ceil(square));
        if columns == 0 || rows == 0 {
            return self;
        }
        let ground = smooth(
            &brightest(&self.light(square, columns, rows), columns),
            columns,
        );
        let at = |row: usize, column: usize| {
            ground[row.min(rows - 1) * columns + column.min(columns - 1)]
        };
        for y in 0..self.height {
            let (row, down) = between(y, square);
            for x in 0..self.width {
                let (column, right) = between(x, square);
                let upper = at(row, column) * (1.0 - right) + at(row, column + 1) * right;
                let lower = at(row + 1, column) * (1.0 - right) + at(row + 1, column + 1) * right;
                let light = (upper * (1.0 - down) + lower * down).max(DARK);
                let pixel = &mut self.pixels[y * self.width + x];
                *pixel = (f64::from(*pixel) * 255.0 / light).min(255.0) as u8;
            }
        }
        self
    }

    /// The shade that a twentieth of each square's pixels are brighter than.
    fn light(&self, square: usize, columns: usize, rows: usize) -> Vec<f64> {
        let mut light = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            let mut counts = vec![[0_u32; 256]; columns];
            for y in row * square..((row + 1) * square).min(self.height) {
                for (x, &pixel) in self.row(y).iter().enumerate() {
                    counts[x / square][usize::from(pixel)] += 1;
                }
            }
            light.extend(counts.iter().map(bright));
        }
        light
    }

    /// The shade that best parts ink from paper (Otsu, IEEE SMC 9, 1979).
    pub(crate) fn ink(&self) -> u8 {
        let mut counts = [0_u64; 256];
        for &pixel in &self.pixels {
            counts[usize::from(pixel)] += 1;
        }
        let all: u64 = counts.iter().sum();
        let sum: u64 = counts.iter().zip(0_u64..).map(|(n, shade)| n * shade).sum();
        let (mut below, mut dark) = (0_u64, 0_u64);
        let mut best = (0.0, 127_u8);
        for (shade, n) in (0_u8..=254).zip(counts) {
            below += n;
            dark += n * u64::from(shade);
            if below == 0 || below == all {
                continue;
            }
            let apart = dark as f64 / below as f64 - (sum - dark) as f64 / (all - below) as f64;
            let spread = below as f64 * (all - below) as f64 * apart * apart;
            if spread > best.0 {
                best = (spread, shade);
            }
        }
        best.1
    }
}

fn bright(counts: &[u32; 256]) -> f64 {
    let all: u32 = counts.iter().sum();
    let mut above = 0;
    for shade in (0..256).rev() {
        above += counts[shade];
        if above * 20 > all {
            return shade as f64;
        }
    }
    0.0
}

/// Where a pixel lies between the middles of two squares.
fn between(place: usize, square: usize) -> (usize, f64) {
    let at = ((place as f64 + 0.5) / square as f64 - 0.5).max(0.0);
    (at as usize, at.fract())
}

fn brightest(grid: &[f64], columns: usize) -> Vec<f64> {
    over_squares(grid, columns, |near| {
        near.iter().copied().fold(0.0, f64::max)
    })
}

fn smooth(grid: &[f64], columns: usize) -> Vec<f64> {
    over_squares(grid, columns, |near| {
        near.iter().sum::<f64>() / near.len() as f64
    })
}

/// Every square from those around it, first along rows, then along columns.
fn over_squares(grid: &[f64], columns: usize, of: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let rows = grid.len() / columns;
    let near = |at: usize, length: usize| at.saturating_sub(AROUND)..(at + AROUND + 1).min(length);
    let along: Vec<f64> = (0..grid.len())
        .map(|i| {
            let start = i / columns * columns;
            let span = near(i % columns, columns);
            of(&grid[start + span.start..start + span.end])
        })
        .collect();
    (0..grid.len())
        .map(|i| {
            let column: Vec<f64> = near(i / columns, rows)
                .map(|row| along[row * columns + i % columns])
                .collect();
            of(&column)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: usize, height: usize, of: impl Fn(usize, usize) -> u8) -> Grey {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Grey {
            width,
            height,
            pixels: places.map(|(x, y)| of(x, y)).collect(),
        }
    }

    #[test]
    fn shadows_become_paper_and_ink_stays() {
        let shade = |x: usize| 255 - (x / 2) as u8;
        let ink = |x: usize, y: usize| y.is_multiple_of(20) && x.is_multiple_of(3);
        let page = grey(
            300,
            200,
            |x, y| if ink(x, y) { shade(x) / 4 } else { shade(x) },
        );
        let even = page.even(20);
        for y in 1..200 {
            for x in 0..300 {
                let pixel = even.row(y)[x];
                assert!(
                    if ink(x, y) { pixel < 110 } else { pixel > 180 },
                    "{x} {y} {pixel}"
                );
            }
        }
    }

    #[test]
    fn specks_go_where_there_are_many() {
        let clean = grey(100, 100, |_, _| 255).cleaned(300.0);
        let speckled = grey(100, 100, |x, y| {
            if (x * 7 + y * 13).is_multiple_of(41) {
                0
            } else {
                255
            }
        });
        let cleaned = speckled.cleaned(300.0);
        let dark = |g: &Grey| {
            (2..98)
                .map(|y| g.row(y)[2..98].iter().filter(|p| **p < 128).count())
                .sum::<usize>()
        };
        assert_eq!((dark(&clean), dark(&cleaned)), (0, 0));
        let single = grey(100, 100, |x, y| if (x, y) == (50, 50) { 0 } else { 255 });
        assert_eq!(dark(&single.cleaned(300.0)), 1);
    }

    #[test]
    fn ink_is_parted_from_paper() {
        let ink = grey(10, 10, |x, _| if x < 2 { 30 } else { 220 }).ink();
        assert!((30..220).contains(&ink), "{ink}");
        assert_eq!(Grey::default().ink(), 127);
    }

    proptest::proptest! {
        #[test]
        fn every_picture_keeps_its_size(width in 0..40_usize, height in 0..40_usize, seed: u8, dpi in 1.0..400.0_f64) {
            let page = grey(width, height, |x, y| (x * 31 + y * 17) as u8 ^ seed);
            let out = page.cleaned(dpi);
            proptest::prop_assert_eq!((out.width, out.height, out.pixels.len()), (width, height, width * height));
            out.ink();
        }
    }
}
