//! A pipeline's settings as written in `pipelines/<name>.toml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spinemed_core::SourceId;
use spinemed_core::instance::Task;
use spinemed_core::vocabulary::{Kind, Language};
use spinemed_curate::{CurateSettings, SmallCells, SplitSettings};
use spinemed_model::endpoint::Endpoint;
use spinemed_pairing::PairingSettings;

use crate::work::ingest::MostPages;

/// A pipeline. Unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// A title for people.
    pub title: String,
    /// Which sources.
    pub sources: SourcesSection,
    /// Which items are wanted.
    #[serde(default)]
    pub tasks: TasksSection,
    /// What reading one document may take.
    #[serde(default)]
    pub limits: LimitsSection,
    /// Who makes them.
    #[serde(default)]
    pub generate: GenerateSection,
    /// Model endpoints.
    #[serde(default)]
    pub models: Vec<Endpoint>,
    /// How patients' records are cleaned, and what is done with rare patients.
    #[serde(default)]
    pub deidentify: DeidentifySection,
    /// How figures are tied to their words, and how packs are cut.
    #[serde(default)]
    pub pairing: PairingSettings,
    /// What is left out.
    #[serde(default)]
    pub curate: CurateSettings,
    /// How the corpus is split.
    #[serde(default)]
    pub split: SplitSettings,
    /// The release that a complete build writes.
    #[serde(default)]
    pub release: Option<ReleaseSection>,
}

/// Which sources a pipeline uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcesSection {
    /// Folders under `sources/`.
    #[serde(rename = "use")]
    pub used: Vec<SourceId>,
}

/// What reading one document may take. One that takes more is rejected; the others go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// Pages of a PDF.
    #[serde(deserialize_with = "within::<1, MOST_PAGES, _>")]
    #[schemars(range(min = 1, max = 20_000))]
    pub pages: u64,
    /// Seconds of processor time; by the clock twenty times as many may pass.
    #[serde(deserialize_with = "within::<1, MOST_SECONDS, _>")]
    #[schemars(range(min = 1, max = 86_400))]
    pub seconds: u64,
    /// Memory in MiB.
    #[serde(deserialize_with = "within::<LEAST_MEMORY, MOST_MEMORY, _>")]
    #[schemars(range(min = 512, max = 1_048_576))]
    pub memory: u64,
}

impl Default for LimitsSection {
    fn default() -> Self {
        Self {
            pages: MostPages::default().0 as u64,
            seconds: 300,
            memory: 4_096,
        }
    }
}

/// The reader looks at no more pages.
const MOST_PAGES: u64 = 20_000;
/// A day.
const MOST_SECONDS: u64 = 86_400;
/// The program itself takes a part of this.
const LEAST_MEMORY: u64 = 512;
/// A TiB.
const MOST_MEMORY: u64 = 1 << 20;

fn within<'de, const LEAST: u64, const MOST: u64, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<u64, D::Error> {
    let number = u64::deserialize(from)?;
    if (LEAST..=MOST).contains(&number) {
        return Ok(number);
    }
    Err(serde::de::Error::custom(format!(
        "a number from {LEAST} to {MOST} is wanted, not {number}"
    )))
}

/// Which items are wanted of each pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TasksSection {
    /// Kinds.
    pub kinds: Vec<Kind>,
    /// Languages.
    pub languages: Vec<Language>,
    /// The most items of one kind and language from one pack.
    #[serde(deserialize_with = "variants")]
    #[schemars(range(min = 1, max = 100))]
    pub variants: u32,
}

impl Default for TasksSection {
    fn default() -> Self {
        Self {
            kinds: Kind::ALL.to_vec(),
            languages: Language::ALL.to_vec(),
            variants: 2,
        }
    }
}

impl TasksSection {
    /// Every task wanted, in order.
    #[must_use]
    pub fn wanted(&self) -> Vec<Task> {
        let mut tasks = Vec::new();
        for &kind in &self.kinds {
            for &language in &self.languages {
                tasks.extend((0..self.variants).map(|variant| Task {
                    kind,
                    language,
                    variant,
                }));
            }
        }
        tasks.sort();
        tasks.dedup();
        tasks
    }
}

/// Who makes the items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GenerateSection {
    /// `rules` (built in, offline) or `model`.
    pub generator: GeneratorChoice,
    /// For `model`: the endpoint (a name under `[models]`) that drafts.
    pub draft: Option<String>,
    /// For `model`: the endpoint that revises; the drafting one by default.
    pub revise: Option<String>,
    /// How often a response that cannot be read is asked for again.
    pub max_repairs: u32,
    /// A folder of prompt templates that replace the built-in ones, relative to the workspace.
    pub prompts: Option<String>,
}

impl Default for GenerateSection {
    fn default() -> Self {
        Self {
            generator: GeneratorChoice::Rules,
            draft: None,
            revise: None,
            max_repairs: 1,
            prompts: None,
        }
    }
}

