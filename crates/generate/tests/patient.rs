//! Items of made cases: bound, checked, derived again; nothing invented, nothing translated.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

#[path = "support/patient.rs"]
mod patient;
#[path = "patient/refused.rs"]
mod refused;
mod support;

use patient::{cases, lumbar, neck, pack};
use proptest::prelude::*;
use spinemed_core::Digest;
use spinemed_core::case::{CasePart, Sex};
use spinemed_core::clinical::{self, Applies, ConceptKind};
use spinemed_core::instance::{Draft, Item, Revision, Role};
use spinemed_core::outcome::DropReason;
use spinemed_core::pack::EvidencePack;
use spinemed_core::vocabulary::{Kind, Language, Side};
use spinemed_generate::check;
use support::{draft, revise, task, tasks};

/// Every text of an item.
fn words(item: &Item) -> String {
    serde_json::to_string_pretty(item).unwrap()
}

/// All drafts of a pack with their revisions.
fn all(pack: &EvidencePack) -> Vec<(Draft, Revision)> {
    let mut made = Vec::new();
    for task in tasks() {
        let Ok(drafted) = draft(pack, &task) else {
            continue;
        };
        let revised = revise(pack, &drafted)
            .unwrap_or_else(|reason| panic!("{} {task:?}: {reason:?}\n{drafted:#?}", pack.key));
        made.push((drafted, revised));
    }
    made
}

fn one(pack: &EvidencePack, kind: Kind, language: Language) -> Item {
    draft(pack, &task(kind, language, 0)).unwrap().item
}

fn find(pack: &EvidencePack, language: Language, stem: &str) -> Revision {
    all(pack)
        .into_iter()
        .map(|(_, revised)| revised)
        .filter(|revised| revised.task.language == language)
        .find(|r| matches!(&r.item, Item::Mcq { stem: s, .. } if s.contains(stem)))
        .unwrap_or_else(|| panic!("no question `{stem}`"))
}

#[test]
fn everything_written_agrees_with_its_rereading_and_passes_the_checks() {
    for case in cases() {
        let pack = pack(&case);
        let mut made = std::collections::BTreeSet::new();
        for (drafted, revised) in all(&pack) {
            assert_eq!(revised.item, drafted.item);
            for result in check::run(&pack, &revised) {
                assert!(
                    result.passed,
                    "{}: {result:?}\n{}",
                    pack.key,
                    words(&revised.item)
                );
            }
            made.insert((revised.task.kind, revised.task.language));
        }
        let whole = case.patient == "p-lumbar";
        for language in Language::ALL {
            for kind in [Kind::Mcq, Kind::OpenQa, Kind::Consultation, Kind::Report] {
                let there = made.contains(&(kind, *language));
                assert!(
                    there || !whole && kind == Kind::Mcq,
                    "no {kind} in {language}"
                );
            }
        }
    }
}

#[test]
fn the_items_of_a_case() {
    let mut out = String::new();
    for case in cases() {
        let pack = pack(&case);
        for (drafted, _) in all(&pack) {
            let task = &drafted.task;
            out.push_str(&format!(
                "== {} ({}) {} {} {} images {:?}\n{}\n",
                pack.key,
                pack.language,
                task.kind,
                task.language,
                task.variant,
                drafted.images,
                words(&drafted.item)
            ));
        }
    }
    let at = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/patient-1.txt");
    assert_eq!(out, include_str!("golden/patient-1.txt"), "{at}\n{out}");
}

#[test]
fn nothing_is_translated_and_no_gap_is_quoted() {
    for language in Language::ALL {
        let pack = pack(&lumbar(*language));
        for (drafted, _) in all(&pack) {
            let told = words(&drafted.item);
            for gap in [
                "[name]",
                "[place]",
                "姓名",
                "Seen first",
                "首诊",
                "Reported by",
            ] {
                assert!(!told.contains(gap), "{gap}: {told}");
            }
            for order in ["Ignore", "praise", "忽略", "赞扬"] {
                assert!(!told.contains(order), "{order}: {told}");
            }
            if drafted.task.language != *language {
                // Words that the texts alone have, in either language.
                for word in [
                    "Hypertension",
                    "高血压",
                    "tear",
                    "裂口",
                    "Walks",
                    "行走",
                    "40",
                ] {
                    assert!(!told.contains(word), "{word}: {told}");
                }
                assert!(
                    drafted
                        .claims
                        .iter()
                        .flat_map(|claim| &claim.spans)
                        .all(|id| {
                            id.starts_with('l')
                                || drafted.claims.iter().any(|claim| {
                                    claim.spans.contains(id) && !claim.facts.is_empty()
                                })
                        }),
                    "texts ground coded statements alone"
                );
            }
        }
    }
}

