//! Boxes and quarter turns.

use spinemed_core::locator::PageBox;

/// The box around nothing, neutral to [`union`].
pub(crate) const NOTHING: PageBox = [
    f64::INFINITY,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NEG_INFINITY,
];

/// The smallest box around two.
pub(crate) fn union(a: PageBox, b: PageBox) -> PageBox {
    [
        a[0].min(b[0]),
        a[1].min(b[1]),
        a[2].max(b[2]),
        a[3].max(b[3]),
    ]
}

/// What two boxes share; its width or height is negative where they are apart.
pub(crate) fn intersect(a: PageBox, b: PageBox) -> PageBox {
    [
        a[0].max(b[0]),
        a[1].max(b[1]),
        a[2].min(b[2]),
        a[3].min(b[3]),
    ]
}

pub(crate) fn width(a: PageBox) -> f64 {
    a[2] - a[0]
}

pub(crate) fn height(a: PageBox) -> f64 {
    a[3] - a[1]
}

/// The area, 0 for inverted boxes.
pub(crate) fn area(a: PageBox) -> f64 {
    width(a).max(0.0) * height(a).max(0.0)
}

/// How far two boxes are apart: the larger of the horizontal and vertical gaps; negative
/// where they overlap.
pub(crate) fn gap(a: PageBox, b: PageBox) -> f64 {
    let both = intersect(a, b);
    (-width(both)).max(-height(both))
}

/// The share of the narrower box's width that the two have in common, 0 to 1.
pub(crate) fn x_overlap(a: PageBox, b: PageBox) -> f64 {
    let shared = (a[2].min(b[2]) - a[0].max(b[0])).max(0.0);
    shared / width(a).min(width(b)).max(1.0)
}

/// Whether the centre of `inner` lies in `outer`.
pub(crate) fn holds_centre(outer: PageBox, inner: PageBox) -> bool {
    let (x, y) = ((inner[0] + inner[2]) / 2.0, (inner[1] + inner[3]) / 2.0);
    outer[0] <= x && x <= outer[2] && outer[1] <= y && y <= outer[3]
}

/// Grows a box on every side.
pub(crate) fn grow(a: PageBox, by: f64) -> PageBox {
    [a[0] - by, a[1] - by, a[2] + by, a[3] + by]
}

/// Two decimals: more would only record rounding noise of the interpreter.
pub(crate) fn rounded(a: PageBox) -> PageBox {
    a.map(|v| (v * 100.0).round() / 100.0)
}

/// A quarter turn of the page that makes a direction of writing horizontal. Layout works in
/// the turned frame; results are turned back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Turn {
    /// Text runs to the right.
    #[default]
    None,
    /// Text runs down the page.
    Down,
    /// Text stands on its head.
    Over,
    /// Text runs up the page.
    Up,
}

impl Turn {
    /// All four.
    pub(crate) const ALL: [Self; 4] = [Self::None, Self::Down, Self::Over, Self::Up];

    /// The turn for a direction of writing (y down), where it is within ten degrees of an axis.
    pub(crate) fn of_direction(dx: f64, dy: f64) -> Option<Self> {
        let slope = 0.18;
        if dy.abs() <= slope * dx.abs() {
            Some(if dx >= 0.0 { Self::None } else { Self::Over })
        } else if dx.abs() <= slope * dy.abs() {
            Some(if dy >= 0.0 { Self::Down } else { Self::Up })
        } else {
            None
        }
    }

    /// A page point in the turned frame. `size` is the page's width and height as shown.
    pub(crate) fn enter(self, (x, y): (f64, f64), size: (f64, f64)) -> (f64, f64) {
        match self {
            Self::None => (x, y),
            Self::Down => (y, size.0 - x),
            Self::Over => (size.0 - x, size.1 - y),
            Self::Up => (size.1 - y, x),
        }
    }

    /// A point of the turned frame on the page.
    pub(crate) fn leave(self, (x, y): (f64, f64), size: (f64, f64)) -> (f64, f64) {
        match self {
            Self::None => (x, y),
            Self::Down => (size.0 - y, x),
            Self::Over => (size.0 - x, size.1 - y),
            Self::Up => (y, size.1 - x),
        }
    }

    /// The frame's own width and height.
    pub(crate) fn frame(self, size: (f64, f64)) -> (f64, f64) {
        match self {
            Self::None | Self::Over => size,
            Self::Down | Self::Up => (size.1, size.0),
        }
    }

    /// A page box in the turned frame.
    pub(crate) fn enter_box(self, b: PageBox, size: (f64, f64)) -> PageBox {
        corners(
            self.enter((b[0], b[1]), size),
            self.enter((b[2], b[3]), size),
        )
    }

    /// A box of the turned frame on the page.
    pub(crate) fn leave_box(self, b: PageBox, size: (f64, f64)) -> PageBox {
        corners(
            self.leave((b[0], b[1]), size),
            self.leave((b[2], b[3]), size),
        )
    }
}

fn corners(a: (f64, f64), b: (f64, f64)) -> PageBox {
    [a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_back() {
        let size = (600.0, 800.0);
        let there = [10.0, 20.0, 110.0, 50.0];
        for turn in Turn::ALL {
            assert_eq!(
                turn.leave_box(turn.enter_box(there, size), size),
                there,
                "{turn:?}"
            );
        }
    }

    #[test]
    fn a_turned_frame_runs_to_the_right() {
        let size = (600.0, 800.0);
        for (dx, dy) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
            let turn = Turn::of_direction(dx, dy).expect("an axis");
            let a = turn.enter((300.0, 400.0), size);
            let b = turn.enter((300.0 + dx, 400.0 + dy), size);
            assert_eq!((b.0 - a.0, b.1 - a.1), (1.0, 0.0), "{turn:?}");
        }
        assert_eq!(Turn::of_direction(1.0, 1.0), None);
    }

    #[test]
    fn gaps_are_negative_inside() {
        assert_eq!(gap([0.0, 0.0, 10.0, 10.0], [12.0, 0.0, 20.0, 10.0]), 2.0);
        assert!(gap([0.0, 0.0, 10.0, 10.0], [5.0, 5.0, 20.0, 20.0]) < 0.0);
    }
}
