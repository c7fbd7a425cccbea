//! XML: refuses what would cost without measure before it is read, and makes trees of it.
//!
//! Entities are never fetched, and documents that expand or nest beyond measure are refused
//! before anything is built of them.

use std::collections::BTreeMap;

use roxmltree::{Document, Error, Node, ParsingOptions};

use crate::reader::Refusal;
use crate::tree::{Builder, Tree};

/// Articles have at most a few megabytes; a book's worth fits in this.
pub(crate) const MAX_BYTES: usize = 64 << 20;
/// Nodes of the parsed tree, about 100 bytes each.
const MAX_NODES: u32 = 2_000_000;
/// The readers below recurse once per level.
const MAX_DEPTH: usize = crate::tree::MAX_DEPTH;
/// Attributes of one element; the parser compares each with each.
const MAX_ATTRIBUTES: usize = 10_000;
/// Bytes that all entity references together may expand to.
const MAX_EXPANSION: usize = 4 << 20;

/// The file's text, without a byte order mark.
pub fn text(bytes: &[u8]) -> Result<&str, Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::new("file", "the file is empty"));
    }
    if bytes.len() > MAX_BYTES {
        let reason = format!("{} bytes, more than the limit of {MAX_BYTES}", bytes.len());
        return Err(Refusal::new("file", reason));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Refusal::new(
            "file",
            "the file is UTF-16; convert it to UTF-8",
        ));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|&&b| b == b'\n').count();
        let column = 1 + before.iter().rev().take_while(|&&b| b != b'\n').count();
        let place = format!("line {line}, column {column} (bytes)");
        Refusal::new(place, "the file is not UTF-8 text")
    })
}

/// The parsed XML.
pub fn parse(text: &str) -> Result<Document<'_>, Refusal> {
    check_entities(text)?;
    check_attributes(text)?;
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: MAX_NODES,
        ..Default::default()
    };
    let xml = Document::parse_with_options(text, options).map_err(|error| refuse(text, &error))?;
    check_depth(&xml)?;
    Ok(xml)
}

/// `line 3, column 7` of a byte offset.
pub fn place(xml: &Document<'_>, offset: usize) -> String {
    let at = xml.text_pos_at(offset);
    format!("line {}, column {}", at.row, at.col)
}

/// Copies an element and what is inside. Names lose their prefixes; the attributes
/// `xml:lang`, `epub:type`, `xlink:href` and those of other namespaces that are asked for
/// keep theirs.
#[must_use]
pub fn tree(element: Node<'_, '_>) -> Tree {
    let mut builder = Builder::default();
    // Finding a line costs a pass over the file; a part of it is copied for its content alone.
    let whole = element == element.document().root_element();
    let mut lines = Lines::new(if whole {
        element.document().input_text()
    } else {
        ""
    });
    copy(element, &mut builder, &mut lines);
    builder.finish()
}

/// Recurses at most [`MAX_DEPTH`] deep in documents that [`parse`] let pass.
fn copy(node: Node<'_, '_>, builder: &mut Builder, lines: &mut Lines<'_>) {
    let line = lines.of(node.range().start);
    if node.is_element() {
        let attributes = node.attributes().map(|attribute| {
            let prefix = match attribute.namespace() {
                Some("http://www.w3.org/XML/1998/namespace") => "xml:",
                Some("http://www.idpf.org/2007/ops") => "epub:",
                Some("http://www.w3.org/1999/xlink") => "xlink:",
                Some("http://www.idpf.org/2007/opf") => "opf:",
                _ => "",
            };
            let name = format!("{prefix}{}", attribute.name());
            (name, attribute.value().to_owned())
        });
        builder.open(node.tag_name().name(), attributes.collect(), line);
        for child in node.children() {
            copy(child, builder, lines);
        }
        builder.close();
    } else if let Some(text) = node.text().filter(|_| node.is_text()) {
        builder.text(text, line);
    }
}

/// Line numbers of growing offsets, in one pass over the text.
struct Lines<'t> {
    text: &'t [u8],
    offset: usize,
    line: u32,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            offset: 0,
            line: 1,
        }
    }

    fn of(&mut self, offset: usize) -> u32 {
        if let Some(passed) = self.text.get(self.offset..offset) {
            let feeds = passed.iter().filter(|&&b| b == b'\n').count();
            self.line += u32::try_from(feeds).unwrap_or(0);
            self.offset = offset;
        }
        self.line
    }
}

