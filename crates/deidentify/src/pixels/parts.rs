//! Connected parts at every level of contrast, grown in one pass from the strongest pixel down.

use super::hat::Plane;

/// The levels of contrast, in grey values, at which parts are looked at. A glyph stands alone
/// at some level between a third and two thirds of its contrast, so each step is below 2.
const LEVELS: [u8; 11] = [140, 95, 64, 43, 29, 20, 14, 9, 6, 4, 2];

/// A connected set of pixels (8 neighbours) whose contrast reaches a level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// First column.
    pub x0: u32,
    /// First row.
    pub y0: u32,
    /// Column after the last.
    pub x1: u32,
    /// Row after the last.
    pub y1: u32,
    /// Pixels.
    pub area: u32,
    /// Horizontal runs of pixels, over all rows.
    pub across: u32,
    /// Vertical runs of pixels, over all columns.
    pub down: u32,
    /// The strongest contrast.
    pub peak: u8,
    /// The grey value of the pixel with the strongest contrast.
    pub tone: u8,
}

impl Part {
    /// The part with rows and columns exchanged.
    pub fn turned(self) -> Self {
        Self {
            x0: self.y0,
            y0: self.x0,
            x1: self.y1,
            y1: self.x1,
            across: self.down,
            down: self.across,
            ..self
        }
    }

    /// Columns that it spans.
    pub fn width(&self) -> f32 {
        (self.x1 - self.x0) as f32
    }

    /// Rows that it spans.
    pub fn height(&self) -> f32 {
        (self.y1 - self.y0) as f32
    }

    /// Its mean stroke width: exact for a long bar, half the side for a square.
    pub fn stroke(&self) -> f32 {
        self.area as f32 / (self.across + self.down).max(1) as f32
    }

    /// Makes this the part that both are together.
    pub fn join(&mut self, other: &Self) {
        if other.peak > self.peak {
            self.tone = other.tone;
        }
        self.x0 = self.x0.min(other.x0);
        self.y0 = self.y0.min(other.y0);
        self.x1 = self.x1.max(other.x1);
        self.y1 = self.y1.max(other.y1);
        self.area += other.area;
        self.across += other.across;
        self.down += other.down;
        self.peak = self.peak.max(other.peak);
    }
}

