//! Builds over a model endpoint that behaves, or does not: nothing is paid twice, nothing
//! leaves that may not, and a failed call holds up nothing else.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make folders and read files"
)]

mod common;

use std::process::Child;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use common::{
    RELEASE, Workshop, assert_balanced, assert_tidy, finish, list, number, root_of, signal, stage,
    text,
};
use serde_json::Value;
use spinemed_testkit::chat_server::{Answerer, ChatServer, start_with};

const BUILD: [&str; 4] = ["build", "corpus", "--format", "json"];

/// Questions of the bank in these tests.
const QUESTIONS: usize = 8;

fn settings(server: &ChatServer, more: &str) -> String {
    format!(
        "{RELEASE}[generate]\ngenerator = \"model\"\ndraft = \"desk\"\nprompts = \"prompts\"\n\
         [tasks]\nkinds = [\"mcq\", \"open-qa\"]\nlanguages = [\"en\", \"zh\"]\nvariants = 1\n\
         [[models]]\nname = \"desk\"\nbase_url = \"{}\"\nmodel = \"tiny\"\n\
         concurrency = 4\nfirst_wait_ms = 1\ntimeout_s = 20\n\
         prices = {{ input_per_million = \"2.50\", output_per_million = \"10\" }}\n{more}\n",
        server.url()
    )
}

fn shop(server: &ChatServer, more: &str) -> Workshop {
    let shop = Workshop::empty();
    shop.bank("bank", 0, QUESTIONS);
    shop.pipeline("corpus", &["bank"], &settings(server, more));
    shop
}

/// A server that answers as the built-in generator would: items that pass the checks.
fn server(script: &str) -> ChatServer {
    start_with(script, answerer())
}

fn made(report: &Value) -> u64 {
    number(&report["model_calls"]["made"])
}

/// Changes something that makes every pass run again, but no request different.
fn touch(shop: &Workshop) {
    shop.edit(
        "pipelines/corpus.toml",
        "[generate]\n",
        "[generate]\nmax_repairs = 2\n",
    );
}

#[test]
fn a_corpus_over_a_model_is_paid_for_once() {
    let server = server("ok");
    let shop = shop(&server, "local = true");
    let dry = shop.run(&["build", "corpus", "--dry-run"]).expect(0);
    assert!(dry.stdout.contains("dry run"), "{}", dry.stdout);
    shop.run(&["status", "corpus"]).expect(0);
    assert_eq!(server.stats().requests, 0, "looking costs nothing");

    let first = shop.build("corpus");
    assert_balanced(&first);
    assert!(number(&first["instances"]) > 0, "{first}");
    let stats = server.stats();
    assert_eq!(
        (made(&first), stats.bodies, stats.most_repeated),
        (stats.requests, stats.requests, 1)
    );
    assert!(
        text(&first["cost"]).parse::<f64>().is_ok_and(|c| c > 0.0),
        "{}",
        first["cost"]
    );
    let trace = shop.trace(text(&first["example"]));
    let models: Vec<&str> = list(&trace["actions"])
        .iter()
        .filter_map(|a| a["model"].as_str())
        .collect();
    assert!(
        models.len() == 2 && models.iter().all(|m| m.contains("tiny")),
        "{models:?}"
    );
    assert!(
        trace["actions"][2]["prompt"].is_string(),
        "{}",
        trace["actions"][2]
    );

    touch(&shop);
    let again = shop.build("corpus");
    assert!(number(&again["actions"]["run"]) > 0);
    assert_eq!(
        (made(&again), number(&again["model_calls"]["reused"])),
        (0, made(&first))
    );
    assert_eq!(again["cost"], "0");
    assert_eq!(again["release_root"], first["release_root"]);

    // One question more: its calls alone.
    shop.write(
        "sources/bank/more.jsonl",
        common::demo_questions(QUESTIONS, QUESTIONS + 1),
    );
    let more = shop.build("corpus");
    assert!(
        made(&more) > 0 && made(&more) * 4 < made(&first),
        "{}",
        made(&more)
    );
    // One word of one question: its calls alone, though its file is read anew.
    let before = server.stats().requests;
    shop.edit(
        "sources/bank/questions.jsonl",
        "explains this best",
        "explains these best",
    );
    let edited = shop.build("corpus");
    assert!(
        made(&edited) > 0 && made(&edited) * 4 < made(&first),
        "{}",
        made(&edited)
    );
    let stats = server.stats();
    assert_eq!(
        (stats.requests, stats.paid_twice),
        (before + made(&edited), 0)
    );
    assert_tidy(&shop);
}

