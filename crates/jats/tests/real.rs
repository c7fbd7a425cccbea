//! Real articles, where `SPINEMED_REAL_DATA` points at them: everything that a plain count
//! over the XML finds is found by the reader too.
// A test reads files and one environment variable, and prints what it measured.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use roxmltree::Node;
use spinemed_core::document::{BlockKind, Document};
use spinemed_core::seam::{Ingest, Record, Tree};
use spinemed_jats::JatsReader;

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

fn files() -> Vec<PathBuf> {
    let Ok(root) = std::env::var("SPINEMED_REAL_DATA") else {
        println!("skipped: SPINEMED_REAL_DATA is not set");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(format!("{root}/pmc"))
        .expect("the folder `pmc`")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "xml"))
        .collect();
    files.sort();
    files
}

fn inside(node: Node<'_, '_>, names: &[&str]) -> bool {
    node.ancestors()
        .skip(1)
        .any(|n| names.contains(&n.tag_name().name()))
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

fn own_letters(node: Node<'_, '_>) -> String {
    letters(
        &node
            .descendants()
            .filter_map(|n| n.text().filter(|_| n.is_text()))
            .collect::<String>(),
    )
}

/// What a plain count over the XML finds, against what the reader made.
fn compare(
    xml: &roxmltree::Document<'_>,
    document: &Document,
    totals: &mut BTreeMap<&str, [usize; 2]>,
) {
    let count = |kind| document.blocks.iter().filter(|b| b.kind == kind).count();
    let named = |name: &'static str| xml.descendants().filter(move |n| n.has_tag_name(name));
    let mut tell = |what, truth: usize, found: usize| {
        let total = totals.entry(what).or_default();
        total[0] += truth;
        total[1] += found;
        assert_eq!(truth, found, "{what} of {}", document.id);
    };
    let elsewhere = [
        "caption",
        "list-item",
        "def",
        "fn",
        "table-wrap-foot",
        "td",
        "th",
        "author-notes",
        "license",
        "ref",
        "kwd-group",
        "supplementary-material",
        "media",
    ];
    let front_notes = |n: Node<'_, '_>| inside(n, &["notes"]) && inside(n, &["front"]);
    let paragraphs = named("p")
        .filter(|n| !inside(*n, &elsewhere) && !front_notes(*n))
        .filter(|n| {
            let nested = [
                "fig",
                "table-wrap",
                "supplementary-material",
                "media",
                "list",
                "disp-formula",
            ];
            let text = |t: &Node<'_, '_>| {
                t.is_text()
                    && !t
                        .ancestors()
                        .take_while(|a| a != n)
                        .any(|a| nested.contains(&a.tag_name().name()))
            };
            n.descendants()
                .filter(text)
                .any(|t| t.text().is_some_and(|t| !t.trim().is_empty()))
        });
    let supplements = named("supplementary-material")
        .chain(named("media"))
        .filter(|n| {
            !n.children()
                .filter(|c| !c.has_tag_name("media") && !c.has_tag_name("object-id"))
                .map(own_letters)
                .collect::<String>()
                .is_empty()
        });
    tell(
        "paragraphs",
        paragraphs.count() + supplements.count(),
        count(BlockKind::Paragraph),
    );
    tell("figures", named("fig").count(), document.figures.len());
    let captions = document
        .figures
        .iter()
        .filter(|f| f.caption.is_some())
        .count();
    let has_caption = |n: &Node<'_, '_>| n.children().any(|c| c.has_tag_name("caption"));
    tell(
        "figure captions",
        named("fig").filter(has_caption).count(),
        captions,
    );
    let own = |n: &Node<'_, '_>| !inside(*n, &["supplementary-material", "media"]);
    let files = named("supplementary-material").chain(named("media"));
    let files = files
        .chain(named("inline-supplementary-material"))
        .filter(own);
    tell("supplements", files.count(), document.supplements.len());
    tell(
        "tables",
        named("table").count() + named("array").count(),
        count(BlockKind::Table),
    );
    tell(
        "references",
        named("ref").count(),
        count(BlockKind::Reference),
    );
    let figures: BTreeMap<&str, usize> = named("fig")
        .enumerate()
        .filter_map(|(i, n)| Some((n.attribute("id")?, i + 1)))
        .collect();
    let mut mentioned = BTreeSet::new();
    for xref in named("xref").filter(|n| n.attribute("ref-type") == Some("fig")) {
        for id in xref.attribute("rid").unwrap_or_default().split_whitespace() {
            mentioned.extend(figures.get(id).map(|n| format!("f{n}")));
        }
    }
    let linked: BTreeSet<String> = document
        .blocks
        .iter()
        .flat_map(|b| b.links.clone())
        .collect();
    // Ranges may only add.
    tell(
        "mentioned figures",
        mentioned.len(),
        linked.intersection(&mentioned).count(),
    );
    for figure in named("fig") {
        let position = figures[figure.attribute("id").expect("an id")] - 1;
        let Some(caption) = figure.children().find(|n| n.has_tag_name("caption")) else {
            continue;
        };
        let id = document.figures[position]
            .caption
            .as_deref()
            .expect("a caption");
        let block = document.block(id).expect("a block");
        assert_eq!(
            letters(&block.text),
            own_letters(caption),
            "{}",
            document.id
        );
    }
}

/// Every letter of the body's text stands in some block.
fn check_text(xml: &roxmltree::Document<'_>, document: &Document) {
    let mut expected: BTreeMap<char, usize> = BTreeMap::new();
    let skipped = ["tex-math", "math", "disp-formula", "object-id"];
    let body = xml
        .descendants()
        .filter(|n| n.has_tag_name("body") || n.has_tag_name("floats-group"));
    for text in body.flat_map(|n| n.descendants()).filter(|n| n.is_text()) {
        // Labels of figures stand in the figure.
        let label = inside(text, &["label"]) && inside(text, &["fig"]);
        if label || inside(text, &skipped) {
            continue;
        }
        for c in text
            .text()
            .unwrap_or_default()
            .chars()
            .filter(char::is_ascii_alphabetic)
        {
            *expected.entry(c).or_default() += 1;
        }
    }
    let mut found: BTreeMap<char, usize> = BTreeMap::new();
    for c in document.blocks.iter().flat_map(|b| b.text.chars()) {
        *found.entry(c).or_default() += 1;
    }
    for (c, count) in expected {
        assert!(
            found.get(&c).copied().unwrap_or(0) >= count,
            "`{c}` of {}",
            document.id
        );
    }
}

#[test]
fn real_articles_are_read_whole() {
    let manifest = serde_json::from_str(
        r#"{"id":"pmc","title":"t","format":"jats","language":"en","licence":"CC-BY-NC-4.0",
        "redistribution":"full","egress":"any","subjects":"none","citation":"c"}"#,
    )
    .expect("a manifest");
    let mut totals = BTreeMap::new();
    let files = files();
    for path in &files {
        let bytes = std::fs::read(path).expect("a file");
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let read = JatsReader.ingest(&manifest, &Files([(name.clone(), bytes.clone())].into()));
        let [Record::Document(document)] = read.records.as_slice() else {
            panic!("{name}: {:?}", read.rejected)
        };
        let licence = document
            .licence
            .as_ref()
            .expect("each states its licence")
            .as_str();
        let title = document.title.as_deref().expect("each has a title");
        println!("{name} {licence} {:?} {title}", document.kind);
        for problem in &read.problems {
            println!("  {}: {}", problem.place, problem.reason);
        }
        assert!(
            document
                .identifier
                .as_deref()
                .is_some_and(|id| id.starts_with("10."))
        );
        let text = std::str::from_utf8(&bytes).expect("UTF-8");
        let options = roxmltree::ParsingOptions {
            allow_dtd: true,
            ..Default::default()
        };
        let xml = roxmltree::Document::parse_with_options(text, options).expect("XML");
        compare(&xml, document, &mut totals);
        check_text(&xml, document);
    }
    for (what, [truth, found]) in totals {
        println!("{what}: {found} of {truth}");
    }
    println!("{} articles", files.len());
}
