//! Tables: rows of cells, with spans filled in.

use roxmltree::Node;

use crate::inline::{self, Reference};

/// Cells of one table, spans filled in; more are left out.
const MAX_CELLS: usize = 200_000;
/// Bytes of one table's text, spans filled in.
const MAX_TEXT: usize = 16 << 20;
/// Columns of one table.
const MAX_COLUMNS: usize = 1_000;
/// Rows or columns that one cell may span; a wider one is taken for a slip and spans one.
const MAX_SPAN: usize = 200;
/// Bytes of a cell that is repeated; of a longer one the repetitions are empty.
const MAX_REPEATED: usize = 4 << 10;

/// A table's cells and what they link to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Rows. A cell that spans several columns or rows stands in each of them, so that every
    /// row can be read alone.
    pub cells: Vec<Vec<String>>,
    /// Cross references in the cells.
    pub references: Vec<Reference>,
    /// Whether cells were left out.
    pub cut: bool,
}

impl Table {
    /// Cells joined by ` | `, rows by line feeds.
    pub fn text(&self) -> String {
        let rows: Vec<String> = self.cells.iter().map(|row| row.join(" | ")).collect();
        rows.join("\n")
    }
}

/// Reads a `table` or `array` (HTML 4 table model).
pub fn read(table: Node<'_, '_>) -> Table {
    let mut out = Table::default();
    let mut open: Vec<Option<(String, usize)>> = Vec::new();
    let (mut total, mut bytes) = (0, 0);
    for tr in table.descendants().filter(|n| n.has_tag_name("tr")) {
        let row = read_row(tr, &mut open, &mut out.references);
        total += row.len();
        bytes += row.iter().map(String::len).sum::<usize>();
        if total > MAX_CELLS || bytes > MAX_TEXT {
            out.cut = true;
            break;
        }
        if row.iter().any(|cell| !cell.is_empty()) {
            out.cells.push(row);
        }
    }
    out
}

/// One row. `open` holds, per column, the text of a cell from above and how many further
/// rows it covers.
fn read_row(
    tr: Node<'_, '_>,
    open: &mut Vec<Option<(String, usize)>>,
    references: &mut Vec<Reference>,
) -> Vec<String> {
    let mut row: Vec<String> = Vec::new();
    let is_cell = |n: &Node<'_, '_>| matches!(n.tag_name().name(), "td" | "th");
    for cell in tr.children().filter(is_cell) {
        fill_from_above(&mut row, open);
        let read = inline::read(cell);
        let text = read.text();
        references.extend(read.references);
        let rows = span(cell, "rowspan");
        let repeated = if text.len() <= MAX_REPEATED {
            text.clone()
        } else {
            String::new()
        };
        let columns = span(cell, "colspan").min(MAX_COLUMNS.saturating_sub(row.len()));
        for column in 0..columns {
            if open.len() <= row.len() {
                open.resize(row.len() + 1, None);
            }
            open[row.len()] = (rows > 1).then(|| (repeated.clone(), rows - 1));
            row.push(if column == 0 {
                text.clone()
            } else {
                repeated.clone()
            });
        }
    }
    fill_from_above(&mut row, open);
    row
}

/// Repeats cells that reach down into this row, as long as they follow each other.
fn fill_from_above(row: &mut Vec<String>, open: &mut [Option<(String, usize)>]) {
    while let Some(Some((text, left))) = open.get_mut(row.len()) {
        row.push(text.clone());
        *left -= 1;
        if *left == 0 {
            open[row.len() - 1] = None;
        }
    }
}

fn span(cell: Node<'_, '_>, name: &str) -> usize {
    let stated = cell
        .attribute(name)
        .and_then(|text| text.trim().parse().ok());
    stated.filter(|n| (1..=MAX_SPAN).contains(n)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    fn check(table: &str, expect: &str) {
        let xml = roxmltree::Document::parse(table).expect("XML");
        assert_eq!(super::read(xml.root_element()).text(), expect);
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
