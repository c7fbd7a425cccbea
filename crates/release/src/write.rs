//! Writes a release: one pass in record-key order to count and place, one in the order of
//! the files to write.

use std::collections::BTreeMap;
use std::io::Write as _;

use parquet::errors::ParquetError;
use spinemed_core::instance::Instance;
use spinemed_core::vocabulary::{Kind, Redistribution, Split, Subjects};
use spinemed_core::{Digest, DropReason, GroupKey, RecordKey, SourceId};

use crate::columns::batch::data_batch;
use crate::columns::file::{FileWriter, STEP, encode};
use crate::columns::schema;
use crate::counts::{Tally, carries_pictures};
use crate::error::ReleaseError;
use crate::folder::{Folder, Packer, Sink, failed};
use crate::layout::{Row, arrange, group_hash};
use crate::manifest::{self, Manifest, Roots};
use crate::merkle::{RootBuilder, record_leaf};
use crate::plan::{Absent, Inputs, ReleasePlan, ReleaseSummary, SourceTerms};
use crate::trace::{self, TRACE_ROWS, TraceRow, absent_batch, trace_batch};
use crate::{card, jsonl, licences};

/// Writes a release into an empty folder. `SHA256SUMS` comes last: a folder without it is
/// not a release.
///
/// # Errors
/// [`ReleaseError`]: unbalanced accounts, instances out of order, of unknown sources or with
/// looser terms than their source's, torn groups, pictures that are not what they are named,
/// and whatever the folder or the inputs refuse.
pub fn write(
    plan: &ReleasePlan,
    mut inputs: Inputs<'_>,
    folder: &mut dyn Folder,
) -> Result<ReleaseSummary, ReleaseError> {
    manifest::check_plan(plan)?;
    let mut packer = Packer::new(folder);
    let survey = survey(plan, &inputs, &mut packer)?;
    for ((kind, split), rows) in survey.parts {
        write_part(&inputs, kind, split, rows, &mut packer)?;
    }
    let mut absent = std::mem::take(&mut inputs.absent);
    let withheld = survey
        .withheld
        .iter()
        .map(|(key, _, reason)| Absent::new(key.as_str(), RELEASE_STAGE, reason));
    absent.extend(withheld);
    absent.sort_unstable();
    let absent_root = write_absent(&absent, &mut packer)?;
    let counts = survey.tally.finish();
    let manifest = Manifest {
        format: manifest::FORMAT,
        card: manifest::CARD,
        instance_format: Instance::VERSION,
        name: plan.name.clone(),
        version: plan.version.clone(),
        title: plan.title.clone(),
        description: plan.description.clone(),
        tool: plan.tool.clone(),
        roots: Roots {
            instances: survey.root,
            trace: survey.trace_root,
            absent: absent_root,
        },
        licence: whole_licence(&counts),
        sources: sorted_sources(plan),
        withheld: withheld_by_source(&survey.withheld),
        extra: plan
            .extra
            .iter()
            .map(|(name, bytes)| (name.clone(), Digest::of(bytes)))
            .collect(),
        counts,
    };
    write_top(plan, &manifest, &mut packer)?;
    Ok(ReleaseSummary {
        root: survey.root,
        counts: manifest.counts,
        withheld: survey
            .withheld
            .into_iter()
            .map(|(key, _, reason)| (key, reason))
            .collect(),
        files: packer.into_sums(),
    })
}

/// The stage by which the release itself leaves instances out.
pub(crate) const RELEASE_STAGE: &str = "release";

/// The licence of the whole, from what was counted.
pub(crate) fn whole_licence(counts: &crate::counts::Counts) -> String {
    let all = counts
        .by_source
        .values()
        .flat_map(|source| &source.licences);
    licences::conjunction(all.map(String::as_str))
}

/// The largest of all rules: which terms may not be released at all.
pub(crate) fn reason_to_withhold(
    terms: Redistribution,
    source: &SourceTerms,
) -> Option<DropReason> {
    if terms == Redistribution::None {
        let detail = format!(
            "the terms of source `{}` let nothing be redistributed",
            source.id
        );
        return Some(DropReason::Licence { detail });
    }
    if source.subjects == Subjects::Patients && source.privacy_basis.is_none() {
        let detail = "its source does not say on what ground patients' records are used";
        return Some(DropReason::Privacy {
            detail: detail.to_owned(),
        });
    }
    None
}

/// What the first pass learns.
struct Survey {
    parts: BTreeMap<(Kind, Split), Vec<Row>>,
    root: Digest,
    trace_root: Digest,
    tally: Tally,
    withheld: Vec<(RecordKey, SourceId, DropReason)>,
}

