//! Content trees: structured reports and key object selections (PS3.3, C.17.3; PS3.15, E.3.7).
//!
//! The structure stays: value types, relationships, listed concept names and codes with our own
//! meanings, numbers with their units, coordinates, references with mapped UIDs, moved dates.
//! Text is redacted, names are replaced. An item that names an unlisted concept or holds an
//! unlisted code goes with all its children, and so does what asks for an identifier.
//! References by position (PS3.3, C.17.3.2.5) are written anew for what is left.

use std::collections::BTreeMap;

use dicom_core::value::{C, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::walk::{self, Walk};
use super::{MAX_DEPTH, concepts, unknown, value};

/// Content Sequence.
pub(super) const CONTENT: Tag = Tag(0x0040, 0xA730);
pub(super) const CONCEPT_NAME: Tag = Tag(0x0040, 0xA043);
pub(super) const TEXT: Tag = Tag(0x0040, 0xA160);
pub(super) const DATE: Tag = Tag(0x0040, 0xA121);
const VALUE_TYPE: Tag = Tag(0x0040, 0xA040);
const RELATION: Tag = Tag(0x0040, 0xA010);
const TARGET: Tag = Tag(0x0040, 0xDB73);
const CONCEPT: Tag = Tag(0x0040, 0xA168);
const PERSON: Tag = Tag(0x0040, 0xA123);
const MEASURED: Tag = Tag(0x0040, 0xA300);
const NUMBER: Tag = Tag(0x0040, 0xA30A);
const UNITS: Tag = Tag(0x0040, 0x08EA);
const QUALIFIER: Tag = Tag(0x0040, 0xA301);
const NUMBERS: [Tag; 4] = [
    NUMBER,
    Tag(0x0040, 0xA161),
    Tag(0x0040, 0xA162),
    Tag(0x0040, 0xA163),
];

const RELATIONS: &[&str] = &[
    "CONTAINS",
    "HAS PROPERTIES",
    "HAS OBS CONTEXT",
    "HAS ACQ CONTEXT",
    "INFERRED FROM",
    "SELECTED FROM",
    "HAS CONCEPT MOD",
];

/// What an item of a value type holds beside its name and its children: elements that the
/// rules know, of which the first must be left. Text, names, codes and numbers are apart.
const HOLDS: &[(&str, &[Tag])] = &[
    ("CONTAINER", &[]),
    ("TEXT", &[]),
    ("PNAME", &[]),
    ("CODE", &[]),
    ("NUM", &[]),
    ("UIDREF", &[Tag(0x0040, 0xA124)]),
    ("DATE", &[DATE]),
    ("TIME", &[Tag(0x0040, 0xA122)]),
    ("DATETIME", &[Tag(0x0040, 0xA120)]),
    ("IMAGE", &[Tag(0x0008, 0x1199)]),
    ("COMPOSITE", &[Tag(0x0008, 0x1199)]),
    ("WAVEFORM", &[Tag(0x0008, 0x1199)]),
    (
        "SCOORD",
        &[
            Tag(0x0070, 0x0022),
            Tag(0x0070, 0x0023),
            Tag(0x0048, 0x0301),
        ],
    ),
    (
        "SCOORD3D",
        &[
            Tag(0x0070, 0x0022),
            Tag(0x0070, 0x0023),
            Tag(0x3006, 0x0024),
        ],
    ),
    (
        "TCOORD",
        &[
            Tag(0x0040, 0xA130),
            Tag(0x0040, 0xA132),
            Tag(0x0040, 0xA138),
            Tag(0x0040, 0xA13A),
        ],
    ),
];

/// What any item may have: continuity, template, time of observation, its identifier.
const SHARED: &[Tag] = &[
    Tag(0x0040, 0xA050),
    Tag(0x0040, 0xA504),
    Tag(0x0040, 0xA032),
    Tag(0x0040, 0xA171),
];

/// An item on its way.
struct Node {
    item: InMemDicomObject,
    /// Where the item was: its position below each ancestor, counted from one.
    was: Vec<u32>,
    /// The position that the item refers to instead of holding a value.
    target: Option<Vec<u32>>,
    children: Vec<Node>,
}

/// The sequence of items below an object, cleaned.
pub(super) fn tree(walk: &mut Walk<'_>, element: &InMemElement, depth: usize) -> InMemElement {
    let unknown = unknown::items(element);
    let items = element.items().or(unknown.as_deref()).unwrap_or_default();
    walk.parents.push(element.header().tag);
    let mut nodes = nodes(walk, items, &[1], depth);
    walk.parents.pop();
    let mut positions = BTreeMap::new();
    list(&nodes, &mut positions);
    prune(walk, &mut nodes, &positions);
    place(&nodes, &[1], &mut positions);
    let items = nodes.into_iter().map(|node| written(node, &positions));
    walk::sequence(element.header().tag, items.collect())
}

fn nodes(walk: &mut Walk<'_>, items: &[InMemDicomObject], at: &[u32], depth: usize) -> Vec<Node> {
    let mut nodes = Vec::with_capacity(items.len());
    for (position, item) in (1..).zip(items) {
        let was = [at, &[position]].concat();
        match node(walk, item, was, depth + 1) {
            Some(node) => {
                walk.count("content");
                nodes.push(node);
            }
            None => walk.count("content-removed"),
        }
    }
    nodes
}

/// An item and what is below it, cleaned. None where it goes.
fn node(walk: &mut Walk<'_>, raw: &InMemDicomObject, was: Vec<u32>, depth: usize) -> Option<Node> {
    if depth >= MAX_DEPTH {
        return None;
    }
    let mut clean = InMemDicomObject::new_empty();
    // The items of contexts outside of trees have no relationship.
    if raw.get(RELATION).is_some() {
        put_term(raw, &mut clean, RELATION, RELATIONS.iter())?;
    }
    if raw.get(TARGET).is_some() {
        let target = raw.get(TARGET)?.to_multi_int().ok()?;
        return Some(Node {
            item: clean,
            was,
            target: Some(target),
            children: Vec::new(),
        });
    }
    put_term(
        raw,
        &mut clean,
        VALUE_TYPE,
        HOLDS.iter().map(|(kind, _)| kind),
    )?;
    let kind = value::texts(raw.get(VALUE_TYPE)?)?.into_iter().next()?;
    named(walk, raw, &mut clean, &kind)?;
    let (_, holds) = HOLDS.iter().find(|(listed, _)| *listed == kind)?;
    for tag in holds.iter().chain(SHARED) {
        if let Some(made) = raw.get(*tag).and_then(|held| walk.kept(held, depth)) {
            clean.put(made);
        }
    }
    let whole = holds
        .first()
        .is_none_or(|needed| clean.get(*needed).is_some());
    if !whole || !hold(walk, raw, &mut clean, &kind) {
        return None;
    }
    let below = raw.get(CONTENT).and_then(DataElement::items);
    let children = nodes(walk, below.unwrap_or_default(), &was, depth);
    Some(Node {
        item: clean,
        was,
        target: None,
        children,
    })
}

fn put_term<'t>(
    raw: &InMemDicomObject,
    clean: &mut InMemDicomObject,
    tag: Tag,
    mut terms: impl Iterator<Item = &'t &'static str>,
) -> Option<()> {
    let text = value::texts(raw.get(tag)?)?.into_iter().next()?;
    let term = terms.find(|term| **term == text)?;
    clean.put(value::text(tag, VR::CS, term));
    Some(())
}

