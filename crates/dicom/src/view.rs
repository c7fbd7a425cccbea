//! How a picture looks at the body: a slice's plane, or a radiograph's projection.

use dicom_object::{InMemDicomObject, Tag};
use spinemed_core::vocabulary::Modality;

use crate::Weighting;
use crate::attribute::code_values;
use crate::geometry::{Plane, cross, directions, modality, nearest};

/// How a picture looks at the body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum View {
    /// A slice within [`View::OBLIQUE`] degrees of a plane.
    Slice {
        /// The plane.
        plane: Plane,
        /// The angle between the slice and the plane, in degrees.
        tilt: f64,
    },
    /// A slice farther than that from every plane.
    Oblique {
        /// The nearest plane.
        nearest: Plane,
        /// The angle between the slice and that plane, in degrees.
        tilt: f64,
    },
    /// A radiograph from front or back.
    Frontal,
    /// A radiograph from a side.
    Lateral,
    /// Not told by geometry or codes.
    Unknown,
}

const VIEW_POSITION: Tag = Tag(0x0018, 0x5101);
const PATIENT_ORIENTATION: Tag = Tag(0x0020, 0x0020);

impl View {
    /// From here on a slice is oblique, in degrees: the angle of cosine 0.8. PS3.3 leaves
    /// the threshold of its method (C.23, normal against axes) open; 0.8 is the one of
    /// D. Clunie's PixelMed and of GDCM. Lumbar slices along a disc's plane stay axial.
    pub const OBLIQUE: f64 = 36.869_897_645_844_02;

    /// How a frame, counted from 1, looks at the body.
    ///
    /// Slices: the normal of Image Orientation (Patient). Radiographs (CR, DX): View Position
    /// (PS3.3 C.8.1.1, C.8.11.5) and Patient Orientation (C.7.6.1.1.1); where the two
    /// contradict, neither is believed.
    #[must_use]
    pub fn of(object: &InMemDicomObject, frame: u32) -> Self {
        if let Some([row, column]) = directions(object, frame) {
            let (nearest, tilt) = nearest(cross(row, column));
            // A cosine of just 0.8 is not beyond it, whatever its last bit.
            return if tilt > Self::OBLIQUE + 1e-6 {
                Self::Oblique { nearest, tilt }
            } else {
                Self::Slice {
                    plane: nearest,
                    tilt,
                }
            };
        }
        if modality(object) != Modality::Xr {
            return Self::Unknown;
        }
        match (view_position(object), patient_orientation(object)) {
            (Some(one), Some(other)) if one != other => Self::Unknown,
            (one, other) => one.or(other).unwrap_or(Self::Unknown),
        }
    }

    /// The plane that it shows; none of oblique and unknown views.
    #[must_use]
    pub fn plane(self) -> Option<Plane> {
        match self {
            Self::Slice { plane, .. } => Some(plane),
            Self::Frontal => Some(Plane::Coronal),
            Self::Lateral => Some(Plane::Sagittal),
            Self::Oblique { .. } | Self::Unknown => None,
        }
    }

    /// A short title, the plane first: `Sagittal T2`, `Axial`, `Lateral radiograph`; none
    /// where nothing is known.
    #[must_use]
    pub fn title(self, modality: Modality, weighting: Weighting) -> Option<String> {
        let word = match self {
            Self::Slice { plane, .. } => plane.as_str(),
            Self::Oblique { .. } => "Oblique",
            Self::Frontal => "Frontal",
            Self::Lateral => "Lateral",
            Self::Unknown => "",
        };
        let rest = if modality == Modality::Xr {
            "radiograph"
        } else {
            weighting.as_str().unwrap_or_default()
        };
        let title = [word, rest].join(" ");
        let title = title.trim();
        let mut letters = title.chars();
        let first = letters.next()?;
        Some(format!("{}{}", first.to_uppercase(), letters.as_str()))
    }
}

/// Decubitus and oblique projections (`RLD`, `LLO` …) do not tell the plane.
fn view_position(object: &InMemDicomObject) -> Option<View> {
    match code_values(object, VIEW_POSITION).first()?.as_str() {
        "AP" | "PA" => Some(View::Frontal),
        "LL" | "RL" | "LAT" | "LATERAL" | "LLAT" | "RLAT" => Some(View::Lateral),
        _ => None,
    }
}

