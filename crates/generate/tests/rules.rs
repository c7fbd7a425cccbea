//! What `rules` writes: bound, checked, derived again, the same every time.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

mod support;

use proptest::prelude::*;
use spinemed_core::Digest;
use spinemed_core::instance::Item;
use spinemed_core::outcome::DropReason;
use spinemed_core::seam::Generator;
use spinemed_core::vocabulary::{Kind, Language, Modality};
use spinemed_generate::check;
use spinemed_generate::rules::Rules;
use support::*;

#[test]
fn everything_written_agrees_with_its_rereading_and_passes_the_checks() {
    let mut made = std::collections::BTreeMap::new();
    for pack in packs() {
        for task in tasks() {
            let Ok(drafted) = draft(&pack, &task) else {
                continue;
            };
            let revised = revise(&pack, &drafted)
                .unwrap_or_else(|reason| panic!("{} {task:?}: {reason:?}\n{drafted:#?}", pack.key));
            assert_eq!(revised.item, drafted.item, "a draft is never changed");
            assert!(revised.changes.is_empty() && !revised.derivation.is_empty());
            for result in check::run(&pack, &revised) {
                assert!(
                    result.passed,
                    "{} {task:?}: {result:?}\n{:#?}",
                    pack.key, revised.item
                );
            }
            *made.entry((task.kind, task.language)).or_insert(0) += 1;
        }
    }
    for kind in Kind::ALL {
        for language in Language::ALL {
            assert!(
                made.contains_key(&(*kind, *language)),
                "no {kind} in {language}"
            );
        }
    }
}

#[test]
fn a_level_that_nobody_graded_is_never_an_option() {
    let pack = usual_study();
    for variant in 0..20 {
        for language in Language::ALL {
            let Ok(drafted) = draft(&pack, &task(Kind::Mcq, *language, variant)) else {
                continue;
            };
            let Item::Mcq { options, .. } = drafted.item else {
                panic!()
            };
            assert!(
                !options.iter().any(|o| o == "L2/L3" || o == "腰2/3"),
                "{options:?}"
            );
        }
    }
}

#[test]
fn what_is_not_graded_is_said_to_be_unknown() {
    let pack = usual_study();
    let Item::Report { sections, .. } = revision(&pack, Kind::Report, Language::En, 0).item else {
        panic!()
    };
    assert!(
        sections
            .imaging_findings
            .contains("Not graded: spinal canal stenosis (L2/L3).")
    );
    assert!(
        sections
            .treatment_clinician
            .contains("The evidence states no")
    );
    let Item::Consultation { turns } = revision(&pack, Kind::Consultation, Language::Zh, 0).item
    else {
        panic!()
    };
    assert!(
        turns
            .iter()
            .any(|turn| turn.text.contains("未评级并不等于正常"))
    );
}

#[test]
fn denied_findings_are_told_and_unread_levels_are_named() {
    let pack = figure("figure", Language::Zh, Modality::Mr, CAPTION_ZH);
    let said = |language| match revision(&pack, Kind::Consultation, language, 0).item {
        Item::Consultation { turns } => turns[3].text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        said(Language::En),
        "The images show no spinal canal stenosis at C2/C3. Also named, in words that are not interpreted here: C6/C7. That means neither normal nor abnormal. Nothing is stated about any other level, and that does not mean that the others are normal."
    );
    assert_eq!(
        said(Language::Zh),
        "影像显示颈2/3节段无椎管狭窄。另外提到的节段：颈6/7。相关描述此处未作解读，不能据此认为正常或异常。对未提到的节段未作说明，不能据此认为它们正常。"
    );
    let Item::Report { sections, .. } = revision(&pack, Kind::Report, Language::En, 0).item else {
        panic!()
    };
    assert!(
        sections
            .imaging_findings
            .contains("- No spinal canal stenosis at C2/C3.")
    );
    assert!(
        sections
            .imaging_findings
            .contains("interpreted here: C6/C7")
    );
}

#[test]
fn a_comparison_is_talked_about_with_its_uncertainty() {
    let Item::Consultation { turns } =
        revision(&pooled(), Kind::Consultation, Language::En, 0).item
    else {
        panic!()
    };
    let texts: Vec<&str> = turns.iter().map(|turn| turn.text.as_str()).collect();
    assert!(texts[0].contains("anterior decompression and fusion (ADF) and laminoplasty (LAMP)"));
    assert!(texts[1].contains("ADF was associated with an increase of the JOA score (MD = 1.86; 95% CI 0.43 to 3.29; P = .011)."));
    assert!(!texts[1].contains("Fig"));
    assert!(texts[3].contains("its uncertainty is given as 95% CI 0.43 to 3.29"));
    assert!(texts[3].contains("does not prove that the two are equal"));
    assert!(texts[5].starts_with("That remains open."));
}

#[test]
fn a_spoiled_comparison_is_dropped() {
    let pack = pooled();
    for kind in [Kind::Mcq, Kind::OpenQa, Kind::Consultation] {
        let drafted = draft(&pack, &task(kind, Language::En, 0)).unwrap();
        let mut spoiled = pack.clone();
        spoiled.spans[0].text = spoiled.spans[0]
            .text
            .replace("increase", "decrease")
            .replace("no significant", "a significant")
            .replace("4.6%", "6.4%");
        assert!(matches!(
            revise(&spoiled, &drafted),
            Err(DropReason::Disagreement { .. })
        ));
    }
}

