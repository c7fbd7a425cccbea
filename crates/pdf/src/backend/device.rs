//! What the interpreter draws, taken down.

use std::collections::BTreeMap;
use std::panic::resume_unwind;

use hayro_interpret::font::{Glyph as DrawnGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect, Shape};
use hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint,
    SoftMask,
};
use hayro_syntax::object::dict::keys::{MASK, SMASK, SMASK_IN_DATA};
use spinemed_core::locator::PageBox;

use super::Extracted;
use super::fonts::FontBook;
use super::render;
use crate::geometry::{Turn, area, height, intersect, width};
use crate::page::{Glyph, GlyphText, Placement, RawPage, Style};
use crate::picture::Picture;
use crate::text;

/// Drawing operations and glyphs allowed on one page. Dense printed pages stay below 30,000
/// glyphs, and the densest maps and plots met so far below half a million paths.
const MAX_OPERATIONS: usize = 3_000_000;
/// Paths kept for finding drawings; more would not change a drawing's box.
const MAX_PATHS: usize = 100_000;
/// A picture over this share of the page hides what was drawn before.
const COVERS: f64 = 0.8;
/// Glyph and placement records kept.
const MAX_RECORDS: usize = 400_000;

/// What unwinds out of the interpreter when the budget is spent. [`resume_unwind`] is used
/// rather than a panic, so that no panic message is printed for what is an input's fault.
pub(super) struct Exhausted;

/// Counts operations down; the interpreter has no other way to be stopped from outside.
#[derive(Default)]
pub(super) struct Budget(usize);

impl Budget {
    fn spend(&mut self, operations: usize) {
        self.0 += operations;
        if self.0 > MAX_OPERATIONS {
            resume_unwind(Box::new(Exhausted));
        }
    }
}

/// Takes down glyphs, placements and path boxes.
pub(super) struct Collector<'b, 'a> {
    page: RawPage,
    fonts: &'b FontBook<'a>,
    clips: Vec<PageBox>,
    budget: Budget,
    images: usize,
    last_run: (usize, (f64, f64)),
    /// Open transparency groups.
    groups: usize,
}

impl<'b, 'a> Collector<'b, 'a> {
    pub(super) fn new(size: (f64, f64), fonts: &'b FontBook<'a>) -> Self {
        Self {
            page: RawPage {
                size,
                ..RawPage::default()
            },
            fonts,
            clips: vec![[0.0, 0.0, size.0, size.1]],
            budget: Budget::default(),
            images: 0,
            last_run: (0, (f64::NAN, f64::NAN)),
            groups: 0,
        }
    }

    pub(super) fn finish(self) -> RawPage {
        self.page
    }

    fn clip(&self) -> PageBox {
        *self
            .clips
            .last()
            .expect("the page's own box is never popped")
    }

    fn path(&mut self, bbox: Rect, props: &DrawProps<'_>, mode: &DrawMode) {
        self.budget.spend(1);
        if self.page.paths.len() >= MAX_PATHS {
            return;
        }
        let pen = match mode {
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => {
                f64::from(stroke.line_width) / 2.0
            }
            DrawMode::Fill(_) | DrawMode::Invisible => 0.0,
        };
        let drawn = props.transform.transform_rect_bbox(bbox.inflate(pen, pen));
        let seen = intersect(to_box(drawn), self.clip());
        let visible =
            width(seen) >= 0.0 && height(seen) >= 0.0 && seen.iter().all(|v| v.is_finite());
        // Last, since colours of print may go through a colour profile.
        if visible && !is_white(&props.paint) {
            self.page.paths.push(seen);
        }
    }

    /// Whether a picture hides what is under it. Watermarks and colour layers do not.
    fn is_opaque(&self, image: &Image<'_, '_>, props: &ImageDrawProps<'_>) -> bool {
        let Image::Raster(raster) = image else {
            return false;
        };
        let dict = raster.stream().dict();
        let masked = [SMASK, MASK, SMASK_IN_DATA]
            .iter()
            .any(|key| dict.contains_key(key));
        let plain = matches!(props.blend_mode, BlendMode::Normal) && props.soft_mask.is_none();
        self.groups == 0 && plain && !masked
    }

    fn glyph(&mut self, glyph: &DrawnGlyph<'_>, place: Affine, style: Style, unseen: bool) {
        let origin = place * Point::ZERO;
        let up = place * Point::new(0.0, 1000.0) - origin;
        let along = place * Point::new(1000.0, 0.0) - origin;
        let mut size = up.hypot();
        let units = match glyph {
            DrawnGlyph::Outline(g) => g.advance_width().unwrap_or(500.0),
            DrawnGlyph::Type3(g) => g.advance_width().unwrap_or(500.0),
        };
        let advance = f64::from(units) / 1000.0 * along.hypot();
        // A Type 3 font has a scale of its own, so that the nominal size may be any number;
        // a glyph is about half as wide as its font is high.
        if matches!(glyph, DrawnGlyph::Type3(_)) && (advance > 2.0 * size || advance < 0.1 * size) {
            size = 2.0 * advance;
        }
        let clip = self.clip();
        let visible = clip[0] - 2.0 <= origin.x
            && origin.x <= clip[2] + 2.0
            && clip[1] - 2.0 <= origin.y
            && origin.y <= clip[3] + size;
        let sane = size.is_finite() && size > 0.5 && size < 2000.0 && advance.is_finite();
        let Some(turn) = Turn::of_direction(along.x, along.y).filter(|_| visible && sane) else {
            return;
        };
        let text = self.text_of(glyph);
        if unseen {
            self.page.hidden.push(self.page.glyphs.len());
        }
        self.page.glyphs.push(Glyph {
            text,
            origin: (origin.x, origin.y),
            advance,
            size,
            turn,
            style,
        });
    }

