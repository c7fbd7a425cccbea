//! Character repertoires and code extensions (PS3.5, 6.1.2; PS3.3, C.12.1.1.2; ISO/IEC 2022).

use encoding_rs::Encoding;

const ESCAPE: u8 = 0x1B;
const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

/// Where a text starts anew, so that the first character set is active again (PS3.5, 6.1.2.5.3);
/// it does so at control characters everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaks {
    /// At control characters alone.
    Lines,
    /// Between values too.
    Values,
    /// Between values and the parts of names.
    Names,
}

/// A set of characters that a half of the code table can stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Set {
    /// ISO 646, the left half of every repertoire but that of ISO-IR 14, which differs from it in
    /// signs of currency.
    Ascii,
    /// JIS X 0201, the right half.
    Katakana,
    /// JIS X 0208, two bytes for a character.
    Kanji,
    /// JIS X 0212, two bytes.
    MoreKanji,
    /// Two bytes: KS X 1001 and GB 2312.
    Two(&'static Encoding),
    /// The right half of a set of one byte.
    One(&'static Encoding),
}

/// What the values of Specific Character Set state.
#[derive(Debug, Default, Clone)]
pub struct Repertoire {
    /// An encoding without code extensions: Unicode, and those of China and Japan.
    whole: Option<&'static Encoding>,
    /// The one set named is of two bytes: writers have been met that leave the escapes out and
    /// use the larger sets around it.
    lax: Option<&'static Encoding>,
    /// The right half at the start.
    first: Option<Set>,
    /// The first right half that is named at all, for texts that leave the escapes out.
    named: Option<Set>,
}

impl Repertoire {
    /// By the values of Specific Character Set, with backslashes between them.
    pub fn of(names: &str) -> Self {
        let names: Vec<String> = names.split('\\').map(plain).collect();
        let first = names.first().map(String::as_str).unwrap_or_default();
        let single = names.len() == 1;
        let right = right_half(first);
        Self {
            whole: whole(first, single),
            lax: match right {
                Some(Set::Two(encoding)) if single => Some(encoding),
                _ => None,
            },
            first: right,
            named: names.iter().find_map(|name| right_half(name)),
        }
    }

    /// The text of bytes. What no set has becomes U+FFFD, and so do unknown escapes; bytes of the
    /// right half are those of ISO 8859-1 where no set is named for it.
    pub fn decode(&self, bytes: &[u8], breaks: Breaks) -> String {
        let lax = self.lax.filter(|_| !bytes.contains(&ESCAPE));
        if let Some(encoding) = self.whole.or(lax) {
            return encoding.decode_without_bom_handling(bytes).0.into_owned();
        }
        let mut text = String::with_capacity(bytes.len());
        let mut state = self.start();
        let mut rest = bytes;
        while let [byte, more @ ..] = rest {
            if *byte == ESCAPE {
                rest = state.escape(more, &mut text);
                continue;
            }
            let single = state.left == Set::Ascii;
            if *byte < 0x20 || (single && is_break(*byte, breaks)) {
                state = self.start();
                text.push(char::from(*byte));
                rest = more;
                continue;
            }
            rest = state.character(*byte, more, &mut text);
        }
        text
    }

    fn start(&self) -> State {
        State {
            left: Set::Ascii,
            right: self.first.or(self.named),
        }
    }
}

/// The halves of the code table in use.
struct State {
    left: Set,
    right: Option<Set>,
}

impl State {
    /// Follows an escape sequence, whose escape is gone already. Returns what is behind it.
    fn escape<'a>(&mut self, bytes: &'a [u8], text: &mut String) -> &'a [u8] {
        let middle = bytes.iter().take_while(|byte| (0x20..0x30).contains(*byte));
        let end = middle.count().min(3) + 1;
        let Some((sequence, rest)) = bytes.split_at_checked(end) else {
            text.push(UNKNOWN);
            return &[];
        };
        match sequence {
            b"(B" | b"(J" => self.left = Set::Ascii,
            b"$B" | b"$@" => self.left = Set::Kanji,
            b"$(D" => self.left = Set::MoreKanji,
            b")I" => self.right = Some(Set::Katakana),
            b"$)C" => self.right = Some(Set::Two(encoding_rs::EUC_KR)),
            b"$)A" => self.right = Some(Set::Two(encoding_rs::GBK)),
            [b'-', end] => match part(*end) {
                Some(set) => self.right = Some(set),
                None => text.push(UNKNOWN),
            },
            _ => text.push(UNKNOWN),
        }
        rest
    }

    /// Takes a character. Returns what is behind it.
    fn character<'a>(&self, byte: u8, rest: &'a [u8], text: &mut String) -> &'a [u8] {
        let set = match byte {
            // Spaces are outside of the sets, and so are the controls of the right half.
            0x20 | 0x7F => Some(Set::Ascii),
            0x80..0xA0 => None,
            ..0x80 => Some(self.left),
            _ => self.right,
        };
        let two = |lead: &[u8], encoding| {
            let next = rest.first().filter(|next| {
                let low = **next & 0x7F;
                (0x21..0x7F).contains(&low) && (**next ^ byte) < 0x80
            });
            let bytes = next.map(|next| [lead, &[byte | 0x80, next | 0x80]].concat());
            let decoded = bytes.and_then(|bytes| one(&bytes, encoding));
            let taken = usize::from(next.is_some());
            (decoded.unwrap_or(UNKNOWN), taken)
        };
        let (character, more) = match set {
            None | Some(Set::Ascii) => (char::from(byte), 0),
            Some(Set::Katakana) => {
                let place = u32::from(byte.wrapping_sub(0xA1));
                let katakana = char::from_u32(0xFF61 + place).filter(|_| place < 63);
                (katakana.unwrap_or(UNKNOWN), 0)
            }
            Some(Set::One(encoding)) => (one(&[byte], encoding).unwrap_or(UNKNOWN), 0),
            Some(Set::Kanji) => two(&[], encoding_rs::EUC_JP),
            Some(Set::MoreKanji) => two(&[0x8F], encoding_rs::EUC_JP),
            Some(Set::Two(encoding)) => two(&[], encoding),
        };
        text.push(character);
        &rest[more..]
    }
}

