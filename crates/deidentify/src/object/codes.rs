//! Codes that may stand, with meanings of our own: a code's meaning is free text.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dicom_core::{Tag, VR};
use dicom_object::InMemDicomObject;

use super::value;

const CODES: &str = include_str!("codes.tsv");

const VALUE: Tag = Tag(0x0008, 0x0100);
const SCHEME: Tag = Tag(0x0008, 0x0102);
const MEANING: Tag = Tag(0x0008, 0x0104);

/// The elements of a code that are written anew.
pub(super) const WRITTEN: [Tag; 3] = [VALUE, SCHEME, MEANING];

/// Writes the listed code of an item, with its listed meaning. False where there is none.
pub(super) fn write(raw: &InMemDicomObject, clean: &mut InMemDicomObject) -> bool {
    let Some((scheme, code)) = first(raw, SCHEME).zip(first(raw, VALUE)) else {
        return false;
    };
    // Names that the older SNOMED identifiers had (PS3.16, table 8-1).
    let scheme = match scheme.as_str() {
        "SNM3" | "99SDM" => "SRT",
        scheme => scheme,
    };
    let Some((scheme, code, meaning)) = LISTED.get(&(scheme, code.as_str())) else {
        return false;
    };
    put(clean, scheme, code, meaning);
    true
}

/// Writes a code.
pub(super) fn put(clean: &mut InMemDicomObject, scheme: &str, code: &str, meaning: &str) {
    clean.put(value::text(VALUE, VR::SH, code));
    clean.put(value::text(SCHEME, VR::SH, scheme));
    clean.put(value::text(MEANING, VR::LO, meaning));
}

fn first(raw: &InMemDicomObject, tag: Tag) -> Option<String> {
    value::texts(raw.get(tag)?)?.into_iter().next()
}

type Row = (&'static str, &'static str, &'static str);

static LISTED: LazyLock<BTreeMap<(&str, &str), Row>> = LazyLock::new(|| {
    CODES
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().expect("each row of the codes has three cells");
            let row = (cell(), cell(), cell());
            ((row.0, row.1), row)
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn check(scheme: &str, code: &str, expect: Option<&str>) {
        let (mut raw, mut clean) = (InMemDicomObject::new_empty(), InMemDicomObject::new_empty());
        put(&mut raw, scheme, code, "as Dr Example says");
        let found = write(&raw, &mut clean);
        assert_eq!(found, expect.is_some(), "{scheme} {code}");
        let meaning = clean.get(MEANING).map(|e| e.to_str().unwrap().into_owned());
        assert_eq!(meaning.as_deref(), expect);
    }

    #[test]
    fn meanings_are_the_lists_own() {
        check("SCT", "122496007", Some("Lumbar spine"));
        check("SNM3", "T-11503", Some("Lumbar spine"));
        check("SCT", "12345678", None);
        check("99HOSPITAL", "122496007", None);
    }

    #[test]
    fn the_list_is_well_formed() {
        assert!(LISTED.len() > 1000);
        for (scheme, code, meaning) in LISTED.values() {
            assert!(["SCT", "SRT", "DCM"].contains(scheme), "{scheme}");
            assert!(
                code.len() <= 16 && (1..=64).contains(&meaning.len()),
                "{code}"
            );
        }
    }
}
