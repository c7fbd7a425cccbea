//! Whole-set steps: what is left out of the packs before money is spent, and of the
//! instances after the checks. Both see small summaries alone.

use std::collections::BTreeMap;

use serde_json::Value;
use spinemed_core::review::{Retraction, RetractionScope};
use spinemed_core::vocabulary::{Redistribution, Split};
use spinemed_core::{Digest, DropReason, GroupKey, PackKey, RecordKey};
use spinemed_curate::{Fate, PackSummary, Pins, Traits, small_cells};
use spinemed_store::{InstanceRow, Output, UnitOutcome};

use crate::account::Account;
use crate::report::Composition;
use crate::settings::Pipeline;
use crate::stages::withdrawn;
use crate::unit::Unit;
use crate::work::WorkError;
use crate::work::check::InstanceMeta;

/// A pack that pairing made, before curation.
pub(crate) struct Candidate {
    summary: PackSummary,
    digest: Digest,
    source: String,
    document: String,
    clearance: Value,
}

impl Candidate {
    pub(crate) fn new(unit: &Unit, output: Output) -> Result<Self, WorkError> {
        let summary = serde_json::from_value(output.meta).map_err(|e| WorkError::Value {
            role: "pack summary".into(),
            cause: e.to_string(),
        })?;
        let (source, document) = (unit.source.clone(), unit.name.clone());
        Ok(Self {
            summary,
            digest: output.digest,
            clearance: output.clearance,
            source,
            document,
        })
    }
}

/// A pack on its way to generation.
pub(crate) struct PackUnit {
    pub key: String,
    pub source: String,
    pub digest: Digest,
    pub params: Value,
    pub clearance: Value,
}

/// Where a pack belongs.
pub(crate) struct PackPlace {
    document: String,
    source: String,
    group: GroupKey,
    split: Split,
}

/// Packs after curation.
pub(crate) struct Curated {
    pub packs: Vec<PackUnit>,
    pub places: BTreeMap<String, PackPlace>,
    pub split_of: BTreeMap<String, Split>,
    pub pins: BTreeMap<String, Split>,
}

/// Filters, finds duplicates and deals splits.
pub(crate) fn packs(
    candidates: Vec<Candidate>,
    pipeline: &Pipeline,
    pins: &BTreeMap<String, Split>,
    account: &mut Account,
) -> Curated {
    let pins = Pins(
        pins.iter()
            .map(|(g, s)| (GroupKey::new(g.clone()), *s))
            .collect(),
    );
    let decisions = spinemed_curate::packs(
        candidates.iter().map(|c| c.summary.clone()),
        &pipeline.split,
        &pins,
    );
    let rare = rare(&candidates, &decisions.kept, pipeline, account);
    let mut curated = Curated {
        packs: vec![],
        places: BTreeMap::new(),
        split_of: BTreeMap::new(),
        pins: decisions
            .pins
            .0
            .iter()
            .map(|(g, s)| (g.to_string(), *s))
            .collect(),
    };
    for candidate in candidates {
        let key = candidate.summary.key.clone();
        let name = key.to_string();
        let Some(&split) = decisions
            .kept
            .get(&key)
            .filter(|_| !curated.places.contains_key(&name))
        else {
            let again = || DropReason::Duplicate {
                winner: name.clone(),
                rule: "pack-key".into(),
            };
            account.reject(
                &name,
                &decisions.dropped.get(&key).cloned().unwrap_or_else(again),
            );
            continue;
        };
        if let Some(Fate::Suppress(patients)) = rare.get(&key) {
            account.reject(&name, &too_rare(*patients, pipeline));
            continue;
        }
        let generalise = rare.get(&key) == Some(&Fate::Generalise);
        account.deid.generalised += u64::from(generalise);
        account.pass(1, 1);
        curated.split_of.insert(name.clone(), split);
        curated.places.insert(
            name.clone(),
            PackPlace {
                document: candidate.document,
                source: candidate.source.clone(),
                group: candidate.summary.group,
                split,
            },
        );
        curated.packs.push(PackUnit {
            key: name,
            source: candidate.source,
            digest: candidate.digest,
            params: if generalise {
                serde_json::json!({ "generalise": true })
            } else {
                Value::Null
            },
            clearance: candidate.clearance,
        });
    }
    curated.packs.sort_by(|a, b| a.key.cmp(&b.key));
    curated
}

