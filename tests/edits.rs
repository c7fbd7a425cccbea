//! Only what depends on an edit is done again, and every absence has a reason.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make folders and read files"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{RELEASE, Workshop, assert_balanced, demo_questions, list, number, root_of, text};
use serde_json::Value;

/// Two banks: `first` in two files, `second` in one.
fn shop() -> Workshop {
    let shop = Workshop::empty();
    shop.bank("first", 0, 6);
    shop.write("sources/first/more.jsonl", demo_questions(6, 12));
    shop.bank("second", 12, 18);
    shop.pipeline("corpus", &["first", "second"], &settings(0));
    shop
}

fn settings(seed: u32) -> String {
    let split = format!("[split]\nvalidation_permille = 200\ntest_permille = 300\nseed = {seed}\n");
    RELEASE.to_owned() + &split
}

type Instances = BTreeMap<String, Value>;

fn from<'i>(instances: &'i Instances, source: &str) -> BTreeMap<&'i String, &'i Value> {
    instances
        .iter()
        .filter(|(_, i)| i["source"] == source)
        .collect()
}

/// Why something is not in the corpus: the codes given.
fn why_not(shop: &Workshop, id: &str) -> BTreeSet<String> {
    let absence = shop
        .run(&["audit", "why-not", id, "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(absence["present"], false, "{absence}");
    list(&absence["reasons"])
        .iter()
        .map(|r| text(&r["code"]).to_owned())
        .collect()
}

#[test]
fn one_word_reworks_its_file_alone_and_undoing_it_nothing() {
    let shop = shop();
    let before = shop.build("corpus");
    let instances = shop.released(&before);
    assert!(!from(&instances, "first").is_empty() && !from(&instances, "second").is_empty());
    let actions = shop.actions_behind(instances.keys());

    shop.edit(
        "sources/first/questions.jsonl",
        "explains this best",
        "explains these best",
    );
    let status = shop.run(&["status", "--format", "json"]).expect(0).json();
    let stale: Vec<&str> = list(&status["stale"])
        .iter()
        .map(|u| text(&u["unit"]))
        .collect();
    assert_eq!(stale, ["first/questions.jsonl"]);
    assert_eq!(
        status["stale"][0]["changed"],
        serde_json::json!(["input:questions.jsonl"])
    );

    let after = shop.build("corpus");
    assert_ne!(after["release_root"], before["release_root"]);
    assert_balanced(&after);
    let edited = shop.released(&after);
    let again = shop.actions_behind(edited.keys());
    let run: BTreeSet<&String> = again
        .iter()
        .filter(|(u, key)| actions.get(*u) != Some(key))
        .map(|(u, _)| u)
        .collect();
    // What `audit why` names is all that was run, and it all comes of the edited file.
    assert_eq!(
        number(&after["actions"]["run"]),
        run.len() as u64,
        "{run:?}"
    );
    let ids = ids_of("first", &demo_questions(0, 6));
    for unit in &run {
        let name = unit.split_once(' ').expect("step and unit").1;
        let of_file = ids
            .iter()
            .any(|id| name == id || name.starts_with(&format!("{id}/")));
        assert!(of_file || name == "first/questions.jsonl", "{unit}");
    }
    let reused = number(&after["actions"]["reused"]);
    assert!(
        reused >= (actions.len() - run.len()) as u64,
        "{reused} of {}",
        actions.len()
    );
    assert_eq!(from(&edited, "second"), from(&instances, "second"));
    let why = shop
        .run(&["audit", "why", "first/questions.jsonl"])
        .expect(0);
    assert!(
        why.stdout
            .contains("last worked because these changed: input:questions.jsonl"),
        "{}",
        why.stdout
    );

    shop.edit(
        "sources/first/questions.jsonl",
        "explains these best",
        "explains this best",
    );
    let undone = shop.build("corpus");
    assert_eq!(undone["release_root"], before["release_root"]);
    assert_eq!(undone["actions"]["run"], 0);
}

fn ids_of(source: &str, lines: &str) -> BTreeSet<String> {
    lines
        .lines()
        .map(|line| {
            let question: Value = serde_json::from_str(line).expect("JSON");
            format!("{source}/{}", text(&question["id"]))
        })
        .collect()
}

#[test]
fn a_source_more_or_less_changes_no_other_record() {
    let shop = shop();
    let before = shop.build("corpus");
    let instances = shop.released(&before);

    shop.take_source("demo-guideline");
    shop.pipeline(
        "corpus",
        &["first", "second", "demo-guideline"],
        &settings(0),
    );
    let more = shop.build("corpus");
    let with = shop.released(&more);
    assert!(!from(&with, "demo-guideline").is_empty());
    for (key, instance) in &instances {
        assert_eq!(with[key], *instance, "{key}: digest, split and all");
    }

    shop.pipeline("corpus", &["first", "demo-guideline"], &settings(0));
    let less = shop.build("corpus");
    assert_eq!(less["actions"]["run"], 0, "a removal is no work");
    let left = shop.released(&less);
    assert!(from(&left, "second").is_empty());
    assert_eq!(from(&left, "first"), from(&instances, "first"));
    let gone = *from(&instances, "second").first_key_value().expect("one").0;
    assert!(why_not(&shop, gone).contains("source-removed"));
    assert!(why_not(&shop, "never/heard-of#mcq.en.0").contains("source-unknown"));
    let there = from(&left, "first");
    let present = shop
        .run(&["audit", "why-not", there.first_key_value().expect("one").0])
        .expect(0);
    assert!(
        present.stdout.contains("is in the corpus of `corpus`"),
        "{}",
        present.stdout
    );

    shop.pipeline("corpus", &["first", "second"], &settings(0));
    assert_eq!(shop.root("corpus"), root_of(&before));
}

#[test]
fn what_is_withdrawn_goes_with_all_that_came_of_it() {
    let shop = shop();
    let before = shop.build("corpus");
    let instances = shop.released(&before);
    let of_first = from(&instances, "first");
    let (key, one) = of_first.first_key_value().expect("one");
    let (last, other) = of_first.last_key_value().expect("another");
    assert_ne!(one["document"], other["document"]);

    shop.run(&["retract", "instance", key, "--reason", "wrong key"])
        .expect(0);
    let report = shop.build("corpus");
    let mut expected = instances.clone();
    expected.remove(*key);
    assert_eq!(shop.released(&report), expected);
    assert_eq!(report["actions"]["run"], 0);
    assert!(why_not(&shop, key).contains("retracted"));
    let why = shop.run(&["audit", "why-not", key]).expect(0);
    assert!(why.stdout.contains("wrong key"), "{}", why.stdout);

    let document = text(&other["document"]);
    shop.run(&[
        "retract",
        "document",
        document,
        "--reason",
        "the authors asked",
    ])
    .expect(0);
    let report = shop.build("corpus");
    assert_balanced(&report);
    expected.retain(|_, i| i["document"] != document);
    assert_eq!(shop.released(&report), expected);
    assert!(why_not(&shop, last).contains("retracted"));
    assert!(why_not(&shop, document).contains("retracted"));

    shop.run(&[
        "retract",
        "source",
        "second",
        "--reason",
        "licence withdrawn",
    ])
    .expect(0);
    let report = shop.build("corpus");
    assert_balanced(&report);
    expected.retain(|_, i| i["source"] != "second");
    assert_eq!(shop.released(&report), expected);
    let gone = from(&instances, "second");
    assert!(why_not(&shop, gone.first_key_value().expect("one").0).contains("retracted"));

    // A withdrawal is an input: a clean build with the same withdrawals comes to the same.
    let clean = self::shop();
    clean
        .run(&["retract", "instance", key, "--reason", "wrong key"])
        .expect(0);
    clean
        .run(&[
            "retract",
            "document",
            document,
            "--reason",
            "the authors asked",
        ])
        .expect(0);
    clean
        .run(&[
            "retract",
            "source",
            "second",
            "--reason",
            "licence withdrawn",
        ])
        .expect(0);
    assert_eq!(clean.root("corpus"), root_of(&report));
}

#[test]
fn a_duplicate_takes_the_place_of_its_withdrawn_winner() {
    let shop = Workshop::empty();
    shop.bank("first", 0, 1);
    shop.bank("twin", 0, 1);
    shop.pipeline("corpus", &["first", "twin"], RELEASE);
    let before = shop.released(&shop.build("corpus"));
    let sources: BTreeSet<&str> = before.values().map(|i| text(&i["source"])).collect();
    assert_eq!(sources.len(), 1, "one of two equal questions");
    let winner = *sources.first().expect("one");
    let loser = if winner == "first" { "twin" } else { "first" };
    let absent = text(&before.values().next().expect("one")["pack"]).replace(winner, loser);
    assert!(why_not(&shop, &absent).contains("duplicate"));
    let why = shop.run(&["audit", "why-not", &absent]).expect(0);
    assert!(
        why.stdout.contains(&format!("same as `{winner}/")),
        "{}",
        why.stdout
    );

    shop.run(&["retract", "source", winner, "--reason", "licence withdrawn"])
        .expect(0);
    let after = shop.released(&shop.build("corpus"));
    assert_eq!(after.len(), before.len());
    assert!(after.values().all(|i| i["source"] == loser));
}

#[test]
fn the_guarded_test_part_stays_when_the_rest_is_dealt_anew() {
    let shop = shop();
    let part = |instances: &Instances, split: &str| -> BTreeSet<String> {
        instances
            .iter()
            .filter(|(_, i)| i["split"] == split)
            .map(|(k, _)| k.clone())
            .collect()
    };
    let before = shop.released(&shop.build("corpus"));
    let guarded = part(&before, "test");
    assert!(!guarded.is_empty());
    for seed in 1..4 {
        shop.pipeline("corpus", &["first", "second"], &settings(seed));
        let dealt = shop.released(&shop.build("corpus"));
        assert!(part(&dealt, "test").is_superset(&guarded), "seed {seed}");
        assert_eq!(dealt.len(), before.len());
        for (key, instance) in &dealt {
            let alike = dealt
                .iter()
                .filter(|(_, i)| i["group"] == instance["group"]);
            assert!(
                alike
                    .into_iter()
                    .all(|(_, i)| i["split"] == instance["split"]),
                "{key}"
            );
        }
    }
}

#[test]
fn settings_rework_what_they_can_change_and_titles_nothing() {
    let shop = shop();
    let before = shop.build("corpus");
    shop.edit(
        "pipelines/corpus.toml",
        "title = \"corpus\"",
        "title = \"A corpus\"",
    );
    shop.edit(
        "sources/first/source.toml",
        "citation = \"a citation\"",
        "citation = \"another\"",
    );
    let titled = shop.build("corpus");
    assert_eq!(titled["actions"]["run"], 0);
    assert_eq!(titled["release_root"], before["release_root"]);

    let kinds = settings(0) + "[tasks]\nkinds = [\"open-qa\"]\n";
    shop.pipeline("corpus", &["first", "second"], &kinds);
    let dry = shop.run(&["build", "corpus", "--dry-run"]).expect(0);
    assert!(
        dry.stdout.contains("dry run: nothing was done"),
        "{}",
        dry.stdout
    );
    assert!(
        dry.stdout.contains("draft: ") && !dry.stdout.contains("ingest: "),
        "{}",
        dry.stdout
    );
    let fewer = shop.build("corpus");
    assert!(number(&fewer["actions"]["run"]) > 0);
    let instances = shop.released(&fewer);
    assert!(!instances.is_empty() && instances.values().all(|i| i["kind"] == "open-qa"));
    let why = shop
        .run(&["audit", "why", instances.keys().next().expect("one")])
        .expect(0);
    assert!(
        why.stdout
            .contains("last worked because these changed: settings"),
        "{}",
        why.stdout
    );
}

#[test]
fn parts_of_a_build_are_pending_and_the_rest_comes_to_the_same() {
    let whole = shop().root("corpus");
    let shop = shop();
    let packs = shop
        .run(&["build", "corpus", "--only", "pair", "--format", "json"])
        .expect(7)
        .json();
    assert_eq!(packs["complete"], false);
    assert_eq!(packs["release"], Value::Null);
    assert_balanced(&packs);
    let pending: u64 = list(&packs["stages"])
        .iter()
        .map(|s| number(&s["pending"]))
        .sum();
    assert!(pending > 0);
    let one = shop
        .run(&["build", "corpus", "--only", "first", "--format", "json"])
        .expect(7)
        .json();
    assert!(number(&one["instances"]) > 0);
    assert_balanced(&one);
    let typo = shop.run(&["build", "corpus", "--only", "pare"]).expect(2);
    assert!(
        typo.stderr.contains("did you mean `pair`?"),
        "{}",
        typo.stderr
    );
    let sample = shop
        .run(&["build", "corpus", "--sample", "2", "--format", "json"])
        .expect(7)
        .json();
    assert_eq!(sample["release"], Value::Null);
    assert_eq!(shop.root("corpus"), whole);
}
