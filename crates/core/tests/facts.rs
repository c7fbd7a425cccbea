//! Facts against clauses labelled by hand, and their properties.

#![allow(clippy::print_stdout)] // The measured figures are meant to be read.

use proptest::prelude::*;
use spinemed_core::clinical;
use spinemed_core::finding::Finding;
use spinemed_core::vocabulary::{LevelCertainty, Modality, NumberingMethod};

/// A fact as the labels write it.
fn written(fact: &Finding) -> String {
    let mut words = vec![fact.concept.clone()];
    words.extend(
        fact.level
            .map(|level| format!("@{}", level.to_string().replace(' ', "_"))),
    );
    words.extend(fact.side.map(|side| side.to_string()));
    words.extend(
        fact.grade
            .as_ref()
            .map(|grade| format!("{}:{}", grade.scale, grade.value)),
    );
    words.extend(fact.negated.then(|| "no".to_owned()));
    words.extend(
        fact.measure
            .as_ref()
            .map(|measure| format!("={}_{}", measure.value, measure.unit)),
    );
    words.join(" ")
}

#[test]
fn labelled_clauses_give_their_facts() {
    let (mut right, mut wrong, mut missed, mut texts) = (0_usize, 0_usize, 0_usize, 0_usize);
    for line in include_str!("data/facts.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let (text, labels) = line.split_once('\t').unwrap_or((line, ""));
        let text = text.replace("\\n", "\n");
        let mut expect: Vec<&str> = labels
            .split(" | ")
            .filter(|label| !label.is_empty())
            .collect();
        let mut others = Vec::new();
        for fact in clinical::facts(&text, "s1") {
            let fact = written(&fact);
            match expect.iter().position(|label| *label == fact) {
                Some(at) => {
                    expect.remove(at);
                    right += 1;
                }
                None => others.push(fact),
            }
        }
        if !expect.is_empty() || !others.is_empty() {
            println!("{text}\n  missed {expect:?}\n  wrong {others:?}");
        }
        wrong += others.len();
        missed += expect.len();
        texts += 1;
    }
    let precision = right as f64 / (right + wrong) as f64;
    let recall = right as f64 / (right + missed) as f64;
    println!("{texts} texts, {right} facts right: precision {precision:.4}, recall {recall:.4}");
    assert!(texts >= 120);
    // The first run on the first 139 texts gave precision 0.985 and recall 0.970; the held-out
    // part, written after that, gave 0.974 and 0.949 at first sight.
    assert!(precision >= 0.99 && recall >= 0.98);
}

#[test]
fn facts_carry_their_place() {
    let text = "Lumbar MRI.\nL4-5: Disc bulge. Severe canal stenosis.\nThere is no scoliosis.";
    let found = clinical::facts(text, "p1");
    let quote = |fact: &Finding| {
        let [start, end] = fact.range.expect("facts of a text have a range");
        text.chars()
            .skip(start)
            .take(end - start)
            .collect::<String>()
    };
    assert_eq!(quote(&found[0]), "L4-5: Disc bulge.");
    assert_eq!(quote(&found[1]), "L4-5: Disc bulge. Severe canal stenosis.");
    assert_eq!(
        (found[1].level_certainty, found[1].numbering_method),
        (LevelCertainty::Stated, NumberingMethod::Reporter)
    );
    assert_eq!(found[1].span, "p1");
    assert_eq!(quote(&found[2]), "There is no scoliosis.");
    assert_eq!(
        (found[2].level_certainty, found[2].numbering_method),
        (LevelCertainty::Unknown, NumberingMethod::None)
    );
    assert_eq!(clinical::clauses(text).len(), 4);
}

#[test]
fn modalities_are_named() {
    let check = |text: &str, expect: Option<Modality>| {
        assert_eq!(clinical::modality(text), expect, "{text}")
    };
    check(
        "Sagittal T2-weighted MRI of the lumbar spine.",
        Some(Modality::Mr),
    );
    check("Axial T1WI shows the disc.", Some(Modality::Mr));
    check("CT scan of the cervical spine.", Some(Modality::Ct));
    check(
        "Lateral radiograph with wedge fracture of T12.",
        Some(Modality::Xr),
    );
    check("腰椎X线片示L4滑脱。", Some(Modality::Xr));
    check("腰椎磁共振矢状位。", Some(Modality::Mr));
    check("PET/CT shows uptake at L3.", Some(Modality::Nm));
    check("Flow chart of patients who had MRI.", Some(Modality::Chart));
    check(
        "Schematic drawing of a pedicle screw on CT.",
        Some(Modality::Drawing),
    );
    check(
        "Intraoperative photograph of the exposed dura.",
        Some(Modality::Photograph),
    );
    check("MRI (a) and CT (b) of the spine.", None);
    check("The disc is a cushion.", None);
}

