//! Boxes in pixels: first column, first row, column after the last, row after the last.

/// A box.
pub(super) type Region = [u32; 4];

/// Boxes are joined where the smallest box around both is at most this much larger than what
/// the two cover, in percent.
const JOINED: u64 = 110;

/// Pixels in a box.
pub(super) fn area([x0, y0, x1, y1]: Region) -> u64 {
    u64::from(x1.saturating_sub(x0)) * u64::from(y1.saturating_sub(y0))
}

/// What two boxes have in common; empty boxes where they have nothing.
pub(super) fn common(a: Region, b: Region) -> Region {
    [
        a[0].max(b[0]),
        a[1].max(b[1]),
        a[2].min(b[2]),
        a[3].min(b[3]),
    ]
}

/// The smallest box around both.
pub(super) fn around(a: Region, b: Region) -> Region {
    [
        a[0].min(b[0]),
        a[1].min(b[1]),
        a[2].max(b[2]),
        a[3].max(b[3]),
    ]
}

/// Whether `inner` lies wholly in `outer`.
pub(super) fn holds(outer: Region, inner: Region) -> bool {
    around(outer, inner) == outer
}

/// Whether two boxes are the same place: what they share is at least half of what both cover.
pub(super) fn same_place(a: Region, b: Region) -> bool {
    let shared = area(common(a, b));
    shared > 0 && 2 * shared >= area(a) + area(b) - shared
}

/// The box with a margin, cut to a picture of `size` pixels (width, height).
pub(super) fn padded([x0, y0, x1, y1]: Region, margin: u32, size: (u32, u32)) -> Region {
    [
        x0.saturating_sub(margin),
        y0.saturating_sub(margin),
        x1.saturating_add(margin).min(size.0),
        y1.saturating_add(margin).min(size.1),
    ]
}

/// The box cut to a picture of `size` pixels; nothing where none of it lies inside.
pub(super) fn clipped(region: Region, size: (u32, u32)) -> Option<Region> {
    let inside = common(region, [0, 0, size.0, size.1]);
    (area(inside) > 0).then_some(inside)
}

/// Boxes that together cover all that the given ones cover, fewer where they overlap or touch
/// along a line, sorted from the top left.
pub(super) fn merged(mut boxes: Vec<Region>) -> Vec<Region> {
    boxes.retain(|region| area(*region) > 0);
    boxes.sort_unstable_by_key(|[x0, y0, x1, y1]| (*y0, *x0, *y1, *x1));
    boxes.dedup();
    // What was passed before may fit to a box that grew, so passes go on until none does.
    while join_once(&mut boxes) {}
    boxes.sort_unstable_by_key(|[x0, y0, x1, y1]| (*y0, *x0, *y1, *x1));
    boxes
}

/// The boxes that lie in no other one, sorted from the top left.
pub(super) fn distinct(mut boxes: Vec<Region>) -> Vec<Region> {
    boxes.sort_unstable_by_key(|region| (std::cmp::Reverse(area(*region)), *region));
    let mut kept: Vec<Region> = Vec::new();
    for region in boxes {
        if area(region) > 0 && !kept.iter().any(|other| holds(*other, region)) {
            kept.push(region);
        }
    }
    kept.sort_unstable_by_key(|[x0, y0, x1, y1]| (*y0, *x0, *y1, *x1));
    kept
}

/// One pass of joining. Says whether boxes were joined.
fn join_once(boxes: &mut Vec<Region>) -> bool {
    let before = boxes.len();
    let mut kept: Vec<Region> = Vec::with_capacity(before);
    for region in boxes.drain(..) {
        match kept.iter_mut().find(|other| joins(**other, region)) {
            Some(other) => *other = around(*other, region),
            None => kept.push(region),
        }
    }
    *boxes = kept;
    boxes.len() < before
}

fn joins(a: Region, b: Region) -> bool {
    let covered = area(a) + area(b) - area(common(a, b));
    100 * area(around(a, b)) <= JOINED * covered
}

/// Boxes that cover what none of `inside` covers, in a picture of `size` pixels.
pub(super) fn outside(inside: &[Region], size: (u32, u32)) -> Vec<Region> {
    let mut rows: Vec<u32> = inside
        .iter()
        .flat_map(|region| [region[1], region[3]])
        .collect();
    rows.extend([0, size.1]);
    rows.sort_unstable();
    rows.dedup();
    let mut found = Vec::new();
    for band in rows.windows(2).filter(|band| band[1] <= size.1) {
        let mut spans: Vec<(u32, u32)> = inside
            .iter()
            .filter(|region| region[1] <= band[0] && region[3] >= band[1])
            .map(|region| (region[0], region[2]))
            .collect();
        spans.sort_unstable();
        let mut from = 0;
        for (start, end) in spans {
            if start > from {
                found.push([from, band[0], start, band[1]]);
            }
            from = from.max(end);
        }
        if from < size.0 {
            found.push([from, band[0], size.0, band[1]]);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_a_line_become_one() {
        let check = |boxes: &[Region], expect: &[Region]| {
            assert_eq!(merged(boxes.to_vec()), expect);
        };
        check(&[], &[]);
        check(&[[3, 3, 3, 9]], &[]);
        check(&[[0, 0, 10, 5], [9, 0, 20, 5]], &[[0, 0, 20, 5]]);
        check(&[[2, 2, 4, 4], [0, 0, 10, 10]], &[[0, 0, 10, 10]]);
        // Diagonal ones stay apart: their hull would cover what neither does.
        check(
            &[[0, 0, 10, 10], [9, 9, 20, 20]],
            &[[0, 0, 10, 10], [9, 9, 20, 20]],
        );
    }

    #[test]
    fn what_lies_outside() {
        let check = |inside: &[Region], covered: u64| {
            let boxes = outside(inside, (10, 8));
            assert_eq!(
                boxes.iter().map(|region| area(*region)).sum::<u64>(),
                covered
            );
            for one in &boxes {
                assert!(inside.iter().all(|other| area(common(*one, *other)) == 0));
            }
        };
        check(&[], 80);
        check(&[[0, 0, 10, 8]], 0);
        check(&[[2, 2, 5, 5]], 80 - 9);
        check(&[[2, 2, 5, 5], [4, 4, 8, 7]], 80 - 9 - 12 + 1);
    }

    #[test]
    fn margins_end_at_the_rim() {
        assert_eq!(padded([1, 5, 9, 9], 3, (10, 10)), [0, 2, 10, 10]);
        assert_eq!(clipped([8, 8, 20, 20], (10, 10)), Some([8, 8, 10, 10]));
        assert_eq!(clipped([12, 8, 20, 20], (10, 10)), None);
        assert!(same_place([0, 0, 10, 10], [1, 0, 10, 10]));
        assert!(!same_place([0, 0, 10, 10], [9, 0, 19, 10]));
        assert!(holds([0, 0, 9, 9], [0, 3, 9, 9]) && !holds([0, 0, 9, 9], [0, 3, 9, 10]));
    }
}
