//! Comparisons of two treatments: `Compared with B, A was associated with less X`.
//!
//! Only sentences that name both treatments and the outcome are read, and only where every
//! abbreviation is spelled out somewhere in the pack. Abbreviations are resolved as in
//! Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in
//! biomedical text" (2003).

use spinemed_core::pack::{EvidencePack, SpanRole};

use super::point::{Grounds, Order, Point, Query};
use crate::text::{capital, sentences, small, squeeze, without_citations};

/// How the first treatment compares with the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Lower,
    Higher,
    Same,
}

/// A comparison, with abbreviations as written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Comparison {
    first: String,
    second: String,
    outcome: String,
    direction: Direction,
}

/// The points of the comparisons in a pack; those that contradict each other are left out.
pub(crate) fn points(pack: &EvidencePack) -> Vec<Point> {
    // Only what says itself that it pools studies is spoken of as pooled.
    let pools = |text: &str| {
        let lower = text.to_lowercase();
        ["meta-analys", "weighted mean difference", "pooled"]
            .iter()
            .any(|word| lower.contains(word))
    };
    if !pack.spans.iter().any(|span| pools(&span.text)) {
        return Vec::new();
    }
    let texts = pack.spans.iter().filter(|span| span.role == SpanRole::Text);
    let found: Vec<(&str, String, Comparison)> = texts
        .flat_map(|span| {
            sentences(&span.text)
                .into_iter()
                .map(without_citations)
                .filter_map(|sentence| {
                    Some((span.id.as_str(), sentence.clone(), parse(&sentence)?))
                })
        })
        .collect();
    let contradicted = |one: &Comparison| {
        found
            .iter()
            .any(|(_, _, two)| two.outcome == one.outcome && two.direction != one.direction)
    };
    found
        .iter()
        .filter(|(_, _, comparison)| !contradicted(comparison))
        .filter_map(|(span, sentence, comparison)| point(pack, span, sentence, comparison))
        .collect()
}

fn point(pack: &EvidencePack, span: &str, sentence: &str, found: &Comparison) -> Option<Point> {
    let first = expanded(pack, &found.first)?;
    let second = expanded(pack, &found.second)?;
    let outcome = expanded(pack, &found.outcome)?;
    let question = format!(
        "According to a pooled analysis, how did the {outcome} with {first} compare with that with {second}?"
    );
    let lower = format!("Lower with {}", found.first);
    let higher = format!("Higher with {}", found.first);
    let same = "No significant difference between the two".to_owned();
    let (answer, distractors) = match found.direction {
        Direction::Lower => (lower, vec![higher, same]),
        Direction::Higher => (higher, vec![lower, same]),
        Direction::Same => (same, vec![lower, higher]),
    };
    let grounds = Grounds::of_span(span);
    Some(Point {
        query: Query::Comparison {
            span: span.to_owned(),
            sentence: sentence.to_owned(),
            first: found.first.clone(),
        },
        rank: 1,
        // Without a stated significance, `no significant difference` is not excluded.
        stem: significant(sentence).then(|| question.clone()),
        question: Some(question),
        answer,
        distractors,
        order: Order::Free,
        explanation: sentence.to_owned(),
        reply: sentence.to_owned(),
        own: grounds.clone(),
        all: grounds,
        images: Vec::new(),
    })
}

fn significant(sentence: &str) -> bool {
    let bare: String = sentence.chars().filter(|c| !c.is_whitespace()).collect();
    let denied = [
        "insignificant",
        "notsignificant",
        "nosignificant",
        "non-significant",
        "notstatistically",
    ];
    let stated = bare.contains("significant") && !denied.iter().any(|word| bare.contains(word));
    stated || bare.contains("P<.0") || bare.contains("P<0.0")
}

/// Words that tie a sentence to other authors, to a plan or to what stands around it.
const FOREIGN: &[&str] = &[
    " et al",
    " that ",
    " which ",
    "results showed",
    " we ",
    " our ",
    "previous",
    "hypothes",
    "whether",
    " may ",
    " might ",
    "investigat",
    "aim",
    " they ",
    " their ",
    " its ",
    " these ",
    " those ",
    "respectively",
    "preoperative",
    "2 groups",
    "two groups",
    "subgroup",
    " other ",
];