/// More of one task than this cannot differ.
const MOST_VARIANTS: u32 = 100;

fn variants<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let variants = u32::deserialize(from)?;
    if (1..=MOST_VARIANTS).contains(&variants) {
        return Ok(variants);
    }
    Err(serde::de::Error::custom(format!(
        "`variants` is a number from 1 to {MOST_VARIANTS}"
    )))
}

/// The generators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GeneratorChoice {
    /// Templates over bound facts; no model, no network.
    Rules,
    /// Prompts over a language model.
    Model,
}

/// How patients' records are cleaned, and what is done with rare patients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeidentifySection {
    /// The key of pseudonyms, dates and commitments; needed where a source speaks of patients.
    pub key: Option<KeyChoice>,
    /// A combination of age band, sex, level, condition and site that fewer patients share is
    /// a small cell.
    pub least_patients: u64,
    /// What is done with packs of patients in a small cell.
    pub small_cells: SmallCells,
    /// At most so many pictures of one case. Not given: by what the case has, about six of
    /// each plane and contrast in a series, 25 in all at most.
    pub pictures: Option<u32>,
}

impl Default for DeidentifySection {
    fn default() -> Self {
        Self {
            key: None,
            least_patients: 5,
            small_cells: SmallCells::Generalise,
            pictures: None,
        }
    }
}

/// Where a key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyChoice {
    /// A secret key by its name, in the folder of keys outside the workspace.
    Name(String),
    /// A public key, a file of the workspace: for made data alone.
    PublicFile(String),
}

/// The release that a complete build writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseSection {
    /// Its name.
    pub name: String,
    /// Its version, MAJOR.MINOR.PATCH.
    pub version: String,
}

/// Parses TOML and, where a key is unknown, suggests the nearest one.
///
/// # Errors
/// Place, cause and, where there is one, a hint.
pub fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, SettingsError> {
    toml::from_str(text).map_err(|error| {
        let (line, column) = error.span().map_or((0, 0), |span| place(text, span.start));
        let cause = error.message().trim().to_owned();
        let hint = suggestion(&cause);
        SettingsError {
            line,
            column,
            cause,
            hint,
        }
    })
}

/// Why a settings file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {cause}")]
pub struct SettingsError {
    /// The line, from 1; 0 where the parser names none.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub cause: String,
    /// What was probably meant.
    pub hint: Option<String>,
}

fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    (line, column)
}

/// Serde words unknown keys as "unknown field `x`, expected one of `a`, `b`".
fn suggestion(cause: &str) -> Option<String> {
    if !cause.starts_with("unknown ") {
        return None;
    }
    let mut quoted = cause.split('`').skip(1).step_by(2);
    let met = quoted.next()?;
    nearest(met, quoted).map(|best| format!("did you mean `{best}`?"))
}

/// The candidate nearest to a word, if one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(met: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|c| (strsim::damerau_levenshtein(met, c), c))
        .filter(|(distance, c)| *distance <= 1 + c.chars().count() / 3)
        .min()
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_gets_a_place_and_a_suggestion() {
        let error = parse::<Pipeline>("title = \"t\"\n[sources]\nuse = []\n[tasks]\nkindz = []\n")
            .expect_err("unknown key");
        assert_eq!((error.line, error.column), (5, 1));
        assert_eq!(error.hint.as_deref(), Some("did you mean `kinds`?"));
    }

    #[test]
    fn limits_have_bounds() {
        let limits = |of: &str| {
            let text = format!("title = \"t\"\n[sources]\nuse = [\"a\"]\n[limits]\n{of}\n");
            parse::<Pipeline>(&text).map(|p| p.limits)
        };
        let more = LimitsSection {
            memory: 8_192,
            ..LimitsSection::default()
        };
        assert_eq!(limits("memory = 8192"), Ok(more));
        for wrong in ["pages = 0", "pages = 20001", "seconds = 0", "memory = 511"] {
            let error = limits(wrong).expect_err(wrong);
            assert!(error.cause.contains("a number from"), "{}", error.cause);
        }
    }

    #[test]
    fn the_least_pipeline_has_working_defaults() {
        let pipeline: Pipeline = parse("title = \"t\"\n[sources]\nuse = [\"a\"]\n").expect("valid");
        assert_eq!(pipeline.tasks.wanted().len(), 16);
        assert_eq!(pipeline.generate.generator, GeneratorChoice::Rules);
        assert_eq!(pipeline.pairing, PairingSettings::default());
    }

    #[test]
    fn the_least_score_is_a_score() {
        let text = "title = \"t\"\n[sources]\nuse = []\n[pairing]\nleast_score = 1.5\n";
        let error = parse::<Pipeline>(text).expect_err("no score");
        assert_eq!(error.cause, "`least_score` is a number from 0 to 1");
    }
}
