//! Reports on a case with the six sections of the paper (arXiv 2510.03160): imaging by level,
//! diagnosis, treatment for patient and clinician, risk and prognosis, post-operative
//! problems, basis. What the chart does not say, its section says so.

use std::collections::BTreeSet;

use spinemed_core::case::CasePart;
use spinemed_core::clinical;
use spinemed_core::instance::{Claim, Draft, Item, ReportSections, Task};
use spinemed_core::pack::{Chart, EvidencePack};
use spinemed_core::vocabulary::{Language, LevelCertainty};

use super::finding::matters;
use super::quote::Quote;
use super::story::{self, Told};
use super::{join, person};
use crate::general::{DISCLAIMER, SAFETY_NET, TALK, say};
use crate::phrase;
use crate::rules::NotApplicable;
use crate::rules::point::Grounds;
use crate::text::{capital, list};

/// The most pictures that a report shows.
const PICTURES: usize = 4;

/// A report on a case.
pub(super) fn draft(
    pack: &EvidencePack,
    chart: &Chart,
    task: &Task,
) -> Result<Draft, NotApplicable> {
    if task.variant > 0 {
        return Err(NotApplicable("a case carries one report"));
    }
    let mut writer = Writer {
        pack,
        chart,
        language: task.language,
        claims: Vec::new(),
    };
    let request = request(&mut writer);
    let sections = ReportSections {
        imaging_findings: imaging(&mut writer)?,
        diagnosis: diagnosis(&mut writer),
        treatment_patient: for_patient(&writer),
        treatment_clinician: for_clinician(&mut writer),
        risk_prognosis: prognosis(&mut writer),
        postoperative: postoperative(&mut writer),
        basis: basis(&writer),
    };
    Ok(Draft {
        task: task.clone(),
        item: Item::Report {
            request,
            sections: Box::new(sections),
        },
        claims: writer.claims,
        images: (0..pack.images.len().min(PICTURES)).collect(),
    })
}

struct Writer<'a> {
    pack: &'a EvidencePack,
    chart: &'a Chart,
    language: Language,
    claims: Vec<Claim>,
}

