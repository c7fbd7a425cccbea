//! Consultations: a patient asks, the answers say what the evidence says and what it leaves
//! open. No history is invented and no treatment is claimed.

use std::collections::BTreeSet;

use spinemed_core::clinical;
use spinemed_core::instance::{Claim, Draft, Item, Role, Task, Turn};
use spinemed_core::pack::{EvidencePack, PackKind};
use spinemed_core::vocabulary::Language;

use super::NotApplicable;
use super::case::{Case, case, is_clinical, other_levels, unread_sentence};
use super::comparison;
use super::point::{Grounds, Point, Query, points};
use crate::general::{NO_EXAMINATION, SAFETY_NET, TALK, say};
use crate::phrase;
use crate::text::{capital, list};

/// A consultation about an examination or a condition.
pub(crate) fn draft(pack: &EvidencePack, task: &Task) -> Result<Draft, NotApplicable> {
    if task.variant > 0 {
        return Err(NotApplicable("a pack carries one consultation"));
    }
    let talk = match pack.kind {
        PackKind::Study => about_pictures(pack, task.language),
        PackKind::Figure if is_clinical(pack.modality) => about_pictures(pack, task.language),
        PackKind::Text | PackKind::Question => about_condition(pack, task.language),
        _ => Err(NotApplicable(
            "neither an examination nor a definition to talk about",
        )),
    }?;
    Ok(Draft {
        task: task.clone(),
        item: Item::Consultation { turns: talk.turns },
        claims: talk.claims,
        images: talk.images,
    })
}

/// The turns so far, and what they rest on.
#[derive(Default)]
pub(super) struct Talk {
    turns: Vec<Turn>,
    claims: Vec<Claim>,
    images: Vec<usize>,
}

impl Talk {
    /// The patient's turn.
    pub fn ask(&mut self, text: impl Into<String>) {
        self.turns.push(Turn {
            role: Role::User,
            text: text.into(),
        });
    }

    /// The clinician's turn.
    pub fn answer(&mut self, text: impl Into<String>) {
        self.turns.push(Turn {
            role: Role::Assistant,
            text: text.into(),
        });
    }

    /// What words of a turn rest on.
    pub fn claim(&mut self, text: &str, grounds: &Grounds) {
        self.claims.push(grounds.claim(text));
    }
}

fn join(sentences: &[String], language: Language) -> String {
    sentences.join(if language == Language::En { " " } else { "" })
}

/// The most findings that one answer explains.
const EXPLAINED: usize = 3;

fn about_pictures(pack: &EvidencePack, language: Language) -> Result<Talk, NotApplicable> {
    let case = case(pack, language)?;
    let exam = phrase::had(pack.modality, language);
    let mut talk = Talk::default();
    if case.present.is_empty() {
        normal(pack, &case, exam, &mut talk, language)?;
    } else {
        findings(pack, &case, exam, &mut talk, language)?;
        others(pack, &case, &mut talk, language)?;
    }
    next_steps(&mut talk, language);
    talk.images = shown(pack, &case);
    Ok(talk)
}

/// The pictures: a figure's own, and of a study those that show what is talked about.
fn shown(pack: &EvidencePack, case: &Case) -> Vec<usize> {
    if pack.kind == PackKind::Figure {
        return vec![0];
    }
    let mut images = BTreeSet::new();
    for (_, fact) in &case.present {
        images.extend(super::study::showing(pack, fact).next());
    }
    images.into_iter().take(EXPLAINED).collect()
}

fn findings(
    pack: &EvidencePack,
    case: &Case,
    exam: &str,
    talk: &mut Talk,
    language: Language,
) -> Result<(), NotApplicable> {
    let unnamed = NotApplicable("a finding has no name in the language");
    let named: Option<Vec<String>> = case
        .present
        .iter()
        .map(|(_, fact)| phrase::finding(fact, language))
        .collect();
    let named = named.ok_or(unnamed)?;
    let zh = language == Language::Zh;
    talk.ask(if zh {
        format!(
            "我做了脊柱{exam}，报告写着：{}。这是什么意思？",
            named.join("；")
        )
    } else {
        format!(
            "I had {exam} of my spine. The report says: {}. What does this mean?",
            named.join("; ")
        )
    });
    let mut answer = Vec::new();
    let mut explained = BTreeSet::new();
    for ((at, fact), words) in case.present.iter().zip(&named) {
        if explained.len() == EXPLAINED && !explained.contains(fact.concept.as_str()) {
            continue;
        }
        let sentence = if zh {
            format!("影像显示{words}。")
        } else {
            format!("The images show {words}.")
        };
        talk.claim(&sentence, &Grounds::of_facts(pack, [*at]));
        answer.push(sentence);
        if explained.insert(fact.concept.as_str()) {
            answer.push(gloss(&fact.concept, language).ok_or(NotApplicable(
                "the lexicon has no plain words for a finding",
            ))?);
        }
    }
    talk.answer(join(&answer, language));
    Ok(())
}

/// A concept in plain words: `In plain words, this means: …`.
fn gloss(concept: &str, language: Language) -> Option<String> {
    let gloss = clinical::concept(concept)?.gloss(language);
    Some(match language {
        Language::En => format!("In plain words: {}", crate::text::small(gloss)),
        Language::Zh => format!("通俗地说，{gloss}"),
    })
}