fn survey(
    plan: &ReleasePlan,
    inputs: &Inputs<'_>,
    packer: &mut Packer<'_>,
) -> Result<Survey, ReleaseError> {
    let sources: BTreeMap<&SourceId, &SourceTerms> = plan
        .sources
        .iter()
        .map(|source| (&source.id, source))
        .collect();
    let mut gate = Gate {
        sources,
        groups: BTreeMap::new(),
        before: None,
    };
    let mut root = RootBuilder::default();
    let mut tally = Tally::default();
    let mut withheld = Vec::new();
    let mut parts: BTreeMap<(Kind, Split), Vec<Row>> = BTreeMap::new();
    let mut chains = TraceTable::new(packer)?;
    for position in 0..inputs.count {
        let instance = instance_at(inputs, position)?;
        if let Some(reason) = gate.admit(&instance)? {
            withheld.push((instance.key, instance.source, reason));
            continue;
        }
        let digest = instance.digest();
        let leaf = i64::try_from(root.count()).unwrap_or(i64::MAX);
        root.push(&record_leaf(&instance.key, &digest));
        tally.add(&instance);
        let row = Row {
            hash: group_hash(&instance.group),
            position,
        };
        parts
            .entry((instance.kind, instance.split))
            .or_default()
            .push(row);
        let steps = (inputs.steps)(&instance).map_err(|cause| ReleaseError::Input {
            what: format!("the actions behind `{}`", instance.key),
            cause,
        })?;
        chains.push(TraceRow::new(&instance, digest, leaf, steps))?;
    }
    let trace_root = chains.finish(packer)?;
    Ok(Survey {
        parts,
        root: root.root(),
        trace_root,
        tally,
        withheld,
    })
}

fn instance_at(inputs: &Inputs<'_>, position: usize) -> Result<Instance, ReleaseError> {
    (inputs.instance)(position).map_err(|cause| ReleaseError::Input {
        what: format!("instance {position}"),
        cause,
    })
}

/// Who may pass into a release.
struct Gate<'a> {
    sources: BTreeMap<&'a SourceId, &'a SourceTerms>,
    groups: BTreeMap<GroupKey, Split>,
    before: Option<RecordKey>,
}

impl Gate<'_> {
    /// Why an instance is withheld, or none; an error where the whole release is wrong.
    fn admit(&mut self, instance: &Instance) -> Result<Option<DropReason>, ReleaseError> {
        let key = instance.key.clone();
        if let Some(before) = self
            .before
            .replace(key.clone())
            .filter(|before| *before >= key)
        {
            return Err(ReleaseError::Order { key, before });
        }
        if instance.v != Instance::VERSION {
            return Err(ReleaseError::Version {
                key,
                found: instance.v,
                expected: Instance::VERSION,
            });
        }
        if instance.item.kind() != instance.kind {
            let (said, held) = (instance.kind.to_string(), instance.item.kind().to_string());
            return Err(ReleaseError::Kind { key, said, held });
        }
        let Some(source) = self.sources.get(&instance.source) else {
            return Err(ReleaseError::UnknownSource {
                key,
                unknown: instance.source.clone(),
            });
        };
        let terms = &instance.terms;
        if terms.redistribution < source.redistribution || terms.egress < source.egress {
            return Err(ReleaseError::Loosened {
                key,
                origin: source.id.clone(),
            });
        }
        let reason = reason_to_withhold(terms.redistribution, source);
        if reason.is_none() {
            self.keep_whole(instance)?;
        }
        Ok(reason)
    }

    fn keep_whole(&mut self, instance: &Instance) -> Result<(), ReleaseError> {
        let split = *self
            .groups
            .entry(instance.group.clone())
            .or_insert(instance.split);
        if split == instance.split {
            return Ok(());
        }
        Err(ReleaseError::TornGroup {
            group: instance.group.clone(),
            one: split.to_string(),
            other: instance.split.to_string(),
            key: instance.key.clone(),
        })
    }
}

/// `trace/part-0.parquet` in the making.
struct TraceTable {
    writer: FileWriter,
    rows: Vec<TraceRow>,
    root: RootBuilder,
}

impl TraceTable {
    fn new(packer: &mut Packer<'_>) -> Result<Self, ReleaseError> {
        let sink = packer.create(manifest::TRACE_FILE)?;
        let writer = FileWriter::new(sink, schema::trace_schema())?;
        Ok(Self {
            writer,
            rows: Vec::new(),
            root: RootBuilder::default(),
        })
    }

