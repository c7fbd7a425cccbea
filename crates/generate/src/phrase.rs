//! Facts in words, in English and Chinese.

use spinemed_core::clinical::{self, Concept};
use spinemed_core::finding::{Finding, Grade};
use spinemed_core::level::Level;
use spinemed_core::vocabulary::{Language, Modality, Side};

use crate::text::capital;

/// A concept's name; none in Chinese where the lexicon does not know the concept.
pub(crate) fn concept(id: &str, language: Language) -> Option<String> {
    match (clinical::concept(id), language) {
        (Some(known), _) => Some(known.name(language).to_owned()),
        (None, Language::En) => Some(id.replace('-', " ")),
        (None, Language::Zh) => None,
    }
}

/// A concept's name as the start of a sentence or as an option.
pub(crate) fn title(concept: &Concept, language: Language) -> String {
    capital(concept.name(language))
}

/// A level as an option: `L4/L5`, `腰4/5`.
pub(crate) fn level(level: &Level, language: Language) -> String {
    level.name(language)
}

/// A level inside a sentence: `at L4/L5`, `at the C8 nerve root`; `腰4/5节段`, `腰1椎体`.
pub(crate) fn at(level: &Level, language: Language) -> String {
    let name = level.name(language);
    match (language, level) {
        (Language::En, Level::NerveRoot(_)) => format!("at the {name}"),
        (Language::En, _) => format!("at {name}"),
        (Language::Zh, Level::Disc(_)) => format!("{name}节段"),
        (Language::Zh, Level::Vertebra(_)) if !name.ends_with('骨') => format!("{name}椎体"),
        (Language::Zh, _) => name,
    }
}

/// A side before a noun: `left`, `左侧`.
pub(crate) fn side(side: Side, language: Language) -> &'static str {
    match (side, language) {
        (Side::Left, Language::En) => "left",
        (Side::Right, Language::En) => "right",
        (Side::Bilateral, Language::En) => "bilateral",
        (Side::Central, Language::En) => "central",
        (Side::Left, Language::Zh) => "左侧",
        (Side::Right, Language::Zh) => "右侧",
        (Side::Bilateral, Language::Zh) => "双侧",
        (Side::Central, Language::Zh) => "中央型",
    }
}

/// The severity that a grade means on a scale of severity, from 0 (normal or mild).
pub(crate) fn severity(grade: &Grade) -> Option<Severity> {
    let value = grade.value.to_lowercase();
    match value.as_str() {
        "normal/mild" | "normal_mild" | "normal or mild" => Some(Severity::NormalOrMild),
        "normal" | "none" => Some(Severity::Normal),
        "mild" | "slight" | "轻度" => Some(Severity::Mild),
        "moderate" | "中度" => Some(Severity::Moderate),
        "severe" | "重度" => Some(Severity::Severe),
        _ => None,
    }
}

/// Words of severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// The lowest grade of scales that do not part the two.
    NormalOrMild,
    /// Nothing found.
    Normal,
    /// Mild.
    Mild,
    /// Moderate.
    Moderate,
    /// Severe.
    Severe,
}

impl Severity {
    /// In words: `severe`, `重度`.
    pub fn name(self, language: Language) -> &'static str {
        let names = match self {
            Self::NormalOrMild => ["normal or mild", "正常或轻度"],
            Self::Normal => ["normal", "正常"],
            Self::Mild => ["mild", "轻度"],
            Self::Moderate => ["moderate", "中度"],
            Self::Severe => ["severe", "重度"],
        };
        crate::general::say(names, language)
    }

    /// Whether it says that something is there.
    pub fn is_abnormal(self) -> bool {
        self >= Self::Mild
    }
}

