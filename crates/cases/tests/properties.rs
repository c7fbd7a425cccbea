//! What holds for every input: no panic, and what was written is read as it was.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

mod common;

use common::read;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use spinemed_cases::CaseFile;

const CASE: &str = include_str!("data/case.json");
const BUNDLE: &str = include_str!("data/bundle.fhir.json");

fn any_json() -> impl Strategy<Value = Value> {
    let words = select(vec![
        "Bundle",
        "Patient",
        "collection",
        "L4/L5",
        "i1",
        "k1",
        "disc-herniation",
        "2024-05-06",
        "spinemed-case/1",
        "1.2.3",
        "P3M",
        "腰4/5椎间盘突出",
        "#a",
        "Patient/a",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i32>().prop_map(Into::into),
        words.prop_map(Into::into),
        ".{0,12}".prop_map(Into::into),
    ];
    let keys = select(vec![
        "schema",
        "patient",
        "id",
        "names",
        "findings",
        "concept",
        "level",
        "resourceType",
        "type",
        "entry",
        "resource",
        "identifier",
        "name",
        "code",
        "coding",
        "text",
        "contained",
        "period",
    ]);
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::btree_map(keys.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Reads bytes as either record. A case that was read is written and reads as itself.
fn both(bytes: &[u8]) {
    for name in ["case.json", "aa.fhir.json"] {
        let first = read(&[(name, bytes)]);
        for problem in &first.problems {
            assert!(!problem.reason.to_string().is_empty());
        }
        if let Ok((case, _)) = first.case {
            let written = serde_json::to_vec(&case).unwrap();
            let second = read(&[("case.json", &written)]);
            assert!(second.case.unwrap().0 == case);
        }
    }
}

/// Pointers of all values.
fn pointers(value: &Value, pointer: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(key, value)| pointers(value, format!("{pointer}/{key}"), all));
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, item)| pointers(item, format!("{pointer}/{at}"), all)),
        _ => {}
    }
    all.push(pointer);
}

fn day() -> impl Strategy<Value = String> {
    (2020..2026_u16, 1..13_u8, 1..29_u8).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}"))
}

fn words() -> impl Strategy<Value = String> {
    ".{0,40}[a-z腰椎].{0,10}"
}

fn level() -> impl Strategy<Value = &'static str> {
    select(vec![
        "L4", "L4/L5", "L5/S1", "C1/C2", "T11..L2", "L5 root", "Co",
    ])
}

/// Only what the format allows; members that are `null` are absent.
fn valid() -> impl Strategy<Value = Value> {
    let patient = (words(), prop::collection::vec(words(), 0..3), any::<bool>()).prop_map(
        |(id, names, born)| {
            let birth = born.then_some("1950-01-01");
            json!({"id": id, "names": names, "birth_date": birth, "identifiers": {"phone": names}})
        },
    );
    let report = (select(vec!["CT", "MR", "DX", "NM", "US", "other"]), of(day()), words(), of(words()))
        .prop_map(|(modality, date, text, impression)| {
            json!({"modality": modality, "date": date, "text": text, "impression": impression})
        });
    let grade = select(vec![
        ("severity", "mild to moderate"),
        ("pfirrmann", "4"),
        ("meyerding", "II"),
        ("modic", "1"),
        ("rsna-2024-stenosis", "Normal/Mild"),
        ("genant", "0"),
    ])
    .prop_map(|(scale, value)| json!({"scale": scale, "value": value}));
    let finding = (
        level(),
        of(select(vec!["left", "right", "bilateral", "central"])),
        of(grade),
        any::<bool>(),
    )
        .prop_map(|(level, side, grade, negated)| {
            json!({"concept": "disc-herniation", "level": level, "side": side, "grade": grade,
                "negated": negated, "imaging": "i1", "shown": ["k1"]})
        });
    let symptom = select(vec!["P1Y", "P2M3D", "P4W"])
        .prop_map(|duration| json!({"concept": "sciatica", "side": "left", "duration": duration}));
    let visits = prop::collection::vec((of(day()), words()), 0..3);
    let lists = (
        prop::collection::vec(report, 1..4),
        prop::collection::vec(finding, 0..4),
        prop::collection::vec(symptom, 0..3),
        visits,
    );
    (
        patient,
        0..130_u16,
        select(vec!["en", "zh"]),
        select(vec!["F", "M", "O"]),
        words(),
        of(words()),
        lists,
    )
        .prop_map(|(patient, age, language, sex, text, history, lists)| {
            let (mut reports, findings, symptoms, mut visits) = lists;
            for (at, report) in reports.iter_mut().enumerate() {
                report["id"] = format!("i{}", at + 1).into();
            }
            visits.sort();
            let visits: Vec<Value> = visits
                .into_iter()
                .map(|(date, text)| json!({"date": date, "text": text}))
                .collect();
            json!({
                "schema": "spinemed-case/1", "patient": patient, "language": language, "age": age,
                "sex": sex, "site": text, "consent": {"status": "given"},
                "ethics": {"number": text, "expires": "2030-01-01"},
                "complaint": {"text": text, "symptoms": symptoms}, "history": history,
                "imaging": reports, "findings": findings, "follow_up": visits,
                "diagnoses": [{"concept": "low-back-pain"}],
                "treatments": [{"concept": "tlif", "level": "L4..S1", "date": "2019-12-31"}],
                "complications": [text],
                "key_images": [{"id": "k1", "series_uid": "1.2.3", "frame": 7}],
            })
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        both(&bytes);
    }

    #[test]
    fn json_never_panics(value in any_json()) {
        both(value.to_string().as_bytes());
    }

    #[test]
    fn changed_examples_never_panic(at in any::<prop::sample::Index>(), new in any_json(), fhir in any::<bool>()) {
        let mut value: Value = serde_json::from_str(if fhir { BUNDLE } else { CASE }).unwrap();
        let mut all = Vec::new();
        pointers(&value, String::new(), &mut all);
        *value.pointer_mut(&all[at.index(all.len())]).unwrap() = new;
        both(value.to_string().as_bytes());
    }

    #[test]
    fn cut_examples_never_panic(at in any::<prop::sample::Index>(), fhir in any::<bool>()) {
        let bytes = if fhir { BUNDLE } else { CASE }.as_bytes();
        both(&bytes[..at.index(bytes.len())]);
    }

    #[test]
    fn a_valid_case_reads_as_it_was_written(value in valid()) {
        let case: CaseFile = serde_json::from_value(value).unwrap();
        let text = serde_json::to_vec(&case).unwrap();
        let read = read(&[("case.json", &text)]);
        prop_assert_eq!(&read.problems[..], &[]);
        prop_assert!(read.case.unwrap().0 == case);
    }
}
