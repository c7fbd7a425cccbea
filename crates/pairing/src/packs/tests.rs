//! Packs of whole records, through the stage.

use proptest::prelude::*;
use spinemed_core::digest::Digest;
use spinemed_core::document::{Block, BlockKind, Document, Figure};
use spinemed_core::ids::{DocumentId, SourceId};
use spinemed_core::licence::Licence;
use spinemed_core::locator::{FileRef, Locator};
use spinemed_core::media::MediaRef;
use spinemed_core::outcome::Outcome;
use spinemed_core::pack::{EvidencePack, PackKind, SpanRole};
use spinemed_core::question::Question;
use spinemed_core::seam::{Record, Stage};
use spinemed_core::source::{Format, Manifest};
use spinemed_core::study::{Label, Study, StudyImage};
use spinemed_core::vocabulary::{Egress, Language, Modality, Redistribution, Subjects};

use crate::document::tests::{block, document, figure};
use crate::{Job, Pairing};

fn manifest() -> Manifest {
    Manifest {
        id: SourceId::new("src").unwrap(),
        title: "A source".to_owned(),
        format: Format::Jats,
        language: Language::En,
        licence: Licence::new("CC-BY-4.0").unwrap(),
        redistribution: Redistribution::Full,
        egress: Egress::Any,
        subjects: Subjects::None,
        privacy_basis: None,
        deidentify: spinemed_core::profile::Profile::default(),
        citation: "Source, 2020.".to_owned(),
        doi: None,
        homepage: None,
        root: ".".to_owned(),
        include: Vec::new(),
        exclude: Vec::new(),
        files: std::collections::BTreeMap::new(),
        labels: None,
    }
}

fn run(record: Record) -> Outcome<EvidencePack> {
    Pairing::default().run(&Job {
        record,
        manifest: manifest(),
    })
}

fn kept(record: Record) -> Vec<EvidencePack> {
    match run(record) {
        Outcome::Kept(packs) => packs,
        other => panic!("kept, not {other:?}"),
    }
}

fn code(record: Record) -> &'static str {
    match run(record) {
        Outcome::Dropped(reason) => reason.code(),
        other => panic!("dropped, not {other:?}"),
    }
}

fn inside(section: &[&str], kind: BlockKind, text: &str) -> Block {
    let section = section.iter().map(|&title| title.to_owned()).collect();
    Block {
        section,
        ..block(kind, text)
    }
}

fn media(bytes: &[u8]) -> MediaRef {
    MediaRef {
        sha256: Digest::of(bytes),
        media_type: "image/png".to_owned(),
        width: 4,
        height: 4,
        transform: "original".to_owned(),
    }
}

fn article() -> Document {
    let mut table = inside(&["Results"], BlockKind::Table, "Level Grade L4/L5 II");
    table.cells = vec![
        vec!["Level".into(), "Grade".into()],
        vec!["L4/L5".into(), "II".into()],
    ];
    let mut shown = figure(None, None);
    shown.caption = Some("b4".to_owned());
    shown.media = vec![media(b"picture")];
    document(
        vec![
            inside(
                &["Methods"],
                BlockKind::Paragraph,
                "Disc herniation at L4/L5 was operated on.",
            ),
            inside(&["Methods"], BlockKind::Paragraph, &"word ".repeat(290)),
            inside(
                &["Results"],
                BlockKind::Paragraph,
                "The L4/L5 disc is narrow (Fig. 1, Table 1).",
            ),
            inside(
                &["Results"],
                BlockKind::Caption,
                "Figure 1. Sagittal T2 MRI of L4/L5.",
            ),
            inside(&["Results"], BlockKind::Caption, "Table 1. Grades"),
            table,
            inside(&["References"], BlockKind::Paragraph, "Smith J. 2019."),
            inside(&["References"], BlockKind::Reference, "Jones J. 2018."),
        ],
        vec![shown],
    )
}

fn keys(packs: &[EvidencePack]) -> Vec<&str> {
    packs.iter().map(|pack| pack.key.as_str()).collect()
}

