//! Codes that reports, segmentations and maps use, with meanings of our own, and which of them
//! ask for something that names somebody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use dicom_core::Tag;
use dicom_object::InMemDicomObject;

use super::{codes, value};

const CONCEPTS: &str = include_str!("concepts.tsv");

const VALUE: Tag = Tag(0x0008, 0x0100);
const SCHEME: Tag = Tag(0x0008, 0x0102);

/// Concepts of the scheme DCM (PS3.16, annex D) whose values identify, with the class that
/// texts are searched for them under.
const IDENTIFYING: &[(&str, &str)] = &[
    ("110190", "other"), // Issuer of Identifier
    ("111706", "other"), // Issuer of Parent Specimen Identifier
    ("111724", "other"), // Issuer of Specimen Identifier
    ("113870", "name"),  // Person Name
    ("113871", "id"),    // Person ID
    ("113872", "place"), // Person ID Issuer
    ("113873", "place"), // Organization Name
    ("113877", "other"), // Device Name
    ("113880", "id"),    // Device Serial Number
    ("121008", "name"),  // Person Observer Name
    ("121009", "place"), // Person Observer's Organization Name
    ("121013", "other"), // Device Observer Name
    ("121016", "id"),    // Device Observer Serial Number
    ("121017", "place"), // Device Observer Physical Location During Observation
    ("121018", "id"),    // Procedure Study Instance UID
    ("121020", "id"),    // Placer Number
    ("121021", "id"),    // Filler Number
    ("121022", "id"),    // Accession Number
    ("121029", "name"),  // Subject Name
    ("121030", "id"),    // Subject ID
    ("121031", "date"),  // Subject Birth Date
    ("121040", "id"),    // Specimen Accession Number
    ("121114", "name"),  // Performing Physician
    ("121193", "other"), // Device Subject Name
    ("121196", "id"),    // Device Subject Serial Number
    ("121197", "place"), // Device Subject Physical Location during observation
    ("121434", "place"), // Service Delivery Location
    ("122143", "id"),    // Acquisition Device ID
    ("128774", "name"),  // Person Observer's Login Name
];

/// Writes the listed code of an item, of this list or the shorter one, with its listed
/// meaning. False where there is none.
pub(super) fn write(raw: &InMemDicomObject, clean: &mut InMemDicomObject) -> bool {
    if codes::write(raw, clean) {
        return true;
    }
    let Some((scheme, code)) = code(raw) else {
        return false;
    };
    let Some((scheme, code, meaning)) = LISTED.get(&(scheme.as_str(), code.as_str())) else {
        return false;
    };
    codes::put(clean, scheme, code, meaning);
    true
}

/// Writes a code of SNOMED CT or LOINC that no list has, if its check digit is right and it is
/// none of the object's identifiers. The meaning, being free text, is the code itself. A number
/// that somebody took down as such a code by mistake fails nine times in ten.
pub(super) fn write_checked(
    raw: &InMemDicomObject,
    clean: &mut InMemDicomObject,
    identifiers: &BTreeSet<String>,
) -> bool {
    let Some((scheme, code)) = code(raw).filter(|(_, code)| !identifiers.contains(code)) else {
        return false;
    };
    let right = match scheme.as_str() {
        "SCT" => (6..=16).contains(&code.len()) && verhoeff(&code),
        "LN" => (3..=10).contains(&code.len()) && code.split_once('-').is_some_and(luhn),
        _ => false,
    };
    if right {
        codes::put(clean, &scheme, &code, &format!("{scheme} {code}"));
    }
    right
}

/// The check digit of SNOMED CT identifiers (Verhoeff, in the dihedral group of order 10).
fn verhoeff(code: &str) -> bool {
    const ORDER: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    // Digits are turns (0 to 4) and flips (5 to 9) of a pentagon.
    let product = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let mut sum = 0;
    for (at, digit) in code.bytes().rev().enumerate() {
        if !digit.is_ascii_digit() {
            return false;
        }
        let mut digit = digit - b'0';
        for _ in 0..at % 8 {
            digit = ORDER[usize::from(digit)];
        }
        sum = product(sum, digit);
    }
    sum == 0
}

