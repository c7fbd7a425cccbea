//! Links of Markdown files: what they point at inside the repository is there, heading included.

use std::collections::BTreeSet;

use super::{Files, Finding, text_of};

/// Folders of made inputs, where a link may go nowhere on purpose.
const INPUTS: [&str; 2] = ["/seeds/", "/tests/made/"];

/// Checks every Markdown file.
pub fn check(files: &Files) -> Vec<Finding> {
    let ours = |name: &str| name.ends_with(".md") && !INPUTS.iter().any(|part| name.contains(part));
    let markdown = files.iter().filter(|(name, _)| ours(name));
    markdown
        .flat_map(|(name, bytes)| file(name, text_of(bytes).unwrap_or_default(), files))
        .collect()
}

fn file(name: &str, text: &str, files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, words) in prose(text) {
        for target in targets(words) {
            if let Some(rule) = wrong(name, target, files) {
                findings.push(Finding::line(name, line, rule));
            }
        }
    }
    findings
}

/// Lines outside fenced code, counted from 1.
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let fence = line.trim_start();
        if fence.starts_with("```") || fence.starts_with("~~~") {
            fenced = !fenced;
        } else if !fenced {
            lines.push((index + 1, line));
        }
    }
    lines
}

/// What `[words](target)` and `![words](target)` of a line point at, code spans left aside.
fn targets(line: &str) -> Vec<&str> {
    // Every other part between back quotes is code.
    let words = line.split('`').step_by(2);
    words
        .flat_map(|part| {
            part.match_indices("](")
                .filter_map(|(at, _)| closed(&part[at + 2..]))
        })
        .collect()
}

/// The target up to its closing bracket, without a title.
fn closed(text: &str) -> Option<&str> {
    let inside = &text[..text.find(')')?];
    inside
        .split_whitespace()
        .next()
        .map(|t| t.trim_matches(['<', '>']))
}

/// What is wrong with a target, if anything.
fn wrong(from: &str, target: &str, files: &Files) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, heading) = target
        .split_once('#')
        .map_or((target, None), |(p, h)| (p, Some(h)));
    let meant = if path.is_empty() {
        from.to_owned()
    } else {
        resolved(from, path)
    };
    let folder = format!("{}/", meant.trim_end_matches('/'));
    if !files.contains_key(&meant) && !files.keys().any(|name| name.starts_with(&folder)) {
        return Some(format!("link to `{target}`: there is no `{meant}`"));
    }
    let heading = heading.filter(|_| meant.ends_with(".md"))?;
    let text = files.get(&meant).and_then(|bytes| text_of(bytes))?;
    let there = anchors(text).contains(heading);
    (!there).then(|| format!("link to `{target}`: `{meant}` has no such heading"))
}

/// A path relative to a file, from the root.
fn resolved(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = match path.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').collect(),
    };
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// Headings as the names that links use: lower case, spaces to hyphens, most signs dropped.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).into_iter().filter_map(|(_, line)| {
        let words = line.trim_start_matches('#');
        (words.len() < line.len() && words.starts_with(' ')).then(|| anchor(words.trim()))
    });
    headings.collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    fn check_one(text: &str, expect: &[&str]) {
        let all = files(&[
            ("docs/a.md", text),
            (
                "docs/b.md",
                "# Exit codes, in `order`\n```\n# no heading\n```\n",
            ),
            ("README.md", "# Title\n"),
            ("crates/core/src/lib.rs", ""),
        ]);
        assert_eq!(told(&check(&all)), expect);
    }

    #[test]
    fn links_resolve() {
        check_one(
            "# A\n[b](b.md), [b](./b.md#exit-codes-in-order), [r](../README.md), [`c`](../crates/core/)\n[a](#a) ![p](<../README.md>)",
            &[],
        );
        check_one(
            "[x](https://example.org/x) <https://example.org> [m](mailto:a@b.c)",
            &[],
        );
        check_one("code `[x](y.md)` and\n```\n[x](y.md)\n```\n", &[]);
    }

    #[test]
    fn broken_links_are_named() {
        check_one(
            "ok\n[x](c.md) and [`y`](../b.md \"title\")",
            &[
                "docs/a.md:2: link to `c.md`: there is no `docs/c.md`",
                "docs/a.md:2: link to `../b.md`: there is no `b.md`",
            ],
        );
        check_one(
            "[x](b.md#no-heading)",
            &["docs/a.md:1: link to `b.md#no-heading`: `docs/b.md` has no such heading"],
        );
    }
}
