//! The step over the whole set of packs: duplicates, then splits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::ids::{GroupKey, PackKey};
use spinemed_core::outcome::DropReason;
use spinemed_core::vocabulary::Split;

use crate::components::Components;
use crate::duplicates::winners;
use crate::splits::{self, PinConflict, Pins, SplitProof};
use crate::{PackSummary, SplitSettings};

/// What became of every pack: each is in `dropped` or in `kept`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Packs left out, with the reason.
    pub dropped: BTreeMap<PackKey, DropReason>,
    /// Packs kept, with their split.
    pub kept: BTreeMap<PackKey, Split>,
    /// The pins given, and every test group of this build: what the next build is to be given.
    pub pins: Pins,
    /// Joined groups whose pins disagree.
    pub conflicts: Vec<PinConflict>,
    /// Sets of more than one group that shared texts or pictures joined, each in order.
    pub joined: Vec<Vec<GroupKey>>,
    /// That no group, text or picture stands in two splits.
    pub proof: SplitProof,
}

/// Decides over a set of packs. A pure function of the set: neither the order of the
/// summaries nor the presence of unrelated ones changes what becomes of a pack.
///
/// A pack that its own rules leave out takes part in nothing else: it wins over no duplicate
/// and joins no groups. Of two summaries with one key (which no reader makes) the smaller
/// identity stands.
#[must_use]
pub fn packs(
    summaries: impl IntoIterator<Item = PackSummary>,
    settings: &SplitSettings,
    pins: &Pins,
) -> Decisions {
    let mut all: Vec<PackSummary> = summaries.into_iter().collect();
    all.sort_unstable_by(|a, b| (&a.key, &a.identity).cmp(&(&b.key, &b.identity)));
    all.dedup_by(|later, kept| later.key == kept.key);

    let identities: Vec<Option<Digest>> = all
        .iter()
        .map(|s| s.drop.is_none().then_some(s.identity))
        .collect();
    let winners = winners(&identities);

    let live: Vec<&PackSummary> = all.iter().filter(|s| s.drop.is_none()).collect();
    let groups = groups(&live);
    let shared = shared(&live, &groups);
    let mut components = Components::new(groups.len());
    for links in shared.chunk_by(|a, b| a.0 == b.0) {
        for pair in links.windows(2) {
            components.join(pair[0].1, pair[1].1);
        }
    }
    let dealt = splits::deal(&groups, &mut components, settings, pins);

    let mut dropped = Vec::new();
    let mut kept = Vec::new();
    for (summary, winner) in all.iter().zip(&winners) {
        match (&summary.drop, winner) {
            (Some(reason), _) => dropped.push((summary.key.clone(), reason.clone())),
            (None, Some(at)) => {
                let winner = all[*at].key.to_string();
                let rule = summary.rule.as_str().to_owned();
                dropped.push((summary.key.clone(), DropReason::Duplicate { winner, rule }));
            }
            (None, None) => {
                let split = dealt.splits[position(&groups, &summary.group) as usize];
                kept.push((summary.key.clone(), split));
            }
        }
    }
    Decisions {
        proof: splits::prove(&groups, &dealt.splits, &shared),
        dropped: dropped.into_iter().collect(),
        kept: kept.into_iter().collect(),
        pins: dealt.pins,
        conflicts: dealt.conflicts,
        joined: dealt.joined,
    }
}

fn groups<'a>(live: &[&'a PackSummary]) -> Vec<&'a GroupKey> {
    let mut groups: Vec<&GroupKey> = live.iter().map(|s| &s.group).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

fn position(groups: &[&GroupKey], group: &GroupKey) -> u32 {
    let at = groups
        .binary_search(&group)
        .expect("every live pack's group is listed");
    u32::try_from(at).expect("fewer than 2^32 groups")
}

/// Each link with each group that has it, in order, without repeats.
fn shared(live: &[&PackSummary], groups: &[&GroupKey]) -> Vec<(Digest, u32)> {
    let mut shared = Vec::with_capacity(live.iter().map(|s| s.links.len()).sum());
    for summary in live {
        let group = position(groups, &summary.group);
        shared.extend(summary.links.iter().map(|&link| (link, group)));
    }
    shared.sort_unstable();
    shared.dedup();
    shared
}
