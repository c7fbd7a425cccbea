//! What checks know of cases: what the chart codes beside findings, which treatments may be
//! told, which numbers and options follow from it.

use spinemed_core::clinical::{self, ConceptKind};
use spinemed_core::finding::Finding;
use spinemed_core::instance::Revision;
use spinemed_core::level::{self, Level};
use spinemed_core::pack::{Chart, EvidencePack, PackKind, Span, SpanRole};
use spinemed_core::vocabulary::{Language, LevelCertainty, NumberingMethod, Side};

use super::distractors::{as_level, as_sides};
use super::parts::{all, claims_of_answer};
use crate::general::without_general;
use crate::kin;
use crate::phrase;
use crate::quantity::Quantity;
use crate::rules::{duration, has_placeholder, intervals, is_operation, is_treated};
use crate::text::{sentences, squeeze};

/// Symptoms and diagnoses of a chart as bound facts, and what the names of all that is coded
/// are read as where the lexicon's readings differ: `椎间盘突出(突出型)` reads as a herniation,
/// an odontoid fracture as one of C2.
pub(super) fn coded(pack: &EvidencePack) -> Vec<Finding> {
    let Some(chart) = &pack.chart else {
        return Vec::new();
    };
    let symptoms = chart.symptoms.iter();
    let diagnoses = chart.diagnoses.iter();
    let mut coded: Vec<Finding> = symptoms
        .map(|s| bound(&s.what.concept, None, s.what.side, &s.label))
        .chain(diagnoses.map(|d| bound(&d.what.concept, d.what.level, d.what.side, &d.label)))
        .collect();
    let readings: Vec<Finding> = pack.facts.iter().chain(&coded).flat_map(read_as).collect();
    coded.extend(readings);
    coded
}

fn bound(concept: &str, level: Option<Level>, side: Option<Side>, span: &str) -> Finding {
    Finding {
        concept: concept.to_owned(),
        level,
        level_certainty: LevelCertainty::Stated,
        numbering_method: NumberingMethod::Reporter,
        side,
        grade: None,
        measure: None,
        negated: false,
        span: span.to_owned(),
        range: None,
    }
}

/// Other findings that a coded one's words are read as.
fn read_as(fact: &Finding) -> Vec<Finding> {
    let words = Language::ALL
        .iter()
        .filter_map(|language| phrase::finding(fact, *language));
    words
        .flat_map(|words| clinical::facts(&words, &fact.span))
        .filter(|read| (&read.concept, read.level) != (&fact.concept, fact.level))
        .collect()
}

/// Numbers that follow from a chart: age, durations, days between its dates.
pub(super) fn quantities(pack: &EvidencePack) -> Vec<Quantity> {
    let Some(chart) = &pack.chart else {
        return Vec::new();
    };
    let quantity = |value: String, unit| Quantity {
        value,
        unit: Some(unit),
        range: [0, 0],
    };
    let mut known: Vec<Quantity> = intervals(chart)
        .into_iter()
        .map(|days| quantity(days.to_string(), "d"))
        .collect();
    known.extend(chart.age.map(|age| quantity(age.to_string(), "a")));
    let durations = chart
        .symptoms
        .iter()
        .filter_map(|s| s.what.duration.as_deref());
    for (number, unit) in durations.filter_map(duration).flatten() {
        let unit = match unit {
            'Y' => "a",
            'M' => "mo",
            'W' => "wk",
            _ => "d",
        };
        known.push(quantity(number.to_string(), unit));
    }
    known
}

/// No part of an item made of a case may hold a placeholder: it shows where something was.
pub(super) fn unspoilt(pack: &EvidencePack, revision: &Revision) -> Result<(), String> {
    if pack.kind != PackKind::Case {
        return Ok(());
    }
    match all(&revision.item)
        .iter()
        .find(|(_, text)| has_placeholder(text))
    {
        Some((part, _)) => Err(format!(
            "`{part}` quotes a text from which something was taken out"
        )),
        None => Ok(()),
    }
}

/// Every treatment that an answer names is coded or named in the case's texts, at a level of
/// its own; and where one is coded, no answer says that there was none.
pub(super) fn treatments(pack: &EvidencePack, text: &str) -> Result<(), String> {
    let Some(chart) = pack
        .chart
        .as_deref()
        .filter(|_| pack.kind == PackKind::Case)
    else {
        return Ok(());
    };
    let text = without_general(text);
    let texts = || {
        pack.spans
            .iter()
            .filter(|span| span.role == SpanRole::Record)
    };
    for sentence in sentences(&text) {
        if texts().any(|span| is_quoted(sentence, span)) {
            continue;
        }
        untreated(chart, sentence)?;
        for procedure in procedures(sentence) {
            treatment(chart, texts(), sentence, procedure)?;
        }
    }
    Ok(())
}

/// Whether a sentence, or what follows its `Course:`, stands in a text as it is.
fn is_quoted(sentence: &str, span: &Span) -> bool {
    let words = squeeze(&span.text);
    let stands = |body: &str| {
        let body = body.trim_start_matches(' ').trim_end_matches(['.', '。']);
        !body.is_empty() && words.contains(body)
    };
    let after = |sign: char| {
        sentence
            .split_once(sign)
            .is_some_and(|(_, body)| stands(body))
    };
    stands(sentence) || after(':') || after('：')
}

