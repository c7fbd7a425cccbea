//! Points of question banks: the authors' own questions, in their own language.

use spinemed_core::pack::{EvidencePack, PackQuestion};
use spinemed_core::vocabulary::Language;

use super::point::{Grounds, Order, Point, Query};
use super::statement;
use crate::text::has_word;

/// The points of a question: itself, and definitions that its answer or explanation holds.
pub(crate) fn points(pack: &EvidencePack, language: Language) -> Vec<Point> {
    let (Some(question), Some(span)) = (&pack.question, pack.spans.first()) else {
        return Vec::new();
    };
    if pack.language != language {
        return Vec::new();
    }
    let mut points: Vec<Point> = own(question, &span.id, language).into_iter().collect();
    let answer = question
        .options
        .is_empty()
        .then_some(question.answer.as_str());
    for text in answer.into_iter().chain(question.explanation.as_deref()) {
        let statements = statement::of_text(&span.id, text, language);
        for mut point in statement::of_statements(pack, &statements, language) {
            point.rank += 2;
            points.push(point);
        }
    }
    points
}

fn own(question: &PackQuestion, span: &str, language: Language) -> Option<Point> {
    let grounds = Grounds::of_span(span);
    let answer = match question.correct {
        Some(at) => question.options.get(at)?.clone(),
        None => question.answer.clone(),
    };
    let wrong = question.options.iter().enumerate();
    let distractors: Vec<String> = wrong
        .filter(|(at, _)| Some(*at) != question.correct)
        .map(|(_, option)| option.clone())
        .collect();
    let explanation = question
        .explanation
        .clone()
        .unwrap_or_else(|| answer.clone());
    let has_options = question.correct.is_some() && distractors.len() >= 2;
    let reply = match &question.explanation {
        Some(why) if question.options.is_empty() => joined(&answer, why, language),
        Some(why) => joined(&stopped(&answer, language), why, language),
        None => answer.clone(),
    };
    Some(Point {
        query: Query::Bank,
        rank: 0,
        stem: has_options.then(|| question.stem.clone()),
        question: (question.options.is_empty() || is_open(&question.stem))
            .then(|| question.stem.clone()),
        answer,
        distractors,
        order: if are_numbers(&question.options) {
            Order::ByNumber
        } else {
            Order::Free
        },
        explanation,
        reply,
        own: grounds.clone(),
        all: grounds,
        images: Vec::new(),
    })
}

/// Whether the question can be answered without its options.
fn is_open(stem: &str) -> bool {
    const OF_OPTIONS: &[&str] = &[
        "of the following",
        "of these",
        "except",
        "not true",
        "false",
        "the options",
        "listed",
        "correct statement",
        "choose",
        "select",
        "all of the above",
        "fits best",
        "best explains",
    ];
    const ZH: &[&str] = &[
        "下列",
        "以下",
        "除外",
        "不正确",
        "错误",
        "选项",
        "不属于",
        "不是",
        "正确的是",
    ];
    let lower = stem.to_lowercase();
    !OF_OPTIONS.iter().any(|words| lower.contains(words))
        && !has_word(&lower, "not")
        && !ZH.iter().any(|words| stem.contains(words))
}

fn are_numbers(options: &[String]) -> bool {
    !options.is_empty()
        && options
            .iter()
            .all(|option| option.starts_with(|c: char| c.is_ascii_digit()))
        && options.iter().all(|option| !option.contains('/'))
}

fn joined(answer: &str, why: &str, language: Language) -> String {
    let gap = if language == Language::En { " " } else { "" };
    let same = why.starts_with(answer.trim_end_matches(['.', '。']));
    if same && why.len() > answer.len() {
        why.to_owned()
    } else {
        format!("{answer}{gap}{why}")
    }
}

fn stopped(text: &str, language: Language) -> String {
    if text.ends_with(['.', '。', '!', '?', '！', '？']) {
        return text.to_owned();
    }
    let stop = if language == Language::En { "." } else { "。" };
    format!("{text}{stop}")
}
