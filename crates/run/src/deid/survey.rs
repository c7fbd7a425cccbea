//! The first pass: which files are objects, whose they are, and what they say of people.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use dicom_object::Tag;
use rayon::prelude::*;
use spinemed_core::Digest;
use spinemed_core::digest::canonical_json;
use spinemed_core::vocabulary::ProfileOption;
use spinemed_deidentify::{Dictionary, Key, Known, Subject, patient_id, survey};
use spinemed_dicom::{DicomError, read};
use spinemed_store::{files_below, read_file};

use super::{DeidError, Options, World};

const SOP_INSTANCE: Tag = Tag(0x0008, 0x0018);

/// A file of the input. It holds its name, so it has no `Debug`.
pub(super) struct Item {
    /// Where it is read.
    pub(super) path: PathBuf,
    /// What stands for the name.
    pub(super) alias: String,
    /// What became of it in this pass.
    pub(super) found: Found,
}

/// What a file turned out to be.
pub(super) enum Found {
    /// An object of a patient, and the keyed digest of its bytes.
    Object {
        /// The patient's pseudonym.
        patient: String,
        /// The keyed digest of the file.
        input: Digest,
        /// The SOP Instance UID as it will be written; empty where there is none.
        instance: String,
    },
    /// Not reached because of an interruption.
    Pending,
    /// No DICOM.
    Other(&'static str),
    /// DICOM that cannot be passed on: place and reason.
    Rejected(String, String),
}

/// A patient, and what is known of the people around.
pub(super) struct Patient {
    /// How this patient is mapped.
    pub(super) subject: Subject,
    /// Identifiers to look for in the patient's texts.
    pub(super) known: Known,
    /// The identifier as the objects spell it.
    pub(super) ids: BTreeSet<String>,
    /// What all of the patient's objects together are: another object may bring another name.
    pub(super) inputs: Digest,
}

/// All files and patients.
pub(super) struct Survey {
    /// The files, in order of their names.
    pub(super) items: Vec<Item>,
    /// The patients by pseudonym.
    pub(super) patients: BTreeMap<String, Patient>,
    /// Whether the pass came to its end.
    pub(super) interrupted: bool,
}

/// A patient while the pass is going on.
struct Gathered {
    subject: Subject,
    known: Known,
    ids: BTreeSet<String>,
}

impl Survey {
    /// Reads every file.
    ///
    /// # Errors
    /// [`DeidError`] when no file can be listed.
    pub(super) fn take(
        options: &Options,
        world: &World<'_>,
        names: &Names,
    ) -> Result<Self, DeidError> {
        let (files, closed) = listed(options);
        world.progress.stage("reading", files.len(), files.len());
        let gathered: Mutex<BTreeMap<String, Gathered>> = Mutex::default();
        let first = Look {
            key: world.key,
            keep_uids: options.profile.has(ProfileOption::RetainUids),
            names,
            gathered: &gathered,
        };
        let looks: Vec<Vec<Found>> = files
            .par_chunks(GROUP)
            .map(|part| first.part(part, world))
            .collect();
        world.progress.end();
        let alias = |name: &str| alias(world.key, name);
        let mut items: Vec<Item> = closed
            .into_iter()
            .map(|name| Item {
                path: PathBuf::new(),
                alias: alias(&name),
                found: Found::Rejected("file".into(), "cannot be listed or followed".into()),
            })
            .collect();
        items.extend(files.into_iter().zip(looks.into_iter().flatten()).map(
            |((name, path), found)| Item {
                path,
                alias: alias(&name),
                found,
            },
        ));
        once(&mut items);
        Ok(Self {
            patients: patients(&items, gathered),
            items,
            interrupted: world.stop.load(Ordering::Relaxed),
        })
    }

    /// How many files are no DICOM.
    pub(super) fn others(&self) -> usize {
        let other = |item: &&Item| matches!(item.found, Found::Other(_));
        self.items.iter().filter(other).count()
    }
}

/// Of objects with one SOP Instance UID the first, by its name, goes on.
fn once(items: &mut [Item]) {
    let mut first: BTreeMap<String, Digest> = BTreeMap::new();
    for item in items {
        let Found::Object {
            input, instance, ..
        } = &item.found
        else {
            continue;
        };
        if instance.is_empty() {
            continue;
        }
        let Some(earlier) = first.get(instance) else {
            first.insert(instance.clone(), *input);
            continue;
        };
        let reason = if earlier == input {
            "the same bytes as another file of the input"
        } else {
            "another object of the input has the same SOP Instance UID and other bytes"
        };
        item.found = Found::Rejected("(0008,0018)".into(), reason.into());
    }
}

/// Names and paths of all files, and names of what cannot be listed.
fn listed(options: &Options) -> (Vec<(String, PathBuf)>, Vec<String>) {
    let (mut files, mut closed) = (Vec::new(), Vec::new());
    for (at, input) in options.inputs.iter().enumerate() {
        // Equal names below two inputs are two names; one input needs no number.
        let prefix = if options.inputs.len() > 1 {
            format!("{at}/")
        } else {
            String::new()
        };
        let (found, unlisted) = files_below(input);
        files.extend(
            found
                .into_iter()
                .map(|f| (format!("{prefix}{}", f.name), f.path)),
        );
        closed.extend(unlisted.into_iter().map(|name| format!("{prefix}{name}")));
    }
    (files, closed)
}

/// What stands for a file's name.
fn alias(key: &Key, name: &str) -> String {
    let mac = key.mac("deid-file", &[name.as_bytes()]);
    let hex: String = mac[..8].iter().map(|b| format!("{b:02x}")).collect();
    format!("file-{hex}")
}

/// Files that one worker takes at a time: neighbours are mostly of one patient and say the same.
const GROUP: usize = 16;

/// How files are looked at.
struct Look<'a> {
    key: &'a Key,
    keep_uids: bool,
    names: &'a Names,
    gathered: &'a Mutex<BTreeMap<String, Gathered>>,
}

