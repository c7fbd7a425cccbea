//! Walks a document's files and makes blocks of them, in reading order.

use std::collections::{BTreeMap, BTreeSet};

use spinemed_core::document::{Block, BlockKind};

use crate::figure::{self, Caption, Found};
use crate::inline::Inline;
use crate::links::{self, Reference, Targets};
use crate::part::{Dialect, Names, Part, Role};
use crate::text::{shortened, tidy};
use crate::tree::Node;
use crate::{math, table};

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
        let by_id: BTreeMap<String, usize> = self
            .found
            .iter()
            .enumerate()
            .map(|(at, found)| (found.figure.id.clone(), at))
            .collect();
        for block in &self.blocks {
            for &at in block.links.iter().filter_map(|link| by_id.get(link)) {
                let figure = &mut self.found[at].figure;
                if figure.caption.as_ref() != Some(&block.id) {
                    figure.mentions.push(block.id.clone());
                }
            }
        }
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

    /// A part with a title of its own: its heading, then its content one level deeper.
    fn section_of(&mut self, node: Node<'t>) {
        let before = self.section.len();
        let label = node.child("label");
        let title = node.child("title");
        let mut read = self.inline();
        for named in label.into_iter().chain(title) {
            read.inside(named);
            read.space();
        }
        let name = read.text();
        if !name.is_empty() {
            let rank = self.section.last().map_or(1, |(rank, _)| rank + 1);
            let place = title.or(label).unwrap_or(node);
            self.headed(place, rank, name, &read.references);
        } else if node.name() == "glossary" {
            self.section.push((0, "Glossary".to_owned()));
        } else if node.name() == "abstract" {
            self.section.push((0, "Abstract".to_owned()));
        } else if node.name() == "file" {
            self.section.push((0, "References".to_owned()));
        }
        for child in node.elements().filter(|child| Some(*child) != title) {
            self.element(child);
        }
        self.section.truncate(before);
    }

    fn heading(&mut self, node: Node<'t>, rank: usize) {
        let mut read = self.inline();
        read.inside(node);
        let text = read.text();
        if !text.is_empty() {
            let open = self.section.iter().rposition(|(r, _)| *r < rank);
            self.section.truncate(open.map_or(0, |at| at + 1));
            self.headed(node, rank, text, &read.references);
        }
        self.nested(&read.nested);
    }

    fn headed(&mut self, node: Node<'t>, rank: usize, text: String, references: &[Reference]) {
        let depth = u8::try_from(self.section.len() + 1).unwrap_or(u8::MAX);
        if let Some(block) = self.push(node, BlockKind::Heading, text.clone(), references) {
            block.depth = Some(depth);
        }
        self.section.push((rank, text));
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
            BlockKind::Paragraph if self.lists_references() && is_entry(&text) => {
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

    /// HTML's `dl`: each term with the definitions that follow it.
    fn definitions(&mut self, list: Node<'t>) {
        let mut terms: Vec<Node<'t>> = Vec::new();
        let mut defined = false;
        let inside = list.elements().flat_map(|node| {
            let wrapped = (node.name() == "div").then(|| node.elements());
            let own = (node.name() != "div").then_some(node);
            wrapped.into_iter().flatten().chain(own)
        });
        for node in inside {
            match node.name() {
                "dt" => {
                    if std::mem::take(&mut defined) {
                        terms.clear();
                    }
                    terms.push(node);
                }
                "dd" => {
                    self.meaning(node, &terms, &[node]);
                    defined = true;
                }
                _ => self.element(node),
            }
        }
        if !defined {
            terms
                .into_iter()
                .for_each(|term| self.flow(term, BlockKind::List));
        }
    }

    /// CNXML's `definition`: a term, then meanings and examples.
    fn definition(&mut self, node: Node<'t>) {
        let (terms, meaning): (Vec<_>, Vec<_>) =
            node.elements().partition(|child| child.name() == "term");
        self.meaning(node, &terms, &meaning);
    }

    fn meaning(&mut self, place: Node<'t>, terms: &[Node<'t>], meaning: &[Node<'t>]) {
        let read = |nodes: &[Node<'t>]| {
            let mut read = self.inline();
            for node in nodes {
                read.inside(*node);
                read.space();
            }
            read
        };
        let (term, mut meaning) = (read(terms), read(meaning));
        let text = match (term.text(), meaning.text()) {
            (term, text) if term.is_empty() => text,
            (term, text) if text.is_empty() => term,
            (term, text) => format!("{}: {text}", term.trim_end_matches([':', '：'])),
        };
        let mut references = term.references;
        references.append(&mut meaning.references);
        self.push(place, BlockKind::List, text, &references);
        self.nested(&term.nested);
        self.nested(&meaning.nested);
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

    fn figure(&mut self, node: Node<'t>) {
        let known = self.positions.get(&(self.at, node.id())).copied();
        if let Some(position) = known {
            let caption = Caption::of(self.part(), self.names, node);
            let part = self.part();
            let inner = node
                .descendants()
                .filter(|n| part.role(*n) == Role::Caption);
            self.used.extend(inner.map(Node::id));
            let place = caption.node.unwrap_or(node);
            self.captioned(position, place, caption.text.clone(), &caption.references);
            self.found[position].figure.panels = caption.panels;
            if caption.text.is_empty() {
                self.described(position, node);
            }
            self.nested(&caption.nested);
        } else {
            // A table, code or a formula with its caption.
            for caption in figure::own_captions(self.part(), node).collect::<Vec<_>>() {
                self.used.insert(caption.id());
                let mut read = self.inline();
                read.inside(caption);
                self.push(caption, BlockKind::Caption, read.text(), &read.references);
                self.nested(&read.nested);
            }
        }
        let title = |child: &Node<'t>| matches!(child.name(), "title" | "label");
        let content: Vec<_> = node.elements().filter(|child| !title(child)).collect();
        for child in content {
            match self.part().role(child) {
                Role::Figure if known.is_some() => {}
                Role::Words | Role::Link | Role::Group
                    if known.is_some() && !self.says_more(child) => {}
                _ => self.element(child),
            }
        }
    }

    /// Whether an element inside a figure has more than pictures and captions.
    fn says_more(&self, node: Node<'t>) -> bool {
        node.descendants().any(|inner| {
            let words = inner.text().is_some_and(|text| !text.trim().is_empty());
            words
                && !inner
                    .ancestors()
                    .any(|around| self.used.contains(&around.id()))
        })
    }

    fn picture(&mut self, node: Node<'t>) {
        let Some(&position) = self.positions.get(&(self.at, node.id())) else {
            return;
        };
        let title = node.attribute("title").map(tidy).unwrap_or_default();
        if title.is_empty() {
            self.described(position, node);
        } else {
            self.captioned(position, node, title, &[]);
        }
    }

    fn captioned(
        &mut self,
        position: usize,
        place: Node<'t>,
        text: String,
        references: &[Reference],
    ) {
        let block = self.push(place, BlockKind::Caption, text, references);
        let id = block.map(|block| block.id.clone());
        self.found[position].figure.caption = id;
    }

    /// A picture without a caption: its description stands for one, until a paragraph that
    /// looks like a caption follows.
    fn described(&mut self, position: usize, node: Node<'t>) {
        let text = figure::description(self.part(), node).unwrap_or_default();
        let stands = !text.is_empty();
        self.captioned(position, node, text, &[]);
        if stands {
            let reason = "the picture's alternative text stands for a caption".to_owned();
            self.found[position].figure.reasons.push(reason);
        }
        self.waiting = Some((position, stands));
    }

    /// Makes a paragraph the caption of the picture before it, where it is one.
    fn claimed(&mut self, node: Node<'t>, text: &str) -> bool {
        let Some((position, stands)) = self.waiting else {
            return false;
        };
        if !is_caption(node, text) {
            return false;
        }
        let figure = &mut self.found[position].figure;
        if stands {
            self.blocks.pop();
            figure.reasons.pop();
        }
        figure.caption = Some(format!("b{}", self.blocks.len() + 1));
        figure
            .reasons
            .push("the caption follows the picture".to_owned());
        true
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

    /// Whether the current section is a list of references.
    fn lists_references(&self) -> bool {
        self.section
            .last()
            .is_some_and(|(_, title)| is_reference_list(title))
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

/// Whether a paragraph after a picture is its caption: the markup calls it one, all of it is
/// emphasised, or it begins as captions do.
fn is_caption(node: Node<'_>, text: &str) -> bool {
    let called = node.tokens("class").any(|class| class.contains("caption"));
    let blank = |n: &Node<'_>| n.text().is_some_and(|text| text.trim().is_empty());
    let mut children = node.children().filter(|n| !blank(n));
    let emphasised = children.next().is_some_and(|only| {
        matches!(only.name(), "em" | "i" | "small") && children.next().is_none()
    });
    called || emphasised || begins_as_caption(text)
}

fn begins_as_caption(text: &str) -> bool {
    let lower: String = text.chars().take(20).flat_map(char::to_lowercase).collect();
    ["figure ", "fig. ", "fig ", "图", "圖"].iter().any(|word| {
        lower
            .strip_prefix(word)
            .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Whether a section is the list of references.
fn is_reference_list(title: &str) -> bool {
    let bare = title.trim_start_matches(|c: char| c.is_ascii_digit() || ". ".contains(c));
    let bare = bare.trim_end_matches(['.', ':', '：']).to_lowercase();
    let known = [
        "references",
        "bibliography",
        "literature cited",
        "works cited",
        "参考文献",
    ];
    known.contains(&bare.as_str())
}

/// Whether a paragraph is numbered as entries of reference lists are: `[3] …`, `3. …`.
fn is_entry(text: &str) -> bool {
    let bare = text.strip_prefix('[').unwrap_or(text);
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let end = if bare.len() < text.len() { "]" } else { "." };
    digits > 0 && bare[digits..].starts_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_and_entries_by_their_beginning() {
        for caption in ["Figure 1. A", "Fig. 2: b", "图 3 腰椎", "图3-1"] {
            assert!(begins_as_caption(caption), "{caption}");
        }
        for other in ["Figure it out", "Figs", "We show in Figure 1", ""] {
            assert!(!begins_as_caption(other), "{other}");
        }
        assert!(is_entry("[3] Li A.") && is_entry("12. Li A."));
        assert!(!is_entry("3 Li") && !is_entry("[a] Li") && !is_entry(""));
        assert!(is_reference_list("7. References") && !is_reference_list("Reference ranges"));
    }
}
