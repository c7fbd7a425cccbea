//! A small tree of elements that every markup is read into before its meaning is sought.

use std::collections::BTreeMap;

/// Elements nest at most so deep; what lies deeper is taken as the children of its last
/// ancestor within the limit. Readers recurse once per level.
pub const MAX_DEPTH: usize = 256;

/// Elements and texts in document order.
#[derive(Debug, Default)]
pub struct Tree {
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    parent: u32,
    /// One past the last node inside.
    end: u32,
    line: u32,
    /// Among siblings of its name, from 1.
    number: u32,
    data: Data,
}

#[derive(Debug)]
enum Data {
    Element(Box<Element>),
    Text(Box<str>),
}

#[derive(Debug)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

/// A node of a [`Tree`].
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    at: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at && std::ptr::eq(self.tree, other.tree)
    }
}

impl Tree {
    /// The root element; none where nothing was built.
    #[must_use]
    pub fn root(&self) -> Option<Node<'_>> {
        (!self.slots.is_empty()).then_some(Node { tree: self, at: 0 })
    }

    /// Nodes, elements and texts together.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether nothing was built.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    fn node(&self, at: u32) -> Node<'_> {
        Node { tree: self, at }
    }
}

impl<'t> Node<'t> {
    fn slot(self) -> &'t Slot {
        &self.tree.slots[self.at as usize]
    }

    /// Its number in document order, unique within the tree.
    #[must_use]
    pub fn id(self) -> u32 {
        self.at
    }

    /// An element's local name; empty for a text.
    #[must_use]
    pub fn name(self) -> &'t str {
        match &self.slot().data {
            Data::Element(element) => &element.name,
            Data::Text(_) => "",
        }
    }

    /// Whether it is an element.
    #[must_use]
    pub fn is_element(self) -> bool {
        matches!(self.slot().data, Data::Element(_))
    }

    /// A text's characters; none for an element.
    #[must_use]
    pub fn text(self) -> Option<&'t str> {
        match &self.slot().data {
            Data::Element(_) => None,
            Data::Text(text) => Some(text),
        }
    }

    /// An attribute's value. Prefixes that matter are part of the name: `xml:lang`,
    /// `epub:type`, `xlink:href`.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<&'t str> {
        match &self.slot().data {
            Data::Element(element) => element
                .attributes
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str()),
            Data::Text(_) => None,
        }
    }

    /// The words of an attribute that lists several.
    pub fn tokens(self, name: &str) -> impl Iterator<Item = &'t str> {
        self.attribute(name).unwrap_or_default().split_whitespace()
    }

    /// The line of the file where it begins, from 1; 0 where that is not known.
    #[must_use]
    pub fn line(self) -> u32 {
        self.slot().line
    }

    /// The element around it.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        (self.at > 0).then(|| self.tree.node(self.slot().parent))
    }

    /// The element itself and those around it, innermost first.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |node| node.parent())
    }

    /// Elements and texts directly inside.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let (tree, end) = (self.tree, self.slot().end);
        let first = (self.at + 1 < end).then(|| tree.node(self.at + 1));
        std::iter::successors(first, move |node| {
            let next = node.slot().end;
            (next < end).then(|| tree.node(next))
        })
    }

    /// One past the number of the last node inside.
    #[must_use]
    pub fn end(self) -> u32 {
        self.slot().end
    }

    /// Elements directly inside.
    pub fn elements(self) -> impl Iterator<Item = Self> {
        self.children().filter(|node| node.is_element())
    }

    /// The first element of a name directly inside.
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.children().find(|node| node.name() == name)
    }

    /// Itself and everything inside, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        let tree = self.tree;
        (self.at..self.slot().end).map(move |at| tree.node(at))
    }

    /// The first element of a name inside.
    #[must_use]
    pub fn find(self, name: &str) -> Option<Self> {
        self.descendants().skip(1).find(|node| node.name() == name)
    }

    /// Whether one of the elements around it has this name.
    #[must_use]
    pub fn is_inside(self, name: &str) -> bool {
        self.ancestors().skip(1).any(|node| node.name() == name)
    }

    /// All text inside, as it stands.
    #[must_use]
    pub fn all_text(self) -> String {
        self.descendants().filter_map(Node::text).collect()
    }

    /// The element's path, `/html/body/section[2]/p[1]`: numbers count siblings of the same
    /// name from 1, as in XPath 1.0; names in `single` occur once and carry none.
    #[must_use]
    pub fn path(self, single: &[&str]) -> String {
        let mut steps: Vec<String> = Vec::new();
        for element in self.ancestors().filter(|node| node.is_element()) {
            let name = element.name();
            let number = element.slot().number;
            steps.push(if single.contains(&name) && number == 1 {
                format!("/{name}")
            } else {
                format!("/{name}[{number}]")
            });
        }
        steps.iter().rev().map(String::as_str).collect()
    }
}