#[test]
fn the_chart_is_hidden_until_it_is_asked_for() {
    for case in cases() {
        let pack = pack(&case);
        for language in Language::ALL {
            let drafted = draft(&pack, &task(Kind::Consultation, *language, 0)).unwrap();
            assert!(drafted.images.is_empty());
            let Item::Consultation { turns } = &drafted.item else {
                panic!()
            };
            let opening = &turns[0].text;
            for hidden in [
                "61",
                "90",
                "L4",
                "腰4",
                "C5",
                "颈5",
                "disc",
                "椎间盘",
                "Hypertension",
                "高血压",
            ] {
                assert!(!opening.contains(hidden), "{opening}");
            }
            let asked = turns.iter().filter(|t| t.role == Role::Assistant);
            let questions = asked.filter(|t| t.text.ends_with(['?', '？'])).count();
            assert_eq!(questions, 3);
        }
    }
}

#[test]
fn denied_findings_are_never_told_as_present() {
    let mut pack = pack(&lumbar(Language::En));
    for (drafted, _) in all(&pack) {
        let told = words(&drafted.item);
        for wrong in [
            "shows spondylolisthesis",
            "shows right disc",
            "显示腰4/5节段椎体滑脱",
        ] {
            assert!(!told.contains(wrong), "{told}");
        }
    }
    // A stored fact that has lost its negation is found out by its label's words.
    let at = pack
        .facts
        .iter()
        .position(|fact| fact.concept == "spondylolisthesis")
        .unwrap();
    pack.facts[at].negated = false;
    let drafted = draft(&pack, &task(Kind::Report, Language::En, 0)).unwrap();
    assert!(matches!(
        revise(&pack, &drafted),
        Err(DropReason::Disagreement { .. })
    ));
}

#[test]
fn age_and_sex_come_from_the_chart_alone() {
    let mut pack = pack(&lumbar(Language::En));
    let chart = pack.chart.as_mut().unwrap();
    chart.age = None;
    chart.sex = None;
    chart.person = None;
    for (drafted, _) in all(&pack) {
        let told = words(&drafted.item);
        for gone in ["61", "woman", "女"] {
            assert!(!told.contains(gone), "{told}");
        }
    }
    let mut aged = patient::pack(&neck(Language::En));
    aged.chart.as_mut().unwrap().age = Some(64);
    let drafted = draft(&aged, &task(Kind::Report, Language::En, 0)).unwrap();
    assert!(revise(&aged, &drafted).is_err(), "the label says 90");
    aged.chart.as_mut().unwrap().age = Some(90);
    aged.chart.as_mut().unwrap().sex = Some(Sex::F);
    let drafted = draft(&aged, &task(Kind::Report, Language::En, 0)).unwrap();
    assert!(revise(&aged, &drafted).is_err(), "the label says M");
}

#[test]
fn a_generalised_case_says_nothing_of_what_was_taken() {
    let mut pack = pack(&lumbar(Language::En));
    pack.spans
        .retain(|span| span.id.starts_with('l') && span.id != "l1");
    pack.facts.retain(|fact| fact.span.starts_with('l'));
    let chart = pack.chart.as_mut().unwrap();
    (chart.age, chart.sex, chart.person) = (None, None, None);
    chart.parts.clear();
    chart.dates.clear();
    for (drafted, revised) in all(&pack) {
        assert!(check::run(&pack, &revised).iter().all(|r| r.passed));
        let told = words(&drafted.item);
        assert!(!told.contains("No complication is listed"), "{told}");
        assert!(!told.contains("未列出并发症"), "{told}");
    }
}

#[test]
fn that_no_complication_is_listed_is_said_of_operations_alone() {
    let mut case = lumbar(Language::En);
    case.texts
        .retain(|text| text.part != CasePart::Complication);
    let report = |pack: &EvidencePack| match one(pack, Kind::Report, Language::En) {
        Item::Report { sections, .. } => sections.postoperative,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        report(&pack(&case)),
        "No complication is listed in the record."
    );
    case.treatments.remove(1);
    assert!(report(&pack(&case)).starts_with("Complications are not stated."));
    case.treatments.clear();
    // The texts speak of a decompression; that none was done is not said.
    let told = report(&pack(&case));
    assert!(told.contains("recorded in the notes"), "{told}");
    assert!(!told.contains("states no"), "{told}");
}

