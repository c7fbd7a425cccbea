//! From stored values to grey values of 8 bits.

use std::fmt;

/// Where a window came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    File(Curve),
    Percentiles,
}

/// The function of a window, PS3.3 C.11.2.1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// `LINEAR`.
    Linear,
    /// `LINEAR_EXACT`.
    LinearExact,
    /// `SIGMOID`.
    Sigmoid,
}

/// The part of the grey scale that is shown, in rescaled units (Hounsfield units in CT).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// The middle.
    pub center: f64,
    /// The width.
    pub width: f64,
    origin: Origin,
}

impl Window {
    /// A window that a file states; none where no picture could be made of it.
    pub(crate) fn of_file(center: f64, width: f64, curve: Curve) -> Option<Self> {
        let least = if curve == Curve::Linear {
            1.0
        } else {
            f64::MIN_POSITIVE
        };
        let usable = center.is_finite() && width.is_finite() && width >= least;
        usable.then_some(Self {
            center,
            width,
            origin: Origin::File(curve),
        })
    }

    /// From the 0.5th to the 99.5th percentile of the values (nearest rank), so that single
    /// bright pixels do not darken the rest.
    pub(crate) fn of_values(values: &[f64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let at = |part: usize| {
            sorted.get((sorted.len() * part / 1000).min(sorted.len().saturating_sub(1)))
        };
        let low = at(5).copied().unwrap_or_default();
        let high = at(995).copied().unwrap_or_default();
        let width = (high - low).max(1.0);
        Self {
            center: low + width / 2.0,
            width,
            origin: Origin::Percentiles,
        }
    }

    /// Whether the file states it.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        matches!(self.origin, Origin::File(_))
    }

    /// The grey value of a rescaled value, 0 to 255.
    pub(crate) fn grey(&self, value: f64) -> u8 {
        let part = match self.origin {
            Origin::File(Curve::Linear) if self.width == 1.0 => {
                if value > self.center - 0.5 {
                    1.0
                } else {
                    0.0
                }
            }
            Origin::File(Curve::Linear) => (value - (self.center - 0.5)) / (self.width - 1.0) + 0.5,
            Origin::File(Curve::Sigmoid) => {
                1.0 / (1.0 + (-4.0 * (value - self.center) / self.width).exp())
            }
            Origin::File(Curve::LinearExact) | Origin::Percentiles => {
                (value - self.center) / self.width + 0.5
            }
        };
        // A cast saturates, and takes no number for 0.
        (part * 255.0).round() as u8
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            center,
            width,
            origin,
        } = self;
        match origin {
            Origin::File(_) => write!(f, "window {center}/{width}"),
            Origin::Percentiles => {
                write!(f, "window {center}/{width} from percentiles 0.5 and 99.5")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_windows_follow_the_standard() {
        let window = Window::of_file(2048.0, 4096.0, Curve::Linear).expect("usable");
        // The example of PS3.3 C.11.2.1.2.1.
        assert_eq!(
            [0.0, 4095.0, 2047.5, -5.0, 9000.0].map(|v| window.grey(v)),
            [0, 255, 128, 0, 255]
        );
        let step = Window::of_file(100.0, 1.0, Curve::Linear).expect("usable");
        assert_eq!([99.5, 99.6].map(|v| step.grey(v)), [0, 255]);
    }

    #[test]
    fn impossible_windows_are_not_used() {
        assert_eq!(Window::of_file(40.0, 0.0, Curve::Linear), None);
        assert_eq!(Window::of_file(f64::NAN, 10.0, Curve::Linear), None);
        assert!(Window::of_file(40.0, 0.5, Curve::LinearExact).is_some());
    }

    #[test]
    fn percentiles_leave_out_single_bright_pixels() {
        let mut values: Vec<f64> = (0..1000).map(|i| f64::from(i % 100)).collect();
        values[7] = 1e6;
        let window = Window::of_values(&values);
        assert!(window.width < 101.0);
        assert_eq!((window.grey(-1.0), window.grey(99.0)), (0, 255));
        assert_eq!(Window::of_values(&[]).grey(0.0), 0);
    }
}
