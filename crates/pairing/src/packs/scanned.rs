//! Sentences of scanned pages: those with a word that was not read surely are no evidence.

use spinemed_core::document::Block;

use super::definition::sentence;

/// What of a block's text is evidence: parts of it with their ranges in characters. All of it
/// where nothing is doubtful.
pub(super) fn sure(block: &Block) -> Vec<([usize; 2], String)> {
    let doubtful = doubtful(block);
    if doubtful.is_empty() {
        return vec![([0, block.text.chars().count()], block.text.clone())];
    }
    let chars: Vec<char> = block.text.chars().collect();
    let ends = doubtful.iter().map(|[_, end]| *end);
    let starts = doubtful.iter().map(|[start, _]| *start);
    let mut parts = Vec::new();
    for (from, to) in std::iter::once(0)
        .chain(ends)
        .zip(starts.chain([chars.len()]))
    {
        let blank = |at: &usize| chars[*at].is_whitespace();
        let from = (from..to).find(|at| !blank(at)).unwrap_or(to);
        let to = (from..to)
            .rev()
            .find(|at| !blank(at))
            .map_or(from, |at| at + 1);
        if from < to {
            parts.push(([from, to], chars[from..to].iter().collect()));
        }
    }
    parts
}

/// Whether a range of characters holds a word that was not read surely.
pub(super) fn is_doubtful(block: &Block, [start, end]: [usize; 2]) -> bool {
    let doubtful = doubtful(block);
    doubtful.iter().any(|[from, to]| *from < end && start < *to)
}

/// Whether a row of a table holds a word that was not read surely.
pub(super) fn is_doubtful_row(block: &Block, row: &str) -> bool {
    unsure(block).any(|word| row.contains(word))
}

fn unsure(block: &Block) -> impl Iterator<Item = &str> {
    let words = block.scanned.iter().filter(|word| word.unsure);
    words.filter_map(|word| block.text.get(word.range[0]..word.range[1]))
}

/// Sentences around unsure words, in characters, in order, apart.
fn doubtful(block: &Block) -> Vec<[usize; 2]> {
    let count = |to: usize| block.text.get(..to).map(|text| text.chars().count());
    let mut out: Vec<[usize; 2]> = Vec::new();
    for word in block.scanned.iter().filter(|word| word.unsure) {
        let [Some(start), Some(end)] = word.range.map(count) else {
            continue;
        };
        // Ranges come from a file: what is no range says nothing.
        let inside = out.last().is_some_and(|[_, to]| end <= *to);
        if start >= end || inside {
            continue;
        }
        let (range, _) = sentence(&block.text, [start, end]);
        match out.last_mut() {
            Some(last) if range[0] <= last[1] => last[1] = last[1].max(range[1]),
            _ => out.push(range),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use spinemed_core::document::{BlockKind, ScannedWord};

    use super::*;

    /// A paragraph with the words of which some were not read surely.
    fn block(text: &str, unsure: &[&str]) -> Block {
        let mut scanned = Vec::new();
        for word in unsure {
            let at = text.find(word).expect("a word of the text");
            scanned.push(ScannedWord {
                range: [at, at + word.len()],
                bbox: [0.0; 4],
                confidence: 0.5,
                unsure: true,
            });
        }
        Block {
            id: "b1".to_owned(),
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
            page: Some(1),
            page_label: None,
            bbox: None,
            depth: None,
            path: None,
            section: Vec::new(),
            cells: Vec::new(),
            links: Vec::new(),
            scanned,
        }
    }

    fn check(text: &str, unsure: &[&str], expect: &[&str]) {
        let block = block(text, unsure);
        let found = sure(&block);
        let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, expect);
        for ([start, end], part) in &found {
            let there: String = text.chars().skip(*start).take(end - start).collect();
            assert_eq!(&there, part);
        }
    }

    #[test]
    fn doubtful_sentences_are_left_out() {
        let text = "The disc bulges at L4/L5. The root L5 is free. No stenosis is seen.";
        check(text, &[], &[text]);
        check(
            text,
            &["root"],
            &["The disc bulges at L4/L5.", "No stenosis is seen."],
        );
        check(text, &["disc", "seen"], &["The root L5 is free."]);
        check(text, &["disc", "root", "seen"], &[]);
        check(
            "\u{690e}\u{95f4}\u{76d8}\u{7a81}\u{51fa}\u{3002}\u{65e0}\u{72ed}\u{7a84}\u{3002}",
            &["\u{7a81}"],
            &["\u{65e0}\u{72ed}\u{7a84}\u{3002}"],
        );
    }

    #[test]
    fn rows_with_doubtful_words_are_told() {
        let table = block("L4/L5 4 mm LS 6 mm", &["LS"]);
        assert!(is_doubtful_row(&table, "LS | 6 mm"));
        assert!(!is_doubtful_row(&table, "4 mm"));
    }

    proptest::proptest! {
        #[test]
        fn odd_ranges_never_panic(text in "[a-zA-Z .\u{690e}]{0,60}", ranges in proptest::collection::vec((0..80_usize, 0..80_usize), 0..6)) {
            let mut block = block(&text, &[]);
            for (start, end) in ranges {
                block.scanned.push(ScannedWord { range: [start, end], bbox: [0.0; 4], confidence: 0.1, unsure: true });
            }
            sure(&block);
            is_doubtful(&block, [0, 5]);
            is_doubtful_row(&block, "a");
        }
    }
}
