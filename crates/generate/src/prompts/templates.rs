//! The templates: built in, overridable by name.

use std::collections::BTreeMap;

use spinemed_core::Digest;
use spinemed_core::digest::KeyHasher;
use spinemed_core::vocabulary::Kind;

macro_rules! built_in {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../prompts/", $name)))),+]
    };
}

/// Every built-in template by name, in order of names.
pub(super) const BUILT_IN: &[(&str, &str)] = built_in![
    "_consultation.j2",
    "_evidence.j2",
    "_mcq.j2",
    "_open-qa.j2",
    "_report.j2",
    "_role.j2",
    "_rules.j2",
    "draft-consultation.j2",
    "draft-mcq.j2",
    "draft-open-qa.j2",
    "draft-report.j2",
    "revise-consultation.j2",
    "revise-mcq.j2",
    "revise-open-qa.j2",
    "revise-report.j2",
];

/// The templates in force, by name: the built-in ones, each replaced where `overrides` has
/// one of its name.
#[must_use]
pub fn templates(overrides: &BTreeMap<String, String>) -> Vec<(String, String)> {
    BUILT_IN
        .iter()
        .map(|(name, text)| {
            let text = own(overrides, name).unwrap_or(text);
            ((*name).to_owned(), text.to_owned())
        })
        .collect()
}

/// An override by full name (`draft-mcq.j2`) or without its ending.
fn own<'a>(overrides: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    overrides
        .get(name)
        .or_else(|| overrides.get(name.strip_suffix(".j2").unwrap_or(name)))
        .map(String::as_str)
}

/// Names of overrides that override nothing.
pub(super) fn unknown(overrides: &BTreeMap<String, String>) -> Vec<&str> {
    let known = |name: &str| {
        BUILT_IN
            .iter()
            .any(|(built_in, _)| *built_in == name || built_in.strip_suffix(".j2") == Some(name))
    };
    overrides
        .keys()
        .map(String::as_str)
        .filter(|name| !known(name))
        .collect()
}

/// The template of a pass for a kind.
pub(super) fn name(pass: &str, kind: Kind) -> String {
    format!("{pass}-{kind}.j2")
}

/// The digest of a pass's templates: its own and the shared ones.
pub(super) fn digest(overrides: &BTreeMap<String, String>, pass: &str) -> Digest {
    let of_pass = |name: &str| name.starts_with('_') || name.starts_with(pass);
    templates(overrides)
        .into_iter()
        .filter(|(name, _)| of_pass(name))
        .fold(KeyHasher::new("spinemed/prompts/1"), |key, (name, text)| {
            key.field(&name, text)
        })
        .finish()
}
