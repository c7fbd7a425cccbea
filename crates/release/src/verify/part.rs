//! One kind and split: JSON Lines and Parquet side by side.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use spinemed_core::Digest;
use spinemed_core::instance::Instance;
use spinemed_core::vocabulary::{Kind, Redistribution, Split};

use super::DamageKind;
use super::run::Run;
use crate::columns::batch::data_batch;
use crate::columns::file::{FileReader, STEP};
use crate::columns::schema;
use crate::counts::carries_pictures;
use crate::jsonl;
use crate::layout::{Row, arrange, group_hash};
use crate::manifest::Manifest;
use crate::trace::text_column;
use crate::write::{lines_name, part_name, reason_to_withhold};

/// An instance read from its line; none where the line is damaged.
type Line = Option<(Instance, Digest)>;

/// Checks the lines, the rows, and each against the other.
pub(super) fn check(run: &mut Run<'_>, kind: Kind, split: Split, manifest: Option<&Manifest>) {
    let name = lines_name(kind, split);
    let Some(bytes) = run.take(&name) else {
        run.whole = false;
        return;
    };
    let mut part = Part {
        lines: Lines::new(&bytes),
        name,
        of: (kind, split),
        manifest,
        rows: Vec::new(),
        first_leaf: run.leaves.len(),
        sound: true,
        sizes: Vec::new(),
        index: None,
        matched: Vec::new(),
    };
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        run.report(
            DamageKind::Malformed,
            &part.name,
            "the last line has no end",
        );
    }
    let mut number = 0;
    while number == 0 || run.files.names.contains(&part_name(kind, split, number)) {
        part.check_file(run, &part_name(kind, split, number));
        number += 1;
    }
    while part.next_line(run).is_some() {}
    part.finish(run);
}

/// Lines of a JSON Lines file, one after the other.
struct Lines<'a> {
    all: &'a [u8],
    /// Where the next line starts.
    at: usize,
    /// How many were given.
    given: usize,
}

impl<'a> Lines<'a> {
    fn new(all: &'a [u8]) -> Self {
        Self {
            all,
            at: 0,
            given: 0,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.all.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(rest.len());
        self.at += end + 1;
        self.given += 1;
        Some(&rest[..end])
    }
}

struct Part<'a> {
    lines: Lines<'a>,
    name: String,
    of: (Kind, Split),
    manifest: Option<&'a Manifest>,
    /// Hash of each line's group, in order, for the layout.
    rows: Vec<u64>,
    /// Where this part's leaves start among all.
    first_leaf: usize,
    /// Whether lines and rows agreed so far.
    sound: bool,
    /// Rows of each row group, file by file.
    sizes: Vec<Vec<usize>>,
    /// Lines by record key, made when it is first needed.
    index: Option<BTreeMap<String, (usize, &'a [u8])>>,
    /// Whether a row was found for each line.
    matched: Vec<bool>,
}

impl<'a> Part<'a> {
    /// Reads and checks the next line; none at the end.
    fn next_line(&mut self, run: &mut Run<'_>) -> Option<Line> {
        let line = self.lines.next()?;
        self.matched.push(false);
        let place = format!("{} line {}", self.name, self.lines.given);
        match jsonl::decode(line) {
            Ok((instance, digest)) => {
                run.meet(&instance, digest, &place, self.of);
                self.check_terms(run, &instance, &place);
                if carries_pictures(&instance) {
                    let names = instance
                        .images
                        .iter()
                        .map(|i| jsonl::picture_name(&i.media));
                    run.shown.extend(names);
                }
                self.rows.push(group_hash(&instance.group));
                Some(Some((instance, digest)))
            }
            Err(cause) => {
                run.report(DamageKind::Digest, place, cause);
                run.whole = false;
                self.sound = false;
                Some(None)
            }
        }
    }

