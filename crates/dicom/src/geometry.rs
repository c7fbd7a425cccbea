//! Modality, and where a slice lies in the patient.
//!
//! Patient coordinates are those of PS3.3 C.7.6.2.1.1: millimetres, x towards the patient's
//! left, y towards the back, z towards the head (LPS).

use dicom_object::{InMemDicomObject, Tag};
use spinemed_core::vocabulary::Modality;

use crate::attribute::OfFrame;

/// A plane of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plane {
    /// Left and right apart.
    Sagittal,
    /// Front and back apart.
    Coronal,
    /// Above and below apart.
    Axial,
}

impl Plane {
    /// `Sagittal`, `Coronal` or `Axial`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sagittal => "Sagittal",
            Self::Coronal => "Coronal",
            Self::Axial => "Axial",
        }
    }
}

/// A direction in patient coordinates.
pub type Vector = [f64; 3];

const MODALITY: Tag = Tag(0x0008, 0x0060);
const ORIENTATION: Tag = Tag(0x0020, 0x0037);
const PLANE_ORIENTATION: Tag = Tag(0x0020, 0x9116);
const POSITION: Tag = Tag(0x0020, 0x0032);
const PLANE_POSITION: Tag = Tag(0x0020, 0x9113);
/// How far a length may be from 1, and the cosine between rows and columns from 0: the
/// standard gives decimal strings of up to 16 characters, writers have given three digits.
const TOLERANCE: f64 = 0.01;
/// No patient is this large (mm); a position beyond is a damaged one.
const FARTHEST: f64 = 1e6;

/// The modality (0008,0060), folded into the project's vocabulary.
#[must_use]
pub fn modality(object: &InMemDicomObject) -> Modality {
    let text = object
        .get(MODALITY)
        .and_then(|element| element.to_str().ok());
    match text.as_deref().map(str::trim).unwrap_or_default() {
        "CT" => Modality::Ct,
        "MR" => Modality::Mr,
        "CR" | "DX" | "RG" => Modality::Xr,
        "NM" | "PT" => Modality::Nm,
        "US" => Modality::Us,
        _ => Modality::Other,
    }
}

/// The plane nearest to a frame's slice; none without orientation, and none where no axis
/// is nearest.
pub fn plane(object: &InMemDicomObject, frame: u32) -> Option<Plane> {
    let [row, column] = directions(object, frame)?;
    let (plane, tilt) = nearest(cross(row, column));
    (tilt < 45.0).then_some(plane)
}

/// The directions in which column and row numbers grow: the direction cosines of rows and of
/// columns in Image Orientation (Patient). None unless both are unit vectors at right angles.
pub fn directions(object: &InMemDicomObject, frame: u32) -> Option<[Vector; 2]> {
    let frame = OfFrame::new(object, frame);
    let [rx, ry, rz, cx, cy, cz] = frame.numbers(PLANE_ORIENTATION, ORIENTATION)?;
    let (row, column) = ([rx, ry, rz], [cx, cy, cz]);
    let unit = |v: Vector| (length(v) - 1.0).abs() < TOLERANCE;
    let square = dot(row, column).abs() < TOLERANCE;
    (unit(row) && unit(column) && square).then_some([row, column])
}

/// Where the centre of the frame's first pixel lies: Image Position (Patient).
pub fn position(object: &InMemDicomObject, frame: u32) -> Option<Vector> {
    let position: Vector = OfFrame::new(object, frame).numbers(PLANE_POSITION, POSITION)?;
    let near = position.iter().all(|axis| axis.abs() < FARTHEST);
    near.then_some(position)
}

/// The plane whose normal is nearest to a slice's, and the angle between them in degrees.
/// The nearest is at most 54.7° away, where all three are as far.
pub fn nearest(normal: Vector) -> (Plane, f64) {
    let [x, y, z] = normal.map(f64::abs);
    let (plane, part) = if x >= y && x >= z {
        (Plane::Sagittal, x)
    } else if y >= z {
        (Plane::Coronal, y)
    } else {
        (Plane::Axial, z)
    };
    let tilt = (part / length(normal)).min(1.0).acos().to_degrees();
    (plane, tilt)
}

/// A slice's normal, turned so that its greatest part is positive: towards the patient's
/// left, back or head.
pub fn canonical_normal([row, column]: [Vector; 2]) -> Vector {
    let normal = cross(row, column);
    let (plane, _) = nearest(normal);
    let part = match plane {
        Plane::Sagittal => normal[0],
        Plane::Coronal => normal[1],
        Plane::Axial => normal[2],
    };
    if part < 0.0 {
        normal.map(|axis| -axis)
    } else {
        normal
    }
}

/// The cross product.
pub fn cross([ax, ay, az]: Vector, [bx, by, bz]: Vector) -> Vector {
    [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]
}

/// The scalar product.
pub fn dot(a: Vector, b: Vector) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A difference.
pub fn minus(a: Vector, b: Vector) -> Vector {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// The length, in the vector's unit.
pub fn length(a: Vector) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_plane_and_its_tilt() {
        let check = |normal, plane, tilt: f64| {
            let (found, angle) = nearest(normal);
            assert_eq!(found, plane);
            assert!((angle - tilt).abs() < 1e-9, "{angle}");
        };
        check([-1.0, 0.0, 0.0], Plane::Sagittal, 0.0);
        check([0.0, 1.0, 0.0], Plane::Coronal, 0.0);
        check([0.0, 0.6, -0.8], Plane::Axial, 36.869_897_645_844_02);
        check([1.0, 1.0, 1.0], Plane::Sagittal, 54.735_610_317_245_346);
    }

    #[test]
    fn normals_point_left_back_and_up() {
        let sagittal = [[0.0, 1.0, 0.0], [0.0, 0.0, -1.0]];
        assert_eq!(canonical_normal(sagittal), [1.0, 0.0, 0.0]);
        let axial = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
        assert_eq!(canonical_normal(axial), [0.0, 0.0, 1.0]);
    }
}