impl Writer<'_> {
    fn say(&self, pair: [&'static str; 2]) -> String {
        say(pair, self.language).to_owned()
    }

    fn claim(&mut self, text: &str, grounds: &Grounds) -> String {
        self.claims.push(grounds.claim(text));
        text.to_owned()
    }

    /// Sentences of a text behind a few words, in one line.
    fn line(&mut self, lead: &str, quote: &Quote) -> String {
        let told = Told::quoted(std::slice::from_ref(quote), self.language);
        let mut words = vec![lead.to_owned()];
        words.extend(
            told.iter()
                .map(|told| self.claim(&told.text, &told.grounds)),
        );
        join(&words, self.language)
    }

    fn lines(&mut self, parts: &[CasePart], lead: [&'static str; 2]) -> Vec<String> {
        let part = story::part(self.pack, self.chart, parts, self.language);
        let lead = self.say(lead);
        (part.quotes.iter())
            .map(|quote| self.line(&lead, quote))
            .collect()
    }
}

fn request(writer: &mut Writer) -> String {
    let (chart, language) = (writer.chart, writer.language);
    let person = person::person(chart, language);
    if let Some(grounds) = person::grounds(chart) {
        writer.claims.push(grounds.claim(&person));
    }
    let mut symptoms = Vec::new();
    for symptom in &chart.symptoms {
        if let Some(words) = person::lasting(&symptom.what, language) {
            symptoms.push(writer.claim(&words, &Grounds::of_span(&symptom.label)));
        }
    }
    let zh = language == Language::Zh;
    let with = list(&symptoms, zh);
    let exam = phrase::examination(writer.pack.modality, language);
    let first = match (zh, with.is_empty()) {
        (false, true) => {
            format!("Write a structured report on {person} who had {exam} of the spine.")
        }
        (false, false) => format!(
            "Write a structured report on {person} with {with} who had {exam} of the spine."
        ),
        (true, true) => format!("请为{person}撰写结构化报告，该患者接受了脊柱{exam}。"),
        (true, false) => format!("请为{person}撰写结构化报告：{with}，接受了脊柱{exam}。"),
    };
    let mut lines = vec![first];
    lines.extend(writer.lines(&[CasePart::Complaint], ["Complaint:", "主诉："]));
    lines.extend(writer.lines(&[CasePart::History], ["History:", "病史："]));
    lines.extend(writer.lines(&[CasePart::Examination], ["Examination:", "查体："]));
    lines.join("\n")
}

/// Findings from head to tail, one line per level.
fn imaging(writer: &mut Writer) -> Result<String, NotApplicable> {
    let language = writer.language;
    let mut lines: Vec<(Option<spinemed_core::Level>, Vec<String>)> = Vec::new();
    for matter in matters(writer.pack) {
        let Some(sentence) = matter.sentence(language) else {
            continue;
        };
        let sentence = writer.claim(&sentence, &matter.grounds);
        match lines.last_mut() {
            Some((level, told)) if *level == matter.fact.level => told.push(sentence),
            _ => lines.push((matter.fact.level, vec![sentence])),
        }
    }
    if lines.is_empty() {
        return Err(NotApplicable("the chart states no imaging finding"));
    }
    let exam = phrase::examination(writer.pack.modality, language);
    let mut out = vec![match language {
        Language::En => format!("Examination: {exam} of the spine."),
        Language::Zh => format!("检查：脊柱{exam}。"),
    }];
    for (level, told) in lines {
        let told = join(&told, language);
        let header = level.map(|level| phrase::level(&level, language));
        out.push(match (header, language) {
            (Some(level), Language::En) => format!("- {level}: {told}"),
            (Some(level), Language::Zh) => format!("- {level}：{told}"),
            (None, _) => format!("- {told}"),
        });
    }
    out.push(writer.say([
        "- Levels and findings that are not listed are not stated, and that does not mean that they are normal.",
        "- 未列出的节段和征象未作说明，不能据此认为正常。",
    ]));
    Ok(out.join("\n"))
}

fn diagnosis(writer: &mut Writer) -> String {
    let told = story::diagnoses(writer.chart, writer.language);
    if told.is_empty() {
        return writer.say([
            "No diagnosis is coded in the record; the findings are listed under imaging.",
            "病历中未见编码的诊断，影像所见见影像部分。",
        ]);
    }
    let mut lines = vec![writer.say(["Recorded diagnoses:", "记录的诊断："])];
    for (at, told) in told.iter().enumerate() {
        let words = writer.claim(&capital(&told.text), &told.grounds);
        let stop = writer.say([".", "。"]);
        lines.push(format!("({}) {words}{stop}", at + 1));
    }
    lines.join("\n")
}

/// Plain words for what was found and done.
fn for_patient(writer: &Writer) -> String {
    let (chart, language) = (writer.chart, writer.language);
    let diagnoses = chart.diagnoses.iter().map(|d| d.what.concept.as_str());
    let treatments = chart.treatments.iter().map(|t| t.what.concept.as_str());
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for id in diagnoses.chain(treatments).filter(|id| seen.insert(*id)) {
        if let Some(concept) = clinical::concept(id) {
            let (name, gloss) = (capital(concept.name(language)), concept.gloss(language));
            lines.push(match language {
                Language::En => format!("{name}, in plain words: {}", crate::text::small(gloss)),
                Language::Zh => format!("{name}，通俗地说：{gloss}"),
            });
        }
    }
    if chart.treatments.is_empty() {
        lines.push(untreated(writer));
    }
    lines.push(writer.say(TALK));
    lines.join("\n")
}

/// What is said where no treatment is coded. That none was given is never said.
fn untreated(writer: &Writer) -> String {
    if story::treatment_is_mentioned(writer.pack, writer.chart) {
        return writer.say([
            "Treatment is recorded in the notes only; none is coded.",
            "治疗情况仅见于病历文字记录，未编码。",
        ]);
    }
    writer.say([
        "The evidence states no treatment.",
        "现有证据未说明治疗情况。",
    ])
}

/// What was done, when, at which levels, and what the record says of it.
fn for_clinician(writer: &mut Writer) -> String {
    let (chart, language) = (writer.chart, writer.language);
    let mut lines = Vec::new();
    for said in &chart.treatments {
        let Some(words) = story::treatment(&said.what, language) else {
            continue;
        };
        let words = capital(&words);
        let text = match (language, story::when(chart, &said.what, language)) {
            (Language::En, None) => format!("{words}."),
            (Language::En, Some(when)) => format!("{words}, {when}."),
            (Language::Zh, None) => format!("{words}。"),
            (Language::Zh, Some(when)) => format!("{words}，{when}。"),
        };
        let text = writer.claim(&text, &Grounds::of_span(&said.label));
        lines.push(format!("({}) {text}", lines.len() + 1));
    }
    if lines.is_empty() {
        lines.push(untreated(writer));
    }
    lines.extend(writer.lines(&[CasePart::Treatment], ["As recorded:", "记录："]));
    lines.extend(writer.lines(&[CasePart::Course], ["Course:", "病程："]));
    lines.join("\n")
}

fn prognosis(writer: &mut Writer) -> String {
    let language = writer.language;
    let outcome = [CasePart::Outcome];
    let mut lines = writer.lines(&outcome, ["Outcome as recorded:", "记录的转归："]);
    if lines.is_empty() {
        let part = story::part(writer.pack, writer.chart, &outcome, language);
        lines.push(part.silence(["The outcome", "转归"], language));
    }
    let visits = story::part(writer.pack, writer.chart, &[CasePart::FollowUp], language);
    if visits.quotes.is_empty() {
        lines.push(visits.silence(["Follow-up", "随访情况"], language));
    }
    for quote in &visits.quotes {
        let when = story::visited(writer.chart, quote, language);
        let lead = match (language, when) {
            (Language::En, None) => "Follow-up:".to_owned(),
            (Language::En, Some(when)) => format!("Follow-up, {when}:"),
            (Language::Zh, None) => "随访：".to_owned(),
            (Language::Zh, Some(when)) => format!("随访（{when}）："),
        };
        lines.push(writer.line(&lead, quote));
    }
    lines.push(writer.say([
        "No further risk or prognosis is derived here.",
        "此处不另行推断风险及预后。",
    ]));
    lines.push(writer.say(SAFETY_NET));
    lines.join("\n")
}

fn postoperative(writer: &mut Writer) -> String {
    let (pack, chart, language) = (writer.pack, writer.chart, writer.language);
    let (told, words) = story::complications(pack, chart, language);
    let mut lines = vec![words];
    lines.extend(
        told.iter()
            .map(|told| writer.claim(&told.text, &told.grounds)),
    );
    if !story::operated(chart) && told.is_empty() {
        lines.push(match chart.treatments.is_empty() {
            true => untreated(writer),
            false => writer.say([
                "The coded treatment is described under treatment.",
                "已编码的治疗见治疗部分。",
            ]),
        });
    }
    lines.join("\n")
}

fn basis(writer: &Writer) -> String {
    let all = |certainty| {
        let mut levels = writer.pack.facts.iter().filter(|fact| fact.level.is_some());
        levels.all(|fact| fact.level_certainty == certainty)
    };
    let certainty = if all(LevelCertainty::Annotated) {
        [
            "The levels were marked on the images.",
            "节段在图像上标定。",
        ]
    } else if all(LevelCertainty::Stated) {
        [
            "The levels are as stated in the record; no counting of vertebrae is documented.",
            "节段以病历记录为准，未记录椎体计数方法。",
        ]
    } else {
        [
            "Some levels were counted from the position in view and are less sure than stated ones.",
            "部分节段按视野内位置推定，可靠性低于明确记载者。",
        ]
    };
    let source = writer.say([
        "Basis: the coded statements and cleaned notes of one patient's de-identified record.",
        "依据：一名患者去标识化病历中的编码信息及清洗后的文字记录。",
    ]);
    let sentences = [source, writer.say(certainty)];
    format!(
        "{}\n{}",
        join(&sentences, writer.language),
        writer.say(DISCLAIMER)
    )
}
