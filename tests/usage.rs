//! What a user meets: help, the first steps, messages, and the fields that programs rely on.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make folders and read files"
)]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use common::{RELEASE, Run, Workshop, demo_questions, list, number, sha256, text};
use serde_json::Value;

/// Every command, and whether its help shows an example.
const COMMANDS: [(&[&str], bool); 30] = [
    (&[], true),
    (&["init"], true),
    (&["source"], false),
    (&["source", "add"], true),
    (&["source", "check"], false),
    (&["source", "list"], false),
    (&["source", "names"], false),
    (&["build"], true),
    (&["status"], false),
    (&["inspect"], true),
    (&["prompt"], false),
    (&["prompt", "show"], false),
    (&["prompt", "render"], false),
    (&["prompt", "lint"], false),
    (&["worker"], true),
    (&["audit"], false),
    (&["audit", "trace"], true),
    (&["audit", "why"], false),
    (&["audit", "why-not"], false),
    (&["audit", "verify"], false),
    (&["release"], false),
    (&["release", "create"], false),
    (&["release", "verify"], false),
    (&["retract"], true),
    (&["key"], false),
    (&["key", "create"], true),
    (&["key", "list"], false),
    (&["deid"], true),
    (&["gc"], true),
    (&["schema"], false),
];

#[test]
fn every_command_explains_itself() {
    let shop = Workshop::empty();
    for (command, example) in COMMANDS {
        let run = shop.run(&[command, &["--help"]].concat()).expect(0);
        assert!(run.stdout.contains("Usage: spinemed"), "{command:?}");
        assert!(
            !example || run.stdout.contains("Example"),
            "{command:?}:\n{}",
            run.stdout
        );
        assert_eq!(run.stderr, "", "{command:?}");
        // Each argument and flag says what it is.
        for line in run
            .stdout
            .lines()
            .filter(|l| l.trim_start().starts_with("--"))
        {
            assert!(line.trim().len() > 2, "{command:?}: {line}");
        }
    }
    let version = shop.run(&["--version"]).expect(0);
    assert_eq!(
        version.stdout,
        format!("spinemed {}\n", env!("CARGO_PKG_VERSION"))
    );
    shop.run(&[]).expect(2);
    let listed = shop.run(&["--help"]).expect(0);
    for (command, _) in COMMANDS.iter().filter(|(c, _)| c.len() == 1) {
        assert!(
            listed.stdout.contains(&format!("\n  {} ", command[0])),
            "{command:?}"
        );
    }
}

#[test]
fn the_first_steps() {
    let shop = Workshop::empty();
    let mut told = String::new();
    let mut step = |arguments: &[&str], code: i32| -> Run {
        let run = shop.run(arguments).expect(code);
        let _ = writeln!(
            told,
            "$ spinemed {}\n{}",
            arguments.join(" "),
            run.show(&shop)
        );
        run
    };
    step(&["init"], 0);
    step(&["status"], 0);
    step(&["build", "--dry-run"], 0);
    step(&["build"], 0);
    step(&["build"], 0);
    step(&["status"], 0);
    step(&["init"], 0);
    step(&["source", "list"], 0);
    step(&["source", "check"], 0);
    step(&["release", "create"], 0);
    step(&["prompt", "lint"], 0);
    insta::assert_snapshot!("first_steps", told);
}

#[test]
fn a_workspace_is_found_upwards_and_named() {
    let shop = Workshop::empty();
    shop.run(&["init", "."]).expect(0);
    let inside = shop.path("sources/example-bank");
    let output = shop
        .command(&["build", "--format", "json"])
        .current_dir(&inside)
        .output()
        .expect("run");
    assert!(output.status.success());
    let elsewhere = tempfile::tempdir().expect("a folder");
    let place = shop.folder().display().to_string();
    let run = |arguments: &[&str]| {
        let output = shop
            .command(arguments)
            .current_dir(elsewhere.path())
            .output()
            .expect("run");
        (
            output.status.code(),
            String::from_utf8(output.stderr).expect("UTF-8"),
        )
    };
    assert_eq!(run(&["build", "first", "--workspace", &place]).0, Some(0));
    let (code, stderr) = run(&["build"]);
    assert_eq!(code, Some(2));
    assert!(
        stderr.contains("hint: make one with `spinemed init`"),
        "{stderr}"
    );
    // A new folder is made.
    assert_eq!(run(&["init", "new/corpus"]).0, Some(0));
    let new = elsewhere.path().join("new/corpus").display().to_string();
    assert_eq!(run(&["build", "--workspace", &new]).0, Some(0));
}

