//! Readers of documents, datasets and question banks, and what is made of their records.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dicom_object::DefaultDicomObject;
use spinemed_core::outcome::Outcome;
use spinemed_core::seam::{
    Ingested, PagePicture, PageReader, PageWord, Reading, Record, Stage, Tree,
};
use spinemed_core::source::Manifest;
use spinemed_curate::CurateSettings;
use spinemed_dicom::series::{MAX_KEYS, adapted_limit, assemble, choose};
use spinemed_dicom::{Setting, decode_native, picture};
use spinemed_pairing::{Job, Pairing};
use spinemed_release::MemoryFolder;

/// Reads a PDF file, its scanned pages with an engine that answers anything.
pub fn pdf(data: &[u8]) {
    one_document("pdf", "a.pdf", data);
}

/// Answers words made from the picture and the file, some of them outside of the picture.
struct Babble(u64);

impl PageReader for Babble {
    fn identity(&self) -> String {
        "babble".to_owned()
    }

    fn words(&self, page: &PagePicture<'_>) -> Result<Vec<PageWord>, String> {
        const WORDS: [&str; 8] = [
            "Figure 1.",
            "L4/L5",
            "\u{690e}\u{95f4}",
            "-",
            "",
            "g",
            "Table 2",
            "nar-",
        ];
        let dark = page.pixels.iter().filter(|p| **p < 128).count() as u64;
        let mut state = self.0 ^ dark;
        let mut next = |most: u32| {
            // Knuth's constants for a linear congruential generator (TAOCP 2, 3.3.4).
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32 % most.max(1)
        };
        if next(9) == 0 {
            return Err("no answer".to_owned());
        }
        let word = |_| {
            let (x, y) = (next(page.width + 50), next(page.height + 50));
            PageWord {
                text: WORDS[next(8) as usize].to_owned(),
                region: [
                    x,
                    y,
                    x + next(300),
                    y.saturating_add(next(60)).saturating_sub(3),
                ],
                confidence: f64::from(next(120)) / 100.0,
                line: [next(3), next(3), next(6)],
            }
        };
        Ok((0..60).map(word).collect())
    }
}

/// Reads an article in JATS XML.
pub fn jats(data: &[u8]) {
    one_document("jats", "a.xml", data);
}

/// Reads a module of a textbook in CNXML.
pub fn cnxml(data: &[u8]) {
    one_document("cnxml", "a.cnxml", data);
}

/// Reads a book in EPUB.
pub fn epub(data: &[u8]) {
    one_document("epub", "a.epub", data);
}

/// Reads a page in HTML.
pub fn html(data: &[u8]) {
    one_document("html", "a.html", data);
}

/// Reads a text in Markdown.
pub fn markdown(data: &[u8]) {
    one_document("markdown", "a.md", data);
}

/// Reads a question bank in JSON Lines.
pub fn bank_jsonl(data: &[u8]) {
    understand("question-bank", &[("a.jsonl", data)]);
}

/// Reads a question bank in CSV.
pub fn bank_csv(data: &[u8]) {
    understand("question-bank", &[("a.csv", data)]);
}

/// Reads a hospital case in `case.json`.
pub fn case(data: &[u8]) {
    one_case("case.json", data);
}

/// Reads a hospital case in a FHIR bundle.
pub fn fhir(data: &[u8]) {
    one_case("0123456789abcdef.fhir.json", data);
}

/// A case that was read is written and reads as itself; what was left out has a place.
fn one_case(name: &str, data: &[u8]) {
    let folder = |name: &str, data: &[u8]| {
        let name = format!("case-0123456789ab/{name}");
        MemoryFolder::of(BTreeMap::from([(name, data.to_vec())]))
    };
    let read = spinemed_cases::read(&folder(name, data));
    for problem in &read.problems {
        assert!(problem.place.at.line > 0 && problem.file.ends_with(name));
    }
    let Ok((case, _)) = read.case else { return };
    let written = serde_json::to_vec(&case).expect("cases serialise");
    let again = spinemed_cases::read(&folder("case.json", &written));
    let (again, _) = again.case.expect("a case that was read is a case");
    assert!(again == case, "a case reads as another");
}