#[test]
fn a_closed_source_reaches_no_endpoint_that_is_not_declared_local() {
    let server = server("ok");
    let shop = shop(&server, "");
    shop.source(
        "closed",
        "question-bank",
        "egress = \"local-only\"\ninclude = [\"*.jsonl\"]\n",
    );
    shop.write(
        "sources/closed/questions.jsonl",
        common::demo_questions(10, 12),
    );
    shop.pipeline("corpus", &["bank", "closed"], &settings(&server, ""));
    let refused = shop.run(&["build", "corpus"]).expect(4);
    for word in [
        "refused by policy",
        "`closed` is `local-only`",
        "desk",
        "not declared local",
        "hint: ",
    ] {
        assert!(
            refused.stderr.contains(word),
            "no `{word}`:\n{}",
            refused.stderr
        );
    }
    shop.run(&["build", "corpus", "--dry-run"]).expect(4);
    assert_eq!(server.stats().requests, 0);
    shop.pipeline(
        "corpus",
        &["bank", "closed"],
        &settings(&server, "local = true"),
    );
    let built = shop.build("corpus");
    assert!(
        shop.released(&built)
            .values()
            .any(|i| i["source"] == "closed")
    );
}

#[test]
fn a_key_is_named_when_missing_and_kept_nowhere() {
    let server = server("ok");
    let mut shop = shop(&server, "local = true\napi_key_env = \"SPINEMED_TEST_KEY\"");
    let missing = shop.run(&["build", "corpus"]).expect(2);
    assert!(
        missing
            .stderr
            .contains("`SPINEMED_TEST_KEY`, which is not set"),
        "{}",
        missing.stderr
    );
    shop.run(&["build", "corpus", "--dry-run"]).expect(0);
    assert_eq!(server.stats().requests, 0);
    shop.set("SPINEMED_TEST_KEY", "a-very-secret-key");
    shop.build("corpus");
    assert_eq!(
        server.last_fields()["authorization"],
        "Bearer a-very-secret-key"
    );
    for file in common::files_below(shop.folder()) {
        let bytes = std::fs::read(&file).expect("a file");
        let kept = bytes.windows(17).any(|w| w == b"a-very-secret-key");
        assert!(!kept, "{}", file.display());
    }
}

/// A server that fails the first sending of each request: the build says so with its own
/// code; the next build asks again for what failed, and for nothing else.
#[test]
fn failures_are_told_and_made_good_by_the_next_build() {
    let sound = server("ok");
    let healthy = shop(&sound, "local = true\nmax_attempts = 1").build("corpus");
    for (fault, reason) in [
        ("status:500", "500"),
        ("status:429", "429"),
        ("nonsense", "not a chat completion"),
        ("half", "not a chat completion"),
        ("nothing", "after 1 attempts"),
        ("cut", "after 1 attempts"),
    ] {
        let server = server(&format!("{fault},ok"));
        let shop = shop(&server, "local = true\nmax_attempts = 1");
        let failed = shop.run(&BUILD).expect(5);
        let report = failed.json();
        assert_balanced(&report);
        assert_eq!(report["complete"], false, "{fault}");
        assert_eq!(report["release"], Value::Null, "{fault}");
        let causes: Vec<&String> = report["failures"]
            .as_object()
            .expect("causes")
            .keys()
            .collect();
        assert!(
            causes.iter().all(|c| c.contains(reason)) && !causes.is_empty(),
            "{fault}: {causes:?}"
        );
        let draft = stage(&report, "draft");
        assert_eq!(draft["failed"], draft["in"], "{fault}");
        // Revisions are asked for in the second build, and fail at their first sending.
        shop.run(&BUILD).expect(5);
        let mended = shop.run(&BUILD).expect(0).json();
        assert_eq!(mended["instances"], healthy["instances"], "{fault}");
        assert_eq!(server.stats().paid_twice, 0, "{fault}");
        let told = shop.run(&["audit", "why-not", "bank/nothing"]).expect(0);
        assert!(
            told.stdout.contains("is not in the corpus"),
            "{}",
            told.stdout
        );
        assert_tidy(&shop);
    }
}

