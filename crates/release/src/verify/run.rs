//! The state of one verification: files with their expected digests, instances met, damage.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::instance::Instance;
use spinemed_core::seam::Tree;
use spinemed_core::vocabulary::{Kind, Split};
use spinemed_core::{Digest, GroupKey, RecordKey};

use super::{Damage, DamageKind, Seen, Verification};
use crate::counts::Tally;
use crate::manifest::SUMS_FILE;
use crate::write::lines_name;

/// More damage than this is not listed.
const MOST: usize = 10_000;

/// The folder: what is there, and what should be.
pub(super) struct Files<'a> {
    pub tree: &'a (dyn Tree + Sync),
    pub names: BTreeSet<String>,
    sums: BTreeMap<String, Digest>,
}

impl<'a> Files<'a> {
    /// Reads `SHA256SUMS` and compares its names with the folder's; with what is wrong.
    pub fn list(tree: &'a (dyn Tree + Sync)) -> (Self, Vec<Damage>) {
        let names: BTreeSet<String> = tree.names().into_iter().collect();
        let mut files = Self {
            tree,
            names,
            sums: BTreeMap::new(),
        };
        let mut damage = Vec::new();
        let mut report = |kind, place: &str, detail: &str| {
            let (place, detail) = (place.to_owned(), detail.to_owned());
            damage.push(Damage {
                kind,
                place,
                detail,
            });
        };
        if !files.names.contains(SUMS_FILE) {
            report(
                DamageKind::Missing,
                SUMS_FILE,
                "the folder is no finished release",
            );
            return (files, damage);
        }
        match tree.read(SUMS_FILE) {
            Ok(bytes) => files.read_sums(&String::from_utf8_lossy(&bytes), &mut report),
            Err(cause) => {
                report(
                    DamageKind::Malformed,
                    SUMS_FILE,
                    &format!("cannot be read: {cause}"),
                );
            }
        }
        for name in files
            .sums
            .keys()
            .filter(|name| !files.names.contains(*name))
        {
            report(
                DamageKind::Missing,
                name,
                "listed in `SHA256SUMS`, not in the folder",
            );
        }
        let unlisted = |name: &&String| *name != SUMS_FILE && !files.sums.contains_key(*name);
        for name in files.names.iter().filter(unlisted) {
            report(
                DamageKind::Extra,
                name,
                "in the folder, not listed in `SHA256SUMS`",
            );
        }
        (files, damage)
    }

    fn read_sums(&mut self, text: &str, report: &mut dyn FnMut(DamageKind, &str, &str)) {
        let mut before = String::new();
        for (number, line) in text.lines().enumerate() {
            let place = format!("{SUMS_FILE} line {}", number + 1);
            let parsed = line
                .split_once("  ")
                .and_then(|(hex, name)| Some((name, hex.parse::<Digest>().ok()?)));
            match parsed {
                None => report(DamageKind::Malformed, &place, "not a line of `sha256sum`"),
                Some((name, _)) if name <= before.as_str() => {
                    report(DamageKind::Order, &place, "names do not ascend");
                }
                Some((name, digest)) => {
                    name.clone_into(&mut before);
                    self.sums.insert(name.to_owned(), digest);
                }
            }
        }
        if !text.ends_with('\n') {
            report(DamageKind::Malformed, SUMS_FILE, "the last line has no end");
        }
    }

    /// The kinds and splits that any file speaks of.
    pub fn parts(&self) -> Vec<(Kind, Split)> {
        let mut parts = Vec::new();
        for kind in Kind::ALL {
            for split in Split::ALL {
                let (folder, file) = (format!("data/{kind}/{split}/"), lines_name(*kind, *split));
                let speaks = |name: &String| name.starts_with(&folder) || *name == file;
                if self.names.iter().chain(self.sums.keys()).any(speaks) {
                    parts.push((*kind, *split));
                }
            }
        }
        parts
    }
}

