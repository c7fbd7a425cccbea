//! The workspace's walls: which crate may depend on which, who may touch the outside, and what
//! every crate has.

use std::collections::{BTreeMap, BTreeSet};

use super::{Files, Finding, text_of};

/// Crates that may touch files, network, clock, environment or processes.
const OUTSIDE: &[&str] = &[
    "store", "host", "model", "review", "cli", "xtask", "testkit",
];
/// Crates that nothing that ships may depend on.
const TOOLS: &[&str] = &["xtask", "fuzz", "testkit"];
/// Crates that may wait on a network, and so alone may be asynchronous.
const ASYNC: &[&str] = &["model", "review"];
/// Crates whose errors end on a screen.
const ANYHOW: &[&str] = &["cli", "xtask"];
/// Edges between crates of one layer, each with its reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "jats",
        "markup",
        "formulas, tables, links, licences and pictures are read alike in every markup",
    ),
    (
        "tables",
        "dicom",
        "labelled datasets keep their pictures as DICOM; the decoder is a library, no stage",
    ),
    (
        "deidentify",
        "dicom",
        "text in compressed pixels cannot be blanked without decoding them",
    ),
];
/// The longest chain of dependencies, counted in crates.
const LEVELS: usize = 6;

/// A crate's manifest, as far as the rules ask.
struct Crate {
    file: String,
    normal: BTreeSet<String>,
    ours: BTreeSet<String>,
    ours_in_tests: BTreeSet<String>,
    table: toml::Table,
}

/// Checks every crate below `crates/`.
pub fn check(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    let crates = read(files, &mut findings);
    for (name, member) in &crates {
        findings.extend(shape(name, member));
        findings.extend(edges(name, member));
        findings.extend(roots(name, files));
    }
    for name in crates.keys() {
        let depth = depth(name, &crates, &mut Vec::new());
        if depth > LEVELS {
            let rule = format!("{depth} levels of crates, more than {LEVELS}");
            findings.push(Finding::file(&manifest(name), rule));
        }
    }
    findings
}

fn manifest(name: &str) -> String {
    format!("crates/{name}/Cargo.toml")
}

fn read(files: &Files, findings: &mut Vec<Finding>) -> BTreeMap<String, Crate> {
    let mut crates = BTreeMap::new();
    for (file, bytes) in files {
        let Some(name) = file
            .strip_prefix("crates/")
            .and_then(|f| f.strip_suffix("/Cargo.toml"))
        else {
            continue;
        };
        match text_of(bytes).map(toml::from_str::<toml::Table>) {
            Some(Ok(table)) => {
                crates.insert(name.to_owned(), member(file, table));
            }
            _ => findings.push(Finding::file(file, "is not TOML")),
        }
    }
    crates
}

fn member(file: &str, table: toml::Table) -> Crate {
    let names = |section: &str| -> BTreeSet<String> {
        let dependencies = table.get(section).and_then(toml::Value::as_table);
        dependencies
            .map(|d| d.keys().cloned().collect())
            .unwrap_or_default()
    };
    let ours = |names: &BTreeSet<String>| {
        names
            .iter()
            .filter_map(|n| n.strip_prefix("spinemed-"))
            .map(str::to_owned)
            .collect()
    };
    let normal = names("dependencies");
    let in_tests = names("dev-dependencies");
    let (own, own_in_tests) = (ours(&normal), ours(&in_tests));
    Crate {
        file: file.to_owned(),
        normal,
        ours: own,
        ours_in_tests: own_in_tests,
        table,
    }
}

/// Name, description, lints.
fn shape(name: &str, member: &Crate) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told = |rule: String| findings.push(Finding::file(&member.file, rule));
    let package = member.table.get("package").and_then(toml::Value::as_table);
    let field = |key: &str| {
        package
            .and_then(|p| p.get(key))
            .and_then(toml::Value::as_str)
    };
    if field("name") != Some(&format!("spinemed-{name}")) {
        told(format!("the package is not named `spinemed-{name}`"));
    }
    if field("description").is_none() {
        told("the package has no description".to_owned());
    }
    let lints = member.table.get("lints").and_then(|l| l.get("workspace"));
    if lints.and_then(toml::Value::as_bool) != Some(true) {
        told("the workspace's lints are not used".to_owned());
    }
    findings
}

