//! Solid boxes of background, shown to the search in the tones of what surrounds them.
//!
//! Boxes that were blanked have hard edges, and several of them look like strokes of large
//! letters. The search would find them, and blanking would go on until nothing is left. So it
//! sees such boxes filled smoothly from around, whoever blanked them. Ground that is black by
//! nature, as around an ultrasound sector, is no solid box, and text on it is seen as it is.

/// The side of the square that a solid box must hold, in pixels. Strokes of the largest
/// letters that are looked for are narrower.
const SIDE: usize = 13;
/// Neighbours along an edge whose median is taken, on each side of a pixel.
const ALONG: usize = 7;

/// The pixels of solid boxes; nothing where there are none. `background` says which pixels have
/// the background's very value, row by row.
pub(super) fn solid(background: &[bool], width: usize) -> Option<Vec<bool>> {
    let height = background.len().checked_div(width)?;
    let mut open = opened(background, width, height)?;
    let mut kept = vec![false; background.len()];
    let mut any = false;
    for start in 0..open.len() {
        if open[start] == State::Open {
            let component = Component::take(start, &mut open, background, width);
            if component.is_solid() {
                any = true;
                component
                    .pixels
                    .iter()
                    .for_each(|place| kept[*place] = true);
            }
        }
    }
    any.then_some(kept)
}

/// What is known of a pixel.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It lies in no square of background.
    Closed,
    /// It lies in one.
    Open,
    /// It does, and was put to a component.
    Taken,
}

/// The union of all squares that are background alone; nothing where there are none.
fn opened(background: &[bool], width: usize, height: usize) -> Option<Vec<State>> {
    if width < SIDE || height < SIDE {
        return None;
    }
    // For each pixel, how many background pixels end there to the left, then squares likewise.
    let mut squares = vec![0_i32; (width + 1) * (height + 1)];
    let mut above = vec![0_usize; width];
    let mut any = false;
    for y in 0..height {
        let mut run = 0;
        for x in 0..width {
            above[x] = if background[y * width + x] {
                above[x] + 1
            } else {
                0
            };
            run = if above[x] >= SIDE { run + 1 } else { 0 };
            if run >= SIDE {
                any = true;
                let (x0, y0) = (x + 1 - SIDE, y + 1 - SIDE);
                for (at, step) in [
                    ((x0, y0), 1),
                    ((x + 1, y0), -1),
                    ((x0, y + 1), -1),
                    ((x + 1, y + 1), 1),
                ] {
                    squares[at.1 * (width + 1) + at.0] += step;
                }
            }
        }
    }
    if !any {
        return None;
    }
    let mut open = Vec::with_capacity(width * height);
    let mut sums = vec![0_i32; width + 1];
    for y in 0..height {
        let mut across = 0;
        for x in 0..width {
            across += squares[y * (width + 1) + x];
            sums[x] += across;
            open.push(if sums[x] > 0 {
                State::Open
            } else {
                State::Closed
            });
        }
    }
    Some(open)
}

/// A connected set of open pixels.
struct Component {
    pixels: Vec<usize>,
    /// Pixels of the smallest box around it.
    hull: usize,
    /// Pixels beside it, and those of them that are background.
    beside: (usize, usize),
}

impl Component {
    /// Takes the set of a pixel out of `open`.
    fn take(start: usize, open: &mut [State], background: &[bool], width: usize) -> Self {
        open[start] = State::Taken;
        let mut pixels = vec![start];
        let (mut own, mut all, mut dark) = (0, 0, 0);
        let (mut x0, mut x1, mut y0, mut y1) = (usize::MAX, 0, usize::MAX, 0);
        while let Some(place) = pixels.get(own).copied() {
            own += 1;
            let (x, y) = (place % width, place / width);
            (x0, x1, y0, y1) = (x0.min(x), x1.max(x), y0.min(y), y1.max(y));
            let sides = [
                (x > 0).then(|| place - 1),
                (x + 1 < width).then_some(place + 1),
                place.checked_sub(width),
                (place + width < open.len()).then_some(place + width),
            ];
            for side in sides.into_iter().flatten() {
                match open[side] {
                    State::Open => {
                        open[side] = State::Taken;
                        pixels.push(side);
                    }
                    // Two components never touch, so this one is meant.
                    State::Taken => {}
                    State::Closed => {
                        all += 1;
                        dark += usize::from(background[side]);
                    }
                }
            }
        }
        Self {
            hull: (x1 + 1 - x0) * (y1 + 1 - y0),
            pixels,
            beside: (all, dark),
        }
    }

