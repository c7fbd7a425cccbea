//! Facts against clauses labelled by hand, and their properties.

use proptest::prelude::*;
use spinemed_core::clinical;
use spinemed_core::finding::Finding;
use spinemed_core::vocabulary::{LevelCertainty, Modality, NumberingMethod};

/// A fact as the labels write it.
fn written(fact: &Finding) -> String {
    let mut words = vec![fact.concept.clone()];
    words.extend(fact.level.map(|level| format!("@{}", level.to_string().replace(' ', "_"))));
    words.extend(fact.side.map(|side| side.to_string()));
    words.extend(fact.grade.as_ref().map(|grade| format!("{}:{}", grade.scale, grade.value)));
    words.extend(fact.negated.then(|| "no".to_owned()));
    words.extend(fact.measure.as_ref().map(|measure| format!("={}_{}", measure.value, measure.unit)));
    words.join(" ")
}

#[test]
fn labelled_clauses_give_their_facts() {
    let (mut right, mut wrong, mut missed, mut texts) = (0_usize, 0_usize, 0_usize, 0_usize);
    for line in include_str!("data/facts.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (text, labels) = line.split_once('\t').unwrap_or((line, ""));
        let text = text.replace("\\n", "\n");
        let mut expect: Vec<&str> = labels.split(" | ").filter(|label| !label.is_empty()).collect();
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
    assert!(precision >= 0.99 && recall >= 0.95);
}
