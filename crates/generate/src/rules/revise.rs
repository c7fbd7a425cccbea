//! The revision pass: the answer derived again by another route, and compared.
//!
//! Nothing is ever changed. Where both routes agree the draft stands as it is; where they
//! differ it is dropped: a draft is not spoiled in order to be mended.

use std::collections::BTreeSet;

use spinemed_core::instance::{Draft, Item};
use spinemed_core::outcome::DropReason;
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::{Language, Side};

use super::point::{Point, Query, points};
use super::reread::{self, Reread};
use super::study::SIDES;
use crate::phrase;
use crate::quantity::quantities;
use crate::text::{capital, normal, without_citations};

/// How the answer was derived again.
pub(crate) fn derive(pack: &EvidencePack, draft: &Draft) -> Result<String, DropReason> {
    let raw = reread::read(pack);
    facts_again(pack, draft, &raw)?;
    match &draft.item {
        Item::Mcq {
            stem,
            options,
            correct,
            ..
        } => {
            let point = point_of(pack, draft, |point| point.stem.as_deref() == Some(stem))?;
            let answer = options
                .get(*correct)
                .ok_or_else(|| disagreement("no option is marked right"))?;
            single_again(pack, &point, answer, &raw, draft.task.language)?;
            for option in options
                .iter()
                .enumerate()
                .filter(|(at, _)| at != correct)
                .map(|(_, o)| o)
            {
                wrong_again(pack, &point, option, &raw, draft.task.language)?;
            }
            Ok(how(&point, answer))
        }
        Item::OpenQa { question, answer } => {
            let same = |point: &Point| {
                point.question.as_deref() == Some(question) && point.reply == *answer
            };
            let point = point_of(pack, draft, same)?;
            single_again(pack, &point, &point.answer, &raw, draft.task.language)?;
            Ok(how(&point, &point.answer))
        }
        Item::Consultation { .. } | Item::Report { .. } => {
            quotes_again(pack, draft)?;
            let facts: BTreeSet<usize> =
                draft.claims.iter().flat_map(|c| c.facts.clone()).collect();
            let spans: BTreeSet<&String> = draft.claims.iter().flat_map(|c| &c.spans).collect();
            Ok(format!(
                "{} statements rest on {} facts of {} spans, read again from the raw words of each span; all agree",
                draft.claims.len(),
                facts.len(),
                spans.len(),
            ))
        }
    }
}

fn disagreement(detail: impl Into<String>) -> DropReason {
    DropReason::Disagreement {
        detail: detail.into(),
    }
}

/// Every fact that a claim restates must come out of the raw words again.
fn facts_again(pack: &EvidencePack, draft: &Draft, raw: &Reread) -> Result<(), DropReason> {
    for at in draft.claims.iter().flat_map(|claim| &claim.facts) {
        let Some(fact) = pack.facts.get(*at) else {
            return Err(disagreement(format!("the pack has no fact {at}")));
        };
        if !raw.bears_out(fact) {
            return Err(disagreement(format!(
                "span `{}` read again does not say `{}`",
                fact.span,
                phrase::finding(fact, Language::En).unwrap_or_default(),
            )));
        }
    }
    Ok(())
}

/// Claims without facts are quotations, and stand in their spans.
fn quotes_again(pack: &EvidencePack, draft: &Draft) -> Result<(), DropReason> {
    for claim in draft.claims.iter().filter(|claim| claim.facts.is_empty()) {
        let body = claim.text.trim_end_matches(['.', '。']);
        let found = claim
            .spans
            .iter()
            .filter_map(|id| pack.span(id))
            .any(|span| span.text.contains(body) || without_citations(&span.text).contains(body));
        if !found {
            return Err(disagreement(format!("no cited span says `{}`", claim.text)));
        }
        if let Some(detail) = super::comparison::disagrees(pack, &claim.text) {
            return Err(disagreement(detail));
        }
    }
    Ok(())
}

/// The point that the draft was made of, found by its words.
fn point_of(
    pack: &EvidencePack,
    draft: &Draft,
    same: impl Fn(&Point) -> bool,
) -> Result<Point, DropReason> {
    points(pack, draft.task.language)
        .into_iter()
        .find(|point| same(point))
        .ok_or_else(|| disagreement("the evidence does not lead to this question"))
}

fn single_again(
    pack: &EvidencePack,
    point: &Point,
    answer: &str,
    raw: &Reread,
    language: Language,
) -> Result<(), DropReason> {
    let again = again(pack, &point.query, raw, language)?;
    match again {
        Some(again) if normal(&again) == normal(answer) => Ok(()),
        Some(again) => Err(disagreement(format!(
            "the draft says `{answer}`, the raw words say `{again}`"
        ))),
        // A quotation whose filling is the answer without its unit.
        None if normal(answer).contains(&normal(filling(&point.query))) => Ok(()),
        None => Err(disagreement(format!(
            "the quoted words do not say `{answer}`"
        ))),
    }
}

fn filling(query: &Query) -> &str {
    match query {
        Query::Gap { filling, .. } => filling,
        _ => "",
    }
}

