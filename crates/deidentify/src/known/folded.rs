//! Texts by their letters and digits alone, and how an identifier is met in them.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::Run;
use crate::text::page::{Page, is_han, is_mark, is_word};

pub(super) fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// German spellings without umlauts.
pub(super) fn umlauts(text: &str) -> String {
    let mut plain = text.to_lowercase();
    for (umlaut, pair) in [
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("å", "aa"),
        ("ø", "oe"),
    ] {
        plain = plain.replace(umlaut, pair);
    }
    plain
}

/// Letters and digits alone, lower case, without accents.
pub(super) fn fold(text: &str) -> Vec<char> {
    text.chars().flat_map(fold_char).collect()
}

fn fold_char(c: char) -> impl Iterator<Item = char> {
    std::iter::once(c)
        .nfkd()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() && !is_mark(*c))
        .map(|c| match c {
            'ø' => 'o',
            'ł' => 'l',
            'đ' | 'ð' => 'd',
            'ı' => 'i',
            'ß' => 's',
            other => other,
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// The letters and digits of a page with their places.
pub(super) struct Folded {
    pub letters: Vec<(char, usize)>,
}

/// More marks than this between two letters part two identifiers.
const GAP: usize = 3;

impl Folded {
    pub fn new(page: &Page) -> Self {
        let letters = page.chars.iter().enumerate();
        let letters = letters.flat_map(|(at, c)| fold_char(*c).map(move |c| (c, at)));
        Self {
            letters: letters.collect(),
        }
    }

    pub fn matches(&self, at: usize, run: &Run, page: &Page) -> Option<Range<usize>> {
        let here = self.letters.get(at..at + run.text.len())?;
        let same = here.iter().zip(&run.text).all(|((a, _), b)| a == b);
        if !same || !here.windows(2).all(|two| joins(page, two[0], two[1], run)) {
            return None;
        }
        let (start, end) = (here.first()?.1, here.last()?.1 + 1);
        if run.capital && !page.chars[start].is_uppercase() {
            return None;
        }
        borders(page, start..end, run)
    }
}

/// Whether two letters of an identifier may follow each other like this.
fn joins(page: &Page, first: (char, usize), second: (char, usize), run: &Run) -> bool {
    let gap = page.slice(first.1 + 1..second.1.max(first.1 + 1));
    if gap.is_empty() {
        return true;
    }
    let marks = gap
        .chars()
        .all(|c| is_mark(c) || (!c.is_alphanumeric() && !"!?;[]。".contains(c)));
    let han = is_han(first.0) && is_han(second.0);
    let spaces = gap
        .chars()
        .all(|c| c.is_whitespace() || is_mark(c) || c == '·');
    // Numbers of a few digits would be found across lists of other numbers.
    let short = run.text.len() < 5 && run.class != "name";
    gap.chars().count() <= GAP && marks && !short && (!han || spaces)
}

/// Latin identifiers begin and end with words; identifiers of digits take the whole word along.
fn borders(page: &Page, range: Range<usize>, run: &Run) -> Option<Range<usize>> {
    let word = |place: Option<char>| place.is_some_and(is_word);
    let (mut start, mut end) = (range.start, range.end);
    let digit = |place: Option<char>| place.is_some_and(|c| c.is_ascii_digit());
    let zeros = run.text.first() != Some(&'0');
    let loose = matches!(run.class, "id" | "phone" | "date") && run.text.len() >= 5;
    if page.at(start).is_some_and(is_word) {
        while zeros && run.class == "id" && page.before(start) == Some('0') {
            start -= 1;
        }
        let inside = if loose {
            digit(page.before(start))
        } else {
            word(page.before(start))
        };
        if inside && run.class != "phone" {
            return None;
        }
        while word(page.before(start)) {
            start -= 1;
        }
    }
    if page.before(end).is_some_and(is_word) {
        let inside = if loose {
            digit(page.at(end))
        } else {
            word(page.at(end))
        };
        let mark = page.at(end).is_some_and(is_mark);
        if inside && !mark {
            return None;
        }
        while word(page.at(end)) {
            end += 1;
        }
    }
    Some(start..end)
}
