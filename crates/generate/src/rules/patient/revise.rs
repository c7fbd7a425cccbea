//! The revision pass on cases: every statement derived again from the raw words of the labels
//! and texts that it cites, without the chart and the stored facts.

use std::collections::BTreeMap;

use spinemed_core::clinical;
use spinemed_core::finding::Finding;
use spinemed_core::instance::{Claim, Draft, Item, Role};
use spinemed_core::level::{self, Level};
use spinemed_core::outcome::DropReason;
use spinemed_core::pack::{EvidencePack, Span, SpanRole};
use spinemed_core::vocabulary::{Language, Side};

use super::label::{Said, labels};
use super::question::{Asked, Question, questions, side_option};
use super::quote::has_placeholder;
use crate::agree;
use crate::general::say;
use crate::phrase;
use crate::rules::point::Query;
use crate::rules::study::SIDES;
use crate::text::{capital, squeeze};

/// How the item was derived again.
pub(crate) fn derive(pack: &EvidencePack, draft: &Draft) -> Result<String, DropReason> {
    let raw = Raw {
        pack,
        labels: labels(pack),
        language: draft.task.language,
    };
    for claim in &draft.claims {
        raw.claim(claim, is_option(&draft.item, &claim.text))
            .map_err(disagreement)?;
    }
    match &draft.item {
        Item::Mcq {
            stem,
            options,
            correct,
            ..
        } => {
            let question = question(pack, draft, |q| q.stem.as_ref() == Some(stem))?;
            raw.single(&question, options, *correct)
                .map_err(disagreement)?;
            Ok(format!(
                "the labels of the case, read again without the chart, give `{}` and no other option",
                options.get(*correct).map_or("", String::as_str)
            ))
        }
        Item::OpenQa {
            question: asked,
            answer,
        } => {
            question(pack, draft, |q| {
                q.open.as_ref() == Some(asked) && q.reply == *answer
            })?;
            Ok(counted(draft))
        }
        Item::Consultation { .. } | Item::Report { .. } => {
            raw.denies_nothing(&draft.item).map_err(disagreement)?;
            Ok(counted(draft))
        }
    }
}

fn counted(draft: &Draft) -> String {
    format!(
        "{} statements rest on labels and texts of the case, read again without the chart; all agree",
        draft.claims.len()
    )
}

fn disagreement(detail: impl Into<String>) -> DropReason {
    DropReason::Disagreement {
        detail: detail.into(),
    }
}

fn is_option(item: &Item, text: &str) -> bool {
    matches!(item, Item::Mcq { options, .. } if options.iter().any(|option| option == text))
}

/// The question that the draft was made of, found by its words.
fn question(
    pack: &EvidencePack,
    draft: &Draft,
    same: impl Fn(&Question) -> bool,
) -> Result<Question, DropReason> {
    questions(pack, draft.task.language)
        .into_iter()
        .find(same)
        .ok_or_else(|| disagreement("the case does not lead to this question"))
}

/// A case's raw words.
struct Raw<'a> {
    pack: &'a EvidencePack,
    labels: BTreeMap<&'a str, Said<'a>>,
    language: Language,
}

