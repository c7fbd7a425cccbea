//! The word before a label's number.

use super::Series;
use super::number::{self, Number, skip_spaces};

/// A label's word and what stands around it.
pub(super) struct Head {
    /// What the word names.
    pub(super) series: Series,
    /// Whether the word is plural or of a language without number.
    pub(super) plural: bool,
    /// The letter that a word before (`Supplementary`) lends to the number.
    pub(super) supplement: Option<char>,
    /// The number, where it stands before the word (`S1 Fig`).
    pub(super) number: Option<Number>,
    /// Where the number begins, or where the label ends when `number` is known.
    pub(super) end: usize,
}

/// English words, lower case, with their series and whether they are plural. A word is tried
/// before its own beginnings.
const WORDS: &[(&str, Series, bool)] = &[
    ("figures", Series::Figure, true),
    ("figure", Series::Figure, false),
    ("figs", Series::Figure, true),
    ("fig", Series::Figure, false),
    ("plates", Series::Plate, true),
    ("plate", Series::Plate, false),
    ("schemes", Series::Scheme, true),
    ("scheme", Series::Scheme, false),
    ("tables", Series::Table, true),
    ("table", Series::Table, false),
    ("tabs", Series::Table, true),
    ("tab", Series::Table, false),
];

/// Words that put a label into another numbering, with the letter for it.
const SUPPLEMENTS: &[(&str, char)] = &[
    ("supplementary", 's'),
    ("supplemental", 's'),
    ("supporting", 's'),
    ("supp", 's'),
    ("suppl", 's'),
    ("online", 's'),
    ("web", 's'),
    ("appendix", 'a'),
    ("extended data", 'e'),
];

/// The label's word at a position; none past the end.
pub(super) fn head(chars: &[char], at: usize) -> Option<Head> {
    let first = chars.get(at)?;
    if at > 0 && chars[at - 1].is_ascii_alphanumeric() && first.is_ascii_alphanumeric() {
        return None;
    }
    numbered_before(chars, at)
        .or_else(|| supplement(chars, at))
        .or_else(|| english(chars, at))
        .or_else(|| chinese(chars, at))
}

fn english(chars: &[char], at: usize) -> Option<Head> {
    let &(word, series, plural) = WORDS.iter().find(|(word, ..)| {
        starts_with(chars, at, word)
            && !chars
                .get(at + word.len())
                .is_some_and(|c| c.is_alphabetic())
    })?;
    let mut end = at + word.len();
    if chars.get(end) == Some(&'.') {
        end += 1;
    }
    let end = skip_spaces(chars, end);
    Some(Head {
        series,
        plural,
        supplement: None,
        number: None,
        end,
    })
}

fn chinese(chars: &[char], at: usize) -> Option<Head> {
    let series = match chars[at] {
        '图' | '圖' => Series::Figure,
        '表' => Series::Table,
        _ => return None,
    };
    // The same characters end other words: 代表2例, 试图, 量表, 企图.
    let before = at.checked_sub(1).map(|at| chars[at]);
    if before.is_some_and(|c| "代发量企试意外仪力地".contains(c)) {
        return None;
    }
    let supplement = before.filter(|c| "附补".contains(*c)).map(|_| 's');
    let end = skip_spaces(chars, at + 1);
    Some(Head {
        series,
        plural: true,
        supplement,
        number: None,
        end,
    })
}

/// `Supplementary Figure 1`, `Extended Data Fig. 2`.
fn supplement(chars: &[char], at: usize) -> Option<Head> {
    let (word, letter) = SUPPLEMENTS.iter().find(|(word, _)| {
        starts_with(chars, at, word)
            && !chars
                .get(at + word.len())
                .is_some_and(|c| c.is_alphabetic())
    })?;
    let mut next = at + word.len();
    if chars.get(next) == Some(&'.') {
        next += 1;
    }
    let head = english(chars, skip_spaces(chars, next))?;
    Some(Head {
        supplement: Some(*letter),
        ..head
    })
}

/// `S1 Fig`, `S2 Table`, as PLOS journals number supplements.
fn numbered_before(chars: &[char], at: usize) -> Option<Head> {
    if chars[at] != 'S' {
        return None;
    }
    let (number, end) = number::read(chars, at, false)?;
    let after = skip_spaces(chars, end);
    let &(word, series, plural) = WORDS.iter().find(|(word, ..)| {
        after > end
            && starts_with(chars, after, word)
            && !chars
                .get(after + word.len())
                .is_some_and(|c| c.is_alphabetic())
    })?;
    let end = after + word.len();
    // `the S1 figure 2` speaks of a vertebra: a number after the word is the label's own.
    let own = number::read(chars, skip_spaces(chars, end), false).is_some();
    (!own).then_some(Head {
        series,
        plural,
        supplement: None,
        number: Some(number),
        end,
    })
}

fn starts_with(chars: &[char], at: usize, word: &str) -> bool {
    let mut rest = chars[at.min(chars.len())..].iter();
    word.chars()
        .all(|w| rest.next().is_some_and(|c| c.to_ascii_lowercase() == w))
}
