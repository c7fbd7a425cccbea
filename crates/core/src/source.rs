//! A source's declaration, `sources/<id>/source.toml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::ids::SourceId;
use crate::licence::{Licence, Terms};
use crate::profile::Profile;
use crate::vocabulary::{
    Egress, Language, LevelCertainty, NumberingMethod, PrivacyBasis, Redistribution, Subjects,
};

/// What `source.toml` says. Unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The source's name; equal to its folder's.
    pub id: SourceId,
    /// A title for people.
    pub title: String,
    /// The reader.
    pub format: Format,
    /// The main language.
    pub language: Language,
    /// SPDX licence expression.
    pub licence: Licence,
    /// What a release may carry.
    pub redistribution: Redistribution,
    /// Which endpoints may see it.
    pub egress: Egress,
    /// Whom it speaks of.
    pub subjects: Subjects,
    /// How to cite it.
    pub citation: String,
    /// DOI of the whole source.
    #[serde(default)]
    pub doi: Option<String>,
    /// Where it is obtained, for people.
    #[serde(default)]
    pub homepage: Option<String>,
    /// Where the files are: a folder relative to `source.toml`, `.` by default. `${NAME}` is
    /// replaced by the environment's variable.
    #[serde(default = "here")]
    pub root: String,
    /// Which files: glob patterns relative to `root` (`*` within a name, `**` over folders).
    /// Empty: the files that `files` names.
    #[serde(default)]
    pub include: Vec<String>,
    /// Patterns left out again.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Files with the digests they must have. A file that differs is not used.
    #[serde(default)]
    pub files: BTreeMap<String, Digest>,
    /// Settings of a labelled dataset.
    #[serde(default)]
    pub labels: Option<LabelMap>,
    /// On what ground patients' records are used; demanded where `subjects = "patients"`.
    #[serde(default)]
    pub privacy_basis: Option<PrivacyBasis>,
    /// How DICOM objects of patients are de-identified.
    #[serde(default)]
    pub deidentify: Profile,
}

fn here() -> String {
    ".".to_owned()
}

/// The readers.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Journal articles in JATS XML (ANSI/NISO Z39.96); one document per `.xml` or `.nxml`.
    Jats,
    /// PDF; one document per file.
    Pdf,
    /// OpenStax textbooks in CNXML; one document per module (`.cnxml`, `.xml`).
    Cnxml,
    /// Web pages; one document per `.html`, `.htm` or `.xhtml`.
    Html,
    /// EPUB 2 and 3; one document per book, its pictures inside.
    Epub,
    /// Markdown; one document per `.md` or `.markdown`.
    Markdown,
    /// Question banks in JSON Lines or CSV; one question per row.
    QuestionBank,
    /// The layout of the RSNA 2024 lumbar spine dataset: `train.csv`,
    /// `train_label_coordinates.csv`, `train_series_descriptions.csv`,
    /// `train_images/<study>/<series>/<instance>.dcm`.
    Rsna2024Lumbar,
    /// Hospital cases: a folder each, with `case.json` or a FHIR R4 bundle (`*.fhir.json`) and
    /// DICOM objects in any depth below it.
    Case,
}

impl Format {
    /// The spelling in manifests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jats => "jats",
            Self::Pdf => "pdf",
            Self::Cnxml => "cnxml",
            Self::Html => "html",
            Self::Epub => "epub",
            Self::Markdown => "markdown",
            Self::QuestionBank => "question-bank",
            Self::Rsna2024Lumbar => "rsna2024-lumbar",
            Self::Case => "case",
        }
    }

    /// Whether the whole source is one unit of reading (tables that refer to each other)
    /// rather than a unit per file.
    #[must_use]
    pub fn reads_whole_tree(self) -> bool {
        matches!(self, Self::Rsna2024Lumbar)
    }
}

/// How a dataset's labels are to be understood (I6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelMap {
    /// The map's own version.
    pub version: String,
    /// How sure the dataset's levels are.
    pub level_certainty: LevelCertainty,
    /// How the dataset numbered vertebrae.
    pub numbering_method: NumberingMethod,
}

impl Manifest {
    /// Licence, redistribution and egress together.
    #[must_use]
    pub fn terms(&self) -> Terms {
        Terms {
            licence: self.licence.clone(),
            redistribution: self.redistribution,
            egress: self.egress,
        }
    }
}
