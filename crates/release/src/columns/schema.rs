//! The columns of `data/<kind>/<split>/part-<n>.parquet`.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use serde_json::{Value, json};

/// The schema of the data files, with the `huggingface` metadata by which
/// `datasets.load_dataset` decodes `images` as pictures.
pub(crate) fn data_schema() -> SchemaRef {
    let fields = Fields::from(vec![
        text("id"),
        text("digest"),
        Field::new("format", DataType::Int32, true),
        text("kind"),
        text("language"),
        list("messages", DataType::Struct(message_fields())),
        list("images", DataType::Struct(image_fields())),
        list("pictures", DataType::Struct(picture_fields())),
        list("levels", DataType::Struct(level_fields())),
        text("modality"),
        text("condition"),
        list("evidence", DataType::Struct(evidence_fields())),
        text("licence"),
        text("redistribution"),
        text("egress"),
        text("source"),
        text("document"),
        text("group"),
        text("split"),
        text("pack"),
        text("pack_digest"),
        text("draft_digest"),
        text("revision_digest"),
        text("generator"),
        list("checks", DataType::Struct(check_fields())),
        text("item"),
        text("claims"),
    ]);
    described(fields)
}

/// The schema of `trace/part-0.parquet`.
pub(crate) fn trace_schema() -> SchemaRef {
    described(Fields::from(vec![
        text("id"),
        text("digest"),
        Field::new("leaf", DataType::Int64, true),
        text("source"),
        text("document"),
        text("pack"),
        list("steps", DataType::Struct(step_fields())),
    ]))
}

/// The schema of `trace/absent.parquet`.
pub(crate) fn absent_schema() -> SchemaRef {
    described(Fields::from(
        ["unit", "stage", "reason", "detail", "winner"]
            .map(text)
            .to_vec(),
    ))
}

/// A turn: who speaks, and parts in order.
pub(crate) fn message_fields() -> Fields {
    vec![
        text("role"),
        list("content", DataType::Struct(part_fields())),
    ]
    .into()
}

/// A part of a turn: `text` with its words, or `image`, the next of the row's pictures.
pub(crate) fn part_fields() -> Fields {
    vec![text("type"), text("text")].into()
}

/// A picture as the `Image` feature of `datasets` wants it.
pub(crate) fn image_fields() -> Fields {
    vec![Field::new("bytes", DataType::Binary, true), text("path")].into()
}

/// What is known of a picture, embedded or withheld; for a withheld one it is the recipe.
pub(crate) fn picture_fields() -> Fields {
    vec![
        text("sha256"),
        text("media_type"),
        Field::new("width", DataType::Int32, true),
        Field::new("height", DataType::Int32, true),
        text("transform"),
        text("modality"),
        Field::new("withheld", DataType::Boolean, true),
        text("place"),
    ]
    .into()
}

/// A level with its certainty.
pub(crate) fn level_fields() -> Fields {
    vec![text("level"), text("certainty"), text("numbering_method")].into()
}

/// A quoted piece of evidence with its place.
pub(crate) fn evidence_fields() -> Fields {
    vec![
        text("source"),
        text("file"),
        text("file_sha256"),
        text("document"),
        text("span"),
        text("block"),
        Field::new("page", DataType::Int64, true),
        text("page_label"),
        list("box", DataType::Float64),
        list("range", DataType::Int64),
        text("path"),
        Field::new("row", DataType::Int64, true),
        text("column"),
        text("study"),
        text("series"),
        text("instance"),
        Field::new("frame", DataType::Int64, true),
        text("quote"),
    ]
    .into()
}

/// A check that the instance passed.
pub(crate) fn check_fields() -> Fields {
    vec![
        text("check"),
        Field::new("version", DataType::Int64, true),
        Field::new("passed", DataType::Boolean, true),
        text("detail"),
    ]
    .into()
}

/// An action of an instance's chain.
pub(crate) fn step_fields() -> Fields {
    ["step", "key", "output", "model", "prompt"]
        .map(text)
        .to_vec()
        .into()
}

/// The element of a list.
pub(crate) fn element(of: DataType) -> Arc<Field> {
    Arc::new(Field::new("element", of, true))
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

fn list(name: &str, of: DataType) -> Field {
    Field::new(name, DataType::List(element(of)), true)
}

fn described(fields: Fields) -> SchemaRef {
    let features: BTreeMap<&str, Value> = fields
        .iter()
        .map(|field| (field.name().as_str(), feature(field)))
        .collect();
    let info = json!({"info": {"features": features}}).to_string();
    let metadata = [("huggingface".to_owned(), info)];
    Arc::new(Schema::new(fields).with_metadata(metadata))
}

/// A field as the `Features` of `datasets` spell it. Lists are written as JSON lists, which
/// every version reads; the names of the list feature changed between versions 3 and 4.
fn feature(field: &Field) -> Value {
    if field.name() == "images" {
        return json!([{"_type": "Image"}]);
    }
    feature_of(field.data_type())
}

fn feature_of(data_type: &DataType) -> Value {
    match data_type {
        DataType::List(element) => json!([feature_of(element.data_type())]),
        DataType::Struct(fields) => {
            let fields: BTreeMap<&str, Value> = fields
                .iter()
                .map(|f| (f.name().as_str(), feature_of(f.data_type())))
                .collect();
            json!(fields)
        }
        scalar => json!({"dtype": dtype(scalar), "_type": "Value"}),
    }
}

fn dtype(scalar: &DataType) -> &'static str {
    match scalar {
        DataType::Int32 => "int32",
        DataType::Int64 => "int64",
        DataType::Float64 => "float64",
        DataType::Boolean => "bool",
        DataType::Binary => "binary",
        _ => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_feature() {
        let schema = data_schema();
        let info: Value = serde_json::from_str(&schema.metadata()["huggingface"]).expect("JSON");
        let features = info["info"]["features"].as_object().expect("an object");
        assert_eq!(features.len(), schema.fields().len());
        assert_eq!(features["images"], json!([{"_type": "Image"}]));
        assert_eq!(
            features["evidence"][0]["box"],
            json!([{"dtype": "float64", "_type": "Value"}])
        );
    }
}
