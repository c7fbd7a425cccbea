//! What is asked of all instances together: pictures and the root.

use spinemed_core::Digest;

use super::DamageKind;
use super::run::Run;
use crate::manifest::{MANIFEST_FILE, Manifest};
use crate::merkle::record_root;

/// Holds picture files against their names, and against the instances that show them.
pub(super) fn check_images(run: &mut Run<'_>) {
    let there: Vec<String> = run
        .files
        .names
        .iter()
        .filter(|name| name.starts_with("images/"))
        .cloned()
        .collect();
    for name in &there {
        let shown = run.shown.contains(name);
        if !shown && !run.whole {
            run.take(name);
            continue;
        }
        if !shown {
            run.report(
                DamageKind::Image,
                name,
                "no instance of the release shows it",
            );
        }
        let Some(bytes) = run.take(name) else {
            continue;
        };
        run.seen.images += 1;
        let found = Digest::of(&bytes).to_string();
        let stem = name.trim_start_matches("images/").split('.').next();
        if stem != Some(found.as_str()) {
            run.report(
                DamageKind::Image,
                name,
                format!("its bytes have digest {found}"),
            );
        }
    }
    for name in run.shown.clone() {
        if !run.files.names.contains(&name) {
            run.report(
                DamageKind::Image,
                &name,
                "an instance shows it, and it is not there",
            );
        }
    }
}

/// Computes the root anew. None where instances could not be read.
pub(super) fn check_root(
    run: &mut Run<'_>,
    manifest: Option<&Manifest>,
    expected: Option<&Digest>,
) -> Option<Digest> {
    run.leaves.sort_unstable();
    let twice: Vec<String> = run
        .leaves
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .map(|pair| pair[0].0.to_string())
        .collect();
    for key in twice {
        run.report(
            DamageKind::Duplicate,
            "jsonl",
            format!("`{key}` comes more than once"),
        );
    }
    if !run.whole {
        return None;
    }
    let root = record_root(run.leaves.iter().map(|(key, digest)| (key, digest)));
    if let Some(said) = manifest
        .map(|m| m.roots.instances)
        .filter(|said| *said != root)
    {
        let detail = format!("the instances give {root}, `{MANIFEST_FILE}` says {said}");
        run.report(DamageKind::Root, MANIFEST_FILE, detail);
    }
    if let Some(expected) = expected.filter(|expected| **expected != root) {
        let detail = format!("the instances give {root}, the caller expects {expected}");
        run.report(DamageKind::Root, MANIFEST_FILE, detail);
    }
    Some(root)
}
