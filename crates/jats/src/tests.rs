//! The reader as a whole.

use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use spinemed_core::document::{Block, BlockKind, Document};
use spinemed_core::seam::Record;
use spinemed_core::vocabulary::Language;

use super::*;

/// Files in memory.
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

fn manifest() -> Manifest {
    serde_json_from(
        r#"{"id":"articles","title":"t","format":"jats","language":"en","licence":"CC-BY-4.0",
        "redistribution":"full","egress":"any","subjects":"none","citation":"c"}"#,
    )
}

fn serde_json_from(text: &str) -> Manifest {
    serde_json::from_str(text).expect("a manifest")
}

fn ingest(files: &[(&str, &[u8])]) -> Ingested {
    let files = files
        .iter()
        .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
        .collect();
    let (manifest, files) = (manifest(), Files(files));
    let read = JatsReader.ingest(&manifest, &files);
    assert_eq!(read, JatsReader.ingest(&manifest, &files), "the same twice");
    read
}

fn document(read: &Ingested) -> &Document {
    match read.records.as_slice() {
        [Record::Document(document)] => document,
        other => panic!("one document expected: {other:?} {:?}", read.rejected),
    }
}

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::GrayImage::from_fn(3, 2, |x, y| image::Luma([(x * 40 + y) as u8]));
    let format = image::ImageFormat::Png;
    picture
        .write_to(&mut std::io::Cursor::new(&mut bytes), format)
        .expect("PNG");
    bytes
}

const ARTICLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) v1.1//EN" "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="case-report" xml:lang="en">
<front><article-meta><article-id pub-id-type="doi">10.1/x</article-id>
<title-group><article-title>Stenosis at <italic>L4/L5</italic></article-title></title-group>
<contrib-group><contrib><name><surname>Secret</surname></name></contrib></contrib-group>
<permissions><license xlink:href="http://creativecommons.org/licenses/by-nc/4.0/"/></permissions>
<abstract><p>Short.</p></abstract></article-meta></front>
<body><sec id="s1"><label>1</label><title>Findings</title>
<p id="p1">See Figs. <xref ref-type="fig" rid="F1">1</xref>–<xref ref-type="fig" rid="F3">3</xref>.
<fig id="F1"><label>Fig. 1</label><caption><p>Sagittal T2.</p></caption><graphic xlink:href="f1"/></fig>
<list><list-item><p>First</p></list-item><list-item><p>Second</p></list-item></list> After.</p>
<sec><title>Deeper</title><p>Grade 10<sup>2</sup>.</p>
<fig-group id="G"><fig id="F2"><label>Fig. 2</label><caption><title>Two.</title></caption><graphic xlink:href="f2.tif"/></fig>
<fig id="F3"><label>Fig. 3</label></fig></fig-group></sec></sec>
<sec><title>Tables</title><table-wrap id="T1"><label>Table 1</label><caption><p>Levels</p></caption>
<table><thead><tr><th>Level</th><th>Grade</th></tr></thead><tbody><tr><td>L4/L5</td><td>Severe</td></tr></tbody></table>
<table-wrap-foot><fn><p>Note.</p></fn></table-wrap-foot></table-wrap>
<disp-formula><label>(1)</label>a = b</disp-formula>
<boxed-text><title>Key point</title><p>Boxed.</p></boxed-text></sec></body>
<back><ref-list><title>References</title><ref><label>1</label><mixed-citation>Li A. Spine.</mixed-citation></ref></ref-list></back>
</article>"#;