/// The answer from the raw words; none where a quotation was found to stand.
fn again(
    pack: &EvidencePack,
    query: &Query,
    raw: &Reread,
    language: Language,
) -> Result<Option<String>, DropReason> {
    match query {
        Query::Level {
            concept,
            side,
            grade,
        } => {
            let levels = raw.levels(concept, *side, grade.as_ref());
            let mut levels = levels.iter();
            match (levels.next(), levels.next()) {
                (Some(level), None) => Ok(Some(phrase::level(level, language))),
                (None, _) => Err(disagreement("the raw words name no such level")),
                _ => Err(disagreement("the raw words name several such levels")),
            }
        }
        Query::Grade {
            concept,
            side,
            level,
        } => {
            let value = raw
                .value(concept, *side, *level)
                .ok_or_else(|| disagreement("no raw label, or several that differ"))?;
            Ok(in_words(value, language).map(|words| capital(&words)))
        }
        Query::Side {
            concept,
            level,
            grade,
        } => {
            let has = |side| {
                let value = raw.value(concept, Some(side), *level)?;
                Some(normal(value) == normal(&grade.value))
            };
            let (Some(left), Some(right)) = (has(Side::Left), has(Side::Right)) else {
                return Err(disagreement("not both sides have a raw label"));
            };
            let at = match (left, right) {
                (true, false) => 0,
                (false, true) => 1,
                (true, true) => 2,
                (false, false) => 3,
            };
            Ok(Some(crate::general::say(SIDES[at], language).to_owned()))
        }
        Query::Finding { level } => {
            let concepts = raw.concepts(*level);
            let mut concepts = concepts.iter();
            match (concepts.next(), concepts.next()) {
                (Some(id), None) => Ok(phrase::concept(id, language).map(|name| capital(&name))),
                _ => Err(disagreement(
                    "the raw words bind not exactly one finding to the level",
                )),
            }
        }
        Query::Gap { .. } if reread::stands(pack, query) => {
            let Query::Gap {
                sentence, filling, ..
            } = query
            else {
                return Ok(None);
            };
            Ok(level_in(sentence, filling, language))
        }
        Query::Gap { .. } => Err(disagreement("the sentence does not stand in its span")),
        Query::Comparison { span, sentence } => super::comparison::again(pack, span, sentence)
            .map(Some)
            .ok_or_else(|| disagreement("the raw words give the comparison no single direction")),
        Query::Rate { span, sentence } => super::number::pooled_again(pack, span, sentence)
            .map(Some)
            .ok_or_else(|| disagreement("the raw words give not exactly one share")),
        Query::Bank => reread::bank_agrees(pack)
            .map_err(disagreement)
            .map(|()| bank_answer(pack)),
    }
}

/// The level that a filling names inside its sentence, where it names one.
fn level_in(sentence: &str, filling: &str, language: Language) -> Option<String> {
    let start = sentence.rfind(filling)?;
    let from = sentence[..start].chars().count();
    let to = from + filling.chars().count();
    spinemed_core::level::mentions(sentence)
        .into_iter()
        .find(|mention| mention.range == [from, to])
        .map(|mention| phrase::level(&mention.level, language))
}

fn bank_answer(pack: &EvidencePack) -> Option<String> {
    let question = pack.question.as_ref()?;
    match question.correct {
        Some(at) => question.options.get(at).cloned(),
        None => Some(question.answer.clone()),
    }
}

/// A raw label's value in words.
fn in_words(value: &str, language: Language) -> Option<String> {
    let grade = spinemed_core::finding::Grade {
        scale: String::new(),
        value: value.to_owned(),
    };
    phrase::severity(&grade).map(|severity| severity.name(language).to_owned())
}

/// No wrong option may come out of the raw words.
fn wrong_again(
    pack: &EvidencePack,
    point: &Point,
    option: &str,
    raw: &Reread,
    language: Language,
) -> Result<(), DropReason> {
    let right_too = || disagreement(format!("the raw words also bear out `{option}`"));
    match &point.query {
        Query::Level {
            concept,
            side,
            grade,
        } => {
            let levels = raw.levels(concept, *side, grade.as_ref());
            if levels
                .iter()
                .any(|level| phrase::level(level, language) == option)
            {
                return Err(right_too());
            }
        }
        Query::Gap { span, sentence, .. } => {
            let number = quantities(option).into_iter().next();
            let said = pack
                .span(span)
                .map(|s| without_citations(&s.text))
                .unwrap_or_default();
            let number_said =
                number.is_some_and(|n| quantities(sentence).iter().any(|q| q.value == n.value));
            if number_said
                || said.to_lowercase().contains(&option.to_lowercase())
                    && !sentence.contains(option)
                    && is_term(option)
            {
                return Err(right_too());
            }
        }
        // The comparison of the right answer decides: these options exclude each other.
        Query::Grade { .. }
        | Query::Side { .. }
        | Query::Finding { .. }
        | Query::Comparison { .. }
        | Query::Rate { .. }
        | Query::Bank => {}
    }
    Ok(())
}

/// Whether an option is a term rather than a level or number.
fn is_term(option: &str) -> bool {
    spinemed_core::level::mentions(option).is_empty() && quantities(option).is_empty()
}

/// The derivation in words, for the record.
fn how(point: &Point, answer: &str) -> String {
    let route = match &point.query {
        Query::Level { .. } | Query::Grade { .. } | Query::Side { .. } => {
            "the raw words of the cited spans, parsed again without the stored facts, give"
        }
        Query::Finding { .. } => "the clauses that name the level, read again, bind to it only",
        Query::Gap { .. } => {
            "the quoted sentence was looked up in its span; what stands in its gap is"
        }
        Query::Comparison { .. } => {
            "treatment and direction of the quoted sentence, found word by word in its span, are"
        }
        Query::Rate { .. } => {
            "the only share that the quoted sentence gives outside its brackets is"
        }
        Query::Bank => {
            "the bank's answer in words was compared with the option that its key points to:"
        }
    };
    format!("{route} `{answer}`")
}
