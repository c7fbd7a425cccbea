//! What stands before a Markdown text: `key: value` between `---`, or TOML between `+++`.

use std::collections::BTreeMap;

use crate::document::{Head, doi};
use crate::html;
use crate::licence;
use crate::text::tidy;
use crate::tree::Node;

/// Keys in lower case, and their values as text.
#[derive(Debug, Default)]
pub struct Front {
    values: BTreeMap<String, String>,
    /// Why nothing was read.
    pub doubt: Option<String>,
}

/// Which of the two forms it is.
#[derive(Debug)]
pub enum Matter {
    /// Lines of `key: value`.
    Yaml(String),
    /// TOML.
    Toml(String),
}

/// Reads front matter. Of YAML only scalars at the top are read: what a document says of its
/// title and licence is never nested, and a whole YAML reader could expand without measure.
#[must_use]
pub fn read(matter: Option<&Matter>) -> Front {
    match matter {
        None => Front::default(),
        Some(Matter::Yaml(text)) => Front {
            values: text.lines().filter_map(scalar).collect(),
            doubt: None,
        },
        Some(Matter::Toml(text)) => match text.parse::<toml::Table>() {
            Ok(table) => Front {
                values: table.iter().filter_map(text_of).collect(),
                doubt: None,
            },
            Err(error) => {
                let cause = error.message();
                Front {
                    values: BTreeMap::new(),
                    doubt: Some(format!("the front matter is not TOML: {cause}")),
                }
            }
        },
    }
}

fn scalar(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(':')?;
    let named = key.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    if key.is_empty() || !named {
        return None;
    }
    let value = value.trim();
    let quoted = ['"', '\''].into_iter().find_map(|mark| {
        let inner = value.strip_prefix(mark)?;
        inner.split_once(mark).map(|(inner, _)| inner)
    });
    // A comment needs a space before it, so that addresses keep their fragments.
    let plain = || value.split(" #").next().unwrap_or_default().trim_end();
    let value = quoted.unwrap_or_else(plain);
    let block = matches!(value, "|" | ">" | "|-" | ">-");
    (!value.is_empty() && !block).then(|| (key.to_lowercase(), value.to_owned()))
}

fn text_of((key, value): (&String, &toml::Value)) -> Option<(String, String)> {
    value
        .as_str()
        .map(|text| (key.to_lowercase(), text.to_owned()))
}

impl Front {
    /// What the document says of itself; its only heading of the first rank, where it states
    /// no title.
    #[must_use]
    pub fn head(&self, root: Option<Node<'_>>) -> Head {
        let said = |keys: &[&str]| keys.iter().find_map(|key| self.values.get(*key)).cloned();
        let shown = root.map(html::head).unwrap_or_default();
        let rights = ["license", "licence", "rights", "copyright"];
        let rights: Vec<String> = rights
            .iter()
            .filter_map(|key| self.values.get(*key))
            .cloned()
            .collect();
        let stated = licence::stated(rights.iter().map(String::as_str), &rights.join(" "));
        Head {
            title: said(&["title"]).map(|title| tidy(&title)).or(shown.title),
            identifier: said(&["doi"]).and_then(|text| doi(&text)),
            kind: said(&["type", "kind"]),
            stated: if rights.is_empty() {
                shown.stated
            } else {
                stated
            },
            language: said(&["lang", "language"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(matter: Matter, expect: [Option<&str>; 4]) {
        let head = read(Some(&matter)).head(None);
        let licence = head.stated.licence.as_ref().map(|l| l.as_str().to_owned());
        let found = [head.title, head.identifier, licence, head.language];
        assert_eq!(found.each_ref().map(Option::as_deref), expect, "{matter:?}");
    }

    #[test]
    fn both_forms() {
        let yaml = "title: \"Spine: a note\" # x\nlicense: CC BY 4.0\ndoi: https://doi.org/10.1234/x#y\nlang: zh-Hans\ntags:\n  - a\n  title: inner";
        let expect = [
            Some("Spine: a note"),
            Some("10.1234/x#y"),
            Some("CC-BY-4.0"),
            Some("zh-Hans"),
        ];
        check(Matter::Yaml(yaml.to_owned()), expect);
        let toml = "title = 'T'\nlicense = 'All rights reserved'\n[x]\ntitle = 'U'";
        let expect = [Some("T"), None, Some("LicenseRef-stated-in-article"), None];
        check(Matter::Toml(toml.to_owned()), expect);
        let broken = read(Some(&Matter::Toml("= =".to_owned())));
        assert!(broken.doubt.is_some_and(|doubt| doubt.contains("TOML")));
    }
}
