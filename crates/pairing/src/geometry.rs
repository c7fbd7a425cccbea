//! Figures to captions by where they stand on the page.
//!
//! Boxes are in points of the page as shown, origin at the top left.

use std::collections::BTreeMap;

use spinemed_core::document::{Block, BlockKind, Figure};
use spinemed_core::locator::PageBox;

use crate::assignment::assign;
use crate::caption::Candidate;

/// The cost in points at which a figure is better left without a caption.
const LIMIT: f64 = 250.0;

/// A caption given to a figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Match {
    /// Position among the figures.
    pub(crate) figure: usize,
    /// Position among the candidates.
    pub(crate) candidate: usize,
    /// 0 to 1.
    pub(crate) score: f64,
    /// Why.
    pub(crate) reasons: Vec<String>,
}

/// Matches the open figures and candidates (positions) of each page one to one at the least
/// total cost; then the only ones left over on facing pages.
pub(crate) fn matches(
    figures: &[Figure],
    open: &[usize],
    blocks: &[Block],
    captions: &[&Candidate],
) -> Vec<Match> {
    let mut pages: BTreeMap<u32, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for &figure in open {
        if let (Some(page), Some(_)) = (figures[figure].page, figures[figure].bbox) {
            pages.entry(page).or_default().0.push(figure);
        }
    }
    for (at, caption) in captions.iter().enumerate() {
        let block = &blocks[caption.block];
        if let (Some(page), Some(_)) = (block.page, block.bbox) {
            pages.entry(page).or_default().1.push(at);
        }
    }
    let mut found = Vec::new();
    for (page, (page_figures, page_captions)) in &mut pages {
        let here = on_page(
            *page,
            figures,
            page_figures,
            blocks,
            captions,
            page_captions,
        );
        page_figures.retain(|figure| here.iter().all(|m| m.figure != *figure));
        page_captions.retain(|caption| here.iter().all(|m| m.candidate != *caption));
        found.extend(here);
    }
    found.extend(across_pages(&pages));
    found
}

fn on_page(
    page: u32,
    figures: &[Figure],
    page_figures: &[usize],
    blocks: &[Block],
    captions: &[&Candidate],
    page_captions: &[usize],
) -> Vec<Match> {
    let texts: Vec<PageBox> = blocks
        .iter()
        .filter(|b| b.page == Some(page) && b.kind == BlockKind::Paragraph)
        .filter_map(|b| b.bbox)
        .collect();
    let costs: Vec<Vec<Option<Cost>>> = page_figures
        .iter()
        .map(|&figure| {
            let row = page_captions.iter().map(|&caption| {
                let block = &blocks[captions[caption].block];
                cost(figures[figure].bbox?, block.bbox?, &texts)
            });
            row.collect()
        })
        .collect();
    let whole: Vec<Vec<Option<i64>>> = costs
        .iter()
        .map(|row| {
            row.iter()
                .map(|c| c.as_ref().map(|c| tenths(c.points)))
                .collect()
        })
        .collect();
    let assigned = assign(&whole, tenths(LIMIT));
    let made = assigned.iter().enumerate().filter_map(|(row, column)| {
        let column = (*column)?;
        let cost = costs[row][column].as_ref()?;
        let rival = rival(&costs, row, column);
        Some(judged(
            page_figures[row],
            page_captions[column],
            cost,
            rival,
        ))
    });
    made.collect()
}

/// What putting a caption to a figure costs.
struct Cost {
    points: f64,
    below: bool,
    beside: bool,
    gap: f64,
    overlap: f64,
}

fn cost(figure: PageBox, caption: PageBox, texts: &[PageBox]) -> Option<Cost> {
    let across = overlap(figure[0], figure[2], caption[0], caption[2]);
    if across < 0.15 {
        return beside(figure, caption).or_else(|| askew(figure, caption));
    }
    let below = caption[1] + caption[3] >= figure[1] + figure[3];
    // The words may reach a little into the picture's box.
    let gap = if below {
        caption[1] - figure[3]
    } else {
        figure[1] - caption[3]
    }
    .max(0.0);
    let (top, bottom) = if below {
        (figure[3], caption[1])
    } else {
        (caption[3], figure[1])
    };
    // Words inside a drawing are narrow; a paragraph is about as wide as the caption's column.
    let wide = 0.4 * (caption[2] - caption[0]);
    let between = texts
        .iter()
        .filter(|t| t[1] >= top - 2.0 && t[3] <= bottom + 2.0 && t[2] - t[0] >= wide)
        .filter(|t| overlap(t[0], t[2], caption[0], caption[2]) > 0.3)
        .count();
    // A caption above is the exception for figures. An icon rarely has a caption of its own.
    let above = if below { 0.0 } else { 25.0 };
    let narrow = (1.0 - across) * 60.0;
    let between = 25.0 * f64::from(u32::try_from(between).unwrap_or(u32::MAX));
    let points = gap + above + narrow + between + small(figure);
    Some(Cost {
        points,
        below,
        beside: false,
        gap,
        overlap: across,
    })
}