    fn check_terms(&self, run: &mut Run<'_>, instance: &Instance, place: &str) {
        let Some(manifest) = self.manifest else {
            return;
        };
        let Some(source) = manifest.sources.iter().find(|s| s.id == instance.source) else {
            let detail = format!("source `{}` is not in `release.json`", instance.source);
            return run.report(DamageKind::Card, place, detail);
        };
        let terms: Redistribution = instance.terms.redistribution;
        if let Some(reason) = reason_to_withhold(terms.max(source.redistribution), source) {
            run.report(DamageKind::Redistribution, place, reason.detail());
        } else if terms < source.redistribution || instance.terms.egress < source.egress {
            let detail = format!("looser than its source `{}`", source.id);
            run.report(DamageKind::Redistribution, place, detail);
        }
    }

    /// Compares a Parquet file, row group by row group, with the lines in the same order.
    fn check_file(&mut self, run: &mut Run<'_>, name: &str) {
        let opened = run
            .take(name)
            .map(|bytes| FileReader::open(bytes, &schema::data_schema()));
        let reader = match opened {
            Some(Ok(reader)) => reader,
            Some(Err(cause)) => {
                self.sound = false;
                return run.report(DamageKind::Malformed, name, cause);
            }
            None => {
                self.sound = false;
                return;
            }
        };
        self.sizes.push(reader.rows.clone());
        for group in 0..reader.rows.len() {
            let first = self.lines.given;
            let mut lines = Vec::new();
            while lines.len() < reader.rows[group] {
                let Some(line) = self.next_line(run) else {
                    break;
                };
                lines.push(line);
            }
            match reader.row_group(group) {
                Err(cause) => {
                    run.report(
                        DamageKind::Malformed,
                        format!("{name} row group {group}"),
                        cause,
                    );
                    // Rows that nobody can read are one damage, not one for each line.
                    self.matched[first..].fill(true);
                    self.sound = false;
                }
                Ok(batches) if same(run, &lines, &batches) => {
                    run.seen.rows += lines.len() as u64;
                    self.matched[first..].fill(true);
                }
                Ok(batches) => {
                    self.sound = false;
                    self.compare_by_key(run, &format!("{name} row group {group}"), &batches);
                }
            }
        }
    }

    /// Finds each row's line by its key, and says which rows differ and where.
    fn compare_by_key(&mut self, run: &mut Run<'_>, place: &str, batches: &[RecordBatch]) {
        let before = run.damage.len();
        let mut row = 0;
        for batch in batches {
            let ids = match text_column(batch, "id") {
                Ok(ids) => ids,
                Err(cause) => return run.report(DamageKind::Malformed, place, cause),
            };
            for (at, id) in ids.iter().enumerate() {
                self.compare_row(run, &format!("{place} row {row}"), id, &batch.slice(at, 1));
                row += 1;
            }
        }
        if run.damage.len() == before {
            run.report(
                DamageKind::Order,
                place,
                "rows do not stand in the order of the lines",
            );
        }
    }

    fn compare_row(&mut self, run: &mut Run<'_>, place: &str, id: &str, row: &RecordBatch) {
        let all = self.lines.all;
        let index = self.index.get_or_insert_with(|| index_by_key(all));
        let Some((number, line)) = index.get(id).copied() else {
            let detail = format!("`{id}` has no line");
            return run.report(DamageKind::Content, place, detail);
        };
        if self.matched.len() <= number {
            self.matched.resize(number + 1, false);
        }
        if std::mem::replace(&mut self.matched[number], true) {
            let detail = format!("`{id}` comes more than once");
            return run.report(DamageKind::Duplicate, place, detail);
        }
        // A damaged line is reported where lines are read.
        let Ok(read) = jsonl::decode(line) else {
            return;
        };
        run.seen.rows += 1;
        let pictures = pictures(run, std::iter::once(&read));
        let give = |digest: &Digest| pictures.get(digest).map(Vec::as_slice);
        match data_batch(&[(&read.0, read.1)], &give) {
            Err(cause) => run.report(DamageKind::Malformed, place, cause.to_string()),
            Ok(expect) => {
                let columns = differing(&expect, row);
                if !columns.is_empty() {
                    let detail = format!("`{id}` differs from its line in {}", columns.join(", "));
                    run.report(DamageKind::Content, place, detail);
                }
            }
        }
    }

