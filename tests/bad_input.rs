//! Bad input is named by file, place and reason, and everything else goes on.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make folders and read files"
)]

mod common;

use std::fs;

use common::{
    RELEASE, Run, Workshop, assert_balanced, demo_questions, fixture, list, number, repository,
    stage, text,
};
use serde_json::Value;

/// Demands one problem: its source, file, the start of its place and words of its reason.
#[track_caller]
fn assert_problem(report: &Value, source: &str, file: &str, place: &str, reason: &str) {
    let met = list(&report["problems"]).iter().any(|p| {
        p["source"] == source
            && p["file"] == file
            && text(&p["place"]).starts_with(place)
            && text(&p["reason"]).contains(reason)
    });
    assert!(
        met,
        "{source}/{file}, {place}: {reason}\nin {:#}",
        report["problems"]
    );
}

/// A bank that is always usable, beside whatever else a pipeline reads.
fn with_good_bank() -> Workshop {
    let shop = Workshop::empty();
    shop.bank("good", 0, 4);
    shop
}

fn build(shop: &Workshop, sources: &[&str]) -> Run {
    shop.pipeline("corpus", sources, RELEASE);
    shop.run(&["build", "corpus", "--format", "json"])
}

#[test]
fn damaged_files_are_named_and_the_rest_goes_on() {
    let shop = with_good_bank();
    shop.source("papers", "pdf", "include = [\"*.pdf\"]\n");
    let whole = fixture("readable.pdf");
    shop.write("sources/papers/readable.pdf", &whole);
    let chapter = fs::read(repository().join("sources/demo-textbook/chapter.pdf"));
    let chapter = chapter.expect("the demo's chapter");
    shop.write(
        "sources/papers/truncated.pdf",
        &chapter[..chapter.len() / 3],
    );
    shop.write("sources/papers/encrypted.pdf", fixture("encrypted.pdf"));
    shop.write("sources/papers/picture.pdf", b"\x89PNG\r\n\x1a\n");
    shop.write("sources/papers/nothing.pdf", b"");

    shop.take_source("demo-guideline");
    shop.unpin("demo-guideline");
    shop.write("sources/demo-guideline/empty.xml", "");
    shop.write("sources/demo-guideline/bomb.xml", bomb());
    shop.write("sources/demo-guideline/torn.xml", "<article><front>");
    shop.write("sources/demo-guideline/page.xml", "<html><body/></html>");

    shop.source(
        "questions",
        "question-bank",
        "include = [\"*.csv\", \"*.jsonl\"]\n",
    );
    shop.write(
        "sources/questions/missing.csv",
        "id,language,stem,option_a,option_b\nq1,en,Which root?,L4,L5\n",
    );
    let mut lines = demo_questions(4, 6);
    lines += "{\"id\": \"torn\", \"stem\": \n";
    shop.write("sources/questions/lines.jsonl", lines);

    let run = build(&shop, &["good", "papers", "demo-guideline", "questions"]).expect(7);
    let report = run.json();
    assert_problem(&report, "papers", "truncated.pdf", "file", "cut off");
    assert_problem(&report, "papers", "encrypted.pdf", "file", "encrypted");
    assert_problem(&report, "papers", "picture.pdf", "file", "not a PDF");
    assert_problem(
        &report,
        "papers",
        "nothing.pdf",
        "file",
        "the file is empty",
    );
    assert_problem(
        &report,
        "demo-guideline",
        "empty.xml",
        "file",
        "the file is empty",
    );
    assert_problem(&report, "demo-guideline", "bomb.xml", "", "entit");
    assert_problem(&report, "demo-guideline", "torn.xml", "line 1", "");
    assert_problem(
        &report,
        "demo-guideline",
        "page.xml",
        "line 1",
        "not `article`",
    );
    assert_problem(&report, "questions", "missing.csv", "", "answer");
    assert_problem(&report, "questions", "lines.jsonl", "line 3", "");
    assert_balanced(&report);
    assert_eq!(
        report["complete"], true,
        "bad input is settled, not pending"
    );
    for source in ["good", "demo-guideline", "questions"] {
        assert!(
            shop.released(&report)
                .values()
                .any(|i| i["source"] == source),
            "{source}"
        );
    }
    // For people: the problems on standard error, the account on standard output.
    let told = shop.run(&["build", "corpus"]).expect(7);
    assert!(
        told.stderr
            .contains("problem: papers/encrypted.pdf, file: encrypted"),
        "{}",
        told.stderr
    );
    let why = shop
        .run(&[
            "audit",
            "why-not",
            "papers/encrypted.pdf",
            "--format",
            "json",
        ])
        .expect(0)
        .json();
    assert_eq!(why["present"], false);
    // Mending a file mends the corpus.
    shop.write("sources/papers/truncated.pdf", &whole);
    fs::remove_file(shop.path("sources/papers/encrypted.pdf")).expect("removed");
    let mended = shop
        .run(&["build", "corpus", "--format", "json"])
        .expect(7)
        .json();
    assert_eq!(
        list(&mended["problems"]).len() + 2,
        list(&report["problems"]).len()
    );
}

