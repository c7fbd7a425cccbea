//! Why a unit was worked, and why something is not in the corpus.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::DropReason;
use spinemed_core::review::RetractionScope;
use spinemed_store::{FateRow, InstanceRow, Ledger, Status};

use super::AuditError;

/// The steps that work units.
const STEPS: [&str; 6] = ["ingest", "deidentify", "pair", "draft", "revise", "check"];

/// The last time a step worked a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Worked {
    /// The step.
    pub step: String,
    /// The unit.
    pub unit: String,
    /// The action key.
    pub key: Digest,
    /// Parts of the key that differ from the time before; none the first time.
    pub changed: Option<Vec<String>>,
}

/// Why the units behind a name were last worked, from the file down.
///
/// # Errors
/// [`AuditError`] when the ledger does not know the name.
pub fn why(ledger: &Ledger, pipeline: &str, id: &str) -> Result<Vec<Worked>, AuditError> {
    let mut worked = Vec::new();
    for unit in names(ledger, pipeline, id)? {
        for step in STEPS {
            let history = ledger.history(step, &unit)?;
            let Some(last) = history.first() else {
                continue;
            };
            let changed = history.get(1).map(|before| {
                last.parts
                    .iter()
                    .filter(|part| !before.parts.contains(part))
                    .map(|part| part.name.clone())
                    .collect()
            });
            worked.push(Worked {
                step: step.to_owned(),
                unit: unit.clone(),
                key: last.key,
                changed,
            });
        }
    }
    if worked.is_empty() {
        return Err(AuditError::Unknown {
            id: id.to_owned(),
            pipeline: pipeline.to_owned(),
        });
    }
    Ok(worked)
}

/// The names of units that something rests on: file, source, document, pack, itself.
fn names(ledger: &Ledger, pipeline: &str, id: &str) -> Result<Vec<String>, AuditError> {
    let mut names = Vec::new();
    if let Some(row) = ledger.instance(pipeline, id)? {
        if let Ok(instance) = super::trace::instance_of(ledger, &row) {
            let file = instance.evidence.first().map(|e| e.place.file.path.clone());
            names.extend(file.map(|f| format!("{}/{f}", row.source)));
        }
        names.extend([row.source, row.document, row.pack]);
    } else if let Some((pack, _)) = id.split_once('#') {
        names.push(pack.to_owned());
    }
    names.push(id.to_owned());
    names.dedup();
    Ok(names)
}

/// Why something is, or is not, in a pipeline's corpus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Absence {
    /// What was asked for.
    pub id: String,
    /// Whether the corpus has it after all.
    pub present: bool,
    /// Reasons, the nearest first.
    pub reasons: Vec<Reason>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// The stage, `source` or `history`.
    pub stage: String,
    /// The unit that the reason is about.
    pub unit: String,
    /// The reason's code.
    pub code: String,
    /// In words.
    pub detail: String,
}

/// Says why something is not in the corpus.
///
/// # Errors
/// [`AuditError`] when the ledger cannot be read.
pub fn why_not(ledger: &Ledger, pipeline: &str, id: &str) -> Result<Absence, AuditError> {
    let row = ledger.instance(pipeline, id)?;
    let present = row.as_ref().is_some_and(|r| r.gone_build.is_none());
    let mut absence = Absence {
        id: id.to_owned(),
        present,
        reasons: vec![],
    };
    if present {
        return Ok(absence);
    }
    for name in lineage(id, row.as_ref()) {
        absence.reasons.extend(fates(ledger, pipeline, &name)?);
        absence.reasons.extend(skipped(ledger, &name, id)?);
    }
    if absence.reasons.is_empty() {
        absence.reasons.extend(parts(ledger, pipeline, id)?);
    }
    if absence.reasons.iter().all(|r| r.code != "retracted") {
        let found = withdrawal(ledger, &lineage(id, row.as_ref()))?;
        absence.reasons.extend(found);
    }
    absence
        .reasons
        .extend(source_reason(ledger, pipeline, id, row.as_ref())?);
    if let Some(row) = &row {
        absence.reasons.push(Reason {
            stage: "history".into(),
            unit: row.key.clone(),
            code: "gone".into(),
            detail: format!(
                "it was in the corpus from build {} until build {} left it out",
                row.first_build,
                row.gone_build.unwrap_or_default()
            ),
        });
    }
    if absence.reasons.is_empty() {
        absence.reasons.push(Reason {
            stage: "history".into(),
            unit: id.to_owned(),
            code: "never-seen".into(),
            detail: "no build of this pipeline has met this name".into(),
        });
    }
    Ok(absence)
}

