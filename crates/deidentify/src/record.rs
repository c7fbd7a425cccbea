//! From a case file with identifiers to a case without: everything is built anew from parts
//! that are known to be clean; nothing is copied whole.

use std::collections::BTreeMap;

use spinemed_core::case::{
    Case, CaseFile, CasePart, CaseText, Certified, ConsentStatus, Diagnosis, Patient, Symptom,
    Timed,
};
use spinemed_core::date::Date;
use spinemed_core::finding::Finding;
use spinemed_core::ids::DocumentId;
use spinemed_core::locator::{FileRef, Locator};
use spinemed_core::study::{Label, StudyImage};
use spinemed_core::vocabulary::{Modality, Subjects};

use crate::{Cues, Deidentified, Known, Proven, Refusal, Subject, redact};

/// Ages above this are told as this plus one, "90 or older" (45 CFR 164.514(b)(2)(i)(C)).
const OLDEST: u16 = 89;

/// What is known of a case beside its file.
#[derive(Debug)]
pub struct Surroundings {
    /// `source/pseudonym`.
    pub id: DocumentId,
    /// The pseudonymous name of `case.json`, and the keyed commitment to its digest.
    pub file: FileRef,
    /// Pictures that are proven clean, key images first.
    pub images: Vec<Proven<StudyImage>>,
}

/// What identifies the patient by the case file's own word, and what the rules find in any of its
/// texts: to be looked for in every text. A name that has a cue beside it once is then found
/// where it has none.
///
/// # Errors
/// [`Refusal::Recogniser`] when a text could not be searched.
pub fn harvest(file: &CaseFile, known: &mut Known) -> Result<(), Refusal> {
    let Patient {
        id,
        names,
        birth_date,
        identifiers,
    } = &file.patient;
    known.add("id", id);
    names.iter().for_each(|name| known.add("name", name));
    if let Some(date) = birth_date {
        known.add("date", &date.to_string());
    }
    for (kind, values) in identifiers {
        values
            .iter()
            .for_each(|value| known.add(class(kind), value));
    }
    known.add("place", &file.site);
    known.add("id", &file.ethics.number);
    for (_, _, text, _) in said(file) {
        known.learn(text, file.language, &Cues)?;
    }
    Ok(())
}

/// The class of identifiers that a hospital's own word for a kind belongs to.
fn class(kind: &str) -> &'static str {
    match kind {
        "physician" | "relative" | "operator" | "radiologist" | "surgeon" | "nurse" | "name"
        | "contact" => "name",
        "phone" | "fax" | "mobile" => "phone",
        "address" => "address",
        "institution" | "department" | "hospital" | "ward" | "employer" => "place",
        _ => "other",
    }
}

/// Cleans a case. `known` holds what [`harvest`] and the headers of its objects gave.
///
/// # Errors
/// [`Refusal::Consent`] when consent was withdrawn; [`Refusal::Calendar`] when a date cannot be
/// moved. Consents that end are told by [`Case::until`]; the caller compares with today.
pub fn case(
    file: &CaseFile,
    subject: &Subject,
    known: &Known,
    surroundings: Surroundings,
) -> Result<Deidentified<Case>, Refusal> {
    if file.consent.status == ConsentStatus::Withdrawn {
        return Err(Refusal::Consent {
            detail: "the patient has withdrawn consent".to_owned(),
        });
    }
    let mut labels = Labels {
        file: &surroundings.file,
        labels: Vec::new(),
    };
    let age = file.age.min(OLDEST + 1);
    let person = labels.add("/age", format!("sex: {}; age: {age}", file.sex.as_str()));
    let symptoms = labels.symptoms(file);
    let findings = labels.findings(file);
    let diagnoses = labels.diagnoses(file);
    let treatments = labels.treatments(file, subject)?;
    let images = images(file, &findings, surroundings.images);
    Ok(Deidentified::new(
        Case {
            id: surroundings.id,
            patient: format!("p-{}", subject.pseudonym()),
            site: subject.key().pseudonym("site", &file.site),
            language: file.language,
            age,
            sex: file.sex,
            texts: texts(file, subject, known, &surroundings.file)?,
            person,
            symptoms,
            findings,
            diagnoses,
            treatments,
            modality: modality(file, &images),
            images,
            until: until(file),
            rules: crate::RULES,
            labels: labels.labels,
            file: surroundings.file,
        },
        Subjects::Patients,
    ))
}

