//! CNXML 0.7 and 0.8, the markup of OpenStax textbooks: one module per file.

use roxmltree::Document as Xml;
use spinemed_core::seam::{Ingest, Ingested, StepId, Tree as Files};
use spinemed_core::source::Manifest;

use crate::document::{Head, assemble};
use crate::licence;
use crate::part::{Dialect, Part, Role};
use crate::reader::{Documents, File, Read, Refusal};
use crate::text::{shortened, tidy};
use crate::tree::Node;
use crate::walk::walk;
use crate::xml;

/// The namespace of CNXML's elements.
pub const NAMESPACE: &str = "http://cnx.rice.edu/cnxml";

/// The reader of CNXML. Every file ending in `.cnxml` or `.xml` is one document; pictures are
/// looked for among the tree's other files.
#[derive(Debug, Clone, Copy, Default)]
pub struct CnxmlReader;

const DOCUMENTS: Documents = Documents {
    endings: &[".cnxml", ".xml"],
    none: "no CNXML file: expected `.cnxml` or `.xml`",
    read,
};

impl Ingest for CnxmlReader {
    fn step(&self) -> StepId {
        StepId {
            name: "cnxml",
            version: 1,
        }
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Files) -> Ingested {
        DOCUMENTS.ingest(manifest, tree)
    }
}

fn read(file: &File<'_>) -> Result<Read, Refusal> {
    let text = xml::text(file.bytes)?;
    let parsed = xml::parse(text)?;
    check_root(&parsed)?;
    let tree = xml::tree(parsed.root_element());
    let root = tree.root().expect("a parsed document has a root");
    let part = Part::new(&tree, Dialect::Cnxml);
    let metadata = root.child("metadata");
    let abstracts = metadata.and_then(|m| m.child("abstract"));
    let body = root
        .elements()
        .filter(|n| matches!(n.name(), "content" | "glossary" | "file"));
    let roots: Vec<Node<'_>> = abstracts.into_iter().chain(body).collect();
    let walked = walk(std::slice::from_ref(&part), &[roots]);
    assemble(file, head(root, metadata), walked)
}

fn check_root(xml: &Xml<'_>) -> Result<(), Refusal> {
    let root = xml.root_element();
    let place = || xml::place(xml, root.range().start);
    if root.tag_name().name() != "document" {
        let name = shortened(root.tag_name().name());
        let reason = format!("the root element is `{name}`, not `document`: not CNXML");
        return Err(Refusal::new(place(), reason));
    }
    match root.tag_name().namespace() {
        Some(NAMESPACE) => Ok(()),
        other => {
            let other = shortened(other.unwrap_or("none"));
            let reason = format!("the root's namespace is `{other}`, not `{NAMESPACE}`");
            Err(Refusal::new(place(), reason))
        }
    }
}

fn head(root: Node<'_>, metadata: Option<Node<'_>>) -> Head {
    let said = |name: &str| {
        let text = tidy(&metadata?.child(name)?.all_text());
        (!text.is_empty()).then_some(text)
    };
    let title = root.child("title").map(|title| tidy(&title.all_text()));
    let licences: Vec<Node<'_>> = metadata
        .into_iter()
        .flat_map(Node::elements)
        .filter(|n| matches!(n.name(), "license" | "licence"))
        .collect();
    let addresses = licences
        .iter()
        .flat_map(|n| [n.attribute("url"), n.attribute("href")])
        .flatten();
    let words: Vec<String> = licences.iter().map(|n| n.all_text()).collect();
    let texts = addresses.chain(words.iter().map(String::as_str));
    Head {
        title: title
            .filter(|title| !title.is_empty())
            .or_else(|| said("title")),
        identifier: said("content-id").or_else(|| said("uuid").map(|id| format!("urn:uuid:{id}"))),
        kind: root
            .attribute("class")
            .map(tidy)
            .filter(|kind| !kind.is_empty()),
        stated: licence::stated(texts, &words.join(" ")),
        language: root
            .attribute("xml:lang")
            .map(str::to_owned)
            .or_else(|| said("language")),
    }
}

/// What CNXML's elements mean (CNXML 0.8 schema).
#[must_use]
pub fn role(node: Node<'_>) -> Role {
    let inline = node.attribute("display") == Some("inline");
    match node.name() {
        "metadata" | "audio" | "flash" | "video" | "iframe" | "download" | "label" | "colspec"
        | "featured-links" | "link-group" | "param" | "annotation" | "annotation-xml" => {
            Role::Silent
        }
        "document" | "content" | "media" | "subfigure-group" => Role::Group,
        "section" | "note" | "example" | "exercise" | "problem" | "solution" | "commentary"
        | "rule" | "proof" | "statement" | "injected-exercise" | "exercise-question"
        | "glossary" | "abstract" | "file" => Role::Section,
        "title" => Role::Title,
        "para" | "preformat" => Role::Paragraph,
        "quote" | "code" if node.attribute("display") == Some("block") => Role::Paragraph,
        "list" if !inline => Role::List,
        "item"
            if node
                .parent()
                .is_some_and(|list| list.attribute("display") == Some("inline")) =>
        {
            Role::Spaced
        }
        "item" => Role::Item,
        "definition" => Role::Definition,
        "meaning" => Role::Paragraph,
        "footnote" => Role::Footnote,
        "entry" if node.parent().is_some_and(|file| file.name() == "file") => Role::Reference,
        "equation" => Role::Equation,
        "math" => Role::Formula,
        "table" => Role::Table,
        "figure" | "subfigure" => Role::Figure,
        "image" if is_for_print(node) => Role::Silent,
        "image" => Role::Picture,
        "caption" => Role::Caption,
        "link" | "cite" => Role::Link,
        "sup" => Role::Superscript,
        "newline" | "space" => Role::Spaced,
        _ => Role::Words,
    }
}

/// Of a picture in several formats the one for the screen is taken.
fn is_for_print(image: Node<'_>) -> bool {
    let own = image.attribute("for").unwrap_or_default();
    let others = image.parent().into_iter().flat_map(Node::elements);
    matches!(own, "pdf" | "print")
        && others
            .filter(|n| n.name() == "image")
            .any(|n| !matches!(n.attribute("for").unwrap_or_default(), "pdf" | "print"))
}