/// Writes the concept name. None where it is unlisted, asks for an identifier, or is missing
/// where a value says nothing without it.
fn named(
    walk: &Walk<'_>,
    raw: &InMemDicomObject,
    clean: &mut InMemDicomObject,
    kind: &str,
) -> Option<()> {
    let nameless = matches!(
        kind,
        "CONTAINER" | "IMAGE" | "COMPOSITE" | "WAVEFORM" | "SCOORD" | "SCOORD3D" | "TCOORD"
    );
    let name = raw.get(CONCEPT_NAME).and_then(DataElement::items);
    let Some(name) = name.and_then(<[_]>::first) else {
        return nameless.then_some(());
    };
    let replaced = matches!(kind, "PNAME" | "UIDREF" | "CONTAINER");
    if !replaced && concepts::identifying(name).is_some() {
        return None;
    }
    // What is asked by an unlisted code may be an identifier, so only numbers and codes answer.
    let answered = matches!(kind, "NUM" | "CODE");
    let concept = coded(name).or_else(|| checked(walk, name).filter(|_| answered))?;
    clean.put(walk::sequence(CONCEPT_NAME, vec![concept]));
    Some(())
}

fn coded(raw: &InMemDicomObject) -> Option<InMemDicomObject> {
    let mut clean = InMemDicomObject::new_empty();
    concepts::write(raw, &mut clean).then_some(clean)
}

/// A code that no list has, where it is one of a standard scheme by its form.
fn checked(walk: &Walk<'_>, raw: &InMemDicomObject) -> Option<InMemDicomObject> {
    let mut clean = InMemDicomObject::new_empty();
    concepts::write_checked(raw, &mut clean, walk.identifiers).then_some(clean)
}

/// Writes what text, names, codes and numbers hold. False where nothing may stand.
fn hold(
    walk: &mut Walk<'_>,
    raw: &InMemDicomObject,
    clean: &mut InMemDicomObject,
    kind: &str,
) -> bool {
    let made = match kind {
        "TEXT" => text(walk, raw),
        "PNAME" => Some(value::dummy(PERSON, VR::PN)),
        "CODE" => codes(raw, CONCEPT).or_else(|| {
            let item = raw.get(CONCEPT)?.items()?.first()?;
            Some(walk::sequence(CONCEPT, vec![checked(walk, item)?]))
        }),
        "NUM" => {
            // A reason why there is no number stands beside the sequence, which is empty then.
            let reason = codes(raw, QUALIFIER);
            let needed = reason.is_none();
            reason.map(|reason| clean.put(reason));
            let made = measured(walk, raw);
            made.filter(|made| !needed || made.items().is_some_and(|items| !items.is_empty()))
        }
        _ => return true,
    };
    match made {
        Some(made) => {
            clean.put(made);
            true
        }
        None => false,
    }
}

