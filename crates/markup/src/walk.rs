//! Walks a document's files and makes blocks of them, in reading order.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::document::{Block, BlockKind};

use crate::figure::{self, Found};
use crate::inline::Inline;
use crate::links::{self, Reference, Targets};
use crate::part::{Dialect, Names, Part, Role};
use crate::text::{shortened, tidy};
use crate::tree::Node;
use crate::{math, table};

mod definition;
mod pictures;
mod section;

/// Problems told per file; a file with more is broken as a whole.
const MAX_PROBLEMS: usize = 200;

/// What a walk gives.
#[derive(Debug)]
pub struct Walked {
    /// In reading order.
    pub blocks: Vec<Block>,
    /// With captions and mentions.
    pub figures: Vec<Found>,
    /// Places and reasons of what was not understood.
    pub problems: Vec<(String, String)>,
}

/// Walks files, each from the elements that hold its text.
#[must_use]
pub fn walk<'t>(parts: &[Part<'t>], roots: &[Vec<Node<'t>>]) -> Walked {
    let (found, targets, names) = figure::find(parts);
    let positions = found
        .iter()
        .enumerate()
        .map(|(at, found)| ((found.part, found.node), at))
        .collect();
    let mut walk = Walk {
        parts,
        at: 0,
        positions,
        found,
        targets,
        names: &names,
        blocks: Vec::new(),
        section: Vec::new(),
        used: BTreeSet::new(),
        waiting: None,
        page: None,
        problems: Vec::new(),
    };
    for (at, roots) in roots.iter().enumerate() {
        walk.at = at;
        walk.section = titled(&parts[at].sections);
        for root in roots {
            walk.element(*root);
        }
    }
    walk.finish()
}

/// The parts of the document around a file, each a rank deeper.
fn titled(sections: &[String]) -> Vec<(usize, String)> {
    sections.iter().cloned().map(|title| (0, title)).collect()
}

/// The walk's state: blocks so far, and the sections around the current place.
struct Walk<'p, 't> {
    parts: &'p [Part<'t>],
    at: usize,
    found: Vec<Found>,
    positions: BTreeMap<(usize, u32), usize>,
    targets: Targets,
    names: &'p Names,
    blocks: Vec<Block>,
    /// Rank and title.
    section: Vec<(usize, String)>,
    /// Captions that have become blocks already.
    used: BTreeSet<u32>,
    /// A figure whose caption may follow it, and whether its description stands for one.
    waiting: Option<(usize, bool)>,
    page: Option<String>,
    problems: Vec<(String, String)>,
}

impl<'p, 't> Walk<'p, 't> {
    fn part(&self) -> &'p Part<'t> {
        &self.parts[self.at]
    }

    fn inline(&self) -> Inline<'p, 't> {
        Inline::new(self.part(), self.names)
    }

    fn finish(mut self) -> Walked {
        let figures = self.found.iter_mut().map(|found| &mut found.figure);
        links::mentions(&self.blocks, figures);
        Walked {
            blocks: self.blocks,
            figures: self.found,
            problems: self.problems,
        }
    }

    fn element(&mut self, node: Node<'t>) {
        match self.part().role(node) {
            Role::Silent => {}
            Role::Group | Role::List => self.group(node),
            Role::Scope => self.scope(node),
            Role::Section => self.section_of(node),
            Role::Heading(rank) => self.heading(node, usize::from(rank)),
            Role::Item => self.flow(node, BlockKind::List),
            Role::Footnote => self.flow(node, BlockKind::Footnote),
            Role::Reference => self.flow(node, BlockKind::Reference),
            Role::Definitions => self.definitions(node),
            Role::Definition => self.definition(node),
            Role::Equation => self.equation(node),
            Role::Table => self.table(node),
            Role::Figure => self.figure(node),
            Role::Picture => self.picture(node),
            Role::Caption if self.used.contains(&node.id()) => {}
            Role::Words
            | Role::Spaced
            | Role::Superscript
            | Role::Formula
            | Role::Link
            | Role::Title
            | Role::Caption
            | Role::Paragraph => self.flow(node, BlockKind::Paragraph),
        }
    }

    /// Blocks, and the runs of text between them.
    fn group(&mut self, node: Node<'t>) {
        let mut run: Vec<Node<'t>> = Vec::new();
        for child in node.children() {
            let part_of_text = matches!(
                self.part().role(child),
                Role::Words | Role::Spaced | Role::Superscript | Role::Formula | Role::Link
            );
            if part_of_text {
                run.push(child);
            } else {
                self.run(node, &mut run);
                self.element(child);
            }
        }
        self.run(node, &mut run);
    }

