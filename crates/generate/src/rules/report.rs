//! Diagnostic reports with the six sections of the paper (arXiv 2510.03160). What the
//! evidence cannot fill says so.

use spinemed_core::clinical;
use spinemed_core::instance::{Claim, Draft, Item, ReportSections, Task};
use spinemed_core::pack::{EvidencePack, PackKind};
use spinemed_core::vocabulary::{Language, LevelCertainty};
use std::collections::BTreeSet;

use super::NotApplicable;
use super::case::{Case, case, other_levels, unread_sentence};
use super::point::Grounds;
use super::study;
use crate::general::{DISCLAIMER, SAFETY_NET, TALK, say};
use crate::phrase;
use crate::text::{capital, list};

/// The most pictures that a report shows.
const PICTURES: usize = 4;

/// A report of an imaging study or a clinical picture.
pub(crate) fn draft(pack: &EvidencePack, task: &Task) -> Result<Draft, NotApplicable> {
    if task.variant > 0 {
        return Err(NotApplicable("a pack carries one report"));
    }
    let language = task.language;
    let case = case(pack, language)?;
    if case.present.is_empty() && case.unremarkable.is_empty() {
        return Err(NotApplicable("the pack has no imaging fact"));
    }
    let unnamed = NotApplicable("a finding has no name in the language");
    let images = images(pack, &case);
    let told = told(pack, &case, language).ok_or(unnamed)?;
    let sections = ReportSections {
        imaging_findings: imaging(pack, &told, &case, &images, language),
        diagnosis: diagnosis(&told, language),
        treatment_patient: for_patient(&case, language),
        treatment_clinician: clinician(language),
        risk_prognosis: prognosis(language),
        postoperative: postoperative(language),
        basis: basis(pack, language),
    };
    let claims = told
        .present
        .into_iter()
        .chain(told.rest)
        .map(|(_, claim)| claim)
        .collect();
    Ok(Draft {
        task: task.clone(),
        item: Item::Report {
            request: request(pack, &images, language),
            sections: Box::new(sections),
        },
        claims,
        images,
    })
}

/// Sentences with their claims.
struct Told {
    present: Vec<(String, Claim)>,
    rest: Vec<(String, Claim)>,
}

fn told(pack: &EvidencePack, case: &Case, language: Language) -> Option<Told> {
    let stop = if language == Language::En { "." } else { "。" };
    let words = |(at, fact): &(usize, &spinemed_core::finding::Finding)| {
        let sentence = format!("{}{stop}", capital(&phrase::finding(fact, language)?));
        let claim = Grounds::of_facts(pack, [*at]).claim(&sentence);
        Some((sentence, claim))
    };
    let present = case.present.iter().map(words).collect::<Option<Vec<_>>>()?;
    let mut rest = case.absent.iter().map(words).collect::<Option<Vec<_>>>()?;
    for unremarkable in &case.unremarkable {
        let sentence = unremarkable.sentence(language)?;
        let facts = unremarkable.labels.iter().map(|g| g.at);
        let claim = Grounds::of_facts(pack, facts).claim(&sentence);
        rest.push((sentence, claim));
    }
    Some(Told { present, rest })
}

fn images(pack: &EvidencePack, case: &Case) -> Vec<usize> {
    if pack.kind == PackKind::Figure {
        return vec![0];
    }
    let mut images = BTreeSet::new();
    for (_, fact) in &case.present {
        images.extend(study::showing(pack, fact).next());
    }
    for unremarkable in &case.unremarkable {
        for label in &unremarkable.labels {
            images.extend(study::showing(pack, label.fact).next());
        }
    }
    let mut images: Vec<usize> = images.into_iter().collect();
    // Those with the most marks say the most.
    images.sort_by_key(|&image| (std::cmp::Reverse(pack.images[image].spans.len()), image));
    images.truncate(PICTURES);
    images.sort_unstable();
    images
}

fn request(pack: &EvidencePack, images: &[usize], language: Language) -> String {
    let exam = phrase::examination(pack.modality, language);
    let views = views(pack, images, language);
    match (language, views.is_empty()) {
        (Language::En, true) => format!(
            "Write a structured report of this {exam} study of the spine from its gradings."
        ),
        (Language::En, false) => format!(
            "Write a structured report of this {exam} study of the spine. Pictures: {views}."
        ),
        (Language::Zh, true) => format!("请根据分级结果为这份脊柱{exam}撰写结构化报告。"),
        (Language::Zh, false) => format!("请为这份脊柱{exam}撰写结构化报告。所附图像：{views}。"),
    }
}

fn views(pack: &EvidencePack, images: &[usize], language: Language) -> String {
    let mut views: Vec<String> = Vec::new();
    for view in images
        .iter()
        .filter_map(|&image| study::view(pack, image, language))
    {
        if !views.contains(&view) {
            views.push(view);
        }
    }
    list(&views, language == Language::Zh)
}

