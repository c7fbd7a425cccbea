//! `case.json`: what is read, what is left out, what is rejected, and what is never said.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

mod common;
#[path = "case/parts.rs"]
mod parts;

use common::{read, set};
use serde_json::{Value, json};
use spinemed_cases::{CaseError, CaseFile, Reason};

const EXAMPLE: &str = include_str!("data/case.json");

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

/// A pointer and what is wrong there.
type Said = (String, Reason);

/// Reads the example with changes: pointer and reason of its problems, and the case.
fn changed(changes: &[(&str, Value)]) -> (Result<CaseFile, Said>, Vec<Said>) {
    let mut value = example();
    for (pointer, new) in changes {
        set(&mut value, pointer, new.clone());
    }
    let text = serde_json::to_string_pretty(&value).unwrap();
    let read = read(&[("case.json", text.as_bytes())]);
    let problems = read
        .problems
        .into_iter()
        .map(|problem| (problem.place.pointer, problem.reason))
        .collect();
    let case = read
        .case
        .map(|(case, _)| case)
        .map_err(|error| match error {
            CaseError::Record { place, reason, .. } => (place.pointer, reason),
            other => panic!("{other}"),
        });
    (case, problems)
}

/// The change costs one part, and the rest of the case is as it was without that part.
fn left_out(pointer: &str, new: Value, part: &str, place: &str, reason: Reason) {
    let (case, problems) = changed(&[(pointer, new)]);
    assert_eq!(problems, [(place.to_owned(), reason)], "{pointer}");
    let (expect, none) = changed(&[(part, Value::Null)]);
    assert_eq!(none, [], "{part}");
    assert!(case.unwrap() == expect.unwrap(), "{pointer}");
}

/// The change costs the case.
fn rejected(pointer: &str, new: Value, place: &str, reason: Reason) {
    let (case, _) = changed(&[(pointer, new)]);
    assert_eq!(case.unwrap_err(), (place.to_owned(), reason), "{pointer}");
}

#[test]
fn the_example_is_read_whole() {
    let read = read(&[("case.json", EXAMPLE.as_bytes()), ("00ff", b"other")]);
    assert_eq!(read.problems, []);
    assert_eq!(read.others, ["case-0123456789ab/00ff"]);
    let (case, name) = read.case.unwrap();
    assert_eq!(name, "case-0123456789ab/case.json");
    assert!(case == serde_json::from_str::<CaseFile>(EXAMPLE).unwrap());
    assert_eq!((case.findings.len(), case.treatments.len()), (4, 2));
}

