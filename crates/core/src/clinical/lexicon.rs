//! Reading of the concepts' table.

use std::sync::LazyLock;

use super::concept::{Applies, Concept, ConceptKind};

/// The table, one concept per line, in order of identifiers.
const TABLE: &str = include_str!("lexicon.tsv");

/// The concepts, in order of identifiers.
pub(super) static CONCEPTS: LazyLock<Vec<Concept>> = LazyLock::new(|| {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| row(line).expect("every line of the lexicon is a concept, as its test shows"))
        .collect()
});

fn row(line: &'static str) -> Option<Concept> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [
        id,
        kind,
        applies,
        sided,
        en,
        zh,
        gloss_en,
        gloss_zh,
        snomed,
        icd10,
    ] = cells[..]
    else {
        return None;
    };
    Some(Concept {
        id,
        kind: kind_of(kind)?,
        applies: applies_of(applies)?,
        sided: sided == "sided",
        en: names(en),
        zh: names(zh),
        gloss: [gloss_en, gloss_zh],
        snomed: code(snomed),
        icd10: code(icd10),
    })
}

fn names(cell: &'static str) -> Vec<&'static str> {
    cell.split("; ").collect()
}

fn code(cell: &'static str) -> Option<&'static str> {
    (cell != "-").then_some(cell)
}

fn kind_of(cell: &str) -> Option<ConceptKind> {
    match cell {
        "finding" => Some(ConceptKind::Finding),
        "condition" => Some(ConceptKind::Condition),
        "anatomy" => Some(ConceptKind::Anatomy),
        "procedure" => Some(ConceptKind::Procedure),
        _ => None,
    }
}

fn applies_of(cell: &str) -> Option<Applies> {
    match cell {
        "vertebra" => Some(Applies::Vertebra),
        "disc" => Some(Applies::Disc),
        "segment" => Some(Applies::Segment),
        "root" => Some(Applies::Root),
        "region" => Some(Applies::Region),
        "nothing" => Some(Applies::Nothing),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_is_a_concept_in_order() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            assert!(row(line).is_some(), "{line}");
        }
        assert!(CONCEPTS.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(CONCEPTS.len() >= 60);
    }

    #[test]
    fn names_are_plain_and_mean_one_concept() {
        let mut seen = BTreeSet::new();
        for concept in CONCEPTS.iter() {
            assert!(
                !concept.en[0].starts_with('~') && !concept.zh[0].starts_with('~'),
                "{}",
                concept.id
            );
            for name in concept.en.iter().chain(&concept.zh) {
                assert!(seen.insert(name.trim_start_matches('~')), "{name}");
            }
            for name in &concept.en {
                assert_eq!(name.to_lowercase(), *name);
            }
        }
    }
}
