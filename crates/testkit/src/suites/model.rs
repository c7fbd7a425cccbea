//! What every [`Model`] must do.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use spinemed_core::Digest;
use spinemed_core::instance::Role;
use spinemed_core::model::{
    ModelIdentity, PromptMessage, PromptPart, Request, Response, ResponseSchema, Sampling,
};
use spinemed_core::seam::{Journal, Model, ModelError, StoreError};

/// Requests of the suite.
const REQUESTS: u32 = 300;
/// A picture's bytes; no server of ours looks inside.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n a picture";

/// A model under test.
pub struct ModelCase<'a> {
    /// The model.
    pub model: &'a dyn Model,
    /// Whom the requests are addressed to.
    pub identity: &'a ModelIdentity,
    /// The most requests that it may pull ahead of `done`.
    pub window: usize,
}

impl ModelCase<'_> {
    /// The suite's requests: text, pictures, schemas, repairs. All different.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        (0..REQUESTS)
            .map(|number| request(self.identity, number))
            .collect()
    }
}

/// Runs the suite and gives the responses, so that they can be compared between
/// implementations, or be what a recorded model answers from.
///
/// # Panics
/// When the model breaks a promise of the seam.
pub fn model_suite(case: &ModelCase) -> BTreeMap<Digest, Response> {
    let first = answers_each_request_once_after_keeping_it(case);
    let again = answers_each_request_once_after_keeping_it(case);
    assert_eq!(first, again, "the same requests got other responses");
    asks_nothing_for_nothing(case);
    gives_no_response_that_was_not_kept(case);
    answers_also_what_it_cannot_serve(case);
    pulls_no_more_than_it_has_room_for(case);
    serves_several_threads_at_once(case, &first);
    first
}

fn answers_each_request_once_after_keeping_it(case: &ModelCase) -> BTreeMap<Digest, Response> {
    let requests = case.requests();
    let journal = Kept::default();
    let thread = std::thread::current().id();
    let mut answers = BTreeMap::new();
    let mut pulled = requests.iter().cloned();
    case.model
        .answer(&mut pulled, &picture, &journal, &mut |key, reply| {
            let response = reply.unwrap_or_else(|error| panic!("{key} was not answered: {error}"));
            assert_eq!(
                response.key, key,
                "a response carries another request's key"
            );
            assert_eq!(
                journal.get(&key).as_ref(),
                Some(&response),
                "not kept before use"
            );
            assert_eq!(
                std::thread::current().id(),
                thread,
                "`done` ran on another thread"
            );
            assert!(
                answers.insert(key, response).is_none(),
                "{key} was answered twice"
            );
        });
    let asked: Vec<Digest> = requests.iter().map(Request::key).collect();
    assert!(
        asked.iter().all(|key| answers.contains_key(key)),
        "a request was not answered"
    );
    assert_eq!(asked.len(), answers.len(), "more answers than requests");
    answers
}

fn asks_nothing_for_nothing(case: &ModelCase) {
    let mut none = std::iter::empty();
    case.model
        .answer(&mut none, &picture, &Kept::default(), &mut |key, _| {
            panic!("{key} was answered and never asked");
        });
}

fn gives_no_response_that_was_not_kept(case: &ModelCase) {
    let mut refused = 0;
    let mut requests = case.requests().into_iter().take(20);
    case.model
        .answer(&mut requests, &picture, &Full, &mut |_, reply| {
            assert!(
                matches!(reply, Err(ModelError::NotKept { .. })),
                "{reply:?}"
            );
            refused += 1;
        });
    assert_eq!(refused, 20);
}

fn answers_also_what_it_cannot_serve(case: &ModelCase) {
    let mut unknown = request(case.identity, REQUESTS + 3);
    let sha256 = Digest::of(b"a picture that nobody has");
    let part = PromptPart::Image {
        sha256,
        media_type: "image/png".into(),
    };
    unknown.messages[1].parts.push(part);
    let mut elsewhere = request(case.identity, REQUESTS + 4);
    elsewhere.identity.model.push_str("-other");
    let mut answered = Vec::new();
    let journal = Kept::default();
    let expect = vec![unknown.key(), elsewhere.key()];
    let mut requests = vec![unknown, elsewhere].into_iter();
    case.model
        .answer(&mut requests, &picture, &journal, &mut |key, reply| {
            assert!(reply.is_err(), "{key} was answered without what it needs");
            answered.push(key);
        });
    answered.sort_by_key(|key| *key != expect[0]);
    assert_eq!(answered, expect);
    assert_eq!(journal.len(), 0, "a failure was kept as a response");
}

fn pulls_no_more_than_it_has_room_for(case: &ModelCase) {
    let pulled = AtomicUsize::new(0);
    let mut done = 0;
    let mut requests = case.requests().into_iter().inspect(|_| {
        pulled.fetch_add(1, Ordering::SeqCst);
    });
    case.model
        .answer(&mut requests, &picture, &Kept::default(), &mut |_, _| {
            let ahead = pulled.load(Ordering::SeqCst) - done;
            assert!(ahead <= case.window, "{ahead} requests are held at once");
            done += 1;
        });
}

fn serves_several_threads_at_once(case: &ModelCase, expect: &BTreeMap<Digest, Response>) {
    std::thread::scope(|scope| {
        for part in 0..3 {
            scope.spawn(move || {
                let mut answered = 0;
                let mine = case.requests().into_iter().skip(part).step_by(3);
                let count = mine.len();
                let mut mine = mine;
                case.model
                    .answer(&mut mine, &picture, &Kept::default(), &mut |key, reply| {
                        assert_eq!(
                            reply.as_ref().ok(),
                            expect.get(&key),
                            "another thread's answer"
                        );
                        answered += 1;
                    });
                assert_eq!(answered, count);
            });
        }
    });
}

fn request(identity: &ModelIdentity, number: u32) -> Request {
    let text = |text: String| PromptPart::Text { text };
    let mut parts = vec![text(format!(
        "Question {number}. Where is the stenosis? 椎管狭窄在哪里？"
    ))];
    if number.is_multiple_of(3) {
        let sha256 = Digest::of(PICTURE);
        parts.insert(
            0,
            PromptPart::Image {
                sha256,
                media_type: "image/png".into(),
            },
        );
    }
    let schema = number.is_multiple_of(2).then(|| ResponseSchema {
        name: "answer".into(),
        schema: json!({"type": "object", "properties": {"level": {"type": "string"}},
            "required": ["level"], "additionalProperties": false}),
    });
    let system = vec![text("Answer from the evidence alone.".into())];
    Request {
        identity: identity.clone(),
        messages: vec![
            PromptMessage {
                role: Role::System,
                parts: system,
            },
            PromptMessage {
                role: Role::User,
                parts,
            },
        ],
        schema,
        sampling: Sampling::default(),
        extra: BTreeMap::new(),
        attempt: number % 4,
    }
}

fn picture(sha256: &Digest) -> Option<Vec<u8>> {
    (*sha256 == Digest::of(PICTURE)).then(|| PICTURE.to_vec())
}

/// A journal in memory.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<Digest, Response>>);

impl Kept {
    fn get(&self, key: &Digest) -> Option<Response> {
        self.0.lock().unwrap().get(key).cloned()
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Journal for Kept {
    fn record(&self, response: &Response) -> Result<(), StoreError> {
        self.0
            .lock()
            .unwrap()
            .insert(response.key, response.clone());
        Ok(())
    }
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
