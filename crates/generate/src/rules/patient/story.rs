//! Diagnoses, treatments and what came afterwards, as statements with what they rest on.

use spinemed_core::case::{CasePart, Certified, Diagnosis, Timed};
use spinemed_core::clinical::{self, ConceptKind};
use spinemed_core::finding::Finding;
use spinemed_core::level::Level;
use spinemed_core::pack::{Chart, EvidencePack, SpanRole};
use spinemed_core::vocabulary::{Language, LevelCertainty, NumberingMethod, Side};

use super::person;
use super::quote::{Quote, ended, mentions, quotes};
use crate::general::say;
use crate::kin;
use crate::phrase;
use crate::rules::point::Grounds;
use crate::text::has_word;

/// Words with what they rest on.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// The words.
    pub text: String,
    /// What they rest on.
    pub grounds: Grounds,
}

impl Told {
    /// Words of a text, each sentence a statement of its own.
    pub fn quoted(quotes: &[Quote], language: Language) -> Vec<Self> {
        let of_quote = |quote: &Quote| {
            let grounds = quote.grounds();
            let sentences = quote.sentences.iter();
            let told = sentences.map(|sentence| Self {
                text: ended(sentence, language),
                grounds: grounds.clone(),
            });
            told.collect::<Vec<Self>>()
        };
        quotes.iter().flat_map(of_quote).collect()
    }
}

/// Procedures that are no operations.
const CONSERVATIVE: &[&str] = &["bracing", "physical-therapy", "epidural-steroid-injection"];

/// Whether a procedure of the lexicon is an operation.
pub(crate) fn is_operation(concept: &str) -> bool {
    let procedure = clinical::concept(concept).is_some_and(|c| c.kind == ConceptKind::Procedure);
    procedure && !CONSERVATIVE.contains(&concept)
}

/// Whether an operation is coded.
pub(super) fn operated(chart: &Chart) -> bool {
    let mut treatments = chart.treatments.iter();
    treatments.any(|treatment| is_operation(&treatment.what.concept))
}

/// Whether texts speak of treatment, coded or not. Then no item may say that there was none.
pub(super) fn treatment_is_mentioned(pack: &EvidencePack, chart: &Chart) -> bool {
    const WORDS: &[&str] = &[
        "surgery",
        "operation",
        "operated",
        "treatment",
        "treated",
        "therapy",
        "手术",
        "术后",
        "治疗",
    ];
    let named = |text: &str| {
        let lower = text.to_lowercase();
        WORDS.iter().any(|word| has_word(&lower, word))
            || clinical::concepts()
                .iter()
                .any(|c| c.kind == ConceptKind::Procedure && kin::names(&lower, c))
    };
    mentions(chart, &[CasePart::Treatment])
        || pack
            .spans
            .iter()
            .any(|span| span.role == SpanRole::Record && named(&span.text))
}

/// Each diagnosis in words, the main one first.
pub(super) fn diagnoses(chart: &Chart, language: Language) -> Vec<Told> {
    let told = |said: &Certified<Diagnosis>| {
        let what = &said.what;
        Some(Told {
            text: placed(&what.concept, what.level, what.side, language)?,
            grounds: Grounds::of_span(&said.label),
        })
    };
    chart.diagnoses.iter().filter_map(told).collect()
}

/// Each treatment in words, in order of time.
pub(super) fn treatments(chart: &Chart, language: Language) -> Vec<Told> {
    let told = |said: &Certified<Timed>| {
        Some(Told {
            text: treatment(&said.what, language)?,
            grounds: Grounds::of_span(&said.label),
        })
    };
    chart.treatments.iter().filter_map(told).collect()
}

/// `left discectomy at L4/L5`.
pub(super) fn treatment(said: &Timed, language: Language) -> Option<String> {
    placed(&said.concept, said.level, said.side, language)
}

/// When a treatment was given, counted from the first imaging.
pub(super) fn when(chart: &Chart, said: &Timed, language: Language) -> Option<String> {
    const ANCHOR: [&str; 2] = ["the first imaging", "首次影像检查"];
    person::interval(person::first_imaging(chart), said.date, ANCHOR, language)
}

