//! One case folder: which of its files is the record, and what the others may be.

use std::fmt;

use spinemed_core::case::CaseFile;
use spinemed_core::seam::Tree;

use crate::cursor::Cursor;
use crate::fault::{At, CaseError, CaseProblem, Fault, Reason};
use crate::json::{self, Node};
use crate::{fhir, file};

/// What one case folder holds.
pub struct ReadCase {
    /// The case and the name of the file that it came from (the first bundle, where it came
    /// from several), or why there is none.
    pub case: Result<(CaseFile, String), CaseError>,
    /// All other files, in order of names: they may be DICOM objects.
    pub others: Vec<String>,
    /// What was left out of the case, and what deserves a look.
    pub problems: Vec<CaseProblem>,
}

/// Never prints what the case holds.
impl fmt::Debug for ReadCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadCase")
            .field("read", &self.case.is_ok())
            .field("others", &self.others.len())
            .field("problems", &self.problems)
            .finish()
    }
}

/// Reads the one case folder that a tree holds.
///
/// The record is `case.json`, or all `*.fhir.json` of the folder together. Where both exist,
/// `case.json` is read and each bundle is a problem. Never panics.
#[must_use]
pub fn read(tree: &dyn Tree) -> ReadCase {
    let (mut cases, mut bundles, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for name in tree.names() {
        let file = name.rsplit('/').next().unwrap_or_default();
        if file == "case.json" {
            cases.push(name);
        } else if file.ends_with(".fhir.json") {
            bundles.push(name);
        } else {
            others.push(name);
        }
    }
    others.sort();
    bundles.sort();
    let mut problems = Vec::new();
    let case = match (&cases[..], bundles.is_empty()) {
        ([], true) => Err(CaseError::NoRecord),
        ([], false) => from_bundles(tree, &bundles, &mut problems),
        ([one], _) => {
            problems.extend(bundles.iter().map(|name| ignored(name)));
            from_file(tree, one, &mut problems)
        }
        _ => Err(CaseError::SeveralRecords),
    };
    ReadCase {
        case,
        others,
        problems,
    }
}

fn ignored(name: &str) -> CaseProblem {
    let at = At { line: 1, column: 1 };
    Fault::new(String::new(), at, Reason::BundleIgnored).problem(name)
}

fn from_file(
    tree: &dyn Tree,
    name: &str,
    problems: &mut Vec<CaseProblem>,
) -> Result<(CaseFile, String), CaseError> {
    let node = node(tree, name)?;
    let mut faults = Vec::new();
    let case = file::case(&Cursor::root(&node), &mut faults);
    problems.extend(faults.into_iter().map(|fault| fault.problem(name)));
    let case = case.map_err(|fault| fault.rejection(name))?;
    Ok((case, name.to_owned()))
}

fn from_bundles(
    tree: &dyn Tree,
    names: &[String],
    problems: &mut Vec<CaseProblem>,
) -> Result<(CaseFile, String), CaseError> {
    let nodes: Vec<Node> = names
        .iter()
        .map(|name| node(tree, name))
        .collect::<Result<_, _>>()?;
    let bundles: Vec<(&str, &Node)> = names.iter().map(String::as_str).zip(&nodes).collect();
    let case = fhir::case(&bundles, problems)?;
    Ok((case, names[0].clone()))
}

fn node(tree: &dyn Tree, name: &str) -> Result<Node, CaseError> {
    let unreadable = |_| CaseError::Unreadable {
        file: name.to_owned(),
    };
    let bytes = tree.read(name).map_err(unreadable)?;
    json::parse(&bytes).map_err(|fault| fault.rejection(name))
}
