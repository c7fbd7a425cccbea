//! How many calls a second the HTTP backend makes, against the test server as a process.
//!
//! `cargo run --release -p spinemed-model --example throughput [ROWS] [LATENCY_MS] [CONCURRENCY]`
//! (20000, 200 and 256 unless told). Prints the share of the ideal, rows × latency ÷
//! concurrency, and the peak memory. Responses go to a file, made durable in groups, as in a build.
//! With `LATENCY_MS` 0 it measures the ceiling.

// A measurement: it reads the clock, its arguments and the process's memory.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::Instant;

use spinemed_core::instance::Role;
use spinemed_core::model::{ModelIdentity, PromptMessage, PromptPart, Request, Response, Sampling};
use spinemed_core::seam::{Journal, Model as _, StoreError};
use spinemed_model::endpoint::Endpoint;
use spinemed_model::http::HttpModel;
use spinemed_testkit::chat_server;

fn main() {
    let arguments: Vec<u32> = std::env::args()
        .skip(1)
        .map(|text| text.parse().unwrap())
        .collect();
    let argument = |index: usize, default: u32| arguments.get(index).copied().unwrap_or(default);
    let (rows, latency, concurrency) = (argument(0, 20_000), argument(1, 200), argument(2, 256));

    let script = if latency == 0 {
        "ok".to_owned()
    } else {
        format!("slow:{latency}")
    };
    let server = chat_server::spawn(&script);
    let mut endpoint = Endpoint::new("bench", server.url(), "tiny");
    endpoint.concurrency = concurrency;
    let model = HttpModel::new(&endpoint, None).unwrap();
    let journal = FileJournal(Mutex::new(tempfile::tempfile().unwrap()));

    let identity = model.identity().clone();
    let mut requests = (0..rows).map(|row| request(&identity, row));
    let (mut good, mut bad) = (0u32, 0u32);
    let processor = processor_seconds();
    let start = Instant::now();
    model.answer(&mut requests, &|_| None, &journal, &mut |_, reply| {
        if reply.is_ok() { good += 1 } else { bad += 1 }
    });
    let seconds = start.elapsed().as_secs_f64();
    let processor = processor_seconds() - processor;

    let rate = f64::from(rows) / seconds;
    println!("{rows} rows, {latency} ms, concurrency {concurrency}: {good} answered, {bad} failed");
    println!(
        "{seconds:.2} s, {rate:.0} calls/s, peak memory {} MiB",
        peak_memory_mib()
    );
    println!(
        "processor of this process {processor:.2} s: {:.0} calls/s per core",
        f64::from(rows) / processor
    );
    if latency > 0 {
        let ideal = f64::from(rows) * f64::from(latency) / 1000.0 / f64::from(concurrency);
        println!(
            "ideal {ideal:.2} s: {:.1} % of ideal",
            100.0 * ideal / seconds
        );
    }
    let seen = server.stats();
    println!(
        "server: {} requests, {} bodies, peak {}",
        seen.requests, seen.bodies, seen.peak
    );
}

/// A prompt of about a kilobyte.
fn request(identity: &ModelIdentity, row: u32) -> Request {
    let evidence =
        "The disc at L4/L5 is narrowed and the canal is moderately stenotic. ".repeat(15);
    let text = format!("Row {row}. {evidence}Which level is affected?");
    Request {
        identity: identity.clone(),
        messages: vec![PromptMessage {
            role: Role::User,
            parts: vec![PromptPart::Text { text }],
        }],
        schema: None,
        sampling: Sampling::default(),
        extra: BTreeMap::new(),
        attempt: 0,
    }
}

/// Lines in a file, one wait for the disk per group.
struct FileJournal(Mutex<File>);

impl Journal for FileJournal {
    fn record(&self, response: &Response) -> Result<(), StoreError> {
        self.record_all(std::slice::from_ref(response))
    }

    fn record_all(&self, responses: &[Response]) -> Result<(), StoreError> {
        let mut lines = Vec::new();
        for response in responses {
            serde_json::to_writer(&mut lines, response).unwrap();
            lines.push(b'\n');
        }
        let mut file = self.0.lock().unwrap();
        file.write_all(&lines)
            .and_then(|()| file.sync_data())
            .map_err(|cause| StoreError::Io {
                action: "write",
                place: "journal".into(),
                cause,
            })
    }
}

/// `VmHWM` of `/proc/self/status`, in MiB; 0 where there is no such file.
fn peak_memory_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

/// User and system time of this process, in seconds, from `/proc/self/stat` (100 ticks a second
/// on Linux); 0 elsewhere.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit_once(')')
        .map_or("", |(_, rest)| rest)
        .split_whitespace();
    let ticks: f64 = fields
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}
