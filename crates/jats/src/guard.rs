//! Refuses what is no article, or would cost without measure, before it is read.

use std::collections::BTreeMap;

use roxmltree::{Document, Error, Node, ParsingOptions};

use crate::Refusal;

/// Articles have at most a few megabytes; a book's worth fits in this.
const MAX_BYTES: usize = 64 << 20;
/// Nodes of the parsed tree, about 100 bytes each.
const MAX_NODES: u32 = 2_000_000;
/// The readers below recurse once per level.
const MAX_DEPTH: usize = 256;
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

/// The article's element: the root, or the only one of a PubMed Central answer.
pub fn article<'a, 'i>(xml: &'a Document<'i>) -> Result<Node<'a, 'i>, Refusal> {
    let root = xml.root_element();
    let at = |node: Node<'_, '_>| place(xml, node.range().start);
    match root.tag_name().name() {
        "article" => Ok(root),
        "pmc-articleset" => {
            let mut articles = root.children().filter(|n| n.has_tag_name("article"));
            match (articles.next(), articles.next()) {
                (Some(article), None) => Ok(article),
                (None, _) => Err(Refusal::new(at(root), "the article set holds no article")),
                (Some(_), Some(second)) => {
                    let reason = "the set holds several articles; give each a file of its own";
                    Err(Refusal::new(at(second), reason))
                }
            }
        }
        other => {
            let other: String = other.chars().take(40).collect();
            let reason = format!("the root element is `{other}`, not `article`: not JATS");
            Err(Refusal::new(at(root), reason))
        }
    }
}

/// `line 3, column 7` of a byte offset.
pub fn place(xml: &Document<'_>, offset: usize) -> String {
    let at = xml.text_pos_at(offset);
    format!("line {}, column {}", at.row, at.col)
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

    fn check(text: &str, place: &str, reason: &str) {
        let refusal = parse(text)
            .map(|xml| article(&xml).map(|_| ()))
            .and_then(|r| r);
        let refusal = refusal.expect_err("refused");
        assert_eq!(refusal.place, place, "{refusal:?}");
        assert!(refusal.reason.contains(reason), "{refusal:?}");
    }

    #[test]
    fn bombs_are_refused() {
        let laughs =
            "<!DOCTYPE a [\n<!ENTITY x \"ha\">\n<!ENTITY y \"&x;&x;\">]><article>&y;</article>";
        check(laughs, "line 3", "refers to other entities");
        let long = "z".repeat(50_000);
        let many = "&x;".repeat(100);
        let quadratic = format!("<!DOCTYPE a [<!ENTITY x '{long}'>]>\n<article>{many}</article>");
        check(&quadratic, "line 2", "expand to more than");
        let deep = format!("<article>{}", "<p>".repeat(300));
        check(
            &format!("{deep}{}</article>", "</p>".repeat(300)),
            "line 1, column 775",
            "deeper",
        );
        let wide: String = (0..10_001).map(|i| format!(" a{i}=\"\"")).collect();
        check(&format!("<article{wide}/>"), "line 1", "attributes");
    }

    #[test]
    fn external_entities_are_never_fetched() {
        let text =
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<article>&x;</article>";
        check(text, "line 2, column 10", "never fetched");
    }

    #[test]
    fn what_is_no_article_is_refused_with_its_place() {
        check("<html/>", "line 1, column 1", "not JATS");
        check(
            "<article><body>\n<p>x</article>",
            "line 2, column 5",
            "well-formed",
        );
        check("<article>\n<body>", "line 2, end of file", "truncated");
        check("plain words", "line 1, column 1", "XML");
        check("<pmc-articleset/>", "line 1, column 1", "no article");
    }

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
