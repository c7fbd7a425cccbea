//! `spinemed schema`: the JSON Schemas of what others write and read.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use spinemed_core::case::CaseFile;
use spinemed_core::document::Document;
use spinemed_core::instance::Instance;
use spinemed_core::model::Response;
use spinemed_core::pack::EvidencePack;
use spinemed_core::question::Question;
use spinemed_core::review::{Retraction, Verdict};
use spinemed_core::source::Manifest;
use spinemed_core::study::Study;
use spinemed_run::audit::Trace;
use spinemed_run::deid::{DeidReport, RegionsFile};
use spinemed_run::report::BuildReport;
use spinemed_run::settings::Pipeline;

use crate::exit;
use crate::failure::Failure;
use crate::output::say;

/// Every schema by its file's name.
pub fn all() -> Vec<(&'static str, Schema)> {
    vec![
        ("source", of::<Manifest>()),
        ("pipeline", of::<Pipeline>()),
        ("document", of::<Document>()),
        ("study", of::<Study>()),
        ("question", of::<Question>()),
        ("case", of::<CaseFile>()),
        ("evidence-pack", of::<EvidencePack>()),
        ("instance", of::<Instance>()),
        ("response", of::<Response>()),
        ("verdict", of::<Verdict>()),
        ("retraction", of::<Retraction>()),
        ("build-report", of::<BuildReport>()),
        ("trace", of::<Trace>()),
        ("deid-regions", of::<RegionsFile>()),
        ("deid-report", of::<DeidReport>()),
    ]
}

fn of<T: JsonSchema>() -> Schema {
    SchemaGenerator::default().into_root_schema_for::<T>()
}

/// Prints a schema, or the list.
pub fn run(name: Option<&str>) -> Result<u8, Failure> {
    let all = all();
    let Some(name) = name else {
        all.iter().for_each(|(name, _)| say!("{name}"));
        return Ok(exit::DONE);
    };
    let (_, schema) = all.iter().find(|(n, _)| *n == name).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|(n, _)| *n).collect();
        Failure::usage(format!("there is no schema `{name}`"))
            .hint(format!("there are: {}", names.join(", ")))
    })?;
    say!(
        "{}",
        serde_json::to_string_pretty(schema).expect("schemas serialise")
    );
    Ok(exit::DONE)
}
