//! Question banks in JSON Lines and CSV.

use std::collections::BTreeMap;

use serde_json::Value;
use spinemed_core::question::Question;
use spinemed_core::seam::{Ingest, Ingested, Record, StepId, Tree};
use spinemed_core::source::Manifest;
use spinemed_core::{DocumentId, Problem};

use crate::answer;
use crate::cells::{self, Csv, Teller, shown, suggestion, tidy};

/// Keys of a JSON Lines bank.
const KEYS: [&str; 9] = [
    "id",
    "group",
    "language",
    "stem",
    "question",
    "options",
    "answer",
    "explanation",
    "topic",
];
/// Columns of a CSV bank.
const COLUMNS: [&str; 14] = [
    "id",
    "group",
    "language",
    "stem",
    "question",
    "option_a",
    "option_b",
    "option_c",
    "option_d",
    "option_e",
    "option_f",
    "answer",
    "explanation",
    "topic",
];
const OPTIONS: [&str; 6] = [
    "option_a", "option_b", "option_c", "option_d", "option_e", "option_f",
];
/// Options of one question: as many as there are letters.
const MAX_OPTIONS: usize = 26;

/// The reader of question banks: one question per line of a `.jsonl` (or `.ndjson`) file, or
/// per row of a `.csv` file with a header.
///
/// | key or column | meaning |
/// |---|---|
/// | `id` | the question's name, unique in the bank: letters, digits, `-`, `_`, `.` |
/// | `group` | optional; translations and variants of one question share it |
/// | `language` | optional, `en` or `zh`; the source's language where absent |
/// | `stem` (or `question`) | the question |
/// | `options` (CSV: `option_a` to `option_f`) | a list; absent or empty for an open question |
/// | `answer` | a letter, or the words of the right option; for an open question its words |
/// | `explanation`, `topic` | optional |
///
/// Unknown keys are problems with a suggestion; the question survives them.
#[derive(Debug, Clone, Copy, Default)]
pub struct BankReader;

impl Ingest for BankReader {
    fn step(&self) -> StepId {
        StepId {
            name: "question-bank",
            version: 1,
        }
    }

    fn ingest(&self, manifest: &Manifest, tree: &dyn Tree) -> Ingested {
        let mut out = Ingested::default();
        let mut seen = BTreeMap::new();
        for name in tree.names() {
            if let Err((place, reason)) = read_file(manifest, tree, &name, &mut seen, &mut out) {
                out.rejected
                    .push(cells::problem(manifest, &name, place, reason));
            }
        }
        out
    }
}

/// Where each id was first met.
type Seen = BTreeMap<String, String>;

fn read_file(
    manifest: &Manifest,
    tree: &dyn Tree,
    name: &str,
    seen: &mut Seen,
    out: &mut Ingested,
) -> Result<(), (String, String)> {
    let whole = |reason| ("file".to_owned(), reason);
    let ending = name
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let bytes = tree.read(name).map_err(whole)?;
    let file = cells::reference(tree, name).map_err(whole)?;
    let teller = Teller { manifest, file };
    match ending.as_str() {
        "jsonl" | "ndjson" => read_lines(&teller, cells::text(&bytes)?, seen, out),
        "csv" => read_rows(&teller, cells::text(&bytes)?, seen, out)?,
        _ => return Err(whole("neither `.jsonl` nor `.csv`".to_owned())),
    }
    Ok(())
}

/// A question's cells before they are checked.
#[derive(Default)]
struct Raw {
    id: String,
    group: String,
    language: String,
    stem: String,
    options: Vec<String>,
    answer: String,
    explanation: String,
    topic: String,
}

fn read_lines(teller: &Teller<'_>, text: &str, seen: &mut Seen, out: &mut Ingested) {
    for (line, number) in text.lines().zip(1u64..) {
        if line.trim().is_empty() {
            continue;
        }
        let place = format!("line {number}");
        let raw = parse_line(teller, &place, line, &mut out.problems);
        let question = raw
            .map_err(|(key, reason)| teller.problem(at_key(&place, &key), reason))
            .and_then(|raw| check(teller, number, &place, "key", raw, seen));
        keep(question, out);
    }
}

fn keep(question: Result<Question, Problem>, out: &mut Ingested) {
    match question {
        Ok(question) => out.records.push(Record::Question(question)),
        Err(problem) => out.rejected.push(problem),
    }
}

fn at_key(place: &str, key: &str) -> String {
    if key.is_empty() {
        place.to_owned()
    } else {
        format!("{place}, key {key}")
    }
}

/// Reads a line's object. The error names the key, where one is at fault.
fn parse_line(
    teller: &Teller<'_>,
    place: &str,
    line: &str,
    problems: &mut Vec<Problem>,
) -> Result<Raw, (String, String)> {
    let value: Value = serde_json::from_str(line).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Eof => "the line ends within a value",
            _ => "not JSON",
        };
        (String::new(), format!("{what} (column {})", error.column()))
    })?;
    let Value::Object(object) = value else {
        return Err((String::new(), "a line must hold one JSON object".to_owned()));
    };
    let mut raw = Raw::default();
    let both = object.contains_key("stem") && object.contains_key("question");
    for (key, value) in &object {
        let fault = |reason: &str| (key.clone(), reason.to_owned());
        let target = match key.as_str() {
            "id" => &mut raw.id,
            "group" => &mut raw.group,
            "language" => &mut raw.language,
            "question" if both => return Err(fault("`stem` and `question` are both given")),
            "stem" | "question" => &mut raw.stem,
            "answer" => &mut raw.answer,
            "explanation" => &mut raw.explanation,
            "topic" => &mut raw.topic,
            "options" => {
                raw.options = list(value).ok_or_else(|| fault("not a list of texts"))?;
                continue;
            }
            _ => {
                let reason = format!("unknown key `{}`{}", shown(key), suggestion(key, &KEYS));
                problems.push(teller.problem(at_key(place, &shown(key)), reason));
                continue;
            }
        };
        *target = word(value).ok_or_else(|| fault("not a text"))?;
    }
    Ok(raw)
}