/// A thing and what it is part of, the nearest first: `a/b/c#mcq.en.0` is part of `a/b/c`,
/// `a/b`, `a`.
fn lineage(id: &str, row: Option<&InstanceRow>) -> Vec<String> {
    let mut names = vec![id.to_owned()];
    if let Some(row) = row {
        names.extend([row.pack.clone(), row.document.clone()]);
    }
    let mut rest = id.split_once('#').map_or(id, |(pack, _)| pack);
    names.push(rest.to_owned());
    while let Some((above, _)) = rest.rsplit_once('/') {
        names.push(above.to_owned());
        rest = above;
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|n| seen.insert(n.clone()));
    names
}

fn fates(ledger: &Ledger, pipeline: &str, unit: &str) -> Result<Vec<Reason>, AuditError> {
    Ok(ledger
        .fates_of(pipeline, unit)?
        .into_iter()
        .map(reason)
        .collect())
}

/// What became of the parts of a document or pack that itself went on.
fn parts(ledger: &Ledger, pipeline: &str, unit: &str) -> Result<Vec<Reason>, AuditError> {
    let below = ledger.fates_below(pipeline, unit)?;
    Ok(below
        .into_iter()
        .map(|(fate, count)| {
            let first = reason(fate);
            let detail = format!(
                "{count} of its parts; for one, `{}`: {}",
                first.unit, first.detail
            );
            Reason {
                unit: unit.to_owned(),
                detail,
                ..first
            }
        })
        .collect())
}

fn reason(fate: FateRow) -> Reason {
    let detail = match fate.status {
        Status::Rejected => serde_json::from_str::<DropReason>(&fate.reason)
            .map_or(fate.reason, |reason| reason.detail()),
        _ => fate.reason,
    };
    Reason {
        stage: fate.stage,
        unit: fate.unit,
        code: fate.code,
        detail,
    }
}

/// The withdrawal of the nearest thing that something is part of: the parts of a withdrawn
/// source are met by name in no later build.
fn withdrawal(ledger: &Ledger, lineage: &[String]) -> Result<Option<Reason>, AuditError> {
    let retractions = ledger.retractions()?;
    let found = lineage
        .iter()
        .find_map(|name| retractions.iter().find(|r| id_of(&r.what) == name));
    Ok(found.map(|retraction| Reason {
        stage: "retraction".into(),
        unit: id_of(&retraction.what).to_owned(),
        code: "retracted".into(),
        detail: retraction.reason.clone(),
    }))
}

fn id_of(what: &RetractionScope) -> &str {
    match what {
        RetractionScope::Source(id)
        | RetractionScope::Document(id)
        | RetractionScope::Instance(id) => id,
    }
}

/// A task that a pack's draft tried and that does not apply to it.
fn skipped(ledger: &Ledger, pack: &str, id: &str) -> Result<Option<Reason>, AuditError> {
    let history = ledger.history("draft", pack)?;
    Ok(history.first().and_then(|action| {
        let (unit, reason) = action.outcome.skipped.iter().find(|(unit, _)| unit == id)?;
        Some(Reason {
            stage: "draft".into(),
            unit: unit.clone(),
            code: reason.code().into(),
            detail: reason.detail(),
        })
    }))
}

fn source_reason(
    ledger: &Ledger,
    pipeline: &str,
    id: &str,
    row: Option<&InstanceRow>,
) -> Result<Option<Reason>, AuditError> {
    let Some(build) = ledger.last_build(pipeline)? else {
        return Ok(None);
    };
    let used: BTreeMap<String, Digest> = serde_json::from_str(&build.sources).unwrap_or_default();
    let source = row.map_or_else(
        || id.split(['/', '#']).next().unwrap_or(id),
        |r| r.source.as_str(),
    );
    if used.contains_key(source) {
        return Ok(None);
    }
    let known = ledger.knows_source(pipeline, source)?;
    Ok(Some(Reason {
        stage: "source".into(),
        unit: source.to_owned(),
        code: if known {
            "source-removed"
        } else {
            "source-unknown"
        }
        .into(),
        detail: if known {
            format!("source `{source}` was removed from pipeline `{pipeline}`")
        } else {
            format!("pipeline `{pipeline}` has never used a source `{source}`")
        },
    }))
}
