//! Bound facts: what the answer asserts must stand bound together in one clause or label.
//!
//! The answer is read with the same reader as the evidence, so a level, side, grade or
//! negation that the evidence binds to another finding is found out.

use std::collections::BTreeSet;

use spinemed_core::clinical;
use spinemed_core::finding::Finding;
use spinemed_core::instance::{Item, Revision};
use spinemed_core::level::{self, Level};
use spinemed_core::pack::{EvidencePack, Span, SpanRole};
use spinemed_core::vocabulary::{Language, Side};

use super::case;
use super::parts::{answers, cited, is_banks_own, true_words};
use crate::general::without_general;
use crate::phrase;
use crate::{agree, kin};

pub(super) fn run(pack: &EvidencePack, revision: &Revision) -> Result<(), String> {
    let evidence = Evidence::of(pack, revision);
    case::unspoilt(pack, revision)?;
    for (part, text) in answers(&revision.item) {
        case::treatments(pack, text).map_err(|why| format!("`{part}`: {why}"))?;
        let text = without_glosses(&without_general(text));
        levels(pack, &text).map_err(|why| format!("`{part}`: {why}"))?;
        sides(pack, &text).map_err(|why| format!("`{part}`: {why}"))?;
        for fact in clinical::facts(&text, &part) {
            if !says_unknown(&text, &fact) && !evidence.bears_out(&fact) {
                let words =
                    phrase::finding(&fact, Language::En).unwrap_or_else(|| fact.concept.clone());
                return Err(format!(
                    "`{part}` says `{words}`; no one clause or label does"
                ));
            }
        }
    }
    chosen(pack, revision, &evidence)
}

/// What the evidence says: stored facts, and the cited words read again.
struct Evidence<'a> {
    pack: &'a EvidencePack,
    stored: &'a [Finding],
    /// What a case's chart codes beside findings.
    coded: Vec<Finding>,
    read: Vec<Finding>,
}

impl<'a> Evidence<'a> {
    fn of(pack: &'a EvidencePack, revision: &Revision) -> Self {
        let read = cited(pack, revision)
            .into_iter()
            .filter(|span| !matches!(span.role, SpanRole::Label | SpanRole::Definition))
            .flat_map(|span| clinical::facts(&true_words(pack, span), &span.id))
            .collect();
        Self {
            pack,
            stored: &pack.facts,
            coded: case::coded(pack),
            read,
        }
    }

    fn all(&self) -> impl Iterator<Item = &Finding> {
        self.stored.iter().chain(&self.coded).chain(&self.read)
    }

    fn bears_out(&self, asserted: &Finding) -> bool {
        if self.all().any(|fact| agree::bears_out(fact, asserted)) {
            return true;
        }
        // A bare name binds nothing; it must only be spoken of.
        let bare = asserted.level.is_none()
            && asserted.side.is_none()
            && asserted.grade.is_none()
            && asserted.measure.is_none();
        bare && self.speaks_of(&asserted.concept)
    }

    fn speaks_of(&self, concept: &str) -> bool {
        let known = clinical::concept(concept);
        self.all().any(|fact| kin::covers(concept, &fact.concept))
            || self.pack.condition.as_deref() == Some(concept)
            || known.is_some_and(|known| {
                self.pack
                    .spans
                    .iter()
                    .any(|span| kin::names(&true_words(self.pack, span).to_lowercase(), known))
            })
    }
}

/// A side that the answer names must be spoken of, also where its finding has no sides.
fn sides(pack: &EvidencePack, text: &str) -> Result<(), String> {
    let lower = text.to_lowercase();
    for (side, word, sign) in [(Side::Left, "left", '左'), (Side::Right, "right", '右')] {
        let names = |text: &str| text.contains(sign) || crate::text::has_word(text, word);
        if !names(&lower) {
            continue;
        }
        let bound = |fact: &Finding| fact.side == Some(side) || fact.side == Some(Side::Bilateral);
        let said = || {
            pack.spans
                .iter()
                .any(|span| names(&span.text.to_lowercase()))
        };
        let ungraded = || {
            pack.missing
                .iter()
                .any(|column| column.to_lowercase().contains(word))
        };
        if !pack.facts.iter().any(bound) && !said() && !ungraded() {
            return Err(format!("the evidence speaks of no {side} side"));
        }
    }
    Ok(())
}

