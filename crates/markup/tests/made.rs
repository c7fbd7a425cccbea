//! Small files of our own in each markup, read whole.
// A test reads its files.
#![allow(clippy::disallowed_methods)]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use spinemed_core::document::{Block, Document};
use spinemed_core::seam::{Ingest, Ingested, Record, Tree};
use spinemed_core::source::Manifest;
use spinemed_markup::{CnxmlReader, EpubReader, HtmlReader, MarkdownReader};

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
    serde_json::from_str(
        r#"{"id":"made","title":"t","format":"html","language":"en","licence":"CC-BY-4.0",
        "redistribution":"full","egress":"any","subjects":"none","citation":"c"}"#,
    )
    .expect("a manifest")
}

fn ingest(reader: &dyn Ingest, names: &[&str]) -> Ingested {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/made");
    let files = names.iter().map(|name| {
        let bytes = std::fs::read(folder.join(name)).expect("a made file");
        ((*name).to_owned(), bytes)
    });
    let files = Files(files.collect());
    let read = reader.ingest(&manifest(), &files);
    assert_eq!(read, reader.ingest(&manifest(), &files), "the same twice");
    read
}

/// A document as lines: head, blocks, figures, problems.
fn show(read: &Ingested) -> String {
    let [Record::Document(document)] = read.records.as_slice() else {
        panic!("one document expected: {:?}", read.rejected)
    };
    let mut lines = vec![head(document)];
    lines.extend(document.blocks.iter().map(block));
    for figure in &document.figures {
        let panels: Vec<String> = figure
            .panels
            .iter()
            .map(|panel| format!("{}@{:?}", panel.label, panel.medium))
            .collect();
        lines.push(format!(
            "{} caption {} mentions [{}] media {} panels [{}]",
            figure.id,
            figure.caption.as_deref().unwrap_or("-"),
            figure.mentions.join(" "),
            figure.media.len(),
            panels.join(" ")
        ));
    }
    let told = read.problems.iter();
    lines.extend(told.map(|problem| format!("! {}: {}", problem.place, problem.reason)));
    lines.join("\n")
}

fn head(document: &Document) -> String {
    format!(
        "{} | {} | {} | {}",
        document.id,
        document.title.as_deref().unwrap_or("-"),
        document.identifier.as_deref().unwrap_or("-"),
        document.licence.as_ref().map_or("-", |l| l.as_str()),
    )
}

fn block(block: &Block) -> String {
    let depth = block.depth.map(|d| format!(" {d}")).unwrap_or_default();
    let links: String = block.links.iter().map(|l| format!(" {l}")).collect();
    let arrow = if links.is_empty() { "" } else { " ->" };
    let page = block.page_label.as_deref().map(|p| format!(" p.{p}"));
    format!(
        "{} {:?}{depth} [{}]{} {}{arrow}{links}",
        block.id,
        block.kind,
        block.section.join("/"),
        page.unwrap_or_default(),
        block.text.replace('\n', " // ")
    )
}

const PICTURES: [&str; 2] = ["media/axial.png", "media/segment.png"];

#[test]
fn cnxml() {
    let read = ingest(
        &CnxmlReader,
        &["modules/m90001/index.cnxml", PICTURES[0], PICTURES[1]],
    );
    assert_eq!(show(&read), CNXML);
    let [Record::Document(document)] = read.records.as_slice() else {
        panic!("one document")
    };
    let paths: Vec<&str> = document
        .blocks
        .iter()
        .filter_map(|b| b.path.as_deref())
        .collect();
    assert_eq!(paths[1], "/document/content/para[1]");
    assert_eq!(paths[6], "/document/content/section[1]/note[1]/title[1]");
    let panels = &document.figures[1].panels;
    let caption = document.figures[1].caption.as_deref().expect("a caption");
    let text = &document.block(caption).expect("a block").text;
    let words: Vec<&str> = panels
        .iter()
        .map(|p| &text[p.ranges[0][0]..p.ranges[0][1]])
        .collect();
    assert_eq!(words, ["(a) Axial view.", "(b) Sagittal view."]);
}

