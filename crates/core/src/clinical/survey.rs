//! What a text as a whole speaks of.

use std::collections::BTreeMap;

use super::concept::ConceptKind;
use super::lexeme::{Kind, Lexeme, lexemes};
use super::phrase::phrases;
use super::word;
use crate::level;
use crate::vocabulary::Modality;

/// How much a text speaks of the spine and of orthopaedics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relevance {
    /// Words and phrases of the spine, level mentions included.
    pub spine: u32,
    /// Words and phrases of orthopaedics beyond the spine.
    pub orthopaedic: u32,
    /// All words; each Chinese character counts as one.
    pub words: u32,
}

/// Words of the spine beyond the lexicon's names.
const SPINE: &[&str] = &[
    "spine",
    "spinal",
    "vertebra",
    "vertebrae",
    "vertebral",
    "lumbar",
    "cervical spine",
    "thoracic spine",
    "sacral",
    "sacrum",
    "intervertebral",
    "disc",
    "lumbosacral",
    "thoracolumbar",
    "spondylosis",
    "facet",
    "pedicle",
    "lamina",
    "lordosis",
    "kyphotic",
    "cauda",
    "脊柱",
    "脊髓",
    "椎",
    "腰椎",
    "颈椎",
    "胸椎",
    "骶椎",
    "椎间盘",
    "椎管",
    "脊椎",
];

/// Words of orthopaedics beyond the spine.
const ORTHOPAEDIC: &[&str] = &[
    "orthopedic",
    "orthopaedic",
    "bone",
    "fracture",
    "joint",
    "knee",
    "hip",
    "shoulder",
    "elbow",
    "wrist",
    "ankle",
    "femur",
    "femoral",
    "tibia",
    "tibial",
    "fibula",
    "humerus",
    "radius",
    "ulna",
    "pelvis",
    "pelvic",
    "acetabulum",
    "acetabular",
    "arthroplasty",
    "arthroscopy",
    "arthroscopic",
    "arthritis",
    "osteoarthritis",
    "tendon",
    "ligament",
    "cartilage",
    "meniscus",
    "rotator cuff",
    "cruciate",
    "osteotomy",
    "nonunion",
    "prosthesi",
    "prosthesis",
    "implant",
    "musculoskeletal",
    "osteomyelitis",
    "osteoporosis",
    "骨科",
    "骨折",
    "关节",
    "膝",
    "髋",
    "肩",
    "肘",
    "腕",
    "踝",
    "股骨",
    "胫骨",
    "肱骨",
    "桡骨",
    "骨盆",
    "韧带",
    "肌腱",
    "软骨",
    "半月板",
    "置换",
    "骨质疏松",
];

/// Counts the words of a text. Each place counts once, for the spine before orthopaedics.
#[must_use]
pub fn relevance(text: &str) -> Relevance {
    let lexemes = lexemes(text);
    let mut spine = vec![false; lexemes.len()];
    let mut starts = 0;
    for phrase in phrases(&lexemes, |_| false) {
        spine[phrase.first..phrase.end].fill(true);
        starts += u32::from(!phrase.short);
    }
    for mention in level::mentions(text) {
        let at = lexemes.partition_point(|lexeme| lexeme.end <= mention.range[0]);
        if at < spine.len() && !spine[at] {
            spine[at] = true;
            starts += 1;
        }
    }
    let mut found = Relevance {
        spine: starts,
        ..Relevance::default()
    };
    let mut at = 0;
    while at < lexemes.len() {
        found.words += u32::from(lexemes[at].kind != Kind::Sign);
        if !spine[at] {
            if word::first_of(&lexemes[at..], SPINE).is_some() {
                found.spine += 1;
            } else if word::first_of(&lexemes[at..], ORTHOPAEDIC).is_some() {
                found.orthopaedic += 1;
            }
        }
        at += 1;
    }
    found
}

/// Words that name a kind of picture; the first rows win over the later ones, since a
/// drawing or chart may well speak of scanners.
const MODALITIES: &[(Modality, &[&str])] = &[
    (
        Modality::Chart,
        &[
            "flow chart",
            "flowchart",
            "flow diagram",
            "forest plot",
            "funnel plot",
            "bar chart",
            "bar graph",
            "scatter plot",
            "box plot",
            "boxplot",
            "histogram",
            "kaplan",
            "graph",
            "plot",
            "receiver operating",
            "roc curve",
            "森林图",
            "漏斗图",
            "流程图",
            "柱状图",
            "曲线图",
            "散点图",
        ],
    ),
    (
        Modality::Drawing,
        &[
            "schematic",
            "diagram",
            "illustration",
            "illustrating",
            "drawing",
            "drawn",
            "sketch",
            "cartoon",
            "示意图",
            "模式图",
            "解剖图",
            "插图",
        ],
    ),
    (
        Modality::Photograph,
        &[
            "photograph",
            "photo",
            "intraoperative view",
            "gross specimen",
            "clinical picture",
            "照片",
            "大体标本",
            "外观照",
        ],
    ),
    (
        Modality::Nm,
        &[
            "pet",
            "spect",
            "scintigraphy",
            "bone scan",
            "骨扫描",
            "核素",
        ],
    ),
    (
        Modality::Mr,
        &[
            "mri",
            "mr",
            "magnetic resonance",
            "mrt",
            "stir",
            "t 1 weighted",
            "t 2 weighted",
            "t 1 - weighted",
            "t 2 - weighted",
            "t 1 wi",
            "t 2 wi",
            "磁共振",
            "核磁",
        ],
    ),
    (
        Modality::Ct,
        &[
            "ct",
            "computed tomography",
            "computed tomographic",
            "计算机断层",
        ],
    ),
    (
        Modality::Xr,
        &[
            "radiograph",
            "radiographic",
            "x - ray",
            "xray",
            "x ray",
            "plain film",
            "fluoroscopy",
            "fluoroscopic",
            "x线",
            "平片",
            "x光",
        ],
    ),
    (
        Modality::Us,
        &["ultrasound", "ultrasonography", "sonography", "超声"],
    ),
];

