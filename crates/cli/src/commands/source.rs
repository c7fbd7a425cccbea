//! `spinemed source`: declare, check and list sources.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use spinemed_core::Digest;
use spinemed_core::vocabulary::Subjects;
use spinemed_deidentify::Key;
use spinemed_run::custody::CaseVeil;
use spinemed_run::project::{Source, load_source};
use spinemed_run::scan_all;
use spinemed_store::{Veil, Workspace, names_in, scan, write_durably};

use crate::args::{Format, SourceCommand};
use crate::context::{Context, project};
use crate::exit;
use crate::failure::Failure;
use crate::output::{json, say, say_on, table};

/// Runs one of the source commands.
pub fn run(context: &Context, command: SourceCommand) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    match command {
        SourceCommand::List => list(context, &workspace),
        SourceCommand::Check { id } => check(context, &workspace, id),
        SourceCommand::Names { id, pipeline } => {
            names(context, &workspace, &id, pipeline.as_deref())
        }
        SourceCommand::Add {
            id,
            files,
            licence,
            title,
            citation,
            reader,
            language,
            local_only,
        } => {
            let reader = reader.map_or_else(|| reader_of(&files), Ok)?;
            let declared = Declared {
                id,
                licence,
                title,
                citation,
                reader,
                language,
                local_only,
            };
            add(&workspace, &declared, &files)
        }
    }
}

fn declared(workspace: &Workspace) -> Vec<String> {
    names_in(&workspace.root().join("sources"))
        .into_iter()
        .filter(|id| workspace.source(id).join("source.toml").is_file())
        .collect()
}

fn load(workspace: &Workspace, id: &str) -> Result<Source, Failure> {
    Ok(load_source(workspace, id, &|name| {
        std::env::var(name).ok()
    })?)
}

fn list(context: &Context, workspace: &Workspace) -> Result<u8, Failure> {
    let mut rows = Vec::new();
    for id in declared(workspace) {
        let manifest = load(workspace, &id)?.manifest;
        rows.push(vec![
            id,
            manifest.format.as_str().to_owned(),
            manifest.language.to_string(),
            manifest.licence.to_string(),
            manifest.egress.to_string(),
            manifest.title,
        ]);
    }
    let head = ["id", "format", "language", "licence", "egress", "title"];
    if context.format == Format::Json {
        let objects: Vec<BTreeMap<&str, &String>> = rows
            .iter()
            .map(|row| head.into_iter().zip(row).collect())
            .collect();
        json(&serde_json::json!({ "sources": objects }));
    } else {
        say_on!("{}", table(&head, &rows));
    }
    Ok(exit::DONE)
}

fn check(context: &Context, workspace: &Workspace, id: Option<String>) -> Result<u8, Failure> {
    let ids = id.map_or_else(|| declared(workspace), |id| vec![id]);
    let mut problems = Vec::new();
    let mut rows = Vec::new();
    let mut unusable = false;
    for id in ids {
        let source = load(workspace, &id)?;
        let (files, found) = match &source.root {
            Ok(root) => {
                // Names of patients' files stay hidden, here under a key that nobody keeps.
                let veiled = source.manifest.subjects == Subjects::Patients;
                let key = veiled.then(throwaway).transpose()?;
                let veil = key.as_ref().map(|key| CaseVeil::new(key, &id));
                let veil = veil.as_ref().map(|veil| veil as &dyn Veil);
                scan(&source.manifest, root, None, veil, true)?
            }
            Err(reason) => (
                vec![],
                vec![spinemed_core::Problem {
                    source: id.clone(),
                    file: source.manifest.root.clone(),
                    place: "source.toml".into(),
                    reason: reason.clone(),
                }],
            ),
        };
        unusable |= files.is_empty();
        let declared = source.manifest.files.len();
        rows.push(vec![
            id,
            files.len().to_string(),
            declared.to_string(),
            found.len().to_string(),
        ]);
        problems.extend(found);
    }
    if context.format == Format::Json {
        json(&serde_json::json!({ "checked": rows.len(), "problems": problems }));
    } else {
        say_on!("{}", table(&["id", "files", "declared", "problems"], &rows));
        for problem in &problems {
            say!(
                "{}/{}, {}: {}",
                problem.source,
                problem.file,
                problem.place,
                problem.reason
            );
        }
    }
    let mut codes = vec![exit::DONE];
    if unusable {
        codes.push(exit::UNUSABLE);
    }
    if !problems.is_empty() {
        codes.push(exit::PARTIAL);
    }
    Ok(exit::strongest(&codes))
}

