//! The required actions, as the MIDI-B validator understands them, a little stricter.

use std::collections::BTreeMap;

use dicom_object::InMemDicomObject;
use spinemed_core::date::Date;
use spinemed_deidentify::Subject;

use super::key::Entry;
use super::paths::{all, exact, filled, parse, text};

/// What was done, over all objects: actions and how many of them were done; what was not, by
/// file and path; and what became of UIDs.
#[derive(Default)]
pub struct Score {
    pub done: BTreeMap<String, (usize, usize)>,
    pub faults: Vec<String>,
    pub uids: BTreeMap<String, String>,
}

impl Score {
    pub fn note(&mut self, entry: &Entry, action: &str, path: &str, done: bool) {
        let count = self.done.entry(action.to_owned()).or_default();
        count.1 += 1;
        if done {
            count.0 += 1;
        } else {
            let line = format!("{action} {path} ({})", entry.file);
            self.faults.push(line);
        }
    }
}

/// Checks all actions that are read from elements.
pub fn check(score: &mut Score, entry: &Entry, subject: &Subject, out: Option<&InMemDicomObject>) {
    for (action, found) in &entry.actions {
        if action.starts_with("pixels") {
            continue;
        }
        for (path, wanted) in found {
            let done = match out {
                Some(object) => one(score, action, path, wanted, subject, object),
                None => matches!(
                    action.as_str(),
                    "text_removed" | "date_shifted" | "uid_changed"
                ),
            };
            score.note(entry, action, path, done);
        }
    }
}

fn one(
    score: &mut Score,
    action: &str,
    path: &str,
    wanted: &str,
    subject: &Subject,
    out: &InMemDicomObject,
) -> bool {
    let at = parse(path);
    let element = exact(out, &at);
    let values: Vec<String> = all(out, &at).into_iter().map(text).collect();
    match action {
        "tag_retained" => element.is_some(),
        "text_notnull" => element.is_some_and(filled),
        "text_retained" => element.is_some_and(|element| words_in(wanted, &text(element))),
        "text_removed" if at.iter().any(|(tag, _)| tag.0 % 2 == 1) => values.is_empty(),
        "text_removed" => !values.iter().any(|value| some_word_in(wanted, value)),
        "date_shifted" => values.iter().all(|value| moved(wanted, value, subject)),
        "uid_changed" => !values.iter().any(|value| value.contains(wanted)),
        "uid_consistent" => element.is_none_or(|found| consistent(score, wanted, &text(found))),
        "patid_consistent" => element.is_some_and(|found| text(found) == subject.pseudonym()),
        other => panic!("no such action: {other}"),
    }
}

/// Whether all words are kept, as the validator reads it: case does not matter.
pub fn words_in(words: &str, value: &str) -> bool {
    let value = value.to_lowercase();
    words
        .split(' ')
        .all(|word| value.contains(&word.to_lowercase()))
}

fn some_word_in(words: &str, value: &str) -> bool {
    let value = value.to_lowercase();
    words
        .split([' ', ','])
        .filter(|word| word.chars().count() > 3 || !word.is_ascii())
        .any(|word| value.contains(&word.to_lowercase()))
}

/// Every date is another, and by as many days as all of this patient's dates.
fn moved(old: &str, new: &str, subject: &Subject) -> bool {
    if new.is_empty() {
        return true;
    }
    let days = |old: &str| {
        let (year, month, day) = (old[..4].parse(), old[4..6].parse(), old[6..8].parse());
        let date = Date::new(year.unwrap(), month.unwrap(), day.unwrap()).unwrap();
        let new = subject.shift(date).unwrap();
        format!("{:04}{:02}{:02}", new.year(), new.month(), new.day())
    };
    let wanted: Vec<String> = old.split('\\').map(days).collect();
    new.split('\\')
        .all(|new| wanted.iter().any(|wanted| new.starts_with(wanted)))
}

fn consistent(score: &mut Score, old: &str, new: &str) -> bool {
    let (old, new): (Vec<_>, Vec<_>) = (old.split('\\').collect(), new.split('\\').collect());
    if new == [""] {
        return true;
    }
    old.len() == new.len()
        && old.iter().zip(new).all(|(old, new)| {
            let known = score
                .uids
                .entry((*old).to_owned())
                .or_insert_with(|| new.to_owned());
            known == new && new != *old
        })
}