/// When a visit was, counted from the first treatment.
pub(super) fn visited(chart: &Chart, quote: &Quote, language: Language) -> Option<String> {
    const ANCHOR: [&str; 2] = ["the first treatment", "首次治疗"];
    let date = chart.dates.get(quote.span).copied();
    person::interval(person::first_treatment(chart), date, ANCHOR, language)
}

/// The chart in lines, each with its label, for prompts: `l3: left sciatica for 3 months`.
pub(crate) fn chart_lines(pack: &EvidencePack, language: Language) -> Vec<String> {
    let Some(chart) = pack.chart.as_deref() else {
        return Vec::new();
    };
    let known = chart.age.is_some() || chart.sex.is_some();
    let person = chart.person.as_deref().filter(|_| known);
    let mut lines: Vec<String> = person
        .map(|label| format!("[{label}] {}", person::person(chart, language)))
        .into_iter()
        .collect();
    for said in &chart.symptoms {
        let words = person::lasting(&said.what, language);
        lines.extend(words.map(|words| format!("[{}] {words}", said.label)));
    }
    for told in diagnoses(chart, language) {
        lines.push(format!("[{}] {}", told.grounds.spans.join(", "), told.text));
    }
    for said in &chart.treatments {
        let when = when(chart, &said.what, language).map(|when| format!(" ({when})"));
        let words = treatment(&said.what, language);
        lines.extend(
            words.map(|words| format!("[{}] {words}{}", said.label, when.unwrap_or_default())),
        );
    }
    lines
}

fn placed(
    concept: &str,
    level: Option<Level>,
    side: Option<Side>,
    language: Language,
) -> Option<String> {
    let bound = Finding {
        concept: concept.to_owned(),
        level,
        level_certainty: LevelCertainty::Stated,
        numbering_method: NumberingMethod::Reporter,
        side,
        grade: None,
        measure: None,
        negated: false,
        span: String::new(),
        range: None,
    };
    phrase::finding(&bound, language)
}

/// What is told of parts of the chart: their sentences in the case's own language, else that
/// they are not repeated or not stated.
pub(super) struct Part<'a> {
    /// The sentences, text by text.
    pub quotes: Vec<Quote<'a>>,
    /// Whether the chart has such a text at all.
    pub is_there: bool,
}

/// Reads some parts of a chart.
pub(super) fn part<'a>(
    pack: &'a EvidencePack,
    chart: &Chart,
    parts: &[CasePart],
    language: Language,
) -> Part<'a> {
    Part {
        quotes: quotes(pack, chart, parts, language),
        is_there: mentions(chart, parts),
    }
}

impl Part<'_> {
    /// Why nothing is quoted: `The outcome is recorded in the notes only and is not repeated
    /// here.`
    pub fn silence(&self, name: [&'static str; 2], language: Language) -> String {
        let name = say(name, language);
        match (self.is_there, language) {
            (true, Language::En) => {
                format!("{name} is recorded in the notes only and is not repeated here.")
            }
            (true, Language::Zh) => format!("{name}仅见于病历文字记录，此处不作转述。"),
            (false, Language::En) => format!("{name} is not stated."),
            (false, Language::Zh) => format!("{name}未作说明。"),
        }
    }
}

/// Complications: quoted, or what is known of their absence. That none is listed is said only
/// where an operation is coded and the chart's texts are there to list one.
pub(super) fn complications(
    pack: &EvidencePack,
    chart: &Chart,
    language: Language,
) -> (Vec<Told>, String) {
    let part = part(pack, chart, &[CasePart::Complication], language);
    let told = Told::quoted(&part.quotes, language);
    let words = if !told.is_empty() {
        ["Complications as recorded:", "记录的并发症："]
    } else if part.is_there {
        [
            "Complications are recorded in the notes only and are not repeated here.",
            "并发症仅见于病历文字记录，此处不作转述。",
        ]
    } else if operated(chart) && !chart.parts.is_empty() {
        [
            "No complication is listed in the record.",
            "病历中未列出并发症。",
        ]
    } else {
        ["Complications are not stated.", "并发症未作说明。"]
    };
    (told, say(words, language).to_owned())
}
