//! The licence of the whole: nothing is promised that one of its parts forbids.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use spinemed_core::vocabulary::Redistribution;

use crate::manifest::Manifest;

/// The conjunction of SPDX expressions (SPDX 2.3, annex D.4), each once, in order.
pub(crate) fn conjunction<'a>(licences: impl IntoIterator<Item = &'a str>) -> String {
    let distinct: BTreeSet<&str> = licences.into_iter().collect();
    match distinct.len() {
        0 => "NONE".to_owned(),
        1 => distinct.into_iter().collect(),
        _ => {
            let parts: Vec<String> = distinct
                .into_iter()
                .map(|one| {
                    if one.contains(' ') {
                        format!("({one})")
                    } else {
                        one.to_owned()
                    }
                })
                .collect();
            parts.join(" AND ")
        }
    }
}

/// The identifier by which dataset cards name a licence, where it is on the list that the
/// hub's card validation knows; anything else is `other` with a name and a link.
pub(crate) fn hub_identifier(licence: &str) -> Option<String> {
    const KNOWN: [&str; 29] = [
        "apache-2.0",
        "bsd-2-clause",
        "bsd-3-clause",
        "cc0-1.0",
        "cc-by-2.0",
        "cc-by-2.5",
        "cc-by-3.0",
        "cc-by-4.0",
        "cc-by-sa-3.0",
        "cc-by-sa-4.0",
        "cc-by-nc-2.0",
        "cc-by-nc-3.0",
        "cc-by-nc-4.0",
        "cc-by-nc-nd-3.0",
        "cc-by-nc-nd-4.0",
        "cc-by-nc-sa-2.0",
        "cc-by-nc-sa-3.0",
        "cc-by-nc-sa-4.0",
        "cc-by-nd-4.0",
        "cdla-permissive-1.0",
        "cdla-permissive-2.0",
        "cdla-sharing-1.0",
        "etalab-2.0",
        "gfdl",
        "mit",
        "odbl",
        "odc-by",
        "pddl",
        "unlicense",
    ];
    let lower = licence.to_ascii_lowercase();
    let hub = match lower.as_str() {
        "odbl-1.0" => "odbl",
        "odc-by-1.0" => "odc-by",
        "pddl-1.0" => "pddl",
        "gfdl-1.3-only" | "gfdl-1.3-or-later" => "gfdl",
        other => other,
    };
    KNOWN.contains(&hub).then(|| hub.to_owned())
}

/// The text of `LICENSE`: the conjunction, then each source's own terms.
pub(crate) fn text(manifest: &Manifest) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} {}\n", manifest.name, manifest.version);
    let _ = writeln!(out, "SPDX-License-Identifier: {}\n", manifest.licence);
    out.push_str(
        "Each instance is under the licence in its column `licence`. The expression above joins\n\
         them all; whoever takes a part of this release may keep to that part's licences alone.\n\
         The texts of SPDX licences are at https://spdx.org/licenses/.\n",
    );
    if manifest.licence.contains("-SA-") {
        out.push_str(
            "\nInstances under a share-alike licence (`-SA`) stand here beside the others as a\n\
             collection: whoever adapts them shares the result under the same licence.\n",
        );
    }
    if manifest.licence.contains("-NC-") {
        out.push_str(
            "\nInstances under a non-commercial licence (`-NC`) may not be used for commercial ends.\n",
        );
    }
    for source in &manifest.sources {
        let count = manifest.counts.by_source.get(&source.id);
        let _ = writeln!(out, "\n{}: {}", source.id, source.title);
        let _ = writeln!(out, "  licence: {}", source.licence);
        let stricter: Vec<&str> = count
            .into_iter()
            .flat_map(|count| &count.licences)
            .map(String::as_str)
            .filter(|licence| *licence != source.licence.as_str())
            .collect();
        if !stricter.is_empty() {
            let _ = writeln!(out, "  single documents: {}", stricter.join(", "));
        }
        let _ = writeln!(out, "  redistribution: {}", meaning(source.redistribution));
        let _ = writeln!(out, "  cite: {}", source.citation);
        if let Some(doi) = &source.doi {
            let _ = writeln!(out, "  doi: {doi}");
        }
        if let Some(homepage) = &source.homepage {
            let _ = writeln!(out, "  obtained from: {homepage}");
        }
    }
    out
}

fn meaning(redistribution: Redistribution) -> &'static str {
    match redistribution {
        Redistribution::Full => "full",
        Redistribution::DerivedOnly => {
            "derived-only: no pictures here; column `pictures` says where to obtain them"
        }
        Redistribution::None => "none: nothing of it is here",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(licences: &[&str], expect: &str, hub: Option<&str>) {
        let all = conjunction(licences.iter().copied());
        assert_eq!(all, expect);
        assert_eq!(hub_identifier(&all).as_deref(), hub);
    }

    #[test]
    fn one_licence_is_itself_and_several_are_joined() {
        check(&["CC-BY-4.0", "CC-BY-4.0"], "CC-BY-4.0", Some("cc-by-4.0"));
        check(&["MIT", "CC-BY-4.0"], "CC-BY-4.0 AND MIT", None);
        check(
            &["MIT OR Apache-2.0", "CC0-1.0"],
            "CC0-1.0 AND (MIT OR Apache-2.0)",
            None,
        );
        check(&["LicenseRef-hospital"], "LicenseRef-hospital", None);
        check(&["ODbL-1.0"], "ODbL-1.0", Some("odbl"));
        check(&[], "NONE", None);
    }

    #[test]
    fn the_conjunction_is_an_spdx_expression() {
        let all = conjunction(["MIT OR Apache-2.0", "CC-BY-NC-4.0", "LicenseRef-x"]);
        assert!(spinemed_core::licence::Licence::new(&all).is_ok(), "{all}");
    }
}
