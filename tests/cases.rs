//! Hospital cases through the program: what leaves has no identifier, what was withdrawn is
//! gone, and without the key nothing works.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests make folders and read files, and fail by panicking"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use common::{Workshop, files_below, list, number, repository, stage, text};
use serde_json::Value;
use spinemed_core::Digest;
use spinemed_core::case::Case;
use spinemed_core::date::Date;
use spinemed_core::seam::Record;
use spinemed_deidentify::Key;
use spinemed_run::custody::CaseVeil;
use spinemed_store::Ledger;
use spinemed_testkit::chat_server::start;
use spinemed_testkit::search::{leaks, leaks_in};

const RELEASE: &str = "\n[release]\nname = \"cases\"\nversion = \"0.1.0\"\n";
const PUBLIC: &str = "key = { public_file = \"sources/demo-cases/public.key\" }";

/// A pipeline over the made cases.
fn pipeline(shop: &Workshop, key: &str) {
    let rest = format!("\n[deidentify]\n{key}\nsmall_cells = \"report\"\n{RELEASE}");
    shop.pipeline("cases", &["demo-cases"], &rest);
}

/// A workspace with the made cases alone.
fn shop() -> Workshop {
    let shop = Workshop::empty();
    shop.take_source("demo-cases");
    pipeline(&shop, PUBLIC);
    shop
}

