//! Numbers: each one of the answer stands, with its unit, in the cited evidence.

use spinemed_core::instance::{Item, Revision};
use spinemed_core::pack::EvidencePack;

use super::parts::{answers, cited, true_words};
use crate::general::without_general;
use crate::quantity::{Quantity, quantities};
use crate::text::without_citations;

pub(super) fn run(pack: &EvidencePack, revision: &Revision) -> Result<(), String> {
    let mut said: Option<Vec<Quantity>> = None;
    for (part, text) in answers(&revision.item) {
        let text = without_general(text);
        for number in quantities(&text) {
            if is_ordinal(&text, &number, &revision.item) {
                continue;
            }
            let said = said.get_or_insert_with(|| evidence(pack, revision));
            if !said.iter().any(|other| same(other, &number)) {
                let unit = number
                    .unit
                    .map(|unit| format!(" {unit}"))
                    .unwrap_or_default();
                return Err(format!(
                    "`{part}` says `{}{unit}`; the cited evidence does not",
                    number.value
                ));
            }
        }
    }
    Ok(())
}

fn evidence(pack: &EvidencePack, revision: &Revision) -> Vec<Quantity> {
    let mut said: Vec<Quantity> = cited(pack, revision)
        .into_iter()
        .flat_map(|span| quantities(&without_citations(&true_words(pack, span))))
        .collect();
    said.extend(super::case::quantities(pack));
    let facts = revision.claims.iter().flat_map(|claim| &claim.facts);
    for fact in facts.filter_map(|at| pack.facts.get(*at)) {
        // Values on scales, which prose may write in other digits (`Modic type 1`, `I型`).
        said.extend(fact.grade.iter().flat_map(|grade| quantities(&grade.value)));
        said.extend(
            fact.measure
                .iter()
                .flat_map(|m| quantities(&format!("{} {}", m.value, m.unit))),
        );
    }
    said
}

/// Equal digits, and equal units where both have one. A number that the evidence gives with a
/// unit may be restated without; a unit that the evidence does not give may not be added.
fn same(evidence: &Quantity, answer: &Quantity) -> bool {
    evidence.value == answer.value && (answer.unit.is_none() || answer.unit == evidence.unit)
}

/// `(1) …` at the start of a line counts lines of a report and states no quantity.
fn is_ordinal(text: &str, number: &Quantity, item: &Item) -> bool {
    let [start, end] = number.range;
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let before = text[line_start..start].trim();
    let after = text[end..].chars().next();
    let counted = matches!(
        (before, after),
        ("(", Some(')')) | ("（", Some('）')) | ("", Some('.' | '、' | ')'))
    );
    counted && matches!(item, Item::Report { .. } | Item::Consultation { .. })
}
