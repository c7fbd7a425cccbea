//! Items, drafts, revisions and instances: what generation makes of packs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::ids::{DocumentId, GroupKey, PackKey, RecordKey, SourceId};
use crate::licence::Terms;
use crate::locator::Locator;
use crate::media::MediaRef;
use crate::pack::PackLevel;
use crate::vocabulary::{Kind, Language, Modality, Split};

/// What is asked of a generator for one pack: one item of one kind in one language.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The kind.
    pub kind: Kind,
    /// The language to write in.
    pub language: Language,
    /// The variant, from 0: several items of one kind from one pack.
    pub variant: u32,
}

/// The generated content, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Item {
    /// Multiple choice.
    Mcq {
        /// The stem, complete in itself: no pointer to "the text" or "the figure above".
        stem: String,
        /// Options in order, distinct.
        options: Vec<String>,
        /// The right one, from 0.
        correct: usize,
        /// Why, with what the evidence says.
        explanation: String,
    },
    /// Open question.
    OpenQa {
        /// The question, complete in itself.
        question: String,
        /// The answer.
        answer: String,
    },
    /// Multi-turn consultation; `user` and `assistant` alternate, `user` first.
    Consultation {
        /// The turns.
        turns: Vec<Turn>,
    },
    /// Diagnostic report.
    Report {
        /// The request: what is to be reported, complete in itself.
        request: String,
        /// The six sections.
        sections: Box<ReportSections>,
    },
}

impl Item {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Mcq { .. } => Kind::Mcq,
            Self::OpenQa { .. } => Kind::OpenQa,
            Self::Consultation { .. } => Kind::Consultation,
            Self::Report { .. } => Kind::Report,
        }
    }
}

/// Who speaks in a consultation or message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The frame of the exchange.
    System,
    /// The patient or asker.
    User,
    /// The clinician or model.
    Assistant,
}

/// One turn of a consultation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub text: String,
}

/// The six sections of a report (arXiv 2510.03160). A section that the evidence cannot fill says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportSections {
    /// 1. Structured imaging findings.
    pub imaging_findings: String,
    /// 2. AI-assisted diagnosis.
    pub diagnosis: String,
    /// 3a. Treatment, the patient's part in plain words.
    pub treatment_patient: String,
    /// 3b. Treatment, the clinician's part with evidence.
    pub treatment_clinician: String,
    /// 4. Risk and prognosis.
    pub risk_prognosis: String,
    /// 5. Post-operative problems.
    pub postoperative: String,
    /// 6. Diagnostic basis with disclaimer.
    pub basis: String,
}

/// A statement of an item that rests on evidence: its words and what they rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The words, as they stand in the item.
    pub text: String,
    /// Evidence spans (ids) it rests on; at least one.
    pub spans: Vec<String>,
    /// Bound facts (positions in the pack's `facts`) it restates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<usize>,
}

/// The first pass's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// What was asked.
    pub task: Task,
    /// What came.
    pub item: Item,
    /// What the item's answer rests on.
    pub claims: Vec<Claim>,
    /// Pictures (positions in the pack's `images`) that the item shows.
    pub images: Vec<usize>,
}

/// The second pass's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// What was asked.
    pub task: Task,
    /// The revised item.
    pub item: Item,
    /// What it rests on.
    pub claims: Vec<Claim>,
    /// Pictures it shows.
    pub images: Vec<usize>,
    /// What was changed and why; empty where nothing was: no draft is spoiled to be mended.
    pub changes: Vec<Change>,
    /// How the reviser came to the answer on its own, for the record.
    pub derivation: String,
}

/// One change of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The part of the item: `stem`, `options[2]`, `sections.basis`.
    pub part: String,
    /// Why.
    pub reason: String,
}

/// A check's verdict on a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckResult {
    /// The check: `schema`, `options`, `bound-facts`, `numbers`, `self-contained` …
    pub check: String,
    /// Its version.
    pub version: u32,
    /// Whether it passed.
    pub passed: bool,
    /// What failed and where; empty when it passed.
    pub detail: String,
}

/// A message of the chat form that training frameworks read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// Text and picture parts in order.
    pub content: Vec<Part>,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Part {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// The next picture of the instance's `images`.
    Image,
}

/// A quoted piece of evidence, with its place (I1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The span's id within the pack.
    pub span: String,
    /// Where it stands.
    pub place: Locator,
    /// The words, unchanged.
    pub quote: String,
}

/// Where an instance comes from: the digests of each step's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The evidence pack.
    pub pack: Digest,
    /// The draft.
    pub draft: Digest,
    /// The revision.
    pub revision: Digest,
    /// Who generated: `rules/3` or a model's identity.
    pub generator: String,
}

/// One training or test item: immutable, named by its record key and its content digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// The format's version.
    pub v: u32,
    /// The stable name.
    pub key: RecordKey,
    /// The kind.
    pub kind: Kind,
    /// The language.
    pub language: Language,
    /// The content as generated.
    pub item: Item,
    /// The content as chat messages.
    pub messages: Vec<Message>,
    /// Pictures, in the order of the `image` parts.
    pub images: Vec<InstanceImage>,
    /// Levels it speaks of.
    pub levels: Vec<PackLevel>,
    /// The main modality.
    pub modality: Modality,
    /// The condition.
    pub condition: Option<String>,
    /// What its answer rests on.
    pub claims: Vec<Claim>,
    /// The quoted evidence.
    pub evidence: Vec<Evidence>,
    /// The source.
    pub source: SourceId,
    /// The document, study or question.
    pub document: DocumentId,
    /// The pack.
    pub pack: PackKey,
    /// What may be done with it.
    pub terms: Terms,
    /// What a split may not tear apart.
    pub group: GroupKey,
    /// Its part of the corpus.
    pub split: Split,
    /// Digests of the steps that made it.
    pub origin: Origin,
    /// The checks it passed.
    pub checks: Vec<CheckResult>,
}

/// A picture of an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstanceImage {
    /// The picture.
    pub media: MediaRef,
    /// Where it stands in the source.
    pub place: Locator,
    /// How it was made.
    pub modality: Modality,
}

impl Instance {
    /// The newest format version, written today.
    pub const VERSION: u32 = 1;

    /// The content digest: SHA-256 of the canonical JSON.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of_json(self)
    }
}
