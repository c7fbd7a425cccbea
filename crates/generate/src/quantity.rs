//! Numbers with their units, as texts state them.

use spinemed_core::level;

use crate::text::{is_han, plain};

/// A number as written, with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantity {
    /// Digits with `.` as the decimal sign and `-` before them where negative; no separators
    /// of thousands, no needless zeros.
    pub value: String,
    /// The unit's usual spelling, where a known one follows.
    pub unit: Option<&'static str>,
    /// Bytes of the text, unit not included.
    pub range: [usize; 2],
}

/// Units by the spellings that may follow a number, longest first where one begins another.
const UNITS: &[(&str, &str)] = &[
    ("mm2", "mm2"),
    ("mm²", "mm2"),
    ("mm", "mm"),
    ("millimetres", "mm"),
    ("millimeters", "mm"),
    ("毫米", "mm"),
    ("cm", "cm"),
    ("厘米", "cm"),
    ("mg/l", "mg/L"),
    ("mg", "mg"),
    ("毫克", "mg"),
    ("ml", "mL"),
    ("毫升", "mL"),
    ("kg", "kg"),
    ("g/cm²", "g/cm2"),
    ("%", "%"),
    ("percent", "%"),
    ("per cent", "%"),
    ("°c", "Cel"),
    ("℃", "Cel"),
    ("°", "deg"),
    ("º", "deg"),
    ("degrees", "deg"),
    ("degree", "deg"),
    ("deg", "deg"),
    ("years", "a"),
    ("year", "a"),
    ("岁", "a"),
    ("年", "a"),
    ("months", "mo"),
    ("month", "mo"),
    ("个月", "mo"),
    ("weeks", "wk"),
    ("week", "wk"),
    ("周", "wk"),
    ("days", "d"),
    ("day", "d"),
    ("天", "d"),
    ("hours", "h"),
    ("hour", "h"),
    ("小时", "h"),
    ("minutes", "min"),
    ("分钟", "min"),
    ("points", "{score}"),
    ("point", "{score}"),
    ("分", "{score}"),
    ("levels", "{level}"),
    ("个节段", "{level}"),
    ("patients", "{patient}"),
    ("例", "{patient}"),
    ("gy", "Gy"),
    ("hu", "HU"),
    ("nm", "N.m"),
    ("vertebrae", "{vertebra}"),
];

/// The numbers of a text that are neither parts of levels nor of names (`T2`, `4th`, `K-7`).
/// The first number of a range (`10–12 mm`) has the unit of the second.
pub(crate) fn quantities(text: &str) -> Vec<Quantity> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let masked = level_bytes(text);
    let mut found: Vec<Quantity> = Vec::new();
    let mut at = 0;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = number_end(text, at);
        let inside = masked
            .iter()
            .any(|[start, stop]| at < *stop && end > *start);
        if !inside && let Some(quantity) = quantity(text, at, end) {
            found.push(quantity);
        }
        at = end;
    }
    lend_units(text, &mut found);
    found
}

fn level_bytes(text: &str) -> Vec<[usize; 2]> {
    let mentions = level::mentions(text);
    if mentions.is_empty() {
        return Vec::new();
    }
    let starts: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    mentions
        .iter()
        .map(|mention| mention.range.map(|at| starts[at.min(starts.len() - 1)]))
        .collect()
}

/// The end of a run of digits with a decimal part or separated thousands.
fn number_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        from + bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let mut end = digits(start);
    while bytes.get(end) == Some(&b',') && end - start <= 3 + 4 * 3 && digits(end + 1) == end + 4 {
        end += 4;
    }
    if bytes.get(end) == Some(&b'.') && digits(end + 1) > end + 1 {
        end = digits(end + 1);
    }
    end
}