    fn run(&mut self, parent: Node<'t>, run: &mut Vec<Node<'t>>) {
        if run.is_empty() {
            return;
        }
        let mut read = self.inline();
        let first = run.iter().find(|node| node.is_element()).copied();
        let whole = run.len() == 1;
        run.drain(..).for_each(|node| read.add(node));
        let place = first.filter(|_| whole).unwrap_or(parent);
        self.push(place, BlockKind::Paragraph, read.text(), &read.references);
        self.nested(&read.nested);
    }

    fn scope(&mut self, node: Node<'t>) {
        let before = self.section.len();
        self.group(node);
        self.section.truncate(before);
    }

    /// A paragraph-like element: its own text, then what interrupts it.
    fn flow(&mut self, node: Node<'t>, kind: BlockKind) {
        let mut read = self.inline();
        if matches!(
            self.part().role(node),
            Role::Link | Role::Superscript | Role::Formula
        ) {
            read.add(node);
        } else {
            read.inside(node);
        }
        let text = read.text();
        let kind = match kind {
            BlockKind::List if self.lists_references() => BlockKind::Reference,
            BlockKind::Paragraph if self.lists_references() && section::is_entry(&text) => {
                BlockKind::Reference
            }
            kind => kind,
        };
        self.push(node, kind, text, &read.references);
        self.nested(&read.nested);
    }

    fn nested(&mut self, nodes: &[Node<'t>]) {
        for node in nodes {
            self.element(*node);
        }
    }

    fn equation(&mut self, node: Node<'t>) {
        let label = node.child("label").map(|label| label.all_text());
        let parts = node.children().filter(|child| child.name() != "label");
        let body: Vec<String> = if node.name() == "math" {
            vec![math::formula(node)]
        } else {
            parts.map(math::formula).collect()
        };
        let text = format!("{} {}", body.join(" "), label.unwrap_or_default());
        let text = tidy(&text);
        if text.is_empty() {
            self.untold(node, "a displayed formula is a picture and is not read");
        } else {
            self.push(node, BlockKind::Equation, text, &[]);
        }
    }

    fn table(&mut self, node: Node<'t>) {
        let captions = node.elements().filter(|child| {
            matches!(self.part().role(*child), Role::Caption | Role::Title)
                || child.name() == "label"
        });
        let mut read = self.inline();
        for caption in captions {
            read.inside(caption);
            read.space();
        }
        if !read.text().is_empty() {
            self.push(node, BlockKind::Caption, read.text(), &read.references);
        }
        self.nested(&read.nested);
        let mut read = table::read(self.part(), self.names, node);
        if read.grid.cut {
            self.untold(
                node,
                "the table has too many cells; its last rows are left out",
            );
        }
        let text = read.grid.text();
        if let Some(block) = self.push(node, BlockKind::Table, text, &read.references) {
            block.cells = std::mem::take(&mut read.grid.cells);
        }
    }

    fn untold(&mut self, node: Node<'t>, reason: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            let path = self.part().path(node);
            let place = if node.line() > 0 && !path.starts_with("line") {
                format!("{}line {}", self.part().prefix, node.line())
            } else {
                path
            };
            self.problems.push((place, reason.to_owned()));
        }
    }

    /// Adds a block, unless it has no text.
    fn push(
        &mut self,
        node: Node<'t>,
        kind: BlockKind,
        text: String,
        references: &[Reference],
    ) -> Option<&mut Block> {
        self.tell_dangling(node, references);
        if text.is_empty() {
            return None;
        }
        let kind = if kind == BlockKind::Paragraph && self.claimed(node, &text) {
            BlockKind::Caption
        } else {
            kind
        };
        self.waiting = None;
        if let Some(page) = self.part().page(node) {
            self.page = Some(page.to_owned());
        }
        let linked = links::resolve(references, &self.targets);
        let link = |position: usize| self.found[position].figure.id.clone();
        self.blocks.push(Block {
            id: format!("b{}", self.blocks.len() + 1),
            kind,
            text,
            page: None,
            page_label: self.page.clone(),
            bbox: None,
            depth: None,
            path: Some(self.part().path(node)),
            section: self
                .section
                .iter()
                .map(|(_, title)| title.clone())
                .collect(),
            cells: Vec::new(),
            links: linked.figures.into_iter().map(link).collect(),
            scanned: Vec::new(),
        });
        self.blocks.last_mut()
    }

    /// In CNXML every link within the module has its end there.
    fn tell_dangling(&mut self, node: Node<'t>, references: &[Reference]) {
        if self.part().dialect != Dialect::Cnxml {
            return;
        }
        for reference in references {
            for target in &reference.targets {
                let id = target.trim_start_matches('#');
                if !self.part().has_id(id) {
                    let told = format!("a link goes to `{}`, which is not there", shortened(id));
                    self.untold(node, &told);
                }
            }
        }
    }
}
