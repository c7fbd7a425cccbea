//! Reading order.
//!
//! Publishers' streams draw text in reading order nearly always, and know better than
//! geometry what belongs together. So the stream is trusted until it jumps: when a paragraph
//! comes after one that stands below it in the same column, the page is ordered by columns
//! instead (a recursive cut along gutters; what crosses a gutter splits the page into bands).

use std::collections::BTreeSet;

use spinemed_core::locator::PageBox;

use crate::geometry::{height, width, x_overlap};

/// The indices of boxes, given in stream order, in reading order. `large` tells which are set
/// larger than running text: a title that is drawn after the text below it shows that the
/// stream is in no order.
pub(crate) fn reading_order(boxes: &[PageBox], large: &[bool]) -> Vec<usize> {
    let stream: Vec<usize> = (0..boxes.len()).collect();
    if jumps(boxes) == 0 && !late_title(boxes, large) {
        stream
    } else {
        columns(boxes)
    }
}

/// The indices of boxes, column by column, whatever order they are given in.
pub(crate) fn columns(boxes: &[PageBox]) -> Vec<usize> {
    let mut out = Vec::with_capacity(boxes.len());
    cut((0..boxes.len()).collect(), boxes, &mut out, 0);
    out
}

/// How often the stream goes back up within a column.
fn jumps(boxes: &[PageBox]) -> usize {
    boxes
        .windows(2)
        .filter(|pair| x_overlap(pair[0], pair[1]) > 0.5 && pair[1][3] <= pair[0][1] + 1.0)
        .count()
}

/// Whether large text comes behind two boxes or more that stand below it.
fn late_title(boxes: &[PageBox], large: &[bool]) -> bool {
    (0..boxes.len()).filter(|&i| large[i]).any(|i| {
        let below = |b: &&PageBox| x_overlap(**b, boxes[i]) > 0.5 && boxes[i][3] <= b[1] + 1.0;
        boxes[..i].iter().filter(below).count() >= 2
    })
}

/// The narrowest gutter between columns.
const GUTTER: f64 = 5.0;
/// Deeper nesting than this has no printed page.
const MAX_DEPTH: usize = 12;

fn cut(mut part: Vec<usize>, boxes: &[PageBox], out: &mut Vec<usize>, depth: usize) {
    let gutter = if depth < MAX_DEPTH {
        best_gutter(&part, boxes)
    } else {
        None
    };
    let Some(x) = gutter else {
        part.sort_by(|&a, &b| {
            boxes[a][1]
                .total_cmp(&boxes[b][1])
                .then(boxes[a][0].total_cmp(&boxes[b][0]))
        });
        out.append(&mut part);
        return;
    };
    let (mut crossing, rest): (Vec<usize>, Vec<usize>) =
        part.into_iter().partition(|&i| crosses(boxes[i], x));
    crossing.sort_by(|&a, &b| boxes[a][1].total_cmp(&boxes[b][1]));
    let mut rest = rest;
    for span in crossing.iter().map(Some).chain([None]) {
        let limit = span.map_or(f64::INFINITY, |&i| boxes[i][1] + 0.5 * height(boxes[i]));
        let (band, below): (Vec<usize>, Vec<usize>) = rest
            .into_iter()
            .partition(|&i| (boxes[i][1] + boxes[i][3]) / 2.0 < limit);
        rest = below;
        let (left, right): (Vec<usize>, Vec<usize>) =
            band.into_iter().partition(|&i| boxes[i][2] <= x + 2.0);
        for column in [left, right] {
            if !column.is_empty() {
                cut(column, boxes, out, depth + 1);
            }
        }
        out.extend(span);
    }
}

fn crosses(b: PageBox, x: f64) -> bool {
    b[0] < x - 2.0 && b[2] > x + 2.0
}

