//! The last part of a pack's key: from names that stay while the content does.

use std::collections::BTreeMap;

use spinemed_core::Digest;
use spinemed_core::ids::{DocumentId, PackKey};

/// Gives keys of one document, none twice: the second `fig-1` becomes `fig-1~2`.
pub(super) struct Keys<'a> {
    document: &'a DocumentId,
    given: BTreeMap<String, u32>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(document: &'a DocumentId) -> Self {
        Self {
            document,
            given: BTreeMap::new(),
        }
    }

    /// The name itself the first time, then with a running number.
    pub(super) fn name(&mut self, part: &str) -> String {
        let times = self.given.entry(part.to_owned()).or_insert(0);
        *times += 1;
        if *times == 1 {
            part.to_owned()
        } else {
            format!("{part}~{times}")
        }
    }

    /// A key of the document.
    pub(super) fn key(&self, part: &str) -> PackKey {
        PackKey::new(format!("{}/{part}", self.document))
    }
}

/// A title as part of a key: lower-case letters and digits joined by hyphens; what is cut off
/// or written in other scripts is stood for by the first digits of its digest.
pub(super) fn slug(title: &str) -> String {
    const LONGEST: usize = 32;
    let mut slug = String::new();
    let mut whole = true;
    for c in title.chars().flat_map(char::to_lowercase) {
        if slug.len() >= LONGEST {
            whole = false;
            break;
        }
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            _ => {
                whole &= c.is_ascii() || ('\u{2010}'..='\u{2027}').contains(&c);
                if !slug.is_empty() && !slug.ends_with('-') {
                    slug.push('-');
                }
            }
        }
    }
    let slug = slug.trim_end_matches('-');
    if whole && !slug.is_empty() {
        return slug.to_owned();
    }
    let digest = Digest::of(title.as_bytes()).short();
    if slug.is_empty() {
        digest
    } else {
        format!("{slug}-{digest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_short_and_distinct() {
        assert_eq!(slug("3.2 Surgical technique"), "3-2-surgical-technique");
        assert_ne!(slug("手术方法"), slug("手术结果"));
        assert!(slug("手术方法").is_ascii());
        let long = "A title that is far too long to be a part of any key";
        assert!(slug(long).len() <= 41);
        assert_ne!(slug(long), slug(&long.replace("any", "a")));
    }

    #[test]
    fn no_name_is_given_twice() {
        let document = DocumentId::new("a/b");
        let mut keys = Keys::new(&document);
        assert_eq!(
            [keys.name("fig-1"), keys.name("fig-1")],
            ["fig-1", "fig-1~2"]
        );
        assert_eq!(keys.key("fig-1").as_str(), "a/b/fig-1");
    }
}
