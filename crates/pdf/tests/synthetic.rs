//! The reader on files written for the purpose: order, figures, labels, rotation.

mod common;

use common::{PARAGRAPH, Page, Writer, article, read};
use spinemed_core::document::{Block, BlockKind, Document};

fn of_kind(document: &Document, kind: BlockKind) -> Vec<&str> {
    document
        .blocks
        .iter()
        .filter(|b| b.kind == kind)
        .map(|b| b.text.as_str())
        .collect()
}

fn block<'a>(document: &'a Document, start: &str) -> &'a Block {
    document
        .blocks
        .iter()
        .find(|b| b.text.starts_with(start))
        .expect(start)
}

#[test]
fn an_article_is_understood() {
    let (document, media, faults) = read(&article()).expect("a document");
    assert_eq!(
        document.title.as_deref(),
        Some("Stenosis of the lumbar canal")
    );
    assert_eq!(document.identifier.as_deref(), Some("10.1234/demo.2024.5"));
    assert_eq!((document.pages, faults.len()), (2, 0));
    assert_eq!(
        of_kind(&document, BlockKind::Heading)[1..],
        ["Introduction", "Methods"]
    );
    assert_eq!(of_kind(&document, BlockKind::Header).len(), 2);
    assert_eq!(of_kind(&document, BlockKind::Footer), ["101", "102"]);
    assert_eq!(of_kind(&document, BlockKind::Caption).len(), 1);
    assert_eq!(block(&document, "Figure 1 shows").section, ["Methods"]);
    assert_eq!(
        block(&document, "Figure 1 shows").page_label.as_deref(),
        Some("102")
    );
    let [figure] = document.figures.as_slice() else {
        panic!("{:?}", document.figures)
    };
    assert_eq!(figure.label.as_deref(), Some("Figure 1"));
    assert_eq!(figure.page, Some(2));
    assert_eq!(figure.bbox, Some([320.0, 120.0, 540.0, 240.0]));
    assert_eq!(
        figure.caption.as_deref(),
        Some(block(&document, "Figure 1. S").id.as_str())
    );
    assert_eq!(figure.media, [media[0].reference.clone()]);
    assert_eq!(media[0].reference.transform, "decoded to PNG");
}

#[test]
fn the_same_bytes_give_the_same_document() {
    assert_eq!(read(&article()), read(&article()));
}

/// Streams that draw line by line across columns, and from the bottom up.
#[test]
fn columns_are_read_one_after_the_other() {
    let (left, right) = (PARAGRAPH, PARAGRAPH.map(|l| l.replace("the", "this")));
    let text = |lines: &[String]| lines.join(" ");
    let expect = [text(&left.map(str::to_owned)), text(&right)];
    for reverse in [false, true] {
        let mut page = Page::default();
        let mut rows: Vec<usize> = (0..8).collect();
        if reverse {
            rows.reverse();
        }
        for row in rows {
            let y = 600.0 - 12.0 * row as f64;
            page = page
                .text(1, 10.0, 50.0, y, left[row])
                .text(1, 10.0, 330.0, y, &right[row]);
        }
        let mut writer = Writer::new();
        writer.page(page);
        let (document, _, _) = read(&writer.finish()).expect("a document");
        let running: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
        assert_eq!(running.join(" "), expect.join(" "), "reverse {reverse}");
    }
}

#[test]
fn a_jpeg_keeps_its_bytes_and_a_repeated_one_is_kept_once() {
    let mut jpeg = Vec::new();
    let pixels: Vec<u8> = (0..64 * 48 * 3).map(|i| (i % 255) as u8).collect();
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg)
        .encode(&pixels, 64, 48, image::ExtendedColorType::Rgb8)
        .expect("pixels fit");
    let mut writer = Writer::new();
    let picture = writer.jpeg(&jpeg, 64, 48);
    let tiny = writer.picture(8, 8, 3);
    for n in 1..=2 {
        writer.page(
            Page::default()
                .lines(50.0, 700.0, &PARAGRAPH)
                .picture(tiny, [50.0, 500.0, 9.0, 9.0])
                .picture(picture, [50.0, 300.0, 200.0, 150.0])
                .text(
                    1,
                    8.0,
                    50.0,
                    285.0,
                    &format!("Fig. {n}. A view of level {n}"),
                ),
        );
    }
    let (document, media, _) = read(&writer.finish()).expect("a document");
    assert_eq!(document.figures.len(), 2);
    assert_eq!(media.len(), 1);
    assert_eq!(media[0].bytes, jpeg);
    assert_eq!(media[0].reference.transform, "original");
}