const CNXML: &str = "\
made/m90001 | The Lumbar Segment | m90001 | CC-BY-4.0
b1 Paragraph [Abstract] After this section you can name the parts of a segment.
b2 Paragraph [] A motion segment has two vertebrae and one disc (figure “Motion Segment”). Loads reach 10³ newtons. -> f1
b3 Footnote [] Measured while standing.
b4 Caption [] Motion Segment: The disc of L4/L5 lies between two end plates.
b5 Heading 1 [] Degeneration
b6 Paragraph [Degeneration] Stenosis narrows the canal; see figure and the table. A link to another module stays words. -> f2
b7 Heading 2 [Degeneration] Red flags
b8 Paragraph [Degeneration/Red flags] Saddle anaesthesia needs a surgeon the same day.
b9 List [Degeneration/Red flags] Weakness
b10 List [Degeneration/Red flags] Retention
b11 List [Degeneration/Red flags] new
b12 Caption [Degeneration] Severe stenosis at L4/L5. (a) Axial view. (b) Sagittal view.
b13 Caption [Degeneration] Grades
b14 Table [Degeneration] Level | Grade | Grade // L4/L5 | left | severe // L4/L5 | right | mild //  |  | none
b15 Equation [Degeneration] S=F/A 1
b16 Heading 1 [] Review Questions
b17 Paragraph [Review Questions] Which disc is most often affected?
b18 List [Review Questions] T4/T5
b19 List [Review Questions] L4/L5
b20 Paragraph [Review Questions] B
b21 List [Glossary] motion segment: two vertebrae with the disc between them
f1 caption b4 mentions [b2] media 1 panels []
f2 caption b12 mentions [b6] media 2 panels [a@Some(0) b@Some(1)]";

#[test]
fn html() {
    let read = ingest(&HtmlReader, &["page.html", PICTURES[0], PICTURES[1]]);
    assert_eq!(show(&read), HTML);
}

const HTML: &str = "\
made/page | Lumbar stenosis | 10.5555/made.page | CC-BY-4.0
b1 Heading 1 [] Lumbar stenosis
b2 Paragraph [Lumbar stenosis] The canal narrows at L4/L5 (Figure 1).¹ © Area < 100 mm². -> f1
b3 Heading 2 [Lumbar stenosis] Findings
b4 Caption [Lumbar stenosis/Findings] Figure 1. Severe stenosis at L4/L5.
b5 Paragraph [Lumbar stenosis/Findings] Loose words in bold
b6 Paragraph [Lumbar stenosis/Findings] A paragraph.
b7 Paragraph [Lumbar stenosis/Findings] and after it.
b8 List [Lumbar stenosis/Findings] First
b9 List [Lumbar stenosis/Findings] Nested
b10 List [Lumbar stenosis/Findings] Second
b11 List [Lumbar stenosis/Findings] Stenosis: narrowing of a canal
b12 Caption [Lumbar stenosis/Findings] Table 1. Grades
b13 Table [Lumbar stenosis/Findings] Level | Grade | Grade // L4/L5 | left | severe // L4/L5 | right | mild
b14 Paragraph [Lumbar stenosis/Findings] Only arranged.
b15 Paragraph [Lumbar stenosis/Findings] With an icon.
b16 Caption [Lumbar stenosis/Findings] Figure 2. The canal from above, see also Figure 1. -> f1
b17 Equation [Lumbar stenosis/Findings] S=F/A
b18 Footnote [Lumbar stenosis/Findings] Measured in the axial plane.
b19 Heading 2 [Lumbar stenosis] References
b20 Reference [Lumbar stenosis/References] Li A. Spine. 2020.
f1 caption b4 mentions [b2 b16] media 1 panels []
f2 caption b16 mentions [] media 1 panels []";