#[test]
fn every_key_of_the_format_is_known() {
    // A case with every key, made from the type itself, so that no new field is forgotten.
    let schema = schemars::schema_for!(CaseFile).to_value();
    let mut value = example();
    let keys = |of: &Value| -> Vec<String> {
        of["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    for key in keys(&schema) {
        assert!(!value[&key].is_null(), "the example lacks `{key}`");
    }
    for (part, pointer) in [
        ("Patient", "/patient"),
        ("Consent", "/consent"),
        ("Approval", "/ethics"),
        ("Symptom", "/complaint/symptoms/1"),
        ("ImagingReport", "/imaging/0"),
        ("Treatment", "/treatments/1"),
        ("FollowUp", "/follow_up/0"),
        ("KeyImage", "/key_images/0"),
        ("Diagnosis", "/diagnoses/0"),
    ] {
        let own = value.pointer(pointer).unwrap();
        for key in keys(&schema["$defs"][part]) {
            assert!(!own[&key].is_null(), "the example's {part} lacks `{key}`");
        }
    }
    let all = json!({
        "concept": "disc-herniation", "level": "L5/S1", "level_certainty": "stated",
        "numbering_method": "reporter", "side": "left", "grade": {"scale": "severity", "value": "mild"},
        "measure": {"value": "6.5", "unit": "mm"}, "negated": false, "imaging": "i1", "shown": ["k1"],
    });
    for key in keys(&schema["$defs"]["CaseFinding"]) {
        assert!(!all[&key].is_null(), "`{key}` is not tried");
    }
    set(&mut value, "/findings/4", all);
    let read = read(&[("case.json", value.to_string().as_bytes())]);
    assert_eq!(read.problems, []);
    assert_eq!(read.case.unwrap().0.findings.len(), 5);
}

#[test]
fn what_must_be_right_rejects() {
    let missing = |key| Reason::Missing { key };
    for key in [
        "schema",
        "patient",
        "language",
        "age",
        "sex",
        "site",
        "consent",
        "ethics",
        "complaint",
    ] {
        rejected(&format!("/{key}"), Value::Null, "", missing(key));
    }
    rejected("/patient/id", Value::Null, "/patient", missing("id"));
    rejected("/patient/id", json!(" "), "/patient/id", Reason::Empty);
    rejected(
        "/schema",
        json!("spinemed-case/2"),
        "/schema",
        Reason::WrongSchema,
    );
    rejected(
        "/patient/names/1",
        json!(7),
        "/patient/names/1",
        Reason::WrongType { expected: "a text" },
    );
    rejected(
        "/patient/birth_date",
        json!("1965"),
        "/patient/birth_date",
        Reason::NoDate,
    );
    let lists = Reason::WrongType {
        expected: "a list of texts that are not empty",
    };
    rejected(
        "/patient/identifiers/Mrs Jones",
        json!("0123"),
        "/patient/identifiers",
        lists,
    );
    let nearest = Some("birth_date");
    rejected(
        "/patient/birthdate",
        json!("x"),
        "/patient",
        Reason::UnknownKey { nearest },
    );
    rejected(
        "/histroy",
        json!("x"),
        "",
        Reason::UnknownKey {
            nearest: Some("history"),
        },
    );
    rejected(
        "/Thistlewood",
        json!("x"),
        "",
        Reason::UnknownKey { nearest: None },
    );
    rejected(
        "/age",
        json!(130),
        "/age",
        Reason::OutOfRange {
            least: 0,
            most: 129,
        },
    );
    rejected(
        "/age",
        json!(58.5),
        "/age",
        Reason::OutOfRange {
            least: 0,
            most: 129,
        },
    );
    rejected(
        "/age",
        json!("58"),
        "/age",
        Reason::WrongType {
            expected: "a number",
        },
    );
    let (en, fm) = ("`en`, `zh`", "`F`, `M`, `O`");
    rejected(
        "/language",
        json!("de"),
        "/language",
        Reason::NotOneOf { allowed: en },
    );
    rejected(
        "/sex",
        json!("female"),
        "/sex",
        Reason::NotOneOf { allowed: fm },
    );
    let allowed = "`given`, `waived`, `withdrawn`";
    rejected(
        "/consent/status",
        json!("yes"),
        "/consent/status",
        Reason::NotOneOf { allowed },
    );
    rejected(
        "/consent/expires",
        json!("soon"),
        "/consent/expires",
        Reason::NoDate,
    );
    rejected("/ethics/number", Value::Null, "/ethics", missing("number"));
    rejected(
        "/complaint/text",
        json!(""),
        "/complaint/text",
        Reason::Empty,
    );
    let long = json!("x".repeat(10_001));
    rejected(
        "/complaint/text",
        long,
        "/complaint/text",
        Reason::TooLong { limit: 10_000 },
    );
}

#[test]
fn permission_is_told_from_damage() {
    let lacks = |pointer: &str| {
        let mut value = example();
        set(&mut value, pointer, Value::Null);
        let read = read(&[("case.json", value.to_string().as_bytes())]);
        read.case.unwrap_err().lacks_permission()
    };
    assert!(lacks("/consent") && lacks("/ethics"));
    assert!(!lacks("/patient"));
}

#[test]
fn a_folder_is_one_record() {
    let error = |files: &[(&str, &[u8])]| read(files).case.unwrap_err();
    assert_eq!(error(&[("00ff", b"x")]), CaseError::NoRecord);
    let two: &[(&str, &[u8])] = &[("case.json", b"{}"), ("b/case.json", b"{}")];
    assert_eq!(error(two), CaseError::SeveralRecords);
    let both = read(&[("case.json", EXAMPLE.as_bytes()), ("aa.fhir.json", b"{}")]);
    assert!(both.case.is_ok());
    assert_eq!(both.problems.len(), 1);
    assert_eq!(both.problems[0].file, "case-0123456789ab/aa.fhir.json");
    assert_eq!(both.problems[0].reason, Reason::BundleIgnored);
}

#[test]
fn problems_name_line_and_column() {
    let text = EXAMPLE.replace("\"L4/L5\",\n      \"side\"", "\"nowhere\",\n      \"side\"");
    let read = read(&[("case.json", text.as_bytes())]);
    let line = text
        .lines()
        .position(|line| line.contains("nowhere"))
        .unwrap()
        + 1;
    let expect = format!("/findings/0/level, line {line}, column 16");
    assert_eq!(read.problems[0].place.to_string(), expect);
    let cut = common::read(&[(
        "case.json",
        b"{\n  \"schema\": \"spinemed-case/1\",\n  \"age\": 5,,",
    )]);
    assert_eq!(
        cut.case.unwrap_err().to_string(),
        "`case-0123456789ab/case.json`, line 3, column 12: not JSON: a key expected"
    );
}

#[test]
fn nothing_said_holds_a_value() {
    // Every text of the example in turn becomes a secret; it may be kept, never told.
    const SECRET: &str = "Qzxvwplm-7701";
    let mut pointers = Vec::new();
    leaves(&example(), String::new(), &mut pointers);
    assert!(pointers.len() > 60);
    for pointer in pointers {
        let mut value = example();
        *value.pointer_mut(&pointer).unwrap() = json!(SECRET);
        let mut renamed = example();
        set(
            &mut renamed,
            &format!("{}/{SECRET}", pointer.rsplit_once('/').unwrap().0),
            json!(1),
        );
        for value in [value, renamed] {
            let read = read(&[("case.json", value.to_string().as_bytes())]);
            let mut said = format!("{read:?}");
            if let Err(error) = &read.case {
                said += &format!("{error} {error:?}");
            }
            for problem in &read.problems {
                said += &format!("{} {}", problem.place, problem.reason);
            }
            assert!(!said.contains("Qzxvwplm"), "{pointer}: {said}");
        }
    }
}

/// Pointers of every leaf whose parent is an object.
fn leaves(value: &Value, pointer: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            let pointer = format!("{pointer}/{key}");
            if !value.is_object() && !value.is_array() {
                all.push(pointer.clone());
            }
            leaves(value, pointer, all);
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, item)| leaves(item, format!("{pointer}/{at}"), all)),
        _ => {}
    }
}
