//! Words of a text in lower case, with their place.

use crate::level::fold::fold;
use crate::level::token::is_han;

/// A word, a number, a Chinese character or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme {
    /// The word in lower case, its plural ending taken off.
    pub text: String,
    /// Characters of the text, `[start, end)`.
    pub start: usize,
    /// See `start`.
    pub end: usize,
    /// What kind it is.
    pub kind: Kind,
    /// Whether a line starts with it.
    pub starts_line: bool,
    /// Whether a blank line stands before it.
    pub after_gap: bool,
    /// Whether it follows the one before without a blank.
    pub glued: bool,
    /// Whether it is written with a capital.
    pub capital: bool,
}

/// What a lexeme is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    Han,
    Sign,
}

impl Lexeme {
    pub fn is(&self, text: &str) -> bool {
        self.text == text
    }
}

/// The lexemes of a text.
pub(super) fn lexemes(text: &str) -> Vec<Lexeme> {
    let folded = fold(text);
    let originals: Vec<char> = text.chars().collect();
    let chars = &folded.chars;
    let mut found: Vec<Lexeme> = Vec::new();
    let (mut at, mut lines, mut blank) = (0, 1, true);
    while at < chars.len() {
        let char = chars[at];
        if char.is_whitespace() {
            lines += usize::from(char == '\n');
            blank = true;
            at += 1;
            continue;
        }
        let (kind, end) = extent(chars, at);
        let enumerates = kind == Kind::Sign && originals[folded.origin[at]] == '、';
        found.push(Lexeme {
            text: if enumerates {
                "、".to_owned()
            } else {
                normal(&chars[at..end], kind)
            },
            start: folded.origin[at],
            end: folded.origin[end - 1] + 1,
            kind,
            starts_line: lines > 0,
            after_gap: lines > 1,
            glued: !blank,
            capital: char.is_uppercase(),
        });
        at = end;
        lines = 0;
        blank = false;
    }
    found
}

fn extent(chars: &[char], at: usize) -> (Kind, usize) {
    let run = |from: usize, holds: fn(char) -> bool| {
        from + chars[from..]
            .iter()
            .take_while(|char| holds(**char))
            .count()
    };
    let char = chars[at];
    if char.is_ascii_digit() {
        let end = run(at, |char| char.is_ascii_digit());
        let decimal =
            chars.get(end) == Some(&'.') && chars.get(end + 1).is_some_and(char::is_ascii_digit);
        (
            Kind::Number,
            if decimal {
                run(end + 1, |char| char.is_ascii_digit())
            } else {
                end
            },
        )
    } else if is_han(char) {
        (Kind::Han, at + 1)
    } else if char.is_alphanumeric() {
        (
            Kind::Word,
            run(at, |char| {
                char.is_alphanumeric() && !char.is_ascii_digit() && !is_han(char)
            }),
        )
    } else {
        (Kind::Sign, at + 1)
    }
}

fn normal(chars: &[char], kind: Kind) -> String {
    let lower: String = chars.iter().flat_map(|char| char.to_lowercase()).collect();
    if kind == Kind::Word {
        singular(lower)
    } else {
        lower
    }
}

/// The singular and one spelling of a word, as far as the lexicon needs it.
fn singular(word: String) -> String {
    let spelling = match word.as_str() {
        "disk" | "disks" => "disc",
        "stenoses" => "stenosis",
        "foramina" => "foramen",
        "laminae" => "lamina",
        "edematous" => "edema",
        _ => "",
    };
    if !spelling.is_empty() {
        return spelling.to_owned();
    }
    let keeps = ["ss", "us", "is", "as"]
        .iter()
        .any(|ending| word.ends_with(ending));
    if word.len() > 3 && word.ends_with('s') && !keeps {
        word[..word.len() - 1].to_owned()
    } else {
        word
    }
}
