//! The patient, the age at presentation, the sex, the site.

use spinemed_core::case::{Patient, Sex};
use spinemed_core::date::Date;

use super::day;
use super::harvest::harvest;
use super::index::Index;
use crate::cursor::Cursor;
use crate::fault::{CaseError, Reason};
use crate::file::{LONGEST_NAME, OLDEST};

/// The one patient of the bundles, by number.
pub(super) fn only(index: &Index) -> Result<usize, CaseError> {
    let mut all = index.of("Patient");
    let (number, _) = all.next().ok_or_else(|| index.lacks(Reason::NoPatient))?;
    match all.next() {
        None => Ok(number),
        Some((_, other)) => Err(other.rejection(&other.body, Reason::SeveralPatients)),
    }
}

/// The patient, with everything in the bundles that identifies somebody.
pub(super) fn patient(index: &Index, number: usize) -> Result<Patient, CaseError> {
    let resource = index.at(number);
    let body = &resource.body;
    let id = id(body).ok_or_else(|| resource.rejection(body, Reason::NoPatientId))?;
    let too_long = |fault: crate::fault::Fault| fault.rejection(resource.file);
    let id = id.text(LONGEST_NAME).map_err(too_long)?;
    let found = harvest(index);
    let all = found
        .names
        .iter()
        .chain(found.identifiers.values().flatten());
    if all
        .into_iter()
        .any(|value| value.chars().count() > LONGEST_NAME)
    {
        // What is no name cannot be looked for as one, and must not be lost in silence.
        let limit = LONGEST_NAME;
        return Err(resource.rejection(body, Reason::TooLong { limit }));
    }
    let lists = found.identifiers.into_iter();
    Ok(Patient {
        id,
        names: found.names.into_iter().collect(),
        birth_date: body.str_of("birthDate").and_then(day::full),
        identifiers: lists
            .map(|(kind, list)| (kind.to_owned(), list.into_iter().collect()))
            .collect(),
    })
}

/// The medical record number: what DICOM objects carry as Patient ID (0010,0020). Type `MR`
/// of HL7 v2 table 0203 first, then use `official`, then the only one that there is.
fn id<'a>(body: &Cursor<'a>) -> Option<Cursor<'a>> {
    let all = body.items("identifier");
    let is_number = |own: &&Cursor| {
        let codings = own.get("type").map(|kind| kind.items("coding"));
        let codings = codings.unwrap_or_default();
        codings
            .iter()
            .any(|coding| coding.str_of("code") == Some("MR"))
    };
    let is_official = |own: &&Cursor| own.str_of("use") == Some("official");
    let only = || (all.len() == 1).then(|| all.first()).flatten();
    let chosen = all
        .iter()
        .find(is_number)
        .or_else(|| all.iter().find(is_official))
        .or_else(only)?;
    chosen.get("value")
}

/// The first dated event: the first encounter, or else the first examination.
pub(super) fn presentation(index: &Index, patient: usize) -> Option<Date> {
    let first = |kind: &str, keys: &[&'static str]| {
        let own = index
            .of(kind)
            .filter(|(number, _)| index.is_about(*number, patient));
        own.filter_map(|(_, resource)| day::first_of(&resource.body, keys))
            .min()
    };
    first("Encounter", &["period"])
        .or_else(|| {
            first(
                "DiagnosticReport",
                &["effectiveDateTime", "effectivePeriod"],
            )
        })
        .or_else(|| first("ImagingStudy", &["started"]))
        .or_else(|| first("Condition", &["recordedDate"]))
}

/// Completed years at presentation.
pub(super) fn age(index: &Index, patient: usize) -> Result<u16, CaseError> {
    let resource = index.at(patient);
    let birth = resource.body.str_of("birthDate");
    birth
        .zip(presentation(index, patient))
        .and_then(|(birth, day)| day::age(birth, day))
        .filter(|years| u64::from(*years) <= OLDEST)
        .ok_or_else(|| resource.rejection(&resource.body, Reason::NoAge))
}

/// `administrative-gender` as DICOM's letters.
pub(super) fn sex(index: &Index, patient: usize) -> Result<Sex, CaseError> {
    let resource = index.at(patient);
    match resource.body.str_of("gender") {
        Some("female") => Ok(Sex::F),
        Some("male") => Ok(Sex::M),
        Some("other") => Ok(Sex::O),
        _ => Err(resource.rejection(&resource.body, Reason::NoSex)),
    }
}

/// The hospital's name: the patient's managing organization, or the one that an encounter
/// was provided by.
pub(super) fn site(index: &Index, patient: usize) -> Result<String, CaseError> {
    let own = named(index, patient, "managingOrganization");
    let provider = || {
        let mut all = index
            .of("Encounter")
            .filter(|(at, _)| index.is_about(*at, patient));
        all.find_map(|(number, _)| named(index, number, "serviceProvider"))
    };
    own.or_else(provider)
        .ok_or_else(|| index.lacks(Reason::NoSite))
}

fn named(index: &Index, from: usize, key: &'static str) -> Option<String> {
    let name = index.follow(from, key, "Organization");
    let name = name.and_then(|at| index.at(at).body.get("name"));
    let display = || index.at(from).body.get(key)?.get("display");
    name.or_else(display)?.text(LONGEST_NAME).ok()
}
