//! The names of panels: letters, numerals and places.

/// What a panel's name is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `A`, `B2`, `1A`.
    Upper,
    /// `I`, `II`, `Ⅰ`, `i`, `ii`.
    Roman,
    /// `a`, `b1`.
    Lower,
    /// `left`, `right`.
    Across,
    /// `upper row`, `bottom`.
    Down,
    /// `1`, `2`, `①`.
    Digit,
}

impl Kind {
    /// The likelier kinds first: small letters often name things inside a picture.
    pub(super) const ALL: [Self; 6] = [
        Self::Upper,
        Self::Roman,
        Self::Lower,
        Self::Across,
        Self::Down,
        Self::Digit,
    ];
}

/// The place of a name in its row, from `[1, 0]`: `B2` is `[2, 2]`. Places in the picture are
/// 1 (left, top), 2 (middle) and 3 (right, bottom).
pub(super) fn key(name: &str, kind: Kind) -> Option<[u32; 2]> {
    let plain: String = name.chars().map(narrow).collect();
    match kind {
        Kind::Upper => letters(&plain, 'A'),
        Kind::Lower => letters(&plain, 'a'),
        Kind::Roman => roman(&plain).map(|n| [n, 0]),
        Kind::Digit => digit(&plain).map(|n| [n, 0]),
        Kind::Across => side(&plain, ACROSS),
        Kind::Down => side(&plain, DOWN),
    }
}

/// The name `by` places after one in its row, written alike: for ranges.
pub(super) fn after(name: &str, by: u32) -> Option<String> {
    let mut chars = name.chars();
    let first = chars.next().filter(|_| chars.as_str().is_empty())?;
    let next = char::from_u32(u32::from(first).checked_add(by)?)?;
    next.is_alphanumeric().then(|| next.to_string())
}

/// Full-width letters and digits as plain ones.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// A letter, perhaps with a number below 10 after it, or one below 100 before it.
fn letters(name: &str, first: char) -> Option<[u32; 2]> {
    let bare = name.trim_start_matches(|c: char| c.is_ascii_digit());
    if name.len() - bare.len() > 2 {
        return None;
    }
    let mut chars = bare.chars();
    let letter = chars.next()?;
    let place = u32::from(letter).checked_sub(u32::from(first))?;
    let rest = chars.as_str();
    let sub = match rest.chars().next() {
        None => 0,
        Some(c) if rest.len() == 1 && bare.len() == name.len() => c.to_digit(10)?,
        Some(_) => return None,
    };
    (place < 26).then_some([place + 1, sub])
}

fn roman(name: &str) -> Option<u32> {
    const ROW: [&str; 12] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
    ];
    let mut chars = name.chars();
    if let (Some(c @ 'Ⅰ'..='Ⅻ'), "") = (chars.next(), chars.as_str()) {
        return Some(u32::from(c) - u32::from('Ⅰ') + 1);
    }
    let same = name.chars().all(char::is_uppercase) || name.chars().all(char::is_lowercase);
    let upper = name.to_ascii_uppercase();
    let at = ROW.iter().position(|numeral| same && *numeral == upper)?;
    u32::try_from(at + 1).ok()
}

fn digit(name: &str) -> Option<u32> {
    let mut chars = name.chars();
    if let (Some(c @ '①'..='⑳'), "") = (chars.next(), chars.as_str()) {
        return Some(u32::from(c) - u32::from('①') + 1);
    }
    name.parse().ok().filter(|n| (1..=20).contains(n))
}

/// Words of a side with their place, longer words first.
type Sides = &'static [(&'static str, u32)];

const ACROSS: Sides = &[
    ("middle", 2),
    ("center", 2),
    ("centre", 2),
    ("right", 3),
    ("left", 1),
    ("左", 1),
    ("中", 2),
    ("右", 3),
];
const DOWN: Sides = &[
    ("middle", 2),
    ("bottom", 3),
    ("center", 2),
    ("centre", 2),
    ("upper", 1),
    ("lower", 3),
    ("top", 1),
    ("上", 1),
    ("中", 2),
    ("下", 3),
];
/// What may stand after the word of a side.
const THINGS: &[&str] = &[
    "panels",
    "panel",
    "rows",
    "row",
    "columns",
    "column",
    "images",
    "image",
    "pictures",
    "picture",
    "figure",
    "photograph",
    "photo",
];
const THINGS_ZH: &[&str] = &["侧图", "图像", "图", "排", "列", "行"];

fn side(name: &str, sides: Sides) -> Option<[u32; 2]> {
    let lower = name.to_lowercase();
    let (word, place) = sides.iter().find(|(word, _)| lower.starts_with(word))?;
    let rest = lower[word.len()..].trim_start();
    let whole = rest.is_empty() || THINGS.contains(&rest) || THINGS_ZH.contains(&rest);
    whole.then_some([*place, 0])
}

/// The word of a side at a position with the thing after it (`left panel`, `上排`): where it
/// ends, and whether a thing is named.
pub(super) fn side_at(chars: &[char], at: usize) -> Option<(usize, bool)> {
    let (word, _) = ACROSS
        .iter()
        .chain(DOWN)
        .find(|(word, _)| starts_with(chars, at, word))?;
    let end = at + word.chars().count();
    if word.is_ascii() && chars.get(end).is_some_and(|c| c.is_alphanumeric()) {
        return None;
    }
    let gap = usize::from(word.is_ascii() && chars.get(end) == Some(&' '));
    let things = if word.is_ascii() { THINGS } else { THINGS_ZH };
    let thing = things.iter().find(|thing| {
        let after = end + gap + thing.chars().count();
        starts_with(chars, end + gap, thing)
            && !(thing.is_ascii() && chars.get(after).is_some_and(|c| c.is_alphanumeric()))
    });
    Some(match thing {
        Some(thing) => (end + gap + thing.chars().count(), true),
        None => (end, false),
    })
}

/// Whether a text stands at a position, in small letters or capitals.
pub(super) fn starts_with(chars: &[char], at: usize, text: &str) -> bool {
    text.chars().enumerate().all(|(n, want)| {
        chars
            .get(at + n)
            .is_some_and(|have| have.to_lowercase().eq(want.to_lowercase()))
    })
}
