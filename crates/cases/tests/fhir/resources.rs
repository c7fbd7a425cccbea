//! Which resources count, and what they say.

use super::*;

#[test]
fn what_modifiers_change_is_not_used() {
    let modifier = json!([{"url": "http://example.invalid/not", "valueBoolean": true}]);
    let (case, problems) = changed(&[("diagnosis-1", "/modifierExtension", modifier.clone())]);
    assert!(case.unwrap().diagnoses.is_empty());
    assert_eq!(sorted(problems), said(vec![Reason::Modified]));
    rejected(
        "Consent",
        "/provision/modifierExtension",
        modifier,
        &Reason::Modified,
    );
    rejected(
        "Patient",
        "/implicitRules",
        json!("urn:x"),
        &Reason::Modified,
    );
}

#[test]
fn statuses_decide_what_is_read() {
    let check = |name: &str, pointer: &str, new: Value, reason: Reason, parts: [usize; 3]| {
        let (case, problems) = changed(&[(name, pointer, new)]);
        let case = case.unwrap();
        let got = [
            case.imaging.len(),
            case.diagnoses.len(),
            case.treatments.len(),
        ];
        assert_eq!(got, parts, "{name} {pointer}");
        assert_eq!(sorted(problems), said(vec![reason]), "{name} {pointer}");
    };
    let reports = "`final`, `amended`, `corrected` or `appended`";
    let status = |allowed| Reason::Status { allowed };
    check(
        "report-1",
        "/status",
        json!("entered-in-error"),
        status(reports),
        [0, 1, 1],
    );
    check(
        "operation-1",
        "/status",
        json!("not-done"),
        status("`completed`"),
        [1, 1, 0],
    );
    let code = "/verificationStatus/coding/0/code";
    check(
        "diagnosis-1",
        code,
        json!("entered-in-error"),
        Reason::NotConfirmed,
        [1, 0, 1],
    );
    check(
        "diagnosis-1",
        code,
        json!("provisional"),
        Reason::NotConfirmed,
        [1, 0, 1],
    );
    let code = "/clinicalStatus/coding/0/code";
    check(
        "diagnosis-1",
        code,
        json!("resolved"),
        Reason::NotActive,
        [1, 0, 1],
    );
    check(
        "diagnosis-1",
        "/code/text",
        json!("高血压病"),
        Reason::NoConcept,
        [1, 0, 1],
    );
    let other = json!("Patient/other");
    check(
        "diagnosis-1",
        "/subject/reference",
        other.clone(),
        Reason::OtherPatient,
        [1, 0, 1],
    );
    check(
        "report-1",
        "/subject/reference",
        other,
        Reason::OtherPatient,
        [0, 1, 1],
    );
    check(
        "report-1",
        "/imagingStudy/0/reference",
        json!("ImagingStudy/x"),
        Reason::Unresolved,
        [1, 1, 1],
    );
    check(
        "report-1",
        "/presentedForm/0/data",
        json!("%%"),
        Reason::NoForm,
        [1, 1, 1],
    );
    check(
        "operation-1",
        "/performedDateTime",
        json!("1966-03-14"),
        Reason::BeforeBirth,
        [1, 1, 0],
    );
    check(
        "slip-1",
        "/status",
        json!("entered-in-error"),
        status("`final`, `amended` or `corrected`"),
        [1, 1, 1],
    );
    check(
        "slip-1",
        "/valueCodeableConcept/coding/0/code",
        json!("1"),
        Reason::NoConcept,
        [1, 1, 1],
    );
}

#[test]
fn a_report_speaks_through_form_result_or_conclusion() {
    let form = ("report-1", "/presentedForm", Value::Null);
    let results = ("report-1", "/result", Value::Null);
    let conclusion = ("report-1", "/conclusion", Value::Null);
    let check = |changes: &[(&str, &str, Value)], text: &str, impression: Option<&str>| {
        let case = changed(changes).0.unwrap();
        assert_eq!(case.imaging[0].text, text);
        assert_eq!(case.imaging[0].impression.as_deref(), impression);
    };
    let said = Some("腰4/5椎间盘突出（左侧）。");
    check(std::slice::from_ref(&form), "腰4/5椎管轻度狭窄。", said);
    check(
        &[form.clone(), results.clone()],
        "腰4/5椎间盘突出（左侧）。",
        None,
    );
    let (case, problems) = changed(&[form, results, conclusion]);
    assert!(case.unwrap().imaging.is_empty());
    assert!(problems.contains(&Reason::NoText));
}

#[test]
fn contradicting_facts_are_left_out() {
    let text = json!("腰4/5椎间盘突出。腰3/4未见椎间盘突出。腰4/5未见椎间盘突出。");
    let none = |pointer: &'static str| ("report-1", pointer, Value::Null);
    let changes = [
        none("/presentedForm"),
        none("/result"),
        ("report-1", "/conclusion", text),
    ];
    let (case, problems) = changed(&changes);
    assert!(problems.contains(&Reason::Contradiction));
    let levels: Vec<String> = case
        .unwrap()
        .findings
        .iter()
        .filter(|fact| fact.concept == "disc-herniation")
        .map(|fact| fact.level.unwrap().to_string())
        .collect();
    assert_eq!(levels, ["L3/L4"]);
}

#[test]
fn several_bundles_are_one_case() {
    let whole = example();
    let entries = whole["entry"].as_array().unwrap();
    let part = |entries: &[Value]| json!({"resourceType": "Bundle", "type": "searchset", "entry": entries});
    // The patient stands in both bundles, as searches give it.
    let mut second = vec![entries[0].clone()];
    second.extend_from_slice(&entries[7..]);
    let mut patient = entries[0].clone();
    set(&mut patient, "/resource/id", json!("patient-1"));
    let mut first = entries[..7].to_vec();
    first[0] = patient.clone();
    second[0] = patient;
    let (case, problems) = bundles(&[part(&first), part(&second)]);
    assert_eq!(problems, said(vec![]));
    let mut alone = example();
    set(&mut alone, "/entry/0/resource/id", json!("patient-1"));
    assert!(case.unwrap() == bundles(&[alone]).0.unwrap());
    let broken = json!({"resourceType": "Bundle", "type": "history"});
    assert_eq!(bundles(&[whole, broken]).0.err(), Some(Reason::NoBundle));
}

#[test]
fn two_versions_of_a_resource_are_none() {
    let mut bundle = example();
    let mut second = bundle["entry"][entry(&bundle, "diagnosis-1")].clone();
    set(&mut second, "/resource/code/text", json!("腰椎管狭窄症"));
    set(&mut bundle, "/entry/15", second);
    let (case, problems) = bundles(&[bundle]);
    assert!(case.unwrap().diagnoses.is_empty());
    assert_eq!(
        sorted(problems),
        sorted(said(vec![Reason::RepeatedResource]))
    );
}

#[test]
fn references_resolve_by_url_and_by_type_and_id() {
    let mut bundle = example();
    set(&mut bundle, "/entry/0/resource/id", json!("p-1"));
    let text = bundle.to_string().replace(
        &format!("\"reference\":\"{PATIENT}\""),
        "\"reference\":\"Patient/p-1/_history/3\"",
    );
    assert!(!text.contains(&format!("\"reference\":\"{PATIENT}\"")));
    let other: Value = serde_json::from_str(&text).unwrap();
    let (case, problems) = bundles(&[other]);
    assert_eq!(problems, said(vec![]));
    assert!(case.unwrap() == bundles(&[bundle]).0.unwrap());
}
