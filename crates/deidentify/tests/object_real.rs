//! Files that nobody on this project wrote, and the table's own data. Both lie outside the
//! repository; without `SPINEMED_REAL_DATA` these tests say what they skipped.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests of real files read them where the environment says they are"
)]

#[path = "object/made.rs"]
#[allow(dead_code, reason = "shared with the tests of made objects")]
mod made;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dicom_core::{Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use spinemed_core::profile::Profile;
use spinemed_deidentify::{Key, Known, ObjectRefusal, Policy, Subject, object};

fn real(folder: &str) -> Option<PathBuf> {
    let root = std::env::var("SPINEMED_REAL_DATA").ok();
    let found = root.map(|root| Path::new(&root).join(folder));
    let found = found.filter(|found| found.is_dir());
    if found.is_none() {
        println!("skipped: no `{folder}` under SPINEMED_REAL_DATA");
    }
    found
}

#[test]
fn the_table_is_that_of_the_standard() {
    let Some(folder) = real("dicom-ps315") else {
        return;
    };
    let json = std::fs::read(folder.join("table-e1-1-2024b.json")).unwrap();
    let json: Vec<BTreeMap<String, String>> = serde_json::from_slice(&json).unwrap();
    let rows: BTreeMap<String, Vec<&str>> = include_str!("../src/object/table.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .map(|row| (row[0].to_lowercase(), row))
        .collect();
    let edition = |edition| rows.values().filter(|row| row[6] == edition).count();
    assert_eq!(
        (json.len(), edition("2024b"), edition("2026c")),
        (621, 621, 35)
    );
    for entry in &json {
        let tag = match entry["id"].as_str() {
            id if id.starts_with("gggg") => "odd,xxxx".to_owned(),
            id => format!("{},{}", &id[..4], &id[4..]).to_lowercase(),
        };
        let row = &rows[&tag];
        assert_eq!(row[3], entry["basicProfile"], "{tag}");
        assert_eq!(row[4], entry["stdCompIOD"], "{tag}");
        assert_eq!(row[5], options(entry), "{tag}");
    }
}

fn options(entry: &BTreeMap<String, String>) -> String {
    let columns = [
        ("rtnSafePrivOpt", "private"),
        ("rtnUIDsOpt", "uids"),
        ("rtnDevIdOpt", "device"),
        ("rtnInstIdOpt", "institution"),
        ("rtnPatCharsOpt", "patient"),
        ("rtnLongFullDatesOpt", "full-dates"),
        ("rtnLongModifDatesOpt", "dates"),
        ("cleanDescOpt", "descriptors"),
        ("cleanStructContOpt", "structured"),
        ("cleanGraphOpt", "graphics"),
    ];
    let cells: Vec<String> = columns
        .iter()
        .filter_map(|(column, name)| Some(format!("{name}={}", entry.get(*column)?)))
        .collect();
    if cells.is_empty() {
        "-".to_owned()
    } else {
        cells.join(",")
    }
}

/// The first frame as a picture, where its transfer syntax can be decoded.
fn picture(bytes: &[u8]) -> Option<Vec<u8>> {
    let frame = spinemed_dicom::frame_png(bytes, 1).ok()?;
    Some(frame.media.bytes)
}

#[test]
fn real_objects_of_all_classes_show_the_same_picture_as_before() {
    let Some(folder) = real("dicom") else {
        return;
    };
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for path in files(&folder) {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(mut raw) = spinemed_dicom::read(&bytes) else {
            continue;
        };
        raw.put(made::text(0x0010, 0x0020, VR::LO, made::MRN));
        let mut known = Known::default();
        match object(&raw, &made::subject(), &mut known, &made::objects()) {
            Err(refusal) => *counts.entry(refusal.to_string()).or_default() += 1,
            Ok(clean) => {
                let after = picture(&clean.bytes().unwrap());
                assert_eq!(after, picture(&bytes), "a picture changed");
                *counts.entry("cleaned".to_owned()).or_default() += 1;
                for rule in ["comments", "overlay-bits", "surplus", "content"] {
                    if clean.actions.contains_key(rule) {
                        *counts.entry(format!("cleaned, {rule}")).or_default() += 1;
                    }
                }
            }
        }
    }
    println!("{counts:#?}");
    assert!(counts["cleaned"] >= 60, "{counts:#?}");
}

#[test]
fn real_files_are_cleaned_or_refused_with_a_reason() {
    let Some(folder) = real("dicom") else {
        return;
    };
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut actions: BTreeMap<String, u64> = BTreeMap::new();
    for path in files(&folder) {
        let bytes = std::fs::read(&path).unwrap();
        let outcome = match spinemed_dicom::read(&bytes) {
            Err(error) => format!("unread: {error}"),
            Ok(raw) => outcome(raw, &mut actions),
        };
        *counts.entry(outcome).or_default() += 1;
    }
    println!("{counts:#?}\n{actions:#?}");
    assert!(counts["cleaned"] >= 60, "{counts:#?}");
}

fn outcome(mut raw: Raw, actions: &mut BTreeMap<String, u64>) -> String {
    let first = clean_real(&raw);
    let nobody = ObjectRefusal::NoPatientId;
    let (done, how) = if first == Err(nobody) {
        // Tried again as somebody's, so that more real headers are walked.
        raw.put(made::text(0x0010, 0x0020, VR::LO, "QX88213077"));
        (clean_real(&raw), format!("{nobody}; with one: "))
    } else {
        (first, String::new())
    };
    match done {
        Err(refusal) => format!("{how}refused: {refusal}"),
        Ok(done) => {
            for (rule, count) in done {
                *actions.entry(rule).or_default() += count;
            }
            format!("{how}cleaned")
        }
    }
}

type Raw = dicom_object::FileDicomObject<InMemDicomObject>;

/// Cleans a file as a file of its own patient, and looks for what named the patient.
fn clean_real(raw: &Raw) -> Result<BTreeMap<String, u64>, ObjectRefusal> {
    let id = raw.get(Tag(0x0010, 0x0020)).and_then(patient);
    let key = Key::parse(&Key::file(std::array::from_fn(|at| at as u8 ^ 0x33))).unwrap();
    let subject = Subject::new(&key, id.as_deref().unwrap_or("nobody at all"))
        .or_else(|_| Subject::new(&key, "nobody at all"))
        .unwrap();
    let clean = object(
        raw,
        &subject,
        &mut Known::default(),
        &Policy::pictures(Profile::default()),
    )?;
    let again = dicom_object::from_reader(clean.bytes().unwrap().as_slice()).unwrap();
    assert_eq!(
        again.meta().media_storage_sop_instance_uid(),
        text(&again, Tag(8, 0x18))
    );
    // The pixels may hold any bytes, so the header alone is searched.
    let mut header = clean.object().clone();
    header.remove_element(Tag(0x7FE0, 0x0010));
    let mut bytes = Vec::new();
    header.write_all(&mut bytes).unwrap();
    for secret in secrets(raw) {
        assert!(
            !made::holds(&bytes, &secret, None),
            "an identifier of {} bytes",
            secret.len()
        );
    }
    Ok(clean.actions)
}

/// The identifier, also where a writer did not know its representation.
fn patient(element: &InMemElement) -> Option<String> {
    match element.vr() {
        VR::UN => String::from_utf8(element.to_bytes().ok()?.into_owned()).ok(),
        _ => element.to_str().ok().map(|id| id.into_owned()),
    }
}

/// Names, identifiers of the patient, and UIDs, at every depth.
fn secrets(raw: &InMemDicomObject) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![raw];
    while let Some(object) = open.pop() {
        for element in object.iter() {
            open.extend(element.items().unwrap_or_default());
            let named = matches!(element.vr(), VR::PN | VR::UI)
                || element.header().tag == Tag(0x0010, 0x0020);
            let values = named.then(|| element.to_multi_str().ok()).flatten();
            for value in values.iter().flat_map(|values| values.iter()) {
                let value = value.trim_matches(|c: char| c == '\0' || c.is_whitespace());
                // Shorter texts turn up by chance.
                if value.len() >= 5 && !value.starts_with("1.2.840.10008.") {
                    found.insert(value.to_owned());
                }
            }
        }
    }
    found
}

fn text(object: &InMemDicomObject, tag: Tag) -> String {
    object.get(tag).unwrap().to_str().unwrap().into_owned()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "dcm") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
