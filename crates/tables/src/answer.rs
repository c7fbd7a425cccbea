//! Which option an answer names.

use crate::cells::shown;

/// The position of the right option, from 0, and the answer in words.
///
/// An answer is a letter (`B`, `b`, `B.`, `(B)`) or the words of an option. Numbers are
/// words, not positions: banks count from 0 or from 1, and a wrong guess would teach a wrong
/// answer. An open question has no options; its answer is its words.
///
/// # Errors
/// What is wrong, in words.
pub fn resolve(answer: &str, options: &[String]) -> Result<(Option<usize>, String), String> {
    if answer.is_empty() {
        return Err("there is no answer".to_owned());
    }
    if options.is_empty() {
        return Ok((None, answer.to_owned()));
    }
    check_options(options)?;
    let by_words = options.iter().position(|option| same(option, answer));
    let by_letter = letter(answer);
    let position = match (by_letter, by_words) {
        (Some(letter), Some(words)) if letter != words => {
            let answer = shown(answer);
            return Err(format!(
                "answer `{answer}` is a letter and also the words of another option"
            ));
        }
        (_, Some(words)) => words,
        (Some(letter), None) if letter < options.len() => letter,
        (Some(_), None) => {
            return Err(format!(
                "answer `{}`, but there are {} options",
                shown(answer),
                options.len()
            ));
        }
        (None, None) => {
            let answer = shown(answer);
            return Err(format!(
                "answer `{answer}` is neither a letter nor one of the options"
            ));
        }
    };
    Ok((Some(position), options[position].clone()))
}

fn check_options(options: &[String]) -> Result<(), String> {
    if options.len() < 2 {
        return Err("there is only one option".to_owned());
    }
    for (at, option) in options.iter().enumerate() {
        if option.is_empty() {
            return Err(format!("option {} is empty", at + 1));
        }
        if let Some(first) = options[..at].iter().position(|other| same(other, option)) {
            return Err(format!("options {} and {} are the same", first + 1, at + 1));
        }
    }
    Ok(())
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn letter(answer: &str) -> Option<usize> {
    let bare = answer.trim_matches(['(', ')', '.', ':', '（', '）', '。', '、']);
    let mut chars = bare.chars();
    let first = chars.next().filter(|_| chars.next().is_none())?;
    let first = first.to_ascii_uppercase();
    first
        .is_ascii_uppercase()
        .then(|| usize::from(first as u8 - b'A'))
}

#[cfg(test)]
mod tests {
    fn check(answer: &str, options: &[&str], expect: Result<Option<usize>, &str>) {
        let options: Vec<String> = options.iter().map(|&o| o.to_owned()).collect();
        match (super::resolve(answer, &options), expect) {
            (Ok((found, _)), Ok(expect)) => assert_eq!(found, expect, "{answer}"),
            (Err(found), Err(expect)) => assert!(found.contains(expect), "{found}"),
            (found, expect) => panic!("{answer}: {found:?}, not {expect:?}"),
        }
    }

    #[test]
    fn letters_and_words() {
        check("B", &["L4", "L5"], Ok(Some(1)));
        check("(b)", &["L4", "L5"], Ok(Some(1)));
        check("l4", &["L4", "L5"], Ok(Some(0)));
        check("2", &["1", "2"], Ok(Some(1)));
        check("2", &["L4", "L5"], Err("neither a letter"));
        check("1", &["L4", "L5"], Err("neither a letter"));
        check("C", &["L4", "L5"], Err("there are 2 options"));
        check("B", &["B", "A"], Err("also the words"));
        check("A", &["A", "B"], Ok(Some(0)));
        check("free words", &[], Ok(None));
        check("", &["a", "b"], Err("no answer"));
        check("a", &["a"], Err("only one"));
        check("a", &["x", "X"], Err("the same"));
        check("a", &["x", ""], Err("empty"));
    }
}
