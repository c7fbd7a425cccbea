//! The form in which texts are compared.

use spinemed_core::{Digest, KeyHasher};
use unicode_normalization::UnicodeNormalization;

/// NFKC (Unicode Standard Annex 15), lower case, one kind of dash and quotation mark, one
/// space between words. Digits and other punctuation stay: `L4/5` is not `L45`.
#[must_use]
pub fn normalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkc().flat_map(char::to_lowercase).map(plain) {
        if c.is_whitespace() {
            gap = !out.is_empty();
            continue;
        }
        if matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}') {
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(c);
    }
    out
}

fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        other => other,
    }
}

/// The digest of texts in their normal form, in order.
pub(crate) fn text_digest<'a>(texts: impl IntoIterator<Item = &'a str>) -> Digest {
    let mut hasher = KeyHasher::new("spinemed/same-text/1");
    for text in texts {
        hasher = hasher.field("text", normalised(text));
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spelling_of_the_same_words_is_one() {
        let check = |a: &str, b: &str, same: bool| {
            assert_eq!(text_digest([a]) == text_digest([b]), same, "{a} | {b}");
        };
        check(
            "Disc  Herniation\nat L4–L5 ",
            "disc herniation at L4-L5",
            true,
        );
        check("ﬁxation", "fixation", true);
        check("L4/5", "L45", false);
        check("腰 椎", "腰椎", false);
        assert_ne!(text_digest(["a b"]), text_digest(["a", "b"]));
    }

    proptest! {
        #[test]
        fn normal_form_is_stable(text in "\\PC{0,60}") {
            let once = normalised(&text);
            prop_assert_eq!(normalised(&once), once);
        }
    }
}
