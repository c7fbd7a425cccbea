//! From codes and short texts to concepts, levels and sides.

use std::collections::BTreeSet;

use spinemed_core::clinical::{self, Concept};
use spinemed_core::level::{self, Level};
use spinemed_core::vocabulary::Side;

use crate::cursor::Cursor;
use crate::term::Kinds;

/// ICD-10 categories that say more than the lexicon's concept with that code: bone metastasis
/// anywhere, tuberculosis of any joint, lordosis under kyphosis. They need the text's word.
const WIDER: [&str; 5] = ["A18.0", "C79.5", "G06.1", "M40", "M48.8"];

/// The concept of a CodeableConcept: by its SNOMED CT and ICD-10 codes where they name one,
/// by its words otherwise.
pub(super) fn concept(code: &Cursor, kinds: Kinds) -> Option<&'static Concept> {
    let words = || named(&texts(code), kinds);
    match coded(code, kinds)[..] {
        [one] => Some(one),
        [] => words(),
        ref several => words().filter(|word| several.contains(word)),
    }
}

/// The concepts that codes alone name.
pub(super) fn coded(code: &Cursor, kinds: Kinds) -> Vec<&'static Concept> {
    let codings = code.items("coding");
    let names = |concept: &Concept| {
        codings.iter().any(|coding| {
            let system = coding.str_of("system").unwrap_or_default();
            let value = coding.str_of("code").unwrap_or_default();
            (is_snomed(system) && concept.snomed == Some(value))
                || (is_icd10(system) && concept.icd10.is_some_and(|own| is_within(value, own)))
        })
    };
    let all = clinical::concepts().iter();
    all.filter(|concept| kinds.hold(concept) && names(concept))
        .collect()
}

fn is_snomed(system: &str) -> bool {
    matches!(
        system,
        "http://snomed.info/sct" | "urn:oid:2.16.840.1.113883.6.96"
    )
}

/// ICD-10 of the WHO and its clinical modifications, which keep the categories.
fn is_icd10(system: &str) -> bool {
    let procedures = system.ends_with("-pcs");
    let named = system.starts_with("http://hl7.org/fhir/sid/icd-10") && !procedures;
    named
        || matches!(
            system,
            "urn:oid:2.16.840.1.113883.6.3" | "urn:oid:2.16.840.1.113883.6.90"
        )
}

/// Whether a code is a category or lies in it: `M48.06` in `M48.0`, `M45.9` in `M45`.
fn is_within(code: &str, category: &str) -> bool {
    let rest = code.strip_prefix(category);
    !WIDER.contains(&category)
        && rest
            .is_some_and(|rest| rest.is_empty() || category.contains('.') || rest.starts_with('.'))
}

/// The words of a CodeableConcept: its text, or its codings' names where it has none.
pub(super) fn texts<'a>(code: &Cursor<'a>) -> Vec<&'a str> {
    if let Some(text) = code.str_of("text") {
        return vec![text];
    }
    let codings = code.items("coding");
    codings
        .iter()
        .filter_map(|coding| coding.str_of("display"))
        .collect()
}

/// The one concept that short texts name. A word of doubt or denial gives none.
fn named(texts: &[&str], kinds: Kinds) -> Option<&'static Concept> {
    let found: Vec<BTreeSet<&str>> = texts.iter().map(|text| names_in(text, kinds)).collect();
    let distinct: BTreeSet<&str> = found.into_iter().flatten().collect();
    let one = distinct.first().filter(|_| distinct.len() == 1)?;
    clinical::concept(one)
}

/// Words that make a short text more or less than a name.
const DOUBTS: [&str; 26] = [
    "no ",
    "not ",
    "without",
    "?",
    "possible",
    "probable",
    "suspected",
    "suspicion",
    "rule out",
    "r/o",
    "history of",
    "status post",
    "s/p",
    "family",
    "risk",
    "screening",
    "？",
    "无",
    "未",
    "否认",
    "疑",
    "可能",
    "待排",
    "除外",
    "既往",
    "术后",
];

fn names_in(text: &str, kinds: Kinds) -> BTreeSet<&'static str> {
    /// Longer texts are no names.
    const LONGEST: usize = 300;
    let folded = text.to_lowercase();
    if folded.len() > LONGEST || DOUBTS.iter().any(|doubt| folded.contains(doubt)) {
        return BTreeSet::new();
    }
    let mut found: Vec<([usize; 2], &'static Concept)> = Vec::new();
    for concept in clinical::concepts() {
        let long = concept
            .en
            .iter()
            .chain(&concept.zh)
            .filter(|name| !name.starts_with('~'));
        for name in long {
            let name = name.to_lowercase();
            let whole = folded
                .match_indices(&name)
                .map(|(at, _)| [at, at + name.len()]);
            found.extend(
                whole
                    .filter(|at| is_word(&folded, *at))
                    .map(|at| (at, concept)),
            );
        }
    }
    let inside = |one: [usize; 2], other: [usize; 2]| {
        one != other && other[0] <= one[0] && one[1] <= other[1]
    };
    let longest = found
        .iter()
        .filter(|(at, _)| !found.iter().any(|(other, _)| inside(*at, *other)));
    longest
        .filter(|(_, concept)| kinds.hold(concept))
        .map(|(_, concept)| concept.id)
        .collect()
}

/// Whether a range of a text is no part of a longer Latin word.
fn is_word(text: &str, [start, end]: [usize; 2]) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let latin = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
    let first = text[start..].chars().next();
    let last = text[..end].chars().next_back();
    let joined = (latin(before) && latin(first)) || (latin(after) && latin(last));
    !joined
}

