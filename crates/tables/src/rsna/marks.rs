//! Where on which picture labels were seen, and what each series is.

use std::collections::BTreeMap;

use spinemed_core::seam::Ingested;

use super::labels::{Column, column_of_mark};
use super::{Read, is_name};
use crate::cells::{Csv, Teller, shown, suggestion};

/// What series are, in the dataset's words.
const DESCRIPTIONS: [&str; 3] = ["Sagittal T1", "Sagittal T2/STIR", "Axial T2"];

/// A mark on a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The series.
    pub series: String,
    /// The instance's number.
    pub instance: u32,
    /// The label's id in its study; none where the dataset leaves the label blank.
    pub label: Option<String>,
}

/// Marks by study.
pub type Marks = BTreeMap<String, Vec<Mark>>;
/// Descriptions by study and series.
pub type Descriptions = BTreeMap<(String, String), String>;

/// Reads `train_label_coordinates.csv`.
///
/// # Errors
/// Place and reason where its columns are not what they should be.
pub fn read_marks(
    teller: &Teller<'_>,
    table: &Csv,
    studies: &BTreeMap<String, Read>,
    columns: &[Column],
    out: &mut Ingested,
) -> Result<Marks, (String, String)> {
    let needed = [
        "study_id",
        "series_id",
        "instance_number",
        "condition",
        "level",
        "x",
        "y",
    ];
    table
        .check(&needed)
        .map_err(|reason| ("header".to_owned(), reason))?;
    let mut marks = Marks::new();
    for (row, cells) in &table.rows {
        let read = cells
            .as_ref()
            .map_err(|cause| (String::new(), cause.clone()))
            .and_then(|cells| read_mark(table, cells, studies, columns));
        match read {
            Ok((study, mark)) => marks.entry(study).or_default().push(mark),
            Err((column, reason)) => out
                .problems
                .push(teller.problem(place(*row, &column), reason)),
        }
    }
    Ok(marks)
}

fn place(row: u64, column: &str) -> String {
    if column.is_empty() {
        format!("row {row}")
    } else {
        format!("row {row}, column {column}")
    }
}

fn read_mark(
    table: &Csv,
    cells: &csv::StringRecord,
    studies: &BTreeMap<String, Read>,
    columns: &[Column],
) -> Result<(String, Mark), (String, String)> {
    let at = |name: &str| {
        table
            .column(name)
            .and_then(|at| cells.get(at))
            .unwrap_or_default()
            .trim()
    };
    let fault = |column: &str, what: &str| {
        Err((column.to_owned(), format!("`{}` {what}", shown(at(column)))))
    };
    let Some(study) = studies.get(at("study_id")) else {
        return fault("study_id", "is no study that was read");
    };
    if !is_name(at("series_id")) {
        return fault("series_id", "is no series' name");
    }
    let Ok(instance) = at("instance_number").parse::<u32>() else {
        return fault("instance_number", "is no instance's number");
    };
    for axis in ["x", "y"] {
        if !at(axis)
            .parse::<f64>()
            .is_ok_and(|pixel| pixel.is_finite() && pixel >= 0.0)
        {
            return fault(axis, "is no position in pixels");
        }
    }
    let column = column_of_mark(at("condition"), at("level"));
    if !columns.iter().any(|known| known.name == column) {
        let level = column_of_mark("", at("level"));
        let known = columns.iter().any(|known| known.name.ends_with(&level));
        let at_fault = if known { "condition" } else { "level" };
        return fault(at_fault, "is not in the dataset's vocabulary");
    }
    let label = study.labels.get(&column).cloned();
    Ok((
        study.name.clone(),
        Mark {
            series: at("series_id").to_owned(),
            instance,
            label,
        },
    ))
}

/// Reads `train_series_descriptions.csv`.
///
/// # Errors
/// Place and reason where its columns are not what they should be.
pub fn read_series(
    teller: &Teller<'_>,
    table: &Csv,
    out: &mut Ingested,
) -> Result<Descriptions, (String, String)> {
    let needed = ["study_id", "series_id", "series_description"];
    table
        .check(&needed)
        .map_err(|reason| ("header".to_owned(), reason))?;
    let mut descriptions = Descriptions::new();
    for (row, cells) in &table.rows {
        let cells = match cells {
            Ok(cells) => cells,
            Err(cause) => {
                out.problems
                    .push(teller.problem(place(*row, ""), cause.as_str()));
                continue;
            }
        };
        let at = |name: &str| {
            table
                .column(name)
                .and_then(|at| cells.get(at))
                .unwrap_or_default()
                .trim()
        };
        let description = at("series_description");
        if DESCRIPTIONS.contains(&description) {
            let key = (at("study_id").to_owned(), at("series_id").to_owned());
            descriptions.insert(key, description.to_owned());
        } else {
            let near = suggestion(description, &DESCRIPTIONS);
            let reason = format!("`{}` is no series description{near}", shown(description));
            out.problems
                .push(teller.problem(place(*row, "series_description"), reason));
        }
    }
    Ok(descriptions)
}
