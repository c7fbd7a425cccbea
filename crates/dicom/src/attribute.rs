//! Attributes of an object, and of its frames: the functional groups of enhanced objects
//! (PS3.3 C.7.6.16) hold per frame what classic objects hold once.

use dicom_core::DataElement;
use dicom_object::mem::InMemElement;
use dicom_object::{InMemDicomObject, Tag};

const SHARED_GROUPS: Tag = Tag(0x5200, 0x9229);
const FRAME_GROUPS: Tag = Tag(0x5200, 0x9230);

/// One frame of an object.
#[derive(Clone, Copy)]
pub struct OfFrame<'a> {
    object: &'a InMemDicomObject,
    index: usize,
}

impl<'a> OfFrame<'a> {
    /// A frame, counted from 1. Frame 0 has no functional groups of its own.
    pub fn new(object: &'a InMemDicomObject, frame: u32) -> Self {
        let index = frame.checked_sub(1).map(|index| index as usize);
        Self {
            object,
            index: index.unwrap_or(usize::MAX),
        }
    }

    /// An attribute of the functional group `sequence`: the frame's own, else the one that
    /// all frames share, else the object's.
    pub fn element(&self, sequence: Tag, tag: Tag) -> Option<&'a InMemElement> {
        self.group(FRAME_GROUPS, self.index, sequence, tag)
            .or_else(|| self.group(SHARED_GROUPS, 0, sequence, tag))
            .or_else(|| self.object.get(tag))
    }

    fn group(&self, groups: Tag, at: usize, sequence: Tag, tag: Tag) -> Option<&'a InMemElement> {
        let group = self.object.get(groups)?.items()?.get(at)?;
        group.get(sequence)?.items()?.first()?.get(tag)
    }

    /// The first number of an attribute, where it is finite.
    pub fn number(&self, sequence: Tag, tag: Tag) -> Option<f64> {
        first(self.element(sequence, tag)?)
    }

    /// Exactly `N` finite numbers.
    pub fn numbers<const N: usize>(&self, sequence: Tag, tag: Tag) -> Option<[f64; N]> {
        let numbers = self.element(sequence, tag)?.to_multi_float64().ok()?;
        let numbers: [f64; N] = numbers.try_into().ok()?;
        numbers.iter().all(|n| n.is_finite()).then_some(numbers)
    }

    /// The coded values of an attribute, trimmed, in capitals.
    pub fn codes(&self, sequence: Tag, tag: Tag) -> Vec<String> {
        self.element(sequence, tag).map(codes).unwrap_or_default()
    }
}

/// The first number of an object's attribute, where it is finite.
pub fn number(object: &InMemDicomObject, tag: Tag) -> Option<f64> {
    first(object.get(tag)?)
}

/// The coded values of an object's attribute, trimmed, in capitals.
pub fn code_values(object: &InMemDicomObject, tag: Tag) -> Vec<String> {
    object.get(tag).map(codes).unwrap_or_default()
}

/// A unique identifier; none where it is empty.
pub fn uid(object: &InMemDicomObject, tag: Tag) -> Option<String> {
    let text = object.get(tag)?.to_str().ok()?;
    let uid = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    (!uid.is_empty()).then(|| uid.to_owned())
}

fn first<I, P>(element: &DataElement<I, P>) -> Option<f64> {
    let primitive = element.value().primitive()?;
    let numbers = primitive.to_multi_float64().ok()?;
    numbers.first().copied().filter(|number| number.is_finite())
}

fn codes(element: &InMemElement) -> Vec<String> {
    let values = element.to_multi_str();
    let values = values.as_deref().unwrap_or_default();
    values
        .iter()
        .map(|value| value.trim().to_uppercase())
        .collect()
}
