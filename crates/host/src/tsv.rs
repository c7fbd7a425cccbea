//! What Tesseract answers: a table of boxes, one word a line.

use spinemed_core::seam::PageWord;
use spinemed_deidentify::pixels::{ReaderFault, Word};

/// The level of words in the first column; the others are blocks, paragraphs and lines.
const WORD: &str = "5";

/// A row of a word. Its text is borrowed from the answer: who drops the answer drops it.
struct Row<'a> {
    line: [u32; 3],
    region: [u32; 4],
    confidence: f32,
    text: &'a str,
}

/// The words with letters or digits, as boxes of the picture that was read. The recognised
/// string is looked at for its letters and then dropped.
pub(crate) fn words(table: &[u8]) -> Result<Vec<Word>, ReaderFault> {
    let table = String::from_utf8_lossy(table);
    let rows = rows(&table).ok_or(ReaderFault::Answer)?;
    let boxes = rows.into_iter().filter(|row| is_word(row.text));
    Ok(boxes
        .map(|row| Word {
            region: row.region,
            confidence: row.confidence as u8,
        })
        .collect())
}

/// All words with what they read, for pages of documents; nothing where the answer is no table.
pub(crate) fn read_words(table: &[u8]) -> Option<Vec<PageWord>> {
    let table = String::from_utf8_lossy(table);
    let read = rows(&table)?.into_iter();
    Some(
        read.filter(|row| !row.text.trim().is_empty())
            .map(|row| PageWord {
                text: row.text.trim().to_owned(),
                region: row.region,
                confidence: f64::from(row.confidence) / 100.0,
                line: row.line,
            })
            .collect(),
    )
}

fn rows(table: &str) -> Option<Vec<Row<'_>>> {
    let mut rows = table.lines();
    rows.next()?.starts_with("level\t").then_some(())?;
    rows.filter(|row| row.split('\t').next() == Some(WORD))
        .map(row)
        .collect()
}

fn row(row: &str) -> Option<Row<'_>> {
    // level, page, block, paragraph, line, word, left, top, width, height, confidence, text
    let fields: Vec<&str> = row.splitn(12, '\t').collect();
    let number = |place: usize| fields.get(place)?.parse::<f32>().ok();
    let [left, top, width, height] = [number(6)?, number(7)?, number(8)?, number(9)?];
    Some(Row {
        line: [number(2)?, number(3)?, number(4)?].map(|count| count.max(0.0) as u32),
        region: [left, top, left + width, top + height].map(|edge| edge.max(0.0) as u32),
        confidence: number(10)?.clamp(0.0, 100.0),
        text: fields.get(11).copied().unwrap_or_default(),
    })
}

/// Two letters or digits, or one Chinese character: single marks are what readers make of
/// bones and noise.
fn is_word(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphanumeric());
    letters
        .map(|letter| if letter.is_ascii() { 1 } else { 2 })
        .sum::<u32>()
        >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\t\
                          width\theight\tconf\ttext\n";

    fn check(rows: &str, expect: Result<&[[u32; 4]], ReaderFault>) {
        let found = words(format!("{HEADER}{rows}").as_bytes());
        let regions = found.map(|words| words.iter().map(|word| word.region).collect::<Vec<_>>());
        assert_eq!(regions.as_deref(), expect.as_ref().copied());
    }

    #[test]
    fn words_are_boxes() {
        check("", Ok(&[]));
        check(
            "4\t1\t1\t1\t1\t0\t5\t6\t7\t8\t-1\t\n5\t1\t1\t1\t1\t1\t5\t6\t7\t8\t91.5\tRoan\n",
            Ok(&[[5, 6, 12, 14]]),
        );
        check("5\t1\t1\t1\t1\t1\t5\t6\t7\t8\t20\t|\n", Ok(&[]));
        check(
            "5\t1\t1\t1\t1\t1\t5\t6\t7\t8\t20\t王\n",
            Ok(&[[5, 6, 12, 14]]),
        );
    }

    #[test]
    fn pages_keep_what_was_read() {
        let rows =
            "5\t1\t2\t3\t4\t1\t5\t6\t7\t8\t91.5\tRoan \n5\t1\t2\t3\t4\t2\t5\t6\t7\t8\t95\t \n";
        let read = read_words(format!("{HEADER}{rows}").as_bytes());
        let word = PageWord {
            text: "Roan".to_owned(),
            region: [5, 6, 12, 14],
            confidence: 0.915,
            line: [2, 3, 4],
        };
        assert_eq!(read, Some(vec![word]));
        assert_eq!(read_words(b"no table"), None);
    }

    #[test]
    fn other_answers_are_refused() {
        check("5\t1\t1\n", Err(ReaderFault::Answer));
        check(
            "5\t1\t1\t1\t1\t1\tx\t6\t7\t8\t20\tRoan\n",
            Err(ReaderFault::Answer),
        );
        assert_eq!(words(b""), Err(ReaderFault::Answer));
        assert_eq!(words(&[0xFF, 0xFE]), Err(ReaderFault::Answer));
    }
}
