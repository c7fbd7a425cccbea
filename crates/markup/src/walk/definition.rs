//! Terms with their meanings.

use spinemed_core::document::BlockKind;

use super::Walk;
use crate::tree::Node;

impl<'t> Walk<'_, 't> {
    /// HTML's `dl`: each term with the definitions that follow it.
    pub(super) fn definitions(&mut self, list: Node<'t>) {
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
    pub(super) fn definition(&mut self, node: Node<'t>) {
        let (terms, meaning): (Vec<_>, Vec<_>) =
            node.elements().partition(|child| child.name() == "term");
        self.meaning(node, &terms, &meaning);
    }

    pub(super) fn meaning(&mut self, place: Node<'t>, terms: &[Node<'t>], meaning: &[Node<'t>]) {
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
}