impl Look<'_> {
    /// What some files are. What they say is collected outside of the lock that all workers
    /// share.
    fn part(&self, files: &[(String, PathBuf)], world: &World<'_>) -> Vec<Found> {
        let mut own = BTreeMap::new();
        let look = |(_, path): &(String, PathBuf)| {
            if world.stop.load(Ordering::Relaxed) {
                return Found::Pending;
            }
            let found = self.at(path, &mut own).unwrap_or_else(|found| found);
            world.progress.advance(1);
            found
        };
        let found = files.iter().map(look).collect();
        let mut all = self.gathered.lock().expect("no holder of this lock panics");
        for (pseudonym, gathered) in own {
            let patient = all.entry(pseudonym).or_insert_with(|| Gathered {
                subject: gathered.subject,
                known: self.names.known.clone(),
                ids: BTreeSet::new(),
            });
            patient.known.merge(gathered.known);
            patient.ids.extend(gathered.ids);
        }
        found
    }

    /// What one file is. Both sides are findings; the wrong one came early.
    fn at(&self, path: &Path, own: &mut BTreeMap<String, Gathered>) -> Result<Found, Found> {
        let file = |reason: String| Found::Rejected("file".into(), reason);
        let bytes = read_file(path).map_err(|_| file("cannot be read".into()))?;
        let raw = read(&bytes).map_err(|error| match error {
            DicomError::NotDicom => Found::Other("not DICOM"),
            error => file(error.to_string()),
        })?;
        let input = self.key.commitment(&Digest::of(&bytes));
        drop(bytes);
        let nobody = |reason: String| Found::Rejected("(0010,0020)".into(), reason);
        let id = patient_id(&raw).map_err(|refusal| nobody(refusal.to_string()))?;
        let subject = Subject::new(self.key, &id).map_err(|refusal| nobody(refusal.to_string()))?;
        let patient = subject.pseudonym().to_owned();
        let gathered = own.entry(patient.clone()).or_insert_with(|| Gathered {
            subject,
            known: Known::default(),
            ids: BTreeSet::new(),
        });
        gathered.ids.insert(id);
        survey(&raw, &mut gathered.known)
            .map_err(|refusal| Found::Rejected("header".into(), refusal.to_string()))?;
        let old = raw.get(SOP_INSTANCE).and_then(|e| e.to_str().ok());
        let old = old.map(|uid| trimmed(&uid).to_owned()).unwrap_or_default();
        let instance = if self.keep_uids || old.is_empty() {
            old
        } else {
            self.key.uid(&old)
        };
        Ok(Found::Object {
            patient,
            input,
            instance,
        })
    }
}

/// A value without its padding.
pub(super) fn trimmed(value: &str) -> &str {
    value.trim_matches(|c: char| c == '\0' || c.is_whitespace())
}

fn patients(
    items: &[Item],
    gathered: Mutex<BTreeMap<String, Gathered>>,
) -> BTreeMap<String, Patient> {
    let mut inputs: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for item in items {
        if let Found::Object { patient, input, .. } = &item.found {
            inputs.entry(patient).or_default().insert(input.to_string());
        }
    }
    let gathered = gathered
        .into_inner()
        .expect("no holder of this lock panics");
    let done = gathered.into_iter().map(|(pseudonym, gathered)| {
        let own = inputs.remove(pseudonym.as_str()).unwrap_or_default();
        let patient = Patient {
            subject: gathered.subject,
            known: gathered.known,
            ids: gathered.ids,
            inputs: Digest::of(&canonical_json(&own)),
        };
        (pseudonym, patient)
    });
    done.collect()
}

/// Names that the user wants to be looked for.
pub(super) struct Names {
    /// The names as identifiers.
    pub(super) known: Known,
    /// The digest of the file, or of nothing.
    pub(super) digest: Digest,
}

/// Reads the file of names: one on a line, its class behind a tab; `#` begins a comment.
///
/// # Errors
/// [`DeidError::Usage`] when it is no such list.
pub(super) fn names(path: Option<&Path>) -> Result<Names, DeidError> {
    let mut known = Known::default();
    let Some(path) = path else {
        let digest = Digest::of(b"");
        return Ok(Names { known, digest });
    };
    let bytes = read_file(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        DeidError::usage(
            format!("`{}` is no UTF-8 text", path.display()),
            "write one name on a line",
        )
    })?;
    Dictionary::parse(text).map_err(|error| {
        DeidError::usage(
            format!("`{}`: {error}", path.display()),
            "write one name on a line, its class behind a tab where it is none of a person",
        )
    })?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (value, class) = line.split_once('\t').unwrap_or((line, "name"));
        known.add(class.trim(), value);
    }
    Ok(Names {
        known,
        digest: Digest::of(&bytes),
    })
}
