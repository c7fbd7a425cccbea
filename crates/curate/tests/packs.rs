//! Properties of the step over the whole set.

use proptest::prelude::*;
use spinemed_core::Digest;
use spinemed_core::ids::{GroupKey, PackKey};
use spinemed_core::outcome::DropReason;
use spinemed_core::vocabulary::Split;
use spinemed_curate::{Decisions, PackSummary, Pins, SameRule, SplitSettings, packs};

fn summary(key: &str, group: &str, identity: &str, links: &[&str]) -> PackSummary {
    let mut links: Vec<Digest> = links
        .iter()
        .map(|link| Digest::of(link.as_bytes()))
        .collect();
    let identity = Digest::of(identity.as_bytes());
    links.push(identity);
    links.sort();
    links.dedup();
    PackSummary {
        key: PackKey::new(key),
        group: GroupKey::new(group),
        identity,
        rule: SameRule::ExactTextAndPictures,
        links,
        drop: None,
        traits: None,
    }
}

fn decide(all: &[PackSummary], pins: &Pins) -> Decisions {
    let settings = SplitSettings {
        validation_permille: 200,
        test_permille: 300,
        seed: 7,
    };
    packs(all.iter().cloned(), &settings, pins)
}

fn split_of(decisions: &Decisions, key: &str) -> Split {
    decisions.kept[&PackKey::new(key)]
}

/// Small random corpora: `(group, identity, link, dropped)` per pack.
fn corpus() -> impl Strategy<Value = Vec<PackSummary>> {
    proptest::collection::vec((0u8..8, 0u8..20, 0u8..20, 0u8..10), 0..40).prop_map(|rows| {
        let made = rows
            .iter()
            .enumerate()
            .map(|(at, (group, identity, link, drop))| {
                let mut summary = summary(
                    &format!("s/d{group}/p{at:02}"),
                    &format!("s:d{group}"),
                    &format!("text {identity}"),
                    &[&format!("picture {link}")],
                );
                if *drop == 0 {
                    summary.drop = Some(DropReason::LowQuality {
                        detail: "rule x: 1 < 2".to_owned(),
                    });
                }
                summary
            });
        made.collect()
    })
}

proptest! {
    #[test]
    fn order_does_not_matter(all in corpus(), turn in 0usize..40) {
        let mut other = all.clone();
        other.reverse();
        if !other.is_empty() {
            let by = turn % other.len();
            other.rotate_left(by);
        }
        prop_assert_eq!(decide(&all, &Pins::default()), decide(&other, &Pins::default()));
    }

    #[test]
    fn every_pack_is_accounted_for(all in corpus()) {
        let found = decide(&all, &Pins::default());
        prop_assert_eq!(found.kept.len() + found.dropped.len(), all.len());
        for reason in found.dropped.values() {
            if let DropReason::Duplicate { winner, .. } = reason {
                prop_assert!(found.kept.contains_key(&PackKey::new(winner.as_str())));
            }
        }
    }

    #[test]
    fn nothing_stands_in_two_splits(all in corpus()) {
        let found = decide(&all, &Pins::default());
        prop_assert_eq!(found.proof.groups_in_two, 0);
        prop_assert_eq!(found.proof.links_in_two, 0);
        let mut by_link = std::collections::BTreeMap::new();
        for summary in &all {
            if let Some(split) = found.kept.get(&summary.key) {
                for link in &summary.links {
                    let first = *by_link.entry(*link).or_insert(*split);
                    prop_assert_eq!(first, *split);
                }
            }
        }
    }

    #[test]
    fn an_unrelated_source_moves_nothing(all in corpus(), more in 1usize..6) {
        let before = decide(&all, &Pins::default());
        let mut grown = all.clone();
        for at in 0..more {
            // Names that sort before, among and after the others.
            let group = format!("{}:new{at}", ["a", "s", "z"][at % 3]);
            grown.push(summary(&format!("{group}/p"), &group, &format!("new {at}"), &[]));
        }
        let after = decide(&grown, &Pins::default());
        for (key, split) in &before.kept {
            prop_assert_eq!(after.kept.get(key), Some(split));
        }
        for (key, reason) in &before.dropped {
            prop_assert_eq!(after.dropped.get(key), Some(reason));
        }
    }

    #[test]
    fn test_groups_never_move(all in corpus(), more in corpus()) {
        let first = decide(&all, &Pins::default());
        let mut grown = all.clone();
        for mut summary in more {
            summary.key = PackKey::new(format!("a{}", summary.key));
            summary.group = GroupKey::new(format!("a{}", summary.group));
            grown.push(summary);
        }
        let settings = SplitSettings { validation_permille: 500, test_permille: 0, seed: 8 };
        let second = packs(grown, &settings, &first.pins);
        let group_of: std::collections::BTreeMap<_, _> =
            all.iter().map(|s| (s.key.clone(), s.group.clone())).collect();
        for (key, split) in &second.kept {
            if group_of.get(key).is_some_and(|group| first.pins.0.contains_key(group)) {
                prop_assert_eq!(*split, Split::Test);
            }
        }
        for (group, pin) in &first.pins.0 {
            prop_assert_eq!(second.pins.0.get(group), Some(pin));
        }
    }
}

