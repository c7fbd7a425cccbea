//! Spellings of levels in datasets' labels and column names.

use super::{Joint, Level, Vertebra};

/// Parses a label that is a level and nothing else: `l4_l5`, `L4/L5`, `T12-L1`, `L5S1`,
/// `l5`, `TH12`, `C1-C2`. Bare numbers (`4/5`) are no level.
///
/// Two vertebrae that are no neighbours give none: a dataset that means a range must say so
/// in its label map.
#[must_use]
pub fn parse_label(text: &str) -> Option<Level> {
    let text = text.trim().to_ascii_uppercase();
    let (first, rest) = bone(&text)?;
    let rest = rest.trim_start_matches([' ', '_', '-', '/', '–']);
    if rest.is_empty() {
        return Some(Level::Vertebra(first?));
    }
    let (second, end) = bone(rest)?;
    if !end.is_empty() {
        return None;
    }
    match (first, second?) {
        (Some(upper), lower) => Level::between(upper, lower).ok(),
        (None, lower) if lower.rank() == 0 => Some(Level::Joint(Joint::AtlantoOccipital)),
        (None, _) => None,
    }
}

/// A vertebra (or none for the occiput, `C0`) at the start of an upper-case text, and the rest.
fn bone(text: &str) -> Option<(Option<Vertebra>, &str)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = text[letters..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let (name, rest) = text.split_at(letters + digits);
    let letter = match &name[..letters] {
        "TH" | "D" => "T",
        "CO" | "COCCYX" if digits == 0 => return Some((Some(Vertebra::COCCYX), rest)),
        letter => letter,
    };
    let number = &name[letters..];
    if letter == "C" && number == "0" {
        return Some((None, rest));
    }
    Some((Some(format!("{letter}{number}").parse().ok()?), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(
            parse_label(text).map(|level| level.to_string()).as_deref(),
            expect,
            "{text}"
        );
    }

    #[test]
    fn dataset_spellings() {
        check("l4_l5", Some("L4/L5"));
        check("L4/L5", Some("L4/L5"));
        check("T12-L1", Some("T12/L1"));
        check("l5_s1", Some("L5/S1"));
        check(" L5S1 ", Some("L5/S1"));
        check("TH12", Some("T12"));
        check("d12-l1", Some("T12/L1"));
        check("C1-C2", Some("C1/C2"));
        check("C0_C1", Some("C0/C1"));
        check("L6/S1", Some("L6/S1"));
        check("l4_s1", Some("L4/S1"));
        check("coccyx", Some("Co"));
        check("T13", Some("T13"));
    }

    #[test]
    fn other_labels() {
        for text in [
            "", "4/5", "L4/5/6", "L3/L5", "L5/L4", "C8", "L4 disc", "left", "L", "C0", "_", "腰4",
            "L4-",
        ] {
            let expect = if text == "L4-" { Some("L4") } else { None };
            check(text, expect);
        }
    }
}
