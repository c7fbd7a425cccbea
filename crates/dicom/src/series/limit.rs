//! How many frames a case is worth.

use std::collections::BTreeMap;

use super::{MAX_KEYS, Series};
use crate::Weighting;

/// Frames of one plane, contrast and series: more show little that these do not.
const MOST_OF_A_KIND: usize = 6;

/// How many frames [`super::choose`] should be asked for, by what a case has: of each plane
/// and contrast in each series about as many as the square root of its slices, [`MAX_KEYS`]
/// in all at most. A pair of radiographs gives 2, one sagittal series of 15 slices 4, an
/// examination of three sagittal and one axial series about 17.
///
/// Localizers and repeats of a place (echoes, time points) count only where there is nothing
/// else.
#[must_use]
pub fn adapted_limit(series: &[Series]) -> usize {
    let telling = count(series, false);
    let all = if telling == 0 {
        count(series, true)
    } else {
        telling
    };
    all.min(MAX_KEYS)
}

fn count(series: &[Series], everything: bool) -> usize {
    let mut kinds: BTreeMap<(usize, &str, Weighting), usize> = BTreeMap::new();
    for (at, series) in series.iter().enumerate() {
        let stacks = series.stacks.iter();
        for stack in stacks.filter(|stack| everything || (!stack.localizer && stack.repeat == 0)) {
            let plane = stack.view.plane().map_or("", |plane| plane.as_str());
            *kinds.entry((at, plane, stack.weighting)).or_default() += stack.slices.len();
        }
    }
    let share = |slices: &usize| slices.isqrt() + usize::from(slices.isqrt().pow(2) < *slices);
    kinds
        .values()
        .map(share)
        .map(|share| share.min(MOST_OF_A_KIND))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::Slice;
    use crate::series::assemble;

    const SAGITTAL: &str = "0\\1\\0\\0\\0\\-1";
    const AXIAL: &str = "1\\0\\0\\0\\1\\0";

    fn check(cases: &[(&str, &str, usize)], expect: usize) {
        let mut objects = Vec::new();
        for (number, (modality, orientation, slices)) in cases.iter().enumerate() {
            for slice in 0..*slices {
                let series = format!("1.2.{number}");
                let along = slice * 4;
                let position = match *orientation {
                    SAGITTAL => format!("{along}\\0\\0"),
                    _ => format!("0\\0\\{along}"),
                };
                let made = Slice {
                    modality,
                    orientation: (*orientation).to_owned(),
                    position,
                    series: &series,
                    instance: format!("{series}.{slice}"),
                    ..Slice::default()
                };
                objects.push(made.object());
            }
        }
        let assembled = assemble(&objects.iter().collect::<Vec<_>>());
        assert_eq!(adapted_limit(&assembled.series), expect);
    }

    #[test]
    fn cases_get_what_they_are_worth() {
        check(&[], 0);
        check(&[("DX", "", 2)], 2);
        check(&[("MR", SAGITTAL, 15)], 4);
        let lumbar = [SAGITTAL, SAGITTAL, SAGITTAL].map(|plane| ("MR", plane, 15));
        check(&[&lumbar[..], &[("MR", AXIAL, 25)]].concat(), 17);
        check(&[("CT", AXIAL, 200)], 6);
        check(&[("CT", AXIAL, 200); 9], MAX_KEYS);
    }
}
