//! Brings a step's units up to date: looks each one up by its action key, works the rest in
//! shards on threads, and enters their results.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};

use spinemed_core::Digest;
use spinemed_core::model::Response;
use spinemed_core::seam::{Model, Store, StoreError};
use spinemed_deidentify::Key;
use spinemed_store::{Ledger, Responses, Results, ShardJournal, UnitOutcome};

use crate::progress::Progress;
use crate::report::Actions;
use crate::shard::{Shard, Task, text_of, work};
use crate::unit::{Unit, action_key};
use crate::work::{CallCounters, ShardCx, Work, WorkError};

/// Models by the endpoint of their identity.
pub type Models = BTreeMap<String, Box<dyn Model>>;

/// Everything that steps need of the world.
pub struct Engine<'a> {
    /// The ledger; this thread alone writes it.
    pub ledger: &'a mut Ledger,
    /// Kept responses.
    pub responses: &'a Mutex<Responses>,
    /// Results of shards.
    pub results: &'a Results,
    /// Pictures.
    pub blobs: &'a dyn Store,
    /// Models.
    pub models: &'a Models,
    /// Threads that work shards.
    pub threads: usize,
    /// Who is told.
    pub progress: &'a dyn Progress,
    /// Set when the build is to stop.
    pub stop: &'a AtomicBool,
    /// Whether nothing may be done: only what is known is looked up.
    pub dry: bool,
    /// The build's number.
    pub build: i64,
    /// Actions so far.
    pub actions: Actions,
    /// Model calls so far.
    pub calls: &'a CallCounters<'a>,
    /// Why actions ran, with examples per step.
    pub stale: BTreeMap<String, Vec<StaleUnit>>,
    /// The key of patients' records.
    pub key: Option<&'a Key>,
    /// The keys of all actions that were looked up and found, where somebody wants to know.
    pub found: Option<&'a mut BTreeSet<Digest>>,
    /// Where shards go instead of being worked here, for a plan.
    pub plan: Option<&'a mut Vec<Planned>>,
}

/// The shards of one step that a plan hands out.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The step.
    pub step: &'static str,
    /// The source, for steps that work one source at a time.
    pub source: String,
    /// The shards.
    pub shards: Vec<Shard>,
}

/// A unit that had to be done, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleUnit {
    /// The unit.
    pub unit: String,
    /// The parts of its key that changed; none when it is new.
    pub changed: Option<Vec<String>>,
}

/// Where the units of an action key stand in a step's list.
type Places = BTreeMap<Digest, Vec<usize>>;

/// A unit with what became of it: done, or pending.
pub type Done = (Unit, Option<UnitOutcome>);

