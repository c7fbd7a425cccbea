//! Single levels as written: `L4`, `lumbar 4`, `腰4`, `第四腰椎`, `fourth lumbar vertebra`.

use super::cue::{self, Letter, Role};
use super::token::{Kind, Token};
use crate::level::Region;

/// How an atom is written, which decides how much its surroundings must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `L4`.
    Letter,
    /// `l4`.
    Lower,
    /// `D12`.
    Dorsal,
    /// `Th12`.
    Th,
    /// `L-4`.
    Hyphen,
    /// `L 4`.
    Spaced,
    /// `lumbar 4`, `LWK 4`, `LV4`, `第4腰椎`, `fourth lumbar vertebra`, `腰4`.
    Words,
    /// A number that takes its region from the level before.
    Bare,
}

/// A region and number that may be a vertebra or a root; number 0 of the neck is the occiput.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Atom {
    /// The region.
    pub region: Region,
    /// The number; 8 is possible in the neck, for a root.
    pub number: u8,
    /// Tokens `[first, end)`.
    pub first: usize,
    /// See `first`.
    pub end: usize,
    /// How it is written.
    pub form: Form,
}

/// The atom that starts at a token, whatever stands before it.
pub(crate) fn atom(tokens: &[Token], at: usize) -> Option<Atom> {
    let token = tokens.get(at)?;
    match token.role {
        Role::Letter(region, letter) => with_letter(tokens, at, region, letter),
        Role::Region(region) => with_region(tokens, at, region),
        Role::Occiput => occiput(tokens, at),
        _ => match token.kind {
            Kind::Han(char) => with_han(tokens, at, char),
            _ => None,
        },
    }
}

/// The highest number that a level of the region can have, roots and variants included.
pub(crate) fn highest(region: Region) -> u8 {
    match region {
        Region::Cervical => 8,
        Region::Thoracic => 13,
        Region::Lumbar => 6,
        Region::Sacral => 5,
        Region::Coccygeal => 0,
    }
}

fn with_letter(tokens: &[Token], at: usize, region: Region, letter: Letter) -> Option<Atom> {
    let next = tokens.get(at + 1)?;
    let same_line = !next.starts_line;
    let hyphen = next.is('-') && next.glued && tokens.get(at + 2).is_some_and(|token| token.glued);
    let (digits, form) = match (letter, next.glued) {
        (Letter::Abbreviation, _) if same_line => (at + 1, Form::Words),
        (Letter::Ventricle, true) => (at + 1, Form::Hyphen),
        _ if hyphen => (at + 2, Form::Hyphen),
        (Letter::Lower, true) => (at + 1, Form::Lower),
        (Letter::Dorsal, true) => (at + 1, Form::Dorsal),
        (Letter::Th, true) => (at + 1, Form::Th),
        (Letter::Upper, true) => (at + 1, Form::Letter),
        (Letter::Upper, false) if same_line => (at + 1, Form::Spaced),
        _ => return None,
    };
    let number = tokens.get(digits)?.number?;
    let lowest = if region == Region::Cervical { 0 } else { 1 };
    let joined = is_joined(region, number);
    if !joined && !(lowest..=highest(region)).contains(&number) {
        return None;
    }
    Some(Atom {
        region,
        number,
        first: at,
        end: digits + 1,
        form,
    })
}

/// Whether two digits are two neighbours written together: `L45`, `C56`, `L51`.
pub(crate) fn is_joined(region: Region, number: u8) -> bool {
    let (upper, lower) = (number / 10, number % 10);
    let follows = lower == upper + 1 && lower <= highest(region).min(7);
    number > 13 && upper > 0 && (follows || (region == Region::Lumbar && number == 51))
}

fn with_region(tokens: &[Token], at: usize, region: Region) -> Option<Atom> {
    let mut digits = at + 1;
    let noun = tokens.get(digits)?;
    if noun.has(cue::BONE | cue::DISC) && noun.kind == Kind::Word {
        digits += 1;
    }
    let token = tokens.get(digits)?;
    let number = token
        .number
        .filter(|number| (1..=highest(region)).contains(number))?;
    if token.glued || token.starts_line || !is_level_number(tokens, digits, number) {
        return None;
    }
    Some(Atom {
        region,
        number,
        first: at,
        end: digits + 1,
        form: Form::Words,
    })
}

