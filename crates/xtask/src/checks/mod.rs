//! `cargo xtask checks`: rules of the repository that no compiler holds.
//!
//! Each check is a pure function over [`Files`], so that it is tested on a few invented files;
//! only [`run`] reads the repository.

mod crates;
mod links;
mod sources;
mod text;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use crate::repository;

/// The repository's files: names relative to the root, with their bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the root.
    pub file: String,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub rule: String,
}

impl Finding {
    fn file(file: &str, rule: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            rule: rule.into(),
        }
    }

    fn line(file: &str, line: usize, rule: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            rule: rule.into(),
        }
    }
}

/// Runs every check, prints what is broken, and says whether nothing is.
pub fn run() -> Result<bool> {
    let root = repository::root();
    let mut files = Files::new();
    for name in repository::files(&root)? {
        let bytes = fs::read(root.join(&name)).with_context(|| format!("cannot read `{name}`"))?;
        files.insert(name, bytes);
    }
    let mut findings = Vec::new();
    findings.extend(crates::check(&files));
    findings.extend(links::check(&files));
    findings.extend(sources::check(&files));
    findings.extend(text::check(&files));
    findings.sort();
    for finding in &findings {
        let line = if finding.line == 0 {
            String::new()
        } else {
            format!(":{}", finding.line)
        };
        println!("{}{line}: {}", finding.file, finding.rule);
    }
    println!("checks: {} files, {} findings", files.len(), findings.len());
    Ok(findings.is_empty())
}

/// A file's text, where it is text.
fn text_of(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod testing {
    use super::{Files, Finding};

    /// Invented files for a check.
    pub fn files(pairs: &[(&str, &str)]) -> Files {
        pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    /// Findings as `file:line: rule`.
    pub fn told(findings: &[Finding]) -> Vec<String> {
        findings
            .iter()
            .map(|f| format!("{}:{}: {}", f.file, f.line, f.rule))
            .collect()
    }
}
