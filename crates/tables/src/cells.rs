//! What the readers share: texts, CSV headers and problems.

use spinemed_core::Problem;
use spinemed_core::locator::{FileRef, Locator};
use spinemed_core::seam::Tree;
use spinemed_core::source::Manifest;
use unicode_normalization::UnicodeNormalization;

/// Bytes of a table.
const MAX_BYTES: usize = 256 << 20;
/// Characters of a met name or value that a reason shows.
const SHOWN: usize = 40;

/// Where problems of a file are told.
pub struct Teller<'a> {
    /// The source's declaration.
    pub manifest: &'a Manifest,
    /// The file.
    pub file: FileRef,
}

impl Teller<'_> {
    /// A problem at a place.
    pub fn problem(&self, place: impl Into<String>, reason: impl Into<String>) -> Problem {
        problem(self.manifest, &self.file.path, place, reason)
    }

    /// A row of the file.
    pub fn row(&self, row: u64) -> Locator {
        Locator {
            row: Some(row),
            ..Locator::of_file(self.file.clone())
        }
    }
}

/// A problem of any file.
pub fn problem(
    manifest: &Manifest,
    file: &str,
    place: impl Into<String>,
    reason: impl Into<String>,
) -> Problem {
    Problem {
        source: manifest.id.to_string(),
        file: file.to_owned(),
        place: place.into(),
        reason: reason.into(),
    }
}

/// A file's reference.
pub fn reference(tree: &dyn Tree, name: &str) -> Result<FileRef, String> {
    Ok(FileRef {
        path: name.to_owned(),
        sha256: tree.digest(name)?,
    })
}

/// A file's bytes as text, without a byte order mark.
pub fn text(bytes: &[u8]) -> Result<&str, (String, String)> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(("file".into(), "the file is empty".into()));
    }
    if bytes.len() > MAX_BYTES {
        let reason = format!("{} bytes, more than the limit of {MAX_BYTES}", bytes.len());
        return Err(("file".into(), reason));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let lines = bytes[..error.valid_up_to()]
            .iter()
            .filter(|&&b| b == b'\n')
            .count();
        (
            format!("line {}", lines + 1),
            "not UTF-8 text; save the file as UTF-8".to_owned(),
        )
    })
}

/// NFC, one space between words, no control characters.
pub fn tidy(text: &str) -> String {
    let words: String = text
        .nfc()
        .filter(|c| c.is_whitespace() || !c.is_control())
        .collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A met name or value as a reason shows it.
pub fn shown(text: &str) -> String {
    let mut out: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(SHOWN)
        .collect();
    if text.chars().count() > SHOWN {
        out.push('…');
    }
    out
}

/// `; did you mean …?` where a known name is close (Damerau-Levenshtein distance of at most
/// a third of its length).
pub fn suggestion(met: &str, known: &[&str]) -> String {
    let distance =
        |name: &str| strsim::damerau_levenshtein(&met.to_lowercase(), &name.to_lowercase());
    let nearest = known.iter().min_by_key(|name| distance(name));
    match nearest.filter(|name| distance(name) <= name.len().div_ceil(3)) {
        Some(name) if met.chars().count() <= 64 => format!("; did you mean `{name}`?"),
        _ => String::new(),
    }
}

/// A CSV file (RFC 4180), read whole.
pub struct Csv {
    /// The columns' names.
    pub columns: Vec<String>,
    /// Rows, from 1; the header is not counted. A row that is no CSV has its cause instead.
    pub rows: Vec<(u64, Result<csv::StringRecord, String>)>,
}

/// Reads a CSV file with a header row.
pub fn csv(text: &str) -> Csv {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let columns: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    let checked = |row: Result<csv::StringRecord, csv::Error>| match row {
        Ok(row) if row.len() == columns.len() => Ok(row),
        Ok(row) => Err(format!(
            "{} cells, but the header has {}",
            row.len(),
            columns.len()
        )),
        Err(error) => Err(error.to_string()),
    };
    let rows = reader
        .into_records()
        .zip(1..)
        .map(|(row, n)| (n, checked(row)))
        .collect();
    Csv { columns, rows }
}

impl Csv {
    /// A column's position.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// What is wrong with the columns as a whole: missing or double ones.
    pub fn check(&self, needed: &[&str]) -> Result<(), String> {
        let missing: Vec<&&str> = needed.iter().filter(|n| self.column(n).is_none()).collect();
        if !missing.is_empty() {
            let met: Vec<&str> = self.columns.iter().map(String::as_str).collect();
            let wanted: Vec<String> = missing.iter().map(|n| format!("`{n}`")).collect();
            let found: Vec<String> = met.iter().map(|n| format!("`{}`", shown(n))).collect();
            let word = if missing.len() == 1 {
                "column"
            } else {
                "columns"
            };
            let (wanted, found) = (wanted.join(", "), found.join(", "));
            return Err(format!("missing {word} {wanted}; found {found}"));
        }
        for (at, name) in self.columns.iter().enumerate() {
            if self.column(name) != Some(at) && !name.is_empty() {
                return Err(format!("column `{}` stands twice", shown(name)));
            }
        }
        Ok(())
    }

    /// Columns that are not known, with a suggestion each.
    pub fn unknown(&self, known: &[&str]) -> Vec<(String, String)> {
        let unknown = self
            .columns
            .iter()
            .filter(|name| !known.contains(&name.as_str()));
        unknown
            .map(|name| {
                let place = format!("header, column {}", shown(name));
                (
                    place,
                    format!(
                        "unknown column `{}`{}",
                        shown(name),
                        suggestion(name, known)
                    ),
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_checked() {
        let check = |text: &str, expect: Result<(), &str>| {
            assert_eq!(
                csv(text).check(&["id", "answer"]),
                expect.map_err(str::to_owned)
            );
        };
        check("id,answer\n1,2", Ok(()));
        check(" id , answer \n", Ok(()));
        check(
            "id,anwser\n",
            Err("missing column `answer`; found `id`, `anwser`"),
        );
        check("x\n", Err("missing columns `id`, `answer`; found `x`"));
        check("id,answer,id\n", Err("column `id` stands twice"));
    }

    #[test]
    fn rows_are_counted_from_one_and_their_faults_told() {
        let table = csv("a,b\n1,\"x\ny\"\n2\n3,4\n");
        let rows: Vec<_> = table
            .rows
            .iter()
            .map(|(n, row)| (*n, row.is_ok()))
            .collect();
        assert_eq!(rows, [(1, true), (2, false), (3, true)]);
    }

    #[test]
    fn suggestions_are_near() {
        assert_eq!(
            suggestion("anwser", &["id", "answer"]),
            "; did you mean `answer`?"
        );
        assert_eq!(suggestion("colour", &["id", "answer"]), "");
    }

    #[test]
    fn bytes_become_text() {
        assert_eq!(text(b"\xEF\xBB\xBFa"), Ok("a"));
        assert!(text(b"a\n\xB0").expect_err("no UTF-8").0.contains("line 2"));
        assert_eq!(tidy(" e\u{301}\u{a0}\n x\u{7}"), "é x");
    }
}
