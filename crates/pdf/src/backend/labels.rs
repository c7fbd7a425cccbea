//! Page labels and text strings.

use hayro_syntax::object::{Array, Dict, Name, Object};
use hayro_syntax::xref::XRef;

/// Number trees nest; deeper than this is a loop.
const MAX_DEPTH: usize = 8;

/// One range of labels (ISO 32000-1, table 159).
struct Range {
    first: usize,
    style: Option<u8>,
    prefix: String,
    start: usize,
}

/// The labels of all pages; `None` where the file gives none.
pub(super) fn read(xref: &XRef, pages: usize) -> Vec<Option<String>> {
    let mut ranges = Vec::new();
    if let Some(tree) = xref
        .get::<Dict<'_>>(xref.root_id())
        .and_then(|catalog| catalog.get::<Dict<'_>>(b"PageLabels"))
    {
        collect(&tree, &mut ranges, 0);
    }
    ranges.sort_by_key(|r| r.first);
    (0..pages).map(|page| label(&ranges, page)).collect()
}

fn collect(node: &Dict<'_>, ranges: &mut Vec<Range>, depth: usize) {
    if depth > MAX_DEPTH || ranges.len() > 100_000 {
        return;
    }
    if let Some(numbers) = node.get::<Array<'_>>(b"Nums") {
        let items: Vec<Object<'_>> = numbers.iter::<Object<'_>>().collect();
        for pair in items.chunks_exact(2) {
            let first = pair[0]
                .clone()
                .into_i32()
                .and_then(|n| usize::try_from(n).ok());
            if let (Some(first), Some(dict)) = (first, pair[1].clone().into_dict()) {
                ranges.push(range(first, &dict));
            }
        }
    }
    if let Some(kids) = node.get::<Array<'_>>(b"Kids") {
        for kid in kids.iter::<Dict<'_>>() {
            collect(&kid, ranges, depth + 1);
        }
    }
}

fn range(first: usize, dict: &Dict<'_>) -> Range {
    Range {
        first,
        style: dict
            .get::<Name<'_>>(b"S")
            .and_then(|s| s.as_ref().first().copied()),
        prefix: dict
            .get::<hayro_syntax::object::String<'_>>(b"P")
            .map(|p| text_string(p.as_bytes()))
            .unwrap_or_default(),
        start: dict.get::<u32>(b"St").map_or(1, |n| n.max(1) as usize),
    }
}

fn label(ranges: &[Range], page: usize) -> Option<String> {
    let range = ranges.iter().rev().find(|r| r.first <= page)?;
    let number = range.start + (page - range.first);
    let digits = match range.style {
        Some(b'D') => number.to_string(),
        Some(b'r') => roman(number),
        Some(b'R') => roman(number).to_uppercase(),
        Some(b'a') => letters(number),
        Some(b'A') => letters(number).to_uppercase(),
        _ => String::new(),
    };
    let label = format!("{}{digits}", range.prefix);
    (!label.is_empty()).then_some(label)
}

fn roman(mut number: usize) -> String {
    const SIGNS: [(usize, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if number > 10_000 {
        return number.to_string();
    }
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            out.push_str(sign);
            number -= value;
        }
    }
    out
}

/// `a` to `z`, then `aa` to `zz`, and so on.
fn letters(number: usize) -> String {
    let letter = char::from(b'a' + ((number - 1) % 26) as u8);
    std::iter::repeat_n(letter, ((number - 1) / 26 + 1).min(64)).collect()
}

/// A text string (ISO 32000-1, 7.9.2.2): UTF-16BE or UTF-8 with a mark, else PDFDocEncoding,
/// whose printable part is read as Latin-1.
pub(super) fn text_string(bytes: &[u8]) -> String {
    if let Some(wide) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let units = wide
            .chunks_exact(2)
            .map(|p| u16::from_be_bytes([p[0], p[1]]));
        char::decode_utf16(units).filter_map(Result::ok).collect()
    } else if let Some(utf8) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        String::from_utf8_lossy(utf8).into_owned()
    } else {
        bytes
            .iter()
            .map(|&b| char::from(b))
            .filter(|c| !c.is_control())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_count_in_their_style() {
        let ranges = [
            Range {
                first: 0,
                style: Some(b'r'),
                prefix: String::new(),
                start: 1,
            },
            Range {
                first: 4,
                style: Some(b'D'),
                prefix: "S".into(),
                start: 10,
            },
        ];
        let check = |page, expect: &str| assert_eq!(label(&ranges, page).as_deref(), Some(expect));
        check(0, "i");
        check(3, "iv");
        check(4, "S10");
        check(5, "S11");
        assert_eq!(label(&[], 0), None);
        assert_eq!((letters(1), letters(27)), ("a".into(), "aa".into()));
    }

    #[test]
    fn text_strings_are_decoded() {
        assert_eq!(text_string(b"\xfe\xff\x81\x70\x69\x8e"), "\u{8170}\u{698e}");
        assert_eq!(text_string(b"Spine \xe9"), "Spine é");
    }
}
