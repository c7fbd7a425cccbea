//! `trace/`: how each instance was made, and what is absent and why.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::ArrowError;
use serde::Serialize;
use spinemed_core::digest::canonical_json;
use spinemed_core::instance::Instance;
use spinemed_core::{Digest, RecordKey};

use crate::columns::batch::{lists, structs, texts};
use crate::columns::schema;
use crate::plan::{Absent, TraceStep};

/// Rows of a row group of the trace tables.
pub(crate) const TRACE_ROWS: usize = 4096;

/// One instance's chain: a row of `trace/part-0.parquet`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TraceRow {
    /// The instance.
    pub id: RecordKey,
    /// Its content digest.
    pub digest: Digest,
    /// Its position among the leaves of the release root, from 0.
    pub leaf: i64,
    /// Its source.
    pub source: String,
    /// Its document.
    pub document: String,
    /// Its pack.
    pub pack: String,
    /// The actions behind it.
    pub steps: Vec<TraceStep>,
}

impl TraceRow {
    pub fn new(instance: &Instance, digest: Digest, leaf: i64, steps: Vec<TraceStep>) -> Self {
        Self {
            id: instance.key.clone(),
            digest,
            leaf,
            source: instance.source.to_string(),
            document: instance.document.to_string(),
            pack: instance.pack.to_string(),
            steps,
        }
    }
}

/// The data of a row's Merkle leaf: its canonical JSON.
pub(crate) fn leaf<T: Serialize>(row: &T) -> Vec<u8> {
    canonical_json(row)
}

/// Rows as a batch.
pub(crate) fn trace_batch(rows: &[TraceRow]) -> Result<RecordBatch, ArrowError> {
    let steps = || rows.iter().flat_map(|row| &row.steps);
    let step_columns = vec![
        texts(steps().map(|step| Some(&step.step))),
        texts(steps().map(|step| Some(step.key.to_string()))),
        texts(steps().map(|step| step.output.map(|digest| digest.to_string()))),
        texts(steps().map(|step| step.model.as_ref())),
        texts(steps().map(|step| step.prompt.map(|digest| digest.to_string()))),
    ];
    let steps = structs(schema::step_fields(), step_columns)?;
    let leaves: ArrayRef = Arc::new(
        rows.iter()
            .map(|row| Some(row.leaf))
            .collect::<Int64Array>(),
    );
    let columns = vec![
        texts(rows.iter().map(|row| Some(row.id.as_str()))),
        texts(rows.iter().map(|row| Some(row.digest.to_string()))),
        leaves,
        texts(rows.iter().map(|row| Some(&row.source))),
        texts(rows.iter().map(|row| Some(&row.document))),
        texts(rows.iter().map(|row| Some(&row.pack))),
        lists(rows.iter().map(|row| row.steps.len()), steps)?,
    ];
    RecordBatch::try_new(schema::trace_schema(), columns)
}

/// Absent units as a batch.
pub(crate) fn absent_batch(rows: &[Absent]) -> Result<RecordBatch, ArrowError> {
    let columns = vec![
        texts(rows.iter().map(|row| Some(&row.unit))),
        texts(rows.iter().map(|row| Some(&row.stage))),
        texts(rows.iter().map(|row| Some(&row.reason))),
        texts(rows.iter().map(|row| Some(&row.detail))),
        texts(rows.iter().map(|row| row.winner.as_ref())),
    ];
    RecordBatch::try_new(schema::absent_schema(), columns)
}

/// Reads a batch of [`schema::trace_schema`].
///
/// # Errors
/// Which cell holds no digest or nothing where something belongs.
pub(crate) fn read_trace(batch: &RecordBatch) -> Result<Vec<TraceRow>, String> {
    let text = |name: &str| column(batch, name).map(|column| column.as_string::<i32>());
    let (ids, digests) = (text("id")?, text("digest")?);
    let (sources, documents, packs) = (text("source")?, text("document")?, text("pack")?);
    let leaves = column(batch, "leaf")?.as_primitive::<Int64Type>();
    let steps = column(batch, "steps")?.as_list::<i32>();
    (0..batch.num_rows())
        .map(|row| {
            Ok(TraceRow {
                id: RecordKey::new(word(ids, row, "id")?),
                digest: digest(digests, row, "digest")?,
                leaf: if leaves.is_valid(row) {
                    leaves.value(row)
                } else {
                    -1
                },
                source: word(sources, row, "source")?,
                document: word(documents, row, "document")?,
                pack: word(packs, row, "pack")?,
                steps: if steps.is_valid(row) {
                    read_steps(&steps.value(row))?
                } else {
                    Vec::new()
                },
            })
        })
        .collect()
}

