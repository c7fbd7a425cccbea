//! The seams: the traits in which stages, stores and models meet.

use std::borrow::Cow;

use crate::case::Case;
use crate::digest::Digest;
use crate::document::Document;
use crate::instance::{Draft, Revision, Task};
use crate::media::Media;
use crate::model::{ModelIdentity, Request, Response};
use crate::outcome::{Outcome, Problem};
use crate::pack::EvidencePack;
use crate::question::Question;
use crate::source::Manifest;
use crate::study::Study;

/// A step's name and semantic version. The version is raised when the step's output changes
/// for the same input; golden tests hold authors to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepId {
    /// The name.
    pub name: &'static str,
    /// The version.
    pub version: u32,
}

/// A tree of named bytes: what a reader may see of the world.
pub trait Tree {
    /// Names in byte order, with `/` between folders.
    fn names(&self) -> Vec<String>;

    /// A file's bytes.
    ///
    /// # Errors
    /// A message without the file's name when it cannot be read.
    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String>;

    /// A file's digest, without reading it where it is known.
    ///
    /// # Errors
    /// As [`Tree::read`].
    fn digest(&self, name: &str) -> Result<Digest, String> {
        self.read(name).map(|bytes| Digest::of(&bytes))
    }
}

/// What a reader understood. In = records + rejected (I2).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ingested {
    /// The records.
    pub records: Vec<Record>,
    /// Pictures that the records name.
    pub media: Vec<Media>,
    /// Records that could not be read at all: one entry each.
    pub rejected: Vec<Problem>,
    /// Damage inside records that survived.
    pub problems: Vec<Problem>,
}

/// What readers make.
#[allow(
    clippy::large_enum_variant,
    reason = "records come one at a time and are written out at once"
)]
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(tag = "record", rename_all = "lowercase")]
pub enum Record {
    /// A book, guideline or article.
    Document(Document),
    /// A labelled study.
    Study(Study),
    /// A question.
    Question(Question),
    /// A de-identified case.
    Case(Box<Case>),
}

/// Reads one family of formats. Implementations never panic and never touch the outside:
/// all they see is the tree.
pub trait Ingest: Send + Sync {
    /// Name and version.
    fn step(&self) -> StepId;

    /// Reads the tree: one file, or the whole source where
    /// [`crate::source::Format::reads_whole_tree`] says so.
    fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested;
}

/// How sources' files are read: in this process or in one with limits, with or without an
/// engine for scanned pages.
pub trait Reading: Send + Sync {
    /// What, beside a format's reader, could change what is read: the engine for scanned pages.
    /// Empty where there is none.
    fn identity(&self) -> String;

    /// Reads the tree as its source declares it.
    fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested;

    /// The same, where a fault of the surroundings is no fault of the file.
    ///
    /// # Errors
    /// Why nothing can be read at present.
    fn attempt(&self, manifest: &Manifest, tree: &dyn Tree) -> Result<Ingested, String> {
        Ok(self.ingest(manifest, tree))
    }

    /// Whether a rejection of an earlier run would come again. One that came of a limit of time
    /// or memory need not, once the limit is another.
    fn stands(&self, problem: &Problem) -> bool {
        let _ = problem;
        true
    }
}

/// Reads words in the picture of a page: optical character recognition.
pub trait PageReader: Send + Sync {
    /// Engine, version and languages, as `tesseract 5.3.0 eng+chi_sim`.
    fn identity(&self) -> String;

    /// The page's words in the engine's reading order.
    ///
    /// # Errors
    /// Why the engine gave no answer, in words.
    fn words(&self, page: &PagePicture<'_>) -> Result<Vec<PageWord>, String>;
}

/// A page as a picture in shades of grey.
#[derive(Debug, Clone, Copy)]
pub struct PagePicture<'a> {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Row by row from the top, 0 black, 255 white; `width * height` of them.
    pub pixels: &'a [u8],
    /// Pixels in an inch.
    pub dpi: u32,
}

/// A word in the picture of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageWord {
    /// What it reads.
    pub text: String,
    /// `[x0, y0, x1, y1)` in pixels of the picture.
    pub region: [u32; 4],
    /// From 0 to 1.
    pub confidence: f64,
    /// The block, the paragraph in it and the line in that, as the engine counts them.
    pub line: [u32; 3],
}

/// One input to kept outputs, or a drop with its reason.
pub trait Stage: Send + Sync {
    /// What goes in.
    type In;
    /// What comes out.
    type Out;

    /// Name and version.
    fn step(&self) -> StepId;

    /// The digest of the settings that could change the output.
    fn settings(&self) -> Digest;

    /// Does the work. Pure: same input, same outcome.
    fn run(&self, input: &Self::In) -> Outcome<Self::Out>;
}

/// Values by digest.
pub trait Store: Send + Sync {
    /// Keeps bytes; when it returns they are durable, and their digest names them.
    ///
    /// # Errors
    /// [`StoreError`] when they could not be made durable.
    fn put(&self, bytes: &[u8]) -> Result<Digest, StoreError>;

