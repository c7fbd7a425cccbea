//! Consultations with a hidden chart: the patient opens with the complaint and tells the rest
//! only when asked; the answers explain what the chart says, and what it leaves open.

use std::collections::BTreeSet;

use spinemed_core::case::CasePart;
use spinemed_core::clinical;
use spinemed_core::instance::{Claim, Draft, Item, Role, Task, Turn};
use spinemed_core::pack::{Chart, EvidencePack};
use spinemed_core::vocabulary::Language;

use super::finding::{Matter, matters};
use super::story::{self, Told};
use super::{join, person};
use crate::general::{NO_EXAMINATION, SAFETY_NET, say};
use crate::phrase;
use crate::rules::NotApplicable;
use crate::rules::point::Grounds;
use crate::text::small;

/// The most findings in plain words.
const EXPLAINED: usize = 4;

/// A consultation about a case.
pub(super) fn draft(
    pack: &EvidencePack,
    chart: &Chart,
    task: &Task,
) -> Result<Draft, NotApplicable> {
    if task.variant > 0 {
        return Err(NotApplicable("a case carries one consultation"));
    }
    let mut talk = Talk {
        pack,
        chart,
        language: task.language,
        turns: Vec::new(),
        claims: Vec::new(),
    };
    opening(&mut talk)?;
    history(&mut talk);
    examination(&mut talk);
    imaging(&mut talk)?;
    decisions(&mut talk);
    afterwards(&mut talk);
    Ok(Draft {
        task: task.clone(),
        item: Item::Consultation { turns: talk.turns },
        claims: talk.claims,
        // The chart is hidden: no picture stands beside the complaint.
        images: Vec::new(),
    })
}

struct Talk<'a> {
    pack: &'a EvidencePack,
    chart: &'a Chart,
    language: Language,
    turns: Vec<Turn>,
    claims: Vec<Claim>,
}

