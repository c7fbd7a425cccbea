//! Scanned pages, read through the seam by an engine that knows what it will see.

mod common;

use common::{PARAGRAPH, Page, Writer};
use spinemed_core::document::{Block, BlockKind, Document};
use spinemed_core::locator::{FileRef, PageBox};
use spinemed_core::seam::{PagePicture, PageReader, PageWord};
use spinemed_core::{Digest, DocumentId};
use spinemed_pdf::{Fault, PdfError, read_with};

/// A line of a page of 600 × 800 points: text, left, baseline, size, confidence.
type Line = (&'static str, f64, f64, f64, f64);

const LINES: [Line; 12] = [
    ("Stenosis of the lumbar canal", 60.0, 90.0, 18.0, 0.96),
    (
        "The canal is narrow at L4/L5, and the ligament is thick.",
        60.0,
        130.0,
        10.0,
        0.95,
    ),
    (
        "The patient walks less than she did, for the degen-",
        60.0,
        142.0,
        10.0,
        0.95,
    ),
    (
        "eration of the discs goes on, and pain follows in both legs",
        60.0,
        154.0,
        10.0,
        0.95,
    ),
    ("Results", 60.0, 190.0, 14.0, 0.97),
    (
        "Most patients are older than sixty years, and women are seen",
        60.0,
        210.0,
        10.0,
        0.95,
    ),
    (
        "about as often as men are; no level is seen more often than",
        60.0,
        222.0,
        10.0,
        0.95,
    ),
    (
        "the fourth, and the one below it is the next in this series.",
        60.0,
        234.0,
        10.0,
        0.4,
    ),
    (
        "Figure 1. Sagittal image of the lumbar spine with stenosis.",
        60.0,
        560.0,
        10.0,
        0.95,
    ),
    (
        "Figure 1 shows the canal at its narrowest level in the patient",
        60.0,
        600.0,
        10.0,
        0.95,
    ),
    (
        "and the ligament behind it, as other pictures of her do too.",
        60.0,
        612.0,
        10.0,
        0.95,
    ),
    ("17", 290.0, 770.0, 10.0, 0.95),
];
const PHOTO: PageBox = [60.0, 300.0, 360.0, 540.0];
/// Tells an upright page from one on its head.
const MARK: PageBox = [5.0, 5.0, 25.0, 25.0];

/// A word with its box in points. Letters are half as wide as their font is high.
fn words(line: &Line) -> Vec<(&'static str, PageBox)> {
    let (text, left, baseline, size, _) = *line;
    let place = |start: usize| left + 0.5 * size * text[..start].chars().count() as f64;
    text.split(' ')
        .map(|word| {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            let low = word.contains(['g', 'j', 'p', 'q', 'y', '/']);
            let down = if low { 0.21 } else { 0.0 };
            let x1 = place(start + word.len());
            (
                word,
                [
                    place(start),
                    baseline - 0.7 * size,
                    x1,
                    baseline + down * size,
                ],
            )
        })
        .collect()
}

/// The page's picture, two pixels a point, turned by quarter turns against the clock.
fn picture(turns: usize) -> (usize, usize, Vec<u8>) {
    let (mut width, mut height) = (1_200, 1_600);
    let mut pixels = vec![245_u8; width * height];
    let mut boxes: Vec<(PageBox, bool)> = LINES
        .iter()
        .flat_map(words)
        .map(|(_, b)| (b, false))
        .collect();
    boxes.extend([(PHOTO, true), (MARK, true)]);
    for (b, full) in boxes {
        let [x0, y0, x1, y1] = b.map(|edge| (edge * 2.0) as usize);
        for y in y0..y1 {
            for x in x0..x1 {
                if full || (x / 3).is_multiple_of(2) {
                    pixels[y * width + x] = if full { 70 } else { 15 };
                }
            }
        }
    }
    for _ in 0..turns {
        let mut turned = vec![0; pixels.len()];
        for y in 0..height {
            for x in 0..width {
                turned[(width - 1 - x) * height + y] = pixels[y * width + x];
            }
        }
        (pixels, width, height) = (turned, height, width);
    }
    (width, height, pixels)
}

/// Knows the lines, and is sure of them where the mark is where it should be.
struct Knowing;

impl PageReader for Knowing {
    fn identity(&self) -> String {
        "knowing 1".to_owned()
    }

    fn words(&self, page: &PagePicture<'_>) -> Result<Vec<PageWord>, String> {
        let scale = f64::from(page.dpi) / 72.0;
        let at = |x: f64, y: f64| {
            page.pixels[((y * scale) as u32 * page.width + (x * scale) as u32) as usize]
        };
        let upright = page.width < page.height && at(15.0, 15.0) < 128 && at(15.0, 60.0) > 128;
        let line = |(number, line): (usize, &Line)| {
            let confidence = if upright { line.4 } else { 0.3 };
            let found = words(line).into_iter().map(move |(text, b)| PageWord {
                text: text.to_owned(),
                region: b.map(|edge| (edge * scale).round() as u32),
                confidence,
                line: [1, 1, number as u32],
            });
            found.collect::<Vec<_>>()
        };
        Ok(LINES.iter().enumerate().flat_map(line).collect())
    }
}

struct Broken;

impl PageReader for Broken {
    fn identity(&self) -> String {
        "broken 1".to_owned()
    }

    fn words(&self, _: &PagePicture<'_>) -> Result<Vec<PageWord>, String> {
        Err("the engine is out of order".to_owned())
    }
}

type Read = Result<(Document, Vec<Fault>), PdfError>;

fn read(bytes: &[u8], engine: Option<&dyn PageReader>) -> Read {
    let file = FileRef {
        path: "scan.pdf".to_owned(),
        sha256: Digest::of(bytes),
    };
    let (document, _, faults) = read_with(bytes, &DocumentId::new("demo/scan"), file, engine)?;
    Ok((document, faults))
}

/// A file with one scanned page, and what is drawn over it.
fn scan(turns: usize, over: &str) -> Vec<u8> {
    let mut writer = Writer::new();
    let (width, height, pixels) = picture(turns);
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8"
    );
    let picture = writer.stream(&entries, &pixels);
    let (width, height) = (width as f64 / 2.0, height as f64 / 2.0);
    let mut page = Page::default()
        .picture(picture, [0.0, 0.0, width, height])
        .raw(over);
    page.entries = format!("/MediaBox [0 0 {width} {height}]");
    writer.page(page);
    writer.finish()
}

