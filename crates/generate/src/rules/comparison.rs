//! Comparisons of two treatments by pooled analyses: `Compared with B, A was associated with
//! less X`.
//!
//! Only sentences that name both treatments and the outcome are read, only where every
//! abbreviation is spelled out by the pack, and only where the pack or the sentence itself
//! says that it pools studies. What a sentence's own P value denies is left out, and so are
//! two sentences that contradict each other.

mod again;
mod forms;
mod parse;
mod statistics;
mod talk;

use std::collections::BTreeSet;

use spinemed_core::abbreviation;
use spinemed_core::pack::{EvidencePack, Span, SpanRole};

use super::point::{Grounds, Order, Point, Query};
use crate::text::{sentences, small, without_citations};
use parse::{Comparison, Direction, is_abbreviation};

pub(crate) use again::again;
pub(crate) use parse::{Lead, is_foreign, led};
pub(crate) use statistics::without_brackets;
pub(crate) use talk::talk;

/// A comparison in its span, with its abbreviations spelled out.
pub(crate) struct Found<'a> {
    /// The span.
    span: &'a str,
    /// The sentence as it stands, citations apart.
    sentence: String,
    /// What it says.
    said: Comparison,
    /// The first treatment in full.
    first: String,
    /// The second treatment in full.
    second: String,
    /// The outcome in full.
    outcome: String,
}

/// The points of the comparisons in a pack.
pub(crate) fn points(pack: &EvidencePack) -> Vec<Point> {
    found(pack).iter().map(point).collect()
}

/// The comparisons of a pack's text; those that contradict each other are left out.
fn found(pack: &EvidencePack) -> Vec<Found<'_>> {
    let pooled = pools(pack);
    let parsed: Vec<(&Span, String, Comparison)> = pack
        .spans
        .iter()
        .filter(|span| span.role == SpanRole::Text)
        .flat_map(|span| {
            let said = sentences(&span.text).into_iter().map(without_citations);
            said.filter_map(move |sentence| parse::parse(&sentence).map(|c| (span, sentence, c)))
        })
        .filter(|(_, _, said)| pooled || said.pooled)
        .collect();
    let contradicted = |one: &Comparison| parsed.iter().any(|(_, _, two)| contradict(one, two));
    let mut seen = BTreeSet::new();
    parsed
        .iter()
        .filter(|(_, _, said)| !contradicted(said))
        .filter_map(|(span, sentence, said)| {
            Some(Found {
                span: &span.id,
                sentence: sentence.clone(),
                first: expanded(pack, &said.first)?,
                second: expanded(pack, &said.second)?,
                outcome: expanded(pack, &said.outcome)?,
                said: said.clone(),
            })
        })
        .filter(|found| seen.insert(found.question()))
        .collect()
}

/// Whether two comparisons cannot both be so.
fn contradict(one: &Comparison, two: &Comparison) -> bool {
    let outcome = |c: &Comparison| c.outcome.to_lowercase();
    let turned = one.first == two.second;
    let direction = match (turned, two.direction) {
        (true, Direction::Lower) => Direction::Higher,
        (true, Direction::Higher) => Direction::Lower,
        (_, other) => other,
    };
    outcome(one) == outcome(two) && one.direction != direction
}

/// Whether a pack says itself that it pools studies. A defining sentence elsewhere may say
/// what its measure is (`weighted mean difference (WMD)`), and no more.
pub(crate) fn pools(pack: &EvidencePack) -> bool {
    let has = |text: &str, words: &[&str]| {
        let lower = text.to_lowercase();
        words.iter().any(|word| lower.contains(word))
    };
    let measure = ["weighted mean difference", "standardized mean difference"];
    pack.spans.iter().any(|span| match span.role {
        SpanRole::Definition => {
            let defined = abbreviation::definitions(&span.text);
            defined.iter().any(|one| {
                has(&one.long, &measure)
                    && pack.spans.iter().any(|other| {
                        other.role == SpanRole::Text && abbreviation::uses(&other.text, &one.short)
                    })
            })
        }
        _ => has(&span.text, &["meta-analys", "pooled"]) || has(&span.text, &measure),
    })
}

