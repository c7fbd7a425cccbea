//! The key of patients' records: where it is looked for, and how it veils names and digests.
//!
//! A key lives outside the workspace, in `$SPINEMED_KEYS`, else `$XDG_CONFIG_HOME/spinemed/keys`,
//! else `~/.config/spinemed/keys`: a copy of the workspace must not be a copy of the key. A
//! public key (for made data alone) is a file of the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use spinemed_core::Digest;
use spinemed_core::digest::canonical_json;
use spinemed_deidentify::Key;
use spinemed_store::{Veil, Workspace, read_secret};

use crate::settings::{DeidentifySection, KeyChoice};

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoKey {
    /// What is wrong; it repeats nothing of the key.
    pub cause: String,
    /// What to do.
    pub hint: String,
}

/// The folder of keys, by the environment.
#[must_use]
pub fn folder(variable: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    set("SPINEMED_KEYS")
        .or_else(|| set("XDG_CONFIG_HOME").map(|c| c.join("spinemed/keys")))
        .or_else(|| set("HOME").map(|h| h.join(".config/spinemed/keys")))
}

/// The file of a key by its name.
///
/// # Errors
/// [`NoKey`] when the name is none or the environment says nothing of a home.
pub fn file(name: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<PathBuf, NoKey> {
    let good = !name.is_empty()
        && name.len() <= 64
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !good {
        return Err(NoKey {
            cause: "a key's name is 1 to 64 letters, digits, `-` and `_`".into(),
            hint: "name it after the hospital and year, `hospital-2026`".into(),
        });
    }
    let folder = folder(variable).ok_or_else(|| NoKey {
        cause: "no folder for keys: neither SPINEMED_KEYS nor HOME is set".into(),
        hint: "set SPINEMED_KEYS to a folder outside the workspace".into(),
    })?;
    Ok(folder.join(format!("{name}.key")))
}

/// Reads the key that a pipeline names.
///
/// # Errors
/// [`NoKey`] when it is missing, open to others, no key, or in the wrong place.
pub fn key(
    section: &DeidentifySection,
    workspace: &Workspace,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Key, NoKey> {
    let (path, public, name) = match &section.key {
        None => {
            return Err(NoKey {
                cause: "the pipeline names no key for patients' records".into(),
                hint: "make one with `spinemed key create NAME` and set `key = { name = \"NAME\" }` under `[deidentify]`".into(),
            });
        }
        Some(KeyChoice::Name(name)) => (file(name, variable)?, false, name.as_str()),
        Some(KeyChoice::PublicFile(path)) => (workspace.root().join(path), true, path.as_str()),
    };
    let inside = path.starts_with(workspace.root());
    if inside && !public {
        return Err(NoKey {
            cause: format!("key `{name}` lies in the workspace that it protects"),
            hint: "move the folder of keys elsewhere and set SPINEMED_KEYS".into(),
        });
    }
    let missing = format!(
        "bring the key back, or make a new one with `spinemed key create {name}`: pseudonyms will then be others"
    );
    let other = "a public key is named as `public_file`, a secret one as `name`";
    read(&path, public, &missing, other)
}

/// Reads a key of the wanted sort. `missing` and `other` are the hints where there is no file,
/// and where it holds the other sort of key.
///
/// # Errors
/// [`NoKey`] when it is missing, open to others, no key, or of the other sort.
pub fn read(path: &Path, public: bool, missing: &str, other: &str) -> Result<Key, NoKey> {
    let text = read_secret(path, public).map_err(|error| NoKey {
        hint: if error.is_missing() {
            missing.to_owned()
        } else {
            format!("chmod 600 '{}'", path.display())
        },
        cause: error.to_string(),
    })?;
    let key = Key::parse(&text).map_err(|error| NoKey {
        cause: format!("`{}`: {error}", path.display()),
        hint: "make one with `spinemed key create NAME`".into(),
    })?;
    if key.is_public() != public {
        return Err(NoKey {
            cause: format!("`{}` is of the other sort of key", path.display()),
            hint: other.to_owned(),
        });
    }
    Ok(key)
}

/// Names of case folders and files under the key.
pub struct CaseVeil<'k> {
    key: &'k Key,
    source: String,
}

/// What a name begins with whose file belongs to no case.
const ORPHAN: &str = "no-case-";

impl<'k> CaseVeil<'k> {
    /// The veil of one source: equal names in two sources are two names.
    #[must_use]
    pub fn new(key: &'k Key, source: &str) -> Self {
        Self {
            key,
            source: source.to_owned(),
        }
    }

    /// What stands for a case's folder, given relative to the source's root.
    #[must_use]
    pub fn folder(&self, name: &str) -> String {
        format!("case-{}", self.short("folder", name, 12))
    }

    fn short(&self, domain: &str, name: &str, digits: usize) -> String {
        let mac = self
            .key
            .mac(domain, &[self.source.as_bytes(), name.as_bytes()]);
        mac.iter().map(|b| format!("{b:02x}")).collect::<String>()[..digits].to_owned()
    }

    fn alias(&self, name: &str, folders: &BTreeSet<&str>) -> String {
        let mut folder = name;
        while let Some(end) = folder.rfind('/') {
            folder = &name[..end];
            if folders.contains(folder) {
                let inner = &name[end + 1..];
                return format!("{}/{}", self.folder(folder), self.file(inner));
            }
        }
        format!("{ORPHAN}{}", self.short("file", name, 12))
    }

    /// The two names that a reader must know stay; all others are hidden.
    fn file(&self, inner: &str) -> String {
        if inner == "case.json" {
            return inner.to_owned();
        }
        let short = self.short("file", inner, 16);
        if is_bundle(inner) {
            return format!("{short}.fhir.json");
        }
        short
    }
}

fn is_bundle(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".fhir.json")
}

