//! The parts of an item that checks look at.

use spinemed_core::instance::{Claim, Item, Revision, Role};
use spinemed_core::pack::{EvidencePack, PackKind, Span};

/// Every text of an item, by the name of its part.
pub(super) fn all(item: &Item) -> Vec<(String, &str)> {
    match item {
        Item::Mcq {
            stem,
            options,
            explanation,
            ..
        } => {
            let mut parts = vec![("stem".to_owned(), stem.as_str())];
            for (at, option) in options.iter().enumerate() {
                parts.push((format!("options[{at}]"), option));
            }
            parts.push(("explanation".to_owned(), explanation));
            parts
        }
        Item::OpenQa { question, answer } => vec![
            ("question".to_owned(), question.as_str()),
            ("answer".to_owned(), answer.as_str()),
        ],
        Item::Consultation { turns } => turns
            .iter()
            .enumerate()
            .map(|(at, turn)| (format!("turns[{at}]"), turn.text.as_str()))
            .collect(),
        Item::Report { request, sections } => {
            let mut parts = vec![("request".to_owned(), request.as_str())];
            parts.extend(
                section_texts(sections)
                    .into_iter()
                    .map(|(name, text)| (format!("sections.{name}"), text)),
            );
            parts
        }
    }
}

/// A report's sections by name.
pub(super) fn section_texts(
    sections: &spinemed_core::instance::ReportSections,
) -> [(&'static str, &str); 7] {
    [
        ("imaging_findings", &sections.imaging_findings),
        ("diagnosis", &sections.diagnosis),
        ("treatment_patient", &sections.treatment_patient),
        ("treatment_clinician", &sections.treatment_clinician),
        ("risk_prognosis", &sections.risk_prognosis),
        ("postoperative", &sections.postoperative),
        ("basis", &sections.basis),
    ]
}

/// The texts that assert something: what the item teaches.
pub(super) fn answers(item: &Item) -> Vec<(String, &str)> {
    match item {
        Item::Mcq {
            options, correct, ..
        } => all(item)
            .into_iter()
            .filter(|(name, text)| {
                name == "explanation"
                    || *name == format!("options[{correct}]")
                        && options.get(*correct).is_some_and(|o| o == text)
            })
            .collect(),
        Item::OpenQa { .. } => all(item).into_iter().skip(1).collect(),
        Item::Consultation { turns } => all(item)
            .into_iter()
            .zip(turns)
            .filter(|(_, turn)| turn.role == Role::Assistant)
            .map(|(part, _)| part)
            .collect(),
        Item::Report { .. } => all(item).into_iter().skip(1).collect(),
    }
}

/// The spans that the claims cite.
pub(super) fn cited<'a>(pack: &'a EvidencePack, revision: &Revision) -> Vec<&'a Span> {
    pack.spans
        .iter()
        .filter(|span| {
            revision
                .claims
                .iter()
                .any(|claim| claim.spans.contains(&span.id))
        })
        .collect()
}

/// The claims on the right option itself, else all claims.
pub(super) fn claims_of_answer<'a>(revision: &'a Revision, answer: &str) -> Vec<&'a Claim> {
    let own: Vec<&Claim> = revision
        .claims
        .iter()
        .filter(|claim| claim.text == answer)
        .collect();
    if own.is_empty() {
        return revision.claims.iter().collect();
    }
    own
}

/// Whether the item is a bank's own question, options included: then its key is the evidence.
pub(super) fn is_banks_own(pack: &EvidencePack, item: &Item) -> bool {
    let (Some(question), Item::Mcq { options, .. }) = (&pack.question, item) else {
        return false;
    };
    let sorted = |options: &[String]| {
        let mut sorted = options.to_vec();
        sorted.sort();
        sorted
    };
    pack.kind == PackKind::Question && sorted(options) == sorted(&question.options)
}

/// The words of a span that are so: of a bank's question the wrong options are not.
pub(super) fn true_words(pack: &EvidencePack, span: &Span) -> String {
    let Some(question) = pack
        .question
        .as_ref()
        .filter(|_| pack.kind == PackKind::Question)
    else {
        return span.text.clone();
    };
    let mut words = vec![question.stem.as_str(), question.answer.as_str()];
    words.extend(question.explanation.as_deref());
    words.join("\n")
}
