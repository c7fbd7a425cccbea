//! Element paths, as locators carry them.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

/// Parts of an article that occur once: their paths carry no number.
const SINGLE: [&str; 6] = [
    "article",
    "front",
    "article-meta",
    "body",
    "back",
    "floats-group",
];

/// Each element's number among siblings of its name. Counted once for the whole file: a
/// count per path would cost the square of the number of siblings.
pub struct Numbers(Vec<u32>);

impl Numbers {
    /// Counts a file's elements.
    pub fn of(xml: &Document<'_>) -> Self {
        let mut numbers = Vec::new();
        for parent in xml.descendants().filter(Node::has_children) {
            let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
            for child in parent.children().filter(Node::is_element) {
                let number = seen.entry(child.tag_name().name()).or_default();
                *number += 1;
                let at = child.id().get_usize();
                if numbers.len() <= at {
                    numbers.resize(at + 1, 0);
                }
                numbers[at] = *number;
            }
        }
        Self(numbers)
    }

    /// An element's path: `/article/body/sec[2]/p[1]`. Numbers count siblings of the same
    /// name from 1, as in XPath 1.0.
    pub fn path(&self, node: Node<'_, '_>) -> String {
        let mut steps: Vec<String> = Vec::new();
        for element in node.ancestors().filter(Node::is_element) {
            let name = element.tag_name().name();
            if name == "pmc-articleset" {
                break;
            }
            let number = self
                .0
                .get(element.id().get_usize())
                .copied()
                .unwrap_or_default();
            let single = SINGLE.contains(&name);
            steps.push(if single {
                format!("/{name}")
            } else {
                format!("/{name}[{number}]")
            });
        }
        steps.iter().rev().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_number_siblings() {
        let xml = Document::parse(
            "<article><body><sec/><p/><sec><p/>x<p id='x'/></sec></body></article>",
        );
        let xml = xml.expect("XML");
        let p = xml
            .descendants()
            .find(|n| n.has_attribute("id"))
            .expect("p");
        assert_eq!(Numbers::of(&xml).path(p), "/article/body/sec[2]/p[2]");
    }
}