#[test]
fn conditions_are_named() {
    let check =
        |text: &str, expect: Option<&str>| assert_eq!(clinical::condition(text), expect, "{text}");
    check(
        "Cervical myelopathy due to OPLL. OPLL was graded. Ossification of the posterior longitudinal ligament.",
        Some("opll"),
    );
    check(
        "腰椎间盘突出症的手术治疗。椎间盘突出常见。",
        Some("disc-herniation"),
    );
    check(
        "No scoliosis. Osteoporosis was treated.",
        Some("osteoporosis"),
    );
    check("The weather was fine.", None);
}

#[test]
fn relevance_counts_words() {
    let check = |text: &str, spine: std::ops::RangeInclusive<u32>, orthopaedic: u32, words: u32| {
        let found = clinical::relevance(text);
        assert!(spine.contains(&found.spine), "{text} {found:?}");
        assert_eq!(
            (found.orthopaedic, found.words),
            (orthopaedic, words),
            "{text}"
        );
    };
    check("Disc herniation at L4/5 with spinal stenosis.", 3..=3, 0, 9);
    check("Total knee arthroplasty restores the joint.", 0..=0, 3, 6);
    check("Essential oils were distilled.", 0..=0, 0, 4);
    check("腰椎间盘突出。", 1..=2, 0, 6);
    check("", 0..=0, 0, 0);
}

#[test]
fn concepts_have_names_and_plain_words() {
    use spinemed_core::vocabulary::Language;
    let stenosis = clinical::concept("spinal-canal-stenosis").expect("in the lexicon");
    assert_eq!(stenosis.name(Language::En), "spinal canal stenosis");
    assert_eq!(stenosis.name(Language::Zh), "椎管狭窄");
    assert!(clinical::concept("no-such-thing").is_none());
    for concept in clinical::concepts() {
        assert!(
            concept.gloss(Language::En).ends_with('.')
                && concept.gloss(Language::Zh).ends_with('。'),
            "{}",
            concept.id
        );
    }
}

/// Pieces of which clauses are made.
const PIECES: &[&str] = &[
    "L4/5",
    "L5",
    "C3-C6",
    "S1 root",
    "disc bulge",
    "stenosis",
    "severe",
    "mild",
    "left",
    "right",
    "no",
    "not",
    "seen",
    "with",
    "and",
    ",",
    ".",
    ";",
    ":",
    "\n",
    "5 mm",
    "grade 2",
    "Pfirrmann",
    "Modic",
    "椎间盘",
    "突出",
    "椎管",
    "重度",
    "狭窄",
    "未见",
    "无",
    "，",
    "、",
    "。",
    "：",
    "腰4/5",
    "左",
    "fusion",
    "may",
    "on",
    "fracture",
    "(",
    ")",
    "to",
    "é",
    "ﬁ",
    "%",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_facts_within_it(text in any::<String>()) {
        within(&text)?;
    }

    #[test]
    fn any_pieces_give_facts_within_them(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..30)) {
        within(&pieces.join(" "))?;
        within(&pieces.concat())?;
    }
}

#[test]
fn a_character_that_folds_to_two_stays_in_one_clause() {
    within("‼").expect("ranges in order");
    within("disc bulge at L4/5⁉ none").expect("ranges in order");
}

fn within(text: &str) -> Result<(), TestCaseError> {
    let length = text.chars().count();
    for fact in clinical::facts(text, "s") {
        let [start, end] = fact.range.expect("facts of a text have a range");
        prop_assert!(start < end && end <= length);
        prop_assert!(clinical::concept(&fact.concept).is_some());
    }
    let mut last = 0;
    for [start, end] in clinical::clauses(text) {
        prop_assert!(last <= start && start < end && end <= length);
        last = end;
    }
    let found = clinical::relevance(text);
    prop_assert!(found.spine + found.orthopaedic <= found.words);
    let _ = (clinical::modality(text), clinical::condition(text));
    Ok(())
}
