//! `spinemed audit`: trace, why, why-not, verify.

use spinemed_core::instance::{Item, Revision};
use spinemed_run::audit::{self, AuditError, Trace};
use spinemed_run::scan_all;

use crate::args::{AuditCommand, Format};
use crate::context::{Context, project};
use crate::exit;
use crate::failure::Failure;
use crate::output::{excerpt, json, say, say_on};

/// Asks the ledger.
pub fn run(context: &Context, command: AuditCommand) -> Result<u8, Failure> {
    match command {
        AuditCommand::Trace { id, pipeline } => trace(context, &id, pipeline.as_deref()),
        AuditCommand::Why { id, pipeline } => why(context, &id, pipeline.as_deref()),
        AuditCommand::WhyNot { id, pipeline } => why_not(context, &id, pipeline.as_deref()),
        AuditCommand::Verify { pipeline } => verify(context, pipeline.as_deref()),
    }
}

fn unknown(error: AuditError) -> Failure {
    match error {
        AuditError::Unknown { .. } => Failure::new(exit::USAGE, error)
            .hint("`spinemed audit why-not ID` says why something is not in the corpus"),
        AuditError::Broken { .. } => {
            Failure::new(exit::DAMAGE, error).hint("`spinemed audit verify` lists all damage")
        }
        AuditError::Store(spinemed_core::seam::StoreError::Damaged { .. }) => {
            Failure::new(exit::DAMAGE, error)
        }
        AuditError::Store(_) => Failure::new(exit::FAULT, error),
    }
}

fn trace(context: &Context, id: &str, pipeline: Option<&str>) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    let pipeline = context.pipeline(&workspace, pipeline)?;
    let opened = context.open(&workspace)?;
    let trace = audit::trace(&opened.ledger, &pipeline, id).map_err(unknown)?;
    if context.format == Format::Json {
        json(&trace);
    } else {
        say_on!("{}", tree(&trace));
    }
    Ok(exit::DONE)
}

/// The chain as a tree for people.
pub fn tree(trace: &Trace) -> String {
    let instance = &trace.instance;
    let mut text = format!("{}\n", instance.key);
    let levels: Vec<String> = instance
        .levels
        .iter()
        .map(|l| format!("{} ({})", l.level, l.certainty))
        .collect();
    text += &format!("├─ digest {}\n", trace.digest);
    text += &format!(
        "├─ {} · {} · {} · split {} · {}\n",
        instance.kind, instance.language, instance.modality, trace.split, instance.terms.licence
    );
    if !levels.is_empty() {
        text += &format!("├─ levels {}\n", levels.join(", "));
    }
    if let Some(build) = trace.gone_build {
        text += &format!(
            "├─ no longer in the corpus: build {build} left it out (`audit why-not` says why)\n"
        );
    }
    text += "├─ evidence\n";
    for evidence in &trace.evidence {
        text += &format!("│  ├─ {}\n", place(evidence));
        text += &format!("│  │  sha256 {}\n", evidence.file_sha256);
        match &evidence.image {
            Some(digest) => text += &format!("│  │  picture {digest}\n"),
            None => text += &format!("│  │  “{}”\n", excerpt(&evidence.quote, 200)),
        }
    }
    text += "├─ actions\n";
    for action in &trace.actions {
        let model = action
            .model
            .as_ref()
            .map_or(String::new(), |m| format!(" by {m}"));
        text += &format!(
            "│  ├─ {:<6} key {}… → {}…{model}\n",
            action.step,
            action.key.short(),
            action.output.short()
        );
    }
    text += "├─ draft\n";
    text += &indent(&item(&trace.draft.item));
    text += &format!("├─ revision: {}\n", changes(&trace.revision));
    if trace.revision.item != trace.draft.item {
        text += &indent(&item(&trace.revision.item));
    }
    text += &format!("│  {}\n", excerpt(&trace.revision.derivation, 240));
    let checks: Vec<String> = trace
        .checks
        .iter()
        .map(|c| format!("{} {}", c.check, if c.passed { "✓" } else { "✗" }))
        .collect();
    text += &format!("├─ checks {}\n", checks.join(" · "));
    text += &format!(
        "└─ verdicts {}\n",
        if trace.verdicts.is_empty() {
            "none".into()
        } else {
            trace.verdicts.len().to_string()
        }
    );
    text
}

fn place(evidence: &audit::TracedEvidence) -> String {
    let mut parts = vec![format!("{}/{}", evidence.source, evidence.file)];
    let mut add =
        |name: &str, value: Option<String>| parts.extend(value.map(|v| format!("{name} {v}")));
    add("page", evidence.page.map(|p| p.to_string()));
    add(
        "box",
        evidence
            .bbox
            .map(|b| format!("[{:.0}, {:.0}, {:.0}, {:.0}]", b[0], b[1], b[2], b[3])),
    );
    add(
        "characters",
        evidence.range.map(|r| format!("{}–{}", r[0], r[1])),
    );
    add("at", evidence.path.clone());
    add("row", evidence.row.map(|r| r.to_string()));
    add("column", evidence.column.clone());
    add("study", evidence.study.clone());
    add("series", evidence.series.clone());
    add("instance", evidence.instance.clone());
    add("frame", evidence.frame.map(|f| f.to_string()));
    parts.join(", ")
}

