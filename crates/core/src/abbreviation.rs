//! Abbreviations and the words they stand for, as a text itself defines them.
//!
//! The algorithm is that of Schwartz and Hearst, "A simple algorithm for identifying
//! abbreviation definitions in biomedical text" (Pacific Symposium on Biocomputing, 2003):
//! `long form (SF)` and `SF (long form)`; the letters of the short form are looked for from
//! the end of the long one, the first of them at the start of a word. It is stricter in three
//! ways: a short form has two capitals at least, it is no vertebral level, and no long form
//! starts with a word such as `and` (`anterior decompression and fusion (ADF)`).

use crate::level;

/// A definition in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abbreviation {
    /// The short form as written, without the ending of a plural.
    pub short: String,
    /// The long form as written.
    pub long: String,
    /// Characters of the text from the start of the first form to the closing bracket,
    /// `[start, end)`.
    pub range: [usize; 2],
}

/// The definitions in a text, in order. Never fails: what is no definition is passed over.
#[must_use]
pub fn definitions(text: &str) -> Vec<Abbreviation> {
    let mut found = Vec::new();
    for (open, _) in text.match_indices('(') {
        let inside = &text[open + 1..];
        let Some(close) = inside
            .find(['(', ')'])
            .filter(|at| inside[*at..].starts_with(')'))
        else {
            continue;
        };
        let end = open + close + 2;
        // `(ADF, n = 12)` defines ADF as `(ADF)` does.
        let inside = &inside[..close];
        let first = inside.split([',', ';']).next().unwrap_or(inside).trim();
        let before = text[..open].trim_end();
        let (start, short, long) = match forward(before, first).or_else(|| reverse(before, inside))
        {
            Some(parts) => parts,
            None => continue,
        };
        found.push(Abbreviation {
            short: bare(short).to_owned(),
            long: long.to_owned(),
            range: [start, end].map(|at| text[..at].chars().count()),
        });
    }
    found
}

/// Whether a text uses a short form as a word of its own, also in the plural. `TLIF` is no
/// word of its own in `MI-TLIF`.
#[must_use]
pub fn uses(text: &str, short: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || c == '-' || c == '‐' || c == '‑';
    text.match_indices(short).any(|(at, _)| {
        let rest = &text[at + short.len()..];
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        !text[..at].ends_with(inner) && !rest.starts_with(char::is_alphanumeric)
    })
}

/// `long form (SF)`: where the long form starts, short form, long form.
fn forward<'a>(before: &'a str, short: &'a str) -> Option<(usize, &'a str, &'a str)> {
    is_short(short).then_some(())?;
    let clause = before
        .rfind(['.', ',', ';', ':', '(', ')', '[', ']'])
        .map_or(0, |at| at + 1);
    let starts: Vec<usize> = before[clause..]
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| word.as_ptr() as usize - before.as_ptr() as usize)
        .collect();
    let from = *starts.get(starts.len().saturating_sub(longest(short)))?;
    let long = long_form(&before[from..], short)?;
    Some((before.len() - long.len(), short, long))
}

/// `SF (long form)`: the same of the other order. The bracket holds the long form alone.
fn reverse<'a>(before: &'a str, inside: &'a str) -> Option<(usize, &'a str, &'a str)> {
    let start = before.rfind(char::is_whitespace).map_or(0, |at| {
        at + before[at..].chars().next().map_or(1, char::len_utf8)
    });
    let short = &before[start..];
    let long = inside.trim();
    let fits = is_short(short)
        && !long.contains(['.', ',', ';', ':', '='])
        && long.split_whitespace().count() <= longest(short)
        && long_form(long, short) == Some(long);
    fits.then_some((start, short, long))
}

/// The most words of a long form (section 2 of the paper).
fn longest(short: &str) -> usize {
    let letters = short.chars().filter(|c| c.is_alphanumeric()).count();
    (letters + 5).min(letters * 2)
}

fn is_short(text: &str) -> bool {
    let count = text.chars().count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    (2..=10).contains(&count)
        && capitals >= 2
        && text.starts_with(char::is_alphanumeric)
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "-‐‑/".contains(c))
        && !text.chars().all(|c| "IVX".contains(c))
        && level::mentions(text).is_empty()
}

