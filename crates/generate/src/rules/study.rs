//! Points of labelled studies.
//!
//! A level whose label is missing is never an option: nobody has graded it (I6). A question
//! is asked only where a picture shows what it asks, by the dataset's own marks.

use std::collections::BTreeMap;

use spinemed_core::finding::Finding;
use spinemed_core::level::Level;
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::{Language, Side};

use super::point::{Grounds, Order, Point, Query};
use crate::phrase::{self, Severity, severity};
use crate::text::{capital, list};

/// A graded label: its position among the facts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Graded<'a> {
    /// Position in the pack's facts.
    pub at: usize,
    /// The fact.
    pub fact: &'a Finding,
    /// Its level.
    pub level: Level,
    /// Its severity.
    pub severity: Severity,
}

/// Labels with level and severity, by finding and side, from head to tail.
pub(crate) fn graded(pack: &EvidencePack) -> BTreeMap<(&str, Option<Side>), Vec<Graded<'_>>> {
    let mut groups: BTreeMap<_, Vec<Graded>> = BTreeMap::new();
    for (at, fact) in pack.facts.iter().enumerate() {
        let severity = fact.grade.as_ref().and_then(severity);
        let (Some(level), Some(severity), None, false) =
            (fact.level, severity, fact.range, fact.negated)
        else {
            continue;
        };
        let group = groups
            .entry((fact.concept.as_str(), fact.side))
            .or_default();
        group.push(Graded {
            at,
            fact,
            level,
            severity,
        });
    }
    for group in groups.values_mut() {
        group.sort_by_key(|g| (g.level, g.at));
    }
    groups
}

/// The points of a study.
pub(crate) fn points(pack: &EvidencePack, language: Language) -> Vec<Point> {
    let groups = graded(pack);
    let mut points = Vec::new();
    for group in groups.values() {
        points.extend(level_of(pack, group, language));
        points.extend(group.iter().filter_map(|g| grade_at(pack, g, language)));
    }
    points.extend(sides(pack, &groups, language));
    points
}

/// Which level has the one worst grade?
fn level_of(pack: &EvidencePack, group: &[Graded], language: Language) -> Option<Point> {
    let worst = group
        .iter()
        .map(|g| g.severity)
        .max()
        .filter(|s| s.is_abnormal())?;
    let mut of_worst = group.iter().filter(|g| g.severity == worst);
    let (answer, None) = (of_worst.next()?, of_worst.next()) else {
        return None;
    };
    let place = |level: Level| {
        group
            .iter()
            .position(|g| g.level == level)
            .unwrap_or(usize::MAX)
    };
    let others = |image: usize| -> Vec<&Graded> {
        let shown = &pack.images[image].spans;
        let mut others: Vec<&Graded> = group
            .iter()
            .filter(|g| g.level != answer.level && shown.contains(&g.fact.span))
            .collect();
        // The group goes from head to tail, so near positions are near levels.
        others.sort_by_key(|g| (place(g.level).abs_diff(place(answer.level)), g.level));
        others.truncate(3);
        others
    };
    // A picture that shows one level alone would give the answer away or hide it.
    let image = showing(pack, answer.fact)
        .max_by_key(|&image| (others(image).len(), usize::MAX - image))
        .filter(|&image| others(image).len() >= 2)?;
    let others = others(image);
    let what = what(answer.fact, language)?;
    let view = view(pack, image, language)?;
    let grade = worst.name(language);
    let question = match language {
        Language::En => format!("On this {view}, at which level is {what} graded {grade}?"),
        Language::Zh => format!("在这幅{view}上，{what}在哪一节段被评为{grade}？"),
    };
    let reasons = graded_sentence(&what, answer, &others, language);
    let facts = [answer.at].into_iter().chain(others.iter().map(|g| g.at));
    Some(Point {
        query: Query::Level {
            concept: answer.fact.concept.clone(),
            side: answer.fact.side,
            grade: answer.fact.grade.clone(),
        },
        rank: 0,
        stem: Some(question.clone()),
        question: Some(question),
        answer: phrase::level(&answer.level, language),
        distractors: others
            .iter()
            .map(|g| phrase::level(&g.level, language))
            .collect(),
        order: Order::Free,
        explanation: reasons.clone(),
        reply: reasons,
        own: Grounds::of_facts(pack, [answer.at]),
        all: Grounds::of_facts(pack, facts),
        images: vec![image],
    })
}

