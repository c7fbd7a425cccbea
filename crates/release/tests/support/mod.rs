//! A made-up corpus for tests and examples: three sources of different terms, four kinds,
//! two languages, pictures that repeat.
#![allow(dead_code, reason = "each test and example uses its own part")]

use std::collections::BTreeMap;
use std::io::Cursor;

use spinemed_core::instance::{
    CheckResult, Claim, Evidence, Instance, InstanceImage, Item, Message, Origin, Part,
    ReportSections, Role, Turn,
};
use spinemed_core::licence::{Licence, Terms};
use spinemed_core::locator::{FileRef, Locator};
use spinemed_core::media::Media;
use spinemed_core::pack::PackLevel;
use spinemed_core::vocabulary::{
    Egress, Kind, Language, LevelCertainty, Modality, NumberingMethod, Redistribution, Split,
    Subjects,
};
use spinemed_core::{Digest, DocumentId, DropReason, GroupKey, PackKey, RecordKey, SourceId};
use spinemed_release::{
    Absent, Balance, Cost, Folder, Inputs, MemoryFolder, ReleaseError, ReleasePlan, ReleaseSummary,
    SourceTerms, StageBalance, TraceStep, write,
};

/// Instances in order of their keys, and their pictures.
pub struct Corpus {
    pub instances: Vec<Instance>,
    pub media: BTreeMap<Digest, Vec<u8>>,
}

/// How large a corpus is.
pub struct Size {
    /// Documents per source.
    pub documents: usize,
    /// Packs per document; each shows its document's one picture.
    pub packs: usize,
    /// A picture's width and height in pixels.
    pub pixels: u32,
}

pub const TINY: Size = Size {
    documents: 6,
    packs: 2,
    pixels: 24,
};

const SOURCES: [(&str, &str, Redistribution); 3] = [
    ("articles", "CC-BY-4.0", Redistribution::Full),
    ("atlas", "CC-BY-NC-SA-4.0", Redistribution::DerivedOnly),
    ("hospital", "LicenseRef-agreement", Redistribution::None),
];

/// Makes a corpus.
pub fn corpus(size: &Size) -> Corpus {
    let mut instances = Vec::new();
    let mut media = BTreeMap::new();
    for (source, licence, redistribution) in SOURCES {
        let terms = Terms {
            licence: Licence::new(licence).expect("SPDX"),
            redistribution,
            egress: Egress::Any,
        };
        for document in 0..size.documents {
            let picture = picture(&format!("{source}{document}"), size.pixels);
            for pack in 0..size.packs {
                for kind in Kind::ALL {
                    let place = Place {
                        source,
                        document,
                        pack,
                        kind: *kind,
                    };
                    instances.push(instance(&place, &terms, &picture));
                }
            }
            media.insert(picture.reference.sha256, picture.bytes);
        }
    }
    instances.sort_by(|a, b| a.key.cmp(&b.key));
    Corpus { instances, media }
}

struct Place {
    source: &'static str,
    document: usize,
    pack: usize,
    kind: Kind,
}

/// A picture that differs from name to name.
fn picture(name: &str, pixels: u32) -> Media {
    let seed = *Digest::of(name.as_bytes())
        .as_bytes()
        .first_chunk()
        .expect("32 bytes");
    let mut state = u64::from_be_bytes(seed) | 1;
    let image = image::RgbImage::from_fn(pixels, pixels, |_, _| {
        // Noise (xorshift), so that no compressor can hide what is stored twice.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let [r, g, b, ..] = state.to_le_bytes();
        image::Rgb([r, g, b])
    });
    let mut bytes = Cursor::new(Vec::new());
    image
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("writing to memory");
    Media::new(
        bytes.into_inner(),
        "image/png",
        (pixels, pixels),
        "original",
    )
}