/// The kind of picture that a caption or report names. A chart, drawing or photograph wins
/// over the scanners that it speaks of; `PET/CT` is nuclear medicine; two scanners give none.
#[must_use]
pub fn modality(text: &str) -> Option<Modality> {
    let lexemes = lexemes(text);
    let named = |words: &[&str]| {
        (0..lexemes.len()).any(|at| words.iter().any(|word| names(&lexemes[at..], word)))
    };
    let mut found = Vec::new();
    for (modality, words) in MODALITIES {
        if named(words) {
            if matches!(
                modality,
                Modality::Chart | Modality::Drawing | Modality::Photograph | Modality::Nm
            ) {
                return Some(*modality);
            }
            found.push(*modality);
        }
    }
    match found[..] {
        [one] => Some(one),
        _ => None,
    }
}

/// Where a text names ways of making pictures: characters, the longest words at each place.
pub(super) fn modalities(text: &str) -> Vec<(Modality, [usize; 2])> {
    let lexemes = lexemes(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < lexemes.len() {
        let longest = MODALITIES
            .iter()
            .flat_map(|(modality, words)| words.iter().map(move |word| (*modality, *word)))
            .filter(|(_, word)| names(&lexemes[at..], word))
            .map(|(modality, word)| (super::lexeme::lexemes(word).len().max(1), modality))
            .max_by_key(|(length, _)| *length);
        let Some((length, modality)) = longest else {
            at += 1;
            continue;
        };
        let last = (at + length).min(lexemes.len()) - 1;
        found.push((modality, [lexemes[at].start, lexemes[last].end]));
        at = last + 1;
    }
    found
}

/// Where a text names conditions and findings that it does not deny: characters.
pub(super) fn conditions(text: &str) -> Vec<(&'static str, [usize; 2])> {
    let lexemes = lexemes(text);
    phrases(&lexemes, |_| false)
        .into_iter()
        .filter(|phrase| {
            matches!(
                phrase.concept.kind,
                ConceptKind::Condition | ConceptKind::Finding
            ) && !phrase.short
                && !is_denied(&lexemes, phrase.first)
        })
        .map(|phrase| {
            let range = [lexemes[phrase.first].start, lexemes[phrase.end - 1].end];
            (phrase.concept.id, range)
        })
        .collect()
}

/// Whether words start here; `x线` mixes letters and Chinese characters.
fn names(lexemes: &[Lexeme], words: &str) -> bool {
    match words.strip_prefix('x') {
        Some(rest) if !rest.is_ascii() => {
            lexemes.first().is_some_and(|lexeme| lexeme.is("x"))
                && word::starts(&lexemes[1..], rest)
        }
        _ => word::starts(lexemes, words),
    }
}

/// The condition or finding that a text is mainly about, by its identifier: the one named
/// most often, conditions before findings and earlier before later at equal counts. Names
/// that a negation precedes do not count.
#[must_use]
pub fn condition(text: &str) -> Option<&'static str> {
    let lexemes = lexemes(text);
    let mut counts: BTreeMap<&'static str, (u32, bool, usize)> = BTreeMap::new();
    for phrase in phrases(&lexemes, |_| false) {
        let is_condition = phrase.concept.kind == ConceptKind::Condition;
        let counted = is_condition || phrase.concept.kind == ConceptKind::Finding;
        let denied = is_denied(&lexemes, phrase.first);
        if counted && !phrase.short && !denied {
            counts
                .entry(phrase.concept.id)
                .or_insert((0, is_condition, phrase.first))
                .0 += 1;
        }
    }
    let rank = |(count, is_condition, first): &(u32, bool, usize)| {
        (*count, *is_condition, std::cmp::Reverse(*first))
    };
    counts
        .into_iter()
        .max_by_key(|(_, found)| rank(found))
        .map(|(id, _)| id)
}

/// Whether a negation stands close before a lexeme in its sentence.
fn is_denied(lexemes: &[Lexeme], at: usize) -> bool {
    const REACH: usize = 4;
    let stops = |lexeme: &Lexeme| [".", ";", "。", ":"].iter().any(|sign| lexeme.is(sign));
    let same = lexemes[..at]
        .iter()
        .rev()
        .take(REACH)
        .take_while(|lexeme| !stops(lexeme))
        .count();
    (at - same..at).any(|from| word::first_of(&lexemes[from..at], word::NEGATES).is_some())
}