/// `X is graded severe at L4/L5. It is graded normal or mild at L1/L2 and L2/L3.`
fn graded_sentence(what: &str, answer: &Graded, others: &[&Graded], language: Language) -> String {
    let mut by_grade: BTreeMap<Severity, Vec<Level>> = BTreeMap::new();
    for other in others {
        by_grade
            .entry(other.severity)
            .or_default()
            .push(other.level);
    }
    let mut out = graded_at(what, answer.severity, &[answer.level], language);
    for (severity, mut levels) in by_grade.into_iter().rev() {
        levels.sort();
        out.push_str(if language == Language::En { " " } else { "" });
        out.push_str(&graded_at(what, severity, &levels, language));
    }
    out
}

/// One sentence per grade, the finding named in each, so that no part is left to be joined.
pub(crate) fn graded_at(
    what: &str,
    severity: Severity,
    levels: &[Level],
    language: Language,
) -> String {
    let names: Vec<String> = levels
        .iter()
        .map(|level| phrase::level(level, language))
        .collect();
    let grade = severity.name(language);
    match language {
        Language::En => {
            let places = list(&names, false);
            format!("{} at {places} is graded {grade}.", capital(what))
        }
        Language::Zh => format!("{}{what}评为{grade}。", list(&names, true)),
    }
}

/// Which grade has a finding at a level?
fn grade_at(pack: &EvidencePack, graded: &Graded, language: Language) -> Option<Point> {
    const SCALE: [Severity; 3] = [Severity::NormalOrMild, Severity::Moderate, Severity::Severe];
    if !SCALE.contains(&graded.severity) {
        return None;
    }
    let image = showing(pack, graded.fact).next()?;
    let what = what(graded.fact, language)?;
    let view = view(pack, image, language)?;
    let name = phrase::level(&graded.level, language);
    let question = match language {
        Language::En => format!("On this {view}, how is {what} at {name} graded?"),
        Language::Zh => format!("在这幅{view}上，{name}{what}应评为哪一级？"),
    };
    let sentence = graded_at(&what, graded.severity, &[graded.level], language);
    let options = SCALE.iter().filter(|s| **s != graded.severity);
    Some(Point {
        query: Query::Grade {
            concept: graded.fact.concept.clone(),
            side: graded.fact.side,
            level: graded.level,
        },
        // What is normal is asked last, but it is asked: a model must learn to say so.
        rank: if graded.severity.is_abnormal() { 1 } else { 2 },
        stem: Some(question.clone()),
        question: Some(question),
        answer: capital(graded.severity.name(language)),
        distractors: options.map(|s| capital(s.name(language))).collect(),
        order: Order::BySeverity,
        explanation: sentence.clone(),
        reply: sentence,
        own: Grounds::of_facts(pack, [graded.at]),
        all: Grounds::of_facts(pack, [graded.at]),
        images: vec![image],
    })
}

/// On which side is a finding at a level worse?
fn sides(
    pack: &EvidencePack,
    groups: &BTreeMap<(&str, Option<Side>), Vec<Graded<'_>>>,
    language: Language,
) -> Vec<Point> {
    let mut points = Vec::new();
    for ((concept, side), left) in groups {
        let Some(right) = groups.get(&(*concept, Some(Side::Right))) else {
            continue;
        };
        if *side != Some(Side::Left) {
            continue;
        }
        for left in left {
            let at_level = right.iter().find(|right| right.level == left.level);
            points.extend(at_level.and_then(|right| side_at(pack, left, right, language)));
        }
    }
    points
}

