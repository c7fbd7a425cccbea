//! What a case says of findings, matter by matter: one finding at one level on one side.

use std::collections::BTreeMap;

use spinemed_core::finding::Finding;
use spinemed_core::level::Level;
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::{Language, Side};

use crate::agree;
use crate::phrase::{self, severity};
use crate::rules::point::Grounds;
use crate::rules::study::{graded_at, what};
use crate::text::capital;

/// What is said of one finding at one level on one side.
#[derive(Debug, Clone)]
pub(super) struct Matter<'a> {
    /// The statement that says most, with its position among the facts.
    pub fact: &'a Finding,
    /// How it stands.
    pub standing: Standing<'a>,
    /// What it rests on.
    pub grounds: Grounds,
}

/// How a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing<'a> {
    /// It is there.
    Present,
    /// It is graded normal, or normal or mild.
    Normal,
    /// It is said to be absent.
    Absent,
    /// Examinations differ: the other statement.
    Contested(&'a Finding),
}

/// All matters, from head to tail, those without a level last.
pub(super) fn matters(pack: &EvidencePack) -> Vec<Matter<'_>> {
    type Key<'a> = (bool, Option<Level>, &'a str, Option<Side>);
    let mut groups: BTreeMap<Key, Vec<(usize, &Finding)>> = BTreeMap::new();
    for (at, fact) in pack.facts.iter().enumerate() {
        let key = (
            fact.level.is_none(),
            fact.level,
            fact.concept.as_str(),
            fact.side,
        );
        groups.entry(key).or_default().push((at, fact));
    }
    groups
        .into_values()
        .filter_map(|group| matter(pack, group))
        .collect()
}

fn matter<'a>(pack: &EvidencePack, mut group: Vec<(usize, &'a Finding)>) -> Option<Matter<'a>> {
    // Not the pack's order: what says most first, then by its label's name.
    group.sort_by_key(|(_, fact)| {
        (
            fact.range.is_some(),
            fact.grade.is_none(),
            fact.measure.is_none(),
            fact.negated,
            (fact.span.len(), fact.span.clone()),
            fact.range,
        )
    });
    let (at, fact) = *group.first()?;
    let other = group
        .iter()
        .find(|(_, other)| contradict(fact, other))
        .copied();
    let grounds = Grounds::of_facts(pack, [at].into_iter().chain(other.map(|(at, _)| at)));
    let standing = match other {
        Some((_, other)) => Standing::Contested(other),
        None if fact.negated => Standing::Absent,
        None if is_normal(fact) => Standing::Normal,
        None => Standing::Present,
    };
    Some(Matter {
        fact,
        standing,
        grounds,
    })
}

/// Whether a fact's grade says that nothing to speak of is there.
pub(super) fn is_normal(fact: &Finding) -> bool {
    let severity = fact.grade.as_ref().and_then(severity);
    severity.is_some_and(|severity| !severity.is_abnormal())
}

/// Whether two facts of one matter cannot both be so at one time.
pub(super) fn contradict(one: &Finding, other: &Finding) -> bool {
    let there = |fact: &Finding| !fact.negated && !is_normal(fact);
    let graded = matches!((&one.grade, &other.grade), (Some(a), Some(b))
        if a.scale == b.scale && !agree::same_grade(a, b));
    there(one) != there(other) || graded
}

impl Matter<'_> {
    /// Whether it is there, undisputed.
    pub fn is_present(&self) -> bool {
        self.standing == Standing::Present
    }

    /// In words, without a full stop: `severe spinal canal stenosis at L4/L5 (8 mm)`. None
    /// where the language has no name for it or where it is no plain statement.
    pub fn words(&self, language: Language) -> Option<String> {
        match self.standing {
            Standing::Present | Standing::Absent => {
                // A scale without a name in the language is left out, not the finding.
                let bare = || Finding {
                    grade: None,
                    ..self.fact.clone()
                };
                let words = phrase::finding(self.fact, language)
                    .or_else(|| phrase::finding(&bare(), language))?;
                Some(format!("{words}{}", measured(self.fact)))
            }
            Standing::Normal | Standing::Contested(_) => None,
        }
    }

    /// As a sentence: `Imaging shows …`.
    pub fn sentence(&self, language: Language) -> Option<String> {
        match self.standing {
            Standing::Present | Standing::Absent => {
                let words = self.words(language)?;
                Some(match language {
                    Language::En => format!("Imaging shows {words}."),
                    Language::Zh => format!("影像显示{words}。"),
                })
            }
            Standing::Normal => normal(self.fact, language),
            Standing::Contested(other) => contested(self.fact, other, language),
        }
    }
}

fn measured(fact: &Finding) -> String {
    let Some(measure) = &fact.measure else {
        return String::new();
    };
    match measure.unit.as_str() {
        unit @ ("mm" | "cm") => format!(" ({} {unit})", measure.value),
        "%" => format!(" ({}%)", measure.value),
        "deg" => format!(" ({}°)", measure.value),
        // Other units have no spelling that readers of both languages know.
        _ => String::new(),
    }
}

fn normal(fact: &Finding, language: Language) -> Option<String> {
    let severity = severity(fact.grade.as_ref()?)?;
    let what = what(fact, language)?;
    let Some(level) = fact.level else {
        let grade = severity.name(language);
        return Some(match language {
            Language::En => format!("{} is graded {grade}.", capital(&what)),
            Language::Zh => format!("{what}评为{grade}。"),
        });
    };
    Some(graded_at(&what, severity, &[level], language))
}

/// Both statements, neither preferred.
fn contested(one: &Finding, other: &Finding, language: Language) -> Option<String> {
    let bare = Finding {
        grade: None,
        negated: false,
        ..one.clone()
    };
    let matter = phrase::finding(&bare, language)?;
    let (one, other) = (standing(one, language)?, standing(other, language)?);
    Some(match language {
        Language::En => format!("The examinations differ on {matter}: {one}; {other}."),
        Language::Zh => format!("各次检查对{matter}的记录不一致：{one}；{other}。"),
    })
}

fn standing(fact: &Finding, language: Language) -> Option<String> {
    if fact.negated {
        return Some(crate::general::say(["absent", "未见"], language).to_owned());
    }
    match &fact.grade {
        Some(grade) => phrase::grade(grade, language),
        None => Some(crate::general::say(["present", "存在"], language).to_owned()),
    }
}
