//! Sentences, quotations and normal forms of English and Chinese texts.

/// The sentences of a text, trimmed, in order. A full stop ends one only where a blank and a
/// capital, digit or Chinese character follow, and no abbreviation stands before it.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let ends = match c {
            '。' | '！' | '？' | '!' | '?' | '\n' => true,
            '.' => ends_at_stop(text, at),
            _ => false,
        };
        if ends {
            push(&mut found, &text[start..end]);
            start = end;
        }
    }
    push(&mut found, &text[start..]);
    found
}

fn push<'a>(found: &mut Vec<&'a str>, sentence: &'a str) {
    let sentence = sentence.trim();
    if !sentence.is_empty() {
        found.push(sentence);
    }
}

const ABBREVIATIONS: &[&str] = &[
    "fig", "figs", "vs", "e.g", "i.e", "al", "dr", "no", "approx", "ca", "resp", "cf", "st", "mr",
    "mrs", "prof", "eq", "ref", "refs", "tab",
];

fn ends_at_stop(text: &str, at: usize) -> bool {
    let rest = &text[at + 1..];
    // `P = .011` and `<.05`: no sentence ends in a blank or a sign.
    let word = |c: char| !c.is_whitespace() && !"=<>≤≥±−-".contains(c);
    if rest.starts_with(|c: char| c.is_ascii_digit()) && !text[..at].ends_with(word) {
        return false;
    }
    // A mark of citation may be glued to the stop: `ligaments.[1] The`, `disc.3 The`.
    let decimal = text[..at].ends_with(|c: char| c.is_ascii_digit());
    let mark = |c: char| "[]()”\"’,–-".contains(c) || c.is_ascii_digit() && !decimal;
    let after = if decimal && rest.starts_with(|c: char| c.is_ascii_digit()) {
        rest
    } else {
        rest.trim_start_matches(mark)
    };
    if after.is_empty() {
        return true;
    }
    if !after.starts_with(char::is_whitespace) {
        return false;
    }
    let next = after.trim_start().chars().next();
    // Some typesetters lose the capital of a sentence's first word.
    let lost = after.trim_start().starts_with("the ");
    let opens = lost
        || next.is_none_or(|c| c.is_uppercase() || c.is_ascii_digit() || is_han(c) || c == '[');
    let before = text[..at]
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let initial = before.chars().count() == 1 && before.chars().all(char::is_alphabetic);
    opens && !initial && !ABBREVIATIONS.contains(&before.as_str())
}

/// Whether a character is a Chinese one.
pub(crate) fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || ('\u{3400}'..='\u{4dbf}').contains(&c)
}

/// A text without marks of citation such as `[1]`, `[2, 5–7]` or `(3)` after a word, and with
/// single blanks.
pub(crate) fn without_citations(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let Some(length) = rest[open..].find(']') else {
            break;
        };
        let inside = &rest[open + 1..open + length];
        let marks = inside.chars().any(|c| c.is_ascii_digit())
            && inside
                .chars()
                .all(|c| c.is_ascii_digit() || c.is_whitespace() || ",;-–—".contains(c));
        if marks {
            out.push_str(rest[..open].trim_end());
        } else {
            out.push_str(&rest[..=open + length]);
        }
        rest = &rest[open + length + 1..];
    }
    out.push_str(rest);
    squeeze(&out)
}

/// One blank for each run of blanks.
pub(crate) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A form in which equal words are equal: lower case, ASCII forms of full-width signs, one
/// kind of dash, no blanks and no punctuation but what numbers need.
pub(crate) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().map(plain) {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if "%°<>≤≥±/.-+".contains(c) {
            out.push(c);
        }
    }
    out.trim_end_matches('.').to_owned()
}

/// The ASCII form of a full-width sign, and one kind of dash.
pub(crate) fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).expect("full-width signs have ASCII forms")
        }
        '–' | '—' | '−' | '‐' | '‑' | '~' => '-',
        '⁄' => '/',
        other => other,
    }
}

