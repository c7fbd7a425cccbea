//! What the backend hands up: one page as glyphs, placements of pictures and boxes of paths.

use spinemed_core::locator::PageBox;

use crate::geometry::Turn;

/// A drawn character, or several where a font maps one glyph to more.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glyph {
    /// Unicode text, folded; U+FFFD where the font does not say.
    pub text: GlyphText,
    /// Where it stands on the baseline.
    pub origin: (f64, f64),
    /// The advance along the direction of writing, in points.
    pub advance: f64,
    /// The font size as drawn, in points.
    pub size: f64,
    /// The direction of writing.
    pub turn: Turn,
    /// Weight and slant.
    pub style: Style,
}

/// A glyph's text; single characters, nearly all, need no allocation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum GlyphText {
    /// One character.
    Char(char),
    /// Several.
    Str(Box<str>),
}

/// What a font's name and descriptor say of its looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Style {
    /// Semibold or heavier.
    pub bold: bool,
    /// Italic or oblique.
    pub italic: bool,
    /// A number for the font within its file, from 1; 0 where it is unknown or mixed. Some
    /// producers hide weight from names and descriptors alike, so that headings are told by
    /// a font of their own.
    pub font: u16,
}

/// A picture placed on a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placement {
    /// Its number in the order of drawing, by which the backend finds it again.
    pub index: usize,
    /// Where it is, clipped to what is visible.
    pub bbox: PageBox,
    /// Width and height in pixels, as the dictionary says.
    pub pixels: (u32, u32),
    /// Equal for the same object drawn again.
    pub object: u128,
    /// Whether the picture as stored is the picture as shown: upright, not mirrored, not
    /// clipped by more than a hundredth of its area, no stencil.
    pub as_stored: bool,
}

/// A page as drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct RawPage {
    /// Width and height as shown, in points.
    pub size: (f64, f64),
    /// In drawing order.
    pub glyphs: Vec<Glyph>,
    /// In drawing order.
    pub placements: Vec<Placement>,
    /// Visible parts of filled and stroked paths.
    pub paths: Vec<PageBox>,
    /// Glyphs whose character is unknown.
    pub unmapped: usize,
    /// Glyphs that are not seen, by number, in order: drawn invisibly (ISO 32000-1, 9.3.6,
    /// mode 3), or under an opaque picture of the page.
    pub hidden: Vec<usize>,
}
