//! Definitions: `X is a narrowing of …`, `X是指…`.

use spinemed_core::clinical::{self, Concept};
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::Language;

use super::picture::other_concepts;
use super::point::{Grounds, Order, Point, Query};
use super::statement::Statement;
use crate::kin;
use crate::text::{capital, has_word, small};

/// A sentence cut at its defining verb.
struct Definition<'a> {
    /// What is defined, as written, without article.
    subject: &'a str,
    /// The verb with its article: `is a`, `refers to`, `是指`.
    verb: &'a str,
    /// The rest, without the final stop.
    predicate: &'a str,
    /// The lexicon's concept that the subject names.
    concept: &'static Concept,
}

/// The point of a statement that defines a concept of the lexicon.
pub(crate) fn point(
    pack: &EvidencePack,
    statement: &Statement,
    language: Language,
) -> Option<Point> {
    let definition = match language {
        Language::En => english(&statement.text),
        Language::Zh => chinese(&statement.text),
    }?;
    let lower = definition.predicate.to_lowercase();
    let distractors = other_concepts(pack, definition.concept, &lower, language);
    // A predicate that names what it defines gives the answer away.
    let telling = kin::names(&lower, definition.concept) || kin::echoes(definition.concept, &lower);
    let stem = (distractors.len() == 3 && !telling).then(|| match language {
        Language::En => {
            let verb = singular(definition.verb);
            format!("Which of the following {verb} {}?", definition.predicate)
        }
        Language::Zh => format!("下列哪一项{}{}？", definition.verb, definition.predicate),
    });
    let question = match language {
        Language::En if is_plural(definition.verb) => {
            format!("What are {}?", small(definition.subject))
        }
        Language::En => format!("What is {}?", small(definition.subject)),
        Language::Zh => format!("什么是{}？", definition.subject),
    };
    let grounds = Grounds::of_span(&statement.span);
    Some(Point {
        query: Query::Gap {
            span: statement.span.clone(),
            sentence: statement.text.clone(),
            filling: definition.subject.to_owned(),
        },
        rank: 0,
        stem,
        question: Some(question),
        answer: capital(definition.subject),
        distractors,
        order: Order::Free,
        explanation: statement.text.clone(),
        reply: statement.text.clone(),
        own: grounds.clone(),
        all: grounds,
        images: Vec::new(),
    })
}

const EN_VERBS: &[&str] = &[
    "is defined as",
    "are defined as",
    "is characterised by",
    "is characterized by",
    "refers to",
    "refer to",
    "means",
    "denotes",
    "is the",
    "is a",
    "is an",
    "are",
];

/// Heads of a definition after `is a`: what a thing is, not how often or how grave it is.
const EN_HEADS: &[&str] = &[
    "narrowing",
    "slip",
    "injury",
    "condition",
    "disease",
    "disorder",
    "deformity",
    "fracture",
    "defect",
    "displacement",
    "inflammation",
    "infection",
    "compression",
    "curvature",
    "curve",
    "ossification",
    "loss",
    "extension",
    "protrusion",
    "degeneration",
    "tumour",
    "tumor",
    "herniation",
    "bulging",
    "lesion",
    "process",
    "collection",
    "bleeding",
    "dysfunction",
    "translation",
    "slippage",
    "spread",
    "widening",
    "thickening",
    "calcification",
    "dislocation",
    "failure",
    "abnormality",
    "malformation",
    "arthritis",
    "arthropathy",
    "slips",
    "procedure",
    "technique",
    "method",
    "operation",
    "approach",
    "removal",
    "ligament",
    "joint",
    "structure",
    "bundle",
    "nerve",
    "opening",
    "passage",
];

/// Words of a judgement instead of a definition.
const EN_JUDGEMENTS: &[&str] = &[
    "common",
    "rare",
    "frequent",
    "major",
    "important",
    "leading",
    "main",
    "serious",
    "challenging",
    "controversial",
    "possible",
    "potential",
    "well-known",
    "useful",
    "effective",
    "good",
    "most",
    "risk",
    "cause",
    "consequence",
    "result",
    "complication",
    "factor",
    "problem",
    "feature",
    "sign",
    "indication",
    "option",
    "treatment",
    "associated",
];