fn is_break(byte: u8, breaks: Breaks) -> bool {
    match byte {
        b'\\' => breaks != Breaks::Lines,
        b'^' | b'=' => breaks == Breaks::Names,
        _ => false,
    }
}

/// The single character that bytes stand for.
fn one(bytes: &[u8], encoding: &'static Encoding) -> Option<char> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// A name in capitals without what separates its parts, about which writers disagree.
fn plain(name: &str) -> String {
    let kept = name.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_uppercase()).collect()
}

/// The number of a set in the international register, behind `ISO_IR` or `ISO 2022 IR`.
fn number(name: &str) -> Option<u16> {
    let start = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let prefixed = name.starts_with("ISO") && start >= 3;
    name.get(start..).filter(|_| prefixed)?.parse().ok()
}

/// Encodings that know no code extensions (PS3.3, tables C.12-2 and C.12-5).
fn whole(name: &str, single: bool) -> Option<&'static Encoding> {
    match name {
        "GB18030" => Some(encoding_rs::GB18030),
        "GBK" | "GB2312" => Some(encoding_rs::GBK),
        _ => match number(name)? {
            192 => Some(encoding_rs::UTF_8),
            // Shift JIS holds both halves of JIS X 0201, and is met under its name.
            13 if single => Some(encoding_rs::SHIFT_JIS),
            _ => None,
        },
    }
}

/// The set that a name states for the right half (PS3.3, tables C.12-3 and C.12-4).
fn right_half(name: &str) -> Option<Set> {
    let end = match number(name)? {
        13 => return Some(Set::Katakana),
        58 => return Some(Set::Two(encoding_rs::GBK)),
        149 => return Some(Set::Two(encoding_rs::EUC_KR)),
        100 => b'A',
        101 => b'B',
        109 => b'C',
        110 => b'D',
        126 => b'F',
        127 => b'G',
        138 => b'H',
        144 => b'L',
        148 => b'M',
        166 => b'T',
        203 => b'b',
        _ => return None,
    };
    part(end)
}

