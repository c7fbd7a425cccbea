//! The ten checks.

use std::collections::BTreeMap;

use dicom_object::{FileDicomObject, InMemDicomObject};

use super::answer::Check;
use super::{pixels, text, values};

/// What stands for old identifiers.
pub(super) struct Mapping {
    /// UIDs.
    pub(super) uids: BTreeMap<String, String>,
    /// Patient identifiers.
    pub(super) patients: BTreeMap<String, String>,
}

/// A clean object and its values.
pub(super) struct Judge<'a> {
    object: &'a FileDicomObject<InMemDicomObject>,
    mapping: &'a Mapping,
    values: BTreeMap<String, String>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(object: &'a FileDicomObject<InMemDicomObject>, mapping: &'a Mapping) -> Self {
        Self {
            object,
            mapping,
            values: values::all(object),
        }
    }

    /// Whether a check passes; none for a kind that is not known.
    pub(super) fn passes(
        &self,
        check: &Check,
        original: Option<&FileDicomObject<InMemDicomObject>>,
    ) -> Option<bool> {
        let value = self.values.get(&check.tag).map(String::as_str);
        Some(match check.action.as_str() {
            "tag_retained" => value.is_some(),
            "text_notnull" => value.is_some_and(|value| !value.is_empty()),
            "text_retained" => {
                value.is_some_and(|v| !v.is_empty() && text::retained(v, &check.text))
            }
            "text_removed" => value.is_none_or(|v| v.is_empty() || text::removed(v, &check.text)),
            "date_shifted" | "uid_changed" => value.is_none_or(|v| !holds(v, &check.value)),
            "uid_consistent" => value.is_none_or(|v| mapped(v, &check.value, &self.mapping.uids)),
            "patid_consistent" => {
                value.is_none_or(|v| mapped(v, &check.value, &self.mapping.patients))
            }
            "pixels_hidden" => pixels::hidden(self.object, original, &check.text),
            "pixels_retained" => pixels::retained(self.object, &check.text),
            _ => return None,
        })
    }
}

/// Whether the original stands in a value. An empty original stands in nothing.
fn holds(value: &str, original: &str) -> bool {
    let original = original.replace('\\', "");
    !original.is_empty() && value.replace('\\', "").contains(&original)
}

fn mapped(value: &str, original: &str, mapping: &BTreeMap<String, String>) -> bool {
    let each = original.split('\\');
    let wanted: Vec<&str> = each
        .map(|old| mapping.get(old).map_or("", String::as_str))
        .collect();
    value == wanted.join("\\")
}

/// An object that is not there keeps nothing and leaks nothing.
pub(super) fn passes_when_missing(check: &Check) -> Option<bool> {
    match check.action.as_str() {
        "text_removed" | "date_shifted" | "uid_changed" | "pixels_hidden" => Some(true),
        "tag_retained" | "text_notnull" | "text_retained" | "uid_consistent"
        | "patid_consistent" | "pixels_retained" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use dicom_core::{DataElement, Tag, VR};
    use dicom_object::FileMetaTableBuilder;

    use super::*;

    fn check(action: &str, tag: &str, asked: &str) -> Check {
        Check {
            action: action.into(),
            tag: tag.into(),
            text: asked.into(),
            value: asked.into(),
            categories: BTreeSet::new(),
        }
    }

    #[test]
    fn each_kind_is_judged() {
        let object = InMemDicomObject::from_element_iter([
            DataElement::new(Tag(0x0008, 0x0018), VR::UI, "2.25.1"),
            DataElement::new(Tag(0x0008, 0x0020), VR::DA, "19990101"),
            DataElement::new(Tag(0x0008, 0x1030), VR::LO, "CT LUMBAR"),
            DataElement::new(Tag(0x0010, 0x0010), VR::PN, ""),
            DataElement::new(Tag(0x0010, 0x0020), VR::LO, "abc"),
        ]);
        let meta = FileMetaTableBuilder::new()
            .transfer_syntax("1.2.840.10008.1.2.1")
            .media_storage_sop_class_uid("1")
            .media_storage_sop_instance_uid("1");
        let object = object.with_exact_meta(meta.build().unwrap());
        let row = |old: &str, new: &str| BTreeMap::from([(old.to_owned(), new.to_owned())]);
        let mapping = Mapping {
            uids: row("1.2", "2.25.1"),
            patients: row("MRN", "abc"),
        };
        let judge = Judge::new(&object, &mapping);
        for (action, tag, asked, passes) in [
            ("tag_retained", "<(0010,0010)>", "", true),
            ("tag_retained", "<(0010,0030)>", "", false),
            ("text_notnull", "<(0010,0010)>", "", false),
            ("text_notnull", "<(0010,0020)>", "", true),
            ("text_retained", "<(0008,1030)>", "lumbar", true),
            ("text_retained", "<(0008,1030)>", "sacral", false),
            ("text_removed", "<(0008,1030)>", "Roe", true),
            ("text_removed", "<(0008,1030)>", "lumbar", false),
            ("text_removed", "<(0010,4000)>", "Roe", true),
            ("date_shifted", "<(0008,0020)>", "20200101", true),
            ("date_shifted", "<(0008,0020)>", "19990101", false),
            ("uid_changed", "<(0008,0018)>", "1.2", true),
            ("uid_consistent", "<(0008,0018)>", "1.2", true),
            ("uid_consistent", "<(0008,0018)>", "1.3", false),
            ("uid_consistent", "<(0020,000D)>", "1.3", true),
            ("patid_consistent", "<(0010,0020)>", "MRN", true),
            ("pixels_retained", "", "00", false),
        ] {
            let passed = judge.passes(&check(action, tag, asked), None);
            assert_eq!(passed, Some(passes), "{action} {tag} {asked}");
        }
        assert_eq!(judge.passes(&check("other", "", ""), None), None);
        assert_eq!(
            passes_when_missing(&check("uid_changed", "", "")),
            Some(true)
        );
        assert_eq!(
            passes_when_missing(&check("tag_retained", "", "")),
            Some(false)
        );
    }
}
