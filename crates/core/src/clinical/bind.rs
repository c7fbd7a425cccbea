//! Binding of a clause's finding, level, side, grade and negation.

use super::concept::{Applies, Concept, ConceptKind};
use super::modifier::{self, Ambiguous};
use super::negation::{self, Polarity};
use super::phrase::Phrase;
use super::scene::{Place, Scene};
use super::window::Window;
use super::word;
use crate::finding::{Finding, Grade, Measure};
use crate::level::Level;
use crate::vocabulary::{LevelCertainty, NumberingMethod, Side};

/// The facts of a clause, their range left out, and whether the header gave the level.
pub(super) fn findings(scene: &Scene, span: &str) -> Vec<(Finding, bool)> {
    if scene.phrases.is_empty() || withdraws(scene) {
        return Vec::new();
    }
    let mut found: Vec<Finding> = Vec::new();
    for index in 0..scene.phrases.len() {
        let bound = bind(scene, index).unwrap_or_default();
        for fact in bound {
            found.push(fact.finding(span));
        }
    }
    let own = |fact: &Finding| {
        scene
            .places
            .iter()
            .any(|place| Some(place.level) == fact.level)
    };
    merge(found)
        .into_iter()
        .map(|fact| {
            let by_header = fact.level.is_some() && !own(&fact) && !scene.header.is_empty();
            (fact, by_header)
        })
        .collect()
}

/// Whether the clause is hypothetical, historic, generic, operative or a question.
fn withdraws(scene: &Scene) -> bool {
    let operation = scene
        .phrases
        .iter()
        .any(|phrase| phrase.concept.kind == ConceptKind::Procedure);
    let question = scene.lexemes.last().is_some_and(|lexeme| lexeme.is("?"));
    let in_name = |at: usize| {
        scene
            .phrases
            .iter()
            .any(|phrase| phrase.first <= at && at < phrase.end)
    };
    let word = (0..scene.lexemes.len()).any(|at| {
        !in_name(at)
            && word::first_of(&scene.lexemes[at..], word::WITHDRAWS).is_some()
            && !negation::is_ruled_out(scene.lexemes, at)
    });
    operation || question || word
}

/// One statement about a concept.
#[derive(Debug, Clone)]
struct Bound {
    concept: &'static Concept,
    level: Option<Level>,
    side: Option<Side>,
    grade: Option<Grade>,
    measure: Option<Measure>,
    negated: bool,
}

impl Bound {
    fn finding(self, span: &str) -> Finding {
        let known = self.level.is_some();
        Finding {
            concept: self.concept.id.to_owned(),
            level: self.level,
            level_certainty: if known {
                LevelCertainty::Stated
            } else {
                LevelCertainty::Unknown
            },
            numbering_method: if known {
                NumberingMethod::Reporter
            } else {
                NumberingMethod::None
            },
            side: self.side,
            grade: self.grade,
            measure: self.measure,
            negated: self.negated,
            span: span.to_owned(),
            range: None,
        }
    }
}

/// The statements about the concept of a phrase.
fn bind(scene: &Scene, index: usize) -> Result<Vec<Bound>, Ambiguous> {
    let phrase = &scene.phrases[index];
    let concept = phrase.concept;
    if matches!(concept.kind, ConceptKind::Anatomy | ConceptKind::Procedure) {
        return Ok(Vec::new());
    }
    let window = Window::of(scene, index);
    let negated = match negation::polarity(scene, index, window.before_start()) {
        Polarity::Stated => false,
        Polarity::Denied => true,
        Polarity::Unclear => return Err(Ambiguous),
    };
    let own_scale = modifier::scale_value(scene.lexemes, concept.id)?;
    if own_scale.as_ref().is_some_and(modifier::is_normal)
        || (own_scale.is_none() && modifier::names_scale(scene.lexemes, concept.id))
    {
        // `The five Pfirrmann grades: L1/L2 grade I …` grades levels one by one; grade 1 is a
        // healthy disc. Neither says that the concept is found at a level.
        return Ok(Vec::new());
    }
    let measure = measure(scene, &window);
    let variants = window.variants(scene)?;
    let graded = own_scale.is_some() || measure.is_some();
    let levels = levels(scene, phrase, &window, negated || graded)?;
    let mut bound = Vec::new();
    for level in levels {
        for (grade, side) in &variants {
            bound.push(Bound {
                concept,
                level,
                side: side.filter(|_| concept.sided),
                grade: own_scale.clone().or_else(|| grade.clone()),
                measure: measure.clone(),
                negated,
            });
        }
    }
    if negated && bound.iter().any(|fact| fact.grade.is_some()) {
        return Err(Ambiguous);
    }
    Ok(bound)
}

/// Whether a concept can be said of a level.
fn fits(concept: &Concept, level: Level) -> bool {
    let slips = matches!(concept.id, "spondylolisthesis" | "retrolisthesis");
    match (concept.applies, level) {
        (Applies::Vertebra, Level::Vertebra(_) | Level::Range(_)) => true,
        (Applies::Disc, Level::Disc(_) | Level::Range(_)) => true,
        (Applies::Segment, Level::Disc(_) | Level::Joint(_) | Level::Range(_)) => true,
        (Applies::Segment, Level::Vertebra(_)) => slips,
        (Applies::Root, Level::NerveRoot(_)) => true,
        (Applies::Region, Level::Range(_)) => true,
        _ => false,
    }
}

