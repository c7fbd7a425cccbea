//! Running heads, running feet and page numbers, recognised by repetition over pages.

use std::collections::BTreeMap;

use spinemed_core::document::BlockKind;

use crate::caption;
use crate::line::Line;
use crate::sheet::Sheet;

/// The share of a page's height, at the top and at the bottom, where furniture stands.
const ZONE: f64 = 0.12;
/// Lines of one running head stand this close, in points, on all pages.
const DRIFT: f64 = 8.0;

/// Which lines of each sheet are a [`BlockKind::Header`] or [`BlockKind::Footer`]; first its
/// lines, then its side lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Furniture {
    pub lines: Vec<Option<BlockKind>>,
    pub side: Vec<Option<BlockKind>>,
}

/// Marks the furniture of all sheets.
pub(crate) fn mark(sheets: &[Sheet]) -> Vec<Furniture> {
    let mut repeated: BTreeMap<(u8, String), Vec<(usize, f64)>> = BTreeMap::new();
    for (number, sheet) in sheets.iter().enumerate() {
        for line in &sheet.lines {
            if let Some(zone) = zone(line, sheet) {
                repeated
                    .entry((zone, pattern(&line.text)))
                    .or_default()
                    .push((number, line.baseline));
            }
        }
        for line in &sheet.side {
            repeated
                .entry((2, pattern(&line.text)))
                .or_default()
                .push((number, 0.0));
        }
    }
    repeated.retain(|_, places| recurs(places, sheets.len()));
    sheets
        .iter()
        .map(|sheet| mark_sheet(sheet, &repeated))
        .collect()
}

type Repeated = BTreeMap<(u8, String), Vec<(usize, f64)>>;

fn mark_sheet(sheet: &Sheet, repeated: &Repeated) -> Furniture {
    let kind = |zone| {
        if zone == 1 {
            BlockKind::Footer
        } else {
            BlockKind::Header
        }
    };
    let lines = sheet.lines.iter().map(|line| {
        let zone = zone(line, sheet)?;
        let known = repeated.contains_key(&(zone, pattern(&line.text)));
        (known || is_page_number(line, sheet, zone)).then(|| kind(zone))
    });
    let side = sheet.side.iter().map(|line| {
        repeated
            .contains_key(&(2, pattern(&line.text)))
            .then_some(BlockKind::Header)
    });
    Furniture {
        lines: lines.collect(),
        side: side.collect(),
    }
}

fn zone(line: &Line, sheet: &Sheet) -> Option<u8> {
    let (top, bottom) = (ZONE * sheet.size.1, (1.0 - ZONE) * sheet.size.1);
    if line.text.chars().count() > 200 || caption::parse(&line.text).is_some() {
        None
    } else if line.bbox[3] < top {
        Some(0)
    } else {
        (line.bbox[1] > bottom).then_some(1)
    }
}

/// The text with every run of digits as one sign.
fn pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii_digit() => {
                if !out.ends_with('#') {
                    out.push('#');
                }
            }
            ' ' => {}
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// On a fifth of the pages and at least two, at one height. Left and right pages have heads
/// of their own, so half of the pages would be too many to ask.
fn recurs(places: &[(usize, f64)], pages: usize) -> bool {
    let mut on: Vec<usize> = places.iter().map(|(page, _)| *page).collect();
    on.dedup();
    let low = places.iter().map(|(_, y)| *y).fold(f64::INFINITY, f64::min);
    let close = places.iter().filter(|(_, y)| y - low < DRIFT).count();
    on.len() >= 2.max(pages.div_ceil(5)) && close * 2 > places.len()
}

/// A number alone, farther out than any other line.
fn is_page_number(line: &Line, sheet: &Sheet, zone: u8) -> bool {
    let core = line.text.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = (1..=4).contains(&core.len()) && core.bytes().all(|b| b.is_ascii_digit());
    let roman = (1..=6).contains(&core.len()) && core.chars().all(|c| "ivxl".contains(c));
    let outermost = sheet.lines.iter().all(|other| match zone {
        0 => other.baseline > line.baseline - line.size,
        _ => other.baseline < line.baseline + line.size,
    });
    (digits || roman) && outermost
}

/// The pages' printed numbers, read off their furniture: a number that is the same distance
/// from the page's place on most pages.
pub(crate) fn printed_numbers(
    sheets: &[Sheet],
    marks: &[Furniture],
    pages: usize,
) -> Vec<Option<String>> {
    let mut votes: BTreeMap<i64, usize> = BTreeMap::new();
    for (sheet, marks) in sheets.iter().zip(marks) {
        let mut seen: Vec<i64> = sheet
            .lines
            .iter()
            .zip(&marks.lines)
            .filter(|(_, mark)| mark.is_some())
            .flat_map(|(line, _)| numbers(&line.text))
            .map(|n| n - sheet.index as i64)
            .collect();
        seen.sort_unstable();
        seen.dedup();
        for offset in seen {
            *votes.entry(offset).or_default() += 1;
        }
    }
    let best = votes
        .into_iter()
        .max_by_key(|(offset, n)| (*n, -offset.abs()));
    match best {
        Some((offset, n)) if n >= 2 && n * 2 > sheets.len() && offset >= 0 => (0..pages)
            .map(|page| Some((page as i64 + offset).to_string()))
            .collect(),
        _ => vec![None; pages],
    }
}

fn numbers(text: &str) -> impl Iterator<Item = i64> + '_ {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| (1..=6).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit()))
        .filter_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::tests::line;

    fn sheets(texts: &[&[(&str, f64)]]) -> Vec<Sheet> {
        let sheet = |(index, lines): (usize, &&[(&str, f64)])| Sheet {
            index,
            size: (600.0, 800.0),
            lines: lines.iter().map(|(t, y)| line(t, 50.0, *y)).collect(),
            ..Sheet::default()
        };
        texts.iter().enumerate().map(sheet).collect()
    }

    #[test]
    fn what_repeats_at_the_margin_is_furniture() {
        let sheets = sheets(&[
            &[
                ("Spine Journal 12", 40.0),
                ("Spine is a column", 400.0),
                ("101", 780.0),
            ],
            &[
                ("Spine Journal 12", 40.0),
                ("Spine is a column", 400.0),
                ("102", 780.0),
            ],
            &[
                ("A heading at the top", 60.0),
                ("Spine is a column", 400.0),
                ("103", 780.0),
            ],
        ]);
        let marks = mark(&sheets);
        let header = Some(BlockKind::Header);
        assert_eq!(marks[0].lines, [header, None, Some(BlockKind::Footer)]);
        assert_eq!(marks[2].lines, [None, None, Some(BlockKind::Footer)]);
        let numbers = printed_numbers(&sheets, &marks, 3);
        assert_eq!(numbers[2].as_deref(), Some("103"));
    }

    #[test]
    fn captions_that_look_alike_are_none() {
        let sheets = sheets(&[&[("Fig. 1 Canal", 60.0)], &[("Fig. 2 Canal", 60.0)]]);
        assert!(mark(&sheets).iter().all(|m| m.lines == [None]));
    }
}
