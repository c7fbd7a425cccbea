//! What objects that are no plain pictures need beside the rules: content trees, annotations
//! and what the list of kinds keeps.

use dicom_core::value::{PrimitiveValue, Value};
use dicom_core::{DataElement, Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use spinemed_core::vocabulary::{Language, ProfileOption};

use super::kinds::{self, Kind};
use super::walk::{self, Done, Walk};
use super::{codes, concepts, content, value};
use crate::{Scope, descriptor, redact};

/// The group of digital signatures and original attributes.
const SIGNATURES: u16 = 0x0400;
/// Graphic Annotation Sequence.
const ANNOTATIONS: Tag = Tag(0x0070, 0x0001);
/// Text Object Sequence.
const TEXT_OBJECTS: Tag = Tag(0x0070, 0x0008);
/// Unformatted Text Value.
const UNFORMATTED: Tag = Tag(0x0070, 0x0006);

impl Walk<'_> {
    /// What comes before the rules: trees and annotations under the options that clean them
    /// (PS3.15, E.3.4 and E.3.5), and kinds with ways of their own.
    pub(super) fn special(&mut self, element: &InMemElement, depth: usize) -> Option<Done> {
        // Signatures of what is no longer there, and attributes as they were before.
        if element.header().tag.group() == SIGNATURES {
            return Some(("X", None));
        }
        if self.scope == Scope::Pictures {
            return None;
        }
        let profile = self.rules.profile();
        match element.header().tag {
            content::CONTENT if profile.has(ProfileOption::CleanStructuredContent) => {
                let tree = content::tree(self, element, depth);
                let filled = tree.items().is_some_and(|items| !items.is_empty());
                Some(("content", filled.then_some(tree)))
            }
            content::CONCEPT_NAME if self.parents.is_empty() => {
                Some(("keep", Some(self.title(element, depth))))
            }
            ANNOTATIONS if profile.has(ProfileOption::CleanGraphics) => {
                let made = self.items(element, depth, false);
                Some(("graphics", made))
            }
            UNFORMATTED
                if profile.has(ProfileOption::CleanGraphics)
                    && self.parents.last() == Some(&TEXT_OBJECTS) =>
            {
                let text = value::texts(element)?.join("\\");
                let text = self.redacted(&text);
                Some(("graphics", Some(value::text(UNFORMATTED, VR::ST, &text))))
            }
            tag => {
                let kind = kinds::find(tag)?;
                self.kind(kind, element, depth)
            }
        }
    }

    /// What comes after the rules, for tags that they do not know.
    pub(super) fn further(&mut self, element: &InMemElement, depth: usize) -> Option<Done> {
        if self.scope == Scope::Pictures {
            return None;
        }
        match kinds::find(element.header().tag)? {
            Kind::Rule(rule) => Some(self.apply(rule, element, depth)),
            _ => None,
        }
    }

    /// What the list of kinds does in ways of its own.
    fn kind(&mut self, kind: &Kind, element: &InMemElement, depth: usize) -> Option<Done> {
        let tag = element.header().tag;
        let made = match kind {
            Kind::Rule(_) => return None,
            Kind::Dummy(vr) => return Some(("D", Some(value::dummy(tag, *vr)))),
            Kind::Label(vr) => self.label(element, *vr),
            Kind::Layer(vr) => self.layer(element, *vr),
            Kind::Content
                if self
                    .rules
                    .profile()
                    .has(ProfileOption::CleanStructuredContent) =>
            {
                Some(content::tree(self, element, depth))
            }
            Kind::Content => None,
            Kind::Floats => floats(element),
            Kind::Template(vr) => template(element, *vr),
        };
        Some(match made {
            Some(made) => ("keep", Some(made)),
            None => ("unknown-value", None),
        })
    }

    /// What the rules leave of an element, counted.
    pub(super) fn kept(&mut self, element: &InMemElement, depth: usize) -> Option<InMemElement> {
        let (rule, made) = self.element(element, depth);
        self.count(rule);
        made
    }

    /// A free text without identifiers.
    pub(super) fn redacted(&self, text: &str) -> String {
        let han = text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
        let language = if han { Language::Zh } else { Language::En };
        redact(text, language, self.subject, self.known).text
    }

    /// Writes the code of an item, where it is listed. Among all objects one of a standard scheme
    /// may stand that only its check digit speaks for.
    pub(super) fn coded(&self, raw: &InMemDicomObject, clean: &mut InMemDicomObject) -> bool {
        match self.scope {
            Scope::Pictures => codes::write(raw, clean),
            Scope::Objects => {
                concepts::write(raw, clean) || concepts::write_checked(raw, clean, self.identifiers)
            }
        }
    }

    /// The title of a document: a code that is listed, or one that says what it is for. No
    /// document is without (PS3.3, C.17.3.1).
    fn title(&mut self, element: &InMemElement, depth: usize) -> InMemElement {
        let listed = self.items(element, depth, true);
        listed.unwrap_or_else(|| {
            let mut item = InMemDicomObject::new_empty();
            codes::put(&mut item, "DCM", "121144", "Document Title");
            walk::sequence(element.header().tag, vec![item])
        })
    }

    /// A cleaned description; a dummy where nothing of it may stay, as labels are needed.
    fn label(&self, element: &InMemElement, vr: VR) -> Option<InMemElement> {
        let tag = element.header().tag;
        let text = value::texts(element)?.join(" ");
        let cleans = self.rules.profile().has(ProfileOption::CleanDescriptors);
        let clean = descriptor(&text, self.subject, self.known).filter(|_| cleans);
        let most = if vr == VR::SH { 16 } else { 64 };
        let fits = |text: &String| text.chars().count() <= most || vr == VR::ST;
        Some(match clean.filter(fits) {
            Some(text) => value::text(tag, vr, &text),
            None => value::dummy(tag, vr),
        })
    }

    /// Layers are named by people, and annotations refer to the names: equal ones stay equal.
    fn layer(&self, element: &InMemElement, vr: VR) -> Option<InMemElement> {
        let name = value::texts(element)?.join("\\");
        let keyed = self.subject.key().pseudonym("layer", &name);
        let name = format!("LAYER_{}", keyed.get(..8)?.to_uppercase());
        Some(value::text(element.header().tag, vr, &name))
    }
}

fn floats(element: &InMemElement) -> Option<InMemElement> {
    let Value::Primitive(PrimitiveValue::F32(numbers)) = element.value() else {
        return None;
    };
    let finite = numbers.iter().all(|number| number.is_finite());
    let (tag, value) = (element.header().tag, element.value().clone());
    finite.then(|| DataElement::new(tag, VR::OF, value))
}

/// Templates of the standard have short numbers (PS3.16, annex A).
fn template(element: &InMemElement, vr: VR) -> Option<InMemElement> {
    let number = value::texts(element)?.into_iter().next()?;
    let short = (1..=5).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    short.then(|| value::text(element.header().tag, vr, &number))
}
