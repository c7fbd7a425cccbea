//! The grammar of captions.
//!
//! `Figure 2. Sagittal MRI` and `图 2 腰椎矢状位` are captions; `Figure 2 shows` and
//! `图2显示` begin sentences. What decides is what stands between the number and the next
//! word, and that word.

/// What a caption is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// A figure, scheme or plate.
    Figure,
    /// A table or box.
    Table,
}

/// A caption's beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub of: Of,
    /// `Figure 2`, as printed, without what follows.
    pub printed: String,
    /// Punctuation follows the number: the grammar alone is sure.
    pub sure: bool,
}

/// Words that begin captions, lower case, longest first.
const WORDS: [(&str, Of); 14] = [
    ("supplementary figure", Of::Figure),
    ("supplementary table", Of::Table),
    ("figure", Of::Figure),
    ("scheme", Of::Figure),
    ("plate", Of::Figure),
    ("chart", Of::Figure),
    ("fig.", Of::Figure),
    ("fig", Of::Figure),
    ("table", Of::Table),
    ("tab.", Of::Table),
    ("附图", Of::Figure),
    ("图", Of::Figure),
    ("圖", Of::Figure),
    ("表", Of::Table),
];

/// What follows the number directly in a Chinese sentence about a figure.
const CHINESE_VERBS: [&str; 16] = [
    "显示", "所示", "示", "展示", "可见", "可以", "中", "为", "是", "和", "及", "、", "说明",
    "表明", "给出", "列出",
];

/// Reads the beginning of a caption; `None` where the text begins otherwise or as a sentence
/// about a figure.
pub(crate) fn parse(text: &str) -> Option<Label> {
    let (word, of) = WORDS.iter().find(|(word, _)| starts_with(text, word))?;
    let after_word = &text[word.len()..];
    let spaced = after_word.trim_start_matches([' ', '\u{a0}']);
    let number = number_length(spaced)?;
    let cjk_word = !word.is_ascii();
    if !cjk_word && spaced.len() == after_word.len() && !word.ends_with('.') {
        return None;
    }
    let printed_end = text.len() - spaced.len() + number;
    let sure = follows(&spaced[number..], cjk_word)?;
    Some(Label {
        of: *of,
        printed: text[..printed_end].to_owned(),
        sure,
    })
}

/// English words must stand as `Figure`, `figure` is part of a sentence; Chinese has no case.
fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|head| {
        head.eq_ignore_ascii_case(word) && !head.starts_with(|c: char| c.is_lowercase())
    })
}

/// The length of `2`, `3.1`, `2-4`, `S1`, `A1`, `IV`, `2a`, in bytes.
fn number_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let roman = bytes
        .iter()
        .take_while(|b| matches!(b, b'I' | b'V' | b'X'))
        .count();
    let ends = |at: usize| bytes.get(at).is_none_or(|b| !b.is_ascii_alphanumeric());
    if (1..=5).contains(&roman) && ends(roman) {
        return Some(roman);
    }
    let mut at = usize::from(matches!(bytes.first(), Some(b'S' | b'A' | b'B' | b'E')));
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let first = digits(at);
    if !(1..=3).contains(&first) {
        return None;
    }
    at += first;
    while matches!(bytes.get(at), Some(b'.' | b'-')) {
        let more = digits(at + 1);
        if !(1..=3).contains(&more) {
            break;
        }
        at += 1 + more;
    }
    if bytes.get(at).is_some_and(u8::is_ascii_alphabetic) && ends(at + 1) {
        at += 1;
    }
    ends(at).then_some(at)
}

/// Whether what follows the number continues a caption; `Some(true)` after punctuation.
fn follows(rest: &str, cjk_word: bool) -> Option<bool> {
    let trimmed = rest.trim_start();
    let Some(first) = trimmed.chars().next() else {
        return Some(true);
    };
    if matches!(
        first,
        '.' | ':' | '|' | '–' | '—' | '．' | '：' | '。' | '-'
    ) {
        let after = trimmed[first.len_utf8()..].trim_start_matches([' ', '.', '-', '—']);
        let begins = after.chars().next();
        // `Figure 2. the` continues no sentence, but `Fig. 2. shows` would.
        return begins.is_none_or(|c| !c.is_lowercase()).then_some(true);
    }
    if ["(continued", "(cont", "(Continued", "（续", "(续"]
        .iter()
        .any(|w| trimmed.starts_with(w))
    {
        return Some(true);
    }
    if cjk_word && CHINESE_VERBS.iter().any(|verb| trimmed.starts_with(verb)) {
        return None;
    }
    if cjk_word && crate::text::is_cjk(first) && !matches!(first, '，' | '）' | '；') {
        return Some(rest.len() != trimmed.len());
    }
    // Without punctuation the next word must begin a phrase: `Fig. 1 Flow diagram`.
    let spaced = rest.len() != trimmed.len();
    (spaced && (first.is_uppercase() || first.is_ascii_digit() || matches!(first, '(' | '[' | '“')))
        .then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<(&str, bool)>) {
        let found = parse(text);
        assert_eq!(
            found.as_ref().map(|l| (l.printed.as_str(), l.sure)),
            expect,
            "{text}"
        );
    }

    #[test]
    fn captions_are_read() {
        check("Figure 2. Sagittal MRI", Some(("Figure 2", true)));
        check("Fig. 1 Flow diagram of the search", Some(("Fig. 1", false)));
        check("FIGURE 3 | Bone density", Some(("FIGURE 3", true)));
        check("Fig. 3.1: Canal", Some(("Fig. 3.1", true)));
        check("Fig 4", Some(("Fig 4", true)));
        check("Figure S1. Search", Some(("Figure S1", true)));
        check("Table IV. Levels", Some(("Table IV", true)));
        check("Table 1 (continued)", Some(("Table 1", true)));
        check("图 2 腰椎矢状位", Some(("图 2", true)));
        check("图1腰椎矢状位", Some(("图1", false)));
        check("表3：分级", Some(("表3", true)));
        check("Fig. 2a Axial view", Some(("Fig. 2a", false)));
    }

    #[test]
    fn sentences_about_figures_are_none() {
        check("Figure 2 shows the canal", None);
        check("Figure 2 and Figure 3 show", None);
        check("Fig. 2, left", None);
        check("Figure 2. shows", None);
        check("Table 1) and", None);
        check("Figures 2 and 3", None);
        check("图2显示椎管狭窄", None);
        check("图2所示", None);
        check("figure 2. the", None);
        check("Tables", None);
        check("Figure", None);
        check("表面", None);
        check("Table 2019", None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(Fig\\. |Figure|图|Table )?[0-9SIV.a-c]{0,6}.{0,10}") {
            if let Some(label) = parse(&text) {
                assert!(text.starts_with(&label.printed));
            }
        }
    }
}