fn side_at(
    pack: &EvidencePack,
    left: &Graded,
    right: &Graded,
    language: Language,
) -> Option<Point> {
    let worst = left.severity.max(right.severity);
    if !worst.is_abnormal() {
        return None;
    }
    let both = |image: &usize| pack.images[*image].spans.contains(&right.fact.span);
    let image = showing(pack, left.fact).find(both)?;
    let answer = match (left.severity == worst, right.severity == worst) {
        (true, true) => 2,
        (true, false) => 0,
        _ => 1,
    };
    let names = SIDES.map(|pair| crate::general::say(pair, language).to_owned());
    let name = phrase::concept(&left.fact.concept, language)?;
    let view = view(pack, image, language)?;
    let (level, grade) = (phrase::level(&left.level, language), worst.name(language));
    let question = match language {
        Language::En => {
            format!("On this {view}, on which side is {name} at {level} graded {grade}?")
        }
        Language::Zh => format!("在这幅{view}上，{level}哪一侧的{name}被评为{grade}？"),
    };
    let sentence = [left, right].map(|g| {
        Some(graded_at(
            &what(g.fact, language)?,
            g.severity,
            &[g.level],
            language,
        ))
    });
    let [Some(first), Some(second)] = sentence else {
        return None;
    };
    let gap = if language == Language::En { " " } else { "" };
    let sentence = format!("{first}{gap}{second}");
    let own = [left, right]
        .into_iter()
        .filter(|g| g.severity == worst)
        .map(|g| g.at);
    Some(Point {
        query: Query::Side {
            concept: left.fact.concept.clone(),
            level: left.level,
            grade: (if answer == 1 { right } else { left })
                .fact
                .grade
                .clone()?,
        },
        rank: 0,
        stem: Some(question.clone()),
        question: Some(question),
        answer: names[answer].clone(),
        distractors: (0..4)
            .filter(|at| *at != answer)
            .map(|at| names[at].clone())
            .collect(),
        order: Order::Free,
        explanation: sentence.clone(),
        reply: match language {
            Language::En => format!("{}. {sentence}", names[answer]),
            Language::Zh => format!("{}。{sentence}", names[answer]),
        },
        own: Grounds::of_facts(pack, own),
        all: Grounds::of_facts(pack, [left.at, right.at]),
        images: vec![image],
    })
}

/// The options of a question for a side.
pub(crate) const SIDES: [[&str; 2]; 4] = [
    ["Left side only", "仅左侧"],
    ["Right side only", "仅右侧"],
    ["Both sides", "双侧"],
    ["Neither side", "两侧均无"],
];

/// A finding with its side, without grade and level.
pub(crate) fn what(fact: &Finding, language: Language) -> Option<String> {
    let bare = Finding {
        grade: None,
        level: None,
        ..fact.clone()
    };
    phrase::what(&bare, language)
}

/// Pictures on which the dataset marks a fact's label, or that the words of a fact speak of.
pub(crate) fn showing<'a>(
    pack: &'a EvidencePack,
    fact: &'a Finding,
) -> impl Iterator<Item = usize> + 'a {
    pack.images_of(fact).into_iter()
}

/// `sagittal T2/STIR MR image`; `矢状位T2/STIR磁共振图像`.
pub(crate) fn view(pack: &EvidencePack, image: usize, language: Language) -> Option<String> {
    let image = &pack.images[image];
    let picture = phrase::picture(image.modality, language)
        .or_else(|| phrase::picture(pack.modality, language))?;
    let title = image.title.as_deref().unwrap_or_default();
    let Some((plane, rest)) = plane(title) else {
        return Some(picture.to_owned());
    };
    let plane = crate::general::say(plane, language);
    let rest = rest.trim();
    Some(match language {
        Language::En if rest.is_empty() => format!("{plane} {picture}"),
        Language::En => format!("{plane} {rest} {picture}"),
        Language::Zh => format!("{plane}{rest}{picture}"),
    })
}

fn plane(title: &str) -> Option<([&'static str; 2], &str)> {
    const PLANES: [(&str, [&str; 2]); 3] = [
        ("sagittal", ["sagittal", "矢状位"]),
        ("axial", ["axial", "轴位"]),
        ("coronal", ["coronal", "冠状位"]),
    ];
    let (first, rest) = title.split_once(' ').unwrap_or((title, ""));
    let lower = first.to_lowercase();
    let (_, names) = PLANES.iter().find(|(name, _)| *name == lower)?;
    Some((*names, rest))
}
