//! Where things are: the repository's root, its files, the built program.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The repository's root. Cargo says where this crate is when it runs the program; that place
/// is asked for now and not compiled in, because clones may share one target folder.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors()
        .nth(2)
        .expect("this crate is two folders below the root")
        .to_owned()
}

/// Files that git tracks or would track, relative to the root, in byte order. What git ignores
/// is nobody's concern.
///
/// # Errors
/// When git cannot be asked.
pub fn files(root: &Path) -> Result<Vec<String>> {
    let asked = Command::new("git")
        .current_dir(root)
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .output()
        .context("cannot run `git ls-files`")?;
    if !asked.status.success() {
        bail!(
            "`git ls-files` failed: {}",
            String::from_utf8_lossy(&asked.stderr).trim()
        );
    }
    let listed = String::from_utf8(asked.stdout).context("a file's name is not UTF-8")?;
    let mut names: Vec<String> = listed
        .split('\0')
        .filter(|name| !name.is_empty() && root.join(name).is_file())
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    Ok(names)
}

/// Builds the `spinemed` program and gives its path.
///
/// # Errors
/// When it does not build.
pub fn program(root: &Path) -> Result<PathBuf> {
    let built = cargo()
        .current_dir(root)
        .args([
            "build",
            "--quiet",
            "--package",
            "spinemed-cli",
            "--bin",
            "spinemed",
        ])
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    if !built.status.success() {
        bail!("the program does not build");
    }
    executable(&String::from_utf8_lossy(&built.stdout), "spinemed")
        .context("cargo named no executable for `spinemed`")
}

/// Finds a program's path among cargo's messages, one JSON object on each line.
pub fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

/// The cargo that runs this program, so that the toolchain stays the same.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_messages() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"spinemed_core"},"executable":null}
not json
{"reason":"compiler-artifact","target":{"name":"spinemed"},"executable":"/t/debug/spinemed"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(
            executable(messages, "spinemed"),
            Some(PathBuf::from("/t/debug/spinemed"))
        );
        assert_eq!(executable("{}", "spinemed"), None);
    }

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.toml").is_file());
        assert!(root().join("crates/xtask").is_dir());
    }
}
