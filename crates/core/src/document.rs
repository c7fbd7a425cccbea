//! What readers make of text formats: blocks in reading order, and figures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::DocumentId;
use crate::licence::Licence;
use crate::locator::{FileRef, PageBox};
use crate::media::MediaRef;
use crate::vocabulary::Language;

/// A book, guideline or article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// `source/name`.
    pub id: DocumentId,
    /// The file it was read from.
    pub file: FileRef,
    /// Its title, where one was found.
    pub title: Option<String>,
    /// A DOI or another public identifier, where one was found.
    pub identifier: Option<String>,
    /// The kind that the document states (`case-report`, `review-article`), where it does.
    pub kind: Option<String>,
    /// The licence that the document itself states; stricter than or equal to the source's.
    pub licence: Option<Licence>,
    /// The main language.
    pub language: Language,
    /// Pages; 0 for formats without pages.
    pub pages: u32,
    /// In reading order.
    pub blocks: Vec<Block>,
    /// In order of appearance.
    pub figures: Vec<Figure>,
    /// Files that the document says belong to it, beside its pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supplements: Vec<Supplement>,
}

/// A supplementary file, as the document tells of it (JATS `supplementary-material`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Supplement {
    /// Its printed label, as `Supplementary Table 1`.
    pub label: Option<String>,
    /// Its file's name or address.
    pub href: Option<String>,
    /// What it is said to hold.
    pub caption: Option<String>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// A heading; `depth` says how deep.
    Heading,
    /// A paragraph.
    Paragraph,
    /// A figure's or table's caption.
    Caption,
    /// A list item or list.
    List,
    /// A table; `cells` holds it where it was understood.
    Table,
    /// A displayed equation.
    Equation,
    /// A footnote.
    Footnote,
    /// A running head.
    Header,
    /// A running foot or page number.
    Footer,
    /// An entry of the reference list.
    Reference,
}

/// A piece of text in one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// `b1`, `b2` … in reading order, unique within the document.
    pub id: String,
    /// What it is.
    pub kind: BlockKind,
    /// Its text: NFC, one space between words, hyphenation undone.
    pub text: String,
    /// The page, from 1.
    pub page: Option<u32>,
    /// The page's printed number.
    pub page_label: Option<String>,
    /// Where on the page.
    #[serde(rename = "box")]
    pub bbox: Option<PageBox>,
    /// A heading's depth, from 1.
    pub depth: Option<u8>,
    /// The element path, for XML.
    pub path: Option<String>,
    /// Titles of the sections around it, outermost first.
    pub section: Vec<String>,
    /// A table's rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Vec<String>>,
    /// Figure labels that the markup itself links to (JATS `xref`), as figure ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// The words of `text`, where they were read from a picture of the page; empty where the
    /// text is the file's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scanned: Vec<ScannedWord>,
}

/// A word that was read from a picture of a page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScannedWord {
    /// Where it stands in the block's text: bytes, `[start, end)`.
    pub range: [usize; 2],
    /// Where it stands on the page.
    #[serde(rename = "box")]
    pub bbox: PageBox,
    /// How sure the engine is, from 0 to 1.
    pub confidence: f64,
    /// Below the reader's threshold: the word is as the engine read it, and no evidence.
    pub unsure: bool,
}

/// A figure: pictures with (after pairing) their words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// `f1`, `f2` …, unique within the document.
    pub id: String,
    /// `Figure 2`, `Fig. 3.1`, `图 4`, as printed.
    pub label: Option<String>,
    /// The page, from 1.
    pub page: Option<u32>,
    /// Where on the page.
    #[serde(rename = "box")]
    pub bbox: Option<PageBox>,
    /// Its pictures; empty where the source has the words alone.
    pub media: Vec<MediaRef>,
    /// The caption's block. Readers fill it only where the markup says so; pairing does the rest.
    pub caption: Option<String>,
    /// Blocks that speak of it.
    pub mentions: Vec<String>,
    /// Where they do so: for each mention at least one link.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<MentionLink>,
    /// How sure the pairing is, 0 to 1; 1 where the markup says so.
    pub score: f64,
    /// Why the score is what it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// The parts that the caption names; empty where it names none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panels: Vec<Panel>,
}

/// A place in the text that speaks of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MentionLink {
    /// The block, by its id.
    pub block: String,
    /// The words that say so: bytes of the block's text, `[start, end)`; the whole text where
    /// the markup says so of the whole block.
    pub range: [usize; 2],
    /// How sure it is that they mean this figure, 0 to 1; 1 where the markup says so.
    pub score: f64,
    /// Why.
    pub reason: String,
}

/// A part of a figure that its caption names: `(A) Sagittal T2-weighted image`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// `A`, `b`, `1`, `left`, as printed, without brackets.
    pub label: String,
    /// The caption's words about it: bytes of the caption's text, `[start, end)` each.
    pub ranges: Vec<[usize; 2]>,
    /// The picture that shows it: a position in the figure's `media`. Empty where the panels
    /// share one picture or cannot be told apart.
    pub medium: Option<usize>,
    /// Where on the page, where that is known.
    #[serde(rename = "box")]
    pub bbox: Option<PageBox>,
}

impl Document {
    /// A block by its id.
    #[must_use]
    pub fn block(&self, id: &str) -> Option<&Block> {
        self.blocks.iter().find(|b| b.id == id)
    }
}
