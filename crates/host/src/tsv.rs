//! What Tesseract answers: a table of boxes, one word a line.

use spinemed_deidentify::pixels::{ReaderFault, Word};

/// The level of words in the first column; the others are blocks, paragraphs and lines.
const WORD: &str = "5";

/// The words with letters or digits, as boxes of the picture that was read. The recognised
/// string is looked at for its letters and then dropped.
pub(crate) fn words(table: &[u8]) -> Result<Vec<Word>, ReaderFault> {
    let table = String::from_utf8_lossy(table);
    let mut rows = table.lines();
    let header = rows.next().unwrap_or_default();
    if !header.starts_with("level\t") {
        return Err(ReaderFault::Answer);
    }
    rows.filter(|row| row.split('\t').next() == Some(WORD))
        .filter_map(|row| word(row).transpose())
        .collect()
}

/// The word of a row; nothing where it has no letter.
fn word(row: &str) -> Result<Option<Word>, ReaderFault> {
    // level, page, block, paragraph, line, word, left, top, width, height, confidence, text
    let fields: Vec<&str> = row.splitn(12, '\t').collect();
    let number = |place: usize| {
        let field = fields.get(place).ok_or(ReaderFault::Answer)?;
        field.parse::<f32>().map_err(|_| ReaderFault::Answer)
    };
    let [left, top, width, height] = [number(6)?, number(7)?, number(8)?, number(9)?];
    let confidence = number(10)?.clamp(0.0, 100.0) as u8;
    let text = fields.get(11).copied().unwrap_or_default();
    let region = [left, top, left + width, top + height].map(|edge| edge.max(0.0) as u32);
    Ok(is_word(text).then_some(Word { region, confidence }))
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
