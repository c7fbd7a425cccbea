//! Private elements that are known to be safe (PS3.15, E.3.10): numbers, found by their creator
//! and the offset in the creator's block (PS3.5, 7.8.1), never by the whole tag.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use dicom_core::{Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::rules::{self, Rule};
use super::value;

const SAFE: &str = include_str!("private.tsv");

/// The safe private elements of an object or item, with the creators that they need.
/// Identifiers are what no kept value may equal.
pub(super) fn kept(raw: &InMemDicomObject, identifiers: &BTreeSet<String>) -> Vec<InMemElement> {
    let mut kept = Vec::new();
    let mut reserved = BTreeSet::new();
    for element in raw.iter() {
        let tag = element.header().tag;
        // Below 1000 are the creators themselves, and nothing else may be there.
        if tag.group() % 2 == 0 || tag.element() < 0x1000 {
            continue;
        }
        let block = Tag(tag.group(), tag.element() >> 8);
        let Some((creator, rule)) = rule(raw, tag, block) else {
            continue;
        };
        let values = value::texts(element).unwrap_or_default();
        if values.iter().any(|value| identifiers.contains(value)) {
            continue;
        }
        if let Some(made) = value::keep(rule, element) {
            if reserved.insert(block) {
                kept.push(value::text(block, VR::LO, creator));
            }
            kept.push(made);
        }
    }
    kept
}

/// A creator and the rule for one of its elements.
type Safe = (&'static str, Rule);

fn rule(raw: &InMemDicomObject, tag: Tag, block: Tag) -> Option<&'static Safe> {
    let creator = value::texts(raw.get(block)?)?.into_iter().next()?;
    let offset = tag.element() & 0x00FF;
    LISTED
        .get(&(tag.group(), offset))?
        .iter()
        .find(|(listed, _)| *listed == creator)
}

/// By group and offset.
type Listed = HashMap<(u16, u16), Vec<Safe>>;

static LISTED: LazyLock<Listed> = LazyLock::new(|| {
    let mut listed = Listed::new();
    for row in rules::rows(SAFE) {
        let (place, entry) = parse(&row).expect("each row of the safe elements is a rule");
        listed.entry(place).or_default().push(entry);
    }
    listed
});

fn parse(row: &[&'static str]) -> Option<((u16, u16), Safe)> {
    let [creator, group, offset, vr, most, terms, _] = *row else {
        return None;
    };
    let number = |text| u16::from_str_radix(text, 16).ok();
    let rule = Rule::kept(vr, most, terms)?;
    Some(((number(group)?, number(offset)?), (creator, rule)))
}

#[cfg(test)]
mod tests {
    use dicom_core::DataElement;
    use dicom_core::value::PrimitiveValue;

    use super::*;

    fn text(group: u16, element: u16, vr: VR, value: &str) -> InMemElement {
        value::text(Tag(group, element), vr, value)
    }

    fn check(elements: &[InMemElement], expect: &[(u16, u16)]) {
        let raw = InMemDicomObject::from_element_iter(elements.to_vec());
        let identifiers = BTreeSet::from(["7734419".to_owned()]);
        let found: Vec<_> = kept(&raw, &identifiers)
            .iter()
            .map(|e| (e.header().tag.group(), e.header().tag.element()))
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn numbers_are_found_by_creator_and_offset() {
        let creator = text(0x0019, 0x0011, VR::LO, "SIEMENS MR HEADER ");
        let value = text(0x0019, 0x110C, VR::IS, "800");
        check(
            &[creator.clone(), value.clone()],
            &[(0x0019, 0x0011), (0x0019, 0x110C)],
        );
        // Another creator's block, an orphan, and a block of another number.
        let other = text(0x0019, 0x0011, VR::LO, "OTHER CREATOR");
        check(&[other, value.clone()], &[]);
        check(&[value], &[]);
        check(&[creator.clone(), text(0x0019, 0x100C, VR::IS, "800")], &[]);
        // A creator alone is an orphan.
        check(&[creator], &[]);
    }

    #[test]
    fn nothing_but_numbers_and_terms_stays() {
        let creator = text(0x0019, 0x0011, VR::LO, "SIEMENS MR HEADER");
        let with = |element| [creator.clone(), element];
        check(&with(text(0x0019, 0x110C, VR::IS, "Quenby")), &[]);
        check(&with(text(0x0019, 0x110C, VR::IS, "7734419")), &[]);
        check(&with(text(0x0019, 0x110D, VR::CS, "QUENBY")), &[]);
        check(&with(text(0x0019, 0x1150, VR::LO, "800")), &[]);
        let unknown = PrimitiveValue::from(b"800 ".as_slice());
        let unknown = DataElement::new(Tag(0x0019, 0x110C), VR::UN, unknown);
        check(&with(unknown), &[(0x0019, 0x0011), (0x0019, 0x110C)]);
    }

    #[test]
    fn no_text_and_no_bytes_are_listed() {
        for rule in LISTED.values().flatten().map(|(_, rule)| rule) {
            let number = matches!(
                rule.vr,
                VR::DS | VR::IS | VR::FD | VR::FL | VR::US | VR::SS | VR::UL | VR::SL
            );
            assert!(number || !rule.terms.is_empty());
        }
    }
}