#[test]
fn one_failed_call_holds_up_its_own_pack_alone() {
    // The script in one question's words makes its calls fail, and no others.
    let server = server("ok");
    let shop = shop(&server, "local = true\nmax_attempts = 1");
    let pack = "bank/q004-en";
    let mark = "[[script: status:500,status:500,ok]]";
    let line = common::demo_questions(6, 7);
    assert!(line.contains("q004-en"), "{line}");
    let at =
        line.find("\"explanation\": \"").expect("an explanation") + "\"explanation\": \"".len();
    let marked = format!("{}{mark} {}", &line[..at], &line[at..]);
    let whole = shop
        .text("sources/bank/questions.jsonl")
        .replace(&line, &marked);
    shop.write("sources/bank/questions.jsonl", whole);
    let report = shop.run(&BUILD).expect(5).json();
    assert_balanced(&report);
    assert_eq!(stage(&report, "draft")["failed"], 1);
    assert!(
        number(&report["instances"]) > 0,
        "the other packs went all the way"
    );
    let why = shop
        .run(&[
            "audit",
            "why-not",
            &format!("{pack}/question"),
            "--format",
            "json",
        ])
        .expect(0)
        .json();
    assert_eq!(why["reasons"][0]["code"], "failed", "{why}");
    assert!(text(&why["reasons"][0]["detail"]).contains("500"), "{why}");
    let told = shop.run(&["build", "corpus"]).expect(5);
    assert!(told.stderr.contains("failed: 1 × "), "{}", told.stderr);
}

#[test]
fn a_build_killed_among_its_calls_repeats_those_in_flight_alone() {
    let server = server("slow:100");
    let shop = shop(&server, "local = true");
    let mut killed = 0;
    for wait in [400, 600, 500] {
        let mut process = shop.start(&BUILD);
        thread::sleep(Duration::from_millis(wait));
        killed += u64::from(process.try_wait().expect("asked").is_none());
        let _ = process.kill();
        let _ = process.wait();
    }
    // What the server was still answering when the last build died comes to its end first.
    thread::sleep(Duration::from_millis(400));
    let resumed = shop.build("corpus");
    let stats = server.stats();
    // Four calls at most are in flight at once.
    assert!(
        stats.requests <= stats.bodies + 4 * killed,
        "{stats:?}, killed {killed} times"
    );
    assert!(stats.peak <= 8, "{stats:?}");
    assert!(killed > 0);
    assert_tidy(&shop);
    let unbroken = self::shop(&server, "local = true").build("corpus");
    assert_eq!(root_of(&resumed), root_of(&unbroken));
    assert_eq!(made(&unbroken), stats.bodies);
}

#[test]
fn another_revision_prompt_repeats_no_draft() {
    let server = server("ok");
    let shop = shop(&server, "local = true");
    let first = shop.build("corpus");
    let drafted = number(&stage(&first, "revise")["in"]);
    let before = server.stats();
    for name in ["revise-mcq.j2", "revise-open-qa.j2"] {
        let template = shop.run(&["prompt", "show", name]).expect(0).stdout;
        shop.write(
            &format!("prompts/{name}"),
            format!("{}\nTake care.\n", template.trim_end()),
        );
    }
    let second = shop.build("corpus");
    assert_eq!(made(&second), drafted, "one call per draft");
    assert_eq!(server.stats().requests, before.requests + drafted);
    assert_eq!(server.stats().paid_twice, 0);
    let why = shop
        .run(&["audit", "why", text(&second["example"]), "--format", "json"])
        .expect(0)
        .json();
    let changed = |step: &str| {
        let found = list(&why["worked"]).iter().find(|w| w["step"] == step);
        found.expect("a step")["changed"].clone()
    };
    assert_eq!(changed("draft"), Value::Null);
    assert_eq!(changed("revise"), serde_json::json!(["settings"]));
}

