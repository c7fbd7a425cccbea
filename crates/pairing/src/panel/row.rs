//! Rows: marks that name panels one after the other.

use super::group::skip_spaces;
use super::mark::{Mark, Shape};
use super::name::{Kind, key};

/// Marks in a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// In order of the text.
    pub(super) marks: Vec<Mark>,
    /// Whether they stand after their words.
    pub(super) after: bool,
}

/// The row of a caption: of the likeliest kind that names two panels or more.
pub(super) fn find(chars: &[char], start: usize, marks: Vec<Mark>, continued: bool) -> Option<Row> {
    for kind in Kind::ALL {
        for shape in [Shape::Bracket, Shape::Bare] {
            let row = row(&marks, kind, shape, continued);
            let names: usize = row.iter().map(|mark| mark.names.len()).sum();
            let Some(first) = row.first().filter(|_| names >= 2) else {
                continue;
            };
            let after = stands_after(chars, start, first);
            if fits(chars, start, kind, &row, after) {
                return Some(Row { marks: row, after });
            }
        }
    }
    None
}

/// The marks of one kind and shape that count up from the first name.
fn row(marks: &[Mark], kind: Kind, shape: Shape, continued: bool) -> Vec<Mark> {
    let mut row: Vec<Mark> = Vec::new();
    let mut last: Option<[u32; 2]> = None;
    let sides = matches!(kind, Kind::Across | Kind::Down);
    for mark in marks.iter().filter(|mark| mark.shape == shape) {
        let keys: Option<Vec<[u32; 2]>> = mark.names.iter().map(|n| key(n, kind)).collect();
        let Some(keys) = keys else { continue };
        let fits = match last {
            None => (keys[0][0] == 1 && keys[0][1] <= 1) || (continued && mark.opens && !sides),
            Some(last) if sides => keys[0] > last,
            Some(last) => follows(last, keys[0]),
        };
        if fits {
            last = keys.last().copied();
            row.push(mark.clone());
        }
    }
    if sides && last.is_none_or(|last| last[0] != 3) {
        row.clear();
    }
    row
}

fn follows(last: [u32; 2], next: [u32; 2]) -> bool {
    (next[0] == last[0] && last[1] > 0 && next[1] == last[1] + 1)
        || (next[0] == last[0] + 1 && next[1] <= 1)
}

/// Whether the row may name panels: digits only at once after the label, one mark with
/// several names (`(A–C)`) only there or before a clause.
fn fits(chars: &[char], start: usize, kind: Kind, row: &[Mark], after: bool) -> bool {
    let at_once = skip_spaces(chars, start) == row[0].start;
    let alone = row.len() == 1;
    match row[0].shape {
        _ if kind == Kind::Digit => at_once,
        Shape::Bracket => !(alone && after) || row[0].opens,
        Shape::Bare => row[0].opens,
    }
}

/// Whether marks stand after their words: there are words before the first, and a sign or a
/// joining word after it.
fn stands_after(chars: &[char], start: usize, first: &Mark) -> bool {
    if first.shape == Shape::Bare {
        return false;
    }
    let before: String = chars[start..first.start].iter().collect();
    let before = before.trim_end();
    if before.is_empty() || before.ends_with(['.', ':', ';', '。', '：', '；', '|']) {
        return false;
    }
    let next = skip_spaces(chars, first.end);
    let rest: String = chars[next..].iter().take(5).collect();
    rest.is_empty()
        || rest.starts_with([
            ',', '.', ';', '，', '、', '；', '。', '和', '与', '及', '或',
        ])
        || ["and ", "or ", "& "]
            .iter()
            .any(|word| rest.starts_with(word))
}
