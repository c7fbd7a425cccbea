//! Condition, Observation and Procedure: coded statements of the patient.

use std::collections::BTreeMap;

use spinemed_core::case::{CaseFinding, Diagnosis, Treatment};
use spinemed_core::finding::Grade;
use spinemed_core::level::Level;
use spinemed_core::vocabulary::{LevelCertainty, NumberingMethod};

use super::code;
use super::day;
use super::imaging::Read;
use super::index::{Index, Resource};
use crate::cursor::Cursor;
use crate::fault::{CaseProblem, Reason};
use crate::file::LONGEST_TEXT;
use crate::term::Kinds;
use crate::value;

/// Diagnoses: confirmed, active conditions that name one concept.
pub(super) fn diagnoses(
    index: &Index,
    patient: usize,
    problems: &mut Vec<CaseProblem>,
) -> Vec<Diagnosis> {
    let mut all: Vec<Diagnosis> = Vec::new();
    for (number, resource) in index.of("Condition") {
        match diagnosis(index, number, patient) {
            Ok(diagnosis) if all.contains(&diagnosis) => {}
            Ok(diagnosis) => all.push(diagnosis),
            Err(reason) => problems.push(resource.problem(reason)),
        }
    }
    all
}

fn diagnosis(index: &Index, number: usize, patient: usize) -> Result<Diagnosis, Reason> {
    let body = &index.at(number).body;
    if !index.is_about(number, patient) {
        return Err(Reason::OtherPatient);
    }
    is_current(body)?;
    let code = body.get("code").ok_or(Reason::Missing { key: "code" })?;
    let concept = code::concept(&code, Kinds::STATE).ok_or(Reason::NoConcept)?;
    let sites = body.items("bodySite");
    Ok(Diagnosis {
        concept: concept.id.to_owned(),
        level: code::level(&sites, &code),
        side: code::side(&sites, &code, concept),
    })
}

/// Whether a condition is confirmed (or says nothing of it) and active (or says nothing).
pub(super) fn is_current(condition: &Cursor) -> Result<(), Reason> {
    let verified = first_code(condition, "verificationStatus");
    if !matches!(verified, None | Some("confirmed")) {
        return Err(Reason::NotConfirmed);
    }
    match first_code(condition, "clinicalStatus") {
        None | Some("active" | "recurrence" | "relapse") => Ok(()),
        Some(_) => Err(Reason::NotActive),
    }
}

fn first_code<'a>(of: &Cursor<'a>, key: &'static str) -> Option<&'a str> {
    let codings = of.get(key)?.items("coding");
    codings.first()?.str_of("code")
}

/// Findings that an Observation codes, with a coded level. Observations of other things
/// (pulse, laboratory) have no such codes, and are not read.
pub(super) fn findings(
    index: &Index,
    patient: usize,
    reports: &[Read],
    problems: &mut Vec<CaseProblem>,
) -> Vec<CaseFinding> {
    let sources = reports_of(index, reports);
    let mut all: Vec<CaseFinding> = Vec::new();
    for (number, resource) in index.of("Observation") {
        let Some((concept, level)) = bound(&resource.body) else {
            continue;
        };
        match finding(index, number, patient, (concept, level)) {
            Ok(mut finding) => {
                finding.imaging = sources.get(&number).cloned();
                if !all.contains(&finding) {
                    all.push(finding);
                }
            }
            Err(reason) => problems.push(resource.problem(reason)),
        }
    }
    all
}

type Named = &'static spinemed_core::clinical::Concept;

fn bound(observation: &Cursor) -> Option<(Named, Level)> {
    let concepts = code::coded(&observation.get("code")?, Kinds::STATE);
    let [concept] = concepts[..] else {
        return None;
    };
    Some((concept, code::coded_level(&[observation.get("bodySite")?])?))
}

fn finding(
    index: &Index,
    number: usize,
    patient: usize,
    (concept, level): (Named, Level),
) -> Result<CaseFinding, Reason> {
    let body = &index.at(number).body;
    if !index.is_about(number, patient) {
        return Err(Reason::OtherPatient);
    }
    if !matches!(
        body.str_of("status"),
        Some("final" | "amended" | "corrected")
    ) {
        let allowed = "`final`, `amended` or `corrected`";
        return Err(Reason::Status { allowed });
    }
    let sites: Vec<Cursor> = body.get("bodySite").into_iter().collect();
    let said = said(body)?;
    let code = body.get("code").ok_or(Reason::Missing { key: "code" })?;
    let quantity = body.get("valueQuantity").and_then(|q| quantity(&q));
    Ok(CaseFinding {
        concept: concept.id.to_owned(),
        level: Some(level),
        level_certainty: LevelCertainty::Stated,
        numbering_method: NumberingMethod::Reporter,
        side: code::side(&sites, &code, concept),
        grade: said.grade,
        measure: quantity,
        negated: said.negated,
        imaging: None,
        shown: Vec::new(),
    })
}

