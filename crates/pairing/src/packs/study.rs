//! One pack per labelled study.

use std::collections::BTreeMap;

use spinemed_core::clinical;
use spinemed_core::finding::Finding;
use spinemed_core::ids::PackKey;
use spinemed_core::licence::Terms;
use spinemed_core::pack::{EvidencePack, PackImage, PackKind, Span, SpanRole};
use spinemed_core::source::Manifest;
use spinemed_core::study::{Study, StudyImage};

use super::{blank, evidence};

/// The pack of a study: its label cells, facts, blanks and pictures. None where the study has
/// neither labels nor pictures.
pub(crate) fn of_study(study: &Study, manifest: &Manifest, terms: &Terms) -> Vec<EvidencePack> {
    if study.labels.is_empty() && study.images.is_empty() {
        return Vec::new();
    }
    let mut pack = blank(
        &study.id,
        &study.patient,
        PackKind::Study,
        manifest,
        terms,
        manifest.language,
    );
    pack.key = PackKey::new(format!("{}/study", study.id));
    pack.title = Some(study.id.to_string());
    pack.spans = study
        .labels
        .iter()
        .map(|label| Span {
            id: label.id.clone(),
            role: SpanRole::Label,
            text: label.text.clone(),
            place: label.place.clone(),
        })
        .collect();
    pack.images = study
        .images
        .iter()
        .map(|image| picture(study, image))
        .collect();
    pack.facts = study.findings.clone();
    pack.missing = study.missing.clone();
    pack.modality = study.modality;
    pack.condition = condition(&study.findings);
    let mut levels = evidence::Levels::new();
    evidence::of_facts(&mut levels, &pack.facts);
    pack.levels = evidence::in_order(levels);
    vec![pack]
}

fn picture(study: &Study, image: &StudyImage) -> PackImage {
    let described = image
        .series_description
        .as_deref()
        .and_then(clinical::modality);
    PackImage {
        media: image.media.clone(),
        place: image.place.clone(),
        modality: described.unwrap_or(study.modality),
        title: image.series_description.clone(),
        spans: image.shows.clone(),
        panel: None,
    }
}

/// The finding that most labels say is there; the first by name of equals. A label that grades
/// a finding as normal does not say that it is there.
fn condition(findings: &[Finding]) -> Option<String> {
    let mut times: BTreeMap<&str, u32> = BTreeMap::new();
    for finding in findings.iter().filter(|f| !f.negated && !graded_normal(f)) {
        *times.entry(&finding.concept).or_default() += 1;
    }
    let most = times
        .iter()
        .max_by_key(|&(concept, times)| (*times, std::cmp::Reverse(*concept)));
    most.map(|(concept, _)| (*concept).to_owned())
}

fn graded_normal(finding: &Finding) -> bool {
    finding
        .grade
        .as_ref()
        .is_some_and(|g| g.value.to_lowercase().starts_with("normal"))
}
