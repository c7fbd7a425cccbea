//! Verifies a workspace: the chain of events, every instance's bytes, its pictures, and the
//! source files that it names.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::seam::Store;

use super::AuditError;
use super::trace::instance_of;
use crate::opened::Opened;
use crate::scan::Scanned;

/// Something that is not as the ledger says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Damage {
    /// `event`, `instance`, `picture`, `source-file`, `root`.
    pub kind: String,
    /// Which.
    #[serde(rename = "where")]
    pub place: String,
    /// What is wrong.
    pub detail: String,
}

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verified {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Everything that is wrong.
    pub damage: Vec<Damage>,
    /// Events verified.
    pub events: u64,
    /// Instances verified.
    pub instances: u64,
    /// Pictures verified.
    pub pictures: u64,
    /// Source files verified.
    pub files: u64,
}

/// Verifies a pipeline's corpus back to source bytes. `scanned` must have been hashed anew.
///
/// # Errors
/// [`AuditError`] when the ledger cannot be read at all.
pub fn verify(
    opened: &Opened,
    pipeline: &str,
    scanned: &[Scanned<'_>],
) -> Result<Verified, AuditError> {
    let mut found = Verified::default();
    let mut damage = BTreeSet::new();
    let mut hurt = |kind: &str, place: &str, detail: String| {
        damage.insert(Damage {
            kind: kind.into(),
            place: place.into(),
            detail,
        });
    };
    match opened.ledger.verify_chain()? {
        Ok(events) => found.events = events.unsigned_abs(),
        Err(seq) => hurt(
            "event",
            &format!("event {seq}"),
            "its link does not hold".into(),
        ),
    }
    let rows = opened.ledger.instances(pipeline)?;
    let root = crate::freeze::root(&rows);
    if let Some(build) = opened.ledger.last_build(pipeline)?
        && build.root != Some(root)
    {
        hurt(
            "root",
            pipeline,
            format!(
                "the instances give {root}, the build recorded {:?}",
                build.root
            ),
        );
    }
    let files = known_files(scanned);
    let mut pictures = BTreeSet::new();
    let mut named = BTreeSet::new();
    for row in &rows {
        match instance_of(&opened.ledger, row) {
            Ok(instance) => {
                found.instances += 1;
                pictures.extend(instance.images.iter().map(|i| i.media.sha256));
                let places = instance.evidence.iter().map(|e| &e.place);
                for place in places.chain(instance.images.iter().map(|i| &i.place)) {
                    named.insert((
                        row.source.clone(),
                        place.file.path.clone(),
                        place.file.sha256,
                    ));
                }
            }
            Err(error) => hurt("instance", &row.key, error.to_string()),
        }
    }
    for picture in &pictures {
        match opened.blobs.get(picture) {
            Ok(Some(_)) => found.pictures += 1,
            Ok(None) => hurt("picture", &picture.to_string(), "it is missing".into()),
            Err(error) => hurt("picture", &picture.to_string(), error.to_string()),
        }
    }
    for (source, file, digest) in named {
        let place = format!("{source}/{file}");
        match files.get(&(source, file)) {
            Some(now) if *now == digest => found.files += 1,
            Some(now) => hurt(
                "source-file",
                &place,
                format!("its digest is {now}; instances rest on {digest}"),
            ),
            None => hurt("source-file", &place, "it is missing or unreadable".into()),
        }
    }
    found.damage = damage.into_iter().collect();
    found.ok = found.damage.is_empty();
    Ok(found)
}

fn known_files(scanned: &[Scanned<'_>]) -> BTreeMap<(String, String), Digest> {
    scanned
        .iter()
        .flat_map(|s| {
            let id = s.source.manifest.id.to_string();
            s.files
                .iter()
                .map(move |f| ((id.clone(), f.name.clone()), f.digest))
        })
        .collect()
}
