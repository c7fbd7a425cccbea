//! One request on its way: attempts, waits, verdict.

use std::error::Error as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{
    AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};
use reqwest::{Client, StatusCode, Url, redirect};
use spinemed_core::Digest;
use spinemed_core::model::{PromptMessage, Response};
use spinemed_core::seam::ModelError;

use super::gate::{Admission, Gate};
use super::{ApiKey, reply, wait};
use crate::endpoint::{Endpoint, EndpointError};

/// The largest reply that is read, in bytes.
const LARGEST_REPLY: usize = 16 << 20;
/// Attempts after which a reply that is no completion is believed: each one may be paid for.
const NONSENSE_ATTEMPTS: u32 = 3;
/// The longest wait that an endpoint may ask for; beyond it a later build tries again.
const LONGEST_ASKED: Duration = Duration::from_secs(15 * 60);
/// Characters of a transport error that are passed on.
const CAUSE_CHARS: usize = 200;

/// A request, rendered.
pub(super) struct Call {
    pub(super) key: Digest,
    pub(super) body: Vec<u8>,
    pub(super) messages: Vec<PromptMessage>,
    /// Set once a response of the same stream could not be kept.
    pub(super) lost: Arc<OnceLock<String>>,
}

/// The line to one endpoint.
pub(super) struct Line {
    client: Client,
    url: Url,
    gate: Gate,
    max_attempts: u32,
    first_wait: Duration,
    pub(super) attempts: AtomicU64,
}

/// What one attempt came to.
enum Attempt {
    Answered(Response),
    Failed(Failure),
    Refused { reason: String, by_all: bool },
}

/// An attempt worth repeating.
struct Failure {
    reason: String,
    nonsense: bool,
    asked_wait: Option<Duration>,
}

impl Line {
    pub(super) fn new(endpoint: &Endpoint, key: Option<&ApiKey>) -> Result<Self, EndpointError> {
        Ok(Self {
            client: client(endpoint, key)?,
            url: endpoint.url()?,
            gate: Gate::new(endpoint.concurrency, endpoint.requests_per_minute),
            max_attempts: endpoint.max_attempts,
            first_wait: Duration::from_millis(endpoint.first_wait_ms.into()),
            attempts: AtomicU64::new(0),
        })
    }

