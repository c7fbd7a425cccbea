//! The other route to a comparison: word by word from the raw sentence of the span.

use spinemed_core::pack::EvidencePack;

use super::statistics::without_brackets;
use crate::text::{capital, without_citations};

/// The answer of a comparison, derived from the words of its sentence alone; nothing of the
/// draft goes in. None where the sentence does not stand in the span, has words of both
/// directions, or shows no first treatment.
pub(crate) fn again(pack: &EvidencePack, span: &str, sentence: &str) -> Option<String> {
    let body = sentence.trim_end_matches('.');
    let text = without_citations(&pack.span(span)?.text);
    if body.is_empty() || !text.contains(body) {
        return None;
    }
    let bare = without_brackets(body)?.words;
    let words: Vec<&str> = bare.split(' ').collect();
    let any = |list: &[&str]| {
        words
            .iter()
            .any(|word| list.contains(&plain(word).as_str()))
    };
    let down = any(&[
        "reduction",
        "decrease",
        "less",
        "lower",
        "fewer",
        "shorter",
        "smaller",
    ]);
    let up = any(&["increase", "more", "higher", "greater", "longer", "larger"]);
    let none = any(&["no", "not"]);
    let side = match (down, up, none) {
        (true, false, false) => "lower",
        (false, true, false) => "higher",
        (false, false, true) => return Some("No significant difference between the two".into()),
        _ => return None,
    };
    Some(capital(&format!("{side} with {}", first(&words)?)))
}

fn plain(word: &str) -> String {
    word.trim_matches([',', '.', ';']).to_lowercase()
}

/// The treatment that is spoken of: what the verb's subject is, or, where the subject is the
/// outcome (`pain was lower in A than in B`), what stands between preposition and `than`.
fn first(words: &[&str]) -> Option<String> {
    const VERBS: &[&str] = &[
        "was", "were", "is", "provided", "yielded", "resulted", "achieved", "led", "had", "showed",
    ];
    const LEVELS: &[&str] = &["significantly", "statistically"];
    const SIZES: &[&str] = &[
        "lower", "less", "fewer", "shorter", "smaller", "higher", "more", "greater", "longer",
        "larger",
    ];
    let that = words
        .iter()
        .position(|word| *word == "that")
        .map_or(0, |at| at + 1);
    let verb = (that..words.len()).find(|at| VERBS.contains(&words[*at]))?;
    let rest = verb + 1;
    let size = (rest..words.len()).find(|at| !LEVELS.contains(&words[*at]))?;
    let placed = words
        .get(size + 1)
        .is_some_and(|word| matches!(*word, "in" | "with" | "after"));
    let stretch = if matches!(words[verb], "was" | "were") && SIZES.contains(&words[size]) && placed
    {
        let end = (size..words.len()).find(|at| matches!(words[*at], "than" | "compared"))?;
        &words[size + 2..end]
    } else {
        let start = (that..verb)
            .rev()
            .find(|at| words[*at].ends_with(','))
            .map_or(that, |at| at + 1);
        &words[start..verb]
    };
    let kept: Vec<&str> = stretch
        .iter()
        .copied()
        .filter(|word| !matches!(*word, "the" | "The" | "group" | "groups" | "patients"))
        .collect();
    (!kept.is_empty()).then(|| kept.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_treatment_is_found_without_the_draft() {
        let check = |text: &str, expect: Option<&str>| {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!(first(&words).as_deref(), expect, "{text}");
        };
        check(
            "Compared with O-TLIF, MI-TLIF was associated with less pain",
            Some("MI-TLIF"),
        );
        check(
            "However, the ADF group had less pain than LAMP",
            Some("ADF"),
        );
        check(
            "This meta-analysis showed that ADF was associated with less pain",
            Some("ADF"),
        );
        check(
            "Pain was significantly lower in the ADF group than in LAMP",
            Some("ADF"),
        );
        check("less pain", None);
    }
}
