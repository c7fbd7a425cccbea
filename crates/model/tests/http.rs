//! The HTTP backend against a server process that misbehaves.

// Waits are measured, so the clock is read; a poisoned lock is a failed test.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use spinemed_core::Digest;
use spinemed_core::instance::Role;
use spinemed_core::model::{
    PromptMessage, PromptPart, Request, Response, ResponseSchema, Sampling,
};
use spinemed_core::seam::{Journal, Model, ModelError, StoreError};
use spinemed_model::endpoint::Endpoint;
use spinemed_model::http::{ApiKey, HttpModel};
use spinemed_model::json_of;
use spinemed_testkit::chat_server::{self, ChatServer};

#[derive(Default)]
struct Kept(Mutex<Vec<Response>>);

impl Journal for Kept {
    fn record(&self, response: &Response) -> Result<(), StoreError> {
        self.0.lock().unwrap().push(response.clone());
        Ok(())
    }
}

type Answers = BTreeMap<Digest, Result<Response, ModelError>>;

fn endpoint(server: &ChatServer) -> Endpoint {
    let mut endpoint = Endpoint::new("test", server.url(), "tiny");
    endpoint.first_wait_ms = 1;
    endpoint.max_attempts = 4;
    endpoint
}

fn model(endpoint: &Endpoint) -> HttpModel {
    HttpModel::new(endpoint, None).expect("a client")
}

fn request(model: &HttpModel, prompt: &str) -> Request {
    Request {
        identity: model.identity().clone(),
        messages: vec![PromptMessage {
            role: Role::User,
            parts: vec![PromptPart::Text {
                text: prompt.to_owned(),
            }],
        }],
        schema: Some(ResponseSchema {
            name: "answer".into(),
            schema: serde_json::json!({"type": "object", "properties": {"level": {"type": "string"}}}),
        }),
        sampling: Sampling::default(),
        extra: BTreeMap::new(),
        attempt: 0,
    }
}

fn ask(model: &HttpModel, requests: Vec<Request>) -> Answers {
    let mut answers = Answers::new();
    let mut requests = requests.into_iter();
    model.answer(
        &mut requests,
        &|_| None,
        &Kept::default(),
        &mut |key, reply| {
            assert!(
                answers.insert(key, reply).is_none(),
                "{key} was answered twice"
            );
        },
    );
    answers
}

fn ask_one(model: &HttpModel, prompt: &str) -> Result<Response, ModelError> {
    let answers = ask(model, vec![request(model, prompt)]);
    answers.into_values().next().expect("one answer")
}

/// What becomes of one request under a script, and how many attempts it took.
fn check(script: &str, attempts: u64, expect: Result<(), &str>) {
    let server = chat_server::spawn(script);
    let model = model(&endpoint(&server));
    let reply = ask_one(&model, "Which level is narrow?");
    match (&reply, expect) {
        (Ok(response), Ok(())) => {
            let json = json_of(&response.text).expect("JSON");
            assert_eq!(json, r#"{"level":"Which level is narrow"}"#, "{script}");
        }
        (Err(error), Err(part)) => {
            let text = error.to_string();
            assert!(text.contains(part), "{script}: {text}");
            assert!(
                !text.contains("narrow"),
                "{script}: the prompt is shown: {text}"
            );
        }
        _ => panic!("{script}: {reply:?}"),
    }
    let seen = server.stats();
    assert_eq!(
        (seen.requests, model.attempts()),
        (attempts, attempts),
        "{script}"
    );
}

#[test]
fn what_passes_is_tried_again() {
    check("ok", 1, Ok(()));
    check("fenced", 1, Ok(()));
    check("status:500,status:502,ok", 3, Ok(()));
    check("status:408,status:409,status:429,ok", 4, Ok(()));
    check("nothing,nothing,ok", 3, Ok(()));
    check("cut,ok", 2, Ok(()));
    check("half,empty,ok", 3, Ok(()));
    check("nonsense,ok", 2, Ok(()));
}

#[test]
fn what_lasts_is_reported_after_a_bound() {
    check(
        "status:500",
        4,
        Err("failed after 4 attempts: HTTP 500 `scripted`"),
    );
    check("nothing", 4, Err("failed after 4 attempts: "));
    check("cut", 4, Err("failed after 4 attempts: "));
    check(
        "nonsense",
        3,
        Err("not a chat completion: the body is not JSON"),
    );
    check(
        "half",
        3,
        Err("not a chat completion: the body is not JSON"),
    );
    check("empty", 3, Err("not a chat completion: the body is empty"));
    check(
        "flood",
        3,
        Err("not a chat completion: the body is larger than 16777216 bytes"),
    );
}

#[test]
fn refusals_are_final() {
    for code in [400, 401, 403, 404, 422] {
        let expect = format!("refused the request: HTTP {code} `scripted`");
        check(&format!("status:{code}"), 1, Err(&expect));
    }
    check("redirect", 1, Err("HTTP 307: redirects are not followed"));
}

#[test]
fn nobody_listening_is_unavailable() {
    let mut server = chat_server::spawn("ok");
    let model = model(&endpoint(&server));
    server.stop();
    let error = ask_one(&model, "x").expect_err("no server");
    assert!(
        matches!(error, ModelError::Unavailable { attempts: 4, .. }),
        "{error}"
    );
}

#[test]
fn retry_after_is_obeyed_in_both_forms() {
    for script in ["busy:1,ok", "busy-date:1,ok"] {
        let start = Instant::now();
        check(script, 2, Ok(()));
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(950), "{script}: {took:?}");
    }
}