/// The last day on which consent and approval both hold.
fn until(file: &CaseFile) -> Option<Date> {
    [file.consent.expires, file.ethics.expires]
        .into_iter()
        .flatten()
        .min()
}

/// The modality of the first picture, else of the first report.
fn modality(file: &CaseFile, images: &[StudyImage]) -> Modality {
    let of_title = |image: &StudyImage| {
        let title = image.series_description.as_deref()?;
        spinemed_core::clinical::modality(title)
    };
    let report = file.imaging.first().map(|report| report.modality);
    report
        .or_else(|| images.iter().find_map(of_title))
        .unwrap_or(Modality::Text)
}

/// Each picture with the labels of the findings that the case file says it shows.
fn images(
    file: &CaseFile,
    findings: &[Finding],
    proven: Vec<Proven<StudyImage>>,
) -> Vec<StudyImage> {
    proven
        .into_iter()
        .map(|picture| {
            let (mut image, keys) = picture.into_parts();
            let shown = file.findings.iter().zip(findings);
            image.shows = shown
                .filter(|(said, _)| said.shown.iter().any(|key| keys.contains(key)))
                .map(|(_, finding)| finding.span.clone())
                .collect();
            image
        })
        .collect()
}

/// Coded statements in words, numbered as they come.
struct Labels<'a> {
    file: &'a FileRef,
    labels: Vec<Label>,
}

impl Labels<'_> {
    fn add(&mut self, pointer: &str, text: String) -> String {
        let id = format!("l{}", self.labels.len() + 1);
        self.labels.push(Label {
            id: id.clone(),
            text,
            place: at(self.file, pointer),
        });
        id
    }

    fn symptoms(&mut self, file: &CaseFile) -> Vec<Certified<Symptom>> {
        let symptoms = file.complaint.symptoms.iter().enumerate();
        symptoms
            .map(|(at, symptom)| {
                let mut words = vec![format!("symptom: {}", symptom.concept)];
                words.extend(symptom.side.map(|side| format!("side: {side}")));
                words.extend(symptom.duration.as_ref().map(|d| format!("duration: {d}")));
                Certified {
                    label: self.add(&format!("/complaint/symptoms/{at}"), words.join("; ")),
                    what: symptom.clone(),
                }
            })
            .collect()
    }

    fn findings(&mut self, file: &CaseFile) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (at, said) in file.findings.iter().enumerate() {
            let mut words = vec![format!("finding: {}", said.concept)];
            words.extend(said.level.map(|level| format!("level: {level}")));
            words.extend(said.side.map(|side| format!("side: {side}")));
            words
                .extend((said.grade.as_ref()).map(|g| format!("grade: {} ({})", g.value, g.scale)));
            words.extend(
                said.measure
                    .as_ref()
                    .map(|m| format!("measure: {} {}", m.value, m.unit)),
            );
            words.push(if said.negated { "absent" } else { "present" }.to_owned());
            findings.push(Finding {
                concept: said.concept.clone(),
                level: said.level,
                level_certainty: said.level_certainty,
                numbering_method: said.numbering_method,
                side: said.side,
                grade: said.grade.clone(),
                measure: said.measure.clone(),
                negated: said.negated,
                span: self.add(&format!("/findings/{at}"), words.join("; ")),
                range: None,
            });
        }
        findings
    }

    fn diagnoses(&mut self, file: &CaseFile) -> Vec<Certified<Diagnosis>> {
        let diagnoses = file.diagnoses.iter().enumerate();
        diagnoses
            .map(|(at, diagnosis)| {
                let mut words = vec![format!("diagnosis: {}", diagnosis.concept)];
                words.extend(diagnosis.level.map(|level| format!("level: {level}")));
                words.extend(diagnosis.side.map(|side| format!("side: {side}")));
                Certified {
                    label: self.add(&format!("/diagnoses/{at}"), words.join("; ")),
                    what: diagnosis.clone(),
                }
            })
            .collect()
    }

    fn treatments(
        &mut self,
        file: &CaseFile,
        subject: &Subject,
    ) -> Result<Vec<Certified<Timed>>, Refusal> {
        let mut treatments = Vec::new();
        for (at, given) in file.treatments.iter().enumerate() {
            let date = moved(given.date, subject)?;
            let mut words = vec![format!("treatment: {}", given.concept)];
            words.extend(given.level.map(|level| format!("level: {level}")));
            words.extend(given.side.map(|side| format!("side: {side}")));
            words.extend(date.map(|date| format!("date: {date}")));
            treatments.push(Certified {
                label: self.add(&format!("/treatments/{at}"), words.join("; ")),
                what: Timed {
                    concept: given.concept.clone(),
                    level: given.level,
                    side: given.side,
                    date,
                },
            });
        }
        Ok(treatments)
    }
}

