//! Answer keys of a de-identification, in the form of the MIDI-B challenge: a SQLite database
//! with a table `answer_data`, one row for each instance.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use spinemed_core::seam::StoreError;

/// The key of one instance, or of all instances of a series, study or patient.
#[derive(Clone, PartialEq, Eq)]
pub struct AnswerRow {
    /// The old Study Instance UID (0020,000D).
    pub study: String,
    /// The old Series Instance UID (0020,000E).
    pub series: String,
    /// The old SOP Instance UID (0008,0018).
    pub instance: String,
    /// `Instance`, `Series`, `Study` or `Patient`; empty where the key has no such column.
    pub scope: String,
    /// The checks, as JSON.
    pub data: String,
}

/// Reads every row of an answer key.
///
/// # Errors
/// [`StoreError::Database`] when the file is no such key.
pub fn read_answers(path: &Path) -> Result<Vec<AnswerRow>, StoreError> {
    let place = path.display().to_string();
    let fault = |error: rusqlite::Error| StoreError::Database {
        place: place.clone(),
        cause: error.to_string(),
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let base = Connection::open_with_flags(path, flags).map_err(fault)?;
    let mut all = base.prepare("SELECT * FROM answer_data").map_err(fault)?;
    let names: Vec<String> = all.column_names().map(str::to_owned).collect();
    let at = |name: &str| names.iter().position(|n| n.eq_ignore_ascii_case(name));
    let columns = [
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "SOPInstanceUID",
        "scope",
        "AnswerData",
    ];
    let columns = columns.map(at);
    if columns[2].is_none() || columns[4].is_none() {
        return Err(StoreError::Database {
            place,
            cause: "`answer_data` has no `SOPInstanceUID` or no `AnswerData`".into(),
        });
    }
    let rows = all.query_map([], |row| {
        let [study, series, instance, scope, data] = columns.map(|at| cell(row, at));
        Ok(AnswerRow {
            study: study?,
            series: series?,
            instance: instance?,
            scope: scope?,
            data: data?,
        })
    });
    rows.map_err(fault)?
        .collect::<Result<_, _>>()
        .map_err(fault)
}

/// A cell as text; the key's writers put `<` and `>` around some.
fn cell(row: &Row<'_>, at: Option<usize>) -> rusqlite::Result<String> {
    let Some(at) = at else {
        return Ok(String::new());
    };
    Ok(match row.get_ref(at)? {
        ValueRef::Text(text) | ValueRef::Blob(text) => {
            let text = String::from_utf8_lossy(text);
            let inner = text.strip_prefix('<').and_then(|t| t.strip_suffix('>'));
            inner.unwrap_or(&text).to_owned()
        }
        _ => String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_by_its_columns() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key.db");
        let base = Connection::open(&path).expect("a database");
        base.execute_batch(
            "CREATE TABLE answer_data (Modality, SOPInstanceUID, StudyInstanceUID, AnswerData, scope);
             INSERT INTO answer_data VALUES ('<CT>', '1.2', '1', '{}', '<Instance>');",
        )
        .expect("made");
        let rows = read_answers(&path).expect("read");
        assert_eq!(rows.len(), 1);
        let row = &rows[0];
        assert_eq!(
            (&*row.instance, &*row.study, &*row.series),
            ("1.2", "1", "")
        );
        assert_eq!((&*row.scope, &*row.data), ("Instance", "{}"));
        assert!(read_answers(&folder.path().join("none.db")).is_err());
        base.execute_batch("DROP TABLE answer_data").expect("gone");
        assert!(read_answers(&path).is_err());
    }
}