/// A text; whole numbers are taken as written, nothing as empty.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        Value::Null => Some(String::new()),
        _ => None,
    }
}

fn list(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(items) => items.iter().map(word).collect(),
        Value::Null => Some(Vec::new()),
        _ => None,
    }
}

fn read_rows(
    teller: &Teller<'_>,
    text: &str,
    seen: &mut Seen,
    out: &mut Ingested,
) -> Result<(), (String, String)> {
    let table = cells::csv(text);
    let stem = match (table.column("stem"), table.column("question")) {
        (Some(_), Some(_)) => {
            return Err((
                "header".into(),
                "`stem` and `question` are both given".into(),
            ));
        }
        (None, Some(_)) => "question",
        _ => "stem",
    };
    table
        .check(&["id", stem, "answer"])
        .map_err(|reason| ("header".to_owned(), reason))?;
    let unknown = table.unknown(&COLUMNS);
    out.problems.extend(
        unknown
            .into_iter()
            .map(|(place, reason)| teller.problem(place, reason)),
    );
    for (number, row) in &table.rows {
        let place = format!("row {number}");
        let raw = row
            .as_ref()
            .map_err(|cause| teller.problem(place.as_str(), cause.as_str()));
        let raw = raw.and_then(|row| {
            raw_of_row(&table, row, stem).map_err(|(column, reason)| {
                teller.problem(format!("{place}, column {column}"), reason)
            })
        });
        keep(
            raw.and_then(|raw| check(teller, *number, &place, "column", raw, seen)),
            out,
        );
    }
    Ok(())
}

fn raw_of_row(
    table: &Csv,
    row: &csv::StringRecord,
    stem: &str,
) -> Result<Raw, (&'static str, String)> {
    let cell = |name: &str| {
        let at = table.column(name);
        at.and_then(|at| row.get(at)).unwrap_or_default().to_owned()
    };
    let mut options: Vec<String> = OPTIONS.iter().map(|name| cell(name)).collect();
    while options
        .last()
        .is_some_and(|option| option.trim().is_empty())
    {
        options.pop();
    }
    if let Some(gap) = options.iter().position(|option| option.trim().is_empty()) {
        return Err((
            OPTIONS[gap],
            "an option is empty before others that are not".to_owned(),
        ));
    }
    Ok(Raw {
        id: cell("id"),
        group: cell("group"),
        language: cell("language"),
        stem: cell(stem),
        options,
        answer: cell("answer"),
        explanation: cell("explanation"),
        topic: cell("topic"),
    })
}

/// Makes a question of its cells. `word` is what the format calls a cell's name.
fn check(
    teller: &Teller<'_>,
    row: u64,
    place: &str,
    word: &str,
    raw: Raw,
    seen: &mut Seen,
) -> Result<Question, Problem> {
    let fault =
        |name: &str, reason: String| teller.problem(format!("{place}, {word} {name}"), reason);
    let id = tidy(&raw.id);
    check_id(&id).map_err(|reason| fault("id", reason))?;
    if let Some(first) = seen.get(&id) {
        return Err(fault("id", format!("id `{id}` stands already at {first}")));
    }
    let language = match raw.language.trim() {
        "" => teller.manifest.language,
        stated => stated.parse().map_err(|_| {
            fault(
                "language",
                format!("language `{}` is neither `en` nor `zh`", shown(stated)),
            )
        })?,
    };
    let stem = tidy(&raw.stem);
    if stem.is_empty() {
        return Err(fault("stem", "there is no question".to_owned()));
    }
    let options: Vec<String> = raw.options.iter().map(|option| tidy(option)).collect();
    if options.len() > MAX_OPTIONS {
        return Err(fault("options", format!("more than {MAX_OPTIONS} options")));
    }
    let resolved = answer::resolve(&tidy(&raw.answer), &options);
    let (correct, answer) = resolved.map_err(|reason| fault("answer", reason))?;
    let some = |text: &str| Some(tidy(text)).filter(|text| !text.is_empty());
    let question = Question {
        id: DocumentId::new(format!("{}/{id}", teller.manifest.id)),
        group: some(&raw.group),
        language,
        stem,
        options,
        correct,
        answer,
        explanation: some(&raw.explanation),
        topic: some(&raw.topic),
        place: teller.row(row),
    };
    seen.insert(id, format!("{}, {place}", teller.file.path));
    Ok(question)
}

fn check_id(id: &str) -> Result<(), String> {
    let good = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    if id.is_empty() {
        return Err("there is no id".to_owned());
    }
    if id.len() > 128 || !id.chars().all(good) {
        return Err(format!(
            "id `{}` may hold letters, digits, `-`, `_` and `.` alone",
            shown(id)
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
