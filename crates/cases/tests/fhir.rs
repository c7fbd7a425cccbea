//! FHIR bundles: what is read, what is left out, what is rejected.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

mod common;
#[path = "fhir/resources.rs"]
mod resources;

use common::{read, set};
use serde_json::{Value, json};
use spinemed_cases::{CaseError, CaseFile, Reason};
use spinemed_core::case::{ConsentStatus, Sex};
use spinemed_core::vocabulary::{Language, Modality, Side};

const EXAMPLE: &str = include_str!("data/bundle.fhir.json");
const PATIENT: &str = "urn:uuid:0b2f8e50-6f0a-4c55-8a51-1d1f7c6f0001";

type Read = (Result<CaseFile, Reason>, Vec<Reason>);

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

fn bundles(all: &[Value]) -> Read {
    let texts: Vec<(String, String)> = all
        .iter()
        .enumerate()
        .map(|(at, bundle)| (format!("{at:016x}.fhir.json"), bundle.to_string()))
        .collect();
    let files: Vec<(&str, &[u8])> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes()))
        .collect();
    let read = read(&files);
    let case = read
        .case
        .map(|(case, _)| case)
        .map_err(|error| match error {
            CaseError::Record { reason, .. } => reason,
            other => panic!("{other}"),
        });
    (
        case,
        read.problems
            .into_iter()
            .map(|problem| problem.reason)
            .collect(),
    )
}

/// The number of the entry with the resource of a type, and an id where there are several.
fn entry(bundle: &Value, name: &str) -> usize {
    let entries = bundle["entry"].as_array().unwrap();
    let named = |entry: &Value| {
        let resource = &entry["resource"];
        resource["id"] == name || resource["resourceType"] == name
    };
    entries.iter().position(named).unwrap()
}

/// Reads the example with members of resources set; an empty pointer removes the resource.
fn changed(changes: &[(&str, &str, Value)]) -> Read {
    let mut bundle = example();
    for (name, pointer, new) in changes {
        let at = entry(&bundle, name);
        let whole = format!("/entry/{at}");
        if pointer.is_empty() {
            set(&mut bundle, &whole, Value::Null);
        } else {
            set(
                &mut bundle,
                &format!("{whole}/resource{pointer}"),
                new.clone(),
            );
        }
    }
    bundles(&[bundle])
}

/// The reason why there is no case after a change.
fn rejected(name: &str, pointer: &str, new: Value, expect: &Reason) {
    let (case, _) = changed(&[(name, pointer, new)]);
    assert_eq!(case.as_ref().err(), Some(expect), "{name} {pointer}");
}

/// The problems of the example are those of its refuted condition.
fn said(mut more: Vec<Reason>) -> Vec<Reason> {
    more.push(Reason::NotConfirmed);
    more.sort();
    more
}

fn sorted(mut reasons: Vec<Reason>) -> Vec<Reason> {
    reasons.sort();
    reasons
}

#[test]
fn the_example_becomes_a_case() {
    let (case, problems) = bundles(&[example()]);
    assert_eq!(problems, said(vec![]));
    let case = case.unwrap();
    assert_eq!(
        (case.language, case.age, case.sex),
        (Language::Zh, 58, Sex::F)
    );
    assert_eq!(case.site, "云汀市第九人民医院");
    assert_eq!(case.consent.status, ConsentStatus::Given);
    assert_eq!(case.consent.expires.unwrap().to_string(), "2030-12-31");
    assert_eq!(case.ethics.number, "YTJY-LS-2023-077");
    assert_eq!(case.ethics.expires.unwrap().to_string(), "2029-06-30");
    assert_eq!(case.complaint.text, "腰痛伴左下肢放射痛3月余");
    assert_eq!(
        case.history.as_deref(),
        Some("患者3月前搬重物后出现腰痛，保守治疗无效。")
    );
    assert_eq!(
        case.examination.as_deref(),
        Some("左侧直腿抬高试验阳性（40°）。")
    );
    assert_eq!(case.course.as_deref(), Some("术后左下肢疼痛明显缓解。"));
    let report = &case.imaging[0];
    assert_eq!((report.modality, report.id.as_str()), (Modality::Mr, "i1"));
    assert_eq!(
        report.study_uid.as_deref(),
        Some("2.25.302114987340058812660917335400218844201")
    );
    assert_eq!(
        report.impression.as_deref(),
        Some("腰4/5椎间盘突出（左侧）。")
    );
    assert!(report.text.starts_with("检查所见：腰4/5椎间盘"));
    let image = &case.key_images[0];
    assert!(image.series_uid.ends_with("4202"));
    assert!(image.instance_uid.as_ref().unwrap().ends_with("4203"));
    let diagnosis = &case.diagnoses[..];
    assert_eq!(diagnosis.len(), 1);
    assert_eq!(diagnosis[0].concept, "disc-herniation");
    assert_eq!(diagnosis[0].level.unwrap().to_string(), "L4/L5");
    assert_eq!(diagnosis[0].side, Some(Side::Left));
    assert_eq!(case.treatments[0].concept, "discectomy");
    assert_eq!(case.treatments[0].level.unwrap().to_string(), "L4/L5");
    assert_eq!(
        case.treatments[0].text.as_deref(),
        Some("手术顺利，出血少。")
    );
}

