//! What can be asked of a pack: each point is a question with its answer and grounds.

use spinemed_core::finding::Grade;
use spinemed_core::instance::Claim;
use spinemed_core::level::Level;
use spinemed_core::pack::{EvidencePack, PackKind};
use spinemed_core::vocabulary::{Language, Side};

use super::{bank, picture, statement, study};
use crate::choice::Choice;

/// A question with its answer, complete in itself.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    /// What is asked, without words.
    pub query: Query,
    /// How much the point is worth asking; 0 first.
    pub rank: u8,
    /// The question with options; none where it is no good as one.
    pub stem: Option<String>,
    /// The open question; none where it is no good as one.
    pub question: Option<String>,
    /// The right option.
    pub answer: String,
    /// Wrong options that the evidence excludes, the best first.
    pub distractors: Vec<String>,
    /// Whether options have an order of their own, which is kept.
    pub order: Order,
    /// Why, for the multiple choice.
    pub explanation: String,
    /// The answer in a sentence, for the open question.
    pub reply: String,
    /// What the answer itself rests on.
    pub own: Grounds,
    /// What explanation and reply rest on.
    pub all: Grounds,
    /// Pictures (positions) that the item shows.
    pub images: Vec<usize>,
}

/// The order of options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// None: they are shuffled.
    Free,
    /// By number.
    ByNumber,
    /// From slight to severe.
    BySeverity,
}

/// Spans (ids) and facts (positions).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Grounds {
    /// Spans.
    pub spans: Vec<String>,
    /// Facts.
    pub facts: Vec<usize>,
}

impl Grounds {
    /// The grounds of some facts of a pack.
    pub fn of_facts(pack: &EvidencePack, facts: impl IntoIterator<Item = usize>) -> Self {
        let mut grounds = Self::default();
        for at in facts {
            let Some(fact) = pack.facts.get(at) else {
                continue;
            };
            grounds.facts.push(at);
            if !grounds.spans.contains(&fact.span) {
                grounds.spans.push(fact.span.clone());
            }
        }
        grounds
    }

    /// The grounds of a quotation.
    pub fn of_span(span: &str) -> Self {
        Self {
            spans: vec![span.to_owned()],
            facts: Vec::new(),
        }
    }

    /// A claim with these grounds.
    pub fn claim(&self, text: &str) -> Claim {
        Claim {
            text: text.to_owned(),
            spans: self.spans.clone(),
            facts: self.facts.clone(),
        }
    }
}

/// What is asked, so that it can be answered again by another route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Query {
    /// At which level is the finding?
    Level {
        /// The finding.
        concept: String,
        /// Its side.
        side: Option<Side>,
        /// Its grade.
        grade: Option<Grade>,
    },
    /// Which grade has the finding at the level?
    Grade {
        /// The finding.
        concept: String,
        /// Its side.
        side: Option<Side>,
        /// The level.
        level: Level,
    },
    /// On which side has the finding at the level this grade?
    Side {
        /// The finding.
        concept: String,
        /// The level.
        level: Level,
        /// The grade.
        grade: Grade,
    },
    /// Which finding is at the level?
    Finding {
        /// The level.
        level: Level,
    },
    /// What stands in the gap of a sentence of a span?
    Gap {
        /// The span.
        span: String,
        /// The sentence as it stands, citations apart.
        sentence: String,
        /// What fills the gap, as it stands in the sentence.
        filling: String,
    },
    /// How does an outcome of the first treatment of a sentence compare with the other's?
    Comparison {
        /// The span.
        span: String,
        /// The sentence as it stands, citations apart.
        sentence: String,
    },
    /// Which share does a pooled analysis give?
    Rate {
        /// The span.
        span: String,
        /// The sentence as it stands, citations apart.
        sentence: String,
    },
    /// What the bank's key says.
    Bank,
}

/// The points of a pack in a language, the best first. The order among equals is the pack's
/// own, by digest, so that not every pack asks the same first.
pub(crate) fn points(pack: &EvidencePack, language: Language) -> Vec<Point> {
    let mut points = match pack.kind {
        PackKind::Study => study::points(pack, language),
        PackKind::Figure => picture::points(pack, language),
        PackKind::Text => statement::points(pack, language),
        PackKind::Question => bank::points(pack, language),
        // Cases have questions of their own, in `patient`.
        PackKind::Table | PackKind::Case => Vec::new(),
    };
    let choice = Choice::new(&["points", pack.key.as_str()]);
    points.sort_by_cached_key(|point| {
        // The query is the same in both languages, so that twins ask the same.
        (point.rank, choice.number(&format!("{:?}", point.query)))
    });
    points
}
