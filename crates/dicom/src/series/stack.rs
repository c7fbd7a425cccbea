//! Frames of a series put into stacks, ordered along their normal.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::frame::{Candidate, Kind};
use super::{Slice, Stack};
use crate::geometry::{Vector, canonical_normal, dot, length, minus, nearest};

/// Frames nearer than this along the normal show the same place (mm).
const SAME_PLACE: f64 = 0.01;
/// Direction cosines that differ by less belong to parallel slices (about half a degree).
const PARALLEL: f64 = 0.01;
/// Neighbours farther apart than this many spacings have a gap between them.
const GAP: f64 = 1.5;

/// Puts the frames of one series into stacks.
pub fn stacks(mut candidates: Vec<Candidate>) -> Vec<Stack> {
    candidates.sort_by(total_order);
    let mut orientations: Vec<Option<[Vector; 2]>> = Vec::new();
    let mut groups: BTreeMap<(Kind, usize), Vec<Candidate>> = BTreeMap::new();
    for candidate in candidates {
        let known = |other: &Option<_>| parallel(candidate.directions, *other);
        let orientation = orientations.iter().position(known).unwrap_or_else(|| {
            orientations.push(candidate.directions);
            orientations.len() - 1
        });
        let key = (candidate.kind.clone(), orientation);
        groups.entry(key).or_default().push(candidate);
    }
    let passes = groups
        .into_iter()
        .flat_map(|((kind, orientation), frames)| {
            let passes = passes(frames).into_iter().enumerate();
            passes.map(move |(pass, frames)| (kind.clone(), orientation, pass, frames))
        });
    let mut built: Vec<Built> = passes.filter_map(build).collect();
    built.sort_by(Built::order);
    count_repeats(&mut built);
    built.into_iter().map(|built| built.stack).collect()
}

/// By numbers first, so that a cluster of orientations is named by its first frame; then by
/// all that could still tell two frames apart.
fn total_order(one: &Candidate, other: &Candidate) -> Ordering {
    let coordinates = || {
        let (a, b) = (one.coordinates(), other.coordinates());
        let pairs = a.iter().zip(&b);
        pairs.fold(Ordering::Equal, |order, (a, b)| order.then(a.total_cmp(b)))
    };
    one.by_number(other).then_with(coordinates)
}

fn parallel(one: Option<[Vector; 2]>, other: Option<[Vector; 2]>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            let pairs = one.iter().flatten().zip(other.iter().flatten());
            pairs.into_iter().all(|(a, b)| (a - b).abs() < PARALLEL)
        }
        (None, None) => true,
        _ => false,
    }
}

/// Deals frames of the same place to one pass each: first frames to the first pass. Frames
/// come ordered by number, and go ordered along the normal.
fn passes(mut frames: Vec<Candidate>) -> Vec<Vec<Candidate>> {
    let normal = frames
        .first()
        .and_then(|f| f.directions)
        .map(canonical_normal);
    for frame in &mut frames {
        let along = normal.zip(frame.position);
        frame.slice.along = along.map(|(normal, position)| dot(normal, position));
    }
    let along = |frame: &Candidate| frame.slice.along;
    if frames.iter().any(|frame| along(frame).is_none()) {
        return vec![frames];
    }
    // The sort is stable: frames of exactly one place stay ordered by number.
    let key = |frame: &Candidate| along(frame).unwrap_or_default();
    frames.sort_by(|one, other| key(one).total_cmp(&key(other)));
    let mut places: Vec<Vec<Candidate>> = Vec::new();
    for frame in frames {
        match places.last_mut() {
            Some(place) if key(&frame) - key(&place[0]) < SAME_PLACE => place.push(frame),
            _ => places.push(vec![frame]),
        }
    }
    let mut passes: Vec<Vec<Candidate>> = Vec::new();
    for mut place in places {
        place.sort_by(total_order);
        for (rank, frame) in place.into_iter().enumerate() {
            if rank == passes.len() {
                passes.push(Vec::new());
            }
            passes[rank].push(frame);
        }
    }
    passes
}

/// A stack, and what orders it among others.
struct Built {
    stack: Stack,
    kind: Kind,
    orientation: usize,
    pass: usize,
    /// Where its middle slice lies along the axis nearest to the normal (mm).
    place: f64,
}

impl Built {
    fn order(&self, other: &Self) -> Ordering {
        let first = |built: &Self| built.stack.slices.first().map(name);
        let leading = |built: &Self| (built.kind.localizer, built.kind.weighting, built.pass);
        leading(self)
            .cmp(&leading(other))
            .then(self.place.total_cmp(&other.place))
            .then_with(|| self.kind.cmp(&other.kind))
            .then_with(|| first(self).cmp(&first(other)))
    }
}

fn name(slice: &Slice) -> (String, u32) {
    (slice.instance_uid.clone(), slice.frame)
}

fn build((kind, orientation, pass, frames): (Kind, usize, usize, Vec<Candidate>)) -> Option<Built> {
    let first = frames.first()?;
    let along: Option<Vec<f64>> = frames.iter().map(|frame| frame.slice.along).collect();
    let steps: Vec<f64> = along
        .unwrap_or_default()
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .collect();
    let spacing = median(&steps);
    let far = |step: f64| spacing.is_some_and(|spacing| step > spacing * GAP);
    let gaps = steps.iter().enumerate().filter(|(_, step)| far(**step));
    let stack = Stack {
        view: first.view,
        weighting: kind.weighting,
        localizer: kind.localizer,
        repeat: 0,
        spacing,
        gaps: gaps.map(|(at, _)| at).collect(),
        lean: lean(&frames),
        slices: Vec::new(),
    };
    let place = frames.get(frames.len() / 2).map_or(0.0, axis_place);
    let slices = frames.into_iter().map(|frame| frame.slice).collect();
    Some(Built {
        stack: Stack { slices, ..stack },
        kind,
        orientation,
        pass,
        place,
    })
}

fn median(steps: &[f64]) -> Option<f64> {
    let mut steps = steps.to_vec();
    steps.sort_unstable_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied()
}

fn lean(frames: &[Candidate]) -> Option<f64> {
    let (first, last) = (frames.first()?, frames.last()?);
    let line = minus(last.position?, first.position?);
    let normal = canonical_normal(first.directions?);
    let size = length(line) * length(normal);
    (size > 0.0).then(|| {
        (dot(line, normal) / size)
            .clamp(-1.0, 1.0)
            .acos()
            .to_degrees()
    })
}

fn axis_place(frame: &Candidate) -> f64 {
    let place = frame.directions.zip(frame.position);
    place.map_or(0.0, |(directions, position)| {
        let (plane, _) = nearest(canonical_normal(directions));
        position[plane as usize]
    })
}

/// Counts, for each stack, the earlier ones that show its middle slice's place alike.
fn count_repeats(built: &mut [Built]) {
    let mut shown: BTreeMap<(usize, Option<&str>, i64), usize> = BTreeMap::new();
    for built in built {
        let group = (built.orientation, built.kind.weighting.as_str());
        let key = |slice: &Slice| {
            let along = slice.along?;
            Some((group.0, group.1, (along / SAME_PLACE).round() as i64))
        };
        let slices = &built.stack.slices;
        let middle = slices.get(slices.len() / 2).and_then(key);
        let repeat = middle.and_then(|key| shown.get(&key)).copied();
        for key in slices.iter().filter_map(key) {
            *shown.entry(key).or_default() += 1;
        }
        built.stack.repeat = repeat.unwrap_or_default();
    }
}