/// Reads the three tables of a dataset in the RSNA 2024 lumbar layout. A line `=====` ends a
/// table.
pub fn rsna2024(data: &[u8]) {
    const END: &[u8] = b"=====\n";
    let mut parts = Vec::new();
    let mut rest = data;
    while let Some(at) = rest.windows(END.len()).position(|window| window == END) {
        parts.push(&rest[..at]);
        rest = &rest[at + END.len()..];
    }
    parts.push(rest);
    let names = [
        "train.csv",
        "train_label_coordinates.csv",
        "train_series_descriptions.csv",
    ];
    let files: Vec<(&str, &[u8])> = names.into_iter().zip(parts).collect();
    understand("rsna2024-lumbar", &files);
}

/// Reads one DICOM file, alone and as the picture of a study.
pub fn dicom(data: &[u8]) {
    if let Ok(object) = spinemed_dicom::read(data) {
        samples(&object);
    }
    let labels = b"study_id,spinal_canal_stenosis_l4_l5\n1,Severe\n";
    let places = b"study_id,series_id,instance_number,condition,level,x,y\n1,2,3,Spinal Canal Stenosis,L4/L5,10,10\n";
    let series = b"study_id,series_id,series_description\n1,2,Sagittal T2/STIR\n";
    understand(
        "rsna2024-lumbar",
        &[
            ("train.csv", labels),
            ("train_images/1/2/3.dcm", data),
            ("train_label_coordinates.csv", places),
            ("train_series_descriptions.csv", series),
        ],
    );
}

/// What is decoded has the size that is stated of it, and what is chosen keeps to its limit.
fn samples(object: &DefaultDicomObject) {
    if let Ok(native) = decode_native(object) {
        let pixels = native.rows as usize * native.columns as usize * native.frames as usize;
        let bytes = usize::from(native.samples) * usize::from(native.bits_allocated / 8);
        assert_eq!(native.data.len(), pixels * bytes, "frames of another size");
    }
    if let Ok(picture) = picture(object, 1, Setting::Bone) {
        let pixels = picture.grey.width as usize * picture.grey.height as usize;
        assert_eq!(
            picture.grey.pixels.len(),
            pixels,
            "a picture of another size"
        );
    }
    let series = assemble(&[object]).series;
    let limit = adapted_limit(&series);
    assert!(choose(&series, &[], limit).len() <= limit.min(MAX_KEYS));
}

/// One file is one document, or one rejection (I2).
fn one_document(format: &str, name: &str, data: &[u8]) {
    let read = understand(format, &[(name, data)]);
    assert_eq!(
        read.records.len() + read.rejected.len(),
        1,
        "one file is one outcome"
    );
}

/// Reads files, checks what every reader promises, and takes the records on to packs.
fn understand(format: &str, files: &[(&str, &[u8])]) -> Ingested {
    let manifest = manifest(format);
    let files: BTreeMap<String, Vec<u8>> = files
        .iter()
        .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
        .collect();
    let tree = MemoryFolder::of(files);
    let sum = files_sum(&tree);
    let reading = spinemed_run::Here {
        pages: Some(Arc::new(Babble(sum))),
        ..spinemed_run::Here::default()
    };
    let read = reading.ingest(&manifest, &tree);
    for problem in read.rejected.iter().chain(&read.problems) {
        assert!(
            !problem.reason.is_empty(),
            "a problem without a reason: {problem:?}"
        );
    }
    let media: BTreeSet<_> = read
        .media
        .iter()
        .map(|media| media.reference.sha256)
        .collect();
    for record in &read.records {
        promises(record, &media);
        packs(record, &manifest);
    }
    read
}

