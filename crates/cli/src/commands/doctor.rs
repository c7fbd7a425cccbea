//! `spinemed doctor`: whether the surroundings are as builds need them.

use spinemed_core::seam::PageReader;
use spinemed_host::ScanReader;

use crate::args::Format;
use crate::context::{Context, operator, own_digest, project};
use crate::exit;
use crate::failure::Failure;
use crate::output::{json, say};

struct Finding {
    what: &'static str,
    ok: bool,
    detail: String,
}

/// Looks around and says what is wrong.
pub fn run(context: &Context) -> Result<u8, Failure> {
    let findings = look(context);
    let ok = findings.iter().all(|f| f.ok);
    if context.format == Format::Json {
        let all: Vec<_> = findings
            .iter()
            .map(|f| serde_json::json!({"what": f.what, "ok": f.ok, "detail": f.detail}))
            .collect();
        json(&serde_json::json!({ "ok": ok, "findings": all }));
    } else {
        for f in &findings {
            say!(
                "{} {:<10} {}",
                if f.ok { "ok  " } else { "BAD " },
                f.what,
                f.detail
            );
        }
    }
    Ok(if ok { exit::DONE } else { exit::USAGE })
}

/// Whether scanned pages can be read. Builds do without, so that this is never bad.
fn scans() -> Finding {
    const PACKAGES: [(&str, &str); 2] = [
        ("eng", "`tesseract-ocr-eng`"),
        ("chi_sim", "`tesseract-ocr-chi-sim`"),
    ];
    let engine = ScanReader::installed();
    let languages = engine.as_ref().map_or(&[][..], |engine| engine.languages());
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(language, _)| !languages.contains(language))
        .map(|(_, package)| *package)
        .collect();
    let detail = match (engine, &missing[..]) {
        (Some(engine), []) => engine.identity(),
        (Some(engine), _) => format!(
            "{}; not installed: {}",
            engine.identity(),
            missing.join(", ")
        ),
        (None, _) => format!(
            "scanned pages are not read; they need the packages `tesseract-ocr`, {}",
            missing.join(", ")
        ),
    };
    Finding {
        what: "ocr",
        ok: true,
        detail,
    }
}

fn look(context: &Context) -> Vec<Finding> {
    let mut findings = vec![
        Finding {
            what: "program",
            ok: true,
            detail: format!(
                "spinemed {}, digest {}…",
                env!("CARGO_PKG_VERSION"),
                own_digest().short()
            ),
        },
        Finding {
            what: "operator",
            ok: true,
            detail: operator(),
        },
        scans(),
    ];
    let workspace = match context.workspace() {
        Ok(workspace) => workspace,
        Err(failure) => {
            findings.push(Finding {
                what: "workspace",
                ok: false,
                detail: failure.cause.to_string(),
            });
            return findings;
        }
    };
    findings.push(Finding {
        what: "workspace",
        ok: true,
        detail: workspace.root().display().to_string(),
    });
    findings.push(
        match context
            .open(&workspace)
            .and_then(|o| Ok(o.ledger.verify_chain()?))
        {
            Ok(Ok(events)) => Finding {
                what: "ledger",
                ok: true,
                detail: format!("{events} events, chain intact"),
            },
            Ok(Err(seq)) => Finding {
                what: "ledger",
                ok: false,
                detail: format!("the chain breaks at event {seq}"),
            },
            Err(failure) => Finding {
                what: "ledger",
                ok: false,
                detail: failure.cause.to_string(),
            },
        },
    );
    for file in spinemed_store::names_in(&workspace.root().join("pipelines")) {
        let Some(name) = file.strip_suffix(".toml") else {
            continue;
        };
        let (ok, detail) = match project(&workspace, name) {
            Ok(project) => (true, format!("{name}: {} sources", project.sources.len())),
            Err(failure) => (false, failure.cause.to_string()),
        };
        findings.push(Finding {
            what: "pipeline",
            ok,
            detail,
        });
    }
    findings
}
