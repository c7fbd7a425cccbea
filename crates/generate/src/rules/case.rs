//! What is told of one examination, for consultations and reports.

use std::collections::BTreeSet;

use spinemed_core::clinical::{self, ConceptKind};
use spinemed_core::finding::Finding;
use spinemed_core::level::{self, Level};
use spinemed_core::pack::{EvidencePack, PackKind, SpanRole};
use spinemed_core::vocabulary::{Language, Modality, Side};

use super::NotApplicable;
use super::cells::column_place;
use super::picture::caption_facts;
use super::study::{Graded, graded};
use crate::agree;
use crate::phrase::{self, Severity};
use crate::text::list;

/// An examination's facts.
pub(crate) struct Case<'a> {
    /// What is there, gravest first within each level: positions of facts.
    pub present: Vec<(usize, &'a Finding)>,
    /// What is denied.
    pub absent: Vec<(usize, &'a Finding)>,
    /// Labels graded normal or mild: finding, side, levels, facts.
    pub unremarkable: Vec<Unremarkable<'a>>,
    /// Labels that nobody graded, in words.
    pub ungraded: Vec<String>,
    /// Levels that the caption names without a finding that could be read.
    pub unread: Vec<Level>,
}

/// A finding and side with the levels at which it is normal or mild.
pub(crate) struct Unremarkable<'a> {
    /// The finding's identifier.
    pub concept: &'a str,
    /// The side.
    pub side: Option<Side>,
    /// Its labels.
    pub labels: Vec<Graded<'a>>,
}

/// Reads a pack as one examination.
pub(crate) fn case<'a>(
    pack: &'a EvidencePack,
    language: Language,
) -> Result<Case<'a>, NotApplicable> {
    match pack.kind {
        PackKind::Study => Ok(of_study(pack, language)),
        PackKind::Figure if is_clinical(pack.modality) && !pack.images.is_empty() => {
            of_figure(pack)
        }
        _ => Err(NotApplicable(
            "the pack is no imaging study and no clinical picture",
        )),
    }
}

/// Whether a picture was taken of a body.
pub(crate) fn is_clinical(modality: Modality) -> bool {
    matches!(
        modality,
        Modality::Ct | Modality::Mr | Modality::Xr | Modality::Nm | Modality::Us
    )
}

fn of_study<'a>(pack: &'a EvidencePack, language: Language) -> Case<'a> {
    let mut present = Vec::new();
    let mut unremarkable = Vec::new();
    for ((concept, side), labels) in graded(pack) {
        let (abnormal, rest): (Vec<Graded>, Vec<Graded>) =
            labels.into_iter().partition(|g| g.severity.is_abnormal());
        present.extend(abnormal);
        if !rest.is_empty() {
            unremarkable.push(Unremarkable {
                concept,
                side,
                labels: rest,
            });
        }
    }
    present.sort_by_key(|g| (std::cmp::Reverse(g.severity), g.level, g.at));
    Case {
        present: present.into_iter().map(|g| (g.at, g.fact)).collect(),
        absent: Vec::new(),
        unremarkable,
        ungraded: ungraded(pack, language),
        unread: Vec::new(),
    }
}

fn of_figure(pack: &EvidencePack) -> Result<Case<'_>, NotApplicable> {
    if tells_of_treatment(pack) {
        return Err(NotApplicable(
            "the figure's text tells of treatment, which the rules cannot report",
        ));
    }
    let mut present: Vec<(usize, &Finding)> = caption_facts(pack).collect();
    present.sort_by_key(|(at, fact)| (fact.level, *at));
    // A caption may say the same twice, once in its title.
    let mut told: Vec<&Finding> = Vec::new();
    present.retain(|(_, fact)| {
        let said = told.iter().any(|other| agree::bears_out(other, fact));
        told.push(fact);
        !said
    });
    if present.is_empty() {
        return Err(NotApplicable("the caption binds no finding to a level"));
    }
    let denied = |fact: &Finding| {
        fact.negated
            && fact.level.is_some()
            && clinical::concept(&fact.concept)
                .is_some_and(|c| matches!(c.kind, ConceptKind::Finding | ConceptKind::Condition))
    };
    let shown = |span: &str| pack.span(span).is_some_and(|s| s.role == SpanRole::Caption);
    let mut absent: Vec<(usize, &Finding)> = pack
        .facts
        .iter()
        .enumerate()
        .filter(|(_, fact)| denied(fact) && shown(&fact.span))
        .collect();
    absent.sort_by_key(|(at, fact)| (fact.level, *at));
    let unread = unread(pack, present.iter().chain(&absent).map(|(_, fact)| *fact));
    Ok(Case {
        present,
        absent,
        unremarkable: Vec::new(),
        ungraded: Vec::new(),
        unread,
    })
}

/// Levels that a caption names and no told fact is about, nerve roots apart.
fn unread<'a>(pack: &EvidencePack, told: impl Iterator<Item = &'a Finding>) -> Vec<Level> {
    let told: Vec<&Finding> = told.collect();
    let named: BTreeSet<Level> = pack
        .spans
        .iter()
        .filter(|span| span.role == SpanRole::Caption)
        .flat_map(|span| level::mentions(&span.text))
        .map(|mention| mention.level)
        .filter(|level| !matches!(level, Level::NerveRoot(_)))
        .collect();
    let part = |level: &Level| told.iter().any(|fact| speaks_of(fact, level));
    named.into_iter().filter(|level| !part(level)).collect()
}

