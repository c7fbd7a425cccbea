//! Flags and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use spinemed_core::date::Date;
use spinemed_core::vocabulary::{ProfileOption, TimesOfDay};

/// Builds traceable medical instruction data: from declared sources to a release in which
/// every word has a place it came from.
#[derive(Debug, Parser)]
#[command(
    name = "spinemed",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
#[command(after_help = "Examples:
  spinemed build demo                 build the demo corpus, offline
  spinemed audit trace RECORD-KEY     where an instance comes from
  spinemed status demo                what is stale, and why
  spinemed inspect book.pdf           what ingest understands of a file
  spinemed deid IN OUT --key NAME     a folder of DICOM, de-identified

Exit codes: 0 done, 2 usage, 3 a source is unusable, 4 refused by policy, 5 endpoint or budget,
6 damage found, 7 done but not all, 8 workspace held, 130 interrupted (docs/errors.md).")]
pub struct Cli {
    /// The workspace: a folder with `pipelines/` and `sources/` [default: found upwards].
    #[arg(long, global = true, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// How results are printed on standard output.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// No progress on standard error.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Whether Tesseract, where it is installed, reads scanned pages, and looks for text in
    /// patients' pictures: `auto` or `off`. It is slow.
    #[arg(long, global = true, value_enum, default_value_t = Ocr::Auto, value_name = "WHEN", hide_possible_values = true)]
    pub ocr: Ocr,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// One JSON object on the last line.
    Json,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a workspace with a commented pipeline and one example source.
    #[command(
        after_help = "Example:\n  spinemed init my-corpus && cd my-corpus && spinemed build first"
    )]
    Init {
        /// The folder; made when it is not there.
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Declare, check and list sources.
    #[command(subcommand)]
    Source(SourceCommand),
    /// Build a pipeline: the main job.
    #[command(after_help = "Examples:
  spinemed build demo                   everything that is stale
  spinemed build demo --dry-run         what would be done
  spinemed build demo --only pair       stages up to `pair`
  spinemed build demo --only demo-bank  units of one source
  spinemed build demo --sample 20       a corpus of its own from 20 packs
  spinemed build demo --format json | tail -n 1 | jq .stages")]
    Build(BuildArgs),
    /// What is stale and why, and what is pending.
    Status {
        /// The pipeline [default: the only one, or the last built].
        pipeline: Option<String>,
    },
    /// What ingest understands of a file, as a page to look at or as JSON.
    #[command(after_help = "Examples:
  spinemed inspect book.pdf --html book.html    a page with boxes to look at
  spinemed inspect article.xml --format json    blocks in reading order, figures, problems")]
    Inspect {
        /// A `.pdf`, `.xml`, `.nxml`, `.jsonl` or `.csv` file.
        file: PathBuf,
        /// Write a page to look at.
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
        /// What reading it may take.
        #[command(flatten)]
        limits: LimitArgs,
    },
    /// Read one document from standard input, as a child of this program does.
    #[command(hide = true)]
    Read {
        /// The most pages.
        #[arg(long)]
        pages: usize,
    },
    /// The prompts: list, show, render for given evidence, check.
    #[command(subcommand)]
    Prompt(PromptCommand),
    /// Work one shard of a plan, as a cluster's task does.
    #[command(after_help = "Example:
  spinemed build demo --plan-to /shared/plan       writes the next stage's shards
  spinemed worker --plan /shared/plan --stage 0 --index 3
  spinemed build demo --absorb /shared/plan --plan-to /shared/plan
                                                   enters the results, writes the next stage's
  spinemed build demo --absorb /shared/plan        enters the results, does the rest here

Exit codes: 0 committed, 65 bad shard (never retry), 75 try again.")]
    Worker {
        /// The plan's folder, or its `file://` address.
        #[arg(long, value_name = "URL")]
        plan: String,
        /// The stage.
        #[arg(long, value_name = "N")]
        stage: usize,
        /// The shard.
        #[arg(long, value_name = "I")]
        index: usize,
    },
    /// Where instances come from, why things are or are not there, whether all is intact.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Freeze and verify releases.
    #[command(subcommand)]
    Release(ReleaseCommand),
    /// Withdraw a source, document or instance; the next build leaves it out.
    #[command(after_help = "Examples:
  spinemed retract source demo-bank --reason 'licence withdrawn'
  spinemed retract document demo-bank/q7 --reason 'wrong key'")]
    Retract {
        /// What kind of thing.
        #[arg(value_enum)]
        scope: Scope,
        /// Its name.
        id: String,
        /// Why, without personal data.
        #[arg(long)]
        reason: String,
    },
    /// Keys of patients' records: make one, list them.
    #[command(subcommand)]
    Key(KeyCommand),
    /// De-identify DICOM objects: PS3.15 Basic Profile with options, a report, a self-test.
    #[command(after_help = "Examples:
  spinemed key create hospital-2026
  spinemed deid scans/ clean/ --key hospital-2026
  spinemed deid scans/ clean/ --key hospital-2026 --option clean-pixel-data --review ~/review
  spinemed deid scans/ clean/ --key hospital-2026 --option clean-pixel-data --regions regions.json
  spinemed deid scans/ clean/ --key hospital-2026 --mapping ~/private --self-test answers.db
  spinemed deid made/ clean/ --public-key public.key --made-data --format json | tail -n 1

A run that was stopped or killed goes on where it was: give the same command again.

Exit codes: 0 all objects are out, 7 some were rejected (each is told), 3 no DICOM in the input,
4 refused (no key, or private files in the wrong place), 2 usage, 8 another process fills the
output, 130 interrupted.")]
    Deid(Box<DeidArgs>),
    /// Remove what no pipeline needs any more: old values, pictures, responses of what was
    /// withdrawn.
    #[command(after_help = "Examples:
  spinemed build hospital && spinemed gc      after a withdrawal: nothing of it is left
  spinemed gc --forget old                    gives up what `pipelines/old.toml` had built")]
    Gc {
        /// A pipeline that is no more; what only it needs is removed.
        #[arg(long, value_name = "PIPELINE")]
        forget: Vec<String>,
    },
    /// Print a JSON Schema, or the list of schemas.
    Schema {
        /// The schema's name.
        name: Option<String>,
    },
    /// Check the surroundings: workspace, ledger, disk, endpoints' settings.
    Doctor,
    /// Shell completions.
    #[command(
        after_help = "Example:\n  spinemed completions bash > /etc/bash_completion.d/spinemed"
    )]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// What reading one document may take, for a file outside any pipeline.