    /// Names lines without rows; then holds the order against the layout.
    fn finish(mut self, run: &mut Run<'_>) {
        self.matched.resize(self.lines.given, false);
        let alone: Vec<usize> = (0..self.matched.len())
            .filter(|number| !self.matched[*number])
            .collect();
        for number in alone {
            self.sound = false;
            let place = format!("{} line {}", self.name, number + 1);
            run.report(
                DamageKind::Content,
                place,
                "the instance has no Parquet row",
            );
        }
        if self.sound {
            self.check_layout(run);
        }
    }

    fn check_layout(&self, run: &mut Run<'_>) {
        let keys = &run.leaves[self.first_leaf..];
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by(|a, b| keys[*a].0.cmp(&keys[*b].0));
        let mut rows = Vec::with_capacity(order.len());
        for (position, line) in order.iter().enumerate() {
            rows.push(Row {
                hash: self.rows[*line],
                position,
            });
        }
        let files = arrange(rows);
        let sizes: Vec<Vec<usize>> = files
            .iter()
            .map(|file| file.iter().map(Vec::len).collect())
            .collect();
        let places = files
            .into_iter()
            .flatten()
            .flatten()
            .map(|row| order[row.position]);
        if sizes != self.sizes || !places.eq(0..keys.len()) {
            let detail = "rows are not laid out by group and record key";
            run.report(DamageKind::Order, &self.name, detail);
        }
    }
}

/// Whether rows are, cell by cell, what the lines give.
fn same(run: &mut Run<'_>, lines: &[Line], batches: &[RecordBatch]) -> bool {
    let Some(read) = lines.iter().map(Option::as_ref).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let pictures = pictures(run, read.iter().copied());
    let give = |digest: &Digest| pictures.get(digest).map(Vec::as_slice);
    let expected = read.chunks(STEP).map(|rows| {
        let rows: Vec<_> = rows
            .iter()
            .map(|(instance, digest)| (instance, *digest))
            .collect();
        data_batch(&rows, &give)
    });
    let mut compared = 0;
    for (expect, batch) in expected.zip(batches) {
        match expect {
            Ok(expect) if expect.columns() == batch.columns() => compared += batch.num_rows(),
            _ => return false,
        }
    }
    compared == lines.len() && batches.iter().map(RecordBatch::num_rows).sum::<usize>() == compared
}

/// The pictures that some instances show, from the folder; those that cannot be read are
/// reported with the pictures.
fn pictures<'a>(
    run: &Run<'_>,
    instances: impl Iterator<Item = &'a (Instance, Digest)>,
) -> BTreeMap<Digest, Vec<u8>> {
    let mut pictures = BTreeMap::new();
    for (instance, _) in instances.filter(|(instance, _)| carries_pictures(instance)) {
        for image in &instance.images {
            let picture = image.media.sha256;
            if pictures.contains_key(&picture) {
                continue;
            }
            let name = jsonl::picture_name(&image.media);
            if run.files.names.contains(&name)
                && let Ok(bytes) = run.files.tree.read(&name)
            {
                pictures.insert(picture, bytes.into_owned());
            }
        }
    }
    pictures
}

fn differing(expect: &RecordBatch, found: &RecordBatch) -> Vec<String> {
    let schema = expect.schema();
    let columns = expect
        .columns()
        .iter()
        .zip(found.columns())
        .zip(schema.fields());
    columns
        .filter(|((expect, found), _)| expect != found)
        .map(|(_, field)| format!("`{}`", field.name()))
        .collect()
}

fn index_by_key(all: &[u8]) -> BTreeMap<String, (usize, &[u8])> {
    let mut index = BTreeMap::new();
    for (number, line) in Lines::new(all).enumerate() {
        let key = serde_json::from_slice::<serde_json::Value>(line)
            .ok()
            .and_then(|tree| tree.get("key")?.as_str().map(str::to_owned));
        if let Some(key) = key {
            index.entry(key).or_insert((number, line));
        }
    }
    index
}
