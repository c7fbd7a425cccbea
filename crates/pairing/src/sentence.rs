//! Sentences of a text. Positions count characters.

/// The sentences of a range, in order, without the blanks between them.
pub(crate) fn sentences(chars: &[char], [start, end]: [usize; 2]) -> Vec<[usize; 2]> {
    let mut found = Vec::new();
    let mut from = start;
    for at in start + 1..=end {
        if at == end || is_end(chars, at) {
            let blanks = chars[from..at]
                .iter()
                .take_while(|c| c.is_whitespace())
                .count();
            let trailing = chars[from + blanks..at]
                .iter()
                .rev()
                .take_while(|c| c.is_whitespace())
                .count();
            if from + blanks < at - trailing {
                found.push([from + blanks, at - trailing]);
            }
            from = at;
        }
    }
    found
}

/// Whether a sentence ends just before a place: after `。` or a line's end, or after a stop
/// and marks of citation where a blank and a capital follow.
pub(crate) fn is_end(chars: &[char], at: usize) -> bool {
    let before = chars[at - 1];
    if "。！？\n".contains(before) {
        return true;
    }
    let opens = chars[at..]
        .iter()
        .find(|c| !c.is_whitespace())
        .is_none_or(|c| c.is_uppercase());
    if !chars.get(at).is_none_or(|c| c.is_whitespace()) || !opens {
        return false;
    }
    let mark = |c: &char| c.is_ascii_digit() || "[]()”\"’,–-".contains(*c);
    let body = chars[..at].iter().rposition(|c| !mark(c)).unwrap_or(0);
    if !".!?".contains(chars[body]) {
        return false;
    }
    let word: String = chars[..body]
        .iter()
        .rev()
        .take_while(|c| c.is_alphanumeric() || **c == '.')
        .collect();
    // Written backwards: `al.`, `vs.`, `Fig.` and an initial end no sentence.
    let shortened = matches!(
        word.as_str(),
        "la" | "sv" | "giF" | "sgiF" | "e.i" | "g.e" | "rD"
    );
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    !(shortened || initial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_stops_alone() {
        let check = |text: &str, expect: &[&str]| {
            let chars: Vec<char> = text.chars().collect();
            let found: Vec<String> = sentences(&chars, [0, chars.len()])
                .iter()
                .map(|[start, end]| chars[*start..*end].iter().collect())
                .collect();
            assert_eq!(found, expect);
        };
        check(
            "One of 1.5 cm. Two (Fig. 2).",
            &["One of 1.5 cm.", "Two (Fig. 2)."],
        );
        check(
            "Dr. Smith et al. Found it.",
            &["Dr. Smith et al. Found it."],
        );
        check("矢状位。轴位！", &["矢状位。", "轴位！"]);
        check("Known.[1] More.", &["Known.[1]", "More."]);
        check("  ", &[]);
    }
}
