//! HTML (WHATWG HTML Living Standard) and XHTML.

mod head;
mod parse;
mod role;
mod sink;

use spinemed_core::seam::{Ingest, Ingested, StepId, Tree as Files};
use spinemed_core::source::Manifest;

use crate::charset;
use crate::document::assemble;
use crate::part::{Dialect, Part};
use crate::reader::{Documents, File, Read, Refusal};
use crate::tree::Node;
use crate::walk::walk;

pub use head::head;
pub use parse::parse;
pub use role::{breaks_tables, is_block, role};

/// The reader of HTML. Every file ending in `.html`, `.htm` or `.xhtml` is one document;
/// pictures are looked for among the tree's other files.
#[derive(Debug, Clone, Copy, Default)]
pub struct HtmlReader;

const DOCUMENTS: Documents = Documents {
    endings: &[".html", ".htm", ".xhtml"],
    none: "no HTML file: expected `.html`, `.htm` or `.xhtml`",
    read,
};

impl Ingest for HtmlReader {
    fn step(&self) -> StepId {
        StepId {
            name: "html",
            version: 1,
        }
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Files) -> Ingested {
        DOCUMENTS.ingest(manifest, tree)
    }
}

fn read(file: &File<'_>) -> Result<Read, Refusal> {
    check(file.bytes)?;
    let decoded = charset::decode(file.bytes)?;
    let parsed = parse(&decoded.text)?;
    let mut part = Part::new(&parsed.tree, Dialect::Html);
    part.pages = pages(&part);
    let roots = parsed.tree.root().map(content).into_iter().collect();
    let walked = walk(std::slice::from_ref(&part), &[roots]);
    let head = parsed.tree.root().map(head).unwrap_or_default();
    let mut read = assemble(file, head, walked)?;
    let doubts = [decoded.doubt, parsed.doubt].into_iter().flatten();
    read.problems
        .extend(doubts.map(|doubt| ("file".to_owned(), doubt)));
    Ok(read)
}

/// Refuses what is no text before anything is decoded.
fn check(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::new("file", "the file is empty"));
    }
    let wide = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    if !wide && bytes.iter().take(PROBE).any(|&b| b == 0) {
        return Err(Refusal::new("file", "not HTML: the file is binary"));
    }
    Ok(())
}

/// Bytes in which text has no NUL.
const PROBE: usize = 1024;

/// The element that holds the page's own text: the only `main` there is, else the body.
#[must_use]
pub fn content(root: Node<'_>) -> Node<'_> {
    let main = |node: &Node<'_>| node.name() == "main" || node.attribute("role") == Some("main");
    let mut mains = root.descendants().filter(main);
    match (mains.next(), mains.next()) {
        (Some(only), None) => only,
        _ => root.child("body").unwrap_or(root),
    }
}

/// Printed page numbers where the markup has them (EPUB 3 `pagebreak`, DPUB-ARIA
/// `doc-pagebreak`).
#[must_use]
pub fn pages(part: &Part<'_>) -> Vec<(u32, String)> {
    let root = part.tree.root().into_iter();
    root.flat_map(Node::descendants)
        .filter(|node| role::is_page_break(*node))
        .filter_map(|node| {
            let stated = ["title", "aria-label"];
            let named = stated.iter().find_map(|name| node.attribute(name));
            let label = named.map_or_else(|| node.all_text(), str::to_owned);
            let label = crate::text::tidy(&label);
            (!label.is_empty()).then_some((node.id(), label))
        })
        .collect()
}