fn quantity(text: &str, start: usize, end: usize) -> Option<Quantity> {
    let before = &text[..start];
    let mut back = before.chars().rev().map(plain);
    let previous = back.next();
    let earlier = back.next();
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && !is_han(c));
    let named = letter(previous)
        || previous == Some('-') && letter(earlier)
        || previous == Some('.') && earlier.is_some_and(|c| c.is_ascii_digit());
    if named {
        return None;
    }
    let negative = previous == Some('-')
        && earlier.is_none_or(|c| c.is_whitespace() || "(<>≤≥=为于".contains(c) || is_han(c));
    let (unit, glued_letter) = unit_after(&text[end..]);
    if unit.is_none() && glued_letter {
        return None;
    }
    let digits: String = text[start..end].chars().filter(|c| *c != ',').collect();
    let sign = if negative { "-" } else { "" };
    Some(Quantity {
        value: format!("{sign}{}", canonical(&digits)),
        unit,
        range: [start, end],
    })
}

/// A number without leading zeros before, and trailing ones after, the decimal sign.
fn canonical(digits: &str) -> String {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    match part.trim_end_matches('0') {
        "" => whole.to_owned(),
        part => format!("{whole}.{part}"),
    }
}

/// The unit at the start of a text, and whether a letter follows without a blank.
fn unit_after(rest: &str) -> (Option<&'static str>, bool) {
    let glued = rest
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() && !is_han(c));
    let head: String = rest
        .trim_start_matches([' ', '\u{a0}', '-'])
        .chars()
        .take(12)
        .map(plain)
        .flat_map(char::to_lowercase)
        .collect();
    let unit = UNITS.iter().find(|(spelling, _)| {
        head.strip_prefix(spelling).is_some_and(|after| {
            let next = after.chars().next();
            let word = spelling.ends_with(|c: char| c.is_ascii_alphanumeric());
            !word || next.is_none_or(|c| !c.is_ascii_alphanumeric())
        })
    });
    (unit.map(|(_, unit)| *unit), glued)
}

/// `10–12 mm`: the ten is in millimetres too.
fn lend_units(text: &str, found: &mut [Quantity]) {
    for at in (1..found.len()).rev() {
        let between = text[found[at - 1].range[1]..found[at].range[0]].trim();
        let range = [
            "-", "–", "—", "~", "～", "to", "至", "到", "and", "or", "至少",
        ]
        .contains(&between);
        if range && found[at - 1].unit.is_none() {
            found[at - 1].unit = found[at].unit;
        }
        // The sign before the second number of a range is a dash.
        if range && found[at].value.starts_with('-') && between.is_empty() {
            found[at].value.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: &[(&str, Option<&str>)]) {
        let found = quantities(text);
        let found: Vec<_> = found.iter().map(|q| (q.value.as_str(), q.unit)).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn numbers_have_their_units() {
        check("less than 10 mm", &[("10", Some("mm"))]);
        check("10–12 mm", &[("10", Some("mm")), ("12", Some("mm"))]);
        check("10 to 12 mm", &[("10", Some("mm")), ("12", Some("mm"))]);
        check(
            "4% to 30% of people",
            &[("4", Some("%")), ("30", Some("%"))],
        );
        check("小于10 mm为绝对狭窄", &[("10", Some("mm"))]);
        check(
            "15～17分",
            &[("15", Some("{score}")), ("17", Some("{score}"))],
        );
        check("a T-score of -2.5 or less", &[("-2.5", None)]);
        check("a T-score of −2.50", &[("-2.5", None)]);
        check("1,250 patients", &[("1250", Some("{patient}"))]);
        check("a ratio of 0.80", &[("0.8", None)]);
        check("30° and 70°", &[("30", Some("deg")), ("70", Some("deg"))]);
    }

    #[test]
    fn names_and_levels_are_no_numbers() {
        check("T2-weighted MRI at L4/L5", &[]);
        check("disc herniation at L4-5", &[]);
        check("腰4/5椎间盘突出", &[]);
        check("the 4th vertebra, COVID-19, a 3D view", &[]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[0-9a-zL,.–% -]{0,30}|\\PC{0,40}") {
            for quantity in quantities(&text) {
                prop_assert!(text.get(quantity.range[0]..quantity.range[1]).is_some());
            }
        }
    }
}