    /// Whether it fills its box and does not go on as ground of the same value.
    fn is_solid(&self) -> bool {
        10 * self.pixels.len() >= 6 * self.hull && 10 * self.beside.1 <= 3 * self.beside.0
    }
}

/// Fills the pixels of solid boxes from the pixels around.
pub(super) fn patch(view: &mut [u8], solid: &[bool], width: usize) {
    let height = view.len().checked_div(width).unwrap_or(0);
    let mut sums = vec![(0.0_f32, 0.0_f32); view.len()];
    let rows = |line: usize, at: usize| line * width + at;
    let columns = |line: usize, at: usize| at * width + line;
    sweep(view, solid, &mut sums, (height, width), rows);
    sweep(view, solid, &mut sums, (width, height), columns);
    for (value, (sum, weight)) in view.iter_mut().zip(sums) {
        if weight > 0.0 {
            *value = (sum / weight).round() as u8;
        }
    }
}

/// Adds to each pixel of each run the tones at both ends of it, the nearer one more.
fn sweep(
    view: &[u8],
    solid: &[bool],
    sums: &mut [(f32, f32)],
    (lines, length): (usize, usize),
    place: impl Fn(usize, usize) -> usize,
) {
    for line in 0..lines {
        let tone = |at: usize| {
            let near = line.saturating_sub(ALONG)..(line + ALONG + 1).min(lines);
            let mut values: Vec<u8> = near
                .map(|other| place(other, at))
                .filter(|place| !solid[*place])
                .map(|place| view[place])
                .collect();
            values.sort_unstable();
            values.get(values.len() / 2).map(|tone| f32::from(*tone))
        };
        let mut start = 0;
        while start < length {
            if !solid[place(line, start)] {
                start += 1;
                continue;
            }
            let end = (start..length)
                .find(|at| !solid[place(line, *at)])
                .unwrap_or(length);
            let before = start.checked_sub(1).and_then(&tone);
            let after = (end < length).then_some(end).and_then(&tone);
            for at in start..end {
                let sum = &mut sums[place(line, at)];
                for (tone, distance) in [(before, at + 1 - start), (after, end - at)] {
                    if let Some(tone) = tone {
                        sum.0 += tone / distance as f32;
                        sum.1 += 1.0 / distance as f32;
                    }
                }
            }
            start = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 60;

    fn picture(pixel: impl Fn(usize, usize) -> u8) -> Vec<u8> {
        (0..WIDTH * 40)
            .map(|place| pixel(place % WIDTH, place / WIDTH))
            .collect()
    }

    fn check(view: &[u8], expect: usize) {
        let background: Vec<bool> = view.iter().map(|value| *value == 0).collect();
        let solid = solid(&background, WIDTH).unwrap_or_default();
        assert_eq!(solid.iter().filter(|pixel| **pixel).count(), expect);
    }

    #[test]
    fn boxes_are_told_from_ground() {
        let in_box = |x: usize, y: usize| (10..40).contains(&x) && (10..25).contains(&y);
        check(&picture(|_, _| 90), 0);
        check(&picture(|x, y| if in_box(x, y) { 0 } else { 90 }), 30 * 15);
        // A narrow box is a stroke; black all around a bright disc is ground.
        check(
            &picture(|x, y| if in_box(x, y) && y < 20 { 0 } else { 90 }),
            0,
        );
        check(&picture(|x, y| if in_box(x, y) { 90 } else { 0 }), 0);
    }

    #[test]
    fn boxes_take_the_tone_around() {
        let in_box = |x: usize, y: usize| (10..40).contains(&x) && (10..25).contains(&y);
        let ramp = |x: usize| 50 + x as u8;
        let mut view = picture(|x, y| if in_box(x, y) { 0 } else { ramp(x) });
        let background: Vec<bool> = view.iter().map(|value| *value == 0).collect();
        patch(&mut view, &solid(&background, WIDTH).expect("a box"), WIDTH);
        for (place, value) in view.iter().enumerate() {
            assert!(value.abs_diff(ramp(place % WIDTH)) <= 3, "{place} {value}");
        }
    }
}
