//! The reader's layout on pages written for the purpose: columns, sidebars, lists, tables,
//! equations, rotated and Chinese text, headings within paragraphs, outlines, pictures.

mod common;

use common::{PARAGRAPH, Page, Writer, read};
use spinemed_core::document::{Block, BlockKind, Document};

fn document(writer: Writer) -> Document {
    read(&writer.finish()).expect("a document").0
}

fn one_page(page: Page) -> Document {
    let mut writer = Writer::new();
    writer.page(page);
    document(writer)
}

fn of_kind(document: &Document, kind: BlockKind) -> Vec<&str> {
    let blocks = document.blocks.iter().filter(|b| b.kind == kind);
    blocks.map(|b| b.text.as_str()).collect()
}

fn block<'a>(document: &'a Document, start: &str) -> &'a Block {
    let found = document.blocks.iter().find(|b| b.text.starts_with(start));
    found.unwrap_or_else(|| panic!("{start}: {:#?}", document.blocks))
}

fn texts(document: &Document) -> Vec<&str> {
    document.blocks.iter().map(|b| b.text.as_str()).collect()
}

/// Eight lines for a column of 150 points, that begin with a word of their own.
fn narrow(first: &str) -> Vec<String> {
    let mut lines: Vec<String> = [
        "of the canal was seen in",
        "most of the patients who",
        "had walked less than one",
        "mile a day before, and a",
        "second level was narrow",
        "in nearly half of them,",
        "as the radiographs show.",
    ]
    .map(str::to_owned)
    .to_vec();
    lines.insert(0, format!("{first} narrowing of both"));
    lines
}

fn joined(lines: &[String]) -> String {
    lines.join(" ")
}

#[test]
fn three_columns_are_read_one_after_the_other() {
    let columns = ["First", "Second", "Third"].map(narrow);
    let mut page = Page::default();
    // Row by row, as some producers draw.
    for row in 0..8 {
        for (column, lines) in columns.iter().enumerate() {
            let (x, y) = (50.0 + 170.0 * column as f64, 600.0 - 12.0 * row as f64);
            page = page.text(1, 10.0, x, y, &lines[row]);
        }
    }
    assert_eq!(texts(&one_page(page)), columns.map(|c| joined(&c)));
}

#[test]
fn a_sidebar_is_read_apart() {
    let side = narrow("Key points:");
    let mut page = Page::default().raw("0.9 g 400 480 170 140 re f 0 g");
    for row in 0..8 {
        let y = 600.0 - 12.0 * row as f64;
        page = page.text(1, 10.0, 50.0, y, PARAGRAPH[row]);
        page = page.text(1, 9.0, 410.0, y, &side[row]);
    }
    let found = one_page(page);
    assert_eq!(texts(&found), [PARAGRAPH.join(" "), joined(&side)]);
}

#[test]
fn footnotes_stand_apart_from_text() {
    let page = Page::default().lines(50.0, 700.0, &PARAGRAPH).text(
        1,
        7.0,
        50.0,
        60.0,
        "1 Measured at the level of the disc, without load.",
    );
    let found = one_page(page);
    assert_eq!(of_kind(&found, BlockKind::Footnote).len(), 1);
    assert_eq!(of_kind(&found, BlockKind::Paragraph), [PARAGRAPH.join(" ")]);
}

#[test]
fn a_figure_over_both_columns_is_one() {
    let mut writer = Writer::new();
    let picture = writer.picture(200, 80, 4);
    let right: Vec<String> = PARAGRAPH.iter().map(|l| l.replace("the", "this")).collect();
    let right: Vec<&str> = right.iter().map(String::as_str).collect();
    writer.page(
        Page::default()
            .picture(picture, [50.0, 560.0, 500.0, 180.0])
            .text(
                1,
                8.0,
                50.0,
                545.0,
                "Figure 1. Both columns wide, as the eye sees at once, and explained.",
            )
            .lines(50.0, 500.0, &PARAGRAPH)
            .lines(320.0, 500.0, &right),
    );
    let found = document(writer);
    assert_eq!(found.figures.len(), 1);
    assert_eq!(found.figures[0].bbox, Some([50.0, 60.0, 550.0, 240.0]));
    assert_eq!(found.figures[0].label.as_deref(), Some("Figure 1"));
    let expect = [PARAGRAPH.join(" "), right.join(" ")];
    assert_eq!(of_kind(&found, BlockKind::Paragraph), expect);
}

