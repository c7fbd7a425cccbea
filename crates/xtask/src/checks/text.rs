//! Files themselves: their length, words that do not belong, crumbs left behind.

use super::{Files, Finding, text_of};

/// The most lines of a source file without its tests.
const LINES: usize = 500;

/// The one file that may name the folder where a machine keeps real inputs.
const MAY_NAME_INPUTS: &str = ".ci/run";

/// Checks every file.
pub fn check(files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, bytes) in files {
        findings.extend(crumbs(name));
        let Some(text) = text_of(bytes) else { continue };
        findings.extend(words(name, text));
        if name.ends_with(".rs") && name.contains("/src/") {
            findings.extend(length(name, text));
        }
    }
    findings
}

/// Things that tools leave behind.
fn crumbs(name: &str) -> Option<Finding> {
    let endings = [
        ".whl", ".pyc", ".orig", ".rej", ".bak", ".swp", ".profraw", ".db", ".sqlite",
    ];
    let crumb = endings.iter().any(|ending| name.ends_with(ending));
    crumb.then(|| Finding::file(name, "does not belong in the repository"))
}

/// Words that do not belong. Patterns are put together here, so that this file is clean itself.
fn words(name: &str, text: &str) -> Vec<Finding> {
    let unfinished = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("#[ign", "ore"),
    ];
    let inputs = [concat!("/work/", "shared"), concat!("../", "shared")];
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut told = |rule: String| findings.push(Finding::line(name, index + 1, rule));
        if name.ends_with(".rs") {
            for word in unfinished.iter().filter(|word| line.contains(**word)) {
                told(format!("`{word}`: finish it, or leave it out"));
            }
        }
        if name != MAY_NAME_INPUTS && inputs.iter().any(|path| line.contains(path)) {
            told("names a folder of one machine; cite the standard or paper instead".to_owned());
        }
    }
    findings
}

fn length(name: &str, text: &str) -> Option<Finding> {
    if name.ends_with("/tests.rs") || name.contains("/tests/") {
        return None;
    }
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines
        .iter()
        .position(|line| line.starts_with("#[cfg(test)]"));
    let own = tests.unwrap_or(lines.len());
    (own > LINES).then(|| {
        Finding::file(
            name,
            format!("{own} lines without tests, more than {LINES}: split it"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    fn check_one(name: &str, text: &str, expect: &[&str]) {
        assert_eq!(told(&check(&files(&[(name, text)]))), expect);
    }

    #[test]
    fn unfinished_code_is_found() {
        let stub = concat!("fn a() {\n    to", "do!()\n}\n");
        check_one(
            "crates/x/src/a.rs",
            stub,
            &[concat!(
                "crates/x/src/a.rs:2: `to",
                "do!(`: finish it, or leave it out"
            )],
        );
        check_one("docs/a.md", stub, &[]);
        let skipped = concat!("#[ign", "ore = \"slow\"]\n");
        check_one(
            "crates/x/tests/a.rs",
            skipped,
            &[concat!(
                "crates/x/tests/a.rs:1: `#[ign",
                "ore`: finish it, or leave it out"
            )],
        );
    }

    #[test]
    fn folders_of_one_machine_are_found() {
        let text = concat!("see ../", "shared/data\n");
        check_one(
            "docs/a.md",
            text,
            &["docs/a.md:1: names a folder of one machine; cite the standard or paper instead"],
        );
        check_one(".ci/run", text, &[]);
    }

    #[test]
    fn tests_do_not_count_as_length() {
        let code = "// a line\n".repeat(500);
        check_one(
            "crates/x/src/a.rs",
            &format!("{code}#[cfg(test)]\nmod tests {{}}\n"),
            &[],
        );
        check_one("crates/x/src/tests.rs", &"// a line\n".repeat(900), &[]);
        check_one(
            "crates/x/src/a.rs",
            &format!("{code}// one more\n"),
            &["crates/x/src/a.rs:0: 501 lines without tests, more than 500: split it"],
        );
    }

    #[test]
    fn crumbs_are_found() {
        check_one("a.whl", "", &["a.whl:0: does not belong in the repository"]);
    }
}
