//! One page understood: its units of text in reading order, its figures, its tables.

use std::collections::BTreeSet;

use spinemed_core::document::BlockKind;
use spinemed_core::locator::PageBox;

use crate::aligned;
use crate::caption::Of;
use crate::equation;
use crate::figure::{self, Matched};
use crate::flow::{self, Para};
use crate::furniture::Furniture;
use crate::geometry::{holds_centre, width};
use crate::kind::{self, Body, Kind};
use crate::line::Line;
use crate::order;
use crate::region::Region;
use crate::sheet::Sheet;
use crate::table::{self, Table};
use crate::text::Lexicon;
use crate::unit::{Unit, equation_unit, furniture_units, side_units, table_unit};

/// What holds for the whole document.
pub(crate) struct Whole<'a> {
    pub body: Body,
    pub lexicon: &'a Lexicon,
    pub logos: &'a BTreeSet<u128>,
}

/// A figure found on a page.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub region: Option<Region>,
    /// The number of the caption's unit.
    pub caption: Option<usize>,
    pub score: f64,
    pub reasons: Vec<String>,
    /// Told by the page that has the picture instead.
    pub moved: bool,
}

/// A page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Article {
    /// In reading order.
    pub units: Vec<Unit>,
    pub figures: Vec<Found>,
    /// The page and figure whose caption belongs to this page's only picture.
    pub adopted: Option<(usize, usize)>,
}

/// Understands a page.
pub(crate) fn read(sheet: &Sheet, marks: &Furniture, whole: &Whole<'_>) -> Article {
    let lines: Vec<(usize, &Line)> = sheet
        .lines
        .iter()
        .enumerate()
        .filter(|(number, _)| marks.lines[*number].is_none())
        .collect();
    let first = classified(&lines, sheet, whole);
    let mut walls: Vec<PageBox> = first
        .iter()
        .filter(|(para, kind)| is_wall(para, kind, sheet, &whole.body))
        .map(|(para, _)| para.bbox)
        .collect();
    let tables = tables(&first, sheet, &lines, whole.body.size);
    walls.retain(|w| !tables.iter().any(|t| holds_centre(t.bbox, *w)));
    walls.extend(tables.iter().map(|t| t.bbox));
    let captions: Vec<&Para> = first
        .iter()
        .filter(|(_, kind)| matches!(kind, Kind::Caption(label) if label.of == Of::Figure))
        .map(|(para, _)| para)
        .collect();
    let matched = figure::find(sheet, &captions, &walls, &lines, whole.logos);
    let taken = taken_lines(&lines, &tables, &matched, &first, &walls);
    let rest: Vec<(usize, &Line)> = lines
        .iter()
        .copied()
        .filter(|(number, _)| !taken.contains(number))
        .collect();
    let (rest, apart) = apart(rest, tables, sheet);
    let units = units(&rest, apart, sheet, marks, &matched, whole);
    Article {
        figures: link(matched, &captions, &units),
        units,
        adopted: None,
    }
}

fn classified(lines: &[(usize, &Line)], sheet: &Sheet, whole: &Whole<'_>) -> Vec<(Para, Kind)> {
    flow::paragraphs(lines, whole.lexicon)
        .into_iter()
        .map(|para| {
            let kind = kind::classify(&para, &whole.body, para.bbox[1] / sheet.size.1.max(1.0));
            (para, kind)
        })
        .collect()
}

/// Running text and captions: what stands in no figure. Labels inside drawings are short,
/// small or narrow.
fn is_wall(para: &Para, kind: &Kind, sheet: &Sheet, body: &Body) -> bool {
    let wide = width(para.bbox) >= 0.22 * sheet.size.0;
    match kind {
        Kind::Caption(_) => true,
        Kind::Address => false,
        Kind::Heading => {
            para.size >= body.size && para.lines == 1 && kind::opens_references(&para.text)
        }
        Kind::Paragraph | Kind::List | Kind::Footnote => {
            let long = para.lines >= 3 && para.chars > 90 || para.lines == 2 && para.chars > 70;
            let single = para.lines == 1 && para.chars >= 45 && para.size >= 0.95 * body.size;
            wide && (long && para.size > 0.8 * body.size || single)
        }
    }
}

