//! Questions on findings that a key image shows: where, which one is absent, on which side.

use spinemed_core::vocabulary::{Language, Side};

use super::finding::{Matter, Standing};
use super::join;
use super::question::{Asked, Case, Question, Wording, add, is_coded, is_there, side_option};
use crate::general::say;
use crate::phrase;
use crate::rules::study::{self, SIDES, showing, view};
use crate::text::capital;

/// At which level is a finding that is denied at other levels?
pub(super) fn level_of(case: &Case, matter: &Matter) -> Option<Question> {
    let fact = matter.fact;
    let (level, language) = (fact.level?, case.language);
    if !matter.is_present() || !is_coded(fact) || fact.grade.is_some() {
        return None;
    }
    let others: Vec<&Matter> = case
        .of_concept(&fact.concept)
        .filter(|other| other.fact.level != fact.level)
        .collect();
    if others.iter().any(|other| is_there(other)) {
        return None;
    }
    let image = showing(case.pack, fact).next()?;
    let same_side = |other: &&&Matter| {
        other.fact.side == fact.side && other.fact.level.is_some() && is_coded(other.fact)
    };
    let excluded: Vec<&&Matter> = others.iter().filter(same_side).take(3).collect();
    let mut all = matter.grounds.clone();
    for other in &excluded {
        add(&mut all, &other.grounds);
    }
    let (view, what) = (
        view(case.pack, image, language)?,
        study::what(fact, language)?,
    );
    let question = match language {
        Language::En => format!("On this {view}, at which level is {what} present?"),
        Language::Zh => format!("在这幅{view}上，{what}位于哪一节段？"),
    };
    let mut sentences = vec![matter.sentence(language)?];
    for other in &excluded {
        sentences.push(other.sentence(language)?);
    }
    let words = Wording {
        question,
        answer: phrase::level(&level, language),
        wrong: excluded
            .iter()
            .filter_map(|other| other.fact.level)
            .map(|level| phrase::level(&level, language))
            .collect(),
        sentence: join(&sentences, language),
        own: matter.grounds.clone(),
        all,
        images: vec![image],
    };
    let asked = Asked::Level {
        concept: fact.concept.clone(),
        side: fact.side,
    };
    case.make(asked, 0, words)
}

/// Which finding is absent at a level where others are present?
pub(super) fn absent(case: &Case, matter: &Matter) -> Option<Question> {
    let fact = matter.fact;
    let (level, language) = (fact.level?, case.language);
    let first = |other: &&Matter| {
        other.fact.level == fact.level && other.standing == Standing::Absent && is_coded(other.fact)
    };
    let only = case.matters.iter().filter(first).count() == 1;
    if matter.standing != Standing::Absent || !is_coded(fact) || !only {
        return None;
    }
    let image = showing(case.pack, fact).next()?;
    let mut all = matter.grounds.clone();
    let (mut wrong, mut sentences) = (Vec::new(), vec![matter.sentence(language)?]);
    for other in case.matters {
        let here = other.fact.level == fact.level && is_coded(other.fact);
        if !here || !other.is_present() || other.fact.concept == fact.concept {
            continue;
        }
        let name = capital(&phrase::concept(&other.fact.concept, language)?);
        if wrong.len() < 3 && !wrong.contains(&name) {
            wrong.push(name);
            add(&mut all, &other.grounds);
            sentences.push(other.sentence(language)?);
        }
    }
    let (view, place) = (
        view(case.pack, image, language)?,
        phrase::at(&level, language),
    );
    let question = match language {
        Language::En => format!("On this {view}, which finding is reported as absent {place}?"),
        Language::Zh => format!("在这幅{view}上，{place}未见下列哪种征象？"),
    };
    let words = Wording {
        question,
        answer: capital(&phrase::concept(&fact.concept, language)?),
        wrong,
        sentence: join(&sentences, language),
        own: matter.grounds.clone(),
        all,
        images: vec![image],
    };
    case.make(Asked::Absent { level }, 1, words)
}

/// On which side is a finding at a level? Asked where both sides are known.
pub(super) fn side_of(case: &Case, matter: &Matter) -> Option<Question> {
    let fact = matter.fact;
    let (level, language) = (fact.level?, case.language);
    let graded = fact.grade.as_ref().and_then(phrase::severity).is_some();
    if !matter.is_present() || !is_coded(fact) || graded {
        return None;
    }
    let other = match fact.side? {
        Side::Left => Some(Side::Right),
        Side::Right => Some(Side::Left),
        Side::Bilateral => None,
        Side::Central => return None,
    };
    let here: Vec<&Matter> = case
        .of_concept(&fact.concept)
        .filter(|m| m.fact.level == fact.level && m.fact.side != fact.side)
        .collect();
    let mut all = matter.grounds.clone();
    let mut sentences = vec![matter.sentence(language)?];
    match (other, here.as_slice()) {
        (None, []) => {}
        (Some(side), [denied])
            if denied.fact.side == Some(side)
                && is_coded(denied.fact)
                && denied.standing == Standing::Absent =>
        {
            add(&mut all, &denied.grounds);
            sentences.push(denied.sentence(language)?);
        }
        _ => return None,
    }
    let image = showing(case.pack, fact).next()?;
    let (view, name) = (
        view(case.pack, image, language)?,
        phrase::concept(&fact.concept, language)?,
    );
    let place = phrase::at(&level, language);
    let question = match language {
        Language::En => format!("On this {view}, on which side is {name} {place}?"),
        Language::Zh => format!("在这幅{view}上，{place}{name}位于哪一侧？"),
    };
    let right = side_option(fact.side?)?;
    let words = Wording {
        question,
        answer: say(SIDES[right], language).to_owned(),
        wrong: (0..SIDES.len())
            .filter(|at| *at != right)
            .map(|at| say(SIDES[at], language).to_owned())
            .collect(),
        sentence: join(&sentences, language),
        own: matter.grounds.clone(),
        all,
        images: vec![image],
    };
    let asked = Asked::Side {
        concept: fact.concept.clone(),
        level,
    };
    case.make(asked, 0, words)
}
