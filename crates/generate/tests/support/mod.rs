//! Packs for tests, built by hand.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "helpers of tests, each of which uses some of them"
)]

use spinemed_core::Digest;
use spinemed_core::clinical;
use spinemed_core::finding::{Finding, Grade};
use spinemed_core::ids::{DocumentId, GroupKey, PackKey, SourceId};
use spinemed_core::instance::{Draft, Revision, Task};
use spinemed_core::level::{self, Level};
use spinemed_core::licence::{Licence, Terms};
use spinemed_core::locator::{FileRef, Locator};
use spinemed_core::media::MediaRef;
use spinemed_core::outcome::{DropReason, Outcome};
use spinemed_core::pack::{
    EvidencePack, PackImage, PackKind, PackLevel, PackQuestion, Span, SpanRole,
};
use spinemed_core::seam::{Ask, Generator};
use spinemed_core::vocabulary::{
    Egress, Kind, Language, LevelCertainty, Modality, NumberingMethod, Redistribution, Side,
    Subjects,
};
use spinemed_generate::rules::Rules;

pub fn place() -> Locator {
    Locator::of_file(FileRef {
        path: "test".into(),
        sha256: Digest::of(b"test"),
    })
}

pub fn blank(name: &str, kind: PackKind, language: Language) -> EvidencePack {
    EvidencePack {
        key: PackKey::new(format!("test/{name}")),
        source: SourceId::new("test").unwrap(),
        document: DocumentId::new("test/document"),
        group: GroupKey::new("test:document"),
        kind,
        language,
        subjects: Subjects::None,
        terms: Terms {
            licence: Licence::new("CC0-1.0").unwrap(),
            redistribution: Redistribution::Full,
            egress: Egress::Any,
        },
        title: None,
        section: Vec::new(),
        spans: Vec::new(),
        images: Vec::new(),
        facts: Vec::new(),
        missing: Vec::new(),
        levels: Vec::new(),
        modality: Modality::Text,
        condition: None,
        question: None,
        chart: None,
        entities: Vec::new(),
        link: None,
    }
}

fn span(id: &str, role: SpanRole, text: &str) -> Span {
    Span {
        id: id.into(),
        role,
        text: text.into(),
        place: place(),
    }
}

fn image(name: &str, modality: Modality, title: &str, spans: &[String]) -> PackImage {
    PackImage {
        media: MediaRef {
            sha256: Digest::of(name.as_bytes()),
            media_type: "image/png".into(),
            width: 64,
            height: 64,
            transform: "drawn".into(),
        },
        place: place(),
        modality,
        title: Some(title.into()),
        spans: spans.to_vec(),
        panel: None,
    }
}

fn fill_levels(pack: &mut EvidencePack) {
    let mut levels: Vec<Level> = pack.facts.iter().filter_map(|fact| fact.level).collect();
    for span in &pack.spans {
        levels.extend(
            level::mentions(&span.text)
                .iter()
                .map(|mention| mention.level),
        );
    }
    levels.sort();
    levels.dedup();
    pack.levels = levels
        .into_iter()
        .map(|level| PackLevel {
            level,
            certainty: LevelCertainty::Stated,
            numbering_method: NumberingMethod::Reporter,
        })
        .collect();
}

/// A passage.
pub fn passage(name: &str, language: Language, text: &str) -> EvidencePack {
    let mut pack = blank(name, PackKind::Text, language);
    pack.spans.push(span("s1", SpanRole::Text, text));
    pack.facts = clinical::facts(text, "s1");
    fill_levels(&mut pack);
    pack
}

/// A figure of clinical imaging.
pub fn figure(name: &str, language: Language, modality: Modality, caption: &str) -> EvidencePack {
    let mut pack = blank(name, PackKind::Figure, language);
    pack.spans.push(span("s1", SpanRole::Caption, caption));
    pack.facts = clinical::facts(caption, "s1");
    pack.images
        .push(image(name, modality, "Figure 1", &["s1".to_owned()]));
    pack.modality = modality;
    fill_levels(&mut pack);
    pack
}

