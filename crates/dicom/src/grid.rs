//! From a pixel of a picture to a point in the patient, and back.

use std::fmt;

use dicom_object::{InMemDicomObject, Tag};

use crate::attribute::OfFrame;
use crate::geometry::{Vector, directions, dot, length, minus, position};

const MEASURES: Tag = Tag(0x0028, 0x9110);
const SPACING: Tag = Tag(0x0028, 0x0030);
/// Of pixels in mm: outside, the attribute is damaged.
const SPACINGS: std::ops::Range<f64> = 1e-4..1e3;
const NAME: &str = "pixel to patient LPS mm";

/// Where a frame's pixels lie in the patient: the equation of PS3.3 C.7.6.2.1.1.
///
/// Pixels are counted from 0, columns to the right, rows down; `(0, 0)` is the centre of the
/// top left pixel. Points are in patient coordinates (LPS), in millimetres. A picture of
/// this crate has the pixels of its frame, one to one, so the same numbers hold for both.
///
/// ```
/// use spinemed_dicom::Grid;
///
/// let text = "frame 1, pixel to patient LPS mm origin [-8 -120 90] column [0 0.5 0] row [0 0 -0.5]";
/// let grid = Grid::recorded(text).expect("a grid");
/// assert_eq!(grid.locate(10.0, 20.0), [-8.0, -115.0, 80.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// The centre of the top left pixel.
    pub origin: [f64; 3],
    /// One step to the next column.
    pub column: [f64; 3],
    /// One step to the next row.
    pub row: [f64; 3],
}

impl Grid {
    /// The grid of a frame, counted from 1; none unless position, orientation and pixel
    /// spacing are all stated and possible.
    #[must_use]
    pub fn of(object: &InMemDicomObject, frame: u32) -> Option<Self> {
        let origin = position(object, frame)?;
        let [across, down] = directions(object, frame)?;
        // Between rows first, then between columns: PS3.3 10.7.1.3.
        let spacing: [f64; 2] = OfFrame::new(object, frame).numbers(MEASURES, SPACING)?;
        let [rows, columns] = spacing;
        spacing
            .iter()
            .all(|mm| SPACINGS.contains(mm))
            .then_some(Self {
                origin,
                column: across.map(|axis| axis * columns),
                row: down.map(|axis| axis * rows),
            })
    }

    /// The point that a pixel shows.
    #[must_use]
    pub fn locate(&self, column: f64, row: f64) -> [f64; 3] {
        let axis = |i: usize| self.origin[i] + column * self.column[i] + row * self.row[i];
        [axis(0), axis(1), axis(2)]
    }

    /// The column and row nearest to a point, and the point's distance from the slice in mm.
    #[must_use]
    pub fn pixel(&self, point: [f64; 3]) -> ([f64; 2], f64) {
        let from = minus(point, self.origin);
        let along = |step: Vector| dot(from, step) / dot(step, step);
        let place = [along(self.column), along(self.row)];
        (place, length(minus(point, self.locate(place[0], place[1]))))
    }

    /// Reads the grid that a transform of this crate records; none where it records none.
    #[must_use]
    pub fn recorded(transform: &str) -> Option<Self> {
        let (_, text) = transform.split_once(NAME)?;
        Some(Self {
            origin: vector(text, "origin [")?,
            column: vector(text, "column [")?,
            row: vector(text, "row [")?,
        })
    }
}

/// `pixel to patient LPS mm origin [x y z] column [x y z] row [x y z]`, to 0.000001 mm.
impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |v: Vector| v.map(decimal).join(" ");
        let (origin, column, row) = (part(self.origin), part(self.column), part(self.row));
        write!(f, "{NAME} origin [{origin}] column [{column}] row [{row}]")
    }
}

/// Patient coordinates of a picture's pixel, by the transform that its record carries
/// ([`Grid`] says how pixels are counted); none where the picture lies nowhere.
#[must_use]
pub fn locate(transform: &str, column: f64, row: f64) -> Option<[f64; 3]> {
    Some(Grid::recorded(transform)?.locate(column, row))
}

fn decimal(number: f64) -> String {
    // Adding 0 makes a negative zero positive.
    let rounded = (number * 1e6).round() / 1e6 + 0.0;
    rounded.to_string()
}

