//! Binding of a clause's finding, level, side, grade and negation.

use super::clause::Header;
use super::concept::{Applies, Concept, ConceptKind};
use super::lexeme::{Kind, Lexeme};
use super::modifier::{self, Ambiguous};
use super::negation::{self, Polarity};
use super::phrase::{Phrase, phrases};
use super::word;
use crate::finding::{Finding, Grade, Measure};
use crate::level::{Level, Mention};
use crate::vocabulary::{LevelCertainty, NumberingMethod, Side};

/// A clause made ready for binding.
pub(super) struct Scene<'a> {
    /// The clause's lexemes.
    pub lexemes: &'a [Lexeme],
    /// Level mentions as lexemes `[first, end)`.
    pub places: Vec<Place>,
    /// The header's levels.
    pub header: Vec<Level>,
    /// The concepts named.
    pub phrases: Vec<Phrase>,
    /// For each lexeme, whether it parts statements.
    pub parts: Vec<bool>,
}

/// A level at lexemes `[first, end)` of the clause.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub first: usize,
    pub end: usize,
    pub level: Level,
}

impl<'a> Scene<'a> {
    /// Reads a clause.
    pub fn new(lexemes: &'a [Lexeme], mentions: &[Mention], header: Option<&Header>) -> Self {
        let places: Vec<Place> = mentions.iter().filter_map(|mention| place(lexemes, mention)).collect();
        let mut is_level = vec![false; lexemes.len()];
        for place in &places {
            is_level[place.first..place.end].fill(true);
        }
        let passes = |at: usize| {
            is_level[at] || word::is_inner_han(&lexemes[at]) || modifier::side(&lexemes[at..]).is_some() && lexemes[at].kind == Kind::Word
        };
        let phrases = phrases(lexemes, passes);
        let header = header.map_or(Vec::new(), |header| header.mentions.iter().map(|mention| mention.level).collect());
        let mut scene = Self { lexemes, places, header, phrases, parts: Vec::new() };
        scene.parts = (0..lexemes.len()).map(|at| scene.parts_at(at, &is_level)).collect();
        scene
    }

    /// Whether a lexeme parts statements: a joining word or sign that does not stand between
    /// two levels or two modifiers of one finding.
    fn parts_at(&self, at: usize, is_level: &[bool]) -> bool {
        let lexeme = &self.lexemes[at];
        let joins = [",", "、", "，"].iter().any(|sign| lexeme.is(sign)) || word::first_of(&self.lexemes[at..], word::PARTS).is_some();
        if !joins || is_level[at] || self.phrases.iter().any(|phrase| phrase.first <= at && at < phrase.end) {
            return false;
        }
        let before = at.checked_sub(1);
        let after = (at + 1..self.lexemes.len()).find(|next| !self.lexemes[*next].is("and") && !self.lexemes[*next].is("at"));
        let levels = before.is_some_and(|index| is_level[index]) && after.is_some_and(|index| is_level[index]);
        let side = |index: usize| modifier::side(&self.lexemes[index..]).is_some();
        let sides = before.is_some_and(side) && after.is_some_and(side);
        !(levels || sides)
    }

    /// Whether all lexemes of a stretch are modifiers, levels or small words.
    fn is_modifiers(&self, first: usize, end: usize) -> bool {
        (first..end).all(|at| {
            modifier::side(&self.lexemes[at..]).is_some()
                || modifier::severity(&self.lexemes[at..]).is_some()
                || word::is_small(&self.lexemes[at])
                || word::is_inner_han(&self.lexemes[at])
                || self.places.iter().any(|place| place.first <= at && at < place.end)
        })
    }
}

/// The lexemes of a mention.
fn place(lexemes: &[Lexeme], mention: &Mention) -> Option<Place> {
    let first = lexemes.partition_point(|lexeme| lexeme.end <= mention.range[0]);
    let end = lexemes.partition_point(|lexeme| lexeme.start < mention.range[1]);
    (first < end).then_some(Place { first, end, level: mention.level })
}

/// The facts of a clause.
pub(super) fn findings(scene: &Scene, span: &str, range: [usize; 2]) -> Vec<Finding> {
    if scene.phrases.is_empty() || withdraws(scene) {
        return Vec::new();
    }
    let mut found: Vec<Finding> = Vec::new();
    for index in 0..scene.phrases.len() {
        let bound = bind(scene, index).unwrap_or_default();
        for fact in bound {
            found.push(fact.finding(span, range));
        }
    }
    merge(found)
}