fn others(
    pack: &EvidencePack,
    case: &Case,
    talk: &mut Talk,
    language: Language,
) -> Result<(), NotApplicable> {
    let unnamed = NotApplicable("a finding has no name in the language");
    let zh = language == Language::Zh;
    talk.ask(if zh {
        "其他节段都正常吗？"
    } else {
        "Are the other levels normal?"
    });
    let mut answer = Vec::new();
    for unremarkable in &case.unremarkable {
        let sentence = unremarkable.sentence(language).ok_or(unnamed)?;
        let facts = unremarkable.labels.iter().map(|g| g.at);
        talk.claim(&sentence, &Grounds::of_facts(pack, facts));
        answer.push(sentence);
    }
    for (at, fact) in &case.absent {
        let words = phrase::finding(fact, language).ok_or(unnamed)?;
        let sentence = if zh {
            format!("影像显示{words}。")
        } else {
            format!("The images show {words}.")
        };
        talk.claim(&sentence, &Grounds::of_facts(pack, [*at]));
        answer.push(sentence);
    }
    answer.extend(unknown(pack, case, language));
    talk.answer(join(&answer, language));
    Ok(())
}

/// What is not graded or not named is said to be unknown (I6).
fn unknown(pack: &EvidencePack, case: &Case, language: Language) -> Vec<String> {
    let zh = language == Language::Zh;
    let mut out = Vec::new();
    if !case.ungraded.is_empty() {
        let places = list(&case.ungraded, zh);
        out.push(if zh {
            format!("以下部位未评级：{places}。未评级并不等于正常。")
        } else {
            format!("Not graded: {places}. Not graded does not mean normal.")
        });
    }
    if pack.kind != PackKind::Study {
        out.extend(unread_sentence(case, language));
        out.push(other_levels(language));
    }
    if out.is_empty() {
        out.push(if zh {
            "没有评级的内容，影像资料未作说明。".to_owned()
        } else {
            "Nothing is stated about anything that was not graded.".to_owned()
        });
    }
    out
}

fn normal(
    pack: &EvidencePack,
    case: &Case,
    exam: &str,
    talk: &mut Talk,
    language: Language,
) -> Result<(), NotApplicable> {
    if case.unremarkable.is_empty() {
        return Err(NotApplicable("the study has no graded label"));
    }
    let zh = language == Language::Zh;
    talk.ask(if zh {
        format!("我做了脊柱{exam}，报告没有中度或重度的异常。具体评了哪些内容？")
    } else {
        format!("I had {exam} of my spine. The report names nothing moderate or severe. What was graded?")
    });
    let mut answer = Vec::new();
    for unremarkable in &case.unremarkable {
        let sentence = unremarkable
            .sentence(language)
            .ok_or(NotApplicable("a finding has no name in the language"))?;
        let facts = unremarkable.labels.iter().map(|g| g.at);
        talk.claim(&sentence, &Grounds::of_facts(pack, facts));
        answer.push(sentence);
    }
    answer.extend(unknown(pack, case, language));
    talk.answer(join(&answer, language));
    Ok(())
}

fn next_steps(talk: &mut Talk, language: Language) {
    let zh = language == Language::Zh;
    talk.ask(if zh {
        "那我需要手术吗？接下来该怎么办？".to_owned()
    } else {
        "Do I need an operation? What should I do next?".to_owned()
    });
    let open = if zh {
        "仅凭影像不能回答是否需要手术，目前也没有症状和查体的资料。".to_owned()
    } else {
        "The images alone cannot answer that, and nothing is known here about symptoms or examination.".to_owned()
    };
    let parts = [
        open.as_str(),
        say(TALK, language),
        say(SAFETY_NET, language),
        say(NO_EXAMINATION, language),
    ];
    talk.answer(join(&parts.map(str::to_owned), language));
}

/// A conversation that starts from a definition and goes on with what else the pack states.
fn about_condition(pack: &EvidencePack, language: Language) -> Result<Talk, NotApplicable> {
    let all = points(pack, language);
    let definition = all.iter().find(|point| is_definition(point));
    let Some(definition) = definition else {
        return comparison::talk(pack, language);
    };
    let zh = language == Language::Zh;
    let mut talk = Talk::default();
    let term = &definition.answer;
    let question = definition.question.as_deref().unwrap_or_default();
    talk.ask(if zh {
        format!("医生提到了“{term}”。{question}")
    } else {
        format!(
            "My doctor mentioned {}. {question}",
            crate::text::small(term)
        )
    });
    talk.claim(&definition.reply, &definition.all);
    talk.answer(definition.reply.clone());
    let further = all.iter().filter(|point| {
        point.rank == 0 && point.query != definition.query && !matches!(point.query, Query::Bank)
    });
    for point in further.take(2) {
        let Some(question) = &point.question else {
            continue;
        };
        talk.ask(question.clone());
        talk.claim(&point.reply, &point.all);
        talk.answer(point.reply.clone());
    }
    talk.ask(if zh {
        "这能说明我自己的情况吗？".to_owned()
    } else {
        "Does this tell me what is wrong in my own case?".to_owned()
    });
    let no = if zh { "不能。" } else { "No." };
    let parts = [
        no,
        say(NO_EXAMINATION, language),
        say(TALK, language),
        say(SAFETY_NET, language),
    ];
    talk.answer(join(&parts.map(str::to_owned), language));
    Ok(talk)
}

fn is_definition(point: &Point) -> bool {
    let Query::Gap { filling, .. } = &point.query else {
        return false;
    };
    capital(filling) == point.answer
        && point.reply.contains(filling.as_str())
        && point
            .question
            .as_deref()
            .is_some_and(|q| q.starts_with("What ") || q.starts_with("什么是"))
}
