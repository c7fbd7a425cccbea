//! What readers make of labelled imaging datasets: a study's pictures and labels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::ids::DocumentId;
use crate::locator::Locator;
use crate::media::MediaRef;
use crate::vocabulary::Modality;

/// One study of an open dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// `source/study`.
    pub id: DocumentId,
    /// The patient as the dataset names one, else the study: the unit of splits.
    pub patient: String,
    /// The main modality.
    pub modality: Modality,
    /// What the labels say; `span` names an entry of `labels`.
    pub findings: Vec<Finding>,
    /// Label cells in words, by id (`l1`, `l2` …).
    pub labels: Vec<Label>,
    /// Labels that the dataset leaves blank: not graded, which is not normal.
    pub missing: Vec<String>,
    /// Key pictures.
    pub images: Vec<StudyImage>,
}

/// One label cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// `l1`, `l2` …
    pub id: String,
    /// `column = value`, as the table has it.
    pub text: String,
    /// Row and column.
    pub place: Locator,
}

/// One picture of a study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyImage {
    /// The picture.
    pub media: MediaRef,
    /// The series' description as the dataset words it, such as `Sagittal T2/STIR`.
    pub series_description: Option<String>,
    /// Study, series, instance, frame.
    pub place: Locator,
    /// Labels (ids) that the dataset marks on this very picture.
    pub shows: Vec<String>,
}
