//! Points of figures of clinical imaging, from facts that the caption binds to a level.

use spinemed_core::clinical::{self, Concept, ConceptKind};
use spinemed_core::finding::Finding;
use spinemed_core::level::{self, Level};
use spinemed_core::pack::{EvidencePack, SpanRole};
use spinemed_core::vocabulary::Language;

use super::point::{Grounds, Order, Point, Query};
use crate::choice::Choice;
use crate::phrase;
use crate::{agree, kin};

/// The points of a figure.
pub(crate) fn points(pack: &EvidencePack, language: Language) -> Vec<Point> {
    if pack.images.is_empty() {
        return Vec::new();
    }
    let mut points = Vec::new();
    for (at, fact) in caption_facts(pack) {
        let Some((image, picture)) = shown(pack, fact, language) else {
            continue;
        };
        let made = level_of(pack, at, fact, picture, language)
            .into_iter()
            .chain(finding_at(pack, at, fact, picture, language));
        points.extend(made.map(|point| Point {
            images: vec![image],
            ..point
        }));
    }
    points
}

/// The first picture that a fact is said of, and what to call it; none where the caption does
/// not tell which of the pictures it means, or the picture is no clinical one.
fn shown(pack: &EvidencePack, fact: &Finding, language: Language) -> Option<(usize, &'static str)> {
    let image = *pack.images_of(fact).first()?;
    let named = pack.images[image].panel.is_some();
    let modality = if named {
        pack.images[image].modality
    } else {
        pack.modality
    };
    Some((image, phrase::picture(modality, language)?))
}

/// Facts of the caption with a level, of findings and conditions that are there.
pub(crate) fn caption_facts(pack: &EvidencePack) -> impl Iterator<Item = (usize, &Finding)> {
    pack.facts.iter().enumerate().filter(|(_, fact)| {
        let caption = pack
            .span(&fact.span)
            .is_some_and(|span| span.role == SpanRole::Caption);
        let shown = clinical::concept(&fact.concept)
            .is_some_and(|c| matches!(c.kind, ConceptKind::Finding | ConceptKind::Condition));
        let placed = fact
            .level
            .is_some_and(|level| !matches!(level, Level::NerveRoot(_)));
        caption && shown && placed && !fact.negated
    })
}

fn level_of(
    pack: &EvidencePack,
    at: usize,
    fact: &Finding,
    picture: &str,
    language: Language,
) -> Option<Point> {
    let asked = Finding {
        level: None,
        ..fact.clone()
    };
    let elsewhere = pack.facts.iter().any(|other| {
        other.level != fact.level
            && !other.negated
            && kin::are_kin(&other.concept, &fact.concept)
            && agree::bears_out(
                other,
                &Finding {
                    concept: other.concept.clone(),
                    ..asked.clone()
                },
            )
    });
    if elsewhere {
        return None;
    }
    let level = fact.level?;
    let (excluded, grounds) = excluded_levels(pack, fact);
    let named = named_levels(pack);
    let unnamed = level.neighbours().into_iter().take(6).filter(|near| {
        !named
            .iter()
            .any(|named| named == near || named.covers(near))
    });
    let distractors: Vec<String> = excluded
        .into_iter()
        .chain(unnamed)
        .take(3)
        .map(|level| phrase::level(&level, language))
        .collect();
    let what = phrase::what(fact, language)?;
    let question = match language {
        Language::En => format!("On this {picture}, which level is affected by {what}?"),
        Language::Zh => format!("在这幅{picture}上，哪一节段存在{what}？"),
    };
    let sentence = sentence(fact, picture, language)?;
    let all = [at].into_iter().chain(grounds);
    Some(Point {
        query: Query::Level {
            concept: fact.concept.clone(),
            side: fact.side,
            grade: fact.grade.clone(),
        },
        rank: 0,
        stem: Some(question.clone()),
        question: Some(question),
        answer: phrase::level(&level, language),
        distractors,
        order: Order::Free,
        explanation: sentence.clone(),
        reply: sentence,
        own: Grounds::of_facts(pack, [at]),
        all: Grounds::of_facts(pack, all),
        images: Vec::new(),
    })
}

