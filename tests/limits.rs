//! A document that takes more than it may costs itself alone.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests make folders, start processes and read files"
)]

mod common;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use common::{
    RELEASE, Workshop, assert_balanced, finish, fixture, list, number, root_of, stage, text,
};
use serde_json::Value;

/// A PDF (ISO 32000-1) of these objects, numbered from 1; the first is the catalogue.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(file.len());
        writeln!(file, "{} 0 obj", n + 1).expect("in memory");
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let table = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).expect("in memory");
    for place in &places {
        writeln!(file, "{place:010} 00000 n ").expect("in memory");
    }
    let size = places.len() + 1;
    let trailer = format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    file.extend_from_slice(trailer.as_bytes());
    file
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut object = format!("<< {dictionary} /Length {length} >>\nstream\n").into_bytes();
    object.extend_from_slice(content);
    object.extend_from_slice(b"\nendstream");
    object
}

/// A file of one page with this content stream.
fn page(dictionary: &str, content: &[u8]) -> Vec<u8> {
    pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>".to_vec(),
        stream(dictionary, content),
    ])
}

/// More operators than any reader gets through in a second or two.
fn endless_text() -> Vec<u8> {
    page("", &b"BT /F1 12 Tf (x) Tj ET\n".repeat(1_500_000))
}

/// A small stream that unpacks to 700 MiB.
fn bomb() -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let blank = vec![b' '; 1 << 20];
    for _ in 0..700 {
        packed.write_all(&blank).expect("in memory");
    }
    let packed = packed.finish().expect("in memory");
    page("/Filter /FlateDecode", &packed)
}

/// A page that draws a form that draws the next form 60 times, nine forms deep: the deepest
/// would be drawn 60 to the power of nine times.
fn nested_forms() -> Vec<u8> {
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R \
          /Resources << /XObject << /F 5 0 R >> >> >>"
            .to_vec(),
        stream("", b"/F Do"),
    ];
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 200 200]";
    for next in 6..15 {
        let resources = format!("/Resources << /XObject << /F {next} 0 R >> >>");
        objects.push(stream(
            &format!("{form} {resources}"),
            &b"/F Do ".repeat(60),
        ));
    }
    objects.push(stream(form, b"q Q"));
    pdf(&objects)
}

/// Sixty pages without content.
fn many_pages() -> Vec<u8> {
    let kids: String = (3..63).map(|n| format!("{n} 0 R ")).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Count 60 >>").into_bytes(),
    ];
    let page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>".to_vec();
    objects.resize(62, page);
    pdf(&objects)
}

/// A good bank and a folder of PDF files of which `readable.pdf` is sound.
fn shop(limits: &str, files: &[(&str, Vec<u8>)]) -> Workshop {
    let shop = Workshop::empty();
    shop.bank("good", 0, 4);
    shop.source("papers", "pdf", "include = [\"*.pdf\"]\n");
    shop.write("sources/papers/readable.pdf", fixture("readable.pdf"));
    for (name, bytes) in files {
        shop.write(&format!("sources/papers/{name}"), bytes);
    }
    limit(&shop, limits);
    shop
}

fn limit(shop: &Workshop, limits: &str) {
    let rest = format!("{RELEASE}[limits]\n{limits}\n");
    shop.pipeline("corpus", &["good", "papers"], &rest);
}

/// The problems at limits, by file.
fn stopped(report: &Value) -> Vec<(String, String)> {
    list(&report["problems"])
        .iter()
        .filter(|p| p["place"] == "limits")
        .map(|p| (text(&p["file"]).to_owned(), text(&p["reason"]).to_owned()))
        .collect()
}

#[track_caller]
fn assert_stopped(report: &Value, file: &str, reason: &str) {
    let found = stopped(report);
    let hit = found.iter().any(|(f, r)| f == file && r.contains(reason));
    assert!(
        hit,
        "no `{file}` stopped for `{reason}`: {found:?}\n{report}"
    );
}