fn vector(text: &str, before: &str) -> Option<Vector> {
    let (_, rest) = text.split_once(before)?;
    let (inside, _) = rest.split_once(']')?;
    let numbers: Option<Vec<f64>> = inside.split(' ').map(|n| n.parse().ok()).collect();
    let numbers: Vector = numbers?.try_into().ok()?;
    numbers.iter().all(|n| n.is_finite()).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_is_read_again() {
        let grid = Grid {
            origin: [-123.456_789, 0.0, 1e5],
            column: [0.353_553, 0.353_553, -0.0],
            row: [0.0, 0.1 + 0.2, -0.5],
        };
        let text = format!("frame 3, window 40/400, {grid}");
        let read = Grid::recorded(&text).expect("a grid");
        assert!((read.row[1] - 0.3).abs() < 1e-12);
        assert_eq!((read.origin, read.column), (grid.origin, grid.column));
        assert_eq!(locate(&text, 0.0, 0.0), Some(grid.origin));
    }

    #[test]
    fn no_grid_is_read_from_other_text() {
        for text in [
            "",
            "frame 1",
            "pixel to patient LPS mm origin [1 2] column [1 2 3]",
        ] {
            assert_eq!(Grid::recorded(text), None);
        }
        let nan = "pixel to patient LPS mm origin [NaN 0 0] column [1 0 0] row [0 1 0]";
        assert_eq!(Grid::recorded(nan), None);
    }

    #[test]
    fn points_go_back_to_their_pixels() {
        let grid = Grid {
            origin: [10.0, -20.0, 30.0],
            column: [0.6, 0.0, -0.8],
            row: [0.0, 2.0, 0.0],
        };
        let ([column, row], away) = grid.pixel(grid.locate(12.5, 7.0));
        assert!((column - 12.5).abs() < 1e-9 && (row - 7.0).abs() < 1e-9 && away < 1e-9);
        // Five millimetres along the normal.
        let (_, away) = grid.pixel([14.0, -20.0, 33.0]);
        assert!((away - 5.0).abs() < 1e-9);
    }

    use proptest::prelude::*;

    use crate::made::{Slice, set};

    fn turned(yaw: f64, pitch: f64, roll: f64) -> [Vector; 2] {
        let (sy, cy) = yaw.sin_cos();
        let (sp, cp) = pitch.sin_cos();
        let (sr, cr) = roll.sin_cos();
        let row = [cy * cp, sy * cp, -sp];
        let column = [cy * sp * sr - sy * cr, sy * sp * sr + cy * cr, cp * sr];
        [row, column]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        /// A pixel of a picture, by the record alone, is the point that the object's own
        /// position, orientation and spacing give; and the point leads back to the pixel.
        #[test]
        fn pixels_map_to_the_patient_and_back(
            angles in [-3.2f64..3.2, -1.6..1.6, -3.2..3.2],
            origin in [-500.0f64..500.0, -500.0..500.0, -500.0..500.0],
            spacing in [0.1f64..5.0, 0.1..5.0],
            pixel in [0.0f64..1024.0, 0.0..1024.0],
        ) {
            let [across, down] = turned(angles[0], angles[1], angles[2]);
            let text = |numbers: &[f64]| {
                let texts: Vec<String> = numbers.iter().map(|n| format!("{n:.9}")).collect();
                texts.join("\\")
            };
            let mut object = Slice::default().object();
            set(&mut object, Tag(0x0020, 0x0032), "DS", &text(&origin));
            set(&mut object, Tag(0x0020, 0x0037), "DS", &text(&[across, down].concat()));
            set(&mut object, SPACING, "DS", &text(&spacing));
            let grid = Grid::of(&object, 1).expect("a grid");
            let recorded = Grid::recorded(&format!("frame 1, {grid}")).expect("a grid");
            let point = locate(&grid.to_string(), pixel[0], pixel[1]).expect("a place");
            for axis in 0..3 {
                let expect = origin[axis]
                    + pixel[0] * spacing[1] * across[axis]
                    + pixel[1] * spacing[0] * down[axis];
                // Steps are recorded to a millionth of a millimetre, a thousand of them.
                prop_assert!((point[axis] - expect).abs() < 5e-3);
            }
            let (back, away) = recorded.pixel(point);
            let (across, down) = (back[0] - pixel[0], back[1] - pixel[1]);
            prop_assert!((across * spacing[1]).abs() < 2e-2 && (down * spacing[0]).abs() < 2e-2);
            prop_assert!(away < 2e-2);
        }
    }
}