/// The names behind the pseudonyms, for the operator who must find a file. They go to the
/// screen alone.
fn names(
    context: &Context,
    workspace: &Workspace,
    id: &str,
    pipeline: Option<&str>,
) -> Result<u8, Failure> {
    let pipeline = context.pipeline(workspace, pipeline)?;
    let project = project(workspace, &pipeline)?;
    let scanned = scan_all(&project, None, false)?;
    let source = scanned
        .iter()
        .find(|s| s.source.manifest.id.as_str() == id)
        .ok_or_else(|| Failure::usage(format!("pipeline `{pipeline}` uses no source `{id}`")))?;
    for file in &source.files {
        say!("{id}/{}\t{}", file.name, file.path.display());
    }
    Ok(exit::DONE)
}

fn throwaway() -> Result<Key, Failure> {
    let text = Key::file(super::key::random()?);
    Key::parse(&text).map_err(|e| Failure::usage(e.to_string()))
}

struct Declared {
    id: String,
    licence: String,
    title: String,
    citation: String,
    reader: String,
    language: String,
    local_only: bool,
}

fn reader_of(files: &[PathBuf]) -> Result<String, Failure> {
    let extension = files
        .first()
        .and_then(|f| f.extension())
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    Ok(match extension.to_ascii_lowercase().as_str() {
        "pdf" => "pdf",
        "xml" | "nxml" if files.first().is_some_and(|f| super::inspect::is_cnxml(f)) => "cnxml",
        "xml" | "nxml" => "jats",
        "cnxml" => "cnxml",
        "html" | "htm" | "xhtml" => "html",
        "epub" => "epub",
        "md" | "markdown" => "markdown",
        "jsonl" | "csv" => "question-bank",
        _ => {
            return Err(
                Failure::usage("the reader cannot be told from the file's extension")
                    .hint("give `--reader` with `pdf`, `jats`, `cnxml`, `html`, `epub`, `markdown`, `question-bank` or `rsna2024-lumbar`"),
            );
        }
    }
    .to_owned())
}

fn add(workspace: &Workspace, declared: &Declared, files: &[PathBuf]) -> Result<u8, Failure> {
    let folder = workspace.source(&declared.id);
    let path = folder.join("source.toml");
    if path.exists() {
        return Err(
            Failure::usage(format!("source `{}` is declared already", declared.id))
                .hint(format!("edit `{}`", path.display())),
        );
    }
    let root = common_folder(files)?;
    let mut digests = String::new();
    for file in files {
        let whole = file
            .canonicalize()
            .map_err(|e| Failure::usage(format!("`{}`: {e}", file.display())))?;
        let bytes = std::fs::read(&whole)
            .map_err(|e| Failure::usage(format!("`{}`: {e}", file.display())))?;
        let name = whole
            .strip_prefix(&root)
            .unwrap_or(&whole)
            .display()
            .to_string();
        digests += &format!("{} = \"{}\"\n", quoted(&name), Digest::of(&bytes));
    }
    let text = manifest_text(declared, &root, &digests);
    let parsed: Result<spinemed_core::source::Manifest, _> = spinemed_run::settings::parse(&text);
    parsed.map_err(|e| Failure::usage(format!("the flags do not make a manifest: {}", e.cause)))?;
    write_durably(&path, text.as_bytes())?;
    say!(
        "declared `{}` in `{}`; look it over, then add \"{}\" to a pipeline's `sources.use`",
        declared.id,
        path.display(),
        declared.id
    );
    Ok(exit::DONE)
}

fn common_folder(files: &[PathBuf]) -> Result<PathBuf, Failure> {
    let mut common: Option<PathBuf> = None;
    for file in files {
        let whole = file
            .canonicalize()
            .map_err(|e| Failure::usage(format!("`{}`: {e}", file.display())))?;
        let folder = whole
            .parent()
            .map_or_else(|| PathBuf::from("/"), Path::to_owned);
        common = Some(match common {
            None => folder,
            Some(shared) => shared
                .ancestors()
                .find(|a| folder.starts_with(a))
                .unwrap_or(Path::new("/"))
                .to_owned(),
        });
    }
    common.ok_or_else(|| Failure::usage("no files"))
}

fn manifest_text(declared: &Declared, root: &Path, digests: &str) -> String {
    let egress = if declared.local_only {
        "local-only"
    } else {
        "any"
    };
    format!(
        "id = {}\ntitle = {}\nformat = {}\nlanguage = {}\n\
         # SPDX expression. What a release may carry: full, derived-only, none.\n\
         licence = {}\nredistribution = \"full\"\n\
         # Which model endpoints may see it: any, local-only.\negress = \"{egress}\"\n\
         # Whom it speaks of: none, published, patients.\nsubjects = \"none\"\n\
         citation = {}\nroot = {}\n\n# Files and the digests they must have.\n[files]\n{digests}",
        quoted(&declared.id),
        quoted(&declared.title),
        quoted(&declared.reader),
        quoted(&declared.language),
        quoted(&declared.licence),
        quoted(&declared.citation),
        quoted(&root.display().to_string()),
    )
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("strings serialise")
}