const OPENINGS: &[&str] = &[
    "However, ",
    "Moreover, ",
    "Furthermore, ",
    "In addition, ",
    "And, ",
    "What's more, ",
];

fn parse(sentence: &str) -> Option<Comparison> {
    let lower = format!(" {} ", sentence.to_lowercase());
    if sentence.chars().count() > 400 || FOREIGN.iter().any(|word| lower.contains(word)) {
        return None;
    }
    let bare = without_brackets(sentence)?;
    let bare = OPENINGS
        .iter()
        .find_map(|opening| bare.strip_prefix(opening))
        .unwrap_or(&bare);
    let bare = bare.strip_suffix('.')?;
    associated(bare).or_else(|| no_difference(bare))
}

/// `Compared with B, A was associated with …` and `A was associated with … than B`.
fn associated(bare: &str) -> Option<Comparison> {
    let (head, tail) = bare.split_once(" was associated with ")?;
    let (first, second, tail) = match head.strip_prefix("Compared with ") {
        Some(head) => {
            let (second, first) = head.split_once(", ")?;
            (first, second, tail)
        }
        None => {
            let (tail, second) = tail.rsplit_once(" than ")?;
            (head, second, tail)
        }
    };
    let tail = tail.strip_prefix("significantly ").unwrap_or(tail);
    let (direction, outcome) = [
        ("a reduction of ", Direction::Lower),
        ("a decrease of ", Direction::Lower),
        ("less ", Direction::Lower),
        ("an increase of ", Direction::Higher),
        ("more ", Direction::Higher),
    ]
    .iter()
    .find_map(|(word, direction)| Some((*direction, tail.strip_prefix(word)?)))?;
    comparison(first, second, outcome, direction)
}

/// `There was no significant difference between A and B in terms of X`.
fn no_difference(bare: &str) -> Option<Comparison> {
    let lower = small(bare);
    let rest = lower.strip_prefix("there was no significant difference between ")?;
    let (arms, outcome) = rest.split_once(" in terms of ")?;
    let (first, second) = arms.split_once(" and ")?;
    comparison(first, second, outcome, Direction::Same)
}

fn comparison(
    first: &str,
    second: &str,
    outcome: &str,
    direction: Direction,
) -> Option<Comparison> {
    let tidy = |text: &str| {
        let text = text.trim();
        let text = text.strip_prefix("the ").unwrap_or(text);
        let text = text.strip_suffix(" groups").unwrap_or(text);
        text.strip_suffix(" group").unwrap_or(text).to_owned()
    };
    let found = Comparison {
        first: tidy(first),
        second: tidy(second),
        outcome: tidy(outcome),
        direction,
    };
    // One treatment against one, and one outcome: a list or a number has no single direction.
    let plain = |text: &String, most: usize| {
        let words: Vec<&str> = text.split_whitespace().collect();
        (1..=most).contains(&words.len())
            && !text.contains([',', ';', ':', '%', '='])
            && !words
                .iter()
                .any(|w| matches!(*w, "and" | "or" | "by" | "than" | "with" | "we" | "it"))
            && !text.chars().any(|c| c.is_ascii_digit())
    };
    let fits = plain(&found.first, 6)
        && plain(&found.second, 6)
        && plain(&found.outcome, 8)
        && found.first != found.second;
    fits.then_some(found)
}

/// The text without what stands in round brackets; none where they are not in pairs.
fn without_brackets(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut depth = 0u32;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    (depth == 0).then(|| squeeze(&out).replace(" ,", ",").replace(" .", "."))
}