#[test]
fn facts_are_bound_from_codes_and_words() {
    let case = bundles(&[example()]).0.unwrap();
    let facts: Vec<String> = case
        .findings
        .iter()
        .map(|fact| {
            let level = fact
                .level
                .map(|level| level.to_string())
                .unwrap_or_default();
            let side = fact.side.map(|side| side.as_str()).unwrap_or_default();
            let grade = fact
                .grade
                .as_ref()
                .map(|grade| grade.value.as_str())
                .unwrap_or_default();
            let from = fact.imaging.as_deref().unwrap_or("-");
            format!(
                "{}|{level}|{side}|{grade}|{}|{from}",
                fact.concept, fact.negated
            )
        })
        .collect();
    for expect in [
        "spondylolisthesis|L4/L5|||true|-",
        "spinal-canal-stenosis|L4/L5||mild|false|i1",
        "disc-herniation|L4/L5|left||false|i1",
    ] {
        assert!(
            facts.iter().any(|fact| fact == expect),
            "{expect} is not in {facts:#?}"
        );
    }
    assert!(
        facts.iter().all(|fact| !fact.contains("||||")),
        "a fact without level: {facts:#?}"
    );
}

#[test]
fn everybody_in_the_bundle_is_known() {
    let patient = bundles(&[example()]).0.unwrap().patient;
    assert_eq!(patient.id, "ZY0048213");
    assert_eq!(patient.birth_date.unwrap().to_string(), "1966-03-15");
    assert_eq!(patient.names, ["欧阳^晓岚", "欧阳晓岚"]);
    let check = |kind: &str, expect: &[&str]| {
        assert_eq!(patient.identifiers.get(kind).unwrap(), expect, "{kind}");
    };
    check("phone", &["19900001234", "19900005678"]);
    check("relative", &["慕容启明"]);
    check("physician", &["司徒远航"]);
    check(
        "place",
        &["云汀九院", "云汀市", "云汀市第九人民医院", "松溪区"],
    );
    check("address", &["云汀市松溪区竹影路88号3栋502室"]);
    let has = |kind: &str, value: &str| patient.identifiers[kind].iter().any(|v| v == value);
    assert!(has("accession", "MR20240507031"));
    assert!(has("id", "ZY0048213") && has("id", "990101196603150027"));
    assert!(has("id", "YTJY-LS-2023-077"));
}

#[test]
fn names_are_found_wherever_they_stand() {
    let check = |name: &str, pointer: &str, new: Value, kind: &str, value: &str| {
        let case = changed(&[(name, pointer, new)]).0.unwrap();
        let found = case
            .patient
            .identifiers
            .get(kind)
            .cloned()
            .unwrap_or_default();
        assert!(
            found.iter().any(|v| v == value),
            "{name} {pointer}: {found:?}"
        );
    };
    let display = |text: &str| json!([{ "display": text }]);
    check(
        "report-1",
        "/resultsInterpreter",
        display("A. Writer"),
        "physician",
        "A. Writer",
    );
    check(
        "operation-1",
        "/performer",
        json!([{"actor": {"display": "B. Knife"}}]),
        "physician",
        "B. Knife",
    );
    check(
        "stay-1",
        "/location",
        json!([{"location": {"display": "Ward 9"}}]),
        "place",
        "Ward 9",
    );
    check(
        "stay-1",
        "/identifier",
        json!([{"value": "V-77"}]),
        "id",
        "V-77",
    );
    let extension = json!([{"url": "x", "valueAddress": {"city": "Farhaven"}}]);
    check("Patient", "/extension", extension, "place", "Farhaven");
    let strange = json!({"resourceType": "Coverage", "subscriberId": "S-1", "id": "cover"});
    let mut bundle = example();
    set(&mut bundle, "/entry/15", json!({ "resource": strange }));
    let case = bundles(&[bundle]).0.unwrap();
    assert_eq!(case.patient.identifiers["insurance"], ["S-1"]);
}

