//! How long one million summaries take: `cargo run -p spinemed-curate --example million`.
#![allow(clippy::disallowed_methods)] // A measurement reads the clock; its output feeds nothing.
#![allow(clippy::print_stdout)] // A measurement prints.

use std::time::Instant;

use spinemed_core::Digest;
use spinemed_core::ids::{GroupKey, PackKey, RecordKey};
use spinemed_curate::{
    InstanceSummary, PackSummary, Pins, SameRule, SplitSettings, instances, packs,
};

/// Twenty packs to a group; one in fifty repeats another's text; four links each.
fn summaries(n: u64) -> impl Iterator<Item = PackSummary> {
    (0..n).map(move |at| {
        let content = if at % 50 == 0 { at / 7 } else { at };
        let identity = Digest::of(&content.to_be_bytes());
        let mut links = vec![identity];
        links.extend(
            (0..3u64).map(|part| Digest::of(&[at.to_be_bytes(), part.to_be_bytes()].concat())),
        );
        links.sort_unstable();
        PackSummary {
            key: PackKey::new(format!(
                "source-{}/document-{}/sec-methods-p{}",
                at % 10,
                at / 20,
                at % 20
            )),
            group: GroupKey::new(format!("source-{}:document-{}", at % 10, at / 20)),
            identity,
            rule: SameRule::ExactTextAndPictures,
            links,
            drop: None,
            traits: None,
        }
    })
}

fn main() {
    let n: u64 = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let all: Vec<PackSummary> = summaries(n).collect();
    let start = Instant::now();
    let found = packs(all, &SplitSettings::default(), &Pins::default());
    println!(
        "{n} packs: {:.2} s, {} kept, {} dropped, {} joined sets, proof {:?}",
        start.elapsed().as_secs_f64(),
        found.kept.len(),
        found.dropped.len(),
        found.joined.len(),
        (found.proof.groups_in_two, found.proof.links_in_two)
    );
    let items: Vec<InstanceSummary> = (0..n)
        .map(|at| InstanceSummary {
            key: RecordKey::new(format!("source/document-{at}/p#mcq.en.0")),
            identity: Digest::of(&(at / 3 * 2).to_be_bytes()),
        })
        .collect();
    let start = Instant::now();
    let drops = instances(items);
    println!(
        "{n} instances: {:.2} s, {} dropped",
        start.elapsed().as_secs_f64(),
        drops.len()
    );
}
