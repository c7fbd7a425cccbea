//! Tesseract as a reader of text in pictures.

use std::time::Duration;

use spinemed_deidentify::Grey;
use spinemed_deidentify::pixels::{ReaderFault, TextReader, Word};

use crate::child::{ChildFault, Limits};
use crate::engine::Engine;
use crate::{scaled, tsv};

/// Words below this confidence are not told: on clean pictures they are mostly noise.
const CONFIDENCE: u8 = 60;
/// Words lower or narrower than this, in pixels of the picture, cannot be read by anyone.
const LEGIBLE: u32 = 5;
/// The rim around the picture, in pixels of the enlarged one.
const RIM: u32 = 12;
/// The longest side that is enlarged three times and twice, in pixels. Tesseract was trained on
/// capitals of some thirty pixels; overlays have ten to twenty.
const ENLARGED: [(u32, u32); 2] = [(800, 3), (1_600, 2)];

const LIMITS: Limits = Limits {
    time: Duration::from_secs(60),
    memory: 2 << 30,
    output: 8 << 20,
};

/// Tesseract as a reader of patients' pictures. The picture goes to it through a pipe,
/// enlarged; boxes come back, and the words that it read do not leave this type.
#[derive(Debug, Clone)]
pub struct Tesseract {
    engine: Engine,
    languages: String,
}

impl Tesseract {
    /// The program on PATH with the languages that are installed; nothing where the program or
    /// all languages are missing.
    #[must_use]
    pub fn installed() -> Option<Self> {
        let engine = Engine::installed()?;
        let languages = engine.languages.join("+");
        Some(Self { engine, languages })
    }

    /// The languages it reads, joined by `+`, as `eng+chi_sim`.
    #[must_use]
    pub fn languages(&self) -> &str {
        &self.languages
    }

    /// The version, as `5.3.0`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.engine.version
    }
}

impl TextReader for Tesseract {
    fn words(&self, picture: &Grey<'_>) -> Result<Vec<Word>, ReaderFault> {
        let size = u64::from(picture.width) * u64::from(picture.height);
        if size != picture.pixels.len() as u64 {
            return Err(ReaderFault::Failed);
        }
        if size == 0 {
            return Ok(Vec::new());
        }
        let side = picture.width.max(picture.height);
        let fits = |(longest, _): &&(u32, u32)| side <= *longest;
        let times = ENLARGED.iter().find(fits).map_or(1, |(_, times)| *times);
        // Sparse text in no order (page segmentation mode 11).
        let arguments = ["-l", &self.languages, "--psm", "11", "--dpi", "300", "tsv"];
        let input = scaled::pgm(picture, times, RIM);
        let table = self.engine.read(input, &arguments, LIMITS).map_err(fault)?;
        let words = tsv::words(&table)?.into_iter();
        let sure = words.filter(|word| word.confidence >= CONFIDENCE);
        Ok(sure
            .filter_map(|word| shrunk(word, times, picture))
            .collect())
    }
}

fn fault(fault: ChildFault) -> ReaderFault {
    match fault {
        ChildFault::Start => ReaderFault::Start,
        ChildFault::Late => ReaderFault::Late,
        ChildFault::Failed | ChildFault::Output => ReaderFault::Failed,
    }
}

/// A word in pixels of the picture itself; nothing where it lies in the rim alone
/// or is too small.
fn shrunk(word: Word, times: u32, picture: &Grey<'_>) -> Option<Word> {
    let [x0, y0, x1, y1] = word.region.map(|edge| edge.saturating_sub(RIM));
    let region = [
        x0 / times,
        y0 / times,
        x1.div_ceil(times).min(picture.width),
        y1.div_ceil(times).min(picture.height),
    ];
    let legible = |from: u32, to: u32| to >= from + LEGIBLE;
    let read = legible(region[0], region[2]) && legible(region[1], region[3]);
    read.then_some(Word { region, ..word })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_shrink_with_the_picture() {
        let picture = Grey {
            width: 10,
            height: 8,
            pixels: &[0; 80],
        };
        let check = |region: [u32; 4], expect: Option<[u32; 4]>| {
            let word = Word {
                region,
                confidence: 50,
            };
            assert_eq!(shrunk(word, 2, &picture).map(|word| word.region), expect);
        };
        check([12 + 2, 12 + 4, 12 + 13, 12 + 15], Some([1, 2, 7, 8]));
        check([12 + 2, 12 + 4, 12 + 13, 12 + 9], None);
        check([0, 0, 12 + 60, 12 + 60], Some([0, 0, 10, 8]));
        check([0, 0, 9, 9], None);
    }

    #[test]
    fn pictures_that_are_none_are_no_trouble() {
        let Some(reader) = Tesseract::installed() else {
            println!("skipped: tesseract is not installed");
            return;
        };
        let of = |width, height, pixels: &[u8]| {
            reader.words(&Grey {
                width,
                height,
                pixels,
            })
        };
        assert_eq!(of(0, 0, &[]), Ok(Vec::new()));
        assert_eq!(of(2, 2, &[1]), Err(ReaderFault::Failed));
        assert_eq!(of(40, 40, &[90; 1_600]), Ok(Vec::new()));
    }
}
