//! The licence that an article states.

use roxmltree::Node;
use spinemed_markup::licence::{self, Stated};

use crate::inline;

/// Reads `permissions/license`: addresses in attributes and text first, then words.
pub fn stated(meta: Node<'_, '_>) -> Stated {
    let licences = || {
        let in_permissions =
            |n: &Node<'_, '_>| n.tag_name().name() == "permissions" && n.parent() == Some(meta);
        let permissions = meta.children().filter(in_permissions);
        permissions
            .flat_map(|p| p.descendants())
            .filter(|n| n.has_tag_name("license"))
    };
    let mut texts: Vec<&str> = Vec::new();
    for node in licences().flat_map(|licence| licence.descendants()) {
        let hrefs = node.attributes().filter(|a| a.name() == "href");
        texts.extend(hrefs.map(|a| a.value()));
        texts.extend(node.text().filter(|_| node.is_element()));
    }
    let words: Vec<String> = licences().map(inline::text).collect();
    licence::stated(texts.into_iter(), &words.join(" "))
}

#[cfg(test)]
mod tests {
    use spinemed_core::licence::Licence;

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