#[test]
fn words_and_paragraphs_go_on_over_a_page_break() {
    let mut writer = Writer::new();
    let head = |n: usize| {
        let foot = format!("{n}");
        Page::default().text(1, 8.0, 290.0, 30.0, &foot)
    };
    let mut first = PARAGRAPH;
    first[7] = "that are seen most often are L4/L5 and the decom-";
    writer.page(head(1).lines(50.0, 700.0, &first));
    let mut second = PARAGRAPH;
    second[0] = "pression of both levels is done in one session by";
    writer.page(head(2).lines(50.0, 700.0, &second));
    let found = document(writer);
    let [paragraph] = of_kind(&found, BlockKind::Paragraph)[..] else {
        panic!("{:#?}", found.blocks)
    };
    assert!(paragraph.contains("and the decompression of both levels"));
    assert_eq!(block(&found, "Lumbar").page, Some(1));
}

#[test]
fn items_of_a_list_are_blocks() {
    let page = Page::default().lines(50.0, 700.0, &PARAGRAPH).lines(
        60.0,
        590.0,
        &[
            "\u{2022} pain at rest;",
            "\u{2022} weakness of the legs;",
            "\u{2022} loss of control.",
        ],
    );
    let numbers = Page::default().lines(50.0, 700.0, &PARAGRAPH).lines(
        60.0,
        590.0,
        &[
            "(1) pain at rest;",
            "(2) weakness of the legs",
            "below the knee;",
            "(3) loss of control.",
        ],
    );
    for page in [page, numbers] {
        let found = one_page(page);
        let items = of_kind(&found, BlockKind::List);
        assert_eq!(items.len(), 3, "{items:?}");
        assert!(items[1].contains("weakness"), "{items:?}");
    }
}

const ROWS: [[&str; 3]; 4] = [
    ["Level", "Cases", "Share"],
    ["L3/L4", "12", "24 %"],
    ["L4/L5", "31", "62 %"],
    ["L5/S1", "7", "14 %"],
];

fn table_page(rules: bool) -> Page {
    let mut page = Page::default().lines(50.0, 760.0, &PARAGRAPH).text(
        2,
        9.0,
        50.0,
        620.0,
        "Table 1. Levels of the stenosis",
    );
    for (row, cells) in ROWS.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let (x, y) = (55.0 + 90.0 * column as f64, 598.0 - 14.0 * row as f64);
            page = page.text(1, 9.0, x, y, cell);
        }
    }
    if rules {
        page = page.raw("50 610 260 0.5 re f 50 593 260 0.5 re f 50 550 260 0.5 re f");
    }
    page.lines(50.0, 520.0, &PARAGRAPH)
}

#[test]
fn tables_are_cells_with_and_without_rules() {
    for rules in [true, false] {
        let found = one_page(table_page(rules));
        let table = found.blocks.iter().find(|b| b.kind == BlockKind::Table);
        let table = table.unwrap_or_else(|| panic!("rules {rules}: {:#?}", found.blocks));
        assert_eq!(table.cells, ROWS, "rules {rules}");
        assert_eq!(
            of_kind(&found, BlockKind::Caption).len(),
            1,
            "rules {rules}"
        );
        assert_eq!(
            of_kind(&found, BlockKind::Paragraph).len(),
            2,
            "rules {rules}"
        );
    }
}

