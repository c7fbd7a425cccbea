//! A file's tree with what its elements mean.

use std::collections::{BTreeMap, BTreeSet};

use crate::picture::{decoded, resolved};
use crate::tree::{Node, Tree};
use crate::{cnxml, html};

/// The vocabulary of a markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// CNXML 0.7 and 0.8 (OpenStax).
    Cnxml,
    /// HTML (WHATWG), XHTML and the semantic inflection of EPUB.
    Html,
}

/// What an element means to the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Shows nothing, or is furniture of the page.
    Silent,
    /// A part of the text around it.
    Words,
    /// A part of the text around it, with a space before and after.
    Spaced,
    /// Raised text.
    Superscript,
    /// A formula within a text.
    Formula,
    /// A reference, with or without words of its own.
    Link,
    /// Holds blocks, or text with blocks between.
    Group,
    /// A group at whose end its headings end.
    Scope,
    /// A part with a `title` or `label` of its own.
    Section,
    /// The title of the part around it.
    Title,
    /// A heading of a rank, 1 the highest.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// Holds items.
    List,
    /// An item of a list.
    Item,
    /// Holds terms, each followed by its definitions.
    Definitions,
    /// A term with its meaning.
    Definition,
    /// A note outside the running text.
    Footnote,
    /// An entry of a list of references.
    Reference,
    /// A displayed formula.
    Equation,
    /// A table of data.
    Table,
    /// Pictures with a caption.
    Figure,
    /// A picture.
    Picture,
    /// A figure's or table's caption.
    Caption,
}

/// One file of a document.
pub struct Part<'t> {
    /// Its elements.
    pub tree: &'t Tree,
    /// Their vocabulary.
    pub dialect: Dialect,
    /// The file's name within the document; empty where the document is one file.
    pub file: String,
    /// What stands before element paths.
    pub prefix: String,
    /// Titles of the parts of the document around this file.
    pub sections: Vec<String>,
    /// For text that was made from another: a line of that for each line of this, growing.
    pub lines: Vec<(u32, u32)>,
    /// Printed page numbers and the nodes where they begin, in document order.
    pub pages: Vec<(u32, String)>,
    /// What each node means.
    roles: Vec<Role>,
    /// The ids of its elements.
    ids: BTreeSet<&'t str>,
    /// Nodes with a block inside.
    holds_blocks: Vec<bool>,
    /// Tables that only arrange what is inside.
    arranging: BTreeSet<u32>,
}

impl<'t> Part<'t> {
    /// A file that is a document by itself.
    #[must_use]
    pub fn new(tree: &'t Tree, dialect: Dialect) -> Self {
        let mut part = Self {
            tree,
            dialect,
            file: String::new(),
            prefix: String::new(),
            sections: Vec::new(),
            lines: Vec::new(),
            pages: Vec::new(),
            roles: Vec::new(),
            ids: BTreeSet::new(),
            holds_blocks: vec![false; tree.len()],
            arranging: BTreeSet::new(),
        };
        part.look();
        let nodes = tree.root().into_iter().flat_map(Node::descendants);
        let roles = nodes.map(|node| part.meaning(node)).collect();
        part.roles = roles;
        part
    }

    /// Notes, once for the whole tree, what the roles below ask of descendants.
    fn look(&mut self) {
        let Some(root) = self.tree.root() else { return };
        for node in root.descendants().filter(|node| node.is_element()) {
            self.ids.extend(node.attribute("id"));
            if html::is_block(node.name()) {
                for around in node.ancestors().skip(1) {
                    if std::mem::replace(&mut self.holds_blocks[around.id() as usize], true) {
                        break;
                    }
                }
            }
            if self.dialect == Dialect::Html && html::breaks_tables(node) {
                let tables = node.ancestors().skip(1).filter(|n| n.name() == "table");
                for table in tables {
                    if !self.arranging.insert(table.id()) {
                        break;
                    }
                }
            }
        }
    }

    /// What an element means.
    #[must_use]
    pub fn role(&self, node: Node<'_>) -> Role {
        self.roles[node.id() as usize]
    }

    fn meaning(&self, node: Node<'_>) -> Role {
        if !node.is_element() {
            return Role::Words;
        }
        match self.dialect {
            Dialect::Cnxml => cnxml::role(node),
            Dialect::Html => html::role(self, node),
        }
    }

    /// Whether blocks are inside.
    #[must_use]
    pub fn holds_blocks(&self, node: Node<'_>) -> bool {
        self.holds_blocks[node.id() as usize]
    }

    /// Whether an element of this id is there.
    #[must_use]
    pub fn has_id(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Whether a table only arranges what is inside.
    #[must_use]
    pub fn is_arranging(&self, table: Node<'_>) -> bool {
        self.arranging.contains(&table.id())
    }

    /// The element's place, as blocks carry it.
    #[must_use]
    pub fn path(&self, node: Node<'_>) -> String {
        if !self.lines.is_empty() {
            let after = self.lines.partition_point(|(made, _)| *made <= node.line());
            let line = after.checked_sub(1).map_or(1, |at| self.lines[at].1);
            return format!("line {line}");
        }
        let single: &[&str] = match self.dialect {
            Dialect::Cnxml => &["document", "metadata", "content", "glossary"],
            Dialect::Html => &["html", "head", "body"],
        };
        format!("{}{}", self.prefix, node.path(single))
    }

    /// The printed number of the page where an element begins.
    #[must_use]
    pub fn page(&self, node: Node<'_>) -> Option<&str> {
        let after = self.pages.partition_point(|(id, _)| *id <= node.id());
        after.checked_sub(1).map(|at| self.pages[at].1.as_str())
    }

    /// What an element is called in references: the file's name, `#`, the id.
    #[must_use]
    pub fn key(&self, id: &str) -> String {
        format!("{}#{id}", self.file)
    }

    /// What a link leads to within the document, as [`Part::key`] spells it.
    #[must_use]
    pub fn target(&self, link: Node<'_>) -> Option<String> {
        if self.dialect == Dialect::Cnxml {
            let elsewhere = link.attribute("document").is_some_and(|d| !d.is_empty());
            let id = link.attribute("target-id").filter(|_| !elsewhere)?;
            return Some(self.key(id.trim()));
        }
        let href = link.attribute("href")?.trim();
        let (file, id) = href.split_once('#')?;
        if file.contains(':') || id.is_empty() {
            return None;
        }
        let id = decoded(id);
        if file.is_empty() {
            return Some(self.key(&id));
        }
        let folder = self.file.rfind('/').map_or("", |at| &self.file[..=at]);
        resolved(folder, &decoded(file)).map(|file| format!("{file}#{id}"))
    }
}

/// What stands for a link without words, by the key of what it leads to.
pub type Names = BTreeMap<String, String>;
