//! The self-test: what a de-identification left and removed, against an answer key.
//!
//! The key has the form of the MIDI-B challenge (arXiv 2507.23608): a SQLite database with a
//! record of checks for each instance. Ten kinds of checks are known: `tag_retained`,
//! `text_notnull`, `text_retained`, `text_removed`, `date_shifted`, `uid_changed`,
//! `uid_consistent`, `patid_consistent`, `pixels_hidden`, `pixels_retained`. The score is
//! passed checks by all checks. An output file that is missing keeps nothing and leaks
//! nothing.
//!
//! Texts are compared as the challenge compares them. Pixels are judged more strictly: no
//! character is read, but the box of the text must be blank, or every pixel that stood out in
//! it must have changed and nothing like a line of text be left.

mod answer;
mod judge;
mod pixels;
mod text;
mod values;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use dicom_object::Tag;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::seam::StoreError;
use spinemed_dicom::read;
use spinemed_store::{AnswerRow, files_below, read_answers, read_file};

use super::survey::trimmed;
use super::{DeidError, mapping};
use answer::Check;
use judge::{Judge, Mapping};

const SOP_INSTANCE: Tag = Tag(0x0008, 0x0018);

/// The outcome of a self-test.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// Checks that passed.
    pub passed: u64,
    /// All checks.
    pub total: u64,
    /// Instances that the key names and the output does not have.
    pub missing_instances: u64,
    /// By kind of check.
    pub actions: BTreeMap<String, ActionScore>,
    /// By category of the key: `hipaa`, `dicom`, `tcia`; a check may count in several.
    pub categories: BTreeMap<String, ActionScore>,
    /// Failed checks that mean that something was left, by tag path.
    pub leaks: Vec<Failed>,
    /// Failed checks that mean that something useful was lost, by tag path.
    pub losses: Vec<Failed>,
    /// Checks of a kind that is not known; they count as failed.
    pub unknown: u64,
}

/// Passed and all checks of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActionScore {
    /// Checks that passed.
    pub passed: u64,
    /// All checks.
    pub total: u64,
}

/// Failed checks of one kind at one tag path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Failed {
    /// The kind of check.
    pub action: String,
    /// The tag path; names of private creators are left out.
    pub path: String,
    /// How often.
    pub count: u64,
}

/// Compares an output with an answer key. `inputs` are the original files, where they are at
/// hand: without them boxes of pixels must be blank.
///
/// # Errors
/// [`DeidError`] when key or mapping cannot be read.
pub fn check(
    answers: &Path,
    inputs: &[PathBuf],
    out: &Path,
    mapping_folder: &Path,
) -> Result<Score, DeidError> {
    let rows = read_answers(answers).map_err(bad_key)?;
    let mapping = Mapping {
        uids: mapping::read(&mapping_folder.join("uids.csv"))?,
        patients: mapping::read(&mapping_folder.join("patients.csv"))?,
    };
    let after = by_instance(&[out.to_owned()]);
    let before = by_instance(inputs);
    let score = Mutex::new((
        Score::default(),
        BTreeMap::<(bool, String, String), u64>::new(),
    ));
    rows.par_iter().for_each(|row| {
        let judged = one(row, &mapping, &before, &after);
        let mut score = score.lock().expect("no holder of this lock panics");
        enter(&mut score, &judged);
    });
    let (mut score, failed) = score.into_inner().expect("no holder of this lock panics");
    for ((leak, action, path), count) in failed {
        let failed = Failed {
            action,
            path,
            count,
        };
        let list = if leak {
            &mut score.leaks
        } else {
            &mut score.losses
        };
        list.push(failed);
    }
    Ok(score)
}

fn bad_key(error: StoreError) -> DeidError {
    DeidError::usage(
        error.to_string(),
        "an answer key is a SQLite file with a table `answer_data` (docs/deid.md)",
    )
}

/// The files of DICOM objects by their SOP Instance UID.
fn by_instance(roots: &[PathBuf]) -> BTreeMap<String, PathBuf> {
    let files: Vec<PathBuf> = roots
        .iter()
        .flat_map(|root| files_below(root).0)
        .map(|file| file.path)
        .collect();
    let found: Vec<Option<(String, PathBuf)>> = files
        .into_par_iter()
        .map(|path| {
            let object = read(&read_file(&path).ok()?).ok()?;
            let uid = object.get(SOP_INSTANCE)?.to_str().ok()?;
            Some((trimmed(&uid).to_owned(), path))
        })
        .collect();
    found.into_iter().flatten().collect()
}

/// What the checks of a row came to.
struct Judged {
    missing: bool,
    checks: Vec<(Check, Option<bool>)>,
}

fn one(
    row: &AnswerRow,
    mapping: &Mapping,
    before: &BTreeMap<String, PathBuf>,
    after: &BTreeMap<String, PathBuf>,
) -> Judged {
    let load = |path: Option<&PathBuf>| read(&read_file(path?).ok()?).ok();
    let new = mapping.uids.get(&row.instance).unwrap_or(&row.instance);
    let object = load(after.get(new));
    let judge = object.as_ref().map(|object| Judge::new(object, mapping));
    let checks = answer::checks(&row.data);
    let pixels = |check: &Check| check.action.starts_with("pixels_");
    let original = if checks.iter().any(pixels) {
        load(before.get(&row.instance))
    } else {
        None
    };
    let checks = checks.into_iter().map(|check| {
        let passed = match &judge {
            Some(judge) => judge.passes(&check, original.as_ref()),
            None => judge::passes_when_missing(&check),
        };
        (check, passed)
    });
    Judged {
        missing: object.is_none(),
        checks: checks.collect(),
    }
}

fn enter(score: &mut (Score, BTreeMap<(bool, String, String), u64>), judged: &Judged) {
    let (score, failed) = score;
    score.missing_instances += u64::from(judged.missing);
    for (check, passed) in &judged.checks {
        let good = *passed == Some(true);
        score.unknown += u64::from(passed.is_none());
        score.total += 1;
        score.passed += u64::from(good);
        let count = |own: &mut ActionScore| {
            own.total += 1;
            own.passed += u64::from(good);
        };
        count(score.actions.entry(check.action.clone()).or_default());
        for category in &check.categories {
            count(score.categories.entry(category.clone()).or_default());
        }
        if !good {
            let key = (check.is_leak(), check.action.clone(), check.place());
            *failed.entry(key).or_default() += 1;
        }
    }
}