/// The number of Chinese characters and of Latin words.
pub(crate) fn scripts(text: &str) -> (usize, usize) {
    let mut han = 0;
    let mut latin = 0;
    let mut inside = false;
    for c in text.chars() {
        han += usize::from(is_han(c));
        let letter = c.is_alphabetic() && !is_han(c);
        latin += usize::from(letter && !inside);
        inside = letter || (inside && (c.is_ascii_digit() || c == '\'' || c == '’'));
    }
    (han, latin)
}

/// Whether `word` stands in `text` as a whole word; both in lower case. Chinese words need no
/// boundary.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    if word.is_empty() {
        return false;
    }
    let bare = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() || is_han(c));
    text.match_indices(word).any(|(at, _)| {
        bare(text[..at].chars().next_back()) && {
            let after = &text[at + word.len()..];
            // A plural is the same word.
            let after = after
                .strip_prefix("es")
                .filter(|a| bare(a.chars().next()))
                .unwrap_or(after);
            let after = after.strip_prefix('s').unwrap_or(after);
            bare(after.chars().next())
        }
    })
}

/// A text with its first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// A text with its first letter small, unless the first word is an acronym or a name.
pub(crate) fn small(text: &str) -> String {
    let first = text
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let keeps = first
        .chars()
        .skip(1)
        .any(|c| c.is_uppercase() || c.is_ascii_digit())
        || EPONYMS.contains(&first);
    if keeps || first.chars().count() == 1 && first != "A" {
        return text.to_owned();
    }
    let mut chars = text.chars();
    match chars.next() {
        Some(c) => c.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

const EPONYMS: &[&str] = &[
    "Japanese",
    "Oswestry",
    "Modic",
    "Pfirrmann",
    "Meyerding",
    "Schizas",
    "Cobb",
    "Genant",
    "Scheuermann",
    "Baastrup",
    "Schmorl",
    "Castellvi",
    "Bertolotti",
    "Tarlov",
    "Chiari",
    "Klippel",
    "Paget",
    "Pott",
    "Torg",
    "Hoffmann",
    "Babinski",
    "Kummell",
    "Kümmell",
    "Andersson",
    "Romanus",
    "Risser",
    "Lenke",
];

/// A list in words: `a, b and c`; `a、b和c`.
pub(crate) fn list(items: &[String], chinese: bool) -> String {
    let (comma, and) = if chinese {
        ("、", "和")
    } else {
        (", ", " and ")
    };
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{}{and}{last}", most.join(comma)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sentences_end_where_they_do() {
        let check = |text: &str, expect: &[&str]| assert_eq!(sentences(text), expect, "{text}");
        check(
            "Pain is common [1]. See Fig. 2 of Smith et al. The value is 0.8 mm.",
            &[
                "Pain is common [1].",
                "See Fig. 2 of Smith et al. The value is 0.8 mm.",
            ],
        );
        check(
            "It fell (P = .011, Fig. 3).",
            &["It fell (P = .011, Fig. 3)."],
        );
        check("退变常见。占10.5%！好", &["退变常见。", "占10.5%！", "好"]);
        check("L4/L5. S. aureus grows.", &["L4/L5.", "S. aureus grows."]);
        check(
            "Bone forms.[1,2] the canal is 0.8 mm.",
            &["Bone forms.", "[1,2] the canal is 0.8 mm."],
        );
        check("", &[]);
    }

    #[test]
    fn citations_go() {
        let check = |text: &str, expect: &str| assert_eq!(without_citations(text), expect);
        check("a canal [ 1 ]. More [2,3–5]", "a canal. More");
        check("an array [sic] stays", "an array [sic] stays");
        check("[half", "[half");
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("two disc bulges", "disc bulge"));
        assert!(!has_word("discography", "disc"));
        assert!(has_word("重度椎管狭窄症", "椎管狭窄"));
    }

    #[test]
    fn normal_forms_join_spellings() {
        assert_eq!(normal("10 mm."), normal("１０mm"));
        assert_eq!(normal("L4–L5"), normal("l4-l5"));
        assert_ne!(normal("0.8"), normal("08"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,60}") {
            let _ = (sentences(&text), without_citations(&text), normal(&text), scripts(&text));
            let _ = (capital(&text), small(&text), has_word(&text, "a"));
        }
    }
}