fn moved(date: Option<Date>, subject: &Subject) -> Result<Option<Date>, Refusal> {
    date.map(|date| subject.shift(date).ok_or(Refusal::Calendar))
        .transpose()
}

/// A JSON pointer (RFC 6901) into the case file.
fn at(file: &FileRef, pointer: &str) -> Locator {
    let mut place = Locator::of_file(file.clone());
    place.path = Some(pointer.to_owned());
    place
}

/// A text of the case file: part, JSON pointer, words, day.
type Said<'a> = (CasePart, String, &'a str, Option<Date>);

/// All texts in the order of the case file.
fn said<'f>(file: &'f CaseFile) -> Vec<Said<'f>> {
    let mut said: Vec<Said<'f>> = Vec::new();
    let mut add = |part, pointer: &str, text: Option<&'f String>, date| {
        said.extend(text.map(|text| (part, pointer.to_owned(), text.as_str(), date)));
    };
    add(
        CasePart::Complaint,
        "/complaint/text",
        Some(&file.complaint.text),
        None,
    );
    add(CasePart::History, "/history", file.history.as_ref(), None);
    add(
        CasePart::Examination,
        "/examination",
        file.examination.as_ref(),
        None,
    );
    for (at, report) in file.imaging.iter().enumerate() {
        let pointer = format!("/imaging/{at}/text");
        add(CasePart::Imaging, &pointer, Some(&report.text), report.date);
        let pointer = format!("/imaging/{at}/impression");
        add(
            CasePart::Impression,
            &pointer,
            report.impression.as_ref(),
            report.date,
        );
    }
    for (at, given) in file.treatments.iter().enumerate() {
        let pointer = format!("/treatments/{at}/text");
        add(
            CasePart::Treatment,
            &pointer,
            given.text.as_ref(),
            given.date,
        );
    }
    add(CasePart::Course, "/course", file.course.as_ref(), None);
    for (at, text) in file.complications.iter().enumerate() {
        add(
            CasePart::Complication,
            &format!("/complications/{at}"),
            Some(text),
            None,
        );
    }
    add(CasePart::Outcome, "/outcome", file.outcome.as_ref(), None);
    for (at, visit) in file.follow_up.iter().enumerate() {
        let pointer = format!("/follow_up/{at}/text");
        add(CasePart::FollowUp, &pointer, Some(&visit.text), visit.date);
    }
    said
}

fn texts(
    file: &CaseFile,
    subject: &Subject,
    known: &Known,
    name: &FileRef,
) -> Result<Vec<CaseText>, Refusal> {
    let mut texts = Vec::new();
    for (part, pointer, text, date) in said(file) {
        if text.trim().is_empty() {
            continue;
        }
        let clean = redact(text, file.language, subject, known);
        texts.push(CaseText {
            id: format!("t{}", texts.len() + 1),
            part,
            text: clean.text,
            date: moved(date, subject)?,
            redactions: clean.redactions,
            place: at(name, &pointer),
        });
    }
    Ok(texts)
}

/// How many changes of each class were made in a case's texts, for the build's report.
#[must_use]
pub fn redactions(case: &Case) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for change in case.texts.iter().flat_map(|text| &text.redactions) {
        *counts.entry(format!("text: {}", change.class)).or_default() += 1;
    }
    counts
}
