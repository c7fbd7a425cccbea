//! Mentions by place: `the figure above`, `in the preceding figure`, `见下图`, `同上图`.

use std::collections::BTreeSet;

use spinemed_core::document::{Block, BlockKind};

use super::{Link, Target, citing};

/// Where the figure stands that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The nearest one before.
    Above,
    /// The nearest one after.
    Below,
    /// The one last spoken of.
    Same,
}

/// Adds what points at a figure of the same section by its place. `found` holds what cites
/// labels, by target.
pub(super) fn add(blocks: &[Block], targets: &[Target], found: &mut [Vec<Link>]) {
    let captions: BTreeSet<usize> = targets.iter().flat_map(|t| t.own.iter().copied()).collect();
    let mut more: Vec<(usize, Link)> = Vec::new();
    for (at, block) in citing(blocks).filter(|(_, b)| b.kind != BlockKind::Caption) {
        for (way, range) in pointers(&block.text) {
            let target = match way {
                Way::Above => nearest(blocks, targets, at, |place| place < at),
                Way::Below => nearest(blocks, targets, at, |place| place > at),
                Way::Same => last(blocks, found, at, range[0]),
            };
            let Some(target) = target.filter(|_| !captions.contains(&at)) else {
                continue;
            };
            let printed: String = block
                .text
                .chars()
                .skip(range[0])
                .take(range[1] - range[0])
                .collect();
            let near = targets[target].place.abs_diff(at) <= 2;
            let (score, what) = match way {
                Way::Same => (0.6, "the figure spoken of before it"),
                Way::Above => (if near { 0.7 } else { 0.5 }, "the nearest figure before it"),
                Way::Below => (if near { 0.7 } else { 0.5 }, "the nearest figure after it"),
            };
            more.push((
                target,
                Link {
                    block: at,
                    range,
                    score,
                    reason: format!("`{printed}`, {what} in its section"),
                },
            ));
        }
    }
    for (target, link) in more {
        found[target].push(link);
    }
}

/// The nearest target on one side, within the section and with a caption of its own.
fn nearest(
    blocks: &[Block],
    targets: &[Target],
    at: usize,
    side: impl Fn(usize) -> bool,
) -> Option<usize> {
    (0..targets.len())
        .filter(|&target| !targets[target].own.is_empty() && side(targets[target].place))
        .filter(|&target| same_section(blocks, targets[target].place, at))
        .min_by_key(|&target| targets[target].place.abs_diff(at))
}

/// The target whose label was cited last before a place, within the section.
fn last(blocks: &[Block], found: &[Vec<Link>], at: usize, start: usize) -> Option<usize> {
    let before = |link: &&Link| {
        (link.block, link.range[1]) <= (at, start) && same_section(blocks, link.block, at)
    };
    found
        .iter()
        .enumerate()
        .filter_map(|(target, links)| {
            let place = links
                .iter()
                .filter(before)
                .map(|l| (l.block, l.range[1]))
                .max()?;
            Some((place, target))
        })
        .max()
        .map(|(_, target)| target)
}

fn same_section(blocks: &[Block], one: usize, other: usize) -> bool {
    matches!((blocks.get(one), blocks.get(other)), (Some(a), Some(b)) if a.section == b.section)
}

/// English words with the way they point. What follows must not be a measure or a place in
/// the picture (`the image below L3`): a sign, the end, or a verb.
const ENGLISH: &[(&str, Way, bool)] = &[
    ("figure above", Way::Above, true),
    ("image above", Way::Above, true),
    ("picture above", Way::Above, true),
    ("illustration above", Way::Above, true),
    ("diagram above", Way::Above, true),
    ("photograph above", Way::Above, true),
    ("figure below", Way::Below, true),
    ("image below", Way::Below, true),
    ("picture below", Way::Below, true),
    ("illustration below", Way::Below, true),
    ("diagram below", Way::Below, true),
    ("photograph below", Way::Below, true),
    ("pictured above", Way::Above, true),
    ("illustrated above", Way::Above, true),
    ("depicted above", Way::Above, true),
    ("pictured below", Way::Below, true),
    ("illustrated below", Way::Below, true),
    ("depicted below", Way::Below, true),
    ("above figure", Way::Above, false),
    ("preceding figure", Way::Above, false),
    ("previous figure", Way::Above, false),
    ("foregoing figure", Way::Above, false),
    ("preceding illustration", Way::Above, false),
    ("following figure", Way::Below, false),
    ("next figure", Way::Below, false),
    ("figure that follows", Way::Below, false),
    ("following illustration", Way::Below, false),
    ("following diagram", Way::Below, false),
    ("same figure", Way::Same, false),
];

