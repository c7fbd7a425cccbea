//! `case.json`: our own format, read strictly.
//!
//! The person, the consent, the approval, language, age, sex, site and complaint must be
//! right, or there is no case. Every other part is left out when it is wrong, and said.

mod coded;
mod person;
mod words;

use spinemed_core::case::CaseFile;

use crate::cursor::Cursor;
use crate::fault::{Fault, Reason};

pub(crate) use person::OLDEST;

/// The keys of the whole file.
const KEYS: &[&str] = &[
    "schema",
    "patient",
    "language",
    "age",
    "sex",
    "site",
    "consent",
    "ethics",
    "complaint",
    "history",
    "examination",
    "imaging",
    "findings",
    "diagnoses",
    "treatments",
    "course",
    "complications",
    "outcome",
    "follow_up",
    "key_images",
];

/// Longest of the words that a clinician writes in one part, in characters.
pub(crate) const LONGEST_TEXT: usize = 100_000;
/// Longest complaint, follow-up or complication.
pub(crate) const LONGEST_NOTE: usize = 10_000;
/// Longest name, number or address.
pub(crate) const LONGEST_NAME: usize = 1_000;

/// Reads a case. Faults of parts that can be left out go to `faults`.
pub(crate) fn case(root: &Cursor, faults: &mut Vec<Fault>) -> Result<CaseFile, Fault> {
    // The format comes first: of another version no key would be right.
    let schema = root.get("schema");
    if let Some(schema) = schema.filter(|schema| schema.str() != Some(CaseFile::SCHEMA)) {
        return Err(schema.fault(Reason::WrongSchema));
    }
    root.strict(KEYS)?;
    root.required("schema")?;
    let patient = person::patient(&root.required("patient")?)?;
    let birth = patient.birth_date;
    let imaging = coded::imaging(root, birth, faults);
    let key_images = coded::key_images(root, faults);
    let findings = coded::findings(root, &imaging, &key_images, faults);
    let treatments = coded::treatments(root, birth, faults);
    Ok(CaseFile {
        schema: CaseFile::SCHEMA.to_owned(),
        language: root.required("language")?.parsed(person::LANGUAGE)?,
        age: person::age(&root.required("age")?)?,
        sex: person::sex(&root.required("sex")?)?,
        site: root.required("site")?.text(LONGEST_NAME)?,
        consent: person::consent(&root.required("consent")?)?,
        ethics: person::approval(&root.required("ethics")?)?,
        complaint: coded::complaint(&root.required("complaint")?, faults)?,
        history: words::text(root, "history", faults),
        examination: words::text(root, "examination", faults),
        diagnoses: coded::diagnoses(root, faults),
        course: words::text(root, "course", faults),
        complications: words::notes(root, "complications", faults),
        outcome: words::text(root, "outcome", faults),
        follow_up: words::follow_up(root, birth, &treatments, faults),
        patient,
        imaging,
        findings,
        treatments,
        key_images,
    })
}

/// The items of a list that can be read; the others are faults.
fn kept<'a, T>(
    root: &Cursor<'a>,
    key: &'static str,
    faults: &mut Vec<Fault>,
    mut read: impl FnMut(&Cursor<'a>) -> Result<T, Fault>,
) -> Vec<(T, Cursor<'a>)> {
    let Some(list) = root.get(key) else {
        return Vec::new();
    };
    let items = list.list().unwrap_or_else(|fault| {
        faults.push(fault);
        Vec::new()
    });
    let mut all = Vec::new();
    for item in items {
        match read(&item) {
            Ok(value) => all.push((value, item)),
            Err(fault) => faults.push(fault),
        }
    }
    all
}

/// An optional member.
fn optional<'a, T>(
    of: &Cursor<'a>,
    key: &'static str,
    read: impl FnOnce(&Cursor<'a>) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    of.get(key).as_ref().map(read).transpose()
}
