//! Facts from reports' words.

use spinemed_core::case::CaseFinding;
use spinemed_core::clinical;
use spinemed_core::finding::Finding;

use super::imaging::Read;
use super::index::Index;
use crate::fault::{CaseProblem, Reason};
use crate::value;

/// The facts that a report's own words state of a level, each once.
///
/// A finding that the report both states and denies at one level and side has two readings,
/// and gives none.
pub(super) fn facts(
    index: &Index,
    reports: &[Read],
    problems: &mut Vec<CaseProblem>,
) -> Vec<CaseFinding> {
    let mut all = Vec::new();
    for read in reports {
        let report = &read.report;
        let texts = [Some(&report.text), report.impression.as_ref()];
        let mut found: Vec<CaseFinding> = Vec::new();
        for text in texts.into_iter().flatten() {
            for fact in clinical::facts(text, &report.id) {
                let fact = finding(fact);
                if fact.level.is_some() && is_known(&fact) && !found.contains(&fact) {
                    found.push(fact);
                }
            }
        }
        let kept: Vec<CaseFinding> = found
            .iter()
            .filter(|fact| !is_denied(fact, &found))
            .cloned()
            .collect();
        if kept.len() < found.len() {
            problems.push(index.at(read.resource).problem(Reason::Contradiction));
        }
        all.extend(kept);
    }
    all
}

/// Whether grade and quantity are such as a case file can hold.
fn is_known(fact: &CaseFinding) -> bool {
    let grade = fact.grade.as_ref();
    let measure = fact.measure.as_ref();
    grade.is_none_or(|grade| value::grade(&grade.scale, &grade.value).as_ref() == Ok(grade))
        && measure.is_none_or(|measure| value::measure(&measure.value, &measure.unit).is_ok())
}

fn is_denied(fact: &CaseFinding, all: &[CaseFinding]) -> bool {
    all.iter().any(|other| {
        other.negated != fact.negated
            && (&other.concept, other.level, other.side) == (&fact.concept, fact.level, fact.side)
    })
}

fn finding(fact: Finding) -> CaseFinding {
    CaseFinding {
        concept: fact.concept,
        level: fact.level,
        level_certainty: fact.level_certainty,
        numbering_method: fact.numbering_method,
        side: fact.side,
        grade: fact.grade,
        measure: fact.measure,
        negated: fact.negated,
        imaging: Some(fact.span),
        shown: Vec::new(),
    }
}
