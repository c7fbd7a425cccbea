//! Who is behind the pseudonyms, on request and in a private place: `uids.csv` and
//! `patients.csv` with the columns `id_old,id_new`, and `aliases.csv` with `alias,path`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dicom_object::{InMemDicomObject, Tag};
use spinemed_deidentify::Subject;
use spinemed_store::{read_file, write_private};

use super::DeidError;
use super::clean::Cleaned;
use super::survey::{Survey, trimmed};

/// The old UIDs of an object whose mapped form stands in the clean one, with that form.
pub(super) fn uids(
    raw: &InMemDicomObject,
    clean: &InMemDicomObject,
    subject: &Subject,
) -> BTreeMap<String, String> {
    let (old, new) = (all_uids(raw), all_uids(clean));
    let pairs = old.into_iter().filter_map(|old| {
        let mapped = subject.uid(&old);
        let kept = new.contains(&old);
        let now = if kept { old.clone() } else { mapped };
        new.contains(&now).then_some((old, now))
    });
    // UIDs of the standard stay what they are and name nobody.
    pairs
        .filter(|(old, _)| !old.starts_with("1.2.840.10008."))
        .collect()
}

/// Values of UIDs at every depth.
fn all_uids(object: &InMemDicomObject) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![object];
    while let Some(object) = open.pop() {
        for element in object.iter() {
            open.extend(element.items().unwrap_or_default());
            if element.vr() == dicom_core::VR::UI && element.header().tag != Tag(0, 0) {
                let text = element.to_multi_str().unwrap_or_default();
                let values = text.iter().map(|v| trimmed(v).to_owned());
                found.extend(values.filter(|v| !v.is_empty()));
            }
        }
    }
    found
}

/// Writes the three files. What stood in them from earlier runs stays; a contradiction is an
/// error, because it comes of another key.
///
/// # Errors
/// [`DeidError`].
pub(super) fn write(folder: &Path, survey: &Survey, cleaned: &Cleaned) -> Result<(), DeidError> {
    let mut patients = BTreeMap::new();
    for (pseudonym, patient) in &survey.patients {
        for id in &patient.ids {
            patients.insert(id.clone(), pseudonym.clone());
        }
    }
    let aliases = survey.items.iter();
    let aliases = aliases.map(|item| (item.alias.clone(), item.path.display().to_string()));
    let ids = ["id_old", "id_new"];
    add(&folder.join("uids.csv"), ids, cleaned.uids.clone(), true)?;
    add(&folder.join("patients.csv"), ids, patients, true)?;
    add(
        &folder.join("aliases.csv"),
        ["alias", "path"],
        aliases.collect(),
        false,
    )
}

/// Adds rows to a file. `strict` says that a key has one value for ever.
fn add(
    path: &Path,
    head: [&str; 2],
    rows: BTreeMap<String, String>,
    strict: bool,
) -> Result<(), DeidError> {
    let mut all = if path.exists() {
        read(path)?
    } else {
        BTreeMap::new()
    };
    for (key, value) in rows {
        let earlier = all.insert(key, value.clone());
        if strict && earlier.is_some_and(|earlier| earlier != value) {
            return Err(DeidError::policy(
                format!("`{}` is of another key", path.display()),
                "name another folder with `--mapping`",
            ));
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut put = |row: [&str; 2]| {
        writer
            .write_record(row)
            .expect("writing to memory does not fail");
    };
    put(head);
    for (key, value) in &all {
        put([key, value]);
    }
    let bytes = writer
        .into_inner()
        .expect("writing to memory does not fail");
    Ok(write_private(path, &bytes)?)
}

/// The rows of a file with two columns.
///
/// # Errors
/// [`DeidError::Usage`] when it is none; it repeats nothing of the file.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, String>, DeidError> {
    let bytes = read_file(path)?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let wrong = || {
        DeidError::usage(
            format!("`{}` is no mapping", path.display()),
            "a mapping is CSV with the columns `id_old,id_new`",
        )
    };
    let mut rows = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|_| wrong())?;
        let (Some(old), Some(new)) = (record.get(0), record.get(1)) else {
            return Err(wrong());
        };
        rows.insert(old.to_owned(), new.to_owned());
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_added_and_never_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m/uids.csv");
        let row = |old: &str, new: &str| BTreeMap::from([(old.to_owned(), new.to_owned())]);
        let head = ["id_old", "id_new"];
        add(&path, head, row("b,\"c\"", "2"), true).unwrap();
        add(&path, head, row("a", "1"), true).unwrap();
        add(&path, head, row("a", "1"), true).unwrap();
        assert!(add(&path, head, row("a", "3"), true).is_err());
        let text = String::from_utf8(read_file(&path).unwrap()).unwrap();
        assert_eq!(text, "id_old,id_new\na,1\n\"b,\"\"c\"\"\",2\n");
    }
}
