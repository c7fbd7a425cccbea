//! The parser: recursive descent, bounded in depth, number of values and bytes.

use std::collections::BTreeSet;

use super::{Json, Member, Node};
use crate::fault::{At, Fault, Reason};

/// The largest file, in MiB. Records hold text; pictures are files of their own.
const MAX_MEBIBYTES: usize = 16;
/// The deepest nesting. FHIR's deepest resources stay below 20.
const MAX_DEPTH: usize = 64;
/// The most values of one file, so that `[[],[],…` cannot fill the memory.
const MAX_VALUES: usize = 400_000;

/// Reads a whole file. A byte order mark at its start is skipped.
pub(crate) fn parse(bytes: &[u8]) -> Result<Node, Fault> {
    let start = At { line: 1, column: 1 };
    if bytes.len() > MAX_MEBIBYTES << 20 {
        let mebibytes = MAX_MEBIBYTES;
        return Err(fault(start, Reason::TooLarge { mebibytes }));
    }
    if let Err(cause) = std::str::from_utf8(bytes) {
        let offset = cause.valid_up_to();
        return Err(fault(start, Reason::NotUtf8 { offset }));
    }
    let mut parser = Parser {
        rest: bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes),
        at: start,
        values: 0,
    };
    let node = parser.value(0)?;
    parser.space();
    match parser.rest {
        [] => Ok(node),
        _ => Err(parser.expected("the end of the file")),
    }
}

fn fault(at: At, reason: Reason) -> Fault {
    Fault::new(String::new(), at, reason)
}

struct Parser<'a> {
    rest: &'a [u8],
    at: At,
    values: usize,
}