/// The text with each abbreviation spelled out; none where one is defined nowhere.
fn expanded(pack: &EvidencePack, text: &str) -> Option<String> {
    let words: Option<Vec<String>> = text
        .split_whitespace()
        .map(|word| {
            if word.chars().filter(|c| c.is_uppercase()).count() < 2 {
                return Some(word.to_owned());
            }
            let long = pack.spans.iter().find_map(|s| long_form(&s.text, word))?;
            Some(format!("{long} ({word})"))
        })
        .collect();
    Some(words?.join(" "))
}

/// The words before `(short)` that its letters stand for.
fn long_form(text: &str, short: &str) -> Option<String> {
    let before = text[..text.find(&format!("({short})"))?].trim_end();
    let letters: Vec<char> = short
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let words: Vec<&str> = before.split(' ').collect();
    let most = (letters.len() + 5).min(letters.len() * 2).min(words.len());
    let at_start = |word: &str| word.chars().next().map(|c| c.to_ascii_lowercase());
    (1..=most).find_map(|count| {
        let tail = &words[words.len() - count..];
        let long = tail.join(" ");
        let opens = at_start(tail[0]) == letters.first().copied();
        let whole = !long.contains(['.', ',', ';', ':', '(', ')']);
        (opens && whole && stands_for(&long, &letters)).then(|| small(&long))
    })
}

/// Whether the letters occur in the long form in their order.
fn stands_for(long: &str, letters: &[char]) -> bool {
    let mut rest = long.chars().map(|c| c.to_ascii_lowercase());
    letters.iter().all(|letter| rest.any(|c| c == *letter))
}

/// The answer by another route: which direction words stand in the raw sentence of the span.
/// None where the sentence does not stand there or has words of both directions.
pub(crate) fn again(
    pack: &EvidencePack,
    span: &str,
    sentence: &str,
    first: &str,
) -> Option<String> {
    let body = sentence.trim_end_matches('.');
    let text = without_citations(&pack.span(span)?.text);
    if !text.contains(body) || !sentence.contains(first) {
        return None;
    }
    let lower = sentence.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).collect();
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let down = any(&["reduction", "decrease", "less", "lower", "fewer", "shorter"]);
    let up = any(&["increase", "more", "higher", "greater", "longer"]);
    let none = any(&["no", "not"]);
    match (down, up, none) {
        (true, false, false) => Some(capital(&format!("lower with {first}"))),
        (false, true, false) => Some(capital(&format!("higher with {first}"))),
        (false, false, true) => Some("No significant difference between the two".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_read_whole() {
        let check = |text: &str, expect: Option<(&str, &str, &str, Direction)>| {
            let found = parse(text);
            let found = found.as_ref().map(|c| {
                (
                    c.first.as_str(),
                    c.second.as_str(),
                    c.outcome.as_str(),
                    c.direction,
                )
            });
            assert_eq!(found, expect, "{text}");
        };
        check(
            "Compared with O-TLIF, MI-TLIF was associated with significantly less blood loss (P < 0.05).",
            Some(("MI-TLIF", "O-TLIF", "blood loss", Direction::Lower)),
        );
        check(
            "However, ADF was associated with an increase of the operation time than LAMP.",
            Some(("ADF", "LAMP", "operation time", Direction::Higher)),
        );
        check(
            "There was no significant difference between the ADF and LAMP group in terms of the total blood loss.",
            Some(("ADF", "LAMP", "total blood loss", Direction::Same)),
        );
        check(
            "ADF was not associated with a reduction of pain than LAMP.",
            None,
        );
        check(
            "Liu et al revealed that ADF was associated with less pain than LAMP.",
            None,
        );
        check(
            "We found that ADF was associated with less pain than LAMP.",
            None,
        );
    }

    #[test]
    fn abbreviations_are_spelled_out() {
        let check = |text: &str, short: &str, expect: Option<&str>| {
            assert_eq!(long_form(text, short).as_deref(), expect, "{text}");
        };
        check(
            "open transforaminal lumbar interbody fusion (O-TLIF) was",
            "O-TLIF",
            Some("open transforaminal lumbar interbody fusion"),
        );
        check("anterior decompression (ADF)", "XYZ", None);
        check("laminoplasty alone (ADF)", "ADF", None);
    }
}