fn refuse(text: &str, error: &Error) -> Refusal {
    let at = error.pos();
    let mut place = format!("line {}, column {}", at.row, at.col);
    let reason = match error {
        Error::UnclosedRootNode => {
            place = format!("line {}, end of file", text.lines().count());
            "the file ends before its elements are closed; it may be truncated".to_owned()
        }
        Error::NodesLimitReached => format!("more than {MAX_NODES} nodes"),
        Error::EntityReferenceLoop(_) => "entities refer to each other without end".to_owned(),
        Error::UnknownEntityReference(name, _) => {
            let name: String = name.chars().take(40).collect();
            format!(
                "entity `{name}` is not declared in the file; external declarations are never \
                 fetched"
            )
        }
        Error::NoRootNode => "not XML: there is no element".to_owned(),
        other => format!("not well-formed XML: {}", without_place(&other.to_string())),
    };
    Refusal { place, reason }
}

/// The parser ends its messages with ` at 3:7`, which the place says already.
fn without_place(message: &str) -> String {
    let mut kept = message;
    if let Some((head, tail)) = message.rsplit_once(" at ")
        && tail.bytes().all(|b| b.is_ascii_digit() || b == b':')
    {
        kept = head;
    }
    kept.chars().take(200).collect()
}

/// Refuses nested entities (XML 1.0, section 4.4: the "billion laughs") and references that
/// together expand to more than [`MAX_EXPANSION`] (the quadratic variant).
fn check_entities(text: &str) -> Result<(), Refusal> {
    let declared = declared_entities(text)?;
    if declared.is_empty() {
        return Ok(());
    }
    let mut expanded = 0usize;
    for (at, _) in text.match_indices('&') {
        let name = text[at + 1..].split(';').next().unwrap_or_default();
        expanded += declared.get(name).copied().unwrap_or(0);
        if expanded > MAX_EXPANSION {
            let reason = format!("entities expand to more than {MAX_EXPANSION} bytes");
            return Err(Refusal::new(line(text, at), reason));
        }
    }
    Ok(())
}

/// Declared general entities and the length of their values.
fn declared_entities(text: &str) -> Result<BTreeMap<&str, usize>, Refusal> {
    let mut declared = BTreeMap::new();
    for (at, keyword) in text.match_indices("<!ENTITY") {
        let rest = text[at + keyword.len()..].trim_start();
        let name_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (name, value) = rest.split_at(name_end);
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            // Parameter and external entities: the parser expands neither.
            continue;
        };
        let value = value[1..].split(quote).next().unwrap_or_default();
        let nested = value
            .match_indices('&')
            .any(|(i, _)| !value[i + 1..].starts_with('#'));
        if nested {
            let reason = "an entity's value refers to other entities, which could expand without \
                          measure";
            return Err(Refusal::new(line(text, at), reason));
        }
        declared.insert(name, value.len());
    }
    Ok(declared)
}

/// `<` cannot stand in an attribute's value, so the text between two of them holds at most
/// one element's attributes.
fn check_attributes(text: &str) -> Result<(), Refusal> {
    let mut offset = 0;
    for part in text.split('<') {
        let quoted = |pair: &[u8]| pair[0] == b'=' && matches!(pair[1], b'"' | b'\'');
        if part.len() > 2 * MAX_ATTRIBUTES
            && part
                .as_bytes()
                .windows(2)
                .filter(|pair| quoted(pair))
                .count()
                > MAX_ATTRIBUTES
        {
            let reason = format!("an element has more than {MAX_ATTRIBUTES} attributes");
            return Err(Refusal::new(line(text, offset), reason));
        }
        offset += part.len() + 1;
    }
    Ok(())
}

fn check_depth(xml: &Document<'_>) -> Result<(), Refusal> {
    let mut depth = 0usize;
    let mut node = xml.root();
    loop {
        if let Some(child) = node.first_child() {
            depth += 1;
            if depth > MAX_DEPTH {
                let reason = format!("elements nest deeper than {MAX_DEPTH}");
                return Err(Refusal::new(place(xml, child.range().start), reason));
            }
            node = child;
            continue;
        }
        while node.next_sibling().is_none() {
            let Some(parent) = node.parent() else {
                return Ok(());
            };
            depth -= 1;
            node = parent;
        }
        let Some(next) = node.next_sibling() else {
            return Ok(());
        };
        node = next;
    }
}

fn line(text: &str, offset: usize) -> String {
    let offset = offset.min(text.len());
    format!(
        "line {}",
        1 + text.as_bytes()[..offset]
            .iter()
            .filter(|&&b| b == b'\n')
            .count()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_declared_entities_are_text() {
        let xml = parse("<!DOCTYPE a [<!ENTITY mm 'millimetre'>]><article>&mm;</article>");
        assert_eq!(xml.expect("XML").root_element().text(), Some("millimetre"));
    }

    #[test]
    fn bytes_that_are_no_text() {
        let cause = |bytes: &[u8]| text(bytes).expect_err("refused").reason;
        assert!(cause(b" \n").contains("empty"));
        assert!(cause(b"\xFF\xFE<\0").contains("UTF-16"));
        assert!(cause(b"<a>\xFF").contains("UTF-8"));
        assert_eq!(text(b"\xEF\xBB\xBF<a/>"), Ok("<a/>"));
    }
}
