//! What ingest understands of a file, as the program shows it.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make folders and read files"
)]

mod common;

use std::collections::BTreeSet;

use common::{Workshop, list, number, repository, text};
use serde_json::Value;

/// What `inspect` understood of one of the demo's files.
fn inspect(shop: &Workshop, file: &str) -> Value {
    let path = repository()
        .join("sources")
        .join(file)
        .display()
        .to_string();
    let understood = shop
        .run(&["inspect", &path, "--format", "json"])
        .expect(0)
        .json();
    for field in ["pages", "blocks", "figures", "problems"] {
        assert!(!understood[field].is_null(), "{file}: {field}");
    }
    assert_eq!(understood["problems"], serde_json::json!([]), "{file}");
    for block in list(&understood["blocks"]) {
        let kinds = [
            "heading",
            "paragraph",
            "caption",
            "list",
            "table",
            "equation",
            "footnote",
            "header",
            "footer",
            "reference",
        ];
        assert!(kinds.contains(&text(&block["kind"])), "{block}");
        assert!(
            block["id"].is_string() && block["text"].is_string() && block["levels"].is_array(),
            "{block}"
        );
        for entity in list(&block["entities"]) {
            let range: Vec<usize> = list(&entity["range"])
                .iter()
                .filter_map(|at| usize::try_from(number(at)).ok())
                .collect();
            let words = text(&block["text"]).get(range[0]..range[1]);
            assert_eq!(words, entity["text"].as_str(), "{file}: {entity}");
            assert!(["level", "modality", "condition"].contains(&text(&entity["kind"])));
        }
        let levels: Vec<&Value> = list(&block["entities"])
            .iter()
            .filter(|e| e["kind"] == "level")
            .map(|e| &e["id"])
            .collect();
        assert!(
            list(&block["levels"]).iter().all(|l| levels.contains(&l)),
            "{block}"
        );
        assert_eq!(
            block["kind"] == "heading",
            block["depth"].is_u64(),
            "{block}"
        );
    }
    let ids: BTreeSet<&str> = list(&understood["blocks"])
        .iter()
        .map(|b| text(&b["id"]))
        .collect();
    assert_eq!(
        ids.len(),
        list(&understood["blocks"]).len(),
        "{file}: ids are unique"
    );
    for figure in list(&understood["figures"]) {
        assert!(ids.contains(text(&figure["caption"])), "{file}: {figure}");
        assert!(!list(&figure["mentions"]).is_empty(), "{file}: {figure}");
        assert!(
            list(&figure["mentions"])
                .iter()
                .all(|m| ids.contains(text(m))),
            "{file}: {figure}"
        );
        assert!(
            figure["score"]
                .as_f64()
                .is_some_and(|s| (0.0..=1.0).contains(&s)),
            "{file}: {figure}"
        );
        assert!(figure["label"].is_string(), "{file}: {figure}");
        assert!(!list(&figure["reasons"]).is_empty(), "{file}: {figure}");
        assert!(
            figure["panels"].is_array() && figure["media"].is_array(),
            "{file}: {figure}"
        );
        let linked: BTreeSet<&str> = list(&figure["links"])
            .iter()
            .map(|link| text(&link["block"]))
            .collect();
        let mentions: BTreeSet<&str> = list(&figure["mentions"]).iter().map(text).collect();
        assert_eq!(linked, mentions, "{file}: {figure}");
    }
    understood
}

#[test]
fn files_are_inspected() {
    let shop = Workshop::empty();
    let chapter = inspect(&shop, "demo-textbook/chapter.pdf");
    assert!(number(&chapter["pages"]) > 1 && !list(&chapter["figures"]).is_empty());
    for block in list(&chapter["blocks"]) {
        let page = number(&block["page"]);
        assert!((1..=number(&chapter["pages"])).contains(&page), "{block}");
        let edges: Vec<f64> = list(&block["box"])
            .iter()
            .filter_map(Value::as_f64)
            .collect();
        assert!(
            matches!(edges[..], [x0, y0, x1, y1] if 0.0 <= x0 && x0 < x1 && 0.0 <= y0 && y0 < y1),
            "{block}"
        );
    }
    assert!(
        list(&chapter["blocks"])
            .iter()
            .any(|b| list(&b["levels"]).iter().any(|l| l == "L4/L5"))
    );
    for guideline in [
        "demo-guideline/guideline.xml",
        "demo-guideline-zh/guideline.xml",
    ] {
        let read = inspect(&shop, guideline);
        assert_eq!(list(&read["figures"]).len(), 2, "{guideline}");
        assert!(
            list(&read["blocks"]).iter().any(|b| b["kind"] == "table"),
            "{guideline}"
        );
    }
    let bank = inspect(&shop, "demo-bank/questions.jsonl");
    assert_eq!(list(&bank["records"]).len(), 48);
    assert_eq!(
        list(&inspect(&shop, "demo-bank/more.csv")["records"]).len(),
        12
    );

    let path = repository()
        .join("sources/demo-textbook/chapter.pdf")
        .display()
        .to_string();
    let told = shop
        .run(&["inspect", &path, "--html", "chapter.html"])
        .expect(0);
    assert!(
        told.stdout.contains("wrote chapter.html"),
        "{}",
        told.stdout
    );
    let page = shop.text("chapter.html");
    assert!(page.starts_with("<!doctype html>") && page.contains("L4/L5"));
    let pages = page.matches("<image ").count() as u64;
    assert_eq!(
        pages,
        number(&chapter["pages"]),
        "each page has its picture"
    );
    let ids = list(&chapter["blocks"])
        .iter()
        .chain(list(&chapter["figures"]));
    for id in ids.map(|thing| text(&thing["id"])) {
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let hosts = page.matches("http://").count() + page.matches("https://").count();
    let linked = page.matches("href=\"http").count() + page.matches("src=\"http").count();
    assert!(linked == 0, "{hosts} addresses are words, none is loaded");
    shop.run(&["inspect", "nowhere.pdf"]).expect(2);
    shop.write("picture.png", "");
    shop.run(&["inspect", "picture.png"]).expect(2);
    shop.write("empty.pdf", "");
    let empty = shop
        .run(&["inspect", "empty.pdf", "--format", "json"])
        .expect(3)
        .json();
    assert_eq!(empty["problems"][0]["reason"], "the file is empty");
}

/// One small file of each markup, as the program shows it.
#[test]
fn every_markup_is_understood() {
    let shop = Workshop::empty();
    let made = |name: &str| format!("../crates/markup/tests/made/{name}");
    for (name, figures, figures_with_words) in [
        ("modules/m90001/index.cnxml", 2, 2),
        ("page.html", 2, 2),
        ("book.epub", 2, 2),
        ("notes.md", 3, 3),
    ] {
        let path = repository().join("sources").join(made(name));
        let path = path.display().to_string();
        let run = shop.run(&["inspect", &path, "--format", "json"]);
        // One chapter of the book is not well-formed, and that is told.
        let understood = run
            .expect(if name.ends_with("epub") { 7 } else { 0 })
            .json();
        assert_eq!(list(&understood["figures"]).len(), figures, "{name}");
        let told = list(&understood["figures"])
            .iter()
            .filter(|f| f["label"].is_string() || f["caption"].is_string())
            .count();
        assert_eq!(told, figures_with_words, "{name}");
        let levels = list(&understood["blocks"])
            .iter()
            .flat_map(|block| list(&block["levels"]))
            .any(|level| text(level) == "L4/L5");
        assert!(levels, "{name}");
    }
}
