//! Items of patients' cases.
//!
//! A case is told from its chart: coded findings, symptoms, diagnoses and treatments, each with
//! the label that says so, and cleaned texts. In the case's own language texts are quoted
//! sentence by sentence; in the other language only what is coded is told, by the names of
//! [`spinemed_core::clinical`]: nothing is translated and nothing is made up. A sentence from
//! which something was taken out is not quoted at all.
//!
//! Everything is told in an order of its own, not in that of the pack, so that two packs with
//! the same statements give the same items.

mod consultation;
mod described;
mod finding;
mod label;
mod open;
mod person;
mod question;
mod quote;
mod report;
mod revise;
mod shown;
mod story;

use spinemed_core::instance::{Claim, Draft, Item, Task};
use spinemed_core::pack::{Chart, EvidencePack};
use spinemed_core::vocabulary::{Kind, Language};

use super::NotApplicable;
use question::{Question, questions};

pub(crate) use described::is_treated;
pub(crate) use person::{intervals, parts as duration};
pub(crate) use quote::has_placeholder;
pub(crate) use revise::derive;
pub(crate) use story::chart_lines;
pub(crate) use story::is_operation;

/// An item of a case.
pub(crate) fn draft(pack: &EvidencePack, task: &Task) -> Result<Draft, NotApplicable> {
    let chart = chart(pack)?;
    match task.kind {
        Kind::Mcq => mcq(pack, task),
        Kind::OpenQa => open_qa(pack, task),
        Kind::Consultation => consultation::draft(pack, chart, task),
        Kind::Report => report::draft(pack, chart, task),
    }
}

fn chart(pack: &EvidencePack) -> Result<&Chart, NotApplicable> {
    pack.chart
        .as_deref()
        .ok_or(NotApplicable("the case has no chart"))
}

fn mcq(pack: &EvidencePack, task: &Task) -> Result<Draft, NotApplicable> {
    let mut made = questions(pack, task.language);
    made.retain(|question| question.stem.is_some());
    let made = nth(made, task, 0).ok_or(NotApplicable(
        "nothing of the case makes a multiple choice with options that it excludes",
    ))?;
    let answer = made.options.get(made.correct).cloned().unwrap_or_default();
    Ok(Draft {
        task: task.clone(),
        claims: vec![made.own.claim(&answer), made.all.claim(&made.explanation)],
        item: Item::Mcq {
            stem: made.stem.unwrap_or_default(),
            options: made.options,
            correct: made.correct,
            explanation: made.explanation,
        },
        images: made.images,
    })
}

fn open_qa(pack: &EvidencePack, task: &Task) -> Result<Draft, NotApplicable> {
    let mut made = questions(pack, task.language);
    made.retain(|question| question.open.is_some());
    let made =
        nth(made, task, 1).ok_or(NotApplicable("nothing of the case makes an open question"))?;
    let claims: Vec<Claim> = vec![made.all.claim(&made.reply)];
    Ok(Draft {
        task: task.clone(),
        claims,
        item: Item::OpenQa {
            question: made.open.unwrap_or_default(),
            answer: made.reply,
        },
        images: made.images,
    })
}

/// The question of a variant; where there are several, the open one is another than the
/// multiple choice of the same variant.
fn nth(mut made: Vec<Question>, task: &Task, offset: usize) -> Option<Question> {
    let variant = usize::try_from(task.variant).ok()?;
    if variant >= made.len() {
        return None;
    }
    let at = (variant + offset) % made.len();
    Some(made.swap_remove(at))
}

/// Sentences as a paragraph.
fn join(sentences: &[String], language: Language) -> String {
    sentences.join(if language == Language::En { " " } else { "" })
}
