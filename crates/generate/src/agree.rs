//! When one statement bears out another.

use spinemed_core::finding::{Finding, Grade};
use spinemed_core::vocabulary::Side;

use crate::kin;
use crate::phrase::{Severity, severity};

/// Whether the evidence's fact bears out the asserted one: each part that is asserted must be
/// bound in the one fact.
pub(crate) fn bears_out(evidence: &Finding, asserted: &Finding) -> bool {
    kin::covers(&asserted.concept, &evidence.concept)
        && asserted.negated == evidence.negated
        && asserted
            .level
            .is_none_or(|level| evidence.level.is_some_and(|held| held.covers(&level)))
        && asserted
            .side
            .is_none_or(|side| same_side(evidence.side, side))
        && asserted.grade.as_ref().is_none_or(|grade| {
            evidence
                .grade
                .as_ref()
                .is_some_and(|held| same_grade(held, grade))
        })
        && asserted
            .measure
            .as_ref()
            .is_none_or(|measure| evidence.measure.as_ref() == Some(measure))
}

fn same_side(evidence: Option<Side>, asserted: Side) -> bool {
    evidence == Some(asserted)
        || evidence == Some(Side::Bilateral) && matches!(asserted, Side::Left | Side::Right)
}

/// Whether two grades are the same, also where one scale has words (`Severe`) and the other
/// the bare severity. A part of `Normal/Mild` is read by some as `normal`, by some as `mild`.
pub(crate) fn same_grade(a: &Grade, b: &Grade) -> bool {
    match (severity(a), severity(b)) {
        (Some(a), Some(b)) => {
            let low = |s| {
                matches!(
                    s,
                    Severity::NormalOrMild | Severity::Normal | Severity::Mild
                )
            };
            a == b
                || (a == Severity::NormalOrMild && low(b))
                || (b == Severity::NormalOrMild && low(a))
        }
        (None, None) => a.scale == b.scale && value(&a.value) == value(&b.value),
        _ => false,
    }
}

/// Arabic and Roman numbers of one value are equal.
fn value(text: &str) -> String {
    let upper = text.trim().to_uppercase();
    match upper.as_str() {
        "I" => "1".into(),
        "II" => "2".into(),
        "III" => "3".into(),
        "IV" => "4".into(),
        "V" => "5".into(),
        _ => upper,
    }
}