#[test]
fn equations_are_regions() {
    let page = Page::default()
        .lines(50.0, 700.0, &PARAGRAPH)
        .text(1, 10.0, 120.0, 590.0, "R = 100 x (A - B) / A")
        .text(1, 10.0, 285.0, 590.0, "(3)")
        .lines(
            50.0,
            565.0,
            &[
                "where A is the area of the canal above the stenosis",
                "and B is the one at its narrowest level.",
            ],
        );
    let found = one_page(page);
    let equation = found.blocks.iter().find(|b| b.kind == BlockKind::Equation);
    let equation = equation.unwrap_or_else(|| panic!("{:#?}", found.blocks));
    assert!(equation.text.starts_with("R = 100 x (A - B) / A"));
    let [x0, y0, x1, y1] = equation.bbox.expect("a box");
    assert!(x0 > 119.0 && x1 < 305.0 && y0 > 195.0 && y1 < 215.0);
}

#[test]
fn rotated_text_is_read_as_a_paragraph() {
    let turned: String = PARAGRAPH
        .iter()
        .enumerate()
        .map(|(row, line)| {
            format!(
                "BT /F1 10 Tf 0 1 -1 0 {} 100 Tm ({line}) Tj ET\n",
                480 + 12 * row
            )
        })
        .collect();
    let upright: Vec<String> = narrow("Upright")
        .iter()
        .chain(&narrow("Again"))
        .cloned()
        .collect();
    let upright: Vec<&str> = upright.iter().map(String::as_str).collect();
    let page = Page::default()
        .lines(50.0, 700.0, &upright)
        .lines(50.0, 450.0, &upright)
        .raw(&turned);
    let found = one_page(page);
    let side = block(&found, "Lumbar spinal stenosis");
    assert_eq!(side.text, PARAGRAPH.join(" "));
    let [x0, y0, x1, y1] = side.bbox.expect("a box");
    assert!(x0 > 465.0 && x1 < 575.0 && y1 < 705.0 && y1 - y0 > x1 - x0);
}

#[test]
fn chinese_text_is_joined_without_spaces() {
    let mut writer = Writer::new();
    let font = writer.chinese();
    let lines = [
        "腰椎管狭窄症是指椎管因退变而狭窄",
        "压迫神经根而引起的疼痛。",
    ];
    let mut page = Page::default();
    for (row, line) in lines.iter().enumerate() {
        page = page.wide(font, 12.0, 50.0, 700.0 - 16.0 * row as f64, line);
    }
    writer.page(page.wide(font, 10.0, 50.0, 600.0, "图 1 腰椎矢状位"));
    let found = document(writer);
    assert_eq!(of_kind(&found, BlockKind::Paragraph), [lines.concat()]);
    assert_eq!(of_kind(&found, BlockKind::Caption), ["图 1 腰椎矢状位"]);
    assert_eq!(found.language, spinemed_core::vocabulary::Language::Zh);
}

#[test]
fn headings_run_into_their_paragraphs() {
    let rest = [
        "read every abstract of the search, and a third",
        "decided where they did not agree with each",
        "other, so that no study was lost on the way.",
    ];
    let page = Page::default()
        .text(2, 14.0, 50.0, 740.0, "Methods")
        .lines(50.0, 715.0, &PARAGRAPH)
        .text(2, 10.0, 50.0, 607.0, "Study selection.")
        .text(1, 10.0, 132.0, 607.0, "Two reviewers, who knew no names,")
        .lines(50.0, 595.0, &rest)
        .lines(50.0, 520.0, &PARAGRAPH);
    let found = one_page(page);
    assert_eq!(
        of_kind(&found, BlockKind::Heading),
        ["Methods", "Study selection."]
    );
    let text = block(&found, "Two reviewers, who knew no names, read");
    assert_eq!(text.section, ["Methods", "Study selection."]);
    assert_eq!(block(&found, "Study").depth, Some(2));
}

#[test]
fn a_heading_right_above_another_stays_its_own() {
    let page = Page::default()
        .text(2, 10.0, 50.0, 732.0, "Materials and methods")
        .text(3, 10.0, 50.0, 720.0, "Materials")
        .lines(50.0, 708.0, &PARAGRAPH)
        .lines(50.0, 600.0, &PARAGRAPH);
    let found = one_page(page);
    assert_eq!(
        of_kind(&found, BlockKind::Heading),
        ["Materials and methods", "Materials"]
    );
}