fn english(sentence: &str) -> Option<Definition<'_>> {
    let (verb, at) = EN_VERBS
        .iter()
        .filter_map(|verb| {
            let at = sentence.find(&format!(" {verb} "))?;
            Some((*verb, at))
        })
        .min_by_key(|(verb, at)| (*at, usize::MAX - verb.len()))?;
    let predicate = sentence[at + verb.len() + 2..].strip_suffix('.')?;
    let subject = sentence[..at].trim();
    let subject = ["The ", "A ", "An "]
        .iter()
        .find_map(|article| subject.strip_prefix(article))
        .unwrap_or(subject);
    let subject = subject.split(" (").next().unwrap_or(subject).trim();
    let words = subject.split_whitespace().count();
    let concept = named_at_end(&subject.to_lowercase())?;
    let fits = words <= 6
        && !subject.contains([',', ';', ':'])
        && predicate.split_whitespace().count() >= 5
        && !predicate.contains(&subject.to_lowercase());
    (fits && defines(verb, predicate)).then_some(Definition {
        subject,
        verb: &sentence[at + 1..at + 1 + verb.len()],
        predicate,
        concept,
    })
}

/// Whether the words after the verb say what the thing is.
fn defines(verb: &str, predicate: &str) -> bool {
    let lower = predicate.to_lowercase();
    let first: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| !word.is_empty())
        .take(7)
        .collect();
    if first
        .iter()
        .take(5)
        .any(|word| EN_JUDGEMENTS.contains(word))
    {
        return false;
    }
    !matches!(verb, "is the" | "is a" | "is an" | "are")
        || first.iter().any(|word| EN_HEADS.contains(word))
}

fn is_plural(verb: &str) -> bool {
    verb.starts_with("are") || verb == "refer to"
}

/// `Which of the following are …` has one right option too, and reads better as one.
fn singular(verb: &str) -> &str {
    match verb {
        "are defined as" => "is defined as",
        "are" => "is",
        "refer to" => "refers to",
        other => other,
    }
}

/// The concept whose English name ends a text in lower case, the longest name first. Authors
/// drop articles: `ossification of posterior longitudinal ligament`.
fn named_at_end(text: &str) -> Option<&'static Concept> {
    let text = text.replace(" the ", " ");
    let fits = |name: &str| {
        let name = name.replace(" the ", " ");
        text.ends_with(&name)
            && has_word(&text, &name)
            && text.split_whitespace().count() <= name.split_whitespace().count() + 2
    };
    clinical::concepts()
        .iter()
        .filter_map(|c| {
            let longest =
                c.en.iter()
                    .filter(|name| fits(name))
                    .map(|name| name.len())
                    .max()?;
            Some((longest, c))
        })
        .max_by_key(|(longest, c)| (*longest, std::cmp::Reverse(c.id)))
        .map(|(_, concept)| concept)
}

fn chinese(sentence: &str) -> Option<Definition<'_>> {
    const VERBS: &[&str] = &["是指", "指的是", "定义为", "是一种"];
    let (verb, at) = VERBS
        .iter()
        .filter_map(|verb| Some((*verb, sentence.find(verb)?)))
        .min_by_key(|(_, at)| *at)?;
    let subject = &sentence[..at];
    let predicate = sentence[at + verb.len()..].strip_suffix('。')?;
    let concept = clinical::concepts()
        .iter()
        .filter_map(|c| {
            let longest =
                c.zh.iter()
                    .filter(|n| subject.ends_with(**n))
                    .map(|n| n.len())
                    .max()?;
            Some((longest, c))
        })
        .max_by_key(|(longest, c)| (*longest, std::cmp::Reverse(c.id)))?
        .1;
    let fits = subject.chars().count() <= 14
        && !subject.contains(['，', '、', '：', '；'])
        && predicate.chars().count() >= 8
        && !predicate.contains(subject);
    fits.then_some(Definition {
        subject,
        verb: &sentence[at..at + verb.len()],
        predicate,
        concept,
    })
}
