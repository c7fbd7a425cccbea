//! Verifies a release from its folder alone, offline.
//!
//! Three descriptions of the same instances must agree: JSON Lines, Parquet and the trace.
//! Each line must have the digest it claims and be written as this format writes it; each
//! Parquet row must be, cell by cell, what its line gives; the root must follow from the
//! digests. Around them, `SHA256SUMS` must name every file, `release.json` must count what
//! is there, and the card must be the view of both that it claims to be. So a change that
//! also repairs `SHA256SUMS` is found unless it rewrites everything consistently, root
//! included; against that a caller passes the root it knows.

mod absent;
mod part;
mod rows;
mod run;
mod top;

use rayon::prelude::*;
use serde::Serialize;
use spinemed_core::Digest;
use spinemed_core::seam::Tree;
use spinemed_core::vocabulary::{Kind, Split};

use run::{Files, Run};

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verification {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Everything that is wrong, in the order in which it was met; at most 10,000 entries,
    /// the last of which then says that there is more.
    pub damage: Vec<Damage>,
    /// The root as computed anew; none where instances could not be read.
    pub root: Option<Digest>,
    /// What was looked at.
    pub counts: Seen,
}

/// What a verification looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Files in the folder.
    pub files: u64,
    /// Bytes read from them.
    pub bytes: u64,
    /// Instances read from JSON Lines.
    pub instances: u64,
    /// Parquet rows that were compared with their instance.
    pub rows: u64,
    /// Picture files.
    pub images: u64,
    /// Rows of the trace.
    pub traced: u64,
    /// Rows of the table of absent units.
    pub absent: u64,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// What sort of damage.
    pub kind: DamageKind,
    /// The file, with line or row where known.
    #[serde(rename = "where")]
    pub place: String,
    /// What was expected and what was found; never an instance's text.
    pub detail: String,
}

/// Sorts of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DamageKind {
    /// A file that should be there is not.
    Missing,
    /// A file that should not be there is.
    Extra,
    /// A file's bytes are not those of `SHA256SUMS`.
    Altered,
    /// A file, line or row group cannot be read.
    Malformed,
    /// An instance is not what its digest says.
    Digest,
    /// Parquet and JSON Lines say different things of an instance.
    Content,
    /// Rows or lines do not stand where this format puts them.
    Order,
    /// A record key comes twice.
    Duplicate,
    /// A number is not what was counted.
    Count,
    /// A Merkle root is not the one computed.
    Root,
    /// A picture is missing, unreferenced or not what its name says.
    Image,
    /// An instance stands in another split than its own, or its group is torn.
    Split,
    /// Something is carried that the terms forbid.
    Redistribution,
    /// The trace and the instances disagree.
    Trace,
    /// The card, the licence file, `release.json` or `balance.json` disagree.
    Card,
    /// There is more damage than is listed.
    More,
}

/// Verifies a release folder. `expected` is the root that the caller knows from elsewhere;
/// without it the folder is held against itself alone. Kinds and splits are read side by
/// side in the thread pool that this is called in; what is found does not depend on it.
#[must_use]
pub fn verify(tree: &(dyn Tree + Sync), expected: Option<&Digest>) -> Verification {
    let (files, damage) = Files::list(tree);
    let mut run = Run::new(&files);
    run.damage = damage;
    let manifest = top::manifest(&mut run);
    let balance = top::balance(&mut run);
    let check = |(kind, split): &(Kind, Split)| {
        let mut part = Run::new(&files);
        part::check(&mut part, *kind, *split, manifest.as_ref());
        part
    };
    let parts: Vec<Run<'_>> = files.parts().par_iter().map(check).collect();
    parts.into_iter().for_each(|part| run.merge(part));
    rows::check_images(&mut run);
    let root = rows::check_root(&mut run, manifest.as_ref(), expected);
    absent::check_trace(&mut run, manifest.as_ref());
    absent::check_absent(&mut run, manifest.as_ref());
    if let Some(manifest) = &manifest {
        top::counts(&mut run, manifest);
        top::extra(&mut run, manifest);
        if let Some(balance) = &balance {
            top::views(&mut run, manifest, balance);
        }
    }
    run.finish(root)
}
