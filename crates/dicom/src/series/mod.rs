//! From objects to series of ordered slices, and from series to the frames worth showing.
//!
//! Everything comes from geometry and from coded and numeric attributes: descriptions are
//! free text, which de-identification removes.

mod choose;
mod frame;
mod limit;
mod stack;

use std::collections::BTreeMap;

use dicom_object::{DefaultDicomObject, InMemDicomObject, Tag};
use dicom_transfer_syntax_registry::entries::EXPLICIT_VR_LITTLE_ENDIAN;
use spinemed_core::Digest;
use spinemed_core::vocabulary::Modality;

use crate::{DicomError, View, Weighting, attribute, modality, pixels};
use frame::Candidate;

pub use choose::{Chosen, DEFAULT_LIMIT, KeyFrame, MAX_KEYS, choose};
pub use limit::adapted_limit;

/// An object as [`crate::read`] or the de-identifier gives it.
pub type Object<'a> = &'a DefaultDicomObject;

/// What objects make together.
#[derive(Debug, Clone, PartialEq)]
pub struct Assembled {
    /// Ordered by study, series and modality.
    pub series: Vec<Series>,
    /// Objects (by their number in the input, from 0) that show nothing, and why.
    pub left_out: Vec<(usize, Reason)>,
}

/// Why an object belongs to no series. Messages carry no header text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// An identifier is missing by which objects are put together.
    #[error("`{attribute}` is missing")]
    Unnamed {
        /// The attribute's keyword (PS3.6).
        attribute: &'static str,
    },
    /// Another object has the same SOP Instance UID; it is kept.
    #[error("another object has the same `SOPInstanceUID`")]
    Repeated,
    /// Its pixels are not rendered by this crate.
    #[error(transparent)]
    NotShown(#[from] DicomError),
}

/// The objects of one Series Instance UID.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Study Instance UID (0020,000D), as the objects have it.
    pub study_uid: String,
    /// Series Instance UID (0020,000E), as the objects have it.
    pub series_uid: String,
    /// How the pictures were made.
    pub modality: Modality,
    /// Localizers last, else by weighting and place.
    pub stacks: Vec<Stack>,
}

/// Parallel slices of one measurement: the same orientation, size, contrast, echo and time.
/// A series has several where it holds several echoes, time points, planes, or blocks along
/// single discs.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// How its first slice looks at the body; the others are parallel.
    pub view: View,
    /// The contrast in MR.
    pub weighting: Weighting,
    /// Whether Image Type says `LOCALIZER` (PS3.3 C.7.6.1.1.2).
    pub localizer: bool,
    /// How many earlier stacks of the series show the same place with the same contrast:
    /// other echoes, time points or reconstructions.
    pub repeat: usize,
    /// From the patient's right to left, front to back or feet to head, whichever is nearest
    /// to the slices' normal; without geometry by Instance Number.
    pub slices: Vec<Slice>,
    /// The median distance of neighbours along the normal, in mm; none of single slices and
    /// without geometry.
    pub spacing: Option<f64>,
    /// Slices (by their number in the stack, from 0) after which more than 1.5 spacings pass.
    pub gaps: Vec<usize>,
    /// The angle between the normal and the line from first to last position, in degrees: a
    /// tilted gantry leans a stack by its tilt.
    pub lean: Option<f64>,
}

/// One slice of a stack, or one radiograph.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// The object, by its number in the input, from 0.
    pub object: usize,
    /// SOP Instance UID (0008,0018), as the object has it.
    pub instance_uid: String,
    /// The frame in the object, from 1.
    pub frame: u32,
    /// Image Position (Patient), projected on the stack's normal, in mm.
    pub along: Option<f64>,
}

const STUDY: Tag = Tag(0x0020, 0x000D);
const SERIES: Tag = Tag(0x0020, 0x000E);
const INSTANCE: Tag = Tag(0x0008, 0x0018);

/// Puts objects together to series of ordered slices. What comes out does not depend on the
/// order of the input, but for the numbers that point into it.
#[must_use]
pub fn assemble(objects: &[Object<'_>]) -> Assembled {
    let mut left_out = Vec::new();
    let mut named: BTreeMap<String, Vec<(usize, Names)>> = BTreeMap::new();
    for (at, object) in objects.iter().enumerate() {
        match names(object) {
            Ok(names) => named
                .entry(names.instance.clone())
                .or_default()
                .push((at, names)),
            Err(reason) => left_out.push((at, reason)),
        }
    }
    let mut groups: BTreeMap<(String, String, Modality), Vec<Candidate>> = BTreeMap::new();
    for same in named.into_values() {
        let Some(kept) = first_of(objects, &same) else {
            continue;
        };
        for (at, names) in same {
            if at != kept {
                left_out.push((at, Reason::Repeated));
                continue;
            }
            match candidates(objects[at], at, &names.instance) {
                Ok(found) => {
                    let key = (names.study, names.series, modality(objects[at]));
                    groups.entry(key).or_default().extend(found);
                }
                Err(error) => left_out.push((at, error.into())),
            }
        }
    }
    left_out.sort_by_key(|(at, _)| *at);
    let series = groups.into_iter().map(|(key, candidates)| Series {
        study_uid: key.0,
        series_uid: key.1,
        modality: key.2,
        stacks: stack::stacks(candidates),
    });
    Assembled {
        series: series.collect(),
        left_out,
    }
}

/// The identifiers of an object.
struct Names {
    study: String,
    series: String,
    instance: String,
}

fn names(object: &InMemDicomObject) -> Result<Names, Reason> {
    let uid = |tag, attribute| attribute::uid(object, tag).ok_or(Reason::Unnamed { attribute });
    Ok(Names {
        study: uid(STUDY, "StudyInstanceUID")?,
        series: uid(SERIES, "SeriesInstanceUID")?,
        instance: uid(INSTANCE, "SOPInstanceUID")?,
    })
}

/// Of objects with the same identifier the one that can be shown, of several the one with
/// the lowest digest, so that the choice does not depend on their order.
fn first_of(objects: &[Object<'_>], same: &[(usize, Names)]) -> Option<usize> {
    if let [(only, _)] = same {
        return Some(*only);
    }
    let digest = |at: usize| {
        let mut bytes = Vec::new();
        let syntax = EXPLICIT_VR_LITTLE_ENDIAN.erased();
        // What cannot be written counts as far as it was.
        let _ = objects[at].write_dataset_with_ts(&mut bytes, &syntax);
        Digest::of(&bytes)
    };
    let rank = |at: usize| (pixels::frames(objects[at]).is_err(), digest(at));
    same.iter().map(|(at, _)| *at).min_by_key(|at| rank(*at))
}

fn candidates(object: Object<'_>, at: usize, instance: &str) -> Result<Vec<Candidate>, DicomError> {
    let (rows, columns, frames) = pixels::frames(object)?;
    let frames = 1..=frames;
    Ok(frames
        .map(|frame| {
            let slice = Slice {
                object: at,
                instance_uid: instance.to_owned(),
                frame,
                along: None,
            };
            Candidate::new(object, slice, (rows, columns))
        })
        .collect())
}

#[cfg(test)]
mod tests;
