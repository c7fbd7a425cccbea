//! Labels of studies, read from their raw cells: the other route to a study's facts.

use spinemed_core::clinical;
use spinemed_core::finding::Grade;
use spinemed_core::level::{self, Level};
use spinemed_core::pack::{EvidencePack, SpanRole};
use spinemed_core::vocabulary::Side;

/// What a label's column is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The finding's identifier.
    pub concept: String,
    /// The patient's side.
    pub side: Option<Side>,
    /// The level.
    pub level: Level,
}

/// A label as its raw cell says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The span.
    pub span: String,
    /// What the column is about.
    pub place: Place,
    /// The value.
    pub value: String,
}

/// The labels of a pack that can be read.
pub(crate) fn cells(pack: &EvidencePack) -> Vec<Cell> {
    pack.spans
        .iter()
        .filter(|span| span.role == SpanRole::Label)
        .filter_map(|span| {
            let (column, value) = span.text.split_once('=')?;
            Some(Cell {
                span: span.id.clone(),
                place: column_place(column)?,
                value: value.trim().to_owned(),
            })
        })
        .collect()
}

/// Reads a column's name such as `left_neural_foraminal_narrowing_l4_l5`.
pub(crate) fn column_place(column: &str) -> Option<Place> {
    let column = column.trim().to_lowercase();
    let parts: Vec<&str> = column
        .split(['_', ' ', '-', '/', ','])
        .filter(|part| !part.is_empty())
        .collect();
    let (side, rest) = match parts.split_first()? {
        (&"left", rest) => (Some(Side::Left), rest),
        (&"right", rest) => (Some(Side::Right), rest),
        _ => (None, parts.as_slice()),
    };
    for words in [2, 1] {
        let split = rest.len().checked_sub(words).filter(|at| *at > 0)?;
        let (finding, place) = rest.split_at(split);
        if let Some(level) = level::parse_label(&place.join("/")) {
            let concept = concept(finding)?;
            return Some(Place {
                concept,
                side,
                level,
            });
        }
    }
    None
}

fn concept(words: &[&str]) -> Option<String> {
    let id = words.join("-");
    if clinical::concept(&id).is_some() {
        return Some(id);
    }
    let name = words.join(" ");
    clinical::concepts()
        .iter()
        .find(|concept| concept.en.contains(&name.as_str()))
        .map(|concept| concept.id.to_owned())
        .or(Some(id))
}

/// A cell's value as a grade of the same scale as another's.
pub(crate) fn grade(cell: &Cell, scale: &str) -> Grade {
    Grade {
        scale: scale.to_owned(),
        value: cell.value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read() {
        let check = |column: &str, expect: Option<(&str, Option<Side>, &str)>| {
            let expect = expect.map(|(concept, side, level)| Place {
                concept: concept.to_owned(),
                side,
                level: level.parse().unwrap(),
            });
            assert_eq!(column_place(column), expect, "{column}");
        };
        check(
            "spinal_canal_stenosis_l4_l5",
            Some(("spinal-canal-stenosis", None, "L4/L5")),
        );
        check(
            "left_neural_foraminal_narrowing_l5_s1",
            Some(("neural-foraminal-narrowing", Some(Side::Left), "L5/S1")),
        );
        check("right_subarticular_stenosis", None);
        check("l4_l5", None);
        check("", None);
    }
}
