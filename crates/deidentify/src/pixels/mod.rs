//! Whether text may be burned into a picture (invariant I5: private until proven clean).
//!
//! Nothing here reads text. [`header`] refuses what a DICOM header already forbids, [`prove`]
//! looks for lines of glyph-like strokes in the 8-bit picture that would leave. A picture must
//! pass both; in doubt it is refused, and the text of the case goes on without it.
//!
//! # How glyphs are found
//! 1. *Contrast.* The white top-hat keeps what is brighter than its surroundings and narrower
//!    than 7 pixels; the negative is searched in the same way for dark text. Two halvings
//!    of the picture bring glyphs of up to 80 pixels down to that stroke width, and average
//!    noise away. A global threshold would miss text on ground of changing brightness.
//! 2. *Noise.* Contrast that most pixels of a 16 by 16 tile have is the ground's own, and is
//!    dropped. Strokes cover less than half of the ground, so text does not hide itself.
//! 3. *Parts.* Connected sets of pixels at eleven levels of contrast, in one union-find pass:
//!    every glyph stands alone at some level, also one that touches anatomy at another. The
//!    idea is that of maximally stable extremal regions (Matas et al., BMVC 2002).
//! 4. *Characters.* Parts of the size of a glyph that are drawn in strokes (area against
//!    number of runs), strokes above each other put together (Chinese characters), and broad
//!    parts that cross many strokes (letters that touch).
//! 5. *Lines.* Chains whose lower or upper edges lie on a line and whose heights, stroke
//!    widths and tones agree, from left to right or from top to bottom.
//! 6. *Judgement.* A chain is text if it stands out of the noise, if little is lit above and
//!    below, if its ink is sharp and of one tone, and if it is regular enough for its length.
//!    A single part, as a marker letter L or R, is no line and passes.
//!
//! # What it finds and what it costs
//! The floor that the tests assert: capitals of 7 pixels (12 in a line of three letters), 24
//! grey values and 10 times the noise off the ground; on perfectly still ground 3 grey values.
//! The tests ask whether a picture is refused, not whether the box lies on the text, so a chance
//! line elsewhere hides a miss. In 996 held-out drawings (outline fonts, from 16 grey values and
//! 8 times the noise) 3 passed; in 41 more the first box, the only one known, lay elsewhere. The
//! price is high: noise and spongy bone form chance lines, so about a third of made slices and
//! more than half of the full-size real ones at hand are refused.
//!
//! Not found: smaller and fainter text, text at angles other than near 0, 90, 180 or 270
//! degrees, single characters, and text that melts into structures as bright as itself.

mod hat;
mod header;
mod judgement;
mod lines;
mod measures;
mod noise;
mod parts;
mod shape;
mod stacks;
mod surroundings;
mod suspicion;
mod votes;

pub use header::header;
pub use suspicion::Suspicion;

use hat::Plane;

/// How often the picture is halved: glyphs of 80 pixels become 20 pixels high.
const HALVINGS: u32 = 2;
/// The longest side that is looked at, in pixels; larger pictures are refused.
const MAX_SIDE: u32 = 16_384;

/// An 8-bit grey picture, row by row from the top left.
#[derive(Clone, Copy)]
pub struct Grey<'a> {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `width * height` grey values.
    pub pixels: &'a [u8],
}

/// Looks for burned-in text in a picture, in both polarities, at three scales, along rows and
/// columns. Deterministic; time and memory grow with the number of pixels.
///
/// # Errors
/// [`Suspicion::Text`] with the box of the first line found, and [`Suspicion::Size`] for a
/// picture whose pixels are not `width * height` or with a side of more than 16,384 pixels.
/// A picture without pixels holds no text and passes.
pub fn prove(picture: &Grey<'_>) -> Result<(), Suspicion> {
    let size = u64::from(picture.width) * u64::from(picture.height);
    if size != picture.pixels.len() as u64 || picture.width.max(picture.height) > MAX_SIDE {
        return Err(Suspicion::Size);
    }
    let mut plane = Plane {
        width: picture.width as usize,
        height: picture.height as usize,
        pixels: picture.pixels.to_vec(),
    };
    for halving in 0..=HALVINGS {
        if let Some(region) = line(&plane).or_else(|| line(&plane.inverted())) {
            let scale = |edge: u32, end: u32| ((edge << halving) + (1 << halving) - 1).min(end);
            let [x0, y0, x1, y1] = region;
            return Err(Suspicion::Text {
                region: [
                    x0 << halving,
                    y0 << halving,
                    scale(x1, picture.width),
                    scale(y1, picture.height),
                ],
            });
        }
        plane = plane.halved();
    }
    Ok(())
}

/// The box of the first bright line at this scale.
fn line(plane: &Plane) -> Option<[u32; 4]> {
    let raw = hat::hat(plane);
    let mut contrast = raw.clone();
    let noise = noise::gate(&mut contrast, plane.width);
    let ground = lines::Ground {
        plane,
        contrast: &contrast,
        raw: &raw,
        noise: &noise,
    };
    parts::grow(&contrast, plane, |level, parts| {
        lines::find(parts, level, &ground)
    })
}
