//! Searches everything that a program left behind for words that must not be there: every byte
//! of every file, the rows of databases unpacked, compressed runs inflated.
//!
//! It knows nothing of the program's formats but that it packs with zstd and keeps SQLite
//! databases, so that it finds what the program did not mean to keep as well.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

/// A word to search for, in all its encodings.
struct Needle {
    word: String,
    spellings: Vec<Vec<u8>>,
}

/// A word that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// The word.
    pub word: String,
    /// The file, or table and column of a database.
    pub place: String,
}

/// The fewest bytes that are no chance hit in another encoding than UTF-8.
const TELLING: usize = 6;

/// Where words stand in the files below a folder, and in their names. `skip` names folders
/// and files that are not searched.
///
/// # Panics
/// When a file cannot be read.
#[must_use]
pub fn leaks(root: &Path, words: &[String], skip: &dyn Fn(&Path) -> bool) -> BTreeSet<Leak> {
    let needles: Vec<Needle> = words.iter().map(|word| Needle::new(word)).collect();
    let mut found = BTreeSet::new();
    for file in files(root, skip) {
        let place = file
            .strip_prefix(root)
            .unwrap_or(&file)
            .display()
            .to_string();
        search(place.as_bytes(), &needles, "a file's name", &mut found);
        let bytes = fs::read(&file).expect("a listed file can be read");
        search(&bytes, &needles, &place, &mut found);
        for inflated in frames(&bytes) {
            search(&inflated, &needles, &place, &mut found);
        }
        if bytes.starts_with(b"SQLite format 3\0") {
            database(&file, &place, &needles, &mut found);
        }
    }
    found
}

/// Where words stand in a text.
#[must_use]
pub fn leaks_in(text: &str, words: &[String]) -> BTreeSet<Leak> {
    let needles: Vec<Needle> = words.iter().map(|word| Needle::new(word)).collect();
    let mut found = BTreeSet::new();
    search(text.as_bytes(), &needles, "a text", &mut found);
    found
}

impl Needle {
    fn new(word: &str) -> Self {
        let mut spellings = vec![word.as_bytes().to_vec()];
        // What programs write where they are careful: JSON's and XML's escapes.
        let json = serde_json::to_string(word).expect("texts serialise");
        spellings.push(json.as_bytes()[1..json.len() - 1].to_vec());
        spellings.push(escaped(word).into_bytes());
        let little = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big = word.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let national = encoding_rs::GB18030.encode(word).0.into_owned();
        let others: [Vec<u8>; 3] = [little, big, national];
        spellings.extend(others.into_iter().filter(|bytes| bytes.len() >= TELLING));
        spellings.sort();
        spellings.dedup();
        Self {
            word: word.to_owned(),
            spellings,
        }
    }
}

/// `\uXXXX` for everything beyond ASCII.
fn escaped(word: &str) -> String {
    let unit = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    word.encode_utf16().map(unit).collect()
}

fn search(bytes: &[u8], needles: &[Needle], place: &str, found: &mut BTreeSet<Leak>) {
    for needle in needles {
        let here = |spelling: &Vec<u8>| memchr::memmem::find(bytes, spelling).is_some();
        if needle.spellings.iter().any(here) {
            found.insert(Leak {
                word: needle.word.clone(),
                place: place.to_owned(),
            });
        }
    }
}

/// What stands in zstd frames (RFC 8878) anywhere in some bytes.
fn frames(bytes: &[u8]) -> Vec<Vec<u8>> {
    const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
    const MOST: u64 = 256 << 20;
    memchr::memmem::find_iter(bytes, &MAGIC)
        .filter_map(|at| {
            let decoder = zstd::stream::Decoder::new(&bytes[at..]).ok()?;
            let mut inflated = Vec::new();
            // A frame that is cut off still gives what stands before the cut.
            let _ = decoder.single_frame().take(MOST).read_to_end(&mut inflated);
            (!inflated.is_empty()).then_some(inflated)
        })
        .collect()
}

fn database(file: &Path, place: &str, needles: &[Needle], found: &mut BTreeSet<Leak>) {
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .expect("what begins as a database is one");
    let mut list = db
        .prepare("SELECT name FROM sqlite_master WHERE type='table'")
        .expect("every database lists its tables");
    let tables: Vec<String> = list
        .query_map([], |row| row.get(0))
        .expect("the list takes no parameters")
        .map(|name| name.expect("names of tables are texts"))
        .collect();
    for table in tables {
        let mut all = db
            .prepare(&format!("SELECT * FROM \"{table}\""))
            .expect("the table was listed");
        let columns = all.column_count();
        let mut rows = all.query([]).expect("the statement takes no parameters");
        while let Some(row) = rows.next().expect("no page of the table is damaged") {
            for column in 0..columns {
                let place = format!("{place}, table {table}, column {column}");
                let (ValueRef::Text(cell) | ValueRef::Blob(cell)) =
                    row.get_ref(column).expect("the statement has this column")
                else {
                    continue;
                };
                search(cell, needles, &place, found);
                for inflated in frames(cell) {
                    search(&inflated, needles, &place, found);
                }
            }
        }
    }
}

fn files(folder: &Path, skip: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed to its end").path();
        if skip(&path) {
            continue;
        }
        if path.is_dir() {
            all.extend(files(&path, skip));
        } else {
            all.push(path);
        }
    }
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, bytes: &[u8], word: &str) -> bool {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        !leaks(folder.path(), &[word.to_owned()], &|_| false).is_empty()
    }

    #[test]
    fn every_encoding_is_searched() {
        let word = "仝熠澜";
        let gb = encoding_rs::GB18030.encode(word).0.into_owned();
        let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            word.as_bytes().to_vec(),
            gb,
            utf16,
            br"\u4edd\u71a0\u6f9c".to_vec(),
            zstd::bulk::compress(format!("xx {word}").as_bytes(), 1).unwrap(),
        ] {
            let mut around = b"before ".to_vec();
            around.extend(&bytes);
            assert!(found("a", &around, word), "{bytes:?}");
        }
        assert!(found("仝熠澜.txt", b"nothing", word));
        assert!(!found("a", b"nothing", word));
    }

    #[test]
    fn rows_of_databases_are_unpacked() {
        let folder = tempfile::tempdir().unwrap();
        let db = Connection::open(folder.path().join("a.db")).unwrap();
        db.execute_batch("CREATE TABLE t(a BLOB)").unwrap();
        let long = format!("{} needle {}", "hay ".repeat(5000), "hay ".repeat(5000));
        let packed = zstd::bulk::compress(long.as_bytes(), 1).unwrap();
        db.execute("INSERT INTO t VALUES (?1)", [packed]).unwrap();
        drop(db);
        let all = leaks(folder.path(), &["needle".to_owned()], &|_| false);
        assert!(
            all.iter().any(|leak| leak.place.contains("table t")),
            "{all:?}"
        );
    }
}