/// What a value says of a finding.
#[derive(Default)]
struct Said {
    negated: bool,
    grade: Option<Grade>,
}

/// Present, absent or a severity, by SNOMED CT's qualifiers or true and false. Another value
/// could say anything, even the contrary: it is an error.
fn said(observation: &Cursor) -> Result<Said, Reason> {
    if let Some(value) = observation.get("valueBoolean") {
        let present = value.bool().map_err(|_| Reason::WrongType {
            expected: "`true` or `false`",
        })?;
        return Ok(Said {
            negated: !present,
            grade: None,
        });
    }
    let Some(value) = observation.get("valueCodeableConcept") else {
        // A quantity, words, or nothing but the code itself, which then is the statement.
        return if observation.get("valueString").is_some()
            || observation.get("dataAbsentReason").is_some()
        {
            Err(Reason::NoConcept)
        } else {
            Ok(Said::default())
        };
    };
    let codings = value.items("coding");
    let codes: Vec<&str> = codings
        .iter()
        .filter_map(|coding| coding.str_of("code"))
        .collect();
    let graded = |word: &str| {
        let grade = value::grade("severity", word).ok();
        Ok(Said {
            negated: false,
            grade,
        })
    };
    match codes[..] {
        ["52101004" | "10828004"] => Ok(Said::default()),
        ["2667000" | "260385009"] => Ok(Said {
            negated: true,
            grade: None,
        }),
        ["255604002"] => graded("mild"),
        ["6736007"] => graded("moderate"),
        ["24484000"] => graded("severe"),
        _ => Err(Reason::NoConcept),
    }
}

fn quantity(quantity: &Cursor) -> Option<spinemed_core::finding::Measure> {
    let crate::json::Json::Number(value) = &quantity.get("value")?.node.json else {
        return None;
    };
    value::measure(
        value,
        quantity
            .str_of("code")
            .or_else(|| quantity.str_of("unit"))?,
    )
    .ok()
}

/// The report that has an observation among its results, by the observation's number.
fn reports_of(index: &Index, reports: &[Read]) -> BTreeMap<usize, String> {
    let mut all = BTreeMap::new();
    for read in reports {
        for result in index.at(read.resource).body.items("result") {
            if let Some(observation) = index.resolve(read.resource, &result) {
                let id = || read.report.id.clone();
                all.entry(observation).or_insert_with(id);
            }
        }
    }
    all
}

/// Treatments: completed procedures that name one concept, by date; undated ones come last.
pub(super) fn treatments(
    index: &Index,
    patient: usize,
    problems: &mut Vec<CaseProblem>,
) -> Vec<Treatment> {
    let mut all: Vec<Treatment> = Vec::new();
    for (number, resource) in index.of("Procedure") {
        match treatment(index, number, patient) {
            Ok(treatment) if all.contains(&treatment) => {}
            Ok(treatment) => all.push(treatment),
            Err(reason) => problems.push(resource.problem(reason)),
        }
    }
    all.sort_by_key(|treatment| (treatment.date.is_none(), treatment.date));
    all
}

fn treatment(index: &Index, number: usize, patient: usize) -> Result<Treatment, Reason> {
    let resource: &Resource = index.at(number);
    let body = &resource.body;
    if !index.is_about(number, patient) {
        return Err(Reason::OtherPatient);
    }
    if body.str_of("status") != Some("completed") {
        return Err(Reason::Status {
            allowed: "`completed`",
        });
    }
    let date = day::first_of(body, &["performedDateTime", "performedPeriod"]);
    if day::is_before_birth(date, &index.at(patient).body) {
        return Err(Reason::BeforeBirth);
    }
    let code = body.get("code").ok_or(Reason::Missing { key: "code" })?;
    let concept = code::concept(&code, Kinds::ACT).ok_or(Reason::NoConcept)?;
    let sites = body.items("bodySite");
    let notes = body.items("note");
    let notes: Vec<&str> = notes
        .iter()
        .filter_map(|note| note.str_of("text"))
        .collect();
    let text = notes.join("\n");
    if text.chars().count() > LONGEST_TEXT {
        return Err(Reason::TooLong {
            limit: LONGEST_TEXT,
        });
    }
    Ok(Treatment {
        concept: concept.id.to_owned(),
        level: code::level(&sites, &code),
        side: code::side(&sites, &code, concept),
        date,
        text: Some(text).filter(|text| !text.trim().is_empty()),
    })
}
