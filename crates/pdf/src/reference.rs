//! Entries of reference lists.

use crate::flow::Para;
use crate::sheet::Sheet;

/// Where entries of a reference list begin among a paragraph's lines: at numbers that count
/// up, else where lines hang.
pub(crate) fn entry_starts(para: &Para, sheet: &Sheet) -> Vec<usize> {
    let line = |number: &usize| &sheet.lines[*number];
    let numbers: Vec<Option<u32>> = para
        .members
        .iter()
        .map(|n| entry_number(&line(n).text))
        .collect();
    let mut starts = vec![0];
    if numbers.iter().flatten().count() > 0 {
        let mut last = numbers[0];
        for (place, number) in numbers.iter().enumerate().skip(1) {
            let next = number.is_some_and(|n| last.is_none_or(|l| n > l && n <= l + 3));
            if next {
                starts.push(place);
                last = *number;
            }
        }
        return starts;
    }
    let edges: Vec<f64> = para.members.iter().map(|n| line(n).bbox[0]).collect();
    let left = edges.iter().copied().fold(f64::INFINITY, f64::min);
    let hangs = |x: f64| x > left + 0.5 * para.size;
    if edges.iter().filter(|x| hangs(**x)).count() * 3 > edges.len() {
        starts.extend((1..edges.len()).filter(|&i| !hangs(edges[i])));
    }
    starts
}

/// The number that an entry begins with: `12.`, `[12]`, `(12)`, or `12` alone before a name.
pub(crate) fn entry_number(line: &str) -> Option<u32> {
    let inner = line.trim_start_matches(['[', '(', '［']);
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let number = inner
        .get(..digits)
        .filter(|d| (1..=4).contains(&d.len()))?
        .parse()
        .ok()?;
    let after = &inner[digits..];
    let closed = after
        .strip_prefix(['.', ']', ')', '］'])
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    let name = after
        .strip_prefix(' ')
        .is_some_and(|rest| rest.starts_with(char::is_uppercase));
    (closed || name).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_begin_with_numbers() {
        let check = |line: &str, expect| assert_eq!(entry_number(line), expect, "{line}");
        check("12. Smith J", Some(12));
        check("[3] Li W", Some(3));
        check("7 Smith J, Doe A", Some(7));
        check("2019;12:33", None);
        check("10.1186/s1", None);
        check("Smith", None);
        check("［4］ 李", Some(4));
    }
}
