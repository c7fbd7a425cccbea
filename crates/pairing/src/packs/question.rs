//! One pack per question of a bank.

use spinemed_core::clinical;
use spinemed_core::ids::PackKey;
use spinemed_core::licence::Terms;
use spinemed_core::pack::{EvidencePack, PackKind, PackQuestion, Span, SpanRole};
use spinemed_core::question::Question;
use spinemed_core::source::Manifest;

use super::{blank, evidence, own_name};

/// The pack of a question; none where the stem or the answer is empty.
pub(crate) fn of_question(
    question: &Question,
    manifest: &Manifest,
    terms: &Terms,
) -> Vec<EvidencePack> {
    if question.stem.trim().is_empty() || question.answer.trim().is_empty() {
        return Vec::new();
    }
    let group = question
        .group
        .clone()
        .unwrap_or_else(|| own_name(&question.id, manifest));
    let mut pack = blank(
        &question.id,
        &group,
        PackKind::Question,
        manifest,
        terms,
        question.language,
    );
    pack.key = PackKey::new(format!("{}/question", question.id));
    pack.title.clone_from(&question.topic);
    let words = Words::of(question);
    // Options are no evidence: all but one of them are wrong.
    for (start, text) in words
        .parts
        .iter()
        .filter(|(_, text)| words.is_true(question, text))
    {
        let facts = clinical::facts(text, "s1").into_iter();
        pack.facts
            .extend(facts.map(|fact| evidence::shifted(fact, *start)));
    }
    let said: Vec<&str> = [question.stem.as_str(), question.answer.as_str()]
        .into_iter()
        .chain(question.explanation.as_deref())
        .collect();
    let said = said.join("\n");
    let mut levels = evidence::Levels::new();
    evidence::stated(&mut levels, &said);
    evidence::of_facts(&mut levels, &pack.facts);
    pack.levels = evidence::in_order(levels);
    pack.condition = clinical::condition(&said).map(str::to_owned);
    pack.spans = vec![Span {
        id: "s1".to_owned(),
        role: SpanRole::Question,
        text: words.text,
        place: question.place.clone(),
    }];
    pack.question = Some(PackQuestion {
        stem: question.stem.clone(),
        options: question.options.clone(),
        correct: question.correct,
        answer: question.answer.clone(),
        explanation: question.explanation.clone(),
    });
    vec![pack]
}

/// The question in one text: stem, options (or the answer of an open question), explanation,
/// a line each.
struct Words {
    text: String,
    /// Each line with the character at which it starts.
    parts: Vec<(usize, String)>,
}

impl Words {
    fn of(question: &Question) -> Self {
        let answer = question.options.is_empty().then_some(&question.answer);
        let lines = [&question.stem]
            .into_iter()
            .chain(&question.options)
            .chain(answer)
            .chain(&question.explanation);
        let mut words = Self {
            text: String::new(),
            parts: Vec::new(),
        };
        let mut start = 0;
        for line in lines {
            if !words.text.is_empty() {
                words.text.push('\n');
            }
            words.text.push_str(line);
            words.parts.push((start, line.clone()));
            start += line.chars().count() + 1;
        }
        words
    }

    /// Whether a line states what is so.
    fn is_true(&self, question: &Question, line: &str) -> bool {
        question.options.is_empty() || !question.options.iter().any(|option| option == line)
    }
}