impl Parser<'_> {
    fn expected(&self, expected: &'static str) -> Fault {
        fault(self.at, Reason::Syntax { expected })
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Goes one byte on. Bytes that continue a character are no columns of their own.
    fn bump(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        if byte == b'\n' {
            self.at.line += 1;
            self.at.column = 1;
        } else if byte & 0xC0 != 0x80 {
            self.at.column += 1;
        }
        Some(byte)
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.bump();
        }
        found
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.bump();
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        self.space();
        let at = self.at;
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(fault(at, Reason::TooMany { limit: MAX_VALUES }));
        }
        if depth > MAX_DEPTH {
            return Err(fault(at, Reason::TooDeep { limit: MAX_DEPTH }));
        }
        let json = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Json::Text(self.text()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word(b"true", Json::Bool(true))?,
            Some(b'f') => self.word(b"false", Json::Bool(false))?,
            Some(b'n') => self.word(b"null", Json::Null)?,
            _ => return Err(self.expected("a value")),
        };
        Ok(Node { at, json })
    }

    fn word(&mut self, word: &[u8], json: Json) -> Result<Json, Fault> {
        if !self.rest.starts_with(word) {
            return Err(self.expected("a value"));
        }
        word.iter().for_each(|_| {
            self.bump();
        });
        Ok(json)
    }

    fn list(&mut self, depth: usize) -> Result<Json, Fault> {
        self.bump();
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take(b']') {
                return Ok(Json::List(items));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, Fault> {
        self.bump();
        let mut members = Vec::new();
        let mut keys = BTreeSet::new();
        self.space();
        if self.take(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.space();
            let key_at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.expected("a key"));
            }
            let key = self.text()?;
            if !keys.insert(key.clone()) {
                return Err(fault(key_at, Reason::RepeatedKey));
            }
            self.space();
            if !self.take(b':') {
                return Err(self.expected("`:`"));
            }
            let value = self.value(depth + 1)?;
            members.push(Member { key, key_at, value });
            self.space();
            if self.take(b'}') {
                return Ok(Json::Object(members));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `}`"));
            }
        }
    }

    fn number(&mut self) -> Result<Json, Fault> {
        let mut written = String::new();
        self.sign(&mut written, b"-");
        if self.peek() == Some(b'0') {
            self.keep(&mut written);
        } else {
            self.digits(&mut written)?;
        }
        if self.peek() == Some(b'.') {
            self.keep(&mut written);
            self.digits(&mut written)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.keep(&mut written);
            self.sign(&mut written, b"+-");
            self.digits(&mut written)?;
        }
        Ok(Json::Number(written))
    }

    fn sign(&mut self, written: &mut String, signs: &[u8]) {
        if self.peek().is_some_and(|byte| signs.contains(&byte)) {
            self.keep(written);
        }
    }

    fn digits(&mut self, written: &mut String) -> Result<(), Fault> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.expected("a digit"));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.keep(written);
        }
        Ok(())
    }

    fn keep(&mut self, written: &mut String) {
        written.extend(self.bump().map(char::from));
    }

    fn text(&mut self) -> Result<String, Fault> {
        self.bump();
        let mut bytes = Vec::new();
        loop {
            match self.peek() {
                None | Some(0..=0x1F) => return Err(self.expected("`\"`")),
                Some(b'"') => {
                    self.bump();
                    let text = String::from_utf8(bytes);
                    return Ok(text.expect("the file is UTF-8 and escapes are characters"));
                }
                Some(b'\\') => {
                    let escaped = self.escape()?;
                    bytes.extend_from_slice(escaped.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(_) => bytes.extend(self.bump()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        const WHAT: &str = "an escape of a character";
        let before = self.at;
        let wrong = || fault(before, Reason::Syntax { expected: WHAT });
        self.bump();
        let char = match self.bump().ok_or_else(wrong)? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode().ok_or_else(wrong)?,
            _ => return Err(wrong()),
        };
        Ok(char)
    }

    /// Four hexadecimal digits; two such escapes for a surrogate pair, which alone is no
    /// character.
    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        let second = (self.bump()? == b'\\' && self.bump()? == b'u').then(|| self.unit())??;
        if !(0xDC00..0xE000).contains(&second) {
            return None;
        }
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    fn unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| {
            let digit = char::from(self.bump()?).to_digit(16)?;
            Some(unit * 16 + digit)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The value in the words of another parser.
    fn plain(node: &Node) -> serde_json::Value {
        match &node.json {
            Json::Null => serde_json::Value::Null,
            Json::Bool(value) => (*value).into(),
            Json::Number(written) => serde_json::from_str(written).unwrap(),
            Json::Text(text) => text.as_str().into(),
            Json::List(items) => items.iter().map(plain).collect(),
            Json::Object(members) => members
                .iter()
                .map(|member| (member.key.clone(), plain(&member.value)))
                .collect(),
        }
    }

    fn wrong(bytes: &[u8], reason: Reason, line: u32, column: u32) {
        let at = At { line, column };
        assert_eq!(parse(bytes).err(), Some(fault(at, reason)));
    }

    fn syntax(expected: &'static str) -> Reason {
        Reason::Syntax { expected }
    }

    #[test]
    fn a_file_is_one_value_in_utf_8() {
        let node = parse(b"\xEF\xBB\xBF {\"a\": [1, \"\\u8170\\ud83e\\uddb4\"]} ").unwrap();
        assert_eq!(plain(&node), serde_json::json!({"a": [1, "腰🦴"]}));
        wrong(b"{\"a\": \"\xFF\"}", Reason::NotUtf8 { offset: 7 }, 1, 1);
        wrong(b"\xFF\xFE{\0}\0", Reason::NotUtf8 { offset: 0 }, 1, 1);
        wrong(b"", syntax("a value"), 1, 1);
        wrong(b"{} {}", syntax("the end of the file"), 1, 4);
        let large = vec![b' '; (MAX_MEBIBYTES << 20) + 1];
        wrong(&large, Reason::TooLarge { mebibytes: 16 }, 1, 1);
    }

    #[test]
    fn places_count_lines_and_characters() {
        wrong("{\"腰\": \"椎\" x".as_bytes(), syntax("`,` or `}`"), 1, 11);
        wrong(b"{\n  \"a\": 1,\n  \"a\": 2\n}", Reason::RepeatedKey, 3, 3);
        wrong(b"{\"a\": 1, \"\\u0061\": 2}", Reason::RepeatedKey, 1, 10);
        wrong(b"[1,\n]", syntax("a value"), 2, 1);
        wrong(b"{a: 1}", syntax("a key"), 1, 2);
        wrong(b"{\"a\" 1}", syntax("`:`"), 1, 6);
        wrong(b"[01]", syntax("`,` or `]`"), 1, 3);
        wrong(b"[1.]", syntax("a digit"), 1, 4);
        wrong(b"\"a\nb\"", syntax("`\"`"), 1, 3);
        wrong(b"[\"\\ud800\"]", syntax("an escape of a character"), 1, 3);
        wrong(b"[nul]", syntax("a value"), 1, 2);
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(parse(&nested(MAX_DEPTH + 1)).is_ok());
        let at = u32::try_from(MAX_DEPTH).unwrap() + 2;
        wrong(&nested(100_000), Reason::TooDeep { limit: 64 }, 1, at);
        let many = format!("[{}0]", "0,".repeat(MAX_VALUES));
        assert!(parse(many.as_bytes()).is_err());
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_json_is_read_as_another_parser_reads_it(value in any_json()) {
            let written = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(plain(&parse(written.as_bytes()).ok().unwrap()), value);
        }

        #[test]
        fn what_another_parser_refuses_is_refused(text in "[\\[\\]{}\",:0-9eE.+\\-truefalsn\\\\ u]{0,24}") {
            let other = serde_json::from_str::<serde_json::Value>(&text);
            if other.is_err_and(|cause| !cause.to_string().contains("out of range")) {
                prop_assert!(parse(text.as_bytes()).is_err());
            }
        }
    }
}
