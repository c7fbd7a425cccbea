//! Pooled frequencies: `The pooled prevalence of OPLL was 4.6% (95% CI 3.1 to 6.0)`.

use spinemed_core::pack::{EvidencePack, SpanRole};
use spinemed_core::vocabulary::Language;

use super::others;
use crate::quantity::{Quantity, quantities};
use crate::rules::comparison::{Lead, expanded, is_foreign, led, pools, without_brackets};
use crate::rules::point::{Grounds, Order, Point, Query};
use crate::text::{sentences, small, without_citations};

/// A frequency, with abbreviations as written.
#[derive(Debug, PartialEq, Eq)]
struct Rate {
    /// `prevalence of OPLL`.
    what: String,
    /// `in men`; empty where the sentence names nobody.
    whom: String,
    /// The share in per cent.
    value: Quantity,
    /// Whether the sentence itself says that it pools studies.
    pooled: bool,
}

/// The points of the pooled frequencies in a pack's text. Two that differ for the same thing
/// are both left out.
pub(crate) fn points(pack: &EvidencePack) -> Vec<Point> {
    let pooled = pools(pack);
    let mut found: Vec<(&str, String, Rate)> = Vec::new();
    for span in pack.spans.iter().filter(|s| s.role == SpanRole::Text) {
        for sentence in sentences(&span.text).into_iter().map(without_citations) {
            if let Some(rate) = parse(&sentence).filter(|rate| pooled || rate.pooled) {
                found.push((&span.id, sentence, rate));
            }
        }
    }
    let alone = |rate: &Rate| {
        let same = found.iter().filter(|(_, _, other)| {
            other.what.to_lowercase() == rate.what.to_lowercase() && other.whom == rate.whom
        });
        same.count() == 1
    };
    found
        .iter()
        .filter(|(_, _, rate)| alone(rate))
        .filter_map(|(span, sentence, rate)| point(pack, span, sentence, rate))
        .collect()
}

fn point(pack: &EvidencePack, span: &str, sentence: &str, rate: &Rate) -> Option<Point> {
    let what = expanded(pack, &rate.what)?;
    let whom = expanded(pack, &rate.whom)?;
    let gap = if whom.is_empty() { "" } else { " " };
    let question = format!("According to a pooled analysis, what was the {what}{gap}{whom}?");
    let grounds = Grounds::of_span(span);
    let distractors = others(pack, &rate.value, Language::En)
        .into_iter()
        .map(|value| format!("{value}%"))
        .collect();
    let answer = format!("{}%", rate.value.value);
    let reply = format!("The {what}{gap}{whom} was {answer}.");
    Some(Point {
        query: Query::Rate {
            span: span.to_owned(),
            sentence: sentence.to_owned(),
        },
        rank: 1,
        stem: Some(question.clone()),
        question: Some(question),
        answer,
        distractors,
        order: Order::ByNumber,
        explanation: reply.clone(),
        reply,
        own: grounds.clone(),
        all: grounds,
        images: Vec::new(),
    })
}

fn parse(sentence: &str) -> Option<Rate> {
    let (body, lead) = led(sentence.strip_suffix('.')?);
    let bare = without_brackets(body)?.words;
    if is_foreign(&bare) {
        return None;
    }
    let subject = small(&bare);
    let subject = subject.strip_prefix("the ").unwrap_or(&subject);
    let (subject, named) = match subject.strip_prefix("pooled ") {
        Some(rest) => (rest, true),
        None => (subject.strip_prefix("overall ").unwrap_or(subject), false),
    };
    let (what, tail) = subject.split_once(" was ")?;
    let (kind, of) = what.split_once(" of ")?;
    let tail = tail.strip_prefix("estimated to be ").unwrap_or(tail);
    let numbers = quantities(tail);
    let [value] = numbers.as_slice() else {
        return None;
    };
    let whom = tail[value.range[1]..]
        .trim_start()
        .strip_prefix('%')?
        .trim();
    let (of, within) = match of.split_once(" in ") {
        Some((of, within)) => (of, format!("in {within}")),
        None => (of, String::new()),
    };
    let whom = if whom.is_empty() {
        within.as_str()
    } else {
        whom
    };
    let plain = |text: &str| {
        let joins = |word: &str| matches!(word, "and" | "or" | "by" | "than" | "but" | "while");
        text.split_whitespace().count() <= 8
            && !text.contains([',', ';', ':', '%', '='])
            && !text.split(' ').any(joins)
            && quantities(text).is_empty()
    };
    let fits = matches!(kind, "prevalence" | "incidence")
        && value.unit == Some("%")
        && value.range[0] == 0
        && plain(of)
        && plain(whom)
        && (whom.is_empty() || whom.starts_with("in ") || whom.starts_with("among "));
    fits.then(|| Rate {
        what: format!("{kind} of {of}"),
        whom: whom.to_owned(),
        value: value.clone(),
        pooled: named || lead != Lead::None,
    })
}