fn block<'a>(document: &'a Document, start: &str) -> &'a Block {
    let found = document.blocks.iter().find(|b| b.text.starts_with(start));
    found.unwrap_or_else(|| panic!("no `{start}` in {:#?}", document.blocks))
}

fn near(a: Option<PageBox>, b: PageBox) -> bool {
    a.is_some_and(|a| a.iter().zip(b).all(|(x, y)| (x - y).abs() < 5.0))
}

#[test]
fn a_scan_is_a_document_like_others() {
    let (document, faults) = read(&scan(0, ""), Some(&Knowing)).expect("a document");
    assert_eq!(
        document.title.as_deref(),
        Some("Stenosis of the lumbar canal")
    );
    assert_eq!(block(&document, "Results").kind, BlockKind::Heading);
    assert_eq!(block(&document, "Most patients").section, ["Results"]);
    assert_eq!(block(&document, "17").kind, BlockKind::Footer);
    let text = &block(&document, "The canal is narrow").text;
    assert!(text.contains("for the degeneration of the discs"), "{text}");
    let [figure] = document.figures.as_slice() else {
        panic!("{:?}", document.figures)
    };
    assert!(near(figure.bbox, PHOTO), "{figure:?}");
    assert_eq!(figure.label.as_deref(), Some("Figure 1"));
    assert_eq!(
        figure.caption.as_deref(),
        Some(block(&document, "Figure 1. S").id.as_str())
    );
    assert_eq!(figure.media.len(), 1);
    let reasons: Vec<&str> = faults.iter().map(|f| f.reason.as_str()).collect();
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert!(reasons[0].starts_with("13 of "), "{reasons:?}");
}

