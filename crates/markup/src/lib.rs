//! Reads CNXML, HTML, EPUB and Markdown, and holds what all readers of marked-up text share.
//!
//! One file gives one document: blocks in reading order, figures with their captions, and for
//! each block the figures that links lead to. A file is first made a small [`tree`] of
//! elements; a vocabulary says what each means; one walk makes blocks of them. Nothing is
//! ever fetched, and what expands, nests or grows beyond measure is refused.
//!
//! Choices that matter downstream:
//!
//! - A superscript of digits becomes Unicode superscript digits (`10⁵`): run together with
//!   the text before it, it would change a number or a vertebral level.
//! - A figure's number is taken from its caption or label, never counted: publishers count
//!   over chapters that are not in the file.
//! - In CNXML a link without words, in whose place the publisher prints such a number, shows
//!   what the file knows of its end instead: `figure “Rib Cage”`.
//! - What belongs to a web page rather than to its text (navigation, banners, forms, what is
//!   hidden) is left out.
//! - A picture's alternative text stands for a caption only where there is no other.

pub mod charset;
mod cnxml;
mod document;
mod epub;
mod figure;
pub mod grid;
mod html;
mod inline;
pub mod licence;
pub mod links;
mod markdown;
pub mod math;
mod part;
pub mod picture;
pub mod reader;
mod table;
pub mod text;
pub mod tree;
mod walk;
pub mod xml;

pub use cnxml::{CnxmlReader, NAMESPACE as CNXML_NAMESPACE};
pub use epub::EpubReader;
pub use figure::panel_label;
pub use html::HtmlReader;
pub use markdown::MarkdownReader;
