//! The committed key: what must go, what must stay.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Answers {
    pub schema: String,
    pub objects: Vec<Entry>,
}

/// One planted object.
#[derive(Deserialize)]
pub struct Entry {
    pub file: String,
    pub kind: String,
    /// `clean`, `refused`, or `either`.
    pub outcome: String,
    pub ids: Ids,
    /// Class and text of every planted string.
    pub strings: Vec<(String, String)>,
    /// Other encodings of them, in hexadecimal.
    pub bytes: Vec<String>,
    /// Planted dates, `yyyymmdd`.
    pub dates: Vec<String>,
    /// Action to path to its text.
    pub actions: BTreeMap<String, BTreeMap<String, String>>,
    /// Kind, path, and the words or the value that ought to be there.
    pub useful: Vec<(String, String, Useful)>,
    pub glyphs: Vec<Glyph>,
}

#[derive(Deserialize)]
pub struct Ids {
    pub patient: String,
    pub instance: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum Useful {
    Words(Vec<String>),
    Value(String),
}

/// Burned-in letters.
#[derive(Deserialize)]
pub struct Glyph {
    /// Frames that show them, from 1.
    pub frames: Vec<u32>,
    /// `[x0, y0, x1, y1)`.
    #[serde(rename = "box")]
    pub area: [usize; 4],
    /// Run lengths row by row, the first of pixels without ink.
    pub runs: String,
    /// The bit of the samples that holds them, where they are an overlay.
    pub bit: Option<u32>,
}

impl Glyph {
    /// Which pixels of the box hold ink.
    pub fn ink(&self) -> Vec<bool> {
        let lengths = self.runs.split(' ').map(|n| n.parse::<usize>().unwrap());
        let ink = lengths.enumerate();
        ink.flat_map(|(at, length)| std::iter::repeat_n(at % 2 == 1, length))
            .collect()
    }
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/planted")
}

pub fn answers() -> Answers {
    let text = std::fs::read_to_string(folder().join("answers.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}
