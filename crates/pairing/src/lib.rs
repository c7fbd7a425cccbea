//! Pairing: figures and tables to captions and mentioning paragraphs, records to evidence packs.
//!
//! [`pair`] fills what a reader left open in a document: each figure's label, caption and the
//! blocks that speak of it, with a score and reasons. Markup wins where it says something; then
//! equal labels; then the geometry of the page. [`Pairing`] is the stage on top: it pairs a
//! document and cuts it, a study or a question into [`EvidencePack`]s with stable keys.
//!
//! The grammar of labels (`Figs. 2A–C and 4`, `Table II`, `图3-2`) is in [`label`].

pub mod label;

mod assignment;
mod caption;
mod document;
mod geometry;
mod mention;
mod order;
mod packs;
mod panel;
mod sentence;
mod table;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::Digest;
use spinemed_core::outcome::{DropReason, Outcome};
use spinemed_core::pack::EvidencePack;
use spinemed_core::seam::{Record, Stage, StepId};
use spinemed_core::source::Manifest;

pub use document::pair;
pub use panel::panels;
pub use table::{TableWords, tables};

/// How figures are tied to their words, and how packs are cut. Unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PairingSettings {
    /// A figure whose picture and caption belong together with a lower score than this is left
    /// out for review. From 0 (none is) to 1 (all are that no markup pairs).
    #[serde(deserialize_with = "score")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub least_score: f64,
    /// About how many tokens the words of a figure or table have at most: its caption, the
    /// titles of the sections around it and the paragraphs that speak of it, the nearest
    /// first. The last of these that does not fit is cut to whole sentences; a caption is
    /// never cut. A Chinese character or sign counts as one, a word as one for every four
    /// letters.
    pub most_tokens: u32,
    /// About how many words a passage of text has at most; a Chinese character counts as one.
    /// A single longer paragraph stays whole.
    pub passage_words: u32,
    /// The most mentioning paragraphs in the pack of a figure or table, the nearest ones.
    pub mentions: u32,
}

impl Default for PairingSettings {
    fn default() -> Self {
        // 300 words of English are about 1,800 characters.
        Self {
            least_score: 0.5,
            most_tokens: 2_000,
            passage_words: 300,
            mentions: 6,
        }
    }
}

fn score<'de, D: serde::Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let score = f64::deserialize(from)?;
    if (0.0..=1.0).contains(&score) {
        return Ok(score);
    }
    Err(serde::de::Error::custom(
        "`least_score` is a number from 0 to 1",
    ))
}

/// Why a pack waits for a person: the link of its picture and its caption is too unsure.
#[must_use]
pub fn doubt(pack: &EvidencePack, settings: &PairingSettings) -> Option<DropReason> {
    let link = pack.link.as_ref()?;
    (link.score < settings.least_score).then(|| DropReason::Review {
        detail: format!(
            "its picture and its caption belong together with a score of {:.2}, below {:.2}: {}",
            link.score,
            settings.least_score,
            link.reasons.join("; ")
        ),
    })
}

/// One record with what its source declares.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// What the reader made.
    pub record: Record,
    /// The source's declaration.
    pub manifest: Manifest,
}

/// The stage: a record to its evidence packs.
#[derive(Debug, Clone, Default)]
pub struct Pairing {
    /// How packs are cut.
    pub settings: PairingSettings,
}

impl Stage for Pairing {
    type In = Job;
    type Out = EvidencePack;

    fn step(&self) -> StepId {
        StepId {
            name: "pair",
            version: 3,
        }
    }

    fn settings(&self) -> Digest {
        Digest::of_json(&self.settings)
    }

    fn run(&self, job: &Job) -> Outcome<EvidencePack> {
        let terms = packs::terms(job);
        if terms.licence.forbids_derivatives() {
            let detail = format!("`{}` forbids derived works", terms.licence);
            return Outcome::Dropped(DropReason::Licence { detail });
        }
        let (made, looked_for) = match &job.record {
            Record::Document(document) => {
                let mut document = document.clone();
                pair(&mut document);
                let packs = packs::of_document(&document, &job.manifest, &terms, &self.settings);
                (
                    packs,
                    "a figure with words, a table, or a paragraph of the body",
                )
            }
            Record::Study(study) => (
                packs::of_study(study, &job.manifest, &terms),
                "a label or a picture",
            ),
            Record::Question(question) => (
                packs::of_question(question, &job.manifest, &terms),
                "a stem and an answer",
            ),
            Record::Case(case) => (
                packs::of_case(case, &job.manifest, &terms),
                "a text, a label or a picture",
            ),
        };
        if made.is_empty() {
            let detail = format!("looked for {looked_for}; found none");
            return Outcome::Dropped(DropReason::NoEvidence { detail });
        }
        Outcome::Kept(made)
    }
}
