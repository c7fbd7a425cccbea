//! What a page says of itself: title, identifier, licence, language.

use serde_json::Value;

use crate::document::{Head, doi};
use crate::licence;
use crate::text::tidy;
use crate::tree::Node;

/// Values of JSON-LD that are looked at.
const MAX_VALUES: usize = 10_000;

/// Reads a page's head: `meta` (Highwire, Dublin Core), `link`, JSON-LD (schema.org).
#[must_use]
pub fn head(root: Node<'_>) -> Head {
    let meta = |wanted: &[&str]| {
        wanted.iter().find_map(|name| {
            let content = metas(root)
                .find(|(key, _)| key == name)
                .map(|(_, content)| tidy(content))?;
            (!content.is_empty()).then_some(content)
        })
    };
    let said = linked_data(root);
    let identifiers = metas(root)
        .filter(|(key, _)| IDENTIFIERS.contains(&key.as_str()))
        .map(|(_, content)| content.to_owned())
        .chain(said.identifiers);
    Head {
        title: meta(&["citation_title", "dc.title", "dcterms.title"])
            .or_else(|| heading(root))
            .or_else(|| {
                let title = root.find("head").and_then(|head| head.child("title"));
                title.map(|title| tidy(&title.all_text()))
            })
            .filter(|title| !title.is_empty()),
        identifier: identifiers.filter_map(|text| doi(text.trim())).next(),
        kind: None,
        stated: stated(root, &said.licences),
        language: root
            .attribute("lang")
            .or_else(|| root.attribute("xml:lang"))
            .map(str::to_owned)
            .or_else(|| meta(&["citation_language", "dc.language", "dcterms.language"])),
    }
}

const IDENTIFIERS: [&str; 7] = [
    "citation_doi",
    "dc.identifier",
    "dc.identifier.doi",
    "dcterms.identifier",
    "prism.doi",
    "bepress_citation_doi",
    "doi",
];
const RIGHTS: [&str; 6] = [
    "dc.rights",
    "dcterms.rights",
    "dcterms.license",
    "dc.rights.license",
    "copyright",
    "license",
];

/// Names, in lower case, and contents.
fn metas(root: Node<'_>) -> impl Iterator<Item = (String, &str)> {
    let head = root.child("head").into_iter().flat_map(Node::elements);
    head.filter(|node| node.name() == "meta")
        .filter_map(|node| {
            let name = node
                .attribute("name")
                .or_else(|| node.attribute("property"))?;
            let name = name.trim().to_ascii_lowercase().replace(':', ".");
            Some((name, node.attribute("content")?))
        })
}

/// The only heading of the first rank.
fn heading(root: Node<'_>) -> Option<String> {
    let mut headings = root.descendants().filter(|node| node.name() == "h1");
    let only = headings.next().filter(|_| headings.next().is_none())?;
    let text = tidy(&only.all_text());
    (!text.is_empty()).then_some(text)
}

/// `rel=license` anywhere, licences in the head and in JSON-LD; where none of them is an
/// address or expression, the words that state rights.
fn stated(root: Node<'_>, linked: &[String]) -> licence::Stated {
    let by_link: Vec<&str> = root
        .descendants()
        .filter(|node| matches!(node.name(), "a" | "link"))
        .filter(|node| {
            node.tokens("rel")
                .any(|rel| rel.eq_ignore_ascii_case("license"))
        })
        .filter_map(|node| node.attribute("href"))
        .collect();
    let rights: Vec<&str> = metas(root)
        .filter(|(key, _)| RIGHTS.contains(&key.as_str()))
        .map(|(_, content)| content)
        .collect();
    let words: Vec<&str> = rights
        .iter()
        .chain(&by_link)
        .copied()
        .chain(linked.iter().map(String::as_str))
        .collect();
    licence::stated(words.iter().copied(), &words.join(" "))
}

/// What JSON-LD says.
#[derive(Default)]
struct LinkedData {
    licences: Vec<String>,
    identifiers: Vec<String>,
}

fn linked_data(root: Node<'_>) -> LinkedData {
    let mut out = LinkedData::default();
    let scripts = root.descendants().filter(|node| {
        node.name() == "script" && node.attribute("type") == Some("application/ld+json")
    });
    let mut left = MAX_VALUES;
    for script in scripts {
        if let Ok(value) = serde_json::from_str::<Value>(&script.all_text()) {
            gather(&value, &mut out, &mut left);
        }
    }
    out
}

/// Looks through objects that describe the page: those at the top and in `@graph`.
fn gather(value: &Value, out: &mut LinkedData, left: &mut usize) {
    *left = left.saturating_sub(1);
    if *left == 0 {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|v| gather(v, out, left)),
        Value::Object(object) => {
            if let Some(graph) = object.get("@graph") {
                gather(graph, out, left);
            }
            let text = |key: &str| {
                let value = object.get(key)?;
                let inner = value.get("url").or_else(|| value.get("@id"));
                let inner = inner.or_else(|| value.get("value")).unwrap_or(value);
                inner.as_str().map(str::to_owned)
            };
            out.licences.extend(text("license"));
            let identifiers = ["identifier", "sameAs", "@id"];
            out.identifiers
                .extend(identifiers.into_iter().filter_map(text));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expect: [Option<&str>; 4]) {
        let parsed = super::super::parse(html).expect("HTML");
        let head = head(parsed.tree.root().expect("a root"));
        let licence = head.stated.licence.as_ref().map(|l| l.as_str().to_owned());
        let found = [head.title, head.identifier, licence, head.language];
        assert_eq!(found.each_ref().map(Option::as_deref), expect, "{html}");
    }

    #[test]
    fn heads_are_read() {
        check(
            "<html lang=en><title>Site | Page</title><meta name=citation_title content='A  page'>\
             <meta name='DC.Identifier' content='doi:10.1234/x'>\
             <link rel=license href='https://creativecommons.org/licenses/by/4.0/'>",
            [
                Some("A page"),
                Some("10.1234/x"),
                Some("CC-BY-4.0"),
                Some("en"),
            ],
        );
        check(
            "<title>T</title><script type='application/ld+json'>{\"@graph\":[{\"license\":\
             \"https://creativecommons.org/licenses/by-nc/4.0/\",\"identifier\":\
             {\"value\":\"https://doi.org/10.1234/y\"}}]}</script>",
            [Some("T"), Some("10.1234/y"), Some("CC-BY-NC-4.0"), None],
        );
        check(
            "<title>T</title><meta property='dc:rights' content='All rights reserved'><h1>H</h1>",
            [Some("H"), None, Some("LicenseRef-stated-in-article"), None],
        );
        check(
            "<p>x<script type='application/ld+json'>{</script>",
            [None; 4],
        );
    }
}