/// The check digit of LOINC codes (modulus 10, every other digit from the last on doubled).
fn luhn((number, check): (&str, &str)) -> bool {
    let digits = || number.bytes().rev().enumerate();
    if number.is_empty() || !digits().all(|(_, digit)| digit.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = digits()
        .map(|(at, digit)| {
            let digit = u32::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    check == ((10 - sum % 10) % 10).to_string()
}

/// The class of identifiers that a concept's value belongs to, where it does.
pub(super) fn identifying(raw: &InMemDicomObject) -> Option<&'static str> {
    let (scheme, code) = code(raw)?;
    let listed = IDENTIFYING.iter().find(|(listed, _)| *listed == code);
    listed.filter(|_| scheme == "DCM").map(|(_, class)| *class)
}

/// Scheme and value of a code.
fn code(raw: &InMemDicomObject) -> Option<(String, String)> {
    let first = |tag| value::texts(raw.get(tag)?)?.into_iter().next();
    let scheme: String = first(SCHEME)?;
    let scheme = match scheme.as_str() {
        "SNM3" | "99SDM" => "SRT".to_owned(),
        _ => scheme,
    };
    Some((scheme, first(VALUE)?))
}

type Row = (&'static str, &'static str, &'static str);

static LISTED: LazyLock<BTreeMap<(&str, &str), Row>> = LazyLock::new(|| {
    CONCEPTS
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut cells = line.split('\t');
            let mut cell = || {
                cells
                    .next()
                    .expect("each row of the concepts has three cells")
            };
            let row = (cell(), cell(), cell());
            ((row.0, row.1), row)
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_well_formed() {
        assert!(LISTED.len() > 5000);
        for (scheme, code, meaning) in LISTED.values() {
            assert!(
                ["DCM", "SCT", "SRT", "LN", "UCUM", "IBSI"].contains(scheme),
                "{scheme}"
            );
            let sizes = code.len() <= 16 && (1..=64).contains(&meaning.len());
            assert!(sizes && meaning.is_ascii(), "{code}");
        }
    }

    fn check(scheme: &str, code: &str, expect: Option<&str>) {
        let (mut raw, mut clean) = (InMemDicomObject::new_empty(), InMemDicomObject::new_empty());
        codes::put(&mut raw, scheme, code, "of Dr Example");
        assert_eq!(write(&raw, &mut clean), expect.is_some(), "{code}");
        let meaning = clean.get(Tag(0x0008, 0x0104));
        let meaning = meaning.map(|element| element.to_str().unwrap().into_owned());
        assert_eq!(meaning.as_deref(), expect);
    }

    #[test]
    fn check_digits() {
        let check = |scheme: &str, code: &str, expect: bool| {
            let mut raw = InMemDicomObject::new_empty();
            codes::put(&mut raw, scheme, code, "of Dr Example");
            let mut clean = InMemDicomObject::new_empty();
            let known = BTreeSet::from(["122496007".to_owned()]);
            assert_eq!(write_checked(&raw, &mut clean, &known), expect, "{code}");
            assert_eq!(clean.get(VALUE).is_some(), expect);
        };
        // Codes of the lists, and the same with a wrong digit.
        for (scheme, code, _) in LISTED.values() {
            if *scheme == "SCT" && *code != "122496007" {
                check("SCT", code, true);
                let last = code.as_bytes()[code.len() - 1] - b'0';
                let wrong = format!("{}{}", &code[..code.len() - 1], (last + 1) % 10);
                check("SCT", &wrong, false);
            }
        }
        check("SCT", "122496007", false);
        check("LN", "18783-1", true);
        check("LN", "18783-2", false);
        check("LN", "-", false);
        check("SCT", "5550199x", false);
        check("99HOSPITAL", "76107001", false);
    }

    #[test]
    fn meanings_are_the_lists_own() {
        check("DCM", "121071", Some("Finding"));
        check("UCUM", "mm", Some("millimeter"));
        check("LN", "18783-1", Some("Recommendations"));
        check("SCT", "122496007", Some("Lumbar spine"));
        check("99HOSPITAL", "121071", None);
        check("DCM", "Dr Example", None);
    }
}
