//! Tables of HTML (`tr`, `td`) and of CALS (`row`, `entry`; OASIS TM 9502:1995), as CNXML
//! has them.

use std::collections::BTreeMap;

use crate::grid::{Grid, span};
use crate::inline::Inline;
use crate::links::Reference;
use crate::part::{Names, Part};
use crate::tree::Node;

/// A table's cells and what they link to.
#[derive(Debug, Default)]
pub struct Table {
    /// The rows.
    pub grid: Grid,
    /// Cross references in the cells.
    pub references: Vec<Reference>,
}

/// Reads a table.
pub fn read<'t>(part: &Part<'t>, names: &Names, table: Node<'t>) -> Table {
    let mut out = Table::default();
    let mut columns = BTreeMap::new();
    for node in table.descendants().skip(1) {
        match node.name() {
            "tgroup" | "entrytbl" => columns = columns_of(node),
            "tr" | "row" => {
                for cell in node.elements() {
                    add(part, names, cell, &columns, &mut out);
                }
                if !out.grid.end_row() {
                    break;
                }
            }
            _ => {}
        }
    }
    out
}

fn add<'t>(
    part: &Part<'t>,
    names: &Names,
    cell: Node<'t>,
    columns: &BTreeMap<&str, usize>,
    out: &mut Table,
) {
    let (width, height) = match cell.name() {
        "td" | "th" => (
            span(cell.attribute("colspan")),
            span(cell.attribute("rowspan")),
        ),
        "entry" => {
            let column = |name| cell.attribute(name).and_then(|c| columns.get(c).copied());
            let width = match (column("namest"), column("nameend")) {
                (Some(from), Some(to)) if to > from => to - from + 1,
                _ => 1,
            };
            // A cell that names its column leaves those before it empty.
            if let Some(first) = column("namest").or_else(|| column("colname")) {
                while out.grid.column() < first {
                    out.grid.cell(String::new(), 1, 1);
                }
            }
            let more: usize = cell
                .attribute("morerows")
                .and_then(|n| n.trim().parse().ok())
                .unwrap_or(0);
            (width, more.saturating_add(1))
        }
        _ => return,
    };
    let mut read = Inline::new(part, names);
    read.inside(cell);
    // What would be a block of its own elsewhere stays in its cell.
    let nested = std::mem::take(&mut read.nested);
    for node in nested {
        read.space();
        flat(&mut read, node);
    }
    out.grid.cell(read.text(), width, height);
    out.references.append(&mut read.references);
}

/// Adds all words inside, whatever holds them.
fn flat<'t>(read: &mut Inline<'_, 't>, node: Node<'t>) {
    for child in node.children() {
        read.add(child);
        read.space();
        for nested in std::mem::take(&mut read.nested) {
            flat(read, nested);
        }
    }
}

/// Columns by the names that `colspec` gives them, from 0.
fn columns_of<'t>(group: Node<'t>) -> BTreeMap<&'t str, usize> {
    /// A column further right is taken for a slip.
    const LAST: usize = 1_000;
    let mut columns = BTreeMap::new();
    let mut next = 0usize;
    for spec in group.elements().filter(|n| n.name() == "colspec") {
        let stated: Option<usize> = spec.attribute("colnum").and_then(|n| n.trim().parse().ok());
        let number = stated.and_then(|n| n.checked_sub(1)).unwrap_or(next);
        let number = number.min(LAST);
        if let Some(name) = spec.attribute("colname") {
            columns.insert(name, number);
        }
        next = number + 1;
    }
    columns
}