#[test]
fn a_claim_never_rests_on_a_definition_alone() {
    let pack = pooled();
    let mut revised = revision(&pack, Kind::OpenQa, Language::En, 0);
    for claim in &mut revised.claims {
        claim.spans = vec!["s2".into()];
    }
    let results = check::run(&pack, &revised);
    let failed = results
        .iter()
        .find(|result| result.check == "claims")
        .unwrap();
    assert!(!failed.passed && failed.detail.contains("definitions"));
}

#[test]
fn statements_that_lean_on_their_surroundings_are_left_out() {
    let texts = [
        "It is found in 4 to 30% of people.",
        "In this study, the mean Cobb angle of the patients was 23.5 degrees.",
        "Our patients had a spinal canal diameter of less than 10 mm (Figure 2).",
        "However, this condition is defined as a narrowing of the spinal canal.",
    ];
    for text in texts {
        let pack = passage("leaning", Language::En, text);
        for kind in [Kind::Mcq, Kind::OpenQa, Kind::Consultation] {
            let dropped = draft(&pack, &task(kind, Language::En, 0));
            assert!(
                matches!(dropped, Err(DropReason::NotApplicable { .. })),
                "{text}: {dropped:?}"
            );
        }
    }
}

#[test]
fn a_quotation_is_not_translated() {
    let pack = passage("en", Language::En, PASSAGE_EN);
    assert!(draft(&pack, &task(Kind::OpenQa, Language::En, 0)).is_ok());
    assert!(draft(&pack, &task(Kind::OpenQa, Language::Zh, 0)).is_err());
}

#[test]
fn figures_that_tell_of_treatment_get_no_report() {
    let caption = "Postoperative MRI after decompression. Severe spinal canal stenosis at C5/C6.";
    let pack = figure("treated", Language::En, Modality::Mr, caption);
    assert!(draft(&pack, &task(Kind::Report, Language::En, 0)).is_err());
}

#[test]
fn stored_facts_that_the_raw_words_deny_are_dropped() {
    let mut pack = usual_study();
    // The label's cell says Severe; the stored fact is spoiled.
    pack.spans[2].text = "spinal_canal_stenosis_l4_l5 = Normal/Mild".into();
    let mut disagreed = 0;
    for task in tasks() {
        let Ok(drafted) = draft(&pack, &task) else {
            continue;
        };
        if let Err(reason) = revise(&pack, &drafted) {
            assert!(
                matches!(reason, DropReason::Disagreement { .. }),
                "{reason:?}"
            );
            disagreed += 1;
        }
    }
    assert!(disagreed >= 4, "{disagreed}");
}

#[test]
fn a_bank_whose_key_and_answer_differ_is_dropped() {
    let mut pack = packs().remove(4);
    pack.question.as_mut().unwrap().correct = Some(0);
    let drafted = draft(&pack, &task(Kind::Mcq, Language::En, 0)).unwrap();
    assert!(matches!(
        revise(&pack, &drafted),
        Err(DropReason::Disagreement { .. })
    ));
}

/// Golden digests: whoever changes what `rules` writes raises its version and these.
#[test]
fn outputs_are_frozen_by_version() {
    let mut all = Vec::new();
    for pack in packs() {
        for task in tasks() {
            all.push(draft(&pack, &task).ok().map(|drafted| {
                let revised = revise(&pack, &drafted).ok();
                (drafted, revised)
            }));
        }
    }
    assert_eq!(Rules.name(), "rules/2");
    assert_eq!(
        Digest::of_json(&all).short(),
        include_str!("golden/rules-2.txt").trim()
    );
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,80}",
        "(Severe |no |left |L4/L5 |stenosis |is |a |narrowing |of |less than |10 mm |[.;,] ){0,20}",
        "(腰4/5|椎管狭窄|是指|压迫|骶1神经根|小于|10 mm|，|。|无|左侧|重度){0,14}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pack_is_answered_without_panic_and_the_same_twice(
        texts in prop::collection::vec(any_text(), 1..3),
        which in 0usize..8,
        chinese in any::<bool>(),
    ) {
        let language = if chinese { Language::Zh } else { Language::En };
        let mut pack = packs().remove(which);
        pack.language = language;
        for (span, text) in pack.spans.iter_mut().zip(&texts) {
            span.text.clone_from(text);
        }
        if let Some(question) = &mut pack.question {
            question.stem.clone_from(&texts[0]);
            question.correct = Some(7);
        }
        let fresh: Vec<_> = pack.spans.iter().flat_map(|s| spinemed_core::clinical::facts(&s.text, &s.id)).collect();
        if which != 0 {
            pack.facts = fresh;
        }
        for task in tasks().into_iter().step_by(2) {
            let made = draft(&pack, &task);
            prop_assert_eq!(&made, &draft(&pack, &task));
            if let Ok(drafted) = made
                && let Ok(revised) = revise(&pack, &drafted)
            {
                prop_assert_eq!(check::run(&pack, &revised), check::run(&pack, &revised));
            }
        }
    }
}
