//! Weight and slant of fonts, which the interpreter gives for composite fonts alone.
//!
//! For simple fonts each dictionary met in the resources is loaded once more here and the
//! identities of its 256 glyphs are remembered, so that a drawn glyph leads back to its
//! dictionary.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use hayro_font::{FontCache, FontGlyph};
use hayro_interpret::InterpreterSettings;
use hayro_interpret::font::Glyph;
use hayro_syntax::object::dict::keys::{
    BASE_FONT, FLAGS, FONT_DESC, FONT_WEIGHT, ITALIC_ANGLE, RESOURCES, STEM_V, SUBTYPE,
};
use hayro_syntax::object::{Dict, Name, Stream};
use hayro_syntax::page::Resources;

use crate::page::Style;

/// Forms nest; deeper than this nobody draws text.
const MAX_DEPTH: usize = 4;

/// The stem width (1/1000 em) from which a font is bold: Times is 84 and 139, Helvetica 88
/// and 140 in Adobe's font metrics.
const BOLD_STEM: f32 = 125.0;

/// Styles by glyph.
pub(super) struct FontBook<'a> {
    cache: FontCache<'a>,
    settings: InterpreterSettings,
    seen: BTreeSet<(u32, i32)>,
    styles: BTreeMap<u128, Style>,
    /// Numbers of fonts by name.
    numbers: RefCell<BTreeMap<String, u16>>,
    /// Styles of composite fonts by the digest of their program.
    composite: RefCell<BTreeMap<u128, Style>>,
}

impl<'a> FontBook<'a> {
    pub(super) fn new(settings: &InterpreterSettings) -> Self {
        Self {
            cache: FontCache::new(),
            settings: settings.clone(),
            seen: BTreeSet::new(),
            styles: BTreeMap::new(),
            numbers: RefCell::default(),
            composite: RefCell::default(),
        }
    }

    /// Takes in the fonts of a page and of the forms that it draws.
    pub(super) fn read(&mut self, resources: &Resources<'a>) {
        self.read_nested(resources, 0);
    }

    fn read_nested(&mut self, resources: &Resources<'a>, depth: usize) {
        for name in resources.fonts.keys() {
            if self.first_time(&resources.fonts, &name)
                && let Some(dict) = resources.fonts.get::<Dict<'a>>(name.as_ref())
            {
                self.read_font(&dict);
            }
        }
        if depth == MAX_DEPTH {
            return;
        }
        for name in resources.x_objects.keys() {
            if self.first_time(&resources.x_objects, &name)
                && let Some(form) = resources.x_objects.get::<Stream<'a>>(name.as_ref())
                && let Some(nested) = form.dict().get::<Dict<'a>>(RESOURCES)
            {
                self.read_nested(&Resources::new(nested), depth + 1);
            }
        }
    }

    /// Whether an entry is met for the first time. Direct objects have no number and are read
    /// again; they are rare.
    fn first_time(&mut self, parent: &Dict<'a>, name: &Name<'_>) -> bool {
        parent
            .get_ref(name.as_ref())
            .is_none_or(|r| self.seen.insert((r.obj_number, r.gen_number)))
    }

