//! The trace tables: a chain for each instance, a reason for each absent unit.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::DamageKind;
use super::run::Run;
use crate::columns::file::FileReader;
use crate::columns::schema;
use crate::manifest::{ABSENT_FILE, MANIFEST_FILE, Manifest, TRACE_FILE};
use crate::merkle::RootBuilder;
use crate::plan::Absent;
use crate::trace::{self, TraceRow, read_absent, read_trace};
use crate::write::RELEASE_STAGE;

/// Holds `trace/part-0.parquet` against the instances, row by row, and against its root.
pub(super) fn check_trace(run: &mut Run<'_>, manifest: Option<&Manifest>) {
    let mut root = RootBuilder::default();
    let mut row = 0usize;
    let whole = each_batch(
        run,
        TRACE_FILE,
        &schema::trace_schema(),
        &mut |run, batch| {
            for chain in read_trace(batch)? {
                root.push(&trace::leaf(&chain));
                check_chain(run, row, &chain);
                row += 1;
            }
            Ok(())
        },
    );
    run.seen.traced = row as u64;
    if whole && run.whole && row != run.leaves.len() {
        let detail = format!("{row} rows for {} instances", run.leaves.len());
        run.report(DamageKind::Trace, TRACE_FILE, detail);
    }
    if let Some(said) = manifest
        .map(|m| m.roots.trace)
        .filter(|said| whole && *said != root.root())
    {
        let detail = format!(
            "its rows give {}, `{MANIFEST_FILE}` says {said}",
            root.root()
        );
        run.report(DamageKind::Root, TRACE_FILE, detail);
    }
}

fn check_chain(run: &mut Run<'_>, row: usize, chain: &TraceRow) {
    if !run.whole {
        return;
    }
    let place = format!("{TRACE_FILE} row {row}");
    let said = (&chain.id, chain.digest, usize::try_from(chain.leaf).ok());
    match run.leaves.get(row) {
        Some((key, digest)) if (key, *digest, Some(row)) == said => {}
        Some((key, _)) => {
            let detail = format!(
                "`{}` where instance {row} is `{key}`, or another digest",
                chain.id
            );
            run.report(DamageKind::Trace, place, detail);
        }
        None => run.report(
            DamageKind::Trace,
            place,
            format!("`{}` is no instance", chain.id),
        ),
    }
}

/// Holds `trace/absent.parquet` against the instances and its root: what is absent is not
/// there, and withheld instances are counted.
pub(super) fn check_absent(run: &mut Run<'_>, manifest: Option<&Manifest>) {
    let mut root = RootBuilder::default();
    let mut before: Option<Absent> = None;
    let mut withheld = 0u64;
    let mut row = 0usize;
    let whole = each_batch(
        run,
        ABSENT_FILE,
        &schema::absent_schema(),
        &mut |run, batch| {
            for absent in read_absent(batch)? {
                root.push(&trace::leaf(&absent));
                let place = format!("{ABSENT_FILE} row {row}");
                if before.as_ref().is_some_and(|before| *before > absent) {
                    run.report(DamageKind::Order, &place, "units do not ascend");
                }
                let here = run
                    .leaves
                    .binary_search_by(|(key, _)| key.as_str().cmp(&absent.unit));
                if here.is_ok() {
                    let detail = format!("`{}` is said to be absent and is there", absent.unit);
                    run.report(DamageKind::Trace, place, detail);
                }
                withheld += u64::from(absent.stage == RELEASE_STAGE);
                before = Some(absent);
                row += 1;
            }
            Ok(())
        },
    );
    run.seen.absent = row as u64;
    let Some(manifest) = manifest.filter(|_| whole) else {
        return;
    };
    if manifest.roots.absent != root.root() {
        let said = manifest.roots.absent;
        let detail = format!(
            "its rows give {}, `{MANIFEST_FILE}` says {said}",
            root.root()
        );
        run.report(DamageKind::Root, ABSENT_FILE, detail);
    }
    let said = saturating_sum(&manifest.withheld);
    if said != withheld {
        let detail = format!("{said} withheld, but {withheld} rows of stage `{RELEASE_STAGE}`");
        run.report(DamageKind::Count, MANIFEST_FILE, detail);
    }
}

fn saturating_sum(counts: &BTreeMap<String, u64>) -> u64 {
    counts
        .values()
        .fold(0, |sum, count| sum.saturating_add(*count))
}

/// Runs over a file's batches; whether all could be read.
fn each_batch(
    run: &mut Run<'_>,
    name: &str,
    schema: &SchemaRef,
    work: &mut dyn FnMut(&mut Run<'_>, &RecordBatch) -> Result<(), String>,
) -> bool {
    let Some(bytes) = run.take(name) else {
        return false;
    };
    let reader = match FileReader::open(bytes, schema) {
        Ok(reader) => reader,
        Err(cause) => {
            run.report(DamageKind::Malformed, name, cause);
            return false;
        }
    };
    let mut whole = true;
    for group in 0..reader.rows.len() {
        let batches = reader.row_group(group);
        let done = batches.and_then(|batches| batches.iter().try_for_each(|b| work(run, b)));
        if let Err(cause) = done {
            run.report(
                DamageKind::Malformed,
                format!("{name} row group {group}"),
                cause,
            );
            whole = false;
        }
    }
    whole
}