fn imaging(
    pack: &EvidencePack,
    told: &Told,
    case: &Case,
    images: &[usize],
    language: Language,
) -> String {
    let exam = phrase::examination(pack.modality, language);
    let zh = language == Language::Zh;
    let views = views(pack, images, language);
    let mut lines = vec![match (zh, views.is_empty()) {
        (true, true) => format!("检查：脊柱{exam}。"),
        (true, false) => format!("检查：脊柱{exam}（{views}）。"),
        (false, true) => format!("Examination: {exam} of the spine."),
        (false, false) => format!("Examination: {exam} of the spine ({views})."),
    }];
    lines.extend(
        told.present
            .iter()
            .chain(&told.rest)
            .map(|(line, _)| format!("- {line}")),
    );
    if !case.ungraded.is_empty() {
        let places = list(&case.ungraded, zh);
        lines.push(if zh {
            format!("- 未评级：{places}。未评级并不等于正常。")
        } else {
            format!("- Not graded: {places}. Not graded does not mean normal.")
        });
    }
    if pack.kind != PackKind::Study {
        let open = unread_sentence(case, language);
        let open = open.into_iter().chain([other_levels(language)]);
        lines.extend(open.map(|line| format!("- {line}")));
    }
    lines.join("\n")
}

fn diagnosis(told: &Told, language: Language) -> String {
    if told.present.is_empty() {
        let none = [
            "No moderate or severe grade was given at any graded level.",
            "已评级的节段中无中度或重度异常。",
        ];
        return say(none, language).to_owned();
    }
    let mut lines = vec![
        say(
            [
                "The evidence supports these imaging diagnoses:",
                "现有证据支持以下影像学诊断：",
            ],
            language,
        )
        .to_owned(),
    ];
    for (at, (line, _)) in told.present.iter().enumerate() {
        lines.push(format!("({}) {line}", at + 1));
    }
    lines.join("\n")
}

fn for_patient(case: &Case, language: Language) -> String {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for (_, fact) in &case.present {
        let gloss = clinical::concept(&fact.concept).map(|c| (c, c.gloss(language)));
        if let Some((concept, gloss)) = gloss.filter(|(c, _)| seen.insert(c.id)) {
            let name = capital(concept.name(language));
            lines.push(match language {
                Language::En => format!("{name}, in plain words: {}", crate::text::small(gloss)),
                Language::Zh => format!("{name}，通俗地说：{gloss}"),
            });
        }
    }
    let none = [
        "The evidence states no treatment.",
        "现有证据未说明治疗情况。",
    ];
    lines.push(say(none, language).to_owned());
    lines.push(say(TALK, language).to_owned());
    lines.join("\n")
}

fn clinician(language: Language) -> String {
    say(
        [
            "The evidence states no symptoms, no examination and no previous treatment. No treatment can be derived from the images alone; correlate with the clinical findings.",
            "现有证据未说明症状、查体及既往治疗情况，仅凭影像不能得出治疗方案，请结合临床。",
        ],
        language,
    )
    .to_owned()
}

fn prognosis(language: Language) -> String {
    let none = [
        "The evidence states no risk factors and no prognosis.",
        "现有证据未说明危险因素及预后。",
    ];
    let gap = if language == Language::En { " " } else { "" };
    format!("{}{gap}{}", say(none, language), say(SAFETY_NET, language))
}

fn postoperative(language: Language) -> String {
    let none = [
        "The evidence states no operation, so there are no postoperative problems to report.",
        "现有证据未提及手术，无术后问题可报告。",
    ];
    say(none, language).to_owned()
}

fn basis(pack: &EvidencePack, language: Language) -> String {
    let zh = language == Language::Zh;
    let source = match (pack.kind, zh) {
        (PackKind::Study, false) => {
            "Basis: the gradings of the imaging dataset, one label per finding, level and side."
        }
        (PackKind::Study, true) => "依据：影像数据集的分级标注，每个标注对应一个征象、节段和侧别。",
        (_, false) => "Basis: the published description of the image.",
        (_, true) => "依据：该图像已发表的文字说明。",
    };
    let annotated = pack
        .levels
        .iter()
        .all(|level| level.certainty == LevelCertainty::Annotated);
    let certainty = match (annotated, zh) {
        (true, false) => "The levels were marked on the images by the dataset's annotators.",
        (true, true) => "节段由数据集标注者在图像上标定。",
        (false, false) => {
            "The levels are as stated in words; no counting of vertebrae is documented."
        }
        (false, true) => "节段以文字说明为准，未记录椎体计数方法。",
    };
    let gap = if zh { "" } else { " " };
    format!("{source}{gap}{certainty}\n{}", say(DISCLAIMER, language))
}
