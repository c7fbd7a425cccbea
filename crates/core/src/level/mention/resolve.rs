//! From accepted groups to levels.

use super::atom::{Atom, Form, is_joined};
use super::cue;
use super::group::{Group, Item, Joined};
use super::judge::{self, Setting};
use super::token::Token;
use super::{Found, Unit};
use crate::level::{Joint, Level, Region, Vertebra};

/// Whether a group is a level whatever stands around it.
pub(super) fn is_sure(group: &Group) -> bool {
    group.items.iter().any(|item| {
        let first = item.atoms[0];
        let crosses = item.atoms.iter().any(|atom| atom.region != first.region);
        let lumbar = first.region == Region::Lumbar && first.number > 2;
        let written = first.form == Form::Words;
        first.form != Form::Lower && (crosses || written || (item.is_pair() && lumbar))
    })
}

/// The levels of a group.
pub(super) fn group(tokens: &[Token], group: &Group, setting: &Setting) -> Vec<Found> {
    let accepted: Vec<&Item> = group
        .items
        .iter()
        .filter(|item| judge::accepts(tokens, group, item, setting))
        .collect();
    if let Some(disc) = two_as_one(group, &accepted, setting) {
        return vec![disc];
    }
    let roots_from = first_root(group, setting);
    let mut found = Vec::new();
    for (index, item) in group.items.iter().enumerate() {
        if !accepted.iter().any(|other| std::ptr::eq(*other, item)) {
            continue;
        }
        let (first, end) = item.tokens();
        let is_root = index >= roots_from;
        let levels = if is_root {
            roots(item)
        } else {
            bones(tokens, item, setting)
        };
        let unit = if is_root {
            Some(Unit::Root)
        } else {
            unit(setting)
        };
        for (level, low_confidence) in levels {
            found.push(Found {
                first,
                end,
                level,
                unit,
                low_confidence,
            });
        }
    }
    found
}

fn unit(setting: &Setting) -> Option<Unit> {
    if setting.head & cue::DISC != 0 {
        Some(Unit::Disc)
    } else if setting.head & cue::BONE != 0 {
        Some(Unit::Bone)
    } else {
        None
    }
}

/// The first item that is a root: single levels before `roots`, or all after `roots of`.
fn first_root(group: &Group, setting: &Setting) -> usize {
    let counted_root = |item: &Item| item.atoms[0].form == Form::Words;
    if setting.root_before {
        return 0;
    }
    if setting.head & cue::ROOT == 0 {
        return group.items.len();
    }
    let pairs = group.items.iter().filter(|item| item.is_pair()).count();
    if pairs == group.items.len() {
        return 0;
    }
    let trailing = group
        .items
        .iter()
        .rev()
        .take_while(|item| !item.is_pair() || counted_root(item))
        .count();
    group.items.len() - trailing
}

/// Roots of an item; a range of roots is all of them.
fn roots(item: &Item) -> Vec<(Level, bool)> {
    let first = item.atoms[0];
    let last = item.atoms[item.atoms.len() - 1];
    let low = item.is_pair();
    if !low {
        return Level::root(first.region, first.number)
            .ok()
            .map(|level| (level, false))
            .into_iter()
            .collect();
    }
    let (Ok(from), Ok(to)) = (
        Level::root(first.region, first.number),
        Level::root(last.region, last.number),
    ) else {
        return Vec::new();
    };
    let mut between: Vec<Level> =
        Level::root(Region::Cervical, 1).map_or(Vec::new(), |root| root.neighbours());
    between.extend(Level::root(Region::Cervical, 1));
    between.extend([from, to]);
    between.sort();
    between.dedup();
    between
        .into_iter()
        .filter(|root| (from..=to).contains(root))
        .map(|level| (level, low))
        .collect()
}

/// Bones, discs and joints of an item, and whether there is doubt.
fn bones(tokens: &[Token], item: &Item, setting: &Setting) -> Vec<(Level, bool)> {
    match item.atoms[..] {
        [] => Vec::new(),
        [one] => single(one, setting),
        [upper, lower] => pair(tokens, upper, lower, item.joined, setting)
            .into_iter()
            .collect(),
        _ => chain(item, setting),
    }
}

fn vertebra(atom: Atom) -> Option<Vertebra> {
    Vertebra::new(atom.region, atom.number).ok()
}

fn single(atom: Atom, setting: &Setting) -> Vec<(Level, bool)> {
    if is_joined(atom.region, atom.number) {
        let known = setting.is_known();
        let upper = Atom {
            number: atom.number / 10,
            ..atom
        };
        let lower = Atom {
            number: atom.number % 10,
            ..atom
        };
        let lower = if lower.number < upper.number {
            Atom {
                region: Region::Sacral,
                ..lower
            }
        } else {
            lower
        };
        let level = vertebra(upper)
            .zip(vertebra(lower))
            .and_then(|(upper, lower)| Level::between(upper, lower).ok());
        return level
            .filter(|_| known)
            .map(|level| (level, true))
            .into_iter()
            .collect();
    }
    vertebra(atom)
        .map(|vertebra| (vertebra.into(), setting.is_alone()))
        .into_iter()
        .collect()
}

