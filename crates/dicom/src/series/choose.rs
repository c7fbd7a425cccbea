//! Which frames are worth showing.

use std::collections::BTreeSet;

use spinemed_core::vocabulary::Modality;

use super::{Series, Slice, Stack};
use crate::{Plane, Weighting};

/// Frames of a case, key frames included, where nothing else is set.
pub const DEFAULT_LIMIT: usize = 8;
/// Key frames that are taken, even beyond the limit: as many as a case may ever show.
pub const MAX_KEYS: usize = 25;

/// A frame that somebody named as telling. Identifiers are those of the assembled objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFrame {
    /// Series Instance UID (0020,000E).
    pub series_uid: String,
    /// SOP Instance UID (0008,0018); needed where the series has several objects.
    pub instance_uid: Option<String>,
    /// The frame in the object, from 1.
    pub frame: u32,
}

/// A frame to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Its series, by its number among those given, from 0.
    pub series: usize,
    /// Its stack in the series, from 0.
    pub stack: usize,
    /// Its slice in the stack, from 0.
    pub slice: usize,
    /// Its object, by its number among those assembled, from 0.
    pub object: usize,
    /// The frame in the object, from 1.
    pub frame: u32,
    /// Plane and contrast: `Sagittal T2`, `Axial`, `Lateral radiograph`; none where neither
    /// is known.
    pub title: Option<String>,
    /// Key frames, by their number, that name it; empty where it was chosen as representative.
    pub keys: Vec<usize>,
}

/// Chooses the frames to show: key frames in their order, then representative ones until
/// `limit` is reached.
///
/// A key frame that is not there, or does not say which of several objects it means, stands
/// in no `keys`. Key frames beyond [`MAX_KEYS`] are not taken; those below are, whatever the
/// limit. Representative frames leave out localizers, and repeats of a place (echoes, time
/// points), unless there is nothing else. The first is the middle of a sagittal stack, T2
/// before other contrasts; then planes take turns (sagittal, axial, coronal, others), within
/// a plane contrasts and series do, and within each of these the frames are evenly spread.
#[must_use]
pub fn choose(series: &[Series], key: &[KeyFrame], limit: usize) -> Vec<Chosen> {
    let mut chosen = keys(series, key);
    let taken: BTreeSet<Place> = chosen
        .iter()
        .map(|c| (c.series, c.stack, c.slice))
        .collect();
    let mut groups = groups(series, &taken, |stack| {
        !stack.localizer && stack.repeat == 0
    });
    if groups.is_empty() && chosen.is_empty() {
        groups = self::groups(series, &taken, |_| true);
    }
    let wanted = limit.saturating_sub(chosen.len());
    for place in representatives(groups, wanted) {
        chosen.extend(choice(series, place, Vec::new()));
    }
    chosen
}

/// Series, stack and slice.
type Place = (usize, usize, usize);

fn keys(series: &[Series], keys: &[KeyFrame]) -> Vec<Chosen> {
    let mut chosen: Vec<Chosen> = Vec::new();
    for (at, key) in keys.iter().enumerate().take(MAX_KEYS) {
        let Some(place) = find(series, key) else {
            continue;
        };
        let same = |c: &&mut Chosen| (c.series, c.stack, c.slice) == place;
        match chosen.iter_mut().find(same) {
            Some(known) => known.keys.push(at),
            None => chosen.extend(choice(series, place, vec![at])),
        }
    }
    chosen
}

fn find(series: &[Series], key: &KeyFrame) -> Option<Place> {
    let all = series.iter().enumerate().flat_map(|(s, series)| {
        let stacks = series.stacks.iter().enumerate();
        let slices = stacks.flat_map(|(t, stack)| {
            stack
                .slices
                .iter()
                .enumerate()
                .map(move |(f, slice)| (t, f, slice))
        });
        slices.map(move |(t, f, slice)| ((s, t, f), &series.series_uid, slice))
    });
    let of_series: Vec<(Place, &Slice)> = all
        .filter(|(_, uid, _)| **uid == key.series_uid)
        .map(|(place, _, slice)| (place, slice))
        .collect();
    let objects: BTreeSet<&str> = of_series
        .iter()
        .map(|(_, s)| s.instance_uid.as_str())
        .collect();
    let object = match &key.instance_uid {
        Some(uid) => uid.as_str(),
        None if objects.len() == 1 => objects.first()?,
        None => return None,
    };
    let is = |slice: &Slice| slice.instance_uid == object && slice.frame == key.frame;
    of_series
        .iter()
        .find(|(_, slice)| is(slice))
        .map(|(place, _)| *place)
}