fn tables(
    first: &[(Para, Kind)],
    sheet: &Sheet,
    lines: &[(usize, &Line)],
    body_size: f64,
) -> Vec<Table> {
    let rules = table::rules(&sheet.paths);
    let captions = || {
        first
            .iter()
            .filter(|(_, kind)| matches!(kind, Kind::Caption(_)))
    };
    captions()
        .filter(|(_, kind)| matches!(kind, Kind::Caption(label) if label.of == Of::Table))
        .filter_map(|(para, _)| {
            let others: Vec<PageBox> = captions()
                .map(|(o, _)| o.bbox)
                .filter(|o| *o != para.bbox)
                .collect();
            let outside: Vec<(usize, &Line)> = lines
                .iter()
                .copied()
                .filter(|(n, _)| !para.members.contains(n))
                .collect();
            table::find(para.bbox, &others, &rules, &outside, body_size)
                .or_else(|| aligned::find(para.bbox, &others, &outside, body_size))
        })
        .collect()
}

/// Lines that tables and figures carry: cells, labels of axes and panels.
fn taken_lines(
    lines: &[(usize, &Line)],
    tables: &[Table],
    figures: &[Matched],
    first: &[(Para, Kind)],
    walls: &[PageBox],
) -> BTreeSet<usize> {
    let mut taken: BTreeSet<usize> = tables
        .iter()
        .flat_map(|t| t.members.iter().copied())
        .collect();
    let captions: BTreeSet<usize> = first
        .iter()
        .filter(|(para, kind)| matches!(kind, Kind::Caption(_)) || walls.contains(&para.bbox))
        .flat_map(|(para, _)| para.members.iter().copied())
        .collect();
    for (number, line) in lines {
        let inside = |f: &Matched| {
            f.region
                .as_ref()
                .is_some_and(|r| holds_centre(r.bbox, line.bbox))
        };
        if !captions.contains(number) && figures.iter().any(inside) {
            taken.insert(*number);
        }
    }
    taken
}

fn units(
    rest: &[(usize, &Line)],
    apart: Vec<Unit>,
    sheet: &Sheet,
    marks: &Furniture,
    figures: &[Matched],
    whole: &Whole<'_>,
) -> Vec<Unit> {
    let classified = classified(rest, sheet, whole).into_iter();
    let mut found: Vec<Unit> = classified.map(unit_of).collect();
    found.extend(apart);
    found.sort_by_key(|u| u.para.order);
    let boxes: Vec<PageBox> = found.iter().map(|u| u.para.bbox).collect();
    let large = |u: &Unit| u.para.size >= 1.3 * whole.body.size && u.kind != BlockKind::Caption;
    let large: Vec<bool> = found.iter().map(large).collect();
    let mut slots: Vec<Option<Unit>> = found.into_iter().map(Some).collect();
    let mut out = furniture_units(sheet, marks, BlockKind::Header);
    out.extend(
        order::reading_order(&boxes, &large)
            .into_iter()
            .filter_map(|i| slots[i].take()),
    );
    out.extend(side_units(sheet, marks, figures, whole.lexicon));
    out.extend(furniture_units(sheet, marks, BlockKind::Footer));
    out
}

/// Takes equations out of lines; gives the other lines, and equations and tables as units.
fn apart<'a>(
    lines: Vec<(usize, &'a Line)>,
    tables: Vec<Table>,
    sheet: &Sheet,
) -> (Vec<(usize, &'a Line)>, Vec<Unit>) {
    let equations = equation::find(&lines);
    let taken: BTreeSet<usize> = equations.iter().flat_map(|e| e.members.clone()).collect();
    let rest = lines
        .into_iter()
        .filter(|(n, _)| !taken.contains(n))
        .collect();
    let tables = tables.into_iter().map(|t| table_unit(t, sheet));
    let equations = equations.into_iter().map(|e| equation_unit(e, sheet));
    (rest, tables.chain(equations).collect())
}

fn unit_of((para, kind): (Para, Kind)) -> Unit {
    let (kind, label) = match kind {
        Kind::Caption(label) => (BlockKind::Caption, Some(label)),
        Kind::Heading => (BlockKind::Heading, None),
        Kind::List => (BlockKind::List, None),
        Kind::Footnote => (BlockKind::Footnote, None),
        Kind::Address => (BlockKind::Footer, None),
        Kind::Paragraph => (BlockKind::Paragraph, None),
    };
    Unit {
        kind,
        para,
        label,
        cells: Vec::new(),
    }
}

/// Points figures at the units of their captions.
fn link(matched: Vec<Matched>, captions: &[&Para], units: &[Unit]) -> Vec<Found> {
    let unit_of = |caption: usize| {
        let first = captions[caption].members.first()?;
        units
            .iter()
            .position(|u| u.kind == BlockKind::Caption && u.para.members.contains(first))
    };
    matched
        .into_iter()
        .map(|m| Found {
            region: m.region,
            caption: m.caption.and_then(unit_of),
            score: m.score,
            reasons: m.reasons,
            moved: false,
        })
        .collect()
}
