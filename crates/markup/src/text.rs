//! Text as records carry it: NFC, one space between words.

use spinemed_core::vocabulary::Language;
use unicode_normalization::UnicodeNormalization;

/// Normalises to NFC (Unicode Standard Annex 15), makes every run of white space one space,
/// and leaves out characters that show nothing.
pub fn tidy(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut space = false;
    for c in raw.nfc() {
        if c.is_whitespace() {
            space = !out.is_empty();
        } else if !is_invisible(c) {
            if std::mem::take(&mut space) {
                out.push(' ');
            }
            out.push(c);
        }
    }
    out
}

/// The beginning of something long, for messages.
#[must_use]
pub fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// Control and format characters: zero-width spaces, soft hyphens, byte order marks,
/// marks of direction.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// A superscript, in Unicode superscript digits and signs where its digits would otherwise
/// run into the number or level before it; unchanged where it holds other letters.
pub fn superscript(text: &str) -> String {
    let digits = text.chars().any(|c| c.is_ascii_digit());
    let plain = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+-−–,;".contains(c);
    if !digits || !text.chars().all(plain) {
        return text.to_owned();
    }
    text.chars().map(raised).collect()
}

fn raised(c: char) -> char {
    match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4'..='9' => char::from_u32('⁴' as u32 + (c as u32 - '4' as u32)).unwrap_or(c),
        '+' => '⁺',
        '-' | '−' => '⁻',
        other => other,
    }
}

/// The language that a document states (BCP 47), else that of most letters, else the
/// source's own.
pub fn language<'a>(
    stated: Option<&str>,
    texts: impl Iterator<Item = &'a str>,
    default: Language,
) -> Language {
    let stated = stated.unwrap_or_default().trim();
    let primary = stated.split(['-', '_']).next().unwrap_or_default();
    match primary.to_ascii_lowercase().as_str() {
        "en" | "eng" => Language::En,
        "zh" | "zho" | "chi" => Language::Zh,
        _ => match is_chinese(texts) {
            Some(true) => Language::Zh,
            Some(false) => Language::En,
            None => default,
        },
    }
}

/// Whether most letters of the text are Chinese; none where it has too few letters to tell.
pub fn is_chinese<'a>(texts: impl Iterator<Item = &'a str>) -> Option<bool> {
    let (mut han, mut letters) = (0usize, 0usize);
    for c in texts.flat_map(str::chars) {
        if matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{2FA1F}')
        {
            han += 1;
            letters += 1;
        } else if c.is_alphabetic() {
            letters += 1;
        }
    }
    // A Han character carries about as much as half an English word.
    (letters >= 20).then_some(han * 3 > letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_composition() {
        assert_eq!(tidy(" a\u{a0}\n\u{2009}b\u{ad}c e\u{301} "), "a bc é");
        assert_eq!(tidy("\u{200b}"), "");
        assert_eq!(tidy("腰椎\n管"), "腰椎 管");
    }

    #[test]
    fn superscripts_change_no_number_and_no_level() {
        let check = |text: &str, expect: &str| assert_eq!(superscript(text), expect);
        check("5", "⁵");
        check("-3", "⁻³");
        check("12,14-16", "¹²,¹⁴⁻¹⁶");
        check("2+", "²⁺");
        check("th", "th");
        check("[12]", "[12]");
        check("a,1", "a,1");
    }

    #[test]
    fn chinese_is_told_from_english() {
        assert_eq!(
            is_chinese(["腰椎管狭窄症的诊断与治疗，患者男性，因腰腿痛就诊。"].into_iter()),
            Some(true)
        );
        assert_eq!(
            is_chinese(["Lumbar spinal stenosis (腰椎) in adults"].into_iter()),
            Some(false)
        );
        assert_eq!(is_chinese(["L4/L5"].into_iter()), None);
    }
}
