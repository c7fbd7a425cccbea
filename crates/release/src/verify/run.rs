//! The state of one verification: files with their expected digests, instances met, damage.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::instance::Instance;
use spinemed_core::seam::Tree;
use spinemed_core::vocabulary::{Kind, Split};
use spinemed_core::{Digest, GroupKey, RecordKey};

use super::{Damage, DamageKind, Seen, Verification};
use crate::counts::Tally;
use crate::manifest::SUMS_FILE;

/// More damage than this is not listed.
const MOST: usize = 10_000;

pub(super) struct Run<'a> {
    pub tree: &'a dyn Tree,
    pub names: BTreeSet<String>,
    sums: BTreeMap<String, Digest>,
    /// Files that some check understood.
    known: BTreeSet<String>,
    pub damage: Vec<Damage>,
    pub seen: Seen,
    pub tally: Tally,
    pub groups: BTreeMap<GroupKey, Split>,
    /// Keys and digests of all instances; sorted by key once all are read.
    pub leaves: Vec<(RecordKey, Digest)>,
    /// Whether every instance could be read, so that totals mean something.
    pub whole: bool,
    /// Picture files that an instance shows.
    pub shown: BTreeSet<String>,
}

impl<'a> Run<'a> {
    /// Reads `SHA256SUMS` and compares its names with the folder's.
    pub fn new(tree: &'a dyn Tree) -> Self {
        let names: BTreeSet<String> = tree.names().into_iter().collect();
        let mut run = Self {
            tree,
            sums: BTreeMap::new(),
            known: [SUMS_FILE.to_owned()].into(),
            damage: Vec::new(),
            seen: Seen {
                files: names.len() as u64,
                ..Seen::default()
            },
            tally: Tally::default(),
            groups: BTreeMap::new(),
            leaves: Vec::new(),
            whole: true,
            shown: BTreeSet::new(),
            names,
        };
        run.read_sums();
        run
    }

    fn read_sums(&mut self) {
        if !self.names.contains(SUMS_FILE) {
            return self.report(
                DamageKind::Missing,
                SUMS_FILE,
                "the folder is no finished release",
            );
        }
        let Some(bytes) = self.raw(SUMS_FILE) else {
            return;
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut before = String::new();
        for (number, line) in text.lines().enumerate() {
            let place = format!("{SUMS_FILE} line {}", number + 1);
            let parsed = line.split_once("  ").and_then(|(hex, name)| {
                hex.parse::<Digest>()
                    .ok()
                    .map(|digest| (name.to_owned(), digest))
            });
            match parsed {
                None => self.report(DamageKind::Malformed, place, "not a line of `sha256sum`"),
                Some((name, _)) if name <= before => {
                    self.report(DamageKind::Order, place, "names do not ascend");
                }
                Some((name, digest)) => {
                    before.clone_from(&name);
                    self.sums.insert(name, digest);
                }
            }
        }
        if !text.ends_with('\n') {
            self.report(DamageKind::Malformed, SUMS_FILE, "the last line has no end");
        }
        let listed: BTreeSet<String> = self.sums.keys().cloned().collect();
        for name in listed.difference(&self.names.clone()) {
            self.report(
                DamageKind::Missing,
                name,
                "listed in `SHA256SUMS`, not in the folder",
            );
        }
        for name in self
            .names
            .clone()
            .difference(&listed)
            .filter(|name| *name != SUMS_FILE)
        {
            self.report(
                DamageKind::Extra,
                name,
                "in the folder, not listed in `SHA256SUMS`",
            );
        }
    }

    /// Adds an entry of damage.
    pub fn report(
        &mut self,
        kind: DamageKind,
        place: impl Into<String>,
        detail: impl Into<String>,
    ) {
        let (place, detail) = (place.into(), detail.into());
        match self.damage.len() {
            0..MOST => self.damage.push(Damage {
                kind,
                place,
                detail,
            }),
            MOST => {
                let detail = format!("there is more damage than these {MOST} entries");
                self.damage.push(Damage {
                    kind: DamageKind::More,
                    place: String::new(),
                    detail,
                });
            }
            _ => {}
        }
    }

    /// The kinds and splits that any file speaks of.
    pub fn parts(&self) -> Vec<(Kind, Split)> {
        let spoken = |name: &&String| name.starts_with("data/") || name.starts_with("jsonl/");
        let names: Vec<&String> = self
            .names
            .iter()
            .chain(self.sums.keys())
            .filter(spoken)
            .collect();
        let mut parts = Vec::new();
        for kind in Kind::ALL {
            for split in Split::ALL {
                let (folder, file) = (
                    format!("data/{kind}/{split}/"),
                    crate::write::lines_name(*kind, *split),
                );
                if names
                    .iter()
                    .any(|name| name.starts_with(&folder) || **name == file)
                {
                    parts.push((*kind, *split));
                }
            }
        }
        parts
    }

    /// A file's bytes, compared with `SHA256SUMS`; none when it is missing or unreadable,
    /// which is then reported. Each file is taken once.
    pub fn take(&mut self, name: &str) -> Option<Vec<u8>> {
        self.known.insert(name.to_owned());
        if !self.names.contains(name) {
            if !self.sums.contains_key(name) {
                self.report(DamageKind::Missing, name, "a release has this file");
            }
            return None;
        }
        let bytes = self.raw(name)?;
        let found = Digest::of(&bytes);
        if let Some(expect) = self.sums.get(name).filter(|expect| **expect != found) {
            let detail = format!("`SHA256SUMS` says {expect}, its bytes have {found}");
            self.report(DamageKind::Altered, name, detail);
        }
        Some(bytes)
    }

    fn raw(&mut self, name: &str) -> Option<Vec<u8>> {
        match self.tree.read(name) {
            Ok(bytes) => {
                self.seen.bytes += bytes.len() as u64;
                Some(bytes.into_owned())
            }
            Err(cause) => {
                self.report(
                    DamageKind::Malformed,
                    name,
                    format!("cannot be read: {cause}"),
                );
                None
            }
        }
    }

    /// Counts an instance, and holds it to its place and group.
    pub fn meet(&mut self, instance: &Instance, digest: Digest, place: &str, part: (Kind, Split)) {
        self.seen.instances += 1;
        self.tally.add(instance);
        if (instance.kind, instance.split) != part || instance.item.kind() != instance.kind {
            let detail = format!(
                "`{}` is a {} of {}",
                instance.key, instance.kind, instance.split
            );
            self.report(DamageKind::Split, place, detail);
        }
        let split = *self
            .groups
            .entry(instance.group.clone())
            .or_insert(instance.split);
        if split != instance.split {
            let detail = format!(
                "group `{}` is torn between {split} and {}",
                instance.group, instance.split
            );
            self.report(DamageKind::Split, place, detail);
        }
        self.leaves.push((instance.key.clone(), digest));
    }

    /// Hashes what no check has read, names what does not belong, and ends.
    pub fn finish(mut self, root: Option<Digest>) -> Verification {
        let known = self.known.clone();
        for name in self.names.clone().difference(&known) {
            self.take(name);
            self.report(
                DamageKind::Extra,
                name,
                "no part of a release of this format",
            );
        }
        Verification {
            ok: self.damage.is_empty(),
            damage: self.damage,
            root,
            counts: self.seen,
        }
    }
}
