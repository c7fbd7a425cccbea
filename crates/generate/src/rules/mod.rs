//! The built-in offline generator.
//!
//! From labels, bound facts and extractable statements it writes items with templates, bound
//! to their evidence, in English and Chinese. It makes no random choice (I8) and it writes
//! nothing that it cannot bind: where a pack carries no good item, it says so and drops the
//! task. What it can ask of a pack are its *points* (`point::points`); the four kinds are
//! written from points and facts, and the revision pass answers each point again from the
//! raw words of the evidence (`reread`).

mod bank;
mod case;
mod cells;
mod comparison;
mod consultation;
mod definition;
mod number;
mod patient;
mod picture;
mod place;
mod point;
mod report;
mod reread;
mod revise;
mod single;
mod statement;
mod study;

pub(crate) use number::GAP;
pub(crate) use patient::{
    chart_lines, duration, has_placeholder, intervals, is_operation, is_treated,
};

use spinemed_core::Digest;
use spinemed_core::digest::KeyHasher;
use spinemed_core::instance::{Draft, Revision, Task};
use spinemed_core::model::{ModelIdentity, Response};
use spinemed_core::outcome::{DropReason, Outcome};
use spinemed_core::pack::{EvidencePack, PackKind};
use spinemed_core::seam::{Ask, Generator};
use spinemed_core::vocabulary::Kind;

/// The version of everything that makes drafts; golden tests hold it to the outputs.
pub const DRAFT_VERSION: u32 = 2;

/// The version of everything that makes revisions.
pub const REVISION_VERSION: u32 = 2;

/// The built-in generator. It has no settings and calls no model.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules;

impl Generator for Rules {
    fn draft_identity(&self) -> Digest {
        identity("draft", DRAFT_VERSION)
    }

    fn revision_identity(&self) -> Digest {
        identity("revision", REVISION_VERSION)
    }

    fn name(&self) -> String {
        format!("rules/{DRAFT_VERSION}")
    }

    fn models(&self) -> Vec<ModelIdentity> {
        Vec::new()
    }

    fn tasks(&self, pack: &EvidencePack, wanted: &[Task]) -> Vec<Task> {
        wanted
            .iter()
            .filter(|task| worth_trying(pack, task))
            .cloned()
            .collect()
    }

    fn draft(&self, pack: &EvidencePack, task: &Task) -> Ask<Draft> {
        let made = match task.kind {
            _ if pack.kind == PackKind::Case => patient::draft(pack, task),
            Kind::Mcq => single::mcq(pack, task),
            Kind::OpenQa => single::open_qa(pack, task),
            Kind::Consultation => consultation::draft(pack, task),
            Kind::Report => report::draft(pack, task),
        };
        Ask::Answer(match made {
            Ok(draft) => Outcome::Kept(vec![draft]),
            Err(NotApplicable(detail)) => Outcome::Dropped(DropReason::NotApplicable {
                detail: detail.to_owned(),
            }),
        })
    }

    fn read_draft(
        &self,
        _: &EvidencePack,
        _: &Task,
        _: &Response,
    ) -> Result<Outcome<Draft>, String> {
        Err("`rules` asks no model, so there is no response to read".to_owned())
    }

    fn revise(&self, pack: &EvidencePack, draft: &Draft) -> Ask<Revision> {
        let derived = match pack.kind {
            PackKind::Case => patient::derive(pack, draft),
            _ => revise::derive(pack, draft),
        };
        Ask::Answer(match derived {
            Ok(derivation) => Outcome::Kept(vec![Revision {
                task: draft.task.clone(),
                item: draft.item.clone(),
                claims: draft.claims.clone(),
                images: draft.images.clone(),
                changes: Vec::new(),
                derivation,
            }]),
            Err(reason) => Outcome::Dropped(reason),
        })
    }

    fn read_revision(
        &self,
        _: &EvidencePack,
        _: &Draft,
        _: &Response,
    ) -> Result<Outcome<Revision>, String> {
        Err("`rules` asks no model, so there is no response to read".to_owned())
    }
}

/// Why no item of the kind comes of the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotApplicable(pub &'static str);

fn identity(pass: &str, version: u32) -> Digest {
    KeyHasher::new("spinemed/generator/rules")
        .field("pass", pass)
        .field("version", version.to_be_bytes())
        .finish()
}

/// Leaves out what can be seen to be hopeless without reading the text.
fn worth_trying(pack: &EvidencePack, task: &Task) -> bool {
    if pack.kind == PackKind::Case {
        return pack.chart.is_some();
    }
    match task.kind {
        Kind::Mcq | Kind::OpenQa => {
            pack.kind == PackKind::Study
                || pack.kind == PackKind::Figure
                || pack.language == task.language
        }
        Kind::Consultation => !matches!(pack.kind, PackKind::Table),
        Kind::Report => matches!(pack.kind, PackKind::Study | PackKind::Figure),
    }
}

/// The level that a label's column is about.
pub(crate) fn level_of_column(column: &str) -> Option<spinemed_core::Level> {
    cells::column_place(column).map(|place| place.level)
}