    fn read_font(&mut self, dict: &Dict<'a>) {
        let simple = dict
            .get::<Name<'_>>(SUBTYPE)
            .is_some_and(|kind| matches!(kind.as_ref(), b"Type1" | b"MMType1" | b"TrueType"));
        if !simple {
            return;
        }
        let mut style = style_of(dict);
        style.font = self.number(dict.get::<Name<'_>>(BASE_FONT).as_ref().map(Name::as_str));
        let settings = &self.settings;
        let Some(font) = self
            .cache
            .font(dict, &settings.font_resolver, &settings.cmap_resolver)
        else {
            return;
        };
        for code in 0..256 {
            if let FontGlyph::Outline(glyph) = font.glyph(font.map_code(code), code) {
                self.styles.insert(glyph.identifier().cache_key(), style);
            }
        }
    }

    /// The style of a drawn glyph; regular where nothing is known.
    pub(super) fn style(&self, glyph: &Glyph<'_>) -> Style {
        let Glyph::Outline(glyph) = glyph else {
            return Style::default();
        };
        if let Some(style) = self.styles.get(&glyph.identifier().cache_key()) {
            return *style;
        }
        let Some(data) = glyph.font_data() else {
            return Style::default();
        };
        if let Some(style) = self.composite.borrow().get(&data.cache_key) {
            return *style;
        }
        let name = data.postscript_name.as_deref();
        let named = name.map_or_else(Style::default, style_of_name);
        let style = Style {
            bold: named.bold || data.weight.is_some_and(|w| w >= 600),
            italic: named.italic || data.is_italic,
            font: self.number(name),
        };
        self.composite.borrow_mut().insert(data.cache_key, style);
        style
    }

    /// The number of a font. Subset tags before `+` and the parts after it that producers
    /// split a font's characters into are not the font's own name.
    fn number(&self, name: Option<&str>) -> u16 {
        let Some(name) = name else { return 0 };
        let mut numbers = self.numbers.borrow_mut();
        let next = u16::try_from(numbers.len() + 1).unwrap_or(0);
        *numbers.entry(own_name(name).to_owned()).or_insert(next)
    }
}

fn own_name(name: &str) -> &str {
    let mut parts = name.split('+');
    match (parts.next(), parts.next()) {
        (Some(tag), Some(rest)) if tag.len() == 6 => rest,
        (Some(first), _) => first,
        (None, _) => name,
    }
}

fn style_of(dict: &Dict<'_>) -> Style {
    let name = dict.get::<Name<'_>>(BASE_FONT);
    let mut style = name.map_or_else(Style::default, |n| style_of_name(n.as_str()));
    if let Some(descriptor) = dict.get::<Dict<'_>>(FONT_DESC) {
        // ISO 32000-1, table 123: bit 7 is italic, bit 19 forces bold.
        let flags = descriptor.get::<u32>(FLAGS).unwrap_or(0);
        style.bold |= flags & (1 << 18) != 0
            || descriptor.get::<u32>(FONT_WEIGHT).is_some_and(|w| w >= 600)
            || descriptor
                .get::<f32>(STEM_V)
                .is_some_and(|w| w >= BOLD_STEM);
        style.italic |= flags & (1 << 6) != 0
            || descriptor
                .get::<f32>(ITALIC_ANGLE)
                .is_some_and(|angle| angle != 0.0);
    }
    style
}

/// Reads a PostScript name: `Helvetica-Bold`, `TimesNewRomanPS-BoldItalicMT`, `CMBX10`,
/// `AdvOTd67905e7.BI`.
fn style_of_name(name: &str) -> Style {
    let name = own_name(name);
    let lower = name.to_ascii_lowercase();
    let suffix = name
        .rsplit(['-', '.', ','])
        .next()
        .filter(|s| s.len() < name.len())
        .unwrap_or("");
    let any = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    Style {
        bold: any(&["bold", "black", "heavy", "semibold", "demi", "cmbx", "medi"])
            && !lower.contains("medium")
            || matches!(suffix, "B" | "BI" | "Bd" | "BdIt" | "Sb"),
        italic: any(&["italic", "oblique", "cmti", "slanted"])
            || matches!(suffix, "I" | "BI" | "It" | "BdIt" | "LtIt" | "MdIt"),
        font: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_weight_and_slant() {
        let check = |name: &str, bold: bool, italic: bool| {
            assert_eq!(
                style_of_name(name),
                Style {
                    bold,
                    italic,
                    font: 0
                },
                "{name}"
            );
        };
        check("ABCDEF+Helvetica-Bold", true, false);
        check("TimesNewRomanPS-BoldItalicMT", true, true);
        check("Times-Roman", false, false);
        check("ABCDEF+AdvOTd67905e7.BI+fb", true, true);
        check("AdvOTb92eb7df.I", false, true);
        check("CMBX10", true, false);
        check("NimbusRomNo9L-Medi", true, false);
        check("Roboto-Medium", false, false);
    }
}
