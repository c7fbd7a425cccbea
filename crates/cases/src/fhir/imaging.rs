//! DiagnosticReport and ImagingStudy: reports with their studies.

use spinemed_core::case::ImagingReport;
use spinemed_core::clinical;
use spinemed_core::vocabulary::Modality;

use super::day;
use super::index::{Index, Resource};
use super::words::{attached, narrative};
use crate::cursor::Cursor;
use crate::fault::{CaseProblem, Reason};
use crate::file::LONGEST_TEXT;
use crate::value::is_uid;

/// A report and the resource that it came from.
pub(super) struct Read {
    /// The resource, by number.
    pub(super) resource: usize,
    /// The report.
    pub(super) report: ImagingReport,
}

/// The patient's imaging reports, `i1` … in the order of the bundles.
pub(super) fn reports(index: &Index, patient: usize, problems: &mut Vec<CaseProblem>) -> Vec<Read> {
    let mut all: Vec<Read> = Vec::new();
    for (number, resource) in index.of("DiagnosticReport") {
        if !is_imaging(&resource.body) {
            continue;
        }
        let id = format!("i{}", all.len() + 1);
        match report(index, number, patient, id, problems) {
            Ok(report) => all.push(Read {
                resource: number,
                report,
            }),
            Err(reason) => problems.push(resource.problem(reason)),
        }
    }
    all
}

/// Sections of HL7 v2 table 0074 that make pictures, with what they make.
const SECTIONS: [(&str, Option<Modality>); 10] = [
    ("RAD", None),
    ("IMG", None),
    ("LP29684-5", None),
    ("CT", Some(Modality::Ct)),
    ("NMR", Some(Modality::Mr)),
    ("RX", Some(Modality::Xr)),
    ("NMS", Some(Modality::Nm)),
    ("RUS", Some(Modality::Us)),
    ("OUS", Some(Modality::Us)),
    ("VUS", Some(Modality::Us)),
];

fn sections(report: &Cursor) -> Vec<Option<Modality>> {
    let categories = report.items("category");
    let codings = categories
        .iter()
        .flat_map(|category| category.items("coding"));
    let codes = codings.filter_map(|coding| coding.str_of("code"));
    codes
        .filter_map(|code| SECTIONS.iter().find(|(known, _)| *known == code))
        .map(|(_, modality)| *modality)
        .collect()
}

fn is_imaging(report: &Cursor) -> bool {
    !sections(report).is_empty() || !report.items("imagingStudy").is_empty()
}

fn report(
    index: &Index,
    number: usize,
    patient: usize,
    id: String,
    problems: &mut Vec<CaseProblem>,
) -> Result<ImagingReport, Reason> {
    let resource = index.at(number);
    let body = &resource.body;
    if !index.is_about(number, patient) {
        return Err(Reason::OtherPatient);
    }
    if !matches!(
        body.str_of("status"),
        Some("final" | "amended" | "corrected" | "appended")
    ) {
        let allowed = "`final`, `amended`, `corrected` or `appended`";
        return Err(Reason::Status { allowed });
    }
    let date = day::first_of(body, &["effectiveDateTime", "effectivePeriod"]);
    if day::is_before_birth(date, &index.at(patient).body) {
        return Err(Reason::BeforeBirth);
    }
    let (text, impression) = words(index, number, problems)?;
    let study = study(index, number, problems);
    let modality = study.as_ref().and_then(|study| modality_of(&study.body));
    let uid = study.as_ref().and_then(|study| study_uid(&study.body));
    Ok(ImagingReport {
        id,
        modality: modality
            .or_else(|| sections(body).into_iter().flatten().next())
            .or_else(|| named_modality(body))
            .unwrap_or(Modality::Other),
        date,
        study_uid: uid.or_else(|| referenced_uid(body)),
        text,
        impression,
    })
}

/// What the report's own name says (`MRI lumbar spine`, `腰椎CT平扫`).
fn named_modality(report: &Cursor) -> Option<Modality> {
    let code = report.get("code")?;
    super::code::texts(&code)
        .into_iter()
        .find_map(clinical::modality)
}