impl Found<'_> {
    fn question(&self) -> String {
        let Self {
            first,
            second,
            outcome,
            ..
        } = self;
        format!(
            "According to a pooled analysis, how did the {outcome} with {first} compare with that with {second}?"
        )
    }

    /// The right option, and the two that it excludes.
    fn options(&self) -> [String; 3] {
        let lower = format!("Lower with {}", self.said.first);
        let higher = format!("Higher with {}", self.said.first);
        let same = "No significant difference between the two".to_owned();
        match self.said.direction {
            Direction::Lower => [lower, higher, same],
            Direction::Higher => [higher, lower, same],
            Direction::Same => [same, lower, higher],
        }
    }
}

fn point(found: &Found) -> Point {
    let question = found.question();
    let [answer, one, two] = found.options();
    let reply = found.said.sentence();
    let grounds = Grounds::of_span(found.span);
    Point {
        query: Query::Comparison {
            span: found.span.to_owned(),
            sentence: found.sentence.clone(),
        },
        rank: 1,
        // Without a stated significance, `no significant difference` is not excluded.
        stem: found.said.is_significant().then(|| question.clone()),
        question: Some(question),
        answer,
        distractors: vec![one, two],
        order: Order::Free,
        explanation: reply.clone(),
        reply,
        own: grounds.clone(),
        all: grounds,
        images: Vec::new(),
    }
}

/// Derives the comparison of a clause again; nothing where no comparison has the clause.
pub(crate) fn disagrees(pack: &EvidencePack, clause: &str) -> Option<String> {
    let found = found(pack)
        .into_iter()
        .find(|one| one.said.clause == clause)?;
    let [answer, ..] = found.options();
    match again(pack, found.span, &found.sentence) {
        Some(again) if again.eq_ignore_ascii_case(&answer) => None,
        again => Some(format!(
            "the draft says `{answer}`, the raw words say `{}`",
            again.unwrap_or_default()
        )),
    }
}

/// The text with each abbreviation spelled out; none where one is defined nowhere.
pub(crate) fn expanded(pack: &EvidencePack, text: &str) -> Option<String> {
    let words: Option<Vec<String>> = text
        .split_whitespace()
        .map(|word| {
            if !is_abbreviation(word) {
                return Some(word.to_owned());
            }
            Some(format!("{} ({word})", long_form(pack, word)?))
        })
        .collect();
    Some(words?.join(" "))
}

