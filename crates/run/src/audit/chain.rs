//! The actions behind instances, with what neighbours share looked up once.

use std::collections::BTreeMap;

use spinemed_core::Digest;
use spinemed_core::instance::Instance;
use spinemed_store::{ActionRecord, InstanceRow, Ledger};

use super::AuditError;
use super::trace::TracedAction;

/// Follows instances back through their actions.
pub struct Chains<'a> {
    ledger: &'a Ledger,
    pack: Option<(Digest, PackChain)>,
    pairs: BTreeMap<Digest, (ActionRecord, ActionRecord)>,
    holders: BTreeMap<(&'static str, String), Vec<ActionRecord>>,
    outputs: BTreeMap<(&'static str, String), BTreeMap<Digest, usize>>,
}

/// The actions over a pack.
#[derive(Clone)]
pub(super) struct PackChain {
    pub drafts: Digest,
    pub revisions: Digest,
    pub pack: Digest,
    pub draft: ActionRecord,
    pub revise: ActionRecord,
    pub check: ActionRecord,
}

impl<'a> Chains<'a> {
    /// Asks a ledger.
    #[must_use]
    pub fn new(ledger: &'a Ledger) -> Self {
        Self {
            ledger,
            pack: None,
            pairs: BTreeMap::new(),
            holders: BTreeMap::new(),
            outputs: BTreeMap::new(),
        }
    }

    /// The steps behind an instance, from its source's file to its check.
    ///
    /// # Errors
    /// [`AuditError::Broken`] when a link is missing.
    pub fn of(
        &mut self,
        instance: &Instance,
        row: &InstanceRow,
    ) -> Result<Vec<TracedAction>, AuditError> {
        let chain = self.over_pack(row)?;
        let (ingest, pair) = self.under_pack(instance, row, &chain.pack)?;
        let generator = instance.origin.generator.as_str();
        let record = part(&pair, "input:record")?;
        Ok(vec![
            traced(&ingest, record, None),
            traced(&pair, chain.pack, None),
            traced(&chain.draft, instance.origin.draft, Some(generator)),
            traced(&chain.revise, instance.origin.revision, Some(generator)),
            traced(&chain.check, row.digest, None),
        ])
    }

    pub(super) fn over_pack(&mut self, row: &InstanceRow) -> Result<PackChain, AuditError> {
        if let Some((_, chain)) = self
            .pack
            .as_ref()
            .filter(|(bundle, _)| *bundle == row.bundle)
        {
            return Ok(chain.clone());
        }
        let check = self.maker("check", &row.bundle, &row.pack)?;
        let drafts = part(&check, "input:drafts")?;
        let revisions = part(&check, "input:revisions")?;
        let chain = PackChain {
            pack: part(&check, "input:pack")?,
            draft: self.maker("draft", &drafts, &row.pack)?,
            revise: self.maker("revise", &revisions, &row.pack)?,
            drafts,
            revisions,
            check,
        };
        self.pack = Some((row.bundle, chain.clone()));
        Ok(chain)
    }

    fn under_pack(
        &mut self,
        instance: &Instance,
        row: &InstanceRow,
        pack: &Digest,
    ) -> Result<(ActionRecord, ActionRecord), AuditError> {
        if let Some(found) = self.pairs.get(pack) {
            return Ok(found.clone());
        }
        let broken = |step: &str| AuditError::Broken {
            what: format!("step `{step}` of `{}`", row.document),
        };
        let pair = self
            .holder("pair", &row.document, pack)?
            .ok_or_else(|| broken("pair"))?;
        let record = part(&pair, "input:record")?;
        let mut units = vec![row.source.clone()];
        let places = instance
            .evidence
            .iter()
            .map(|e| &e.place)
            .chain(instance.images.iter().map(|i| &i.place));
        units.extend(places.map(|p| format!("{}/{}", row.source, p.file.path)));
        units.dedup();
        // A case is read and cleaned in one action, named after the case itself.
        let mut ingest = self.holder("deidentify", &row.document, &record)?;
        for unit in &units {
            if ingest.is_none() {
                ingest = self.holder("ingest", unit, &record)?;
            }
        }
        let mut ingest = ingest.ok_or_else(|| broken("ingest"))?;
        // Only names and keys are needed from here on; a dataset's outputs are many.
        ingest.outcome.outputs.clear();
        let found = (ingest, pair);
        if self.pairs.len() > 10_000 {
            self.pairs.clear();
        }
        self.pairs.insert(*pack, found.clone());
        Ok(found)
    }

    fn maker(&self, step: &str, bundle: &Digest, unit: &str) -> Result<ActionRecord, AuditError> {
        self.ledger
            .maker(bundle, unit)?
            .filter(|a| a.step == step)
            .ok_or_else(|| AuditError::Broken {
                what: format!("step `{step}` of `{unit}`"),
            })
    }

    /// The action over a unit that made an output.
    fn holder(
        &mut self,
        step: &'static str,
        unit: &str,
        output: &Digest,
    ) -> Result<Option<ActionRecord>, AuditError> {
        let place = (step, unit.to_owned());
        if !self.holders.contains_key(&place) {
            let history = self.ledger.history(step, unit)?;
            let mut index = BTreeMap::new();
            for (position, action) in history.iter().enumerate() {
                for made in &action.outcome.outputs {
                    index.entry(made.digest).or_insert(position);
                }
            }
            let slim = history
                .into_iter()
                .map(|mut action| {
                    action.outcome = spinemed_store::UnitOutcome::default();
                    action
                })
                .collect();
            self.holders.insert(place.clone(), slim);
            self.outputs.insert(place.clone(), index);
        }
        let position = self.outputs[&place].get(output);
        Ok(position.map(|&p| self.holders[&place][p].clone()))
    }
}

pub(crate) fn part(action: &ActionRecord, name: &str) -> Result<Digest, AuditError> {
    action
        .parts
        .iter()
        .find(|p| p.name == name)
        .map(|p| p.digest)
        .ok_or_else(|| AuditError::Broken {
            what: format!("step `{}` of `{}`", action.step, action.unit),
        })
}

fn traced(action: &ActionRecord, output: Digest, model: Option<&str>) -> TracedAction {
    let settings = action
        .parts
        .iter()
        .find(|p| p.name == "settings")
        .map(|p| p.digest);
    TracedAction {
        step: action.step.clone(),
        unit: action.unit.clone(),
        key: action.key,
        model: model.map(str::to_owned),
        prompt: settings.filter(|_| model.is_some()),
        output,
    }
}