#[test]
fn hostile_files_cost_themselves_alone() {
    let shop = shop(
        "seconds = 2\nmemory = 640\npages = 50",
        &[
            ("bomb.pdf", bomb()),
            ("forms.pdf", nested_forms()),
            ("pages.pdf", many_pages()),
            ("text.pdf", endless_text()),
        ],
    );
    let run = shop.run(&["build", "corpus", "--format", "json"]);
    let report = run.expect(7).json();
    assert_balanced(&report);
    assert_eq!(report["complete"], true, "what is stopped is settled");
    // The bank, and the sound document.
    let ingest = stage(&report, "ingest");
    assert_eq!(
        (number(&ingest["rejected"]), number(&ingest["passed"])),
        (4, 5),
        "{report}"
    );
    assert_stopped(
        &report,
        "bomb.pdf",
        "too much memory; `memory` in `[limits]`",
    );
    assert_stopped(&report, "pages.pdf", "60 pages, more than the 50");
    assert_stopped(&report, "text.pdf", "too much processor time; `seconds` in");
    // Nothing has changed: what came of limits stands, and nothing is stale.
    let again = shop
        .run(&["build", "corpus", "--format", "json"])
        .expect(7)
        .json();
    assert_eq!(root_of(&again), root_of(&report));
    let status = shop
        .run(&["status", "corpus", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(list(&status["stale"]).len(), 0, "{status}");
    shop.run(&["gc"]).expect(0);
}

#[test]
fn a_raised_limit_gives_a_document_another_try() {
    let pages = many_pages();
    let shop = shop("pages = 2", &[("pages.pdf", pages)]);
    let first = shop
        .run(&["build", "corpus", "--format", "json"])
        .expect(7)
        .json();
    assert_stopped(&first, "pages.pdf", "more than the 2");
    limit(&shop, "pages = 100");
    let raised = shop
        .run(&["build", "corpus", "--format", "json"])
        .expect(7)
        .json();
    assert!(stopped(&raised).is_empty(), "{raised}");
    limit(&shop, "pages = 1");
    let lowered = shop
        .run(&["build", "corpus", "--format", "json"])
        .expect(7)
        .json();
    assert_stopped(&lowered, "pages.pdf", "more than the 1");
}

#[test]
fn a_reader_that_is_killed_twice_costs_its_document() {
    // A minute's work, of which each attempt is ended as soon as it is seen.
    let shop = shop("seconds = 60", &[("text.pdf", endless_text())]);
    let mut arguments = vec!["build", "corpus", "--format", "json"];
    arguments.extend(["--threads", "1"]);
    let build = shop.start(&arguments);
    let end = Instant::now() + Duration::from_secs(120);
    let mut killed = Vec::new();
    while killed.len() < 2 && Instant::now() < end {
        // The sound document takes less than this.
        let reader = reader_of(build.id()).filter(|r| !killed.contains(r));
        if let Some(reader) = reader {
            sleep(Duration::from_millis(1_500));
            if reader_of(build.id()).as_ref() == Some(&reader) {
                let done = Command::new("kill").args(["-9", &reader]).status();
                assert!(done.expect("`kill` runs").success());
                killed.push(reader);
            }
        }
        sleep(Duration::from_millis(5));
    }
    let report = finish(build).expect(7).json();
    assert_stopped(&report, "text.pdf", "ended from outside, twice");
    assert_eq!(number(&stage(&report, "ingest")["passed"]), 5, "{report}");
}

/// The process that reads a document for this one, where the system tells.
fn reader_of(process: u32) -> Option<String> {
    let mut found = Vec::new();
    for thread in fs::read_dir(format!("/proc/{process}/task"))
        .ok()?
        .flatten()
    {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        found.extend(children.split_whitespace().map(str::to_owned));
    }
    found.into_iter().next()
}

#[test]
fn inspect_has_limits_as_well() {
    let shop = Workshop::empty();
    shop.write("text.pdf", endless_text());
    let run = shop.run(&["inspect", "text.pdf", "--seconds", "1", "--format", "json"]);
    let shown = run.expect(3).json();
    assert_stopped(&shown, "text.pdf", "`--seconds`, allows more");
    shop.write("pages.pdf", many_pages());
    let run = shop.run(&["inspect", "pages.pdf", "--pages", "59", "--format", "json"]);
    assert_stopped(&run.expect(3).json(), "pages.pdf", "more than the 59");
}

#[test]
fn a_child_that_nobody_talks_to_ends() {
    let shop = Workshop::empty();
    let mut child = shop.command(&["read", "--pages", "1"]);
    let mut child = child.stdin(Stdio::piped()).spawn().expect("it starts");
    let mut to = child.stdin.take().expect("a pipe");
    to.write_all(b"what is this\n").expect("it listens");
    drop(to);
    assert_eq!(finish(child).code, Some(1));
}
