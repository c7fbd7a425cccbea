//! Open questions on a described case: its diagnosis, its treatment.

use spinemed_core::pack::{Chart, EvidencePack};
use spinemed_core::vocabulary::Language;

use super::finding::matters;
use super::question::{Asked, Question};
use super::story::{self, Told};
use super::{join, person};
use crate::phrase;
use crate::rules::point::Grounds;
use crate::text::{capital, list};

/// The most findings that a description names.
const NAMED: usize = 4;

/// The questions.
pub(super) fn questions(pack: &EvidencePack, chart: &Chart, language: Language) -> Vec<Question> {
    let mut made = Vec::new();
    let diagnoses = story::diagnoses(chart, language);
    if let Some(case) = vignette(pack, chart, None, language) {
        let asks = ["What diagnosis was recorded?", "记录的诊断是什么？"];
        let says = ["The recorded diagnosis is", "记录的诊断为"];
        made.extend(open(
            Asked::Diagnosis,
            &case,
            asks,
            says,
            &diagnoses,
            language,
        ));
        let treatments = story::treatments(chart, language);
        let asks = ["How was this patient treated?", "该患者接受了哪些治疗？"];
        let says = ["The recorded treatment is", "记录的治疗为"];
        made.extend(open(
            Asked::Treatment,
            &case,
            asks,
            says,
            &treatments,
            language,
        ));
    }
    made
}

fn open(
    asked: Asked,
    case: &str,
    asks: [&'static str; 2],
    says: [&'static str; 2],
    told: &[Told],
    language: Language,
) -> Option<Question> {
    let (asks, says) = (
        crate::general::say(asks, language),
        crate::general::say(says, language),
    );
    let sentences: Vec<String> = told
        .iter()
        .map(|told| match language {
            Language::En => format!("{says} {}.", told.text),
            Language::Zh => format!("{says}{}。", told.text),
        })
        .collect();
    let mut grounds = Grounds::default();
    for told in told {
        grounds.spans.extend(told.grounds.spans.iter().cloned());
    }
    let reply = join(&sentences, language);
    (!told.is_empty()).then(|| Question {
        asked,
        rank: 1,
        stem: None,
        open: Some(join(&[case.to_owned(), asks.to_owned()], language)),
        options: Vec::new(),
        correct: 0,
        explanation: String::new(),
        reply,
        own: grounds.clone(),
        all: grounds,
        images: Vec::new(),
    })
}

/// Who, with which symptoms and findings: what a question on a described case starts with. One
/// symptom may be left out. None where no finding is told.
pub(super) fn vignette(
    pack: &EvidencePack,
    chart: &Chart,
    without: Option<&str>,
    language: Language,
) -> Option<String> {
    let zh = language == Language::Zh;
    let symptoms: Vec<String> = chart
        .symptoms
        .iter()
        .filter(|symptom| Some(symptom.what.concept.as_str()) != without)
        .filter_map(|symptom| person::lasting(&symptom.what, language))
        .collect();
    let findings: Vec<String> = matters(pack)
        .iter()
        .filter(|matter| matter.is_present())
        .filter_map(|matter| matter.words(language))
        .take(NAMED)
        .collect();
    if findings.is_empty() {
        return None;
    }
    let (who, with) = (person::person(chart, language), list(&symptoms, zh));
    let exam = phrase::examination(pack.modality, language);
    Some(match (zh, with.is_empty()) {
        (false, true) => format!(
            "{} had {exam}. It shows {}.",
            capital(&who),
            findings.join("; ")
        ),
        (false, false) => format!(
            "{} has had {with}. {} shows {}.",
            capital(&who),
            capital(exam),
            findings.join("; ")
        ),
        (true, true) => format!("{who}，{exam}显示{}。", findings.join("；")),
        (true, false) => format!("{who}，{with}。{exam}显示{}。", findings.join("；")),
    })
}