fn read_steps(steps: &ArrayRef) -> Result<Vec<TraceStep>, String> {
    let steps = steps.as_struct();
    let text = |name: &str| {
        let column = steps
            .column_by_name(name)
            .ok_or_else(|| format!("no field `{name}`"))?;
        Ok::<_, String>(column.as_string::<i32>())
    };
    let (names, keys, outputs) = (text("step")?, text("key")?, text("output")?);
    let (models, prompts) = (text("model")?, text("prompt")?);
    (0..steps.len())
        .map(|row| {
            Ok(TraceStep {
                step: word(names, row, "step")?,
                key: digest(keys, row, "key")?,
                output: maybe(outputs, row)
                    .map(|text| parse(text, "output"))
                    .transpose()?,
                model: maybe(models, row).map(str::to_owned),
                prompt: maybe(prompts, row)
                    .map(|text| parse(text, "prompt"))
                    .transpose()?,
            })
        })
        .collect()
}

/// Reads a batch of [`schema::absent_schema`].
///
/// # Errors
/// Which cell is empty.
pub(crate) fn read_absent(batch: &RecordBatch) -> Result<Vec<Absent>, String> {
    let text = |name: &str| column(batch, name).map(|column| column.as_string::<i32>());
    let (units, stages, reasons) = (text("unit")?, text("stage")?, text("reason")?);
    let (details, winners) = (text("detail")?, text("winner")?);
    (0..batch.num_rows())
        .map(|row| {
            Ok(Absent {
                unit: word(units, row, "unit")?,
                stage: word(stages, row, "stage")?,
                reason: word(reasons, row, "reason")?,
                detail: word(details, row, "detail")?,
                winner: maybe(winners, row).map(str::to_owned),
            })
        })
        .collect()
}

/// The texts of a column, for looking rows up by name.
pub(crate) fn text_column(batch: &RecordBatch, name: &str) -> Result<Vec<String>, String> {
    let texts = column(batch, name)?.as_string::<i32>();
    (0..batch.num_rows())
        .map(|row| word(texts, row, name))
        .collect()
}

/// The caller has compared the schema, so the type is known.
fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, String> {
    batch
        .column_by_name(name)
        .ok_or_else(|| format!("no column `{name}`"))
}

fn maybe(texts: &StringArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row))
}

fn word(texts: &StringArray, row: usize, name: &str) -> Result<String, String> {
    maybe(texts, row)
        .map(str::to_owned)
        .ok_or_else(|| format!("`{name}` is empty in row {row}"))
}

fn digest(texts: &StringArray, row: usize, name: &str) -> Result<Digest, String> {
    parse(&word(texts, row, name)?, name)
}

fn parse(text: &str, name: &str) -> Result<Digest, String> {
    text.parse().map_err(|cause| format!("`{name}`: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back() {
        let step = |model: Option<&str>| TraceStep {
            step: "draft/1".to_owned(),
            key: Digest::of(b"key"),
            output: model.map(|text| Digest::of(text.as_bytes())),
            model: model.map(str::to_owned),
            prompt: None,
        };
        let row = |leaf: i64, steps: Vec<TraceStep>| TraceRow {
            id: RecordKey::new(format!("s/d/p{leaf}#mcq.en.0")),
            digest: Digest::of(b"instance"),
            leaf,
            source: "s".to_owned(),
            document: "s/d".to_owned(),
            pack: format!("s/d/p{leaf}"),
            steps,
        };
        let rows = [
            row(0, vec![step(Some("m")), step(None)]),
            row(1, Vec::new()),
        ];
        assert_eq!(
            read_trace(&trace_batch(&rows).expect("a batch")).expect("rows"),
            rows
        );
        let absent = [Absent {
            unit: "s/d/p9".to_owned(),
            stage: "curate".to_owned(),
            reason: "duplicate".to_owned(),
            detail: "same as `s/d/p1`".to_owned(),
            winner: Some("s/d/p1".to_owned()),
        }];
        assert_eq!(
            read_absent(&absent_batch(&absent).expect("a batch")).expect("rows"),
            absent
        );
    }
}
