//! Tables without rules: rows of cells in clear columns, next to a caption `Table 1`.

use spinemed_core::locator::PageBox;

use crate::geometry::{gap, union, width};
use crate::grid::{self, Row};
use crate::line::Line;
use crate::table::Table;

/// The farthest first row from the caption, in font sizes.
const FIRST: f64 = 3.6;
/// The farthest next row, in font sizes.
const NEXT: f64 = 2.6;
/// The longest cell on one line, in characters.
const CELL: usize = 48;

/// The table of a caption, below it or above, or `None` where no columns are clear. No table
/// reaches over another caption (`others`) or running text.
pub(crate) fn find(
    caption: PageBox,
    others: &[PageBox],
    lines: &[(usize, &Line)],
    body_size: f64,
) -> Option<Table> {
    let limits = column(caption, lines);
    let near = |l: &Line| {
        let x = (l.bbox[0] + l.bbox[2]) / 2.0;
        limits.0 <= x && x <= limits.1
    };
    let here: Vec<(usize, &Line)> = lines.iter().copied().filter(|(_, l)| near(l)).collect();
    [true, false].into_iter().find_map(|down| {
        let members = reach(caption, down, others, &here, body_size);
        build(&members, &here)
    })
}

/// The x between which a caption's table stands: the gutters to running text at its sides.
fn column(caption: PageBox, lines: &[(usize, &Line)]) -> (f64, f64) {
    let prose = || {
        lines
            .iter()
            .filter(|(_, l)| l.text.len() >= 40 && l.cells.len() == 1)
    };
    let left = prose()
        .map(|(_, l)| l.bbox[2])
        .filter(|x| *x < caption[0] + 2.0);
    let right = prose()
        .map(|(_, l)| l.bbox[0])
        .filter(|x| *x > caption[2] - 2.0);
    (
        left.fold(0.0, f64::max),
        right.fold(f64::INFINITY, f64::min),
    )
}

/// The lines from a caption on, row by row, as long as they are rows of cells.
fn reach(
    caption: PageBox,
    down: bool,
    others: &[PageBox],
    here: &[(usize, &Line)],
    body_size: f64,
) -> Vec<usize> {
    let away = |l: &Line| {
        if down {
            l.baseline - caption[3]
        } else {
            caption[1] - l.baseline
        }
    };
    let mut next: Vec<(f64, usize, &Line)> = here
        .iter()
        .map(|(n, l)| (away(l), *n, *l))
        .filter(|(far, _, _)| *far > 0.0)
        .collect();
    next.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out = Vec::new();
    let (mut last, mut hull) = (0.0, caption);
    for (far, number, line) in next {
        let step = if out.is_empty() { FIRST } else { NEXT };
        let grown = union(hull, line.bbox);
        let blocked = others.iter().any(|o| gap(grown, *o) < 0.0);
        if far - last > step * line.size || blocked || is_prose(line, body_size) {
            break;
        }
        out.push(number);
        (last, hull) = (far, grown);
    }
    out
}

/// Running text, or a heading of it: nothing that fills a cell.
fn is_prose(line: &Line, body_size: f64) -> bool {
    let long = line.cells.iter().any(|c| c.text.chars().count() > CELL);
    long || line.size > 1.05 * body_size || (line.cells.len() == 1 && width(line.bbox) > 320.0)
}

/// A table of lines whose rows have clear columns.
fn build(members: &[usize], here: &[(usize, &Line)]) -> Option<Table> {
    let mut members = members.to_vec();
    // What stands behind the last row of several cells is a foot-note or text.
    loop {
        let lines: Vec<&Line> = of(&members, here);
        let rows = grid::rows(&lines);
        let many = |r: &Row| r.cells.len() >= 2;
        if rows.iter().filter(|r| many(r)).count() < 2 {
            return None;
        }
        let (first, last) = (rows.iter().position(many)?, rows.iter().rposition(many)?);
        let (top, bottom) = (rows[first].baseline, rows[last].baseline);
        let kept = |n: &usize| {
            let line = line_of(*n, here);
            line.is_some_and(|l| (top - 1.0..bottom + 1.0).contains(&l.baseline))
        };
        let before = members.len();
        members.retain(kept);
        if members.len() == before {
            return table(&members, &lines, &rows);
        }
    }
}

