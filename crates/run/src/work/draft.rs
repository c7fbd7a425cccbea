//! Draft: the first pass over a pack, every task wanted of it.

use spinemed_core::instance::{Draft, Task};
use spinemed_core::outcome::Outcome;
use spinemed_core::seam::{Generator, StepId};
use spinemed_core::{Digest, DropReason};
use spinemed_generate::{draft, read_draft, tasks};
use spinemed_store::{Output, UnitOutcome, Usage};

use super::settle::{Job, settle};
use super::{Loaded, ShardCx, Work, WorkError, admitted};

/// Drafting with one generator.
pub struct DraftWork<'a> {
    /// Who drafts.
    pub generator: &'a dyn Generator,
    /// What is wanted of each pack.
    pub wanted: Vec<Task>,
    /// How often an unreadable response is asked for again.
    pub max_repairs: u32,
}

/// The record key of what a task makes of a pack: `pack#kind.language.variant`.
#[must_use]
pub fn record_key(pack: &str, task: &Task) -> String {
    format!("{pack}#{}.{}.{}", task.kind, task.language, task.variant)
}

impl Work for DraftWork<'_> {
    fn step(&self) -> StepId {
        StepId {
            name: "draft",
            version: 1,
        }
    }

    fn settings(&self) -> Digest {
        Digest::of_json(&serde_json::json!({
            "generator": self.generator.draft_identity(), "wanted": self.wanted,
            "repairs": self.max_repairs,
        }))
    }

    fn run(&self, shard: &[Loaded], cx: &mut ShardCx<'_>) -> Result<Vec<UnitOutcome>, WorkError> {
        let packs = shard
            .iter()
            .map(|loaded| admitted(loaded, cx.key))
            .collect::<Result<Vec<_>, _>>()?;
        let mut jobs = Vec::new();
        let mut owners = Vec::new();
        for (index, pack) in packs.iter().enumerate() {
            for task in tasks(self.generator, pack, &self.wanted) {
                owners.push((index, task.clone()));
                jobs.push(Job {
                    ask: draft(self.generator, pack, &task),
                    read: Box::new(move |response| {
                        read_draft(self.generator, pack, &task, response)
                    }),
                });
            }
        }
        let settled = settle(jobs, self.max_repairs, cx)?;
        let mut made: Vec<Made> = packs.iter().map(|_| Made::default()).collect();
        for ((index, task), (outcome, spent)) in owners.into_iter().zip(settled) {
            made[index].usage.add(spent.usage);
            made[index].responses.extend(spent.responses);
            made[index].take(record_key(packs[index].key.as_str(), &task), outcome);
        }
        Ok(shard
            .iter()
            .zip(made)
            .map(|(loaded, made)| made.close(&loaded.unit.name, cx))
            .collect())
    }
}

#[derive(Default)]
struct Made {
    drafts: Vec<Draft>,
    names: Vec<String>,
    skipped: Vec<(String, DropReason)>,
    failed: Vec<String>,
    usage: Usage,
    responses: Vec<Digest>,
}

impl Made {
    fn take(&mut self, key: String, outcome: Outcome<Draft>) {
        match outcome {
            Outcome::Kept(drafts) => {
                for draft in drafts {
                    self.names.push(key.clone());
                    self.drafts.push(draft);
                }
            }
            Outcome::Dropped(reason) => self.skipped.push((key, reason)),
            Outcome::Failed(detail) => self.failed.push(detail),
        }
    }

    /// A pack passes when at least one task gave a draft; it fails when any task failed, so
    /// that a later build tries again (kept responses are not paid for twice).
    fn close(self, unit: &str, cx: &mut ShardCx<'_>) -> UnitOutcome {
        let mut outcome = UnitOutcome {
            skipped: self.skipped,
            usage: self.usage,
            responses: self.responses,
            ..UnitOutcome::default()
        };
        if !self.failed.is_empty() {
            outcome
                .failed
                .push((unit.to_owned(), self.failed[0].clone()));
            return outcome;
        }
        if self.drafts.is_empty() {
            let detail = outcome
                .skipped
                .first()
                .map_or_else(|| "no kind of item applies".to_owned(), |(_, r)| r.detail());
            outcome
                .rejected
                .push((unit.to_owned(), DropReason::NotApplicable { detail }));
            return outcome;
        }
        outcome.passed = 1;
        for (name, draft) in self.names.into_iter().zip(&self.drafts) {
            let digest = Digest::of_json(draft);
            outcome.outputs.push(Output::new(name, digest));
        }
        outcome.bundle = Some(cx.keep(&self.drafts));
        outcome
    }
}
