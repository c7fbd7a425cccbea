//! The walk over an object: a rule for each element, at every depth.

use std::collections::{BTreeMap, BTreeSet};

use dicom_core::value::{DataSetSequence, PrimitiveValue, Value};
use dicom_core::{DataElement, Length, Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use spinemed_core::vocabulary::ProfileOption;

use super::rules::{self, Action, Blank, Cell, Found, Place, Rule, Rules};
use super::{Identities, MAX_DEPTH, codes, moments, private, tables, unknown, value};
use crate::text::Cleaned;
use crate::{Known, Scope, Subject};

/// A lookup table has at most 2^16 entries of 16 bits; tables of offsets are let grow.
const MAX_BULK: usize = 1 << 20;

/// What an element became, and the rule's name in the counts.
pub(super) type Done = (&'static str, Option<InMemElement>);

/// A walk, with what it has counted.
pub(super) struct Walk<'a> {
    pub(super) subject: &'a Subject,
    /// What is known of people, from this object and those before it.
    pub(super) known: &'a Known,
    /// What descriptions became under that knowledge.
    pub(super) cleaned: Cleaned,
    /// The rules of the profile.
    pub(super) rules: &'a Rules,
    /// Which classes pass, and with that how much is looked into.
    pub(super) scope: Scope,
    /// The object's SOP class.
    pub(super) class: &'a str,
    /// The sequences that are open, from the object inwards.
    pub(super) parents: Vec<Tag>,
    /// Identifiers of the object, which no kept value may equal.
    pub(super) identifiers: &'a BTreeSet<String>,
    /// UIDs that were replaced.
    pub(super) identities: Identities,
    pub(super) actions: BTreeMap<&'static str, u64>,
}

impl Walk<'_> {
    /// Counts one use of a rule.
    pub(super) fn count(&mut self, rule: &'static str) {
        *self.actions.entry(rule).or_default() += 1;
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
        if self.rules.profile().has(ProfileOption::RetainSafePrivate) {
            for element in private::kept(raw, self.identifiers) {
                self.count("keep");
                clean.put(element);
            }
        }
        for _ in 0..tables::check(&mut clean) {
            self.count("unknown-value");
        }
        clean
    }

    pub(super) fn element(&mut self, element: &InMemElement, depth: usize) -> Done {
        if let Some(done) = self.special(element, depth) {
            return done;
        }
        let tag = element.header().tag;
        let rules = self.rules;
        match rules.find(tag) {
            Found::Private => ("private", None),
            Found::Family => ("X", None),
            Found::Unlisted => self.further(element, depth).unwrap_or_else(|| {
                let vr = element.vr();
                ("default-deny", self.blank(Cell::default(), tag, vr).1)
            }),
            Found::Rule(rule) => self.apply(rule, element, depth),
        }
    }

    /// What is left where a value may not stay, and the letter for it.
    fn blank(&self, cell: Cell, tag: Tag, vr: VR) -> Done {
        let place = Place {
            class: self.class,
            parent: self.parents.last().copied(),
        };
        match rules::blank(cell, tag, vr, place) {
            Blank::Remove => ("X", None),
            Blank::Zero => ("Z", Some(nothing(tag, vr))),
            Blank::Dummy => ("D", Some(value::dummy(tag, vr))),
        }
    }

    /// What a rule made, or what is left where the value is none that the rule knows.
    fn known(&self, name: &'static str, made: Option<InMemElement>, rule: &Rule, tag: Tag) -> Done {
        match made {
            Some(made) => (name, Some(made)),
            None => ("unknown-value", self.blank(rule.cell, tag, rule.vr).1),
        }
    }

    pub(super) fn apply(&mut self, rule: &Rule, element: &InMemElement, depth: usize) -> Done {
        let tag = element.header().tag;
        let (subject, known) = (self.subject, self.known);
        let times = self.rules.profile().times;
        let kept = |name, made| self.known(name, made, rule, tag);
        match rule.action {
            Action::Basic => self.blank(rule.cell, tag, rule.vr),
            Action::Empty => ("empty", Some(nothing(tag, rule.vr))),
            Action::Pseudonym if depth == 0 => {
                let pseudonym = self.subject.pseudonym();
                ("pseudonym", Some(value::text(tag, rule.vr, pseudonym)))
            }
            // Below the object itself it may be somebody else's.
            Action::Pseudonym => ("Z", Some(value::empty(tag, rule.vr))),
            Action::Keep if disguised(rule.vr, element) => kept("keep", None),
            Action::Keep if rule.terms.is_empty() && self.identifies(element) => kept("keep", None),
            Action::Keep => kept("keep", value::keep(rule, element)),
            Action::Age => kept("keep", value::age(rule, element)),
            Action::Uid => {
                let uids = self.uids(rule, element);
                self.known("U", uids, rule, tag)
            }
            Action::UidKept => {
                let uids = value::uids_kept(rule, element, subject, self.identifiers);
                kept("keep", uids)
            }
            Action::Shift => kept("shift", moments::shift(rule, element, subject, times)),
            Action::Date => kept("keep", moments::unmoved(rule, element, times)),
            Action::Time => kept("keep", moments::times(rule, element)),
            Action::Zone => kept("keep", moments::zone(rule, element)),
            Action::Device => kept("keep", value::named(rule, element, subject, known, false)),
            Action::Institution => kept("keep", value::named(rule, element, subject, known, true)),
            Action::Descriptor => {
                let made = value::described(rule, element, subject, known, &mut self.cleaned);
                self.known("clean", made, rule, tag)
            }
            Action::Bulk => kept("keep", bulk(rule, element)),
            Action::Clean | Action::Content => {
                let items = self.items(element, depth, false);
                self.known("keep", items, rule, tag)
            }
            Action::Codes => {
                let items = self.items(element, depth, true);
                self.known("keep", items, rule, tag)
            }
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

    /// UIDs, mapped, with a note of what they were.
    fn uids(&mut self, rule: &Rule, element: &InMemElement) -> Option<InMemElement> {
        let made = value::uids(rule, element, self.subject)?;
        let pairs = value::texts(element)?.into_iter().zip(value::texts(&made)?);
        let replaced = pairs.filter(|(old, new)| old != new && !old.is_empty());
        self.identities.uids.extend(replaced);
        Some(made)
    }

    /// A sequence, cleaned inside; of codes, the items whose code is listed.
    pub(super) fn items(
        &mut self,
        element: &InMemElement,
        depth: usize,
        coded: bool,
    ) -> Option<InMemElement> {
        let tag = element.header().tag;
        let unknown;
        let items = match element.value() {
            _ if depth >= MAX_DEPTH => return None,
            Value::Sequence(sequence) => sequence.items(),
            Value::Primitive(PrimitiveValue::Empty) => &[],
            _ => {
                unknown = unknown::items(element)?;
                &unknown
            }
        };
        let mut clean = Vec::with_capacity(items.len());
        let written: &[Tag] = if coded { &codes::WRITTEN } else { &[] };
        for item in items {
            self.parents.push(tag);
            let mut made = self.object(item, depth + 1, written);
            self.parents.pop();
            if !coded || self.coded(item, &mut made) {
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

/// Whether bytes of unknown representation are text where binary numbers are due.
fn disguised(due: VR, element: &InMemElement) -> bool {
    let Value::Primitive(PrimitiveValue::U8(bytes)) = element.value() else {
        return false;
    };
    let text = matches!(due, VR::DS | VR::IS | VR::CS | VR::LO | VR::SH);
    let printable = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
    !text && bytes.len() >= 4 && bytes.iter().all(printable)
}

fn nothing(tag: Tag, vr: VR) -> InMemElement {
    match vr {
        VR::SQ => sequence(tag, Vec::new()),
        vr => value::empty(tag, vr),
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
