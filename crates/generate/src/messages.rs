//! Items as chat messages, the form that training frameworks read.

use spinemed_core::instance::{Item, Message, Part, ReportSections, Role};
use spinemed_core::vocabulary::Language;

use crate::text::scripts;

/// The system prompt, as short as can be.
#[must_use]
pub fn system_prompt(language: Language) -> &'static str {
    match language {
        Language::En => {
            "You are an assistant for spine medicine. Answer from what is given and say what is not known."
        }
        Language::Zh => "你是脊柱医学助手。请根据所给信息作答，并说明未知之处。",
    }
}

/// An item as messages: a short system prompt, pictures first in the first user message, the
/// options of a multiple choice lettered, its answer as letter, option and explanation.
/// `images` is the number of pictures that the item shows.
#[must_use]
pub fn messages(item: &Item, images: usize) -> Vec<Message> {
    let language = language(item);
    let mut messages = vec![text(Role::System, system_prompt(language))];
    match item {
        Item::Mcq {
            stem,
            options,
            correct,
            explanation,
        } => {
            messages.push(text(Role::User, &with_options(stem, options)));
            messages.push(text(
                Role::Assistant,
                &with_letter(options, *correct, explanation, language),
            ));
        }
        Item::OpenQa { question, answer } => {
            messages.push(text(Role::User, question));
            messages.push(text(Role::Assistant, answer));
        }
        Item::Consultation { turns } => {
            messages.extend(turns.iter().map(|turn| text(turn.role, &turn.text)));
        }
        Item::Report { request, sections } => {
            messages.push(text(Role::User, request));
            messages.push(text(Role::Assistant, &report(sections, language)));
        }
    }
    if let Some(first) = messages
        .iter_mut()
        .find(|message| message.role == Role::User)
    {
        first
            .content
            .splice(0..0, std::iter::repeat_n(Part::Image, images));
    }
    messages
}

fn text(role: Role, text: &str) -> Message {
    Message {
        role,
        content: vec![Part::Text {
            text: text.to_owned(),
        }],
    }
}

fn language(item: &Item) -> Language {
    let told = match item {
        Item::Mcq { stem, .. } => stem,
        Item::OpenQa { question, .. } => question,
        Item::Consultation { turns } => {
            return turns.first().map_or(Language::En, |turn| of(&turn.text));
        }
        Item::Report { request, .. } => request,
    };
    of(told)
}

fn of(text: &str) -> Language {
    let (han, latin) = scripts(text);
    if han > latin {
        Language::Zh
    } else {
        Language::En
    }
}

/// The letter of an option: `A` … `Z`, then numbers.
fn letter(at: usize) -> String {
    match u8::try_from(at) {
        Ok(at) if at < 26 => char::from(b'A' + at).to_string(),
        _ => (at + 1).to_string(),
    }
}

fn with_options(stem: &str, options: &[String]) -> String {
    let mut out = stem.to_owned();
    for (at, option) in options.iter().enumerate() {
        out.push_str(&format!("\n{}. {option}", letter(at)));
    }
    out
}

fn with_letter(
    options: &[String],
    correct: usize,
    explanation: &str,
    language: Language,
) -> String {
    let option = options.get(correct).map(String::as_str).unwrap_or_default();
    let answer = match language {
        Language::En => "Answer: ",
        Language::Zh => "答案：",
    };
    format!("{answer}{}. {option}\n{explanation}", letter(correct))
}

/// The titles of a report's sections, English and Chinese.
const TITLES: [[&str; 2]; 7] = [
    ["1. Structured imaging findings", "1. 结构化影像所见"],
    ["2. AI-assisted diagnosis", "2. AI辅助诊断"],
    ["3a. Treatment: for the patient", "3a. 治疗建议：患者版"],
    ["3b. Treatment: for the clinician", "3b. 治疗建议：医生版"],
    ["4. Risk and prognosis", "4. 风险与预后"],
    ["5. Postoperative problems", "5. 术后问题"],
    [
        "6. Diagnostic basis and disclaimer",
        "6. 诊断依据与免责声明",
    ],
];

fn report(sections: &ReportSections, language: Language) -> String {
    let texts = [
        &sections.imaging_findings,
        &sections.diagnosis,
        &sections.treatment_patient,
        &sections.treatment_clinician,
        &sections.risk_prognosis,
        &sections.postoperative,
        &sections.basis,
    ];
    let parts: Vec<String> = TITLES
        .iter()
        .zip(texts)
        .map(|(title, text)| format!("{}\n{text}", crate::general::say(*title, language)))
        .collect();
    parts.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_come_first_and_options_have_letters() {
        let item = Item::Mcq {
            stem: "Which level?".into(),
            options: vec!["L3/L4".into(), "L4/L5".into(), "L5/S1".into()],
            correct: 1,
            explanation: "It is graded severe there.".into(),
        };
        let made = messages(&item, 2);
        assert_eq!(made.len(), 3);
        assert_eq!(made[1].content[..2], [Part::Image, Part::Image]);
        let words = |at: usize| match made[at].content.last() {
            Some(Part::Text { text }) => text.as_str(),
            _ => "",
        };
        assert_eq!(words(1), "Which level?\nA. L3/L4\nB. L4/L5\nC. L5/S1");
        assert_eq!(words(2), "Answer: B. L4/L5\nIt is graded severe there.");
    }
}