/// Entities that expand to a thousand million letters.
fn bomb() -> String {
    let mut text =
        "<?xml version=\"1.0\"?>\n<!DOCTYPE article [\n<!ENTITY e0 \"haha\">\n".to_owned();
    for n in 1..10 {
        let before = format!("&e{};", n - 1).repeat(10);
        text += &format!("<!ENTITY e{n} \"{before}\">\n");
    }
    text + "]>\n<article><body><p>&e9;</p></body></article>\n"
}

#[test]
fn a_label_outside_its_vocabulary_costs_that_label_alone() {
    let shop = Workshop::empty();
    shop.take_source("demo-rsna");
    shop.unpin("demo-rsna");
    for study in 9_000_103..=9_000_113 {
        fs::remove_dir_all(shop.path(&format!("sources/demo-rsna/train_images/{study}")))
            .expect("removed");
    }
    let table = shop.text("sources/demo-rsna/train.csv");
    let rows: Vec<&str> = table.lines().take(3).collect();
    let row = rows[1].replacen("Severe", "Sevre", 1);
    shop.write(
        "sources/demo-rsna/train.csv",
        format!("{}\n{row}\n{}\n", rows[0], rows[2]),
    );
    let others = |line: &&str| {
        !(line.starts_with("90001") && !line.starts_with("9000101") && !line.starts_with("9000102"))
    };
    for name in [
        "train_label_coordinates.csv",
        "train_series_descriptions.csv",
    ] {
        let name = format!("sources/demo-rsna/{name}");
        let kept: String = shop
            .text(&name)
            .lines()
            .filter(others)
            .map(|l| format!("{l}\n"))
            .collect();
        shop.write(&name, kept);
    }
    // The study survives without that label, so that no record was rejected.
    let report = build(&shop, &["demo-rsna"]).expect(0).json();
    assert_problem(&report, "demo-rsna", "train.csv", "row", "Sevre");
    assert_eq!(number(&stage(&report, "ingest")["passed"]), 2);
    assert_balanced(&report);
    assert!(number(&report["instances"]) > 0);
}

#[test]
fn files_that_are_not_what_their_digest_says_are_not_used() {
    let shop = with_good_bank();
    shop.bank("bank", 4, 8);
    shop.write("sources/bank/more.jsonl", demo_questions(8, 10));
    let wrong = "0".repeat(64);
    let manifest = shop.text("sources/bank/source.toml");
    shop.write(
        "sources/bank/source.toml",
        manifest.clone()
            + &format!(
                "[files]\n\"questions.jsonl\" = \"{wrong}\"\n\"gone.jsonl\" = \"{wrong}\"\n"
            ),
    );
    let report = build(&shop, &["good", "bank"]).expect(7).json();
    assert_problem(
        &report,
        "bank",
        "questions.jsonl",
        "file",
        &format!("but the manifest declares {wrong}"),
    );
    assert_problem(&report, "bank", "gone.jsonl", "file", "cannot be read");
    assert!(
        shop.released(&report)
            .values()
            .any(|i| i["source"] == "bank"),
        "more.jsonl is used"
    );
    let check = shop
        .run(&["source", "check", "bank", "--format", "json"])
        .expect(7)
        .json();
    assert_eq!(list(&check["problems"]).len(), 2, "{check}");
    // Nothing of the source is usable: another code, and the other source's corpus.
    fs::remove_file(shop.path("sources/bank/more.jsonl")).expect("removed");
    let run = build(&shop, &["good", "bank"]).expect(3);
    assert_eq!(run.json()["unusable_sources"], serde_json::json!(["bank"]));
    assert!(number(&run.json()["instances"]) > 0);
    shop.run(&["source", "check", "bank"]).expect(3);
    shop.run(&["source", "check", "good"]).expect(0);
}

