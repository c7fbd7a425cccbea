//! Readers of characters on this machine.

use std::time::Duration;

use spinemed_deidentify::pixels::TextReader;
use spinemed_host::{Limits, Tesseract};

use crate::args::Ocr;

/// A reader, and a name that changes with what it would find.
pub type Named = (String, Box<dyn TextReader>);

/// To ask a program for its version takes little.
const ASKING: Limits = Limits {
    time: Duration::from_secs(10),
    memory: 1 << 30,
    output: 1 << 16,
};

/// The readers that are wanted and installed.
pub fn installed(ocr: Ocr) -> Vec<Named> {
    match ocr {
        Ocr::Off => Vec::new(),
        Ocr::Auto => tesseract().into_iter().collect(),
    }
}

fn tesseract() -> Option<Named> {
    let reader = Tesseract::installed()?;
    let told = spinemed_host::program("tesseract")
        .and_then(|at| spinemed_host::run(&at, &["--version"], &[], Vec::new(), ASKING).ok());
    let version = version(&told.unwrap_or_default());
    let name = format!("tesseract {version} {}", reader.languages());
    Some((name, Box::new(reader)))
}

/// The version on the first line, `tesseract 5.3.0`. Version 4.0 writes it elsewhere.
fn version(told: &[u8]) -> String {
    let told = String::from_utf8_lossy(told);
    let first = told.lines().next().unwrap_or_default();
    let version = first.strip_prefix("tesseract ").unwrap_or("4.0").trim();
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    version.chars().filter(plain).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_short_and_plain() {
        let check = |told: &str, expect: &str| assert_eq!(version(told.as_bytes()), expect);
        check("tesseract 5.3.0\n leptonica-1.82.0\n", "5.3.0");
        check("tesseract 5.4.1-27-g7d77\r\n", "5.4.1-27-g7d77");
        check("tesseract v5 \u{1b}[31m\n", "v531m");
        check("", "4.0");
    }

    #[test]
    fn nothing_reads_where_nothing_shall() {
        assert!(installed(Ocr::Off).is_empty());
    }
}
