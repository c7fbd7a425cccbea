//! The files at the top: `release.json`, `balance.json`, the card, the licence.

use serde::Serialize;
use serde::de::DeserializeOwned;
use spinemed_core::Digest;
use spinemed_core::instance::Instance;

use super::DamageKind;
use super::run::Run;
use crate::counts::Counts;
use crate::manifest::{
    BALANCE_FILE, CARD, CARD_FILE, FORMAT, LICENCE_FILE, MANIFEST_FILE, Manifest, imbalance, pretty,
};
use crate::plan::Balance;
use crate::write::whole_licence;
use crate::{card, licences};

/// Reads `release.json`.
pub(super) fn manifest(run: &mut Run<'_>) -> Option<Manifest> {
    let manifest: Manifest = read(run, MANIFEST_FILE)?;
    if manifest.format > FORMAT || manifest.instance_format > Instance::VERSION {
        let detail = format!(
            "format {} is newer than this program's {FORMAT}",
            manifest.format
        );
        run.report(DamageKind::Malformed, MANIFEST_FILE, detail);
    }
    if !manifest
        .sources
        .windows(2)
        .all(|pair| pair[0].id < pair[1].id)
    {
        run.report(DamageKind::Order, MANIFEST_FILE, "sources do not ascend");
    }
    Some(manifest)
}

/// Reads `balance.json` and adds it up.
pub(super) fn balance(run: &mut Run<'_>) -> Option<Balance> {
    let balance: Balance = read(run, BALANCE_FILE)?;
    if let Some((stage, detail)) = imbalance(&balance) {
        run.report(
            DamageKind::Count,
            format!("{BALANCE_FILE}, `{stage}`"),
            detail,
        );
    }
    Some(balance)
}

/// Reads a file that must be written exactly as this format writes it.
fn read<T: Serialize + DeserializeOwned>(run: &mut Run<'_>, name: &str) -> Option<T> {
    let bytes = run.take(name)?;
    match serde_json::from_slice::<T>(&bytes) {
        Ok(value) => {
            if pretty(&value) != bytes {
                run.report(
                    DamageKind::Malformed,
                    name,
                    "not written as this format writes it",
                );
            }
            Some(value)
        }
        Err(cause) => {
            run.report(DamageKind::Malformed, name, cause.to_string());
            None
        }
    }
}

/// Compares what was counted with what `release.json` says. Says nothing where instances
/// could not be read: the damage is reported already, and totals would only repeat it.
pub(super) fn counts(run: &mut Run<'_>, manifest: &Manifest) {
    if !run.whole {
        return;
    }
    let found = std::mem::take(&mut run.tally).finish();
    for (name, differs) in differences(&found, &manifest.counts) {
        if differs {
            let detail = format!("`counts.{name}` is not what was counted");
            run.report(DamageKind::Count, MANIFEST_FILE, detail);
        }
    }
    let licence = whole_licence(&found);
    if licence != manifest.licence {
        let detail = format!(
            "the licence is `{}`, its instances give `{licence}`",
            manifest.licence
        );
        run.report(DamageKind::Card, MANIFEST_FILE, detail);
    }
}

fn differences(found: &Counts, said: &Counts) -> [(&'static str, bool); 8] {
    [
        ("instances", found.instances != said.instances),
        ("with_images", found.with_images != said.with_images),
        ("images", found.images != said.images),
        ("recipes", found.recipes != said.recipes),
        ("cells", found.cells != said.cells),
        ("by_source", found.by_source != said.by_source),
        ("by_level", found.by_level != said.by_level),
        ("by_condition", found.by_condition != said.by_condition),
    ]
}

/// Compares additional files with the digests in `release.json`.
pub(super) fn extra(run: &mut Run<'_>, manifest: &Manifest) {
    for (name, expect) in &manifest.extra {
        let Some(bytes) = run.take(name) else {
            continue;
        };
        if Digest::of(&bytes) != *expect {
            run.report(
                DamageKind::Card,
                name,
                format!("`{MANIFEST_FILE}` says {expect}"),
            );
        }
    }
}

/// Writes card and licence again and compares. A card of another version is hashed alone.
pub(super) fn views(run: &mut Run<'_>, manifest: &Manifest, balance: &Balance) {
    let views = [
        (CARD_FILE, card::render(manifest, balance)),
        (LICENCE_FILE, licences::text(manifest)),
    ];
    for (name, expect) in views {
        let Some(bytes) = run.take(name) else {
            continue;
        };
        if manifest.card == CARD && bytes != expect.as_bytes() {
            let detail = format!("not the view of `{MANIFEST_FILE}` and `{BALANCE_FILE}`");
            run.report(DamageKind::Card, name, detail);
        }
    }
}