    /// Asks until there is an answer or no hope of one.
    pub(super) async fn ask(&self, call: &Call) -> Result<Response, ModelError> {
        let admission = self.gate.admit();
        let most = match &admission {
            Admission::Free => self.max_attempts,
            Admission::Probe(_) => 1,
            Admission::Closed(last) => {
                let reason = format!("not asked, since the requests before it failed: {last}");
                return Err(ModelError::Unavailable {
                    attempts: 0,
                    reason,
                });
            }
        };
        let mut attempt = 1;
        loop {
            let outcome = {
                let _slot = self.gate.enter().await;
                if let Some(reason) = call.lost.get() {
                    // Nothing more is paid for that cannot be kept (I4).
                    let reason =
                        format!("not asked, since a response before it was lost: {reason}");
                    return Err(ModelError::NotKept { reason });
                }
                self.attempts.fetch_add(1, Ordering::Relaxed);
                self.attempt(call).await
            };
            let failure = match outcome {
                Attempt::Answered(response) => {
                    self.gate.well();
                    return Ok(response);
                }
                Attempt::Refused { reason, by_all } => {
                    if by_all {
                        self.gate.ill(&reason)
                    } else {
                        self.gate.well()
                    }
                    return Err(ModelError::Refused { reason });
                }
                Attempt::Failed(failure) => failure,
            };
            let Some(wait) = self.wait_after(&failure, attempt, most, &call.key) else {
                self.gate.ill(&failure.reason);
                return Err(failure.into_error(attempt));
            };
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    /// How long to wait before the next attempt; `None` where there is to be none.
    fn wait_after(
        &self,
        failure: &Failure,
        attempt: u32,
        most: u32,
        key: &Digest,
    ) -> Option<Duration> {
        let asked = failure.asked_wait.unwrap_or_default();
        let most = if failure.nonsense {
            most.min(NONSENSE_ATTEMPTS)
        } else {
            most
        };
        if asked > LONGEST_ASKED {
            return None;
        }
        if !asked.is_zero() {
            self.gate.pause(asked);
        }
        (attempt < most).then(|| asked.max(wait::backoff(self.first_wait, attempt, key)))
    }

    async fn attempt(&self, call: &Call) -> Attempt {
        let sent = self
            .client
            .post(self.url.clone())
            .body(call.body.clone())
            .send()
            .await;
        let mut response = match sent {
            Ok(response) => response,
            Err(error) => return transport(error),
        };
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_REPLY => {
                    return nonsense(format!("the body is larger than {LARGEST_REPLY} bytes"));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return transport(error),
            }
        }
        judge(status, &headers, body, call)
    }
}

impl Failure {
    fn into_error(self, attempts: u32) -> ModelError {
        if self.nonsense {
            return ModelError::Nonsense {
                reason: self.reason,
            };
        }
        ModelError::Unavailable {
            attempts,
            reason: self.reason,
        }
    }
}

/// What status and body mean.
fn judge(status: StatusCode, headers: &HeaderMap, body: Vec<u8>, call: &Call) -> Attempt {
    if status == StatusCode::OK {
        return match reply::read(call.key, body) {
            Ok(response) => Attempt::Answered(response),
            Err(reason) => nonsense(reason),
        };
    }
    let code = status.as_u16();
    if status.is_redirection() {
        let reason = format!("HTTP {code}: redirects are not followed");
        return Attempt::Refused {
            reason,
            by_all: true,
        };
    }
    let reason = reply::complaint(code, &body, &call.messages);
    if code == 500 && reply::blames_the_answer(&body) {
        return nonsense(reason);
    }
    if status.is_server_error() || matches!(code, 408 | 409 | 425 | 429) {
        return Attempt::Failed(Failure {
            reason,
            nonsense: false,
            asked_wait: asked_wait(headers),
        });
    }
    if status.is_client_error() {
        return Attempt::Refused {
            reason,
            by_all: matches!(code, 401 | 403 | 404),
        };
    }
    nonsense(reason)
}

fn nonsense(reason: String) -> Attempt {
    Attempt::Failed(Failure {
        reason,
        nonsense: true,
        asked_wait: None,
    })
}

/// A connection that failed. The error's own text would show the address with its credentials.
fn transport(error: reqwest::Error) -> Attempt {
    let error = error.without_url();
    let mut reason = if error.is_timeout() {
        "timed out".to_owned()
    } else {
        error.to_string()
    };
    let mut cause = error.source();
    while let Some(inner) = cause {
        reason = format!("{reason}: {inner}");
        cause = inner.source();
    }
    let reason = reason.chars().take(CAUSE_CHARS).collect();
    if error.is_builder() {
        return Attempt::Refused {
            reason,
            by_all: false,
        };
    }
    Attempt::Failed(Failure {
        reason,
        nonsense: false,
        asked_wait: None,
    })
}

/// What `Retry-After` asks for, its date measured by the endpoint's own clock where it has one.
fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let field = |name: HeaderName| headers.get(name)?.to_str().ok();
    let now = field(DATE).and_then(wait::http_date).unwrap_or_else(|| {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    });
    wait::retry_after(field(RETRY_AFTER)?, now)
}

/// A client with the endpoint's headers. HTTP/1.1 alone: one connection per request in flight
/// is what a concurrency of hundreds needs, where HTTP/2 servers cap the streams of the single
/// connection that all would share.
fn client(endpoint: &Endpoint, key: Option<&ApiKey>) -> Result<Client, EndpointError> {
    // Another part of the program may have chosen a provider before; any will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut headers = endpoint.header_map()?;
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(key) = key {
        let mut value =
            HeaderValue::from_str(&format!("Bearer {}", key.secret())).map_err(|_| {
                EndpointError::BadHeader {
                    endpoint: endpoint.name.clone(),
                    header: AUTHORIZATION.to_string(),
                }
            })?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    let mut builder = Client::builder()
        .default_headers(headers)
        .user_agent(concat!("spinemed/", env!("CARGO_PKG_VERSION")))
        .http1_only()
        .redirect(redirect::Policy::none())
        .tcp_nodelay(true)
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(endpoint.timeout_s.into()));
    if endpoint.local {
        builder = builder.no_proxy();
    }
    if endpoint.url()?.scheme() == "http" {
        // No certificates are needed, and a bare container has none to load.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| EndpointError::Client {
        endpoint: endpoint.name.clone(),
        reason: error
            .source()
            .map_or_else(|| error.to_string(), ToString::to_string),
    })
}