/// The x between columns that the least height of boxes crosses; `None` where nothing stands
/// side by side or more crosses than not.
fn best_gutter(part: &[usize], boxes: &[PageBox]) -> Option<f64> {
    let total: f64 = part.iter().map(|&i| height(boxes[i])).sum();
    let mut best: Option<(f64, f64)> = None;
    // Right edges within four points of each other stand for the same gutter.
    let edges: BTreeSet<i64> = part
        .iter()
        .map(|&i| (boxes[i][2] / 4.0).ceil() as i64)
        .collect();
    for edge in edges {
        let x = edge as f64 * 4.0 + GUTTER / 2.0 - 2.0;
        let mut crossing = 0.0;
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for &i in part {
            if crosses(boxes[i], x) {
                crossing += height(boxes[i]);
            } else if boxes[i][2] <= x + 2.0 {
                left.push(i);
            } else {
                right.push(i);
            }
        }
        let beside = left.iter().any(|&a| {
            right
                .iter()
                .any(|&b| stand_side_by_side(boxes[a], boxes[b]))
        });
        if beside && crossing < 0.6 * total && best.is_none_or(|(least, _)| crossing < least - 0.1)
        {
            best = Some((crossing, x));
        }
    }
    best.map(|(_, x)| x)
}

fn stand_side_by_side(a: PageBox, b: PageBox) -> bool {
    let shared = a[3].min(b[3]) - a[1].max(b[1]);
    shared > 0.3 * height(a).min(height(b)) && width(a) > 1.0 && width(b) > 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLE: PageBox = [50.0, 50.0, 550.0, 80.0];
    const LEFT: PageBox = [50.0, 100.0, 290.0, 300.0];
    const LEFT2: PageBox = [50.0, 310.0, 290.0, 700.0];
    const RIGHT: PageBox = [310.0, 100.0, 550.0, 500.0];
    const RIGHT2: PageBox = [310.0, 510.0, 550.0, 700.0];
    const FOOT: PageBox = [50.0, 710.0, 550.0, 740.0];

    fn check(stream: &[PageBox], expect: &[PageBox]) {
        let ordered: Vec<PageBox> = reading_order(stream, &vec![false; stream.len()])
            .into_iter()
            .map(|i| stream[i])
            .collect();
        assert_eq!(ordered, expect);
    }

    #[test]
    fn a_quiet_stream_is_kept() {
        check(&[RIGHT, RIGHT2, LEFT, LEFT2], &[RIGHT, RIGHT2, LEFT, LEFT2]);
    }

    #[test]
    fn two_columns_under_a_title() {
        check(
            &[LEFT2, LEFT, FOOT, RIGHT2, RIGHT, TITLE],
            &[TITLE, LEFT, LEFT2, RIGHT, RIGHT2, FOOT],
        );
    }

    #[test]
    fn three_columns() {
        let column = |n: f64| [50.0 + 170.0 * n, 100.0, 200.0 + 170.0 * n, 400.0];
        let below = |n: f64| [50.0 + 170.0 * n, 410.0, 200.0 + 170.0 * n, 700.0];
        check(
            &[
                below(2.0),
                column(2.0),
                below(1.0),
                column(1.0),
                below(0.0),
                column(0.0),
            ],
            &[
                column(0.0),
                below(0.0),
                column(1.0),
                below(1.0),
                column(2.0),
                below(2.0),
            ],
        );
    }

    #[test]
    fn a_spanning_box_splits_the_page_into_bands() {
        let span = [50.0, 305.0, 550.0, 308.0];
        let low_right = [310.0, 510.0, 550.0, 700.0];
        let high_right = [310.0, 100.0, 550.0, 300.0];
        check(
            &[low_right, high_right, LEFT2, LEFT, span],
            &[LEFT, high_right, span, LEFT2, low_right],
        );
    }

    proptest::proptest! {
        #[test]
        fn every_box_comes_once(raw in proptest::collection::vec((0u16..600, 0u16..800, 1u16..300, 1u16..300), 0..40)) {
            let boxes: Vec<PageBox> = raw
                .iter()
                .map(|&(x, y, w, h)| [f64::from(x), f64::from(y), f64::from(x + w), f64::from(y + h)])
                .collect();
            let mut order = reading_order(&boxes, &vec![true; boxes.len()]);
            order.sort_unstable();
            assert_eq!(order, (0..boxes.len()).collect::<Vec<_>>());
        }
    }
}