/// The share by another route: the only percentage outside the brackets of the raw sentence.
pub(crate) fn again(pack: &EvidencePack, span: &str, sentence: &str) -> Option<String> {
    let text = without_citations(&pack.span(span)?.text);
    if sentence.is_empty() || !text.contains(sentence.trim_end_matches('.')) {
        return None;
    }
    let mut outside = String::new();
    let mut depth = 0i32;
    for c in sentence.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 {
            outside.push(c);
        }
    }
    let shares: Vec<&str> = outside
        .split_whitespace()
        .filter_map(|word| word.trim_end_matches([',', '.']).strip_suffix('%'))
        .collect();
    match shares.as_slice() {
        [one] => Some(format!("{one}%")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::comparison::tests::passage;

    fn check(text: &str, expect: &[(&str, &str)]) {
        let defined = "Ossification of the posterior longitudinal ligament (OPLL) is rare.";
        let pack = passage(&[(SpanRole::Text, text), (SpanRole::Definition, defined)]);
        let points = points(&pack);
        for point in &points {
            let Query::Rate { span, sentence } = &point.query else {
                panic!("a rate")
            };
            assert_eq!(again(&pack, span, sentence).as_ref(), Some(&point.answer));
            assert_eq!(point.distractors.len(), 3);
        }
        let made: Vec<(&str, &str)> = points
            .iter()
            .map(|p| (p.question.as_deref().unwrap_or_default(), p.answer.as_str()))
            .collect();
        assert_eq!(made, expect, "{text}");
    }

    #[test]
    fn pooled_frequencies_are_asked() {
        let full = "ossification of the posterior longitudinal ligament (OPLL)";
        let question =
            format!("According to a pooled analysis, what was the prevalence of {full}?");
        check(
            "The pooled prevalence of OPLL was 4.6% (95% CI 3.1% to 6.0%).",
            &[(&question, "4.6%")],
        );
        check(
            "This meta-analysis showed that the prevalence of OPLL was 4.6%.",
            &[(&question, "4.6%")],
        );
        let men =
            format!("According to a pooled analysis, what was the prevalence of {full} in men?");
        check(
            "The pooled prevalence of OPLL in men was 6.1%.",
            &[(&men, "6.1%")],
        );
    }

    #[test]
    fn single_series_ranges_and_other_voices_are_left_out() {
        check("The prevalence of OPLL was 4.6%.", &[]);
        check(
            "The pooled prevalence of OPLL was 4.6% in men and 2.0% in women.",
            &[],
        );
        check("The pooled prevalence of OPLL was 4.6 points.", &[]);
        check(
            "Smith et al found that the pooled prevalence of OPLL was 4.6%.",
            &[],
        );
        check("The pooled prevalence of DISH was 4.6%.", &[]);
        check(
            "The pooled prevalence of OPLL was 4.6%. The pooled prevalence of OPLL was 9.9%.",
            &[],
        );
        check(
            "The pooled prevalence of OPLL ranges from 1.9 to 4.3% in East Asia.",
            &[],
        );
    }
}