/// The findings: the attached plain text, or else the results, or else the narrative, or else
/// the conclusion; and the conclusion as impression where it is not the findings.
fn words(
    index: &Index,
    number: usize,
    problems: &mut Vec<CaseProblem>,
) -> Result<(String, Option<String>), Reason> {
    let resource = index.at(number);
    let body = &resource.body;
    let mut forms = Vec::new();
    for form in body.items("presentedForm") {
        match attached(&form) {
            Some(Ok(text)) => forms.push(text),
            Some(Err(reason)) => problems.push(resource.problem_at(&form, reason)),
            None => {}
        }
    }
    let full = |text: &String| !text.trim().is_empty();
    let joined = |texts: Vec<String>| Some(texts.join("\n")).filter(full);
    let text = joined(forms)
        .or_else(|| joined(results(index, number, problems)))
        .or_else(|| narrative(body));
    let conclusion = body.str_of("conclusion").map(str::to_owned).filter(full);
    let (text, impression) = match text {
        Some(text) => (text, conclusion),
        None => (conclusion.ok_or(Reason::NoText)?, None),
    };
    let long = |text: &String| text.chars().count() > LONGEST_TEXT;
    if long(&text) || impression.as_ref().is_some_and(long) {
        return Err(Reason::TooLong {
            limit: LONGEST_TEXT,
        });
    }
    Ok((text, impression))
}

/// Results in words. Results of other statuses than final are not read.
fn results(index: &Index, number: usize, problems: &mut Vec<CaseProblem>) -> Vec<String> {
    let resource = index.at(number);
    let mut texts = Vec::new();
    for reference in resource.body.items("result") {
        let Some(found) = index.resolve(number, &reference) else {
            problems.push(resource.problem_at(&reference, Reason::Unresolved));
            continue;
        };
        let result = &index.at(found).body;
        let right = matches!(
            result.str_of("status"),
            Some("final" | "amended" | "corrected")
        );
        let coded = || result.get("valueCodeableConcept")?.str_of("text");
        let words = result.str_of("valueString").or_else(coded);
        texts.extend(words.filter(|_| right).map(str::to_owned));
    }
    texts
}

/// The first study that the report names and the bundles hold.
fn study<'i, 'a>(
    index: &'i Index<'a>,
    number: usize,
    problems: &mut Vec<CaseProblem>,
) -> Option<&'i Resource<'a>> {
    let report = index.at(number);
    for reference in report.body.items("imagingStudy") {
        let found = index.resolve(number, &reference);
        match found.filter(|at| index.at(*at).kind == "ImagingStudy") {
            Some(at) if index.at(at).body.str_of("status") != Some("entered-in-error") => {
                return Some(index.at(at));
            }
            Some(_) => {}
            None if uid_of(&reference).is_some() => {}
            None => problems.push(report.problem_at(&reference, Reason::Unresolved)),
        }
    }
    None
}

/// The Study Instance UID (0020,000D): an identifier `urn:oid:…` of system `urn:dicom:uid`.
fn study_uid(study: &Cursor) -> Option<String> {
    study.items("identifier").iter().find_map(oid)
}

/// The UID of a report's logical reference to a study.
fn referenced_uid(report: &Cursor) -> Option<String> {
    report.items("imagingStudy").iter().find_map(uid_of)
}

fn uid_of(reference: &Cursor) -> Option<String> {
    oid(&reference.get("identifier")?)
}

/// The UID of an identifier `urn:oid:…`.
pub(super) fn oid(identifier: &Cursor) -> Option<String> {
    let uid = identifier.str_of("value")?.strip_prefix("urn:oid:")?;
    is_uid(uid).then(|| uid.to_owned())
}

/// The modality that all series of a study share, markings and key object notes aside.
fn modality_of(study: &Cursor) -> Option<Modality> {
    let mut all: Vec<Modality> = Vec::new();
    for series in study.items("series") {
        let code = series.get("modality");
        all.extend(code.and_then(|code| modality(code.str_of("code")?)));
    }
    all.dedup();
    match all[..] {
        [one] => Some(one),
        _ => None,
    }
}

/// DICOM's terms, with radiographs of both kinds folded into one (PS3.3 C.7.3.1.1.1).
fn modality(code: &str) -> Option<Modality> {
    match code {
        "CT" => Some(Modality::Ct),
        "MR" => Some(Modality::Mr),
        "CR" | "DX" | "RG" => Some(Modality::Xr),
        "NM" | "PT" => Some(Modality::Nm),
        "US" => Some(Modality::Us),
        _ => None,
    }
}
