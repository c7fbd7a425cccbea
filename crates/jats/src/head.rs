//! What an article says of itself: title, identifier, kind, language.

use roxmltree::Node;
use spinemed_core::vocabulary::Language;
use spinemed_markup::text;

use crate::inline;

/// The first child element of a name.
pub fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|n| n.tag_name().name() == name)
}

/// The title, with its subtitle after a colon.
pub fn title(meta: Node<'_, '_>) -> Option<String> {
    let group = child(meta, "title-group")?;
    let part = |name| {
        child(group, name)
            .map(inline::text)
            .filter(|text| !text.is_empty())
    };
    match (part("article-title")?, part("subtitle")) {
        (title, None) => Some(title),
        (title, Some(subtitle)) => Some(format!("{title}: {subtitle}")),
    }
}

/// The DOI, else the PubMed Central or PubMed number.
pub fn identifier(meta: Node<'_, '_>) -> Option<String> {
    let ids = || meta.children().filter(|n| n.has_tag_name("article-id"));
    let of = |kind: &str| {
        let id = ids()
            .find(|n| n.attribute("pub-id-type") == Some(kind))
            .map(inline::text);
        id.filter(|text| !text.is_empty())
    };
    let pmc = || of("pmc").or_else(|| of("pmcid"));
    of("doi")
        .or_else(|| pmc().map(|id| format!("PMC{}", id.trim_start_matches("PMC"))))
        .or_else(|| of("pmid").map(|id| format!("pmid:{id}")))
}

/// The article's type, as `article-type` spells it.
pub fn kind(article: Node<'_, '_>) -> Option<String> {
    let kind = article
        .attribute("article-type")
        .map(str::trim)
        .unwrap_or_default();
    (!kind.is_empty()).then(|| kind.to_owned())
}

/// The language that `xml:lang` states, else that of most letters, else the source's own.
pub fn language<'a>(
    article: Node<'_, '_>,
    texts: impl Iterator<Item = &'a str>,
    default: Language,
) -> Language {
    let stated = article.attribute(("http://www.w3.org/XML/1998/namespace", "lang"));
    text::language(stated, texts, default)
}