/// Whether a level belongs to what a fact tells; a slip `of L4 on L5` is one at L4/L5.
fn speaks_of(fact: &Finding, level: &Level) -> bool {
    let slips = matches!(
        fact.concept.as_str(),
        "spondylolisthesis" | "retrolisthesis"
    );
    match (fact.level, level) {
        (Some(Level::Disc(disc)), Level::Vertebra(vertebra)) => {
            slips && (disc.upper() == *vertebra || disc.lower() == *vertebra)
        }
        (Some(held), level) => held.covers(level),
        (None, _) => false,
    }
}

/// `Also named, in words that are not interpreted here: L3/L4.` Nothing may be read into a
/// level that is named with words that the lexicon does not know.
pub(crate) fn unread_sentence(case: &Case, language: Language) -> Option<String> {
    if case.unread.is_empty() {
        return None;
    }
    let zh = language == Language::Zh;
    let levels: Vec<String> = case
        .unread
        .iter()
        .map(|level| phrase::level(level, language))
        .collect();
    let levels = list(&levels, zh);
    Some(if zh {
        format!("另外提到的节段：{levels}。相关描述此处未作解读，不能据此认为正常或异常。")
    } else {
        format!(
            "Also named, in words that are not interpreted here: {levels}. That means neither normal nor abnormal."
        )
    })
}

/// That nothing is said of levels that are not named is no finding (I6).
pub(crate) fn other_levels(language: Language) -> String {
    crate::general::say(
        [
            "Nothing is stated about any other level, and that does not mean that the others are normal.",
            "对未提到的节段未作说明，不能据此认为它们正常。",
        ],
        language,
    )
    .to_owned()
}

/// Words after which a report without treatment would be false.
fn tells_of_treatment(pack: &EvidencePack) -> bool {
    const EN: &[&str] = &[
        "surgery",
        "surgical",
        "operation",
        "postoperative",
        "post-operative",
        "operative",
        "preoperative",
        "fusion",
        "fixation",
        "screw",
        "screws",
        "cage",
        "implant",
        "treated",
        "treatment",
        "therapy",
        "injection",
        "underwent",
        "follow-up",
        "laminectomy",
        "discectomy",
        "corpectomy",
        "vertebroplasty",
        "kyphoplasty",
    ];
    const ZH: &[&str] = &[
        "手术",
        "术后",
        "术前",
        "术中",
        "内固定",
        "治疗",
        "随访",
        "螺钉",
        "切除",
    ];
    pack.spans
        .iter()
        .filter(|span| span.role == SpanRole::Caption)
        .any(|span| {
            let lower = span.text.to_lowercase();
            EN.iter().any(|word| crate::text::has_word(&lower, word))
                || ZH.iter().any(|word| lower.contains(word))
        })
}

/// Labels that the source leaves blank, in words, side and level named.
fn ungraded(pack: &EvidencePack, language: Language) -> Vec<String> {
    let places: BTreeSet<_> = pack
        .missing
        .iter()
        .filter_map(|column| column_place(column))
        .collect();
    let mut groups: Vec<(String, Option<Side>, Vec<Level>)> = Vec::new();
    for place in places {
        match groups.last_mut() {
            Some((concept, side, levels)) if *concept == place.concept && *side == place.side => {
                levels.push(place.level);
            }
            _ => groups.push((place.concept, place.side, vec![place.level])),
        }
    }
    groups
        .into_iter()
        .filter_map(|(concept, side, levels)| {
            let what = side_and_name(&concept, side, language)?;
            let levels: Vec<String> = levels.iter().map(|l| phrase::level(l, language)).collect();
            let zh = language == Language::Zh;
            let levels = list(&levels, zh);
            Some(if zh {
                format!("{what}（{levels}）")
            } else {
                format!("{what} ({levels})")
            })
        })
        .collect()
}

/// `left neural foraminal narrowing`; `左侧椎间孔狭窄`.
pub(crate) fn side_and_name(
    concept: &str,
    side: Option<Side>,
    language: Language,
) -> Option<String> {
    let name = phrase::concept(concept, language)?;
    let side = side.map(|s| phrase::side(s, language)).unwrap_or_default();
    Some(match language {
        Language::En if side.is_empty() => name,
        Language::En => format!("{side} {name}"),
        Language::Zh => format!("{side}{name}"),
    })
}

impl Unremarkable<'_> {
    /// `Spinal canal stenosis at L1/L2 and L2/L3 is graded normal or mild.`
    pub fn sentence(&self, language: Language) -> Option<String> {
        let what = side_and_name(self.concept, self.side, language)?;
        let levels: Vec<Level> = self.labels.iter().map(|g| g.level).collect();
        let worst = self.labels.iter().map(|g| g.severity).max()?;
        let same = self.labels.iter().all(|g| g.severity == worst);
        let severity = if same { worst } else { Severity::NormalOrMild };
        Some(super::study::graded_at(&what, severity, &levels, language))
    }
}