fn key() -> Value {
    let path = repository().join("sources/demo-cases/planted.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn planted(key: &Value) -> Vec<String> {
    let words: BTreeSet<String> = list(&key["planted"])
        .iter()
        .flat_map(|planted| list(&planted["strings"]))
        .map(|word| text(word).to_owned())
        .collect();
    assert!(words.len() > 100, "the answer key is not empty");
    words.into_iter().collect()
}

#[test]
fn no_planted_identifier_leaves() {
    let shop = shop();
    let key = key();
    let mut shop = shop;
    shop.set("SPINEMED_LOG", "trace");
    let built = shop.run(&["build", "cases", "--format", "json"]);
    let words = planted(&key);
    let report = built.json();
    let example = text(&report["example"]).to_owned();
    let mut said = built.stdout + &built.stderr;
    for arguments in [
        &["build", "cases"][..],
        &["audit", "trace", &example],
        &["audit", "trace", &example, "--format", "json"],
        &["audit", "verify"],
        &["status", "cases"],
        &["source", "check", "demo-cases"],
    ] {
        let run = shop.run(arguments);
        said += &run.stdout;
        said += &run.stderr;
    }
    assert_eq!(leaks_in(&said, &words), BTreeSet::new());
    let skip = |path: &std::path::Path| path.ends_with("sources/demo-cases");
    assert_eq!(leaks(shop.folder(), &words, &skip), BTreeSet::new());
    // The search finds what is there: the sources themselves are full of it.
    let there = leaks(&shop.path("sources/demo-cases"), &words, &|_| false);
    assert!(there.len() > words.len() / 2);
}

#[test]
fn the_account_says_what_was_withheld_and_why() {
    let shop = shop();
    let report = shop.build("cases");
    let key = key();
    let cases = number(&key["cases"]);
    assert_eq!(number(&stage(&report, "ingest")["passed"]), cases);
    assert_eq!(number(&stage(&report, "deidentify")["in"]), cases);
    assert_eq!(number(&stage(&report, "deidentify")["passed"]), cases);
    let objects = list(&key["objects"]);
    let stopped = objects
        .iter()
        .filter(|object| ["rejected", "refused"].contains(&text(&object["expect"])))
        .count() as u64;
    let deid = &report["deidentification"];
    assert_eq!(number(&deid["objects"]["in"]), objects.len() as u64);
    assert_eq!(
        number(&deid["objects"]["in"]),
        number(&deid["objects"]["out"]) + number(&deid["objects"]["rejected"])
    );
    assert!(number(&deid["objects"]["rejected"]) >= stopped);
    let pictures = &deid["pictures"];
    assert!(number(&pictures["out"]) > 0 && number(&pictures["rejected"]) > 0);
    let reasons = deid["withheld"].as_object().unwrap();
    let told: u64 = reasons.values().map(number).sum();
    assert_eq!(
        told,
        number(&deid["objects"]["rejected"]) + number(&pictures["rejected"])
    );
    assert!(!list(&deid["small_cells"]).is_empty());
}

#[test]
fn cases_give_every_kind_in_both_languages() {
    let shop = shop();
    let report = shop.build("cases");
    let instances = shop.released(&report);
    for kind in ["mcq", "open-qa", "consultation", "report"] {
        for language in ["en", "zh"] {
            let some = instances
                .values()
                .any(|i| i["kind"] == kind && i["language"] == language);
            assert!(some, "{kind} {language}");
        }
    }
}

#[test]
fn a_withdrawn_consent_takes_everything_out() {
    let shop = shop();
    let before = shop.build("cases");
    let example = text(&before["example"]).to_owned();
    let folder = case_folder(&shop, document(&example));
    let file = folder.join("case.json");
    let given = fs::read_to_string(&file).unwrap();
    let withdrawn = given.replacen("\"given\"", "\"withdrawn\"", 1);
    assert_ne!(given, withdrawn);
    fs::write(&file, withdrawn).unwrap();

    let after = shop.build("cases");
    let instances = shop.released(&after);
    assert!(!instances.is_empty());
    assert!(
        instances
            .keys()
            .all(|key| !key.starts_with(document(&example)))
    );
    let why = shop.run(&["audit", "why-not", &example, "--format", "json"]);
    let why = why.expect(0).json();
    let codes: Vec<&str> = list(&why["reasons"])
        .iter()
        .map(|r| text(&r["code"]))
        .collect();
    assert!(codes.contains(&"consent"), "{why}");

    let before: BTreeSet<String> = blobs(&shop);
    let gone = shop.run(&["gc", "--format", "json"]).expect(0).json();
    assert!(number(&gone["actions"]) > 0 && number(&gone["values"]) > 0);
    let left = blobs(&shop);
    assert_eq!(
        left.len() as u64 + number(&gone["pictures"]),
        before.len() as u64
    );
    // What is left is what a workspace has that never saw the case.
    let fresh = Workshop::copy_of(&shop);
    fs::remove_dir_all(fresh.path(".spinemed")).unwrap();
    fs::remove_dir_all(fresh.path("releases")).unwrap();
    let report = fresh.build("cases");
    assert_eq!(report["release_root"], after["release_root"]);
    assert_eq!(blobs(&fresh), left);
    assert_eq!(shop.build("cases")["release_root"], after["release_root"]);
}

#[test]
fn consents_end_on_their_day() {
    let shop = shop();
    let report = shop.run(&[
        "build",
        "cases",
        "--as-of",
        "2199-01-01",
        "--format",
        "json",
    ]);
    let report = report.json();
    assert_eq!(number(&stage(&report, "deidentify")["passed"]), 0);
    let ended = list(&report["drops"])
        .iter()
        .any(|drop| drop["code"] == "consent" && drop["stage"] == "deidentify");
    assert!(ended, "{report}");
    let today = shop.build("cases");
    assert!(number(&today["instances"]) > 0);
}

#[test]
fn rare_patients_are_left_out_where_the_pipeline_says_so() {
    let shop = Workshop::empty();
    shop.take_source("demo-cases");
    let build = |setting: &str, least: u64| {
        let rest = format!(
            "\n[deidentify]\n{PUBLIC}\nsmall_cells = \"{setting}\"\nleast_patients = {least}\n"
        );
        shop.pipeline("cases", &["demo-cases"], &rest);
        shop.build("cases")
    };
    let rare = |report: &Value| {
        let drops = list(&report["drops"]).iter();
        let counts = drops.filter(|drop| drop["code"] == "small-cell");
        counts.map(|drop| number(&drop["count"])).sum::<u64>()
    };
    let cases = number(&key()["cases"]);
    // Four made patients share nothing: even their coded rest is rare.
    for setting in ["suppress", "generalise"] {
        let report = build(setting, 2);
        assert_eq!((rare(&report), number(&report["instances"])), (cases, 0));
    }
    let report = build("suppress", 1);
    assert_eq!(rare(&report), 0);
    assert!(number(&report["instances"]) > 0);
    assert!(list(&report["deidentification"]["small_cells"]).is_empty());
}

#[test]
fn a_fhir_bundle_is_a_case() {
    let shop = Workshop::empty();
    let bundle = repository().join("crates/cases/tests/data/bundle.fhir.json");
    let bundle = fs::read(bundle).unwrap();
    shop.source(
        "hospital",
        "case",
        "subjects = \"patients\"\nprivacy_basis = \"synthetic\"\negress = \"local-only\"\n\
         include = [\"**/*\"]\nexclude = [\"source.toml\"]\n",
    );
    shop.write("sources/hospital/2024/Some One/export.fhir.json", &bundle);
    shop.write("sources/hospital/stray.txt", "a file of no case");
    let public = fs::read(repository().join("sources/demo-cases/public.key")).unwrap();
    shop.write("public.key", public);
    let rest = "\n[deidentify]\nkey = { public_file = \"public.key\" }\nsmall_cells = \"report\"\n";
    shop.pipeline("cases", &["hospital"], rest);
    let run = shop.run(&["build", "cases", "--format", "json"]).expect(7);
    let report = run.json();
    assert_eq!(
        number(&stage(&report, "deidentify")["passed"]),
        1,
        "{report}"
    );
    assert!(number(&report["instances"]) > 0, "{report}");
    // The bundle's refuted condition is told, and so is the file of no case.
    let told = |words: &str| {
        let mut problems = list(&report["problems"]).iter();
        problems.any(|problem| text(&problem["reason"]).contains(words))
    };
    assert!(told("refuted") && told("belongs to no case"), "{report}");
    let said = run.stdout + &run.stderr;
    assert!(
        !said.contains("stray") && !said.contains("Some One"),
        "{said}"
    );
}

#[test]
fn without_the_key_nothing_is_read() {
    let mut shop = Workshop::empty();
    shop.take_source("demo-cases");
    shop.pipeline("cases", &["demo-cases"], "");
    let run = shop.run(&["build", "cases"]).expect(4);
    assert!(run.stderr.contains("spinemed key create"), "{}", run.stderr);

    let keys = shop.path("elsewhere");
    shop.set("SPINEMED_KEYS", &keys.display().to_string());
    pipeline(&shop, "key = { name = \"h\" }");
    shop.run(&["build", "cases"]).expect(4);
    // A key inside the workspace would be copied with the data.
    shop.run(&["key", "create", "h"]).expect(0);
    let run = shop.run(&["build", "cases"]).expect(4);
    assert!(run.stderr.contains("in the workspace"), "{}", run.stderr);
}

#[test]
fn other_keys_make_other_worlds() {
    let keys = tempfile::tempdir().unwrap();
    let build = |name: &str| {
        let mut shop = Workshop::empty();
        shop.take_source("demo-cases");
        shop.set("SPINEMED_KEYS", &keys.path().display().to_string());
        pipeline(&shop, &format!("key = {{ name = \"{name}\" }}"));
        shop.run(&["key", "create", name]).expect(0);
        let report = shop.build("cases");
        let instances = shop.released(&report);
        (shop, instances)
    };
    let (one, two) = (build("one"), build("two"));
    let names = |of: &BTreeMap<String, Value>| {
        let mut names = BTreeSet::new();
        for (key, instance) in of {
            names.insert(key.clone());
            names.insert(text(&instance["group"]).to_owned());
            for evidence in list(&instance["evidence"]) {
                names.insert(text(&evidence["place"]["file"]["sha256"]).to_owned());
                names.insert(text(&evidence["place"]["file"]["path"]).to_owned());
            }
            for image in list(&instance["pictures"]) {
                for part in ["study", "series", "instance"] {
                    names.extend(image["place"][part].as_str().map(str::to_owned));
                }
            }
        }
        names
    };
    let shared: BTreeSet<String> = names(&one.1)
        .intersection(&names(&two.1))
        .cloned()
        .collect();
    assert_eq!(shared, BTreeSet::new());
}

#[test]
fn a_local_endpoint_alone_sees_cases() {
    let server = start("ok");
    let shop = shop();
    let models = |local: &str| {
        format!(
            "{PUBLIC}\nsmall_cells = \"report\"\n[generate]\ngenerator = \"model\"\ndraft = \"desk\"\n\
             [tasks]\nlanguages = [\"en\"]\nvariants = 1\n\
             [[models]]\nname = \"desk\"\nbase_url = \"{}\"\nmodel = \"tiny\"\n{local}\n",
            server.url()
        )
    };
    let write = |local: &str| {
        let rest = format!("\n[deidentify]\n{}", models(local));
        shop.pipeline("cases", &["demo-cases"], &rest);
    };
    write("");
    let refused = shop.run(&["build", "cases"]).expect(4);
    assert!(refused.stderr.contains("local-only"), "{}", refused.stderr);
    assert_eq!(server.stats().requests, 0);

    write("local = true");
    let report = shop.run(&["build", "cases", "--format", "json"]).json();
    let made = number(&report["model_calls"]["made"]);
    assert!(made > 0, "{report}");
    assert_eq!(made, server.stats().requests, "nobody else was asked");
    // The server answers in the prompts' own words, so its answers show what it saw.
    let skip = |path: &std::path::Path| path.ends_with("sources/demo-cases");
    assert_eq!(
        leaks(shop.folder(), &planted(&key()), &skip),
        BTreeSet::new()
    );
}

#[test]
fn dates_move_and_intervals_stay() {
    let shop = shop();
    shop.build("cases");
    let key = key();
    let mut checked = 0;
    for interval in list(&key["intervals"]) {
        let case = clean(&shop, text(&interval["case"]));
        let dates = dates(&case);
        let (from, to) = (text(&interval["from"]), text(&interval["to"]));
        let (Some(from), Some(to)) = (dates.get(from), dates.get(to)) else {
            continue;
        };
        assert_eq!(from.days_until(*to), interval["days"].as_i64().unwrap());
        checked += 1;
    }
    assert!(checked >= 10, "{checked} intervals found");
}

#[test]
fn what_a_clinician_needs_survives() {
    let shop = shop();
    shop.build("cases");
    let key = key();
    let mut lost = Vec::new();
    for kept in list(&key["survives"]) {
        let case = clean(&shop, text(&kept["case"]));
        let path = text(&kept["path"]);
        let found = case
            .texts
            .iter()
            .find(|t| t.place.path.as_deref() == Some(path))
            .map_or("", |t| t.text.as_str());
        for words in list(&kept["strings"]) {
            if !found.contains(text(words)) {
                lost.push(format!("{path}: {}", text(words)));
            }
        }
    }
    assert_eq!(lost, Vec::<String>::new());
}

/// The clean record of a case, by its folder's true name.
fn clean(shop: &Workshop, folder: &str) -> Case {
    let ledger = Ledger::open(
        &shop.path(".spinemed/ledger.db"),
        "a tester",
        Digest::of(b"test"),
    )
    .unwrap();
    let history = ledger.history("deidentify", &name(folder)).unwrap();
    let digest = history[0].outcome.outputs[0].digest;
    let bytes = ledger.value(&digest).unwrap().unwrap();
    match serde_json::from_slice(&bytes).unwrap() {
        Record::Case(case) => *case,
        other => panic!("no case: {other:?}"),
    }
}

/// The days of a clean case by JSON pointer into its file.
fn dates(case: &Case) -> BTreeMap<String, Date> {
    let mut dates = BTreeMap::new();
    for said in &case.texts {
        let path = said.place.path.clone().unwrap_or_default();
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        dates.extend(said.date.map(|date| (format!("{parent}/date"), date)));
    }
    for (at, given) in case.treatments.iter().enumerate() {
        dates.extend(
            given
                .what
                .date
                .map(|date| (format!("/treatments/{at}/date"), date)),
        );
    }
    dates
}

/// What stands for a case's folder.
fn name(folder: &str) -> String {
    let text = fs::read_to_string(repository().join("sources/demo-cases/public.key")).unwrap();
    let key = Key::parse(&text).unwrap();
    let veil = CaseVeil::new(&key, "demo-cases");
    format!("demo-cases/{}", veil.folder(&format!("cases/{folder}")))
}

fn case_folder(shop: &Workshop, document: &str) -> PathBuf {
    fs::read_dir(shop.path("sources/demo-cases/cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| name(path.file_name().unwrap().to_str().unwrap()) == document)
        .unwrap()
}

/// The case that an instance is of: the first two parts of its key.
fn document(key: &str) -> &str {
    let end = key.match_indices('/').nth(1).unwrap().0;
    &key[..end]
}

/// The kept pictures by name.
fn blobs(shop: &Workshop) -> BTreeSet<String> {
    files_below(&shop.path(".spinemed/blobs"))
        .iter()
        .map(|path| path.display().to_string())
        .map(|path| path.rsplit("/blobs/").next().unwrap().to_owned())
        .collect()
}
