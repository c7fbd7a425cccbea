//! Sections, their headings, and lists of references.

use spinemed_core::document::BlockKind;

use super::Walk;
use crate::links::Reference;
use crate::tree::Node;

impl<'t> Walk<'_, 't> {
    /// A part with a title of its own: its heading, then its content one level deeper.
    pub(super) fn section_of(&mut self, node: Node<'t>) {
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

    pub(super) fn heading(&mut self, node: Node<'t>, rank: usize) {
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

    pub(super) fn headed(
        &mut self,
        node: Node<'t>,
        rank: usize,
        text: String,
        references: &[Reference],
    ) {
        let depth = u8::try_from(self.section.len() + 1).unwrap_or(u8::MAX);
        if let Some(block) = self.push(node, BlockKind::Heading, text.clone(), references) {
            block.depth = Some(depth);
        }
        self.section.push((rank, text));
    }

    /// Whether the current section is a list of references.
    pub(super) fn lists_references(&self) -> bool {
        self.section
            .last()
            .is_some_and(|(_, title)| is_reference_list(title))
    }
}

/// Whether a section is the list of references.
pub(super) fn is_reference_list(title: &str) -> bool {
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
pub(super) fn is_entry(text: &str) -> bool {
    let bare = text.strip_prefix('[').unwrap_or(text);
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let end = if bare.len() < text.len() { "]" } else { "." };
    digits > 0 && bare[digits..].starts_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_by_their_title_and_beginning() {
        assert!(is_entry("[3] Li A.") && is_entry("12. Li A."));
        assert!(!is_entry("3 Li") && !is_entry("[a] Li") && !is_entry(""));
        assert!(is_reference_list("7. References") && !is_reference_list("Reference ranges"));
    }
}
