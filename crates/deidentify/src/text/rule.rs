//! Rules that are regular expressions. The engine takes linear time and never looks back.

use std::ops::Range;

use regex::{Captures, Regex, RegexBuilder};

use super::page::Page;

/// One match of a rule.
pub(crate) struct Found<'t> {
    /// Characters of the whole match.
    pub(crate) range: Range<usize>,
    /// Its groups; their offsets count bytes of the page's text.
    pub(crate) groups: Captures<'t>,
}

impl Found<'_> {
    /// Characters of a group.
    pub(crate) fn group(&self, page: &Page, name: &str) -> Option<Range<usize>> {
        let group = self.groups.name(name)?;
        Some(page.chars_of(group.range()))
    }

    /// Text of a group; empty when it took no part.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.groups.name(name).map_or("", |group| group.as_str())
    }
}

/// All matches, from left to right.
pub(crate) fn find<'t>(page: &'t Page, pattern: &'t Regex) -> impl Iterator<Item = Found<'t>> {
    pattern.captures_iter(&page.text).map(|groups| {
        let whole = groups.get_match();
        Found {
            range: page.chars_of(whole.range()),
            groups,
        }
    })
}

/// Compiles a constant pattern. Borders, digits and letters are narrowed to what texts hold, so
/// that counted repetitions stay small; Han characters are no letters at a border.
pub(super) fn compile(pattern: &str) -> Regex {
    let mut narrow = pattern.to_owned();
    for (wide, with) in [
        (r"\b", r"(?-u:\b)"),
        (r"\d", "[0-9]"),
        (r"\w", "[A-Za-z0-9_]"),
        (r"\p{Han}", r"[\x{3400}-\x{9fff}]"),
        (r"\p{Latin}", r"[A-Za-z\x{c0}-\x{24f}]"),
        (r"\p{Lu}", r"[A-Z\x{c0}-\x{de}]"),
        (r"\p{L}", r"[A-Za-z\x{c0}-\x{24f}]"),
    ] {
        narrow = narrow.replace(wide, with);
    }
    let built = RegexBuilder::new(&narrow).size_limit(1 << 26).build();
    built.expect("the patterns are constant and tested")
}
