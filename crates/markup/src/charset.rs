//! From bytes to text (WHATWG Encoding).

use encoding_rs::{Encoding, UTF_8};

use crate::reader::Refusal;

/// How far a declaration of the character set may stand from the start, in bytes (WHATWG
/// HTML, section 13.2.3.2).
const PRESCAN: usize = 1024;

/// A text, and what was wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// What could not be read as the set that the file states.
    pub doubt: Option<String>,
}

/// Decodes a file as its byte order mark, its declaration or UTF-8 says, in this order. A
/// file that states nothing and is not UTF-8 is refused: a guess could change words.
///
/// # Errors
/// Where the character set cannot be told.
pub fn decode(bytes: &[u8]) -> Result<Decoded, Refusal> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(with(encoding, &bytes[mark..]));
    }
    if let Some(label) = declared(&bytes[..bytes.len().min(PRESCAN)]) {
        let Some(encoding) = Encoding::for_label(label.as_bytes()) else {
            let reason = format!("the stated character set `{label}` is not known");
            return Err(Refusal::new("file", reason));
        };
        // A declaration that is read as ASCII cannot be right about UTF-16.
        let ascii = encoding.is_ascii_compatible();
        return Ok(with(if ascii { encoding } else { UTF_8 }, bytes));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded {
            text: text.to_owned(),
            doubt: None,
        }),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|&&b| b == b'\n').count();
            let reason = "the file states no character set and is not UTF-8";
            Err(Refusal::new(format!("line {line}"), reason))
        }
    }
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let name = encoding.name();
    Decoded {
        text: text.into_owned(),
        doubt: damaged.then(|| format!("some characters are not {name}, as the file states")),
    }
}

/// The label in `<meta charset=…>`, `<meta … content="…; charset=…">` or
/// `<?xml … encoding="…"?>`.
fn declared(start: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let value = |rest: &str| -> Option<String> {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let rest = rest.trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)));
        let label = &rest[..end.unwrap_or(rest.len())];
        (!label.is_empty()).then(|| label.to_owned())
    };
    let xml = text
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"))
        .and_then(|(declaration, _)| declaration.split_once("encoding"));
    if let Some(label) = xml.and_then(|(_, rest)| value(rest)) {
        return Some(label);
    }
    text.split("<meta").skip(1).find_map(|rest| {
        let tag = rest.split('>').next().unwrap_or_default();
        tag.split("charset").skip(1).find_map(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expect: &str) {
        let decoded = decode(bytes).expect("text");
        assert_eq!((decoded.text.as_str(), decoded.doubt), (expect, None));
    }

    #[test]
    fn character_sets() {
        check("腰椎".as_bytes(), "腰椎");
        check(b"\xEF\xBB\xBFa", "a");
        check(b"\xFF\xFEa\0", "a");
        check(b"<meta charset=gb2312>\xD1\xFC", "<meta charset=gb2312>腰");
        let old = b"<meta http-equiv='Content-Type' content='text/html; charset=GB18030'>\xD1\xFC";
        assert!(decode(old).is_ok_and(|d| d.text.ends_with('腰')));
        check(
            b"<?xml version='1.0' encoding='iso-8859-1'?>\xE9",
            "<?xml version='1.0' encoding='iso-8859-1'?>é",
        );
    }

    #[test]
    fn what_cannot_be_told_is_refused() {
        let cause = |bytes: &[u8]| decode(bytes).expect_err("refused");
        assert_eq!(cause(b"a\n\xD1\xFC").place, "line 2");
        assert!(
            cause(b"<meta charset='klingon'>")
                .reason
                .contains("klingon")
        );
        let damaged = decode(b"<meta charset='utf-8'>\xFF").expect("text");
        assert!(damaged.doubt.is_some_and(|d| d.contains("UTF-8")));
    }
}
