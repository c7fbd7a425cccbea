//! Rows and columns of tables.

use spinemed_core::locator::PageBox;

use crate::line::Line;

/// A cell with its place.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
}

/// Cells on one baseline, left to right.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub baseline: f64,
    pub size: f64,
    pub cells: Vec<Placed>,
}

/// The rows of some lines, from the top.
pub(crate) fn rows(lines: &[&Line]) -> Vec<Row> {
    let mut sorted: Vec<&Line> = lines.to_vec();
    sorted.sort_by(|a, b| {
        a.baseline
            .total_cmp(&b.baseline)
            .then(a.bbox[0].total_cmp(&b.bbox[0]))
    });
    let mut rows: Vec<Row> = Vec::new();
    for line in sorted {
        let cells = line.cells.iter().map(|c| Placed {
            text: c.text.clone(),
            x0: c.x0,
            x1: c.x1,
        });
        match rows.last_mut() {
            Some(row) if line.baseline - row.baseline < 0.4 * line.size => row.cells.extend(cells),
            _ => rows.push(Row {
                baseline: line.baseline,
                size: line.size,
                cells: cells.collect(),
            }),
        }
    }
    for row in &mut rows {
        row.cells.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows
}

/// Rows as columns of one grid; `None` where columns are not clear. A row without a first
/// cell, close under another, holds second lines of that one's cells.
pub(crate) fn grid(rows: &[Row]) -> Option<Vec<Vec<String>>> {
    let most = rows
        .iter()
        .map(|r| r.cells.len())
        .max()
        .filter(|&n| n >= 2)?;
    let full: Vec<&Row> = rows
        .iter()
        .filter(|r| r.cells.len() * 5 >= most * 4)
        .collect();
    let columns = columns(&full);
    if columns.len() < 2 || full.len() * 3 < rows.len() {
        return None;
    }
    let mut out: Vec<Vec<String>> = Vec::new();
    let mut last = f64::NEG_INFINITY;
    for row in rows {
        let filled = fill(&row.cells, &columns);
        let below = row.baseline - last <= 1.35 * row.size;
        last = row.baseline;
        match out.last_mut() {
            Some(above) if below && filled[0].is_empty() => append(above, filled),
            _ => out.push(filled),
        }
    }
    Some(out)
}

fn append(above: &mut [String], below: Vec<String>) {
    for (cell, more) in above.iter_mut().zip(below) {
        if !cell.is_empty() && !more.is_empty() {
            cell.push(' ');
        }
        cell.push_str(&more);
    }
}

/// Stretches of x that cells of full rows cover, as boxes without height.
pub(crate) fn columns(full: &[&Row]) -> Vec<PageBox> {
    let mut spans: Vec<(f64, f64)> = full
        .iter()
        .flat_map(|r| r.cells.iter().map(|c| (c.x0, c.x1)))
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out: Vec<PageBox> = Vec::new();
    for (x0, x1) in spans {
        match out.last_mut() {
            Some(last) if x0 < last[2] + 2.0 => last[2] = last[2].max(x1),
            _ => out.push([x0, 0.0, x1, 0.0]),
        }
    }
    out
}

fn fill(row: &[Placed], columns: &[PageBox]) -> Vec<String> {
    let mut out = vec![String::new(); columns.len()];
    for cell in row {
        let middle = (cell.x0 + cell.x1) / 2.0;
        let distance = |c: &PageBox| (c[0] - middle).max(middle - c[2]).max(0.0);
        let nearest = columns
            .iter()
            .enumerate()
            .min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)))
            .map_or(0, |(i, _)| i);
        if !out[nearest].is_empty() {
            out[nearest].push(' ');
        }
        out[nearest].push_str(&cell.text);
    }
    out
}
