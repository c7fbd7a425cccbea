//! Ruled tables under their captions.
//!
//! A table is what stands between horizontal rules of one width, below or above a caption
//! `Table 1`. Where no rules stand there, `aligned` looks for rows and columns. Grids without
//! a caption stay paragraphs: guessing them from white space alone is wrong too often to build
//! evidence on.

use std::collections::BTreeMap;

use spinemed_core::locator::PageBox;

use crate::geometry::{gap, height, union, width, x_overlap};
use crate::grid;
use crate::line::Line;

/// A table found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub bbox: PageBox,
    /// Rows in reading order, joined.
    pub text: String,
    /// Rows of cells, where columns are clear.
    pub cells: Vec<Vec<String>>,
    /// The lines inside, by number.
    pub members: Vec<usize>,
}

/// The farthest first rule from a caption, in points.
const REACH: f64 = 60.0;

/// The table of a caption, or `None` where no rules stand by it. Captions stand above their
/// tables as a rule, and below in some journals. No table reaches over another caption
/// (`others`).
pub(crate) fn find(
    caption: PageBox,
    others: &[PageBox],
    rules: &[PageBox],
    lines: &[(usize, &Line)],
    body_size: f64,
) -> Option<Table> {
    let near = |r: &&PageBox| x_overlap(**r, caption) > 0.5;
    let below = rules.iter().filter(near).find(|r| r[1] > caption[3] - 3.0);
    let above = rules
        .iter()
        .filter(near)
        .rev()
        .find(|r| r[3] < caption[1] + 3.0);
    let below = below
        .filter(|r| r[1] - caption[3] < REACH)
        .map(|r| (true, *r));
    let above = above
        .filter(|r| caption[1] - r[3] < REACH)
        .map(|r| (false, *r));
    below.into_iter().chain(above).find_map(|(down, first)| {
        let mut span = span(first, down, others, rules, lines, body_size)?;
        if down && heads_only(caption[3], first, lines) {
            span[1] = span[1].min(caption[3]);
        }
        build(span, lines, body_size)
    })
}

/// Whether what stands between a caption and the first rule below it is column heads: few
/// short lines. Some tables have no rule above their heads.
fn heads_only(top: f64, first: PageBox, lines: &[(usize, &Line)]) -> bool {
    let mut between = lines
        .iter()
        .filter(|(_, l)| inside(l.bbox, [first[0], top, first[2], first[1]]))
        .map(|(_, l)| l)
        .peekable();
    between.peek().is_some() && between.all(|l| l.cells.iter().all(|c| c.text.len() < 40))
}

/// The stretch of alike rules that starts at one, up to running text or another caption.
fn span(
    first: PageBox,
    down: bool,
    others: &[PageBox],
    rules: &[PageBox],
    lines: &[(usize, &Line)],
    body_size: f64,
) -> Option<PageBox> {
    let mut next: Vec<&PageBox> = rules
        .iter()
        .filter(|r| x_overlap(**r, first) > 0.8 && width(**r) > 0.6 * width(first))
        .filter(|r| {
            if down {
                r[1] > first[1] + 2.0
            } else {
                r[1] < first[1] - 2.0
            }
        })
        .collect();
    if !down {
        next.reverse();
    }
    let mut span = first;
    for rule in next {
        let between = if down {
            [span[0], span[3], span[2], rule[1]]
        } else {
            [span[0], rule[3], span[2], span[1]]
        };
        let caption = others.iter().any(|o| gap(between, *o) < 0.0);
        if caption || running_text(between[1], between[3], span, lines, body_size) {
            break;
        }
        span = union(span, *rule);
    }
    (height(span) > height(first) + 2.0).then_some(span)
}

