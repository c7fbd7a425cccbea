//! Bundles of HL7 FHIR R4 (4.0.1) as a case.
//!
//! Read are Patient, Consent, ResearchStudy, ResearchSubject, Organization, Encounter,
//! Composition, Condition, DiagnosticReport, ImagingStudy, Media, Observation and Procedure.
//! Resources of other types are walked for names and numbers alone. Elements that are not
//! read are left out: nothing of them reaches the case.

mod code;
mod day;
mod fact;
mod harvest;
mod imaging;
mod index;
mod key_image;
mod permission;
mod person;
mod statement;
mod words;

use spinemed_core::case::{CaseFile, Complaint, ImagingReport};
use spinemed_core::vocabulary::Language;

use crate::fault::{CaseError, CaseProblem, Reason};
use crate::file::{LONGEST_NOTE, LONGEST_TEXT};
use crate::json::Node;
use index::Index;
use words::Section;

/// Reads the bundles of one folder, which are one case together.
pub(crate) fn case(
    bundles: &[(&str, &Node)],
    problems: &mut Vec<CaseProblem>,
) -> Result<CaseFile, CaseError> {
    let index = Index::new(bundles, problems)?;
    let number = person::only(&index)?;
    let patient = person::patient(&index, number)?;
    let consent = permission::consent(&index, number)?;
    let ethics = permission::approval(&index, number)?;
    let sections = words::sections(&index, number, problems);
    let reads = imaging::reports(&index, number, problems);
    let key_images = key_image::key_images(&index, &reads, problems);
    let mut findings = statement::findings(&index, number, &reads, problems);
    for fact in fact::facts(&index, &reads, problems) {
        if !findings.contains(&fact) {
            findings.push(fact);
        }
    }
    let complaint = complaint(&index, number, &sections)?;
    let part = |part: Section| joined(&index, &sections, part);
    let [history, examination, course, complications, outcome] = [
        Section::History,
        Section::Examination,
        Section::Course,
        Section::Complications,
        Section::Outcome,
    ]
    .map(part);
    let imaging: Vec<ImagingReport> = reads.into_iter().map(|read| read.report).collect();
    Ok(CaseFile {
        schema: CaseFile::SCHEMA.to_owned(),
        language: language(&index, &complaint, &imaging),
        age: person::age(&index, number)?,
        sex: person::sex(&index, number)?,
        site: person::site(&index, number)?,
        diagnoses: statement::diagnoses(&index, number, problems),
        treatments: statement::treatments(&index, number, problems),
        complications: complications?.into_iter().collect(),
        history: history?,
        examination: examination?,
        course: course?,
        outcome: outcome?,
        follow_up: Vec::new(),
        complaint: Complaint {
            text: complaint,
            symptoms: Vec::new(),
        },
        patient,
        consent,
        ethics,
        imaging,
        findings,
        key_images,
    })
}

/// All sections of a part.
fn joined(
    index: &Index,
    sections: &[(Section, String)],
    wanted: Section,
) -> Result<Option<String>, CaseError> {
    let texts = sections.iter().filter(|(part, _)| *part == wanted);
    let texts: Vec<&str> = texts.map(|(_, text)| text.as_str()).collect();
    let text = texts.join("\n");
    let short = matches!(wanted, Section::Complaint | Section::Complications);
    let limit = if short { LONGEST_NOTE } else { LONGEST_TEXT };
    if text.chars().count() > limit {
        return Err(index.lacks(Reason::TooLong { limit }));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Why the patient came: the section of the document, the first encounter's reason in words,
/// or the encounter's diagnosis in words.
fn complaint(
    index: &Index,
    patient: usize,
    sections: &[(Section, String)],
) -> Result<String, CaseError> {
    let section = joined(index, sections, Section::Complaint)?;
    let own = |kind: &'static str| {
        index
            .of(kind)
            .filter(|(at, _)| index.is_about(*at, patient))
    };
    let reason = || {
        let mut reasons =
            own("Encounter").flat_map(|(_, encounter)| encounter.body.items("reasonCode"));
        reasons.find_map(|reason| reason.str_of("text").map(str::to_owned))
    };
    let diagnosis = || {
        let mut all = own("Condition").filter(|(_, condition)| {
            is_encounter_diagnosis(&condition.body)
                && statement::is_current(&condition.body).is_ok()
        });
        all.find_map(|(_, condition)| {
            let text = condition.body.get("code")?.str_of("text")?;
            Some(text.to_owned())
        })
    };
    let full = |text: &String| !text.trim().is_empty() && text.chars().count() <= LONGEST_NOTE;
    section
        .or_else(reason)
        .or_else(diagnosis)
        .filter(full)
        .ok_or_else(|| index.lacks(Reason::NoComplaint))
}

fn is_encounter_diagnosis(condition: &crate::cursor::Cursor) -> bool {
    let categories = condition.items("category");
    categories.iter().any(|category| {
        let codings = category.items("coding");
        codings
            .iter()
            .any(|coding| coding.str_of("code") == Some("encounter-diagnosis"))
    })
}

/// The language that a report or document declares, or else that of the script it is in.
fn language(index: &Index, complaint: &str, reports: &[ImagingReport]) -> Language {
    let declared = ["DiagnosticReport", "Composition"]
        .into_iter()
        .find_map(|kind| {
            let mut all = index.of(kind);
            all.find_map(
                |(_, resource)| match resource.body.str_of("language")?.get(..2)? {
                    "zh" => Some(Language::Zh),
                    "en" => Some(Language::En),
                    _ => None,
                },
            )
        });
    let texts = || {
        reports
            .iter()
            .map(|report| report.text.as_str())
            .chain([complaint])
    };
    let han = |char: &char| matches!(char, '\u{3400}'..='\u{9FFF}');
    let letters = texts()
        .flat_map(str::chars)
        .filter(|char| char.is_alphabetic());
    let (all, chinese) = letters.fold((0_usize, 0_usize), |(all, chinese), char| {
        (all + 1, chinese + usize::from(han(&char)))
    });
    // A Han character says about as much as two to three letters.
    declared.unwrap_or(if 3 * chinese > all {
        Language::Zh
    } else {
        Language::En
    })
}
