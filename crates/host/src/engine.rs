//! The program `tesseract` on this machine: where it is, which version, which languages.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use spinemed_core::Digest;

use crate::child::{ChildFault, Limits, program, run};

/// What it is asked to read, of what is installed: English and simplified Chinese.
const LANGUAGES: [&str; 2] = ["eng", "chi_sim"];
/// To ask for what is installed takes little.
const ASKING: Limits = Limits {
    time: Duration::from_secs(10),
    memory: 1 << 30,
    output: 1 << 20,
};
/// The largest language files have 50 MB.
const MAX_TRAINED: u64 = 128 << 20;

/// Tesseract (Smith, ICDAR 2007), version 4 or later, as it answered when it was found.
#[derive(Debug, Clone)]
pub(crate) struct Engine {
    program: PathBuf,
    /// As `5.3.0`.
    pub version: String,
    /// Those of English and simplified Chinese that are installed; never none.
    pub languages: Vec<&'static str>,
    folder: Option<PathBuf>,
}

impl Engine {
    /// The program on PATH; nothing where it or all languages are missing.
    pub(crate) fn installed() -> Option<Self> {
        let program = program("tesseract")?;
        let ask = |what: &str| run(&program, &[what], &[], Vec::new(), ASKING);
        let listed = ask("--list-langs").ok()?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let known = |language: &&str| listed.lines().any(|line| line.trim() == *language);
        let languages: Vec<&str> = LANGUAGES.into_iter().filter(known).collect();
        let told = ask("--version").unwrap_or_default();
        (!languages.is_empty()).then(|| Self {
            version: version(&told),
            languages,
            folder: folder(&listed),
            program,
        })
    }

    /// What it writes to its standard output about a picture on its standard input. It runs
    /// on one thread: the caller has many.
    pub(crate) fn read(
        &self,
        picture: Vec<u8>,
        arguments: &[&str],
        limits: Limits,
    ) -> Result<Vec<u8>, ChildFault> {
        let mut all = vec!["stdin", "stdout"];
        all.extend(arguments);
        let one_thread = [("OMP_THREAD_LIMIT", "1")];
        run(&self.program, &all, &one_thread, picture, limits)
    }

    /// The digest of the languages' trained files, since packages carry several of one name
    /// (fast, best); nothing where the program does not tell where they are.
    pub(crate) fn trained(&self) -> Option<Digest> {
        let folder = self.folder.as_ref()?;
        let digests: Option<Vec<Digest>> = self
            .languages
            .iter()
            .map(|language| digest(&folder.join(format!("{language}.traineddata"))))
            .collect();
        Some(Digest::of_json(&digests?))
    }
}

fn digest(file: &Path) -> Option<Digest> {
    let mut bytes = Vec::new();
    let file = File::open(file).ok()?.take(MAX_TRAINED);
    { file }.read_to_end(&mut bytes).ok()?;
    Some(Digest::of(&bytes))
}

/// The folder that version 5 names: `List of available languages in "/usr/share/…/" (3):`.
fn folder(listed: &str) -> Option<PathBuf> {
    let mut parts = listed.lines().next()?.split('"');
    let folder = PathBuf::from(parts.nth(1)?);
    folder.is_absolute().then_some(folder)
}

/// The version on the first line, `tesseract 5.3.0`. Version 4.0 writes it elsewhere.
fn version(told: &[u8]) -> String {
    let told = String::from_utf8_lossy(told);
    let first = told.lines().next().unwrap_or_default();
    let version = first.strip_prefix("tesseract ").unwrap_or("4.0").trim();
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    version.chars().filter(plain).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_short_and_plain() {
        let check = |told: &str, expect: &str| assert_eq!(version(told.as_bytes()), expect);
        check("tesseract 5.3.0\n leptonica-1.82.0\n", "5.3.0");
        check("tesseract 5.4.1-27-g7d77\r\n", "5.4.1-27-g7d77");
        check("tesseract v5 \u{1b}[31m\n", "v531m");
        check("", "4.0");
    }

    #[test]
    fn the_folder_is_named_from_version_5_on() {
        let check = |listed: &str, expect: Option<&str>| {
            assert_eq!(folder(listed), expect.map(PathBuf::from), "{listed}");
        };
        check(
            "List of available languages in \"/a/b/\" (1):\neng",
            Some("/a/b/"),
        );
        check("List of available languages (1):\neng", None);
        check("List of available languages in \"./b\" (1):\neng", None);
        check("", None);
    }
}