/// Dependencies point down.
fn edges(name: &str, member: &Crate) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told = |rule: String| findings.push(Finding::file(&member.file, rule));
    for other in member.ours.iter().filter(|other| !may_use(name, other)) {
        told(format!(
            "`{name}` may not depend on `{other}`: dependencies point down"
        ));
    }
    for other in member
        .ours_in_tests
        .iter()
        .filter(|other| !may_test_with(name, other))
    {
        told(format!(
            "tests of `{name}` may not depend on `{other}`: dependencies point down"
        ));
    }
    if member.normal.contains("tokio") && !ASYNC.contains(&name) {
        told(format!(
            "`{name}` may not be asynchronous: only {} are",
            ASYNC.join(" and ")
        ));
    }
    if member.normal.contains("anyhow") && !ANYHOW.contains(&name) {
        told(format!(
            "`{name}` may not use `anyhow`: libraries have errors of their own"
        ));
    }
    findings
}

/// Whether a crate may use another of ours.
fn may_use(name: &str, other: &str) -> bool {
    let excepted = EXCEPTIONS
        .iter()
        .any(|(from, to, _)| (*from, *to) == (name, other));
    match name {
        "core" => false,
        "fuzz" => !matches!(other, "xtask" | "testkit"),
        "xtask" => true,
        "cli" => !TOOLS.contains(&other),
        "run" => other != "cli" && !TOOLS.contains(&other),
        "store" | "model" | "testkit" => other == "core",
        _ => excepted || matches!(other, "core" | "deidentify"),
    }
}

/// Whether a crate's tests may use another of ours: tests of a stage may read real documents
/// with the readers and go through earlier stages, but nobody tests with what lies above.
fn may_test_with(name: &str, other: &str) -> bool {
    let above = matches!(other, "store" | "run" | "cli" | "xtask" | "fuzz");
    may_use(name, other) || other == "testkit" || (name != "core" && !above)
}

/// The roots of a crate's source: they begin with documentation, and only crates that may
/// touch the outside lift the ban on it, saying why.
fn roots(name: &str, files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    let roots: Vec<String> = ["lib.rs", "main.rs"]
        .iter()
        .map(|root| format!("crates/{name}/src/{root}"))
        .collect();
    let present: Vec<(&String, &str)> = roots
        .iter()
        .filter_map(|r| Some((r, text_of(files.get(r)?)?)))
        .collect();
    if present.is_empty() {
        findings.push(Finding::file(
            &manifest(name),
            "has neither `src/lib.rs` nor `src/main.rs`",
        ));
    }
    for (file, text) in present {
        if !text.trim_start().starts_with("//!") {
            findings.push(Finding::file(
                file,
                "does not begin with crate documentation",
            ));
        }
        findings.extend(lifted(name, file, text));
    }
    findings
}

fn lifted(name: &str, file: &str, text: &str) -> Vec<Finding> {
    let lines: Vec<&str> = text.lines().collect();
    let ban = |line: &str| line.starts_with("#![") && line.contains("clippy::disallowed_methods");
    let mut findings = Vec::new();
    for (index, _) in lines.iter().enumerate().filter(|(_, line)| ban(line)) {
        if !OUTSIDE.contains(&name) {
            let rule = format!(
                "`{name}` may not touch the outside: only {} may",
                OUTSIDE.join(", ")
            );
            findings.push(Finding::line(file, index + 1, rule));
        } else if index == 0 || !lines[index - 1].starts_with("//") {
            findings.push(Finding::line(
                file,
                index + 1,
                "lifts a ban without saying why",
            ));
        }
    }
    findings
}