/// A bank's question.
pub fn question(
    language: Language,
    stem: &str,
    options: &[&str],
    correct: usize,
    why: &str,
) -> EvidencePack {
    let mut pack = blank("question", PackKind::Question, language);
    let mut lines = vec![stem];
    lines.extend(options);
    lines.push(why);
    pack.spans
        .push(span("s1", SpanRole::Question, &lines.join("\n")));
    pack.facts = clinical::facts(why, "s1");
    fill_levels(&mut pack);
    pack.question = Some(PackQuestion {
        stem: stem.into(),
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        correct: Some(correct),
        answer: options[correct].into(),
        explanation: Some(why.into()),
    });
    pack
}

/// A study in the RSNA 2024 layout: grades by column, blank where empty.
pub fn study(name: &str, cells: &[(&str, &str)]) -> EvidencePack {
    let mut pack = blank(name, PackKind::Study, Language::En);
    pack.modality = Modality::Mr;
    for (column, value) in cells {
        if value.is_empty() {
            pack.missing.push((*column).to_owned());
            continue;
        }
        let id = format!("l{}", pack.spans.len() + 1);
        pack.spans
            .push(span(&id, SpanRole::Label, &format!("{column} = {value}")));
        pack.facts.push(label(column, value, &id));
    }
    let of = |start: &str| -> Vec<String> {
        let spans = pack
            .spans
            .iter()
            .filter(|span| span.text.starts_with(start));
        spans.map(|span| span.id.clone()).collect()
    };
    let axial: Vec<String> = pack
        .spans
        .iter()
        .filter(|span| span.text.contains("subarticular_stenosis_l4_l5"))
        .map(|span| span.id.clone())
        .collect();
    pack.images = vec![
        image(
            "sagittal",
            Modality::Mr,
            "Sagittal T2/STIR",
            &of("spinal_canal"),
        ),
        image("axial", Modality::Mr, "Axial T2", &axial),
    ];
    fill_levels(&mut pack);
    for level in &mut pack.levels {
        level.certainty = LevelCertainty::Annotated;
    }
    pack
}

fn label(column: &str, value: &str, span: &str) -> Finding {
    let (side, rest) = match column.split_once('_') {
        Some(("left", rest)) => (Some(Side::Left), rest),
        Some(("right", rest)) => (Some(Side::Right), rest),
        _ => (None, column),
    };
    let (concept, level) = rest.split_at(rest.len() - 6);
    Finding {
        concept: concept.replace('_', "-"),
        level: level::parse_label(level.trim_matches('_')),
        level_certainty: LevelCertainty::Annotated,
        numbering_method: NumberingMethod::Reporter,
        side,
        grade: Some(Grade {
            scale: "rsna-2024-stenosis".into(),
            value: value.into(),
        }),
        measure: None,
        negated: false,
        span: span.into(),
        range: None,
    }
}

/// A study with one severe canal, one side worse, one label missing.
pub fn usual_study() -> EvidencePack {
    study(
        "study",
        &[
            ("spinal_canal_stenosis_l1_l2", "Normal/Mild"),
            ("spinal_canal_stenosis_l2_l3", ""),
            ("spinal_canal_stenosis_l3_l4", "Moderate"),
            ("spinal_canal_stenosis_l4_l5", "Severe"),
            ("spinal_canal_stenosis_l5_s1", "Normal/Mild"),
            ("left_subarticular_stenosis_l4_l5", "Moderate"),
            ("right_subarticular_stenosis_l4_l5", "Severe"),
        ],
    )
}

pub const PASSAGE_EN: &str = "Spondylolisthesis is the forward slip of one vertebra on the vertebra below it [1]. \
A foraminal herniation at L4/L5 compresses the exiting L4 root. \
Degenerative spondylolisthesis is most common at L4/L5. \
A midsagittal diameter of the bony canal of less than 10 mm is absolute stenosis, and one of 10 to 12 mm is relative stenosis. \
It is found in 4 to 30% of people.";

