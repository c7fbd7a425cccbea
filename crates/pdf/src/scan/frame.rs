//! The upright page.

use spinemed_core::locator::PageBox;

use crate::geometry::{Turn, intersect, union};

/// A page put upright: a quarter turn, then a small rotation about the middle that makes its
/// lines level.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Frame {
    /// The quarter turn.
    pub turn: Turn,
    /// By how much lines fall to the right after it, in radians.
    pub skew: f64,
    /// The page's width and height as shown, in points.
    pub page: (f64, f64),
}

impl Frame {
    /// The page as shown.
    pub(crate) fn of_page(page: (f64, f64)) -> Self {
        Self {
            page,
            ..Self::default()
        }
    }

    /// The upright page's width and height.
    pub(crate) fn size(&self) -> (f64, f64) {
        self.turn.frame(self.page)
    }

    /// The matrix `[a b c d e f]` from points of the page as shown to this frame's
    /// (ISO 32000-1, 8.3.3).
    pub(crate) fn matrix(&self) -> [f64; 6] {
        let (x, y) = ((1.0, 0.0), (0.0, 1.0));
        let origin = self.enter((0.0, 0.0));
        let (x, y) = (self.enter(x), self.enter(y));
        [
            x.0 - origin.0,
            x.1 - origin.1,
            y.0 - origin.0,
            y.1 - origin.1,
            origin.0,
            origin.1,
        ]
    }

    /// A point of the page in this frame.
    fn enter(&self, point: (f64, f64)) -> (f64, f64) {
        self.rotated(self.turn.enter(point, self.page), -self.skew)
    }

    /// The smallest box of the page around a box of this frame.
    pub(crate) fn leave_box(&self, b: PageBox) -> PageBox {
        if self.skew == 0.0 {
            return self.turn.leave_box(b, self.page);
        }
        let corners = [(b[0], b[1]), (b[2], b[1]), (b[0], b[3]), (b[2], b[3])];
        let tilted = corners
            .map(|corner| self.rotated(corner, self.skew))
            .map(|(x, y)| [x, y, x, y]);
        let hull = tilted.into_iter().reduce(union).expect("four corners");
        let (width, height) = self.size();
        let hull = intersect(hull, [0.0, 0.0, width, height]);
        self.turn.leave_box(hull, self.page)
    }

    /// A point rotated about the middle; positive angles turn the x axis towards the y axis.
    fn rotated(&self, (x, y): (f64, f64), angle: f64) -> (f64, f64) {
        if angle == 0.0 {
            return (x, y);
        }
        let (width, height) = self.size();
        let (cx, cy) = (width / 2.0, height / 2.0);
        let (sin, cos) = angle.sin_cos();
        let (x, y) = (x - cx, y - cy);
        (cx + cos * x - sin * y, cy + sin * x + cos * y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(m: [f64; 6], (x, y): (f64, f64)) -> (f64, f64) {
        (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
    }

    #[test]
    fn falling_lines_become_level() {
        let frame = Frame {
            skew: 0.05,
            ..Frame::of_page((600.0, 800.0))
        };
        let fall = |x: f64| (x, 300.0 + x * 0.05_f64.tan());
        let (a, b) = (frame.enter(fall(100.0)), frame.enter(fall(500.0)));
        assert!((a.1 - b.1).abs() < 1e-9, "{a:?} {b:?}");
    }

    #[test]
    fn pages_as_shown_stay() {
        let frame = Frame::of_page((600.0, 800.0));
        assert_eq!(frame.matrix(), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        assert_eq!(frame.leave_box([1.0, 2.0, 3.0, 4.0]), [1.0, 2.0, 3.0, 4.0]);
    }

    proptest::proptest! {
        #[test]
        fn boxes_come_back_around_their_points(
            turn in 0..4_usize, skew in -0.1..0.1_f64, x in 100.0..300.0_f64, y in 100.0..300.0_f64,
        ) {
            let frame = Frame { turn: Turn::ALL[turn], skew, page: (600.0, 800.0) };
            let (u, v) = apply(frame.matrix(), (x, y));
            proptest::prop_assert!((frame.enter((x, y)).0 - u).abs() < 1e-6);
            let there = frame.leave_box([u - 1.0, v - 1.0, u + 1.0, v + 1.0]);
            let middle = ((there[0] + there[2]) / 2.0, (there[1] + there[3]) / 2.0);
            proptest::prop_assert!((middle.0 - x).abs() < 1e-6 && (middle.1 - y).abs() < 1e-6);
        }
    }
}