/// The short form without the ending of a plural: `RCTs`.
fn bare(short: &str) -> &str {
    short
        .strip_suffix('s')
        .filter(|rest| rest.chars().count() >= 2 && rest.ends_with(char::is_uppercase))
        .unwrap_or(short)
}

/// Words that no long form starts with.
const JOINING: &[&str] = &[
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to",
    "versus", "vs", "with",
];

/// The shortest end of a text that the letters of a short form stand for.
fn long_form<'a>(text: &'a str, short: &str) -> Option<&'a str> {
    let letters: Vec<char> = bare(short)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let (first, rest) = letters.split_first()?;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let small = |at: usize| chars[at].1.to_lowercase().next().unwrap_or(chars[at].1);
    let mut at = chars.len();
    for letter in rest.iter().rev() {
        at = (0..at).rev().find(|at| small(*at) == *letter)?;
    }
    let starts = |at: usize| {
        let begins = at == 0 || !chars[at - 1].1.is_alphanumeric();
        let word = text[chars[at].0..]
            .split(|c: char| !c.is_alphanumeric())
            .next();
        begins && !word.is_some_and(|word| JOINING.contains(&word.to_lowercase().as_str()))
    };
    let at = (0..at)
        .rev()
        .find(|at| small(*at) == *first && starts(*at))?;
    // A match inside a word that a hyphen joins begins at that word's own start.
    let from = text[..chars[at].0]
        .rfind(char::is_whitespace)
        .map_or(0, |space| {
            space + text[space..].chars().next().map_or(1, char::len_utf8)
        });
    let long = &text[from..];
    let fits = long.chars().count() > short.chars().count()
        && !long.split_whitespace().any(|word| word == short)
        && long.starts_with(char::is_alphanumeric);
    fits.then_some(long)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: &[(&str, &str)]) {
        let found = definitions(text);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|one| (one.short.as_str(), one.long.as_str()))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn both_orders_are_read() {
        check(
            "Both anterior decompression and fusion (ADF) and laminoplasty (LAMP) are used.",
            &[
                ("ADF", "anterior decompression and fusion"),
                ("LAMP", "laminoplasty"),
            ],
        );
        check(
            "treated with ADF (anterior decompression and fusion) or not",
            &[("ADF", "anterior decompression and fusion")],
        );
        check(
            "Minimally invasive transforaminal lumbar interbody fusion (MI-TLIF) was first",
            &[(
                "MI-TLIF",
                "Minimally invasive transforaminal lumbar interbody fusion",
            )],
        );
        check(
            "hypertrophy of the ligamentum flavum (LF, n = 12) was",
            &[("LF", "ligamentum flavum")],
        );
        check(
            "six randomized controlled trials (RCTs)",
            &[("RCT", "randomized controlled trials")],
        );
    }

    #[test]
    fn other_brackets_define_nothing() {
        check("The value was low (P = 0.05), and (CI) stood alone.", &[]);
        check("a herniation at the fifth disc (L5)", &[]);
        check("fusion (see XYZ)", &[]);
        check("laminoplasty alone (ADF)", &[]);
        check("slips of isthmic type (II)", &[]);
        check("ADF (one of the operations)", &[]);
        check("ends (ADF", &[]);
    }

    #[test]
    fn the_range_holds_both_forms() {
        let text = "狭窄：the ligamentum flavum (LF) thickens.";
        let [start, end] = definitions(text)[0].range;
        let words: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(words, "ligamentum flavum (LF)");
    }

    #[test]
    fn a_short_form_is_a_word() {
        let check = |text: &str, expect: bool| assert_eq!(uses(text, "TLIF"), expect, "{text}");
        check("After TLIF, pain", true);
        check("TLIF-treated patients", true);
        check("two TLIFs", true);
        check("MI-TLIF", false);
        check("TLIFX", false);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(\\PC|[A-D]{1,3}|[(]|[)]| |anterior d){0,40}") {
            for one in definitions(&text) {
                prop_assert!(one.range[0] < one.range[1]);
                prop_assert!(one.range[1] <= text.chars().count());
            }
        }
    }
}