impl Veil for CaseVeil<'_> {
    fn names(&self, names: &BTreeSet<String>) -> BTreeMap<String, String> {
        let folders: BTreeSet<&str> = names
            .iter()
            .filter_map(|name| {
                let (folder, file) = name.rsplit_once('/')?;
                (file == "case.json" || is_bundle(file)).then_some(folder)
            })
            .collect();
        names
            .iter()
            .map(|name| (name.clone(), self.alias(name, &folders)))
            .collect()
    }

    fn orphan(&self, name: &str) -> Option<String> {
        name.starts_with(ORPHAN).then(|| {
            "it belongs to no case: neither its folder nor one above has a `case.json` or `*.fhir.json`"
                .to_owned()
        })
    }

    fn digest(&self, digest: &Digest) -> Digest {
        self.key.commitment(digest)
    }
}

/// What of a key and its settings can change what is made of a case.
#[must_use]
pub fn identity(key: &Key) -> Digest {
    Digest::of(&canonical_json(&(key.name(), spinemed_deidentify::RULES)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Key {
        let mut random = [byte; 32];
        random[3] = 99;
        Key::parse(&Key::file(random)).unwrap()
    }

    fn names(list: &[&str]) -> BTreeSet<String> {
        list.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn nothing_of_a_name_is_left_and_files_of_one_case_stay_together() {
        let key = key(1);
        let veil = CaseVeil::new(&key, "s");
        let told = veil.names(&names(&[
            "2024/Doe_Jane/case.json",
            "2024/Doe_Jane/MR 1/Doe.dcm",
            "2024/Roe_Max/export.FHIR.json",
            "2024/stray.dcm",
        ]));
        let all: Vec<&String> = told.values().collect();
        for name in &all {
            for part in [
                "doe", "jane", "roe", "max", "2024", "mr 1", "stray", "export",
            ] {
                assert!(!name.to_lowercase().contains(part), "{name}");
            }
        }
        let folder = |name: &str| told[name].split_once('/').map(|(f, _)| f.to_owned());
        assert_eq!(
            folder("2024/Doe_Jane/case.json"),
            folder("2024/Doe_Jane/MR 1/Doe.dcm")
        );
        assert_ne!(
            folder("2024/Doe_Jane/case.json"),
            folder("2024/Roe_Max/export.FHIR.json")
        );
        assert!(told["2024/Doe_Jane/case.json"].ends_with("/case.json"));
        assert!(veil.orphan(&told["2024/stray.dcm"]).is_some());
        assert!(veil.orphan(&told["2024/Doe_Jane/case.json"]).is_none());
    }

    #[test]
    fn other_keys_and_sources_give_other_names() {
        let (one, two) = (key(1), key(2));
        let a = CaseVeil::new(&one, "s").folder("x");
        assert_ne!(a, CaseVeil::new(&two, "s").folder("x"));
        assert_ne!(a, CaseVeil::new(&one, "t").folder("x"));
    }

    #[test]
    fn a_keys_name_is_no_path() {
        let home = |_: &str| Some("/home/u".to_owned());
        assert!(file("hospital-2026", &home).is_ok());
        for wrong in ["", "../x", "a/b", "a b", "ä"] {
            assert!(file(wrong, &home).is_err(), "{wrong}");
        }
        assert!(file("a", &|_| None).is_err());
    }
}
