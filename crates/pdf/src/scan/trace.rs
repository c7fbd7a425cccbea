//! Words of blocks, back to their places on scanned pages.

use std::collections::BTreeMap;

use spinemed_core::document::{Block, BlockKind, ScannedWord};

use super::word::Word;
use crate::article::Article;
use crate::assemble::Assembled;
use crate::geometry::{holds_centre, rounded};
use crate::sheet::{Sheet, Words};
use crate::text::is_cjk;

/// How far ahead in a block's text a word is looked for, in bytes: as far as words reach that
/// the layers between changed.
const AHEAD: usize = 160;

/// How many words were read from pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    pub words: usize,
    pub unsure: usize,
}

/// Notes in the blocks which of their words were read from pictures, and how surely.
pub(crate) fn trace(sheets: &[Sheet], articles: &[Article], assembled: &mut Assembled) -> Tally {
    let numbers: BTreeMap<&str, usize> = assembled
        .blocks
        .iter()
        .enumerate()
        .map(|(number, block)| (block.id.as_str(), number))
        .collect();
    // Where each unit of text starts.
    let starts: BTreeMap<(usize, usize), usize> = assembled
        .ids
        .iter()
        .filter_map(|(key, id)| Some((*key, *numbers.get(id.as_str())?)))
        .collect();
    for (page, (sheet, article)) in sheets.iter().zip(articles).enumerate() {
        match &sheet.words {
            Words::Own => {}
            Words::Layer => doubt_the_rest(sheet, &mut assembled.blocks),
            Words::Scanned(words) => {
                let mut cursor = Cursor::new(sheet, &mut assembled.blocks);
                for (number, unit) in article.units.iter().enumerate() {
                    if let Some(&block) = starts.get(&(page, number)) {
                        cursor.follow(block, &unit.para.members, words);
                    }
                }
                doubt_the_rest(sheet, &mut assembled.blocks);
            }
        }
    }
    let mut tally = Tally::default();
    for block in &mut assembled.blocks {
        block.scanned.sort_by_key(|word| word.range);
        tally.words += block.scanned.len();
        tally.unsure += block.scanned.iter().filter(|word| word.unsure).count();
    }
    tally
}

/// Marks what of a page's blocks is traced to no word of ours: nobody knows how sure its
/// recognition was.
fn doubt_the_rest(sheet: &Sheet, blocks: &mut [Block]) {
    let page = Some(sheet.index as u32 + 1);
    for block in blocks.iter_mut().filter(|block| block.page == page) {
        let Some(bbox) = block.bbox else { continue };
        let mut known = vec![false; block.text.len()];
        for word in &block.scanned {
            known[word.range[0]..word.range[1]].fill(true);
        }
        let mut open: Option<usize> = None;
        for (at, c) in block.text.char_indices().chain([(block.text.len(), ' ')]) {
            let ends = c.is_whitespace() || known[at];
            match (open, ends) {
                (None, false) => open = Some(at),
                (Some(start), true) => {
                    open = None;
                    block.scanned.push(ScannedWord {
                        range: [start, at],
                        bbox,
                        confidence: 0.0,
                        unsure: true,
                    });
                }
                _ => {}
            }
        }
    }
}

/// Walks the blocks of a page with its words.
struct Cursor<'a> {
    sheet: &'a Sheet,
    blocks: &'a mut [Block],
    /// Up to where each block's text is found, in bytes.
    done: BTreeMap<usize, usize>,
}

impl<'a> Cursor<'a> {
    fn new(sheet: &'a Sheet, blocks: &'a mut [Block]) -> Self {
        Self {
            sheet,
            blocks,
            done: BTreeMap::new(),
        }
    }

