//! Chains of parts that look like the glyphs of one line.

use super::boxes::holds;
use super::evidence::{GRAINED, is_sure};
use super::hat::Plane;
use super::judgement::text_votes;
use super::noise::Noise;
use super::parts::Part;
use super::search::Line;
use super::stacks::stacks;
use super::surroundings::contrast_around;
use super::sweep::swept;

/// The lowest and highest glyph that is looked for at one scale, in pixels.
const HEIGHTS: (f32, f32) = (4.0, 34.0);
/// A part must have this many times the noise of the quietest tile around it. It is a little
/// below the least that the judgement demands.
const STANDS_OUT: f32 = 2.5;
/// Rows per bucket of the index of edges.
const BUCKET: u32 = 4;

/// What the parts were found on.
pub(super) struct Ground<'a> {
    /// The grey values.
    pub plane: &'a Plane,
    /// How far each pixel stands out; zero where it is noise.
    pub contrast: &'a [u8],
    /// The same before noise was removed.
    pub raw: &'a [u8],
    /// The noise.
    pub noise: &'a Noise,
}

/// One level of a ground, with rows and columns exchanged where `turned`.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    ground: &'a Ground<'a>,
    /// The level.
    pub level: u8,
    turned: bool,
}

impl View<'_> {
    /// Width and height.
    pub fn size(&self) -> (u32, u32) {
        let (width, height) = (
            self.ground.plane.width as u32,
            self.ground.plane.height as u32,
        );
        if self.turned {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// Whether the pixel reaches the level.
    pub fn lit(&self, x: u32, y: u32) -> bool {
        self.ground.contrast[self.place(x, y)] >= self.level
    }

    /// How far the pixel stands out, noise or not.
    pub fn contrast(&self, x: u32, y: u32) -> u8 {
        self.ground.raw[self.place(x, y)]
    }

    /// The pixel's grey value.
    pub fn grey(&self, x: u32, y: u32) -> u8 {
        self.ground.plane.pixels[self.place(x, y)]
    }

    /// The noise here, and the least around.
    pub fn noise(&self, x: u32, y: u32) -> (u8, u8) {
        let (x, y) = if self.turned { (y, x) } else { (x, y) };
        self.ground.noise.around(x, y)
    }

    fn place(&self, x: u32, y: u32) -> usize {
        let (x, y) = if self.turned { (y, x) } else { (x, y) };
        y as usize * self.ground.plane.width + x as usize
    }
}

/// Which edge of the glyphs lies on a line: letters without descenders stand on one, capitals
/// and Chinese characters hang from one too.
#[derive(Clone, Copy)]
pub(super) enum Edge {
    /// The upper one.
    Top,
    /// The lower one.
    Bottom,
}

impl Edge {
    fn of(self, part: &Part) -> u32 {
        match self {
            Self::Top => part.y0,
            Self::Bottom => part.y1,
        }
    }

    /// The other edge of the part.
    pub fn opposite(self, part: &Part) -> u32 {
        match self {
            Self::Top => part.y1,
            Self::Bottom => part.y0,
        }
    }
}

/// The lines of text found so far.
pub(super) struct Finds {
    all: bool,
    lines: Vec<Line>,
}

impl Finds {
    /// Nothing found yet; `all` where the search goes on after the first line.
    pub fn new(all: bool) -> Self {
        Self {
            all,
            lines: Vec::new(),
        }
    }

    /// What was found.
    pub fn into_lines(self) -> Vec<Line> {
        self.lines
    }

    /// Whether a box lies in a line that was found for sure, so that it need not be judged.
    fn hold(&self, region: [u32; 4]) -> bool {
        let mut lines = self.lines.iter();
        lines.any(|line| is_sure(line) && holds(line.region, region))
    }
}

/// Looks for lines of text among the parts of one level, read from left to right or from top to
/// bottom, and adds them to `finds`. Says whether the search is over.
pub(super) fn find(parts: &[Part], level: u8, ground: &Ground<'_>, finds: &mut Finds) -> bool {
    let size = (ground.plane.width as u32, ground.plane.height as u32);
    let mut parts: Vec<Part> = parts
        .iter()
        .filter(|part| stands_out(part, ground))
        .copied()
        .collect();
    parts.extend(stacks(&parts, size));
    [false, true].into_iter().any(|turned| {
        let view = View {
            ground,
            level,
            turned,
        };
        find_across(&parts, view, finds)
    })
}

fn find_across(parts: &[Part], view: View<'_>, finds: &mut Finds) -> bool {
    let parts: Vec<Part> = parts
        .iter()
        .map(|part| if view.turned { part.turned() } else { *part })
        .collect();
    let mut glyphs: Vec<Part> = parts
        .iter()
        .filter(|part| is_glyph(part))
        .copied()
        .collect();
    glyphs.sort_unstable_by_key(|part| (part.x0, part.y0, part.x1, part.y1, part.area));
    [Edge::Bottom, Edge::Top].into_iter().any(|edge| {
        let rows = index(&glyphs, view.size().1, edge);
        (0..glyphs.len()).any(|seed| {
            let chain = follow(&glyphs, &rows, seed, edge);
            if finds.hold(turned(hull(&chain), view)) {
                return false;
            }
            let Some(votes) = text_votes(&chain, edge, view) else {
                return false;
            };
            let grain = grain(&chain, view);
            let region = if finds.all {
                swept(&chain, &parts, grain >= GRAINED)
            } else {
                hull(&chain)
            };
            finds.lines.push(Line {
                region: turned(region, view),
                height: mean_height(&chain).ceil() as u32,
                votes,
                grain,
                halvings: 0,
            });
            !finds.all
        })
    })
}

/// A box of a view in the picture's own rows and columns.
fn turned([x0, y0, x1, y1]: [u32; 4], view: View<'_>) -> [u32; 4] {
    if view.turned {
        [y0, x0, y1, x1]
    } else {
        [x0, y0, x1, y1]
    }
}

/// The contrast that four fifths of the ground near a chain do not exceed, in units of its
/// weakest contrast.
fn grain(chain: &[Part], view: View<'_>) -> f32 {
    let weakest = chain.iter().map(|part| part.peak).min().unwrap_or(0);
    let (most, _) = contrast_around(hull(chain), mean_height(chain), view);
    most / f32::from(weakest.max(1))
}

/// The mean height of the glyphs of a line.
pub(super) fn mean_height(chain: &[Part]) -> f32 {
    chain.iter().map(Part::height).sum::<f32>() / chain.len().max(1) as f32
}

fn stands_out(part: &Part, ground: &Ground<'_>) -> bool {
    let (_, least) = ground
        .noise
        .around((part.x0 + part.x1) / 2, (part.y0 + part.y1) / 2);
    part.area >= 2 && f32::from(part.peak) >= STANDS_OUT * (f32::from(least) + 1.0)
}

/// Whether a part may be a glyph: of a size that can be read, drawn in strokes, not filled.
fn is_glyph(part: &Part) -> bool {
    let (width, height) = (part.width(), part.height());
    (HEIGHTS.0..=HEIGHTS.1).contains(&height)
        && (width <= 1.5 * height + 1.0 || is_word(part))
        && part.area >= 4
        && part.stroke() <= 0.30 * height + 0.5
}

/// Whether a part may be several glyphs that touch: each of its rows crosses many strokes.
fn is_word(part: &Part) -> bool {
    let share = part.width() / part.height();
    share <= 16.0 && part.across as f32 / part.height() >= 1.1 * share
}

/// For each few rows, the glyphs whose edge lies there, from left to right.
fn index(glyphs: &[Part], height: u32, edge: Edge) -> Vec<Vec<u32>> {
    let mut rows = vec![Vec::new(); (height / BUCKET + 1) as usize];
    for (place, glyph) in glyphs.iter().enumerate() {
        rows[(edge.of(glyph) / BUCKET) as usize].push(place as u32);
    }
    rows
}

/// The chain of glyphs that begins with `seed` and goes on to the right.
fn follow(glyphs: &[Part], rows: &[Vec<u32>], seed: usize, edge: Edge) -> Vec<Part> {
    let first = glyphs[seed];
    let mut chain = vec![first];
    let mut last = first;
    while let Some(next) = next(glyphs, rows, (&first, &last), edge) {
        last = next;
        chain.push(next);
    }
    chain
}

/// The nearest glyph to the right of the last one whose edge lies on the line and which is like
/// the first and the last. Italics may overlap; a blank may lie between.
fn next(
    glyphs: &[Part],
    rows: &[Vec<u32>],
    (first, last): (&Part, &Part),
    edge: Edge,
) -> Option<Part> {
    let tall = first.height().max(last.height());
    let slack = (0.10 * tall).ceil() as u32;
    let line = edge.of(last);
    let (low, high) = (line.saturating_sub(slack), line + slack);
    let from =
        (last.x1.saturating_sub((0.35 * tall) as u32)).max(last.x0 + 1 + (0.15 * tall) as u32);
    let reach = last.x1 + (1.3 * tall) as u32 + 1;
    let buckets = (low / BUCKET) as usize..=((high / BUCKET) as usize).min(rows.len() - 1);
    let nearest = rows[buckets].iter().filter_map(|row| {
        let start = row.partition_point(|place| glyphs[*place as usize].x0 < from);
        row[start..]
            .iter()
            .take_while(|place| glyphs[**place as usize].x0 <= reach)
            .find(|place| {
                let glyph = &glyphs[**place as usize];
                (low..=high).contains(&edge.of(glyph)) && alike(first, glyph) && alike(last, glyph)
            })
    });
    nearest.min().map(|place| glyphs[*place as usize])
}

/// Whether two parts may be glyphs of one font and colour. Tones are compared, not contrasts,
/// for the ground may change along a line.
fn alike(a: &Part, b: &Part) -> bool {
    let near = |a: f32, b: f32, share: f32| a.min(b) >= share * a.max(b);
    let tones = f32::from(a.tone.abs_diff(b.tone));
    near(a.height(), b.height(), 0.6)
        && tones <= 0.35 * f32::from(a.peak.max(b.peak)) + 3.0
        && near(a.stroke() + 0.3, b.stroke() + 0.3, 0.5)
}

/// The smallest box around all parts.
pub(super) fn hull(parts: &[Part]) -> [u32; 4] {
    parts.iter().fold([u32::MAX, u32::MAX, 0, 0], |hull, part| {
        [
            hull[0].min(part.x0),
            hull[1].min(part.y0),
            hull[2].max(part.x1),
            hull[3].max(part.y1),
        ]
    })
}
