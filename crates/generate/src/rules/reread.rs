//! The other route to an answer: from the raw words of labels and texts, read anew.

use std::collections::BTreeSet;

use spinemed_core::clinical;
use spinemed_core::finding::{Finding, Grade};
use spinemed_core::level::Level;
use spinemed_core::pack::{EvidencePack, PackKind, SpanRole};
use spinemed_core::vocabulary::Side;

use super::cells::{self, Cell};
use super::point::Query;
use crate::agree;
use crate::text::{normal, without_citations};

/// What a pack's raw words say.
pub(crate) struct Reread {
    cells: Vec<Cell>,
    facts: Vec<Finding>,
}

/// Reads labels cell by cell and texts clause by clause, without the pack's stored facts.
pub(crate) fn read(pack: &EvidencePack) -> Reread {
    let texts = pack.spans.iter().filter(|span| {
        matches!(
            span.role,
            SpanRole::Caption | SpanRole::Mention | SpanRole::Text
        )
    });
    Reread {
        cells: cells::cells(pack),
        facts: texts
            .flat_map(|span| clinical::facts(&span.text, &span.id))
            .collect(),
    }
}

impl Reread {
    /// Whether the raw words bear out a stored fact.
    pub fn bears_out(&self, fact: &Finding) -> bool {
        let cell = self.cells.iter().any(|cell| {
            let graded = fact.grade.as_ref();
            cell.span == fact.span
                && cell.place.concept == fact.concept
                && Some(cell.place.level) == fact.level
                && cell.place.side == fact.side
                && graded.is_some_and(|g| agree::same_grade(g, &cells::grade(cell, &g.scale)))
        });
        cell || self
            .facts
            .iter()
            .any(|other| other.span == fact.span && agree::bears_out(other, fact))
    }

    /// The levels at which a finding is, on a side and of a grade.
    pub fn levels(
        &self,
        concept: &str,
        side: Option<Side>,
        grade: Option<&Grade>,
    ) -> BTreeSet<Level> {
        let of_cells = self.cells.iter().filter(|cell| {
            cell.place.concept == concept
                && cell.place.side == side
                && grade.is_some_and(|g| agree::same_grade(g, &cells::grade(cell, &g.scale)))
        });
        let of_facts = self.facts.iter().filter(|fact| {
            let right = fact
                .grade
                .as_ref()
                .zip(grade)
                .map(|(a, b)| agree::same_grade(a, b));
            fact.concept == concept
                && !fact.negated
                && (side.is_none() || fact.side == side)
                && (grade.is_none() || right == Some(true))
        });
        of_cells
            .map(|cell| cell.place.level)
            .chain(of_facts.filter_map(|fact| fact.level))
            .collect()
    }

    /// The raw value of a label.
    pub fn value(&self, concept: &str, side: Option<Side>, level: Level) -> Option<&str> {
        let mut values = self.cells.iter().filter(|cell| {
            cell.place.concept == concept && cell.place.side == side && cell.place.level == level
        });
        let value = values.next()?;
        values
            .all(|other| other.value == value.value)
            .then_some(value.value.as_str())
    }

    /// The concepts that texts bind to a level.
    pub fn concepts(&self, level: Level) -> BTreeSet<&str> {
        self.facts
            .iter()
            .filter(|fact| fact.level == Some(level) && !fact.negated)
            .map(|fact| fact.concept.as_str())
            .collect()
    }
}

/// Whether a sentence stands in its span with this filling, citations apart.
pub(crate) fn stands(pack: &EvidencePack, query: &Query) -> bool {
    let Query::Gap {
        span,
        sentence,
        filling,
    } = query
    else {
        return false;
    };
    let body = sentence.trim_end_matches(['.', '。']);
    let found = pack
        .span(span)
        .is_some_and(|span| without_citations(&span.text).contains(body));
    found && sentence.contains(filling.as_str())
}

/// Whether the bank's own answer is the option that its key points to.
pub(crate) fn bank_agrees(pack: &EvidencePack) -> Result<(), String> {
    let Some(question) = pack
        .question
        .as_ref()
        .filter(|_| pack.kind == PackKind::Question)
    else {
        return Err("the pack has no question".to_owned());
    };
    let Some(correct) = question.correct else {
        return Ok(());
    };
    let Some(option) = question.options.get(correct) else {
        return Err(format!(
            "the key points to option {} of {}",
            correct + 1,
            question.options.len()
        ));
    };
    if normal(option) == normal(&question.answer) {
        return Ok(());
    }
    Err(format!(
        "the key says `{option}`, the answer says `{}`",
        question.answer
    ))
}
