//! Labels of cases, read from their words: the other route to what is coded.

use std::collections::BTreeMap;

use spinemed_core::date::Date;
use spinemed_core::finding::Finding;
use spinemed_core::level::Level;
use spinemed_core::pack::{EvidencePack, SpanRole};
use spinemed_core::vocabulary::Side;

/// What a label's words say: `finding: disc-herniation; level: L4/L5; side: left; present`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said<'a> {
    /// `finding`, `symptom`, `diagnosis`, `treatment`; `person` for age and sex.
    pub kind: &'a str,
    /// The concept's identifier; empty for a person.
    pub concept: &'a str,
    /// The level.
    pub level: Option<Level>,
    /// The patient's side.
    pub side: Option<Side>,
    /// The grade's value and scale.
    pub grade: Option<(&'a str, &'a str)>,
    /// A measured value with its unit.
    pub measure: Option<&'a str>,
    /// Whether it is said to be absent.
    pub absent: bool,
    /// How long it has lasted, ISO 8601.
    pub duration: Option<&'a str>,
    /// The day.
    pub date: Option<Date>,
    /// Age in completed years.
    pub age: Option<u16>,
    /// DICOM's letter of the sex.
    pub sex: Option<&'a str>,
}

/// Every label of a pack that can be read, by span.
pub(super) fn labels(pack: &EvidencePack) -> BTreeMap<&str, Said<'_>> {
    pack.spans
        .iter()
        .filter(|span| span.role == SpanRole::Label)
        .filter_map(|span| Some((span.id.as_str(), read(&span.text)?)))
        .collect()
}

/// Reads a label; none where a part of it is not understood.
fn read(text: &str) -> Option<Said<'_>> {
    let mut said = Said::default();
    for part in text.split("; ") {
        match part {
            "absent" => said.absent = true,
            "present" => said.absent = false,
            _ => one(&mut said, part.split_once(": ")?)?,
        }
    }
    (!said.kind.is_empty()).then_some(said)
}

fn one<'a>(said: &mut Said<'a>, (name, value): (&'a str, &'a str)) -> Option<()> {
    match name {
        "finding" | "symptom" | "diagnosis" | "treatment" => {
            said.kind = name;
            said.concept = value;
        }
        "sex" => {
            said.kind = "person";
            said.sex = Some(value);
        }
        "age" => {
            said.kind = "person";
            said.age = Some(value.parse().ok()?);
        }
        "level" => said.level = Some(value.parse().ok()?),
        "side" => said.side = Some(value.parse().ok()?),
        "grade" => said.grade = value.strip_suffix(')')?.split_once(" ("),
        "measure" => said.measure = Some(value),
        "duration" => said.duration = Some(value),
        "date" => said.date = Some(value.parse().ok()?),
        _ => return None,
    }
    Some(())
}

impl Said<'_> {
    /// Whether the label says a stored fact, part by part.
    pub fn says(&self, fact: &Finding) -> bool {
        let grade = fact
            .grade
            .as_ref()
            .map(|grade| (grade.value.as_str(), grade.scale.as_str()));
        let measure = fact
            .measure
            .as_ref()
            .map(|measure| format!("{} {}", measure.value, measure.unit));
        self.kind == "finding"
            && self.concept == fact.concept
            && self.level == fact.level
            && self.side == fact.side
            && self.grade == grade
            && self.measure == measure.as_deref()
            && self.absent == fact.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_part_by_part() {
        let text =
            "finding: disc-herniation; level: L4/L5; side: left; grade: Severe (severity); absent";
        let said = read(text).unwrap();
        assert_eq!((said.kind, said.concept), ("finding", "disc-herniation"));
        assert_eq!(said.level, "L4/L5".parse().ok());
        assert_eq!(said.grade, Some(("Severe", "severity")));
        assert!(said.absent && said.side == Some(Side::Left));
        assert_eq!(read("sex: F; age: 61").unwrap().age, Some(61));
    }

    #[test]
    fn what_is_not_understood_says_nothing() {
        for text in [
            "",
            "finding",
            "mood: low",
            "finding: x; level: nowhere",
            "age: old",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
