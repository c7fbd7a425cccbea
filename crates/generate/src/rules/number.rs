//! Statements with one number that matters: thresholds, normal values, frequencies.

mod pooled;

use spinemed_core::clinical;
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::Language;

use super::point::{Grounds, Order, Point, Query};
use super::statement::{Statement, first_clause};
use crate::choice::Choice;
use crate::quantity::{Quantity, quantities};

pub(crate) use pooled::{again as pooled_again, points as pooled_points};

/// The gap in a sentence.
pub(crate) const GAP: &str = "____";

/// What makes a number worth knowing.
const EN_CUES: &[&str] = &[
    "defined",
    "defines",
    "less than",
    "more than",
    "at least",
    "at most",
    "greater than",
    "smaller than",
    "or less",
    "or more",
    "or greater",
    "up to",
    "diameter",
    "angle",
    "ratio",
    "found in",
    "occurs in",
    "affects",
    "prevalence",
    "incidence",
    "normal",
    "threshold",
    "cut-off",
    "below",
    "considered",
];
const ZH_CUES: &[&str] = &[
    "小于",
    "大于",
    "超过",
    "低于",
    "高于",
    "不小于",
    "以上",
    "以下",
    "直径",
    "矢状径",
    "角",
    "比值",
    "发生率",
    "患病率",
    "正常",
    "定义",
    "诊断",
    "≤",
    "≥",
    "见于",
    "占",
];

/// The point of a statement with exactly one number, in the whole sentence or in its first
/// clause.
pub(crate) fn point(
    pack: &EvidencePack,
    statement: &Statement,
    language: Language,
) -> Option<Point> {
    let (sentence, quantity) = [
        Some(statement.text.clone()),
        first_clause(&statement.text, language),
    ]
    .into_iter()
    .flatten()
    .find_map(|sentence| Some((the_number(&sentence)?, sentence)))
    .map(|(quantity, sentence)| (sentence, quantity))?;
    let around = pack
        .span(&statement.span)
        .map(|span| span.text.as_str())
        .unwrap_or_default();
    if !is_worth_knowing(&sentence, around, &quantity, language) {
        return None;
    }
    let [start, end] = quantity.range;
    let written = sentence.get(start..end)?.to_owned();
    let signed = quantity.value.starts_with('-');
    let start = if signed {
        sentence[..start].char_indices().next_back()?.0
    } else {
        start
    };
    let gapped = format!("{}{GAP}{}", &sentence[..start], &sentence[end..]);
    let stem = match language {
        Language::En => format!("Which value completes this statement? “{gapped}”"),
        Language::Zh => format!("下列哪个数值可以补全这句话？“{gapped}”"),
    };
    // Without options nothing follows that could be chosen from.
    let question = match language {
        Language::En => stem.clone(),
        Language::Zh => format!("哪个数值可以补全这句话？“{gapped}”"),
    };
    let unit = unit_text(&sentence[end..]);
    let distractors = others(pack, &quantity, language)
        .into_iter()
        .map(|value| format!("{value}{unit}"))
        .collect();
    let shown = if signed {
        &sentence[start..end]
    } else {
        &written
    };
    let grounds = Grounds::of_span(&statement.span);
    Some(Point {
        query: Query::Gap {
            span: statement.span.clone(),
            sentence: sentence.clone(),
            filling: shown.to_owned(),
        },
        rank: 1,
        stem: Some(stem),
        question: Some(question),
        answer: format!("{shown}{unit}"),
        distractors,
        order: Order::ByNumber,
        explanation: sentence.clone(),
        reply: sentence,
        own: grounds.clone(),
        all: grounds,
        images: Vec::new(),
    })
}

/// The sentence's number, where there is one alone and no other digit but in names.
fn the_number(sentence: &str) -> Option<Quantity> {
    let mut found = quantities(sentence);
    let one = found.pop()?;
    found.is_empty().then_some(one)
}

fn is_worth_knowing(sentence: &str, around: &str, quantity: &Quantity, language: Language) -> bool {
    let cues = match language {
        Language::En => EN_CUES,
        Language::Zh => ZH_CUES,
    };
    let lower = sentence.to_lowercase();
    let decimal = quantity.value.contains('.');
    let measured = match quantity.unit {
        Some(unit) => !matches!(unit, "{patient}" | "{level}" | "{vertebra}"),
        None => decimal,
    };
    let of_the_spine =
        clinical::relevance(sentence).spine > 0 || clinical::relevance(around).spine >= 2;
    let after = sentence[quantity.range[1]..].chars().next();
    let bounded = !matches!(after, Some('/' | ':' | '^' | '²'));
    let before = sentence[..quantity.range[0]].chars().next_back();
    let alone = !matches!(before, Some('/' | ':' | '±'));
    measured && bounded && alone && of_the_spine && cues.iter().any(|cue| lower.contains(cue))
}

/// The unit as the sentence writes it after the number.
fn unit_text(rest: &str) -> String {
    let blank = rest.starts_with(' ');
    let word: String = rest
        .trim_start()
        .chars()
        .take_while(|c| c.is_ascii_alphabetic() || "%°％℃²".contains(*c))
        .collect();
    let known = [
        "mm", "cm", "°", "%", "％", "degrees", "points", "years", "months", "weeks", "mm²", "HU",
        "Gy",
    ];
    if !known.contains(&word.as_str()) {
        return String::new();
    }
    if blank { format!(" {word}") } else { word }
}

/// Three values that are clearly different and that the pack states nowhere, written as the
/// right one is.
fn others(pack: &EvidencePack, quantity: &Quantity, language: Language) -> Vec<String> {
    const FACTORS: [f64; 8] = [0.5, 1.5, 2.0, 0.4, 2.5, 3.0, 0.2, 4.0];
    let stated: Vec<String> = pack
        .spans
        .iter()
        .flat_map(|span| quantities(&span.text))
        .map(|other| other.value)
        .collect();
    let Ok(value) = quantity.value.parse::<f64>() else {
        return Vec::new();
    };
    let decimals = quantity
        .value
        .split_once('.')
        .map_or(0, |(_, part)| part.len());
    let choice = Choice::new(&[
        "numbers",
        pack.key.as_str(),
        &quantity.value,
        language.as_str(),
    ]);
    let mut factors = FACTORS;
    factors.sort_by_cached_key(|factor| choice.number(&factor.to_string()));
    let mut chosen: Vec<String> = Vec::new();
    for factor in factors {
        let other = value * factor;
        let other = if decimals == 0 && other.abs() >= 20.0 {
            (other / 5.0).round() * 5.0
        } else {
            other
        };
        let written = format!("{other:.decimals$}");
        let far = written
            .parse::<f64>()
            .is_ok_and(|w| (w - value).abs() >= 0.19 * value.abs() && w != 0.0);
        let fits = quantity.unit != Some("%") || other < 100.0;
        if chosen.len() < 3
            && far
            && fits
            && !stated.contains(&written)
            && !chosen.contains(&written)
        {
            chosen.push(written);
        }
    }
    chosen
}