    /// Finds the words of some lines in the block where they start, and in those after it
    /// where they were split, as the entries of a reference list are.
    fn follow(&mut self, mut block: usize, lines: &[usize], words: &[Word]) {
        let sheet = self.sheet;
        for word in lines.iter().flat_map(|line| on_line(sheet, *line, words)) {
            let from = |this: &Self, block: usize| this.done.get(&block).copied().unwrap_or(0);
            let mut at = place(&self.blocks[block].text, from(self, block), &word.text);
            let next = block + 1;
            if at.is_none()
                && let Some(after) = self.blocks.get(next)
                && after.page == self.blocks[block].page
                && after.kind == self.blocks[block].kind
            {
                at = place(&after.text, from(self, next), &word.text);
                block = if at.is_some() { next } else { block };
            }
            let place = &self.blocks[block];
            if at.is_none() && place.kind == BlockKind::Table {
                // Cells were read in another order.
                at = free(place, &word.text);
            } else if let Some(range) = at {
                self.done.insert(block, range[1]);
            }
            let Some(range) = at else { continue };
            self.blocks[block].scanned.push(ScannedWord {
                range,
                bbox: rounded(sheet.on_page(word.bbox)),
                confidence: (word.confidence * 1000.0).round() / 1000.0,
                unsure: word.unsure,
            });
        }
    }
}

/// The words of a line, left to right.
fn on_line<'w>(sheet: &Sheet, line: usize, words: &'w [Word]) -> Vec<&'w Word> {
    let Some(line) = sheet.lines.get(line) else {
        return Vec::new();
    };
    let here = words.iter().filter(|w| holds_centre(line.bbox, w.bbox));
    let mut here: Vec<&Word> = here.collect();
    here.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
    here
}

/// Where a word stands in a text from a place on. A hyphen at a line's end may be gone.
fn place(text: &str, from: usize, word: &str) -> Option<[usize; 2]> {
    let rest = text.get(from..)?;
    let start = from + (rest.len() - rest.trim_start().len());
    let bare = word.trim_end_matches(['-', '\u{2010}', '\u{ad}']);
    let forms = [word, bare];
    let forms = || forms.into_iter().filter(|form| !form.is_empty());
    if let Some(form) = forms().find(|form| text[start..].starts_with(form)) {
        return Some([start, start + form.len()]);
    }
    let mut end = (start + AHEAD).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    // Short words stand everywhere.
    forms().filter(|form| form.len() >= 3).find_map(|form| {
        let at = start + text[start..end].find(form)?;
        Some([at, at + form.len()])
    })
}

/// Where a word stands in a block, whole and not yet found.
fn free(block: &Block, word: &str) -> Option<[usize; 2]> {
    let ends = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || is_cjk(c));
    block.text.match_indices(word).find_map(|(start, _)| {
        let end = start + word.len();
        let whole =
            ends(block.text[..start].chars().next_back()) && ends(block.text[end..].chars().next());
        let taken = |w: &ScannedWord| w.range[0] < end && start < w.range[1];
        (whole && !block.scanned.iter().any(taken)).then_some([start, end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_turn() {
        let check = |text: &str, from, word: &str, expect: Option<&str>| {
            let found = place(text, from, word).map(|[a, b]| &text[a..b]);
            assert_eq!(found, expect, "{word} in {text}");
        };
        check("the canal is narrow", 0, "the", Some("the"));
        check("the canal is narrow", 3, "canal", Some("canal"));
        check("degeneration", 0, "degen-", Some("degen"));
        check("degeneration", 5, "eration", Some("eration"));
        check("COVID-19", 0, "COVID-", Some("COVID-"));
        check("the canal is narrow", 3, "narrow", Some("narrow"));
        check("the canal is a", 3, "a", None);
        check(
            "\u{8170}\u{690e}\u{95f4}\u{76d8}",
            3,
            "\u{690e}\u{95f4}",
            Some("\u{690e}\u{95f4}"),
        );
        check("short", 99, "short", None);
    }

    proptest::proptest! {
        #[test]
        fn ranges_are_of_the_text(text in ".{0,60}", from in 0..80_usize, word in ".{1,6}") {
            if let Some([start, end]) = place(&text, from, &word) {
                proptest::prop_assert!(from <= start && start < end);
                proptest::prop_assert!(word.starts_with(&text[start..end]));
            }
        }
    }
}
