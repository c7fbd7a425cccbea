//! Rules that are regular expressions. The engine takes linear time and never looks back.

use std::ops::Range;

use regex::{Captures, Regex};

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