/// What was found, in the whole folder or in one part of it.
pub(super) struct Run<'a> {
    pub files: &'a Files<'a>,
    /// Files that some check understood.
    known: BTreeSet<String>,
    pub damage: Vec<Damage>,
    pub seen: Seen,
    pub tally: Tally,
    groups: BTreeMap<GroupKey, Split>,
    /// Keys and digests of all instances; sorted by key once all are read.
    pub leaves: Vec<(RecordKey, Digest)>,
    /// Whether every instance could be read, so that totals mean something.
    pub whole: bool,
    /// Picture files that an instance shows.
    pub shown: BTreeSet<String>,
}

impl<'a> Run<'a> {
    /// Nothing found yet.
    pub fn new(files: &'a Files<'a>) -> Self {
        Self {
            files,
            known: BTreeSet::new(),
            damage: Vec::new(),
            seen: Seen::default(),
            tally: Tally::default(),
            groups: BTreeMap::new(),
            leaves: Vec::new(),
            whole: true,
            shown: BTreeSet::new(),
        }
    }

    /// Adds what was found in a part.
    pub fn merge(&mut self, part: Run<'_>) {
        for one in part.damage {
            self.report(one.kind, one.place, one.detail);
        }
        self.known.extend(part.known);
        self.seen.bytes += part.seen.bytes;
        self.seen.instances += part.seen.instances;
        self.seen.rows += part.seen.rows;
        self.tally.merge(part.tally);
        self.leaves.extend(part.leaves);
        self.whole &= part.whole;
        self.shown.extend(part.shown);
        for (group, split) in part.groups {
            self.hold(&group, split, "jsonl");
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
                let (kind, place) = (DamageKind::More, String::new());
                self.damage.push(Damage {
                    kind,
                    place,
                    detail,
                });
            }
            _ => {}
        }
    }

    /// A file's bytes, compared with `SHA256SUMS`; none when it is missing or unreadable,
    /// which is then reported. Each file is taken once.
    pub fn take(&mut self, name: &str) -> Option<Vec<u8>> {
        self.known.insert(name.to_owned());
        let expect = self.files.sums.get(name).copied();
        if !self.files.names.contains(name) {
            if expect.is_none() {
                self.report(DamageKind::Missing, name, "a release has this file");
            }
            return None;
        }
        let bytes = match self.files.tree.read(name) {
            Ok(bytes) => bytes.into_owned(),
            Err(cause) => {
                self.report(
                    DamageKind::Malformed,
                    name,
                    format!("cannot be read: {cause}"),
                );
                return None;
            }
        };
        self.seen.bytes += bytes.len() as u64;
        let found = Digest::of(&bytes);
        if let Some(expect) = expect.filter(|expect| *expect != found) {
            let detail = format!("`SHA256SUMS` says {expect}, its bytes have {found}");
            self.report(DamageKind::Altered, name, detail);
        }
        Some(bytes)
    }

    /// Counts an instance, and holds it to its place and group.
    pub fn meet(&mut self, instance: &Instance, digest: Digest, place: &str, part: (Kind, Split)) {
        self.seen.instances += 1;
        self.tally.add(instance);
        if (instance.kind, instance.split) != part || instance.item.kind() != instance.kind {
            let Instance {
                key, kind, split, ..
            } = instance;
            self.report(
                DamageKind::Split,
                place,
                format!("`{key}` is a {kind} of {split}"),
            );
        }
        self.hold(&instance.group, instance.split, place);
        self.leaves.push((instance.key.clone(), digest));
    }

    /// Holds a group to one split.
    fn hold(&mut self, group: &GroupKey, split: Split, place: &str) {
        let first = *self.groups.entry(group.clone()).or_insert(split);
        if first != split {
            let detail = format!("group `{group}` is torn between {first} and {split}");
            self.report(DamageKind::Split, place, detail);
        }
    }

    /// Hashes what no check has read, names what does not belong, and ends.
    pub fn finish(mut self, root: Option<Digest>) -> Verification {
        let files = self.files;
        let strange = |name: &&String| *name != SUMS_FILE && !self.known.contains(*name);
        let strange: Vec<&String> = files.names.iter().filter(strange).collect();
        for name in strange {
            self.take(name);
            self.report(
                DamageKind::Extra,
                name,
                "no part of a release of this format",
            );
        }
        self.seen.files = files.names.len() as u64;
        Verification {
            ok: self.damage.is_empty(),
            damage: self.damage,
            root,
            counts: self.seen,
        }
    }
}