/// Every finding, condition and procedure of the lexicon, told in both languages.
#[test]
fn every_concept_can_be_told() {
    let mut wrong = Vec::new();
    for concept in clinical::concepts() {
        let levels = match concept.applies {
            // The odontoid has its level in its name.
            _ if !spinemed_core::level::mentions(concept.en[0]).is_empty() => [".", "."],
            Applies::Vertebra => ["L3", "L4"],
            Applies::Disc | Applies::Segment => ["L3/L4", "L4/L5"],
            Applies::Root => ["L4 root", "L5 root"],
            Applies::Region => ["L1..L3", "T9..T12"],
            Applies::Nothing => [".", "."],
        };
        let mut case = patient::blank("any", Language::En, 33, Sex::M);
        let side = concept.sided.then_some(Side::Left);
        let level = Some(levels[0]).filter(|level| *level != ".");
        patient::symptom(&mut case, "low-back-pain", None, Some("P2D"));
        patient::spoken(&mut case, concept, levels, side);
        patient::diagnosis(&mut case, "spondylosis", None, None);
        match concept.kind {
            ConceptKind::Procedure => {
                patient::treatment(&mut case, concept.id, level, Some("2019-03-04"));
            }
            ConceptKind::Anatomy => continue,
            _ => patient::diagnosis(&mut case, concept.id, level, side),
        }
        let pack = pack(&case);
        for task in tasks() {
            let Ok(drafted) = draft(&pack, &task) else {
                continue;
            };
            match revise(&pack, &drafted) {
                Err(reason) => wrong.push(format!("{} {task:?} {reason:?}", concept.id)),
                Ok(revised) => {
                    let failed = check::run(&pack, &revised)
                        .into_iter()
                        .filter(|r| !r.passed);
                    wrong.extend(
                        failed.map(|r| {
                            format!("{} {} {} {r:?}", concept.id, task.kind, task.language)
                        }),
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What surgeons write of a coded operation is quoted, also where it says more than the code.
#[test]
fn texts_of_operations_are_quoted() {
    let mut case = lumbar(Language::En);
    case.texts[6].text =
        "She underwent laminectomy of L4 and left L5 foraminotomy. No surgery was needed again."
            .into();
    let pack = pack(&case);
    for kind in [Kind::Consultation, Kind::Report] {
        let drafted = draft(&pack, &task(kind, Language::En, 0)).unwrap();
        assert!(words(&drafted.item).contains("laminectomy of L4"));
        let revised = revise(&pack, &drafted).unwrap();
        for result in check::run(&pack, &revised) {
            assert!(result.passed, "{result:?}");
        }
    }
}

#[test]
fn one_group_per_patient_and_no_name_of_the_case() {
    let case = lumbar(Language::Zh);
    let mut again = neck(Language::Zh);
    again.patient.clone_from(&case.patient);
    let (one, two) = (pack(&case), pack(&again));
    assert_eq!(one.group, two.group);
    assert_eq!(one.group.as_str(), "made:p-lumbar");
    assert_eq!(one.title.as_deref(), Some("Case"));
    assert_eq!(one.condition.as_deref(), Some("disc-herniation"));
    // The words repeat two coded facts and add one.
    assert_eq!(one.facts.len(), case.findings.len() + 1);
    assert_eq!(one.facts.last().unwrap().concept, "disc-bulge");
    assert!(one.facts.last().unwrap().range.is_some());
}

#[test]
fn outputs_are_frozen() {
    let made: Vec<_> = cases().iter().map(|case| all(&pack(case))).collect();
    assert!(!made.is_empty());
    assert_eq!(
        Digest::of_json(&made).short(),
        include_str!("golden/patient-digest-1.txt").trim()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// The order of labels and facts is nobody's: the same statements give the same items.
    #[test]
    fn shuffled_labels_give_the_same_items(
        which in 0usize..6,
        spans in Just((0..20usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let plain = pack(&cases().remove(which));
        let mut shuffled = plain.clone();
        let key = |at: usize| spans[at % spans.len()];
        let mut order: Vec<usize> = (0..plain.spans.len()).collect();
        order.sort_by_key(|at| (key(*at), *at));
        shuffled.spans = order.iter().map(|at| plain.spans[*at].clone()).collect();
        let mut order: Vec<usize> = (0..plain.facts.len()).collect();
        order.sort_by_key(|at| (key(*at), *at));
        shuffled.facts = order.iter().map(|at| plain.facts[*at].clone()).collect();
        for task in tasks() {
            let made = draft(&plain, &task).map(|draft| draft.item);
            prop_assert_eq!(made, draft(&shuffled, &task).map(|draft| draft.item));
        }
    }

    /// Whatever texts say, items are made without panic, and no gap is quoted.
    #[test]
    fn any_text_is_borne(
        texts in prop::collection::vec("(\\PC{0,30}|\\[name\\]|［姓名］|L4/L5|left |Severe |stenosis|[.。;:] ){0,8}", 10),
        chinese in any::<bool>(),
    ) {
        let language = if chinese { Language::Zh } else { Language::En };
        let mut case = lumbar(language);
        for (text, words) in case.texts.iter_mut().zip(&texts) {
            text.text.clone_from(words);
        }
        let pack = pack(&case);
        for task in tasks().into_iter().step_by(3) {
            if let Ok(drafted) = draft(&pack, &task) {
                let told = words(&drafted.item);
                prop_assert!(!told.contains("[name]") && !told.contains("姓名"));
                if let Ok(revised) = revise(&pack, &drafted) {
                    let _ = check::run(&pack, &revised);
                }
            }
        }
    }
}