    /// Bytes by digest, verified on every read; `None` where there are none.
    ///
    /// # Errors
    /// [`StoreError`] when they could not be read or are damaged.
    fn get(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError>;

    /// Whether bytes of this digest are kept.
    ///
    /// # Errors
    /// [`StoreError`] when the store could not be asked.
    fn has(&self, digest: &Digest) -> Result<bool, StoreError>;
}

/// Why a store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The outside said no.
    #[error("cannot {action} `{place}`")]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        place: String,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Bytes are not what their name says.
    #[error("`{place}` is damaged: its bytes have digest {found}")]
    Damaged {
        /// Which value.
        place: String,
        /// The digest found.
        found: Digest,
    },
    /// The database said no.
    #[error("the ledger `{place}` failed: {cause}")]
    Database {
        /// Which database.
        place: String,
        /// What it said.
        cause: String,
    },
}

/// What a generator wants next for a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask<T> {
    /// It has the answer.
    Answer(Outcome<T>),
    /// It needs a model's response to this first.
    Request(Box<Request>),
}

/// Makes drafts from packs and revisions from drafts. A pass is a pure render (`draft`), the
/// call (by the runner, recorded before use), and a pure parse (`read_draft`); so live calls,
/// recorded ones and batch APIs fit unchanged, and a parse fault loses no paid response.
pub trait Generator: Send + Sync {
    /// Everything that could change the output: name, version, prompts' digests, model.
    /// Part of the draft's action key.
    fn draft_identity(&self) -> Digest;

    /// The same for revisions: a changed revision prompt repeats no draft.
    fn revision_identity(&self) -> Digest;

    /// A name for people: `rules/1`, `gpt-x@endpoint`.
    fn name(&self) -> String;

    /// The models it will call, for egress and budgets; empty for offline generators.
    fn models(&self) -> Vec<ModelIdentity>;

    /// The tasks worth trying on a pack, within those wanted.
    fn tasks(&self, pack: &EvidencePack, wanted: &[Task]) -> Vec<Task>;

    /// Starts a draft.
    fn draft(&self, pack: &EvidencePack, task: &Task) -> Ask<Draft>;

    /// Reads a draft from a model's response. `Err` is what to tell the model when asked again.
    ///
    /// # Errors
    /// What is wrong with the response, in words.
    fn read_draft(
        &self,
        pack: &EvidencePack,
        task: &Task,
        response: &Response,
    ) -> Result<Outcome<Draft>, String>;

    /// Starts a revision.
    fn revise(&self, pack: &EvidencePack, draft: &Draft) -> Ask<Revision>;

    /// Reads a revision from a model's response.
    ///
    /// # Errors
    /// What is wrong with the response, in words.
    fn read_revision(
        &self,
        pack: &EvidencePack,
        draft: &Draft,
        response: &Response,
    ) -> Result<Outcome<Revision>, String>;
}

/// Where a model backend puts each response before anyone uses it (I4).
pub trait Journal: Send + Sync {
    /// Makes a response durable.
    ///
    /// # Errors
    /// [`StoreError`]: the response must then not be used.
    fn record(&self, response: &Response) -> Result<(), StoreError>;

    /// Makes several responses durable; a journal that can do so with one wait for the disk
    /// overrides this.
    ///
    /// # Errors
    /// [`StoreError`]: none of them may then be used, though some may have been kept.
    fn record_all(&self, responses: &[Response]) -> Result<(), StoreError> {
        responses
            .iter()
            .try_for_each(|response| self.record(response))
    }
}

/// Why a request has no response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Worth another try later: 429, 5xx, time-outs, broken connections.
    #[error("the endpoint failed after {attempts} attempts: {reason}")]
    Unavailable {
        /// Attempts made.
        attempts: u32,
        /// The last cause.
        reason: String,
    },
    /// The endpoint refuses this request for good: 400, 401, 404.
    #[error("the endpoint refused the request: {reason}")]
    Refused {
        /// What it said.
        reason: String,
    },
    /// The reply is not what the API promises.
    #[error("the endpoint's reply is not a chat completion: {reason}")]
    Nonsense {
        /// What is wrong.
        reason: String,
    },
    /// No recording has this request (recorded responses only).
    #[error("no recorded response for request {key}")]
    NotRecorded {
        /// The request's key.
        key: Digest,
    },
    /// The response came but could not be made durable.
    #[error("the response could not be kept: {reason}")]
    NotKept {
        /// Why.
        reason: String,
    },
}

/// A language model behind a stream: keyed requests in, durable responses out, in any order.
pub trait Model: Send + Sync {
    /// Answers requests. Each response is recorded in `journal` before `done` sees it; `done`
    /// is called exactly once per request, on the calling thread. `images` gives bytes by digest.
    fn answer(
        &self,
        requests: &mut (dyn Iterator<Item = Request> + Send),
        images: &(dyn Fn(&Digest) -> Option<Vec<u8>> + Sync),
        journal: &dyn Journal,
        done: &mut dyn FnMut(Digest, Result<Response, ModelError>),
    );
}

/// Writes items into a sink: JSON Lines, Parquet, WebDataset.
pub trait Export {
    /// What goes in.
    type Item;
    /// What finishing gives.
    type Done;

    /// Adds one item. Items come in the order they are to stand in.
    ///
    /// # Errors
    /// A message when the sink refuses.
    fn push(&mut self, item: &Self::Item) -> Result<(), ExportError>;

    /// Ends the sink.
    ///
    /// # Errors
    /// A message when the sink refuses.
    fn finish(self) -> Result<Self::Done, ExportError>;
}

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot export {what}: {cause}")]
pub struct ExportError {
    /// What was being written.
    pub what: String,
    /// Why it failed.
    pub cause: String,
}