#[test]
fn a_drawing_is_rendered() {
    let bars: String = (0..12)
        .map(|i| {
            format!(
                "0.2 0.2 0.8 rg {} 300 12 {} re f\n",
                60 + 18 * i,
                40 + 7 * i
            )
        })
        .collect();
    let mut writer = Writer::new();
    writer.page(
        Page::default()
            .lines(50.0, 700.0, &PARAGRAPH)
            .raw(&bars)
            .text(1, 8.0, 60.0, 290.0, "L1  L2  L3")
            .text(1, 8.0, 50.0, 270.0, "Figure 3. Grades by level"),
    );
    let (document, media, _) = read(&writer.finish()).expect("a document");
    let [figure] = document.figures.as_slice() else {
        panic!("{:?}", document.figures)
    };
    assert_eq!(figure.label.as_deref(), Some("Figure 3"));
    assert_eq!(media[0].reference.transform, "rendered at 200 dpi");
    let picture = image::load_from_memory(&media[0].bytes)
        .expect("a PNG")
        .to_rgb8();
    assert!(
        picture.pixels().any(|p| p.0[2] > 150 && p.0[0] < 100),
        "the bars are blue"
    );
    assert!(
        !document.blocks.iter().any(|b| b.text.contains("L1 L2")),
        "labels belong to the drawing"
    );
}

#[test]
fn a_turned_page_is_read_as_shown() {
    for rotate in [90, 180, 270] {
        let mut writer = Writer::new();
        let mut page = Page::default().lines(50.0, 700.0, &PARAGRAPH);
        page.entries = format!("/Rotate {rotate} /CropBox [20 20 580 780]");
        writer.page(page);
        let (document, _, _) = read(&writer.finish()).expect("a document");
        assert_eq!(document.blocks[0].text, PARAGRAPH.join(" "), "{rotate}");
        let (width, height) = if rotate == 180 {
            (560.0, 760.0)
        } else {
            (760.0, 560.0)
        };
        let [x0, y0, x1, y1] = document.blocks[0].bbox.expect("a box");
        assert!(0.0 <= x0 && x0 < x1 && x1 <= width, "{rotate}: {x0} {x1}");
        assert!(0.0 <= y0 && y0 < y1 && y1 <= height, "{rotate}: {y0} {y1}");
        assert_eq!(
            rotate == 180,
            x1 - x0 > y1 - y0,
            "turned by a quarter the text stands upright"
        );
    }
}

#[test]
fn page_labels_come_from_the_file() {
    let mut writer = Writer::new();
    writer.catalog =
        "/PageLabels << /Nums [0 << /S /r >> 1 << /S /D /St 5 /P (A-) >>] >>".to_owned();
    for _ in 0..3 {
        writer.page(Page::default().lines(50.0, 700.0, &PARAGRAPH));
    }
    let (document, _, _) = read(&writer.finish()).expect("a document");
    let labels: Vec<&str> = document
        .blocks
        .iter()
        .filter_map(|b| b.page_label.as_deref())
        .collect();
    assert_eq!(labels, ["i", "A-5", "A-6"]);
}

#[test]
fn references_are_entries() {
    let mut writer = Writer::new();
    writer.page(
        Page::default()
            .lines(50.0, 760.0, &PARAGRAPH)
            .text(2, 12.0, 50.0, 600.0, "References")
            .lines(
                50.0,
                580.0,
                &[
                    "1. Doe J, Roe R. Canal width in adults. Spine J.",
                    "2019;12:1-9.",
                    "2. Li W, Wang H. Outcome after decompression of",
                    "the lumbar canal. Eur Spine J. 2020;29:33-41.",
                ],
            ),
    );
    let (document, _, _) = read(&writer.finish()).expect("a document");
    let entries = of_kind(&document, BlockKind::Reference);
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert!(entries[0].ends_with("2019;12:1-9."));
}