/// A caption in the margin or the next column, level with the figure.
fn beside(figure: PageBox, caption: PageBox) -> Option<Cost> {
    let level = overlap(figure[1], figure[3], caption[1], caption[3]);
    if level < 0.5 {
        return None;
    }
    let gap = (caption[0] - figure[2])
        .max(figure[0] - caption[2])
        .max(0.0);
    let points = 60.0 + 2.0 * gap + (1.0 - level) * 60.0 + small(figure);
    Some(Cost {
        points,
        below: false,
        beside: true,
        gap,
        overlap: level,
    })
}

/// A short caption at the left margin just below (or above) a centred figure.
fn askew(figure: PageBox, caption: PageBox) -> Option<Cost> {
    let below = caption[1] >= figure[3] - 5.0;
    let gap = if below {
        caption[1] - figure[3]
    } else {
        figure[1] - caption[3]
    }
    .max(0.0);
    let aside = (caption[0] - figure[2])
        .max(figure[0] - caption[2])
        .max(0.0);
    let outside = below || caption[3] <= figure[1] + 5.0;
    if !outside || gap > 40.0 || aside > 100.0 {
        return None;
    }
    let above = if below { 0.0 } else { 25.0 };
    let points = 60.0 + gap + aside + above + small(figure);
    Some(Cost {
        points,
        below,
        beside: false,
        gap,
        overlap: 0.0,
    })
}

fn small(figure: PageBox) -> f64 {
    let side = (figure[2] - figure[0]).min(figure[3] - figure[1]);
    if side < 30.0 { 80.0 } else { 0.0 }
}

/// The shared part of two stretches, as a part of the shorter one.
fn overlap(a0: f64, a1: f64, b0: f64, b1: f64) -> f64 {
    let shorter = (a1 - a0).min(b1 - b0).max(1.0);
    ((a1.min(b1) - a0.max(b0)) / shorter).clamp(0.0, 1.0)
}

fn tenths(points: f64) -> i64 {
    // Bounded, so that a page with absurd boxes cannot overflow the sums.
    #[allow(clippy::cast_possible_truncation)]
    let value = (points.clamp(0.0, 100_000.0) * 10.0).round() as i64;
    value
}

/// The least cost of another caption for this figure or another figure for this caption.
fn rival(costs: &[Vec<Option<Cost>>], row: usize, column: usize) -> f64 {
    let others = costs[row]
        .iter()
        .enumerate()
        .filter(|(c, _)| *c != column)
        .map(|(_, cost)| cost);
    let rows = costs
        .iter()
        .enumerate()
        .filter(|(r, _)| *r != row)
        .map(|(_, row)| &row[column]);
    others
        .chain(rows)
        .flatten()
        .map(|cost| cost.points)
        .fold(f64::INFINITY, f64::min)
}

fn judged(figure: usize, candidate: usize, cost: &Cost, rival: f64) -> Match {
    let side = match (cost.beside, cost.below) {
        (true, _) => "beside",
        (false, true) => "below",
        (false, false) => "above",
    };
    let mut reasons = vec![
        format!("caption {side} the figure, {:.0} pt apart", cost.gap),
        format!("{:.0} % in line", cost.overlap * 100.0),
    ];
    let mut score = 0.97 - 0.5 * (cost.points / LIMIT).min(1.0);
    if rival - cost.points < 30.0 {
        score -= 0.15;
        reasons.push("another pairing on the page costs nearly as little".to_owned());
    }
    Match {
        figure,
        candidate,
        score: rounded(score),
        reasons,
    }
}

/// Two decimals: a score is no measurement, and short numbers print alike everywhere.
pub(crate) fn rounded(score: f64) -> f64 {
    (score.clamp(0.0, 1.0) * 100.0).round() / 100.0
}

/// A figure alone on its page and a caption alone on the next (or the one before).
fn across_pages(pages: &BTreeMap<u32, (Vec<usize>, Vec<usize>)>) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    for (page, (figures, captions)) in pages {
        let ([figure], []) = (figures.as_slice(), captions.as_slice()) else {
            continue;
        };
        for other in [page + 1, page.saturating_sub(1)] {
            let Some((rest, theirs)) = pages.get(&other) else {
                continue;
            };
            let ([candidate], []) = (theirs.as_slice(), rest.as_slice()) else {
                continue;
            };
            if found
                .iter()
                .any(|m| m.candidate == *candidate || m.figure == *figure)
            {
                continue;
            }
            let reasons = vec![format!("the only caption left over, on page {other}")];
            found.push(Match {
                figure: *figure,
                candidate: *candidate,
                score: 0.5,
                reasons,
            });
        }
    }
    found
}

