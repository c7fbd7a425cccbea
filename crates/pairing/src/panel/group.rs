//! Names side by side: `A, B and C`, `a–c`, `A1、A2`.

use super::name::{self, Kind, key, starts_with};

/// One name or several: `A`, `A, B and C`, `a–c`, `A1、A2`; where they end.
pub(super) fn group(chars: &[char], at: usize, enclosed: bool) -> Option<(Vec<String>, usize)> {
    let (first, mut end) = token(chars, skip_spaces(chars, at))?;
    let mut names = vec![first];
    while let Some((range, next)) = joint(chars, end) {
        let Some((name, after)) = token(chars, next) else {
            break;
        };
        let last = names.last().expect("the first name").clone();
        let Some(step) = step(&last, &name) else {
            break;
        };
        if range {
            names.extend((1..step).filter_map(|by| name::after(&last, by)));
        } else if step != 1 && !enclosed {
            break;
        }
        names.push(name);
        end = after;
    }
    let closed = if enclosed {
        skip_spaces(chars, end)
    } else {
        end
    };
    Some((names, closed))
}

/// How far a name stands after another in the same row, where it does.
fn step(last: &str, next: &str) -> Option<u32> {
    Kind::ALL.iter().find_map(|&kind| {
        let ([a, x], [b, y]) = (key(last, kind)?, key(next, kind)?);
        match b.checked_sub(a)? {
            0 => (y > x).then_some(1),
            by if x == y || y == 1 => (by < 20).then_some(by),
            _ => None,
        }
    })
}

fn token(chars: &[char], at: usize) -> Option<(String, usize)> {
    let length = chars
        .get(at..)?
        .iter()
        .take(6)
        .take_while(|c| c.is_alphanumeric() && !is_han(**c))
        .count();
    let text: String = chars[at..at + length].iter().collect();
    let named = length > 0
        && Kind::ALL
            .iter()
            .any(|&kind| !matches!(kind, Kind::Across | Kind::Down) && key(&text, kind).is_some());
    named.then_some((text, at + length))
}

/// What joins two names, and whether it spans a range; where the next name starts.
fn joint(chars: &[char], at: usize) -> Option<(bool, usize)> {
    for word in [" and ", ", and ", " & ", " to "] {
        if starts_with(chars, at, word) {
            return Some((word == " to ", at + word.len()));
        }
    }
    let sign = skip_spaces(chars, at);
    let range = match chars.get(sign)? {
        ',' | '，' | '、' | '/' | '&' | '和' | '与' | '及' => false,
        '-' | '–' | '—' | '~' | '～' | '至' | '到' | '−' | '‑' => true,
        _ => return None,
    };
    Some((range, skip_spaces(chars, sign + 1)))
}

pub(super) fn skip_spaces(chars: &[char], at: usize) -> usize {
    let blanks = chars[at.min(chars.len())..]
        .iter()
        .take_while(|c| c.is_whitespace())
        .count();
    at + blanks
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}
