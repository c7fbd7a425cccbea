//! What all calls to one endpoint share: slots, pace, pauses, and when to stop trying.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// The endpoint's gate.
pub(super) struct Gate {
    slots: Semaphore,
    pace: Mutex<Pace>,
    health: Health,
}

/// When the next request may start.
struct Pace {
    interval: Duration,
    next: Instant,
    paused_until: Instant,
}

/// Requests that failed one after another, with all their attempts.
struct Health {
    failures: AtomicU32,
    patience: u32,
    probing: AtomicBool,
    last: Mutex<String>,
}

/// Whether a request may try.
pub(super) enum Admission<'a> {
    /// As often as the endpoint's declaration says.
    Free,
    /// Once, to see whether the endpoint has come back; one request at a time does this.
    Probe(#[allow(dead_code, reason = "held for its drop")] Probe<'a>),
    /// Not at all: the endpoint is down. With the last cause.
    Closed(String),
}

/// The right to be the only request that tries.
pub(super) struct Probe<'a>(&'a AtomicBool);

impl Drop for Probe<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Gate {
    /// A gate with so many slots and at most so many starts per minute.
    pub(super) fn new(slots: u32, per_minute: Option<u32>) -> Self {
        let now = Instant::now();
        let interval = per_minute.map_or(Duration::ZERO, |n| Duration::from_secs(60) / n);
        Self {
            slots: Semaphore::new(slots as usize),
            pace: Mutex::new(Pace {
                interval,
                next: now,
                paused_until: now,
            }),
            health: Health {
                failures: AtomicU32::new(0),
                patience: (2 * slots).max(32),
                probing: AtomicBool::new(false),
                last: Mutex::new(String::new()),
            },
        }
    }

    /// Waits for a pause to end, for a slot, and for the pace.
    pub(super) async fn enter(&self) -> SemaphorePermit<'_> {
        loop {
            sleep_past(self.paused_until()).await;
            let slot = self
                .slots
                .acquire()
                .await
                .expect("the semaphore is never closed");
            if self.paused_until() <= Instant::now() {
                let start = self.next_start();
                sleep_past(start).await;
                return slot;
            }
            // A pause began while this request waited: it gives its slot back and waits again.
        }
    }

    /// Lets nobody start for a while: the endpoint asked for it.
    pub(super) fn pause(&self, wait: Duration) {
        let mut pace = self.pace.lock().expect("no holder of this lock panics");
        pace.paused_until = pace.paused_until.max(Instant::now() + wait);
    }

    /// Whether a request may try at all. After many failures in a row the endpoint counts as
    /// down, and hundreds of thousands of requests must not each wait their minutes out.
    pub(super) fn admit(&self) -> Admission<'_> {
        if self.health.failures.load(Ordering::Relaxed) < self.health.patience {
            return Admission::Free;
        }
        if !self.health.probing.swap(true, Ordering::Acquire) {
            return Admission::Probe(Probe(&self.health.probing));
        }
        Admission::Closed(
            self.health
                .last
                .lock()
                .expect("no holder of this lock panics")
                .clone(),
        )
    }

    /// The endpoint answered a request.
    pub(super) fn well(&self) {
        self.health.failures.store(0, Ordering::Relaxed);
    }

    /// A request failed in a way that others will too.
    pub(super) fn ill(&self, reason: &str) {
        reason.clone_into(
            &mut self
                .health
                .last
                .lock()
                .expect("no holder of this lock panics"),
        );
        self.health.failures.fetch_add(1, Ordering::Relaxed);
    }

    fn paused_until(&self) -> Instant {
        self.pace
            .lock()
            .expect("no holder of this lock panics")
            .paused_until
    }

    fn next_start(&self) -> Instant {
        let mut pace = self.pace.lock().expect("no holder of this lock panics");
        let start = pace.next.max(Instant::now());
        pace.next = start + pace.interval;
        start
    }
}

async fn sleep_past(time: Instant) {
    if time > Instant::now() {
        sleep_until(time).await;
    }
}
