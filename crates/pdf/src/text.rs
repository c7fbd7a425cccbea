//! Characters and words: folding, joining over line breaks, counting scripts.

use std::collections::BTreeSet;

use spinemed_core::vocabulary::Language;
use unicode_normalization::UnicodeNormalization;

/// Adds one drawn character to a text. Ligatures of the block U+FB00 to U+FB06 are spelt out,
/// mathematical letters become plain ones, every space becomes U+0020, controls are left out, and bullets of symbol fonts (which sit
/// in the private use area) become U+2022.
pub(crate) fn push_folded(c: char, out: &mut String) {
    match c {
        '\u{fb00}' => out.push_str("ff"),
        '\u{fb01}' => out.push_str("fi"),
        '\u{fb02}' => out.push_str("fl"),
        '\u{fb03}' => out.push_str("ffi"),
        '\u{fb04}' => out.push_str("ffl"),
        '\u{fb05}' | '\u{fb06}' => out.push_str("st"),
        '\u{f0b7}' | '\u{f0a7}' | '\u{f06e}' => out.push('\u{2022}'),
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' => {}
        // Letters of formulas, drawn from the block of mathematical alphanumerics.
        '\u{1d400}'..='\u{1d7ff}' => out.extend(c.nfkc()),
        c if c.is_whitespace() => out.push(' '),
        c if c.is_control() => {}
        c => out.push(c),
    }
}

/// NFC with one space between words and none around.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if word.is_ascii() {
            out.push_str(word)
        } else {
            out.extend(word.nfc())
        }
    }
    out
}

/// Whether a character is written without spaces around it: Han, kana, and their punctuation.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{303f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// The main language by letters: Chinese where Han characters outnumber Latin *words*, taken
/// as five letters each, because a Chinese article still cites in English.
pub(crate) fn language<'a>(texts: impl Iterator<Item = &'a str>) -> Language {
    let (mut han, mut latin) = (0usize, 0usize);
    for c in texts.flat_map(str::chars) {
        han += usize::from(is_cjk(c));
        latin += usize::from(c.is_ascii_alphabetic());
    }
    if han * 5 > latin {
        Language::Zh
    } else {
        Language::En
    }
}

/// The words of a document, lower case: what a broken word is checked against.
#[derive(Debug, Default)]
pub(crate) struct Lexicon(BTreeSet<String>);

impl Lexicon {
    /// Takes in the words of a line but its last, which may be broken.
    pub(crate) fn learn(&mut self, line: &str) {
        let mut words: Vec<&str> = line.split(' ').collect();
        if line.ends_with(is_hyphen) {
            words.pop();
        }
        for word in words {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            if word.len() > 2 && word.chars().any(char::is_alphabetic) {
                self.0.insert(word.to_lowercase());
            }
        }
    }

    fn knows(&self, word: &str) -> bool {
        self.0.contains(&word.to_lowercase())
    }
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{ad}')
}

/// Continues a text with the next line.
///
/// A hyphen at the end is dropped where the joined word stands elsewhere in the document, or
/// where nothing speaks for keeping it; it stays before capitals and digits (`COVID-19`), and
/// where the document writes the word with a hyphen inside a line.
pub(crate) fn join(text: &mut String, next: &str, lexicon: &Lexicon) {
    let Some(first) = next.chars().next() else {
        return;
    };
    let Some(last) = text.chars().next_back() else {
        text.push_str(next);
        return;
    };
    let before = text.chars().rev().nth(1);
    if is_hyphen(last) && before.is_some_and(char::is_alphanumeric) {
        if last == '\u{ad}' || (first.is_lowercase() && drops_hyphen(text, next, lexicon)) {
            text.pop();
        }
    } else if !(is_cjk(last) && is_cjk(first) || glues(last, before, first)) {
        text.push(' ');
    }
    text.push_str(next);
}

/// A range or a fraction broken after its sign: `2001–` / `2005`.
fn glues(last: char, before: Option<char>, first: char) -> bool {
    matches!(last, '\u{2013}' | '/')
        && before.is_some_and(|c| c.is_ascii_digit())
        && first.is_ascii_digit()
}

fn drops_hyphen(text: &str, next: &str, lexicon: &Lexicon) -> bool {
    let left = text
        .rsplit(' ')
        .next()
        .unwrap_or_default()
        .trim_end_matches(is_hyphen);
    let left = left.trim_start_matches(|c: char| !c.is_alphanumeric());
    let right = next.split(' ').next().unwrap_or_default();
    let right = right.trim_end_matches(|c: char| !c.is_alphanumeric());
    if lexicon.knows(&format!("{left}{right}")) {
        return true;
    }
    if lexicon.knows(&format!("{left}-{right}")) || left.contains('-') {
        return false;
    }
    // Both halves are words of their own: a compound rather than a broken word.
    !(left.len() > 3 && right.len() > 3 && lexicon.knows(left) && lexicon.knows(right))
}

