//! Wrong options must be wrong: borne out by nothing in the evidence, and, where the evidence
//! is a set of labels, denied by it. A level that nobody graded is no wrong option (I6).

use spinemed_core::clinical;
use spinemed_core::finding::Finding;
use spinemed_core::instance::{Item, Revision};
use spinemed_core::level::{self, Level};
use spinemed_core::pack::{EvidencePack, PackKind};
use spinemed_core::vocabulary::{Language, Side};

use super::case;
use super::parts::{cited, claims_of_answer, is_banks_own, true_words};
use crate::phrase::{Severity, severity};
use crate::quantity::quantities;
use crate::text::{has_word, normal, sentences, without_citations};
use crate::{agree, kin};

pub(super) fn run(pack: &EvidencePack, revision: &Revision) -> Result<(), String> {
    let Item::Mcq {
        options, correct, ..
    } = &revision.item
    else {
        return Ok(());
    };
    // The authors of a bank vouch for their own options; the key is compared by `options`.
    if is_banks_own(pack, &revision.item) {
        return Ok(());
    }
    let Some(answer) = options.get(*correct) else {
        return Ok(());
    };
    let asked = asked(pack, revision, answer);
    let wrong = options.iter().enumerate().filter(|(at, _)| at != correct);
    for (at, option) in wrong {
        excluded(pack, revision, &asked, answer, option)
            .map_err(|why| format!("`options[{at}]` (`{option}`): {why}"))?;
    }
    Ok(())
}

/// The facts that the right option restates.
fn asked<'a>(pack: &'a EvidencePack, revision: &Revision, answer: &str) -> Vec<&'a Finding> {
    let claims = claims_of_answer(revision, answer);
    let cited: Vec<&Finding> = claims
        .iter()
        .flat_map(|claim| &claim.facts)
        .filter_map(|at| pack.facts.get(*at))
        .collect();
    let at = as_level(answer);
    let fits = |fact: &&Finding| at.is_none() || fact.level == at;
    cited.into_iter().filter(fits).collect()
}

/// An option that is a level and nothing else, words such as `disc` and `椎体` apart.
pub(super) fn as_level(option: &str) -> Option<Level> {
    const AROUND: &[&str] = &[
        "",
        "the",
        "disc",
        "root",
        "nerve root",
        "level",
        "vertebra",
        "at",
        "神经根",
        "节段",
        "椎体",
        "椎间盘",
    ];
    let mentions = level::mentions(option);
    let [one] = mentions.as_slice() else {
        return option.parse().ok().or_else(|| level::parse_label(option));
    };
    let around = |chars: String| AROUND.contains(&chars.trim().to_lowercase().as_str());
    let alone = around(option.chars().take(one.range[0]).collect())
        && around(option.chars().skip(one.range[1]).collect());
    alone.then_some(one.level)
}

fn excluded(
    pack: &EvidencePack,
    revision: &Revision,
    asked: &[&Finding],
    answer: &str,
    option: &str,
) -> Result<(), String> {
    if let Some(verdict) = case::excluded(pack, revision, asked, answer, option) {
        return verdict;
    }
    if let Some(level) = as_level(option) {
        return level_excluded(pack, revision, asked, answer, level);
    }
    if let Some(severity) = as_severity(option) {
        return grade_excluded(pack, asked, severity);
    }
    if let Some(sides) = as_sides(option) {
        return sides_excluded(pack, asked, sides);
    }
    if let [number] = quantities(option).as_slice() {
        let said = evidence_sentences(pack, revision, answer);
        if said
            .iter()
            .any(|s| quantities(s).iter().any(|q| q.value == number.value))
        {
            return Err("the evidence states this number beside the right one".to_owned());
        }
        return Ok(());
    }
    words_excluded(pack, revision, asked, option)
}

fn level_excluded(
    pack: &EvidencePack,
    revision: &Revision,
    asked: &[&Finding],
    answer: &str,
    level: Level,
) -> Result<(), String> {
    for fact in asked {
        let there = Finding {
            level: Some(level),
            measure: None,
            ..(*fact).clone()
        };
        let same = |other: &&Finding| {
            other.concept == fact.concept && other.side == fact.side && other.level == Some(level)
        };
        if pack
            .facts
            .iter()
            .any(|other| agree::bears_out(other, &there))
        {
            return Err("the evidence says the same of it".to_owned());
        }
        let denied = pack.facts.iter().filter(same).any(|other| {
            other.negated != fact.negated
                || matches!((&other.grade, &fact.grade), (Some(a), Some(b)) if !agree::same_grade(a, b))
        });
        if denied {
            return Ok(());
        }
        if matches!(pack.kind, PackKind::Study | PackKind::Case) {
            return Err("nobody has graded this level, so it is not excluded".to_owned());
        }
    }
    let said = evidence_sentences(pack, revision, answer);
    let named = said
        .iter()
        .flat_map(|text| level::mentions(text))
        .any(|m| m.level == level);
    if named {
        return Err("the evidence names it beside the right one".to_owned());
    }
    Ok(())
}