/// The axes along which rows and columns run: the first letter of each value leads.
fn patient_orientation(object: &InMemDicomObject) -> Option<View> {
    let values = code_values(object, PATIENT_ORIENTATION);
    let [row, column] = values.as_slice() else {
        return None;
    };
    let axis = |value: &str| match value.chars().next() {
        Some('L' | 'R') => Some(0),
        Some('A' | 'P') => Some(1),
        Some('H' | 'F') => Some(2),
        _ => None,
    };
    match (axis(row)?, axis(column)?) {
        (0, 2) | (2, 0) => Some(View::Frontal),
        (1, 2) | (2, 1) => Some(View::Lateral),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::{Slice, cosines, set};

    fn slice(orientation: &str) -> View {
        let orientation = orientation.to_owned();
        let made = Slice {
            orientation,
            ..Slice::default()
        };
        View::of(&made.object(), 1)
    }

    #[test]
    fn planes_of_slices() {
        let check = |orientation: &str, plane, tilt: f64| match slice(orientation) {
            View::Slice { plane: p, tilt: t } => {
                assert_eq!(p, plane);
                assert!((t - tilt).abs() < 0.01, "{t}");
            }
            other => panic!("{other:?}"),
        };
        check("1\\0\\0\\0\\1\\0", Plane::Axial, 0.0);
        check("0\\1\\0\\0\\0\\-1", Plane::Sagittal, 0.0);
        check("1\\0\\0\\0\\0\\-1", Plane::Coronal, 0.0);
        check("-1\\0\\0\\0\\-1\\0", Plane::Axial, 0.0);
        // A gantry tilted by 15°, and just the threshold.
        check(&cosines(15.0), Plane::Axial, 15.0);
        check("1\\0\\0\\0\\0.8\\-0.6", Plane::Axial, 36.87);
    }

    #[test]
    fn beyond_the_threshold_slices_are_oblique() {
        let check = |degrees, plane, expect: f64| match slice(&cosines(degrees)) {
            View::Oblique { nearest, tilt } => {
                assert_eq!(nearest, plane);
                assert!((tilt - expect).abs() < 0.01, "{tilt}");
            }
            other => panic!("{other:?}"),
        };
        check(38.0, Plane::Axial, 38.0);
        check(52.0, Plane::Coronal, 38.0);
    }

    #[test]
    fn impossible_orientations_are_unknown() {
        for orientation in [
            "",
            "1\\0\\0",
            "0\\0\\0\\0\\0\\0",
            "1\\0\\0\\1\\0\\0",
            "2\\0\\0\\0\\1\\0",
            "1\\0\\0\\0\\1\\x",
            "nan\\0\\0\\0\\1\\0",
            "1\\0\\0\\0\\1\\0\\0",
        ] {
            assert_eq!(slice(orientation), View::Unknown, "{orientation}");
        }
    }

    #[test]
    fn projections_of_radiographs() {
        let check = |modality: &str, position: &str, orientation: &str, expect| {
            let made = Slice {
                modality,
                orientation: String::new(),
                ..Slice::default()
            };
            let mut object = made.object();
            set(&mut object, VIEW_POSITION, "CS", position);
            set(&mut object, PATIENT_ORIENTATION, "CS", orientation);
            let found = View::of(&object, 1);
            assert_eq!(found, expect, "{modality} {position} {orientation}");
        };
        check("CR", "AP", "", View::Frontal);
        check("DX", "PA", "L\\F", View::Frontal);
        check("DX", "LL", "", View::Lateral);
        check("DX", "", "A\\F", View::Lateral);
        check("DX", "", "PR\\F", View::Lateral);
        check("CR", "RLD", "L\\F", View::Frontal);
        check("CR", "RLO", "", View::Unknown);
        check("CR", "AP", "A\\F", View::Unknown);
        check("CR", "", "L", View::Unknown);
        check("CR", "", "L\\P", View::Unknown);
        check("US", "AP", "L\\F", View::Unknown);
    }

    #[test]
    fn titles_begin_with_the_plane() {
        let check = |view: View, modality, weighting, expect: Option<&str>| {
            assert_eq!(view.title(modality, weighting).as_deref(), expect);
        };
        let of = |plane| View::Slice { plane, tilt: 3.0 };
        let (mr, ct, xr) = (Modality::Mr, Modality::Ct, Modality::Xr);
        check(of(Plane::Sagittal), mr, Weighting::T2, Some("Sagittal T2"));
        check(of(Plane::Axial), ct, Weighting::Unknown, Some("Axial"));
        check(
            of(Plane::Coronal),
            mr,
            Weighting::Stir,
            Some("Coronal STIR"),
        );
        check(
            View::Lateral,
            xr,
            Weighting::Unknown,
            Some("Lateral radiograph"),
        );
        check(
            View::Frontal,
            xr,
            Weighting::Unknown,
            Some("Frontal radiograph"),
        );
        check(View::Unknown, xr, Weighting::Unknown, Some("Radiograph"));
        check(View::Unknown, mr, Weighting::T1, Some("T1"));
        check(View::Unknown, ct, Weighting::Unknown, None);
        let oblique = View::Oblique {
            nearest: Plane::Axial,
            tilt: 40.0,
        };
        check(oblique, mr, Weighting::Pd, Some("Oblique PD"));
    }
}