/// Whether a text ends like a sentence.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\u{201d}', '\u{2019}', ')', ']']);
    text.ends_with([
        '.', '!', '?', ':', '\u{3002}', '\u{ff01}', '\u{ff1f}', '\u{ff1a}',
    ])
}

/// Whether a line is nothing but the address of one figure or table, as some journals print
/// under each: `https://doi.org/10.1371/journal.pone.0211233.g001`.
pub(crate) fn is_object_address(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("https://doi.org/10.") else {
        return false;
    };
    let object = rest.rsplit(['.', '/']).next().unwrap_or_default();
    let bare = object.trim_end_matches(|c: char| c.is_ascii_digit());
    !rest.contains(' ')
        && bare.len() < object.len()
        && matches!(bare, "g" | "t" | "s" | "fig-" | "table-")
}

/// The first DOI in a text, without the punctuation after it (ISO 26324; the pattern is that
/// of Crossref's recommendation: `10.`, four to nine digits, `/`, a suffix).
pub(crate) fn doi(text: &str) -> Option<String> {
    for (at, _) in text.match_indices("10.") {
        let rest = &text[at + 3..];
        let registrant = rest.bytes().take_while(u8::is_ascii_digit).count();
        if !(4..=9).contains(&registrant) || rest.as_bytes().get(registrant) != Some(&b'/') {
            continue;
        }
        let suffix: String = rest[registrant + 1..]
            .chars()
            .take_while(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | ',' | '|'))
            .collect();
        let suffix = suffix.trim_end_matches(['.', ';', ':', ')', ']', '-']);
        if suffix.len() >= 2 {
            return Some(format!("10.{}/{suffix}", &rest[..registrant]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(lines: &[&str]) -> String {
        let mut lexicon = Lexicon::default();
        for line in lines {
            lexicon.learn(line);
        }
        let mut text = String::new();
        for line in lines {
            join(&mut text, line, &lexicon);
        }
        text
    }

    #[test]
    fn addresses_of_figures_are_told() {
        let check = |line: &str, expect| assert_eq!(is_object_address(line), expect, "{line}");
        check("https://doi.org/10.1371/journal.pone.0211233.g001", true);
        check("https://doi.org/10.7717/peerj.12/fig-2", true);
        check("https://doi.org/10.1186/s13018-018-0929-4", false);
        check(
            "see https://doi.org/10.1371/journal.pone.0211233.g001",
            false,
        );
    }

    #[test]
    fn broken_words_are_joined() {
        let check = |lines: &[&str], expect: &str| assert_eq!(joined(lines), expect);
        check(&["lumbar degen-", "eration"], "lumbar degeneration");
        check(&["the COVID-", "19 wards"], "the COVID-19 wards");
        check(
            &["well-known; a well-", "known sign"],
            "well-known; a well-known sign",
        );
        check(&["from 2001\u{2013}", "2005"], "from 2001\u{2013}2005");
        check(&["腰椎间盘", "突出症"], "腰椎间盘突出症");
        check(&["soft\u{ad}", "ware"], "software");
        check(&["one", "two"], "one two");
        check(&["a mid-to-", "late phase"], "a mid-to-late phase");
    }

    #[test]
    fn ligatures_are_spelt_out() {
        let mut text = String::new();
        "e\u{fb03}cient \u{fb01}xation\u{a0}\u{fb06} \u{1d707}"
            .chars()
            .for_each(|c| push_folded(c, &mut text));
        assert_eq!(text, "efficient fixation st \u{3bc}");
        assert_eq!(tidy("  e\u{301}tude \n two "), "étude two");
    }

    #[test]
    fn dois_are_found() {
        let check =
            |text: &str, expect: Option<&str>| assert_eq!(doi(text).as_deref(), expect, "{text}");
        check(
            "https://doi.org/10.1186/s13018-018-0950-5.",
            Some("10.1186/s13018-018-0950-5"),
        );
        check(
            "DOI: 10.1371/journal.pone.0211738 January",
            Some("10.1371/journal.pone.0211738"),
        );
        check("section 10.2 and 10.12/x", None);
        check("10.1000/", None);
    }

    #[test]
    fn languages_are_told_apart() {
        assert_eq!(
            language(["腰椎管狭窄症的诊断 MRI"].into_iter()),
            Language::Zh
        );
        assert_eq!(
            language(["Lumbar stenosis (腰椎)"].into_iter()),
            Language::En
        );
    }

    proptest::proptest! {
        #[test]
        fn joining_never_panics(a in ".{0,40}", b in ".{0,40}") {
            let mut text = tidy(&a);
            join(&mut text, &tidy(&b), &Lexicon::default());
            doi(&a);
            ends_sentence(&b);
        }
    }
}
