//! From evidence to the words of a prompt.

use std::collections::BTreeMap;

use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;
use spinemed_core::Digest;
use spinemed_core::digest::canonical_json;
use spinemed_core::instance::{Draft, Task};
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::Language;

use super::templates::templates as all;
use super::{schema, templates};
use crate::general::{DISCLAIMER, NO_EXAMINATION, SAFETY_NET, TALK, say};

/// The most pictures that go with one prompt.
pub(super) const PICTURES: usize = 4;

/// Why a prompt could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// An override has the name of no template.
    #[error("there is no template `{name}` to override")]
    Unknown {
        /// The name.
        name: String,
    },
    /// A template does not compile or needs a value that there is not.
    #[error("template `{name}`: {cause}")]
    Template {
        /// The template.
        name: String,
        /// What the template engine says, in one line.
        cause: String,
    },
}

/// Compiles the templates in force.
pub(super) fn environment(
    overrides: &BTreeMap<String, String>,
) -> Result<Environment<'static>, PromptError> {
    if let Some(name) = templates::unknown(overrides).first() {
        return Err(PromptError::Unknown {
            name: (*name).to_owned(),
        });
    }
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    for (name, text) in all(overrides) {
        environment
            .add_template_owned(name.clone(), text)
            .map_err(|cause| fault(&name, &cause))?;
    }
    Ok(environment)
}

fn fault(name: &str, cause: &minijinja::Error) -> PromptError {
    PromptError::Template {
        name: cause.name().unwrap_or(name).to_owned(),
        cause: match cause.line() {
            Some(line) => format!("line {line}: {cause}"),
            None => cause.to_string(),
        },
    }
}

/// The draft's prompt as text, pictures apart.
///
/// # Errors
/// [`PromptError`] when a template in force is broken.
pub fn render(
    overrides: &BTreeMap<String, String>,
    pack: &EvidencePack,
    task: &Task,
) -> Result<String, PromptError> {
    draft(&environment(overrides)?, pack, task)
}

/// The revision's prompt as text, pictures apart.
///
/// # Errors
/// [`PromptError`] when a template in force is broken.
pub fn render_revision(
    overrides: &BTreeMap<String, String>,
    pack: &EvidencePack,
    draft: &Draft,
) -> Result<String, PromptError> {
    revision(&environment(overrides)?, pack, draft)
}

/// The draft's prompt.
pub(super) fn draft(
    environment: &Environment,
    pack: &EvidencePack,
    task: &Task,
) -> Result<String, PromptError> {
    let schema = pretty(&schema::draft_schema(task.kind));
    fill(environment, "draft", pack, task, &schema, "")
}

/// The revision's prompt.
pub(super) fn revision(
    environment: &Environment,
    pack: &EvidencePack,
    draft: &Draft,
) -> Result<String, PromptError> {
    let schema = pretty(&schema::revision_schema(draft.task.kind));
    let told = schema::Drafted {
        item: &draft.item,
        claims: draft.claims.iter().map(schema::Said::of).collect(),
        images: &draft.images,
    };
    fill(
        environment,
        "revise",
        pack,
        &draft.task,
        &schema,
        &pretty(&told),
    )
}

fn pretty<T: Serialize>(value: &T) -> String {
    let tree = serde_json::to_value(value).expect("records serialise to JSON");
    serde_json::to_string_pretty(&tree).expect("trees serialise to JSON")
}

fn fill(
    environment: &Environment,
    pass: &str,
    pack: &EvidencePack,
    task: &Task,
    schema: &str,
    draft: &str,
) -> Result<String, PromptError> {
    let name = templates::name(pass, task.kind);
    let fence = fence(pack);
    let language = task.language;
    let values = context! {
        fence => fence.clone(),
        pack => evidence(pack, &fence, language),
        images => pictures(pack),
        language_name => say(["English", "Chinese (简体中文)"], language),
        variant => task.variant,
        schema => schema,
        draft => draft.replace(&fence, ""),
        safety_net => say(SAFETY_NET, language),
        no_examination => say(NO_EXAMINATION, language),
        talk => say(TALK, language),
        disclaimer => say(DISCLAIMER, language),
    };
    environment
        .get_template(&name)
        .and_then(|template| template.render(values))
        .map_err(|cause| fault(&name, &cause))
}

/// The fence's mark: 16 hexadecimal digits of the evidence's digest. A text cannot hold the
/// digest of what it is a part of, and the mark is the same for equal evidence.
fn fence(pack: &EvidencePack) -> String {
    let spans: Vec<(&str, &str)> = pack
        .spans
        .iter()
        .map(|span| (span.id.as_str(), span.text.as_str()))
        .collect();
    Digest::of(&canonical_json(&(pack.key.as_str(), spans))).to_string()[..16].to_owned()
}

/// The evidence as templates see it.
fn evidence(pack: &EvidencePack, fence: &str, language: Language) -> Value {
    // Signs of a fence inside evidence are taken apart, so that they close nothing.
    let safe = |text: &str| text.replace("<<<", "< < <").replace(fence, "");
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let spans: Vec<Value> = pack
        .spans
        .iter()
        .map(|span| {
            context! {
                id => safe(&span.id),
                role => word(serde_json::json!(span.role)),
                part => part(pack, &span.id),
                text => safe(&span.text),
            }
        })
        .collect();
    let chart: Vec<String> = crate::rules::chart_lines(pack, language)
        .iter()
        .map(|line| safe(line))
        .collect();
    let missing: Vec<String> = pack.missing.iter().map(|label| safe(label)).collect();
    context! {
        kind => word(serde_json::json!(pack.kind)),
        language => pack.language.as_str(),
        modality => pack.modality.as_str(),
        chart => chart,
        spans => spans,
        missing => missing,
    }
}

/// Which part of a case a span is; empty for all others.
fn part(pack: &EvidencePack, span: &str) -> &'static str {
    let part = pack.chart.as_ref().and_then(|chart| chart.parts.get(span));
    part.map_or("", |part| part.as_str())
}

fn pictures(pack: &EvidencePack) -> Vec<Value> {
    let shown = pack.images.iter().take(PICTURES);
    shown
        .map(|image| {
            context! {
                modality => image.modality.as_str(),
                title => image.title.as_deref().map(|title| title.replace("<<<", "< < <")),
                spans => image.spans.clone(),
            }
        })
        .collect()
}
