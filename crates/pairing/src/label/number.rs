//! The number of a label.

use std::fmt;

/// `2`, `3.2`, `S1`, `A.1`: an optional letter, then numbers from the outside in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    /// `s` for a supplement, `a` for an appendix; lower case.
    prefix: Option<char>,
    /// `[3, 2]` for `3.2`. Never empty.
    parts: Vec<u32>,
}

impl Number {
    /// Marks the number as one of a supplement (or appendix) when the word before said so.
    pub(super) fn supplement(&mut self, prefix: Option<char>) {
        if self.prefix.is_none() {
            self.prefix = prefix;
        }
    }

    /// The numbers from this to the last, both included; `None` where the two do not count
    /// in one row or the row is too long to be meant.
    pub(super) fn to(&self, last: &Self) -> Option<Vec<Self>> {
        let (low, head) = self.parts.split_last()?;
        let (high, other) = last.parts.split_last()?;
        // `S1–3`: the last number may leave the letter out.
        let same_row = head == other && (last.prefix == self.prefix || last.prefix.is_none());
        if !same_row || high <= low || high - low > 50 {
            return None;
        }
        let row = (*low..=*high).map(|part| {
            let mut parts = head.to_vec();
            parts.push(part);
            Self {
                prefix: self.prefix,
                parts,
            }
        });
        Some(row.collect())
    }

    /// The innermost part: 2 for `3.2`.
    pub(crate) fn last(&self) -> u32 {
        self.parts.last().copied().unwrap_or(0)
    }

    /// Whether a letter puts it into another row: `S1`, `A.1`.
    pub(crate) fn is_supplement(&self) -> bool {
        self.prefix.is_some()
    }

    /// How many parts it has: 2 for `3.2`.
    pub(super) fn depth(&self) -> usize {
        self.parts.len()
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(prefix) = self.prefix {
            write!(f, "{prefix}")?;
        }
        let parts: Vec<String> = self.parts.iter().map(u32::to_string).collect();
        write!(f, "{}", parts.join("."))
    }
}

/// Reads a number at a position: the number and where it ends. `compound` says that a hyphen
/// between digits joins the parts of one number (`3-2`) rather than the ends of a range.
pub(super) fn read(chars: &[char], at: usize, compound: bool) -> Option<(Number, usize)> {
    roman(chars, at).or_else(|| arabic(chars, at, compound))
}

fn arabic(chars: &[char], at: usize, compound: bool) -> Option<(Number, usize)> {
    let mut end = at;
    let mut prefix = None;
    if let Some(letter) = chars.get(end).filter(|c| c.is_ascii_uppercase()) {
        let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
        let dotted = matches!(chars.get(end + 1), Some('.' | '-')) && digit(end + 2);
        if !digit(end + 1) && !dotted {
            return None;
        }
        prefix = Some(letter.to_ascii_lowercase());
        end += if dotted { 2 } else { 1 };
    }
    let (first, mut end) = digits(chars, end)?;
    let mut parts = vec![first];
    while let Some(sign) = chars.get(end) {
        let joins = *sign == '.' || (compound && matches!(sign, '-' | '‑' | '\u{2010}'));
        match digits(chars, end + 1) {
            Some((part, next)) if joins && parts.len() < 3 => {
                parts.push(part);
                end = next;
            }
            _ => break,
        }
    }
    // `2nd`, `3D-CT`: no label. One letter may be a panel.
    let letter = |at: usize| chars.get(at).is_some_and(char::is_ascii_alphabetic);
    if letter(end) && letter(end + 1) {
        return None;
    }
    Some((Number { prefix, parts }, end))
}

/// One to three digits that make a number above zero: labels do not reach a thousand, years do.
fn digits(chars: &[char], at: usize) -> Option<(u32, usize)> {
    let run = chars
        .get(at..)?
        .iter()
        .take_while(|c| c.is_ascii_digit())
        .count();
    if run == 0 || run > 3 {
        return None;
    }
    let value = chars[at..at + run]
        .iter()
        .filter_map(|c| c.to_digit(10))
        .fold(0, |v, d| v * 10 + d);
    (value > 0).then_some((value, at + run))
}

/// Upper-case Roman numerals up to 39, not followed by a letter or digit.
fn roman(chars: &[char], at: usize) -> Option<(Number, usize)> {
    let value = |c: char| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        _ => None,
    };
    let values: Vec<u32> = chars
        .get(at..)?
        .iter()
        .map_while(|&c| value(c))
        .take(7)
        .collect();
    let end = at + values.len();
    if values.is_empty() || chars.get(end).is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut total = 0;
    for (i, &v) in values.iter().enumerate() {
        // A smaller numeral before a larger one is taken off; sums stay positive because only
        // canonical spellings pass the test below.
        if values.get(i + 1).is_some_and(|&next| next > v) {
            total -= i64::from(v);
        } else {
            total += i64::from(v);
        }
    }
    let number = u32::try_from(total).ok().filter(|n| (1..40).contains(n))?;
    let spelled: String = chars[at..end].iter().collect();
    (spelled == spell(number)).then_some((
        Number {
            prefix: None,
            parts: vec![number],
        },
        end,
    ))
}

fn spell(number: u32) -> String {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let tens = "X".repeat(number as usize / 10);
    format!("{tens}{}", ONES[number as usize % 10])
}

/// Where the panels after a number end: `2A`, `2a–c`, `2A, B and D`, `2(a, b)`.
pub(super) fn skip_panels(chars: &[char], at: usize) -> usize {
    let (mut end, closing) = match chars.get(at) {
        Some('(' | '（') => (at + 1, true),
        _ => (at, false),
    };
    let Some(next) = panel(chars, end) else {
        return at;
    };
    end = next;
    while let Some(next) = joined_panel(chars, end) {
        end = next;
    }
    match (closing, chars.get(end)) {
        (true, Some(')' | '）')) => end + 1,
        (true, _) => at,
        (false, _) => end,
    }
}

/// One letter (or `i`–`iv`), perhaps with a prime, that is not the start of a word.
fn panel(chars: &[char], at: usize) -> Option<usize> {
    let letter = chars.get(at).is_some_and(char::is_ascii_alphabetic);
    let more = chars.get(at + 1).is_some_and(|c| c.is_ascii_alphanumeric());
    (letter && !more).then_some(at + 1)
}

fn joined_panel(chars: &[char], at: usize) -> Option<usize> {
    let mut end = skip_spaces(chars, at);
    let spaced = end > at;
    match chars.get(end)? {
        ',' | '-' | '–' | '—' | '&' | '、' | '/' | '，' => end += 1,
        'a' if spaced && chars.get(end..end + 4) == Some(&['a', 'n', 'd', ' ']) => end += 3,
        _ => return None,
    }
    panel(chars, skip_spaces(chars, end))
}

/// The first position that is no space.
pub(super) fn skip_spaces(chars: &[char], at: usize) -> usize {
    let mut end = at;
    while chars.get(end).is_some_and(|c| c.is_whitespace()) {
        end += 1;
    }
    end
}
