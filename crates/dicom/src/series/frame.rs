//! What assembling needs to know of a frame.

use std::cmp::Ordering;

use dicom_object::{InMemDicomObject, Tag};
use spinemed_core::vocabulary::Modality;

use super::Slice;
use crate::attribute::{OfFrame, number};
use crate::geometry::{Vector, directions, modality, position};
use crate::weighting::{echo_time, inversion_time, weighting};
use crate::{Plane, View, Weighting};

/// A frame before it has found its stack.
pub struct Candidate {
    pub slice: Slice,
    pub view: View,
    pub directions: Option<[Vector; 2]>,
    /// None without directions too: a position alone gives no order.
    pub position: Option<Vector>,
    pub kind: Kind,
    /// Acquisition and Instance Number: they tell repeated frames of one place apart.
    numbers: (i64, i64),
}

/// What all frames of a stack have in common besides their orientation. Times are counted in
/// whole microseconds, so that they compare.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    pub localizer: bool,
    pub weighting: Weighting,
    located: bool,
    /// Of pictures without orientation: radiographs of a series may look from two sides.
    projection: Option<Plane>,
    size: (u32, u32),
    echo: Option<i64>,
    inversion: Option<i64>,
    diffusion: Option<i64>,
    time_point: Option<i64>,
    /// Image Type from its third value on: reconstructions such as water and fat.
    image_type: Vec<String>,
}

const IMAGE_TYPE: Tag = Tag(0x0008, 0x0008);
const FRAME_TYPE: Tag = Tag(0x0008, 0x9007);
const MR_FRAME_TYPE: Tag = Tag(0x0018, 0x9226);
const CT_FRAME_TYPE: Tag = Tag(0x0018, 0x9329);
const DIFFUSION: Tag = Tag(0x0018, 0x9117);
const B_VALUE: Tag = Tag(0x0018, 0x9087);
const CONTENT: Tag = Tag(0x0020, 0x9111);
const TIME_POINT: Tag = Tag(0x0020, 0x9128);
const CLASSIC_TIME_POINT: Tag = Tag(0x0020, 0x0100);
const ACQUISITION: Tag = Tag(0x0020, 0x0012);
const INSTANCE: Tag = Tag(0x0020, 0x0013);

impl Candidate {
    /// Reads a frame's attributes.
    pub fn new(object: &InMemDicomObject, slice: Slice, size: (u32, u32)) -> Self {
        let view = View::of(object, slice.frame);
        let directions = directions(object, slice.frame);
        let position = directions.and_then(|_| position(object, slice.frame));
        let whole = |tag| number(object, tag).map_or(i64::MAX, |number| number as i64);
        Self {
            view,
            directions,
            position,
            kind: Kind {
                located: position.is_some(),
                projection: view.plane().filter(|_| directions.is_none()),
                ..kind(object, slice.frame, size)
            },
            numbers: (whole(ACQUISITION), whole(INSTANCE)),
            slice,
        }
    }

    /// An order of frames that does not depend on that of the input.
    pub fn by_number(&self, other: &Self) -> Ordering {
        let key = |c: &Self| (c.numbers, c.slice.frame);
        let named = || self.slice.instance_uid.cmp(&other.slice.instance_uid);
        key(self).cmp(&key(other)).then_with(named)
    }

    /// The coordinates of directions and position, for a total order.
    pub fn coordinates(&self) -> Vec<f64> {
        let directions = self.directions.iter().flatten().flatten();
        directions
            .chain(self.position.iter().flatten())
            .copied()
            .collect()
    }
}

fn kind(object: &InMemDicomObject, frame: u32, size: (u32, u32)) -> Kind {
    let of_frame = OfFrame::new(object, frame);
    let micro = |number: f64| (number * 1000.0).round() as i64;
    let mr = modality(object) == Modality::Mr;
    let image_type = image_type(&of_frame);
    Kind {
        localizer: image_type.iter().any(|value| value == "LOCALIZER"),
        weighting: if mr {
            weighting(object, frame)
        } else {
            Weighting::Unknown
        },
        located: false,
        projection: None,
        size,
        echo: echo_time(&of_frame).map(micro),
        inversion: inversion_time(&of_frame).map(micro),
        diffusion: of_frame.number(DIFFUSION, B_VALUE).map(micro),
        time_point: of_frame
            .number(CONTENT, TIME_POINT)
            .or_else(|| number(object, CLASSIC_TIME_POINT))
            .map(|number| number as i64),
        image_type,
    }
}

fn image_type(frame: &OfFrame<'_>) -> Vec<String> {
    let groups = [MR_FRAME_TYPE, CT_FRAME_TYPE];
    let own = groups.map(|group| frame.codes(group, FRAME_TYPE));
    let stated = own.into_iter().find(|values| !values.is_empty());
    let values = stated.unwrap_or_else(|| frame.codes(IMAGE_TYPE, IMAGE_TYPE));
    values.into_iter().skip(2).collect()
}