/// A number that changes with the files' bytes.
fn files_sum(tree: &dyn Tree) -> u64 {
    let names = tree.names();
    let bytes = names.iter().filter_map(|name| tree.read(name).ok());
    bytes.flat_map(|b| b.to_vec()).fold(7, |sum: u64, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    })
}

/// What holds for every record: names are unique, and what is named is there.
fn promises(record: &Record, media: &BTreeSet<spinemed_core::Digest>) {
    match record {
        Record::Document(document) => {
            let ids: BTreeSet<&str> = document.blocks.iter().map(|b| b.id.as_str()).collect();
            assert_eq!(ids.len(), document.blocks.len(), "two blocks share an id");
            for block in &document.blocks {
                for word in &block.scanned {
                    let [start, end] = word.range;
                    assert!(
                        block.text.get(start..end).is_some(),
                        "a word outside of its block"
                    );
                }
            }
            for figure in &document.figures {
                let named = figure.caption.iter().chain(&figure.mentions);
                named.for_each(|id| assert!(ids.contains(id.as_str()), "no block `{id}`"));
                let shown = figure.media.iter();
                shown.for_each(|m| assert!(media.contains(&m.sha256), "a picture is missing"));
            }
        }
        Record::Study(study) => {
            let ids: BTreeSet<&str> = study.labels.iter().map(|l| l.id.as_str()).collect();
            assert_eq!(ids.len(), study.labels.len(), "two labels share an id");
            for finding in &study.findings {
                assert!(
                    ids.contains(finding.span.as_str()),
                    "no label `{}`",
                    finding.span
                );
            }
            for image in &study.images {
                assert!(media.contains(&image.media.sha256), "a picture is missing");
            }
        }
        Record::Case(case) => {
            let ids: BTreeSet<&str> = case.labels.iter().map(|l| l.id.as_str()).collect();
            assert_eq!(ids.len(), case.labels.len(), "two labels share an id");
            for finding in &case.findings {
                let span = finding.span.as_str();
                assert!(ids.contains(span), "no label `{span}`");
            }
        }
        Record::Question(question) => {
            if let Some(correct) = question.correct {
                assert!(
                    correct < question.options.len(),
                    "the right option is none of them"
                );
            }
        }
    }
    let json = serde_json::to_vec(record).expect("records serialise");
    serde_json::from_slice::<Record>(&json).expect("a kept record reads back");
}

/// Pairing and curation, whose inputs are whatever a reader made.
fn packs(record: &Record, manifest: &Manifest) {
    let job = Job {
        record: record.clone(),
        manifest: manifest.clone(),
    };
    let Outcome::Kept(packs) = Pairing::default().run(&job) else {
        return;
    };
    for pack in packs {
        let spans: BTreeSet<&str> = pack.spans.iter().map(|span| span.id.as_str()).collect();
        assert_eq!(
            spans.len(),
            pack.spans.len(),
            "two spans of `{}` share an id",
            pack.key
        );
        for fact in &pack.facts {
            assert!(
                spans.contains(fact.span.as_str()),
                "no span `{}`",
                fact.span
            );
        }
        let _ = spinemed_curate::summarise(&pack, &CurateSettings::default());
    }
}

fn manifest(format: &str) -> Manifest {
    let labels = if format == "rsna2024-lumbar" {
        "[labels]\nversion = \"1\"\nlevel_certainty = \"annotated\"\nnumbering_method = \"reporter\"\n"
    } else {
        ""
    };
    let text = format!(
        "id = \"fuzz\"\ntitle = \"t\"\nformat = \"{format}\"\nlanguage = \"en\"\n\
         licence = \"CC0-1.0\"\nredistribution = \"full\"\negress = \"any\"\nsubjects = \"none\"\n\
         citation = \"c\"\n{labels}"
    );
    spinemed_run::settings::parse(&text).expect("the manifest is well formed")
}
