//! Walks an article's parts and makes blocks of them, in reading order.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};
use spinemed_core::document::{Block, BlockKind, Panel};

use spinemed_markup::links::{self, Reference, Targets};
use spinemed_markup::text;
use spinemed_markup::xml::place;

use crate::figure::{self, Found};
use crate::head::child;
use crate::inline::{self, Inline};
use crate::path::Numbers;
use crate::table;

/// Problems told per file; a file with more is broken as a whole.
const MAX_PROBLEMS: usize = 200;

/// The walk's state: blocks so far, and the sections around the current place.
pub struct Walk {
    found: Vec<Found>,
    positions: BTreeMap<u32, usize>,
    numbers: Numbers,
    targets: Targets,
    blocks: Vec<Block>,
    section: Vec<String>,
    /// Places and reasons of what was not understood.
    pub problems: Vec<(String, String)>,
}

/// What a walk gives.
pub struct Walked {
    /// In reading order.
    pub blocks: Vec<Block>,
    /// With captions and mentions.
    pub figures: Vec<Found>,
    /// Places and reasons of what was not understood.
    pub problems: Vec<(String, String)>,
}

impl Walk {
    /// Starts a walk; the figures are known beforehand.
    pub fn new(xml: &Document<'_>, found: Vec<Found>, targets: Targets) -> Self {
        let positions = found
            .iter()
            .enumerate()
            .map(|(at, found)| (found.node.get(), at))
            .collect();
        Self {
            found,
            positions,
            numbers: Numbers::of(xml),
            targets,
            blocks: Vec::new(),
            section: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Reads the abstracts of `front`. Authors' names, addresses and notes stay out: they
    /// are no evidence and name persons.
    pub fn front(&mut self, front: Node<'_, '_>) {
        let Some(meta) = child(front, "article-meta") else {
            return;
        };
        for node in meta.children().filter(|n| is_abstract(*n)) {
            self.section_of(node);
        }
    }

    /// Reads all of `body`, `back` or `floats-group`.
    pub fn part(&mut self, part: Node<'_, '_>) {
        self.children(part);
    }

    /// Ends the walk.
    pub fn finish(mut self) -> Walked {
        let figures = self.found.iter_mut().map(|found| &mut found.figure);
        links::mentions(&self.blocks, figures);
        Walked {
            blocks: self.blocks,
            figures: self.found,
            problems: self.problems,
        }
    }

    fn children(&mut self, node: Node<'_, '_>) {
        for child in node.children().filter(Node::is_element) {
            self.element(child);
        }
    }

    fn element(&mut self, node: Node<'_, '_>) {
        match node.tag_name().name() {
            "sec" | "app" | "ack" | "notes" | "glossary" | "boxed-text" | "ref-list" | "bio"
            | "app-group" | "statement" => self.section_of(node),
            "p" | "attrib" | "preformat" | "code" | "verse-line" | "speech" => {
                self.flow(node, BlockKind::Paragraph);
            }
            "title" => self.heading(node, None),
            "label" | "object-id" | "sec-meta" | "graphic" | "permissions" => {}
            "list" => self.children_named(node, "list-item", BlockKind::List),
            "def-list" => self.definitions(node),
            "fn" => self.flow(node, BlockKind::Footnote),
            "ref" => self.flow(node, BlockKind::Reference),
            "disp-formula" => self.equation(node),
            "fig" => self.figure(node),
            "fig-group" if figure::is_one(node) => self.fig_group(node),
            "table-wrap" => self.table_wrap(node),
            "table" | "array" => self.table(node),
            "table-wrap-foot" => self.table_foot(node),
            "supplementary-material" | "media" => self.supplement(node),
            _ if has_blocks(node) => self.children(node),
            _ => self.flow(node, BlockKind::Paragraph),
        }
    }

    /// A titled part: its heading, then its content one level deeper.
    fn section_of(&mut self, node: Node<'_, '_>) {
        let title = child(node, "title")
            .or_else(|| child(node, "caption").and_then(|caption| child(caption, "title")));
        let label = child(node, "label");
        let name = inline::read_all(label.into_iter().chain(title)).text();
        let name = if name.is_empty() {
            untitled(node).to_owned()
        } else {
            self.heading(title.or(label).unwrap_or(node), Some(name.clone()));
            name
        };
        let titled = !name.is_empty();
        if titled {
            self.section.push(name);
        }
        for child in node
            .children()
            .filter(|n| n.is_element() && Some(*n) != title)
        {
            self.element(child);
        }
        if titled {
            self.section.pop();
        }
    }

    fn heading(&mut self, node: Node<'_, '_>, name: Option<String>) {
        let text = name.unwrap_or_else(|| inline::text(node));
        let depth = u8::try_from(self.section.len() + 1).unwrap_or(u8::MAX);
        if let Some(block) = self.push(node, BlockKind::Heading, text, &[]) {
            block.depth = Some(depth);
        }
    }

    /// A paragraph-like element: its own text, then what interrupts it.
    fn flow(&mut self, node: Node<'_, '_>, kind: BlockKind) {
        let read = inline::read(node);
        self.push(node, kind, read.text(), &read.references);
        self.nested(&read);
    }

    fn nested(&mut self, read: &Inline<'_, '_>) {
        for node in &read.nested {
            self.element(*node);
        }
    }

    fn children_named(&mut self, node: Node<'_, '_>, name: &str, kind: BlockKind) {
        for child in node.children().filter(Node::is_element) {
            if child.has_tag_name(name) {
                self.flow(child, kind)
            } else {
                self.element(child)
            }
        }
    }

    fn definitions(&mut self, list: Node<'_, '_>) {
        for item in list.children().filter(Node::is_element) {
            if !item.has_tag_name("def-item") {
                self.element(item);
                continue;
            }
            let part =
                |name| inline::read_all(item.children().filter(move |n| n.has_tag_name(name)));
            let (term, def) = (part("term"), part("def"));
            let references: Vec<Reference> = term
                .references
                .iter()
                .chain(&def.references)
                .cloned()
                .collect();
            let text = format!("{}: {}", term.text(), def.text());
            self.push(item, BlockKind::List, text, &references);
            self.nested(&term);
            self.nested(&def);
        }
    }

    fn equation(&mut self, node: Node<'_, '_>) {
        let label = child(node, "label").map(inline::text).unwrap_or_default();
        let parts = node.children().filter(|n| !n.has_tag_name("label"));
        let body: Vec<String> = parts.map(inline::formula).collect();
        let body = text::tidy(&body.join(" "));
        if body.is_empty() {
            self.untold(node, "a displayed formula is a picture and is not read");
        } else {
            self.push(
                node,
                BlockKind::Equation,
                text::tidy(&format!("{body} {label}")),
                &[],
            );
        }
    }

    fn figure(&mut self, node: Node<'_, '_>) {
        let position = self.positions.get(&node.id().get()).copied();
        for part in node.children().filter(Node::is_element) {
            match part.tag_name().name() {
                "caption" => {
                    let read = inline::read(part);
                    let block = self.push(part, BlockKind::Caption, read.text(), &read.references);
                    let id = block.map(|block| block.id.clone());
                    if let (Some(position), Some(id)) = (position, id) {
                        self.found[position].figure.caption = Some(id);
                    }
                    self.nested(&read);
                }
                "alternatives" | "alt-text" | "long-desc" | "kwd-group" => {}
                _ => self.element(part),
            }
        }
    }

    /// A figure whose panels are `fig` elements: one caption, the group's own words first.
    fn fig_group(&mut self, group: Node<'_, '_>) {
        let Some(position) = self.positions.get(&group.id().get()).copied() else {
            return;
        };
        let own = inline::read_all(child(group, "caption").into_iter());
        let (mut text, mut references) = (own.text(), own.references);
        let mut panels = Vec::new();
        for panel in figure::panels(group) {
            let heads = ["label", "caption"]
                .iter()
                .filter_map(|name| child(panel, name));
            let read = inline::read_all(heads);
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(&read.text());
            references.extend(read.references);
            if let Some(label) = child(panel, "label").and_then(figure::mark) {
                panels.push(Panel {
                    label,
                    ranges: vec![[start, text.len()]],
                    medium: None,
                    bbox: None,
                });
            }
        }
        let block = self.push(group, BlockKind::Caption, text, &references);
        let id = block.map(|block| block.id.clone());
        let whole = panels.len() == figure::panels(group).count() && id.is_some();
        let figure = &mut self.found[position].figure;
        figure.caption = id;
        figure.panels = if whole { panels } else { Vec::new() };
    }

    fn table_wrap(&mut self, wrap: Node<'_, '_>) {
        let heads = wrap
            .children()
            .filter(|n| matches!(n.tag_name().name(), "label" | "caption"));
        let read = inline::read_all(heads);
        self.push(wrap, BlockKind::Caption, read.text(), &read.references);
        self.nested(&read);
        let cells = |n: Node<'_, '_>| matches!(n.tag_name().name(), "table" | "array");
        for part in wrap.children().filter(Node::is_element) {
            match part.tag_name().name() {
                "caption" | "label" | "alt-text" | "long-desc" => {}
                "alternatives" => {
                    if let Some(table) = part.children().find(|n| cells(*n)) {
                        self.table(table);
                    }
                }
                _ => self.element(part),
            }
        }
        if !wrap.descendants().any(cells) {
            self.untold(wrap, "a table is a picture; its cells are not read");
        }
    }

    fn table(&mut self, node: Node<'_, '_>) {
        let read = table::read(node);
        let text = read.grid.text();
        if read.grid.cut {
            self.untold(
                node,
                "the table has too many cells; its last rows are left out",
            );
        }
        if let Some(block) = self.push(node, BlockKind::Table, text, &read.references) {
            block.cells = read.grid.cells;
        }
        // Notes inside cells would be torn out of their rows.
        for note in node.descendants().filter(|n| n.has_tag_name("fn")) {
            self.flow(note, BlockKind::Footnote);
        }
    }

    fn table_foot(&mut self, foot: Node<'_, '_>) {
        for part in foot.children().filter(Node::is_element) {
            match part.tag_name().name() {
                "fn-group" => self.table_foot(part),
                _ => self.flow(part, BlockKind::Footnote),
            }
        }
    }

    /// Supplements are files that are not read; what is said of them is kept.
    fn supplement(&mut self, node: Node<'_, '_>) {
        let read = inline::read(node);
        self.push(node, BlockKind::Paragraph, read.text(), &read.references);
        self.nested(&read);
    }

    fn untold(&mut self, node: Node<'_, '_>, reason: &str) {
        // Finding a line costs a pass over the file.
        if self.problems.len() < MAX_PROBLEMS {
            let place = place(node.document(), node.range().start);
            self.problems.push((place, reason.to_owned()));
        }
    }

    /// Adds a block, unless it has no text.
    fn push(
        &mut self,
        node: Node<'_, '_>,
        kind: BlockKind,
        text: String,
        references: &[Reference],
    ) -> Option<&mut Block> {
        let linked = links::resolve(references, &self.targets);
        for id in linked.dangling {
            let id: String = id.chars().take(40).collect();
            self.untold(
                node,
                &format!("a link goes to figure `{id}`, which is not there"),
            );
        }
        if text.is_empty() {
            return None;
        }
        let id = format!("b{}", self.blocks.len() + 1);
        let link = |&position: &usize| self.found[position].figure.id.clone();
        let links = linked.figures.iter().map(link).collect();
        self.blocks.push(Block {
            id,
            kind,
            text,
            page: None,
            page_label: None,
            bbox: None,
            depth: None,
            path: Some(self.numbers.path(node)),
            section: self.section.clone(),
            cells: Vec::new(),
            links,
            scanned: Vec::new(),
        });
        self.blocks.last_mut()
    }
}

fn is_abstract(node: Node<'_, '_>) -> bool {
    matches!(node.tag_name().name(), "abstract" | "trans-abstract")
}

/// What parts without a title are called in the section stack, so that curation can tell
/// them apart.
fn untitled(node: Node<'_, '_>) -> &'static str {
    match node.tag_name().name() {
        "abstract" | "trans-abstract" => "Abstract",
        "ack" => "Acknowledgements",
        "ref-list" => "References",
        "notes" => "Notes",
        "app" | "app-group" => "Appendix",
        "glossary" => "Glossary",
        "bio" => "Biography",
        _ => "",
    }
}

/// Whether an element that is not known by name holds blocks rather than text.
fn has_blocks(node: Node<'_, '_>) -> bool {
    let words = node
        .children()
        .any(|n| n.is_text() && n.text().is_some_and(|t| !t.trim().is_empty()));
    let block = |n: Node<'_, '_>| {
        matches!(
            n.tag_name().name(),
            "p" | "sec"
                | "fig"
                | "table-wrap"
                | "list"
                | "title"
                | "fn"
                | "table"
                | "ref"
                | "disp-formula"
                | "media"
                | "supplementary-material"
                | "verse-line"
        ) || n.tag_name().name().ends_with("-group")
    };
    !words && node.children().any(block)
}
