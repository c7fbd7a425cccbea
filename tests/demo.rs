//! The demo from its sources to a release, and back from each instance to the sources' bytes.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make folders and read files"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use common::{
    Workshop, assert_balanced, assert_tidy, damage, files_below, list, number, sha256, stage, text,
};
use serde_json::Value;

const KINDS: [&str; 4] = ["mcq", "open-qa", "consultation", "report"];
const LANGUAGES: [&str; 2] = ["en", "zh"];

#[test]
fn the_demo_from_sources_to_release_and_back() {
    let shop = Workshop::demo();
    let report = first_build(&shop);
    nothing_changed(&shop, &report);
    let instances = shop.released(&report);
    assert_eq!(instances.len() as u64, number(&report["instances"]));
    every_kind_in_both_languages(&report, &instances);
    traces(&shop, &instances);
    tree(&shop, text(&report["example"]));
    release_is_verified(&shop, &report);
    workspace_is_verified(&shop, &instances);
    assert_tidy(&shop);
}

/// The demo has no deliberate rejects at ingest: everything that is declared is read.
fn first_build(shop: &Workshop) -> Value {
    let report = shop
        .run(&["build", "demo", "--format", "json"])
        .expect(0)
        .json();
    for field in [
        "pipeline",
        "release_root",
        "stages",
        "actions",
        "model_calls",
        "cost",
        "problems",
    ] {
        assert!(!report[field].is_null(), "{field}");
    }
    assert_eq!(report["pipeline"], "demo");
    assert_eq!(text(&report["release_root"]).len(), 64);
    assert_eq!(report["problems"], serde_json::json!([]));
    assert_eq!(
        report["model_calls"],
        serde_json::json!({"made": 0, "reused": 0})
    );
    assert_eq!(report["cost"], "0");
    assert_eq!(report["complete"], true);
    assert_balanced(&report);
    let names: Vec<&str> = list(&report["stages"])
        .iter()
        .map(|s| text(&s["name"]))
        .collect();
    let expected = [
        "ingest",
        "deidentify",
        "pair",
        "curate",
        "draft",
        "revise",
        "check",
        "curate-instances",
        "release",
    ];
    assert_eq!(names, expected);
    let ingest = stage(&report, "ingest");
    // A chapter, two guidelines, thirteen studies, sixty questions, four cases.
    assert_eq!(
        (number(&ingest["in"]), number(&ingest["passed"])),
        (80, 80),
        "{ingest}"
    );
    assert_eq!(stage(&report, "release")["emitted"], report["instances"]);
    let drops: u64 = list(&report["drops"])
        .iter()
        .map(|d| number(&d["count"]))
        .sum();
    let rejected: u64 = list(&report["stages"])
        .iter()
        .map(|s| number(&s["rejected"]))
        .sum();
    assert_eq!(drops, rejected, "every reject has a code");
    report
}

