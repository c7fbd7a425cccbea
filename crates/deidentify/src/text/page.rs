//! A text under the eyes of the rules: characters, their plain forms, and words.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A text with one plain character for every character that came, so that positions agree.
pub(crate) struct Page {
    /// As it came.
    pub(crate) chars: Vec<char>,
    /// Full-width forms, dashes and apostrophes as in ASCII.
    pub(crate) plain: Vec<char>,
    /// `plain` as a string, for regular expressions.
    pub(crate) text: String,
    /// Byte offsets in `text` by character, and the length.
    offsets: Vec<usize>,
    /// Latin words, numbers and mixtures of both.
    pub(crate) words: Vec<Word>,
}

/// A run of letters of any script but Han, or of digits, or of both.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// Characters.
    pub(crate) range: Range<usize>,
    /// Its plain text.
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let plain: Vec<char> = chars.iter().map(|c| plain(*c)).collect();
        let mut offsets = Vec::with_capacity(plain.len() + 1);
        let mut text = String::with_capacity(text.len());
        for c in &plain {
            offsets.push(text.len());
            text.push(*c);
        }
        offsets.push(text.len());
        let words = words(&plain);
        Self {
            chars,
            plain,
            text,
            offsets,
            words,
        }
    }

    /// Characters for a range of bytes of `text`.
    pub(crate) fn chars_of(&self, bytes: Range<usize>) -> Range<usize> {
        let at = |byte| self.offsets.partition_point(|offset| *offset < byte);
        at(bytes.start)..at(bytes.end)
    }

    /// The plain character at a place; none outside.
    pub(crate) fn at(&self, place: usize) -> Option<char> {
        self.plain.get(place).copied()
    }

    /// The plain character before a place.
    pub(crate) fn before(&self, place: usize) -> Option<char> {
        place.checked_sub(1).and_then(|place| self.at(place))
    }

    /// Plain text of a range of characters; bounds are cut to the page.
    pub(crate) fn slice(&self, range: Range<usize>) -> &str {
        let end = range.end.min(self.plain.len());
        let start = range.start.min(end);
        &self.text[self.offsets[start]..self.offsets[end]]
    }

    /// Up to so many characters before a place.
    pub(crate) fn left(&self, place: usize, many: usize) -> &str {
        self.slice(place.saturating_sub(many)..place)
    }

    /// Up to so many characters from a place on.
    pub(crate) fn right(&self, place: usize, many: usize) -> &str {
        self.slice(place..place.saturating_add(many))
    }
}

/// One character's plain form (NFKC, where that is one character).
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => return '-',
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' => return '\'',
        '\u{3001}' => return ',',
        '\u{3010}' => return '[',
        '\u{3011}' => return ']',
        _ => {}
    }
    let mut normal = std::iter::once(c).nfkc();
    match (normal.next(), normal.next()) {
        (Some(' '), None) => ' ',
        (Some(one), None) => one,
        _ if c.is_whitespace() => ' ',
        _ => c,
    }
}

/// Han characters.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}' | '\u{3005}' | '\u{3007}')
}

/// Marks that belong to the letter before them, or that are not seen.
pub(crate) fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
        || matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
}

/// A letter or digit of a word.
pub(crate) fn is_word(c: char) -> bool {
    (c.is_alphanumeric() || is_mark(c)) && !is_han(c)
}

fn words(plain: &[char]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < plain.len() {
        let start = at;
        while at < plain.len() && is_word(plain[at]) {
            at += 1;
        }
        if at > start {
            words.push(Word {
                range: start..at,
                text: plain[start..at].iter().collect(),
            });
        } else {
            at += 1;
        }
    }
    words
}

impl Word {
    /// Whether it begins with a capital letter.
    pub(crate) fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether it is of letters (and marks) alone.
    pub(crate) fn is_letters(&self) -> bool {
        self.text.chars().all(|c| c.is_alphabetic() || is_mark(c))
    }

    /// Letters, in capitals alone, two at least.
    pub(crate) fn is_shouted(&self) -> bool {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() > 1 && letters.all(char::is_uppercase)
    }
}
