//! A case after de-identification: pseudonyms, shifted dates, cleaned text, proven pictures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::file::{Diagnosis, Sex, Symptom};
use crate::date::Date;
use crate::finding::Finding;
use crate::ids::DocumentId;
use crate::level::Level;
use crate::locator::{FileRef, Locator};
use crate::study::{Label, StudyImage};
use crate::vocabulary::{Language, Modality, Side};

/// One de-identified case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `source/pseudonym`.
    pub id: DocumentId,
    /// Its `case.json`: a pseudonymous name, and a keyed commitment in place of the digest.
    pub file: FileRef,
    /// The patient's pseudonym, the unit of splits: equal for all cases of one patient.
    pub patient: String,
    /// The site's pseudonym.
    pub site: String,
    /// The language of the text.
    pub language: Language,
    /// Age in completed years; 90 stands for all ages of 90 and over (45 CFR 164.514(b)(2)(i)(C)).
    pub age: u16,
    /// Sex.
    pub sex: Sex,
    /// Cleaned text, in the order of the case file.
    pub texts: Vec<CaseText>,
    /// The label that says age and sex.
    pub person: String,
    /// Coded symptoms.
    pub symptoms: Vec<Certified<Symptom>>,
    /// What findings say; `span` names an entry of `labels`.
    pub findings: Vec<Finding>,
    /// Everything coded, in words, by id (`l1`, `l2` …).
    pub labels: Vec<Label>,
    /// Diagnoses.
    pub diagnoses: Vec<Certified<Diagnosis>>,
    /// Treatments, in order of time.
    pub treatments: Vec<Certified<Timed>>,
    /// The main modality of its pictures and reports.
    pub modality: Modality,
    /// Pictures, key images first; `shows` names labels.
    pub images: Vec<StudyImage>,
    /// The last day on which consent and approval both hold; none: no end was set. Not shifted:
    /// it is a date of the paperwork, and builds compare it with today.
    pub until: Option<Date>,
    /// The version of the rules that cleaned it.
    pub rules: u32,
}

/// A coded statement with the label (id) that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certified<T> {
    /// The label that says so.
    pub label: String,
    /// What it says.
    pub what: T,
}

/// A treatment without words, its time counted from presentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timed {
    /// The procedure's identifier in [`crate::clinical`]'s lexicon.
    pub concept: String,
    /// The level.
    pub level: Option<Level>,
    /// The patient's side.
    pub side: Option<Side>,
    /// The day, shifted with all dates of this patient.
    pub date: Option<Date>,
}

/// Which part of the case a text is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CasePart {
    /// Why the patient came.
    Complaint,
    /// History.
    History,
    /// Physical examination.
    Examination,
    /// An imaging report's findings.
    Imaging,
    /// An imaging report's impression.
    Impression,
    /// A treatment, in words.
    Treatment,
    /// The course in hospital.
    Course,
    /// A complication.
    Complication,
    /// The outcome.
    Outcome,
    /// A visit afterwards.
    FollowUp,
}

impl CasePart {
    /// The spelling in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::History => "history",
            Self::Examination => "examination",
            Self::Imaging => "imaging",
            Self::Impression => "impression",
            Self::Treatment => "treatment",
            Self::Course => "course",
            Self::Complication => "complication",
            Self::Outcome => "outcome",
            Self::FollowUp => "follow-up",
        }
    }
}

/// A cleaned text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseText {
    /// `t1`, `t2` …
    pub id: String,
    /// Which part it is.
    pub part: CasePart,
    /// The words after cleaning.
    pub text: String,
    /// The day it speaks of, where the case file gives one; shifted with all dates of this
    /// patient.
    pub date: Option<Date>,
    /// What was taken out or changed, in order.
    pub redactions: Vec<Redaction>,
    /// The JSON pointer (RFC 6901) in `case.json`, as the locator's `path`.
    pub place: Locator,
}

/// One change of a text. It tells where and which rule, never what stood there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// Characters (Unicode scalar values) of the text as it came, `[start, end)`.
    pub from: [usize; 2],
    /// Characters of the cleaned text.
    pub to: [usize; 2],
    /// What kind of identifier: `name`, `date`, `phone`, `id`, `place`, `age` …
    pub class: String,
    /// The rule that found it.
    pub rule: String,
}
