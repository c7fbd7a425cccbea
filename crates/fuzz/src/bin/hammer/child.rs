//! The process that tries inputs.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::{Job, mutate};

/// Between two notes of how far it has come.
const NOTE_EVERY: u64 = 256;
/// Processor time that an input may take.
const SLOW: Duration = Duration::from_secs(1);
/// Growth of the address space that is worth telling, in KiB.
const LARGE: u64 = 256 << 10;
/// Findings after which a child ends: more of the same help nobody.
const ENOUGH: usize = 20;

/// Tries inputs until the time is over. The exit status is 0 in any case: what was found is
/// told by lines that begin with `found`.
pub(crate) fn run(job: &Job) -> ExitCode {
    let place = Arc::new(Mutex::new(String::new()));
    let told = Arc::clone(&place);
    set_hook(Box::new(move |info| {
        let at = info
            .location()
            .map_or_else(String::new, ToString::to_string);
        *told.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }));
    let note = job.scratch.join(format!("{}.at", job.name));
    let mut known = BTreeSet::new();
    let mut number = job.from;
    let mut peak = address_space();
    let mut slowest = (Duration::ZERO, job.from);
    while !over(job) && known.len() < ENOUGH {
        if job.careful || (number - job.from).is_multiple_of(NOTE_EVERY) {
            let _ = fs::write(&note, number.to_string());
        }
        let input = mutate::input(job.name, &job.seeds, number);
        let began = Instant::now();
        let sound = attempt(job, &input);
        let took = began.elapsed();
        let long = took > SLOW;
        slowest = slowest.max((took, number));
        if !sound {
            let at = place.lock().unwrap_or_else(PoisonError::into_inner).clone();
            tell(job, &mut known, number, &input, format!("panic at {at}"));
        }
        if long {
            // The machine may have been busy elsewhere: once more, by processor time.
            let before = processor_time();
            attempt(job, &input);
            let took = processor_time().saturating_sub(before);
            if took > SLOW {
                let what = format!("slow ({:.1} s)", took.as_secs_f64());
                tell(job, &mut known, number, &input, what);
            }
        }
        let now = address_space();
        if now > peak + LARGE {
            let grown = (now - peak) >> 10;
            tell(
                job,
                &mut known,
                number,
                &input,
                format!("large ({grown} MiB)"),
            );
        }
        peak = peak.max(now);
        number += 1;
    }
    println!("tried {}", number - job.from);
    println!("slowest {} {}", slowest.0.as_millis(), slowest.1);
    println!("peak {}", status("VmHWM:"));
    ExitCode::SUCCESS
}

/// Whether the time is over.
fn over(job: &Job) -> bool {
    let used = if job.by_processor {
        processor_time()
    } else {
        job.began.elapsed()
    };
    used >= job.time
}

/// Whether the target comes back.
fn attempt(job: &Job, input: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| (job.target)(input))).is_ok()
}

/// Says what was found, once for each place or kind, and keeps the input.
fn tell(job: &Job, known: &mut BTreeSet<String>, number: u64, input: &[u8], what: String) {
    if known.insert(what.clone()) {
        let file = job.scratch.join(format!("{}-{number}", job.name));
        let kept = match fs::write(&file, input) {
            Ok(()) => file.display().to_string(),
            Err(error) => format!("not kept: {error}"),
        };
        println!("found {what}, input {number}: {kept}");
    }
}

/// Processor time of this process, in steps of a hundredth of a second; nothing where the
/// system does not tell.
fn processor_time() -> Duration {
    ticks(11)
}

/// The sum of two fields of this process's `stat` (proc(5)), the first by its place behind the
/// name: 11 for its own processor time, 13 for that of children that have ended.
pub(crate) fn ticks(first: usize) -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = rest
        .split_whitespace()
        .skip(first)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

/// The largest address space so far, in KiB; nothing where the system does not tell.
fn address_space() -> u64 {
    status("VmPeak:")
}

/// A figure of this process's status, in KiB.
fn status(name: &str) -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
