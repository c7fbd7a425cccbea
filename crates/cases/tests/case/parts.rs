//! A wrong part is left out and said; the rest of the case stays.

use super::*;

#[test]
fn a_wrong_finding_is_left_out() {
    let check = |key: &str, new: Value, place: &str, reason: Reason| {
        let pointer = format!("/findings/0/{key}");
        left_out(
            &pointer,
            new,
            "/findings/0",
            &format!("/findings/0{place}"),
            reason,
        );
    };
    let nearest = Some("disc-herniation");
    check(
        "concept",
        json!("disc-hernation"),
        "/concept",
        Reason::NoSuchConcept { nearest },
    );
    check(
        "concept",
        Value::Null,
        "",
        Reason::Missing { key: "concept" },
    );
    let expected = "a finding or condition";
    check(
        "concept",
        json!("discectomy"),
        "/concept",
        Reason::WrongConcept {
            expected,
            nearest: None,
        },
    );
    check(
        "concept",
        json!("spinal-canal-stenosis"),
        "/side",
        Reason::NotSided,
    );
    check("level", json!("L4-5"), "/level", Reason::NoLevel);
    check("level", json!("L7"), "/level", Reason::NoLevel);
    let allowed = "`left`, `right`, `bilateral`, `central`";
    check("side", json!("L"), "/side", Reason::NotOneOf { allowed });
    check("imaging", json!("i2"), "/imaging", Reason::UnknownId);
    check(
        "imaging",
        json!("ACC-2024-55102"),
        "/imaging",
        Reason::NoId { letter: 'i' },
    );
    check("shown", json!(["k1", "k2"]), "/shown/1", Reason::UnknownId);
    check(
        "negated",
        json!("no"),
        "/negated",
        Reason::WrongType {
            expected: "`true` or `false`",
        },
    );
    check(
        "sides",
        json!("left"),
        "",
        Reason::UnknownKey {
            nearest: Some("side"),
        },
    );
    let grade = |scale: &str, value: &str| json!({"scale": scale, "value": value});
    let (_, problems) = changed(&[("/findings/0/grade", grade("pfirrmann", "6"))]);
    assert_eq!(problems[0].0, "/findings/0/grade/value");
    assert!(matches!(
        problems[0].1,
        Reason::NoGrade {
            scale: "pfirrmann",
            ..
        }
    ));
    let (_, problems) = changed(&[("/findings/0/grade", grade("visual", "6"))]);
    assert!(matches!(problems[0].1, Reason::NoScale { .. }));
    let measure = json!({"value": "13800138000", "unit": "mm"});
    let (_, problems) = changed(&[("/findings/0/measure", measure)]);
    assert!(matches!(problems[0].1, Reason::NoMeasure { .. }));
}

#[test]
fn other_wrong_parts_are_left_out() {
    let check = |at: &str, key: &str, new: Value, reason: Reason| {
        let pointer = format!("{at}/{key}");
        left_out(&pointer, new, at, &pointer, reason);
    };
    check(
        "/complaint/symptoms/1",
        "duration",
        json!("3 weeks"),
        Reason::NoDuration,
    );
    check(
        "/diagnoses/0",
        "level",
        json!(45),
        Reason::WrongType { expected: "a text" },
    );
    check(
        "/treatments/1",
        "date",
        json!("2024-01-14"),
        Reason::OutOfOrder,
    );
    check(
        "/treatments/0",
        "date",
        json!("1965-09-01"),
        Reason::BeforeBirth,
    );
    check(
        "/follow_up/1",
        "date",
        json!("2024-05-13"),
        Reason::OutOfOrder,
    );
    check("/follow_up/1", "text", json!(""), Reason::Empty);
    let expected = "a procedure";
    let wrong = Reason::WrongConcept {
        expected,
        nearest: None,
    };
    check("/treatments/0", "concept", json!("low-back-pain"), wrong);
    let wrong = Reason::WrongType { expected: "a text" };
    left_out("/history", json!(["x"]), "/history", "/history", wrong);
    let long = Reason::TooLong { limit: 100_000 };
    left_out(
        "/outcome",
        json!("x".repeat(100_001)),
        "/outcome",
        "/outcome",
        long,
    );
}

#[test]
fn what_names_a_lost_part_is_lost_too() {
    let check = |changes: &[(&str, Value)], expect: &[(&str, Reason)], findings: usize| {
        let (case, problems) = changed(changes);
        let expect: Vec<(String, Reason)> = expect
            .iter()
            .map(|(place, reason)| ((*place).to_owned(), reason.clone()))
            .collect();
        assert_eq!(problems, expect);
        assert_eq!(case.unwrap().findings.len(), findings);
    };
    let unknown = |place| (place, Reason::UnknownId);
    check(
        &[("/imaging/0/study_uid", json!("1.02.3"))],
        &[
            ("/imaging/0/study_uid", Reason::NoUid),
            unknown("/findings/0/imaging"),
            unknown("/findings/1/imaging"),
        ],
        2,
    );
    let second = json!({"id": "i1", "modality": "CT", "text": "No fracture."});
    check(
        &[("/imaging/1", second)],
        &[
            ("/imaging/0", Reason::RepeatedId),
            ("/imaging/1", Reason::RepeatedId),
            unknown("/findings/0/imaging"),
            unknown("/findings/1/imaging"),
        ],
        2,
    );
    check(
        &[("/key_images/0/frame", json!(0))],
        &[
            (
                "/key_images/0/frame",
                Reason::OutOfRange {
                    least: 1,
                    most: u64::from(u32::MAX),
                },
            ),
            unknown("/findings/0/shown/0"),
        ],
        3,
    );
}

#[test]
fn a_visit_before_treatment_is_kept_and_said() {
    let (case, problems) = changed(&[("/follow_up/0/date", json!("2024-01-02"))]);
    assert_eq!(
        problems,
        [("/follow_up/0/date".to_owned(), Reason::BeforeTreatment)]
    );
    assert_eq!(case.unwrap().follow_up.len(), 2);
}

#[test]
fn grades_have_one_spelling() {
    let grade = json!({"scale": "pfirrmann", "value": "IV"});
    let (case, problems) = changed(&[("/findings/2/grade", grade)]);
    assert_eq!(problems, []);
    assert!(case.unwrap() == serde_json::from_str::<CaseFile>(EXAMPLE).unwrap());
}
