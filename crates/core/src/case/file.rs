//! `case.json`: one patient's case as a hospital hands it over. It may hold anything that
//! identifies a person; only `deidentify` may make a record of it.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::finding::{Grade, Measure};
use crate::level::Level;
use crate::vocabulary::{Language, LevelCertainty, Modality, NumberingMethod, Side};

/// One case. Unknown keys are errors: what the program does not know, it cannot clean.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// The format: `spinemed-case/1`.
    pub schema: String,
    /// Who it is. Nothing of this leaves; all of it is looked for in text and headers.
    pub patient: Patient,
    /// The language of the text.
    pub language: Language,
    /// Age in completed years at presentation.
    pub age: u16,
    /// Sex.
    pub sex: Sex,
    /// The hospital or department. It does not leave; a keyed pseudonym does.
    pub site: String,
    /// The patient's consent.
    pub consent: Consent,
    /// The ethics committee's approval.
    pub ethics: Approval,
    /// Why the patient came.
    pub complaint: Complaint,
    /// History, in words.
    #[serde(default)]
    pub history: Option<String>,
    /// Physical examination, in words.
    #[serde(default)]
    pub examination: Option<String>,
    /// Imaging reports.
    #[serde(default)]
    pub imaging: Vec<ImagingReport>,
    /// Findings as bound facts.
    #[serde(default)]
    pub findings: Vec<CaseFinding>,
    /// Diagnoses.
    #[serde(default)]
    pub diagnoses: Vec<Diagnosis>,
    /// Treatments, in order of time.
    #[serde(default)]
    pub treatments: Vec<Treatment>,
    /// The course in hospital, in words.
    #[serde(default)]
    pub course: Option<String>,
    /// Complications after treatment, in words. An empty list says that none is recorded.
    #[serde(default)]
    pub complications: Vec<String>,
    /// The outcome, in words.
    #[serde(default)]
    pub outcome: Option<String>,
    /// Visits afterwards, in order of time.
    #[serde(default)]
    pub follow_up: Vec<FollowUp>,
    /// Pictures that show what matters, most telling first.
    #[serde(default)]
    pub key_images: Vec<KeyImage>,
}

/// Never prints what it holds: a case file must not reach a log by accident.
impl fmt::Debug for CaseFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaseFile").finish_non_exhaustive()
    }
}

/// What identifies the patient.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// The identifier that the hospital's DICOM objects carry as Patient ID (0010,0020).
    pub id: String,
    /// Names in any order and script.
    #[serde(default)]
    pub names: Vec<String>,
    /// Date of birth.
    #[serde(default)]
    pub birth_date: Option<Date>,
    /// Anything else that points at the patient or at persons who cared for them, by kind:
    /// `physician`, `phone`, `address`, `accession`, `insurance`, `relative` …
    #[serde(default)]
    pub identifiers: BTreeMap<String, Vec<String>>,
}

impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patient").finish_non_exhaustive()
    }
}

/// Sex, as DICOM spells Patient's Sex (0010,0040), PS3.3 C.7.1.1.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Sex {
    /// Female.
    F,
    /// Male.
    M,
    /// Other.
    O,
}

impl Sex {
    /// DICOM's letter.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::F => "F",
            Self::M => "M",
            Self::O => "O",
        }
    }
}

/// The patient's consent to this use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Given, waived by the committee, or withdrawn.
    pub status: ConsentStatus,
    /// The last day it holds; none: no end was set.
    #[serde(default)]
    pub expires: Option<Date>,
}

/// What the patient, or the committee in their stead, has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConsentStatus {
    /// The patient agreed.
    Given,
    /// The committee waived consent for de-identified use.
    Waived,
    /// The patient took it back.
    Withdrawn,
}

/// An ethics committee's approval.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The committee's number for it. It does not leave; it points at the hospital.
    pub number: String,
    /// The last day it holds; none: no end was set.
    #[serde(default)]
    pub expires: Option<Date>,
}

impl fmt::Debug for Approval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Approval").finish_non_exhaustive()
    }
}