#[test]
fn words_have_places_and_doubts() {
    let (document, _) = read(&scan(0, ""), Some(&Knowing)).expect("a document");
    let known: Vec<(&str, PageBox)> = LINES.iter().flat_map(words).collect();
    let mut found = 0;
    for block in &document.blocks {
        for word in &block.scanned {
            let text = &block.text[word.range[0]..word.range[1]];
            let there = |(known, b): &(&str, PageBox)| {
                known.trim_end_matches('-') == text && near(Some(word.bbox), *b)
            };
            assert!(known.iter().any(there), "{text} at {:?}", word.bbox);
            assert_eq!(word.unsure, word.confidence < 0.5, "{text}");
            found += 1;
        }
    }
    assert_eq!(found, known.len());
    let doubtful = block(&document, "Most patients");
    let unsure = doubtful.scanned.iter().filter(|word| word.unsure).count();
    assert_eq!(unsure, 13);
}

#[test]
fn turned_scans_are_put_upright() {
    let (upright, _) = read(&scan(0, ""), Some(&Knowing)).expect("a document");
    let texts = |d: &Document| d.blocks.iter().map(|b| b.text.clone()).collect::<Vec<_>>();
    for turns in 1..4 {
        let (turned, _) = read(&scan(turns, ""), Some(&Knowing)).expect("a document");
        assert_eq!(texts(&turned), texts(&upright), "{turns} turns");
        let [x0, y0, x1, y1] = PHOTO;
        let expect = match turns {
            1 => [y0, 600.0 - x1, y1, 600.0 - x0],
            2 => [600.0 - x1, 800.0 - y1, 600.0 - x0, 800.0 - y0],
            _ => [800.0 - y1, x0, 800.0 - y0, x1],
        };
        assert!(
            near(turned.figures[0].bbox, expect),
            "{:?}",
            turned.figures[0]
        );
        // The cut-out is upright, whatever the page.
        let sizes = [&upright, &turned]
            .map(|d| (d.figures[0].media[0].width, d.figures[0].media[0].height));
        assert!(
            sizes[0].0.abs_diff(sizes[1].0) < 8 && sizes[0].1.abs_diff(sizes[1].1) < 8,
            "{sizes:?}"
        );
    }
}

#[test]
fn without_an_engine_a_note_says_so() {
    let error = read(&scan(0, ""), None).expect_err("nothing to read");
    assert_eq!(error, PdfError::NotRead { pages: 1, scans: 1 });
    assert!(
        error.to_string().contains("`tesseract-ocr-chi-sim`"),
        "{error}"
    );
}

#[test]
fn an_engine_that_fails_costs_its_pages() {
    let error = read(&scan(0, ""), Some(&Broken)).expect_err("nothing to read");
    assert_eq!(error, PdfError::NoText { pages: 1 });
}

/// Another's recognition, drawn invisibly.
fn layered() -> Vec<u8> {
    let line = |(n, text): (usize, &&str)| {
        format!("BT 3 Tr /F1 10 Tf 60 {} Td ({text}) Tj ET\n", 670 - 12 * n)
    };
    scan(
        0,
        &PARAGRAPH.iter().enumerate().map(line).collect::<String>(),
    )
}

#[test]
fn unseen_text_is_not_believed() {
    let (document, faults) = read(&layered(), None).expect("a document");
    let text = block(&document, "Lumbar spinal stenosis");
    assert_eq!(text.scanned.len(), text.text.split(' ').count());
    assert!(text.scanned.iter().all(|word| word.unsure));
    assert!(
        faults
            .iter()
            .any(|f| f.reason.contains("unseen text of unknown quality")),
        "{faults:?}"
    );
    let (document, _) = read(&layered(), Some(&Knowing)).expect("a document");
    assert!(
        document
            .blocks
            .iter()
            .all(|b| !b.text.contains("venous outflow"))
    );
    block(&document, "The canal is narrow");
}

#[test]
fn a_stamp_makes_no_born_digital_page() {
    let stamp = "BT /F1 9 Tf 60 785 Td (Downloaded from a library by a reader on some day) Tj ET";
    let (document, _) = read(&scan(0, stamp), Some(&Knowing)).expect("a document");
    block(&document, "The canal is narrow");
}