impl Engine<'_> {
    /// Brings units up to date. Units that may not run (`allowed` says no, the build was
    /// stopped, a dry run) stay pending unless the ledger has them.
    ///
    /// # Errors
    /// [`WorkError`] when a shard or the ledger fails as a whole; what was entered stays.
    pub fn run(
        &mut self,
        step: &dyn Work,
        units: Vec<Unit>,
        allowed: &dyn Fn(&Unit) -> bool,
    ) -> Result<Vec<Done>, WorkError> {
        let settings = step.settings();
        let mut done: Vec<Done> = Vec::with_capacity(units.len());
        let mut missing: Vec<(usize, Task)> = Vec::new();
        for unit in units {
            let (key, parts) = action_key(step.step(), &settings, &unit);
            let known = self
                .ledger
                .action(&key)?
                .filter(|o| o.failed.is_empty() && step.stands(o));
            if known.is_some() {
                self.actions.reused += 1;
                if let Some(found) = &mut self.found {
                    found.insert(key);
                }
            } else if allowed(&unit) {
                self.note_stale(step.step().name, &unit, &parts)?;
                if !self.dry {
                    missing.push((
                        done.len(),
                        Task {
                            unit: unit.clone(),
                            key,
                            parts,
                            values: vec![],
                        },
                    ));
                }
            }
            done.push((unit, known));
        }
        self.progress
            .stage(step.step().name, missing.len(), done.len());
        let result = self.work_all(step, &missing, &mut done);
        self.progress.end();
        result.map(|()| done)
    }

    fn note_stale(
        &mut self,
        step: &str,
        unit: &Unit,
        parts: &[spinemed_store::Part],
    ) -> Result<(), WorkError> {
        // The ledger answers `why` in full; here a few examples per step are enough.
        const EXAMPLES: usize = 1000;
        let list = self.stale.entry(step.to_owned()).or_default();
        if list.len() < EXAMPLES {
            let changed = self.ledger.changed_parts(step, &unit.name, parts)?;
            list.push(StaleUnit {
                unit: unit.name.clone(),
                changed,
            });
        }
        Ok(())
    }

    fn work_all(
        &mut self,
        step: &dyn Work,
        missing: &[(usize, Task)],
        done: &mut [Done],
    ) -> Result<(), WorkError> {
        if missing.is_empty() {
            return Ok(());
        }
        let size = step
            .shard_size()
            .min(missing.len().div_ceil(self.threads))
            .max(1);
        if self.plan.is_some() {
            return self.plan_all(step, missing, size);
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .build()
            .expect("threads can be started");
        let mut shards = missing.chunks(size);
        let (sender, receiver) = mpsc::channel();
        let (responses, results, blobs) = (self.responses, self.results, self.blobs);
        let (models, calls, key) = (self.models, self.calls, self.key);
        let mut places = Places::new();
        for (position, task) in missing {
            places.entry(task.key).or_default().push(*position);
        }
        let mut failure = None;
        pool.in_place_scope(|scope| {
            let mut running = 0;
            loop {
                while running < self.threads * 2
                    && failure.is_none()
                    && !self.stop.load(Ordering::Relaxed)
                {
                    let Some(chunk) = shards.next() else { break };
                    match self.load(chunk) {
                        Ok(shard) => {
                            let sender = sender.clone();
                            let outside = Outside {
                                responses,
                                results,
                                blobs,
                                models,
                                calls,
                                key,
                            };
                            scope.spawn(move |_| {
                                let _ = sender.send(work_one(step, &shard, &outside));
                            });
                            running += 1;
                        }
                        Err(error) => failure = Some(error),
                    }
                }
                if running == 0 {
                    break;
                }
                let finished = receiver.recv().expect("a sender is held here");
                running -= 1;
                if let Err(error) = finished.and_then(|id| self.absorb(&id, &places, done)) {
                    failure.get_or_insert(error);
                }
            }
        });
        failure.map_or(Ok(()), Err)
    }

    /// Hands the shards of the first step that has any to the plan; later steps rest on them.
    fn plan_all(
        &mut self,
        step: &dyn Work,
        missing: &[(usize, Task)],
        size: usize,
    ) -> Result<(), WorkError> {
        let name = step.step().name;
        if name == "deidentify" {
            return Err(WorkError::Value {
                role: "plan".into(),
                cause: "patients' files do not leave this machine; run `spinemed build --only deidentify` here first".into(),
            });
        }
        let first = self.plan.as_ref().and_then(|p| p.first()).map(|p| p.step);
        if first.is_some_and(|first| first != name) {
            return Ok(());
        }
        let shards = missing
            .chunks(size)
            .map(|c| self.load(c))
            .collect::<Result<_, _>>()?;
        let source = missing[0].1.unit.source.clone();
        if let Some(plan) = self.plan.as_mut() {
            plan.push(Planned {
                step: name,
                source,
                shards,
            });
        }
        Ok(())
    }

    fn load(&self, chunk: &[(usize, Task)]) -> Result<Shard, WorkError> {
        let mut tasks = Vec::with_capacity(chunk.len());
        for (_, task) in chunk {
            let mut task = task.clone();
            for input in task.unit.inputs.iter().filter(|i| i.load) {
                let bytes = self
                    .ledger
                    .value(&input.digest)?
                    .ok_or_else(|| WorkError::Value {
                        role: input.role.clone(),
                        cause: format!("the ledger has no value {}", input.digest),
                    })?;
                task.values.push(text_of(bytes, &input.digest)?);
            }
            tasks.push(task);
        }
        Ok(Shard { tasks })
    }

    fn absorb(&mut self, id: &Digest, places: &Places, done: &mut [Done]) -> Result<(), WorkError> {
        let result = enter(self.ledger, self.responses, self.results, self.build, id)?;
        self.actions.run += result.actions.len() as u64;
        self.progress.advance(result.actions.len());
        for action in result.actions {
            for &position in places.get(&action.key).into_iter().flatten() {
                done[position].1 = Some(action.outcome.clone());
            }
        }
        Ok(())
    }
}