fn nothing_changed(shop: &Workshop, first: &Value) {
    let again = shop.build("demo");
    assert_eq!(again["actions"]["run"], 0);
    assert!(number(&again["actions"]["reused"]) > 0);
    for field in [
        "release_root",
        "stages",
        "release",
        "instances",
        "composition",
    ] {
        assert_eq!(again[field], first[field], "{field}");
    }
    // Hashing every file anew finds the same.
    let rehashed = shop
        .run(&["build", "demo", "--rehash", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(rehashed["actions"]["run"], 0);
    // Without the kept state, on one thread, the bytes are the same.
    let clean = Workshop::demo();
    let alone = clean
        .run(&["build", "demo", "--threads", "1", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(alone["release_root"], first["release_root"]);
    let (one, other) = (
        shop.path(text(&first["release"])),
        clean.path(text(&alone["release"])),
    );
    let digests = |folder: &std::path::Path| -> BTreeMap<String, String> {
        files_below(folder)
            .iter()
            .map(|f| {
                (
                    f.strip_prefix(folder).expect("below").display().to_string(),
                    sha256(f),
                )
            })
            .collect()
    };
    assert_eq!(digests(&one), digests(&other));
}

fn every_kind_in_both_languages(report: &Value, instances: &BTreeMap<String, Value>) {
    let mut met = BTreeSet::new();
    let mut counted: BTreeMap<[String; 4], u64> = BTreeMap::new();
    for instance in instances.values() {
        let word = |name: &str| text(&instance[name]).to_owned();
        met.insert((word("kind"), word("language")));
        *counted
            .entry(["kind", "language", "modality", "split"].map(word))
            .or_default() += 1;
    }
    for kind in KINDS {
        for language in LANGUAGES {
            assert!(
                met.contains(&(kind.to_owned(), language.to_owned())),
                "no {kind} in {language}"
            );
        }
    }
    let told: BTreeMap<[String; 4], u64> = list(&report["composition"])
        .iter()
        .map(|row| {
            let word = |name: &str| text(&row[name]).to_owned();
            (
                ["kind", "language", "modality", "split"].map(word),
                number(&row["count"]),
            )
        })
        .collect();
    assert_eq!(told, counted);
}

/// One instance of each kind and language, from its text to the bytes of the source's file.
fn traces(shop: &Workshop, instances: &BTreeMap<String, Value>) {
    for kind in KINDS {
        for language in LANGUAGES {
            let (key, released) = instances
                .iter()
                .find(|(_, i)| i["kind"] == kind && i["language"] == language)
                .expect("one of each");
            let trace = shop.trace(key);
            assert_eq!(trace["instance"]["key"], key.as_str());
            assert_eq!(trace["digest"], released["digest"]);
            assert_eq!(trace["split"], released["split"]);
            assert!(!list(&trace["evidence"]).is_empty(), "{key}");
            list(&trace["evidence"])
                .iter()
                .for_each(|e| evidence(shop, key, e));
            steps(key, &trace);
            assert_eq!(trace["draft"]["item"]["kind"], kind, "{key}");
            assert_eq!(trace["revision"]["item"]["kind"], kind, "{key}");
            assert_ne!(text(&trace["revision"]["derivation"]), "", "{key}");
            assert!(!list(&trace["checks"]).is_empty(), "{key}");
            assert!(
                list(&trace["checks"]).iter().all(|c| c["passed"] == true),
                "{key}"
            );
            assert_eq!(trace["verdicts"], serde_json::json!([]));
            // The content digest is a name as well.
            let by_digest = shop.trace(text(&trace["digest"]));
            assert_eq!(by_digest["instance"]["key"], key.as_str());
        }
    }
}

fn evidence(shop: &Workshop, key: &str, evidence: &Value) {
    let (source, file) = (text(&evidence["source"]), text(&evidence["file"]));
    let bytes = shop.path("sources").join(source).join(file);
    if source == "demo-cases" {
        // Pseudonyms and commitments stand for names and digests of patients' files.
        assert!(!bytes.exists() && file.starts_with("case-"), "{key}");
    } else {
        assert_eq!(evidence["file_sha256"], sha256(&bytes).as_str(), "{key}");
    }
    assert_eq!(evidence["licence"], "CC-BY-4.0", "{key}");
    assert!(text(&evidence["document"]).starts_with(source), "{key}");
    let places = ["page", "path", "row", "series"];
    assert!(
        places.iter().any(|p| !evidence[p].is_null()),
        "{key} has no place: {evidence}"
    );
    if evidence["image"].is_null() {
        assert_ne!(text(&evidence["quote"]), "", "{key}");
    }
    if file.ends_with(".pdf") {
        assert!(number(&evidence["page"]) >= 1, "{key}");
        assert_eq!(list(&evidence["box"]).len(), 4, "{key}");
    }
    if file.ends_with(".dcm") {
        assert!(
            evidence["study"].is_string() && evidence["series"].is_string(),
            "{key}"
        );
    }
}

fn steps(key: &str, trace: &Value) {
    let actions = list(&trace["actions"]);
    let steps: Vec<&str> = actions.iter().map(|a| text(&a["step"])).collect();
    // A case is read and cleaned in one action.
    let first = if key.starts_with("demo-cases/") {
        "deidentify"
    } else {
        "ingest"
    };
    assert_eq!(steps, [first, "pair", "draft", "revise", "check"], "{key}");
    for action in actions {
        assert_eq!(text(&action["key"]).len(), 64, "{key}");
        assert_eq!(text(&action["output"]).len(), 64, "{key}");
    }
    assert!(
        text(&actions[2]["model"]).starts_with("rules/"),
        "{key}: {}",
        actions[2]
    );
}

/// The same for people.
fn tree(shop: &Workshop, key: &str) {
    let run = shop.run(&["audit", "trace", key]).expect(0);
    assert!(run.stdout.starts_with(key), "{}", run.stdout);
    for part in [
        "├─ evidence",
        "sha256 ",
        "├─ actions",
        "ingest",
        "├─ draft",
        "├─ revision",
        "├─ checks",
        "└─ verdicts",
    ] {
        assert!(run.stdout.contains(part), "no `{part}`:\n{}", run.stdout);
    }
}

fn release_is_verified(shop: &Workshop, report: &Value) {
    let (folder, root) = (text(&report["release"]), text(&report["release_root"]));
    let verify = |folder: &str| {
        shop.run(&[
            "release", "verify", folder, "--root", root, "--format", "json",
        ])
    };
    let sound = verify(folder).expect(0).json();
    assert_eq!(sound["ok"], true);
    assert_eq!(sound["damage"], serde_json::json!([]));
    // A release is whole without the workspace.
    let copy = tempfile::tempdir().expect("a folder");
    for file in files_below(&shop.path(folder)) {
        let name = file
            .strip_prefix(shop.path(folder))
            .expect("below")
            .to_owned();
        let to = copy.path().join(name);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(&file, to).expect("copied");
    }
    let place = copy.path().display().to_string();
    verify(&place).expect(0);
    for kind in ["parquet", "jsonl", "json", "png"] {
        let files = files_below(copy.path());
        let file = files
            .iter()
            .find(|f| f.extension().is_some_and(|e| e == kind))
            .expect("one of each");
        let middle = fs::metadata(file).expect("a file").len() / 2;
        damage(file, usize::try_from(middle).expect("small"));
        let found = verify(&place).expect(6).json();
        assert_eq!(found["ok"], false);
        let name = file
            .strip_prefix(copy.path())
            .expect("below")
            .display()
            .to_string();
        let named = |d: &Value| {
            assert!(d["kind"].is_string() && d["detail"].is_string(), "{d}");
            text(&d["where"]).contains(&name)
        };
        assert!(list(&found["damage"]).iter().any(named), "{name}: {found}");
        damage(file, usize::try_from(middle).expect("small"));
        verify(&place).expect(0);
    }
    fs::remove_file(copy.path().join("README.md")).expect("removed on purpose");
    verify(&place).expect(6);
    // Another root than the one that was announced elsewhere.
    let other = "0".repeat(64);
    shop.run(&["release", "verify", folder, "--root", &other])
        .expect(6);
    shop.run(&["release", "verify", folder, "--root", "no digest"])
        .expect(2);
    shop.run(&["release", "verify", "nowhere"]).expect(2);
}

fn workspace_is_verified(shop: &Workshop, instances: &BTreeMap<String, Value>) {
    let sound = shop
        .run(&["audit", "verify", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(sound["ok"], true);
    assert_eq!(number(&sound["instances"]), instances.len() as u64);
    assert!(
        number(&sound["pictures"]) > 0
            && number(&sound["files"]) > 0
            && number(&sound["events"]) > 0
    );
    let picture = instances
        .values()
        .find_map(|i| i["pictures"].as_array()?.first().cloned());
    let picture = picture.expect("an instance with a picture");
    let digest = text(&picture["media"]["sha256"]).to_owned();
    let blob = shop
        .path(".spinemed/blobs")
        .join(&digest[..2])
        .join(&digest[2..]);
    damage(&blob, 20);
    let found = shop
        .run(&["audit", "verify", "--format", "json"])
        .expect(6)
        .json();
    assert!(
        list(&found["damage"])
            .iter()
            .any(|d| d["kind"] == "picture" && d["where"] == digest.as_str()),
        "{found}"
    );
    damage(&blob, 20);
    let page = "sources/demo-guideline/guideline.xml";
    let before = shop.text(page);
    shop.write(page, before.clone() + " ");
    let found = shop
        .run(&["audit", "verify", "--format", "json"])
        .expect(6)
        .json();
    assert!(
        list(&found["damage"])
            .iter()
            .all(|d| d["kind"] == "source-file"),
        "{found}"
    );
    shop.write(page, before);
    shop.run(&["audit", "verify"]).expect(0);
}
