//! Questions with options on a case. Findings are asked of key images that show them;
//! treatments and symptoms of a described case. A wrong option is one that the chart excludes:
//! a denied or otherwise graded finding, a level that no label, treatment or text names.

use spinemed_core::case::CasePart;
use spinemed_core::finding::Finding;
use spinemed_core::level::{self, Level};
use spinemed_core::pack::{Chart, EvidencePack};
use spinemed_core::vocabulary::{Language, Side};

use super::finding::{Matter, Standing, contradict, is_normal, matters};
use super::{join, open, story};
use crate::choice::Choice;
use crate::general::say;
use crate::phrase;
use crate::rules::point::{Grounds, Point, Query};
use crate::rules::single;
use crate::rules::study::{self, SIDES, showing, view};
use crate::text::capital;

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
        made.extend(level_of(&case, matter));
        made.extend(absent(&case, matter));
        made.extend(side_of(&case, matter));
    }
    made.extend(treated(&case));
    made.extend(symptoms(&case));
    made.extend(open::questions(pack, chart, language));
    let choice = Choice::new(&["case", pack.key.as_str()]);
    made.sort_by_cached_key(|q| (q.rank, choice.number(&format!("{:?}", q.asked))));
    made
}

struct Case<'a> {
    pack: &'a EvidencePack,
    chart: &'a Chart,
    matters: &'a [Matter<'a>],
    language: Language,
}

/// Words of a question before its options are ordered.
struct Wording {
    question: String,
    answer: String,
    wrong: Vec<String>,
    sentence: String,
    own: Grounds,
    all: Grounds,
    images: Vec<usize>,
}

impl Case<'_> {
    fn make(&self, asked: Asked, rank: u8, words: Wording) -> Option<Question> {
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
    fn of_concept<'b>(&'b self, concept: &'b str) -> impl Iterator<Item = &'b Matter<'b>> {
        self.matters
            .iter()
            .filter(move |matter| matter.fact.concept == concept)
    }
}

/// A coded finding: one that a label says, not words.
fn is_coded(fact: &Finding) -> bool {
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

/// At which level is a finding that is denied at other levels?
fn level_of(case: &Case, matter: &Matter) -> Option<Question> {
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

/// Whether a matter is there, or may be.
fn is_there(matter: &Matter) -> bool {
    matches!(matter.standing, Standing::Present | Standing::Contested(_))
}

fn add(grounds: &mut Grounds, other: &Grounds) {
    for span in &other.spans {
        if !grounds.spans.contains(span) {
            grounds.spans.push(span.clone());
        }
    }
    grounds.facts.extend(&other.facts);
}

/// Which finding is absent at a level where others are present?
fn absent(case: &Case, matter: &Matter) -> Option<Question> {
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
fn side_of(case: &Case, matter: &Matter) -> Option<Question> {
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

/// The option of a side.
pub(super) fn side_option(side: Side) -> Option<usize> {
    match side {
        Side::Left => Some(0),
        Side::Right => Some(1),
        Side::Bilateral => Some(2),
        Side::Central => None,
    }
}

/// At which level was a treatment done? Asked where the treated level shows a finding.
fn treated(case: &Case) -> Vec<Question> {
    let mut made = Vec::new();
    for said in &case.chart.treatments {
        let once = |other: &&spinemed_core::case::Certified<spinemed_core::case::Timed>| {
            other.what.concept == said.what.concept
        };
        if case.chart.treatments.iter().filter(once).count() == 1 {
            made.extend(treated_at(case, &said.what, &said.label));
        }
    }
    made
}

fn treated_at(case: &Case, said: &spinemed_core::case::Timed, label: &str) -> Option<Question> {
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
fn symptoms(case: &Case) -> Vec<Question> {
    let mut made = Vec::new();
    for said in &case.chart.symptoms {
        let same = |other: &&spinemed_core::case::Certified<spinemed_core::case::Symptom>| {
            other.what.concept == said.what.concept
        };
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
