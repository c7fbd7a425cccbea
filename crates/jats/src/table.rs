//! Tables: rows of cells, with spans filled in.

use roxmltree::Node;
use spinemed_markup::grid::{Grid, span};
use spinemed_markup::links::Reference;

use crate::inline;

/// A table's cells and what they link to.
#[derive(Debug, Default)]
pub struct Table {
    /// The rows.
    pub grid: Grid,
    /// Cross references in the cells.
    pub references: Vec<Reference>,
}

/// Reads a `table` or `array` (HTML 4 table model).
pub fn read(table: Node<'_, '_>) -> Table {
    let mut out = Table::default();
    let is_cell = |n: &Node<'_, '_>| matches!(n.tag_name().name(), "td" | "th");
    for tr in table.descendants().filter(|n| n.has_tag_name("tr")) {
        for cell in tr.children().filter(is_cell) {
            let read = inline::read(cell);
            let text = read.text();
            out.references.extend(read.references);
            let span = |name| span(cell.attribute(name));
            out.grid.cell(text, span("colspan"), span("rowspan"));
        }
        if !out.grid.end_row() {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    fn check(table: &str, expect: &str) {
        let xml = roxmltree::Document::parse(table).expect("XML");
        assert_eq!(super::read(xml.root_element()).grid.text(), expect);
    }

    #[test]
    fn spans_are_filled_in() {
        check(
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "a | b\n1 | 2",
        );
        check(
            "<table><tr><td rowspan='2'>L4/L5</td><td colspan='2'>x</td></tr>\
             <tr><td>y</td><td>z</td></tr><tr><td>q</td></tr></table>",
            "L4/L5 | x | x\nL4/L5 | y | z\nq",
        );
        check(
            "<table><tr><td>a</td><td rowspan='3'>b</td></tr><tr><td>c</td></tr><tr/></table>",
            "a | b\nc | b",
        );
        check(
            "<table><tr><td colspan='99999999999'>x</td></tr></table>",
            "x",
        );
        check(
            "<table><tr><td>see<fn><p>note</p></fn></td></tr></table>",
            "see",
        );
    }
}
