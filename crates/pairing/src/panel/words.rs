//! Which words of a caption speak of which panel.

use super::group::is_han;
use super::mark::Mark;
use super::row::Row;
use crate::sentence;

/// Each panel's name and its characters of the caption. None where a mark turns out to have
/// no words of its own: then the row names no panels.
pub(super) fn of(chars: &[char], start: usize, row: &Row) -> Option<Vec<(String, [usize; 2])>> {
    let ranges = if row.after {
        before_marks(chars, start, &row.marks)?
    } else {
        after_marks(chars, &row.marks)?
    };
    let named = row
        .marks
        .iter()
        .zip(ranges)
        .flat_map(|(mark, range)| mark.names.iter().map(move |name| (name.clone(), range)));
    Some(named.collect())
}

/// Words that follow their mark.
fn after_marks(chars: &[char], marks: &[Mark]) -> Option<Vec<[usize; 2]>> {
    let ends = marks.iter().skip(1).map(|mark| mark.start);
    let ends = ends.chain([chars.len()]);
    let mut ranges: Vec<[usize; 2]> = marks
        .iter()
        .zip(ends)
        .map(|(mark, end)| trimmed(chars, [mark.end, closed(chars, mark.end, end)]))
        .collect();
    let longest = ranges[..ranges.len() - 1]
        .iter()
        .map(|range| sentence::sentences(chars, *range).len())
        .max()
        .unwrap_or(1);
    let last = ranges.last_mut()?;
    *last = trimmed(chars, own(chars, *last, longest));
    // `(A) and (B) Sagittal views`: the first has the words of the next.
    for at in (0..ranges.len()).rev() {
        if ranges[at][0] == ranges[at][1] {
            ranges[at] = *ranges.get(at + 1)?;
        }
    }
    Some(ranges)
}

/// The part of the last panel's words that speaks of it alone: no more sentences than another
/// panel has, and none that explains signs of all.
fn own(chars: &[char], range: [usize; 2], most: usize) -> [usize; 2] {
    let sentences = sentence::sentences(chars, range);
    let kept = sentences
        .iter()
        .enumerate()
        .take_while(|(at, [start, end])| {
            *at == 0 || (*at < most.max(1) && !is_legend(&chars[*start..*end]))
        })
        .last();
    let end = kept.map_or(range[1], |(_, sentence)| sentence[1]);
    [range[0], legend(chars, [range[0], end])]
}

/// Where a legend starts after a blank inside Chinese words, or the end.
fn legend(chars: &[char], [start, end]: [usize; 2]) -> usize {
    (start + 1..end)
        .find(|&at| {
            chars[at - 1].is_whitespace() && is_han(chars[at]) && is_legend(&chars[at..end])
        })
        .unwrap_or(end)
}

fn is_legend(words: &[char]) -> bool {
    const LEGENDS: &[&str] = &[
        "arrow",
        "all ",
        "each ",
        "note",
        "scale",
        "abbreviation",
        "reproduced",
        "adapted",
        "asterisk",
        "*",
        "white arrow",
        "black arrow",
        "red arrow",
        "data ",
        "values ",
        "courtesy",
        "from ",
        "箭头",
        "白色箭头",
        "黑色箭头",
        "红色箭头",
        "注",
        "星号",
    ];
    let head: String = words
        .iter()
        .skip_while(|c| c.is_whitespace())
        .take(14)
        .flat_map(|c| c.to_lowercase())
        .collect();
    LEGENDS.iter().any(|legend| head.starts_with(legend))
}

/// Words that stand before their mark.
fn before_marks(chars: &[char], start: usize, marks: &[Mark]) -> Option<Vec<[usize; 2]>> {
    let mut ranges = Vec::new();
    let mut from = start;
    for mark in marks {
        let range = trimmed(chars, [from, mark.start]);
        let clause = (range[0]..range[1])
            .rev()
            .find(|&at| is_stop(chars, at))
            .map_or(range[0], |at| at + 1);
        let range = trimmed(chars, [clause, range[1]]);
        if range[0] == range[1] {
            return None;
        }
        ranges.push(range);
        from = mark.end;
    }
    // `Fusion rate (A), and operation time (B)`: clauses of their own are whole.
    let listed = matches!(
        chars.get(marks[0].end),
        Some(',' | ';' | '，' | '；' | '、')
    );
    if !listed {
        shorten(chars, &mut ranges);
    }
    Some(ranges)
}

/// Whether a character ends a clause: a stop that ends a sentence, a colon, a semicolon.
fn is_stop(chars: &[char], at: usize) -> bool {
    match chars[at] {
        '.' => sentence::is_end(chars, at + 1),
        ':' => chars.get(at + 1).is_none_or(|c| c.is_whitespace()),
        ';' | '。' | '；' | '：' | '|' => true,
        _ => false,
    }
}

/// `MRI of the spine, sagittal (A) and axial (B)`: the first words are of all panels where the
/// others need few: what stands before the last comma, or before as many words.
fn shorten(chars: &[char], ranges: &mut [[usize; 2]]) {
    let [first, second, ..] = ranges else { return };
    let count = |range: &[usize; 2]| starts(chars, range).len();
    let wanted = count(second);
    let comma = (first[0]..first[1])
        .rev()
        .find(|&at| matches!(chars[at], ',' | '，'));
    if let Some(comma) = comma {
        *first = trimmed(chars, [comma + 1, first[1]]);
    }
    let starts = starts(chars, first);
    if wanted <= 2 && starts.len() > 2 * wanted {
        first[0] = starts[starts.len() - wanted];
    }
}

/// Where the words of a range start.
fn starts(chars: &[char], range: &[usize; 2]) -> Vec<usize> {
    (range[0]..range[1])
        .filter(|&at| !chars[at].is_whitespace())
        .filter(|&at| at == range[0] || chars[at - 1].is_whitespace())
        .collect()
}

/// The end of a stretch, or the bracket inside it that closes one opened before.
fn closed(chars: &[char], start: usize, end: usize) -> usize {
    let mut open = 0u32;
    for (at, c) in chars.iter().enumerate().take(end).skip(start) {
        match c {
            '(' | '（' | '[' => open += 1,
            ')' | '）' | ']' if open == 0 => return at,
            ')' | '）' | ']' => open -= 1,
            _ => {}
        }
    }
    end
}

/// A range without signs and joining words at its ends.
fn trimmed(chars: &[char], [mut start, mut end]: [usize; 2]) -> [usize; 2] {
    let sign = |c: char| c.is_whitespace() || ",;:，；：、|–—-(（".contains(c);
    loop {
        let before = [start, end];
        while start < end && (sign(chars[start]) || ".。)）".contains(chars[start])) {
            start += 1;
        }
        while start < end && sign(chars[end - 1]) {
            end -= 1;
        }
        for word in ["and", "or", "和", "与", "及", "或", "the"] {
            let length = word.chars().count();
            let whole = |at: usize| !chars.get(at).is_some_and(char::is_ascii_alphanumeric);
            let is = |at: usize| chars[at..at + length].iter().copied().eq(word.chars());
            if end - start >= length && word != "the" {
                let first = end - length;
                if is(first) && (!word.is_ascii() || first == start || whole(first - 1)) {
                    end = first;
                    continue;
                }
            }
            if end - start >= length
                && is(start)
                && (!word.is_ascii() || whole(start + length))
                && (word != "the")
            {
                start += length;
            }
        }
        if [start, end] == before {
            return before;
        }
    }
}
