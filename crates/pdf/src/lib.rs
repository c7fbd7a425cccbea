//! Reads PDF (ISO 32000-1:2008), born-digital or scanned, into a
//! [`spinemed_core::document::Document`].
//!
//! The crate is a stack of small layers, each a pure function of the one below:
//!
//! | module | makes |
//! |---|---|
//! | `backend` | glyphs, picture placements and path boxes of one page, over the `hayro` crates |
//! | `interpret` | all pages of a file, born-digital or scanned |
//! | `scan` | the same of a scanned page, whose words an engine reads |
//! | `piece`, `line` | words and lines from glyphs |
//! | `flow` | paragraphs from lines |
//! | `order` | reading order of paragraphs: the content stream's, or columns where it jumps |
//! | `furniture` | running heads, running feet and page numbers, by repetition |
//! | `caption` | the grammar of captions (`Figure 2.`, `表 3`) |
//! | `region`, `drawing` | where pictures and drawings are |
//! | `assign`, `figure` | captions to regions, one to one |
//! | `table`, `aligned`, `grid` | tables by their captions, ruled or by their columns; cells |
//! | `equation` | displayed equations |
//! | `article`, `unit` | one page: units of text in reading order, figures |
//! | `lead`, `runin`, `heading` | headings that run into their text; headings told by the whole document and its outline |
//! | `title`, `depth`, `reference`, `assemble` | blocks with ids, kinds, depths and sections |
//! | `illustrate` | figures with their pictures |
//! | `view` | whole pages as pictures, for people |
//!
//! Positions are points (1/72 inch) of the crop box as it is shown, origin at the top left.
//! Text is Unicode NFC with ligatures folded. The reader never panics on bad input: a page
//! that cannot be interpreted becomes a [`Fault`], and the document goes on without it.
//!
//! ```
//! use spinemed_core::{Digest, DocumentId, locator::FileRef};
//!
//! let bytes = b"no PDF at all";
//! let file = FileRef { path: "note.pdf".into(), sha256: Digest::of(bytes) };
//! let error = spinemed_pdf::read(bytes, &DocumentId::new("demo/note"), file).unwrap_err();
//! assert_eq!(error.to_string(), "not a PDF: there is no `%PDF-` header");
//! ```

mod aligned;
mod article;
mod assemble;
mod assign;
mod backend;
mod caption;
mod depth;
mod drawing;
mod equation;
mod error;
mod figure;
mod flow;
mod furniture;
mod geometry;
mod grid;
mod heading;
mod illustrate;
mod interpret;
mod kind;
mod lead;
mod line;
mod list;
mod order;
mod page;
mod picture;
mod piece;
mod reader;
mod reference;
mod region;
mod runin;
mod scan;
mod sheet;
mod table;
mod text;
mod title;
mod unit;
mod view;

pub use error::{Fault, PdfError};
pub use reader::{PdfReader, Reading, pages, read, read_layout, read_with};
pub use view::{PageView, render_pages};
