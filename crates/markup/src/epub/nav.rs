//! A book's table of contents and page list: the navigation document of EPUB 3 and the NCX
//! of EPUB 2.

use crate::picture::{decoded, resolved};
use crate::text::tidy;
use crate::tree::{Node, Tree};

/// An entry of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its title.
    pub title: String,
    /// The file it leads to.
    pub file: String,
    /// Titles of the entries around it, outermost first.
    pub around: Vec<String>,
}

/// What a book says of its order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// In order.
    pub entries: Vec<Entry>,
    /// Files, ids within them and printed page numbers.
    pub pages: Vec<(String, String, String)>,
}

/// Reads a navigation document or an NCX of the given name.
#[must_use]
pub fn read(tree: &Tree, name: &str) -> Contents {
    let folder = name.rfind('/').map_or("", |at| &name[..=at]);
    let mut out = Contents::default();
    let Some(root) = tree.root() else { return out };
    for node in root.descendants() {
        let kind = |wanted: &str| node.tokens("epub:type").any(|kind| kind == wanted);
        match node.name() {
            "navMap" => points(node, folder, &mut Vec::new(), &mut out),
            "pageTarget" => out.pages.extend(page(node, folder)),
            "nav" if kind("toc") => {
                let list = node.child("ol");
                list.into_iter()
                    .for_each(|list| items(list, folder, &mut Vec::new(), &mut out));
            }
            "nav" if kind("page-list") => {
                for link in node.descendants().filter(|n| n.name() == "a") {
                    let target = link.attribute("href").and_then(|href| goal(href, folder));
                    let label = tidy(&link.all_text());
                    out.pages.extend(target.map(|(file, id)| (file, id, label)));
                }
            }
            _ => {}
        }
    }
    out
}

/// NCX: points within points. Recurses once per level of the tree.
fn points(node: Node<'_>, folder: &str, around: &mut Vec<String>, out: &mut Contents) {
    for point in node.elements().filter(|n| n.name() == "navPoint") {
        let title = point.child("navLabel").map(|label| tidy(&label.all_text()));
        let title = title.unwrap_or_default();
        let src = point
            .child("content")
            .and_then(|content| content.attribute("src"));
        enter(&title, src, folder, around, out);
        around.push(title);
        points(point, folder, around, out);
        around.pop();
    }
}

/// EPUB 3: lists within lists. Recurses once per two levels of the tree.
fn items(list: Node<'_>, folder: &str, around: &mut Vec<String>, out: &mut Contents) {
    for item in list.elements().filter(|n| n.name() == "li") {
        let name = item.elements().find(|n| matches!(n.name(), "a" | "span"));
        let title = name.map(|name| tidy(&name.all_text())).unwrap_or_default();
        enter(
            &title,
            name.and_then(|n| n.attribute("href")),
            folder,
            around,
            out,
        );
        around.push(title);
        for inner in item.elements().filter(|n| n.name() == "ol") {
            items(inner, folder, around, out);
        }
        around.pop();
    }
}

fn enter(title: &str, href: Option<&str>, folder: &str, around: &[String], out: &mut Contents) {
    if let Some((file, _)) = href.and_then(|href| goal(href, folder)) {
        out.entries.push(Entry {
            title: title.to_owned(),
            file,
            around: around.iter().filter(|t| !t.is_empty()).cloned().collect(),
        });
    }
}

fn page(target: Node<'_>, folder: &str) -> Option<(String, String, String)> {
    let label = target
        .child("navLabel")
        .map(|label| tidy(&label.all_text()));
    let label = label.or_else(|| target.attribute("value").map(tidy))?;
    let (file, id) = goal(target.child("content")?.attribute("src")?, folder)?;
    Some((file, id, label))
}

/// File and id of a reference.
fn goal(href: &str, folder: &str) -> Option<(String, String)> {
    let (file, id) = href.split_once('#').unwrap_or((href, ""));
    Some((resolved(folder, &decoded(file))?, decoded(id)))
}
