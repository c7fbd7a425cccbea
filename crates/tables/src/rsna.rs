//! The layout of the RSNA 2024 lumbar spine degenerative classification dataset.
//!
//! `train.csv` has a row per study: `study_id`, then a column per condition and disc, such as
//! `left_neural_foraminal_narrowing_l4_l5`, with `Normal/Mild`, `Moderate`, `Severe`, or
//! blank. `train_label_coordinates.csv` marks where on which picture a label was seen, and
//! `train_series_descriptions.csv` says what each series is. Sides are the patient's.
//! Blank is not graded, which is not normal (I6); `Normal/Mild` is a grade, not an absence.

mod images;
mod labels;
mod marks;

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::seam::{Ingest, Ingested, Record, StepId, Tree};
use spinemed_core::source::{LabelMap, Manifest};
use spinemed_core::study::Study;
use spinemed_core::vocabulary::Modality;
use spinemed_core::{Digest, DocumentId};

use crate::cells::{self, Csv, Teller, shown};

pub use images::KEY_IMAGES_PER_KIND;

const TRAIN: &str = "train.csv";
const MARKS: &str = "train_label_coordinates.csv";
const SERIES: &str = "train_series_descriptions.csv";

/// The reader of the RSNA 2024 lumbar layout. It reads the whole source at once, and of the
/// pictures only those it keeps: see [`KEY_IMAGES_PER_KIND`].
///
/// The dataset names no patient, so a study's patient is the study itself. Without a label
/// map in the manifest everything is rejected: a label's level means nothing without one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rsna2024Reader;

impl Ingest for Rsna2024Reader {
    fn step(&self) -> StepId {
        StepId {
            name: "rsna2024-lumbar",
            version: 1,
        }
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested {
        let mut out = Ingested::default();
        if let Err((place, reason)) = read(manifest, tree, &mut out) {
            out.rejected
                .push(cells::problem(manifest, TRAIN, place, reason));
        }
        out
    }
}

fn read(manifest: &Manifest, tree: &dyn Tree, out: &mut Ingested) -> Result<(), (String, String)> {
    let Some(map) = &manifest.labels else {
        let reason = "the manifest has no `[labels]`: levels mean nothing without their map";
        return Err(("manifest".to_owned(), reason.to_owned()));
    };
    let names: BTreeSet<String> = tree.names().into_iter().collect();
    if !names.contains(TRAIN) {
        return Err(("file".to_owned(), format!("`{TRAIN}` is not in the source")));
    }
    let (teller, table) = open(manifest, tree, TRAIN)?;
    let columns = labels::columns();
    let mut needed: Vec<&str> = vec!["study_id"];
    needed.extend(columns.iter().map(|column| column.name.as_str()));
    table
        .check(&needed)
        .map_err(|reason| ("header".to_owned(), reason))?;
    let unknown = table.unknown(&needed);
    out.problems.extend(
        unknown
            .into_iter()
            .map(|(place, reason)| teller.problem(place, reason)),
    );
    let mut studies = read_studies(&teller, &table, &columns, map, out);
    let marks = side_table(manifest, tree, &names, MARKS, out, |teller, table, out| {
        marks::read_marks(teller, table, &studies, &columns, out)
    });
    let series = side_table(manifest, tree, &names, SERIES, out, marks::read_series);
    let mut kept: BTreeSet<Digest> = BTreeSet::new();
    for study in studies.values_mut() {
        let cx = images::Context {
            manifest,
            tree,
            names: &names,
            series: &series,
        };
        let found = marks
            .get(&study.name)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let media = images::choose(&cx, study, found, &mut out.problems);
        out.media.extend(
            media
                .into_iter()
                .filter(|m| kept.insert(m.reference.sha256)),
        );
    }
    let mut studies: Vec<Read> = studies.into_values().collect();
    studies.sort_by_key(|study| study.row);
    out.records
        .extend(studies.into_iter().map(|study| Record::Study(study.study)));
    Ok(())
}

/// A study and how its tables name it.
struct Read {
    name: String,
    row: u64,
    study: Study,
    /// Label ids by column.
    labels: BTreeMap<String, String>,
}

fn open<'a>(
    manifest: &'a Manifest,
    tree: &dyn Tree,
    name: &str,
) -> Result<(Teller<'a>, Csv), (String, String)> {
    let whole = |reason| ("file".to_owned(), reason);
    let bytes = tree.read(name).map_err(whole)?;
    let file = cells::reference(tree, name).map_err(whole)?;
    let table = cells::csv(cells::text(&bytes)?);
    Ok((Teller { manifest, file }, table))
}