impl Talk<'_> {
    fn say(&mut self, role: Role, text: String) {
        self.turns.push(Turn { role, text });
    }

    /// The patient's turn, then the clinician's question.
    fn user(&mut self, sentences: &[String]) {
        self.say(Role::User, join(sentences, self.language));
    }

    fn ask(&mut self, question: [&'static str; 2]) {
        self.say(Role::Assistant, say(question, self.language).to_owned());
    }

    fn claim(&mut self, text: &str, grounds: &Grounds) -> String {
        self.claims.push(grounds.claim(text));
        text.to_owned()
    }

    fn claim_all(&mut self, told: Vec<Told>) -> Vec<String> {
        told.into_iter()
            .map(|told| self.claim(&told.text, &told.grounds))
            .collect()
    }

    /// Sentences of a part behind a few words; empty where none may be quoted.
    fn quote(&mut self, parts: &[CasePart], lead: [&'static str; 2]) -> Vec<String> {
        let part = story::part(self.pack, self.chart, parts, self.language);
        let told = Told::quoted(&part.quotes, self.language);
        let mut out = Vec::new();
        if !told.is_empty() {
            out.push(say(lead, self.language).to_owned());
            out.extend(self.claim_all(told));
        }
        out
    }
}

/// The complaint alone: in the case's own words, else by the names of its symptoms.
fn opening(talk: &mut Talk) -> Result<(), NotApplicable> {
    let lead = ["I have come because of this:", "我来就诊是因为："];
    let mut words = talk.quote(&[CasePart::Complaint], lead);
    if words.is_empty() {
        let mut names = BTreeSet::new();
        for symptom in &talk.chart.symptoms {
            let name = phrase::concept(&symptom.what.concept, talk.language);
            if let Some(name) = name.filter(|name| names.insert(name.clone())) {
                let text = match talk.language {
                    Language::En => format!("I have {name}."),
                    Language::Zh => format!("我有{name}。"),
                };
                words.push(text.clone());
                talk.claims
                    .push(Grounds::of_span(&symptom.label).claim(&text));
            }
        }
    }
    if words.is_empty() {
        return Err(NotApplicable("the chart states no complaint"));
    }
    talk.user(&words);
    Ok(())
}

fn history(talk: &mut Talk) {
    talk.ask([
        "Please tell me a little about yourself. On which side is it, how long has it lasted, and what else has happened with your health so far?",
        "请先介绍一下您的基本情况。症状在哪一侧，持续多久了？以前还有哪些健康问题？",
    ]);
    let mut words = Vec::new();
    let chart = talk.chart;
    if let Some((text, grounds)) = person::myself(chart, talk.language).zip(person::grounds(chart))
    {
        words.push(talk.claim(&text, &grounds));
    }
    for symptom in &chart.symptoms {
        if let Some(text) = person::complaint(symptom, talk.language) {
            words.push(talk.claim(&text, &Grounds::of_span(&symptom.label)));
        }
    }
    words.extend(talk.quote(&[CasePart::History], ["My records say:", "我的病历写着："]));
    if words.is_empty() {
        words.push(
            say(
                ["I cannot say more about that.", "这些我说不上来。"],
                talk.language,
            )
            .to_owned(),
        );
    }
    talk.user(&words);
}

fn examination(talk: &mut Talk) {
    talk.ask([
        "Has a clinician examined you, and what did the examination find?",
        "有医生给您做过体格检查吗？查体发现了什么？",
    ]);
    let lead = ["The examination record says:", "查体记录写着："];
    let mut words = talk.quote(&[CasePart::Examination], lead);
    if words.is_empty() {
        let none = [
            "I cannot tell you what the examination found.",
            "查体的具体结果我说不清楚。",
        ];
        words.push(say(none, talk.language).to_owned());
    }
    talk.user(&words);
}

fn imaging(talk: &mut Talk) -> Result<(), NotApplicable> {
    talk.ask([
        "Which imaging have you had, and what did it show?",
        "您做过哪些影像学检查？结果怎样？",
    ]);
    let pack = talk.pack;
    let matters = matters(pack);
    let told: Vec<(&Matter, String)> = matters
        .iter()
        .filter_map(|matter| Some((matter, matter.sentence(talk.language)?)))
        .collect();
    if told.is_empty() {
        return Err(NotApplicable("the chart states no imaging finding"));
    }
    let had = phrase::had(pack.modality, talk.language);
    let names: Vec<String> = matters
        .iter()
        .filter_map(|matter| matter.words(talk.language))
        .collect();
    let mut words = vec![match (talk.language, names.is_empty()) {
        (Language::En, false) => format!("I had {had}. The report says: {}.", names.join("; ")),
        (Language::En, true) => format!("I had {had}."),
        (Language::Zh, false) => format!("我做了{had}，报告写着：{}。", names.join("；")),
        (Language::Zh, true) => format!("我做了{had}。"),
    }];
    // Grades of normal and differing examinations are sentences of their own.
    let plain_words = |matter: &Matter| matter.words(talk.language).is_some();
    words.extend(
        told.iter()
            .filter(|(matter, _)| !plain_words(matter))
            .map(|(_, sentence)| sentence.clone()),
    );
    talk.user(&words);
    let mut answer = Vec::new();
    let mut explained = BTreeSet::new();
    for (matter, sentence) in told {
        answer.push(talk.claim(&sentence, &matter.grounds));
        let new = explained.len() < EXPLAINED && !explained.contains(&matter.fact.concept);
        if let Some(gloss) =
            plain(&matter.fact.concept, talk.language).filter(|_| new && matter.is_present())
        {
            explained.insert(matter.fact.concept.clone());
            answer.push(gloss);
        }
    }
    let open = [
        "Levels and findings that are not named here are not stated, and that does not mean that they are normal.",
        "未提及的节段和征象未作说明，不能据此认为正常。",
    ];
    answer.push(say(open, talk.language).to_owned());
    talk.say(Role::Assistant, join(&answer, talk.language));
    Ok(())
}

/// A concept in plain words.
pub(super) fn plain(concept: &str, language: Language) -> Option<String> {
    let gloss = clinical::concept(concept)?.gloss(language);
    Some(match language {
        Language::En => format!("In plain words: {}", small(gloss)),
        Language::Zh => format!("通俗地说，{gloss}"),
    })
}

fn decisions(talk: &mut Talk) {
    let question = [
        "What diagnosis was recorded, and what was done about it?",
        "病历上的诊断是什么？做了哪些处理？",
    ];
    talk.user(&[say(question, talk.language).to_owned()]);
    let (chart, language) = (talk.chart, talk.language);
    let mut answer = Vec::new();
    for told in story::diagnoses(chart, language) {
        let text = match language {
            Language::En => format!("The recorded diagnosis is {}.", told.text),
            Language::Zh => format!("记录的诊断为{}。", told.text),
        };
        answer.push(talk.claim(&text, &told.grounds));
    }
    if answer.is_empty() {
        let none = ["No diagnosis is coded.", "未见编码的诊断。"];
        answer.push(say(none, language).to_owned());
    }
    answer.extend(done(talk));
    let lead = ["The record says of it:", "病历写着："];
    answer.extend(talk.quote(&[CasePart::Treatment, CasePart::Course], lead));
    talk.say(Role::Assistant, join(&answer, language));
}

/// What was done, or what is known of it.
fn done(talk: &mut Talk) -> Vec<String> {
    let (chart, language) = (talk.chart, talk.language);
    let mut out = Vec::new();
    for said in &chart.treatments {
        let Some(words) = story::treatment(&said.what, language) else {
            continue;
        };
        let text = match (language, story::when(chart, &said.what, language)) {
            (Language::En, None) => format!("The recorded treatment is {words}."),
            (Language::En, Some(when)) => format!("The recorded treatment is {words}, {when}."),
            (Language::Zh, None) => format!("记录的治疗为{words}。"),
            (Language::Zh, Some(when)) => format!("记录的治疗为{words}（{when}）。"),
        };
        out.push(talk.claim(&text, &Grounds::of_span(&said.label)));
        out.extend(plain(&said.what.concept, language));
    }
    if out.is_empty() {
        let none =
            if !chart.treatments.is_empty() || story::treatment_is_mentioned(talk.pack, chart) {
                [
                    "Treatment is recorded in the notes only.",
                    "治疗情况仅见于病历文字记录。",
                ]
            } else {
                ["What was done is not stated.", "处理情况未作说明。"]
            };
        out.push(say(none, language).to_owned());
    }
    out
}

fn afterwards(talk: &mut Talk) {
    let question = [
        "How did things go afterwards, and what should I watch for?",
        "后来情况怎么样？我需要注意什么？",
    ];
    talk.user(&[say(question, talk.language).to_owned()]);
    let language = talk.language;
    let mut answer = Vec::new();
    let outcome = talk.quote(
        &[CasePart::Outcome],
        ["Outcome as recorded:", "记录的转归："],
    );
    if outcome.is_empty() {
        let part = story::part(talk.pack, talk.chart, &[CasePart::Outcome], language);
        answer.push(part.silence(["The outcome", "转归"], language));
    }
    answer.extend(outcome);
    let (told, words) = story::complications(talk.pack, talk.chart, language);
    answer.push(words);
    answer.extend(talk.claim_all(told));
    let lead = ["Visits afterwards as recorded:", "随访记录："];
    let visits = talk.quote(&[CasePart::FollowUp], lead);
    if visits.is_empty() {
        let part = story::part(talk.pack, talk.chart, &[CasePart::FollowUp], language);
        answer.push(part.silence(["Follow-up", "随访情况"], language));
    }
    answer.extend(visits);
    answer.push(say(SAFETY_NET, language).to_owned());
    answer.push(say(NO_EXAMINATION, language).to_owned());
    talk.say(Role::Assistant, join(&answer, language));
}