/// Builds a tree in document order. Never deeper than [`MAX_DEPTH`].
#[derive(Debug, Default)]
pub struct Builder {
    tree: Tree,
    open: Vec<Open>,
    /// Elements that are open beyond the limit of depth.
    beyond: usize,
}

#[derive(Debug)]
struct Open {
    at: u32,
    seen: BTreeMap<String, u32>,
}

impl Builder {
    /// Opens an element.
    pub fn open(&mut self, name: &str, attributes: Vec<(String, String)>, line: u32) {
        if self.open.len() >= MAX_DEPTH {
            self.beyond += 1;
            return;
        }
        let number = self.open.last_mut().map_or(1, |open| {
            let seen = open.seen.entry(name.to_owned()).or_default();
            *seen += 1;
            *seen
        });
        let element = Element {
            name: name.to_owned(),
            attributes,
        };
        let at = self.push(Data::Element(Box::new(element)), line, number);
        self.open.push(Open {
            at,
            seen: BTreeMap::new(),
        });
    }

    /// Adds a text; one outside the root element is left out.
    pub fn text(&mut self, text: &str, line: u32) {
        if !self.open.is_empty() && !text.is_empty() {
            self.push(Data::Text(text.into()), line, 0);
        }
    }

    /// Closes the element opened last.
    pub fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(open) = self.open.pop() {
            let end = self.next();
            self.tree.slots[open.at as usize].end = end;
        }
    }

    /// The tree; elements still open end here.
    #[must_use]
    pub fn finish(mut self) -> Tree {
        self.beyond = 0;
        while !self.open.is_empty() {
            self.close();
        }
        self.tree
    }

    fn push(&mut self, data: Data, line: u32, number: u32) -> u32 {
        let at = self.next();
        self.tree.slots.push(Slot {
            parent: self.open.last().map_or(0, |open| open.at),
            end: at + 1,
            line,
            number,
            data,
        });
        at
    }

    fn next(&self) -> u32 {
        u32::try_from(self.tree.slots.len()).expect("guards keep trees below 2³² nodes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_their_place() {
        let mut builder = Builder::default();
        builder.open("html", vec![("lang".into(), "en".into())], 1);
        for text in ["a", "b"] {
            builder.open("p", vec![], 2);
            builder.text(text, 2);
            builder.close();
        }
        builder.text("tail", 3);
        let tree = builder.finish();
        let root = tree.root().expect("a root");
        assert_eq!(
            (root.attribute("lang"), root.all_text()),
            (Some("en"), "abtail".to_owned())
        );
        let second = root.elements().nth(1).expect("two");
        assert_eq!(second.path(&["html"]), "/html/p[2]");
        assert_eq!(second.parent(), Some(root));
        assert_eq!(root.children().count(), 3);
        assert_eq!(second.children().next().and_then(Node::text), Some("b"));
    }

    #[test]
    fn depth_has_an_end() {
        let mut builder = Builder::default();
        for _ in 0..10_000 {
            builder.open("div", vec![], 1);
        }
        builder.text("deep", 1);
        for _ in 0..10_000 {
            builder.close();
        }
        let tree = builder.finish();
        assert_eq!(
            (tree.len(), tree.root().map(Node::all_text)),
            (257, Some("deep".to_owned()))
        );
    }
}
