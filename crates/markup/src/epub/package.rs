//! The package document (OPF 2.0.1 and EPUB 3.3, section 5): metadata, manifest, spine.

use std::collections::BTreeMap;

use crate::document::{Head, doi};
use crate::licence;
use crate::picture::{decoded, resolved};
use crate::reader::Refusal;
use crate::text::tidy;
use crate::tree::{Node, Tree};

/// Documents in reading order; more are no book.
const MAX_SPINE: usize = 5_000;

/// What a package says.
#[derive(Debug, Default)]
pub struct Package {
    /// Title, identifier, licence, language.
    pub head: Head,
    /// Names of content documents in reading order.
    pub spine: Vec<String>,
    /// The navigation document (EPUB 3).
    pub nav: Option<String>,
    /// The NCX (EPUB 2).
    pub ncx: Option<String>,
    /// Pages that only list contents.
    pub lists: Vec<String>,
}

/// An entry of the manifest.
struct Item<'t> {
    name: String,
    kind: &'t str,
    node: Node<'t>,
}

/// The name of the package document (OCF, `META-INF/container.xml`).
pub fn rootfile(container: &Tree) -> Result<String, Refusal> {
    const PLACE: &str = "META-INF/container.xml";
    let root = container.root().into_iter();
    let mut files = root
        .flat_map(Node::descendants)
        .filter(|n| n.name() == "rootfile");
    let path = files.find_map(|file| file.attribute("full-path"));
    let path = path.ok_or_else(|| Refusal::new(PLACE, "no `rootfile` is named"))?;
    resolved("", &decoded(path))
        .ok_or_else(|| Refusal::new(PLACE, "the `rootfile` lies outside the archive"))
}

/// Reads a package document of the given name.
pub fn read(tree: &Tree, name: &str) -> Result<Package, Refusal> {
    let root = tree.root().filter(|root| root.name() == "package");
    let root = root.ok_or_else(|| Refusal::new(name, "the root element is not `package`"))?;
    let folder = name.rfind('/').map_or("", |at| &name[..=at]);
    let items = items(root, folder);
    let spine = root
        .child("spine")
        .ok_or_else(|| Refusal::new(name, "there is no `spine`"))?;
    let listed: Vec<&Item<'_>> = spine
        .elements()
        .filter_map(|item| items.get(item.attribute("idref")?))
        .collect();
    if listed.len() > MAX_SPINE {
        let reason = format!(
            "{} documents, more than the limit of {MAX_SPINE}",
            listed.len()
        );
        return Err(Refusal::new(name, reason));
    }
    let readable = |item: &&&Item<'_>| {
        matches!(
            item.kind,
            "application/xhtml+xml" | "text/html" | "text/x-oeb1-document"
        )
    };
    let nav = items
        .values()
        .find(|item| item.node.tokens("properties").any(|p| p == "nav"));
    let ncx = spine.attribute("toc").and_then(|id| items.get(id));
    let ncx = ncx.or_else(|| {
        items
            .values()
            .find(|i| i.kind == "application/x-dtbncx+xml")
    });
    let guide = root.child("guide").into_iter().flat_map(Node::elements);
    let lists = guide
        .filter(|entry| entry.attribute("type") == Some("toc"))
        .filter_map(|entry| entry.attribute("href"))
        .filter_map(|href| resolved(folder, &decoded(href.split('#').next()?)));
    Ok(Package {
        head: head(root),
        spine: listed
            .iter()
            .filter(readable)
            .map(|item| item.name.clone())
            .collect(),
        nav: nav.map(|item| item.name.clone()),
        ncx: ncx.map(|item| item.name.clone()),
        lists: lists.collect(),
    })
}

fn items<'t>(root: Node<'t>, folder: &str) -> BTreeMap<&'t str, Item<'t>> {
    let manifest = root.child("manifest").into_iter().flat_map(Node::elements);
    manifest
        .filter_map(|node| {
            let name = resolved(folder, &decoded(node.attribute("href")?))?;
            let kind = node.attribute("media-type").unwrap_or_default();
            Some((node.attribute("id")?, Item { name, kind, node }))
        })
        .collect()
}

fn head(root: Node<'_>) -> Head {
    let metadata = || {
        root.child("metadata")
            .into_iter()
            .flat_map(Node::descendants)
    };
    let said = |name: &'static str| {
        let texts = metadata().filter(move |n| n.name() == name);
        texts
            .map(|n| tidy(&n.all_text()))
            .filter(|text| !text.is_empty())
    };
    let unique = root.attribute("unique-identifier");
    let named = metadata()
        .filter(|n| n.name() == "identifier" && n.attribute("id") == unique)
        .map(|n| tidy(&n.all_text()))
        .find(|text| !text.is_empty());
    let rights = metadata().filter_map(|n| {
        let property = n.attribute("property").or_else(|| n.attribute("rel"))?;
        let property = property.to_ascii_lowercase();
        let about = property.ends_with("rights") || property.ends_with("license");
        let text = n
            .attribute("href")
            .map_or_else(|| n.all_text(), str::to_owned);
        about.then(|| tidy(&text))
    });
    let rights: Vec<String> = said("rights").chain(rights).collect();
    Head {
        title: said("title").next(),
        identifier: said("identifier")
            .find_map(|text| doi(&text))
            .or(named)
            .or_else(|| said("identifier").next()),
        kind: said("type").next(),
        stated: licence::stated(rights.iter().map(String::as_str), &rights.join(" ")),
        language: said("language").next(),
    }
}