/// Every level that the answer names must be one of the evidence's.
fn levels(pack: &EvidencePack, text: &str) -> Result<(), String> {
    let named = level::mentions(text);
    if named.is_empty() {
        return Ok(());
    }
    let mut known: BTreeSet<Level> = pack.levels.iter().map(|level| level.level).collect();
    known.extend(pack.facts.iter().filter_map(|fact| fact.level));
    let all_known = |known: &BTreeSet<Level>| {
        named
            .iter()
            .find(|m| !known.iter().any(|level| *level == m.level))
            .map(|m| m.level)
    };
    let Some(_) = all_known(&known) else {
        return Ok(());
    };
    // Missing labels may be named as missing; a bank's options may be named in its answer.
    known.extend(
        pack.missing
            .iter()
            .filter_map(|column| crate::rules::level_of_column(column)),
    );
    if let Some(chart) = &pack.chart {
        known.extend(chart.diagnoses.iter().filter_map(|d| d.what.level));
        known.extend(chart.treatments.iter().filter_map(|t| t.what.level));
    }
    // A level that only explains an abbreviation is no level of the pack.
    let own = |span: &&Span| span.role != SpanRole::Definition;
    for span in pack.spans.iter().filter(own) {
        known.extend(
            level::mentions(&span.text)
                .iter()
                .map(|mention| mention.level),
        );
    }
    match all_known(&known) {
        Some(level) => Err(format!("level `{level}` stands nowhere in the evidence")),
        None => Ok(()),
    }
}

/// The right option, a level, must be where the evidence binds what the stem asks about.
fn chosen(pack: &EvidencePack, revision: &Revision, evidence: &Evidence) -> Result<(), String> {
    let Item::Mcq {
        stem,
        options,
        correct,
        ..
    } = &revision.item
    else {
        return Ok(());
    };
    let Some(answer) = options
        .get(*correct)
        .filter(|_| !is_banks_own(pack, &revision.item))
    else {
        return Ok(());
    };
    let whole = [0, answer.chars().count()];
    let mentions = level::mentions(answer);
    let [only] = mentions.as_slice() else {
        return Ok(());
    };
    if only.range != whole {
        return Ok(());
    }
    let named = |fact: &Finding| fact.level == Some(only.level);
    let asked = clinical::facts(stem, "stem");
    for fact in asked
        .iter()
        .filter(|fact| fact.level.is_none() && !fact.negated)
    {
        let placed = Finding {
            level: Some(only.level),
            ..fact.clone()
        };
        let knows = evidence
            .all()
            .any(|f| kin::covers(&fact.concept, &f.concept) && f.level.is_some());
        if knows
            && !evidence.all().any(|f| agree::bears_out(f, &placed))
            && evidence.all().any(named)
        {
            return Err(format!(
                "no one clause or label binds `{}` to {}",
                fact.concept, only.level
            ));
        }
    }
    Ok(())
}

/// Plain words of the lexicon explain a finding and assert nothing of this evidence.
fn without_glosses(text: &str) -> String {
    let mut out = text.to_owned();
    for concept in clinical::concepts() {
        for language in [Language::En, Language::Zh] {
            // The first letter may have lost its capital inside a sentence.
            let gloss = concept.gloss(language);
            let body = gloss.get(1..).unwrap_or(gloss);
            if out.contains(body) {
                out = out
                    .replace(gloss, "")
                    .replace(&crate::text::small(gloss), "");
            }
        }
    }
    out
}

/// Whether the sentence of a fact says that something is not known.
fn says_unknown(text: &str, fact: &Finding) -> bool {
    const WORDS: &[&str] = &[
        "not graded",
        "not stated",
        "is unknown",
        "states no",
        "nothing is stated",
        "no grade",
        "未评级",
        "未说明",
        "未提及",
        "不清楚",
        "未知",
    ];
    let Some([start, end]) = fact.range else {
        return false;
    };
    let chars: Vec<char> = text.chars().collect();
    let stop = |c: &char| matches!(c, '。' | '\n' | '!' | '?' | '！' | '？') || *c == '.';
    let from = chars[..start.min(chars.len())]
        .iter()
        .rposition(stop)
        .map_or(0, |at| at + 1);
    let end = end.min(chars.len());
    let to = chars[end..]
        .iter()
        .position(stop)
        .map_or(chars.len(), |at| end + at);
    let sentence: String = chars[from..to].iter().collect::<String>().to_lowercase();
    WORDS.iter().any(|word| sentence.contains(word))
}