#[test]
fn an_outline_says_what_is_a_heading_and_how_deep() {
    let mut writer = Writer::new();
    let (outlines, chapter, section) = (writer.next(), writer.next() + 1, writer.next() + 2);
    writer.object(
        format!("<< /Type /Outlines /First {chapter} 0 R /Last {chapter} 0 R >>").as_bytes(),
    );
    writer.object(
        format!(
            "<< /Title (Anatomy) /Parent {outlines} 0 R /First {section} 0 R /Last {section} 0 R >>"
        )
        .as_bytes(),
    );
    writer.object(format!("<< /Title (The lumbar canal) /Parent {chapter} 0 R >>").as_bytes());
    writer.catalog = format!("/Outlines {outlines} 0 R");
    writer.page(
        Page::default()
            .text(1, 10.0, 50.0, 740.0, "Anatomy")
            .lines(50.0, 710.0, &PARAGRAPH)
            .text(1, 10.0, 50.0, 590.0, "The lumbar canal")
            .lines(50.0, 560.0, &PARAGRAPH),
    );
    let found = document(writer);
    let depths: Vec<_> = found
        .blocks
        .iter()
        .filter_map(|b| b.depth.map(|d| (b.text.as_str(), d)))
        .collect();
    assert_eq!(depths, [("Anatomy", 1), ("The lumbar canal", 2)]);
}

#[test]
fn strips_are_joined_and_masks_are_laid_over_white() {
    let mut writer = Writer::new();
    let strips: Vec<usize> = (0..4).map(|n| writer.picture(120, 20, n)).collect();
    let mask = writer.grey(2, 2, &[0, 255, 0, 255]);
    let masked = writer.masked(8, 8, mask);
    let mut page = Page::default().lines(50.0, 760.0, &PARAGRAPH);
    for (n, strip) in strips.iter().enumerate() {
        page = page.picture(*strip, [50.0, 600.0 - 40.0 * n as f64, 240.0, 40.0]);
    }
    writer.page(
        page.text(1, 8.0, 50.0, 465.0, "Figure 1. Strips of one picture")
            .picture(masked, [50.0, 250.0, 120.0, 120.0])
            .text(1, 8.0, 50.0, 235.0, "Figure 2. A picture with a mask"),
    );
    let (found, media, _) = read(&writer.finish()).expect("a document");
    let labels: Vec<_> = found
        .figures
        .iter()
        .map(|f| (f.label.as_deref(), f.media.len()))
        .collect();
    assert_eq!(labels, [(Some("Figure 1"), 1), (Some("Figure 2"), 1)]);
    assert_eq!(found.figures[0].bbox, Some([50.0, 160.0, 290.0, 320.0]));
    let of_mask = &found.figures[1].media[0].sha256;
    let bytes = &media
        .iter()
        .find(|m| m.reference.sha256 == *of_mask)
        .expect("kept")
        .bytes;
    let pixels = image::load_from_memory(bytes).expect("a PNG").to_rgb8();
    assert_eq!(pixels.get_pixel(0, 0).0, [255; 3], "masked away");
    assert_eq!(pixels.get_pixel(7, 0).0, [0; 3], "shown");
}

#[test]
fn a_picture_placed_twice_is_kept_once() {
    let mut writer = Writer::new();
    let picture = writer.picture(100, 80, 9);
    writer.page(
        Page::default()
            .lines(50.0, 760.0, &PARAGRAPH)
            .picture(picture, [50.0, 520.0, 200.0, 120.0])
            .text(1, 8.0, 50.0, 505.0, "Figure 1. Before surgery")
            .picture(picture, [50.0, 320.0, 200.0, 120.0])
            .text(1, 8.0, 50.0, 305.0, "Figure 2. The same again"),
    );
    let (found, media, _) = read(&writer.finish()).expect("a document");
    assert_eq!((found.figures.len(), media.len()), (2, 1));
}
