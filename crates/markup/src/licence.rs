//! The licence that a document states, as an SPDX expression.

use std::collections::BTreeSet;

use spinemed_core::licence::Licence;

/// A licence and what is doubtful about it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// The licence; none where the document states none.
    pub licence: Option<Licence>,
    /// Why it was read more strictly than its authors may have meant.
    pub doubt: Option<String>,
}

/// Reads what a document says of its licence: texts that may hold addresses, and, where
/// none does, its words. Addresses at creativecommons.org are believed first; then an SPDX
/// expression that stands alone; then words. A Creative Commons licence without a version,
/// and any other licence, becomes a `LicenseRef-`, which no rule takes for an open one;
/// where derivatives are forbidden the version is taken to be 4.0, so that the prohibition
/// is seen.
pub fn stated<'a>(texts: impl Iterator<Item = &'a str>, words: &str) -> Stated {
    let mut ids: BTreeSet<String> = texts.flat_map(addresses).collect();
    // A waiver for the document's data stands beside the licence of its words.
    if ids.len() > 1 {
        ids.remove("CC0-1.0");
    }
    if ids.is_empty() {
        return from_words(words.trim());
    }
    let expression = ids
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" AND ");
    let doubt = expression
        .contains("LicenseRef-")
        .then(|| unsure(&expression));
    Stated {
        licence: Licence::new(&expression).ok(),
        doubt,
    }
}

fn unsure(expression: &str) -> String {
    format!("the stated licence is not exactly known; it is taken as `{expression}`")
}

/// SPDX ids of the Creative Commons addresses in a text.
fn addresses(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    lower
        .split("creativecommons.org/")
        .skip(1)
        .filter_map(address)
        .collect()
}

/// The SPDX id of what follows `creativecommons.org/`.
fn address(rest: &str) -> Option<String> {
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "/-.".contains(c)));
    let mut parts = rest[..end.unwrap_or(rest.len())].split('/');
    let (kind, name) = (parts.next()?, parts.next()?);
    let version = parts.next().unwrap_or_default().trim_end_matches('.');
    let region = parts.next().unwrap_or_default();
    let region = if matches!(region, "legalcode" | "deed.en" | "deed" | "igo") {
        ""
    } else {
        region
    };
    if kind == "publicdomain" {
        return Some(
            if name == "zero" {
                "CC0-1.0"
            } else {
                "LicenseRef-public-domain"
            }
            .to_owned(),
        );
    }
    let known = matches!(
        name,
        "by" | "by-sa" | "by-nd" | "by-nc" | "by-nc-sa" | "by-nc-nd"
    );
    if kind != "licenses" || !known {
        return None;
    }
    let name = name.to_ascii_uppercase();
    let region = region
        .get(..2)
        .filter(|_| region.len() == 2)
        .unwrap_or_default();
    let exact = match region {
        "" => format!("CC-{name}-{version}"),
        region => format!("CC-{name}-{version}-{}", region.to_ascii_uppercase()),
    };
    Some(if Licence::new(&exact).is_ok() {
        exact
    } else {
        unversioned(&name)
    })
}

/// A Creative Commons licence whose version is not known.
fn unversioned(name: &str) -> String {
    if name.contains("ND") {
        format!("CC-{name}-4.0")
    } else {
        format!("LicenseRef-CC-{name}")
    }
}

fn from_words(words: &str) -> Stated {
    if words.is_empty() {
        return Stated::default();
    }
    if let Some(licence) = expression(words) {
        return Stated {
            licence: Some(licence),
            doubt: None,
        };
    }
    let lower = words.to_ascii_lowercase().replace('‐', "-");
    let says = |any: &[&str]| any.iter().any(|word| lower.contains(word));
    let id = if says(&["creative commons", "cc by", "cc-by", "ccby"]) {
        let mut name = "BY".to_owned();
        if says(&["noncommercial", "non-commercial", "non commercial", "by-nc"]) {
            name.push_str("-NC");
        }
        if says(&["noderiv", "no deriv", "no-deriv", "-nd"]) {
            name.push_str("-ND");
        } else if says(&["sharealike", "share alike", "share-alike", "-sa"]) {
            name.push_str("-SA");
        }
        unversioned(&name)
    } else {
        "LicenseRef-stated-in-article".to_owned()
    };
    Stated {
        licence: Licence::new(&id).ok(),
        doubt: Some(unsure(&id)),
    }
}

/// Words that are an SPDX expression of known Creative Commons licences: `CC-BY-4.0`, or
/// `CC BY 4.0` as people write it.
fn expression(words: &str) -> Option<Licence> {
    let upper = words.to_ascii_uppercase();
    let joined = upper.split_whitespace().collect::<Vec<_>>().join("-");
    let known = joined.starts_with("CC-BY-") || joined == "CC0-1.0";
    known.then(|| Licence::new(&joined).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &str, expect: Option<&str>, doubtful: bool) {
        let stated = stated([words].into_iter(), words);
        let licence = stated.licence.as_ref().map(Licence::as_str);
        assert_eq!(
            (licence, stated.doubt.is_some()),
            (expect, doubtful),
            "{words}"
        );
    }

    #[test]
    fn addresses_expressions_and_words() {
        check("", None, false);
        check(
            "see https://creativecommons.org/licenses/by-sa/4.0/",
            Some("CC-BY-SA-4.0"),
            false,
        );
        check("CC BY-NC-SA 4.0", Some("CC-BY-NC-SA-4.0"), false);
        check("cc-by-4.0", Some("CC-BY-4.0"), false);
        check("CC BY-NC", Some("LicenseRef-CC-BY-NC"), true);
        check(
            "© 2020 A. Press. All rights reserved.",
            Some("LicenseRef-stated-in-article"),
            true,
        );
    }
}
