//! Readers of characters on this machine.

use spinemed_deidentify::pixels::TextReader;
use spinemed_host::Tesseract;

use crate::args::Ocr;

/// A reader, and a name that changes with what it would find.
pub type Named = (String, Box<dyn TextReader>);

/// The readers that are wanted and installed.
pub fn installed(ocr: Ocr) -> Vec<Named> {
    match ocr {
        Ocr::Off => Vec::new(),
        Ocr::Auto => tesseract().into_iter().collect(),
    }
}

fn tesseract() -> Option<Named> {
    let reader = Tesseract::installed()?;
    let name = format!("tesseract {} {}", reader.version(), reader.languages());
    Some((name, Box::new(reader)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reads_where_nothing_shall() {
        assert!(installed(Ocr::Off).is_empty());
    }
}