#[derive(Debug, Args)]
pub struct LimitArgs {
    /// The most pages of a PDF.
    #[arg(long, value_name = "N", default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(1..=20_000))]
    pub pages: u64,
    /// The most seconds of processor time.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub seconds: u64,
    /// The most memory in MiB.
    #[arg(long, value_name = "N", default_value_t = 4_096, value_parser = clap::value_parser!(u64).range(512..=1_048_576))]
    pub memory: u64,
}

/// `build`'s flags.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// The pipeline: `pipelines/NAME.toml` [default: the only one].
    pub pipeline: Option<String>,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Generate from N packs alone, chosen by digest; kept apart from the full corpus.
    #[arg(long, value_name = "N")]
    pub sample: Option<usize>,
    /// Run only stages up to STAGE, or only units of SOURCE; the rest stays pending.
    #[arg(long, value_name = "STAGE|SOURCE")]
    pub only: Option<String>,
    /// Hash every file anew, whatever its size and time.
    #[arg(long)]
    pub rehash: bool,
    /// Consents and approvals of patients must hold on this day [default: today, UTC].
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    /// Threads [default: one per core].
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Write the next stage's shards to a folder for workers, and do none of them here.
    #[arg(long, value_name = "DIR", conflicts_with = "dry_run")]
    pub plan_to: Option<PathBuf>,
    /// Enter what workers committed to a plan's folder, then build on, or with `--plan-to`
    /// plan on.
    #[arg(long, value_name = "DIR")]
    pub absorb: Option<PathBuf>,
}

