//! Numbers against the order of the text: figures are numbered as they come.

use spinemed_core::document::Document;

use crate::document::{label_of, positions};
use crate::label::{Number, Series};

const REASON: &str = "its number is out of order";
/// The most that a caption whose number does not fit between its neighbours' can score: less
/// than the least that is used unreviewed.
const MOST: f64 = 0.45;

/// Lowers the score of each figure whose caption was found by its place and whose number is
/// not between those of the figures before and after it. Figures stand in the order of pages,
/// then of their captions. A number that starts anew at 1, as
/// each chapter's does, is in order.
pub(crate) fn judge(document: &mut Document) {
    let position = positions(&document.blocks);
    let mut row: Vec<((u32, usize), Number, usize)> = Vec::new();
    for (at, figure) in document.figures.iter().enumerate() {
        let caption = figure.caption.as_deref().and_then(|id| position.get(id));
        let label = label_of(figure).filter(|label| label.series == Series::Figure);
        if let (Some(&block), Some(label), Some(page)) = (caption, label, figure.page) {
            row.push(((page, block), label.number, at));
        }
    }
    row.sort();
    row.dedup_by_key(|(place, ..)| *place);
    let breaks = |pair: &[((u32, usize), Number, usize)]| {
        pair[1].1 < pair[0].1 && pair[1].1.last() != 1 && !pair[1].1.is_supplement()
    };
    let mut wrong: Vec<usize> = Vec::new();
    for pair in row.windows(2).filter(|pair| breaks(pair)) {
        wrong.extend([pair[0].2, pair[1].2]);
    }
    for at in wrong {
        let figure = &mut document.figures[at];
        let told = figure.reasons.iter().any(|reason| reason == REASON);
        if figure.score < 1.0 && !told {
            figure.score = figure.score.min(MOST);
            figure.reasons.push(REASON.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document::tests::{block, document, figure};
    use crate::pair;
    use spinemed_core::document::{Block, BlockKind};

    #[test]
    fn numbers_that_jump_back_make_a_caption_unsure() {
        let check = |numbers: &[&str], unsure: &[usize]| {
            let mut blocks = Vec::new();
            let mut figures = Vec::new();
            for (at, number) in numbers.iter().enumerate() {
                let page = u32::try_from(at + 1).unwrap();
                let text = format!("Figure {number}. Sagittal view of the spine.");
                blocks.push(Block {
                    page: Some(page),
                    bbox: Some([50.0, 310.0, 400.0, 330.0]),
                    ..block(BlockKind::Caption, &text)
                });
                figures.push(figure(Some(page), Some([50.0, 100.0, 400.0, 300.0])));
            }
            let mut document = document(blocks, figures);
            pair(&mut document);
            let low: Vec<usize> = (0..numbers.len())
                .filter(|&at| document.figures[at].score < 0.8)
                .collect();
            assert_eq!(low, unsure, "{numbers:?}");
        };
        check(&["1", "2", "3"], &[]);
        check(&["1", "3", "2", "4"], &[1, 2]);
        check(&["1.1", "1.2", "2.1"], &[]);
        check(&["1", "2", "1", "2"], &[]);
        check(&["2", "S1"], &[]);
    }
}