#[test]
fn a_document_becomes_figures_tables_and_passages() {
    let packs = kept(Record::Document(article()));
    assert_eq!(
        keys(&packs),
        [
            "src/doc/fig-1",
            "src/doc/table-1",
            "src/doc/sec-methods-p1",
            "src/doc/sec-methods-p2",
            "src/doc/sec-results-p1"
        ]
    );
    let figure = &packs[0];
    assert_eq!(figure.kind, PackKind::Figure);
    assert_eq!(figure.group.as_str(), "src:doc");
    let roles: Vec<SpanRole> = figure.spans.iter().map(|s| s.role).collect();
    assert_eq!(roles, [SpanRole::Caption, SpanRole::Mention]);
    assert_eq!(figure.spans[1].place.block.as_deref(), Some("b3"));
    assert_eq!(figure.spans[1].place.range, Some([0, 43]));
    assert_eq!(figure.images[0].spans, ["s1", "s2"]);
    assert_eq!(figure.title.as_deref(), Some("Figure 1"));
    assert!(figure.levels.iter().any(|l| l.level.to_string() == "L4/L5"));
    let table = &packs[1];
    assert_eq!(table.spans[1].text, "Level | Grade\nL4/L5 | II");
    assert_eq!(table.spans[2].role, SpanRole::Mention);
}

#[test]
fn a_figure_without_words_makes_no_pack_and_one_without_a_picture_does() {
    let mut logo = figure(None, None);
    logo.media = vec![media(b"logo")];
    assert_eq!(
        code(Record::Document(document(vec![], vec![logo]))),
        "no-evidence"
    );
    let caption = block(BlockKind::Caption, "Figure 2. Axial image.");
    let packs = kept(Record::Document(document(vec![caption], vec![])));
    assert_eq!(
        (keys(&packs), packs[0].modality),
        (vec!["src/doc/fig-2"], Modality::Text)
    );
}

#[test]
fn the_strictest_terms_hold() {
    let mut document = article();
    document.licence = Some(Licence::new("CC-BY-NC-4.0").unwrap());
    let packs = kept(Record::Document(document.clone()));
    assert_eq!(
        packs[0].terms.licence.as_str(),
        "(CC-BY-4.0) AND (CC-BY-NC-4.0)"
    );
    document.licence = Some(Licence::new("CC-BY-NC-ND-4.0").unwrap());
    assert_eq!(code(Record::Document(document)), "licence");
}

#[test]
fn front_matter_of_pages_is_left_out() {
    let mut document = document(
        vec![
            block(BlockKind::Paragraph, "J. Smith, Department of Orthopaedics"),
            block(BlockKind::Heading, "1. Introduction"),
            inside(
                &["1. Introduction"],
                BlockKind::Paragraph,
                "The spine bears the trunk.",
            ),
        ],
        vec![],
    );
    document.pages = 2;
    let packs = kept(Record::Document(document));
    assert_eq!(keys(&packs), ["src/doc/sec-1-introduction-p1"]);
}

fn place() -> Locator {
    Locator::of_file(FileRef {
        path: "bank.jsonl".to_owned(),
        sha256: Digest::of(b"bank"),
    })
}

fn question() -> Question {
    Question {
        id: DocumentId::new("src/q7"),
        group: None,
        language: Language::En,
        stem: "Which nerve root does a paracentral L4/L5 herniation compress?".to_owned(),
        options: vec!["The C8 root".to_owned(), "The L5 root".to_owned()],
        correct: Some(1),
        answer: "The L5 root".to_owned(),
        explanation: Some("The traversing root is compressed.".to_owned()),
        topic: Some("Lumbar disc".to_owned()),
        place: place(),
    }
}

#[test]
fn a_question_is_one_span_and_wrong_options_say_nothing() {
    let packs = kept(Record::Question(question()));
    assert_eq!(keys(&packs), ["src/q7/question"]);
    assert_eq!(packs[0].group.as_str(), "src:q7");
    assert_eq!(packs[0].spans[0].text.lines().count(), 4);
    assert!(
        packs[0]
            .levels
            .iter()
            .all(|l| l.level.to_string() != "C8 root")
    );
    let length = packs[0].spans[0].text.chars().count();
    assert!(
        packs[0]
            .facts
            .iter()
            .all(|f| f.range.is_some_and(|r| r[1] <= length))
    );
    let grouped = Question {
        group: Some("g1".to_owned()),
        ..question()
    };
    assert_eq!(kept(Record::Question(grouped))[0].group.as_str(), "src:g1");
    let empty = Question {
        answer: " ".to_owned(),
        ..question()
    };
    assert_eq!(code(Record::Question(empty)), "no-evidence");
}