/// Whether the number after `lumbar` is a level: `lumbar 4`, `lumbar 4/5`, `lumbar 4 vertebra`,
/// and not `lumbar 2-level fusion`, `cervical 3 cm`.
fn is_level_number(tokens: &[Token], digits: usize, number: u8) -> bool {
    let Some(next) = tokens.get(digits + 1) else {
        return true;
    };
    let second = tokens.get(digits + 2).and_then(|token| token.number);
    match next.kind {
        Kind::Sign('-' | '/' | '~') => second.is_some_and(|second| second > number),
        Kind::Sign('.') => !next.glued || second.is_none(),
        Kind::Sign(',' | ';' | ':' | ')' | ']') => true,
        Kind::Word => {
            !next.glued && next.has(cue::BONE | cue::DISC | cue::ROOT) && !next.has(cue::LEVEL)
        }
        _ => false,
    }
}

fn occiput(tokens: &[Token], at: usize) -> Option<Atom> {
    let next = tokens.get(at + 1)?;
    let joins =
        (next.is('-') || next.is('/')) && (next.glued || tokens[at].end - tokens[at].start > 2);
    let to = next.has(cue::TO) && tokens[at].end - tokens[at].start > 3;
    if !joins && !to {
        return None;
    }
    Some(Atom {
        region: Region::Cervical,
        number: 0,
        first: at,
        end: at + 1,
        form: Form::Letter,
    })
}

/// The region that a Chinese character stands for.
pub(crate) fn han_region(char: char) -> Option<Region> {
    match char {
        '颈' => Some(Region::Cervical),
        '胸' => Some(Region::Thoracic),
        '腰' => Some(Region::Lumbar),
        '骶' => Some(Region::Sacral),
        _ => None,
    }
}

fn with_han(tokens: &[Token], at: usize, char: char) -> Option<Atom> {
    if char == '第' {
        return None;
    }
    let region = han_region(char)?;
    let mut digits = at + 1;
    if tokens.get(digits)?.is_han('椎') {
        digits += 1;
    }
    let (number, end, written) = han_number(tokens, digits)?;
    if number == 0 || number > highest(region) {
        return None;
    }
    let next = tokens.get(end);
    let fits = if written {
        next.is_some_and(after_written)
    } else {
        next.is_none_or(|next| !spoils(next, tokens.get(end + 1)))
    };
    fits.then_some(Atom {
        region,
        number,
        first: at,
        end,
        form: Form::Words,
    })
}

/// What may follow a level with a number in Chinese characters (`腰四椎体`, not `腰一侧`).
fn after_written(next: &Token) -> bool {
    next.has(cue::BONE | cue::DISC | cue::ROOT | cue::LEVEL | cue::TO)
        || next.is('/')
        || next.is('-')
        || next.is(',')
        || next.is_han('骶')
}

/// Whether the token after a number makes it a count or a decimal.
pub(crate) fn spoils(next: &Token, after: Option<&Token>) -> bool {
    let digit_follows = after.is_some_and(|token| token.glued && token.kind == Kind::Number);
    match next.kind {
        Kind::Sign('%' | '*' | '°' | '=' | '<' | '>' | '^' | '_') => true,
        Kind::Sign('.') => next.glued && digit_follows,
        Kind::Word => next.glued || next.has(cue::COUNTED | cue::NAMED),
        Kind::Han(_) => next.has(cue::COUNTED),
        _ => false,
    }
}

/// A number in digits or Chinese characters: value, end, and whether in characters.
pub(crate) fn han_number(tokens: &[Token], at: usize) -> Option<(u8, usize, bool)> {
    let token = tokens.get(at)?;
    if token.kind == Kind::Number {
        return Some((token.number?, at + 1, false));
    }
    let digit = |at: usize| match tokens.get(at)?.kind {
        Kind::Han(char) => "一二三四五六七八九十"
            .chars()
            .position(|each| each == char)
            .and_then(|n| u8::try_from(n + 1).ok()),
        _ => None,
    };
    let first = digit(at)?;
    if let Some(unit) = digit(at + 1).filter(|unit| first == 10 && *unit < 10) {
        return Some((10 + unit, at + 2, true));
    }
    Some((first, at + 1, true))
}

/// Atoms that a count word introduces: `第3、4腰椎`, `third and fourth lumbar vertebrae`.
pub(crate) fn counted(tokens: &[Token], at: usize) -> Option<(Vec<Atom>, bool)> {
    if tokens.get(at)?.is_han('第') {
        return counted_han(tokens, at);
    }
    counted_english(tokens, at)
}

