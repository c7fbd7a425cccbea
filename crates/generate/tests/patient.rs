//! Items of made cases: bound, checked, derived again; nothing invented, nothing translated.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

#[path = "support/patient.rs"]
mod patient;
mod support;

use patient::{cases, fracture, lumbar, neck, pack};
use proptest::prelude::*;
use spinemed_core::Digest;
use spinemed_core::case::{CasePart, Sex};
use spinemed_core::instance::{Draft, Item, Revision, Role};
use spinemed_core::outcome::DropReason;
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::{Kind, Language, Side};
use spinemed_generate::check;
use support::{draft, revise, task, tasks};

/// Every text of an item.
fn words(item: &Item) -> String {
    serde_json::to_string_pretty(item).unwrap()
}

/// All drafts of a pack with their revisions.
fn all(pack: &EvidencePack) -> Vec<(Draft, Revision)> {
    let mut made = Vec::new();
    for task in tasks() {
        let Ok(drafted) = draft(pack, &task) else {
            continue;
        };
        let revised = revise(pack, &drafted)
            .unwrap_or_else(|reason| panic!("{} {task:?}: {reason:?}\n{drafted:#?}", pack.key));
        made.push((drafted, revised));
    }
    made
}

fn one(pack: &EvidencePack, kind: Kind, language: Language) -> Item {
    draft(pack, &task(kind, language, 0)).unwrap().item
}

fn find(pack: &EvidencePack, language: Language, stem: &str) -> Revision {
    all(pack)
        .into_iter()
        .map(|(_, revised)| revised)
        .filter(|revised| revised.task.language == language)
        .find(|r| matches!(&r.item, Item::Mcq { stem: s, .. } if s.contains(stem)))
        .unwrap_or_else(|| panic!("no question `{stem}`"))
}

#[test]
fn everything_written_agrees_with_its_rereading_and_passes_the_checks() {
    for case in cases() {
        let pack = pack(&case);
        let mut made = std::collections::BTreeSet::new();
        for (drafted, revised) in all(&pack) {
            assert_eq!(revised.item, drafted.item);
            for result in check::run(&pack, &revised) {
                assert!(
                    result.passed,
                    "{}: {result:?}\n{}",
                    pack.key,
                    words(&revised.item)
                );
            }
            made.insert((revised.task.kind, revised.task.language));
        }
        let whole = case.patient == "p-lumbar";
        for language in Language::ALL {
            for kind in [Kind::Mcq, Kind::OpenQa, Kind::Consultation, Kind::Report] {
                let there = made.contains(&(kind, *language));
                assert!(there || !whole && kind == Kind::Mcq, "no {kind} in {language}");
            }
        }
    }
}

#[test]
fn the_items_of_a_case() {
    let mut out = String::new();
    for case in cases() {
        let pack = pack(&case);
        for (drafted, _) in all(&pack) {
            let task = &drafted.task;
            out.push_str(&format!(
                "== {} ({}) {} {} {} images {:?}\n{}\n",
                pack.key,
                pack.language,
                task.kind,
                task.language,
                task.variant,
                drafted.images,
                words(&drafted.item)
            ));
        }
    }
    let at = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/patient-1.txt");
    assert_eq!(out, include_str!("golden/patient-1.txt"), "{at}\n{out}");
}
