//! Which concepts are too near each other to be told apart in a question.

use spinemed_core::clinical::{self, Concept};

use crate::text::{has_word, is_han};

/// Findings that shade into each other, so that none is a fair wrong answer for another.
const FAMILIES: &[&[&str]] = &[
    &[
        "disc-bulge",
        "disc-protrusion",
        "disc-extrusion",
        "disc-herniation",
        "disc-sequestration",
        "disc-degeneration",
        "radiculopathy",
        "sciatica",
        "degenerative-disc-disease",
        "disc-prolapse",
    ],
    &[
        "spinal-canal-stenosis",
        "neural-foraminal-narrowing",
        "subarticular-stenosis",
        "lumbar-spinal-stenosis",
        "cervical-spinal-stenosis",
        "lateral-recess-stenosis",
        "cauda-equina-syndrome",
        "neurogenic-claudication",
        "ligamentum-flavum-hypertrophy",
    ],
    &[
        "vertebral-fracture",
        "compression-fracture",
        "burst-fracture",
        "osteoporosis",
        "osteoporotic-fracture",
        "chance-fracture",
        "osteopenia",
    ],
    &[
        "spondylolisthesis",
        "spondylolysis",
        "retrolisthesis",
        "pars-defect",
        "instability",
    ],
    &[
        "myelopathy",
        "cervical-myelopathy",
        "opll",
        "cord-compression",
        "cervical-spondylosis",
    ],
    &[
        "spondylodiscitis",
        "discitis",
        "epidural-abscess",
        "vertebral-osteomyelitis",
        "spinal-tuberculosis",
        "tuberculosis",
    ],
    &["spinal-metastasis", "spinal-tumour", "vertebral-metastasis"],
    &["scoliosis", "kyphosis", "lordosis"],
];

/// Whether one concept is, contains or shades into the other.
pub(crate) fn are_kin(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let family = |family: &&[&str]| family.contains(&a) && family.contains(&b);
    if FAMILIES.iter().any(family) {
        return true;
    }
    match (clinical::concept(a), clinical::concept(b)) {
        (Some(a), Some(b)) => shares_name(a, b) || shares_name(b, a),
        _ => false,
    }
}

/// Whether `general` is the same as `special` or more general, by name: `fracture` and
/// `compression fracture`.
pub(crate) fn covers(general: &str, special: &str) -> bool {
    if general == special {
        return true;
    }
    match (clinical::concept(general), clinical::concept(special)) {
        (Some(general), Some(special)) => special.en[0]
            .strip_suffix(general.en[0])
            .is_some_and(|rest| rest.ends_with(' ')),
        _ => false,
    }
}

fn shares_name(a: &Concept, b: &Concept) -> bool {
    a.en.iter().any(|x| b.en.iter().any(|y| has_word(x, y)))
        || a.zh.iter().any(|x| b.zh.iter().any(|y| x.contains(y)))
}

/// Whether a concept's names share a telling word with a text in lower case; such a concept
/// could be a right answer where the text describes the asked one.
pub(crate) fn echoes(concept: &Concept, text: &str) -> bool {
    let telling = |word: &str| word.len() >= 5 && !COMMON.contains(&word);
    let english = concept
        .en
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .any(|word| telling(word) && has_word(text, word));
    english || concept.zh.iter().any(|name| shares_characters(name, text))
}

/// Words that many names have.
const COMMON: &[&str] = &[
    "spinal",
    "spine",
    "lumbar",
    "cervical",
    "thoracic",
    "vertebral",
    "vertebra",
    "degenerative",
    "change",
    "changes",
    "disease",
    "syndrome",
    "nerve",
    "chronic",
    "acute",
];

/// Whether two neighbouring characters of a Chinese name stand in the text, common ones apart.
fn shares_characters(name: &str, text: &str) -> bool {
    const COMMON: &[&str] = &[
        "脊柱", "腰椎", "颈椎", "胸椎", "椎体", "退变", "退行", "行性", "椎管", "神经", "综合",
        "合征",
    ];
    let chars: Vec<char> = name.chars().filter(|c| is_han(*c)).collect();
    chars.windows(2).any(|pair| {
        let pair: String = pair.iter().collect();
        !COMMON.contains(&pair.as_str()) && text.contains(&pair)
    })
}

/// Whether a text in lower case names a concept.
pub(crate) fn names(text: &str, concept: &Concept) -> bool {
    concept.en.iter().any(|name| has_word(text, name))
        || concept.zh.iter().any(|name| text.contains(name))
}
