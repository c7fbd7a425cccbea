//! Items per second of `rules`, drafted, revised and checked on one thread.
//!
//! `cargo run --release -p spinemed-generate --example items -- 2000`
#![allow(
    clippy::disallowed_methods,
    reason = "an example may read the clock and its arguments"
)]
#![allow(clippy::print_stdout, reason = "an example tells what it measured")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Instant;

use spinemed_generate::check;

fn main() {
    let rounds: usize = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(500);
    let packs = support::packs();
    for pack in &packs {
        let (mut items, mut dropped, mut failed) = (0u32, 0u32, 0u32);
        let started = Instant::now();
        for round in 0..rounds.div_ceil(packs.len()) {
            let mut pack = pack.clone();
            pack.key = spinemed_core::PackKey::new(format!("{}/{round}", pack.key));
            for task in support::tasks()
                .into_iter()
                .filter(|task| task.variant == 0)
            {
                let made = support::draft(&pack, &task).and_then(|d| support::revise(&pack, &d));
                match made {
                    Ok(revised) => {
                        items += 1;
                        failed += u32::from(check::run(&pack, &revised).iter().any(|r| !r.passed));
                    }
                    Err(_) => dropped += 1,
                }
            }
        }
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "{:<14} {items:>6} items ({failed} failed a check), {dropped:>6} not applicable, {:>8.0} items/s",
            format!("{:?}", pack.kind),
            f64::from(items) / seconds,
        );
    }
}
