//! Parts that lie above each other, put together: the strokes of one Chinese character, or a
//! letter and the dot above it.

use super::parts::Part;

/// The side of the largest character that is put together at one scale, in pixels.
const LARGEST: u32 = 34;
/// The side of the cells of the index, in pixels.
const CELL: u32 = 16;
/// Above this many parts in one cell the ground is a texture and nothing is put together.
const CROWD: usize = 24;

/// The characters that consist of several parts. Each stands for all of its parts; the parts
/// themselves are not changed.
pub(super) fn stacks(parts: &[Part], size: (u32, u32)) -> Vec<Part> {
    let small: Vec<Part> = parts
        .iter()
        .filter(|part| {
            part.area >= 3 && part.x1 - part.x0 <= LARGEST && part.y1 - part.y0 <= LARGEST
        })
        .copied()
        .collect();
    let columns = (size.0 / CELL + 1) as usize;
    let mut cells = vec![Vec::new(); columns * (size.1 / CELL + 1) as usize];
    for (place, part) in small.iter().enumerate() {
        cells[(part.y0 / CELL) as usize * columns + (part.x0 / CELL) as usize].push(place);
    }
    if cells.iter().any(|cell| cell.len() > CROWD) {
        for cell in &mut cells {
            if cell.len() > CROWD {
                cell.clear();
            }
        }
    }
    // Joined parts are found through `owner`; a second sweep joins what the first brought near.
    let mut owner: Vec<usize> = (0..small.len()).collect();
    let mut wholes = small.clone();
    for _ in 0..2 {
        for seed in 0..small.len() {
            join_near(&small, &cells, columns, &mut owner, &mut wholes, seed);
        }
    }
    (0..small.len())
        .filter(|place| owner[*place] == *place && wholes[*place].area > small[*place].area)
        .map(|place| wholes[place])
        .collect()
}

/// Joins what `seed` belongs to with everything near the seed that fits.
fn join_near(
    small: &[Part],
    cells: &[Vec<usize>],
    columns: usize,
    owner: &mut [usize],
    wholes: &mut [Part],
    seed: usize,
) {
    let part = small[seed];
    let (left, right) = (
        (part.x0.saturating_sub(CELL) / CELL) as usize,
        (part.x1 / CELL) as usize,
    );
    let (top, bottom) = (
        (part.y0.saturating_sub(CELL) / CELL) as usize,
        ((part.y1 + LARGEST / 4) / CELL) as usize,
    );
    for row in top..=bottom.min(cells.len() / columns - 1) {
        for cell in &cells[row * columns + left..=row * columns + right.min(columns - 1)] {
            for place in cell {
                let (mine, other) = (root(owner, seed), root(owner, *place));
                if mine != other && fits(&wholes[mine], &wholes[other]) {
                    let joined = wholes[other];
                    wholes[mine].join(&joined);
                    owner[other] = mine;
                }
            }
        }
    }
}

fn root(owner: &mut [usize], mut place: usize) -> usize {
    while owner[place] != place {
        owner[place] = owner[owner[place]];
        place = owner[place];
    }
    place
}

/// Whether `part` lies above, below or within `whole`, near enough to be one character.
fn fits(whole: &Part, part: &Part) -> bool {
    let width = whole.x1.max(part.x1) - whole.x0.min(part.x0);
    let height = whole.y1.max(part.y1) - whole.y0.min(part.y0);
    let common = whole.x1.min(part.x1).saturating_sub(whole.x0.max(part.x0));
    let narrow = (whole.x1 - whole.x0).min(part.x1 - part.x0);
    let gap = part.y0.saturating_sub(whole.y1) + whole.y0.saturating_sub(part.y1);
    width <= LARGEST
        && height <= LARGEST
        && 2 * common >= narrow
        && 4 * height <= 5 * width + 8
        && 4 * width <= 6 * height + 8
        && 10 * gap <= 3 * width.max(height) + 5
}
