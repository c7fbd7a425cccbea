//! Which identifiers became which.

use std::collections::BTreeMap;
use std::fmt;

/// What the identifiers of an object became, for whoever may know both. It prints counts only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identities {
    /// Old UIDs and what stands for them.
    pub uids: BTreeMap<String, String>,
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identities")
            .field("uids", &self.uids.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_prints_counts_alone() {
        let uids = BTreeMap::from([("1.2.3".to_owned(), "2.25.7".to_owned())]);
        assert_eq!(
            format!("{:?}", Identities { uids }),
            "Identities { uids: 1 }"
        );
    }
}