/// Parts of ISO 8859 by the last byte of their escape sequences. Where the web gives a part's
/// name to a larger set, they differ in controls alone.
fn part(end: u8) -> Option<Set> {
    Some(Set::One(match end {
        b'A' => encoding_rs::WINDOWS_1252,
        b'B' => encoding_rs::ISO_8859_2,
        b'C' => encoding_rs::ISO_8859_3,
        b'D' => encoding_rs::ISO_8859_4,
        b'F' => encoding_rs::ISO_8859_7,
        b'G' => encoding_rs::ISO_8859_6,
        b'H' => encoding_rs::ISO_8859_8,
        b'L' => encoding_rs::ISO_8859_5,
        b'M' => encoding_rs::WINDOWS_1254,
        b'T' => encoding_rs::WINDOWS_874,
        b'b' => encoding_rs::ISO_8859_15,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(names: &str, bytes: &[u8], expect: &str) {
        let text = Repertoire::of(names).decode(bytes, Breaks::Names);
        assert_eq!(text, expect, "{names}");
    }

    #[test]
    fn single_bytes() {
        check("ISO_IR 100", b"\xC4 a", "Ä a");
        check("ISO_IR 101", b"\xB1", "ą");
        check("ISO_IR 109", b"\xA1", "Ħ");
        check("ISO_IR 110", b"\xB3", "ŗ");
        check("ISO_IR 144", b"\xCF", "Я");
        check("ISO_IR 127", b"\xC7", "ا");
        check("ISO_IR 126", b"\xE1", "α");
        check("ISO_IR 138", b"\xE0", "א");
        check("ISO_IR 148", b"\xDD\xFE", "İş");
        check("ISO_IR 166", b"\xA1", "ก");
        check("ISO_IR 13", b"\xD4\xCF", "ﾔﾏ");
        check("iso-ir 144", b"\xCF", "Я");
        check("ISO_IR 999", b"\xC4", "Ä");
        check("", b"\xC4", "Ä");
    }

    #[test]
    fn extensions() {
        let (japanese, korean) = ("\\ISO 2022 IR 87\\ISO 2022 IR 159", "\\ISO 2022 IR 149");
        check(japanese, b"A=\x1B$B\x24\x22\x5C\x5E\x1B(B\\B", "A=あ權\\B");
        check(japanese, b"\x1B$(D\x30\x21\x1B(B^Q", "丂^Q");
        check(japanese, b"\x1B(J\x5E\x1B$@\x24\x22", "^あ");
        check(
            "ISO 2022 IR 13\\ISO 2022 IR 87",
            b"\xD4^\x1B$B\x24\x22\x1B(J\xCF",
            "ﾔ^あﾏ",
        );
        check(korean, b"\x1B$)C\xB0\xA1^\x1B$)C\xB0\xA2", "가^각");
        check("\\ISO 2022 IR 58", b"\x1B$)A\xD6\xD0 a", "中 a");
        check(
            "ISO 2022 IR 100\\ISO 2022 IR 144",
            b"\xC4\x1B-L\xCF\\\xC4",
            "ÄЯ\\Ä",
        );
    }

    #[test]
    fn the_first_set_is_active_again_after_a_break() {
        let names = "ISO 2022 IR 100\\ISO 2022 IR 126";
        for (broken, expect) in [
            ("^", "α^á"),
            ("=", "α=á"),
            ("\\", "α\\á"),
            ("\n", "α\ná"),
            (" ", "α α"),
        ] {
            let bytes = [b"\x1B-F\xE1", broken.as_bytes(), b"\xE1"].concat();
            check(names, &bytes, expect);
        }
        let lines = Repertoire::of(names).decode(b"\x1B-F\xE1^\\\xE1", Breaks::Lines);
        assert_eq!(lines, "α^\\α");
    }

    #[test]
    fn escapes_left_out_and_unknown() {
        check("\\ISO 2022 IR 149", b"\xB0\xA1", "가");
        check("ISO 2022 IR 58", b"\x81\x40", "丂");
        check("\\ISO 2022 IR 87", b"\x1B%5A", "\u{FFFD}A");
        check("\\ISO 2022 IR 87", b"A\x1B", "A\u{FFFD}");
        check("\\ISO 2022 IR 87", b"\x1B$B\x24", "\u{FFFD}");
        check("\\ISO 2022 IR 149", b"\x1B$)C\xB0A", "\u{FFFD}A");
    }

    proptest! {
        #[test]
        fn any_bytes_are_some_text(
            names in "[ -~]{0,40}",
            bytes in prop::collection::vec(prop_oneof![Just(ESCAPE), Just(b'$'), Just(b'('), any::<u8>()], 0..80),
        ) {
            for names in [names.as_str(), "ISO 2022 IR 13\\ISO 2022 IR 87", "\\ISO 2022 IR 149"] {
                for breaks in [Breaks::Lines, Breaks::Values, Breaks::Names] {
                    let text = Repertoire::of(names).decode(&bytes, breaks);
                    prop_assert!(text.len() <= 3 * bytes.len());
                }
            }
        }
    }
}
