//! `spinemed prompt`: the templates, shown, rendered and checked.

use std::collections::BTreeMap;

use spinemed_core::instance::Task;
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::{Kind, Language, UnknownWord};
use spinemed_generate::prompts;

use crate::args::{Format, PromptCommand};
use crate::context::{Context, project};
use crate::exit;
use crate::failure::Failure;
use crate::output::{json, say};

/// Shows, renders or checks templates.
pub fn run(context: &Context, command: PromptCommand) -> Result<u8, Failure> {
    match command {
        PromptCommand::Show { name } => show(context, name.as_deref()),
        PromptCommand::Render {
            pack,
            kind,
            language,
            pipeline,
        } => render(context, &pack, &kind, &language, pipeline.as_deref()),
        PromptCommand::Lint => lint(context),
    }
}

/// The templates in force: the built-in ones, and those that the pipeline replaces.
fn overrides(context: &Context) -> BTreeMap<String, String> {
    let found = context.workspace().ok().and_then(|w| {
        context
            .pipeline(&w, None)
            .ok()
            .and_then(|name| project(&w, &name).ok())
    });
    found.map(|p| p.prompts).unwrap_or_default()
}

fn show(context: &Context, name: Option<&str>) -> Result<u8, Failure> {
    let all = prompts::templates(&overrides(context));
    match name {
        Some(name) => {
            let (_, text) = all.iter().find(|(n, _)| *n == name).ok_or_else(|| {
                let names: Vec<&str> = all.iter().map(|(n, _)| n.as_str()).collect();
                Failure::usage(format!("there is no template `{name}`"))
                    .hint(format!("there are: {}", names.join(", ")))
            })?;
            say!("{text}");
        }
        None if context.format == Format::Json => json(&serde_json::json!({ "templates": all })),
        None => {
            for (name, text) in &all {
                say!(
                    "{name}  {}",
                    spinemed_core::Digest::of(text.as_bytes()).short()
                );
            }
        }
    }
    Ok(exit::DONE)
}

fn render(
    context: &Context,
    pack: &str,
    kind: &str,
    language: &str,
    pipeline: Option<&str>,
) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    let name = context.pipeline(&workspace, pipeline)?;
    let opened = context.open(&workspace)?;
    let kind: Kind = kind.parse().map_err(|e: UnknownWord| Failure::usage(e))?;
    let language: Language = language
        .parse()
        .map_err(|e: UnknownWord| Failure::usage(e))?;
    let evidence: EvidencePack =
        spinemed_run::audit::pack(&opened.ledger, &name, pack).map_err(|e| {
            Failure::new(exit::USAGE, e).hint("a pack's key is a record key up to its `#`")
        })?;
    let task = Task {
        kind,
        language,
        variant: 0,
    };
    let text = prompts::render(&overrides(context), &evidence, &task).map_err(Failure::usage)?;
    say!("{text}");
    Ok(exit::DONE)
}

fn lint(context: &Context) -> Result<u8, Failure> {
    let faults = prompts::lint(&overrides(context));
    if context.format == Format::Json {
        json(&serde_json::json!({ "ok": faults.is_empty(), "faults": faults }));
    } else {
        faults.iter().for_each(|fault| say!("{fault}"));
        say!(
            "{}",
            if faults.is_empty() {
                "all templates are sound"
            } else {
                "some templates are not sound"
            }
        );
    }
    Ok(if faults.is_empty() {
        exit::DONE
    } else {
        exit::USAGE
    })
}
