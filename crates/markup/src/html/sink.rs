//! The nodes that `html5ever` builds, as long as it builds them.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, QualName, local_name, ns};

use crate::tree::{Builder, Tree};

/// Nodes while they may still be moved. Beyond `limit` nothing is kept.
pub struct Sink {
    nodes: RefCell<Vec<Held>>,
    line: Cell<u32>,
    limit: usize,
}

struct Held {
    name: QualName,
    attributes: Vec<Attribute>,
    /// A text, for what is no element.
    text: Option<StrTendril>,
    parent: Option<usize>,
    children: Vec<usize>,
    line: u32,
}

/// The document itself.
const DOCUMENT: usize = 0;

impl Sink {
    /// An empty document.
    pub fn new(limit: usize) -> Self {
        let sink = Self {
            nodes: RefCell::new(Vec::new()),
            line: Cell::new(1),
            limit,
        };
        sink.hold(element_name(""), Vec::new(), None);
        sink
    }

    /// Whether more nodes were asked for than the limit allows.
    pub fn is_full(&self) -> bool {
        self.nodes.borrow().len() >= self.limit
    }

    fn hold(&self, name: QualName, attributes: Vec<Attribute>, text: Option<StrTendril>) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Held {
            name,
            attributes,
            text,
            parent: None,
            children: Vec::new(),
            line: self.line.get(),
        });
        nodes.len() - 1
    }

    fn detach(&self, node: usize) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[node].parent.take() {
            // What is moved was added last, nearly always.
            let children = &mut nodes[parent].children;
            if let Some(at) = children.iter().rposition(|child| *child == node) {
                children.remove(at);
            }
        }
    }

    fn insert(&self, parent: usize, before: Option<usize>, child: NodeOrText<usize>) {
        let node = match child {
            NodeOrText::AppendNode(node) => {
                self.detach(node);
                node
            }
            NodeOrText::AppendText(text) => {
                if before.is_none() && self.lengthen(parent, &text) {
                    return;
                }
                if self.is_full() {
                    return;
                }
                self.hold(element_name(""), Vec::new(), Some(text))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let children = &nodes[parent].children;
        let at = before.and_then(|sibling| children.iter().rposition(|c| *c == sibling));
        let at = at.unwrap_or(children.len());
        nodes[parent].children.insert(at, node);
        nodes[node].parent = Some(parent);
    }

    /// Adds to the text that ends an element, where one does.
    fn lengthen(&self, parent: usize, more: &StrTendril) -> bool {
        let mut nodes = self.nodes.borrow_mut();
        let Some(&last) = nodes[parent].children.last() else {
            return false;
        };
        match &mut nodes[last].text {
            Some(text) => {
                text.push_tendril(more);
                true
            }
            None => false,
        }
    }

    /// The tree below the document.
    pub fn tree(&self) -> Tree {
        enum Step {
            Open(usize),
            Close,
        }
        let nodes = self.nodes.borrow();
        let mut builder = Builder::default();
        let root = nodes[DOCUMENT]
            .children
            .iter()
            .find(|child| nodes[**child].text.is_none());
        let mut steps: Vec<Step> = root.map(|root| Step::Open(*root)).into_iter().collect();
        while let Some(step) = steps.pop() {
            let Step::Open(at) = step else {
                builder.close();
                continue;
            };
            let node = &nodes[at];
            if let Some(text) = &node.text {
                builder.text(text, node.line);
                continue;
            }
            let attributes = node.attributes.iter().map(|attribute| {
                let prefix = match attribute.name.ns {
                    ns!(xlink) => "xlink:",
                    ns!(xml) => "xml:",
                    _ => "",
                };
                let name = format!("{prefix}{}", attribute.name.local);
                (name, attribute.value.to_string())
            });
            builder.open(&node.name.local, attributes.collect(), node.line);
            steps.push(Step::Close);
            steps.extend(node.children.iter().rev().map(|child| Step::Open(*child)));
        }
        builder.finish()
    }
}

fn element_name(name: &str) -> QualName {
    QualName::new(None, ns!(html), name.into())
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Self;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        DOCUMENT
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Ref<'a, QualName> {
        Ref::map(self.nodes.borrow(), |nodes| &nodes[*target].name)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> usize {
        // The parser stops soon after the limit; what it makes until then has no content.
        let attributes = if self.is_full() { Vec::new() } else { attrs };
        self.hold(name, attributes, None)
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        self.hold(element_name("!"), Vec::new(), Some(StrTendril::new()))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.hold(element_name("?"), Vec::new(), Some(StrTendril::new()))
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &usize,
        previous: &usize,
        child: NodeOrText<usize>,
    ) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        // What a template holds is never shown; it stays inside the element, which is left out.
        *target
    }

    fn same_node(&self, x: &usize, y: &usize) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        let parent = self.nodes.borrow()[*sibling].parent;
        if let Some(parent) = parent {
            self.insert(parent, Some(*sibling), child);
        }
    }

    fn add_attrs_if_missing(&self, target: &usize, attrs: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        let present = &mut nodes[*target].attributes;
        for attribute in attrs {
            if !present.iter().any(|known| known.name == attribute.name) {
                present.push(attribute);
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        for child in &children {
            nodes[*child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(children);
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &usize) -> bool {
        let nodes = self.nodes.borrow();
        nodes[*handle].attributes.iter().any(|attribute| {
            attribute.name.local == local_name!("encoding")
                && (attribute.value.eq_ignore_ascii_case("text/html")
                    || attribute
                        .value
                        .eq_ignore_ascii_case("application/xhtml+xml"))
        })
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }
}