    fn push(&mut self, row: TraceRow) -> Result<(), ReleaseError> {
        self.root.push(&trace::leaf(&row));
        self.rows.push(row);
        if self.rows.len() == TRACE_ROWS {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<(), ReleaseError> {
        let batch = trace_batch(&self.rows)
            .map_err(|cause| encode(manifest::TRACE_FILE, ParquetError::from(cause)))?;
        self.rows.clear();
        self.writer.write(&batch)?;
        self.writer.end_row_group()
    }

    fn finish(mut self, packer: &mut Packer<'_>) -> Result<Digest, ReleaseError> {
        if !self.rows.is_empty() {
            self.flush()?;
        }
        packer.done(self.writer.finish()?)?;
        Ok(self.root.root())
    }
}

fn write_absent(absent: &[Absent], packer: &mut Packer<'_>) -> Result<Digest, ReleaseError> {
    let name = manifest::ABSENT_FILE;
    let mut writer = FileWriter::new(packer.create(name)?, schema::absent_schema())?;
    let mut root = RootBuilder::default();
    for rows in absent.chunks(TRACE_ROWS) {
        rows.iter().for_each(|row| root.push(&trace::leaf(row)));
        let batch = absent_batch(rows).map_err(|cause| encode(name, ParquetError::from(cause)))?;
        writer.write(&batch)?;
        writer.end_row_group()?;
    }
    packer.done(writer.finish()?)?;
    Ok(root.root())
}

/// Writes the Parquet files and the JSON Lines file of one kind and split, in the same order.
fn write_part(
    inputs: &Inputs<'_>,
    kind: Kind,
    split: Split,
    rows: Vec<Row>,
    packer: &mut Packer<'_>,
) -> Result<(), ReleaseError> {
    let mut lines = packer.create(&lines_name(kind, split))?;
    for (number, row_groups) in arrange(rows).into_iter().enumerate() {
        let sink = packer.create(&part_name(kind, split, number))?;
        let mut writer = FileWriter::new(sink, schema::data_schema())?;
        for rows in row_groups {
            let mut pictures = BTreeMap::new();
            for rows in rows.chunks(STEP) {
                write_rows(inputs, rows, &mut pictures, &mut writer, &mut lines, packer)?;
            }
            writer.end_row_group()?;
        }
        packer.done(writer.finish()?)?;
    }
    packer.done(lines)
}

/// The Parquet file of a kind and split.
pub(crate) fn part_name(kind: Kind, split: Split, number: usize) -> String {
    format!("data/{kind}/{split}/part-{number}.parquet")
}

/// The JSON Lines file of a kind and split.
pub(crate) fn lines_name(kind: Kind, split: Split) -> String {
    format!("jsonl/{kind}/{split}.jsonl")
}

fn write_rows(
    inputs: &Inputs<'_>,
    rows: &[Row],
    pictures: &mut BTreeMap<Digest, Vec<u8>>,
    writer: &mut FileWriter,
    lines: &mut Sink,
    packer: &mut Packer<'_>,
) -> Result<(), ReleaseError> {
    let mut instances = Vec::with_capacity(rows.len());
    for row in rows {
        let instance = instance_at(inputs, row.position)?;
        load_pictures(inputs, &instance, pictures, packer)?;
        let (mut line, digest) = jsonl::encode(&instance);
        line.push(b'\n');
        lines
            .write_all(&line)
            .map_err(|cause| failed(lines.name(), cause))?;
        instances.push((instance, digest));
    }
    let borrowed: Vec<_> = instances
        .iter()
        .map(|(instance, digest)| (instance, *digest))
        .collect();
    let give = |digest: &Digest| pictures.get(digest).map(Vec::as_slice);
    let batch = data_batch(&borrowed, &give)
        .map_err(|cause| encode(lines.name(), ParquetError::from(cause)))?;
    writer.write(&batch)
}

/// Brings an instance's pictures into memory for the row group, and writes each to `images/`
/// the first time that the release meets it.
fn load_pictures(
    inputs: &Inputs<'_>,
    instance: &Instance,
    pictures: &mut BTreeMap<Digest, Vec<u8>>,
    packer: &mut Packer<'_>,
) -> Result<(), ReleaseError> {
    if !carries_pictures(instance) {
        return Ok(());
    }
    for image in &instance.images {
        let picture = image.media.sha256;
        if jsonl::extension(&image.media.media_type).is_none() {
            let media_type = image.media.media_type.clone();
            return Err(ReleaseError::MediaType {
                picture,
                media_type,
            });
        }
        let name = jsonl::picture_name(&image.media);
        if pictures.contains_key(&picture) && packer.has(&name) {
            continue;
        }
        let bytes = (inputs.media)(&picture).map_err(|cause| ReleaseError::Input {
            what: format!("picture {picture}"),
            cause,
        })?;
        let found = Digest::of(&bytes);
        if found != picture {
            return Err(ReleaseError::Picture {
                expected: picture,
                found,
            });
        }
        if !packer.has(&name) {
            packer.put(&name, &bytes)?;
        }
        pictures.insert(picture, bytes);
    }
    Ok(())
}

fn sorted_sources(plan: &ReleasePlan) -> Vec<SourceTerms> {
    let mut sources = plan.sources.clone();
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    sources
}

fn withheld_by_source(withheld: &[(RecordKey, SourceId, DropReason)]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for (_, source, _) in withheld {
        *counts.entry(source.to_string()).or_default() += 1;
    }
    counts
}

fn write_top(
    plan: &ReleasePlan,
    manifest: &Manifest,
    packer: &mut Packer<'_>,
) -> Result<(), ReleaseError> {
    for (name, bytes) in &plan.extra {
        packer.put(name, bytes)?;
    }
    packer.put(manifest::BALANCE_FILE, &manifest::pretty(&plan.balance))?;
    packer.put(manifest::MANIFEST_FILE, &manifest::pretty(manifest))?;
    packer.put(manifest::LICENCE_FILE, licences::text(manifest).as_bytes())?;
    packer.put(
        manifest::CARD_FILE,
        card::render(manifest, &plan.balance).as_bytes(),
    )?;
    let sums = packer.sums_text();
    packer.put(manifest::SUMS_FILE, sums.as_bytes())
}
