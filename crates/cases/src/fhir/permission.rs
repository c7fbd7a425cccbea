//! Consent and ethics approval. What cannot be understood is no permission.

use spinemed_core::case::{Approval, Consent, ConsentStatus};
use spinemed_core::date::Date;

use super::day;
use super::index::{Index, Resource};
use crate::cursor::Cursor;
use crate::fault::{CaseError, Reason};
use crate::file::LONGEST_NAME;

/// The patient's consent to research.
///
/// Of several, one that was withdrawn holds; of those given, the one that ends first. A
/// Consent that was never decided (`draft`, `proposed`) or was entered in error is none.
pub(super) fn consent(index: &Index, patient: usize) -> Result<Consent, CaseError> {
    let mut given: Option<Option<Date>> = None;
    let mut withdrawn = has_left(index, patient);
    for (number, resource) in index.of("Consent") {
        if !index.is_about(number, patient) || !is_for_research(&resource.body) {
            continue;
        }
        match resource.body.str_of("status") {
            Some("inactive" | "rejected") => withdrawn = true,
            Some("active") => match provision(resource)? {
                Some(end) => given = Some(sooner(given.flatten(), end)),
                None => withdrawn = true,
            },
            _ => {}
        }
    }
    match (withdrawn, given) {
        (true, _) => Ok(Consent {
            status: ConsentStatus::Withdrawn,
            expires: None,
        }),
        (false, Some(expires)) => Ok(Consent {
            status: ConsentStatus::Given,
            expires,
        }),
        (false, None) => Err(index.lacks(Reason::NoConsent)),
    }
}

/// Whether the patient has left the study.
fn has_left(index: &Index, patient: usize) -> bool {
    index.of("ResearchSubject").any(|(number, subject)| {
        index.is_about(number, patient) && subject.body.str_of("status") == Some("withdrawn")
    })
}

/// Scope `research` of the code system `consentscope`.
fn is_for_research(body: &Cursor) -> bool {
    let codings = body.get("scope").map(|scope| scope.items("coding"));
    codings.unwrap_or_default().iter().any(|coding| {
        coding.str_of("code") == Some("research")
            && coding
                .str_of("system")
                .is_none_or(|system| system.ends_with("/consentscope"))
    })
}

/// When an active consent ends, or none where it denies.
///
/// Nested provisions are exceptions to what the outer one says; the program cannot apply
/// them, and says so.
fn provision(resource: &Resource) -> Result<Option<Option<Date>>, CaseError> {
    let Some(provision) = resource.body.get("provision") else {
        return Ok(Some(None));
    };
    let unclear = |part: &Cursor| part.fault(Reason::UnclearConsent).rejection(resource.file);
    if provision.str_of("type") == Some("deny") {
        return Ok(None);
    }
    if let Some(nested) = provision.get("provision") {
        return Err(unclear(&nested));
    }
    end(&provision).map(Some).map_err(|part| unclear(&part))
}

/// The last day of a member `period`; a partial date ends on the first day it can mean.
fn end<'a>(of: &Cursor<'a>) -> Result<Option<Date>, Cursor<'a>> {
    let Some(end) = of.get("period").and_then(|period| period.get("end")) else {
        return Ok(None);
    };
    let day = end.str().and_then(day::earliest);
    day.map(Some).ok_or(end)
}

/// The end that comes first; none is never.
fn sooner(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Statuses of a study that a committee has let begin (R4 `research-study-status`).
const APPROVED: [&str; 6] = [
    "active",
    "approved",
    "administratively-completed",
    "closed-to-accrual",
    "closed-to-accrual-and-intervention",
    "completed",
];

/// The committee's approval: the study that the patient is a subject of, or else a study that
/// stands in the bundles alone. Of several the one that ends first.
pub(super) fn approval(index: &Index, patient: usize) -> Result<Approval, CaseError> {
    let subjects = index
        .of("ResearchSubject")
        .filter(|(at, _)| index.is_about(*at, patient));
    let mut studies: Vec<usize> = subjects
        .filter_map(|(number, _)| index.follow(number, "study", "ResearchStudy"))
        .collect();
    if studies.is_empty() && index.of("ResearchSubject").next().is_none() {
        studies.extend(index.of("ResearchStudy").map(|(number, _)| number));
    }
    let mut approvals = Vec::new();
    for number in studies {
        let study = index.at(number);
        let status = study.body.str_of("status");
        if status.is_some_and(|status| APPROVED.contains(&status)) {
            approvals.extend(read(study)?);
        }
    }
    approvals
        .into_iter()
        .min_by_key(|approval| (approval.expires.is_none(), approval.expires))
        .ok_or_else(|| index.lacks(Reason::NoEthics))
}

fn read(study: &Resource) -> Result<Option<Approval>, CaseError> {
    let identifiers = study.body.items("identifier");
    let number = identifiers.iter().find_map(|identifier| {
        let value = identifier.get("value")?;
        value.text(LONGEST_NAME).ok()
    });
    let Some(number) = number else {
        return Ok(None);
    };
    let expires =
        end(&study.body).map_err(|part| part.fault(Reason::NoDate).rejection(study.file))?;
    Ok(Some(Approval { number, expires }))
}