/// Denials of any operation.
fn untreated(chart: &Chart, text: &str) -> Result<(), String> {
    const DENIALS: &[&str] = &[
        "no operation",
        "no surgery",
        "no treatment",
        "not operated",
        "未手术",
        "未行手术",
        "未提及手术",
        "未说明治疗",
        "无手术",
    ];
    let lower = text.to_lowercase();
    let denies = DENIALS.iter().find(|words| lower.contains(**words));
    let operated = chart
        .treatments
        .iter()
        .any(|t| is_operation(&t.what.concept));
    match denies {
        Some(words) if operated => Err(format!("says `{words}`, but an operation is coded")),
        _ => Ok(()),
    }
}

/// Procedures that a sentence names, names inside longer ones apart.
fn procedures(sentence: &str) -> Vec<&'static clinical::Concept> {
    let lower = sentence.to_lowercase();
    let named: Vec<&clinical::Concept> = clinical::concepts()
        .iter()
        .filter(|c| c.kind == ConceptKind::Procedure && kin::names(&lower, c))
        .collect();
    let longest = |concept: &clinical::Concept| {
        let names = concept.en.iter().chain(&concept.zh);
        let spoken = names.filter(|name| lower.contains(**name));
        spoken
            .copied()
            .max_by_key(|name| name.len())
            .unwrap_or_default()
    };
    let inside = |c: &&clinical::Concept| {
        named.iter().any(|other| {
            other.id != c.id && longest(other) != longest(c) && longest(other).contains(longest(c))
        })
    };
    named.iter().copied().filter(|c| !inside(c)).collect()
}

fn treatment<'a>(
    chart: &Chart,
    mut texts: impl Iterator<Item = &'a Span>,
    sentence: &str,
    procedure: &clinical::Concept,
) -> Result<(), String> {
    let name = procedure.name(Language::En);
    let coded: Vec<_> = chart
        .treatments
        .iter()
        .filter(|t| t.what.concept == procedure.id)
        .collect();
    let glossed = chart
        .treatments
        .iter()
        .filter_map(|t| clinical::concept(&t.what.concept));
    let diagnosed = chart
        .diagnoses
        .iter()
        .filter_map(|d| clinical::concept(&d.what.concept));
    // A plain explanation of one treatment may name another.
    let explains = glossed.chain(diagnosed).any(|concept| {
        [Language::En, Language::Zh].iter().any(|language| {
            let gloss = concept.gloss(*language).trim_end_matches(['.', '。']);
            let body = gloss.get(1..).unwrap_or(gloss);
            sentence.contains(gloss) || sentence.contains(body)
        })
    });
    if coded.is_empty() {
        let told = texts.any(|span| kin::names(&span.text.to_lowercase(), procedure));
        return match told || explains {
            true => Ok(()),
            false => Err(format!(
                "says `{name}`; no label and no text of the case does"
            )),
        };
    }
    let named = level::mentions(sentence);
    let fits = |level: Level| {
        let mut levels = named.iter();
        levels.any(|mention| mention.level == level || level.covers(&mention.level))
    };
    let placed = coded.iter().filter_map(|t| t.what.level);
    if named.is_empty() || placed.into_iter().any(fits) {
        return Ok(());
    }
    Err(format!(
        "no label binds `{name}` to the level that is named"
    ))
}

/// Whether a wrong option of a case is one that the chart excludes; none where the common rules
/// decide.
pub(super) fn excluded(
    pack: &EvidencePack,
    revision: &Revision,
    asked: &[&Finding],
    answer: &str,
    option: &str,
) -> Option<Result<(), String>> {
    let chart = pack
        .chart
        .as_deref()
        .filter(|_| pack.kind == PackKind::Case)?;
    if let Some(fact) = asked.first() {
        // Sides and grades exclude each other; levels must be graded or denied.
        let words = as_level(option).is_none() && as_sides(option).is_none();
        return (fact.negated && words).then(|| present(pack, fact, option));
    }
    let labels: Vec<&String> = claims_of_answer(revision, answer)
        .iter()
        .flat_map(|claim| &claim.spans)
        .collect();
    if let Some(level) = as_level(option) {
        return Some(match is_treated(pack, chart, level) {
            true => Err("the case may have been treated there too".to_owned()),
            false => Ok(()),
        });
    }
    let sides = as_sides(option)?;
    let mut said = chart.symptoms.iter().filter(|s| labels.contains(&&s.label));
    let same = said.any(|s| match s.what.side {
        Some(Side::Left) => sides == [true, false],
        Some(Side::Right) => sides == [false, true],
        Some(Side::Bilateral) => sides == [true, true],
        _ => true,
    });
    Some(match same {
        true => Err("the chart says so of this side".to_owned()),
        false => Ok(()),
    })
}

/// Beside a finding that is absent a wrong option is one that is present at the same place.
fn present(pack: &EvidencePack, absent: &Finding, option: &str) -> Result<(), String> {
    let lower = option.to_lowercase();
    let named = |fact: &Finding| {
        clinical::concept(&fact.concept)
            .is_some_and(|c| c.en.contains(&lower.as_str()) || c.zh.contains(&option))
            || fact.concept.replace('-', " ") == lower
    };
    let here: Vec<&Finding> = pack
        .facts
        .iter()
        .filter(|fact| fact.level == absent.level && named(fact))
        .collect();
    if here.iter().any(|fact| fact.negated) {
        return Err("the chart denies it at this place too".to_owned());
    }
    if here.is_empty() {
        return Err("the chart does not say that it is present".to_owned());
    }
    Ok(())
}
