//! Label columns and their grades.

use spinemed_core::finding::{Finding, Grade};
use spinemed_core::level::{Level, parse_label};
use spinemed_core::locator::Locator;
use spinemed_core::source::LabelMap;
use spinemed_core::study::Label;
use spinemed_core::vocabulary::Side;

use crate::cells::{Teller, shown, suggestion};

/// The dataset's grades, in order of severity.
pub const GRADES: [&str; 3] = ["Normal/Mild", "Moderate", "Severe"];
/// The grades' scale.
pub const SCALE: &str = "rsna-2024-stenosis";

const CONDITIONS: [(&str, &str, Option<Side>); 5] = [
    ("spinal_canal_stenosis", "spinal-canal-stenosis", None),
    (
        "left_neural_foraminal_narrowing",
        "neural-foraminal-narrowing",
        Some(Side::Left),
    ),
    (
        "right_neural_foraminal_narrowing",
        "neural-foraminal-narrowing",
        Some(Side::Right),
    ),
    (
        "left_subarticular_stenosis",
        "subarticular-stenosis",
        Some(Side::Left),
    ),
    (
        "right_subarticular_stenosis",
        "subarticular-stenosis",
        Some(Side::Right),
    ),
];
const DISCS: [&str; 5] = ["l1_l2", "l2_l3", "l3_l4", "l4_l5", "l5_s1"];

/// One of the 25 label columns.
#[derive(Debug, Clone)]
pub struct Column {
    /// As `train.csv` spells it.
    pub name: String,
    concept: &'static str,
    side: Option<Side>,
    level: Option<Level>,
}

/// The label columns, in the dataset's order.
pub fn columns() -> Vec<Column> {
    let column =
        |(condition, concept, side): (&str, &'static str, Option<Side>), disc: &str| Column {
            name: format!("{condition}_{disc}"),
            concept,
            side,
            level: parse_label(disc),
        };
    CONDITIONS
        .into_iter()
        .flat_map(|c| DISCS.iter().map(move |disc| column(c, disc)))
        .collect()
}

/// The column that a mark speaks of: `Left Subarticular Stenosis` at `L4/L5` is
/// `left_subarticular_stenosis_l4_l5`.
pub fn column_of_mark(condition: &str, level: &str) -> String {
    let words = condition
        .split_whitespace()
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join("_");
    let level = level.trim().to_lowercase().replace(['/', '-'], "_");
    format!("{words}_{level}")
}

/// Whether a value is one of the dataset's grades.
///
/// # Errors
/// What is wrong, in words.
pub fn check_grade(value: &str) -> Result<(), String> {
    if GRADES.contains(&value) {
        return Ok(());
    }
    let near = suggestion(value, &GRADES);
    let grades = GRADES.map(|grade| format!("`{grade}`")).join(", ");
    Err(format!("`{}` is none of {grades}{near}", shown(value)))
}

/// The finding that a label cell states.
pub fn finding(column: &Column, value: &str, span: &str, map: &LabelMap) -> Finding {
    Finding {
        concept: column.concept.to_owned(),
        level: column.level,
        level_certainty: map.level_certainty,
        numbering_method: map.numbering_method,
        side: column.side,
        grade: Some(Grade {
            scale: SCALE.to_owned(),
            value: value.to_owned(),
        }),
        measure: None,
        negated: false,
        span: span.to_owned(),
        range: None,
    }
}

/// A label cell in words, with its place.
pub fn label(
    column: &Column,
    value: &str,
    id: &str,
    teller: &Teller<'_>,
    row: u64,
    study: &str,
) -> Label {
    let place = Locator {
        column: Some(column.name.clone()),
        study: Some(study.to_owned()),
        ..teller.row(row)
    };
    Label {
        id: id.to_owned(),
        text: format!("{} = {value}", column.name),
        place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_the_datasets() {
        let columns = columns();
        assert_eq!(columns.len(), 25);
        assert!(columns.iter().all(|column| column.level.is_some()));
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(
            (names[0], names[9]),
            (
                "spinal_canal_stenosis_l1_l2",
                "left_neural_foraminal_narrowing_l5_s1"
            )
        );
        let found = column_of_mark("Right Subarticular Stenosis", "L5/S1");
        assert_eq!(names.last(), Some(&found.as_str()));
        assert_eq!(
            columns[24].level.map(|level| level.to_string()).as_deref(),
            Some("L5/S1")
        );
    }

    #[test]
    fn grades_outside_the_vocabulary() {
        assert_eq!(check_grade("Severe"), Ok(()));
        let expect =
            "`sever` is none of `Normal/Mild`, `Moderate`, `Severe`; did you mean `Severe`?";
        assert_eq!(check_grade("sever"), Err(expect.to_owned()));
        assert!(check_grade("2").is_err());
    }
}
