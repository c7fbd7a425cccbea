//! What ought to stay, and whether it stayed.

use std::collections::BTreeMap;

use dicom_object::InMemDicomObject;

use super::actions::words_in;
use super::key::{Entry, Useful};
use super::paths::{all, filled, parse, text};

/// Kept and all, by kind of content.
pub type Kept = BTreeMap<String, (usize, usize)>;

/// Counts the kept content of one object; what is lost comes back as `kind path`.
pub fn count(kept: &mut Kept, entry: &Entry, out: Option<&InMemDicomObject>) -> Vec<String> {
    let mut lost = Vec::new();
    for (kind, path, useful) in &entry.useful {
        let found: Vec<_> = match out {
            Some(object) => all(object, &parse(path)),
            None => Vec::new(),
        };
        let judged: Vec<bool> = match useful {
            Useful::Words(words) => words
                .iter()
                .map(|word| found.iter().any(|element| words_in(word, &text(element))))
                .collect(),
            Useful::Value(value) => vec![found.iter().any(|element| match value.as_str() {
                "" => filled(element),
                value => same(value, &text(element)),
            })],
        };
        let count = kept.entry(kind.clone()).or_default();
        count.0 += judged.iter().filter(|kept| **kept).count();
        count.1 += judged.len();
        if judged.contains(&false) {
            lost.push(format!("{kind} {path} ({})", entry.file));
        }
    }
    lost
}

/// Equal as texts, or as numbers.
fn same(wanted: &str, found: &str) -> bool {
    let (a, b): (Vec<_>, Vec<_>) = (wanted.split('\\').collect(), found.split('\\').collect());
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| {
            let numbers = (a.trim().parse::<f64>(), b.trim().parse::<f64>());
            *a == b || matches!(numbers, (Ok(a), Ok(b)) if (a - b).abs() < 1e-6)
        })
}