#[test]
fn an_interrupt_lets_calls_in_flight_end_and_a_second_one_does_not() {
    let server = server("slow:150");
    let shop = shop(&server, "local = true");
    let started = |shop: &Workshop| -> Child {
        let process = shop.start(&BUILD);
        let before = server.stats().requests;
        while server.stats().requests == before {
            thread::sleep(Duration::from_millis(5));
        }
        process
    };
    let process = started(&shop);
    signal(&process, "INT");
    let run = finish(process).expect(130);
    let report = run.json();
    assert_eq!(report["interrupted"], true);
    assert!(made(&report) > 0, "what was asked was waited for");
    assert_balanced(&report);
    let resumed = shop.build("corpus");
    let stats = server.stats();
    assert_eq!((stats.requests, stats.paid_twice), (stats.bodies, 0));
    assert_eq!(made(&report) + made(&resumed), stats.bodies);

    let other = self::shop(&server, "local = true\nrevision = \"2\"");
    let process = started(&other);
    signal(&process, "INT");
    thread::sleep(Duration::from_millis(50));
    signal(&process, "INT");
    let run = finish(process).expect(130);
    assert_eq!(run.stdout, "", "at once, without a report");
    other.build("corpus");
    assert_tidy(&other);
}

/// Answers drafts with what the built-in generator makes of the same question, where it makes
/// anything, and revisions with the draft unchanged.
fn answerer() -> Arc<Answerer> {
    let known = known_items();
    Arc::new(move |request: &Value| {
        let parts = request["messages"].as_array().into_iter().flatten();
        let prompt: String = parts.map(|m| words(&m["content"])).collect();
        if let Some((_, rest)) = prompt.split_once("<<<DRAFT ") {
            let from = rest.find('{').expect("a draft");
            let to = rest.find("\n<<<END").expect("its end");
            let mut draft: Value = serde_json::from_str(&rest[from..to]).expect("JSON");
            draft["changes"] = serde_json::json!([]);
            draft["derivation"] = "The evidence says so.".into();
            return draft.to_string();
        }
        let kind = request
            .pointer("/response_format/json_schema/schema/properties/item/properties/kind/enum/0");
        let language = if prompt.contains("Write in English") {
            "en"
        } else {
            "zh"
        };
        let fits = |item: &&Value| {
            Some(&item["kind"]) == kind
                && item["language"] == language
                && list(&item["evidence"])
                    .iter()
                    .all(|e| prompt.contains(text(&e["quote"])))
        };
        known.iter().find(fits).map_or_else(
            || serde_json::json!({"not_applicable": "nothing is known of it"}).to_string(),
            |item| {
                let claims: Vec<Value> = list(&item["claims"])
                    .iter()
                    .map(|c| serde_json::json!({"text": c["text"], "spans": c["spans"]}))
                    .collect();
                serde_json::json!({"item": item["item"], "claims": claims, "images": []})
                    .to_string()
            },
        )
    })
}

fn words(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|p| p["text"].as_str()).collect(),
        _ => String::new(),
    }
}

/// What the built-in generator makes of the bank, made once for all tests here.
fn known_items() -> &'static [Value] {
    static ITEMS: OnceLock<Vec<Value>> = OnceLock::new();
    ITEMS.get_or_init(|| {
        let shop = Workshop::empty();
        shop.bank("bank", 0, 14);
        shop.pipeline("corpus", &["bank"], RELEASE);
        let report = shop.build("corpus");
        shop.released(&report).into_values().collect()
    })
}