#[test]
fn an_endpoint_that_asks_for_hours_is_left_alone() {
    check(
        "busy:7200,ok",
        1,
        Err("failed after 1 attempts: HTTP 429 `rate_limit_exceeded`"),
    );
}

#[test]
fn slow_servers_are_cut_off_and_asked_again() {
    let server = chat_server::spawn("slow:5000,ok");
    let mut endpoint = endpoint(&server);
    endpoint.timeout_s = 1;
    let start = Instant::now();
    assert!(ask_one(&model(&endpoint), "x").is_ok());
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[test]
fn a_waiting_request_holds_no_slot() {
    let server = chat_server::spawn("ok");
    let mut endpoint = endpoint(&server);
    endpoint.concurrency = 1;
    endpoint.first_wait_ms = 1000;
    let model = model(&endpoint);
    let first = request(&model, "first [[script: status:500,ok]]");
    let mut requests = vec![first.clone()];
    requests.extend((0..20).map(|n| request(&model, &format!("later {n}"))));
    let mut order = Vec::new();
    let mut pulled = requests.into_iter();
    model.answer(
        &mut pulled,
        &|_| None,
        &Kept::default(),
        &mut |key, reply| {
            assert!(reply.is_ok());
            order.push(key);
        },
    );
    assert_eq!(order.len(), 21);
    assert_eq!(
        order.last(),
        Some(&first.key()),
        "the others had to wait for the first"
    );
}

#[test]
fn concurrency_holds_for_all_threads_together() {
    let server = chat_server::spawn("slow:20");
    let mut endpoint = endpoint(&server);
    endpoint.concurrency = 4;
    let model = model(&endpoint);
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let model = &model;
            scope.spawn(move || {
                let prompts = (0..20).map(|n| request(model, &format!("{thread}.{n}")));
                assert!(ask(model, prompts.collect()).values().all(Result::is_ok));
            });
        }
    });
    let seen = server.stats();
    assert_eq!((seen.requests, seen.bodies, seen.paid_twice), (60, 60, 0));
    assert_eq!(seen.peak, 4);
}

