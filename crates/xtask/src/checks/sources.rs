//! Every folder below `sources/` is a declared source: a manifest of its name, and a README.

use std::collections::BTreeSet;

use super::{Files, Finding, text_of};

/// Checks every source's folder.
pub fn check(files: &Files) -> Vec<Finding> {
    let folders: BTreeSet<&str> = files
        .keys()
        .filter_map(|name| {
            name.strip_prefix("sources/")?
                .split_once('/')
                .map(|(folder, _)| folder)
        })
        .collect();
    folders
        .into_iter()
        .flat_map(|folder| source(folder, files))
        .collect()
}

fn source(folder: &str, files: &Files) -> Vec<Finding> {
    let readme = format!("sources/{folder}/README.md");
    let manifest = format!("sources/{folder}/source.toml");
    let mut findings = Vec::new();
    if !files.contains_key(&readme) {
        findings.push(Finding::file(
            &readme,
            "missing: say what the source is and who made it",
        ));
    }
    match files.get(&manifest).map(|bytes| id(bytes)) {
        None => findings.push(Finding::file(&manifest, "missing: declare the source")),
        Some(id) if id.as_deref() != Some(folder) => {
            findings.push(Finding::file(&manifest, format!("`id` is not `{folder}`")));
        }
        Some(_) => {}
    }
    findings
}

fn id(bytes: &[u8]) -> Option<String> {
    let table: toml::Table = toml::from_str(text_of(bytes)?).ok()?;
    table.get("id")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    #[test]
    fn sources_are_declared() {
        let all = files(&[
            ("sources/README.md", ""),
            ("sources/make.py", ""),
            ("sources/good/README.md", "# Good"),
            ("sources/good/source.toml", "id = \"good\"\n"),
            ("sources/other/README.md", "# Other"),
            ("sources/other/source.toml", "id = \"good\"\n"),
            ("sources/bare/data.csv", "a,b\n"),
        ]);
        assert_eq!(
            told(&check(&all)),
            [
                "sources/bare/README.md:0: missing: say what the source is and who made it",
                "sources/bare/source.toml:0: missing: declare the source",
                "sources/other/source.toml:0: `id` is not `other`",
            ]
        );
    }
}
