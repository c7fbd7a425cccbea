//! Finds the article in an XML file, or says why there is none.

use roxmltree::{Document, Node};
use spinemed_markup::reader::Refusal;
use spinemed_markup::xml::place;

/// The article's element: the root, or the only one of a PubMed Central answer.
pub fn article<'a, 'i>(xml: &'a Document<'i>) -> Result<Node<'a, 'i>, Refusal> {
    let root = xml.root_element();
    let at = |node: Node<'_, '_>| place(xml, node.range().start);
    match root.tag_name().name() {
        "article" => Ok(root),
        "pmc-articleset" => {
            let mut articles = root.children().filter(|n| n.has_tag_name("article"));
            match (articles.next(), articles.next()) {
                (Some(article), None) => Ok(article),
                (None, _) => Err(Refusal::new(at(root), "the article set holds no article")),
                (Some(_), Some(second)) => {
                    let reason = "the set holds several articles; give each a file of its own";
                    Err(Refusal::new(at(second), reason))
                }
            }
        }
        other => {
            let other: String = other.chars().take(40).collect();
            let reason = format!("the root element is `{other}`, not `article`: not JATS");
            Err(Refusal::new(at(root), reason))
        }
    }
}

#[cfg(test)]
mod tests {
    use spinemed_markup::xml::parse;

    use super::*;

    fn check(text: &str, place: &str, reason: &str) {
        let refusal = parse(text)
            .map(|xml| article(&xml).map(|_| ()))
            .and_then(|r| r);
        let refusal = refusal.expect_err("refused");
        assert_eq!(refusal.place, place, "{refusal:?}");
        assert!(refusal.reason.contains(reason), "{refusal:?}");
    }

    #[test]
    fn bombs_are_refused() {
        let laughs =
            "<!DOCTYPE a [\n<!ENTITY x \"ha\">\n<!ENTITY y \"&x;&x;\">]><article>&y;</article>";
        check(laughs, "line 3", "refers to other entities");
        let long = "z".repeat(50_000);
        let many = "&x;".repeat(100);
        let quadratic = format!("<!DOCTYPE a [<!ENTITY x '{long}'>]>\n<article>{many}</article>");
        check(&quadratic, "line 2", "expand to more than");
        let deep = format!("<article>{}", "<p>".repeat(300));
        check(
            &format!("{deep}{}</article>", "</p>".repeat(300)),
            "line 1, column 775",
            "deeper",
        );
        let wide: String = (0..10_001).map(|i| format!(" a{i}=\"\"")).collect();
        check(&format!("<article{wide}/>"), "line 1", "attributes");
    }

    #[test]
    fn external_entities_are_never_fetched() {
        let text =
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<article>&x;</article>";
        check(text, "line 2, column 10", "never fetched");
    }

    #[test]
    fn what_is_no_article_is_refused_with_its_place() {
        check("<html/>", "line 1, column 1", "not JATS");
        check(
            "<article><body>\n<p>x</article>",
            "line 2, column 5",
            "well-formed",
        );
        check("<article>\n<body>", "line 2, end of file", "truncated");
        check("plain words", "line 1, column 1", "XML");
        check("<pmc-articleset/>", "line 1, column 1", "no article");
    }
}