fn choice(series: &[Series], place: Place, keys: Vec<usize>) -> Option<Chosen> {
    let of = series.get(place.0)?;
    let stack = of.stacks.get(place.1)?;
    let slice = stack.slices.get(place.2)?;
    Some(Chosen {
        series: place.0,
        stack: place.1,
        slice: place.2,
        object: slice.object,
        frame: slice.frame,
        title: stack.view.title(of.modality, stack.weighting),
        keys,
    })
}

/// Frames of one plane, contrast and series, in order. Groups come in the order in which
/// they are drawn from.
struct Group {
    plane: Option<Plane>,
    frames: Vec<Place>,
    /// How many of them are drawn.
    drawn: usize,
}

fn groups(
    series: &[Series],
    taken: &BTreeSet<Place>,
    usable: impl Fn(&Stack) -> bool,
) -> Vec<Group> {
    let mut groups: Vec<((usize, usize, Weighting, usize), Group)> = Vec::new();
    for (s, of) in series.iter().enumerate() {
        for (t, stack) in of
            .stacks
            .iter()
            .enumerate()
            .filter(|(_, stack)| usable(stack))
        {
            let plane = stack.view.plane();
            let key = (turn(plane), kind(of.modality), stack.weighting, s);
            let frames = (0..stack.slices.len()).map(|f| (s, t, f));
            let frames = frames.filter(|place| !taken.contains(place));
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, group)) => group.frames.extend(frames),
                None => groups.push((
                    key,
                    Group {
                        plane,
                        frames: frames.collect(),
                        drawn: 0,
                    },
                )),
            }
        }
    }
    groups.sort_by_key(|(key, _)| *key);
    let groups = groups.into_iter().map(|(_, group)| group);
    groups.filter(|group| !group.frames.is_empty()).collect()
}

/// Planes take turns in this order.
fn turn(plane: Option<Plane>) -> usize {
    match plane {
        Some(Plane::Sagittal) => 0,
        Some(Plane::Axial) => 1,
        Some(Plane::Coronal) => 2,
        None => 3,
    }
}

fn kind(modality: Modality) -> usize {
    match modality {
        Modality::Mr => 0,
        Modality::Ct => 1,
        Modality::Xr => 2,
        _ => 3,
    }
}

/// Draws from the groups until there are enough, then spreads each group's share evenly.
fn representatives(mut groups: Vec<Group>, wanted: usize) -> Vec<Place> {
    let mut turns: Vec<usize> = Vec::new();
    while turns.len() < wanted {
        let before = turns.len();
        for plane in 0..=turn(None) {
            let of_plane = groups.iter().enumerate();
            let open = of_plane.filter(|(_, g)| turn(g.plane) == plane && g.drawn < g.frames.len());
            // `min_by_key` takes the first of equals, the group that comes first.
            let Some((at, _)) = open.min_by_key(|(_, group)| group.drawn) else {
                continue;
            };
            if turns.len() < wanted {
                groups[at].drawn += 1;
                turns.push(at);
            }
        }
        if turns.len() == before {
            break;
        }
    }
    let mut shares: Vec<_> = groups
        .iter()
        .map(|group| spread(group).into_iter())
        .collect();
    let drawn = turns.into_iter().filter_map(|at| shares[at].next());
    drawn.collect()
}

/// As many frames as a group was drawn, evenly spread, the middle first. An even number is
/// spread as the next odd one, without its last, so that the middle is among them.
fn spread(group: &Group) -> Vec<Place> {
    let all = group.frames.len();
    let odd = group.drawn + usize::from(group.drawn.is_multiple_of(2));
    let parts = if odd > all { group.drawn } else { odd };
    let mut at: Vec<usize> = (0..parts)
        .map(|i| (2 * i + 1) * all / (2 * parts))
        .collect();
    at.truncate(group.drawn);
    let middle = parts / 2;
    if middle < at.len() {
        at[..=middle].rotate_right(1);
    }
    at.into_iter().map(|at| group.frames[at]).collect()
}