/// The levels of a phrase; `[None]` when it is said without one.
fn levels(
    scene: &Scene,
    phrase: &Phrase,
    window: &Window,
    marked: bool,
) -> Result<Vec<Option<Level>>, Ambiguous> {
    let concept = phrase.concept;
    let near = |place: &&Place| {
        window.contains(place.first) || (phrase.first <= place.first && place.first < phrase.end)
    };
    let own: Vec<Place> = scene.places.iter().filter(near).copied().collect();
    let fitting = |places: &[Place]| -> Vec<Level> {
        let mut levels: Vec<Level> = places
            .iter()
            .map(|place| place.level)
            .filter(|level| fits(concept, *level))
            .collect();
        levels.dedup();
        levels
    };
    let slipped = slipped(scene, concept, &own);
    let mut levels = slipped.map_or_else(|| fitting(&own), |level| vec![level]);
    if levels.is_empty()
        && own
            .iter()
            .any(|place| !matches!(place.level, Level::NerveRoot(_)))
        && concept.applies != Applies::Nothing
    {
        return Err(Ambiguous);
    }
    if levels.is_empty() {
        levels = scene
            .header
            .iter()
            .copied()
            .filter(|level| fits(concept, *level))
            .collect();
    }
    if levels.is_empty() && concept.applies != Applies::Region {
        levels = one_list(scene, fitting(&scene.places))?;
    }
    if !levels.is_empty() {
        return Ok(levels.into_iter().map(Some).collect());
    }
    let wide = matches!(concept.applies, Applies::Region | Applies::Nothing);
    let elsewhere = (!wide && !scene.header.is_empty()) || !scene.places.is_empty();
    let stated = marked
        || (0..scene.lexemes.len())
            .any(|at| word::first_of(&scene.lexemes[at..], word::PRESENTS).is_some());
    let bare = !phrase.short && stated && (!elsewhere || concept.applies == Applies::Nothing);
    if bare { Ok(vec![None]) } else { Err(Ambiguous) }
}

/// `L4 on L5`: the segment that slips.
fn slipped(scene: &Scene, concept: &Concept, places: &[Place]) -> Option<Level> {
    let [upper, lower] = places else { return None };
    let (Level::Vertebra(above), Level::Vertebra(below)) = (upper.level, lower.level) else {
        return None;
    };
    let between = &scene.lexemes[upper.end..lower.first];
    let on = between
        .iter()
        .any(|lexeme| lexeme.is("on") || lexeme.is("over") || lexeme.is("对"));
    let slips = matches!(concept.id, "spondylolisthesis" | "retrolisthesis");
    if on && slips && between.len() <= 4 {
        Level::between(above, below).ok()
    } else {
        None
    }
}

/// Levels named away from the phrase count when the clause has but one list of them.
fn one_list(scene: &Scene, levels: Vec<Level>) -> Result<Vec<Level>, Ambiguous> {
    if levels.len() <= 1 {
        return Ok(levels);
    }
    let apart = scene.places.windows(2).any(|two| {
        let between = &scene.lexemes[two[0].end.min(two[1].first)..two[1].first];
        !between.iter().all(|lexeme| {
            [",", "、", "and", "和", "及", "at"]
                .iter()
                .any(|word| lexeme.is(word))
        })
    });
    if apart { Err(Ambiguous) } else { Ok(levels) }
}

/// The measure of a phrase: the only one of its window, or of a clause with one finding.
fn measure(scene: &Scene, window: &Window) -> Option<Measure> {
    let is_level = |at: usize| {
        scene
            .places
            .iter()
            .any(|place| place.first <= at && at < place.end)
    };
    let all = modifier::measures(scene.lexemes, is_level);
    let findings = scene
        .phrases
        .iter()
        .filter(|phrase| !matches!(phrase.concept.kind, ConceptKind::Anatomy))
        .count();
    let chosen: Vec<&(usize, Measure)> = if findings == 1 {
        all.iter().collect()
    } else {
        all.iter().filter(|(at, _)| window.contains(*at)).collect()
    };
    match chosen[..] {
        [one] => Some(one.1.clone()),
        _ => None,
    }
}

/// Drops what is said twice in a clause: the same fact, or the same without its grade.
fn merge(found: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for fact in found {
        let same = |other: &&mut Finding| {
            other.concept == fact.concept
                && other.level == fact.level
                && other.negated == fact.negated
                && (other.side == fact.side || other.side.is_none() || fact.side.is_none())
                && (other.grade == fact.grade || other.grade.is_none() || fact.grade.is_none())
        };
        match kept.iter_mut().find(same) {
            Some(other) => {
                other.grade = other.grade.take().or(fact.grade);
                other.side = other.side.or(fact.side);
                other.measure = other.measure.take().or(fact.measure);
            }
            None => kept.push(fact),
        }
    }
    kept
}