fn pair(
    tokens: &[Token],
    upper: Atom,
    lower: Atom,
    joined: Joined,
    setting: &Setting,
) -> Option<(Level, bool)> {
    if upper.number == 0 {
        let atlas = lower.region == Region::Cervical && lower.number == 1;
        return atlas.then_some((Level::Joint(Joint::AtlantoOccipital), false));
    }
    let (lower, wrapped) = wrap(upper, lower)?;
    let (first, last) = (vertebra(upper)?, vertebra(lower)?);
    if first == last {
        return Some((first.into(), true));
    }
    if first > last {
        let written = lower.form != Form::Bare;
        return Level::range(last, first)
            .ok()
            .filter(|_| written)
            .map(|level| (level, true));
    }
    let low = wrapped || (lower.form == Form::Bare && last.is_variant());
    let range = || Level::range(first, last).ok().map(|level| (level, low));
    match Level::between(first, last) {
        Ok(Level::Disc(disc))
            if joined == Joined::Dash && setting.surgical && !disc.is_variant() =>
        {
            range()
        }
        Ok(Level::Disc(disc))
            if is_skipping(disc.upper(), disc.lower()) && !speaks_of_variant(tokens, upper) =>
        {
            range()
        }
        Ok(level) => Some((level, low)),
        Err(_) => range(),
    }
}

/// `L4/S1` and `T11/L1` are discs only where a vertebra is missing, ranges elsewhere.
fn is_skipping(upper: Vertebra, lower: Vertebra) -> bool {
    upper.below() != Some(lower) && !upper.is_variant() && !lower.is_variant()
}

fn speaks_of_variant(tokens: &[Token], atom: Atom) -> bool {
    let from = atom.first.saturating_sub(30);
    let to = tokens.len().min(atom.first + 20);
    tokens[from..to]
        .iter()
        .any(|token| token.has(cue::VARIANT) && token.sentence == tokens[atom.first].sentence)
}

/// `L5-1`, `T12/1`: the number starts the next region.
fn wrap(upper: Atom, lower: Atom) -> Option<(Atom, bool)> {
    if lower.form != Form::Bare || lower.region != upper.region || lower.number > upper.number {
        return Some((lower, false));
    }
    let next = match (upper.region, upper.number) {
        (Region::Cervical, 7) => Region::Thoracic,
        (Region::Thoracic, 12 | 13) => Region::Lumbar,
        (Region::Lumbar, 5 | 6) => Region::Sacral,
        _ => return None,
    };
    (lower.number == 1).then_some((
        Atom {
            region: next,
            ..lower
        },
        true,
    ))
}

/// `C3/4/5`: the discs between; the range from end to end after operations (`L4-L5-S1 fusion`)
/// and where the bones are no neighbours.
fn chain(item: &Item, setting: &Setting) -> Vec<(Level, bool)> {
    let bones: Option<Vec<Vertebra>> = item
        .atoms
        .iter()
        .enumerate()
        .map(|(index, atom)| {
            let before = index
                .checked_sub(1)
                .map_or(*atom, |before| item.atoms[before]);
            let own = if index == 0 {
                *atom
            } else {
                wrap(before, *atom)?.0
            };
            vertebra(own)
        })
        .collect();
    let Some(bones) = bones else {
        return Vec::new();
    };
    let discs: Result<Vec<Level>, _> = bones
        .windows(2)
        .map(|two| Level::between(two[0], two[1]))
        .collect();
    let as_range = setting.surgical && item.joined == Joined::Dash;
    match discs {
        Ok(discs) if !as_range => discs.into_iter().map(|level| (level, false)).collect(),
        _ => Level::range(bones[0], bones[bones.len() - 1])
            .ok()
            .map(|level| (level, true))
            .into_iter()
            .collect(),
    }
}

/// Two vertebrae that together name the disc between them: `between L4 and L5`, `L4,5椎间盘`.
fn two_as_one(group: &Group, accepted: &[&Item], setting: &Setting) -> Option<Found> {
    let [one, other] = accepted[..] else {
        return None;
    };
    if group.items.len() != 2 || one.is_pair() || other.is_pair() {
        return None;
    }
    let (upper, lower) = (one.atoms[0], other.atoms[0]);
    let between = other.after_and && setting.before & cue::BETWEEN != 0;
    let bare = !other.after_and && lower.form == Form::Bare && setting.head & cue::DISC != 0;
    if !between && !bare {
        return None;
    }
    let level = Level::between(vertebra(upper)?, vertebra(lower)?).ok()?;
    let (first, end) = (upper.first, lower.end);
    Some(Found {
        first,
        end,
        level,
        unit: Some(Unit::Disc),
        low_confidence: bare,
    })
}