#[test]
fn the_smallest_key_wins_and_the_loser_says_why() {
    let found = decide(
        &[
            summary("b/1/p", "b:1", "same", &[]),
            summary("a/1/p", "a:1", "same", &[]),
        ],
        &Pins::default(),
    );
    assert_eq!(
        found.dropped[&PackKey::new("b/1/p")].detail(),
        "same as `a/1/p` by exact-text-and-pictures"
    );
    assert_eq!(
        found.joined,
        [vec![GroupKey::new("a:1"), GroupKey::new("b:1")]]
    );
}

#[test]
fn a_dropped_pack_wins_over_no_duplicate() {
    let mut bad = summary("a/1/p", "a:1", "same", &[]);
    bad.drop = Some(DropReason::LowQuality {
        detail: "rule x: 1 < 2".to_owned(),
    });
    let found = decide(
        &[bad, summary("b/1/p", "b:1", "same", &[])],
        &Pins::default(),
    );
    assert_eq!(found.kept.len(), 1);
    assert_eq!(found.dropped[&PackKey::new("a/1/p")].code(), "low-quality");
    assert!(found.joined.is_empty());
}

#[test]
fn a_train_pin_gives_way_to_a_test_pin() {
    let all = [
        summary("a/1/p", "a:1", "one", &["shared picture"]),
        summary("b/1/p", "b:1", "two", &["shared picture"]),
        summary("c/1/p", "c:1", "three", &[]),
    ];
    let pin = |group: &str, split| (GroupKey::new(group), split);
    let pins = Pins(
        [
            pin("a:1", Split::Train),
            pin("b:1", Split::Test),
            pin("c:1", Split::Train),
        ]
        .into(),
    );
    let found = decide(&all, &pins);
    assert_eq!(split_of(&found, "a/1/p"), Split::Test);
    assert_eq!(split_of(&found, "c/1/p"), Split::Train);
    assert_eq!(found.conflicts.len(), 1);
    assert_eq!(found.conflicts[0].given, Split::Test);
    assert_eq!(found.pins.0[&GroupKey::new("a:1")], Split::Test);
}

#[test]
fn shares_are_about_as_asked() {
    let all: Vec<PackSummary> = (0..5000)
        .map(|at| {
            summary(
                &format!("s/d{at}/p"),
                &format!("s:d{at}"),
                &format!("text {at}"),
                &[],
            )
        })
        .collect();
    let found = decide(&all, &Pins::default());
    let count = |split| found.kept.values().filter(|&&s| s == split).count();
    assert!(
        (1350..1650).contains(&count(Split::Test)),
        "{}",
        count(Split::Test)
    );
    assert!(
        (850..1150).contains(&count(Split::Validation)),
        "{}",
        count(Split::Validation)
    );
}
