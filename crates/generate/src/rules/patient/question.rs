//! Questions with options on a case. Findings are asked of key images that show them;
//! treatments and symptoms of a described case. A wrong option is one that the chart excludes:
//! a denied or otherwise graded finding, a level that no label, treatment or text names.

use spinemed_core::finding::Finding;
use spinemed_core::level::Level;
use spinemed_core::pack::{Chart, EvidencePack};
use spinemed_core::vocabulary::{Language, Side};

use super::finding::{Matter, Standing, contradict, matters};
use super::{described, open, shown};
use crate::choice::Choice;
use crate::rules::point::{Grounds, Point, Query};
use crate::rules::{single, study};

/// What is asked, without words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// A graded finding on a picture.
    Graded(Query),
    /// The level of a finding on a picture.
    Level {
        /// The finding.
        concept: String,
        /// Its side.
        side: Option<Side>,
    },
    /// Which finding is absent at a level.
    Absent {
        /// The level.
        level: Level,
    },
    /// On which side a finding at a level is.
    Side {
        /// The finding.
        concept: String,
        /// The level.
        level: Level,
    },
    /// At which level a treatment was done.
    Treated {
        /// The treatment.
        concept: String,
    },
    /// On which side a symptom is that goes with a finding.
    Symptom {
        /// The symptom.
        concept: String,
    },
    /// The diagnosis.
    Diagnosis,
    /// The treatment.
    Treatment,
}

/// A question with its answer.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// What is asked.
    pub asked: Asked,
    /// How much it is worth asking; 0 first.
    pub rank: u8,
    /// The question with options.
    pub stem: Option<String>,
    /// The open question.
    pub open: Option<String>,
    /// Options in their order.
    pub options: Vec<String>,
    /// The right one.
    pub correct: usize,
    /// Why.
    pub explanation: String,
    /// The answer in a sentence.
    pub reply: String,
    /// What the answer rests on.
    pub own: Grounds,
    /// What explanation and reply rest on.
    pub all: Grounds,
    /// Pictures (positions) that it shows.
    pub images: Vec<usize>,
}

/// The questions of a case, best first, in an order of the case's own.
pub(super) fn questions(pack: &EvidencePack, language: Language) -> Vec<Question> {
    let Some(chart) = pack.chart.as_deref() else {
        return Vec::new();
    };
    let matters = matters(pack);
    let case = Case {
        pack,
        chart,
        matters: &matters,
        language,
    };
    let mut made = graded(&case);
    for matter in &matters {
        made.extend(shown::level_of(&case, matter));
        made.extend(shown::absent(&case, matter));
        made.extend(shown::side_of(&case, matter));
    }
    made.extend(described::treated(&case));
    made.extend(described::symptoms(&case));
    made.extend(open::questions(pack, chart, language));
    let choice = Choice::new(&["case", pack.key.as_str()]);
    made.sort_by_cached_key(|q| (q.rank, choice.number(&format!("{:?}", q.asked))));
    made
}

/// A case, as questions read it.
pub(super) struct Case<'a> {
    pub pack: &'a EvidencePack,
    pub chart: &'a Chart,
    pub matters: &'a [Matter<'a>],
    pub language: Language,
}

/// Words of a question before its options are ordered.
pub(super) struct Wording {
    pub question: String,
    pub answer: String,
    pub wrong: Vec<String>,
    pub sentence: String,
    pub own: Grounds,
    pub all: Grounds,
    pub images: Vec<usize>,
}

impl Case<'_> {
    /// A question from its words; none where options are too few or the same.
    pub fn make(&self, asked: Asked, rank: u8, words: Wording) -> Option<Question> {
        let mut options = vec![words.answer];
        options.extend(words.wrong);
        let mut distinct = options.clone();
        distinct.sort();
        distinct.dedup();
        if distinct.len() != options.len() || options.len() < 3 {
            return None;
        }
        let choice = Choice::new(&["options", self.pack.key.as_str(), &words.question]);
        let (options, correct) = choice.shuffle(options);
        Some(Question {
            asked,
            rank,
            stem: Some(words.question.clone()),
            open: Some(words.question),
            options,
            correct,
            explanation: words.sentence.clone(),
            reply: words.sentence,
            own: words.own,
            all: words.all,
            images: words.images,
        })
    }

    /// Coded matters on one finding.
    pub fn of_concept<'b>(&'b self, concept: &'b str) -> impl Iterator<Item = &'b Matter<'b>> {
        self.matters
            .iter()
            .filter(move |matter| matter.fact.concept == concept)
    }
}

/// A coded finding: one that a label says, not words.
pub(super) fn is_coded(fact: &Finding) -> bool {
    fact.range.is_none()
}

/// Questions of labelled studies, where graded labels and pictures allow them. A finding that
/// is also told on another side, or about which examinations differ, is not asked for.
fn graded(case: &Case) -> Vec<Question> {
    let doubtful = |point: &Point| {
        point.all.facts.iter().any(|at| {
            let fact = &case.pack.facts[*at];
            case.pack.facts.iter().any(|other| {
                let same = other.concept == fact.concept && other.level == fact.level;
                let sided = other.side.is_none() != fact.side.is_none();
                same && (sided || other.side == fact.side && contradict(fact, other))
            })
        })
    };
    study::points(case.pack, case.language)
        .into_iter()
        .filter(|point| !doubtful(point) && single::options_are_distinct(point))
        .map(|point| {
            let (options, correct) = single::options(case.pack, &point);
            Question {
                asked: Asked::Graded(point.query),
                rank: point.rank,
                stem: point.stem,
                open: point.question,
                options,
                correct,
                explanation: point.explanation,
                reply: point.reply,
                own: point.own,
                all: point.all,
                images: point.images,
            }
        })
        .collect()
}

/// The option of a side.
pub(super) fn side_option(side: Side) -> Option<usize> {
    match side {
        Side::Left => Some(0),
        Side::Right => Some(1),
        Side::Bilateral => Some(2),
        Side::Central => None,
    }
}

/// Whether a matter is there, or may be.
pub(super) fn is_there(matter: &Matter) -> bool {
    matches!(matter.standing, Standing::Present | Standing::Contested(_))
}

/// Adds what something else rests on.
pub(super) fn add(grounds: &mut Grounds, other: &Grounds) {
    for span in &other.spans {
        if !grounds.spans.contains(span) {
            grounds.spans.push(span.clone());
        }
    }
    grounds.facts.extend(&other.facts);
}