impl Raw<'_> {
    fn claim(&self, claim: &Claim, is_option: bool) -> Result<(), String> {
        for at in &claim.facts {
            let fact = self
                .pack
                .facts
                .get(*at)
                .ok_or_else(|| format!("the case has no fact {at}"))?;
            if !self.fact(fact) {
                return Err(format!("span `{}` read again does not say so", fact.span));
            }
        }
        for id in &claim.spans {
            let span = self
                .pack
                .span(id)
                .ok_or_else(|| format!("the case has no span `{id}`"))?;
            let by_fact = claim
                .facts
                .iter()
                .any(|at| self.pack.facts[*at].span == *id);
            match span.role {
                SpanRole::Record if !by_fact => self.quotation(claim, span)?,
                SpanRole::Label if !by_fact => self.statement(claim, id, is_option)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// A stored fact, from its label's words or from its text read again.
    fn fact(&self, fact: &Finding) -> bool {
        if let Some(said) = self.labels.get(fact.span.as_str()) {
            return fact.range.is_none() && said.says(fact);
        }
        self.pack.span(&fact.span).is_some_and(|span| {
            span.role == SpanRole::Record
                && clinical::facts(&span.text, &span.id)
                    .iter()
                    .any(|read| agree::bears_out(read, fact))
        })
    }

    /// A quotation stands in its text, in the text's own language, and nothing was taken out.
    fn quotation(&self, claim: &Claim, span: &Span) -> Result<(), String> {
        let body = claim.text.trim_end_matches(['.', '。']);
        let stands = squeeze(&span.text).contains(body) || span.text.contains(body);
        if !stands || has_placeholder(body) || self.language != self.pack.language {
            return Err(format!("span `{}` does not bear the quotation", span.id));
        }
        Ok(())
    }

    /// What a label codes: its concept is named, and no level or side but its own.
    fn statement(&self, claim: &Claim, id: &str, is_option: bool) -> Result<(), String> {
        let wrong = || format!("label `{id}` read again does not say so");
        let said = self.labels.get(id).ok_or_else(wrong)?;
        let cited: Vec<&Said> = claim
            .spans
            .iter()
            .filter_map(|id| self.labels.get(id.as_str()))
            .collect();
        let lower = claim.text.to_lowercase();
        let name = phrase::concept(said.concept, self.language).map(|name| name.to_lowercase());
        // A name may hold a level of its own: the odontoid is C2.
        let around = cited.iter().fold(lower.clone(), |around, said| {
            match phrase::concept(said.concept, self.language) {
                Some(name) if !said.concept.is_empty() => around.replace(&name.to_lowercase(), ""),
                _ => around,
            }
        });
        let levels = level::mentions(&around);
        let levels_fit = levels
            .iter()
            .all(|m| cited.iter().any(|said| said.level == Some(m.level)));
        let named = match said.kind {
            "person" => person_fits(said, &lower),
            _ => is_option || name.is_some_and(|name| lower.contains(&name)),
        };
        let sides_fit = [(Side::Left, "left", '左'), (Side::Right, "right", '右')]
            .iter()
            .filter(|(_, word, sign)| crate::text::has_word(&lower, word) || lower.contains(*sign))
            .all(|(side, ..)| cited.iter().any(|said| said.side == Some(*side)));
        let stated = !said.absent && said.kind != "finding";
        if stated && levels_fit && named && sides_fit {
            return Ok(());
        }
        Err(wrong())
    }

    /// No finding that only absent labels speak of is told as there.
    fn denies_nothing(&self, item: &Item) -> Result<(), String> {
        let texts: Vec<&str> = match item {
            Item::Consultation { turns } => turns
                .iter()
                .filter(|turn| turn.role == Role::Assistant)
                .map(|turn| turn.text.as_str())
                .collect(),
            Item::Report { sections, .. } => vec![&sections.imaging_findings, &sections.diagnosis],
            _ => Vec::new(),
        };
        for text in texts {
            for told in clinical::facts(text, "told") {
                let same = |said: &&Said| {
                    said.kind == "finding"
                        && said.concept == told.concept
                        && said.level == told.level
                        && said.side == told.side
                };
                let mut labels = self.labels.values().filter(same).peekable();
                let known = labels.peek().is_some();
                if !told.negated && known && labels.all(|said| said.absent) {
                    return Err(format!("a label denies `{}`", told.concept));
                }
            }
        }
        Ok(())
    }

    fn single(
        &self,
        question: &Question,
        options: &[String],
        correct: usize,
    ) -> Result<(), String> {
        let answer = options.get(correct).ok_or("no option is marked right")?;
        let right = self.right(&question.asked)?;
        if right != [answer.clone()] {
            return Err("the raw labels give another answer, or several".to_owned());
        }
        let denied = self.excluded(&question.asked);
        for (at, option) in options.iter().enumerate() {
            if at != correct
                && denied
                    .as_ref()
                    .is_some_and(|denied| !denied.contains(option))
            {
                return Err(format!("no raw label excludes option {at}"));
            }
        }
        Ok(())
    }

    fn findings(&self) -> impl Iterator<Item = &Said<'_>> {
        self.labels.values().filter(|said| said.kind == "finding")
    }

    fn level_names(&self, levels: impl Iterator<Item = Level>) -> Vec<String> {
        let mut names: Vec<String> = levels
            .map(|level| phrase::level(&level, self.language))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// What the raw labels answer: one entry where the answer is sure.
    fn right(&self, asked: &Asked) -> Result<Vec<String>, String> {
        Ok(match asked {
            Asked::Level { concept, side } => self.level_names(
                self.findings()
                    .filter(|said| said.concept == concept && said.side == *side && !said.absent)
                    .filter_map(|said| said.level),
            ),
            Asked::Absent { level } => self.names(|said| said.absent && said.level == Some(*level)),
            Asked::Side { concept, level } => self.sides(|said| {
                said.kind == "finding"
                    && said.concept == concept
                    && said.level == Some(*level)
                    && !said.absent
            }),
            Asked::Symptom { concept } => {
                self.sides(|said| said.kind == "symptom" && said.concept == concept)
            }
            Asked::Treated { concept } => self.level_names(
                self.labels
                    .values()
                    .filter(|said| said.kind == "treatment" && said.concept == concept)
                    .filter_map(|said| said.level),
            ),
            Asked::Graded(query) => self.graded(query)?,
            Asked::Diagnosis | Asked::Treatment => {
                return Err("a diagnosis or treatment has no options".to_owned());
            }
        })
    }

    fn names(&self, fits: impl Fn(&Said) -> bool) -> Vec<String> {
        let mut names: Vec<String> = self
            .findings()
            .filter(|said| fits(said))
            .filter_map(|said| phrase::concept(said.concept, self.language))
            .map(|name| capital(&name))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn sides(&self, fits: impl Fn(&Said) -> bool) -> Vec<String> {
        let mut sides: Vec<String> = self
            .labels
            .values()
            .filter(|said| fits(said))
            .filter_map(|said| side_option(said.side?))
            .map(|at| say(SIDES[at], self.language).to_owned())
            .collect();
        sides.sort();
        sides.dedup();
        sides
    }

    fn graded(&self, query: &Query) -> Result<Vec<String>, String> {
        let value = |concept: &str, side: Option<Side>, level: Level| {
            self.findings()
                .filter(|said| {
                    said.concept == concept && said.side == side && said.level == Some(level)
                })
                .filter_map(|said| said.grade)
                .map(|(value, _)| value.to_lowercase())
                .next()
        };
        Ok(match query {
            Query::Level {
                concept,
                side,
                grade,
            } => self.level_names(
                self.findings()
                    .filter(|said| said.concept == concept && said.side == *side && !said.absent)
                    .filter(|said| {
                        let asked = grade.as_ref().map(|g| g.value.to_lowercase());
                        asked.is_some() && said.grade.map(|(v, _)| v.to_lowercase()) == asked
                    })
                    .filter_map(|said| said.level),
            ),
            Query::Grade {
                concept,
                side,
                level,
            } => value(concept, *side, *level)
                .and_then(|value| in_words(&value, self.language))
                .into_iter()
                .collect(),
            Query::Side {
                concept,
                level,
                grade,
            } => {
                let has = |side| {
                    value(concept, Some(side), *level).map(|v| v == grade.value.to_lowercase())
                };
                let at = match (has(Side::Left), has(Side::Right)) {
                    (Some(true), Some(false)) => 0,
                    (Some(false), Some(true)) => 1,
                    (Some(true), Some(true)) => 2,
                    _ => return Err("not both sides have a raw grade".to_owned()),
                };
                vec![say(SIDES[at], self.language).to_owned()]
            }
            _ => return Err("no such question is asked of a case".to_owned()),
        })
    }

    /// The options that raw labels exclude; none where the right answer excludes all others.
    fn excluded(&self, asked: &Asked) -> Option<Vec<String>> {
        match asked {
            Asked::Absent { level } => {
                Some(self.names(|said| !said.absent && said.level == Some(*level)))
            }
            Asked::Level { concept, side } => Some(
                self.level_names(
                    self.findings()
                        .filter(|said| said.concept == concept && said.side == *side)
                        .filter(|said| said.absent || said.grade.is_some())
                        .filter_map(|said| said.level),
                ),
            ),
            _ => None,
        }
    }
}

/// Age and sex are the label's.
fn person_fits(said: &Said, lower: &str) -> bool {
    let digits: String = lower.chars().filter(char::is_ascii_digit).collect();
    let age = digits.is_empty() || said.age.is_some_and(|age| age.to_string() == digits);
    let female = ["woman", "girl", "女"]
        .iter()
        .any(|word| lower.contains(word));
    let male = !female && ["man", "boy", "男"].iter().any(|word| lower.contains(word));
    age && (!female || said.sex == Some("F")) && (!male || said.sex == Some("M"))
}

fn in_words(value: &str, language: Language) -> Option<String> {
    let grade = spinemed_core::finding::Grade {
        scale: String::new(),
        value: value.to_owned(),
    };
    phrase::severity(&grade).map(|severity| capital(severity.name(language)))
}
