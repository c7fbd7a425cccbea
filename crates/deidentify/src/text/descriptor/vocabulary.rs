//! What a part of a description is, by itself and beside its neighbours.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::parts::{Kind, Part};
use super::technique;
use crate::text::lexicon;
use crate::text::page::{Page, is_han};

static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let words = lexicon::load(include_str!("../words/descriptor.txt"));
    words.into_iter().map(str::to_lowercase).collect()
});
static HAN: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let mut words = lexicon::load(include_str!("../words/descriptor-han.txt"));
    words.extend(lexicon::load(include_str!("../words/han-clinical.txt")));
    words
});

/// More characters than this no word of the Han vocabulary has.
pub(super) const LONGEST_HAN: usize = 6;

const LINKS: &[&str] = &[
    "and",
    "or",
    "vs",
    "versus",
    "of",
    "to",
    "from",
    "for",
    "on",
    "at",
    "by",
    "each",
    "all",
    "per",
    "through",
    "thru",
    "including",
    "incl",
    "excluding",
    "only",
    "not",
    "no",
    "both",
    "between",
    "than",
    "the",
    "et",
    "und",
    "oder",
    "der",
    "die",
    "das",
    "des",
    "den",
    "dem",
    "de",
    "del",
    "la",
    "le",
    "el",
    "du",
    "les",
    "da",
    "do",
    "em",
    "en",
    "im",
    "mit",
    "avec",
    "with",
    "without",
    "w",
    "wo",
    "in",
    "as",
    "an",
    "due",
    "during",
    "after",
    "before",
];
/// Letters that stand alone in descriptions.
const LETTERS: &str = "lrctswoapdxgmvyeb";
/// Titles that are modalities as well.
const TITLES: &[&str] = &["dr", "mr", "ms"];

pub(super) fn is_word(lower: &str) -> bool {
    WORDS.contains(lower)
}

pub(super) fn is_han_word(text: &str) -> bool {
    HAN.contains(text)
}

/// What a part is by itself.
pub(super) fn kind(text: &str, lower: &str) -> Kind {
    let count = text.chars().count();
    if text.chars().all(is_han) {
        return match (is_han_word(text), count) {
            (true, 1) => Kind::Letter,
            (true, _) => Kind::Word,
            _ => Kind::Gone("name", "descriptor-word"),
        };
    }
    if technique::is_number(lower) {
        return Kind::Number;
    }
    if count == 1 {
        return if LETTERS.contains(lower) {
            Kind::Letter
        } else {
            Kind::Gone("name", "descriptor-word")
        };
    }
    if LINKS.contains(&lower) {
        return Kind::Link;
    }
    let bare: String = lower.chars().filter(|c| *c != '.').collect();
    if is_word(lower)
        || is_word(&bare)
        || clinical(lower)
        || prose(text)
        || technique::is_technique(text, lower)
    {
        return Kind::Word;
    }
    let digits = text.chars().any(|c| c.is_ascii_digit());
    Kind::Gone(if digits { "id" } else { "name" }, "descriptor-word")
}

/// A word of spine reports that is no name of people.
fn clinical(lower: &str) -> bool {
    lower.chars().count() > 2 && lexicon::is_clinical(lower) && !lexicon::is_ambiguous(lower)
}

/// A plain word in lower case, as in the meanings of codes.
fn prose(text: &str) -> bool {
    let lower = text.chars().count() > 2 && text.chars().all(char::is_lowercase);
    lower && lexicon::is_prose(text) && !lexicon::is_ambiguous(text)
}

/// Decides on what depends on its neighbours.
pub(super) fn judge(page: &Page, parts: &mut [Part]) {
    for at in 0..parts.len() {
        if parts[at].kind == Kind::Number && !technique::number_stays(page, parts, at) {
            parts[at].drop_as("id", "descriptor-number");
            // What is left of an age says that there was one.
            let words = parts[at + 1..].iter_mut();
            words
                .take_while(|part| technique::YEARS.contains(&part.lower.as_str()))
                .for_each(|part| part.drop_as("id", "descriptor-number"));
        }
    }
    titles(page, parts);
    prefixes(page, parts);
    for at in 0..parts.len() {
        if parts[at].kind == Kind::Letter && !letter_stays(page, parts, at) {
            parts[at].drop_as("name", "descriptor-word");
        }
    }
    drop_links(page, parts);
}

/// `DR` and `MR` before what goes are titles.
fn titles(page: &Page, parts: &mut [Part]) {
    for at in 1..parts.len() {
        let title = &parts[at - 1];
        let shouted = page
            .slice(title.range.clone())
            .chars()
            .all(char::is_uppercase);
        let strange = matches!(parts[at].kind, Kind::Gone("name", _));
        if strange && TITLES.contains(&title.lower.as_str()) && (!shouted || title.lower == "dr") {
            parts[at - 1].drop_as("name", "descriptor-word");
        }
    }
}

/// Short letters before a number that goes are a part of it: an accession number's `BX-`.
fn prefixes(page: &Page, parts: &mut [Part]) {
    for at in 1..parts.len() {
        let (left, right) = (&parts[at - 1], &parts[at]);
        let joined = page.slice(left.range.end..right.range.start) == "-";
        let number = matches!(right.kind, Kind::Gone("id", _)) && right.range.len() > 3;
        if joined && number && left.range.len() < 4 {
            parts[at - 1].drop_as("id", "descriptor-number");
        }
    }
}

/// Beside a word that stays, and beside nothing that went.
fn letter_stays(page: &Page, parts: &[Part], at: usize) -> bool {
    let own = &parts[at];
    let left = at.checked_sub(1).map(|left| &parts[left]);
    let right = parts.get(at + 1);
    let han = own.lower.chars().all(is_han);
    let touches =
        |other: &Part| other.range.end == own.range.start || own.range.end == other.range.start;
    let near = |other: &&Part| !han || touches(other);
    let (left, right) = (left.filter(near), right.filter(near));
    let gone = |other: Option<&Part>| other.is_some_and(|other| !other.kept());
    let stays = |other: Option<&Part>| other.is_some_and(Part::kept);
    let initial = !han && page.at(own.range.end) == Some('.');
    if initial || gone(left) || gone(right) {
        return false;
    }
    // A character by itself between marks is a word of its own: 左, 轴.
    han && left.is_none() && right.is_none() || stays(left) || stays(right)
}

/// Words that link stay where something follows that they link to.
pub(super) fn drop_links(page: &Page, parts: &mut [Part]) {
    let mut follows = false;
    for at in (0..parts.len()).rev() {
        match parts[at].kind {
            Kind::Link => {
                let ends = parts[at].lower.as_str();
                let alone = matches!(
                    ends,
                    "w" | "wo" | "with" | "without" | "only" | "both" | "all"
                );
                let glued = page.before(parts[at].range.start) == Some('_');
                if !follows && !((alone || glued) && next_is_edge(parts, at)) {
                    parts[at].drop_as("other", "descriptor-word");
                }
            }
            Kind::Gone(..) => follows = false,
            _ => follows = true,
        }
    }
}

/// Whether nothing at all stands behind a part.
fn next_is_edge(parts: &[Part], at: usize) -> bool {
    parts.get(at + 1).is_none()
}