#[test]
fn what_must_be_there_rejects() {
    let status = |status: &str| json!(status);
    rejected("Patient", "", json!(0), &Reason::NoPatient);
    rejected(
        "Patient",
        "/identifier",
        json!([{"value": "a"}, {"value": "b"}]),
        &Reason::NoPatientId,
    );
    rejected("Patient", "/gender", json!("unknown"), &Reason::NoSex);
    rejected("Patient", "/birthDate", json!("1966"), &Reason::NoAge);
    rejected(
        "Patient",
        "/managingOrganization",
        Value::Null,
        &Reason::NoSite,
    );
    rejected("Consent", "", json!(0), &Reason::NoConsent);
    rejected("Consent", "/status", status("draft"), &Reason::NoConsent);
    rejected(
        "Consent",
        "/scope/coding/0/code",
        json!("treatment"),
        &Reason::NoConsent,
    );
    rejected(
        "Consent",
        "/patient/reference",
        json!("Patient/other"),
        &Reason::NoConsent,
    );
    rejected(
        "Consent",
        "/provision/period/end",
        json!("later"),
        &Reason::UnclearConsent,
    );
    rejected(
        "Consent",
        "/provision/provision",
        json!([{"type": "deny"}]),
        &Reason::UnclearConsent,
    );
    rejected("ResearchStudy", "", json!(0), &Reason::NoEthics);
    rejected(
        "ResearchStudy",
        "/status",
        status("in-review"),
        &Reason::NoEthics,
    );
    rejected(
        "ResearchStudy",
        "/identifier",
        Value::Null,
        &Reason::NoEthics,
    );
    rejected(
        "ResearchSubject",
        "/individual/reference",
        json!("Patient/x"),
        &Reason::NoEthics,
    );
    let mut bundle = example();
    set(&mut bundle, "/type", json!("message"));
    assert_eq!(bundles(&[bundle]).0.err(), Some(Reason::NoBundle));
    let mut bundle = example();
    set(
        &mut bundle,
        "/entry/15",
        json!({"resource": {"resourceType": "Patient", "id": "two"}}),
    );
    assert_eq!(bundles(&[bundle]).0.err(), Some(Reason::SeveralPatients));
}

#[test]
fn consent_fails_closed() {
    let check = |changes: &[(&str, &str, Value)], status: ConsentStatus, expires: Option<&str>| {
        let consent = changed(changes).0.unwrap().consent;
        assert_eq!(consent.status, status);
        assert_eq!(
            consent.expires.map(|day| day.to_string()).as_deref(),
            expires
        );
    };
    let withdrawn = ConsentStatus::Withdrawn;
    check(
        &[("Consent", "/status", json!("inactive"))],
        withdrawn,
        None,
    );
    check(
        &[("Consent", "/status", json!("rejected"))],
        withdrawn,
        None,
    );
    check(
        &[("Consent", "/provision/type", json!("deny"))],
        withdrawn,
        None,
    );
    check(
        &[("ResearchSubject", "/status", json!("withdrawn"))],
        withdrawn,
        None,
    );
    check(
        &[("Consent", "/provision", Value::Null)],
        ConsentStatus::Given,
        None,
    );
    let year = json!("2027");
    check(
        &[("Consent", "/provision/period/end", year)],
        ConsentStatus::Given,
        Some("2027-01-01"),
    );
    let mut bundle = example();
    let mut second = bundle["entry"][entry(&bundle, "Consent")].clone();
    set(&mut second, "/resource/status", json!("inactive"));
    set(&mut bundle, "/entry/15", second);
    assert_eq!(bundles(&[bundle]).0.unwrap().consent.status, withdrawn);
}

#[test]
fn nothing_said_holds_a_value() {
    let mut pointers = Vec::new();
    leaves(&example(), String::new(), &mut pointers);
    for pointer in pointers {
        let mut bundle = example();
        *bundle.pointer_mut(&pointer).unwrap() = json!("Qzxvwplm-7701");
        let text = bundle.to_string();
        let read = read(&[("aa.fhir.json", text.as_bytes())]);
        let mut said = format!("{read:?}");
        if let Err(error) = &read.case {
            said += &format!("{error} {error:?}");
        }
        assert!(!said.contains("Qzxvwplm"), "{pointer}: {said}");
    }
}

/// Pointers of every leaf.
fn leaves(value: &Value, pointer: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(key, value)| leaves(value, format!("{pointer}/{key}"), all));
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, item)| leaves(item, format!("{pointer}/{at}"), all)),
        _ => all.push(pointer),
    }
}
