//! Counts what goes through a model.

use std::sync::atomic::{AtomicU64, Ordering};

use spinemed_core::Digest;
use spinemed_core::model::{Request, Response};
use spinemed_core::seam::{Journal, Model, ModelError};

/// A model that counts requests and responses of the one inside.
#[derive(Debug)]
pub struct Counting<M> {
    inner: M,
    asked: AtomicU64,
    answered: AtomicU64,
}

impl<M> Counting<M> {
    /// Counts from zero.
    pub fn new(inner: M) -> Self {
        Self {
            inner,
            asked: AtomicU64::new(0),
            answered: AtomicU64::new(0),
        }
    }

    /// Requests taken so far: the calls made. Retries inside the model are not seen here.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Requests that got a response.
    pub fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// The model inside.
    pub fn inner(&self) -> &M {
        &self.inner
    }
}

impl<M: Model> Model for Counting<M> {
    fn answer(
        &self,
        requests: &mut (dyn Iterator<Item = Request> + Send),
        images: &(dyn Fn(&Digest) -> Option<Vec<u8>> + Sync),
        journal: &dyn Journal,
        done: &mut dyn FnMut(Digest, Result<Response, ModelError>),
    ) {
        let mut counted = requests.inspect(|_| {
            self.asked.fetch_add(1, Ordering::Relaxed);
        });
        self.inner
            .answer(&mut counted, images, journal, &mut |key, reply| {
                if reply.is_ok() {
                    self.answered.fetch_add(1, Ordering::Relaxed);
                }
                done(key, reply);
            });
    }
}