fn table(members: &[usize], lines: &[&Line], rows: &[Row]) -> Option<Table> {
    let many = rows.iter().filter(|r| r.cells.len() >= 2).count();
    let cells = grid::grid(rows)?;
    let columns = cells.first().map_or(0, Vec::len);
    // Two columns of text side by side have long lines; cells are short.
    let letters: usize = rows
        .iter()
        .flat_map(|r| &r.cells)
        .map(|c| c.text.len())
        .sum();
    let count: usize = rows.iter().map(|r| r.cells.len()).sum();
    if many * 5 < rows.len() * 3 || columns < 2 || letters > 30 * count {
        return None;
    }
    let texts: Vec<&str> = rows
        .iter()
        .flat_map(|r| &r.cells)
        .map(|c| c.text.as_str())
        .collect();
    Some(Table {
        bbox: lines.iter().map(|l| l.bbox).reduce(union)?,
        text: texts.join(" "),
        cells,
        members: members.to_vec(),
    })
}

fn of<'a>(members: &[usize], here: &[(usize, &'a Line)]) -> Vec<&'a Line> {
    members.iter().filter_map(|n| line_of(*n, here)).collect()
}

/// A line by its number; lines stand in the order of their numbers.
fn line_of<'a>(number: usize, here: &[(usize, &'a Line)]) -> Option<&'a Line> {
    let place = here.binary_search_by_key(&number, |(n, _)| *n).ok()?;
    Some(here[place].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::tests::line;

    fn check(rows: &[(&str, f64, f64)], expect: Option<&[&[&str]]>) {
        let lines: Vec<Line> = rows.iter().map(|(t, x, y)| line(t, *x, *y)).collect();
        let numbered: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        let found = find([50.0, 90.0, 200.0, 102.0], &[], &numbered, 10.0);
        let cells = found.map(|t| t.cells);
        let expect = expect.map(|rows| {
            let row = |r: &&[&str]| r.iter().map(|c| (*c).to_owned()).collect();
            rows.iter().map(row).collect::<Vec<Vec<String>>>()
        });
        assert_eq!(cells, expect);
    }

    #[test]
    fn columns_make_a_table() {
        let rows = [
            ("Level", 55.0, 115.0),
            ("Cases", 200.0, 115.0),
            ("L4/L5", 55.0, 128.0),
            ("12", 200.0, 128.0),
            ("L5/S1", 55.0, 141.0),
            ("7", 200.0, 141.0),
            (
                "A line of running text that goes on for quite a while now",
                50.0,
                165.0,
            ),
        ];
        check(
            &rows,
            Some(&[&["Level", "Cases"], &["L4/L5", "12"], &["L5/S1", "7"]]),
        );
    }

    #[test]
    fn running_text_makes_none() {
        let rows = [
            (
                "A line of running text that goes on for quite a while now",
                50.0,
                115.0,
            ),
            (
                "and another one of these lines that go on and on for ever",
                50.0,
                127.0,
            ),
        ];
        check(&rows, None);
        check(
            &[("Two lines, but", 50.0, 115.0), ("no columns", 50.0, 127.0)],
            None,
        );
    }

    #[test]
    fn a_cell_runs_over_two_lines() {
        let rows = [
            ("Level", 55.0, 115.0),
            ("Finding", 200.0, 115.0),
            ("L4/L5", 55.0, 128.0),
            ("stenosis and", 200.0, 128.0),
            ("listhesis", 200.0, 140.0),
            ("L5/S1", 55.0, 156.0),
            ("none", 200.0, 156.0),
        ];
        check(
            &rows,
            Some(&[
                &["Level", "Finding"],
                &["L4/L5", "stenosis and listhesis"],
                &["L5/S1", "none"],
            ]),
        );
    }
}