#[test]
fn the_pace_is_kept() {
    let server = chat_server::spawn("ok");
    let mut endpoint = endpoint(&server);
    endpoint.requests_per_minute = Some(1200);
    let model = model(&endpoint);
    let start = Instant::now();
    let requests = (0..11).map(|n| request(&model, &n.to_string())).collect();
    assert!(ask(&model, requests).values().all(Result::is_ok));
    // Eleven starts, 50 ms apart.
    assert!(
        start.elapsed() >= Duration::from_millis(490),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_request_may_wait_for_an_earlier_response() {
    let server = chat_server::spawn("ok");
    let model = model(&endpoint(&server));
    let (told, tell) = mpsc::channel::<String>();
    told.send("start".into()).expect("open");
    let asked = &model;
    let mut requests = (0..5).map_while(move |_| {
        let earlier = tell.recv_timeout(Duration::from_secs(20)).ok()?;
        Some(request(asked, &format!("after {earlier}")))
    });
    let mut answers = 0;
    model.answer(
        &mut requests,
        &|_| None,
        &Kept::default(),
        &mut |key, reply| {
            assert!(reply.is_ok());
            answers += 1;
            told.send(key.to_string()).expect("open");
        },
    );
    assert_eq!(answers, 5);
}

#[test]
fn a_dead_endpoint_is_not_asked_a_thousand_times() {
    let server = chat_server::spawn("status:503");
    let model = model(&endpoint(&server));
    let requests = (0..1000).map(|n| request(&model, &n.to_string())).collect();
    let answers = ask(&model, requests);
    assert_eq!(answers.len(), 1000);
    assert!(
        answers
            .values()
            .all(|a| matches!(a, Err(ModelError::Unavailable { .. })))
    );
    assert!(model.attempts() < 600, "{} attempts", model.attempts());
    // What was not asked says why.
    let unasked = answers
        .values()
        .filter_map(|a| a.as_ref().err())
        .find(|error| matches!(error, ModelError::Unavailable { attempts: 0, .. }));
    assert!(
        unasked
            .expect("some were not asked")
            .to_string()
            .contains("HTTP 503")
    );
}

#[test]
fn an_endpoint_that_comes_back_is_used_again() {
    let server = chat_server::spawn("ok");
    let mut endpoint = endpoint(&server);
    endpoint.concurrency = 1;
    endpoint.max_attempts = 1;
    let model = model(&endpoint);
    let bad = (0..50).map(|n| request(&model, &format!("{n} [[script: status:503]]")));
    assert!(ask(&model, bad.collect()).values().all(Result::is_err));
    assert!(ask_one(&model, "probe").is_ok());
    let good = (0..50).map(|n| request(&model, &format!("good {n}")));
    assert!(ask(&model, good.collect()).values().all(Result::is_ok));
}

#[test]
fn a_panic_in_done_ends_the_call_and_keeps_what_was_paid() {
    let server = chat_server::spawn("ok");
    let model = model(&endpoint(&server));
    let journal = Kept::default();
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut requests = (0..).map(|n: u32| request(&model, &n.to_string()));
        model.answer(&mut requests, &|_| None, &journal, &mut |_, _| {
            panic!("on purpose")
        });
    }));
    assert!(caught.is_err());
    let kept = journal.0.lock().unwrap().len() as u64;
    assert_eq!(kept, server.stats().requests);
}

/// A journal on a full disk.
struct Full;

impl Journal for Full {
    fn record(&self, _: &Response) -> Result<(), StoreError> {
        let cause = std::io::Error::from(std::io::ErrorKind::StorageFull);
        Err(StoreError::Io {
            action: "write",
            place: "responses".into(),
            cause,
        })
    }
}

#[test]
fn a_full_disk_stops_the_paying() {
    let server = chat_server::spawn("slow:10");
    let mut endpoint = endpoint(&server);
    endpoint.concurrency = 4;
    let model = model(&endpoint);
    let mut requests = (0..500).map(|n| request(&model, &n.to_string()));
    let mut answered = 0;
    model.answer(&mut requests, &|_| None, &Full, &mut |_, reply| {
        assert!(
            matches!(reply, Err(ModelError::NotKept { .. })),
            "{reply:?}"
        );
        answered += 1;
    });
    assert_eq!(answered, 500);
    assert!(server.stats().requests < 100, "{:?}", server.stats());
}

#[test]
fn keys_are_sent_and_never_shown() {
    let server = chat_server::start_with("ok", std::sync::Arc::new(|_| "fine".to_owned()));
    let mut endpoint = endpoint(&server);
    endpoint.headers.insert("x-team".into(), "sk-header".into());
    let key = ApiKey::new(" sk-hidden\n");
    let model = HttpModel::new(&endpoint, Some(&key)).expect("a client");
    assert_eq!(ask_one(&model, "x").map(|r| r.text), Ok("fine".to_owned()));
    let fields = server.last_fields();
    assert_eq!(
        fields.get("authorization").map(String::as_str),
        Some("Bearer sk-hidden")
    );
    assert_eq!(fields.get("x-team").map(String::as_str), Some("sk-header"));
    let shown = format!("{key:?} {model:?} {endpoint:?}");
    assert!(!shown.contains("sk-"), "{shown}");
    let bad = HttpModel::new(&endpoint, Some(&ApiKey::new("sk-\u{1}")));
    assert!(!bad.expect_err("not sendable").to_string().contains("sk-"));
}