/// A grade in words: `severe`, `Pfirrmann grade IV`; `重度`, `Pfirrmann IV级`. None where the
/// scale is not known in that language.
pub(crate) fn grade(grade: &Grade, language: Language) -> Option<String> {
    if let Some(severity) = severity(grade) {
        return Some(severity.name(language).to_owned());
    }
    let value = &grade.value;
    let zh = language == Language::Zh;
    let words = match grade.scale.as_str() {
        "modic" if zh => format!("Modic {value}型"),
        "modic" => format!("Modic type {value}"),
        "meyerding" if zh => format!("Meyerding {value}度"),
        "meyerding" => format!("Meyerding grade {value}"),
        "pfirrmann" if zh => format!("Pfirrmann {value}级"),
        "pfirrmann" => format!("Pfirrmann grade {value}"),
        "schizas" if zh => format!("Schizas {value}级"),
        "schizas" => format!("Schizas grade {value}"),
        "genant" if zh => format!("Genant {value}级"),
        "genant" => format!("Genant grade {value}"),
        _ => return None,
    };
    Some(words)
}

/// A finding without its level: `severe left neural foraminal narrowing`, `左侧重度椎间孔狭窄`.
pub(crate) fn what(finding: &Finding, language: Language) -> Option<String> {
    let name = concept(&finding.concept, language)?;
    let side = finding.side.map(|s| side(s, language)).unwrap_or_default();
    let graded = finding.grade.as_ref().map(|g| (severity(g), g));
    let (before, after) = match graded {
        Some((Some(severity), _)) => (severity.name(language).to_owned(), String::new()),
        Some((None, g)) => (String::new(), grade(g, language)?),
        None => (String::new(), String::new()),
    };
    Some(match language {
        Language::En => {
            let words: Vec<&str> = [before.as_str(), side, name.as_str()]
                .into_iter()
                .filter(|word| !word.is_empty())
                .collect();
            let after = if after.is_empty() {
                after
            } else {
                format!(" ({after})")
            };
            format!("{}{after}", words.join(" "))
        }
        Language::Zh => {
            let after = if after.is_empty() {
                after
            } else {
                format!("（{after}）")
            };
            format!("{side}{before}{name}{after}")
        }
    })
}

/// A whole finding: `severe spinal canal stenosis at L4/L5`, `腰4/5节段重度椎管狭窄`.
pub(crate) fn finding(finding: &Finding, language: Language) -> Option<String> {
    let what = what(finding, language)?;
    let Some(level) = &finding.level else {
        return Some(negated(what, finding.negated, language));
    };
    let at = at(level, language);
    Some(match language {
        Language::En => format!("{} {at}", negated(what, finding.negated, language)),
        Language::Zh => format!("{at}{}", negated(what, finding.negated, language)),
    })
}

fn negated(what: String, negated: bool, language: Language) -> String {
    match (negated, language) {
        (false, _) => what,
        (true, Language::En) => format!("no {what}"),
        (true, Language::Zh) => format!("无{what}"),
    }
}

/// A modality: `MR image`, `磁共振图像`.
pub(crate) fn picture(modality: Modality, language: Language) -> Option<&'static str> {
    let names = match modality {
        Modality::Ct => ["CT image", "CT图像"],
        Modality::Mr => ["MR image", "磁共振图像"],
        Modality::Xr => ["radiograph", "X线片"],
        Modality::Nm => ["nuclear medicine image", "核医学图像"],
        Modality::Us => ["ultrasound image", "超声图像"],
        _ => return None,
    };
    Some(crate::general::say(names, language))
}

/// An examination: `MRI`, `磁共振检查`.
pub(crate) fn examination(modality: Modality, language: Language) -> &'static str {
    let names = match modality {
        Modality::Ct => ["CT", "CT检查"],
        Modality::Mr => ["MRI", "磁共振检查"],
        Modality::Xr => ["radiography", "X线检查"],
        Modality::Nm => ["nuclear medicine imaging", "核医学检查"],
        Modality::Us => ["ultrasound", "超声检查"],
        _ => ["imaging", "影像学检查"],
    };
    crate::general::say(names, language)
}

/// An examination as patients speak of it: `an MRI scan`, `磁共振检查`.
pub(crate) fn had(modality: Modality, language: Language) -> &'static str {
    let names = match modality {
        Modality::Ct => ["a CT scan", "CT检查"],
        Modality::Mr => ["an MRI scan", "磁共振检查"],
        Modality::Xr => ["an X-ray", "X线检查"],
        Modality::Nm => ["a bone scan", "核医学检查"],
        Modality::Us => ["an ultrasound scan", "超声检查"],
        _ => ["a scan", "影像学检查"],
    };
    crate::general::say(names, language)
}
