//! Options: enough, distinct, exactly one right.

use spinemed_core::instance::{Item, Revision};
use spinemed_core::level;
use spinemed_core::pack::EvidencePack;

use super::parts::is_banks_own;
use crate::text::normal;

/// The fewest options of a multiple choice.
const FEWEST: usize = 3;

pub(super) fn run(pack: &EvidencePack, revision: &Revision) -> Result<(), String> {
    let Item::Mcq {
        options, correct, ..
    } = &revision.item
    else {
        return Ok(());
    };
    if options.len() < FEWEST {
        return Err(format!("{} options, fewer than {FEWEST}", options.len()));
    }
    let Some(right) = options.get(*correct) else {
        return Err(format!(
            "option {correct} is marked right; there are {}",
            options.len()
        ));
    };
    for (at, option) in options.iter().enumerate() {
        if is_about_options(option) {
            return Err(format!("`options[{at}]` speaks of other options"));
        }
        if let Some(other) = options[..at].iter().position(|other| same(other, option)) {
            return Err(format!("`options[{at}]` is the same as `options[{other}]`"));
        }
    }
    let key = pack
        .question
        .as_ref()
        .and_then(|q| q.options.get(q.correct?));
    match key {
        Some(key) if is_banks_own(pack, &revision.item) && !same(key, right) => {
            Err("the bank's key points to another option".to_owned())
        }
        _ => Ok(()),
    }
}

/// Whether two options say the same, spellings of levels apart.
fn same(a: &str, b: &str) -> bool {
    if normal(a) == normal(b) {
        return true;
    }
    let level = |text: &str| match level::mentions(text).as_slice() {
        [one] if one.range == [0, text.chars().count()] => Some(one.level),
        _ => level::parse_label(text),
    };
    level(a).is_some() && level(a) == level(b)
}

fn is_about_options(option: &str) -> bool {
    const PHRASES: &[&str] = &[
        "of the above",
        "of these",
        "a and b",
        "b and c",
        "以上",
        "上述",
    ];
    let lower = option.to_lowercase();
    PHRASES.iter().any(|phrase| lower.contains(phrase))
}