fn counted_han(tokens: &[Token], at: usize) -> Option<(Vec<Atom>, bool)> {
    let mut numbers = Vec::new();
    let mut next = at + 1;
    let mut is_range = false;
    loop {
        let (number, end, _) = han_number(tokens, next)?;
        numbers.push((number, if numbers.is_empty() { at } else { next }, end));
        let sign = tokens.get(end)?;
        let joins =
            sign.has(cue::AND | cue::TO) || [',', '/', '-', '~'].iter().any(|each| sign.is(*each));
        if !joins || numbers.len() > 12 {
            next = end;
            break;
        }
        is_range |= sign.has(cue::TO) || ['/', '-', '~'].iter().any(|each| sign.is(*each));
        next = end + 1 + usize::from(tokens.get(end + 1).is_some_and(|token| token.is_han('第')));
    }
    let Kind::Han(char) = tokens.get(next)?.kind else {
        return None;
    };
    let region = han_region(char)?;
    let noun = tokens.get(next + 1)?;
    let ends = if noun.has(cue::ROOT) {
        next + if noun.has(cue::SPINE) { 4 } else { 3 }
    } else if noun.is_han('椎') {
        next + 2
    } else {
        return None;
    };
    atoms_of(region, &numbers, ends.min(tokens.len())).map(|atoms| (atoms, is_range))
}

fn atoms_of(region: Region, numbers: &[(u8, usize, usize)], ends: usize) -> Option<Vec<Atom>> {
    let last = numbers.len() - 1;
    let make = |(index, (number, first, end)): (usize, &(u8, usize, usize))| {
        let fits = (1..=highest(region)).contains(number);
        let end = if index == last { ends } else { *end };
        fits.then_some(Atom {
            region,
            number: *number,
            first: *first,
            end,
            form: Form::Words,
        })
    };
    numbers.iter().enumerate().map(make).collect()
}

/// One ordinal: value and end.
fn ordinal(tokens: &[Token], at: usize) -> Option<(u8, usize)> {
    let token = tokens.get(at)?;
    if let Role::Ordinal(number) = token.role {
        return Some((number, at + 1));
    }
    let ending = tokens.get(at + 1)?;
    let is_ending = ending.glued && matches!(ending.role, Role::OrdinalEnding);
    if token.number.is_some() && is_ending {
        Some((token.number?, at + 2))
    } else {
        None
    }
}

fn counted_english(tokens: &[Token], at: usize) -> Option<(Vec<Atom>, bool)> {
    let mut numbers = Vec::new();
    let mut next = at;
    let mut is_range = false;
    let region = loop {
        let (number, end) = ordinal(tokens, next)?;
        numbers.push((number, next, end));
        let token = tokens.get(end)?;
        if let Role::Region(region) = token.role {
            next = end + 1;
            break region;
        }
        next = joint(tokens, end)?;
        is_range |= token.has(cue::TO);
        if numbers.len() > 12 {
            return None;
        }
    };
    let ends = noun_end(tokens, next)?;
    atoms_of(region, &numbers, ends).map(|atoms| (atoms, is_range))
}

/// The token after the words that join two ordinals.
fn joint(tokens: &[Token], at: usize) -> Option<usize> {
    let mut next = at;
    while tokens
        .get(next)
        .is_some_and(|token| token.is(',') || token.has(cue::AND | cue::TO))
        && next < at + 2
    {
        next += 1;
    }
    (next > at).then_some(next)
}

/// The end of the noun of `fourth lumbar …`; none when the noun is no part of the spine.
fn noun_end(tokens: &[Token], at: usize) -> Option<usize> {
    let Some(noun) = tokens.get(at) else {
        return Some(at);
    };
    let second = tokens.get(at + 1);
    match noun.kind {
        Kind::Word if noun.has(cue::ROOT) => Some(
            at + 1
                + usize::from(
                    second.is_some_and(|token| token.has(cue::ROOT) && token.has(cue::SPINE)),
                ),
        ),
        Kind::Word if noun.has(cue::BONE) => Some(at + 1),
        Kind::Word if noun.has(cue::DISC | cue::LEVEL) => Some(at),
        Kind::Word if noun.has(cue::AND) => second
            .filter(|token| matches!(token.role, Role::Ordinal(_)))
            .map(|_| at),
        Kind::Sign('.' | ',' | ';' | ')') => Some(at),
        _ => None,
    }
}