/// Enters a committed result: responses, then actions and values in one transaction, then the
/// files are removed. A crash in between enters it again, which changes nothing.
fn enter(
    ledger: &mut Ledger,
    responses: &Mutex<Responses>,
    results: &Results,
    build: i64,
    id: &Digest,
) -> Result<spinemed_store::ShardResult, StoreError> {
    let result = results.read(id)?;
    responses
        .lock()
        .expect("no holder of this lock panics")
        .absorb(&result.responses)?;
    ledger.absorb(build, &result)?;
    results.clear(id)?;
    Ok(result)
}

/// Enters what an interrupted build or a cluster left behind: committed results, then
/// responses of shards that never committed. Gives the number of actions entered.
///
/// # Errors
/// [`StoreError`] when something could not be read or entered.
pub fn recover(
    ledger: &mut Ledger,
    responses: &Mutex<Responses>,
    results: &Results,
    build: i64,
) -> Result<u64, StoreError> {
    let mut entered = 0;
    for id in results.pending()? {
        entered += enter(ledger, responses, results, build, &id)?.actions.len() as u64;
    }
    for journal in results.journals()? {
        let (kept, _) = ShardJournal::read(&journal)?;
        responses
            .lock()
            .expect("no holder of this lock panics")
            .absorb(&kept)?;
        results.forget_journal(&journal)?;
    }
    Ok(entered)
}

/// What a working thread may touch.
struct Outside<'a> {
    responses: &'a Mutex<Responses>,
    results: &'a Results,
    blobs: &'a dyn Store,
    models: &'a Models,
    calls: &'a CallCounters<'a>,
    key: Option<&'a Key>,
}

fn work_one(step: &dyn Work, shard: &Shard, outside: &Outside<'_>) -> Result<Digest, WorkError> {
    let known = |key: &Digest| -> Result<Option<Response>, StoreError> {
        outside
            .responses
            .lock()
            .expect("no holder of this lock panics")
            .get(key)
    };
    let models = |endpoint: &str| outside.models.get(endpoint).map(|m| &**m);
    let journal = LazyJournal::new(outside.results.journal(&shard.id()));
    let mut cx = ShardCx {
        blobs: outside.blobs,
        values: vec![],
        models: &models,
        known: &known,
        journal: &journal,
        responses: vec![],
        calls: outside.calls,
        key: outside.key,
    };
    work(shard, step, outside.results, &mut cx)
}

/// A journal whose file is made when the first response comes: most shards ask no model.
struct LazyJournal {
    path: std::path::PathBuf,
    open: Mutex<Option<ShardJournal>>,
}

impl LazyJournal {
    fn new(path: std::path::PathBuf) -> Self {
        Self {
            path,
            open: Mutex::new(None),
        }
    }
}

impl spinemed_core::seam::Journal for LazyJournal {
    fn record(&self, response: &Response) -> Result<(), StoreError> {
        self.record_all(std::slice::from_ref(response))
    }

    fn record_all(&self, responses: &[Response]) -> Result<(), StoreError> {
        let mut open = self.open.lock().expect("no holder of this lock panics");
        if open.is_none() {
            *open = Some(ShardJournal::open(&self.path)?.0);
        }
        open.as_ref().expect("opened above").record_all(responses)
    }
}
