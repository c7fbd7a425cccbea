//! Ranges of stored values in which a grey frame is looked at.

use std::ops::RangeInclusive;

use dicom_core::Tag;
use dicom_core::value::Value;
use dicom_object::InMemDicomObject;

const SHARED: Tag = Tag(0x5200, 0x9229);
const PER_FRAME: Tag = Tag(0x5200, 0x9230);
const VOI: Tag = Tag(0x0028, 0x9132);
const TRANSFORMATION: Tag = Tag(0x0028, 0x9145);
const CENTER: Tag = Tag(0x0028, 0x1050);
const WIDTH: Tag = Tag(0x0028, 0x1051);
const INTERCEPT: Tag = Tag(0x0028, 0x1052);
const SLOPE: Tag = Tag(0x0028, 0x1053);
const PADDING: Tag = Tag(0x0028, 0x0120);
const PADDING_LIMIT: Tag = Tag(0x0028, 0x0121);

/// How many stated windows are looked at.
const WINDOWS: usize = 4;
/// Two ranges whose ends differ by less than this share of the wider one show the same.
const SAME: f64 = 0.04;
/// The share of values below the one range that is always looked at, and above it.
const TAIL: f64 = 0.005;

/// The ranges for a frame (counted from 0), each of a lower and an upper stored value: those of
/// the windows in the header (PS3.3, C.11.2), the middle 99 % of the values without padding, and
/// all values. Text may show in one of them alone.
pub(super) fn ranges(object: &InMemDicomObject, frame: u32, values: &[i32]) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = Vec::new();
    let padding = padding(object);
    let mut sorted: Vec<i32> = values.to_vec();
    sorted.sort_unstable();
    let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else {
        return found;
    };
    let full = (f64::from(*least), f64::from(*most));
    let kept: Vec<i32> = sorted
        .iter()
        .filter(|value| !padding.contains(value))
        .copied()
        .collect();
    let tail = (TAIL * kept.len() as f64) as usize;
    let middle = kept
        .get(tail)
        .zip(kept.get(kept.len().saturating_sub(tail + 1)));
    let mut add = |range: (f64, f64)| {
        let near = |other: &(f64, f64)| {
            let slack = SAME * (range.1 - range.0).max(other.1 - other.0);
            (range.0 - other.0).abs() <= slack && (range.1 - other.1).abs() <= slack
        };
        let shows = range.1 > range.0 && range.0 < full.1 && range.1 > full.0;
        if shows && !found.iter().any(near) {
            found.push(range);
        }
    };
    if let Some((low, high)) = middle {
        add((f64::from(*low), f64::from(*high)));
    }
    for window in stated(object, frame) {
        add(window);
    }
    add(full);
    if found.is_empty() {
        found.push((full.0, full.0 + 1.0));
    }
    found
}

/// The stated windows as ranges of stored values.
fn stated(object: &InMemDicomObject, frame: u32) -> Vec<(f64, f64)> {
    let slope = numbers(object, frame, TRANSFORMATION, SLOPE);
    let slope = slope
        .first()
        .copied()
        .filter(|slope| *slope != 0.0)
        .unwrap_or(1.0);
    let intercept = numbers(object, frame, TRANSFORMATION, INTERCEPT);
    let intercept = intercept.first().copied().unwrap_or(0.0);
    let centers = numbers(object, frame, VOI, CENTER);
    let widths = numbers(object, frame, VOI, WIDTH);
    let ends = centers.iter().zip(&widths).map(|(center, width)| {
        let end = |share: f64| (center + share * width.abs() - intercept) / slope;
        let (a, b) = (end(-0.5), end(0.5));
        (a.min(b), a.max(b))
    });
    let known = |(low, high): &(f64, f64)| low.is_finite() && high.is_finite();
    ends.filter(known).take(WINDOWS).collect()
}

/// The numbers of an attribute of a frame: in its own functional group, in the shared one, or
/// in the object itself (PS3.3, C.7.6.16).
fn numbers(object: &InMemDicomObject, frame: u32, group: Tag, tag: Tag) -> Vec<f64> {
    let inside = |sequence: Tag, place: usize| {
        let functional = item(object, sequence, place)?;
        item(functional, group, 0)?
            .get(tag)?
            .to_multi_float64()
            .ok()
    };
    inside(PER_FRAME, frame as usize)
        .or_else(|| inside(SHARED, 0))
        .or_else(|| object.get(tag)?.to_multi_float64().ok())
        .unwrap_or_default()
}

fn item(object: &InMemDicomObject, tag: Tag, place: usize) -> Option<&InMemDicomObject> {
    match object.get(tag)?.value() {
        Value::Sequence(sequence) => sequence.items().get(place),
        _ => None,
    }
}

/// Stored values that stand for no measurement (PS3.3, C.7.5.1.1.2); an empty range where none
/// is stated.
#[allow(
    clippy::reversed_empty_ranges,
    reason = "an empty range is what is meant"
)]
fn padding(object: &InMemDicomObject) -> RangeInclusive<i32> {
    let value = |tag: Tag| object.get(tag)?.to_int::<i32>().ok();
    match (value(PADDING), value(PADDING_LIMIT)) {
        (Some(one), Some(other)) => one.min(other)..=one.max(other),
        (Some(one), None) => one..=one,
        (None, _) => 1..=0,
    }
}
