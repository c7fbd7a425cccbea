//! Folding of spellings, with the way back to the text's own characters.

use unicode_normalization::UnicodeNormalization;

/// A text in folded characters.
pub(crate) struct Folded {
    /// The folded characters.
    pub chars: Vec<char>,
    /// For each folded character, the index of the character it came of.
    pub origin: Vec<usize>,
}

/// Folds widths, dashes, slashes and blanks (Unicode NFKC for the rest). Superscripts and
/// subscripts stay as they are, since `C₃` and `T²` are never levels.
pub(crate) fn fold(text: &str) -> Folded {
    let mut folded = Folded {
        chars: Vec::with_capacity(text.len()),
        origin: Vec::with_capacity(text.len()),
    };
    for (index, original) in text.chars().enumerate() {
        match simple(original) {
            Simple::One(char) => {
                folded.chars.push(char);
                folded.origin.push(index);
            }
            Simple::Nothing => {}
            Simple::Compatible => {
                for char in std::iter::once(original).nfkc() {
                    folded.chars.push(char);
                    folded.origin.push(index);
                }
            }
        }
    }
    folded
}

enum Simple {
    One(char),
    Nothing,
    Compatible,
}

fn simple(char: char) -> Simple {
    match char {
        '\n' | ' '..='~' => Simple::One(char),
        '\u{2028}' | '\u{2029}' | '\u{0b}' | '\u{0c}' | '\r' => Simple::One('\n'),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => Simple::Nothing,
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}' => Simple::One('-'),
        '\u{2044}' | '\u{2215}' | '\u{ff0f}' | '\u{29f8}' => Simple::One('/'),
        '\u{301c}' | '\u{223c}' | '\u{ff5e}' => Simple::One('~'),
        '、' | '，' => Simple::One(','),
        '：' => Simple::One(':'),
        '；' => Simple::One(';'),
        '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{bc}'..='\u{be}' | '\u{2070}'..='\u{209f}' => {
            Simple::One(char)
        }
        '\u{4e00}'..='\u{9fff}' | '。' => Simple::One(char),
        _ if char.is_whitespace() => Simple::One(' '),
        _ => Simple::Compatible,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_and_keeps_the_way_back() {
        let check = |text: &str, expect: &str| {
            let folded = fold(text);
            assert_eq!(folded.chars.iter().collect::<String>(), expect);
            assert_eq!(folded.chars.len(), folded.origin.len());
        };
        check("Ｌ４／５", "L4/5");
        check("L4\u{2011}5 L4\u{2212}5 L4\u{2044}5", "L4-5 L4-5 L4/5");
        check("ﬁssure\u{a0}L\u{ad}4", "fissure L4");
        check("C₃ T²", "C₃ T²");
        assert_eq!(fold("ﬁL4").origin, [0, 0, 1, 2]);
    }
}
