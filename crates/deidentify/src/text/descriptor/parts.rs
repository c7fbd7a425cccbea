//! A description in parts: words, numbers, and pieces of Han writing.

use std::ops::Range;

use super::vocabulary;
use crate::text::page::{Page, is_han, is_word};

/// What a part is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word of the vocabulary or of technique.
    Word,
    /// A word that stays between others.
    Link,
    /// One letter, or one Han character: it stays beside a word and never beside what went.
    Letter,
    /// Digits: they stay as a part of technique.
    Number,
    /// It goes: class and rule.
    Gone(&'static str, &'static str),
}

/// A part with its place in characters.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
    /// Its plain text in lower case.
    pub(super) lower: String,
}

impl Part {
    fn new(page: &Page, range: Range<usize>) -> Self {
        let lower = page.slice(range.clone()).to_lowercase();
        let kind = vocabulary::kind(page.slice(range.clone()), &lower);
        Self { range, kind, lower }
    }

    pub(super) fn kept(&self) -> bool {
        !matches!(self.kind, Kind::Gone(..))
    }

    /// Whether it says something when nothing else stays.
    pub(super) fn tells(&self) -> bool {
        self.kind == Kind::Word
    }

    pub(super) fn drop_as(&mut self, class: &'static str, rule: &'static str) {
        self.kind = Kind::Gone(class, rule);
    }

    pub(super) fn drop_for_length(&mut self) {
        self.drop_as("other", "descriptor-length");
    }

    /// The class and rule of a part that went.
    pub(super) fn reason(&self) -> (&'static str, &'static str) {
        match self.kind {
            Kind::Gone(class, rule) => (class, rule),
            _ => ("other", "descriptor-mark"),
        }
    }
}

/// The parts of a description, from left to right.
pub(super) fn parts(page: &Page) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < page.plain.len() {
        let c = page.plain[at];
        let end = if is_han(c) {
            han(page, at)
        } else if is_word(c) {
            word(page, at)
        } else {
            at += 1;
            continue;
        };
        parts.push(Part::new(page, at..end));
        at = end;
    }
    parts
}

/// Letters and digits; full stops within numbers and within abbreviations such as `a.p.`.
fn word(page: &Page, start: usize) -> usize {
    let short = page.right(start, 3).to_lowercase();
    if short == "w/o" && !page.at(start + 3).is_some_and(is_word) {
        return start + 3;
    }
    let dotted = dotted(page, start);
    if dotted > start {
        return dotted;
    }
    let digit = |place: usize| page.at(place).is_some_and(|c| c.is_ascii_digit());
    let mut end = start;
    while let Some(c) = page.at(end) {
        let point = c == '.' && end > start && digit(end - 1) && digit(end + 1);
        if !(is_word(c) || point) {
            break;
        }
        end += 1;
    }
    let percent = page.at(end) == Some('%') && digit(end - 1);
    end + usize::from(percent)
}

/// The end of single letters with full stops, two letters at least.
fn dotted(page: &Page, start: usize) -> usize {
    let mut end = start;
    let letter = |place: usize| page.at(place).is_some_and(char::is_alphabetic);
    while letter(end) && page.at(end + 1) == Some('.') {
        end += 2;
    }
    let word = page.at(end).is_some_and(is_word);
    if end >= start + 4 && !word {
        end
    } else {
        start
    }
}

/// The longest word of the Han vocabulary that begins here, or characters up to the next one.
fn han(page: &Page, start: usize) -> usize {
    let longest = |at: usize| {
        let words = (1..=vocabulary::LONGEST_HAN).rev();
        words
            .map(|many| at..at + many)
            .find(|range| vocabulary::is_han_word(page.slice(range.clone())))
    };
    if let Some(range) = longest(start) {
        return range.end.min(page.plain.len());
    }
    let mut end = start + 1;
    while page.at(end).is_some_and(is_han) && longest(end).is_none() {
        end += 1;
    }
    end
}