/// Why the patient came.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Complaint {
    /// In the patient's or the clinician's words.
    pub text: String,
    /// The same as coded symptoms, for the other language.
    #[serde(default)]
    pub symptoms: Vec<Symptom>,
}

/// A coded symptom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Symptom {
    /// Its identifier in [`crate::clinical`]'s lexicon, such as `low-back-pain`.
    pub concept: String,
    /// The patient's side.
    #[serde(default)]
    pub side: Option<Side>,
    /// How long it has lasted, ISO 8601: `P3M`, `P2W`, `P5D`, `P1Y`.
    #[serde(default)]
    pub duration: Option<String>,
}

/// A radiologist's report.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImagingReport {
    /// `i1`, `i2` …; findings name it.
    pub id: String,
    /// The modality.
    pub modality: Modality,
    /// The day of the examination.
    #[serde(default)]
    pub date: Option<Date>,
    /// Study Instance UID (0020,000D) of its pictures.
    #[serde(default)]
    pub study_uid: Option<String>,
    /// The findings, in words.
    pub text: String,
    /// The impression, in words.
    #[serde(default)]
    pub impression: Option<String>,
}

/// A finding as a bound fact: finding, level, side, grade and negation of one statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseFinding {
    /// Its identifier in [`crate::clinical`]'s lexicon.
    pub concept: String,
    /// The level.
    #[serde(default)]
    pub level: Option<Level>,
    /// How sure the level is.
    #[serde(default = "stated")]
    pub level_certainty: LevelCertainty,
    /// How vertebrae were numbered.
    #[serde(default = "reporter")]
    pub numbering_method: NumberingMethod,
    /// The patient's side.
    #[serde(default)]
    pub side: Option<Side>,
    /// The grade on a named scale; `severity` with `Normal/Mild`, `Mild`, `Moderate`, `Severe`.
    #[serde(default)]
    pub grade: Option<Grade>,
    /// A measured quantity.
    #[serde(default)]
    pub measure: Option<Measure>,
    /// Whether it is said to be absent.
    #[serde(default)]
    pub negated: bool,
    /// The imaging report (id) that says so.
    #[serde(default)]
    pub imaging: Option<String>,
    /// Key images (ids) that show it.
    #[serde(default)]
    pub shown: Vec<String>,
}

fn stated() -> LevelCertainty {
    LevelCertainty::Stated
}

fn reporter() -> NumberingMethod {
    NumberingMethod::Reporter
}

/// A diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// Its identifier in [`crate::clinical`]'s lexicon.
    pub concept: String,
    /// The level.
    #[serde(default)]
    pub level: Option<Level>,
    /// The patient's side.
    #[serde(default)]
    pub side: Option<Side>,
}

/// A treatment that was given.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// The procedure's identifier in [`crate::clinical`]'s lexicon.
    pub concept: String,
    /// The level; a range where it spans several.
    #[serde(default)]
    pub level: Option<Level>,
    /// The patient's side.
    #[serde(default)]
    pub side: Option<Side>,
    /// The day.
    #[serde(default)]
    pub date: Option<Date>,
    /// In words.
    #[serde(default)]
    pub text: Option<String>,
}

/// A visit after treatment.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// The day.
    #[serde(default)]
    pub date: Option<Date>,
    /// In words.
    pub text: String,
}

/// A picture that shows what matters.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyImage {
    /// `k1`, `k2` …; findings name it.
    pub id: String,
    /// Series Instance UID (0020,000E).
    pub series_uid: String,
    /// SOP Instance UID (0008,0018); needed where the series has several objects.
    #[serde(default)]
    pub instance_uid: Option<String>,
    /// The frame, from 1.
    #[serde(default = "first")]
    pub frame: u32,
}

fn first() -> u32 {
    1
}

macro_rules! silent {
    ($($name:ident),+) => {$(
        /// Never prints what it holds.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

silent!(Complaint, ImagingReport, Treatment, FollowUp, KeyImage);

impl CaseFile {
    /// The format that this program reads.
    pub const SCHEMA: &'static str = "spinemed-case/1";
}