/// What a short form stands for; a long form without abbreviations first. Two readings that
/// have no word in common mean that the pack uses the short form for two things.
fn long_form(pack: &EvidencePack, short: &str) -> Option<String> {
    let mut longs: Vec<String> = pack
        .spans
        .iter()
        .flat_map(|span| abbreviation::definitions(&span.text))
        .filter(|one| one.short == short)
        .map(|one| one.long)
        .collect();
    longs.sort_by_key(|long| long.split(' ').any(is_abbreviation));
    let long = longs.first()?;
    let words = |text: &str| -> BTreeSet<String> {
        text.to_lowercase().split(' ').map(str::to_owned).collect()
    };
    let same = longs
        .iter()
        .all(|other| !words(other).is_disjoint(&words(long)));
    let plain = !long.split(' ').any(is_abbreviation);
    (same && plain).then(|| small(long))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use spinemed_core::Digest;
    use spinemed_core::ids::{DocumentId, GroupKey, PackKey, SourceId};
    use spinemed_core::instance::{Item, Task};
    use spinemed_core::licence::{Licence, Terms};
    use spinemed_core::locator::{FileRef, Locator};
    use spinemed_core::pack::PackKind;
    use spinemed_core::vocabulary::{Egress, Kind, Language, Modality, Redistribution, Subjects};

    /// A passage in English with spans of these roles.
    pub(crate) fn passage(texts: &[(SpanRole, &str)]) -> EvidencePack {
        let place = Locator::of_file(FileRef {
            path: "test".into(),
            sha256: Digest::of(b"test"),
        });
        let span = |(at, (role, text)): (usize, &(SpanRole, &str))| Span {
            id: format!("s{}", at + 1),
            role: *role,
            text: (*text).to_owned(),
            place: place.clone(),
        };
        EvidencePack {
            key: PackKey::new("test/passage"),
            source: SourceId::new("test").expect("an id"),
            document: DocumentId::new("test/document"),
            group: GroupKey::new("test:document"),
            kind: PackKind::Text,
            language: Language::En,
            subjects: Subjects::None,
            terms: Terms {
                licence: Licence::new("CC0-1.0").expect("a licence"),
                redistribution: Redistribution::Full,
                egress: Egress::Any,
            },
            title: None,
            section: Vec::new(),
            spans: texts.iter().enumerate().map(span).collect(),
            images: Vec::new(),
            facts: Vec::new(),
            missing: Vec::new(),
            levels: Vec::new(),
            modality: Modality::Text,
            condition: None,
            question: None,
            chart: None,
            entities: Vec::new(),
            link: None,
        }
    }

    fn check(texts: &[(SpanRole, &str)], expect: &[(&str, &str)]) {
        let pack = passage(texts);
        let points = points(&pack);
        for point in &points {
            let Query::Comparison { span, sentence } = &point.query else {
                panic!("a comparison")
            };
            assert_eq!(again(&pack, span, sentence).as_ref(), Some(&point.answer));
        }
        let made: Vec<(&str, &str)> = points
            .iter()
            .map(|p| (p.question.as_deref().unwrap_or_default(), p.answer.as_str()))
            .collect();
        assert_eq!(made, expect);
    }

    const DEFINED: &str =
        "Both anterior decompression and fusion (ADF) and laminoplasty (LAMP) are used.";
    const RESULT: &str =
        "ADF was associated with a decrease of the neck pain than LAMP (P = .003).";

    #[test]
    fn definitions_elsewhere_spell_abbreviations_out() {
        let question = "According to a pooled analysis, how did the neck pain with anterior decompression and fusion (ADF) compare with that with laminoplasty (LAMP)?";
        let text = format!("Nine trials were pooled. {RESULT}");
        check(
            &[(SpanRole::Text, &text), (SpanRole::Definition, DEFINED)],
            &[(question, "Lower with ADF")],
        );
        check(&[(SpanRole::Text, &text)], &[]);
    }

    /// An interval counts wherever the sentence gives it.
    #[test]
    fn a_stated_uncertainty_is_told() {
        let inside = "ADF was associated with a decrease of the neck pain (WMD = 4.47, 95% CI 1.58 to 7.36, P = .002) than LAMP.";
        let end = "ADF was associated with a decrease of the neck pain than LAMP (WMD = 4.47; 95% CI 1.58 to 7.36; P = .002).";
        for result in [inside, end] {
            let text = format!("Nine trials were pooled. {result}");
            let pack = passage(&[(SpanRole::Text, &text), (SpanRole::Definition, DEFINED)]);
            let task = Task {
                kind: Kind::Consultation,
                language: Language::En,
                variant: 0,
            };
            let drafted = crate::rules::consultation::draft(&pack, &task).ok();
            let Some(Item::Consultation { turns }) = drafted.map(|d| d.item) else {
                panic!("a consultation")
            };
            let sure = &turns[3].text;
            assert!(sure.contains("is given as 95% CI 1.58 to 7.36"), "{sure}");
        }
    }

    #[test]
    fn one_trial_is_no_pooled_analysis() {
        check(
            &[(SpanRole::Text, RESULT), (SpanRole::Definition, DEFINED)],
            &[],
        );
        let elsewhere = format!("{DEFINED} A meta-analysis was planned.");
        check(
            &[(SpanRole::Text, RESULT), (SpanRole::Definition, &elsewhere)],
            &[],
        );
    }

    #[test]
    fn contradictions_are_left_out() {
        let turned = "LAMP was associated with a decrease of the neck pain than ADF (P = .01).";
        let text = format!("Nine trials were pooled. {RESULT} {turned}");
        check(
            &[(SpanRole::Text, &text), (SpanRole::Definition, DEFINED)],
            &[],
        );
    }

    #[test]
    fn a_defining_sentence_is_no_result() {
        let defined = format!("{DEFINED} {RESULT}");
        check(
            &[
                (SpanRole::Text, "Nine trials were pooled."),
                (SpanRole::Definition, &defined),
            ],
            &[],
        );
    }
}
