//! Scanned pages through the program, with the engine of this machine and without one.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests make folders, read files and say what they skip"
)]

mod common;

use common::{Workshop, list, repository, text};
use serde_json::Value;

/// A page in English, askew, and one in Chinese, turned: `fixtures/make-scan.py`.
fn scan() -> String {
    repository()
        .join("tests/fixtures/scan.pdf")
        .display()
        .to_string()
}

/// Whether Tesseract is here with both languages, as the program itself sees it.
fn engine(shop: &Workshop) -> bool {
    let told = shop.run(&["doctor", "--format", "json"]).json();
    let ocr = list(&told["findings"])
        .iter()
        .find(|f| f["what"] == "ocr")
        .expect("a finding");
    assert_eq!(ocr["ok"], true, "builds do without");
    let here = text(&ocr["detail"]).contains("eng+chi_sim");
    if !here {
        println!("skipped: {}", text(&ocr["detail"]));
    }
    here
}

fn starting<'a>(read: &'a Value, words: &str) -> &'a Value {
    let found = list(&read["blocks"])
        .iter()
        .find(|b| text(&b["text"]).starts_with(words));
    found.unwrap_or_else(|| panic!("no `{words}` in {:#}", read["blocks"]))
}

#[test]
fn scans_are_read() {
    let shop = Workshop::empty();
    if !engine(&shop) {
        return;
    }
    // Some words are unsure, which is a problem: code 7.
    let read = shop
        .run(&["inspect", &scan(), "--format", "json"])
        .expect(7)
        .json();
    let human = starting(&read, "The human spine has seven cervical");
    assert_eq!(human["kind"], "paragraph");
    assert_eq!(starting(&read, "1.1.1 The regular")["kind"], "heading");
    let words = list(&human["scanned"]);
    let unsure = words.iter().filter(|w| w["unsure"] == true).count();
    assert!(
        words.len() > 60 && unsure * 10 < words.len(),
        "{unsure} of {}",
        words.len()
    );
    let figure = &list(&read["figures"])[0];
    assert_eq!(text(&figure["label"]), "Figure 1.1");
    let chinese: String = list(&read["blocks"])
        .iter()
        .filter(|b| b["page"] == 2)
        .map(|b| text(&b["text"]))
        .collect();
    assert!(
        chinese.contains("\u{690e}\u{95f4}\u{76d8}\u{7a81}\u{51fa}"),
        "{chinese}"
    );
    let reason = text(&list(&read["problems"])[0]["reason"]);
    assert!(reason.ends_with("are no evidence"), "{reason}");
}

#[test]
fn a_scan_without_an_engine_is_told() {
    let shop = Workshop::empty();
    let run = shop
        .run(&["inspect", &scan(), "--ocr", "off", "--format", "json"])
        .expect(3);
    let read = run.json();
    assert!(list(&read["blocks"]).is_empty());
    let [problem] = &list(&read["problems"])[..] else {
        panic!("{:#}", read["problems"])
    };
    let reason = text(&problem["reason"]);
    for word in [
        "2 are scans",
        "`spinemed doctor`",
        "`tesseract-ocr-chi-sim`",
    ] {
        assert!(reason.contains(word), "{reason}");
    }
}

#[test]
fn an_engine_reads_pdf_anew() {
    let shop = Workshop::empty();
    let bytes = std::fs::read(scan()).expect("the fixture");
    shop.source("book", "pdf", "include = [\"*.pdf\"]\n");
    shop.write("sources/book/scan.pdf", bytes);
    shop.pipeline("scans", &["book"], "");
    shop.run(&["build", "scans", "--ocr", "off"]);
    let stale = |ocr: &str| {
        let told = shop
            .run(&["status", "scans", "--ocr", ocr, "--format", "json"])
            .json();
        list(&told["stale"]).len()
    };
    assert_eq!(stale("off"), 0);
    if engine(&shop) {
        assert_eq!(stale("auto"), 1);
    }
}
