//! A consultation about two treatments that a pooled analysis compares.

use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::Language;

use super::parse::Direction;
use super::{Found, found, statistics};
use crate::general::{NO_EXAMINATION, SAFETY_NET, TALK, say};
use crate::rules::NotApplicable;
use crate::rules::consultation::Talk;
use crate::rules::point::Grounds;

/// The most results that one consultation tells.
const RESULTS: usize = 3;

/// The patient asks which of two treatments is better; the answers give the results, how sure
/// they are, and what they leave open.
pub(crate) fn talk(pack: &EvidencePack, language: Language) -> Result<Talk, NotApplicable> {
    if language != Language::En || pack.language != language {
        return Err(NotApplicable("comparisons are quoted and not translated"));
    }
    let all = found(pack);
    let one = all.first().ok_or(NotApplicable(
        "the pack defines no condition and compares no treatments to talk about",
    ))?;
    let told: Vec<&Found> = all
        .iter()
        .filter(|other| other.first == one.first && other.second == one.second)
        .take(RESULTS)
        .collect();
    let mut talk = Talk::default();
    talk.ask(format!(
        "I have been offered a choice between {} and {}. Which of the two is better?",
        one.first, one.second
    ));
    results(&mut talk, &told);
    talk.ask("How sure is that?");
    talk.answer(certainty(&told));
    talk.ask("So which one should I choose?");
    talk.answer(open(&told));
    Ok(talk)
}

fn results(talk: &mut Talk, told: &[&Found]) {
    let mut answer = vec![match told {
        [_] => "A pooled analysis compared the two in one respect that is known here.".to_owned(),
        _ => "A pooled analysis compared the two in more than one respect.".to_owned(),
    }];
    for one in told {
        let numbers = match one.said.statistics.as_slice() {
            [] => String::new(),
            all => format!(" ({})", all.join("; ")),
        };
        // The colon keeps the clause as it is written.
        answer.push(format!("Its words on this: {}{numbers}.", one.said.clause));
        talk.claim(&one.said.clause, &Grounds::of_span(one.span));
        answer.push(plainly(one));
    }
    talk.answer(answer.join(" "));
}

/// A result in plain words.
fn plainly(one: &Found) -> String {
    let (outcome, first) = (&one.outcome, &one.said.first);
    match one.said.direction {
        Direction::Lower => {
            format!("That means: on average, the {outcome} was lower with {first}.")
        }
        Direction::Higher => {
            format!("That means: on average, the {outcome} was higher with {first}.")
        }
        Direction::Same => {
            format!("That means: no significant difference in the {outcome} was shown.")
        }
    }
}

fn certainty(told: &[&Found]) -> String {
    let mut answer = Vec::new();
    for one in told {
        let outcome = &one.outcome;
        let numbers = one.said.numbers();
        let uncertain = match (
            statistics::interval(&numbers),
            statistics::significant(&numbers),
        ) {
            (Some(interval), _) => format!("its uncertainty is given as {interval}"),
            (None, Some(true)) => "a statistical test found it significant, but how large the difference could be is not stated".to_owned(),
            (None, Some(false)) => "a statistical test found no significance, and how large a difference could remain is not stated".to_owned(),
            (None, None) => "no measure of its uncertainty is stated".to_owned(),
        };
        answer.push(format!("For the {outcome}: {uncertain}."));
    }
    if told.iter().any(|one| one.said.direction == Direction::Same) {
        answer.push(
            "That no significant difference was shown does not prove that the two are equal."
                .to_owned(),
        );
    }
    answer.push("These are results of groups of patients, and they can differ from one patient to the next.".to_owned());
    answer.join(" ")
}

fn open(told: &[&Found]) -> String {
    let outcomes: Vec<String> = told
        .iter()
        .map(|one| format!("the {}", one.outcome))
        .collect();
    let outcomes = crate::text::list(&outcomes, false);
    let left = format!(
        "That remains open. A result on {outcomes} does not say which treatment suits you; other benefits and risks, which are not stated here, count too."
    );
    [
        left.as_str(),
        say(TALK, Language::En),
        say(SAFETY_NET, Language::En),
        say(NO_EXAMINATION, Language::En),
    ]
    .join(" ")
}