impl BuildArgs {
    /// A plain build of a pipeline.
    #[must_use]
    pub fn of(pipeline: String) -> Self {
        Self {
            pipeline: Some(pipeline),
            dry_run: false,
            sample: None,
            only: None,
            rehash: false,
            as_of: None,
            threads: None,
            plan_to: None,
            absorb: None,
        }
    }
}

/// `deid`'s flags.
#[derive(Debug, Args)]
pub struct DeidArgs {
    /// Folders of any depth, or files.
    #[arg(required = true, value_name = "IN")]
    pub inputs: Vec<PathBuf>,
    /// The folder for clean objects: empty, missing, or of an earlier run with the same settings.
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// The key that pseudonyms, UIDs and dates are made with (`spinemed key create NAME`).
    #[arg(long, value_name = "NAME", conflicts_with = "public_key")]
    pub key: Option<String>,
    /// A key that everybody knows, for made data alone.
    #[arg(long, value_name = "FILE", requires = "made_data")]
    pub public_key: Option<PathBuf>,
    /// Nobody is behind the input: it was made.
    #[arg(long)]
    pub made_data: bool,
    /// Add an option of the profile (PS3.15, E.3) to the usual ones: clean-graphics,
    /// clean-structured-content, clean-descriptors, retain-modified-dates,
    /// retain-patient-characteristics.
    #[arg(long, value_name = "OPTION", value_parser = option)]
    pub option: Vec<ProfileOption>,
    /// Take one of the usual options out.
    #[arg(long, value_name = "OPTION", value_parser = option)]
    pub without: Vec<ProfileOption>,
    /// What becomes of times of day: `keep` or `remove`.
    #[arg(long, default_value = "remove", value_name = "WHAT", value_parser = times)]
    pub times: TimesOfDay,
    /// How many objects are worked on at once [default: one per core].
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<usize>,
    /// Where to tell who is behind the pseudonyms: uids.csv, patients.csv, aliases.csv.
    #[arg(long, value_name = "DIR")]
    pub mapping: Option<PathBuf>,
    /// What a person said about blanked regions (`spinemed schema deid-regions`).
    #[arg(long, value_name = "FILE")]
    pub regions: Option<PathBuf>,
    /// Where pictures before and after blanking go, for a person to look at. Private.
    #[arg(long, value_name = "DIR")]
    pub review: Option<PathBuf>,
    /// Names to look for in texts, one on a line.
    #[arg(long, value_name = "FILE")]
    pub names: Option<PathBuf>,
    /// Where the report goes [default: `OUT/report`].
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Compare the output with an answer key in the form of the MIDI-B challenge.
    #[arg(
        long,
        value_name = "ANSWERS",
        requires = "mapping",
        conflicts_with = "dry_run"
    )]
    pub self_test: Option<PathBuf>,
    /// Read everything, say what would be done, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Whether an installed reader of characters is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Ocr {
    /// Where it is installed.
    Auto,
    /// Never.
    Off,
}

fn option(word: &str) -> Result<ProfileOption, String> {
    word.parse()
        .map_err(|_| one_of(ProfileOption::ALL.iter().map(|o| o.as_str())))
}

fn times(word: &str) -> Result<TimesOfDay, String> {
    word.parse()
        .map_err(|_| one_of(TimesOfDay::ALL.iter().map(|t| t.as_str())))
}

fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("one of {}", words.collect::<Vec<_>>().join(", "))
}

