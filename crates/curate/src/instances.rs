//! Exact duplicates among instances.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spinemed_core::digest::{Digest, KeyHasher};
use spinemed_core::ids::RecordKey;
use spinemed_core::instance::{Instance, Item};
use spinemed_core::outcome::DropReason;

use crate::duplicates::winners;
use crate::normal::text_digest;

/// The rule named in drop reasons.
const RULE: &str = "exact-item-and-pictures";

/// An instance reduced to what deduplication needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceSummary {
    /// The record key.
    pub key: RecordKey,
    /// Equal for instances with the same kind, language, words and pictures.
    pub identity: Digest,
}

/// Reduces an instance.
#[must_use]
pub fn summarise_instance(instance: &Instance) -> InstanceSummary {
    let hasher = KeyHasher::new("spinemed/same-instance/1")
        .field("kind", instance.kind.as_str())
        .field("language", instance.language.as_str())
        .digest("texts", &text_digest(texts(&instance.item)));
    let identity = instance
        .images
        .iter()
        .fold(hasher, |hasher, image| {
            hasher.digest("picture", &image.media.sha256)
        })
        .finish();
    InstanceSummary {
        key: instance.key.clone(),
        identity,
    }
}

/// The duplicates among a set of instances, each with the instance kept in its place: the one
/// with the smallest record key. The order of the summaries does not matter.
#[must_use]
pub fn instances(
    summaries: impl IntoIterator<Item = InstanceSummary>,
) -> BTreeMap<RecordKey, DropReason> {
    let mut all: Vec<InstanceSummary> = summaries.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    let identities: Vec<Option<Digest>> = all.iter().map(|s| Some(s.identity)).collect();
    let winners = winners(&identities);
    all.iter()
        .zip(&winners)
        .filter_map(|(loser, winner)| {
            let winner = all[(*winner)?].key.to_string();
            Some((
                loser.key.clone(),
                DropReason::Duplicate {
                    winner,
                    rule: RULE.to_owned(),
                },
            ))
        })
        .collect()
}

fn texts(item: &Item) -> Vec<&str> {
    match item {
        // The order of options is part of the item: the same question with another order is
        // another training item, which `variant` exists for.
        Item::Mcq {
            stem,
            options,
            explanation,
            ..
        } => [stem.as_str()]
            .into_iter()
            .chain(options.iter().map(String::as_str))
            .chain([explanation.as_str()])
            .collect(),
        Item::OpenQa { question, answer } => vec![question, answer],
        Item::Consultation { turns } => turns.iter().map(|turn| turn.text.as_str()).collect(),
        Item::Report { request, sections } => vec![
            request,
            &sections.imaging_findings,
            &sections.diagnosis,
            &sections.treatment_patient,
            &sections.treatment_clinician,
            &sections.risk_prognosis,
            &sections.postoperative,
            &sections.basis,
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn summary(key: &str, content: &str) -> InstanceSummary {
        InstanceSummary {
            key: RecordKey::new(key),
            identity: Digest::of(content.as_bytes()),
        }
    }

    #[test]
    fn the_smallest_key_wins() {
        let drops = instances([summary("b", "x"), summary("c", "y"), summary("a", "x")]);
        assert_eq!(drops.len(), 1);
        assert_eq!(
            drops[&RecordKey::new("b")].detail(),
            "same as `a` by exact-item-and-pictures"
        );
    }

    #[test]
    fn an_item_is_its_words() {
        let open = |question: &str| Item::OpenQa {
            question: question.to_owned(),
            answer: "L5".to_owned(),
        };
        let digest = |item: &Item| text_digest(texts(item));
        assert_eq!(digest(&open("Which  root?")), digest(&open("which root?")));
        assert_ne!(digest(&open("Which root?")), digest(&open("Which disc?")));
    }

    proptest! {
        #[test]
        fn order_does_not_matter(contents in proptest::collection::vec(0u8..4, 0..12)) {
            let all: Vec<InstanceSummary> = contents.iter().enumerate()
                .map(|(at, content)| summary(&format!("k{at:02}"), &content.to_string())).collect();
            let mut back = all.clone();
            back.reverse();
            prop_assert_eq!(instances(all), instances(back));
        }
    }
}