fn instance(place: &Place, terms: &Terms, picture: &Media) -> Instance {
    let Place {
        source,
        document,
        pack,
        kind,
    } = place;
    let language = if document % 2 == 0 {
        Language::En
    } else {
        Language::Zh
    };
    let document_id = format!("{source}/doc{document}");
    let pack_key = format!("{document_id}/f{pack}");
    let file = FileRef {
        path: format!("doc{document}.pdf"),
        sha256: Digest::of(document_id.as_bytes()),
    };
    let (item, messages) = content(*kind, language, &pack_key);
    let shown = match kind {
        Kind::OpenQa => Vec::new(),
        _ => vec![InstanceImage {
            media: picture.reference.clone(),
            place: Locator {
                page: Some(2),
                ..Locator::of_file(file.clone())
            },
            modality: Modality::Mr,
        }],
    };
    Instance {
        v: Instance::VERSION,
        key: RecordKey::new(format!("{pack_key}#{kind}.{language}.0")),
        kind: *kind,
        language,
        item,
        messages: with_picture(messages, !shown.is_empty()),
        modality: if shown.is_empty() {
            Modality::Text
        } else {
            Modality::Mr
        },
        images: shown,
        levels: vec![PackLevel {
            level: "L4/L5".parse().expect("a level"),
            certainty: LevelCertainty::Stated,
            numbering_method: NumberingMethod::Reporter,
        }],
        condition: (pack % 2 == 0).then(|| "spinal-canal-stenosis".to_owned()),
        claims: vec![Claim {
            text: "moderate stenosis".to_owned(),
            spans: vec!["s1".to_owned()],
            facts: vec![0],
        }],
        evidence: vec![
            Evidence {
                span: "s1".to_owned(),
                place: Locator {
                    block: Some("b7".to_owned()),
                    page: Some(2),
                    bbox: Some([54.1, 72.000_000_000_000_01, 288.3 + *pack as f64, 0.1 + 0.2]),
                    range: Some([0, 41]),
                    ..Locator::of_file(file.clone())
                },
                quote: "Moderate canal stenosis is seen at L4/L5.".to_owned(),
            },
            Evidence {
                span: "s2".to_owned(),
                place: Locator {
                    row: Some(3),
                    column: Some("l4_l5".to_owned()),
                    study: Some("1".to_owned()),
                    ..Locator::of_file(file)
                },
                quote: "l4_l5 = Moderate".to_owned(),
            },
        ],
        source: SourceId::new(source).expect("a source id"),
        document: DocumentId::new(document_id.clone()),
        pack: PackKey::new(pack_key.clone()),
        terms: terms.clone(),
        group: GroupKey::new(format!("{source}:doc{document}")),
        split: Split::ALL[document % 3],
        origin: Origin {
            pack: Digest::of(pack_key.as_bytes()),
            draft: Digest::of(format!("draft {pack_key} {kind}").as_bytes()),
            revision: Digest::of(format!("revision {pack_key} {kind}").as_bytes()),
            generator: "rules/1".to_owned(),
        },
        checks: vec![CheckResult {
            check: "schema".to_owned(),
            version: 1,
            passed: true,
            detail: String::new(),
        }],
    }
}

fn content(kind: Kind, language: Language, name: &str) -> (Item, Vec<(Role, String)>) {
    let (question, answer) = match language {
        Language::En => (
            "How severe is the canal stenosis at L4/L5",
            "It is moderate.",
        ),
        Language::Zh => ("腰4/5水平椎管狭窄的程度如何", "中度狭窄。"),
    };
    let question = format!("{question} ({name})?");
    let turns = vec![
        (Role::User, question.clone()),
        (Role::Assistant, answer.to_owned()),
    ];
    let item = match kind {
        Kind::Mcq => Item::Mcq {
            stem: question,
            options: ["Normal", "Mild", "Moderate", "Severe"]
                .map(str::to_owned)
                .to_vec(),
            correct: 2,
            explanation: answer.to_owned(),
        },
        Kind::OpenQa => Item::OpenQa {
            question,
            answer: answer.to_owned(),
        },
        Kind::Consultation => Item::Consultation {
            turns: turns
                .iter()
                .map(|(role, text)| Turn {
                    role: *role,
                    text: text.clone(),
                })
                .collect(),
        },
        Kind::Report => Item::Report {
            request: question,
            sections: Box::new(ReportSections {
                imaging_findings: answer.to_owned(),
                diagnosis: "Lumbar spinal stenosis.".to_owned(),
                treatment_patient: "Not stated.".to_owned(),
                treatment_clinician: "Not stated.".to_owned(),
                risk_prognosis: "Not stated.".to_owned(),
                postoperative: "Not stated.".to_owned(),
                basis: "The caption. Not for clinical use.".to_owned(),
            }),
        },
    };
    (item, turns)
}

