//! Words, numbers and signs of a folded text.

use super::cue::{self, Cues, Role};
use super::fold::Folded;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A run of letters other than Chinese characters.
    Word,
    /// A run of ASCII digits.
    Number,
    /// One Chinese character.
    Han(char),
    /// One other sign.
    Sign(char),
}

/// A token with all that later steps ask of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Folded characters `[start, end)`.
    pub start: usize,
    /// See `start`.
    pub end: usize,
    /// Whether it follows the token before without a blank.
    pub glued: bool,
    /// Whether it is the first of its line.
    pub starts_line: bool,
    /// The number of its sentence, from 0.
    pub sentence: u32,
    /// A number's value when it can count vertebrae (0 to 99, no leading zero).
    pub number: Option<u8>,
    /// What it says about levels around it.
    pub cues: Cues,
    /// What it is in the grammar.
    pub role: Role,
}

impl Token {
    /// Whether it is this sign.
    pub fn is(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    /// Whether it is this Chinese character.
    pub fn is_han(&self, char: char) -> bool {
        self.kind == Kind::Han(char)
    }

    /// Whether it carries any of these cues.
    pub fn has(&self, cues: Cues) -> bool {
        self.cues & cues != 0
    }
}

/// Splits a folded text.
pub(crate) fn tokens(text: &Folded) -> Vec<Token> {
    let chars = &text.chars;
    let mut tokens: Vec<Token> = Vec::with_capacity(chars.len() / 4);
    let mut at = 0;
    let mut blank = true;
    let mut line = true;
    let mut word = String::new();
    while at < chars.len() {
        let char = chars[at];
        if char == ' ' || char == '\n' || char == '\t' {
            blank = true;
            line |= char == '\n';
            at += 1;
            continue;
        }
        let (kind, end) = extent(chars, at);
        let mut token = Token {
            kind,
            start: at,
            end,
            glued: !blank,
            starts_line: line,
            sentence: 0,
            number: None,
            cues: 0,
            role: Role::Plain,
        };
        describe(&mut token, chars, &mut word);
        token.sentence = sentence(&tokens, &token, char);
        tokens.push(token);
        at = end;
        blank = false;
        line = false;
    }
    tokens
}

/// Whether a character is a Chinese one.
pub(crate) fn is_han(char: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&char) || ('\u{3400}'..='\u{4dbf}').contains(&char)
}

fn extent(chars: &[char], at: usize) -> (Kind, usize) {
    let run =
        |holds: fn(char) -> bool| at + chars[at..].iter().take_while(|char| holds(**char)).count();
    let char = chars[at];
    if char.is_ascii_digit() {
        (Kind::Number, run(|char| char.is_ascii_digit()))
    } else if is_han(char) {
        (Kind::Han(char), at + 1)
    } else if char.is_alphanumeric() {
        (
            Kind::Word,
            run(|char| char.is_alphanumeric() && !char.is_ascii_digit() && !is_han(char)),
        )
    } else {
        (Kind::Sign(char), at + 1)
    }
}

/// Longer words than this have no meaning here.
const LONGEST_WORD: usize = 20;

fn describe(token: &mut Token, chars: &[char], word: &mut String) {
    let own = &chars[token.start..token.end];
    match token.kind {
        Kind::Number => token.number = small_number(own),
        Kind::Han(_) => {
            token.cues = cue::cues_of_han(&chars[token.start..chars.len().min(token.start + 4)])
        }
        Kind::Sign('&' | '+') => token.cues = cue::AND,
        Kind::Sign(_) => {}
        Kind::Word if own.len() <= LONGEST_WORD => {
            word.clear();
            word.extend(own);
            token.role = cue::role(word);
            word.make_ascii_lowercase();
            if token.role == Role::Plain {
                token.role = cue::role_of_lower(word);
            }
            token.cues = cue::cues(word);
        }
        Kind::Word => {}
    }
}

fn small_number(digits: &[char]) -> Option<u8> {
    match digits {
        [one] => one.to_digit(10),
        [ten, one] if *ten != '0' => Some(ten.to_digit(10)? * 10 + one.to_digit(10)?),
        _ => None,
    }
    .and_then(|value| u8::try_from(value).ok())
}

/// The sentence of the next token, given those before it.
fn sentence(before: &[Token], next: &Token, first: char) -> u32 {
    let Some(last) = before.last() else { return 0 };
    let opens = first.is_uppercase() || first.is_ascii_digit() || is_han(first);
    let after_stop = match last.kind {
        Kind::Sign(';' | '。' | '!' | '?' | '！' | '？') => true,
        Kind::Sign('.') => {
            !next.glued
                && opens
                && !before
                    .iter()
                    .rev()
                    .nth(1)
                    .is_some_and(|t| t.has(cue::NAMED))
        }
        _ => next.starts_line && (opens || !matches!(next.kind, Kind::Word)),
    };
    last.sentence + u32::from(after_stop)
}
