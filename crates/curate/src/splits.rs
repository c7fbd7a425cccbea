//! Splits over groups: dealt by a keyed hash, pinned once given, proved disjoint.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::digest::{Digest, KeyHasher};
use spinemed_core::ids::GroupKey;
use spinemed_core::vocabulary::Split;

use crate::SplitSettings;
use crate::components::Components;

/// Membership that is given, by group. Test groups are added by every build and never leave;
/// an entry for another split is a wish that holds until the group is joined with a test group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Pins(pub BTreeMap<GroupKey, Split>);

/// Joined groups whose pins disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinConflict {
    /// The pinned groups that share texts or pictures, with their pins.
    pub pinned: BTreeMap<GroupKey, Split>,
    /// The split that all of them have now: test, where any is pinned there.
    pub given: Split,
}

/// That no group, text or picture stands in two splits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitProof {
    /// Each split's groups.
    pub parts: BTreeMap<Split, PartProof>,
    /// Groups found in two splits, counted from the parts themselves: 0.
    pub groups_in_two: usize,
    /// Texts and pictures found in groups of two splits: 0.
    pub links_in_two: usize,
}

/// One split's groups in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartProof {
    /// How many.
    pub groups: usize,
    /// The digest of their names in order.
    pub members: Digest,
}

/// What [`deal`] gives.
pub(crate) struct Dealt {
    /// Each group's split, in the order of the groups.
    pub(crate) splits: Vec<Split>,
    pub(crate) pins: Pins,
    pub(crate) conflicts: Vec<PinConflict>,
    pub(crate) joined: Vec<Vec<GroupKey>>,
}

/// Deals components of groups (which are in order) to splits.
pub(crate) fn deal(
    groups: &[&GroupKey],
    components: &mut Components,
    settings: &SplitSettings,
    pins: &Pins,
) -> Dealt {
    let mut members: Vec<(u32, usize)> = (0..groups.len())
        .map(|at| {
            (
                components.find(u32::try_from(at).expect("fewer than 2^32 groups")),
                at,
            )
        })
        .collect();
    members.sort_unstable();
    let mut dealt = Dealt {
        splits: vec![Split::Train; groups.len()],
        pins: pins.clone(),
        conflicts: Vec::new(),
        joined: Vec::new(),
    };
    for set in members.chunk_by(|a, b| a.0 == b.0) {
        let names: Vec<&GroupKey> = set.iter().map(|&(_, at)| groups[at]).collect();
        let pinned: BTreeMap<GroupKey, Split> = names
            .iter()
            .filter_map(|&name| Some((name.clone(), *pins.0.get(name)?)))
            .collect();
        // The order of the vocabulary is train, validation, test: the guarded side wins.
        let split = pinned
            .values()
            .max()
            .copied()
            .unwrap_or_else(|| draw(names[0], settings));
        for &(_, at) in set {
            dealt.splits[at] = split;
        }
        if split == Split::Test {
            let test = names.iter().map(|&name| (name.clone(), Split::Test));
            dealt.pins.0.extend(test);
        }
        if pinned.values().any(|&pin| pin != split) {
            dealt.conflicts.push(PinConflict {
                pinned,
                given: split,
            });
        }
        if names.len() > 1 {
            dealt.joined.push(names.into_iter().cloned().collect());
        }
    }
    dealt
}

/// The split of a component by a keyed hash of its smallest member.
fn draw(smallest: &GroupKey, settings: &SplitSettings) -> Split {
    let digest = KeyHasher::new("spinemed/split/1")
        .field("seed", settings.seed.to_be_bytes())
        .field("group", smallest.as_str())
        .finish();
    let (head, _) = digest
        .as_bytes()
        .split_first_chunk::<8>()
        .expect("a digest has 32 bytes");
    let permille = u64::from_be_bytes(*head) % 1000;
    let test = u64::from(settings.test_permille);
    if permille < test {
        Split::Test
    } else if permille < test + u64::from(settings.validation_permille) {
        Split::Validation
    } else {
        Split::Train
    }
}

/// Counts anew, from the splits alone, what may not be shared.
pub(crate) fn prove(
    groups: &[&GroupKey],
    splits: &[Split],
    shared: &[(Digest, u32)],
) -> SplitProof {
    let mut names: BTreeMap<Split, Vec<&GroupKey>> = Split::ALL
        .iter()
        .map(|&split| (split, Vec::new()))
        .collect();
    for (&group, split) in groups.iter().zip(splits) {
        names.entry(*split).or_default().push(group);
    }
    let mut every: Vec<&GroupKey> = names.values().flatten().copied().collect();
    every.sort_unstable();
    let groups_in_two = every.windows(2).filter(|pair| pair[0] == pair[1]).count();
    let links_in_two = shared
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|link| {
            let first = splits[link[0].1 as usize];
            link.iter()
                .any(|&(_, group)| splits[group as usize] != first)
        })
        .count();
    let parts = names
        .into_iter()
        .map(|(split, names)| {
            let members = names
                .iter()
                .fold(KeyHasher::new("spinemed/groups/1"), |hasher, name| {
                    hasher.field("group", name.as_str())
                })
                .finish();
            (
                split,
                PartProof {
                    groups: names.len(),
                    members,
                },
            )
        })
        .collect();
    SplitProof {
        parts,
        groups_in_two,
        links_in_two,
    }
}
