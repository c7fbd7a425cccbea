//! How the challenge compares texts: as numbers, as a substring, then word by word.

/// English function words; they tell nothing and are not compared.
const FUNCTION_WORDS: &str = " a about above after again against all am an and any are aren't as at \
 be because been before being below between both but by can couldn't d did didn't do does doesn't \
 doing don don't down during each few for from further had hadn't has hasn't have haven't having he \
 her here hers herself him himself his how i if in into is isn't it it's its itself just ll m me \
 more most my myself no nor not now o of off on once only or other our ours ourselves out over own \
 re s same shan't she she's should should've shouldn't so some such t than that that'll the their \
 theirs them themselves then there these they this those through to too under until up ve very was \
 wasn't we were weren't what when where which while who whom why will with won't wouldn't y you \
 you'd you'll you're you've your yours yourself yourselves ";

/// Whether all that must stay of `wanted` stands in `value`.
pub(super) fn retained(value: &str, wanted: &str) -> bool {
    compare(value, wanted, true)
}

/// Whether nothing of `unwanted` stands in `value`. Words are looked for as parts of words, as
/// the challenge does: two letters of a name inside of another word count as left.
pub(super) fn removed(value: &str, unwanted: &str) -> bool {
    compare(value, unwanted, false)
}

fn compare(value: &str, asked: &str, keep: bool) -> bool {
    let clean = |text: &str| text.replace(['<', '>'], "").to_lowercase();
    let (value, asked) = (clean(value), clean(asked));
    if let (Some(value), Some(asked)) = (number(&value), number(&asked)) {
        return (value == asked) == keep;
    }
    if value.contains(&asked) {
        return keep;
    }
    words(&asked)
        .iter()
        .all(|word| value.contains(word.as_str()) == keep)
}

/// Digits with at most one point.
fn number(text: &str) -> Option<f64> {
    let digits = text.replacen('.', "", 1);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// The words of a text as the Penn Treebank's conventions part them, as far as they change what
/// is compared: marks stand alone, but hyphens, slashes and marks between digits do not part.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for chunk in text.split_whitespace() {
        let chars: Vec<char> = chunk.chars().collect();
        let mut word = String::new();
        for (at, c) in chars.iter().enumerate() {
            let between = at > 0
                && chars[at - 1].is_ascii_digit()
                && chars.get(at + 1).is_some_and(char::is_ascii_digit);
            let last = at + 1 == chars.len();
            let parts = match c {
                ',' | ':' => !between,
                '.' => last,
                '\'' => {
                    // A clitic begins a word of its own.
                    push(&mut words, &mut word);
                    false
                }
                c => "!\"#$%&()*;?@[]`{}~\u{201c}\u{201d}\u{2018}\u{2019}\u{2022}".contains(*c),
            };
            if parts {
                push(&mut words, &mut word);
            } else {
                word.push(*c);
            }
        }
        push(&mut words, &mut word);
    }
    let telling = |word: &String| {
        let mark = word.chars().all(|c| c.is_ascii_punctuation());
        !mark && !FUNCTION_WORDS.contains(&format!(" {word} "))
    };
    words.into_iter().filter(telling).collect()
}

fn push(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_word_by_word() {
        for (value, asked, kept) in [
            ("CT of the lumbar spine", "CT spine", true),
            ("CT of the spine", "CT lumbar spine", false),
            ("12", "12.0", true),
            ("12.5", "12.0", false),
            ("", "the", true),
            ("T2_TSE", "t2_tse", true),
        ] {
            assert_eq!(retained(value, asked), kept, "{value} {asked}");
        }
        for (value, asked, gone) in [
            ("LUMBAR", "Anna^Roe", true),
            ("scan of roe", "Anna Roe", false),
            ("scan", "Anna Roe", true),
            ("the patient", "the Anna", true),
            ("19991231", "12/31/1999", true),
            ("heroes", "Roe", false),
        ] {
            assert_eq!(removed(value, asked), gone, "{value} {asked}");
        }
    }

    #[test]
    fn words_are_parted_at_marks() {
        assert_eq!(
            words("Roe's 1,234 (x) end."),
            ["Roe", "'s", "1,234", "x", "end"]
        );
        assert_eq!(words("l4/5-s1 a:b"), ["l4/5-s1", "b"]);
    }
}
