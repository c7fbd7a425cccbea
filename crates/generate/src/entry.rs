//! The door: generation of packs that have passed the gate (I5).

use spinemed_core::instance::{CheckResult, Draft, Revision, Task};
use spinemed_core::model::Response;
use spinemed_core::outcome::Outcome;
use spinemed_core::pack::EvidencePack;
use spinemed_core::seam::{Ask, Generator};
use spinemed_deidentify::Deidentified;

/// The tasks worth trying on a pack, within those wanted.
pub fn tasks(
    generator: &dyn Generator,
    pack: &Deidentified<EvidencePack>,
    wanted: &[Task],
) -> Vec<Task> {
    generator.tasks(pack, wanted)
}

/// Starts a draft.
pub fn draft(
    generator: &dyn Generator,
    pack: &Deidentified<EvidencePack>,
    task: &Task,
) -> Ask<Draft> {
    generator.draft(pack, task)
}

/// Reads a draft from a model's response.
///
/// # Errors
/// What is wrong with the response, to be told to the model when asked again.
pub fn read_draft(
    generator: &dyn Generator,
    pack: &Deidentified<EvidencePack>,
    task: &Task,
    response: &Response,
) -> Result<Outcome<Draft>, String> {
    generator.read_draft(pack, task, response)
}

/// Starts a revision.
pub fn revise(
    generator: &dyn Generator,
    pack: &Deidentified<EvidencePack>,
    draft: &Draft,
) -> Ask<Revision> {
    generator.revise(pack, draft)
}

/// Reads a revision from a model's response.
///
/// # Errors
/// What is wrong with the response, to be told to the model when asked again.
pub fn read_revision(
    generator: &dyn Generator,
    pack: &Deidentified<EvidencePack>,
    draft: &Draft,
    response: &Response,
) -> Result<Outcome<Revision>, String> {
    generator.read_revision(pack, draft, response)
}

/// Runs every check on a revision.
#[must_use]
pub fn check_revision(pack: &Deidentified<EvidencePack>, revision: &Revision) -> Vec<CheckResult> {
    crate::check::run(pack, revision)
}