    fn text_of(&mut self, glyph: &DrawnGlyph<'_>) -> GlyphText {
        match glyph.as_unicode() {
            Some(BfString::Char(c)) if c.is_ascii_graphic() => GlyphText::Char(c),
            Some(known) => {
                let mut folded = String::new();
                match known {
                    BfString::Char(c) => text::push_folded(c, &mut folded),
                    BfString::String(s) => {
                        s.chars().for_each(|c| text::push_folded(c, &mut folded))
                    }
                }
                GlyphText::Str(folded.into())
            }
            None => {
                self.page.unmapped += 1;
                GlyphText::Char(char::REPLACEMENT_CHARACTER)
            }
        }
    }
}

impl<'a> Device<'a> for Collector<'_, 'a> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.path(path.control_box(), &props, mode);
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        self.path(*rect, &props, mode);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.push_clip_rect(&clip.path.bounding_box());
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.budget.spend(1);
        let inner = intersect(self.clip(), to_box(*rect));
        self.clips.push(inner);
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.budget.spend(1);
        self.groups += 1;
    }

    fn pop_transparency_group(&mut self) {
        self.groups = self.groups.saturating_sub(1);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let glyphs = run.glyphs();
        self.budget.spend(glyphs.len());
        let Some(first) = glyphs.first() else { return };
        if self.page.glyphs.len() + glyphs.len() > MAX_RECORDS {
            return;
        }
        // Text filled and then stroked, or set twice with a small shift for a heavier look,
        // is read once.
        let start = props.transform * first.transform() * Point::ZERO;
        let (count, before) = self.last_run;
        if count == glyphs.len() && (start.x - before.0).hypot(start.y - before.1) < 0.6 {
            return;
        }
        self.last_run = (glyphs.len(), (start.x, start.y));
        let style = self.fonts.style(first);
        let unseen = matches!(mode, DrawMode::Invisible);
        for glyph in glyphs {
            self.glyph(glyph, props.transform * glyph.transform(), style, unseen);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.budget.spend(1);
        let index = self.images;
        self.images += 1;
        let pixels = (image.width(), image.height());
        let whole = Rect::new(0.0, 0.0, f64::from(pixels.0), f64::from(pixels.1));
        let drawn = to_box(props.transform.transform_rect_bbox(whole));
        let seen = intersect(drawn, self.clip());
        if area(seen) <= 0.0 || self.page.placements.len() >= MAX_RECORDS {
            return;
        }
        let page = self.page.size.0 * self.page.size.1;
        if area(seen) > COVERS * page && self.is_opaque(&image, &props) {
            self.page.hidden = (0..self.page.glyphs.len()).collect();
        }
        let [a, b, c, d, _, _] = props.transform.as_coeffs();
        let upright = a > 0.0 && d > 0.0 && b.abs() < 1e-3 * a && c.abs() < 1e-3 * d;
        let whole_shown = area(seen) >= 0.99 * area(drawn);
        self.page.placements.push(Placement {
            index,
            bbox: seen,
            pixels,
            object: image.cache_key(),
            as_stored: upright && whole_shown && matches!(image, Image::Raster(_)),
        });
    }
}

/// Takes the bytes of some of the pictures.
pub(super) struct Extractor {
    wanted: BTreeMap<usize, Option<Result<Picture, String>>>,
    images: usize,
    budget: Budget,
}

impl Extractor {
    pub(super) fn new(wanted: &[usize]) -> Self {
        let wanted = wanted.iter().map(|&index| (index, None)).collect();
        Self {
            wanted,
            images: 0,
            budget: Budget::default(),
        }
    }

    pub(super) fn finish(self) -> Vec<Extracted> {
        let missing = || Err("the picture is not drawn".to_owned());
        self.wanted
            .into_iter()
            .map(|(i, found)| (i, found.unwrap_or_else(missing)))
            .collect()
    }
}

impl<'a> Device<'a> for Extractor {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.budget.spend(1);
    }

    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {
        self.budget.spend(1);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn pop_clip(&mut self) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_transparency_group(&mut self) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        self.budget.spend(run.glyphs().len());
    }

    fn draw_image(&mut self, image: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.budget.spend(1);
        if let Some(slot) = self.wanted.get_mut(&self.images) {
            *slot = Some(match &image {
                Image::Raster(raster) => render::stored(raster),
                Image::Stencil(_) => Err("a stencil has no picture of its own".to_owned()),
            });
        }
        self.images += 1;
    }
}

fn to_box(rect: Rect) -> PageBox {
    [rect.x0, rect.y0, rect.x1, rect.y1]
}

/// White paint hides; it does not draw.
fn is_white(paint: &Paint<'_>) -> bool {
    match paint {
        Paint::Color(color) => {
            let [r, g, b, a] = color.to_rgba().to_rgba8();
            a < 8 || (r > 250 && g > 250 && b > 250)
        }
        Paint::Pattern(_) => false,
    }
}