/// The captioned figure whose panel an uncaptioned picture is: on the same page, next to it,
/// and nearer than a paragraph's height. Positions among the figures.
pub(crate) fn panel_of(
    figures: &[Figure],
    picture: usize,
    blocks: &[Block],
    captioned: &[(usize, usize)],
) -> Option<usize> {
    let bbox = figures[picture].bbox?;
    let page = figures[picture].page?;
    let distance = |other: PageBox| {
        let across = (other[0] - bbox[2]).max(bbox[0] - other[2]).max(0.0);
        let down = (other[1] - bbox[3]).max(bbox[1] - other[3]).max(0.0);
        across.max(down)
    };
    captioned
        .iter()
        .filter(|(figure, _)| figures[*figure].page == Some(page))
        .filter_map(|&(figure, caption)| {
            let near = distance(figures[figure].bbox?);
            let caption = blocks[caption].bbox?;
            let same_side =
                (caption[1] >= bbox[3] - 5.0) == (caption[1] >= figures[figure].bbox?[3] - 5.0);
            (near <= 40.0 && same_side).then_some((tenths(near), figure))
        })
        .min()
        .map(|(_, figure)| figure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caption::candidates;
    use crate::document::tests::{block, figure};

    fn check(figures: &[(u32, PageBox)], captions: &[(u32, PageBox)], expect: &[(usize, usize)]) {
        let figures: Vec<Figure> = figures
            .iter()
            .map(|(page, bbox)| figure(Some(*page), Some(*bbox)))
            .collect();
        let blocks: Vec<Block> = captions
            .iter()
            .enumerate()
            .map(|(at, (page, bbox))| {
                let mut block = block(BlockKind::Caption, &format!("Figure {}. A view.", at + 1));
                (block.page, block.bbox) = (Some(*page), Some(*bbox));
                block
            })
            .collect();
        let captions = candidates(&blocks);
        let captions: Vec<&Candidate> = captions.iter().collect();
        let open: Vec<usize> = (0..figures.len()).collect();
        let mut found: Vec<(usize, usize)> = matches(&figures, &open, &blocks, &captions)
            .iter()
            .map(|m| (m.figure, m.candidate))
            .collect();
        found.sort_unstable();
        assert_eq!(found, expect);
    }

    #[test]
    fn two_columns_keep_to_themselves() {
        check(
            &[
                (1, [50.0, 100.0, 280.0, 300.0]),
                (1, [310.0, 120.0, 540.0, 300.0]),
            ],
            &[
                (1, [310.0, 306.0, 540.0, 330.0]),
                (1, [50.0, 306.0, 280.0, 330.0]),
            ],
            &[(0, 1), (1, 0)],
        );
    }

    #[test]
    fn stacked_figures_take_the_caption_below_each() {
        check(
            &[
                (1, [50.0, 100.0, 280.0, 200.0]),
                (1, [50.0, 250.0, 280.0, 350.0]),
            ],
            &[
                (1, [50.0, 205.0, 280.0, 240.0]),
                (1, [50.0, 355.0, 280.0, 390.0]),
            ],
            &[(0, 0), (1, 1)],
        );
    }

    #[test]
    fn captions_may_stand_above_or_beside() {
        check(
            &[(1, [50.0, 200.0, 280.0, 400.0])],
            &[(1, [50.0, 170.0, 280.0, 195.0])],
            &[(0, 0)],
        );
        check(
            &[(1, [50.0, 200.0, 280.0, 400.0])],
            &[(1, [290.0, 300.0, 400.0, 395.0])],
            &[(0, 0)],
        );
    }

    #[test]
    fn a_short_caption_may_stand_left_of_a_centred_figure() {
        check(
            &[
                (1, [155.0, 95.0, 440.0, 210.0]),
                (1, [155.0, 512.0, 440.0, 713.0]),
            ],
            &[
                (1, [62.0, 216.0, 141.0, 224.0]),
                (1, [62.0, 719.0, 382.0, 727.0]),
            ],
            &[(0, 0), (1, 1)],
        );
    }

    #[test]
    fn a_far_caption_is_no_caption() {
        check(
            &[(1, [50.0, 50.0, 280.0, 100.0])],
            &[(1, [50.0, 700.0, 280.0, 720.0])],
            &[],
        );
        check(
            &[(1, [50.0, 50.0, 280.0, 100.0])],
            &[(3, [50.0, 105.0, 280.0, 120.0])],
            &[],
        );
    }

    #[test]
    fn the_only_ones_left_meet_across_pages() {
        check(
            &[(1, [50.0, 50.0, 500.0, 780.0])],
            &[(2, [50.0, 50.0, 280.0, 80.0])],
            &[(0, 0)],
        );
    }
}