#[test]
fn an_article_gives_its_document() {
    let picture = png();
    let read = ingest(&[("a/x.xml", ARTICLE.as_bytes()), ("a/f1.png", &picture)]);
    let document = document(&read);
    assert_eq!(document.id.as_str(), "articles/x");
    assert_eq!(document.title.as_deref(), Some("Stenosis at L4/L5"));
    assert_eq!(document.identifier.as_deref(), Some("10.1/x"));
    assert_eq!(document.kind.as_deref(), Some("case-report"));
    assert_eq!(
        document.licence.as_ref().map(|l| l.as_str()),
        Some("CC-BY-NC-4.0")
    );
    assert_eq!(document.language, Language::En);
    let shown: Vec<String> = document.blocks.iter().map(show).collect();
    assert_eq!(shown.join("\n"), SHOWN);
    let figures: Vec<_> = document
        .figures
        .iter()
        .map(|f| {
            (
                f.id.as_str(),
                f.label.as_deref(),
                f.caption.as_deref(),
                f.mentions.join(","),
                f.media.len(),
            )
        })
        .collect();
    assert_eq!(
        figures,
        [
            ("f1", Some("Fig. 1"), Some("b4"), "b3".to_owned(), 1),
            ("f2", Some("Fig. 2"), Some("b9"), "b3".to_owned(), 0),
            ("f3", Some("Fig. 3"), None, "b3".to_owned(), 0),
        ]
    );
    assert_eq!((read.media.len(), read.media[0].reference.width), (1, 3));
    let problems: Vec<_> = read
        .problems
        .iter()
        .map(|p| (p.place.as_str(), p.reason.as_str()))
        .collect();
    assert_eq!(
        problems,
        [("Fig. 2", "picture `f2.tif` is not in the source")]
    );
    let table = document
        .blocks
        .iter()
        .find(|b| b.kind == BlockKind::Table)
        .expect("a table");
    assert_eq!(table.cells, [["Level", "Grade"], ["L4/L5", "Severe"]]);
    assert_eq!(
        table.path.as_deref(),
        Some("/article/body/sec[2]/table-wrap[1]/table[1]")
    );
    assert!(!document.blocks.iter().any(|b| b.text.contains("Secret")));
}

#[test]
fn a_group_with_one_number_is_one_figure_with_panels() {
    let group = r#"<article xmlns:xlink="http://www.w3.org/1999/xlink"><body>
<p>See <xref ref-type="fig" rid="F1b">Fig. 1B</xref>.</p>
<fig-group id="F1"><label>Fig. 1</label><caption><p>Two views.</p></caption>
<fig id="F1a"><label>A</label><caption><p>Sagittal.</p></caption><graphic xlink:href="a"/></fig>
<fig id="F1b"><label>(B)</label><caption><p>Axial.</p></caption><graphic xlink:href="b"/></fig>
</fig-group></body></article>"#;
    let picture = png();
    let read = ingest(&[
        ("x.xml", group.as_bytes()),
        ("a.png", &picture),
        ("b.png", &picture),
    ]);
    let document = document(&read);
    let [figure] = document.figures.as_slice() else {
        panic!("one figure: {:?}", document.figures)
    };
    assert_eq!(
        (figure.label.as_deref(), figure.media.len()),
        (Some("Fig. 1"), 2)
    );
    assert_eq!(figure.mentions, ["b1"]);
    let caption = document.block("b2").expect("a caption");
    assert_eq!(caption.text, "Two views. A Sagittal. (B) Axial.");
    let panels: Vec<_> = figure
        .panels
        .iter()
        .map(|p| {
            (
                p.label.as_str(),
                &caption.text[p.ranges[0][0]..p.ranges[0][1]],
                p.medium,
            )
        })
        .collect();
    assert_eq!(
        panels,
        [("A", "A Sagittal.", Some(0)), ("B", "(B) Axial.", Some(1))]
    );
}

const SHOWN: &str = "\
Paragraph [Abstract] Short.
Heading 1 [] 1 Findings
Paragraph [1 Findings] See Figs. 1–3. After. -> f1 f2 f3
Caption [1 Findings] Sagittal T2.
List [1 Findings] First
List [1 Findings] Second
Heading 2 [1 Findings] Deeper
Paragraph [1 Findings/Deeper] Grade 10².
Caption [1 Findings/Deeper] Two.
Heading 1 [] Tables
Caption [Tables] Table 1 Levels
Table [Tables] Level | Grade\nL4/L5 | Severe
Footnote [Tables] Note.
Equation [Tables] a = b (1)
Heading 2 [Tables] Key point
Paragraph [Tables/Key point] Boxed.
Heading 1 [] References
Reference [References] 1 Li A. Spine.";

fn show(block: &Block) -> String {
    let depth = block.depth.map(|d| format!(" {d}")).unwrap_or_default();
    let links: String = block.links.iter().map(|l| format!(" {l}")).collect();
    let arrow = if links.is_empty() { "" } else { " ->" };
    format!(
        "{:?}{depth} [{}] {}{arrow}{links}",
        block.kind,
        block.section.join("/"),
        block.text
    )
}

#[test]
fn an_article_without_any_of_its_pictures_is_whole() {
    let read = ingest(&[("x.xml", ARTICLE.as_bytes())]);
    assert_eq!(
        (
            read.problems.len(),
            read.media.len(),
            document(&read).figures.len()
        ),
        (0, 0, 3)
    );
}

