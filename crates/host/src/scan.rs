//! Tesseract as a reader of scanned pages.

use std::time::Duration;

use spinemed_core::seam::{PagePicture, PageReader, PageWord};

use crate::child::{ChildFault, Limits};
use crate::engine::Engine;
use crate::tsv;

/// A dense page takes some seconds; one of noise alone takes longest.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(120),
    memory: 3 << 30,
    output: 16 << 20,
};
/// English pages read as English are surer than this on the mean; pages in other scripts are not.
const SURE: f64 = 0.7;

/// Tesseract as a reader of documents' scanned pages.
#[derive(Debug, Clone)]
pub struct ScanReader {
    engine: Engine,
    identity: String,
}

impl ScanReader {
    /// The program on PATH with the languages that are installed; nothing where the program or
    /// all languages are missing.
    #[must_use]
    pub fn installed() -> Option<Self> {
        let engine = Engine::installed()?;
        let trained = engine.trained();
        let trained = trained.map_or_else(String::new, |digest| format!(" {}", digest.short()));
        let identity = format!(
            "tesseract {} {}{trained}",
            engine.version,
            engine.languages.join("+")
        );
        Some(Self { engine, identity })
    }

    /// The languages it reads, of `eng` and `chi_sim`.
    #[must_use]
    pub fn languages(&self) -> &[&'static str] {
        &self.engine.languages
    }

    fn read(&self, page: &PagePicture<'_>, languages: &str) -> Result<Vec<PageWord>, String> {
        let dpi = page.dpi.to_string();
        // Fully automatic segmentation (mode 3): columns and blocks, no orientation.
        let arguments = ["-l", languages, "--psm", "3", "--dpi", &dpi, "tsv"];
        let table = self
            .engine
            .read(pgm(page), &arguments, LIMITS)
            .map_err(|fault: ChildFault| format!("tesseract gave no answer: {fault}"))?;
        tsv::read_words(&table).ok_or_else(|| "tesseract answered with no table".to_owned())
    }
}

impl PageReader for ScanReader {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    /// Reads the page in the first language that is installed; where that is unsure of its
    /// words, the others are tried as well, and the surest reading is taken.
    fn words(&self, page: &PagePicture<'_>) -> Result<Vec<PageWord>, String> {
        let size = u64::from(page.width) * u64::from(page.height);
        if size != page.pixels.len() as u64 {
            return Err("the picture's pixels do not fill its size".to_owned());
        }
        if size == 0 {
            return Ok(Vec::new());
        }
        let first = self.read(page, self.engine.languages[0])?;
        if self.engine.languages.len() < 2 || mean(&first) >= SURE {
            return Ok(first);
        }
        // The Chinese model reads Latin letters too, and better alone: with `+eng` errors on
        // Chinese pages are half as many again.
        let second = self.read(page, self.engine.languages[1])?;
        Ok(if mean(&second) > mean(&first) {
            second
        } else {
            first
        })
    }
}

/// The mean confidence of a page's letters.
fn mean(words: &[PageWord]) -> f64 {
    let letters = |word: &PageWord| word.text.chars().count() as f64;
    let all: f64 = words.iter().map(letters).sum();
    let sure: f64 = words
        .iter()
        .map(|word| letters(word) * word.confidence)
        .sum();
    if all > 0.0 { sure / all } else { 0.0 }
}

/// The picture as binary PGM (Netpbm).
fn pgm(page: &PagePicture<'_>) -> Vec<u8> {
    let mut out = format!("P5\n{} {}\n255\n", page.width, page.height).into_bytes();
    out.extend(page.pixels);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_weigh_the_mean() {
        let word = |text: &str, confidence| PageWord {
            text: text.to_owned(),
            region: [0; 4],
            confidence,
            line: [1; 3],
        };
        assert_eq!(mean(&[]), 0.0);
        assert_eq!(mean(&[word("abc", 1.0), word("d", 0.0)]), 0.75);
        assert_eq!(mean(&[word("\u{8170}\u{690e}", 0.5)]), 0.5);
    }

    #[test]
    fn pictures_that_are_none_are_no_trouble() {
        let Some(reader) = ScanReader::installed() else {
            println!("skipped: tesseract is not installed");
            return;
        };
        println!("{}", reader.identity());
        let of = |width, height, pixels: &[u8]| {
            reader.words(&PagePicture {
                width,
                height,
                pixels,
                dpi: 300,
            })
        };
        assert_eq!(of(0, 0, &[]), Ok(Vec::new()));
        assert!(of(2, 2, &[1]).is_err());
        assert_eq!(of(60, 60, &[255; 3_600]), Ok(Vec::new()));
    }
}
