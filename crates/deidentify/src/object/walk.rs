//! The walk over an object: a rule for each element, at every depth.

use std::collections::{BTreeMap, BTreeSet};

use dicom_core::value::{DataSetSequence, PrimitiveValue, Value};
use dicom_core::{DataElement, Length, Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::rules::{Action, Found, Place, Rule, Rules};
use super::{MAX_DEPTH, codes, value};
use crate::{Known, Subject};

/// A lookup table has at most 2^16 entries of 16 bits; tables of offsets are let grow.
const MAX_BULK: usize = 1 << 20;

/// What an element became, and the rule's name in the counts.
type Done = (&'static str, Option<InMemElement>);

/// A walk, with what it has counted.
pub(super) struct Walk<'a> {
    pub(super) subject: &'a Subject,
    /// What is known of people, from this object and those before it.
    pub(super) known: &'a Known,
    /// The rules of the profile.
    pub(super) rules: &'a Rules,
    /// The object's SOP class.
    pub(super) class: &'a str,
    /// The sequences that are open, from the object inwards.
    pub(super) parents: Vec<Tag>,
    /// Identifiers of the object, which no kept value may equal.
    pub(super) identifiers: &'a BTreeSet<String>,
    pub(super) actions: BTreeMap<String, u64>,
}

impl Walk<'_> {
    /// Counts one use of a rule.
    pub(super) fn count(&mut self, rule: &str) {
        *self.actions.entry(rule.to_owned()).or_default() += 1;
    }

    /// The clean copy of an object or item, without the elements that the caller writes
    /// anew. `depth` is 0 for the object itself; what lies beyond the limit is left out, and
    /// the caller has refused such an object before.
    pub(super) fn object(
        &mut self,
        raw: &InMemDicomObject,
        depth: usize,
        written: &[Tag],
    ) -> InMemDicomObject {
        let mut clean = InMemDicomObject::new_empty();
        for element in raw.iter() {
            let (rule, made) = if written.contains(&element.header().tag) {
                ("written", None)
            } else {
                self.element(element, depth)
            };
            self.count(rule);
            if let Some(made) = made {
                clean.put(made);
            }
        }
        clean
    }

    fn element(&mut self, element: &InMemElement, depth: usize) -> Done {
        let tag = element.header().tag;
        let place = Place {
            class: self.class,
            parent: self.parents.last().copied(),
        };
        match self.rules.find(tag, place) {
            Found::Private => ("private", None),
            Found::Family => ("X", None),
            Found::Unlisted => ("default-deny", None),
            Found::Rule(rule) => self.apply(rule, element, depth),
        }
    }

    fn apply(&mut self, rule: &'static Rule, element: &InMemElement, depth: usize) -> Done {
        let tag = element.header().tag;
        match rule.action {
            Action::Remove => ("X", None),
            Action::Zero => ("Z", Some(nothing(tag, rule.vr))),
            Action::Empty => ("empty", Some(nothing(tag, rule.vr))),
            Action::Dummy => ("D", Some(value::dummy(tag, rule.vr))),
            Action::Pseudonym if depth == 0 => {
                let pseudonym = self.subject.pseudonym();
                ("pseudonym", Some(value::text(tag, rule.vr, pseudonym)))
            }
            // Below the object itself it may be somebody else's.
            Action::Pseudonym => ("Z", Some(value::empty(tag, rule.vr))),
            Action::Keep if rule.terms.is_empty() && self.identifies(element) => {
                known("keep", None, rule, tag)
            }
            Action::Keep => known("keep", value::keep(rule, element), rule, tag),
            Action::Age => known("keep", value::age(rule, element), rule, tag),
            Action::Uid => known("U", value::uids(rule, element, self.subject), rule, tag),
            Action::Shift => {
                let moved = value::shift(rule, element, self.subject);
                known("shift", moved, rule, tag)
            }
            Action::Bulk => known("keep", bulk(rule, element), rule, tag),
            Action::Clean => known("keep", self.items(element, depth, false), rule, tag),
            Action::Codes => known("keep", self.items(element, depth, true), rule, tag),
            // The object's own pixels are copied last, when their description is clean;
            // those of an item are an icon's.
            Action::Pixels if depth == 0 => ("keep", None),
            Action::Pixels => ("X", None),
        }
    }

    /// Whether a value is an identifier in a place for something else.
    fn identifies(&self, element: &InMemElement) -> bool {
        let values = value::texts(element).unwrap_or_default();
        values.iter().any(|value| self.identifiers.contains(value))
    }

    /// A sequence, cleaned inside; of codes, the items whose code is listed.
    fn items(&mut self, element: &InMemElement, depth: usize, coded: bool) -> Option<InMemElement> {
        let tag = element.header().tag;
        let items = match element.value() {
            Value::Sequence(sequence) if depth < MAX_DEPTH => sequence.items(),
            Value::Primitive(PrimitiveValue::Empty) => &[],
            _ => return None,
        };
        let mut clean = Vec::with_capacity(items.len());
        let written: &[Tag] = if coded { &codes::WRITTEN } else { &[] };
        for item in items {
            self.parents.push(tag);
            let mut made = self.object(item, depth + 1, written);
            self.parents.pop();
            if !coded || codes::write(item, &mut made) {
                clean.push(made);
            }
        }
        (!coded || !clean.is_empty()).then(|| sequence(tag, clean))
    }
}

/// A sequence of items, written with undefined length.
pub(super) fn sequence(tag: Tag, items: Vec<InMemDicomObject>) -> InMemElement {
    DataElement::new(tag, VR::SQ, DataSetSequence::new(items, Length::UNDEFINED))
}

fn nothing(tag: Tag, vr: VR) -> InMemElement {
    match vr {
        VR::SQ => sequence(tag, Vec::new()),
        vr => value::empty(tag, vr),
    }
}

/// What a rule made, or what is left where the value is none that the rule knows.
fn known(name: &'static str, made: Option<InMemElement>, rule: &Rule, tag: Tag) -> Done {
    match made {
        Some(made) => (name, Some(made)),
        None => ("unknown-value", rule.empties.then(|| nothing(tag, rule.vr))),
    }
}

/// A table of numbers that belongs to the pixels.
fn bulk(rule: &Rule, element: &InMemElement) -> Option<InMemElement> {
    let Value::Primitive(value) = element.value() else {
        return None;
    };
    let width = match value {
        PrimitiveValue::U8(_) => 1,
        PrimitiveValue::U16(_) => 2,
        PrimitiveValue::U64(_) if rule.vr == VR::OV => 8,
        _ => return None,
    };
    let vr = match (rule.vr, element.vr()) {
        (VR::OV, VR::OV) => VR::OV,
        (VR::OW, vr @ (VR::OW | VR::OB | VR::US)) => vr,
        _ => return None,
    };
    let bytes = value.multiplicity() as usize * width;
    let tag = element.header().tag;
    (bytes <= MAX_BULK).then(|| DataElement::new(tag, vr, value.clone()))
}
