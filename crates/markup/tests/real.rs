//! Real textbook modules, where `SPINEMED_REAL_DATA` points at them: everything that a plain
//! scan of the file's characters finds is found by the reader too.
// A test reads files and one environment variable, and prints what it measured.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use spinemed_core::document::{BlockKind, Document};
use spinemed_core::seam::{Ingest, Ingested, Record, Tree};
use spinemed_markup::CnxmlReader;

struct Files(BTreeMap<String, Vec<u8>>);

impl Tree for Files {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn read(&self, name: &str) -> Result<Cow<'_, [u8]>, String> {
        self.0
            .get(name)
            .map(|b| Cow::Borrowed(&b[..]))
            .ok_or_else(|| "no such file".to_owned())
    }
}

fn gather(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if path.is_dir() {
            gather(&path, &format!("{prefix}{name}/"), files);
        } else {
            files.insert(
                format!("{prefix}{name}"),
                std::fs::read(&path).expect("a file"),
            );
        }
    }
}

/// How often `<name` opens an element, by characters alone.
fn opened(text: &str, name: &str) -> usize {
    let start = format!("<{name}");
    text.match_indices(&start)
        .filter(|(at, found)| {
            let next = text[at + found.len()..].chars().next();
            next.is_some_and(|c| c.is_whitespace() || c == '>' || c == '/')
        })
        .count()
}

/// Pieces between `<name …>` and `</name>`; none of these nest in themselves.
fn elements<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let (open, close) = (format!("<{name} "), format!("</{name}>"));
    text.split(&open)
        .skip(1)
        .filter_map(|piece| piece.split_once(&close).map(|(inner, _)| inner))
        .collect()
}

/// Words outside tags.
fn words(markup: &str) -> Vec<String> {
    let mut text = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let clean = text
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    clean
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn bag(words: impl IntoIterator<Item = String>) -> BTreeMap<String, usize> {
    let mut bag = BTreeMap::new();
    for word in words {
        *bag.entry(word).or_default() += 1;
    }
    bag
}

fn compare(text: &str, document: &Document) {
    let count = |kind| document.blocks.iter().filter(|b| b.kind == kind).count();
    let (head, body) = text.split_once("</metadata>").expect("metadata");
    let tell = |what: &str, truth: usize, found: usize| {
        println!("  {what}: {found} of {truth}");
        assert_eq!(truth, found, "{what} of {}", document.id);
    };
    let abstracts = head
        .split_once("<md:abstract>")
        .map_or("", |(_, inner)| inner);
    let both = |name| opened(abstracts, name) + opened(body, name);
    tell("paragraphs", both("para"), count(BlockKind::Paragraph));
    let listed = both("item") + opened(body, "definition");
    tell("list items and definitions", listed, count(BlockKind::List));
    tell("tables", opened(body, "table"), count(BlockKind::Table));
    tell("figures", opened(body, "figure"), document.figures.len());
    let captioned = document.figures.iter().filter(|f| f.caption.is_some());
    tell("captions", opened(body, "caption"), captioned.count());
    let titles = opened(body, "title") - opened(body, "figure");
    tell("headings", titles, count(BlockKind::Heading));
    let pictures: usize = document.figures.iter().map(|f| f.media.len()).sum();
    tell("pictures", opened(body, "image"), pictures);
    // Each link within the module, once per paragraph and figure.
    let ids: Vec<&str> = body
        .split("<figure id=\"")
        .skip(1)
        .filter_map(|piece| piece.split('"').next())
        .collect();
    let mut links = 0;
    for paragraph in elements(body, "para") {
        let targets: BTreeSet<&str> = paragraph
            .split("<link target-id=\"")
            .skip(1)
            .filter(|link| {
                link.split('>')
                    .next()
                    .is_some_and(|tag| tag.ends_with("\"\"/"))
            })
            .filter_map(|piece| piece.split('"').next())
            .filter(|id| ids.contains(id))
            .collect();
        links += targets.len();
    }
    let found: usize = document.blocks.iter().map(|b| b.links.len()).sum();
    tell("links to figures", links, found);
    let mentioned = document.figures.iter().filter(|f| !f.mentions.is_empty());
    let known = ids
        .iter()
        .filter(|id| body.contains(&format!("target-id=\"{id}\" document=\"\"")));
    tell("mentioned figures", known.count(), mentioned.count());
    all_words(abstracts, body, document);
}

/// Every word of the file is in some block, and no block has words of its own but those that
/// stand for links without any.
fn all_words(abstracts: &str, body: &str, document: &Document) {
    let abstracts = abstracts.split("</md:abstract>").next().unwrap_or_default();
    let truth = bag(words(abstracts).into_iter().chain(words(body)));
    let found = bag(document.blocks.iter().flat_map(|b| words(&b.text)));
    let mut missing = 0;
    for (word, count) in &truth {
        missing += count.saturating_sub(found.get(word).copied().unwrap_or(0));
    }
    let total: usize = truth.values().sum();
    println!("  words: {} of {total}", total - missing);
    assert_eq!(missing, 0, "words of {}", document.id);
}

#[test]
fn real_modules_are_read_whole() {
    let Ok(root) = std::env::var("SPINEMED_REAL_DATA") else {
        println!("skipped: SPINEMED_REAL_DATA is not set");
        return;
    };
    let manifest = serde_json::from_str(
        r#"{"id":"openstax","title":"t","format":"cnxml","language":"en",
        "licence":"CC-BY-NC-SA-4.0","redistribution":"full","egress":"any","subjects":"none",
        "citation":"c"}"#,
    )
    .expect("a manifest");
    let mut files = BTreeMap::new();
    gather(&Path::new(&root).join("openstax-ap2e"), "", &mut files);
    let files = Files(files);
    let Ingested {
        records,
        rejected,
        problems,
        ..
    } = CnxmlReader.ingest(&manifest, &files);
    assert_eq!((rejected, problems), (vec![], vec![]));
    assert_eq!(records.len(), 2);
    for record in &records {
        let Record::Document(document) = record else {
            panic!("documents expected")
        };
        let text = std::str::from_utf8(&files.0[&document.file.path]).expect("UTF-8");
        println!("{} {:?}", document.id, document.title);
        assert!(text.contains(&format!(
            "<md:content-id>{}<",
            document.identifier.as_deref().expect("an id")
        )));
        compare(text, document);
    }
}