fn changes(revision: &Revision) -> String {
    if revision.changes.is_empty() {
        return "no change".to_owned();
    }
    revision
        .changes
        .iter()
        .map(|c| format!("{}: {}", c.part, c.reason))
        .collect::<Vec<_>>()
        .join("; ")
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("│  {line}\n")).collect()
}

/// An item in plain words.
pub fn item(item: &Item) -> String {
    match item {
        Item::Mcq {
            stem,
            options,
            correct,
            explanation,
        } => {
            let mut text = format!("{stem}\n");
            for (i, option) in options.iter().enumerate() {
                let letter = char::from(b'A' + u8::try_from(i % 26).unwrap_or(0));
                text += &format!(
                    "{} {letter}. {option}\n",
                    if i == *correct { "▸" } else { " " }
                );
            }
            text + &format!("{explanation}\n")
        }
        Item::OpenQa { question, answer } => format!("Q: {question}\nA: {answer}\n"),
        Item::Consultation { turns } => turns
            .iter()
            .map(|t| {
                format!(
                    "{}: {}\n",
                    if t.role == spinemed_core::instance::Role::User {
                        "patient"
                    } else {
                        "doctor"
                    },
                    t.text
                )
            })
            .collect(),
        Item::Report { request, sections } => {
            let parts = [
                ("1 findings", &sections.imaging_findings),
                ("2 diagnosis", &sections.diagnosis),
                ("3a treatment, patient", &sections.treatment_patient),
                ("3b treatment, clinician", &sections.treatment_clinician),
                ("4 risk and prognosis", &sections.risk_prognosis),
                ("5 post-operative", &sections.postoperative),
                ("6 basis", &sections.basis),
            ];
            let body: String = parts
                .iter()
                .map(|(name, text)| format!("[{name}] {text}\n"))
                .collect();
            format!("{request}\n{body}")
        }
    }
}

fn why(context: &Context, id: &str, pipeline: Option<&str>) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    let pipeline = context.pipeline(&workspace, pipeline)?;
    let opened = context.open(&workspace)?;
    let worked = audit::why(&opened.ledger, &pipeline, id).map_err(unknown)?;
    if context.format == Format::Json {
        json(&serde_json::json!({ "id": id, "worked": worked }));
        return Ok(exit::DONE);
    }
    for step in worked {
        let why = match &step.changed {
            None => "worked once: it was new".to_owned(),
            Some(changed) => format!("last worked because these changed: {}", changed.join(", ")),
        };
        say!(
            "{:<7} {}  key {}…\n        {why}",
            step.step,
            step.unit,
            step.key.short()
        );
    }
    Ok(exit::DONE)
}

fn why_not(context: &Context, id: &str, pipeline: Option<&str>) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    let pipeline = context.pipeline(&workspace, pipeline)?;
    let opened = context.open(&workspace)?;
    let absence = audit::why_not(&opened.ledger, &pipeline, id).map_err(unknown)?;
    if context.format == Format::Json {
        json(&absence);
        return Ok(exit::DONE);
    }
    if absence.present {
        say!(
            "`{id}` is in the corpus of `{pipeline}`; `spinemed audit trace '{id}'` shows its chain"
        );
        return Ok(exit::DONE);
    }
    say!("`{id}` is not in the corpus of `{pipeline}`:");
    for reason in absence.reasons {
        say!(
            "  {} at {}: {}\n    {}",
            reason.code,
            reason.stage,
            reason.unit,
            reason.detail
        );
    }
    Ok(exit::DONE)
}

fn verify(context: &Context, pipeline: Option<&str>) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    let pipeline = context.pipeline(&workspace, pipeline)?;
    let project = project(&workspace, &pipeline)?;
    let opened = context.open(&workspace)?;
    let scanned = scan_all(&project, None, true)?;
    let found = audit::verify(&opened, &pipeline, &scanned).map_err(unknown)?;
    if context.format == Format::Json {
        json(&found);
    } else {
        say!(
            "{} events, {} instances, {} pictures, {} source files verified",
            found.events,
            found.instances,
            found.pictures,
            found.files
        );
        for damage in &found.damage {
            say!(
                "damage: {} `{}`: {}",
                damage.kind,
                damage.place,
                damage.detail
            );
        }
        say!(
            "{}",
            if found.ok {
                "all intact"
            } else {
                "damage found"
            }
        );
    }
    Ok(if found.ok { exit::DONE } else { exit::DAMAGE })
}
