//! The licence that an article states, as an SPDX expression.

use std::collections::BTreeSet;

use roxmltree::Node;
use spinemed_core::licence::Licence;

use crate::inline;

/// A licence and what is doubtful about it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// The licence; none where the article states none.
    pub licence: Option<Licence>,
    /// Why it was read more strictly than its authors may have meant.
    pub doubt: Option<String>,
}

/// Reads `permissions/license`. Addresses at creativecommons.org are believed first; then
/// words. A Creative Commons licence without a version, and any other licence, becomes a
/// `LicenseRef-`, which no rule takes for an open one; where derivatives are forbidden the
/// version is taken to be 4.0, so that the prohibition is seen.
pub fn stated(meta: Node<'_, '_>) -> Stated {
    let licences = || {
        let in_permissions =
            |n: &Node<'_, '_>| n.tag_name().name() == "permissions" && n.parent() == Some(meta);
        let permissions = meta.children().filter(in_permissions);
        permissions
            .flat_map(|p| p.descendants())
            .filter(|n| n.has_tag_name("license"))
    };
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for node in licences().flat_map(|licence| licence.descendants()) {
        let own_text = node
            .text()
            .filter(|_| node.is_element())
            .unwrap_or_default();
        let hrefs = node
            .attributes()
            .filter(|a| a.name() == "href")
            .map(|a| a.value());
        ids.extend(hrefs.chain([own_text]).flat_map(addresses));
    }
    // A waiver for the article's data stands beside the licence of its words.
    if ids.len() > 1 {
        ids.remove("CC0-1.0");
    }
    if !ids.is_empty() {
        let expression = ids
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" AND ");
        let doubt = expression
            .contains("LicenseRef-")
            .then(|| unsure(&expression));
        return Stated {
            licence: Licence::new(&expression).ok(),
            doubt,
        };
    }
    let words: Vec<String> = licences().map(inline::text).collect();
    if words.is_empty() {
        Stated::default()
    } else {
        from_words(&words.join(" "))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(licence: &str, expect: Option<&str>, doubtful: bool) {
        let xml = format!(
            "<m xmlns:xlink='http://www.w3.org/1999/xlink'><permissions>{licence}</permissions></m>"
        );
        let xml = roxmltree::Document::parse(&xml).expect("XML");
        let stated = stated(xml.root_element());
        assert_eq!(
            stated.licence.as_ref().map(Licence::as_str),
            expect,
            "{licence}"
        );
        assert_eq!(stated.doubt.is_some(), doubtful, "{licence}");
    }

    #[test]
    fn addresses_give_spdx_ids() {
        let href = |tail: &str| {
            format!(
                "<license xlink:href='https://creativecommons.org/{tail}'><license-p/></license>"
            )
        };
        check(&href("licenses/by/4.0/"), Some("CC-BY-4.0"), false);
        check(&href("licenses/by-nc/4.0"), Some("CC-BY-NC-4.0"), false);
        check(
            &href("licenses/by-nc-nd/3.0/legalcode"),
            Some("CC-BY-NC-ND-3.0"),
            false,
        );
        check(&href("licenses/by/3.0/de/"), Some("CC-BY-3.0-DE"), false);
        check(&href("licenses/by/3.0/xx/"), Some("LicenseRef-CC-BY"), true);
        check(&href("licenses/by/"), Some("LicenseRef-CC-BY"), true);
        check(&href("licenses/by-nd/"), Some("CC-BY-ND-4.0"), false);
        check(&href("publicdomain/zero/1.0/"), Some("CC0-1.0"), false);
    }

    #[test]
    fn addresses_in_the_text_count_and_waivers_for_data_do_not() {
        let text = "<license><license-p>Under <ext-link \
                    xlink:href='http://creativecommons.org/licenses/by/4.0/'>this</ext-link>; data \
                    under http://creativecommons.org/publicdomain/zero/1.0/.</license-p></license>";
        check(text, Some("CC-BY-4.0"), false);
        let two = "<license xlink:href='http://creativecommons.org/licenses/by/4.0/'><license-p>\
                   http://creativecommons.org/licenses/by-nc/4.0/</license-p></license>";
        check(two, Some("CC-BY-4.0 AND CC-BY-NC-4.0"), false);
    }

    #[test]
    fn words_are_read_strictly() {
        let p = |words: &str| format!("<license><license-p>{words}</license-p></license>");
        check(
            &p("Creative Commons Attribution Non-Commercial License"),
            Some("LicenseRef-CC-BY-NC"),
            true,
        );
        check(
            &p("Creative Commons Attribution-NoDerivatives"),
            Some("CC-BY-ND-4.0"),
            true,
        );
        check(
            &p("All rights reserved"),
            Some("LicenseRef-stated-in-article"),
            true,
        );
        check("<copyright-year>2019</copyright-year>", None, false);
    }
}
