//! Pieces of text on their way to blocks, and how tables, equations, running heads and text
//! that runs in another direction become such.

use spinemed_core::document::BlockKind;
use spinemed_core::locator::PageBox;

use crate::caption::Label;
use crate::equation::Equation;
use crate::figure::Matched;
use crate::flow::{self, Para};
use crate::furniture::Furniture;
use crate::geometry::{Turn, holds_centre};
use crate::line::Line;
use crate::page::Style;
use crate::sheet::Sheet;
use crate::table::Table;
use crate::text::Lexicon;

/// A piece of text on its way to a block, in its sheet's frame.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub kind: BlockKind,
    pub para: Para,
    /// A caption's label.
    pub label: Option<Label>,
    pub cells: Vec<Vec<String>>,
}

/// A table, with its cells.
pub(crate) fn table_unit(table: Table, sheet: &Sheet) -> Unit {
    Unit {
        kind: BlockKind::Table,
        para: set_apart(table.text, table.bbox, table.members, sheet),
        label: None,
        cells: table.cells,
    }
}

/// A displayed equation.
pub(crate) fn equation_unit(equation: Equation, sheet: &Sheet) -> Unit {
    Unit {
        kind: BlockKind::Equation,
        para: set_apart(equation.text, equation.bbox, equation.members, sheet),
        label: None,
        cells: Vec::new(),
    }
}

/// Lines that are no paragraph, as one.
fn set_apart(text: String, bbox: PageBox, members: Vec<usize>, sheet: &Sheet) -> Para {
    let orders = members.iter().map(|&n| sheet.lines[n].order);
    Para {
        chars: text.len(),
        text,
        bbox,
        size: 0.0,
        style: Style::default(),
        lead: Style::default(),
        order: orders.min().unwrap_or(0),
        lines: members.len(),
        full: true,
        members,
    }
}

/// Running heads or feet, line by line.
pub(crate) fn furniture_units(sheet: &Sheet, marks: &Furniture, kind: BlockKind) -> Vec<Unit> {
    let main = sheet.lines.iter().enumerate().zip(&marks.lines);
    let side = sheet.side.iter().enumerate().zip(&marks.side);
    main.chain(side)
        .filter(|(_, mark)| **mark == Some(kind))
        .map(|((number, line), _)| Unit {
            kind,
            para: single(number, line),
            label: None,
            cells: Vec::new(),
        })
        .collect()
}

/// Text that runs in another direction than its page and is part of no figure, as paragraphs
/// in its own direction.
pub(crate) fn side_units(
    sheet: &Sheet,
    marks: &Furniture,
    figures: &[Matched],
    lexicon: &Lexicon,
) -> Vec<Unit> {
    let mut out = Vec::new();
    for turn in Turn::ALL {
        let turned = turned_lines(turn, sheet, marks, figures);
        let numbered: Vec<(usize, &Line)> = turned.iter().enumerate().collect();
        out.extend(
            flow::paragraphs(&numbered, lexicon)
                .into_iter()
                .map(|para| Unit {
                    kind: BlockKind::Paragraph,
                    para: Para {
                        bbox: sheet
                            .turn
                            .enter_box(turn.leave_box(para.bbox, sheet.page_size), sheet.page_size),
                        members: Vec::new(),
                        ..para
                    },
                    label: None,
                    cells: Vec::new(),
                }),
        );
    }
    out
}

/// The side lines of one direction, in their own frame.
fn turned_lines(turn: Turn, sheet: &Sheet, marks: &Furniture, figures: &[Matched]) -> Vec<Line> {
    let in_figure = |b: PageBox| {
        figures
            .iter()
            .any(|f| f.region.as_ref().is_some_and(|r| holds_centre(r.bbox, b)))
    };
    sheet
        .side
        .iter()
        .zip(&sheet.side_turns)
        .zip(&marks.side)
        .filter(|((line, own), mark)| **own == turn && mark.is_none() && !in_figure(line.bbox))
        .map(|((line, _), _)| Line {
            bbox: turn.enter_box(sheet.on_page(line.bbox), sheet.page_size),
            ..line.clone()
        })
        .collect()
}

fn single(number: usize, line: &Line) -> Para {
    flow::paragraphs(&[(number, line)], &Lexicon::default())
        .pop()
        .expect("one line makes one paragraph")
}
