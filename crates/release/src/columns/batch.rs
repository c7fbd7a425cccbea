//! Instances as rows.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Float64Array, Int32Array, Int64Array, ListArray,
    RecordBatch, StringArray, StructArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Fields};
use spinemed_core::instance::{Evidence, Instance, InstanceImage, Part, Role};
use spinemed_core::{Digest, digest};

use super::schema;
use crate::counts::carries_pictures;
use crate::jsonl::picture_name;

/// A row to be: an instance and its content digest.
pub(crate) type Row<'a> = (&'a Instance, Digest);

/// Gives a picture's bytes; `None` stands for bytes that are not there, which the verifier
/// meets and the writer does not.
pub(crate) type Pictures<'a> = dyn Fn(&Digest) -> Option<&'a [u8]> + 'a;

/// Rows as a batch of [`schema::data_schema`].
pub(crate) fn data_batch(
    rows: &[Row<'_>],
    pictures: &Pictures<'_>,
) -> Result<RecordBatch, ArrowError> {
    let each = |get: &dyn Fn(&Instance) -> String| {
        texts(rows.iter().map(|(instance, _)| Some(get(instance))))
    };
    let columns: Vec<ArrayRef> = vec![
        each(&|i| i.key.to_string()),
        texts(rows.iter().map(|(_, digest)| Some(digest.to_string()))),
        Arc::new(
            rows.iter()
                .map(|(i, _)| i32::try_from(i.v).ok())
                .collect::<Int32Array>(),
        ),
        each(&|i| i.kind.to_string()),
        each(&|i| i.language.to_string()),
        messages(rows)?,
        images(rows, pictures)?,
        picture_facts(rows)?,
        levels(rows)?,
        each(&|i| i.modality.to_string()),
        texts(rows.iter().map(|(i, _)| i.condition.as_deref())),
        evidence(rows)?,
        each(&|i| i.terms.licence.to_string()),
        each(&|i| i.terms.redistribution.to_string()),
        each(&|i| i.terms.egress.to_string()),
        each(&|i| i.source.to_string()),
        each(&|i| i.document.to_string()),
        each(&|i| i.group.to_string()),
        each(&|i| i.split.to_string()),
        each(&|i| i.pack.to_string()),
        each(&|i| i.origin.pack.to_string()),
        each(&|i| i.origin.draft.to_string()),
        each(&|i| i.origin.revision.to_string()),
        each(&|i| i.origin.generator.clone()),
        checks(rows)?,
        each(&|i| canonical_text(&i.item)),
        each(&|i| canonical_text(&i.claims)),
    ];
    RecordBatch::try_new(schema::data_schema(), columns)
}

fn messages(rows: &[Row<'_>]) -> Result<ArrayRef, ArrowError> {
    let turns = || rows.iter().flat_map(|(i, _)| &i.messages);
    let parts = || turns().flat_map(|turn| &turn.content);
    let words = parts().map(|part| match part {
        Part::Text { text } => Some(text.as_str()),
        Part::Image => None,
    });
    let kinds = parts().map(|part| {
        Some(if *part == Part::Image {
            "image"
        } else {
            "text"
        })
    });
    let content = lists(
        turns().map(|turn| turn.content.len()),
        structs(schema::part_fields(), vec![texts(kinds), texts(words)])?,
    )?;
    let roles = texts(turns().map(|turn| Some(role(turn.role))));
    let values = structs(schema::message_fields(), vec![roles, content])?;
    lists(rows.iter().map(|(i, _)| i.messages.len()), values)
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

/// Embedded pictures; none for instances whose pictures may not be redistributed.
fn images(rows: &[Row<'_>], pictures: &Pictures<'_>) -> Result<ArrayRef, ArrowError> {
    let shown = |instance: &Instance| {
        if carries_pictures(instance) {
            instance.images.len()
        } else {
            0
        }
    };
    let each = || {
        rows.iter()
            .flat_map(|(i, _)| i.images.iter().take(shown(i)))
    };
    let bytes: BinaryArray = each().map(|image| pictures(&image.media.sha256)).collect();
    let paths = texts(each().map(|image| Some(picture_name(&image.media))));
    let values = structs(schema::image_fields(), vec![Arc::new(bytes), paths])?;
    lists(rows.iter().map(|(i, _)| shown(i)), values)
}

fn picture_facts(rows: &[Row<'_>]) -> Result<ArrayRef, ArrowError> {
    let each = || rows.iter().flat_map(|(i, _)| i.images.iter());
    let size = |get: fn(&InstanceImage) -> u32| -> ArrayRef {
        Arc::new(
            each()
                .map(|image| i32::try_from(get(image)).ok())
                .collect::<Int32Array>(),
        )
    };
    let withheld: BooleanArray = rows
        .iter()
        .flat_map(|(i, _)| i.images.iter().map(|_| Some(!carries_pictures(i))))
        .collect();
    let columns = vec![
        texts(each().map(|image| Some(image.media.sha256.to_string()))),
        texts(each().map(|image| Some(image.media.media_type.as_str()))),
        size(|image| image.media.width),
        size(|image| image.media.height),
        texts(each().map(|image| Some(image.media.transform.as_str()))),
        texts(each().map(|image| Some(image.modality.as_str()))),
        Arc::new(withheld),
        texts(each().map(|image| Some(canonical_text(&image.place)))),
    ];
    let values = structs(schema::picture_fields(), columns)?;
    lists(rows.iter().map(|(i, _)| i.images.len()), values)
}

fn levels(rows: &[Row<'_>]) -> Result<ArrayRef, ArrowError> {
    let each = || rows.iter().flat_map(|(i, _)| &i.levels);
    let columns = vec![
        texts(each().map(|level| Some(level.level.to_string()))),
        texts(each().map(|level| Some(level.certainty.as_str()))),
        texts(each().map(|level| Some(level.numbering_method.as_str()))),
    ];
    let values = structs(schema::level_fields(), columns)?;
    lists(rows.iter().map(|(i, _)| i.levels.len()), values)
}

fn checks(rows: &[Row<'_>]) -> Result<ArrayRef, ArrowError> {
    let each = || rows.iter().flat_map(|(i, _)| &i.checks);
    let columns: Vec<ArrayRef> = vec![
        texts(each().map(|check| Some(check.check.as_str()))),
        Arc::new(
            each()
                .map(|check| Some(i64::from(check.version)))
                .collect::<Int64Array>(),
        ),
        Arc::new(
            each()
                .map(|check| Some(check.passed))
                .collect::<BooleanArray>(),
        ),
        texts(each().map(|check| Some(check.detail.as_str()))),
    ];
    let values = structs(schema::check_fields(), columns)?;
    lists(rows.iter().map(|(i, _)| i.checks.len()), values)
}

fn evidence(rows: &[Row<'_>]) -> Result<ArrayRef, ArrowError> {
    let with_row = || {
        rows.iter()
            .flat_map(|(i, _)| i.evidence.iter().map(move |e| (*i, e)))
    };
    let each = || rows.iter().flat_map(|(i, _)| &i.evidence);
    let word = |get: fn(&Evidence) -> Option<&str>| texts(each().map(get));
    let number = |get: fn(&Evidence) -> Option<u64>| -> ArrayRef {
        let numbers = each().map(|e| get(e).and_then(|n| i64::try_from(n).ok()));
        Arc::new(numbers.collect::<Int64Array>())
    };
    let columns = vec![
        texts(with_row().map(|(i, _)| Some(i.source.as_str()))),
        word(|e| Some(&e.place.file.path)),
        texts(each().map(|e| Some(e.place.file.sha256.to_string()))),
        texts(with_row().map(|(i, _)| Some(i.document.as_str()))),
        word(|e| Some(&e.span)),
        word(|e| e.place.block.as_deref()),
        number(|e| e.place.page.map(u64::from)),
        word(|e| e.place.page_label.as_deref()),
        boxes(each())?,
        ranges(each())?,
        word(|e| e.place.path.as_deref()),
        number(|e| e.place.row),
        word(|e| e.place.column.as_deref()),
        word(|e| e.place.study.as_deref()),
        word(|e| e.place.series.as_deref()),
        word(|e| e.place.instance.as_deref()),
        number(|e| e.place.frame.map(u64::from)),
        word(|e| Some(&e.quote)),
    ];
    let values = structs(schema::evidence_fields(), columns)?;
    lists(rows.iter().map(|(i, _)| i.evidence.len()), values)
}

fn boxes<'a>(evidence: impl Iterator<Item = &'a Evidence>) -> Result<ArrayRef, ArrowError> {
    let boxes: Vec<Option<[f64; 4]>> = evidence.map(|e| e.place.bbox).collect();
    let values: Float64Array = boxes
        .iter()
        .flatten()
        .flatten()
        .copied()
        .map(Some)
        .collect();
    maybe_lists(
        boxes.iter().map(|b| b.map_or(0, |b| b.len())),
        &boxes,
        Arc::new(values),
    )
}

fn ranges<'a>(evidence: impl Iterator<Item = &'a Evidence>) -> Result<ArrayRef, ArrowError> {
    let ranges: Vec<Option<[usize; 2]>> = evidence.map(|e| e.place.range).collect();
    let values: Int64Array = ranges
        .iter()
        .flatten()
        .flatten()
        .map(|n| i64::try_from(*n).ok())
        .collect();
    maybe_lists(
        ranges.iter().map(|r| r.map_or(0, |r| r.len())),
        &ranges,
        Arc::new(values),
    )
}

fn canonical_text<T: serde::Serialize>(value: &T) -> String {
    String::from_utf8(digest::canonical_json(value)).expect("JSON is UTF-8")
}

/// A column of texts.
pub(crate) fn texts<T: AsRef<str>>(values: impl Iterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

/// A column of structs without nulls.
pub(crate) fn structs(fields: Fields, columns: Vec<ArrayRef>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(StructArray::try_new(fields, columns, None)?))
}

/// A column of lists without nulls.
pub(crate) fn lists(
    lengths: impl Iterator<Item = usize>,
    values: ArrayRef,
) -> Result<ArrayRef, ArrowError> {
    list_array(lengths, values, None)
}

fn maybe_lists<T>(
    lengths: impl Iterator<Item = usize>,
    present: &[Option<T>],
    values: ArrayRef,
) -> Result<ArrayRef, ArrowError> {
    let valid: NullBuffer = present
        .iter()
        .map(Option::is_some)
        .collect::<Vec<bool>>()
        .into();
    list_array(lengths, values, Some(valid))
}

fn list_array(
    lengths: impl Iterator<Item = usize>,
    values: ArrayRef,
    valid: Option<NullBuffer>,
) -> Result<ArrayRef, ArrowError> {
    let element = schema::element(DataType::clone(values.data_type()));
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(
        element, offsets, values, valid,
    )?))
}
