//! Check: every revision of a pack against its evidence; what passes becomes an instance.

use serde::{Deserialize, Serialize};
use spinemed_core::instance::{
    CheckResult, Draft, Evidence, Instance, InstanceImage, Origin, Revision,
};
use spinemed_core::pack::{EvidencePack, PackLevel};
use spinemed_core::seam::StepId;
use spinemed_core::vocabulary::{Kind, Language, Modality, Redistribution, Split};
use spinemed_core::{Digest, DropReason, RecordKey};
use spinemed_curate::InstanceSummary;
use spinemed_store::{Output, UnitOutcome};

use super::draft::record_key;
use super::{Loaded, ShardCx, Work, WorkError, admitted};

/// What whole-set steps need to know of an instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InstanceMeta {
    /// For duplicates.
    pub summary: InstanceSummary,
    /// Its kind.
    pub kind: Kind,
    /// Its language.
    pub language: Language,
    /// Its modality.
    pub modality: Modality,
    /// What a release may carry of it.
    pub redistribution: Redistribution,
}

impl InstanceMeta {
    fn of(instance: &Instance) -> Self {
        Self {
            summary: spinemed_curate::summarise_instance(instance),
            kind: instance.kind,
            language: instance.language,
            modality: instance.modality,
            redistribution: instance.terms.redistribution,
        }
    }
}

/// Checking, and building instances.
pub struct CheckWork {
    /// Who generated, for the record.
    pub generator: String,
}

impl Work for CheckWork {
    fn step(&self) -> StepId {
        StepId {
            name: "check",
            version: 1,
        }
    }

    fn settings(&self) -> Digest {
        Digest::of_json(&serde_json::json!({
            "checks": spinemed_generate::check::identity(), "instance": Instance::VERSION,
            "generator": self.generator, "summary": super::pair::SUMMARY_VERSION,
        }))
    }

    fn run(&self, shard: &[Loaded], cx: &mut ShardCx<'_>) -> Result<Vec<UnitOutcome>, WorkError> {
        shard.iter().map(|loaded| self.one(loaded, cx)).collect()
    }
}

impl CheckWork {
    fn one(&self, loaded: &Loaded, cx: &mut ShardCx<'_>) -> Result<UnitOutcome, WorkError> {
        let pack = admitted(loaded, cx.key)?;
        let drafts: Vec<Draft> = loaded.value("drafts")?;
        let revisions: Vec<Revision> = loaded.value("revisions")?;
        let split: Split =
            serde_json::from_value(loaded.unit.params["split"].clone()).map_err(|e| {
                WorkError::Value {
                    role: "split".into(),
                    cause: e.to_string(),
                }
            })?;
        let mut outcome = UnitOutcome::default();
        let mut kept = Vec::new();
        for revision in &revisions {
            let name = record_key(pack.key.as_str(), &revision.task);
            let checks = spinemed_generate::check_revision(&pack, revision);
            let failed = failures(&checks);
            if !failed.is_empty() {
                outcome
                    .rejected
                    .push((name, DropReason::CheckFailed { checks: failed }));
                continue;
            }
            let draft = drafts.iter().find(|d| d.task == revision.task);
            let origin = Origin {
                pack: loaded.unit.input("pack"),
                draft: Digest::of_json(&draft),
                revision: Digest::of_json(revision),
                generator: self.generator.clone(),
            };
            let instance = assemble(&pack, revision, checks, origin, split);
            outcome.passed += 1;
            outcome.outputs.push(Output {
                meta: serde_json::to_value(InstanceMeta::of(&instance))
                    .expect("summaries serialise"),
                ..Output::new(name, instance.digest())
            });
            kept.push(instance);
        }
        outcome.bundle = Some(cx.keep(&kept));
        Ok(outcome)
    }
}

fn failures(checks: &[CheckResult]) -> Vec<String> {
    checks
        .iter()
        .filter(|c| !c.passed)
        .map(|c| format!("{}: {}", c.check, c.detail))
        .collect()
}

/// Builds the instance of a checked revision.
fn assemble(
    pack: &EvidencePack,
    revision: &Revision,
    checks: Vec<CheckResult>,
    origin: Origin,
    split: Split,
) -> Instance {
    let images: Vec<InstanceImage> = revision
        .images
        .iter()
        .filter_map(|&i| pack.images.get(i))
        .map(|i| InstanceImage {
            media: i.media.clone(),
            place: i.place.clone(),
            modality: i.modality,
        })
        .collect();
    let evidence = pack
        .spans
        .iter()
        .filter(|span| revision.claims.iter().any(|c| c.spans.contains(&span.id)))
        .map(|s| Evidence {
            span: s.id.clone(),
            place: s.place.clone(),
            quote: s.text.clone(),
        })
        .collect();
    let modality = images
        .first()
        .map_or(Modality::Text, |image| image.modality);
    Instance {
        v: Instance::VERSION,
        key: RecordKey::new(record_key(pack.key.as_str(), &revision.task)),
        kind: revision.task.kind,
        language: revision.task.language,
        messages: spinemed_generate::messages(&revision.item, images.len()),
        item: revision.item.clone(),
        images,
        levels: levels(pack, revision),
        modality,
        condition: pack.condition.clone(),
        claims: revision.claims.clone(),
        evidence,
        source: pack.source.clone(),
        document: pack.document.clone(),
        pack: pack.key.clone(),
        terms: pack.terms.clone(),
        group: pack.group.clone(),
        split,
        origin,
        checks,
    }
}

/// The levels of the facts that the item restates; where it restates none, the pack's.
fn levels(pack: &EvidencePack, revision: &Revision) -> Vec<PackLevel> {
    let mut levels: Vec<PackLevel> = revision
        .claims
        .iter()
        .flat_map(|claim| &claim.facts)
        .filter_map(|&fact| pack.facts.get(fact))
        .filter_map(|fact| {
            Some(PackLevel {
                level: fact.level?,
                certainty: fact.level_certainty,
                numbering_method: fact.numbering_method,
            })
        })
        .collect();
    levels.sort();
    levels.dedup();
    if levels.is_empty() {
        pack.levels.clone()
    } else {
        levels
    }
}
