//! From stored values to grey values of 8 bits.

use std::fmt;

use spinemed_core::vocabulary::Modality;

/// Where a window came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    File(Curve),
    Chosen(&'static str),
    Percentiles,
}

/// Which window a caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Setting {
    /// What suits the modality: the window that the object states, where it is plausible for
    /// its pixels; else in CT soft tissue, elsewhere the range between two percentiles.
    #[default]
    Usual,
    /// In CT the bone window, whatever the object states: for questions about bone. Elsewhere
    /// as usual.
    Bone,
}

/// A stated window this many times as wide as the range of the values leaves them a dozen
/// grey values; a wider one is not believed.
const WIDEST: f64 = 20.0;

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

    /// Soft tissue in CT, centre 40 and width 400 HU: discs, ligaments, canal. The values of
    /// this and the next are the usual presets of CT workstations.
    const SOFT: Self = Self {
        center: 40.0,
        width: 400.0,
        origin: Origin::Chosen("CT soft tissue"),
    };
    /// Bone in CT, centre 300 and width 1500 HU: cortex, facets, fractures.
    const BONE: Self = Self {
        center: 300.0,
        width: 1500.0,
        origin: Origin::Chosen("CT bone"),
    };

    /// From the 0.5th to the 99.5th percentile of the values, so that single bright pixels do
    /// not darken the rest.
    fn of_range((low, high): (f64, f64)) -> Self {
        let width = (high - low).max(1.0);
        Self {
            center: low + width / 2.0,
            width,
            origin: Origin::Percentiles,
        }
    }

    /// Whether a picture shows something through it: some of the values lie inside, and they
    /// spread over more than a twentieth of it.
    fn is_plausible(&self, (low, high): (f64, f64)) -> bool {
        let (from, to) = (
            self.center - self.width / 2.0,
            self.center + self.width / 2.0,
        );
        low == high || (from < high && low < to && self.width <= (high - low) * WIDEST)
    }

    /// Whether the file states it.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        matches!(self.origin, Origin::File(_))
    }

    /// The grey value of a rescaled value, 0 to 255.
    pub(crate) fn grey(&self, value: f64) -> u8 {
        let part = match self.origin {
            Origin::File(Curve::Linear) | Origin::Chosen(_) if self.width == 1.0 => {
                if value > self.center - 0.5 { 1.0 } else { 0.0 }
            }
            Origin::File(Curve::Linear) | Origin::Chosen(_) => {
                (value - (self.center - 0.5)) / (self.width - 1.0) + 0.5
            }
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
            Origin::Chosen(name) => write!(f, "window {center}/{width} for {name}"),
            Origin::Percentiles => {
                write!(f, "window {center}/{width} from percentiles 0.5 and 99.5")
            }
        }
    }
}

/// The window of a picture. `values` gives the rescaled values without padding.
pub(crate) fn window(
    setting: Setting,
    modality: Modality,
    stated: Option<Window>,
    values: impl FnOnce() -> Vec<f64>,
) -> Window {
    if setting == Setting::Bone && modality == Modality::Ct {
        return Window::BONE;
    }
    let range = percentiles(values());
    match stated.filter(|window| window.is_plausible(range)) {
        Some(window) => window,
        None if modality == Modality::Ct => Window::SOFT,
        None => Window::of_range(range),
    }
}

/// The 0.5th and the 99.5th percentile, nearest rank.
fn percentiles(mut values: Vec<f64>) -> (f64, f64) {
    let last = values.len().saturating_sub(1);
    let mut at = |part: usize| {
        let rank = (values.len() * part / 1000).min(last);
        if values.is_empty() {
            return 0.0;
        }
        *values.select_nth_unstable_by(rank, f64::total_cmp).1
    };
    (at(5), at(995))
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
        let window = Window::of_range(percentiles(values));
        assert!(window.width < 101.0);
        assert_eq!((window.grey(-1.0), window.grey(99.0)), (0, 255));
        assert_eq!(Window::of_range(percentiles(vec![])).grey(0.0), 0);
    }

    #[test]
    fn windows_by_modality() {
        let values = || (0..1000).map(f64::from).collect();
        let check = |setting, modality, stated: Option<(f64, f64)>, expect: &str| {
            let stated = stated.and_then(|(c, w)| Window::of_file(c, w, Curve::Linear));
            let found = window(setting, modality, stated, values);
            assert_eq!(found.to_string(), expect);
        };
        let (usual, bone) = (Setting::Usual, Setting::Bone);
        let (ct, mr) = (Modality::Ct, Modality::Mr);
        check(usual, ct, Some((35.0, 350.0)), "window 35/350");
        check(usual, ct, None, "window 40/400 for CT soft tissue");
        check(bone, ct, Some((35.0, 350.0)), "window 300/1500 for CT bone");
        check(bone, mr, Some((500.0, 900.0)), "window 500/900");
        let percentiles = "window 500/990 from percentiles 0.5 and 99.5";
        check(usual, mr, None, percentiles);
        check(usual, Modality::Xr, None, percentiles);
        // Beside the values, and so wide that all of them look the same.
        check(usual, mr, Some((5000.0, 100.0)), percentiles);
        check(usual, mr, Some((500.0, 65_536.0)), percentiles);
        check(
            usual,
            ct,
            Some((-5000.0, 100.0)),
            "window 40/400 for CT soft tissue",
        );
    }
}