/// The fates of packs whose patients' traits are rare among the packs that are kept.
fn rare(
    candidates: &[Candidate],
    kept: &BTreeMap<PackKey, Split>,
    pipeline: &Pipeline,
    account: &mut Account,
) -> BTreeMap<PackKey, Fate> {
    let packs: Vec<(PackKey, GroupKey, Traits)> = candidates
        .iter()
        .map(|c| &c.summary)
        .filter(|s| kept.contains_key(&s.key))
        .filter_map(|s| {
            let traits = s.traits.as_deref()?.clone();
            Some((s.key.clone(), s.group.clone(), traits))
        })
        .collect();
    let section = &pipeline.deidentify;
    let (cells, fates) = small_cells(&packs, section.least_patients, section.small_cells);
    account.deid.small_cells = cells;
    fates
}

fn too_rare(patients: u64, pipeline: &Pipeline) -> DropReason {
    DropReason::SmallCell {
        detail: format!(
            "{patients} patients share its traits, fewer than {}",
            pipeline.deidentify.least_patients
        ),
    }
}

/// Leaves out withdrawn instances, those that may not be released, and duplicates; gives the
/// rest ordered by record key, with their composition.
pub(crate) fn instances(
    checked: Vec<(Unit, UnitOutcome)>,
    places: &BTreeMap<String, PackPlace>,
    retractions: &[Retraction],
    account: &mut Account,
) -> Result<(Vec<InstanceRow>, Vec<Composition>), WorkError> {
    let mut candidates = BTreeMap::new();
    for (unit, outcome) in checked {
        let Some(bundle) = outcome.bundle else {
            continue;
        };
        for output in outcome.outputs {
            let meta: InstanceMeta =
                serde_json::from_value(output.meta).map_err(|e| WorkError::Value {
                    role: "instance summary".into(),
                    cause: e.to_string(),
                })?;
            let reason = withdrawn(retractions, &RetractionScope::Instance(output.name.clone()))
                .or_else(|| unreleasable(&meta));
            if let Some(reason) = reason {
                account.reject(&output.name, &reason);
            } else {
                candidates.insert(
                    output.name,
                    (meta, output.digest, bundle, unit.name.clone()),
                );
            }
        }
    }
    let dropped = spinemed_curate::instances(candidates.values().map(|c| c.0.summary.clone()));
    let mut rows = Vec::new();
    let mut composition: BTreeMap<[String; 4], u64> = BTreeMap::new();
    for (key, (meta, digest, bundle, pack)) in candidates {
        if let Some(reason) = dropped.get(&RecordKey::new(key.clone())) {
            account.reject(&key, reason);
            continue;
        }
        account.pass(1, 1);
        let place = &places[&pack];
        let row = [
            meta.kind.to_string(),
            meta.language.to_string(),
            meta.modality.to_string(),
            place.split.to_string(),
        ];
        *composition.entry(row).or_default() += 1;
        rows.push(InstanceRow {
            key,
            digest,
            bundle,
            pack,
            document: place.document.clone(),
            source: place.source.clone(),
            group: place.group.to_string(),
            split: place.split,
            first_build: 0,
            gone_build: None,
        });
    }
    let composition = composition
        .into_iter()
        .map(|([kind, language, modality, split], count)| Composition {
            kind,
            language,
            modality,
            split,
            count,
        })
        .collect();
    Ok((rows, composition))
}

fn unreleasable(meta: &InstanceMeta) -> Option<DropReason> {
    (meta.redistribution == Redistribution::None).then(|| DropReason::Licence {
        detail: "its source allows no redistribution".into(),
    })
}
