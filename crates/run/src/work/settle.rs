//! Brings a shard's questions to their answers: what a generator can answer itself is taken;
//! the rest goes to the model, each response kept before it is read (I4), and a response that
//! cannot be read is asked for again a bounded number of times.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::Digest;
use spinemed_core::instance::Role;
use spinemed_core::model::{PromptMessage, PromptPart, Request, Response};
use spinemed_core::outcome::Outcome;
use spinemed_core::seam::{Ask, Journal, ModelError, StoreError};
use spinemed_store::Usage;

use super::{ShardCx, WorkError};

/// Reads an answer out of a response; `Err` is what to tell the model when it is asked again.
pub(super) type Reader<'a, T> = Box<dyn Fn(&Response) -> Result<Outcome<T>, String> + 'a>;

/// A question and how to read its answer.
pub(super) struct Job<'a, T> {
    pub ask: Ask<T>,
    pub read: Reader<'a, T>,
}

/// What an answer rests on.
#[derive(Debug, Clone, Default)]
pub(super) struct Spent {
    /// What its calls amount to.
    pub usage: Usage,
    /// The keys of their responses.
    pub responses: Vec<Digest>,
}

/// Answers jobs, in their order.
pub(super) fn settle<T>(
    jobs: Vec<Job<'_, T>>,
    max_repairs: u32,
    cx: &mut ShardCx<'_>,
) -> Result<Vec<(Outcome<T>, Spent)>, WorkError> {
    let mut spent = vec![Spent::default(); jobs.len()];
    let mut outcomes: Vec<Option<Outcome<T>>> = Vec::with_capacity(jobs.len());
    let mut open: Vec<(usize, Request, Reader<'_, T>)> = Vec::new();
    for (index, job) in jobs.into_iter().enumerate() {
        match job.ask {
            Ask::Answer(outcome) => outcomes.push(Some(outcome)),
            Ask::Request(request) => {
                outcomes.push(None);
                open.push((index, *request, job.read));
            }
        }
    }
    while !open.is_empty() {
        let replies = call(open.iter().map(|(_, request, _)| request), cx)?;
        let mut again = Vec::new();
        for (index, request, read) in open {
            if let Ok(response) = &replies[&request.key()] {
                let usage = cx.calls.usage(&request.identity.endpoint, response);
                spent[index].usage.add(usage);
                spent[index].responses.push(request.key());
            }
            match read_reply(&replies[&request.key()], &read) {
                Ok(outcome) => outcomes[index] = Some(outcome),
                Err(fault) if request.attempt < max_repairs => {
                    again.push((index, repair(request, &fault), read));
                }
                Err(fault) => {
                    outcomes[index] = Some(Outcome::Failed(format!(
                        "the model's answer cannot be used: {fault}"
                    )));
                }
            }
        }
        open = again;
    }
    let settled = outcomes
        .into_iter()
        .map(|o| o.expect("every job was settled above"));
    Ok(settled.zip(spent).collect())
}

type Reply = Result<Response, ModelError>;

fn read_reply<T>(reply: &Reply, read: &Reader<'_, T>) -> Result<Outcome<T>, String> {
    match reply {
        Ok(response) => read(response),
        Err(error) => Ok(Outcome::Failed(error.to_string())),
    }
}

/// The same question once more, with what was wrong with the last answer.
fn repair(mut request: Request, fault: &str) -> Request {
    request.attempt += 1;
    let text = format!(
        "Your last answer could not be used: {fault}. Answer again, with valid JSON alone."
    );
    request.messages.push(PromptMessage {
        role: Role::User,
        parts: vec![PromptPart::Text { text }],
    });
    request
}

/// Responses to requests: kept ones first, the rest from their endpoints, equal requests once.
fn call<'r>(
    requests: impl Iterator<Item = &'r Request>,
    cx: &mut ShardCx<'_>,
) -> Result<BTreeMap<Digest, Reply>, WorkError> {
    let mut replies: BTreeMap<Digest, Reply> = BTreeMap::new();
    let mut by_endpoint: BTreeMap<&str, Vec<Request>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for request in requests {
        let key = request.key();
        if !seen.insert(key) {
            continue;
        }
        if let Some(response) = (cx.known)(&key)? {
            cx.calls.add_reused();
            replies.insert(key, Ok(response));
        } else {
            by_endpoint
                .entry(&request.identity.endpoint)
                .or_default()
                .push(request.clone());
        }
    }
    for (endpoint, requests) in by_endpoint {
        ask_endpoint(endpoint, requests, cx, &mut replies)?;
    }
    Ok(replies)
}

fn ask_endpoint(
    endpoint: &str,
    requests: Vec<Request>,
    cx: &mut ShardCx<'_>,
    replies: &mut BTreeMap<Digest, Reply>,
) -> Result<(), WorkError> {
    let Some(model) = (cx.models)(endpoint) else {
        for request in requests {
            let reason = format!("no client for endpoint `{endpoint}`");
            replies.insert(request.key(), Err(ModelError::Refused { reason }));
        }
        return Ok(());
    };
    let mut unkept: Option<StoreError> = None;
    let paid = &mut cx.responses;
    let calls = cx.calls;
    let blobs = cx.blobs;
    let images = |digest: &Digest| blobs.get(digest).ok().flatten();
    let counted = Counted {
        journal: cx.journal,
        calls,
    };
    model.answer(
        &mut requests.into_iter(),
        &images,
        &counted,
        &mut |key, reply| {
            match &reply {
                Ok(response) => {
                    calls.add_spent(endpoint, response);
                    paid.push(response.clone());
                }
                Err(ModelError::NotKept { reason }) => {
                    unkept = Some(StoreError::Database {
                        place: "journal".into(),
                        cause: reason.clone(),
                    });
                }
                Err(_) => {}
            }
            replies.insert(key, reply);
        },
    );
    unkept.map_or(Ok(()), |error| Err(error.into()))
}

/// Counts responses as they are kept.
struct Counted<'a> {
    journal: &'a dyn Journal,
    calls: &'a super::CallCounters<'a>,
}

impl Journal for Counted<'_> {
    fn record(&self, response: &Response) -> Result<(), StoreError> {
        self.record_all(std::slice::from_ref(response))
    }

    fn record_all(&self, responses: &[Response]) -> Result<(), StoreError> {
        self.journal.record_all(responses)?;
        responses.iter().for_each(|_| self.calls.add_made());
        Ok(())
    }
}
