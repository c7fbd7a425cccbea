//! From a model's response to a draft or revision; what is wrong is said in words.

use serde::de::DeserializeOwned;
use serde_json::Value;
use spinemed_core::clinical;
use spinemed_core::instance::{Claim, Draft, Item, Revision, Task};
use spinemed_core::outcome::{DropReason, Outcome};
use spinemed_core::pack::EvidencePack;

use super::schema::{Said, WrittenDraft, WrittenRevision};
use crate::agree;

/// Reads a draft.
pub(super) fn draft(
    pack: &EvidencePack,
    task: &Task,
    text: &str,
) -> Result<Outcome<Draft>, String> {
    let value = json(text)?;
    if let Some(detail) = value.get("not_applicable").and_then(Value::as_str) {
        let detail = detail.to_owned();
        return Ok(Outcome::Dropped(DropReason::NotApplicable { detail }));
    }
    let written: WrittenDraft = typed(value)?;
    kind_fits(task, &written.item)?;
    Ok(Outcome::Kept(vec![Draft {
        task: task.clone(),
        claims: claims(pack, written.claims)?,
        images: images(pack, written.images)?,
        item: written.item,
    }]))
}

/// Reads a revision.
pub(super) fn revision(
    pack: &EvidencePack,
    draft: &Draft,
    text: &str,
) -> Result<Outcome<Revision>, String> {
    let value = json(text)?;
    if let Some(detail) = value.get("disagreement").and_then(Value::as_str) {
        let detail = detail.to_owned();
        return Ok(Outcome::Dropped(DropReason::Disagreement { detail }));
    }
    let written: WrittenRevision = typed(value)?;
    kind_fits(&draft.task, &written.item)?;
    if written.item != draft.item && written.changes.is_empty() {
        return Err("the item differs from the draft, but `changes` is empty; list each change with its reason".into());
    }
    Ok(Outcome::Kept(vec![Revision {
        task: draft.task.clone(),
        claims: claims(pack, written.claims)?,
        images: images(pack, written.images)?,
        item: written.item,
        changes: written.changes,
        derivation: written.derivation,
    }]))
}

/// The response's JSON object: as it is, inside a fence of backticks, or between the first
/// and the last brace.
fn json(text: &str) -> Result<Value, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err("the answer is empty; answer with one JSON object".to_owned());
    }
    let whole = serde_json::from_str::<Value>(trimmed);
    let value = match whole {
        Ok(value) => value,
        Err(error) => {
            let inner = trimmed
                .find('{')
                .zip(trimmed.rfind('}'))
                .filter(|(start, end)| start < end)
                .and_then(|(start, end)| serde_json::from_str(&trimmed[start..=end]).ok());
            inner.ok_or_else(|| format!("the answer is no JSON object: {error}"))?
        }
    };
    if value.is_object() {
        return Ok(value);
    }
    Err("the answer is JSON but no object".to_owned())
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value)
        .map_err(|error| format!("the answer does not meet the schema: {error}"))
}

fn kind_fits(task: &Task, item: &Item) -> Result<(), String> {
    if item.kind() == task.kind {
        return Ok(());
    }
    Err(format!(
        "`item.kind` is `{}`; asked for was `{}`",
        item.kind(),
        task.kind
    ))
}

/// Claims with the pack's facts that they restate.
fn claims(pack: &EvidencePack, said: Vec<Said>) -> Result<Vec<Claim>, String> {
    for claim in &said {
        if let Some(span) = claim.spans.iter().find(|id| pack.span(id).is_none()) {
            return Err(format!(
                "`claims` cite span `{span}`, which the evidence does not have"
            ));
        }
    }
    Ok(said.into_iter().map(|claim| bound(pack, claim)).collect())
}

fn bound(pack: &EvidencePack, said: Said) -> Claim {
    let asserted = clinical::facts(&said.text, "claim");
    let restated = pack.facts.iter().enumerate().filter(|(_, fact)| {
        said.spans.contains(&fact.span) && asserted.iter().any(|a| agree::bears_out(fact, a))
    });
    let facts = restated.map(|(at, _)| at).collect();
    Claim {
        text: said.text,
        spans: said.spans,
        facts,
    }
}

fn images(pack: &EvidencePack, images: Vec<usize>) -> Result<Vec<usize>, String> {
    let sent = pack.images.len().min(super::render::PICTURES);
    match images.iter().find(|at| **at >= sent) {
        Some(image) => Err(format!(
            "`images` names picture {image}; there are {sent}, numbered from 0"
        )),
        None => Ok(images),
    }
}
