//! Results on standard output: one JSON object on a line, or tables for people.

use std::fmt::Arguments;
use std::io::Write as _;

use serde::Serialize;

/// Prints a line of results; a reader that has gone away (`| head`) ends the program quietly.
macro_rules! say {
    ($($words:tt)*) => { $crate::output::line(format_args!($($words)*), "\n") };
}

/// Prints results without a line feed.
macro_rules! say_on {
    ($($words:tt)*) => { $crate::output::line(format_args!($($words)*), "") };
}

pub(crate) use {say, say_on};

/// Writes words and an ending to standard output.
pub fn line(words: Arguments<'_>, end: &str) {
    let mut out = std::io::stdout().lock();
    if write!(out, "{words}{end}")
        .and_then(|()| out.flush())
        .is_err()
    {
        std::process::exit(i32::from(crate::exit::DONE));
    }
}

/// Prints one object on the last line.
pub fn json<T: Serialize>(value: &T) {
    say!(
        "{}",
        serde_json::to_string(value).expect("results serialise to JSON")
    );
}

/// Lays out rows in columns: the first left-aligned, numbers right-aligned.
#[must_use]
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|h| h.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut text = String::new();
        for (width, cell) in widths.iter().zip(cells) {
            let pad = " ".repeat(width - cell.chars().count());
            let number = !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit());
            text += &if number {
                format!("{pad}{cell}  ")
            } else {
                format!("{cell}{pad}  ")
            };
        }
        text.trim_end().to_owned() + "\n"
    };
    let mut text = line(&mut head.iter().copied());
    for row in rows {
        text += &line(&mut row.iter().map(String::as_str));
    }
    text
}

/// The first characters of a text on one line, for people.
#[must_use]
pub fn excerpt(text: &str, limit: usize) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= limit {
        return flat;
    }
    flat.chars().take(limit).collect::<String>() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = vec![
            vec!["ingest".into(), "12".into()],
            vec!["a".into(), "3".into()],
        ];
        assert_eq!(
            table(&["stage", "in"], &rows),
            "stage   in\ningest  12\na        3\n"
        );
    }
}
