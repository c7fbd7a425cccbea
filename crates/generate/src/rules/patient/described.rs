//! Questions on a described case: where a treatment was done, on which side a symptom is.

use spinemed_core::case::{CasePart, Certified, Symptom, Timed};
use spinemed_core::level::{self, Level};
use spinemed_core::pack::{Chart, EvidencePack};
use spinemed_core::vocabulary::{Language, Side};

use super::finding::{Matter, is_normal};
use super::question::{Asked, Case, Question, Wording, add, is_coded, is_there, side_option};
use super::{join, open, story};
use crate::general::say;
use crate::phrase;
use crate::rules::point::Grounds;
use crate::rules::study::SIDES;

/// At which level was a treatment done? Asked where the treated level shows a finding.
pub(super) fn treated(case: &Case) -> Vec<Question> {
    let mut made = Vec::new();
    for said in &case.chart.treatments {
        let once = |other: &&Certified<Timed>| other.what.concept == said.what.concept;
        if case.chart.treatments.iter().filter(once).count() == 1 {
            made.extend(treated_at(case, &said.what, &said.label));
        }
    }
    made
}

fn treated_at(case: &Case, said: &Timed, label: &str) -> Option<Question> {
    let (level, language) = (said.level?, case.language);
    let shown = case
        .matters
        .iter()
        .any(|m| m.is_present() && m.fact.level.is_some_and(|at| level.covers(&at)));
    if !shown {
        return None;
    }
    let name = phrase::concept(&said.concept, language)?;
    let vignette = open::vignette(case.pack, case.chart, None, language)?;
    let asks = match language {
        Language::En => format!("At which level was {name} done?"),
        Language::Zh => format!("{name}在哪一节段进行？"),
    };
    let wrong: Vec<Level> = level
        .neighbours()
        .into_iter()
        .filter(|near| !is_treated(case.pack, case.chart, *near))
        .take(3)
        .collect();
    let words = story::treatment(said, language)?;
    let sentence = match language {
        Language::En => format!("The recorded treatment is {words}."),
        Language::Zh => format!("记录的治疗为{words}。"),
    };
    let grounds = Grounds::of_span(label);
    let words = Wording {
        question: join(&[vignette, asks], language),
        answer: phrase::level(&level, language),
        wrong: wrong
            .iter()
            .map(|level| phrase::level(level, language))
            .collect(),
        sentence,
        own: grounds.clone(),
        all: grounds,
        images: Vec::new(),
    };
    let asked = Asked::Treated {
        concept: said.concept.clone(),
    };
    case.make(asked, 0, words)
}

/// Whether something was done at a level, or may have been: a treatment's label covers it, or a
/// text on what was done and came of it names it.
pub(crate) fn is_treated(pack: &EvidencePack, chart: &Chart, level: Level) -> bool {
    const TOLD: [CasePart; 5] = [
        CasePart::Treatment,
        CasePart::Course,
        CasePart::Complication,
        CasePart::Outcome,
        CasePart::FollowUp,
    ];
    let touches = |other: Level| other.covers(&level) || level.covers(&other);
    let coded = chart.treatments.iter().filter_map(|t| t.what.level);
    let mut told = pack
        .spans
        .iter()
        .filter(|span| {
            chart
                .parts
                .get(&span.id)
                .is_some_and(|part| TOLD.contains(part))
        })
        .flat_map(|span| level::mentions(&span.text));
    coded.into_iter().any(touches) || told.any(|mention| touches(mention.level))
}

/// On which side is a symptom that lies on the side of a finding?
pub(super) fn symptoms(case: &Case) -> Vec<Question> {
    let mut made = Vec::new();
    for said in &case.chart.symptoms {
        let same = |other: &&Certified<Symptom>| other.what.concept == said.what.concept;
        let once = case.chart.symptoms.iter().filter(same).count() == 1;
        let side = said.what.side.filter(|_| once);
        made.extend(
            side.and_then(|side| symptom_side(case, &said.what.concept, side, &said.label)),
        );
    }
    made
}

fn symptom_side(case: &Case, concept: &str, side: Side, label: &str) -> Option<Question> {
    let language = case.language;
    let right = side_option(side)?;
    let sided: Vec<&Matter> = case
        .matters
        .iter()
        .filter(|m| is_there(m) && m.fact.side.is_some() && !is_normal(m.fact))
        .collect();
    // Findings on several sides would lead nowhere.
    let finding = sided
        .first()
        .filter(|m| m.is_present() && is_coded(m.fact))?;
    if sided.iter().any(|m| m.fact.side != Some(side)) {
        return None;
    }
    let vignette = open::vignette(case.pack, case.chart, Some(concept), language)?;
    let name = phrase::concept(concept, language)?;
    let words = finding.words(language)?;
    let asks = match language {
        Language::En => format!("The patient also has {name}. On which side is it recorded?"),
        Language::Zh => format!("患者还有{name}，记录在哪一侧？"),
    };
    let place = say(
        [["left", "左侧"], ["right", "右侧"], ["bilateral", "双侧"]][right],
        language,
    );
    let sentence = match language {
        Language::En => {
            format!("The record says {place} {name}. It lies on the side of the finding: {words}.")
        }
        Language::Zh => format!("病历记录为{place}{name}，与影像所见同侧：{words}。"),
    };
    let own = Grounds::of_span(label);
    let mut all = own.clone();
    add(&mut all, &finding.grounds);
    let words = Wording {
        question: join(&[vignette, asks], language),
        answer: say(SIDES[right], language).to_owned(),
        wrong: (0..3)
            .filter(|at| *at != right)
            .map(|at| say(SIDES[at], language).to_owned())
            .collect(),
        sentence,
        own,
        all,
        images: Vec::new(),
    };
    let asked = Asked::Symptom {
        concept: concept.to_owned(),
    };
    case.make(asked, 1, words)
}