#[test]
fn markdown() {
    let read = ingest(&MarkdownReader, &["notes.md", PICTURES[0], PICTURES[1]]);
    assert_eq!(show(&read), MARKDOWN);
    let [Record::Document(document)] = read.records.as_slice() else {
        panic!("one document")
    };
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/made/notes.md"));
    let text = text.expect("a made file");
    for (block, word) in [
        (2, "Stenosis at"),
        (3, "## Pictures"),
        (4, "*Figure 1."),
        (6, "- first"),
    ] {
        let path = document.blocks[block - 1].path.as_deref().expect("a path");
        let line: usize = path
            .strip_prefix("line ")
            .and_then(|n| n.parse().ok())
            .expect(path);
        assert!(
            text.lines()
                .nth(line - 1)
                .is_some_and(|l| l.starts_with(word)),
            "{path} {word}"
        );
    }
}

const MARKDOWN: &str = "\
made/notes | Lumbar notes | 10.5555/made.notes | CC-BY-4.0
b1 Heading 1 [] Lumbar notes
b2 Paragraph [Lumbar notes] Stenosis at L4/L5 is shown in Figure 1, loads reach 10³ newtons.¹
b3 Heading 2 [Lumbar notes] Pictures
b4 Caption [Lumbar notes/Pictures] Figure 1. The disc of L4/L5.
b5 Caption [Lumbar notes/Pictures] Figure 2. The canal from above.
b6 List [Lumbar notes/Pictures] first
b7 List [Lumbar notes/Pictures] second
b8 List [Lumbar notes/Pictures] nested
b9 Table [Lumbar notes/Pictures] Level | Grade // L4/L5 | severe
b10 Equation [Lumbar notes/Pictures] S = F/A
b11 List [Lumbar notes/Pictures] Stenosis: narrowing of a canal
b12 Caption [Lumbar notes/Pictures] Figure 3. Raw HTML.
b13 Footnote [Lumbar notes/Pictures] Measured while standing.
b14 Heading 2 [Lumbar notes] References
b15 Reference [Lumbar notes/References] Li A. Spine. 2020.
f1 caption b4 mentions [] media 1 panels []
f2 caption b5 mentions [] media 1 panels []
f3 caption b12 mentions [] media 1 panels []";

#[test]
fn epub() {
    assert_eq!(show(&ingest(&EpubReader, &["book.epub"])), EPUB);
}

const EPUB: &str = "\
made/book | A Small Book of the Spine | 10.5555/made.book | CC-BY-4.0
b1 Heading 2 [Part I: Anatomy] p.12 Segments
b2 Paragraph [Part I: Anatomy/Segments] p.12 A segment has two vertebrae; Figure 2 shows one that is ill.¹ -> f2
b3 Caption [Part I: Anatomy/Segments] p.12 Figure 1. A healthy segment.
b4 Footnote [Part I: Anatomy/Segments] p.12 Of the lumbar spine.
b5 Heading 1 [] p.12 Stenosis
b6 Paragraph [Stenosis] p.13 Compare Figure 1. -> f1
b7 Caption [Stenosis] p.13 Figure 2. Severe stenosis at L4/L5.
b8 Table [Stenosis] p.13 L4/L5 | severe
b9 Paragraph [Stenosis] p.13 The chapter goes on & is not well-formed.
f1 caption b3 mentions [b6] media 1 panels []
f2 caption b7 mentions [b2] media 1 panels []
! OEBPS/text/three.xhtml, line 2, column 24: not well-formed XML: malformed entity reference; read as HTML";

#[test]
fn what_is_no_book_is_refused_with_its_cause() {
    let check = |name: &str, place: &str, cause: &str| {
        let read = ingest(&EpubReader, &[name]);
        let [problem] = read.rejected.as_slice() else {
            panic!("{name}: {read:?}")
        };
        assert_eq!(problem.place, place, "{problem:?}");
        assert!(problem.reason.contains(cause), "{problem:?}");
    };
    check("locked.epub", "META-INF/encryption.xml", "encrypted");
    check("leading-out.epub", "file", "leads out of the archive");
    check(
        "bomb.epub",
        "META-INF/container.xml",
        "more than the limits",
    );
}