#[test]
fn what_cannot_be_read_is_named() {
    let shop = with_good_bank();
    shop.source(
        "bank",
        "question-bank",
        &format!("[files]\n\"folder.jsonl\" = \"{}\"\n", "0".repeat(64)),
    );
    fs::create_dir_all(shop.path("sources/bank/folder.jsonl")).expect("a folder");
    let report = build(&shop, &["good", "bank"]).expect(3).json();
    assert_problem(
        &report,
        "bank",
        "folder.jsonl",
        "file",
        "cannot be read: Is a directory",
    );

    shop.source(
        "bank",
        "question-bank",
        "root = \"nowhere\"\ninclude = [\"*.jsonl\"]\n",
    );
    let report = build(&shop, &["good", "bank"]).expect(3).json();
    assert_problem(
        &report,
        "bank",
        "nowhere",
        "file",
        "the folder does not exist",
    );

    shop.source(
        "bank",
        "question-bank",
        "root = \"${SPINEMED_TEST_FOLDER}/a\"\ninclude = [\"*.jsonl\"]\n",
    );
    let report = build(&shop, &["good", "bank"]).expect(3).json();
    assert_problem(
        &report,
        "bank",
        "${SPINEMED_TEST_FOLDER}/a",
        "source.toml",
        "`SPINEMED_TEST_FOLDER`, which is not set",
    );
    assert!(number(&report["instances"]) > 0, "the other source goes on");
    let told = shop.run(&["build", "corpus"]).expect(3);
    assert!(
        told.stderr.contains("nothing of source `bank` is usable"),
        "{}",
        told.stderr
    );

    let files = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(files.path().join("a")).expect("a folder");
    fs::write(files.path().join("a/questions.jsonl"), demo_questions(4, 6)).expect("written");
    let mut shop = shop;
    shop.set("SPINEMED_TEST_FOLDER", &files.path().display().to_string());
    build(&shop, &["good", "bank"]).expect(0);

    shop.source("bank", "question-bank", "include = [\"*.tsv\"]\n");
    let report = build(&shop, &["good", "bank"]).expect(3).json();
    assert_problem(&report, "bank", ".", "file", "no file matches");
}

/// Messages of wrong settings, one after the other: code, file, line, cause, hint.
#[test]
fn wrong_settings_are_told_with_place_and_suggestion() {
    let shop = with_good_bank();
    let mut told = String::new();
    let mut tell = |what: &str, run: Run| {
        told += &format!("### {what}\n{}\n", run.show(&shop));
    };
    shop.pipeline("corpus", &["good"], "[tasks]\nkindz = [\"mcq\"]\n");
    tell(
        "an unknown key in a pipeline",
        shop.run(&["build", "corpus"]),
    );
    shop.pipeline("corpus", &["good"], "[tasks]\nkinds = [\"mqc\"]\n");
    tell("an unknown kind", shop.run(&["build", "corpus"]));
    shop.pipeline("corpus", &["good"], "[split]\ntest_permille = 990\n");
    tell(
        "a split that leaves nothing",
        shop.run(&["build", "corpus"]),
    );
    shop.pipeline("corpus", &["god"], "");
    tell("an unknown source", shop.run(&["build", "corpus"]));
    shop.pipeline("corpus", &[], "");
    tell("no source", shop.run(&["build", "corpus"]));
    shop.pipeline("corpus", &["good"], "");
    tell("an unknown pipeline", shop.run(&["build", "corpse"]));
    tell("an unknown command", shop.run(&["biuld"]));
    tell(
        "no workspace",
        shop.run(&["status", "--workspace", "nowhere"]),
    );
    tell("a torn pipeline", {
        shop.write("pipelines/torn.toml", "title = \"torn\n");
        shop.run(&["build", "torn"])
    });
    shop.source("bad", "question-bank", "licences = \"CC-BY-4.0\"\n");
    shop.pipeline("corpus", &["bad"], "");
    tell("an unknown key in a source", shop.run(&["build", "corpus"]));
    shop.source("bad", "question-bnak", "");
    tell("an unknown format", shop.run(&["build", "corpus"]));
    shop.source("bad", "question-bank", "licence = \"free to use\"\n");
    tell("a licence that is not SPDX", shop.run(&["build", "corpus"]));
    shop.source("other", "question-bank", "");
    fs::rename(shop.path("sources/other"), shop.path("sources/renamed")).expect("renamed");
    shop.pipeline("corpus", &["renamed"], "");
    tell(
        "another id than the folder's",
        shop.run(&["build", "corpus"]),
    );
    shop.source("bad", "question-bank", "subjects = \"patients\"\n");
    shop.pipeline("corpus", &["bad"], "");
    tell("patients", shop.run(&["build", "corpus"]));
    shop.source("bad", "question-bank", "licence = \"CC-BY-NC-ND-4.0\"\n");
    tell("no derived works", shop.run(&["build", "corpus"]));
    shop.pipeline("corpus", &["good"], "[generate]\ngenerator = \"model\"\n");
    tell(
        "a model without an endpoint",
        shop.run(&["build", "corpus"]),
    );
    insta::assert_snapshot!("wrong_settings", told);
}