#[test]
fn sources_are_added_checked_and_listed() {
    let shop = Workshop::empty();
    let files = tempfile::tempdir().expect("a folder");
    let file = files.path().join("questions.jsonl");
    std::fs::write(&file, demo_questions(0, 3)).expect("written");
    let file = file.display().to_string();
    let terms = [
        "--licence",
        "CC-BY-4.0",
        "--title",
        "A \"bank\"",
        "--citation",
        "A. Author, 2026",
    ];
    shop.run(&[&["source", "add", "my-bank", &file][..], &terms].concat())
        .expect(0);
    let manifest = shop.text("sources/my-bank/source.toml");
    assert!(
        manifest.contains(&sha256(std::path::Path::new(&file))),
        "{manifest}"
    );
    let listed = shop
        .run(&["source", "list", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(listed["sources"][0]["id"], "my-bank");
    assert_eq!(listed["sources"][0]["title"], "A \"bank\"");
    assert_eq!(listed["sources"][0]["format"], "question-bank");
    let checked = shop
        .run(&["source", "check", "my-bank", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(checked, serde_json::json!({"checked": 1, "problems": []}));
    shop.pipeline("corpus", &["my-bank"], RELEASE);
    assert!(number(&shop.build("corpus")["instances"]) > 0);

    let again = shop
        .run(&[&["source", "add", "my-bank", &file][..], &terms].concat())
        .expect(2);
    assert!(
        again.stderr.contains("declared already"),
        "{}",
        again.stderr
    );
    let name = shop
        .run(&[&["source", "add", "My Bank", &file][..], &terms].concat())
        .expect(2);
    assert!(
        name.stderr.contains("is not a source id"),
        "{}",
        name.stderr
    );
    assert!(!shop.path("sources/My Bank").exists());
    let licence = ["--licence", "free", "--title", "t", "--citation", "c"];
    let licence = shop
        .run(&[&["source", "add", "other", &file][..], &licence].concat())
        .expect(2);
    assert!(
        licence.stderr.contains("is not an SPDX licence expression"),
        "{}",
        licence.stderr
    );
    shop.run(&[&["source", "add", "other", "nowhere.pdf"][..], &terms].concat())
        .expect(2);
    std::fs::write(&file, demo_questions(0, 2)).expect("changed");
    let changed = shop.run(&["source", "check"]).expect(3);
    assert!(
        changed.stdout.contains("but the manifest declares"),
        "{}",
        changed.stdout
    );
}

#[test]
fn status_before_and_after() {
    let shop = Workshop::small();
    let before = shop
        .run(&["status", "small", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(before["last_root"], Value::Null);
    let units: BTreeSet<&str> = list(&before["stale"])
        .iter()
        .map(|u| text(&u["unit"]))
        .collect();
    let expected = [
        "demo-bank/more.csv",
        "demo-bank/questions.jsonl",
        "demo-guideline/guideline.xml",
    ];
    assert_eq!(units, BTreeSet::from(expected));
    assert!(
        list(&before["stale"])
            .iter()
            .all(|u| u["step"] == "ingest" && u["changed"].is_null())
    );
    let root = shop.root("small");
    let after = shop.run(&["status", "--format", "json"]).expect(0).json();
    assert_eq!(after["last_root"], root.as_str());
    assert_eq!(after["stale"], serde_json::json!([]));
    let told = shop.run(&["status"]).expect(0);
    assert!(told.stdout.contains("nothing is stale"), "{}", told.stdout);
}

#[test]
fn prompts_are_shown_checked_and_rendered() {
    let shop = Workshop::empty();
    shop.bank("bank", 0, 2);
    shop.pipeline("corpus", &["bank"], RELEASE);
    let report = shop.build("corpus");
    let listed = shop.run(&["prompt", "show"]).expect(0);
    let names: Vec<&str> = listed
        .stdout
        .lines()
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    assert!(names.len() >= 2, "{names:?}");
    for name in &names {
        assert!(
            !shop
                .run(&["prompt", "show", name])
                .expect(0)
                .stdout
                .trim()
                .is_empty(),
            "{name}"
        );
    }
    let unknown = shop.run(&["prompt", "show", "nothing"]).expect(2);
    assert!(
        unknown.stderr.contains(&format!("there are: {}", names[0])),
        "{}",
        unknown.stderr
    );
    let pack = text(&report["example"])
        .split_once('#')
        .expect("a record key")
        .0;
    let released = shop.released(&report);
    let quote = text(&released[text(&report["example"])]["evidence"][0]["quote"]).to_owned();
    let first = quote.lines().next().expect("words");
    for kind in ["mcq", "open-qa", "consultation", "report"] {
        for language in ["en", "zh"] {
            let run = shop
                .run(&[
                    "prompt",
                    "render",
                    pack,
                    "--kind",
                    kind,
                    "--language",
                    language,
                ])
                .expect(0);
            assert!(
                run.stdout.contains(first),
                "{kind} {language} shows its evidence:\n{}",
                run.stdout
            );
        }
    }
    shop.run(&["prompt", "render", "bank/nothing"]).expect(2);
    shop.run(&["prompt", "render", pack, "--kind", "poem"])
        .expect(2);
    let lint = shop
        .run(&["prompt", "lint", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(lint, serde_json::json!({"ok": true, "faults": []}));
    // A template of the pipeline's own is checked as the built-in ones are.
    shop.pipeline("corpus", &["bank"], "[generate]\nprompts = \"prompts\"\n");
    shop.write(&format!("prompts/{}", names[0]), "{{ torn");
    let lint = shop
        .run(&["prompt", "lint", "--format", "json"])
        .expect(2)
        .json();
    assert_eq!(lint["ok"], false);
    assert!(!list(&lint["faults"]).is_empty());
}

#[test]
fn schemas_describe_what_is_printed() {
    let shop = Workshop::empty();
    let listed = shop.run(&["schema"]).expect(0);
    for name in ["source", "pipeline", "instance", "build-report", "trace"] {
        assert!(listed.stdout.lines().any(|l| l == name), "{name}");
    }
    for name in listed.stdout.lines() {
        let run = shop.run(&["schema", name]).expect(0);
        let schema: Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert!(
            schema["$schema"].is_string() && schema["title"].is_string(),
            "{name}"
        );
    }
    let unknown = shop.run(&["schema", "instances"]).expect(2);
    assert!(
        unknown.stderr.contains("there is no schema `instances`"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn the_doctor_looks_around() {
    let mut shop = Workshop::empty();
    shop.run(&["init"]).expect(0);
    shop.build("first");
    let well = shop.run(&["doctor", "--format", "json"]).expect(0).json();
    assert_eq!(well["ok"], true);
    let whats: BTreeSet<&str> = list(&well["findings"])
        .iter()
        .map(|f| text(&f["what"]))
        .collect();
    assert_eq!(
        whats,
        BTreeSet::from([
            "program",
            "operator",
            "workspace",
            "ledger",
            "pipeline",
            "ocr"
        ])
    );
    shop.set("SPINEMED_OPERATOR", "somebody");
    shop.write("pipelines/broken.toml", "title = 3\n");
    let ill = shop.run(&["doctor"]).expect(2);
    assert!(ill.stdout.contains("somebody"), "{}", ill.stdout);
    assert!(ill.stdout.contains("BAD  pipeline"), "{}", ill.stdout);
    assert!(ill.stdout.contains("chain intact"), "{}", ill.stdout);
    let nowhere = tempfile::tempdir().expect("a folder");
    let output = shop
        .command(&["doctor"])
        .current_dir(nowhere.path())
        .output()
        .expect("run");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn completions_know_every_command() {
    let shop = Workshop::empty();
    for shell in ["bash", "zsh", "fish"] {
        let run = shop.run(&["completions", shell]).expect(0);
        for (command, _) in COMMANDS.iter().filter(|(c, _)| c.len() == 1) {
            assert!(run.stdout.contains(command[0]), "{shell}: {command:?}");
        }
    }
    shop.run(&["completions", "cmd"]).expect(2);
}
