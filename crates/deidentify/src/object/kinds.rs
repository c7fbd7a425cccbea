//! What is kept in objects that are no plain pictures.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dicom_core::{Tag, VR};

use super::rules::{self, Rule};

const KINDS: &str = include_str!("kinds.tsv");

/// What happens to an element of such an object.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// As the keep list would have it.
    Rule(Rule),
    /// A short description, cleaned.
    Label(VR),
    /// The name of a graphic layer, which the object's annotations refer to.
    Layer(VR),
    /// A value without information.
    Dummy(VR),
    /// Items of a content tree.
    Content,
    /// Binary floating point numbers.
    Floats,
    /// The number of a template.
    Template(VR),
}

/// What is known of a tag that neither the table nor the keep list has.
pub(super) fn find(tag: Tag) -> Option<&'static Kind> {
    LISTED.get(&tag)
}

static LISTED: LazyLock<BTreeMap<Tag, Kind>> = LazyLock::new(|| {
    rules::rows(KINDS)
        .map(|row| kind(&row).expect("each row of the kinds is a rule"))
        .collect()
});

fn kind(row: &[&'static str]) -> Option<(Tag, Kind)> {
    let vr = || row.get(2)?.parse().ok();
    let kind = match *row.get(4)? {
        "label" => Kind::Label(vr()?),
        "layer" => Kind::Layer(vr()?),
        "dummy" => Kind::Dummy(vr()?),
        "template" => Kind::Template(vr()?),
        "content" => Kind::Content,
        "floats" => Kind::Floats,
        _ => Kind::Rule(rules::keep_rule(row)?.1),
    };
    Some((row.first()?.parse().ok()?, kind))
}

#[cfg(test)]
mod tests {
    use super::super::rules::Action;
    use super::*;

    #[test]
    fn all_rows_are_read() {
        assert_eq!(rules::rows(KINDS).count(), LISTED.len());
        assert!(LISTED.keys().all(|tag| tag.group() % 2 == 0));
    }

    #[test]
    fn text_is_kept_as_a_term_or_not_at_all() {
        for (tag, kind) in LISTED.iter() {
            let Kind::Rule(rule) = kind else {
                continue;
            };
            let number = matches!(
                rule.vr,
                VR::US | VR::SS | VR::UL | VR::SL | VR::FL | VR::FD | VR::DS | VR::IS
            );
            let kept = matches!(rule.action, Action::Keep);
            assert!(!kept || number || !rule.terms.is_empty(), "{tag}");
        }
    }
}
