//! Pair: documents, studies and questions to evidence packs.

use spinemed_core::Digest;
use spinemed_core::outcome::Outcome;
use spinemed_core::pack::EvidencePack;
use spinemed_core::seam::{Record, Stage, StepId};
use spinemed_core::source::Manifest;
use spinemed_curate::CurateSettings;
use spinemed_pairing::{Job, Pairing, PairingSettings, doubt};
use spinemed_store::{Output, UnitOutcome};

use super::ingest::manifest_digest;
use super::{Loaded, ShardCx, Work, WorkError, cleared};

/// The version of what curation works out of one pack or instance.
pub const SUMMARY_VERSION: u32 = 1;

/// Pairing of one source's records.
pub struct PairWork<'a> {
    manifest: &'a Manifest,
    curate: &'a CurateSettings,
    pairing: &'a PairingSettings,
}

impl<'a> PairWork<'a> {
    /// Pairs records of a source.
    #[must_use]
    pub fn new(
        manifest: &'a Manifest,
        curate: &'a CurateSettings,
        pairing: &'a PairingSettings,
    ) -> Self {
        Self {
            manifest,
            curate,
            pairing,
        }
    }
}

impl Work for PairWork<'_> {
    fn step(&self) -> StepId {
        StepId {
            name: "pair",
            version: Pairing::default().step().version,
        }
    }

    fn settings(&self) -> Digest {
        // What whole-set curation needs of a pack is worked out here, beside the pack.
        Digest::of_json(&serde_json::json!({
            "manifest": manifest_digest(self.manifest), "pairing": self.pairing,
            "summary": SUMMARY_VERSION, "curate": self.curate,
        }))
    }

    fn run(&self, shard: &[Loaded], cx: &mut ShardCx<'_>) -> Result<Vec<UnitOutcome>, WorkError> {
        shard.iter().map(|loaded| self.one(loaded, cx)).collect()
    }
}

impl PairWork<'_> {
    fn one(&self, loaded: &Loaded, cx: &mut ShardCx<'_>) -> Result<UnitOutcome, WorkError> {
        let record = cleared(
            loaded,
            "record",
            |_: &Record| self.manifest.subjects,
            cx.key,
        )?;
        let mut outcome = UnitOutcome::default();
        match record.stage(self.manifest, self.pairing, packs) {
            Outcome::Kept(packs) => {
                outcome.passed = 1;
                for pack in packs {
                    let mut summary = spinemed_curate::summarise(&pack, self.curate);
                    summary.drop = summary.drop.or_else(|| doubt(pack.get(), self.pairing));
                    let (digest, clearance) = cx.keep_cleared(&pack)?;
                    outcome.outputs.push(Output {
                        name: pack.key.to_string(),
                        digest,
                        meta: serde_json::to_value(summary).expect("summaries serialise"),
                        clearance,
                    });
                }
            }
            Outcome::Dropped(reason) => outcome.rejected.push((loaded.unit.name.clone(), reason)),
            Outcome::Failed(detail) => outcome.failed.push((loaded.unit.name.clone(), detail)),
        }
        Ok(outcome)
    }
}

/// Pairing as a plain function, which a clean record may go through.
fn packs(record: Record, manifest: &Manifest, settings: &PairingSettings) -> Outcome<EvidencePack> {
    let pairing = Pairing {
        settings: settings.clone(),
    };
    pairing.run(&Job {
        record,
        manifest: manifest.clone(),
    })
}
