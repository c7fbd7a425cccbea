//! Identifiers to look for in texts, by class.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Identifiers to look for. It prints counts only.
#[derive(Clone, Default)]
pub struct Known {
    values: BTreeMap<String, BTreeSet<String>>,
}

impl Known {
    /// Adds an identifier of a class: `name`, `id`, `place`, `phone`, `address`, `date`, `other`.
    pub fn add(&mut self, class: &str, value: &str) {
        let values = self.values.entry(class.to_owned()).or_default();
        values.insert(value.to_owned());
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.values.iter().map(|(class, values)| (class, values.len()));
        f.debug_map().entries(counts).finish()
    }
}