/// Whether the clause is hypothetical, historic, generic, operative or a question.
fn withdraws(scene: &Scene) -> bool {
    let operation = scene.phrases.iter().any(|phrase| phrase.concept.kind == ConceptKind::Procedure);
    let question = scene.lexemes.last().is_some_and(|lexeme| lexeme.is("?"));
    let in_name = |at: usize| scene.phrases.iter().any(|phrase| phrase.first <= at && at < phrase.end);
    let word = (0..scene.lexemes.len())
        .any(|at| !in_name(at) && word::first_of(&scene.lexemes[at..], word::WITHDRAWS).is_some() && !negation::is_ruled_out(scene.lexemes, at));
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
    fn finding(self, span: &str, range: [usize; 2]) -> Finding {
        let known = self.level.is_some();
        Finding {
            concept: self.concept.id.to_owned(),
            level: self.level,
            level_certainty: if known { LevelCertainty::Stated } else { LevelCertainty::Unknown },
            numbering_method: if known { NumberingMethod::Reporter } else { NumberingMethod::None },
            side: self.side,
            grade: self.grade,
            measure: self.measure,
            negated: self.negated,
            span: span.to_owned(),
            range: Some(range),
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
    let negated = match negation::polarity(scene, index, &window.before_start()) {
        Polarity::Stated => false,
        Polarity::Denied => true,
        Polarity::Unclear => return Err(Ambiguous),
    };
    let own_scale = modifier::scale_value(scene.lexemes, concept.id)?;
    let measure = measure(scene, index, &window);
    let variants = window.variants(scene)?;
    let graded = own_scale.is_some() || measure.is_some() || variants.iter().any(|(grade, _)| grade.is_some());
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

/// The lexemes whose modifiers belong to a phrase.
pub(super) struct Window {
    /// Stretches before the phrase, the nearest last; more than one when modifiers are
    /// coordinated (`moderate right and mild left`).
    bundles: Vec<(usize, usize)>,
    /// The phrase's inner lexemes and those after it.
    others: Vec<usize>,
    /// Lexemes of the stretch after the phrase.
    after: (usize, usize),
}

impl Window {
    fn of(scene: &Scene, index: usize) -> Self {
        let phrase = &scene.phrases[index];
        let floor = index.checked_sub(1).map_or(0, |before| scene.phrases[before].end);
        let ceiling = scene.phrases.get(index + 1).map_or(scene.lexemes.len(), |next| next.first);
        let bundles = bundles(scene, floor, phrase.first);
        let after = (phrase.end, end_after(scene, phrase.end, ceiling));
        let others = phrase.inside.iter().copied().chain(after.0..after.1).collect();
        Self { bundles, others, after }
    }

    /// The first lexeme of the nearest stretch before the phrase.
    fn before_start(&self) -> usize {
        self.bundles.first().map_or(0, |bundle| bundle.0)
    }

    fn contains(&self, at: usize) -> bool {
        self.bundles.iter().any(|(first, end)| *first <= at && at < *end) || (self.after.0 <= at && at < self.after.1)
    }

    /// Grades and sides: one pair, or one for each of several coordinated modifiers.
    fn variants(&self, scene: &Scene) -> Result<Vec<(Option<Grade>, Option<Side>)>, Ambiguous> {
        let lexemes = scene.lexemes;
        let read = |at: &[usize]| -> Result<(Option<Grade>, Option<Side>), Ambiguous> {
            Ok((modifier::one_severity(lexemes, at)?, modifier::one_side(lexemes, at)?))
        };
        let bundles: Vec<Vec<usize>> = self.bundles.iter().map(|(first, end)| (*first..*end).collect()).collect();
        if bundles.len() > 1 {
            let each: Result<Vec<_>, _> = bundles.iter().map(|bundle| read(bundle)).collect();
            let each = each?;
            if each.iter().all(|(grade, side)| grade.is_some() && side.is_some()) {
                return Ok(each);
            }
        }
        let all: Vec<usize> = bundles.into_iter().flatten().chain(self.others.iter().copied()).collect();
        Ok(vec![read(&all)?])
    }
}

/// Stretches of modifiers before a phrase, the nearest last.
fn bundles(scene: &Scene, floor: usize, phrase: usize) -> Vec<(usize, usize)> {
    let start_of = |end: usize| (floor..end).rev().find(|at| scene.parts[*at]).map_or(floor, |at| at + 1);
    let mut start = start_of(phrase);
    let mut bundles = vec![(start, phrase)];
    while start > floor && scene.is_modifiers(start, phrase) {
        let end = start - 1;
        let first = start_of(end);
        let joins = scene.lexemes[end].is("and") || scene.lexemes[end].is(",");
        let own_phrase = floor > 0 && first == floor;
        if !joins || own_phrase || first == end || !scene.is_modifiers(first, end) {
            break;
        }
        bundles.insert(0, (first, end));
        start = first;
    }
    bundles
}

/// The end of what is said after a phrase: up to the next parting word, and over it when
/// only modifiers follow up to the next (`stenosis, moderate`).
fn end_after(scene: &Scene, from: usize, ceiling: usize) -> usize {
    let next = |from: usize| (from..ceiling).find(|at| scene.parts[*at]).unwrap_or(ceiling);
    let mut end = next(from);
    while end < ceiling && (scene.lexemes[end].is(",") || scene.lexemes[end].is("，")) {
        let further = next(end + 1);
        let closes = further < ceiling || ceiling == scene.lexemes.len();
        let stop = if further == scene.lexemes.len() && scene.lexemes[further - 1].kind == Kind::Sign { further - 1 } else { further };
        if !closes || stop == end + 1 || !scene.is_modifiers(end + 1, stop) {
            break;
        }
        end = further;
    }
    end
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
fn levels(scene: &Scene, phrase: &Phrase, window: &Window, marked: bool) -> Result<Vec<Option<Level>>, Ambiguous> {
    let concept = phrase.concept;
    let near = |place: &&Place| window.contains(place.first) || (phrase.first <= place.first && place.first < phrase.end);
    let own: Vec<Place> = scene.places.iter().filter(near).copied().collect();
    let fitting = |places: &[Place]| -> Vec<Level> {
        let mut levels: Vec<Level> = places.iter().map(|place| place.level).filter(|level| fits(concept, *level)).collect();
        levels.dedup();
        levels
    };
    let slipped = slipped(scene, concept, &own);
    let mut levels = slipped.map_or_else(|| fitting(&own), |level| vec![level]);
    if levels.is_empty() && own.iter().any(|place| !matches!(place.level, Level::NerveRoot(_))) && concept.applies != Applies::Nothing {
        return Err(Ambiguous);
    }
    if levels.is_empty() {
        levels = scene.header.iter().copied().filter(|level| fits(concept, *level)).collect();
    }
    if levels.is_empty() && concept.applies != Applies::Region {
        levels = one_list(scene, fitting(&scene.places))?;
    }
    if !levels.is_empty() {
        return Ok(levels.into_iter().map(Some).collect());
    }
    let elsewhere = !scene.header.is_empty() || !scene.places.is_empty();
    let stated = marked || (0..scene.lexemes.len()).any(|at| word::first_of(&scene.lexemes[at..], word::PRESENTS).is_some());
    let bare = !phrase.short && stated && (!elsewhere || concept.applies == Applies::Nothing);
    if bare { Ok(vec![None]) } else { Err(Ambiguous) }
}

/// `L4 on L5`: the segment that slips.
fn slipped(scene: &Scene, concept: &Concept, places: &[Place]) -> Option<Level> {
    let [upper, lower] = places else { return None };
    let (Level::Vertebra(above), Level::Vertebra(below)) = (upper.level, lower.level) else { return None };
    let between = &scene.lexemes[upper.end..lower.first];
    let on = between.iter().any(|lexeme| lexeme.is("on") || lexeme.is("over") || lexeme.is("对"));
    let slips = matches!(concept.id, "spondylolisthesis" | "retrolisthesis");
    if on && slips && between.len() <= 4 { Level::between(above, below).ok() } else { None }
}

/// Levels named away from the phrase count when the clause has but one list of them.
fn one_list(scene: &Scene, levels: Vec<Level>) -> Result<Vec<Level>, Ambiguous> {
    if levels.len() <= 1 {
        return Ok(levels);
    }
    let apart = scene.places.windows(2).any(|two| {
        let between = &scene.lexemes[two[0].end.min(two[1].first)..two[1].first];
        !between.iter().all(|lexeme| [",", "、", "and", "和", "及", "at"].iter().any(|word| lexeme.is(word)))
    });
    if apart { Err(Ambiguous) } else { Ok(levels) }
}

/// The measure of a phrase: the only one of its window, or of a clause with one finding.
fn measure(scene: &Scene, index: usize, window: &Window) -> Option<Measure> {
    let is_level = |at: usize| scene.places.iter().any(|place| place.first <= at && at < place.end);
    let all = modifier::measures(scene.lexemes, is_level);
    let findings = scene.phrases.iter().filter(|phrase| !matches!(phrase.concept.kind, ConceptKind::Anatomy)).count();
    let chosen: Vec<&(usize, Measure)> =
        if findings == 1 { all.iter().collect() } else { all.iter().filter(|(at, _)| window.contains(*at)).collect() };
    let _ = index;
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
            other.concept == fact.concept && other.level == fact.level && other.negated == fact.negated
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