#[test]
fn a_study_keeps_its_labels_and_marks() {
    let study = Study {
        id: DocumentId::new("src/s1"),
        patient: "p1".to_owned(),
        modality: Modality::Mr,
        findings: Vec::new(),
        labels: vec![Label {
            id: "l1".to_owned(),
            text: "a = Severe".to_owned(),
            place: place(),
        }],
        missing: vec!["b".to_owned()],
        images: vec![StudyImage {
            media: media(b"slice"),
            series_description: None,
            place: place(),
            shows: vec!["l1".to_owned()],
        }],
    };
    let packs = kept(Record::Study(study.clone()));
    assert_eq!(
        (packs[0].key.as_str(), packs[0].group.as_str()),
        ("src/s1/study", "src:p1")
    );
    assert_eq!(
        (packs[0].spans[0].id.as_str(), packs[0].spans[0].role),
        ("l1", SpanRole::Label)
    );
    assert_eq!(packs[0].images[0].spans, ["l1"]);
    assert_eq!(packs[0].images[0].modality, Modality::Mr);
    let bare = Study {
        labels: Vec::new(),
        images: Vec::new(),
        ..study
    };
    assert_eq!(code(Record::Study(bare)), "no-evidence");
}

#[test]
fn abbreviations_are_explained_by_the_sentence_that_defines_them() {
    let first = "It was easy. Both anterior decompression and fusion (ADF) and laminoplasty \
                 (LAMP) are used.[1] The end.";
    let blocks = vec![
        inside(&["Abstract"], BlockKind::Paragraph, first),
        inside(
            &["Methods"],
            BlockKind::Paragraph,
            "We compared ADF with LAMP.",
        ),
        inside(
            &["Results"],
            BlockKind::Paragraph,
            "After anterior decompression and fusion (ADF) the pain at L4/L5 was less.",
        ),
        inside(
            &["Discussion"],
            BlockKind::Paragraph,
            "A TLIF is another operation.",
        ),
    ];
    let packs = kept(Record::Document(document(blocks, vec![])));
    let explained: Vec<usize> = packs
        .iter()
        .map(|pack| {
            let definitions = pack.spans.iter();
            definitions
                .filter(|s| s.role == SpanRole::Definition)
                .count()
        })
        .collect();
    assert_eq!(explained, [0, 1, 0, 0]);
    let span = &packs[1].spans[1];
    assert_eq!(span.id, "s2");
    assert_eq!(span.place.block.as_deref(), Some("b1"));
    let [start, end] = span.place.range.unwrap();
    let words: String = first.chars().skip(start).take(end - start).collect();
    assert_eq!(words, span.text);
    assert_eq!(
        span.text,
        "Both anterior decompression and fusion (ADF) and laminoplasty (LAMP) are used.[1]"
    );
    assert!(packs[1].facts.is_empty() && packs[1].levels.is_empty());
}

proptest! {
    /// Changing one word changes only packs that quote it, and no key.
    #[test]
    fn one_word_moves_nothing_else(
        lengths in proptest::collection::vec((0usize..3, 20usize..200), 1..12), pick in 0usize..12,
    ) {
        let blocks: Vec<Block> = lengths.iter().enumerate().map(|(at, (section, words))| {
            let text: Vec<String> = (0..*words).map(|w| format!("w{at}x{w}")).collect();
            inside(&[["One", "Two", "Three"][*section]], BlockKind::Paragraph, &text.join(" "))
        }).collect();
        let pick = pick % blocks.len();
        let mut changed = blocks.clone();
        changed[pick].text = changed[pick].text.replacen(&format!("w{pick}x3 "), "considerably-longer ", 1);
        prop_assert!(changed[pick].text != blocks[pick].text);
        let before = kept(Record::Document(document(blocks, Vec::<Figure>::new())));
        let after = kept(Record::Document(document(changed, Vec::<Figure>::new())));
        prop_assert_eq!(keys(&before), keys(&after));
        let id = format!("b{}", pick + 1);
        for (old, new) in before.iter().zip(&after) {
            let quotes = old.spans.iter().any(|s| s.place.block.as_ref() == Some(&id));
            prop_assert_eq!(old == new, !quotes);
        }
    }
}
