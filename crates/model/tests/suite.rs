//! One suite on both implementations, and the same responses from both.

// A cassette is a file.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;

use spinemed_core::Digest;
use spinemed_core::model::Response;
use spinemed_model::counting::Counting;
use spinemed_model::endpoint::Endpoint;
use spinemed_model::http::HttpModel;
use spinemed_model::recorded::{Recorded, Recording};
use spinemed_testkit::chat_server;
use spinemed_testkit::suites::{ModelCase, model_suite};

/// A declaration that survives a restart of the server: its address is no part of it.
fn endpoint(url: &str) -> Endpoint {
    let mut endpoint = Endpoint::new("suite", url, "tiny");
    endpoint.first_wait_ms = 1;
    endpoint.concurrency = 8;
    endpoint
}

fn answers_over_http(script: &str) -> (Endpoint, BTreeMap<Digest, Response>) {
    let server = chat_server::spawn(script);
    let endpoint = endpoint(server.url());
    let model = HttpModel::new(&endpoint, None).expect("a client");
    let case = ModelCase {
        model: &model,
        identity: model.identity(),
        window: model.window(),
    };
    let answers = model_suite(&case);
    (endpoint, answers)
}

#[test]
fn http_and_recorded_pass_and_agree() {
    let (endpoint, answers) = answers_over_http("ok");
    let recording: Recording = answers.values().cloned().collect();
    let cassette = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(cassette.path(), recording.to_text()).expect("written");
    let reread = Recording::open(cassette.path()).expect("read");
    let model = Counting::new(Recorded::new(reread));
    let identity = endpoint.identity();
    let replayed = model_suite(&ModelCase {
        model: &model,
        identity: &identity,
        window: 1,
    });
    assert_eq!(replayed, answers);
    // Two rounds, the full disk, two that fail, the window, three threads: 300 each but 20 and 2.
    assert_eq!((model.asked(), model.answered()), (4 * 300 + 22, 4 * 300));
}

#[test]
fn a_server_that_fails_first_changes_nothing() {
    for script in ["status:500,ok", "half,nothing,ok", "status:429,cut,ok"] {
        let (_, answers) = answers_over_http(script);
        assert_eq!(answers.len(), 300, "{script}");
    }
}