fn build(span: PageBox, lines: &[(usize, &Line)], body_size: f64) -> Option<Table> {
    let members: Vec<&(usize, &Line)> =
        lines.iter().filter(|(_, l)| inside(l.bbox, span)).collect();
    let prose = members
        .iter()
        .filter(|(_, l)| l.cells.len() == 1 && l.text.len() >= 60 && l.size > 0.97 * body_size);
    if members.is_empty() || prose.count() * 2 > members.len() {
        return None;
    }
    let rows = grid::rows(&members.iter().map(|(_, l)| *l).collect::<Vec<_>>());
    let text = rows
        .iter()
        .flat_map(|r| &r.cells)
        .map(|c| c.text.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    Some(Table {
        bbox: members.iter().fold(span, |b, (_, l)| union(b, l.bbox)),
        text,
        cells: grid::grid(&rows).unwrap_or_default(),
        members: members.iter().map(|(n, _)| *n).collect(),
    })
}

fn inside(line: PageBox, span: PageBox) -> bool {
    let (x, y) = ((line[0] + line[2]) / 2.0, (line[1] + line[3]) / 2.0);
    span[0] - 6.0 <= x && x <= span[2] + 6.0 && span[1] - 1.0 <= y && y <= span[3] + 1.0
}

/// Whether a stretch between rules holds paragraphs: text between two tables, not rows of one.
/// Four lines of body size, of forty letters and more, at one left edge and in steps of a
/// line are a paragraph; cells are set smaller or narrower.
fn running_text(
    top: f64,
    bottom: f64,
    span: PageBox,
    lines: &[(usize, &Line)],
    body_size: f64,
) -> bool {
    let mut edges: BTreeMap<i64, usize> = BTreeMap::new();
    for (_, l) in lines {
        let between = l.bbox[1] > top - 1.0 && l.bbox[3] < bottom + 1.0;
        let long = l.text.len() >= 40 && l.size > 0.97 * body_size && l.cells.len() == 1;
        if between && long && x_overlap(l.bbox, span) > 0.5 {
            *edges.entry((l.bbox[0] / 2.0).round() as i64).or_default() += 1;
        }
    }
    edges.values().any(|&n| n >= 4)
}

/// Horizontal rules of a page, from the top: thin paths, those in one line taken together
/// (producers draw a rule once per column).
pub(crate) fn rules(paths: &[PageBox]) -> Vec<PageBox> {
    let mut thin: Vec<PageBox> = paths
        .iter()
        .copied()
        .filter(|p| height(*p) <= 2.5 && width(*p) >= 8.0)
        .collect();
    thin.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
    let mut out: Vec<PageBox> = Vec::new();
    for rule in thin {
        let joined = out.iter_mut().rev().take(12).find(|r| {
            (r[1] - rule[1]).abs() < 1.5 && rule[0] - r[2] < 12.0 && r[0] - rule[2] < 12.0
        });
        match joined {
            Some(r) => *r = union(*r, rule),
            None => out.push(rule),
        }
    }
    out.retain(|r| width(*r) >= 40.0);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::tests::line;

    fn ruled(ys: &[f64]) -> Vec<PageBox> {
        rules(
            &ys.iter()
                .map(|&y| [50.0, y, 290.0, y + 0.5])
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn rules_bound_a_table_and_its_grid() {
        let lines = [
            line("Level", 55.0, 120.0),
            line("Cases", 200.0, 120.0),
            line("L4/L5", 55.0, 140.0),
            line("12", 200.0, 140.0),
            line("L5/S1", 55.0, 152.0),
            line("7", 200.0, 152.0),
            line("Text below the table", 50.0, 200.0),
        ];
        let numbered: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        let caption = [50.0, 90.0, 200.0, 102.0];
        let found = find(
            caption,
            &[],
            &ruled(&[108.0, 126.0, 160.0]),
            &numbered,
            10.0,
        )
        .expect("a table");
        assert_eq!(found.text, "Level Cases L4/L5 12 L5/S1 7");
        assert_eq!(found.cells[1], ["L4/L5", "12"]);
        assert_eq!(found.members, [0, 1, 2, 3, 4, 5]);
        assert_eq!(find(caption, &[], &[], &numbered, 10.0), None);
        let under = [50.0, 164.0, 200.0, 176.0];
        let found = find(under, &[], &ruled(&[108.0, 126.0, 160.0]), &numbered, 10.0);
        assert_eq!(found.expect("a table above").members.len(), 6);
    }

    #[test]
    fn rules_drawn_per_column_are_one() {
        let parts = [[50.0, 100.0, 120.0, 100.5], [120.0, 100.2, 290.0, 100.7]];
        assert_eq!(rules(&parts), [[50.0, 100.0, 290.0, 100.7]]);
    }

    #[test]
    fn text_between_tables_is_no_row() {
        let wide = "a line of text as wide as the whole column xx";
        let lines: Vec<Line> = (0..4)
            .map(|i| line(wide, 52.0, 140.0 + 12.0 * f64::from(i)))
            .collect();
        let numbered: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        let found = find(
            [50.0, 90.0, 200.0, 102.0],
            &[],
            &ruled(&[108.0, 200.0]),
            &numbered,
            10.0,
        );
        assert_eq!(found, None);
    }
}
