//! What was done, so that a second run does only what is missing or has changed.
//!
//! The journal lies in `.spinemed-deid` in the output. It names inputs by keyed aliases and
//! keyed digests, and outputs by their names and digests: without the key it tells nothing of
//! the input.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::profile::Profile;
use spinemed_deidentify::RULES;
use spinemed_deidentify::pixels::FrameRegions;
use spinemed_store::Filled;

use super::clean::Cleaned;
use super::survey::{Names, Survey};
use super::{DeidError, Options, World};

/// Where journal and lock lie, in the output.
const KEPT: &str = ".spinemed-deid";

/// The version of this file's form, and of what is written beside the rules' own version.
const FORM: u32 = 1;

/// What must be the same for results to be used again.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    form: u32,
    key: String,
    rules: u32,
    profile: Profile,
    names: Digest,
    readers: Vec<String>,
}

impl Head {
    /// The first setting that differs, by its flag.
    fn differs(&self, other: &Self) -> Option<&'static str> {
        let pairs = [
            (self.form == other.form, "the program's version"),
            (self.key == other.key, "the key"),
            (self.rules == other.rules, "the version of the rules"),
            (self.profile.options == other.profile.options, "`--option`"),
            (self.profile.times == other.profile.times, "`--times`"),
            (self.names == other.names, "`--names`"),
            (
                self.readers == other.readers,
                "the reader of text in pictures",
            ),
        ];
        pairs
            .into_iter()
            .find(|(same, _)| !same)
            .map(|(_, name)| name)
    }
}

/// One object's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    /// The file's alias.
    pub(super) file: String,
    /// Everything that the result depends on, beside the settings.
    pub(super) with: Digest,
    /// What became of it.
    pub(super) done: Done,
}

/// What became of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Done {
    /// Written.
    Out(Written),
    /// Not passed on.
    Rejected {
        /// A tag or a step.
        place: String,
        /// Why, in words without values.
        reason: String,
    },
}

/// A clean object in the output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Written {
    /// Its name below the output.
    pub(super) name: String,
    /// The digest of its bytes.
    pub(super) sha256: Digest,
    /// How often each rule acted.
    pub(super) actions: BTreeMap<String, u64>,
    /// The profile codes that it claims (PS3.16, CID 7050).
    pub(super) claims: BTreeSet<String>,
    /// What was blanked, by frames.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) frames: Vec<Frame>,
}

/// What was blanked on a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Frame {
    /// The frame, counted from 1.
    pub(super) frame: u32,
    /// Boxes in pixels of the frame: first column, first row, column and row after the last.
    pub(super) regions: Vec<[u32; 4]>,
}

impl From<&FrameRegions> for Frame {
    fn from(found: &FrameRegions) -> Self {
        Self {
            frame: found.frame,
            regions: found.regions.clone(),
        }
    }
}

/// The journal and the folder that it speaks of.
pub(super) struct Journal {
    pub(super) folder: Filled,
    head: String,
    earlier: BTreeMap<String, Line>,
}

impl Journal {
    /// Takes the output, and reads what an earlier run did with the same settings.
    ///
    /// # Errors
    /// [`DeidError`] when the folder is somebody else's, is held, or was filled with other
    /// settings.
    pub(super) fn open(
        out: &Path,
        options: &Options,
        world: &World<'_>,
        names: &Names,
    ) -> Result<Self, DeidError> {
        let head = Head {
            form: FORM,
            key: world.key.name(),
            rules: RULES,
            profile: options.profile.clone(),
            names: world.key.commitment(&names.digest),
            readers: world.readers.iter().map(|(name, _)| name.clone()).collect(),
        };
        let (folder, lines) = Filled::open(out, KEPT)?.map_err(DeidError::not_filled)?;
        let mut lines = lines.iter();
        if let Some(first) = lines.next() {
            let differs = serde_json::from_str::<Head>(first)
                .map_or(Some("the program's version"), |old| old.differs(&head));
            if let Some(what) = differs {
                return Err(DeidError::usage(
                    format!("the output was begun with other settings: {what} has changed"),
                    "name another output, or remove this one",
                ));
            }
        }
        let earlier: BTreeMap<String, Line> = lines
            .filter_map(|line| serde_json::from_str::<Line>(line).ok())
            .map(|line| (line.file.clone(), line))
            .collect();
        let head = text(&head);
        let kept = std::iter::once(head.clone()).chain(earlier.values().map(text));
        folder.rewrite(&kept.collect::<Vec<_>>())?;
        Ok(Self {
            folder,
            head,
            earlier,
        })
    }

    /// What an earlier run did with a file, if it still holds.
    pub(super) fn reuse(&self, file: &str, with: &Digest) -> Option<Done> {
        let line = self.earlier.get(file).filter(|line| line.with == *with)?;
        match &line.done {
            Done::Out(out) if !self.folder.holds(&out.name, &out.sha256) => None,
            done => Some(done.clone()),
        }
    }

    /// Enters what was done.
    ///
    /// # Errors
    /// [`DeidError::Store`].
    pub(super) fn enter(&self, line: &Line) -> Result<(), DeidError> {
        Ok(self.folder.enter(&text(line))?)
    }

    /// Removes what this run no longer stands for: results of inputs that were rejected now or
    /// have another name. Then writes the journal in order, so that it does not tell who was
    /// first.
    ///
    /// # Errors
    /// [`DeidError::Store`].
    pub(super) fn finish(&self, survey: &Survey, cleaned: &Cleaned) -> Result<(), DeidError> {
        let mut now: BTreeMap<&str, &Line> = BTreeMap::new();
        for line in &cleaned.lines {
            now.insert(&line.file, line);
        }
        let stands: BTreeSet<&str> = now.values().filter_map(|line| name(line)).collect();
        for item in &survey.items {
            let Some(old) = self.earlier.get(&item.alias).and_then(name) else {
                continue;
            };
            if !stands.contains(old) {
                self.folder.remove(old)?;
            }
        }
        let here: BTreeSet<&str> = survey.items.iter().map(|item| &*item.alias).collect();
        let before = self.earlier.values().filter(|l| !here.contains(&*l.file));
        let mut lines: Vec<&Line> = before.chain(now.into_values()).collect();
        lines.sort_by(|a, b| a.file.cmp(&b.file));
        let all = std::iter::once(self.head.clone()).chain(lines.into_iter().map(text));
        Ok(self.folder.rewrite(&all.collect::<Vec<_>>())?)
    }
}

fn name(line: &Line) -> Option<&str> {
    match &line.done {
        Done::Out(out) => Some(&out.name),
        Done::Rejected { .. } => None,
    }
}

fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("lines serialise to JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head {
            form: FORM,
            key: "k".into(),
            rules: 1,
            profile: Profile::default(),
            names: Digest::of(b""),
            readers: Vec::new(),
        }
    }

    #[test]
    fn a_change_of_settings_is_named() {
        assert_eq!(head().differs(&head()), None);
        let mut other = head();
        other.key = "l".into();
        assert_eq!(head().differs(&other), Some("the key"));
        let mut other = head();
        other.profile.options.clear();
        assert_eq!(head().differs(&other), Some("`--option`"));
    }
}
