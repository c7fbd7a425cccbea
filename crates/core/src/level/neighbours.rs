//! Levels near a level, from which distractors are drawn.

use super::{Disc, Joint, Level, NerveRoot, Range, Vertebra};

/// Levels of the same kind and usual anatomy, nearest first.
pub(super) fn neighbours(level: Level) -> Vec<Level> {
    let mut others = match level {
        Level::Vertebra(_) => usual().map(Level::Vertebra).collect(),
        Level::Disc(_) => discs().map(Level::Disc).collect(),
        Level::Joint(_) => {
            vec![
                Level::Joint(Joint::AtlantoOccipital),
                Level::Joint(Joint::AtlantoAxial),
            ]
        }
        Level::Range(range) => shifted(range),
        Level::NerveRoot(_) => NerveRoot::usual().map(Level::NerveRoot).collect::<Vec<_>>(),
    };
    others.retain(|other| *other != level);
    others.sort_by_key(|other| (place(*other).abs_diff(place(level)), *other));
    others
}

fn usual() -> impl Iterator<Item = Vertebra> + Clone {
    (0..=Vertebra::COCCYX.rank())
        .filter_map(|rank| Vertebra::all().nth(usize::from(rank)))
        .filter(|vertebra| !vertebra.is_variant())
}

/// Discs of usual anatomy; the remnant `S1/S2` is left out, as few readers would name it.
fn discs() -> impl Iterator<Item = Disc> {
    usual()
        .filter_map(|upper| Disc::new(upper, upper.below()?).ok())
        .filter(|disc| disc.upper().region() != super::Region::Sacral)
}

/// Ranges of as many vertebrae, moved up or down.
fn shifted(range: Range) -> Vec<Level> {
    let spine: Vec<Vertebra> = usual().collect();
    let length = spine.iter().filter(|v| range.contains(**v)).count().max(2);
    spine
        .windows(length)
        .filter_map(|window| Level::range(*window.first()?, *window.last()?).ok())
        .collect()
}

/// The number of usual vertebrae above the level, in halves so that a variant lies between
/// its neighbours.
fn place(level: Level) -> usize {
    let vertebra = match level {
        Level::Vertebra(vertebra) => vertebra,
        Level::Disc(disc) => disc.upper(),
        Level::Range(range) => range.first(),
        Level::Joint(Joint::AtlantoOccipital) => return 0,
        Level::Joint(Joint::AtlantoAxial) => return 2,
        Level::NerveRoot(root) => match root.leaves_below() {
            Some(vertebra) => vertebra,
            None => return 0,
        },
    };
    let above = usual().filter(|other| *other < vertebra).count();
    let is_root = matches!(level, Level::NerveRoot(_));
    2 * (above + usize::from(is_root)) - usize::from(vertebra.is_variant() && above > 0)
}