/// The level that body sites name by SNOMED CT codes alone.
pub(super) fn coded_level(sites: &[Cursor]) -> Option<Level> {
    let codings = sites.iter().flat_map(|site| site.items("coding"));
    let levels = codings.filter_map(|coding| {
        let snomed = coding.str_of("system").is_some_and(is_snomed);
        Level::from_snomed(coding.str_of("code").filter(|_| snomed)?)
    });
    only(levels)
}

/// The level that body sites name, by codes or words; or else the code's own words.
pub(super) fn level(sites: &[Cursor], code: &Cursor) -> Option<Level> {
    let of = |words: Vec<&str>| {
        let found: Vec<_> = words.into_iter().flat_map(level::mentions).collect();
        let sure = found.iter().all(|mention| !mention.low_confidence);
        only(found.iter().map(|mention| mention.level)).filter(|_| sure)
    };
    coded_level(sites)
        .or_else(|| of(sites.iter().flat_map(texts).collect()))
        .or_else(|| of(texts(code)))
}

fn only(levels: impl Iterator<Item = Level>) -> Option<Level> {
    let distinct: BTreeSet<Level> = levels.collect();
    distinct.first().copied().filter(|_| distinct.len() == 1)
}

/// The side that body sites or the code's words name, where the concept has one.
pub(super) fn side(sites: &[Cursor], code: &Cursor, concept: &Concept) -> Option<Side> {
    let codings = sites.iter().flat_map(|site| site.items("coding"));
    let mut sides: BTreeSet<Side> = codings.filter_map(|coding| coded_side(&coding)).collect();
    if sides.is_empty() {
        let words = sites.iter().flat_map(texts).chain(texts(code));
        sides = words.filter_map(worded_side).collect();
    }
    let one = sides.first().copied().filter(|_| sides.len() == 1);
    one.filter(|_| concept.sided)
}

/// SNOMED CT's qualifiers `Left`, `Right`, `Right and left`.
fn coded_side(coding: &Cursor) -> Option<Side> {
    let snomed = coding.str_of("system").is_some_and(is_snomed);
    match coding.str_of("code").filter(|_| snomed)? {
        "7771000" => Some(Side::Left),
        "24028007" => Some(Side::Right),
        "51440002" => Some(Side::Bilateral),
        _ => None,
    }
}

fn worded_side(text: &str) -> Option<Side> {
    let folded = text.to_lowercase();
    let word = |word: &str| {
        let mut found = folded.match_indices(word);
        found.any(|(at, _)| is_word(&folded, [at, at + word.len()]))
    };
    let both = word("bilateral") || word("双侧") || word("两侧");
    let left = word("left") || word("左");
    let right = word("right") || word("右");
    match (both, left, right) {
        (true, false, false) => Some(Side::Bilateral),
        (false, true, false) => Some(Side::Left),
        (false, false, true) => Some(Side::Right),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn check(code: &str, sites: &str, expect: Option<(&str, Option<&str>, Option<Side>)>) {
        let code = json::parse(code.as_bytes()).ok().unwrap();
        let sites = json::parse(sites.as_bytes()).ok().unwrap();
        let (code, sites) = (
            Cursor::root(&code),
            Cursor::root(&sites).list().ok().unwrap(),
        );
        let found = concept(&code, Kinds::STATE);
        let level = level(&sites, &code).map(|level| level.to_string());
        let got = found.map(|c| (c.id, level.as_deref(), side(&sites, &code, c)));
        assert_eq!(got, expect, "{:?}", texts(&code));
    }

    fn icd(code: &str) -> String {
        format!(
            r#"{{"coding":[{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{code}"}}]}}"#
        )
    }

    #[test]
    fn codes_name_concepts() {
        let snomed = r#"{"coding":[{"system":"http://snomed.info/sct","code":"76107001"}]}"#;
        let l45 = r#"[{"coding":[{"system":"http://snomed.info/sct","code":"84020006"}]}]"#;
        check(
            snomed,
            l45,
            Some(("spinal-canal-stenosis", Some("L4/L5"), None)),
        );
        check(
            &icd("M48.06"),
            "[]",
            Some(("spinal-canal-stenosis", None, None)),
        );
        check(
            &icd("M45.9"),
            "[]",
            Some(("ankylosing-spondylitis", None, None)),
        );
        check(&icd("M450"), "[]", None);
        check(&icd("C79.51"), "[]", None);
        check(&icd("M40.5"), "[]", None);
        let other = r#"{"coding":[{"system":"http://loinc.org","code":"M48.0"}]}"#;
        check(other, "[]", None);
    }

    #[test]
    fn words_name_concepts() {
        let text = |text: &str| format!(r#"{{"text":"{text}"}}"#);
        let left = Some(Side::Left);
        check(
            &text("腰5/骶1椎间盘突出症，左侧"),
            "[]",
            Some(("disc-herniation", Some("L5/S1"), left)),
        );
        check(
            &text("Lumbar disc herniation"),
            r#"[{"text":"L4/5, right"}]"#,
            Some(("disc-herniation", Some("L4/L5"), Some(Side::Right))),
        );
        check(&text("疑似腰椎间盘突出症"), "[]", None);
        check(&text("Suspected disc herniation"), "[]", None);
        check(&text("Hypertension"), "[]", None);
        check(&text("disc herniation with spondylolisthesis"), "[]", None);
        check(
            &text("Lumbar spinal canal stenosis, left"),
            "[]",
            Some(("spinal-canal-stenosis", None, None)),
        );
    }
}
