//! The text of a paragraph-like element, with what interrupts it and what it links to.

use crate::links::Reference;
use crate::math;
use crate::part::{Names, Part, Role};
use crate::text::{superscript, tidy};
use crate::tree::Node;

/// An element's own text.
pub struct Inline<'p, 't> {
    part: &'p Part<'t>,
    names: &'p Names,
    raw: String,
    /// Cross references in order.
    pub references: Vec<Reference>,
    /// Elements that are blocks of their own, in order.
    pub nested: Vec<Node<'t>>,
}

impl<'p, 't> Inline<'p, 't> {
    /// No text yet.
    pub fn new(part: &'p Part<'t>, names: &'p Names) -> Self {
        Self {
            part,
            names,
            raw: String::new(),
            references: Vec::new(),
            nested: Vec::new(),
        }
    }

    /// The text, normalised.
    pub fn text(&self) -> String {
        tidy(&self.raw)
    }

    /// Adds what is inside an element.
    pub fn inside(&mut self, node: Node<'t>) {
        for child in node.children() {
            self.add(child);
        }
    }

    /// Adds a node.
    pub fn add(&mut self, node: Node<'t>) {
        if let Some(text) = node.text() {
            self.raw.push_str(text);
            return;
        }
        match self.part.role(node) {
            Role::Silent => {}
            Role::Words => self.inside(node),
            Role::Superscript => self.superscript(node),
            Role::Formula => self.raw.push_str(&math::formula(node)),
            Role::Link => self.link(node),
            Role::Spaced
            | Role::Group
            | Role::Scope
            | Role::Paragraph
            | Role::Heading(_)
            | Role::Title
            | Role::Caption => {
                self.raw.push(' ');
                self.inside(node);
                self.raw.push(' ');
            }
            _ => {
                self.nested.push(node);
                self.raw.push(' ');
            }
        }
    }

    /// Keeps apart what is added before and after.
    pub fn space(&mut self) {
        self.raw.push(' ');
    }

    fn link(&mut self, node: Node<'t>) {
        let start = self.raw.len();
        let last = self.references.last().map_or(0, |reference| reference.end);
        let before = tidy(self.raw.get(last..start).unwrap_or_default());
        self.inside(node);
        let Some(target) = self.part.target(node) else {
            return;
        };
        let mut words = tidy(self.raw.get(start..).unwrap_or_default());
        if words.is_empty()
            && let Some(name) = self.names.get(&target)
        {
            self.raw.push_str(name);
            words.clone_from(name);
        }
        self.references.push(Reference {
            to_figure: false,
            targets: vec![target],
            words,
            before,
            end: self.raw.len(),
        });
    }

    fn superscript(&mut self, node: Node<'t>) {
        let start = self.raw.len();
        self.inside(node);
        let raised = superscript(self.raw.get(start..).unwrap_or_default());
        self.raw.truncate(start);
        self.raw.push_str(&raised);
        // Superscript digits are longer in UTF-8; references inside must not end beyond.
        if let Some(reference) = self.references.last_mut()
            && reference.end > start
        {
            reference.end = self.raw.len();
        }
    }
}
