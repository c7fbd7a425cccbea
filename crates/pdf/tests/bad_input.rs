//! Input that is not what it should be: a reason each, and never a panic.

mod common;

use std::borrow::Cow;
use std::collections::BTreeMap;

use common::{PARAGRAPH, Page, Writer, article, read};
use proptest::prelude::*;
use spinemed_core::seam::{Ingest, Record, Tree};
use spinemed_core::source::Manifest;
use spinemed_pdf::{PdfError, PdfReader};

fn check(bytes: &[u8], expect: &str) {
    assert_eq!(read(bytes).expect_err("no document").to_string(), expect);
}

fn encrypted() -> Vec<u8> {
    let mut writer = Writer::new();
    let key = "00".repeat(32);
    writer.trailer = format!(
        "/ID [<{0}> <{0}>] /Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <{key}> /U <{key}> >>",
        "ab".repeat(16)
    );
    writer.page(Page::default().lines(50.0, 700.0, &PARAGRAPH));
    writer.finish()
}

fn scans(with_text: bool) -> Vec<u8> {
    let mut writer = Writer::new();
    let picture = writer.picture(60, 80, 2);
    if with_text {
        writer.page(Page::default().lines(50.0, 700.0, &PARAGRAPH));
    }
    writer.page(Page::default().picture(picture, [0.0, 0.0, 600.0, 800.0]));
    writer.finish()
}

#[test]
fn files_without_a_document_say_why() {
    check(b"", "the file is empty");
    check(b"<html>no</html>", "not a PDF: there is no `%PDF-` header");
    check(&encrypted(), "encrypted: a password is needed");
    check(
        b"%PDF-1.7\n1 0 obj\n",
        "damaged: no page can be found (the file is cut off)",
    );
    check(
        &scans(false),
        "none of 1 pages carries text, and 1 are scans: no engine that reads scans is in use (`spinemed doctor` tells what is there; the packages are `tesseract-ocr`, `tesseract-ocr-eng` and `tesseract-ocr-chi-sim`)",
    );
}

#[test]
fn a_scanned_page_is_a_fault_of_its_document() {
    let (document, _, faults) = read(&scans(true)).expect("a document");
    assert_eq!((document.pages, document.figures.len()), (2, 0));
    let [fault] = faults.as_slice() else {
        panic!("{faults:?}")
    };
    assert_eq!(fault.place(), "page 2");
    assert!(
        fault
            .reason
            .starts_with("the page is a scan and was not read"),
        "{}",
        fault.reason
    );
}

#[test]
fn a_cut_file_is_read_as_far_as_it_goes() {
    let mut writer = Writer::new();
    for _ in 0..4 {
        writer.page(Page::default().lines(50.0, 700.0, &PARAGRAPH));
    }
    let whole = writer.finish();
    let cut = &whole[..whole.len() * 7 / 10];
    let (document, _, faults) = read(cut).expect("what is left");
    assert_eq!(document.blocks.len(), 2, "two pages are whole");
    assert!(
        faults
            .iter()
            .any(|f| f.place() == "file" && f.reason.contains("cut off")),
        "{faults:?}"
    );
}

#[test]
fn a_page_that_draws_for_ever_is_given_up() {
    let mut writer = Writer::new();
    writer.page(Page::default().lines(50.0, 700.0, &PARAGRAPH));
    // Forms that draw each other: ten to the seventh power of rectangles.
    let mut inner = writer.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9]",
        "0 0 1 1 re f ".repeat(10).as_bytes(),
    );
    for _ in 0..6 {
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X {inner} 0 R >> >>"
        );
        inner = writer.stream(&entries, "/X Do ".repeat(10).as_bytes());
    }
    writer.page(Page::default().picture(inner, [0.0, 0.0, 1.0, 1.0]));
    let (document, _, faults) = read(&writer.finish()).expect("a document");
    assert_eq!(document.blocks.len(), 1);
    assert_eq!(faults[0].place(), "page 2");
    assert!(faults[0].reason.contains("draws more"), "{faults:?}");
}

struct Files(BTreeMap<String, Vec<u8>>);

impl Tree for Files {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        self.0
            .get(name)
            .map(|b| Cow::Borrowed(b.as_slice()))
            .ok_or_else(|| "is not there".to_owned())
    }
}

#[test]
fn every_file_is_a_record_or_rejected() {
    let manifest: Manifest = serde_json::from_str(
        r#"{"id": "books", "title": "Books", "format": "pdf", "language": "en", "licence": "CC-BY-4.0",
            "redistribution": "full", "egress": "any", "subjects": "none", "citation": "us"}"#,
    )
    .expect("a manifest");
    let files = [
        ("a/good.pdf", article()),
        ("empty.pdf", Vec::new()),
        ("locked.PDF", encrypted()),
        ("notes.txt", b"text".to_vec()),
    ];
    let tree = Files(files.into_iter().map(|(n, b)| (n.to_owned(), b)).collect());
    let out = PdfReader::default().ingest(&manifest, &tree);
    let [Record::Document(document)] = out.records.as_slice() else {
        panic!("{:?}", out.records)
    };
    assert_eq!(document.id.as_str(), "books/a/good");
    assert_eq!(document.file.path, "a/good.pdf");
    let rejected: Vec<(&str, &str, &str)> = out
        .rejected
        .iter()
        .map(|p| (p.file.as_str(), p.place.as_str(), p.reason.as_str()))
        .collect();
    assert_eq!(
        rejected,
        [
            ("empty.pdf", "file", "the file is empty"),
            ("locked.PDF", "file", "encrypted: a password is needed"),
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let bare = read(&bytes);
        let known = matches!(bare, Err(PdfError::Empty | PdfError::NotPdf | PdfError::Damaged { .. }));
        prop_assert!(known);
        let mut headed = b"%PDF-1.4\n".to_vec();
        headed.extend(bytes);
        prop_assert!(read(&headed).is_err());
    }

    #[test]
    fn changed_files_never_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        keep in 0.3f64..1.0,
    ) {
        let mut bytes = article();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        let _ = read(&bytes);
    }

    #[test]
    fn changed_numbers_never_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec!["0", "-1", "99999999999", "1e9", "4 0 R"])), 1..6),
    ) {
        let text: Vec<u8> = article();
        let digits: Vec<usize> = (0..text.len()).filter(|&i| text[i].is_ascii_digit()).collect();
        let mut bytes = text.clone();
        let mut places: Vec<(usize, &str)> = changes.iter().map(|(i, v)| (digits[i.index(digits.len())], *v)).collect();
        places.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        for (at, value) in places {
            bytes.splice(at..at + 1, value.bytes());
        }
        let _ = read(&bytes);
    }
}
