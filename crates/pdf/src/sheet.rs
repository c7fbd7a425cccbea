//! A page as layout sees it: lines, pictures and drawings in one upright frame.

use spinemed_core::locator::PageBox;

use crate::geometry::Turn;
use crate::line::{self, Line};
use crate::order;
use crate::page::{Placement, RawPage};
use crate::scan::{Frame, Word};

/// A page turned so that most of its text runs to the right.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    /// The page, from 0.
    pub index: usize,
    /// How the page was turned.
    pub turn: Turn,
    /// By how much its lines fall to the right after that, in radians; 0 but on scans.
    pub skew: f64,
    /// The page's size as shown.
    pub page_size: (f64, f64),
    /// The turned frame's size.
    pub size: (f64, f64),
    /// Lines in reading order.
    pub lines: Vec<Line>,
    /// Lines that run otherwise, with their boxes in this frame.
    pub side: Vec<Line>,
    /// The direction of each of these.
    pub side_turns: Vec<Turn>,
    /// Pictures.
    pub placements: Vec<Placement>,
    /// Boxes of drawn paths.
    pub paths: Vec<PageBox>,
    /// Glyphs, and those without a known character.
    pub glyphs: (usize, usize),
    /// Where its words come from.
    pub words: Words,
}

/// Where a sheet's words come from.
#[derive(Debug, Clone, Default)]
pub(crate) enum Words {
    /// The file's own.
    #[default]
    Own,
    /// Somebody's recognition of a picture, unseen on the page.
    Layer,
    /// Our own recognition of a picture.
    Scanned(Vec<Word>),
}

impl Sheet {
    pub(crate) fn new(index: usize, page: RawPage) -> Self {
        let turn = line::main_turn(&page);
        let enter = |b: PageBox| turn.enter_box(b, page.size);
        let (side_turns, side) = Turn::ALL
            .into_iter()
            .filter(|&other| other != turn)
            .flat_map(|other| {
                let lines = line::lines(&page, other).into_iter();
                lines.map(move |l| (other, l)).collect::<Vec<_>>()
            })
            .map(|(other, l)| {
                let bbox = enter(other.leave_box(l.bbox, page.size));
                (other, Line { bbox, ..l })
            })
            .unzip();
        Self {
            index,
            turn,
            page_size: page.size,
            size: turn.frame(page.size),
            lines: settle(line::lines(&page, turn)),
            side,
            side_turns,
            skew: 0.0,
            words: Words::Own,
            glyphs: (page.glyphs.len(), page.unmapped),
            placements: page
                .placements
                .into_iter()
                .map(|p| Placement {
                    bbox: enter(p.bbox),
                    ..p
                })
                .collect(),
            paths: page.paths.into_iter().map(enter).collect(),
        }
    }

    /// A box of this frame on the page as shown.
    pub(crate) fn on_page(&self, b: PageBox) -> PageBox {
        self.frame().leave_box(b)
    }

    /// How this frame lies on the page.
    pub(crate) fn frame(&self) -> Frame {
        Frame {
            turn: self.turn,
            skew: self.skew,
            page: self.page_size,
        }
    }
}

/// Keeps the stream's order of lines unless it hops about at more than a third of them, as
/// when a producer draws across columns.
fn settle(mut lines: Vec<Line>) -> Vec<Line> {
    let hops = lines
        .windows(2)
        .filter(|pair| {
            let apart = crate::geometry::x_overlap(pair[0].bbox, pair[1].bbox) < 0.1;
            apart || pair[1].baseline < pair[0].baseline - pair[0].size
        })
        .count();
    if hops * 3 > lines.len() {
        let boxes: Vec<PageBox> = lines.iter().map(|l| l.bbox).collect();
        for (place, index) in order::columns(&boxes).into_iter().enumerate() {
            lines[index].order = place;
        }
        lines.sort_by_key(|l| l.order);
    }
    lines
}
