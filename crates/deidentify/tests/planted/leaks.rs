//! Whether a planted string is anywhere in bytes, in any encoding, case or way of writing dates.

use super::key::Entry;

/// A string that is left: its class and how it is written, which is printed, and the ways of
/// writing it that elements can be searched for, which are not.
pub struct Leak {
    pub what: String,
    pub written: Vec<String>,
}

/// What is left of the planted strings.
pub fn leaks(entry: &Entry, bytes: &[u8]) -> Vec<Leak> {
    let lower: Vec<u8> = bytes.iter().map(u8::to_ascii_lowercase).collect();
    let mut found = Vec::new();
    let mut say = |what: String, written: Vec<String>| found.push(Leak { what, written });
    for (at, (class, word)) in entry.strings.iter().enumerate() {
        for (form, pattern) in forms(word) {
            if holds(&lower, &pattern) {
                let what = format!("{class} (string {at}, {form})");
                say(what, vec![word.to_lowercase()]);
            }
        }
    }
    for (at, hex) in entry.bytes.iter().enumerate() {
        let raw: Vec<u8> = unhex(hex).iter().map(u8::to_ascii_lowercase).collect();
        if holds(&lower, &raw) {
            say(format!("string in another encoding ({at})"), Vec::new());
        }
    }
    for (at, day) in entry.dates.iter().enumerate() {
        let written = written(day);
        if written.iter().any(|form| holds(&lower, form.as_bytes())) {
            say(format!("date ({at})"), written);
        }
    }
    for (path, old) in entry.actions.get("uid_changed").into_iter().flatten() {
        for uid in old.split('\\').filter(|uid| holds_uid(bytes, uid)) {
            say(format!("old UID of {path}"), vec![uid.to_owned()]);
        }
    }
    found
}

/// A string in Unicode's encodings, in the cases that text has, folded to lower ASCII.
fn forms(word: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut forms = Vec::new();
    for text in [word.to_owned(), word.to_uppercase(), word.to_lowercase()] {
        forms.push(("UTF-8", text.to_ascii_lowercase().into_bytes()));
        // Case is folded for bytes, so for the low bytes of UTF-16 too.
        let units: Vec<u16> = text.to_ascii_lowercase().encode_utf16().collect();
        let little = units.iter().flat_map(|unit| unit.to_le_bytes());
        forms.push(("UTF-16LE", little.map(|b| b.to_ascii_lowercase()).collect()));
        let big = units.iter().flat_map(|unit| unit.to_be_bytes());
        forms.push(("UTF-16BE", big.map(|b| b.to_ascii_lowercase()).collect()));
    }
    forms.sort();
    forms.dedup();
    forms
}

/// The ways in which reports write a date.
fn written(day: &str) -> Vec<String> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let (year, month, date) = (&day[..4], &day[4..6], &day[6..]);
    let (m, d): (usize, usize) = (month.parse().unwrap(), date.parse().unwrap());
    let name = MONTHS[m - 1];
    let mut forms = vec![day.to_owned()];
    for mark in ["-", "/", "."] {
        forms.push(format!("{year}{mark}{month}{mark}{date}"));
        forms.push(format!("{date}{mark}{month}{mark}{year}"));
        forms.push(format!("{month}{mark}{date}{mark}{year}"));
    }
    for name in [name, &name[..3]] {
        for mark in [" ", "-"] {
            forms.push(format!("{d}{mark}{name}{mark}{year}"));
            forms.push(format!("{date}{mark}{name}{mark}{year}"));
        }
        forms.push(format!("{name} {d}, {year}"));
    }
    forms.push(format!("{year}年{m}月{d}日"));
    forms.push(format!("{year}年{month}月{date}日"));
    forms
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    let first = wanted[0];
    bytes
        .windows(wanted.len())
        .any(|window| window[0] == first && window == wanted)
}

/// A UID that does not go on with another digit: one may begin as another does.
fn holds_uid(bytes: &[u8], uid: &str) -> bool {
    let wanted = uid.as_bytes();
    bytes.windows(wanted.len()).enumerate().any(|(at, window)| {
        window == wanted && !bytes.get(at + wanted.len()).is_some_and(u8::is_ascii_digit)
    })
}

fn unhex(hex: &str) -> Vec<u8> {
    let digits = (0..hex.len()).step_by(2);
    digits
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}