/// Reads a table that studies survive without. Its faults are problems.
fn side_table<T: Default>(
    manifest: &Manifest,
    tree: &dyn Tree,
    names: &BTreeSet<String>,
    name: &str,
    out: &mut Ingested,
    read: impl FnOnce(&Teller<'_>, &Csv, &mut Ingested) -> Result<T, (String, String)>,
) -> T {
    let opened = if names.contains(name) {
        open(manifest, tree, name)
    } else {
        Err((
            "file".to_owned(),
            "not in the source; studies have no pictures without it".to_owned(),
        ))
    };
    let result = opened.and_then(|(teller, table)| read(&teller, &table, out));
    result.unwrap_or_else(|(place, reason)| {
        out.problems
            .push(cells::problem(manifest, name, place, reason));
        T::default()
    })
}

fn read_studies(
    teller: &Teller<'_>,
    table: &Csv,
    columns: &[labels::Column],
    map: &LabelMap,
    out: &mut Ingested,
) -> BTreeMap<String, Read> {
    let mut studies: BTreeMap<String, Read> = BTreeMap::new();
    for (row, cells) in &table.rows {
        let place = format!("row {row}");
        let read = match cells {
            Err(cause) => Err((place.clone(), cause.clone())),
            Ok(cells) => read_study(teller, table, *row, cells, columns, map, out),
        };
        let fresh = read.and_then(|read| match studies.get(&read.name) {
            None => Ok(read),
            Some(first) => {
                let reason = format!("study `{}` stands already in row {}", read.name, first.row);
                Err((format!("{place}, column study_id"), reason))
            }
        });
        match fresh {
            Ok(read) => {
                studies.insert(read.name.clone(), read);
            }
            Err((place, reason)) => out.rejected.push(teller.problem(place, reason)),
        }
    }
    studies
}

fn read_study(
    teller: &Teller<'_>,
    table: &Csv,
    row: u64,
    cells: &csv::StringRecord,
    columns: &[labels::Column],
    map: &LabelMap,
    out: &mut Ingested,
) -> Result<Read, (String, String)> {
    let at = |name: &str| {
        table
            .column(name)
            .and_then(|at| cells.get(at))
            .unwrap_or_default()
            .trim()
    };
    let name = at("study_id");
    if !is_name(name) {
        let reason = format!("`{}` is no study's name", shown(name));
        return Err((format!("row {row}, column study_id"), reason));
    }
    let mut study = Study {
        id: DocumentId::new(format!("{}/{name}", teller.manifest.id)),
        patient: name.to_owned(),
        modality: Modality::Mr,
        findings: Vec::new(),
        labels: Vec::new(),
        missing: Vec::new(),
        images: Vec::new(),
    };
    let mut by_column = BTreeMap::new();
    let mut bad = 0;
    for column in columns {
        let value = at(&column.name);
        if value.is_empty() {
            study.missing.push(column.name.clone());
            continue;
        }
        if let Err(reason) = labels::check_grade(value) {
            bad += 1;
            let place = format!("row {row}, column {}", column.name);
            out.problems.push(teller.problem(place, reason));
            continue;
        }
        let id = format!("l{}", study.labels.len() + 1);
        study
            .findings
            .push(labels::finding(column, value, &id, map));
        study
            .labels
            .push(labels::label(column, value, &id, teller, row, name));
        by_column.insert(column.name.clone(), id);
    }
    if study.labels.is_empty() {
        let blank = study.missing.len();
        let reason = format!("no label survives: {blank} are blank, {bad} outside the vocabulary");
        return Err((format!("row {row}"), reason));
    }
    Ok(Read {
        name: name.to_owned(),
        row,
        study,
        labels: by_column,
    })
}

/// A study's or series' name, which becomes a folder's: no separators, no way upwards.
fn is_name(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !text.is_empty() && text.len() <= 64 && text.chars().all(good) && !text.starts_with('.')
}

#[cfg(test)]
mod tests;