/// `This MR image shows severe spinal canal stenosis at C5/C6.`
fn sentence(fact: &Finding, picture: &str, language: Language) -> Option<String> {
    let words = phrase::finding(fact, language)?;
    Some(match language {
        Language::En => format!("This {picture} shows {words}."),
        Language::Zh => format!("这幅{picture}显示{words}。"),
    })
}

/// Levels of the same kind at which the evidence denies the finding or grades it otherwise,
/// with those facts.
fn excluded_levels(pack: &EvidencePack, fact: &Finding) -> (Vec<Level>, Vec<usize>) {
    let mut levels = Vec::new();
    let mut facts = Vec::new();
    for (at, other) in pack.facts.iter().enumerate() {
        let Some(level) = other.level else { continue };
        let same = other.concept == fact.concept && other.side == fact.side;
        let denied = other.negated
            || matches!((&other.grade, &fact.grade), (Some(a), Some(b)) if !agree::same_grade(a, b));
        let kind = |level: &Level| std::mem::discriminant(level);
        let fits = Some(kind(&level)) == fact.level.as_ref().map(kind) && Some(level) != fact.level;
        if same && denied && fits && !levels.contains(&level) {
            levels.push(level);
            facts.push(at);
        }
    }
    (levels, facts)
}

/// Every level that the pack names, for whatever reason: none is a safe wrong answer.
fn named_levels(pack: &EvidencePack) -> Vec<Level> {
    let mut named: Vec<Level> = pack.levels.iter().map(|level| level.level).collect();
    for span in &pack.spans {
        named.extend(
            level::mentions(&span.text)
                .into_iter()
                .map(|mention| mention.level),
        );
    }
    named
}

fn finding_at(
    pack: &EvidencePack,
    at: usize,
    fact: &Finding,
    picture: &str,
    language: Language,
) -> Option<Point> {
    let level = fact.level?;
    let concept = clinical::concept(&fact.concept)?;
    let others = pack
        .facts
        .iter()
        .any(|other| other.level == fact.level && other.concept != fact.concept && !other.negated);
    let distractors = other_concepts(pack, concept, "", language);
    // With two findings at one level the question would have two answers.
    if others || distractors.len() < 3 {
        return None;
    }
    let place = phrase::at(&level, language);
    let question = match language {
        Language::En => format!("On this {picture}, which finding is present {place}?"),
        Language::Zh => format!("在这幅{picture}上，{place}可见哪种异常？"),
    };
    let sentence = sentence(fact, picture, language)?;
    Some(Point {
        query: Query::Finding { level },
        rank: 1,
        stem: Some(question),
        // Asked openly it would have more answers than the caption tells.
        question: None,
        answer: phrase::title(concept, language),
        distractors,
        order: Order::Free,
        explanation: sentence.clone(),
        reply: sentence,
        own: Grounds::of_facts(pack, [at]),
        all: Grounds::of_facts(pack, [at]),
        images: Vec::new(),
    })
}

/// Three concepts of the same kind that the pack does not name and that are no kin of the
/// asked one, nor echo the words that describe it.
pub(crate) fn other_concepts(
    pack: &EvidencePack,
    asked: &Concept,
    description: &str,
    language: Language,
) -> Vec<String> {
    let mut said: Vec<String> = pack
        .spans
        .iter()
        .map(|span| span.text.to_lowercase())
        .collect();
    said.extend(pack.title.iter().map(|title| title.to_lowercase()));
    let fair = |other: &Concept| {
        !kin::echoes(other, description)
            && !said.iter().any(|text| kin::names(text, other))
            && !kin::are_kin(other.id, asked.id)
            && !pack
                .facts
                .iter()
                .any(|fact| kin::are_kin(&fact.concept, other.id))
    };
    let choice = Choice::new(&["concepts", pack.key.as_str(), asked.id]);
    let mut others: Vec<&Concept> = clinical::concepts()
        .iter()
        .filter(|other| other.kind == asked.kind)
        .collect();
    others.sort_by_cached_key(|other| (other.applies != asked.applies, choice.number(other.id)));
    let mut chosen: Vec<&Concept> = Vec::new();
    for other in others {
        // Two kin among the options would point at each other.
        let apart = !chosen.iter().any(|have| kin::are_kin(have.id, other.id));
        if chosen.len() < 3 && apart && fair(other) {
            chosen.push(other);
        }
    }
    chosen
        .into_iter()
        .map(|other| phrase::title(other, language))
        .collect()
}