/// What `source` does.
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// Write a manifest for files on this machine.
    #[command(after_help = "Example:
  spinemed source add spine-book book.pdf --licence CC-BY-4.0 --title 'Spine, a textbook' \\
      --citation 'A. Author, Spine, 2024'")]
    Add {
        /// The source's name: letters, digits, hyphens.
        id: String,
        /// Files; their digests are entered. They are read where they are.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// SPDX licence expression.
        #[arg(long)]
        licence: String,
        /// A title for people.
        #[arg(long)]
        title: String,
        /// How to cite it.
        #[arg(long)]
        citation: String,
        /// The reader [default: by the files' extension].
        #[arg(long)]
        reader: Option<String>,
        /// Language, `en` or `zh`.
        #[arg(long, default_value = "en")]
        language: String,
        /// Only endpoints declared local may see it.
        #[arg(long)]
        local_only: bool,
    },
    /// Verify files, digests, licence and schema of one source, or of all.
    Check {
        /// The source [default: all].
        id: Option<String>,
    },
    /// List the declared sources.
    List,
    /// Tell the files behind the pseudonyms of a source of patients. They go to the screen
    /// alone: do not keep the output with the corpus.
    Names {
        /// The source.
        id: String,
        /// The pipeline whose key is used [default: the last built].
        #[arg(long)]
        pipeline: Option<String>,
    },
}

/// What `key` does.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key from the system's random numbers, outside every workspace.
    #[command(after_help = "Example:
  spinemed key create hospital-2026

Keys lie in $SPINEMED_KEYS, else in ~/.config/spinemed/keys (docs/privacy.md).")]
    Create {
        /// Its name: letters, digits, `-` and `_`.
        name: String,
    },
    /// List keys by their public names.
    List,
}

/// What `prompt` does.
#[derive(Debug, Subcommand)]
pub enum PromptCommand {
    /// List the templates, or show one.
    Show {
        /// The template.
        name: Option<String>,
    },
    /// Render the prompts of a task for a pack of the last build.
    Render {
        /// The pack's key.
        pack: String,
        /// The kind: `mcq`, `open-qa`, `consultation`, `report`.
        #[arg(long, default_value = "mcq")]
        kind: String,
        /// The language.
        #[arg(long, default_value = "en")]
        language: String,
        /// The pipeline [default: the last built].
        #[arg(long)]
        pipeline: Option<String>,
    },
    /// Check that every template compiles, fences evidence and names what it must.
    Lint,
}

/// What `audit` does.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// The chain of an instance: evidence, actions, draft and revision, checks.
    #[command(after_help = "Example:\n  spinemed audit trace 'demo-bank/q1/question#mcq.en.0'")]
    Trace {
        /// Record key or content digest.
        id: String,
        /// The pipeline [default: the last built].
        #[arg(long)]
        pipeline: Option<String>,
    },
    /// Why a unit was last worked: which input or setting had changed.
    Why {
        /// A file, document, pack or record key.
        id: String,
        /// The pipeline [default: the last built].
        #[arg(long)]
        pipeline: Option<String>,
    },
    /// Why something is not in the corpus.
    WhyNot {
        /// A file, document, pack or record key.
        id: String,
        /// The pipeline [default: the last built].
        #[arg(long)]
        pipeline: Option<String>,
    },
    /// Verify the ledger's chain, every value and picture, and instances back to source bytes.
    Verify {
        /// The pipeline [default: the last built].
        #[arg(long)]
        pipeline: Option<String>,
    },
}

/// What `release` does.
#[derive(Debug, Subcommand)]
pub enum ReleaseCommand {
    /// Freeze the built root of a pipeline into an immutable folder.
    Create {
        /// The pipeline [default: the last built].
        pipeline: Option<String>,
    },
    /// Verify a release's folder alone, offline.
    Verify {
        /// The folder.
        dir: PathBuf,
        /// The root that it must have, from a place you trust more than the folder.
        #[arg(long, value_name = "DIGEST")]
        root: Option<String>,
    },
}

/// What may be withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scope {
    /// A whole source.
    Source,
    /// A document, study or question.
    Document,
    /// One instance.
    Instance,
}