fn text(walk: &Walk<'_>, raw: &InMemDicomObject) -> Option<InMemElement> {
    let text = value::texts(raw.get(TEXT)?)?.join("\\");
    Some(value::text(TEXT, VR::UT, &walk.redacted(&text)))
}

/// The one code of a sequence.
fn codes(raw: &InMemDicomObject, tag: Tag) -> Option<InMemElement> {
    let items = raw.get(tag).and_then(DataElement::items)?;
    Some(walk::sequence(tag, vec![coded(items.first()?)?]))
}

/// Numbers and their units (PS3.3, C.18.1). None where one of them cannot stand.
fn measured(walk: &mut Walk<'_>, raw: &InMemDicomObject) -> Option<InMemElement> {
    let mut items = Vec::new();
    for item in raw.get(MEASURED).and_then(DataElement::items)? {
        let mut clean = InMemDicomObject::new_empty();
        for tag in NUMBERS {
            if let Some(made) = item.get(tag).and_then(|number| walk.kept(number, 0)) {
                clean.put(made);
            }
        }
        let number = clean.get(NUMBER)?.to_float64().ok()?;
        clean.put(codes(item, UNITS)?);
        items.push(if is_age(raw) {
            aged(clean, number)?
        } else {
            clean
        });
    }
    Some(walk::sequence(MEASURED, items))
}

fn is_age(raw: &InMemDicomObject) -> bool {
    let name = raw.get(CONCEPT_NAME).and_then(DataElement::items);
    let code = name.and_then(|name| name.first()?.get(Tag(0x0008, 0x0100)));
    code.and_then(value::texts)
        .is_some_and(|code| code.first().is_some_and(|code| code == "121033"))
}

/// An age in years is 90 at most; one in other units that is as high goes.
fn aged(mut clean: InMemDicomObject, number: f64) -> Option<InMemDicomObject> {
    let unit = clean
        .get(UNITS)?
        .items()?
        .first()?
        .get(Tag(0x0008, 0x0100))?;
    let (unit, days) = (unit.to_str().ok()?.into_owned(), number.abs());
    let years = match unit.as_str() {
        "a" => number,
        "mo" => days / 12.0,
        "wk" => days / 53.0,
        "d" => days / 366.0,
        _ => return None,
    };
    if years < 90.0 {
        return Some(clean);
    }
    if unit != "a" {
        return None;
    }
    let mut aged = InMemDicomObject::new_empty();
    aged.put(value::text(NUMBER, VR::DS, "90"));
    aged.put(clean.take(UNITS)?);
    Some(aged)
}

/// The positions of all items that hold a value.
fn list(nodes: &[Node], positions: &mut BTreeMap<Vec<u32>, Vec<u32>>) {
    for node in nodes {
        if node.target.is_none() {
            positions.insert(node.was.clone(), Vec::new());
        }
        list(&node.children, positions);
    }
}

/// Removes references to what is gone; the root is always there.
fn prune(walk: &mut Walk<'_>, nodes: &mut Vec<Node>, there: &BTreeMap<Vec<u32>, Vec<u32>>) {
    let before = nodes.len();
    nodes.retain(|node| {
        let target = node.target.as_ref();
        target.is_none_or(|target| target == &[1] || there.contains_key(target))
    });
    for _ in nodes.len()..before {
        walk.count("content-removed");
    }
    for node in nodes {
        prune(walk, &mut node.children, there);
    }
}

/// Notes where items are now.
fn place(nodes: &[Node], at: &[u32], positions: &mut BTreeMap<Vec<u32>, Vec<u32>>) {
    for (position, node) in (1..).zip(nodes) {
        let now = [at, &[position]].concat();
        place(&node.children, &now, positions);
        if node.target.is_none() {
            positions.insert(node.was.clone(), now);
        }
    }
}

fn written(node: Node, positions: &BTreeMap<Vec<u32>, Vec<u32>>) -> InMemDicomObject {
    let mut item = node.item;
    if let Some(target) = &node.target {
        let now: C<u32> = match positions.get(target) {
            Some(now) => now.iter().copied().collect(),
            None => [1].into_iter().collect(),
        };
        item.put(DataElement::new(TARGET, VR::UL, PrimitiveValue::U32(now)));
    }
    if !node.children.is_empty() {
        let below = node.children.into_iter();
        let below = below.map(|child| written(child, positions)).collect();
        item.put(walk::sequence(CONTENT, below));
    }
    item
}
