//! Marks: where a caption may name panels.

use super::group::{group, is_han, skip_spaces};
use super::name::{Kind, key, side_at, starts_with};

/// A place that may name panels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Characters of the caption, `[start, end)`, brackets and signs included.
    pub(super) start: usize,
    /// See `start`.
    pub(super) end: usize,
    /// The names, ranges written out.
    pub(super) names: Vec<String>,
    /// How it is written.
    pub(super) shape: Shape,
    /// Whether the text before it lets a row start here.
    pub(super) opens: bool,
}

/// How a mark is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// `(A)`, `①`: also inside a sentence.
    Bracket,
    /// `A:`, `a Sagittal`, `left:`, `图A`: where a clause starts.
    Bare,
}

/// What stands before a position, as far as marks care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Before {
    Inside,
    Space,
    Comma,
    Stop,
}

/// All marks from a position on, in order, without overlap.
pub(super) fn marks(chars: &[char], start: usize) -> Vec<Mark> {
    let mut found = Vec::new();
    let mut at = start;
    while at < chars.len() {
        match mark(chars, start, at) {
            Some(mark) => {
                at = mark.end.max(at + 1);
                found.push(mark);
            }
            None => at += 1,
        }
    }
    found
}

fn mark(chars: &[char], start: usize, at: usize) -> Option<Mark> {
    if chars[at].is_whitespace() {
        return None;
    }
    let before = before(chars, start, at);
    circled(chars, at)
        .or_else(|| bracket(chars, at))
        .or_else(|| bare(chars, at, before))
        .or_else(|| side(chars, at, before))
        .map(|mark| Mark {
            opens: before >= Before::Comma,
            ..mark
        })
}

fn before(chars: &[char], start: usize, at: usize) -> Before {
    let gap = chars[start..at]
        .iter()
        .rev()
        .take_while(|c| c.is_whitespace())
        .count();
    match chars[start..at - gap].last() {
        None => Before::Stop,
        Some(c) if ".;:|?!)]>。；：．？！）】".contains(*c) => Before::Stop,
        Some('(' | '（') if gap == 0 => Before::Stop,
        Some(',' | '，' | '、') => Before::Comma,
        Some('—' | '–' | '-') if gap > 0 => Before::Comma,
        Some(_) if gap > 0 => Before::Space,
        Some(_) => Before::Inside,
    }
}

fn circled(chars: &[char], at: usize) -> Option<Mark> {
    matches!(chars[at], '①'..='⑳').then(|| Mark {
        start: at,
        end: at + 1,
        names: vec![chars[at].to_string()],
        shape: Shape::Bracket,
        opens: false,
    })
}

fn bracket(chars: &[char], at: usize) -> Option<Mark> {
    let close = match chars[at] {
        '(' | '（' => [')', '）'],
        '[' | '【' => [']', '】'],
        _ => return None,
    };
    let mut inner = at + 1;
    for word in ["panels ", "panel ", "图"] {
        if starts_with(chars, inner, word) {
            inner += word.chars().count();
        }
    }
    let (names, end) = group(chars, inner, true).or_else(|| {
        let (end, _) = side_at(chars, inner)?;
        Some((vec![chars[inner..end].iter().collect()], end))
    })?;
    close.contains(chars.get(end)?).then_some(Mark {
        start: at,
        end: end + 1,
        names,
        shape: Shape::Bracket,
        opens: false,
    })
}

