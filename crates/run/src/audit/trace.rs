//! The chain of one instance (I1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::instance::{CheckResult, Draft, Instance, Revision};
use spinemed_core::locator::PageBox;
use spinemed_core::review::Verdict;
use spinemed_core::vocabulary::Split;
use spinemed_store::{InstanceRow, Ledger};

use super::AuditError;
use super::chain::Chains;

/// The chain, as `audit trace --format json` prints it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Trace {
    /// The instance itself.
    pub instance: Instance,
    /// Its content digest.
    pub digest: Digest,
    /// The quoted evidence.
    pub evidence: Vec<TracedEvidence>,
    /// The steps, from the source's file to the check.
    pub actions: Vec<TracedAction>,
    /// The first pass's result.
    pub draft: Draft,
    /// The second pass's result.
    pub revision: Revision,
    /// The checks it passed.
    pub checks: Vec<CheckResult>,
    /// Reviewers' verdicts.
    pub verdicts: Vec<Verdict>,
    /// Its part of the corpus.
    pub split: Split,
    /// The build that left it out again; none while the corpus has it.
    pub gone_build: Option<i64>,
}

/// A piece of evidence with its place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TracedEvidence {
    /// The source.
    pub source: String,
    /// Its licence, SPDX.
    pub licence: String,
    /// The file inside the source.
    pub file: String,
    /// The digest of the file's bytes.
    pub file_sha256: Digest,
    /// The document, study or question.
    pub document: String,
    /// The page, from 1.
    pub page: Option<u32>,
    /// The page's printed number.
    pub page_label: Option<String>,
    /// The box on the page, in points from the crop box's top left.
    #[serde(rename = "box")]
    pub bbox: Option<PageBox>,
    /// Characters of the block.
    pub range: Option<[usize; 2]>,
    /// Element path in XML.
    pub path: Option<String>,
    /// Row of a table or line of a file.
    pub row: Option<u64>,
    /// Column of a table.
    pub column: Option<String>,
    /// Study.
    pub study: Option<String>,
    /// Series.
    pub series: Option<String>,
    /// Instance of the series.
    pub instance: Option<String>,
    /// Frame, from 1.
    pub frame: Option<u32>,
    /// The digest of the picture, where the evidence is one.
    pub image: Option<Digest>,
    /// The words, unchanged; empty for a picture.
    pub quote: String,
}

/// A step's execution.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TracedAction {
    /// The step.
    pub step: String,
    /// The unit.
    pub unit: String,
    /// The action key.
    pub key: Digest,
    /// The generator or model, for the passes.
    pub model: Option<String>,
    /// The settings' digest: for the passes it covers prompts and model.
    pub prompt: Option<Digest>,
    /// The output's digest.
    pub output: Digest,
}

/// Finds an instance of a pipeline by record key or content digest.
///
/// # Errors
/// [`AuditError::Unknown`] when there is none.
pub fn find(ledger: &Ledger, pipeline: &str, id: &str) -> Result<InstanceRow, AuditError> {
    if let Some(row) = ledger.instance(pipeline, id)? {
        return Ok(row);
    }
    let unknown = || AuditError::Unknown {
        id: id.to_owned(),
        pipeline: pipeline.to_owned(),
    };
    let digest: Digest = id.parse().map_err(|_| unknown())?;
    ledger
        .instances(pipeline)?
        .into_iter()
        .find(|r| r.digest == digest)
        .ok_or_else(unknown)
}

/// Follows an instance to its sources.
///
/// # Errors
/// [`AuditError`] when it is unknown or a link of the chain is missing.
pub fn trace(ledger: &Ledger, pipeline: &str, id: &str) -> Result<Trace, AuditError> {
    let row = find(ledger, pipeline, id)?;
    let instance = instance_of(ledger, &row)?;
    let mut chains = Chains::new(ledger);
    let chain = chains.over_pack(&row)?;
    let actions = chains.of(&instance, &row)?;
    Ok(Trace {
        evidence: evidence(&instance),
        actions,
        draft: pick(ledger, &chain.drafts, &instance.origin.draft, "the draft")?,
        revision: pick(
            ledger,
            &chain.revisions,
            &instance.origin.revision,
            "the revision",
        )?,
        checks: instance.checks.clone(),
        verdicts: vec![],
        split: row.split,
        gone_build: row.gone_build,
        digest: row.digest,
        instance,
    })
}

/// Reads an instance and verifies its digest.
pub(crate) fn instance_of(ledger: &Ledger, row: &InstanceRow) -> Result<Instance, AuditError> {
    let all: Vec<Instance> = value(ledger, &row.bundle, "the instance")?;
    all.into_iter()
        .find(|i| i.key.as_str() == row.key && i.digest() == row.digest)
        .ok_or_else(|| AuditError::Broken {
            what: format!("instance `{}`", row.key),
        })
}

fn value<T: serde::de::DeserializeOwned>(
    ledger: &Ledger,
    digest: &Digest,
    what: &str,
) -> Result<T, AuditError> {
    ledger
        .value(digest)?
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| AuditError::Broken {
            what: what.to_owned(),
        })
}

fn pick<T: serde::de::DeserializeOwned + Serialize>(
    ledger: &Ledger,
    bundle: &Digest,
    wanted: &Digest,
    what: &str,
) -> Result<T, AuditError> {
    let all: Vec<T> = value(ledger, bundle, what)?;
    all.into_iter()
        .find(|item| Digest::of_json(item) == *wanted)
        .ok_or_else(|| AuditError::Broken {
            what: what.to_owned(),
        })
}

fn evidence(instance: &Instance) -> Vec<TracedEvidence> {
    let words = instance
        .evidence
        .iter()
        .map(|e| (&e.place, e.quote.clone(), None));
    let pictures = instance
        .images
        .iter()
        .map(|i| (&i.place, String::new(), Some(i.media.sha256)));
    words
        .chain(pictures)
        .map(|(place, quote, image)| TracedEvidence {
            source: instance.source.to_string(),
            licence: instance.terms.licence.to_string(),
            file: place.file.path.clone(),
            file_sha256: place.file.sha256,
            document: instance.document.to_string(),
            page: place.page,
            page_label: place.page_label.clone(),
            bbox: place.bbox,
            range: place.range,
            path: place.path.clone(),
            row: place.row,
            column: place.column.clone(),
            study: place.study.clone(),
            series: place.series.clone(),
            instance: place.instance.clone(),
            frame: place.frame,
            image,
            quote,
        })
        .collect()
}