fn with_picture(turns: Vec<(Role, String)>, shown: bool) -> Vec<Message> {
    let message = |(position, (role, text)): (usize, (Role, String))| {
        let mut content = vec![Part::Text { text }];
        if shown && position == 0 {
            content.insert(0, Part::Image);
        }
        Message { role, content }
    };
    turns.into_iter().enumerate().map(message).collect()
}

/// The plan of a corpus's release.
pub fn plan() -> ReleasePlan {
    let source = |(id, licence, redistribution): (&str, &str, Redistribution)| SourceTerms {
        id: SourceId::new(id).expect("a source id"),
        title: format!("The {id}"),
        licence: Licence::new(licence).expect("SPDX"),
        redistribution,
        egress: Egress::Any,
        subjects: Subjects::None,
        privacy_basis: None,
        citation: format!("A. Author: The {id}. 2024."),
        doi: Some("10.1000/182".to_owned()),
        homepage: None,
    };
    let stage = |name: &str, input, passed, emitted| StageBalance {
        name: name.to_owned(),
        input,
        passed,
        rejected: input - passed,
        emitted,
        ..StageBalance::default()
    };
    ReleasePlan {
        name: "tiny".to_owned(),
        version: "1.0.0".to_owned(),
        title: "A tiny release: made up".to_owned(),
        description: "Nothing in it is real.".to_owned(),
        tool: "spinemed 0.1.0".to_owned(),
        sources: SOURCES.map(source).to_vec(),
        balance: Balance {
            stages: vec![stage("ingest", 20, 18, 36), stage("draft", 36, 36, 36)],
            cost: Cost::default(),
        },
        extra: [("pipelines/tiny.toml".to_owned(), b"[pipeline]\n".to_vec())].into(),
    }
}

/// The chain behind an instance.
pub fn steps(instance: &Instance) -> Vec<TraceStep> {
    let step = |name: &str, output: Digest| TraceStep {
        step: name.to_owned(),
        key: Digest::of(format!("{name} {}", instance.key).as_bytes()),
        output: Some(output),
        model: None,
        prompt: None,
    };
    vec![
        step("pair/1", instance.origin.pack),
        step("draft/1", instance.origin.draft),
        step("revise/1", instance.origin.revision),
    ]
}

/// A unit that a stage left out.
pub fn absent() -> Vec<Absent> {
    let reason = DropReason::Duplicate {
        winner: "articles/doc0/f0".to_owned(),
        rule: "exact text".to_owned(),
    };
    vec![
        Absent::new("articles/doc0/f9", "curate", &reason),
        Absent::new(
            "articles/doc1/f9",
            "curate",
            &DropReason::LowQuality {
                detail: "3 words".to_owned(),
            },
        ),
    ]
}

/// Writes a corpus.
pub fn release_into(
    plan: &ReleasePlan,
    corpus: &Corpus,
    folder: &mut dyn Folder,
) -> Result<ReleaseSummary, ReleaseError> {
    let inputs = Inputs {
        count: corpus.instances.len(),
        instance: &|position| Ok(corpus.instances[position].clone()),
        steps: &|instance| Ok(steps(instance)),
        media: &|digest| {
            corpus
                .media
                .get(digest)
                .cloned()
                .ok_or_else(|| "not kept".to_owned())
        },
        absent: absent(),
    };
    write(plan, inputs, folder)
}

/// Writes a corpus into memory.
pub fn release(plan: &ReleasePlan, corpus: &Corpus) -> (MemoryFolder, ReleaseSummary) {
    let mut folder = MemoryFolder::default();
    let summary = release_into(plan, corpus, &mut folder).expect("a release");
    (folder, summary)
}