/// The longest chain of our crates from this one down; a cycle ends the chain, cargo refuses it.
fn depth(name: &str, crates: &BTreeMap<String, Crate>, above: &mut Vec<String>) -> usize {
    if above.iter().any(|a| a == name) {
        return 0;
    }
    let Some(member) = crates.get(name) else {
        return 0;
    };
    above.push(name.to_owned());
    let below = member
        .ours
        .iter()
        .map(|other| depth(other, crates, above))
        .max();
    above.pop();
    1 + below.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    fn package(name: &str, rest: &str) -> String {
        format!(
            "[package]\nname = \"spinemed-{name}\"\ndescription = \"d\"\n[lints]\nworkspace = true\n{rest}"
        )
    }

    fn check_one(name: &str, manifest: &str, root: &str, expect: &[&str]) {
        let toml = format!("crates/{name}/Cargo.toml");
        let lib = format!("crates/{name}/src/lib.rs");
        let found = check(&files(&[(&toml, manifest), (&lib, root)]));
        assert_eq!(told(&found), expect);
    }

    #[test]
    fn a_stage_uses_core_and_deidentify_alone() {
        let good = package(
            "pairing",
            "[dependencies]\nspinemed-core = {}\nspinemed-deidentify = {}\n",
        );
        check_one("pairing", &good, "//! Pairs.\n", &[]);
        let bad = package(
            "pairing",
            "[dependencies]\nspinemed-curate = {}\nspinemed-store = {}\n",
        );
        check_one(
            "pairing",
            &bad,
            "//! Pairs.\n",
            &[
                "crates/pairing/Cargo.toml:0: `pairing` may not depend on `curate`: dependencies point down",
                "crates/pairing/Cargo.toml:0: `pairing` may not depend on `store`: dependencies point down",
            ],
        );
    }

    #[test]
    fn tests_may_use_the_testkit() {
        let good = package("model", "[dev-dependencies]\nspinemed-testkit = {}\n");
        check_one("model", &good, "//! Models.\n", &[]);
        let stages = package(
            "curate",
            "[dev-dependencies]\nspinemed-jats = {}\nspinemed-run = {}\n",
        );
        check_one(
            "curate",
            &stages,
            "//! Curates.\n",
            &[
                "crates/curate/Cargo.toml:0: tests of `curate` may not depend on `run`: dependencies point down",
            ],
        );
        let bad = package("model", "[dependencies]\nspinemed-testkit = {}\n");
        check_one(
            "model",
            &bad,
            "//! Models.\n",
            &[
                "crates/model/Cargo.toml:0: `model` may not depend on `testkit`: dependencies point down",
            ],
        );
    }

    #[test]
    fn the_outside_is_fenced() {
        let ban = "//! Docs.\n// Files are what a store is about.\n#![allow(clippy::disallowed_methods)]\n";
        check_one("store", &package("store", ""), ban, &[]);
        check_one(
            "curate",
            &package("curate", ""),
            ban,
            &[
                "crates/curate/src/lib.rs:3: `curate` may not touch the outside: only store, host, model, review, cli, xtask, testkit may",
            ],
        );
        let silent = "//! Docs.\n\n#![allow(clippy::disallowed_methods)]\n";
        check_one(
            "store",
            &package("store", ""),
            silent,
            &["crates/store/src/lib.rs:3: lifts a ban without saying why"],
        );
        let busy = package("curate", "[dependencies]\ntokio = {}\nanyhow = {}\n");
        check_one(
            "curate",
            &busy,
            "//! Docs.\n",
            &[
                "crates/curate/Cargo.toml:0: `curate` may not be asynchronous: only model and review are",
                "crates/curate/Cargo.toml:0: `curate` may not use `anyhow`: libraries have errors of their own",
            ],
        );
    }

    #[test]
    fn every_crate_has_its_shape() {
        check_one(
            "x",
            "[package]\nname = \"x\"\n",
            "fn a() {}\n",
            &[
                "crates/x/Cargo.toml:0: the package is not named `spinemed-x`",
                "crates/x/Cargo.toml:0: the package has no description",
                "crates/x/Cargo.toml:0: the workspace's lints are not used",
                "crates/x/src/lib.rs:0: does not begin with crate documentation",
            ],
        );
        let lonely = check(&files(&[("crates/x/Cargo.toml", &package("x", ""))]));
        assert_eq!(
            told(&lonely),
            ["crates/x/Cargo.toml:0: has neither `src/lib.rs` nor `src/main.rs`"]
        );
    }

    #[test]
    fn chains_of_crates_are_counted() {
        let all: Vec<(String, String)> = (0..8)
            .map(|n| {
                let below = format!("[dependencies]\nspinemed-c{} = {{}}\n", n + 1);
                (
                    format!("crates/c{n}/Cargo.toml"),
                    package(&format!("c{n}"), &below),
                )
            })
            .collect();
        let pairs: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let deep = check(&files(&pairs))
            .into_iter()
            .filter(|f| f.rule.contains("levels"))
            .count();
        assert_eq!(deep, 2, "chains of eight and of seven are too long");
    }
}
