//! Deterministic checks of a revision against its evidence.
//!
//! Each check is a pure function with a name and a version, entered once in [`CHECKS`]. A
//! check's version is raised when its verdict on any revision changes.

mod bound;
mod case;
mod claims;
mod distractors;
mod language;
mod numbers;
mod options;
mod orders;
mod parts;
mod schema;
mod self_contained;

pub(crate) use orders::order;
pub(crate) use self_contained::pointer;

use spinemed_core::Digest;
use spinemed_core::instance::{CheckResult, Revision};
use spinemed_core::pack::EvidencePack;

/// One check.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its name, as stored.
    pub name: &'static str,
    /// Its version.
    pub version: u32,
    /// What it holds a revision to.
    pub about: &'static str,
    run: fn(&EvidencePack, &Revision) -> Result<(), String>,
}

/// Every check, in the order in which they run.
pub const CHECKS: &[Check] = &[
    Check {
        name: "schema",
        version: 1,
        about: "parts are there, of sensible length; turns alternate; pictures exist",
        run: schema::run,
    },
    Check {
        name: "options",
        version: 1,
        about: "at least three distinct options, exactly one of them marked right",
        run: options::run,
    },
    Check {
        name: "distractors",
        version: 1,
        about: "the evidence bears out no wrong option, and denies those that it could know of",
        run: distractors::run,
    },
    Check {
        name: "bound-facts",
        version: 2,
        about: "finding, level, side, grade and negation of the answer stand bound in one clause or label",
        run: bound::run,
    },
    Check {
        name: "numbers",
        version: 1,
        about: "every number of the answer stands, with its unit, in the cited evidence",
        run: numbers::run,
    },
    Check {
        name: "self-contained",
        version: 1,
        about: "no pointer to a text, figure or picture that the reader does not have",
        run: self_contained::run,
    },
    Check {
        name: "language",
        version: 1,
        about: "the item is written in the language asked for",
        run: language::run,
    },
    Check {
        name: "injected-orders",
        version: 1,
        about: "no order to a reader or model, from the evidence or elsewhere, stands in the item",
        run: orders::run,
    },
    Check {
        name: "claims",
        version: 2,
        about: "claims stand in the item and cite spans that exist; quotations are verbatim",
        run: claims::run,
    },
];

/// Runs every check.
#[must_use]
pub fn run(pack: &EvidencePack, revision: &Revision) -> Vec<CheckResult> {
    CHECKS
        .iter()
        .map(|check| {
            let verdict = (check.run)(pack, revision);
            CheckResult {
                check: check.name.to_owned(),
                version: check.version,
                passed: verdict.is_ok(),
                detail: verdict.err().unwrap_or_default(),
            }
        })
        .collect()
}

/// The digest of all names and versions, for action keys.
#[must_use]
pub fn identity() -> Digest {
    let list: Vec<(&str, u32)> = CHECKS
        .iter()
        .map(|check| (check.name, check.version))
        .collect();
    Digest::of_json(&list)
}