const CHINESE: &[(&str, Way)] = &[
    ("上述图", Way::Above),
    ("同上图", Way::Same),
    ("同一图", Way::Same),
    ("上图", Way::Above),
    ("前图", Way::Above),
    ("下图", Way::Below),
    ("后图", Way::Below),
];

/// Where a text points at figures by their place, in characters.
fn pointers(text: &str) -> Vec<(Way, [usize; 2])> {
    let chars: Vec<char> = text.chars().collect();
    let small: Vec<char> = chars.iter().map(char::to_ascii_lowercase).collect();
    let mut found: Vec<(Way, [usize; 2])> = Vec::new();
    let mut at = 0;
    while at < small.len() {
        match english(&small, at).or_else(|| chinese(&small, at)) {
            Some((way, end)) => {
                found.push((way, [at, end]));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn english(chars: &[char], at: usize) -> Option<(Way, usize)> {
    if at > 0 && chars[at - 1].is_alphanumeric() {
        return None;
    }
    ENGLISH.iter().find_map(|(words, way, last)| {
        let end = at + words.len();
        let fits = is(chars, at, words)
            && !chars.get(end).is_some_and(|c| c.is_alphanumeric())
            && (!last || closes(chars, end));
        fits.then_some((*way, end))
    })
}

fn closes(chars: &[char], at: usize) -> bool {
    const VERBS: &[&str] = &[
        " shows",
        " illustrates",
        " demonstrates",
        " depicts",
        " is ",
        " and ",
        " summarizes",
    ];
    match chars.get(at) {
        None => true,
        Some(c) if ".,;:)]，。；".contains(*c) => true,
        Some(_) => VERBS.iter().any(|verb| is(chars, at, verb)),
    }
}

fn chinese(chars: &[char], at: usize) -> Option<(Way, usize)> {
    CHINESE.iter().find_map(|(words, way)| {
        let end = at + words.chars().count();
        // `图像`, `图书`, `图谱`, `图2`; `线上图`, `之前图`.
        let other = chars
            .get(end)
            .is_some_and(|c| "像书谱表形案标解片纸".contains(*c) || c.is_ascii_digit());
        (is(chars, at, words) && !other).then_some((*way, end))
    })
}

fn is(chars: &[char], at: usize, words: &str) -> bool {
    let mut end = at;
    words.chars().all(|want| {
        let same = chars.get(end) == Some(&want);
        end += 1;
        same
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::{block, document, figure};
    use crate::pair;
    use spinemed_core::document::BlockKind::{Caption, Paragraph};

    /// Two figures in one section and one in the next; the text stands between the first two.
    fn check(text: &str, expect: &[(usize, f64)]) {
        let inside = |section: &str, kind: BlockKind, text: &str| Block {
            section: vec![section.to_owned()],
            ..block(kind, text)
        };
        let blocks = vec![
            inside("One", Caption, "Figure 1. Atlas."),
            inside("One", Paragraph, text),
            inside("One", Paragraph, "Words between."),
            inside("One", Paragraph, "More words."),
            inside("One", Caption, "Figure 2. Axis."),
            inside("Two", Caption, "Figure 3. Sacrum."),
        ];
        let figures = ["b1", "b5", "b6"].map(|caption| {
            let mut shown = figure(None, None);
            shown.caption = Some(caption.to_owned());
            shown
        });
        let mut document = document(blocks, figures.to_vec());
        pair(&mut document);
        let found: Vec<(usize, f64)> = document
            .figures
            .iter()
            .enumerate()
            .flat_map(|(at, figure)| figure.links.iter().map(move |link| (at + 1, link.score)))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn places_are_resolved_within_the_section() {
        check("As the figure above shows, it is wide.", &[(1, 0.7)]);
        check("It is wide, as in the preceding figure.", &[(1, 0.7)]);
        check("It is narrow (see the figure below).", &[(2, 0.5)]);
        check("如上图所示，椎间隙变窄。", &[(1, 0.7)]);
        check("见下图。", &[(2, 0.5)]);
        check(
            "Figure 2 is wide. In the same figure it is long.",
            &[(2, 0.97), (2, 0.6)],
        );
    }

    #[test]
    fn other_words_point_at_nothing() {
        check("On the image below L3 no cord is seen.", &[]);
        check("The configuration above is stable.", &[]);
        check("以上图像均为术前所摄。", &[]);
        check("The figures above are percentages.", &[]);
        check("Values are given above.", &[]);
    }
}
