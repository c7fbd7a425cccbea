//! The evidence pack: the smallest bundle of text, pictures and labels from which instances
//! are made. Every later step works on packs and instances alone.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::{CasePart, Certified, Diagnosis, Sex, Symptom, Timed};
use crate::clinical::EntityKind;
use crate::date::Date;
use crate::finding::Finding;
use crate::ids::{DocumentId, GroupKey, PackKey, SourceId};
use crate::level::Level;
use crate::licence::Terms;
use crate::locator::Locator;
use crate::media::MediaRef;
use crate::vocabulary::{Language, LevelCertainty, Modality, NumberingMethod, Subjects};

/// What a pack was built around.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum PackKind {
    /// A figure with caption and mentions.
    Figure,
    /// A passage of text.
    Text,
    /// A table.
    Table,
    /// A labelled imaging study.
    Study,
    /// A question of a bank.
    Question,
    /// A patient's case.
    Case,
}

/// Text, pictures and labels that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidencePack {
    /// Its stable name.
    pub key: PackKey,
    /// The source it came from.
    pub source: SourceId,
    /// The document, study or question it came from.
    pub document: DocumentId,
    /// What may not be torn apart by a split.
    pub group: GroupKey,
    /// What it is built around.
    pub kind: PackKind,
    /// The main language of its text.
    pub language: Language,
    /// Whom it speaks of.
    pub subjects: Subjects,
    /// What may be done with it.
    pub terms: Terms,
    /// A title for people: the figure's label, the section's heading, the study's id.
    pub title: Option<String>,
    /// Titles of the sections around it.
    pub section: Vec<String>,
    /// Text and label cells.
    pub spans: Vec<Span>,
    /// Pictures.
    pub images: Vec<PackImage>,
    /// Bound facts.
    pub facts: Vec<Finding>,
    /// Labels its source leaves blank: not graded, which is not normal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Levels it speaks of, in order of the spine.
    pub levels: Vec<PackLevel>,
    /// Where its spans name levels, modalities and conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<PackEntity>,
    /// How sure it is that the picture and the caption belong together, for packs of figures
    /// with both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<PackLink>,
    /// The main modality.
    pub modality: Modality,
    /// The condition's identifier in [`crate::clinical`]'s lexicon.
    pub condition: Option<String>,
    /// The bank's question, for question packs.
    pub question: Option<PackQuestion>,
    /// The chart, for case packs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<Box<Chart>>,
}

/// What a span of evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SpanRole {
    /// A paragraph or list.
    Text,
    /// A figure's caption.
    Caption,
    /// A paragraph that mentions the figure.
    Mention,
    /// A table: cells joined by ` | `, rows by line feeds.
    Table,
    /// A label cell of a dataset.
    Label,
    /// A question, its options and explanation.
    Question,
    /// A cleaned text of a case; [`Chart::parts`] says which.
    Record,
    /// A sentence elsewhere in the document that says what an abbreviation stands for. It
    /// explains the pack's words and carries no item of its own.
    Definition,
}

/// A piece of quoted evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// `s1`, `s2` …; a study's label cells keep `l1`, `l2` …
    pub id: String,
    /// What it is.
    pub role: SpanRole,
    /// The words, unchanged.
    pub text: String,
    /// Where they stand.
    pub place: Locator,
}

/// A picture of a pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackImage {
    /// The picture.
    pub media: MediaRef,
    /// Where it stands.
    pub place: Locator,
    /// How it was made.
    pub modality: Modality,
    /// A short description for prompts and readers: `Sagittal T2/STIR`, `Figure 2`.
    pub title: Option<String>,
    /// Spans (ids) that speak of this very picture.
    pub spans: Vec<String>,
    /// The panel that it shows, where the caption names panels and each has its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<PackPanel>,
}

/// The panel that a picture shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackPanel {
    /// Its name, as printed.
    pub label: String,
    /// The caption's words about it: characters of the caption's span, `[start, end)` each.
    /// What lies in another panel's words is not said of this picture.
    pub ranges: Vec<[usize; 2]>,
}

/// A word of a span that names something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackEntity {
    /// What kind of thing.
    pub kind: EntityKind,
    /// The level as it is written, the modality, or the condition's identifier.
    pub id: String,
    /// The span, by its id.
    pub span: String,
    /// Characters of the span's text, `[start, end)`.
    pub range: [usize; 2],
}

/// How sure the link between a figure's picture and its caption is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackLink {
    /// 0 to 1; 1 where the markup says so.
    pub score: f64,
    /// Why.
    pub reasons: Vec<String>,
}

/// A level that a pack speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackLevel {
    /// The level.
    pub level: Level,
    /// How sure it is.
    pub certainty: LevelCertainty,
    /// How it was numbered.
    pub numbering_method: NumberingMethod,
}

/// A bank's question inside its pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackQuestion {
    /// The stem.
    pub stem: String,
    /// The options; empty for an open question.
    pub options: Vec<String>,
    /// The right option, from 0.
    pub correct: Option<usize>,
    /// The answer in words.
    pub answer: String,
    /// The explanation.
    pub explanation: Option<String>,
}

/// What a case pack knows beside its text and findings. Each coded statement names the span
/// (a label) that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Age in completed years, 90 for 90 and over; none where it was generalised away.
    pub age: Option<u16>,
    /// Sex; none where it was generalised away.
    pub sex: Option<Sex>,
    /// The site's pseudonym, for counting; no item may name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The span (a label) that says age and sex.
    pub person: Option<String>,
    /// Symptoms at presentation.
    pub symptoms: Vec<Certified<Symptom>>,
    /// Diagnoses.
    pub diagnoses: Vec<Certified<Diagnosis>>,
    /// Treatments in order of time.
    pub treatments: Vec<Certified<Timed>>,
    /// Which part of the case each [`SpanRole::Record`] span is, by span id.
    pub parts: BTreeMap<String, CasePart>,
    /// The day that a [`SpanRole::Record`] span speaks of, by span id, where the case file
    /// gives one; shifted, so that only intervals mean something.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dates: BTreeMap<String, Date>,
}

impl EvidencePack {
    /// A span by its id.
    #[must_use]
    pub fn span(&self, id: &str) -> Option<&Span> {
        self.spans.iter().find(|s| s.id == id)
    }

    /// The pictures (positions) that a fact is said of: those that its span speaks of; of
    /// these, where the fact stands in the words about some panels, the pictures that show
    /// those panels.
    #[must_use]
    pub fn images_of(&self, fact: &Finding) -> Vec<usize> {
        let spoken: Vec<usize> = (0..self.images.len())
            .filter(|&at| self.images[at].spans.contains(&fact.span))
            .collect();
        let caption = self
            .span(&fact.span)
            .is_some_and(|span| span.role == SpanRole::Caption);
        let Some([start, end]) = fact.range.filter(|_| caption) else {
            return spoken;
        };
        let own = |at: &&usize| {
            let panel = self.images[**at].panel.as_ref();
            panel.is_some_and(|panel| panel.ranges.iter().any(|r| r[0] < end && start < r[1]))
        };
        let shown: Vec<usize> = spoken.iter().filter(own).copied().collect();
        if shown.is_empty() { spoken } else { shown }
    }
}