fn as_severity(option: &str) -> Option<Severity> {
    const ALL: [Severity; 5] = [
        Severity::NormalOrMild,
        Severity::Normal,
        Severity::Mild,
        Severity::Moderate,
        Severity::Severe,
    ];
    let lower = option.trim().to_lowercase();
    let word = |s: &Severity| s.name(Language::En) == lower || s.name(Language::Zh) == lower;
    let grade = spinemed_core::finding::Grade {
        scale: String::new(),
        value: lower.clone(),
    };
    ALL.iter()
        .copied()
        .find(|s| word(s))
        .or_else(|| severity(&grade))
}

fn grade_excluded(pack: &EvidencePack, asked: &[&Finding], option: Severity) -> Result<(), String> {
    for fact in asked {
        let same = |other: &&Finding| {
            other.concept == fact.concept && other.side == fact.side && other.level == fact.level
        };
        let graded = pack
            .facts
            .iter()
            .filter(same)
            .filter_map(|other| severity(other.grade.as_ref()?));
        if graded.into_iter().any(|severity| severity == option) {
            return Err("the evidence gives this grade".to_owned());
        }
    }
    Ok(())
}

/// The sides that an option names: left, right.
pub(super) fn as_sides(option: &str) -> Option<[bool; 2]> {
    let lower = option.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| has_word(&lower, word));
    let neither = has(&["neither", "均无"]) || lower.contains("两侧均无");
    let both = has(&["both", "bilateral"]) || lower.contains("双侧");
    let left = has(&["left"]) || lower.contains('左');
    let right = has(&["right"]) || lower.contains('右');
    let short = lower.chars().count() <= 20;
    match (neither, both, left, right) {
        (true, ..) if short => Some([false, false]),
        (_, true, ..) if short => Some([true, true]),
        (_, _, true, false) if short => Some([true, false]),
        (_, _, false, true) if short => Some([false, true]),
        _ => None,
    }
}

fn sides_excluded(
    pack: &EvidencePack,
    asked: &[&Finding],
    option: [bool; 2],
) -> Result<(), String> {
    let Some(fact) = asked.first() else {
        return Ok(());
    };
    let is = |side: Side| {
        let there = Finding {
            side: Some(side),
            ..(*fact).clone()
        };
        pack.facts
            .iter()
            .any(|other| agree::bears_out(other, &there))
    };
    if [is(Side::Left), is(Side::Right)] == option {
        return Err("the evidence says so of these sides".to_owned());
    }
    Ok(())
}

/// Words: a concept must not be found at the asked place nor be named in what is cited, and
/// other words must not be quoted from it.
fn words_excluded(
    pack: &EvidencePack,
    revision: &Revision,
    asked: &[&Finding],
    option: &str,
) -> Result<(), String> {
    let lower = option.to_lowercase();
    let concept = clinical::concepts()
        .iter()
        .find(|c| c.en.contains(&lower.as_str()) || c.zh.contains(&option));
    let spans = cited(pack, revision);
    if let Some(concept) = concept {
        let same_place =
            |other: &&Finding| asked.iter().any(|fact| fact.level == other.level) && !other.negated;
        if pack
            .facts
            .iter()
            .filter(same_place)
            .any(|f| kin::covers(concept.id, &f.concept))
        {
            return Err("the evidence binds it to the same place".to_owned());
        }
        let named =
            |span: &&&spinemed_core::pack::Span| kin::names(&span.text.to_lowercase(), concept);
        if spans.iter().any(|span| named(&span)) {
            return Err("the cited evidence names it".to_owned());
        }
    }
    let form = normal(option);
    let said = |span: &&spinemed_core::pack::Span| normal(&true_words(pack, span)).contains(&form);
    if form.chars().count() >= 4 && spans.iter().any(said) {
        return Err("the cited evidence says these words".to_owned());
    }
    Ok(())
}

/// The sentences of cited spans in which the answer stands.
fn evidence_sentences(pack: &EvidencePack, revision: &Revision, answer: &str) -> Vec<String> {
    let level = as_level(answer);
    let number = quantities(answer).into_iter().next();
    let form = normal(answer);
    let mut found = Vec::new();
    for span in cited(pack, revision) {
        let words = true_words(pack, span);
        for sentence in sentences(&words) {
            let sentence = without_citations(sentence);
            let has = match (&level, &number) {
                (Some(level), _) => level::mentions(&sentence).iter().any(|m| m.level == *level),
                (None, Some(number)) => quantities(&sentence)
                    .iter()
                    .any(|q| q.value == number.value),
                (None, None) => normal(&sentence).contains(&form),
            };
            // Where the item quotes one sentence, that one is meant.
            if has {
                found.push(sentence);
            }
        }
    }
    let body = |s: &String| s.trim_end_matches(['.', '。']).to_owned();
    let quoted = |s: &&String| {
        revision.claims.iter().any(|claim| {
            let claim = claim.text.trim_end_matches(['.', '。']);
            claim != answer && (claim.contains(&body(s)) || s.contains(claim))
        })
    };
    let narrowed: Vec<String> = found.iter().filter(quoted).cloned().collect();
    if narrowed.is_empty() { found } else { narrowed }
}