/// Calls `visit(level, parts)` for each level, strongest first, with all parts of that level,
/// until it returns something.
pub(super) fn grow<T>(
    contrast: &[u8],
    plane: &Plane,
    mut visit: impl FnMut(u8, &[Part]) -> Option<T>,
) -> Option<T> {
    let order = strongest_first(contrast);
    let mut forest = Forest::new(contrast.len(), plane.width);
    let mut next = 0;
    for level in LEVELS {
        let start = next;
        while next < order.len() && contrast[order[next] as usize] >= level {
            let place = order[next] as usize;
            forest.add(place, contrast[place], plane.pixels[place]);
            next += 1;
        }
        if next > start {
            let found = visit(level, forest.parts());
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// The places of all pixels that reach the lowest level, by falling contrast (counting sort).
fn strongest_first(contrast: &[u8]) -> Vec<u32> {
    let lowest = LEVELS[LEVELS.len() - 1];
    let mut starts = [0_usize; 257];
    for value in contrast {
        starts[255 - *value as usize + 1] += 1;
    }
    for index in 1..257 {
        starts[index] += starts[index - 1];
    }
    let kept = starts[256 - lowest as usize];
    let mut order = vec![0; kept];
    for (place, value) in contrast.iter().enumerate() {
        if *value >= lowest {
            let slot = &mut starts[255 - *value as usize];
            order[*slot] = place as u32;
            *slot += 1;
        }
    }
    order
}

/// Stands for "no part here yet".
const NONE: u32 = u32::MAX;

/// Disjoint sets of pixels with the measures of each set.
struct Forest {
    width: usize,
    /// For each pixel, its entry.
    entry: Vec<u32>,
    /// For each entry, its parent; roots are their own.
    parent: Vec<u32>,
    measures: Vec<Part>,
    roots: Vec<u32>,
    parts: Vec<Part>,
}

impl Forest {
    fn new(pixels: usize, width: usize) -> Self {
        Self {
            width,
            entry: vec![NONE; pixels],
            parent: Vec::new(),
            measures: Vec::new(),
            roots: Vec::new(),
            parts: Vec::new(),
        }
    }

    fn add(&mut self, place: usize, value: u8, tone: u8) {
        let (x, y) = (place % self.width, place / self.width);
        let (left, right) = (x > 0, x + 1 < self.width);
        let (above, below) = (y > 0, place + self.width < self.entry.len());
        let at = |forest: &Self, here: bool, index: usize| {
            if here { forest.entry[index] } else { NONE }
        };
        // wrapping keeps the arithmetic defined where `here` is false and nothing is read.
        let sides = [
            at(self, left, place.wrapping_sub(1)),
            at(self, right, place + 1),
            at(self, above, place.wrapping_sub(self.width)),
            at(self, below, place + self.width),
        ];
        let corners = [
            at(self, left && above, place.wrapping_sub(self.width + 1)),
            at(
                self,
                right && above,
                place.wrapping_sub(self.width).wrapping_add(1),
            ),
            at(self, left && below, (place + self.width).wrapping_sub(1)),
            at(self, right && below, place + self.width + 1),
        ];
        let touching = |pair: [u32; 2]| pair.iter().filter(|entry| **entry != NONE).count() as i64;
        let mut measure = Part {
            x0: x as u32,
            y0: y as u32,
            x1: x as u32 + 1,
            y1: y as u32 + 1,
            area: 1,
            across: 1,
            down: 1,
            peak: value,
            tone,
        };
        let mut root = NONE;
        for entry in sides.into_iter().chain(corners) {
            if entry != NONE {
                root = self.unite(root, entry);
            }
        }
        if root == NONE {
            root = self.parent.len() as u32;
            self.parent.push(root);
            self.measures.push(measure);
            self.roots.push(root);
        } else {
            // A pixel that closes a gap joins two runs to one; the sum of a part's runs never
            // falls below one, so the difference is applied to the sum, not to the pixel.
            measure.across = 0;
            measure.down = 0;
            let whole = &mut self.measures[root as usize];
            whole.join(&measure);
            let change = |runs: u32, neighbours: i64| (i64::from(runs) + 1 - neighbours).max(1);
            whole.across = change(whole.across, touching([sides[0], sides[1]])) as u32;
            whole.down = change(whole.down, touching([sides[2], sides[3]])) as u32;
        }
        self.entry[place] = root;
    }

    /// Joins the set of `entry` with the one whose root is `root`, if there is one.
    fn unite(&mut self, root: u32, entry: u32) -> u32 {
        let other = self.root(entry);
        if root == NONE || root == other {
            return other;
        }
        let areas = [root, other].map(|index| self.measures[index as usize].area);
        let (large, small) = if areas[0] >= areas[1] {
            (root, other)
        } else {
            (other, root)
        };
        self.parent[small as usize] = large;
        let measure = self.measures[small as usize];
        self.measures[large as usize].join(&measure);
        large
    }

    fn root(&mut self, mut entry: u32) -> u32 {
        while self.parent[entry as usize] != entry {
            let above = self.parent[entry as usize];
            self.parent[entry as usize] = self.parent[above as usize];
            entry = above;
        }
        entry
    }

    /// The parts as they now are.
    fn parts(&mut self) -> &[Part] {
        let parent = &self.parent;
        self.roots.retain(|root| parent[*root as usize] == *root);
        self.parts.clear();
        let measures = &self.measures;
        self.parts
            .extend(self.roots.iter().map(|root| measures[*root as usize]));
        &self.parts
    }
}