pub const PASSAGE_ZH: &str = "脊椎滑脱是指上位椎体相对于下位椎体向前移位。腰5/骶1旁中央型椎间盘突出压迫骶1神经根，表现为跟腱反射减弱。\
退行性腰椎滑脱最常见于腰4/5。腰椎管中央矢状径小于10 mm为绝对狭窄，10～12 mm为相对狭窄。";

pub const CAPTION: &str = "Sagittal T2-weighted MRI. Severe spinal canal stenosis at C5/C6; moderate spinal canal stenosis at C6/C7; no spinal canal stenosis at C3/C4.";

/// A caption that denies a finding at one level and names another in words of its own.
pub const CAPTION_ZH: &str =
    "矢状位T2加权磁共振图像。颈4/5节段重度椎管狭窄；颈2/3节段无狭窄，颈6/7椎间盘信号正常。";

/// Results of a pooled analysis, and the sentence elsewhere that defines its abbreviations.
pub fn pooled() -> EvidencePack {
    let text = "Nine trials of cervical myelopathy were pooled. Compared with LAMP, ADF was associated with an increase of the JOA score (MD = 1.86, 95% CI 0.43 to 3.29, P = .011, Fig. 3). There was no significant difference between the ADF and LAMP groups in terms of the blood loss (P = .21). The pooled prevalence of OPLL was 4.6%.";
    let defined = "Anterior decompression and fusion (ADF) and laminoplasty (LAMP) treat ossification of the posterior longitudinal ligament (OPLL) and raise the Japanese Orthopaedic Association (JOA) score.";
    let mut pack = passage("pooled", Language::En, text);
    pack.spans.push(span("s2", SpanRole::Definition, defined));
    pack
}

/// Every kind of pack, for tests over all.
pub fn packs() -> Vec<EvidencePack> {
    vec![
        usual_study(),
        passage("en", Language::En, PASSAGE_EN),
        passage("zh", Language::Zh, PASSAGE_ZH),
        figure("figure", Language::En, Modality::Mr, CAPTION),
        question(
            Language::En,
            "Which root does a foraminal disc herniation at L4/L5 compress?",
            &["L3", "L5", "S1", "L4"],
            3,
            "The L4 root is the exiting root at L4/L5.",
        ),
        question(
            Language::Zh,
            "成人脊髓末端通常位于哪一水平？",
            &["腰1/2", "腰4/5", "胸9/10", "腰5/骶1"],
            0,
            "成人脊髓圆锥通常终止于腰1/2椎间盘水平。",
        ),
        pooled(),
        figure("figure-zh", Language::Zh, Modality::Mr, CAPTION_ZH),
    ]
}

pub fn task(kind: Kind, language: Language, variant: u32) -> Task {
    Task {
        kind,
        language,
        variant,
    }
}

/// Every task of a few variants.
pub fn tasks() -> Vec<Task> {
    let mut tasks = Vec::new();
    for kind in Kind::ALL {
        for language in Language::ALL {
            tasks.extend((0..3).map(|variant| task(*kind, *language, variant)));
        }
    }
    tasks
}

pub fn draft(pack: &EvidencePack, task: &Task) -> Result<Draft, DropReason> {
    match Rules.draft(pack, task) {
        Ask::Answer(Outcome::Kept(mut drafts)) => Ok(drafts.remove(0)),
        Ask::Answer(Outcome::Dropped(reason)) => Err(reason),
        other => panic!("{other:?}"),
    }
}

pub fn revise(pack: &EvidencePack, draft: &Draft) -> Result<Revision, DropReason> {
    match Rules.revise(pack, draft) {
        Ask::Answer(Outcome::Kept(mut revisions)) => Ok(revisions.remove(0)),
        Ask::Answer(Outcome::Dropped(reason)) => Err(reason),
        other => panic!("{other:?}"),
    }
}

/// A revision that `rules` makes of a pack.
pub fn revision(pack: &EvidencePack, kind: Kind, language: Language, variant: u32) -> Revision {
    revise(pack, &draft(pack, &task(kind, language, variant)).unwrap()).unwrap()
}
