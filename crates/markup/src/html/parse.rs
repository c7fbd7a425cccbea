//! HTML text to a tree, by `html5ever`, within limits.

use std::cell::RefCell;
use std::collections::BTreeMap;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};

use super::sink::Sink;
use crate::reader::Refusal;
use crate::tree::Tree;

/// Bytes of a page; a book on one page fits in this.
const MAX_BYTES: usize = 32 << 20;
/// Nodes of a page.
const MAX_NODES: usize = 1_000_000;
/// Elements open at once. The parser looks through all of them at every tag.
const MAX_OPEN: usize = 512;
/// Attributes of one element.
const MAX_ATTRIBUTES: usize = 256;
/// Bytes given to the parser at once; between them the limit of nodes is looked at.
const CHUNK: usize = 4 << 10;

/// A parsed page.
#[derive(Debug)]
pub struct Parsed {
    /// From `html` down.
    pub tree: Tree,
    /// What was left out.
    pub doubt: Option<String>,
}

/// Parses a page. Pages without `html`, `head` or `body` get them, as in browsers.
///
/// # Errors
/// Where the page is larger than the limits.
pub fn parse(text: &str) -> Result<Parsed, Refusal> {
    if text.len() > MAX_BYTES {
        let reason = format!("{} bytes, more than the limit of {MAX_BYTES}", text.len());
        return Err(Refusal::new("file", reason));
    }
    let builder = TreeBuilder::new(Sink::new(MAX_NODES), TreeBuilderOpts::default());
    let narrow = Narrow {
        builder,
        open: RefCell::default(),
    };
    let tokenizer = Tokenizer::new(narrow, TokenizerOpts::default());
    let input = BufferQueue::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK));
        rest = after;
        input.push_back(StrTendril::from_slice(chunk));
        // Scripts do not run, and what the page says of its own encoding was heard before.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        if tokenizer.sink.builder.sink.is_full() {
            let reason = format!("more than {MAX_NODES} nodes");
            let line = 1 + text[..text.len() - rest.len()].matches('\n').count();
            return Err(Refusal::new(format!("line {line}"), reason));
        }
    }
    tokenizer.end();
    let dropped = tokenizer.sink.open.borrow().dropped;
    Ok(Parsed {
        tree: tokenizer.sink.builder.sink.tree(),
        doubt: (dropped > 0).then(|| {
            format!("{dropped} tags are left out: more than {MAX_OPEN} elements were open")
        }),
    })
}

/// Stands before the tree builder and keeps its stack short.
struct Narrow {
    builder: TreeBuilder<usize, Sink>,
    open: RefCell<Open>,
}

/// Elements that are open, as a plain count sees them: never fewer than the builder has,
/// up to those that it opens by itself.
#[derive(Default)]
struct Open {
    by_name: BTreeMap<String, usize>,
    total: usize,
    dropped: usize,
}

impl Open {
    /// Whether the builder is to see a tag.
    fn admit(&mut self, tag: &Tag, foreign: bool) -> bool {
        if !foreign && ends_itself(&tag.name) {
            return true;
        }
        let held = self.by_name.entry(tag.name.to_string()).or_default();
        match tag.kind {
            TagKind::EndTag => {
                if *held > 0 {
                    *held -= 1;
                    self.total -= 1;
                }
                true
            }
            TagKind::StartTag if tag.self_closing => true,
            TagKind::StartTag => {
                if self.total >= MAX_OPEN {
                    self.dropped += 1;
                    return false;
                }
                *held += 1;
                self.total += 1;
                true
            }
        }
    }
}

/// Elements without content, and those that end where the next of their kind begins. That one
/// of them is inside another takes an element between them that is counted.
fn ends_itself(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "p"
            | "li"
            | "dt"
            | "dd"
            | "tr"
            | "td"
            | "th"
            | "tbody"
            | "thead"
            | "tfoot"
            | "option"
            | "optgroup"
            | "colgroup"
            | "html"
            | "head"
            | "body"
            | "a"
            | "nobr"
            | "button"
    )
}

impl TokenSink for Narrow {
    type Handle = usize;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<usize> {
        match token {
            Token::CommentToken(_) => TokenSinkResult::Continue,
            Token::TagToken(mut tag) => {
                // In SVG and MathML no element ends by itself.
                let foreign = self.adjusted_current_node_present_but_not_in_html_namespace();
                if !self.open.borrow_mut().admit(&tag, foreign) {
                    return TokenSinkResult::Continue;
                }
                tag.attrs.truncate(MAX_ATTRIBUTES);
                self.builder.process_token(Token::TagToken(tag), line)
            }
            other => self.builder.process_token(other, line),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expect: &str) {
        let parsed = parse(html).expect("HTML");
        let root = parsed.tree.root().expect("a root");
        let body = root.child("body").expect("a body");
        let words: Vec<String> = body
            .descendants()
            .skip(1)
            .map(|n| {
                n.text()
                    .map_or_else(|| format!("<{}>", n.name()), str::to_owned)
            })
            .collect();
        assert_eq!(words.join(" "), expect);
    }

    #[test]
    fn pages_are_read_as_browsers_read_them() {
        check("<p>one<p>two", "<p> one <p> two");
        check("a &nbsp;&lt;&#8211;", "a \u{a0}<–");
        check("<table><td>x", "<table> <tbody> <tr> <td> x");
        check("<b><p>x</b>y", "<b> <p> <b> x y");
        check(
            "<table>stray<tr><td>x</table>",
            "stray <table> <tbody> <tr> <td> x",
        );
        check(
            "<p><script>if (a < b) {}</script>x<!-- no -->",
            "<p> <script> if (a < b) {} x",
        );
    }

    #[test]
    fn what_is_open_without_end_is_bounded() {
        for tag in [
            "<div>",
            "<b x=",
            "<font>",
            "<i><p>",
            "<svg>",
            "<table><td>",
            "<svg><tr>",
        ] {
            let mut html = String::new();
            for n in 0..30_000 {
                html.push_str(tag);
                if tag.ends_with('=') {
                    html.push_str(&format!("{n}>"));
                }
            }
            let parsed = parse(&html).map(|parsed| parsed.doubt.is_some());
            assert!(parsed.is_err() || parsed == Ok(true), "{tag}");
        }
    }
}
