//! Figures and pictures with the words that belong to them.

use spinemed_core::document::BlockKind;

use super::Walk;
use crate::figure::{self, Caption};
use crate::links::Reference;
use crate::part::Role;
use crate::text::tidy;
use crate::tree::Node;

impl<'t> Walk<'_, 't> {
    pub(super) fn figure(&mut self, node: Node<'t>) {
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
    pub(super) fn says_more(&self, node: Node<'t>) -> bool {
        node.descendants().any(|inner| {
            let words = inner.text().is_some_and(|text| !text.trim().is_empty());
            words
                && !inner
                    .ancestors()
                    .any(|around| self.used.contains(&around.id()))
        })
    }

    pub(super) fn picture(&mut self, node: Node<'t>) {
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

    pub(super) fn captioned(
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
    pub(super) fn described(&mut self, position: usize, node: Node<'t>) {
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
    pub(super) fn claimed(&mut self, node: Node<'t>, text: &str) -> bool {
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
}

/// Whether a paragraph after a picture is its caption: the markup calls it one, all of it is
/// emphasised, or it begins as captions do.
pub(super) fn is_caption(node: Node<'_>, text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_by_their_beginning() {
        for caption in ["Figure 1. A", "Fig. 2: b", "图 3 腰椎", "图3-1"] {
            assert!(begins_as_caption(caption), "{caption}");
        }
        for other in ["Figure it out", "Figs", "We show in Figure 1", ""] {
            assert!(!begins_as_caption(other), "{other}");
        }
    }
}
