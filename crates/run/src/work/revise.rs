//! Revise: the second pass, over every draft of a pack.

use spinemed_core::Digest;
use spinemed_core::instance::Draft;
use spinemed_core::outcome::Outcome;
use spinemed_core::pack::EvidencePack;
use spinemed_core::seam::{Generator, StepId};
use spinemed_generate::{Deidentified, read_revision, revise};
use spinemed_store::{Output, UnitOutcome};

use super::draft::record_key;
use super::settle::{Job, settle};
use super::{Loaded, ShardCx, Work, WorkError, admitted};

/// Revising with one generator.
pub struct ReviseWork<'a> {
    /// Who revises.
    pub generator: &'a dyn Generator,
    /// How often an unreadable response is asked for again.
    pub max_repairs: u32,
}

impl Work for ReviseWork<'_> {
    fn step(&self) -> StepId {
        StepId {
            name: "revise",
            version: 1,
        }
    }

    fn settings(&self) -> Digest {
        Digest::of_json(&serde_json::json!({
            "generator": self.generator.revision_identity(), "repairs": self.max_repairs,
        }))
    }

    fn run(&self, shard: &[Loaded], cx: &mut ShardCx<'_>) -> Result<Vec<UnitOutcome>, WorkError> {
        let inputs = shard
            .iter()
            .map(|l| Ok((admitted(l, cx.key)?, l.value("drafts")?)))
            .collect::<Result<Vec<(Deidentified<EvidencePack>, Vec<Draft>)>, WorkError>>()?;
        let mut jobs = Vec::new();
        for (pack, drafts) in &inputs {
            for draft in drafts {
                jobs.push(Job {
                    ask: revise(self.generator, pack, draft),
                    read: Box::new(move |response| {
                        read_revision(self.generator, pack, draft, response)
                    }),
                });
            }
        }
        let mut settled = settle(jobs, self.max_repairs, cx)?.into_iter();
        let mut outcomes = Vec::with_capacity(inputs.len());
        for (pack, drafts) in &inputs {
            let mut outcome = UnitOutcome::default();
            let mut kept = Vec::new();
            for draft in drafts {
                let name = record_key(pack.key.as_str(), &draft.task);
                let (settled, spent) = settled.next().expect("one outcome per job");
                outcome.usage.add(spent.usage);
                outcome.responses.extend(spent.responses);
                match settled {
                    Outcome::Kept(revisions) => {
                        outcome.passed += 1;
                        for revision in revisions {
                            let digest = Digest::of_json(&revision);
                            outcome.outputs.push(Output {
                                meta: serde_json::to_value(Digest::of_json(draft))
                                    .expect("digests serialise"),
                                ..Output::new(name.clone(), digest)
                            });
                            kept.push(revision);
                        }
                    }
                    Outcome::Dropped(reason) => outcome.rejected.push((name, reason)),
                    Outcome::Failed(detail) => outcome.failed.push((name, detail)),
                }
            }
            outcome.bundle = Some(cx.keep(&kept));
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }
}
