//! Modality and orientation.

use dicom_object::{DefaultDicomObject, InMemDicomObject, Tag};
use spinemed_core::vocabulary::Modality;

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

const MODALITY: Tag = Tag(0x0008, 0x0060);
const ORIENTATION: Tag = Tag(0x0020, 0x0037);
const PLANE_ORIENTATION: Tag = Tag(0x0020, 0x9116);
const SHARED_GROUPS: Tag = Tag(0x5200, 0x9229);
const FRAME_GROUPS: Tag = Tag(0x5200, 0x9230);
/// cos 45°: the normal lies nearer to one axis than to any other.
const NEAREST: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// The modality (0008,0060), folded into the project's vocabulary.
pub fn modality(object: &DefaultDicomObject) -> Modality {
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

/// The plane nearest to a frame's slice, from Image Orientation (Patient), PS3.3 C.7.6.2.1.1:
/// the direction cosines of rows and columns, whose cross product is the slice's normal.
pub fn plane(object: &DefaultDicomObject, frame: u32) -> Option<Plane> {
    let cosines = orientation(object)
        .or_else(|| group_orientation(object, SHARED_GROUPS, 0))
        .or_else(|| group_orientation(object, FRAME_GROUPS, frame.checked_sub(1)?))?;
    let [rx, ry, rz, cx, cy, cz]: [f64; 6] = cosines.try_into().ok()?;
    let normal = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx].map(f64::abs);
    let planes = [Plane::Sagittal, Plane::Coronal, Plane::Axial];
    let nearest = normal
        .into_iter()
        .zip(planes)
        .filter(|(length, _)| *length > NEAREST);
    // A normal longer than 1 means cosines that are none.
    let mut nearest = nearest
        .filter(|(length, _)| *length < 1.01)
        .map(|(_, plane)| plane);
    nearest.next().filter(|_| nearest.next().is_none())
}

fn orientation(object: &InMemDicomObject) -> Option<Vec<f64>> {
    object.get(ORIENTATION)?.to_multi_float64().ok()
}

fn group_orientation(object: &InMemDicomObject, groups: Tag, item: u32) -> Option<Vec<f64>> {
    let group = object
        .get(groups)?
        .items()?
        .get(usize::try_from(item).ok()?)?;
    orientation(group.get(PLANE_ORIENTATION)?.items()?.first()?)
}