#[test]
fn chinese_is_recognised() {
    let text = "<article><body><p>患者因腰痛伴左下肢放射痛就诊，磁共振示腰4/5椎间盘突出。</p></body></article>";
    assert_eq!(
        document(&ingest(&[("x.xml", text.as_bytes())])).language,
        Language::Zh
    );
}

#[test]
fn bad_input_is_rejected_once_with_place_and_cause() {
    let check = |bytes: &[u8], place: &str, cause: &str| {
        let read = ingest(&[("x.xml", bytes)]);
        let [problem] = read.rejected.as_slice() else {
            panic!("{read:?}")
        };
        assert!(read.records.is_empty());
        assert_eq!(
            (problem.source.as_str(), problem.file.as_str()),
            ("articles", "x.xml")
        );
        assert_eq!(problem.place, place, "{problem:?}");
        assert!(problem.reason.contains(cause), "{problem:?}");
    };
    check(b"", "file", "empty");
    check(b"%PDF-1.7", "line 1, column 1", "XML");
    check(b"<html><body/></html>", "line 1, column 1", "not JATS");
    check(
        b"<article>\n</article>",
        "line 1, column 1",
        "neither a title nor any text",
    );
    check(
        b"<article>\n<a b='1' b='2'/></article>",
        "line 2, column 10",
        "well-formed",
    );
    let truncated = &ARTICLE.as_bytes()[..ARTICLE.len() / 2];
    let read = ingest(&[("x.xml", truncated)]);
    assert_eq!(read.rejected.len(), 1);
    let read = ingest(&[("x.csv", b"a,b")]);
    assert!(read.rejected[0].reason.contains("no JATS file"));
    let read = ingest(&[
        ("a/x.xml", ARTICLE.as_bytes()),
        ("b/x.xml", ARTICLE.as_bytes()),
    ]);
    assert_eq!((read.records.len(), read.rejected.len()), (1, 1));
}

#[test]
fn many_siblings_cost_no_square() {
    let body =
        "<p>x <xref ref-type='fig' rid='F1'>1</xref>-<xref rid='F9'>9</xref></p>".repeat(20_000);
    let text = format!("<article><body>{body}<fig id='F1'/><fig id='F9'/></body></article>");
    let read = JatsReader.ingest(
        &manifest(),
        &Files([("x.xml".to_owned(), text.into_bytes())].into()),
    );
    assert_eq!(document(&read).blocks.len(), 20_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let read = ingest(&[("x.xml", &bytes)]);
        prop_assert_eq!(read.records.len() + read.rejected.len(), 1);
    }

    #[test]
    fn mutated_articles_never_panic(
        cuts in proptest::collection::vec((0usize..3000, any::<u8>()), 0..4),
        splice in (0usize..3000, 0usize..3000, 0usize..200),
    ) {
        let mut bytes = ARTICLE.as_bytes().to_vec();
        for (at, byte) in cuts {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        let (from, to, length) = splice;
        let from = from % bytes.len();
        let piece = bytes[from..(from + length).min(bytes.len())].to_vec();
        let to = to % bytes.len();
        bytes.splice(to..to, piece);
        let read = ingest(&[("x.xml", &bytes)]);
        prop_assert_eq!(read.records.len() + read.rejected.len(), 1);
    }

    #[test]
    fn reordered_elements_never_panic(
        names in proptest::collection::vec(
            proptest::sample::select(vec![
                "sec", "p", "title", "fig", "fig-group", "caption", "label", "list", "list-item",
                "table-wrap", "table", "tr", "td", "xref", "sup", "fn", "disp-formula", "math",
                "mfrac", "def-list", "def-item", "ref", "boxed-text", "alternatives", "graphic",
            ]),
            1..40,
        ),
        closes in proptest::collection::vec(any::<bool>(), 40),
    ) {
        let mut text = "<article><body>".to_owned();
        let mut open = Vec::new();
        for (name, close) in names.iter().zip(closes) {
            text.push_str(&format!("<{name} id='i{}' rid='i1 i2' colspan='3' href='x'>w{} ", open.len(), open.len()));
            open.push(*name);
            if close {
                text.push_str(&format!("</{}>", open.pop().expect("just opened")));
            }
        }
        while let Some(name) = open.pop() {
            text.push_str(&format!("</{name}>"));
        }
        text.push_str("</body></article>");
        let read = ingest(&[("x.xml", text.as_bytes())]);
        prop_assert_eq!(read.records.len() + read.rejected.len(), 1);
    }
}
