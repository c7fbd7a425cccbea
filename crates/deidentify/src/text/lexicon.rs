//! Which words are plain language: everything else with a capital may be a name.

use std::collections::BTreeSet;
use std::sync::LazyLock;

static FUNCTION: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| load(include_str!("words/function.txt")));
static CLINICAL: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| load(include_str!("words/clinical.txt")));
static PROSE: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| load(include_str!("words/prose.txt")));
static AMBIGUOUS: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| load(include_str!("words/ambiguous.txt")));
static NAMES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| load(include_str!("words/names.txt")));
static SHOUTED: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| load(include_str!("words/capitals.txt")));
/// The same in lower case, without those that count in capitals alone.
static CAPITALS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let lower = |word: &&str| word.chars().any(char::is_lowercase);
    let words = SHOUTED.iter().filter(|word| lower(word));
    words
        .flat_map(|word| word.split(['-', '\'']))
        .map(str::to_lowercase)
        .filter(|part| part.len() > 1)
        .collect()
});

/// Ends of clinical words that no name has.
const ENDINGS: &[&str] = &[
    "itis",
    "osis",
    "ectomy",
    "otomy",
    "plasty",
    "pathy",
    "algia",
    "graphy",
    "scopy",
    "listhesis",
    "aemia",
    "emia",
    "plegia",
    "paresis",
    "esthesia",
    "trophy",
    "genic",
    "ation",
    "ations",
    "cillin",
    "mycin",
    "azole",
    "statin",
    "gabalin",
    "profen",
    "floxacin",
    "dronate",
    "sartan",
    "triptyline",
    "pathic",
    "otic",
    "ological",
    "itic",
    "ically",
    "ectomies",
    "caine",
];

/// A word that holds sentences together. All words are asked for in lower case.
pub(crate) fn is_function(word: &str) -> bool {
    FUNCTION.contains(word)
}

/// A word of spine reports, in any usual form.
pub(crate) fn is_clinical(word: &str) -> bool {
    let long = word.chars().count() > 6;
    (long && ENDINGS.iter().any(|end| word.ends_with(end))) || forms(&CLINICAL, word)
}

/// A word of everyday prose, in any usual form.
pub(crate) fn is_prose(word: &str) -> bool {
    forms(&PROSE, word)
}

/// A word of any of the lists.
pub(crate) fn is_word(word: &str) -> bool {
    is_function(word) || is_clinical(word) || is_prose(word)
}

/// A word that is a name of people as well.
pub(crate) fn is_ambiguous(word: &str) -> bool {
    AMBIGUOUS.contains(word)
}

/// A name of people that is no word: it is one in lower case too.
pub(crate) fn is_name(word: &str) -> bool {
    NAMES.contains(word)
}

/// An eponym, drug or abbreviation. Abbreviations count in capitals alone.
pub(crate) fn is_capital(word: &str) -> bool {
    SHOUTED.contains(word) || CAPITALS.contains(&word.to_lowercase())
}

/// The list's words; lines with `#` are comments.
pub(crate) fn load(text: &'static str) -> BTreeSet<&'static str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
}

/// Whether a list has the word or the stem of its form.
fn forms(list: &BTreeSet<&'static str>, word: &str) -> bool {
    let has = |stem: &str| stem.len() > 2 && list.contains(stem);
    if list.contains(word) {
        return true;
    }
    let ends = [
        ("ies", "y"),
        ("ied", "y"),
        ("es", ""),
        ("s", ""),
        ("ed", ""),
        ("ed", "e"),
        ("ing", ""),
        ("ing", "e"),
        ("ly", ""),
        ("al", ""),
        ("ally", ""),
    ];
    ends.iter().any(|(end, with)| {
        word.strip_suffix(end)
            .is_some_and(|stem| has(&format!("{stem}{with}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_their_forms() {
        for word in [
            "stenosis",
            "stenoses",
            "compressing",
            "studies",
            "laminectomies",
            "walked",
        ] {
            assert!(is_word(word), "{word}");
        }
        for word in ["kowalczyk", "okonjo", "smith", "jones", "hughes"] {
            assert!(!is_word(word), "{word}");
        }
        assert!(is_capital("MRI") && !is_capital("Mri") && is_capital("modic"));
        assert!(is_name("kowalczyk") && !is_name("stenosis") && !is_name("brown"));
        assert!(is_ambiguous("brown") && !is_ambiguous("stenosis"));
    }
}
