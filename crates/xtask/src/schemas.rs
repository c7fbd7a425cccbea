//! `cargo xtask schemas`: `schemas/<name>.schema.json`, as `spinemed schema <name>` prints them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::repository;

/// Writes the schemas, or with `check` compares them and says whether all are current.
pub fn run(check: bool) -> Result<bool> {
    let root = repository::root();
    let program = repository::program(&root)?;
    let wanted = generated(&program)?;
    let folder = root.join("schemas");
    let present = committed(&folder)?;
    let stale = differences(&wanted, &present);
    if check {
        stale.iter().for_each(|line| println!("{line}"));
        if !stale.is_empty() {
            println!("hint: run `cargo xtask schemas` and commit `schemas/`");
        }
        println!(
            "schemas: {} generated, {} differ",
            wanted.len(),
            stale.len()
        );
        return Ok(stale.is_empty());
    }
    write(&folder, &wanted, &present)?;
    stale.iter().for_each(|line| println!("{line}"));
    println!("schemas: {} written, {} changed", wanted.len(), stale.len());
    Ok(true)
}

/// Asks the program for its list of schemas and for each of them.
fn generated(program: &Path) -> Result<BTreeMap<String, String>> {
    let list = ask(program, &["schema"])?;
    let names = list.lines().map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| Ok((file_name(name), ask(program, &["schema", name])?)))
        .collect()
}

fn file_name(schema: &str) -> String {
    format!("{schema}.schema.json")
}

fn ask(program: &Path, args: &[&str]) -> Result<String> {
    let answer = Command::new(program)
        .args(args)
        .output()
        .context("cannot run the program")?;
    if !answer.status.success() {
        bail!(
            "`spinemed {}` failed: {}",
            args.join(" "),
            String::from_utf8_lossy(&answer.stderr)
        );
    }
    String::from_utf8(answer.stdout).context("a schema is not UTF-8")
}

fn committed(folder: &Path) -> Result<BTreeMap<String, String>> {
    if !folder.is_dir() {
        return Ok(BTreeMap::new());
    }
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).context("cannot list `schemas`")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".schema.json") {
            let text = fs::read_to_string(folder.join(&name));
            found.insert(
                name.clone(),
                text.with_context(|| format!("cannot read `{name}`"))?,
            );
        }
    }
    Ok(found)
}

/// One line for each schema that is missing, out of date or no longer generated.
fn differences(
    wanted: &BTreeMap<String, String>,
    present: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, text) in wanted {
        match present.get(name) {
            None => lines.push(format!("schemas/{name}: missing")),
            Some(found) if found != text => lines.push(format!("schemas/{name}: out of date")),
            Some(_) => {}
        }
    }
    let gone = present.keys().filter(|name| !wanted.contains_key(*name));
    lines.extend(gone.map(|name| format!("schemas/{name}: no longer generated")));
    lines
}

fn write(
    folder: &Path,
    wanted: &BTreeMap<String, String>,
    present: &BTreeMap<String, String>,
) -> Result<()> {
    fs::create_dir_all(folder).context("cannot make `schemas`")?;
    for (name, text) in wanted
        .iter()
        .filter(|(name, text)| present.get(*name) != Some(text))
    {
        fs::write(folder.join(name), text).with_context(|| format!("cannot write `{name}`"))?;
    }
    for name in present.keys().filter(|name| !wanted.contains_key(*name)) {
        fs::remove_file(folder.join(name)).with_context(|| format!("cannot remove `{name}`"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn every_kind_of_difference_is_named() {
        let wanted = map(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let present = map(&[("a", "1"), ("b", "old"), ("d", "4")]);
        let expect = [
            "schemas/b: out of date",
            "schemas/c: missing",
            "schemas/d: no longer generated",
        ];
        assert_eq!(differences(&wanted, &present), expect);
        assert!(differences(&wanted, &wanted).is_empty());
    }

    #[test]
    fn writing_ends_with_no_difference() {
        let folder = tempfile::tempdir().unwrap();
        let old = map(&[("a.schema.json", "{}"), ("old.schema.json", "{}")]);
        write(folder.path(), &old, &BTreeMap::new()).unwrap();
        let wanted = map(&[("a.schema.json", "[]"), ("b.schema.json", "{}")]);
        write(folder.path(), &wanted, &committed(folder.path()).unwrap()).unwrap();
        assert_eq!(committed(folder.path()).unwrap(), wanted);
    }
}
