//! One pack per case of a patient: cleaned texts, labels, pictures, chart.

use std::collections::BTreeMap;

use spinemed_core::case::{Case, CasePart};
use spinemed_core::clinical;
use spinemed_core::finding::Finding;
use spinemed_core::ids::PackKey;
use spinemed_core::licence::Terms;
use spinemed_core::pack::{Chart, EvidencePack, PackImage, PackKind, Span, SpanRole};
use spinemed_core::source::Manifest;
use spinemed_core::study::StudyImage;

use super::{blank, evidence};

/// The pack of a case. All cases of one patient share a group, so that no split parts them.
/// None where the case has neither text nor labels nor pictures.
pub(crate) fn of_case(case: &Case, manifest: &Manifest, terms: &Terms) -> Vec<EvidencePack> {
    if case.texts.is_empty() && case.labels.is_empty() && case.images.is_empty() {
        return Vec::new();
    }
    let mut pack = blank(
        &case.id,
        &case.patient,
        PackKind::Case,
        manifest,
        terms,
        case.language,
    );
    pack.key = PackKey::new(format!("{}/case", case.id));
    // A title that names the case would be one more name of a patient.
    pack.title = Some("Case".to_owned());
    pack.spans = spans(case);
    pack.images = case
        .images
        .iter()
        .map(|image| picture(case, image))
        .collect();
    pack.facts = facts(case);
    pack.modality = case.modality;
    pack.condition = condition(case);
    pack.levels = evidence::in_order(levels(case, &pack.facts));
    pack.chart = Some(Box::new(chart(case)));
    vec![pack]
}

/// Texts first, then labels, each under its own id.
fn spans(case: &Case) -> Vec<Span> {
    let texts = case.texts.iter().map(|text| Span {
        id: text.id.clone(),
        role: SpanRole::Record,
        text: text.text.clone(),
        place: text.place.clone(),
    });
    let labels = case.labels.iter().map(|label| Span {
        id: label.id.clone(),
        role: SpanRole::Label,
        text: label.text.clone(),
        place: label.place.clone(),
    });
    texts.chain(labels).collect()
}

fn picture(case: &Case, image: &StudyImage) -> PackImage {
    let described = image
        .series_description
        .as_deref()
        .and_then(clinical::modality);
    PackImage {
        media: image.media.clone(),
        place: image.place.clone(),
        modality: described.unwrap_or(case.modality),
        title: image.series_description.clone(),
        spans: image.shows.clone(),
        panel: None,
    }
}

fn chart(case: &Case) -> Chart {
    let parts = case
        .texts
        .iter()
        .map(|text| (text.id.clone(), text.part))
        .collect::<BTreeMap<String, CasePart>>();
    Chart {
        age: Some(case.age),
        sex: Some(case.sex),
        site: Some(case.site.clone()),
        person: Some(case.person.clone()),
        symptoms: case.symptoms.clone(),
        diagnoses: case.diagnoses.clone(),
        treatments: case.treatments.clone(),
        parts,
        dates: (case.texts.iter())
            .filter_map(|text| Some((text.id.clone(), text.date?)))
            .collect(),
    }
}

/// The main diagnosis is the first.
fn condition(case: &Case) -> Option<String> {
    case.diagnoses
        .first()
        .map(|diagnosis| diagnosis.what.concept.clone())
}

/// Coded findings, then those that imaging reports state and that neither repeat nor
/// contradict a coded one. Where words and codes disagree the code stands: it was entered as a
/// fact, the words were only read.
fn facts(case: &Case) -> Vec<Finding> {
    let mut facts = case.findings.clone();
    let imaging = case
        .texts
        .iter()
        .filter(|text| matches!(text.part, CasePart::Imaging | CasePart::Impression));
    for text in imaging {
        for fact in clinical::facts(&text.text, &text.id) {
            if !facts.iter().any(|other| same_matter(other, &fact)) {
                facts.push(fact);
            }
        }
    }
    facts
}

/// Whether two facts speak of one matter: the same finding, at places and on sides that are
/// the same or not both told. A second statement on it repeats or contradicts the first.
fn same_matter(one: &Finding, other: &Finding) -> bool {
    let place = match (one.level, other.level) {
        (Some(a), Some(b)) => a == b || a.covers(&b) || b.covers(&a),
        _ => true,
    };
    let side = match (one.side, other.side) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    one.concept == other.concept && place && side
}

/// Levels of facts, diagnoses and treatments, and those that texts name.
fn levels(case: &Case, facts: &[Finding]) -> evidence::Levels {
    let mut levels = evidence::Levels::new();
    evidence::of_facts(&mut levels, facts);
    for label in &case.labels {
        evidence::stated(&mut levels, &label.text);
    }
    for text in &case.texts {
        evidence::stated(&mut levels, &text.text);
    }
    levels
}
