//! Markdown (CommonMark 0.31 with tables, footnotes, definitions and mathematics of common
//! extensions).
//!
//! The text is turned into HTML, whose reader then finds its parts; so HTML inside Markdown
//! means what it means to browsers. Blocks are placed by lines of the Markdown.

mod front;
mod render;

use spinemed_core::seam::{Ingest, Ingested, StepId, Tree as Files};
use spinemed_core::source::Manifest;

use crate::charset;
use crate::document::assemble;
use crate::html;
use crate::part::{Dialect, Part};
use crate::reader::{Documents, File, Read, Refusal};
use crate::walk::walk;

/// Bytes of a file.
const MAX_BYTES: usize = 16 << 20;

/// The reader of Markdown. Every file ending in `.md` or `.markdown` is one document;
/// pictures are looked for among the tree's other files.
#[derive(Debug, Clone, Copy, Default)]
pub struct MarkdownReader;

const DOCUMENTS: Documents = Documents {
    endings: &[".md", ".markdown"],
    none: "no Markdown file: expected `.md` or `.markdown`",
    read,
};

impl Ingest for MarkdownReader {
    fn step(&self) -> StepId {
        StepId {
            name: "markdown",
            version: 1,
        }
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Files) -> Ingested {
        DOCUMENTS.ingest(manifest, tree)
    }
}

fn read(file: &File<'_>) -> Result<Read, Refusal> {
    if file.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::new("file", "the file is empty"));
    }
    if file.bytes.len() > MAX_BYTES {
        let reason = format!(
            "{} bytes, more than the limit of {MAX_BYTES}",
            file.bytes.len()
        );
        return Err(Refusal::new("file", reason));
    }
    let decoded = charset::decode(file.bytes)?;
    if decoded.text.contains('\0') {
        return Err(Refusal::new("file", "not Markdown: the file is binary"));
    }
    let rendered = render::html(&decoded.text);
    let parsed = html::parse(&rendered.html)?;
    let mut part = Part::new(&parsed.tree, Dialect::Html);
    part.lines = rendered.lines;
    let roots = parsed.tree.root().map(html::content).into_iter().collect();
    let walked = walk(std::slice::from_ref(&part), &[roots]);
    let front = front::read(rendered.front.as_ref());
    let head = front.head(parsed.tree.root());
    let mut read = assemble(file, head, walked)?;
    let doubts = [decoded.doubt, parsed.doubt, front.doubt];
    read.problems.extend(
        doubts
            .into_iter()
            .flatten()
            .map(|doubt| ("file".to_owned(), doubt)),
    );
    Ok(read)
}
