//! OpenAI-compatible chat completions over HTTP.
//!
//! One [`HttpModel`] per endpoint: its concurrency, its pace and its pauses hold for all
//! threads that call [`Model::answer`] at the same time. Requests are pulled as there is room
//! for them, so memory does not grow with their number; the iterator runs on a thread of its
//! own and may wait for what `done` brings.
//!
//! What is retried: refused and broken connections, time-outs, 408, 409, 425, 429 and 5xx, and,
//! three times at most since each may be paid for, replies that are no chat completion or say
//! that the server cannot read its own model's answer. A retry waits (twice as long each time,
//! with jitter derived from the request's key, or as long as `Retry-After` asks) without holding
//! a slot. Once a response could not be kept, nothing more of that stream is sent: it would be
//! paid for and lost. Redirects are not followed: what a pipeline declares `local` must not leave
//! by a detour.

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, OnceLock};
use std::thread;

use spinemed_core::Digest;
use spinemed_core::model::{ModelIdentity, Request, Response};
use spinemed_core::seam::{Journal, Model, ModelError};

use crate::endpoint::{Endpoint, EndpointError};
use call::{Call, Line};

mod body;
mod call;
mod gate;
mod reply;
mod wait;

/// The most responses made durable together.
const GROUP: usize = 256;

/// A secret key. It shows itself to no one.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes a key; white space around it, as files have it, is dropped.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    pub(crate) fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(hidden)")
    }
}

/// A model behind an OpenAI-compatible endpoint.
pub struct HttpModel {
    identity: ModelIdentity,
    line: Arc<Line>,
    window: usize,
    runtime: tokio::runtime::Runtime,
}

impl HttpModel {
    /// Prepares a client; no connection is made yet.
    ///
    /// # Errors
    /// [`EndpointError`] when the declaration is wrong or no client can be set up.
    pub fn new(endpoint: &Endpoint, key: Option<&ApiKey>) -> Result<Self, EndpointError> {
        endpoint.check()?;
        let concurrency = endpoint.concurrency as usize;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(if concurrency > 64 { 2 } else { 1 })
            .thread_name(format!("model {}", endpoint.name))
            .enable_all()
            .build()
            .map_err(|error| EndpointError::Client {
                endpoint: endpoint.name.clone(),
                reason: error.to_string(),
            })?;
        Ok(Self {
            identity: endpoint.identity(),
            line: Arc::new(Line::new(endpoint, key)?),
            window: 2 * concurrency + 16,
            runtime,
        })
    }

    /// Whom requests must be addressed to.
    #[must_use]
    pub fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    /// HTTP requests sent so far, retries included.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.line.attempts.load(Ordering::Relaxed)
    }

    /// The most requests that one `answer` holds at a time: in flight, waiting for a retry, or
    /// on their way to `done`.
    #[must_use]
    pub fn window(&self) -> usize {
        self.window
    }

    /// Pulls requests while there is room and sets each on its way.
    fn feed(
        &self,
        requests: &mut (dyn Iterator<Item = Request> + Send),
        images: &(dyn Fn(&Digest) -> Option<Vec<u8>> + Sync),
        room: &SyncSender<()>,
        heard: &Sender<Reply>,
        lost: &Arc<OnceLock<String>>,
    ) {
        while room.send(()).is_ok() {
            let Some(request) = requests.next() else {
                return;
            };
            let owed = Owed {
                key: request.key(),
                heard: Some(heard.clone()),
            };
            match self.prepare(request, images, lost) {
                Err(reason) => owed.pay(Err(ModelError::Refused { reason })),
                Ok(call) => {
                    let line = Arc::clone(&self.line);
                    self.runtime
                        .spawn(async move { owed.pay(line.ask(&call).await) });
                }
            }
        }
    }

    fn prepare(
        &self,
        request: Request,
        images: &(dyn Fn(&Digest) -> Option<Vec<u8>> + Sync),
        lost: &Arc<OnceLock<String>>,
    ) -> Result<Call, String> {
        if request.identity != self.identity {
            return Err(format!(
                "it is addressed to `{}` of `{}`, and this is `{}` of `{}`",
                request.identity.model,
                request.identity.endpoint,
                self.identity.model,
                self.identity.endpoint
            ));
        }
        let body = body::render(&request, images)?;
        Ok(Call {
            key: request.key(),
            body,
            messages: request.messages,
            lost: Arc::clone(lost),
        })
    }
}

impl fmt::Debug for HttpModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpModel")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

impl Model for HttpModel {
    fn answer(
        &self,
        requests: &mut (dyn Iterator<Item = Request> + Send),
        images: &(dyn Fn(&Digest) -> Option<Vec<u8>> + Sync),
        journal: &dyn Journal,
        done: &mut dyn FnMut(Digest, Result<Response, ModelError>),
    ) {
        let (room, leave) = mpsc::sync_channel(self.window);
        let (heard, hearing) = mpsc::channel();
        let (kept, keeping) = mpsc::channel();
        let lost = Arc::new(OnceLock::new());
        let feed_lost = Arc::clone(&lost);
        // `move`: should `done` panic, the channels close and the feeding thread stops.
        thread::scope(move |scope| {
            scope.spawn(move || keep(journal, &hearing, &kept, &lost));
            scope.spawn(move || self.feed(requests, images, &room, &heard, &feed_lost));
            for (key, reply) in keeping {
                done(key, reply);
                let _: Result<(), _> = leave.recv();
            }
        });
    }
}

type Reply = (Digest, Result<Response, ModelError>);

/// Makes replies durable, as many at once as have come, and passes them on. Where that fails,
/// `lost` tells the calls that have not gone out yet.
fn keep(
    journal: &dyn Journal,
    hearing: &Receiver<Reply>,
    kept: &Sender<Reply>,
    lost: &OnceLock<String>,
) {
    while let Ok(first) = hearing.recv() {
        let mut group = vec![first];
        group.extend(hearing.try_iter().take(GROUP - 1));
        let (mut responses, mut errors) = (Vec::new(), Vec::new());
        for (key, reply) in group {
            match reply {
                Ok(response) => responses.push(response),
                Err(error) => errors.push((key, Err(error))),
            }
        }
        let failure = match responses.as_slice() {
            [] => None,
            some => journal
                .record_all(some)
                .err()
                .map(|error| error.to_string()),
        };
        if let Some(reason) = &failure {
            lost.get_or_init(|| reason.clone());
        }
        let replies = responses.into_iter().map(|response| {
            let key = response.key;
            let not_kept = failure.clone().map(|reason| ModelError::NotKept { reason });
            (key, not_kept.map_or(Ok(response), Err))
        });
        for reply in replies.chain(errors) {
            // Nobody listens any more after a panic in `done`; what was paid is kept all the same.
            let _: Result<(), _> = kept.send(reply);
        }
    }
}

/// A reply that is owed. Dropping it without paying answers that the call was cut short, so
/// that every request is answered exactly once whatever happens to its task.
struct Owed {
    key: Digest,
    heard: Option<Sender<Reply>>,
}

impl Owed {
    fn pay(mut self, reply: Result<Response, ModelError>) {
        self.send(reply);
    }

    fn send(&mut self, reply: Result<Response, ModelError>) {
        if let Some(heard) = self.heard.take() {
            // The receiver outlives every sender unless the journal panicked, which the caller
            // learns from the panic itself.
            let _: Result<(), _> = heard.send((self.key, reply));
        }
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        self.send(Err(ModelError::Unavailable {
            attempts: 0,
            reason: "the call was cut short".to_owned(),
        }));
    }
}