fn bare(chars: &[char], at: usize, before: Before) -> Option<Mark> {
    if before == Before::Inside {
        return None;
    }
    let (inner, told) = prefix(chars, at);
    let (names, end) = group(chars, inner, false)?;
    let letters = [Kind::Upper, Kind::Lower, Kind::Roman];
    if !letters.iter().any(|kind| key(&names[0], *kind).is_some()) {
        return None;
    }
    let first = [Kind::Upper, Kind::Lower]
        .iter()
        .any(|kind| key(&names[0], *kind).is_some_and(|key| key[0] == 1));
    // The first of a row starts a clause; so does an article, hence more care with it.
    let least = if first { Before::Comma } else { Before::Space };
    let (sign, end) = sign(chars, end, told)?;
    let enough = match sign {
        _ if before == Before::Stop => true,
        Sign::Strong => before >= least,
        Sign::Comma => false,
        Sign::Blank => {
            !first && (before == Before::Comma || chars.get(end).is_some_and(|c| is_han(*c)))
        }
    };
    let upper = names[0].chars().any(char::is_uppercase);
    let prose = sign == Sign::Blank && upper && chars.get(end).is_some_and(|c| c.is_lowercase());
    (enough && !prose).then_some(Mark {
        start: at,
        end,
        names,
        shape: Shape::Bare,
        opens: false,
    })
}

/// Where the name starts after `Panel`, `图` or `图3`, and whether such a word is there.
fn prefix(chars: &[char], at: usize) -> (usize, bool) {
    for word in ["panels ", "panel "] {
        if starts_with(chars, at, word) {
            return (at + word.len(), true);
        }
    }
    if !matches!(chars[at], '图' | '圖') {
        return (at, false);
    }
    let digits = chars[at + 1..]
        .iter()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '.'))
        .count();
    (at + 1 + digits, true)
}

/// What stands after a bare name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Strong,
    Comma,
    Blank,
}

fn sign(chars: &[char], at: usize, told: bool) -> Option<(Sign, usize)> {
    let blank = |at: usize| {
        chars
            .get(at)
            .is_none_or(|c| c.is_whitespace() || is_han(*c))
    };
    let end = skip_spaces(chars, at);
    match chars.get(end)? {
        '.' | ':' | ')' if end == at && (blank(at + 1) || chars[at] == ':') => {
            Some((Sign::Strong, at + 1))
        }
        '：' | '．' | '）' | '、' => Some((Sign::Strong, end + 1)),
        ':' if end > at => Some((Sign::Strong, end + 1)),
        '为' | '示' | '是' => Some((Sign::Strong, end + 1)),
        ',' if end == at && blank(at + 1) => Some((Sign::Comma, at + 1)),
        '，' => Some((Sign::Comma, end + 1)),
        '–' | '—' | '-' if end > at && blank(end + 1) => Some((Sign::Strong, end + 1)),
        c if end > at && c.is_alphanumeric() => Some((Sign::Blank, end)),
        c if told && is_han(*c) => Some((Sign::Strong, end)),
        _ => None,
    }
}

/// `Left:`, `The upper row shows`, `左图为`, `上排：`.
fn side(chars: &[char], at: usize, before: Before) -> Option<Mark> {
    if before < Before::Comma {
        return None;
    }
    let start = if starts_with(chars, at, "the ") {
        at + 4
    } else {
        at
    };
    let (end, thing) = side_at(chars, start)?;
    let names = vec![chars[start..end].iter().collect()];
    let end = side_sign(chars, end, thing)?;
    Some(Mark {
        start: at,
        end,
        names,
        shape: Shape::Bare,
        opens: false,
    })
}

fn side_sign(chars: &[char], at: usize, thing: bool) -> Option<usize> {
    const VERBS: &[&str] = &[
        " shows ",
        " show ",
        " demonstrates ",
        " depicts ",
        " displays ",
        " illustrates ",
        " is ",
        " are ",
        "显示",
        "为",
        "示",
        "是",
    ];
    match chars.get(at) {
        Some(':' | '：' | ',' | '，') => return Some(at + 1),
        Some(')' | '）') | None => return None,
        _ => {}
    }
    let verb = VERBS.iter().find(|verb| starts_with(chars, at, verb));
    match verb {
        Some(verb) if thing => Some(at + verb.chars().count()),
        // `左图腰椎正位片`: the words follow at once.
        _ if thing && chars.get(at).is_some_and(|c| is_han(*c)) => Some(at),
        _ => None,
    }
}
